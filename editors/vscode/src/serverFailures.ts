/**
 * What the server says of failures, and what to do about them, in the user's language. The translations stand in a file
 * of their own beside the texts of the extension, which is read when the first failure is shown.
 */

import { readFileSync } from "node:fs";
import { l10n } from "vscode";
import type { ErrorKind } from "./protocol";
import { said } from "./serverWords";
import { plain } from "./words";

/** `l10n/server.LANGUAGE.json`. `{0}` stands for a name, a number or the words of somebody else. */
interface Translation {
  /** What went wrong, for words that are a vendor's own. */
  kinds: Record<string, string>;
  /** By the file of the server's source that says them. */
  sentences: Said;
  /** Those that stand within others only. */
  words: Said;
}

type Said = Record<string, Record<string, string>>;

interface Phrases {
  whole: Map<string, string>;
  /** Those with places to fill in: of two that fit, the one with more words of its own comes first. */
  filled: { pattern: RegExp; translation: string; length: number }[];
}

interface Table {
  kinds: Record<string, string>;
  sentences: Phrases;
  words: Phrases;
}

/** A finding or a remedy. What is not the server's own, such as a vendor's words, stays as it is. */
export function sentence(text: string): string {
  const line = plain(text);
  return translated(line) ?? said(line);
}

/** What has failed: before words that are not the server's own stands what kind of failure it is. */
export function failed(kind: ErrorKind | undefined, text: string): string {
  const line = plain(text);
  const known = sentence(line);
  const named = kind !== undefined && table()?.kinds[kind];
  return known === line && named ? l10n.t("{0}: {1}", named, line) : known;
}

/** Undefined where it is not the server's own. */
function translated(line: string): string | undefined {
  return alone(line) ?? inParts(line);
}

function alone(line: string, phrases = table()?.sentences): string | undefined {
  const whole = phrases?.whole.get(line);
  if (whole !== undefined) return whole;
  for (const { pattern, translation } of phrases?.filled ?? []) {
    const values = pattern.exec(line)?.slice(1);
    if (values) return translation.replace(/\{(\d)\}/g, (_, place) => inside(values[place] ?? ""));
  }
  return undefined;
}

/** What is filled in: it may be the server's own too, such as a reason. */
function inside(value: string): string {
  return translated(value) ?? alone(value, table()?.words) ?? value;
}

/** A finding and its remedy in one line. */
function inParts(line: string): string | undefined {
  for (const { index } of line.matchAll(/: /g)) {
    const [finding, remedy] = [alone(line.slice(0, index)), alone(line.slice(index + 2))];
    if (finding !== undefined && remedy !== undefined) return l10n.t("{0}: {1}", finding, remedy);
  }
  return undefined;
}

let read: { from: string; table: Table } | undefined;

/** Undefined in English. */
function table(): Table | undefined {
  const from = l10n.uri?.fsPath.replace(/bundle\.l10n\.([^/\\]+)$/, "server.$1");
  if (from === undefined) return undefined;
  if (read?.from !== from) read = { from, table: made(JSON.parse(readFileSync(from, "utf8")) as Translation) };
  return read.table;
}

function made({ kinds, sentences, words }: Translation): Table {
  return { kinds, sentences: phrases(sentences), words: phrases(words) };
}

function phrases(said: Said): Phrases {
  const all = Object.values(said).flatMap((file) => Object.entries(file));
  const filled = all
    .filter(([phrase]) => phrase.includes("{0}"))
    .map(([phrase, translation]) => {
      const parts = phrase.split(/\{\d\}/);
      const pattern = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("(.*?)");
      return { pattern: new RegExp(`^${pattern}$`), translation, length: parts.join("").length };
    })
    .sort((one, other) => other.length - one.length);
  return { whole: new Map(all), filled };
}
