/** `litellm.usage`: what was spent since the server started, by model, and what the key may still spend. */

import type { World } from "../commands";
import { showPage } from "../pages";
import { Method, type UsageReportResult } from "../protocol";
import { markdown, money } from "../words";

export async function usage({ server }: World): Promise<void> {
  await showPage("Usage.md", page(await server.request(Method.usage, {})), "here");
}

function page({ profile, since, rows, key }: UsageReportResult): string {
  const lines = rows.map(
    ({ model, outcome, sum }) =>
      `| ${markdown(model)} | ${outcome} | ${sum.calls} | ${sum.inputTokens} | ${sum.outputTokens} | ${sum.cost === undefined ? "not known" : money(sum.cost)} |`,
  );
  const table = ["| model | outcome | calls | tokens in | tokens out | cost |", "|---|---|--:|--:|--:|--:|", ...lines];
  const budget = key?.spend === undefined ? [] : ["", `The key has spent ${money(key.spend)}${of(key.maxBudget)}.`];
  return ["# Usage", "", `Profile ${markdown(profile)}, since ${since}.`, "", ...(rows.length ? table : ["Nothing has been asked yet."]), ...budget, ""].join("\n");
}

function of(budget: number | undefined): string {
  return budget === undefined ? "" : ` of ${money(budget)}`;
}
