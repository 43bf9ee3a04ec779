/** How answers end, and what is told of that. */

import * as vscode from "vscode";
import type { ShownTurn } from "./answerMessages";
import type { CompleteResult, EditResult } from "./protocol";
import { Cancelled, ServerError } from "./server";
import { fenced } from "./unwritten";
import { plain, usage } from "./words";

/** How an answer ended. */
export type End = Pick<ShownTurn, "note" | "state"> & { text?: string };

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
  const isStopped = error instanceof vscode.CancellationError;
  const isOurs = error instanceof ServerError;
  const { model = "", partial } = (isOurs || error instanceof Cancelled ? error.data : undefined) ?? {};
  const why = isStopped ? vscode.l10n.t("stopped") : isOurs ? error.sentence : plain(String(error));
  // What nobody heard of may have cost something all the same.
  const known = partial || isStopped ? [plain(model), why, taken(partial)] : [why];
  // Of what the user stopped, what was read is what there is.
  const message = isStopped ? undefined : partial?.message;
  return {
    note: known.filter(Boolean).join(" · "),
    state: isStopped ? "stopped" : "failed",
    ...(message && { text: message.text }),
  };
}

/** What an answer took that broke off. */
function taken({ usage: counted, estimatedUsage }: Partial<CompleteResult> = {}): string {
  if (counted) return usage(counted);
  return estimatedUsage ? vscode.l10n.t("about {0}", usage(estimatedUsage)) : vscode.l10n.t("cost unknown");
}
