/** Asks a model about a place in a text: the server makes the question, and says what becomes of the answer. */

import * as vscode from "vscode";
import type { About, Answers } from "./answers";
import { type CompleteResult, type Delta, type EditParams, type EditPlace, type EditResult, Method } from "./protocol";
import { type Server, ServerError } from "./server";
import type { Place } from "./tracked";
import { plain } from "./words";

/** What is asked there. */
export type Question = Pick<EditParams, "instruction" | "task" | "prompt" | "diagnostics" | "model" | "profile">;

/** An answer, and what becomes of it. */
export interface Answer extends Partial<Omit<CompleteResult, "message">> {
  place: EditPlace;
  newText: string;
  /** Why it is not written. */
  reason?: string;
  /** The pieces as they came, joined. */
  streamed: string;
}

/** A question about a place as it was at one moment: what is looked up for it is what is sent. */
export interface Asked {
  params: EditParams;
  /** What stands around the place. */
  around: { selection: string; before: string; after: string; language: string };
}

export function asks({ document, range }: Place, question: Question): Asked {
  const { languageId: language } = document;
  const text = document.getText();
  const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
  const textDocument = { uri: document.uri.toString(), languageId: language, text };
  return {
    params: { textDocument, range: { start: range.start, end: range.end }, ...question },
    around: { selection: text.slice(start, end), before: text.slice(0, start), after: text.slice(end), language },
  };
}

/** Says what a question would send and cost, and where its answer would go; asks no model. */
export function look(server: Server, { params }: Asked): Promise<EditResult> {
  return server.request(Method.edit, { ...params, dryRun: true });
}

/** Asks; `onDelta` gets each piece before the promise settles. What came before a failure or the end is not lost. */
export async function ask(
  { server, answers }: { server: Server; answers: Answers },
  about: About,
  { params, around }: Asked,
  onDelta: (delta: Delta) => void,
  token: vscode.CancellationToken,
): Promise<Answer> {
  let streamed = "";
  const take = (delta: Delta) => {
    if (delta.type === "text") streamed += delta.text;
    onDelta(delta);
  };
  try {
    const { message, ...result } = await answers.stream(about, Method.edit, params, {
      onDelta: take,
      token,
      language: around.language,
    });
    const { reason } = result;
    return { ...result, streamed: message.text, ...(reason !== undefined && { reason: plain(reason) }) };
  } catch (error) {
    const { text, finishReason, failure, usage } = brokenOff(error, streamed);
    const rest = { streamed: text, finishReason, ...(usage && { usage }) };
    // Where nobody is left to say what it is fit for, it is shown as it came.
    const asItCame = { type: "show" as const, text, reason: vscode.l10n.t("the answer was cut off") };
    const fit = await server.request(Method.fit, { text, ...around, finishReason }).catch(() => asItCame);
    if (fit.type === "nothing") return { ...rest, place: "none", newText: "", reason: failure ?? plain(fit.reason) };
    return {
      ...rest,
      place: "page",
      newText: fit.text,
      reason: failure ?? (fit.type === "show" ? plain(fit.reason) : ""),
    };
  }
}

type Broken = { text: string; finishReason: string; failure?: string } & Pick<CompleteResult, "usage">;

/** What had come of an answer that was cancelled or failed. */
function brokenOff(error: unknown, streamed: string): Broken {
  if (!streamed) throw error;
  if (error instanceof vscode.CancellationError) return { text: streamed, finishReason: "cancelled" };
  if (!(error instanceof ServerError)) throw error;
  const { message, usage } = error.data?.partial ?? {};
  return { text: message?.text ?? streamed, finishReason: "error", failure: error.sentence, ...(usage && { usage }) };
}
