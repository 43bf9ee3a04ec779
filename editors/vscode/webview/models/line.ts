/** One row of the table, which shows one model after another: elements are made once and filled anew. */

import type { ModelRow } from "../../src/views/modelMessages";
import { h, icon, set } from "../shared/dom";
import { text } from "../shared/host";
import { barLength, whyGrey } from "./table";

/** What a row shows beside its model. */
export interface Look {
  index: number;
  top: number;
  active: boolean;
  current: boolean;
  compared: boolean;
  dearest: number;
}

export interface Line {
  element: HTMLElement;
  fill(row: ModelRow, look: Look): void;
}

export function line(onClick: (key: string) => void, onDoubleClick: (key: string) => void): Line {
  let key = "";
  const star = icon("star", "on");
  const favourite = h("span", { class: "unseen" }, text("favourite"));
  const name = h("span", { class: "name" });
  const server = h("span", { class: "server" });
  /** Stands in for the column of notes, which not every width has room for. */
  const grey = h("span", { class: "grey" });
  const badge = h(
    "span",
    { class: "inuse", title: text("current") },
    icon("ok"),
    h("span", { class: "unseen" }, text("current")),
  );
  const filled = h("span", { class: "filled" });
  const bar = h("span", { class: "pricebar", "aria-hidden": "true" }, filled);
  const price = h("span");
  const cell = (column: string) => h("div", { role: "gridcell", class: column });
  const [vendor, context, output] = [cell("vendor"), cell("context"), cell("output")];
  const [abilities, notice] = [cell("abilities"), cell("notice")];
  const element = h(
    "div",
    { role: "row", click: () => onClick(key), dblclick: () => onDoubleClick(key) },
    // The one in use has its sign where others have their star: beside its name it would cut that.
    h("div", { role: "gridcell", class: "mark" }, star, favourite, badge),
    h("div", { role: "gridcell", class: "model" }, name, grey, server),
    ...[vendor, context, output],
    h("div", { role: "gridcell", class: "price" }, price, bar),
    ...[abilities, notice],
  );

  function fill(row: ModelRow, { index, top, active, current, compared, dearest }: Look): void {
    key = row.key;
    grey.textContent = whyGrey(row, text("retired"));
    const faded = grey.textContent !== "";
    element.className = `row${active ? " active" : ""}${compared ? " compared" : ""}${faded ? " faded" : ""}`;
    set(element, { id: `row-${index}`, "aria-rowindex": index + 2, "aria-selected": active ? "true" : "false" });
    element.style.transform = `translateY(${top}px)`;
    set(star, { hidden: !row.favourite || current });
    set(favourite, { hidden: !row.favourite });
    name.textContent = row.name;
    set(name, { title: row.name });
    server.textContent = row.server ?? "";
    set(server, { hidden: !row.isOther });
    set(badge, { hidden: !current });
    vendor.textContent = row.vendor;
    context.textContent = row.context;
    output.textContent = row.output;
    price.textContent = row.price;
    set(bar, { hidden: !row.dollars });
    filled.style.width = `${barLength(row.dollars, dearest) * 100}%`;
    for (const part of [context, output, price]) part.classList.toggle("quiet", part.textContent === text("unknown"));
    abilities.textContent = row.abilities.join(" ");
    notice.textContent = row.hidden ?? row.notice ?? "";
  }

  return { element, fill };
}
