/** Sorting, filtering and the part of a long table that is drawn: plain functions of rows. */

import type { ModelRow } from "../../src/views/modelMessages";

export type Column = "model" | "vendor" | "context" | "output" | "price" | "abilities" | "notice";

export interface Order {
  column: Column;
  descending: boolean;
}

/** What a row is sorted by: undefined is last, in both directions. */
const BY: Record<Column, (row: ModelRow) => string | number | undefined> = {
  model: ({ name }) => name.toLowerCase(),
  vendor: ({ vendor }) => vendor,
  context: ({ contextTokens }) => contextTokens,
  output: ({ outputTokens }) => outputTokens,
  price: ({ dollars }) => dollars,
  abilities: ({ abilities }) => abilities.length,
  notice: ({ notice }) => notice?.match(/\d{4}-\d\d-\d\d/)?.[0] ?? notice,
};

/** Sizes and abilities are looked at from above first, all else from below. */
const FROM_ABOVE: Column[] = ["context", "output", "abilities"];

/** What a click on a column's head does: this way, the other way, the server's own order again. */
export function nextOrder(order: Order | undefined, column: Column): Order | undefined {
  const first = FROM_ABOVE.includes(column);
  if (order?.column !== column) return { column, descending: first };
  return order.descending === first ? { column, descending: !first } : undefined;
}

export function sorted(rows: ModelRow[], order: Order | undefined): ModelRow[] {
  if (!order) return rows;
  const by = BY[order.column];
  const sign = order.descending ? -1 : 1;
  return rows
    .map((row) => ({ row, key: by(row) }))
    .sort((a, b) => {
      if (a.key === b.key) return 0;
      if (a.key === undefined) return 1;
      if (b.key === undefined) return -1;
      return a.key < b.key ? -sign : sign;
    })
    .map(({ row }) => row);
}

/** What a row is searched in: made once, for a key that is pressed has no time for it. */
export function searchable(row: ModelRow): string {
  const { name, server, vendor, abilities, terms, notice, backends, hidden, description } = row;
  return [name, server, vendor, ...abilities, ...terms, notice, ...backends, hidden, description]
    .join("\n")
    .toLowerCase();
}

/** The rows that have each of these words somewhere. */
export function filtered(rows: ModelRow[], texts: Map<string, string>, words: string): ModelRow[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (!wanted.length) return rows;
  return rows.filter(({ key }) => wanted.every((word) => texts.get(key)?.includes(word)));
}

/** Which rows are drawn: those in sight, and some above and below. */
export function drawn(top: number, height: number, row: number, count: number): { from: number; to: number } {
  const spare = 8;
  const from = Math.max(0, Math.floor(top / row) - spare);
  return { from, to: Math.min(count, Math.ceil((top + height) / row) + spare) };
}

/** The length of a price's bar, from 0 to 1: its share of the dearest. */
export function barLength(dollars: number | undefined, dearest: number): number {
  return dollars === undefined || dearest <= 0 ? 0 : dollars / dearest;
}

/** Why a row is grey, in a word or two; nothing where it is not. */
export function whyGrey({ hidden, retired }: ModelRow, retiredWord: string): string {
  return hidden ?? (retired ? retiredWord : "");
}

/** The models of a comparison with one more or one less: three at most, the oldest goes. */
export function toggled(compared: string[], key: string): string[] {
  if (compared.includes(key)) return compared.filter((other) => other !== key);
  return [...compared, key].slice(-3);
}
