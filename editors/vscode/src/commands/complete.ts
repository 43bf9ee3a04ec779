/** `litellm.complete`: streams an answer to the cursor, or replaces the selection; `litellm.cancel` stops it. */

import * as vscode from "vscode";
import type { World } from "../commands";
import { showPage } from "../pages";
import { type CompleteResult, type Delta, type FitParams, Method } from "../protocol";
import { ServerError } from "../server";
import { plain, usage } from "../words";
import { Writer } from "../writer";

let running: vscode.CancellationTokenSource | undefined;

export async function cancel(): Promise<void> {
  running?.cancel();
}

export async function complete(world: World): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    void vscode.window.showInformationMessage("LiteLLM: open a file to complete into");
    return;
  }
  const { document, selection } = editor;
  if (vscode.workspace.fs.isWritableFileSystem(document.uri.scheme) === false) {
    void vscode.window.showInformationMessage("LiteLLM: this file is read-only: open one that can be edited");
    return;
  }
  const { version } = document;
  const asked = await vscode.window.showInputBox({
    title: "LiteLLM: Complete into the Editor",
    prompt: selection.isEmpty ? "What shall be written here?" : "What shall become of the selection?",
    ignoreFocusOut: true,
  });
  if (!asked) return;
  if (selection.isEmpty) {
    if (await mayBeSent(world, document)) await writeAt(world, document, selection.active, asked);
    return;
  }
  // The server replaces it as the light bulb does: in one step, and only while it is unchanged.
  const range = { start: selection.start, end: selection.end };
  const about = { uri: document.uri.toString(), range, version, instruction: asked };
  await vscode.commands.executeCommand("litellm-ls.rewrite", about);
}

/** Asks the user about a file that may hold secrets before anything of it leaves the editor. */
async function mayBeSent({ server }: World, { uri }: vscode.TextDocument): Promise<boolean> {
  const { secret } = await server.request(Method.checkFile, { uri: uri.toString() });
  if (!secret) return true;
  const question = "LiteLLM: this file may hold secrets, and the text around the cursor would be sent to the model";
  return (await vscode.window.showWarningMessage(question, { modal: true }, "Send It")) === "Send It";
}

/** Most characters of the text before and after the cursor that a model is shown. */
const BEFORE = 8_000;
const AFTER = 4_000;

const ROLE =
  "You write into a file inside an editor, at the place between before and after. Answer with the text that belongs " +
  "there, and with nothing else: no explanation and no code fence. Keep the indentation and the style of the file.";

/** An answer, or what had come of it. */
type Answer = Pick<CompleteResult, "message" | "finishReason" | "usage"> & { failure?: string };

/** Where an answer goes. */
type Place = Pick<FitParams, "before" | "after" | "language">;

/** Writes an answer at a place of a document while it comes. */
async function writeAt({ server }: World, document: vscode.TextDocument, at: vscode.Position, asked: string): Promise<void> {
  running?.cancel();
  const source = (running = new vscode.CancellationTokenSource());
  const offset = document.offsetAt(at);
  const place = around(document, offset);
  const writer = new Writer(document, offset);
  await vscode.commands.executeCommand("setContext", "litellm.completing", true);
  let streamed = "";
  try {
    const answer = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: "LiteLLM", cancellable: true },
      (progress, token) => {
        token.onCancellationRequested(() => source.cancel());
        const take = (delta: Delta) => {
          if (delta.type === "text") {
            streamed += delta.text;
            writer.write(delta.text);
          }
          if (delta.type === "reasoning") progress.report({ message: "thinking…" });
          if (delta.type === "retry") progress.report({ message: `trying again: ${plain(delta.message)}` });
        };
        const params = { system: ROLE, prompt: question(document, place, asked) };
        return server.stream(params, take, source.token).catch((error: unknown) => brokenOff(error, streamed));
      },
    );
    await end(server, answer, place, writer, document);
  } finally {
    writer.dispose();
    source.dispose();
    if (running === source) {
      running = undefined;
      await vscode.commands.executeCommand("setContext", "litellm.completing", false);
    }
  }
}

function around(document: vscode.TextDocument, offset: number): Place {
  const text = document.getText();
  return {
    before: text.slice(Math.max(0, offset - BEFORE), offset),
    after: text.slice(offset, offset + AFTER),
    language: document.languageId,
  };
}

function question(document: vscode.TextDocument, { before, after, language }: Place, asked: string): string {
  const file = document.uri.path.split("/").at(-1);
  return `The file is \`${file}\` (${language}).\n\n<before>\n${before}</before>\n\n<after>\n${after}</after>\n\n${asked}`;
}

/** What had come of an answer that was cancelled or failed. */
function brokenOff(error: unknown, streamed: string): Answer {
  if (error instanceof vscode.CancellationError) return { message: { text: streamed }, finishReason: "cancelled" };
  if (!(error instanceof ServerError) || !streamed) throw error;
  const { message, usage } = error.data?.partial ?? {};
  return { message: message ?? { text: streamed }, ...(usage && { usage }), finishReason: "error", failure: error.sentence };
}

/** Leaves in the document what is fit for it, and shows what is not. */
async function end(
  server: World["server"],
  { message, finishReason, usage: took, failure }: Answer,
  place: Place,
  writer: Writer,
  document: vscode.TextDocument,
): Promise<void> {
  const { text, refusal } = message;
  const fit = await server.request(Method.fit, {
    text,
    ...place,
    ...(refusal !== undefined && { refusal }),
    ...(finishReason !== undefined && { finishReason }),
  });
  const cost = usage(took);
  if (fit.type === "write") {
    if (await writer.finish(fit.text)) return void vscode.window.setStatusBarMessage(`LiteLLM: ${cost}`, 10_000);
    return show("the text was closed or changed meanwhile, so this is the whole answer", fit.text, document);
  }
  if (fit.type === "nothing") {
    await writer.finish("");
    return void vscode.window.showWarningMessage(`LiteLLM: ${plain(fit.reason)}`);
  }
  if (finishReason === "cancelled") return void vscode.window.setStatusBarMessage(`LiteLLM: cancelled; ${cost}`, 10_000);
  const reason = failure ?? fit.reason;
  if (finishReason !== "stop" && (await writer.finish(text))) {
    // What was cut off stays where it was written.
    return void vscode.window.showWarningMessage(`LiteLLM: ${plain(reason)}: what came of it is in the text, undo takes it back`);
  }
  await writer.finish("");
  return show(reason, fit.text, document);
}

/** Shows an answer that found no place in the text, with a way to write it all the same. */
async function show(reason: string, text: string, document: vscode.TextDocument): Promise<void> {
  await showPage("Answer.md", `The text was left as it was: ${plain(reason)}.\n\n${fenced(text, document.languageId)}\n`);
  const choice = await vscode.window.showWarningMessage(`LiteLLM: ${plain(reason)}`, "Insert at the Cursor", "Copy");
  if (choice === "Copy") await vscode.env.clipboard.writeText(text);
  if (choice !== "Insert at the Cursor") return;
  const editor = vscode.window.activeTextEditor;
  const inserted = await editor?.edit((edit) => edit.replace(editor.selection, text));
  if (!inserted) void vscode.window.showInformationMessage("LiteLLM: open a file that can be edited, then copy from the page");
}

/** A text in a fence that is longer than any in it. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
