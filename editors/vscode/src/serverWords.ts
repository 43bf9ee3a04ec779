/** What the server says of usual things, in the user's language. All else stays in the server's own words. */

import { l10n } from "vscode";
import { plain } from "./words";

/** Its fixed sentences and words. A test finds each of them in the server's source, and in every translation. */
export const SENTENCES = [
  "the settings can be used",
  "the host has an address",
  "a connection is made",
  "the certificate is trusted",
  "not needed over plain http",
  "a server answers at the base URL",
  "it is a LiteLLM proxy",
  "it is taken to be OpenAI-compatible, as `kind` says",
  "the server takes the key",
  "1 model is listed",
  "skipped: an earlier check failed",
  "the proxy lists no chat models",
  "the server does not answer as LiteLLM does",
  "context unknown",
  "unknown",
  "varies",
  "free",
  "other",
  "tools",
  "vision",
  "reasoning",
  "cache",
  "computer",
  "audio",
  "pdf",
  "schema",
];

/** What it says with a name or a number within. */
const FILLED: [RegExp, (value: string) => string][] = [
  [/^(\d+) models are listed$/, (count) => l10n.t("{0} models are listed", count)],
  [/^(price unknown)$/, () => l10n.t("price unknown")],
  [/^(price varies)$/, () => l10n.t("price varies")],
  [/^(\S+) is listed$/, (model) => l10n.t("{0} is listed", model)],
  [/^(\S+) is not listed$/, (model) => l10n.t("{0} is not listed", model)],
  [/^(~?[\d.]+[kM]?) context$/, (size) => l10n.t("{0} context", size)],
  [/^retires in (\d+) d$/, (days) => l10n.t("retires in {0} d", days)],
  [/^retires (\d{4}-\d\d-\d\d)$/, (day) => l10n.t("retires {0}", day)],
  [/^retired (\d{4}-\d\d-\d\d)$/, (day) => l10n.t("retired {0}", day)],
];

/** A sentence, a word, or several of them in one line. */
export function said(text: string): string {
  const line = plain(text);
  if (l10n.bundle === undefined) return line;
  return line
    .split(" · ")
    .map((part) => sentence(part) ?? abilities(part) ?? part)
    .join(" · ");
}

function sentence(text: string): string | undefined {
  if (SENTENCES.includes(text)) return l10n.bundle?.[text];
  for (const [pattern, fill] of FILLED) {
    const value = pattern.exec(text)?.[1];
    if (value !== undefined) return fill(value);
  }
  return undefined;
}

const ABILITIES = SENTENCES.slice(SENTENCES.indexOf("tools"));

/** A list of abilities; what is from the public price list has a mark. Undefined where it is something else. */
function abilities(text: string): string | undefined {
  const words = text.split(" ").map((word) => /^(~?)(.*)$/.exec(word) ?? []);
  if (!words.every(([, , name = ""]) => ABILITIES.includes(name))) return undefined;
  return words.map(([, mark = "", name = ""]) => mark + (l10n.bundle?.[name] ?? name)).join(" ");
}
