/** What was spent, by model, for the page of usage. */

import { env, l10n } from "vscode";
import type { CallOutcome, KeyBudget, UsageRow, UsageSum } from "../protocol";
import { dollarsSpent, money, plain } from "../words";
import type { BudgetUsage, Measure, Measured, ModelUsage } from "./usageMessages";

const COUNTS = [
  "calls",
  "inputTokens",
  "outputTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
  "reasoningTokens",
  "unpricedCalls",
] as const;

export function sum(one: UsageSum, other: UsageSum): UsageSum {
  const counts = Object.fromEntries(COUNTS.map((name) => [name, one[name] + other[name]])) as unknown as UsageSum;
  const known = one.cost !== undefined || other.cost !== undefined;
  return { ...counts, ...(known && { cost: (one.cost ?? 0) + (other.cost ?? 0) }) };
}

export const NOTHING = Object.fromEntries(COUNTS.map((name) => [name, 0])) as unknown as UsageSum;

export function total(rows: UsageRow[]): UsageSum {
  return rows.reduce((all, row) => sum(all, row.sum), NOTHING);
}

/**
 * What this window has cost, and today all programs of this machine, where that is more or a budget limits it: `$0.12 ·
 * $3.40 today`. What calls of an unknown cost took comes on top of a sum with `+`.
 */
export function barCosts(window: UsageSum, today: UsageSum | undefined, limit: number | undefined): string {
  const told = ({ cost = 0, unpricedCalls }: UsageSum) => `${money(cost)}${unpricedCalls > 0 ? "+" : ""}`;
  const costs = (window.cost ?? 0) > 0 ? [told(window)] : [];
  // Parts of a cent are no difference.
  const isMore = (today?.cost ?? 0) > (window.cost ?? 0) + 0.00005;
  if (today && limit !== undefined) costs.push(l10n.t("{0} of {1} today", told(today), money(limit)));
  else if (today && isMore) costs.push(l10n.t("{0} today", told(today)));
  return costs.join(" · ");
}

/** The rows of two servers as those of one. */
export function merged(before: UsageRow[], now: UsageRow[]): UsageRow[] {
  const all = new Map(before.map((row) => [`${row.outcome} ${row.model}`, row]));
  for (const row of now) {
    const name = `${row.outcome} ${row.model}`;
    const same = all.get(name);
    all.set(name, same ? { ...row, sum: sum(same.sum, row.sum) } : row);
  }
  return [...all.values()];
}

/** One entry a model, the dearest first; on a day of a span each keeps the place that it has `among` the models of that. */
export function byModel(rows: UsageRow[], among?: ModelUsage[]): ModelUsage[] {
  const models = [...new Set(rows.map(({ model }) => model))];
  return models
    .map((model) =>
      usageOf(
        model,
        rows.filter((row) => row.model === model),
      ),
    )
    .sort((a, b) => b.measures.cost.value - a.measures.cost.value || b.measures.tokens.value - a.measures.tokens.value)
    .map((usage, index) => ({ ...usage, place: among?.findIndex(({ model }) => model === usage.model) ?? index }));
}

function usageOf(model: string, rows: UsageRow[]): Omit<ModelUsage, "place"> {
  const all = total(rows);
  const calls = (outcome: CallOutcome) => rows.find((row) => row.outcome === outcome)?.sum.calls ?? 0;
  const number = (value: number) => value.toLocaleString();
  const details: [string, number][] = [
    [l10n.t("Answered"), calls("succeeded")],
    [l10n.t("Failed"), calls("failed")],
    [l10n.t("Cancelled"), calls("cancelled")],
    [l10n.t("Tokens in"), all.inputTokens],
    [l10n.t("of these from the cache"), all.cacheReadTokens],
    [l10n.t("into the cache"), all.cacheWriteTokens],
    [l10n.t("Tokens out"), all.outputTokens],
    [l10n.t("of these reasoning"), all.reasoningTokens],
    [l10n.t("Calls of unknown cost"), all.unpricedCalls],
  ];
  return {
    model: plain(model),
    measures: measured(all),
    failed: calls("failed") > 0,
    details: details.filter(([, value]) => value > 0).map(([name, value]) => [name, number(value)]),
  };
}

/** A sum by each measure. */
export function measured(all: UsageSum): Record<Measure, Measured> {
  const tokens = all.inputTokens + all.outputTokens;
  return {
    cost: { value: all.cost ?? 0, words: dollarsSpent(all) },
    tokens: { value: tokens, words: l10n.t("{0} tokens", tokens.toLocaleString()) },
    calls: { value: all.calls, words: callsOf(all.calls) },
  };
}

export function callsOf(calls: number): string {
  return calls === 1 ? l10n.t("1 call") : l10n.t("{0} calls", calls.toLocaleString());
}

/** How many calls there were, and what is not known of them. */
export function summary(rows: UsageRow[]): string {
  const all = total(rows);
  const failed = total(rows.filter(({ outcome }) => outcome === "failed")).calls;
  return [
    callsOf(all.calls),
    ...(failed ? [l10n.t("{0} failed", failed)] : []),
    ...(all.unpricedCalls ? [l10n.t("{0} of unknown cost, so this is the least", all.unpricedCalls)] : []),
  ].join(" · ");
}

/** The key's budget. `note` is what the status says of it. */
export function budget({ spend, maxBudget, asOf }: KeyBudget, note: string | undefined): BudgetUsage | undefined {
  if (spend === undefined) return undefined;
  const limited = maxBudget !== undefined && maxBudget > 0;
  const spent = `$${spend.toFixed(2)}`;
  return {
    spent: limited ? l10n.t("{0} of {1}", spent, `$${maxBudget.toFixed(2)}`) : spent,
    asOf: new Date(asOf).toLocaleTimeString(env.language),
    ...(limited && { share: Math.min(1, spend / maxBudget) }),
    ...(note && { note: plain(note) }),
  };
}
