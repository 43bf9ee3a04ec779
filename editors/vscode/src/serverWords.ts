/** The words in which the server tells of models, in the user's language. */

import { l10n } from "vscode";
import { plain } from "./words";

/** All of them. A test finds each in the server's source, and in every translation. */
export const WORDS = [
  ...["unknown", "varies", "free", "other"],
  ...["tools", "vision", "reasoning", "cache", "computer", "audio", "pdf", "schema"],
];

/** A word or several in one line; one that is from the public price list has a mark. All else stays as it is. */
export function said(text: string): string {
  return plain(text).split(" ").map(word).join(" ");
}

function word(text: string): string {
  const name = text.replace(/^~/, "");
  const known = WORDS.includes(name) ? l10n.bundle?.[name] : undefined;
  return known === undefined ? text : text.slice(0, text.length - name.length) + known;
}
