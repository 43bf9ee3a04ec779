/** What the page of models and the extension tell each other. */

/** A model as a row shows it: the server's own words, and the numbers that rows are sorted by. */
export interface ModelRow {
  /** What the page calls it in messages: servers may have models of one name. */
  key: string;
  name: string;
  /** Whose model it is, where several servers are listed. */
  server?: string;
  /** Whether that is another server than the one in use. */
  isOther: boolean;
  vendor: string;
  context: string;
  output: string;
  price: string;
  abilities: string[];
  /** The server's own words for these and the vendor, which a filter finds in every language. */
  terms: string[];
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
  | { type: "use"; key: string }
  | { type: "favourite"; key: string; favourite: boolean }
  | { type: "copy"; key: string };
