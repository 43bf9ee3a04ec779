/** What the page of usage shows. The words are made where those of the status bar are, so that both say the same. */

/** How much of one thing, as a length and in words. */
export interface Measured {
  value: number;
  words: string;
}

export type Measure = "cost" | "tokens" | "calls";

export interface ModelUsage {
  model: string;
  /** Its place among the models of the whole span: its colour, which it keeps on a single day. */
  place: number;
  measures: Record<Measure, Measured>;
  /** Whether calls failed. */
  failed: boolean;
  /** What is told of it on a click, a name and a value each. */
  details: [string, string][];
}

export interface BudgetUsage {
  /** From 0 to 1; absent where there is no limit. */
  share?: number;
  spent: string;
  /** What is left and when it starts anew, as far as the proxy says. */
  note?: string;
  asOf: string;
}

/** When the calls were made that are shown: in this window, or in the last days. */
export type Period = "window" | "today" | "week" | "month";

/** Who has counted the last days. */
export type Source = "machine" | "proxy";

/** One day, by model in the order of `models`. */
export interface DayUsage {
  /** As the proxy names it. */
  date: string;
  name: string;
  /** All of it in words. */
  words: Record<Measure, string>;
  measures: Record<Measure, number[]>;
}

export interface ToUsage {
  period: Period;
  /** What each span has cost; of the last days nothing where nobody tells of them. */
  costs: Partial<Record<Period, string>>;
  /** Who has counted the last days, where both have. */
  source?: Source;
  /** The span, and whose calls are counted. */
  lead: string;
  /** What can't be shown, and why. */
  note?: string;
  /** Absent where the span is no longer than a day. */
  days?: DayUsage[];
  /** The date of the one day that is looked at. Absent for all of them. */
  day?: string;
  total: string;
  /** How many calls, and what is not known of them. */
  summary: string;
  models: ModelUsage[];
  budget?: BudgetUsage;
}

export type FromUsage =
  | { type: "ready" }
  | { type: "refresh" }
  | { type: "period"; period: Period }
  | { type: "source"; source: Source }
  /** Looks at one day of the span; without a date at all of them. */
  | { type: "day"; date?: string };
