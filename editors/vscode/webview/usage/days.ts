/** The days of a span side by side, each a column of its models; a click on one looks at it alone. */

import type { DayUsage, Measure } from "../../src/views/usageMessages";
import { h, set } from "../shared/dom";
import { text } from "../shared/host";
import { colour } from "./chart";

/** Most names under the columns: more would not fit side by side. */
const NAMES = 5;

/** `choose` is told of another day, or of none where the chosen one is clicked again. */
export function columns(
  days: DayUsage[],
  measure: Measure,
  chosen: string | undefined,
  choose: (date: string | undefined) => void,
): HTMLElement[] {
  const heights = days.map(({ measures }) => measures[measure].reduce((sum, value) => sum + value, 0));
  const highest = Math.max(...heights);
  const every = Math.ceil(days.length / NAMES);
  const buttons = days.map(({ date, name, words, measures }, index) => {
    const column = h(
      "span",
      { class: "column" },
      ...measures[measure].map((value, model) => part(value, highest, model)),
    );
    const told = text("day", name, words[measure]);
    // From the last day back, so that today has its name.
    const isNamed = (days.length - 1 - index) % every === 0;
    return h(
      "button",
      {
        ...{ type: "button", class: `day${chosen === undefined || chosen === date ? "" : " other"}` },
        ...{ title: told, "aria-label": told, "aria-pressed": String(chosen === date), tabindex: -1 },
        click: () => choose(chosen === date ? undefined : date),
        keydown: (event) => move(event as KeyboardEvent, index),
      },
      column,
      h("span", { class: "hint" }, isNamed ? name : ""),
    );
  });
  const at = days.findIndex(({ date }) => date === chosen);
  // One stop for the Tab key, arrows between them.
  const stop = buttons.at(at);
  if (stop) set(stop, { tabindex: 0 });

  function move(event: KeyboardEvent, index: number): void {
    const moves: Record<string, number> = {
      ArrowLeft: index - 1,
      ArrowRight: index + 1,
      Home: 0,
      End: days.length - 1,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[Math.min(Math.max(to, 0), days.length - 1)]?.focus();
  }
  return buttons;
}

function part(value: number, highest: number, model: number): HTMLElement {
  const element = h("span", { class: colour(model), hidden: value === 0 });
  element.style.height = `${highest > 0 ? (value / highest) * 100 : 0}%`;
  return element;
}
