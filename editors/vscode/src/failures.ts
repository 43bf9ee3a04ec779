/** Failures of commands, as people are told of them: what happened, what to do, and the buttons that do it. */

import * as vscode from "vscode";
import type { ErrorKind } from "./protocol";
import { ServerError } from "./server";
import { plain } from "./words";

/** What another attempt may help. */
const PASSING: ErrorKind[] = [
  "rateLimited",
  "timeout",
  "unreachable",
  "upstream",
  "streamInterrupted",
  "busy",
  "badResponse",
];

/** Does something until it succeeds, or the user who is told of its failure gives up. */
export async function untilDone(act: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!(await tell(error))) return;
    }
  }
}

/** Tells of a failure. Whether the user wants it tried again. */
async function tell(error: unknown): Promise<boolean> {
  if (error instanceof vscode.CancellationError) return false;
  const data = error instanceof ServerError ? error.data : undefined;
  const retry = vscode.l10n.t("Try Again");
  const setUp = vscode.l10n.t("Set Up");
  const status = vscode.l10n.t("Status");
  const canPass = data !== undefined && PASSING.includes(data.kind);
  // A limit of requests is nothing that other settings could mend.
  const buttons = [...(canPass ? [retry] : []), ...(data?.kind === "rateLimited" ? [] : [setUp, status])];
  const choice = await vscode.window.showErrorMessage(`LiteLLM: ${sentence(error)}`, ...buttons);
  if (choice === setUp) await vscode.commands.executeCommand("litellm.configure");
  if (choice === status) await vscode.commands.executeCommand("litellm.status");
  return choice === retry;
}

function sentence(error: unknown): string {
  if (!(error instanceof ServerError)) return plain(error instanceof Error ? error.message : String(error));
  const wait = error.data?.retryAfterMs;
  if (wait === undefined || /\d/.test(error.data?.remedy ?? "")) return error.sentence;
  return vscode.l10n.t("{0} (the proxy asks to wait for {1} s)", error.sentence, Math.ceil(wait / 1_000));
}
