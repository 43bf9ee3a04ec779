/** What the page of answers and the extension say to each other. */

/** A question and what has come of its answer. */
export interface ShownTurn {
  id: number;
  title: string;
  /** The answer as HTML, of which the page takes what Markdown has. */
  html: string;
  /** What is being done, or what it cost. */
  note: string;
  state: "asking" | "done" | "stopped" | "failed";
}

/** Turns as they are now; or what was asked and not sent, to go back where it was typed. */
export type ToAnswers = { turns: ShownTurn[] } | { draft: string };

export type FromAnswers =
  | { type: "ready" }
  | { type: "ask"; text: string }
  | { type: "copy"; text: string }
  | { type: "stop" | "copyAll" | "again"; id: number }
  | { type: "open"; link: string };
