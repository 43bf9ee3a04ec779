/** The days of a span side by side, each a column of its models. */

import type { DayUsage, Measure } from "../../src/views/usageMessages";
import { h } from "../shared/dom";
import { colour } from "./chart";

/** Most names under the columns: more would not fit side by side. */
const NAMES = 5;

export function columns(days: DayUsage[], measure: Measure): HTMLElement[] {
  const heights = days.map(({ measures }) => measures[measure].reduce((sum, value) => sum + value, 0));
  const highest = Math.max(...heights);
  const every = Math.ceil(days.length / NAMES);
  return days.map(({ name, measures }, index) => {
    const column = h(
      "div",
      { class: "column" },
      ...measures[measure].map((value, model) => part(value, highest, model)),
    );
    // From the last day back, so that today has its name.
    const isNamed = (days.length - 1 - index) % every === 0;
    return h("div", { class: "day", title: name }, column, h("span", { class: "hint" }, isNamed ? name : ""));
  });
}

function part(value: number, highest: number, model: number): HTMLElement {
  const element = h("span", { class: colour(model), hidden: value === 0 });
  element.style.height = `${highest > 0 ? (value / highest) * 100 : 0}%`;
  return element;
}
