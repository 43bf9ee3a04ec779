/** Beside the table: the model that is looked at, or up to three side by side. */

import type { ModelRow } from "../../src/views/modelMessages";
import { h } from "../shared/dom";
import { text } from "../shared/host";

export interface DetailsListener {
  onUse(key: string): void;
  onFavourite(key: string): void;
  onCompare(key: string): void;
  onCopy(key: string): void;
  onClear(): void;
}

/** Several in one line, as the language of the page writes them. */
const listed = (all: string[]) =>
  new Intl.ListFormat(document.documentElement.lang, { style: "narrow", type: "conjunction" }).format(all);

/** What there is to say of a model, in order; a line that no shown model has is left out. */
const LINES: [string, (row: ModelRow) => string | undefined][] = [
  ["server", ({ server }) => server],
  ["vendor", ({ vendor }) => vendor],
  ["context", ({ context }) => context],
  ["output", ({ output }) => output],
  ["perMillion", ({ price }) => price],
  ["morePrices", ({ morePrices }) => listed(morePrices)],
  ["abilities", ({ abilities }) => listed(abilities)],
  ["notice", ({ notice }) => notice],
  ["hidden", ({ hidden }) => hidden],
  ["lastUsed", ({ lastUsed }) => lastUsed],
  ["backends", ({ backends }) => listed(backends)],
  ["description", ({ description }) => description],
];

export function details(listener: DetailsListener) {
  const element = h("aside", { class: "pane", "aria-label": text("details") });

  function one(row: ModelRow, compared: boolean): Node[] {
    const facts = LINES.map(([name, of]) => [name, of(row)] as const).filter(([, value]) => value);
    const shown: (Node | false)[] = [
      h("h2", {}, row.name),
      h("dl", {}, ...facts.flatMap(([name, value]) => [h("dt", {}, text(name)), h("dd", {}, value ?? "")])),
      h("div", { class: "buttons" }, ...buttons(row, compared)),
      facts.some(([, value]) => value?.includes("~")) && h("p", { class: "hint" }, text("guess")),
    ];
    return shown.filter((node) => node !== false);
  }

  function buttons(row: ModelRow, compared: boolean): HTMLElement[] {
    const { key } = row;
    const button = (name: string, click: () => void, primary = false) =>
      h("button", { type: "button", class: primary ? "" : "secondary", click }, text(name));
    const copy = button("copy", () => {
      listener.onCopy(key);
      copy.textContent = text("copied");
    });
    return [
      ...(row.hidden === undefined ? [button("use", () => listener.onUse(key), true)] : []),
      button(row.favourite ? "noFavourite" : "makeFavourite", () => listener.onFavourite(key)),
      button(compared ? "compared" : "compare", () => listener.onCompare(key)),
      copy,
    ];
  }

  function several(rows: ModelRow[]): Node[] {
    const lines = LINES.filter(([, of]) => rows.some((row) => of(row)));
    const head = h("tr", {}, h("td", {}), ...rows.map(({ name }) => h("th", { scope: "col" }, name)));
    const line = ([name, of]: (typeof LINES)[number]) => {
      const values = rows.map((row) => of(row) || "–");
      const differ = new Set(values).size > 1;
      return h(
        "tr",
        { class: differ && "differs" },
        h("th", { scope: "row" }, text(name)),
        ...values.map((value) => h("td", {}, value)),
      );
    };
    return [
      h("h2", {}, text("comparison")),
      h(
        "div",
        { class: "sideways", tabindex: 0, role: "region", "aria-label": text("comparison") },
        h("table", {}, h("thead", {}, head), h("tbody", {}, ...lines.map(line))),
      ),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", class: "secondary", click: () => listener.onClear() }, text("clear")),
      ),
    ];
  }

  return {
    element,
    show(active: ModelRow | undefined, compared: ModelRow[]): void {
      element.classList.toggle("comparing", compared.length > 1);
      const looked = active ? one(active, compared.includes(active)) : [];
      element.replaceChildren(...(compared.length > 1 ? several(compared) : []), ...looked);
    },
  };
}
