/** `litellm.usage`: what was spent since the server started, by model, and what the key may still spend. */

import * as vscode from "vscode";
import type { World } from "../commands";
import { Method, type UsageReportResult } from "../protocol";
import { money } from "../words";

export async function usage({ server }: World): Promise<void> {
  const content = page(await server.request(Method.usage, {}));
  const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
  await vscode.window.showTextDocument(document, { preview: true });
}

function page({ profile, since, rows, key }: UsageReportResult): string {
  const lines = rows.map(
    ({ model, outcome, sum }) =>
      `| ${model} | ${outcome} | ${sum.calls} | ${sum.inputTokens} | ${sum.outputTokens} | ${sum.cost === undefined ? "not known" : money(sum.cost)} |`,
  );
  const table = ["| model | outcome | calls | tokens in | tokens out | cost |", "|---|---|--:|--:|--:|--:|", ...lines];
  const budget = key?.spend === undefined ? [] : ["", `The key has spent ${money(key.spend)}${of(key.maxBudget)}.`];
  return ["# Usage", "", `Profile ${profile}, since ${since}.`, "", ...(rows.length ? table : ["Nothing has been asked yet."]), ...budget, ""].join("\n");
}

function of(budget: number | undefined): string {
  return budget === undefined ? "" : ` of ${money(budget)}`;
}
