/** `litellm.usage`: what this window has spent, by model. */

import * as vscode from "vscode";
import type { World } from "../commands";
import { money } from "../words";

export async function usage({ session }: World): Promise<void> {
  const rows = [...session.spent].map(
    ([model, { requests, inputTokens, outputTokens, cost }]) =>
      `| ${model} | ${requests} | ${inputTokens} | ${outputTokens} | ${cost === undefined ? "not known" : money(cost)} |`,
  );
  const content = rows.length
    ? ["# Usage of this window", "", "| model | requests | tokens in | tokens out | cost |", "|---|--:|--:|--:|--:|", ...rows]
    : ["# Usage of this window", "", "Nothing has been asked yet."];
  const document = await vscode.workspace.openTextDocument({ language: "markdown", content: `${content.join("\n")}\n` });
  await vscode.window.showTextDocument(document, { preview: true });
}
