/** Writes what a model answers into a text; `litellm.cancel` stops it. */

import * as vscode from "vscode";
import type { World } from "./world";
import type { About } from "../answers";
import { type Answer, ask, type Asked } from "../edit";
import type { Delta } from "../protocol";
import type { Replaced, Tracked } from "../tracked";
import { showAnswer } from "../unwritten";
import { fileName, placeName, plain, usage } from "../words";
import { Writer } from "../writer";
import { setting } from "../settings";

/** What is under way, by document. */
const running = new Map<vscode.TextDocument, vscode.CancellationTokenSource>();

/** Ends what is written into the text in front; where that is none, all of them. */
export async function cancel(): Promise<void> {
  const inFront = vscode.window.activeTextEditor?.document;
  const source = inFront && running.get(inFront);
  for (const one of source ? [source] : running.values()) one.cancel();
}

/** Whether nothing is written into a document yet: two answers would land amid each other. Else the user is told. */
export function isFree(document: vscode.TextDocument): boolean {
  const source = running.get(document);
  if (!source) return true;
  const stop = vscode.l10n.t("Cancel It");
  const sentence = vscode.l10n.t("A model is writing into this file: wait for its answer, or cancel it.");
  void vscode.window.showInformationMessage(`LiteLLM: ${sentence}`, stop).then((choice) => {
    if (choice === stop) source.cancel();
  });
  return false;
}

async function isRunning(
  document: vscode.TextDocument,
  source: vscode.CancellationTokenSource | undefined,
): Promise<void> {
  if (source) running.set(document, source);
  else running.delete(document);
  await tellRunning();
}

/** Tells VS Code which files are written into. It does not forget that by itself where the extensions were restarted. */
export async function tellRunning(): Promise<void> {
  await vscode.commands.executeCommand("setContext", "litellm.completing", running.size > 0);
  const files = [...running.keys()].map(({ uri }) => uri.fsPath);
  await vscode.commands.executeCommand("setContext", "litellm.writtenFiles", files);
}

/** What is asked, and where its answer goes. */
export interface Writing {
  asked: Asked;
  /** The text there is replaced by the answer; it is disposed of here. */
  target: Tracked;
  about: About;
  /** Whether the change is shown first, where a prompt says so. */
  preview?: boolean;
}

/**
 * Has a model write at a place: into the text while it comes, or as a diff when it is there. Settled when that is over:
 * whether the model shall be asked again.
 */
export async function write(world: World, writing: Writing): Promise<boolean> {
  const { asked, target, about, preview } = writing;
  const { document } = target;
  const isCursor = target.text === "";
  const when = setting("edits.review");
  const isReviewed = preview ?? (when === "always" || (when === "replacements" && !isCursor));
  // What is replaced is replaced in one step, when the whole of it is there.
  const writer = !isReviewed && isCursor ? new Writer(target) : undefined;
  const source = new vscode.CancellationTokenSource();
  const marking = isRunning(document, source);
  let review: (() => Promise<boolean>) | undefined;
  try {
    await marking;
    const answer = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: "LiteLLM", cancellable: true },
      (progress, token) => {
        token.onCancellationRequested(() => source.cancel());
        return ask(world, about, asked, follow(progress, writer), source.token);
      },
    );
    const cost = usage(answer.usage);
    const isCode = answer.place === "replace" || answer.place === "insert";
    const name = target.now ? placeName(target.now) : fileName(document.uri);
    const note = vscode.l10n.t("{0} would change {1} ({2})", plain(answer.model ?? ""), name, cost);
    const show = (why: string) => void showAnswer(world.answers, about, why, answer.newText);
    if (isCode && isReviewed) review = () => world.reviews.show(target, answer.newText, note, show);
    else await land(target, answer, { writer, cost, show });
  } finally {
    source.dispose();
    await isRunning(document, undefined);
    if (!review) target.dispose();
  }
  return review ? review().finally(() => target.dispose()) : false;
}

/** Shows how far an answer is, and writes it where that is done at once. */
function follow(progress: vscode.Progress<{ message: string }>, writer: Writer | undefined): (delta: Delta) => void {
  let lines = 1;
  return (delta) => {
    if (delta.type === "text") {
      writer?.write(delta.text);
      lines += delta.text.split("\n").length - 1;
      const message = lines === 1 ? vscode.l10n.t("writing…") : vscode.l10n.t("writing… {0} lines", lines);
      progress.report({
        message: writer?.isStopped
          ? vscode.l10n.t("the text was changed: the answer is shown when it is here")
          : message,
      });
    }
    if (delta.type === "reasoning") progress.report({ message: vscode.l10n.t("thinking…") });
    if (delta.type === "retry") progress.report({ message: vscode.l10n.t("trying again: {0}", plain(delta.message)) });
  };
}

/** Writes an answer, or shows it where it is not fit for that. */
async function land(
  target: Tracked,
  answer: Answer,
  { writer, cost, show }: { writer: Writer | undefined; cost: string; show: (why: string) => void },
): Promise<void> {
  const { newText, finishReason, reason = "" } = answer;
  const inBar = (text: string) => void vscode.window.setStatusBarMessage(`LiteLLM: ${text}`, 10_000);
  if (answer.place === "none") {
    await writer?.finish("");
    return void vscode.window.showWarningMessage(`LiteLLM: ${plain(reason)}`);
  }
  if (answer.place === "replace" || answer.place === "insert") {
    const replaced = writer ? await finish(writer, newText) : await target.replace(newText);
    if (replaced === "written") return inBar(cost);
    // Only a key of the user's own comes here: all else of VS Code knows of such files.
    if (replaced === "readOnly")
      return show(
        vscode.l10n.t(
          "the file is read-only, so this is the whole answer; a key of your own for this command needs the condition {0}",
          "!activeEditorIsReadonly",
        ),
      );
    return show(vscode.l10n.t("the text was closed or changed meanwhile, so this is the whole answer"));
  }
  // What was cut off stays where it was written.
  if (writer && finishReason !== "stop" && (await writer.finish(answer.streamed))) {
    if (finishReason === "cancelled") return inBar(vscode.l10n.t("cancelled; {0}", cost));
    const kept = vscode.l10n.t("{0}: what came of it is in the text, undo takes it back", plain(reason));
    return void vscode.window.showWarningMessage(`LiteLLM: ${kept}`);
  }
  await writer?.finish("");
  show(reason);
}

async function finish(writer: Writer, whole: string): Promise<Replaced> {
  if (await writer.finish(whole)) return "written";
  return writer.isReadOnly ? "readOnly" : "changed";
}
