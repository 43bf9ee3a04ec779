/** What the page of models and the extension tell each other. */

/** A model as a row shows it: the server's own words, and the numbers that rows are sorted by. */
export interface ModelRow {
  id: string;
  vendor: string;
  context: string;
  output: string;
  price: string;
  abilities: string[];
  notice?: string;
  retired: boolean;
  favourite: boolean;
  /** When it was used last, as the user's clock says it. */
  lastUsed?: string;
  /** Why it is not in the usual list, in words. */
  hidden?: string;
  description?: string;
  backends: string[];
  /** Prices that both sides know beside the usual two, such as that of the cache. */
  morePrices: string[];
  /** Absent where not known. */
  contextTokens?: number;
  outputTokens?: number;
  /** USD per 1,000,000 tokens, input and output together. */
  dollars?: number;
}

export type ToModels =
  | { type: "models"; rows: ModelRow[]; current?: string; hiddenCount: number; note?: string }
  | { type: "failed"; message: string };

export type FromModels =
  | { type: "ready" }
  /** Lists again; `refresh` asks the proxy. */
  | { type: "list"; hidden: boolean; refresh: boolean }
  | { type: "use"; id: string }
  | { type: "favourite"; id: string; favourite: boolean }
  | { type: "copy"; id: string };
