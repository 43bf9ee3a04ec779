/** Asks a model about a place in a text: the server makes the question, and says what becomes of the answer. */

import * as vscode from "vscode";
import { type CompleteResult, type Delta, type EditParams, type EditPlace, type EditResult, Method } from "./protocol";
import { sentence } from "./serverFailures";
import { type Server, ServerError } from "./server";

/** A place in a text: a cursor, or what is selected. */
export interface Place {
  document: vscode.TextDocument;
  range: vscode.Range;
}

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

/** Says what a question would send and cost, and where its answer would go; asks no model. */
export function look(server: Server, place: Place, question: Question): Promise<EditResult> {
  return server.request(Method.edit, { ...params(place, question), dryRun: true });
}

/** Asks; `onDelta` gets each piece before the promise settles. What came before a failure or the end is not lost. */
export async function ask(
  server: Server,
  place: Place,
  question: Question,
  onDelta: (delta: Delta) => void,
  token: vscode.CancellationToken,
): Promise<Answer> {
  // As it is before anything is written there.
  const asked = params(place, question);
  const around = parts(place);
  let streamed = "";
  const take = (delta: Delta) => {
    if (delta.type === "text") streamed += delta.text;
    onDelta(delta);
  };
  try {
    const { message, ...result } = await server.stream(Method.edit, asked, take, token);
    const { reason } = result;
    return { ...result, streamed: message.text, ...(reason !== undefined && { reason: sentence(reason) }) };
  } catch (error) {
    const { text, finishReason, failure, usage } = brokenOff(error, streamed);
    const rest = { streamed: text, finishReason, ...(usage && { usage }) };
    // Where nobody is left to say what it is fit for, it is shown as it came.
    const asItCame = { type: "show" as const, text, reason: vscode.l10n.t("the answer was cut off") };
    const fit = await server.request(Method.fit, { text, ...around, finishReason }).catch(() => asItCame);
    if (fit.type === "nothing") return { ...rest, place: "none", newText: "", reason: failure ?? sentence(fit.reason) };
    return {
      ...rest,
      place: "page",
      newText: fit.text,
      reason: failure ?? (fit.type === "show" ? sentence(fit.reason) : ""),
    };
  }
}

function params({ document, range }: Place, question: Question): EditParams {
  const textDocument = { uri: document.uri.toString(), languageId: document.languageId, text: document.getText() };
  return { textDocument, range: { start: range.start, end: range.end }, ...question };
}

function parts({ document, range }: Place) {
  const text = document.getText();
  return {
    selection: document.getText(range),
    before: text.slice(0, document.offsetAt(range.start)),
    after: text.slice(document.offsetAt(range.end)),
    language: document.languageId,
  };
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
