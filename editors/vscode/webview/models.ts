/** The page of models: a filter, a table of which only what is in sight is drawn, and beside it the details or a comparison. */

import type { FromModels, ModelRow, ToModels } from "../src/views/modelMessages";
import { details } from "./models/details";
import { grid } from "./models/grid";
import { filtered, nextOrder, type Order, searchable, sorted, toggled } from "./models/table";
import { h, set } from "./shared/dom";
import { onMessage, post, text } from "./shared/host";

const tell = post<FromModels>;

let all: ModelRow[] = [];
let texts = new Map<string, string>();
let inOrder: ModelRow[] = [];
let order: Order | undefined;
let current: string | undefined;
let active: string | undefined;
let compared: string[] = [];

const filter = h("input", {
  type: "search",
  id: "filter",
  "aria-label": text("filter"),
  placeholder: text("filter"),
  input: typed,
  keydown: onKey,
});
const count = h("span", { role: "status", class: "quiet" });
const hidden = h("input", { type: "checkbox", id: "hidden", change: () => list(false) });
const hiddenLabel = h("label", { for: "hidden" });
const refresh = h("button", { type: "button", class: "secondary", click: () => list(true) }, text("refresh"));
const note = h("p", { class: "note", role: "alert" });

const table = grid({
  onSort: (column) => {
    order = nextOrder(order, column);
    inOrder = sorted(all, order);
    typed();
  },
  onActive: (key) => {
    active = key;
    pane.show(rowOf(key), rowsOf(compared));
  },
  onUse: use,
  onFavourite: favourite,
  onCompare: compare,
  onCopy: copy,
});
const pane = details({
  onUse: use,
  onFavourite: favourite,
  onCompare: compare,
  onCopy: copy,
  onClear: () => setCompared([]),
});

function rowOf(key: string | undefined): ModelRow | undefined {
  return all.find((row) => row.key === key);
}

function rowsOf(ids: string[]): ModelRow[] {
  return ids.map(rowOf).filter((row) => row !== undefined);
}

function use(key: string): void {
  tell({ type: "use", key });
}

function copy(key: string): void {
  tell({ type: "copy", key });
}

function favourite(key: string): void {
  const row = rowOf(key);
  if (row) tell({ type: "favourite", key, favourite: !row.favourite });
}

function compare(key: string): void {
  setCompared(toggled(compared, key));
}

function setCompared(ids: string[]): void {
  compared = ids;
  table.mark(current, compared);
  table.draw();
  pane.show(rowOf(active), rowsOf(compared));
}

function list(again: boolean): void {
  note.textContent = again ? text("loading") : "";
  tell({ type: "list", hidden: hidden.checked, refresh: again });
}

/** Arrows go from the filter into the table, so that a model is found and used without leaving the keyboard. */
function onKey(event: Event): void {
  if ((event as KeyboardEvent).key !== "ArrowDown") return;
  event.preventDefault();
  table.focus();
}

function visible(): ModelRow[] {
  const rows = filtered(inOrder, texts, filter.value);
  count.textContent = text("count", rows.length, all.length);
  return rows;
}

/** Another filter or order begins at the top. */
function typed(): void {
  const rows = visible();
  active = rows[0]?.key;
  table.show(rows, order, active);
  table.toTop();
  pane.show(rows[0], rowsOf(compared));
}

/** Another list leaves the eye where it was. */
function show(): void {
  const rows = visible();
  if (!rows.some(({ key }) => key === active)) active = rows[0]?.key;
  table.show(rows, order, active);
  table.activate(active);
}

onMessage<ToModels>((message) => {
  if (message.type === "failed") {
    note.textContent = message.message;
    return;
  }
  all = message.rows;
  texts = new Map(all.map((row) => [row.key, searchable(row)]));
  inOrder = sorted(all, order);
  active ??= message.current;
  current = message.current;
  compared = compared.filter((key) => rowOf(key));
  note.textContent = message.note ?? "";
  hiddenLabel.textContent = text("showHidden", message.hiddenCount);
  const nothing = message.hiddenCount === 0 && !hidden.checked;
  set(hidden, { hidden: nothing });
  set(hiddenLabel, { hidden: nothing });
  table.scale(Math.max(0, ...all.map(({ dollars }) => dollars ?? 0)));
  table.mark(current, compared);
  show();
});

const page = document.getElementById("page");
page?.classList.add("models");
page?.append(
  h(
    "div",
    { class: "bar" },
    h("h1", {}, text("title")),
    filter,
    count,
    h("span", { class: "check" }, hidden, hiddenLabel),
    refresh,
  ),
  note,
  h("div", { class: "split" }, table.element, pane.element),
);
filter.focus();
tell({ type: "ready" });
