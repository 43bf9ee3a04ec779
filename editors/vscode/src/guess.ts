/** What an answer took that nobody has counted: a guess from its texts. */

import { l10n } from "vscode";
import type { Message, Model } from "./protocol";
import { money, reported, tokens } from "./words";

/** About how many tokens a text has: the server's own rule. */
function counted(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

/**
 * `about 120 tokens in, 30 out, $0.0012`: of a conversation, and of what came of its answer. What it cost is unknown
 * where the proxy does not say what the model costs.
 */
export function guess(messages: Message[], text: string, model: Model | undefined): string {
  const said = ({ content = "" }: Message) => (typeof content === "string" ? content : JSON.stringify(content));
  const [input, output] = [counted(messages.map(said).join("\n")), counted(text)];
  const price = (field: "inputPrice" | "outputPrice") => (model ? reported(model, field) : undefined) ?? Number.NaN;
  const cost = (input * price("inputPrice") + output * price("outputPrice")) / 1_000_000;
  const told = Number.isNaN(cost) ? l10n.t("cost unknown") : money(cost);
  return l10n.t("about {0} tokens in, {1} out, {2}", tokens(input), tokens(output), told);
}
