/** Amounts, and texts of others, as people read them. */

import { l10n } from "vscode";
import type { Model, Usage } from "./protocol";
import type { Place } from "./tracked";

/** Most characters of a foreign text in a message or a row. */
const LONGEST = 500;

/**
 * What is not there to be seen, or changes how the rest is seen, by first and last code: the server's own rule
 * (`src/plain.rs`).
 */
const UNSEEN: readonly [number, number][] = [
  [0x0000, 0x0008],
  [0x000b, 0x001f],
  [0x007f, 0x009f],
  [0x00ad, 0x00ad],
  [0x034f, 0x034f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x2800, 0x2800],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];

/** What a family, a flag or a red heart is built of, and these are built with nothing else. */
const JOINS = /[\u200d\ufe0f]/;
const PICTURED = /[0-9]|[^\0-\u203b\p{Alphabetic}\p{N}]/u;

const BREAKS = /[\u2028\u2029]/;

/**
 * What stays as it is needs no look at each character: thousands of rows have no time for it. Letters of Europe and
 * China, signs, and single blanks between them; no `](`, which would make a link.
 */
const SUSPECT = /[^\x20-\x7e\xa1-\xac\xae-\u034e\u2010-\u2027\u3001-\u303f\u4e00-\u9fff\uff01-\uff5e]|^ | $| {2}|\]\(/;

function isUnseen(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return UNSEEN.some(([first, last]) => code >= first && code <= last);
}

/** A foreign text on one line, without what would not be seen. */
function seen(text: string): string {
  let shown = "";
  let last = "";
  for (const character of text) {
    const isSeen = JOINS.test(character) ? PICTURED.test(last) : !isUnseen(character);
    if (isSeen) shown += last = character;
    else if (BREAKS.test(character)) shown += last = " ";
  }
  return shown.replace(/\s+/g, " ").trim();
}

/**
 * A text of a proxy, a model or a file on one line of a message. VS Code turns `[text](command:…)` in messages into a
 * button that runs the command, so no text that is not ours may form such a link.
 */
export function plain(text: string): string {
  const line = SUSPECT.test(text) ? seen(text).replace(/\]\(/g, "] (") : text;
  return line.length > LONGEST ? `${[...line].slice(0, LONGEST).join("")}…` : line;
}

/** A foreign text in the rows and items that turn `$(name)` into icons. */
export function label(text: string): string {
  return plain(text).replace(/\$\(/g, "\\$(");
}

/** The most letters of a name that others need room beside. */
const MOST = 40;

/** A name with room for others beside it: a long one loses its middle, for its ends tell it from others. */
export function short(name: string): string {
  const letters = [...plain(name)];
  const half = MOST / 2;
  const isLong = letters.length > MOST;
  return label(isLong ? `${letters.slice(0, half).join("")}…${letters.slice(1 - half).join("")}` : name);
}

/** A foreign text within Markdown: shown as it is written. */
export function markdown(text: string): string {
  return plain(text).replace(/[\\`*_{}[\]()#+!|<>~$&]/g, "\\$&");
}

/** The name of a file, which is a text of whoever made it. */
export function fileName({ path }: { path: string }): string {
  return plain(path.split("/").at(-1) ?? "");
}

/** The last line that a range has a part of, counted from 1: where it ends before the first letter of one, the line before. */
export function lastLine({ start, end }: Place["range"]): number {
  return Math.max(end.line + (end.character > 0 ? 1 : 0), start.line + 1);
}

/** A place in a file: `notes.md:3–5`; all of it is its name alone. */
export function placeName({ document, range }: Place): string {
  const file = fileName(document.uri);
  const [first, last] = [range.start.line + 1, lastLine(range)];
  if (first === 1 && range.end.line >= document.lineCount - 1) return file;
  return `${file}:${first}${last > first ? `–${last}` : ""}`;
}

/** `200k`, `1.05M`. */
export function tokens(count: number): string {
  const scaled = (unit: number, letter: string) => `${Number((count / unit).toFixed(2))}${letter}`;
  if (count >= 1_000_000) return scaled(1_000_000, "M");
  if (count >= 10_000) return `${Math.floor(count / 1_000)}k`;
  return count >= 1_000 ? scaled(1_000, "k") : String(count);
}

/** USD, with as many digits as it needs. */
export function money(amount: number): string {
  return `$${amount === 0 || amount >= 0.01 ? amount.toFixed(2) : amount.toPrecision(2)}`;
}

/** What calls cost, as far as that is known. */
export function dollarsSpent({ cost, unpricedCalls }: { cost?: number; unpricedCalls: number }): string {
  return cost === undefined && unpricedCalls > 0 ? l10n.t("cost unknown") : money(cost ?? 0);
}

/** Whether a model's last day has come. */
export function isRetired({ retiresOn }: Model): boolean {
  return retiresOn !== undefined && retiresOn <= new Date().toISOString().slice(0, 10);
}

/** A price as the server writes it: `$3`, `$0.15`. */
export function dollars(amount: number): string {
  return `$${Number(amount.toPrecision(3))}`;
}

type Numbers = { [K in keyof Model]-?: NonNullable<Model[K]> extends number ? K : never }[keyof Model];

/** A value that the proxy itself reports: what is assumed informs programs, not people's purses. */
export function reported(model: Model, field: Numbers): number | undefined {
  return model.assumed?.[field] === "default" ? undefined : (model[field] as number | undefined);
}

/** `12 tokens in, 34 out, $0.0012`. */
export function usage(usage: Usage | undefined): string {
  if (!usage) return l10n.t("usage not reported");
  const cost = usage.cost === undefined ? l10n.t("cost unknown") : money(usage.cost);
  return l10n.t("{0} tokens in, {1} out, {2}", usage.inputTokens ?? "?", usage.outputTokens ?? "?", cost);
}
