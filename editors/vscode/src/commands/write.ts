/** Writes what a model answers into a text; `litellm.cancel` stops it. */

import * as vscode from "vscode";
import type { World } from "../commands";
import { type Answer, ask, type Place, type Question } from "../edit";
import { tell } from "../failures";
import { showPage } from "../pages";
import type { Delta } from "../protocol";
import { Tracked } from "../tracked";
import { plain, usage } from "../words";
import { Writer } from "../writer";

let running: vscode.CancellationTokenSource | undefined;

export async function cancel(): Promise<void> {
  running?.cancel();
}

/** What is asked, and where its answer goes. */
export interface Writing {
  place: Place;
  question: Question;
  target: Place;
  /** Whether the change is shown first, where a prompt says so. */
  preview?: boolean;
}

/** Whether a change is shown as a diff before it lands. */
function isReviewed({ preview, target }: Writing): boolean {
  const when = vscode.workspace.getConfiguration("litellm").get<string>("edits.review", "replacements");
  return preview ?? (when === "always" || (when === "replacements" && !target.range.isEmpty));
}

/** Has a model write at a place: into the text while it comes, or as a diff when it is there. */
export async function write(world: World, writing: Writing): Promise<void> {
  running?.cancel();
  const source = (running = new vscode.CancellationTokenSource());
  const { place, question, target } = writing;
  const reviewed = isReviewed(writing);
  // What is replaced is replaced in one step, when the whole of it is there.
  const isStreamed = !reviewed && target.range.isEmpty;
  const writer = isStreamed ? new Writer(target.document, target.document.offsetAt(target.range.start)) : undefined;
  const where = new Tracked(target);
  await vscode.commands.executeCommand("setContext", "litellm.completing", true);
  let isShown = false;
  try {
    const answer = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: "LiteLLM", cancellable: true },
      (progress, token) => {
        token.onCancellationRequested(() => source.cancel());
        return ask(world.server, place, question, follow(progress, writer), source.token);
      },
    );
    const cost = usage(answer.usage);
    if ((answer.place === "replace" || answer.place === "insert") && reviewed) {
      isShown = true;
      const note = vscode.l10n.t("{0} would change this ({1})", plain(answer.model ?? ""), cost);
      void world.reviews.show(where, answer.newText, note, () => void write(world, writing));
    } else await land(target, answer, writer, where, cost);
  } catch (error) {
    // What was asked is asked again, without typing it once more.
    void tell(error, () => void write(world, writing));
  } finally {
    if (!isShown) where.dispose();
    writer?.dispose();
    source.dispose();
    if (running === source) {
      running = undefined;
      await vscode.commands.executeCommand("setContext", "litellm.completing", false);
    }
  }
}

/** Shows how far an answer is, and writes it where that is done at once. */
function follow(progress: vscode.Progress<{ message: string }>, writer: Writer | undefined): (delta: Delta) => void {
  let lines = 1;
  return (delta) => {
    if (delta.type === "text") {
      writer?.write(delta.text);
      lines += delta.text.split("\n").length - 1;
      progress.report({ message: lines === 1 ? vscode.l10n.t("writing…") : vscode.l10n.t("writing… {0} lines", lines) });
    }
    if (delta.type === "reasoning") progress.report({ message: vscode.l10n.t("thinking…") });
    if (delta.type === "retry") progress.report({ message: vscode.l10n.t("trying again: {0}", plain(delta.message)) });
  };
}

/** Writes an answer, or shows it where it is not fit for that. */
async function land(place: Place, answer: Answer, writer: Writer | undefined, where: Tracked, cost: string): Promise<void> {
  const { newText, finishReason, reason = "" } = answer;
  const inBar = (text: string) => void vscode.window.setStatusBarMessage(`LiteLLM: ${text}`, 10_000);
  if (answer.place === "none") {
    await writer?.finish("");
    return void vscode.window.showWarningMessage(`LiteLLM: ${plain(reason)}`);
  }
  if (answer.place === "replace" || answer.place === "insert") {
    if (await (writer ? writer.finish(newText) : where.replace(newText))) return inBar(cost);
    return show(vscode.l10n.t("the text was closed or changed meanwhile, so this is the whole answer"), newText, place.document);
  }
  if (writer && finishReason === "cancelled") return inBar(vscode.l10n.t("cancelled; {0}", cost));
  // What was cut off stays where it was written.
  if (writer && finishReason !== "stop" && (await writer.finish(answer.streamed))) {
    const kept = vscode.l10n.t("{0}: what came of it is in the text, undo takes it back", plain(reason));
    return void vscode.window.showWarningMessage(`LiteLLM: ${kept}`);
  }
  await writer?.finish("");
  return show(reason, newText, place.document);
}

/** Shows an answer that found no place in the text, with a way to write it all the same. */
async function show(reason: string, text: string, document: vscode.TextDocument): Promise<void> {
  const title = vscode.l10n.t("The text was left as it was: {0}.", plain(reason));
  await showPage("Answer.md", `${title}\n\n${fenced(text, document.languageId)}\n`);
  const [insert, copy] = [vscode.l10n.t("Insert at the Cursor"), vscode.l10n.t("Copy")];
  const choice = await vscode.window.showWarningMessage(`LiteLLM: ${plain(reason)}`, insert, copy);
  if (choice === copy) await vscode.env.clipboard.writeText(text);
  if (choice !== insert) return;
  const editor = vscode.window.activeTextEditor;
  const inserted = await editor?.edit((edit) => edit.replace(editor.selection, text));
  const advice = vscode.l10n.t("Open a file that can be edited, then copy from the page.");
  if (!inserted) void vscode.window.showInformationMessage(`LiteLLM: ${advice}`);
}

/** A text in a fence that is longer than any in it. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
