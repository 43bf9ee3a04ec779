/** What the page of usage shows. The words are made where those of the status bar are, so that both say the same. */

/** How much of one thing, as a length and in words. */
export interface Measured {
  value: number;
  words: string;
}

export type Measure = "cost" | "tokens" | "calls";

export interface ModelUsage {
  model: string;
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

export interface ToUsage {
  since: string;
  total: string;
  /** How many calls, and what is not known of them. */
  summary: string;
  models: ModelUsage[];
  budget?: BudgetUsage;
}

export type FromUsage = { type: "ready" } | { type: "refresh" };
