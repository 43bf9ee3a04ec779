/** How answers end, and what is told of that. */

import * as vscode from "vscode";
import type { ShownTurn } from "./answerMessages";
import type { CompleteResult, EditResult } from "./protocol";
import { ServerError } from "./server";
import { fenced } from "./unwritten";
import { plain, usage } from "./words";

/** How an answer ended. */
export type End = Pick<ShownTurn, "note" | "state"> & {
  text?: string;
  /** Whether there may be more of it than was heard, so that nobody has said what it took. */
  isPart?: boolean;
};

export function ended(result: CompleteResult | EditResult, language: string | undefined): End {
  const { message, model, usage: took, finishReason } = result;
  const { place, newText = "", reason = "" } = "place" in result ? result : {};
  const isCode = language !== undefined && (place === "replace" || place === "insert");
  const text = isCode ? fenced(newText, language) : newText || message.text || message.refusal || "";
  const cut = finishReason === "stop" ? "" : vscode.l10n.t("cut off");
  const note = [plain(model), usage(took), cut, plain(reason)].filter(Boolean).join(" · ");
  return {
    text,
    note: text ? note : vscode.l10n.t("{0} sent no answer: ask again, or another model", plain(model)),
    state: text ? "done" : "failed",
  };
}

export function failed(error: unknown): End {
  if (error instanceof vscode.CancellationError)
    return { note: vscode.l10n.t("stopped"), state: "stopped", isPart: true };
  if (!(error instanceof ServerError)) return { note: plain(String(error)), state: "failed", isPart: true };
  const { message, usage: took } = error.data?.partial ?? {};
  const note = [error.sentence, ...(took ? [usage(took)] : [])].join(" · ");
  return { note, state: "failed", isPart: !took, ...(message && { text: message.text }) };
}
