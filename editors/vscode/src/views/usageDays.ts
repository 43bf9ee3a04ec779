/** The days gone by, as the proxy keeps them, for the page of usage. */

import { env, l10n } from "vscode";
import type { UsageHistory, UsageRow } from "../protocol";
import { plain } from "../words";
import type { DayUsage, Measure, ModelUsage, Period } from "./usageMessages";
import { merged, total } from "./usageRows";

const LENGTHS: Record<Exclude<Period, "window">, number> = { today: 1, week: 7, month: 30 };

const DAY = 86_400_000;

/** The days of a period, today last, as the proxy names them: by UTC. */
export function datesOf(period: Exclude<Period, "window">, { lastDay }: UsageHistory): string[] {
  const last = Date.parse(lastDay);
  const length = LENGTHS[period];
  return Array.from({ length }, (_, index) => new Date(last - (length - 1 - index) * DAY).toISOString().slice(0, 10));
}

/** What was spent in a period. */
export function rowsOf(period: Exclude<Period, "window">, history: UsageHistory): UsageRow[] {
  const dates = new Set(datesOf(period, history));
  return history.days
    .filter(({ date }) => dates.has(date))
    .reduce<UsageRow[]>((all, { rows }) => merged(all, rows), []);
}

/** The same day by day, by model in the order of `models`; none where that is one day. */
export function daysOf(
  period: Exclude<Period, "window">,
  history: UsageHistory,
  models: ModelUsage[],
): DayUsage[] | undefined {
  const dates = datesOf(period, history);
  if (dates.length === 1) return undefined;
  const byDate = new Map(history.days.map(({ date, rows }) => [date, rows]));
  return dates.map((date) => {
    const sums = models.map(({ model }) => total((byDate.get(date) ?? []).filter((row) => plain(row.model) === model)));
    const measures: Record<Measure, number[]> = {
      cost: sums.map(({ cost }) => cost ?? 0),
      tokens: sums.map(({ inputTokens, outputTokens }) => inputTokens + outputTokens),
      calls: sums.map(({ calls }) => calls),
    };
    return { name: dayName(date), measures };
  });
}

/** The span, and whose calls are counted. */
export function leadOf(period: Exclude<Period, "window">, history: UsageHistory): string {
  const dates = datesOf(period, history);
  const [from, to] = [dayName(dates[0] ?? history.lastDay), dayName(history.lastDay)];
  const span = period === "today" ? l10n.t("{0}, by UTC", to) : l10n.t("{0} to {1}, by UTC", from, to);
  const whose =
    history.user === undefined
      ? l10n.t("all calls of the proxy")
      : l10n.t("all calls of {0}, with every key and program", plain(history.user));
  return `${span} · ${whose}`;
}

function dayName(date: string): string {
  return new Date(date).toLocaleDateString(env.language, { timeZone: "UTC", day: "numeric", month: "short" });
}
