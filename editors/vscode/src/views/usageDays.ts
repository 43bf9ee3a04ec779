/** The days gone by, as this machine has recorded them and as the proxy keeps them, for the page of usage. */

import { env, l10n } from "vscode";
import type { LedgerGroup, UsageHistory, UsageRow } from "../protocol";
import { plain } from "../words";
import type { DayUsage, Measure, ModelUsage, Period } from "./usageMessages";
import { measured, merged, total } from "./usageRows";

/** Days with calls, the oldest first. */
export interface Days extends Pick<UsageHistory, "days" | "lastDay" | "user"> {
  /** Whether this machine has recorded them; else the proxy did, whose days are those of UTC. */
  recorded: boolean;
}

const LENGTHS: Record<Exclude<Period, "window">, number> = { today: 1, week: 7, month: 30 };

const DAY = 86_400_000;

/** Today, as the clock of this machine has it. */
export function today(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** What this machine has recorded, put together by day, model and outcome. */
export function recordedDays(groups: LedgerGroup[], lastDay: string): Days {
  const days = new Map<string, UsageRow[]>();
  for (const { time = "", model = "", outcome = "failed", sum } of groups) {
    days.set(time, [...(days.get(time) ?? []), { model, outcome, sum }]);
  }
  return { days: [...days].map(([date, rows]) => ({ date, rows })), lastDay, recorded: true };
}

/** The days of a period, today last, each as `YYYY-MM-DD`. */
export function datesOf(period: Exclude<Period, "window">, { lastDay }: Days): string[] {
  const last = Date.parse(lastDay);
  const length = LENGTHS[period];
  return Array.from({ length }, (_, index) => new Date(last - (length - 1 - index) * DAY).toISOString().slice(0, 10));
}

/** What was spent in a period, or on one day of it. */
export function rowsOf(period: Exclude<Period, "window">, history: Days, day?: string): UsageRow[] {
  const dates = new Set(day === undefined ? datesOf(period, history) : [day]);
  return history.days
    .filter(({ date }) => dates.has(date))
    .reduce<UsageRow[]>((all, { rows }) => merged(all, rows), []);
}

/** The same day by day, by model in the order of `models`; none where that is one day. */
export function daysOf(period: Exclude<Period, "window">, history: Days, models: ModelUsage[]): DayUsage[] | undefined {
  const dates = datesOf(period, history);
  if (dates.length === 1) return undefined;
  const byDate = new Map(history.days.map(({ date, rows }) => [date, rows]));
  return dates.map((date) => {
    const rows = byDate.get(date) ?? [];
    const each = models.map(({ model }) => measured(total(rows.filter((row) => plain(row.model) === model))));
    const all = measured(total(rows));
    const of = (measure: Measure) => each.map((measures) => measures[measure].value);
    return {
      date,
      name: dayName(date),
      words: { cost: all.cost.words, tokens: all.tokens.words, calls: all.calls.words },
      measures: { cost: of("cost"), tokens: of("tokens"), calls: of("calls") },
    };
  });
}

/** The span or its one day, and whose calls are counted. */
export function leadOf(period: Exclude<Period, "window">, history: Days, day?: string): string {
  const dates = day === undefined ? datesOf(period, history) : [day];
  const [from, to] = [dates[0], dates.at(-1)].map((date) => dayName(date ?? history.lastDay)) as [string, string];
  const days = dates.length === 1 ? to : l10n.t("{0} to {1}", from, to);
  if (history.recorded) return `${days} · ${l10n.t("all calls that were recorded on this machine")}`;
  const whose =
    history.user === undefined
      ? l10n.t("all calls of the proxy")
      : l10n.t("all calls of {0}, with every key and program", plain(history.user));
  return `${l10n.t("{0}, by UTC", days)} · ${whose}`;
}

function dayName(date: string): string {
  return new Date(date).toLocaleDateString(env.language, { timeZone: "UTC", day: "numeric", month: "short" });
}
