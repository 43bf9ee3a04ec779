/** Writes what a model answers into a text; `litellm.cancel` stops it. */

import * as vscode from "vscode";
import type { World } from "./world";
import { type Answer, ask, type Place, type Question } from "../edit";
import { tell } from "../failures";
import type { Delta, Message } from "../protocol";
import { sentence } from "../serverFailures";
import { Tracked } from "../tracked";
import { fenced, showAnswer } from "../unwritten";
import { plain, usage } from "../words";
import { canBeChanged } from "../writable";
import { Writer } from "../writer";
import { setting } from "../settings";

/** What is under way, by document. */
const running = new Map<vscode.TextDocument, vscode.CancellationTokenSource>();

export async function cancel(): Promise<void> {
  for (const source of running.values()) source.cancel();
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
  await vscode.commands.executeCommand("setContext", "litellm.completing", running.size > 0);
}

/** What is asked, and where its answer goes. */
export interface Writing {
  place: Place;
  question: Question;
  target: Place;
  /** What it is called among the answers, and what is sent, and to which model. */
  title: string;
  messages: Message[];
  model?: string;
  /** Whether the change is shown first, where a prompt says so. */
  preview?: boolean;
}

/** Whether a change is shown as a diff before it lands. */
function isReviewed({ preview, target }: Writing): boolean {
  const when = setting("edits.review");
  return preview ?? (when === "always" || (when === "replacements" && !target.range.isEmpty));
}

/** Has a model write at a place: into the text while it comes, or as a diff when it is there. */
export async function write(world: World, writing: Writing): Promise<void> {
  const { place, question, target } = writing;
  if (!isFree(target.document) || !(await canBeChanged(target.document))) return;
  const source = new vscode.CancellationTokenSource();
  const marking = isRunning(target.document, source);
  const reviewed = isReviewed(writing);
  // What is replaced is replaced in one step, when the whole of it is there.
  const isStreamed = !reviewed && target.range.isEmpty;
  const writer = isStreamed ? new Writer(target.document, target.document.offsetAt(target.range.start)) : undefined;
  const where = new Tracked(target);
  const kept = world.answers.keep(writing.title, writing.messages, writing.model);
  let isShown = false;
  try {
    await marking;
    const answer = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: "LiteLLM", cancellable: true },
      (progress, token) => {
        token.onCancellationRequested(() => source.cancel());
        const show = follow(progress, writer);
        const take = (delta: Delta) => {
          if (delta.type === "text") kept.take(delta.text);
          show(delta);
        };
        return ask(world.server, place, question, take, source.token);
      },
    );
    const cost = usage(answer.usage);
    const isCode = answer.place === "replace" || answer.place === "insert";
    const text = isCode ? fenced(answer.newText, target.document.languageId) : answer.newText || answer.streamed;
    await kept.end(text, [plain(answer.model ?? ""), cost, plain(answer.reason ?? "")].filter(Boolean).join(" · "));
    if (isCode && reviewed) {
      isShown = true;
      const note = vscode.l10n.t("{0} would change this ({1})", plain(answer.model ?? ""), cost);
      void world.reviews.show(where, answer.newText, note, () => void write(world, writing));
    } else await land(target, answer, writer, where, cost);
  } catch (error) {
    await kept.end("", vscode.l10n.t("cut off"));
    // What was asked is asked again, without typing it once more.
    void tell(error, () => void write(world, writing));
  } finally {
    if (!isShown) where.dispose();
    writer?.dispose();
    source.dispose();
    await isRunning(target.document, undefined);
  }
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
    if (delta.type === "retry")
      progress.report({ message: vscode.l10n.t("trying again: {0}", sentence(delta.message)) });
  };
}

/** Writes an answer, or shows it where it is not fit for that. */
async function land(
  { document: { languageId: language } }: Place,
  answer: Answer,
  writer: Writer | undefined,
  where: Tracked,
  cost: string,
): Promise<void> {
  const { newText, finishReason, reason = "" } = answer;
  const inBar = (text: string) => void vscode.window.setStatusBarMessage(`LiteLLM: ${text}`, 10_000);
  if (answer.place === "none") {
    await writer?.finish("");
    return void vscode.window.showWarningMessage(`LiteLLM: ${plain(reason)}`);
  }
  if (answer.place === "replace" || answer.place === "insert") {
    const isWritten = writer ? await writer.finish(newText) : (await where.replace(newText)) === "written";
    if (isWritten) return inBar(cost);
    return showAnswer(
      vscode.l10n.t("the text was closed or changed meanwhile, so this is the whole answer"),
      newText,
      language,
    );
  }
  // What was cut off stays where it was written.
  if (writer && finishReason !== "stop" && (await writer.finish(answer.streamed))) {
    if (finishReason === "cancelled") return inBar(vscode.l10n.t("cancelled; {0}", cost));
    const kept = vscode.l10n.t("{0}: what came of it is in the text, undo takes it back", plain(reason));
    return void vscode.window.showWarningMessage(`LiteLLM: ${kept}`);
  }
  await writer?.finish("");
  return showAnswer(reason, newText, language);
}
