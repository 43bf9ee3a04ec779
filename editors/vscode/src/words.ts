/** Amounts, and texts of others, as people read them. */

import { l10n } from "vscode";
import type { Model, Usage } from "./protocol";

/** Most characters of a foreign text in a message or a row. */
const LONGEST = 500;

/** Control characters, line and paragraph separators, and what reorders or hides text. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+/gu;

/**
 * A text of a proxy, a model or a file on one line of a message. VS Code turns `[text](command:…)` in messages into a
 * button that runs the command, so no text that is not ours may form such a link.
 */
export function plain(text: string): string {
  const line = text.replace(UNSEEN, " ").replace(/\]\(/g, "] (").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** A foreign text in the rows and items that turn `$(name)` into icons. */
export function label(text: string): string {
  return plain(text).replace(/\$\(/g, "\\$(");
}

/** A foreign text within Markdown: shown as it is written. */
export function markdown(text: string): string {
  return plain(text).replace(/[\\`*_{}[\]()#+!|<>~$&]/g, "\\$&");
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
  return cost === undefined && unpricedCalls > 0 ? l10n.t("cost not known") : money(cost ?? 0);
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
  const cost = usage.cost === undefined ? l10n.t("cost not known") : money(usage.cost);
  return l10n.t("{0} tokens in, {1} out, {2}", usage.inputTokens ?? "?", usage.outputTokens ?? "?", cost);
}
