/** Asks a model about a place in a text: the text around it goes along, and the server says what becomes of the answer. */

import * as vscode from "vscode";
import { type CompleteResult, type Delta, type Message, Method } from "./protocol";
import { type Server, ServerError } from "./server";
import { reported } from "./words";

/** A place in a text: a cursor, or what is selected. */
export interface Place {
  document: vscode.TextDocument;
  range: vscode.Range;
}

/** What is asked there. */
export interface Question {
  instruction: string;
  model?: string;
}

/** An answer, and what may become of it. */
export interface Answer extends Partial<Omit<CompleteResult, "message">> {
  /** Written there; shown, with the reason in `message`; or neither. */
  place: "write" | "page" | "none";
  newText: string;
  message?: string;
  /** The pieces as they came, joined. */
  streamed: string;
}

/** What a question would take. */
export interface Estimate {
  model: string;
  inputTokens: number;
  /** USD; absent where the price is not known. */
  cost?: number;
}

/** Most characters of the text before and after the place that a model is shown. */
const BEFORE = 8_000;
const AFTER = 4_000;

const ROLE =
  "You write into a file inside an editor, at the place between before and after. Answer with the text that belongs " +
  "there, and with nothing else: no explanation and no code fence. Keep the indentation and the style of the file.";

const READER = "You help a programmer inside an editor. Answer in short, plain Markdown.";

/** The conversation that a question about a place begins, for an answer to read. */
export function conversation(place: Place, question: Question): Message[] {
  return [
    { role: "system", content: READER },
    { role: "user", content: params(place, question).prompt },
  ];
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
  const text = { ...around(place), ...(!place.range.isEmpty && { selection: place.document.getText(place.range) }) };
  let streamed = "";
  const take = (delta: Delta) => {
    if (delta.type === "text") streamed += delta.text;
    onDelta(delta);
  };
  const { answer, failure } = await server.stream(params(place, question), take, token).then(
    (answer) => ({ answer, failure: undefined }),
    (error: unknown) => brokenOff(error, streamed),
  );
  const { text: whole, refusal } = answer.message;
  const fit = await server.request(Method.fit, {
    text: whole,
    ...text,
    ...(refusal !== undefined && { refusal }),
    ...(answer.finishReason !== undefined && { finishReason: answer.finishReason }),
  });
  const rest = { ...answer, streamed: whole };
  if (fit.type === "write") return { ...rest, place: "write", newText: fit.text, message: "" };
  if (fit.type === "nothing") return { ...rest, place: "none", newText: "", message: fit.reason };
  return { ...rest, place: "page", newText: fit.text, message: failure ?? fit.reason };
}

/** What a question would take, before it is sent. */
export async function estimate(server: Server, place: Place, question: Question): Promise<Estimate> {
  const { model, tokens } = await server.request(Method.countTokens, params(place, question));
  const { models } = await server.request(Method.listModels, {});
  const listed = models.find(({ id }) => id === model);
  const price = listed && reported(listed, "inputPrice");
  return { model, inputTokens: tokens, ...(price !== undefined && { cost: (tokens * price) / 1e6 }) };
}

function params(place: Place, { instruction, model }: Question) {
  const { before, after, language } = around(place);
  const file = place.document.uri.path.split("/").at(-1);
  const selected = place.range.isEmpty ? "" : `<selection>\n${place.document.getText(place.range)}</selection>\n\n`;
  const text = `<before>\n${before}</before>\n\n${selected}<after>\n${after}</after>`;
  return { system: ROLE, prompt: `The file is \`${file}\` (${language}).\n\n${text}\n\n${instruction}`, ...(model && { model }) };
}

function around({ document, range }: Place) {
  const text = document.getText();
  const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
  return {
    before: text.slice(Math.max(0, start - BEFORE), start),
    after: text.slice(end, end + AFTER),
    language: document.languageId,
  };
}

type Broken = { answer: Pick<CompleteResult, "message"> & Partial<CompleteResult>; failure: string | undefined };

/** What had come of an answer that was cancelled or failed. */
function brokenOff(error: unknown, streamed: string): Broken {
  if (error instanceof vscode.CancellationError) {
    return { answer: { message: { text: streamed }, finishReason: "cancelled" }, failure: undefined };
  }
  if (!(error instanceof ServerError) || !streamed) throw error;
  const partial = error.data?.partial;
  return { answer: { ...partial, message: partial?.message ?? { text: streamed }, finishReason: "error" }, failure: error.sentence };
}
