/** The table of models. Of thousands of rows only those in sight are elements. */

import type { ModelRow } from "../../src/views/modelMessages";
import { h, set } from "../shared/dom";
import { text } from "../shared/host";
import { type Line, line } from "./line";
import { type Column, drawn, type Order } from "./table";

/** The height of a row in CSS pixels, as in the style. */
const ROW = 30;

const COLUMNS: Column[] = ["model", "vendor", "context", "output", "price", "abilities", "notice"];

export interface GridListener {
  onSort(column: Column): void;
  onActive(key: string): void;
  onUse(key: string): void;
  onFavourite(key: string): void;
  onCompare(key: string): void;
  onCopy(key: string): void;
}

export function grid(listener: GridListener) {
  let rows: ModelRow[] = [];
  let active: string | undefined;
  let current: string | undefined;
  let compared: string[] = [];
  let dearest = 0;
  let waiting = false;
  const lines: Line[] = [];
  /** As last measured: to ask for it amid changes would lay the page out anew each time. */
  let height = 600;

  const heads = new Map(COLUMNS.map((column) => [column, head(column)]));
  const header = h("div", { role: "row", class: "row head", "aria-rowindex": 1 }, mark(), ...heads.values());
  const body = h("div", { role: "rowgroup", class: "rows" });
  const empty = h("p", { class: "hint", hidden: true }, text("none"));
  const element = h(
    "div",
    {
      role: "grid",
      class: "grid",
      tabindex: 0,
      "aria-label": text("title"),
      "aria-describedby": "keys",
      keydown: onKey,
      scroll: later,
    },
    h("div", { role: "rowgroup", class: "heads" }, header),
    body,
  );
  const keys = h("p", { id: "keys", class: "hint keys" }, text("keys"));
  new ResizeObserver(([box]) => {
    height = box?.contentRect.height ?? height;
    later();
  }).observe(element);

  function mark(): HTMLElement {
    return h("div", { role: "columnheader", class: "mark" }, h("span", { class: "unseen" }, text("favourite")));
  }

  function head(column: Column): HTMLElement {
    const sort = h("button", { type: "button", class: "sort", click: () => listener.onSort(column) }, text(column));
    return h("div", { role: "columnheader", class: column }, sort);
  }

  /** At most one drawing a frame, however fast it scrolls. */
  function later(): void {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      draw();
    });
  }

  function draw(top = element.scrollTop): void {
    const { from, to } = drawn(top, height, ROW, rows.length);
    body.style.height = `${rows.length * ROW}px`;
    while (lines.length < to - from) lines.push(line(activate, listener.onUse));
    const shown = lines.slice(0, to - from);
    for (const [offset, { fill }] of shown.entries()) {
      const index = from + offset;
      const row = rows[index];
      if (!row) continue;
      const look = { active: row.key === active, current: row.key === current, compared: compared.includes(row.key) };
      fill(row, { index, top: index * ROW, dearest, ...look });
    }
    if (body.childElementCount !== shown.length) body.replaceChildren(...shown.map(({ element }) => element));
    const index = rows.findIndex(({ key }) => key === active);
    set(element, { "aria-activedescendant": index >= from && index < to && `row-${index}` });
  }

  function activate(key: string | undefined): void {
    active = key;
    const index = rows.findIndex((row) => row.key === key);
    body.style.height = `${rows.length * ROW}px`;
    if (index >= 0) {
      const top = index * ROW;
      // The head stays above the rows, and is as high as one.
      const room = height - 2 * ROW;
      const now = element.scrollTop;
      if (top < now || top > now + room) element.scrollTop = top < now ? top : top - room;
    }
    draw();
    if (key !== undefined) listener.onActive(key);
  }

  function onKey(event: Event): void {
    // The heads of the columns have keys of their own.
    if (event.target !== event.currentTarget) return;
    const { key, ctrlKey, metaKey } = event as KeyboardEvent;
    const index = rows.findIndex(({ key }) => key === active);
    const page = Math.max(1, Math.floor(height / ROW) - 2);
    const moves: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: rows.length - 1,
    };
    const command = ctrlKey || metaKey;
    const to = moves[key];
    if (to !== undefined && rows.length) activate(rows[Math.min(Math.max(to, 0), rows.length - 1)]?.key);
    else if (active === undefined) return;
    else if (key === "Enter") listener.onUse(active);
    else if (key === "f" && !command) listener.onFavourite(active);
    else if (key === "c" && !command) listener.onCompare(active);
    else if (key === "c" && command && String(getSelection()) === "") listener.onCopy(active);
    else return;
    event.preventDefault();
  }

  return {
    element: h("div", { class: "gridbox" }, element, empty, keys),
    show(shown: ModelRow[], order: Order | undefined, key: string | undefined): void {
      rows = shown;
      active = key;
      set(empty, { hidden: rows.length > 0 });
      set(element, { "aria-rowcount": rows.length + 1 });
      for (const [column, head] of heads) {
        const sort = order?.column === column ? (order.descending ? "descending" : "ascending") : undefined;
        set(head, { "aria-sort": sort });
      }
    },
    mark(inUse: string | undefined, ids: string[]): void {
      current = inUse;
      compared = ids;
    },
    draw,
    /** Shows the beginning, at once. */
    toTop(): void {
      element.scrollTop = 0;
      draw(0);
    },
    scale(dollars: number): void {
      dearest = dollars;
    },
    activate,
    focus: () => element.focus(),
  };
}
