/** What the host is told where there is no answer, or not all of one. */

import * as vscode from "vscode";
import type { CompleteResult, ErrorKind, ToolCall } from "./protocol";
import { ServerError } from "./server";
import { markdown, plain } from "./words";

/** Who shows a failure as the chat does: message and stack, if there is a stack. */
const CHATS = ["github.copilot-chat", "core"];

/** The host's own errors where they fit. */
const HOST_ERRORS: Partial<Record<ErrorKind, "Blocked" | "NoPermissions" | "NotFound">> = {
  modelNotFound: "NotFound",
  unauthorized: "NoPermissions",
  forbidden: "NoPermissions",
  contentFiltered: "Blocked",
  rateLimited: "Blocked",
  budgetExceeded: "Blocked",
};

/** Whether the chat of the host asks, where a person reads the answer. */
export function isChat(initiator: string | undefined): boolean {
  return initiator === undefined || CHATS.includes(initiator);
}

/**
 * A failure as the host shall have it. The chat prints the stack behind the message, so it gets an error without one;
 * other extensions get the host's own errors.
 */
export function failure(error: unknown, initiator: string | undefined): Error {
  const code = error instanceof ServerError && error.data ? HOST_ERRORS[error.data.kind] : undefined;
  const sentence =
    error instanceof ServerError ? error.sentence : plain(error instanceof Error ? error.message : String(error));
  if (!isChat(initiator)) {
    return code ? vscode.LanguageModelError[code](sentence) : new Error(sentence);
  }
  const shown = error instanceof ServerError ? paragraphs(error) : sentence;
  return Object.assign(new Error(shown), { stack: "", ...(code && { code }) });
}

/** What happened, and below it what to do: the chat reads it as Markdown. */
function paragraphs({ message, data }: ServerError): string {
  return [message, data?.remedy]
    .filter((text) => text !== undefined)
    .map(markdown)
    .join("\n\n");
}

/** An answer without a word. */
export function silence({ model, finishReason, usage, message }: CompleteResult): ServerError {
  const thought = Boolean(message.reasoning || usage?.reasoningTokens);
  const remedy = vscode.l10n.t("ask again, with less effort or another model");
  return new ServerError(`${model}: ${why(thought, finishReason === "length")}`, { kind: "badResponse", remedy });
}

function why(thought: boolean, toTheLimit: boolean): string {
  if (!thought) return vscode.l10n.t("it gave no answer: it sent nothing");
  if (toTheLimit) return vscode.l10n.t("it gave no answer: it only thought, until its limit of tokens was reached");
  return vscode.l10n.t("it gave no answer: it only thought");
}

/** Why an answer is not whole; undefined where it is. */
export function cutOff({ finishReason }: CompleteResult): string | undefined {
  switch (finishReason) {
    case undefined:
    case "stop":
    case "toolCalls":
      return undefined;
    case "length":
      return vscode.l10n.t("Cut off at the limit of tokens");
    case "contentFilter":
      return vscode.l10n.t("Cut off by a filter of the provider");
    default:
      return vscode.l10n.t("Ended with “{0}”, maybe too early", plain(finishReason));
  }
}

/** The calls of an answer. What was cut off amid one would be another call, so that none is made. */
export function callsOf(result: CompleteResult): ToolCall[] {
  const { message, model } = result;
  const calls = message.toolCalls ?? [];
  const why = cutOff(result);
  if (why === undefined || calls.every(isWhole)) return calls;
  const remedy = vscode.l10n.t("ask for less at a time, or ask a model with a higher limit");
  const sentence = vscode.l10n.t(
    "{0}: its answer broke off amid the call of a tool, which was not made ({1})",
    model,
    why,
  );
  throw new ServerError(sentence, { kind: "badResponse", remedy });
}

function isWhole({ arguments: text }: ToolCall): boolean {
  try {
    JSON.parse(text || "{}");
    return true;
  } catch {
    return false;
  }
}
