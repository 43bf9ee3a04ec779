/** Answers that are not written into their texts: shown whole, with a way to write them all the same. */

import * as vscode from "vscode";
import type { About, Answers } from "./answers";
import { plain } from "./words";

/** Shows an answer among the others, and why it is not where it was meant to be. */
export async function showAnswer(answers: Answers, about: About, reason: string, text: string): Promise<void> {
  answers.explain(about, plain(reason));
  const [insert, copy] = [vscode.l10n.t("Insert at the Cursor"), vscode.l10n.t("Copy")];
  const choice = await vscode.window.showWarningMessage(`LiteLLM: ${plain(reason)}`, insert, copy);
  if (choice === copy) await vscode.env.clipboard.writeText(text);
  if (choice !== insert) return;
  const editor = vscode.window.activeTextEditor;
  // It says that it was done where the file is read-only, and nothing was.
  const before = editor?.document.version;
  await editor?.edit((edit) => edit.insert(editor.selection.active, text));
  const inserted = editor !== undefined && editor.document.version !== before;
  const advice = vscode.l10n.t("Open a file that can be edited, then copy from the page.");
  if (!inserted) void vscode.window.showInformationMessage(`LiteLLM: ${advice}`);
}

/** A text in a fence that is longer than any in it. */
export function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\r?\n$/, "")}\n${fence}`;
}
