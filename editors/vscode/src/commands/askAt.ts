/** Everything that is asked about a place in a text, from the palette, the menus and the light bulb. */

import * as vscode from "vscode";
import { askWhat, gone, toWrite } from "../askWhat";
import type { World } from "./world";
import { type Asked, asks, look, type Question } from "../edit";
import { isEditorsOwn } from "../editorsOwn";
import { untilDone } from "../failures";
import { Method } from "../protocol";
import { mayGoOut } from "../serverMessages";
import { type Place, Tracked } from "../tracked";
import { label, placeName, plain } from "../words";
import { isFree, write } from "./write";
import { canBeChanged, tellReadOnly } from "../writable";

/** As the light bulb names a place. */
interface Named {
  uri: string;
  range: { start: { line: number; character: number }; end: { line: number; character: number } };
  instruction?: string | null;
  problems?: string[];
  prompt?: string | null;
}

/** `litellm.askAt`: a task at a place that the light bulb names. */
export async function askAt(world: World, task: Question, named: Named): Promise<void> {
  const { start, end } = named.range;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(named.uri));
  const editor = vscode.window.activeTextEditor;
  if (editor?.document === document && !isOne(editor)) return;
  const question = {
    ...task,
    ...(named.instruction && { instruction: named.instruction }),
    ...(named.prompt && { prompt: named.prompt }),
    ...(named.problems?.length && { diagnostics: named.problems }),
  };
  const range = new vscode.Range(start.line, start.character, end.line, end.character);
  await at({ document, range }, (place) => go(world, place, question));
}

/** `litellm.complete`: what shall be written at the cursor, or become of the selection. */
export function complete(world: World): Promise<void> {
  return inFront("cursor", async (place) => {
    if (!isFree(place.document) || !(await canBeChanged(place.document))) return;
    const question = await askWhat(world, place, toWrite);
    if (question) await go(world, place, question);
  });
}

/** `litellm.completeReadOnly`: the same in the palette of an editor that VS Code knows to be read-only. */
export function completeReadOnly(): Promise<void> {
  return inFront("cursor", async () => tellReadOnly());
}

/** `litellm.runPromptReadOnly`: answers to read are given there, too. */
export function runPromptReadOnly(world: World): Promise<void> {
  return runPrompt(world, true);
}

/** `litellm.explain`. */
export function explain(world: World): Promise<void> {
  return inFront("all", (place) => go(world, place, { task: "explain" }));
}

/** `litellm.ask`. */
export function ask(world: World): Promise<void> {
  return inFront("all", async (place) => {
    const words = (now: Place) => ({
      title: vscode.l10n.t("LiteLLM: Ask About {0}", placeName(now)),
      placeholder: vscode.l10n.t("What do you want to know?"),
    });
    const question = await askWhat(world, place, words, { task: "ask" });
    if (question) await go(world, place, question);
  });
}

/** `litellm.runPrompt`: one of the prompts of the settings file. */
export function runPrompt(world: World, isReadOnly = false): Promise<void> {
  return inFront("cursor", (place) => runPromptAt(world, place, isReadOnly));
}

async function runPromptAt(world: World, place: Tracked, isReadOnly: boolean): Promise<void> {
  const { prompts } = await world.server.request(Method.listPrompts, {});
  const own = prompts.filter(({ builtIn }) => !builtIn);
  if (!own.length) {
    const text = vscode.l10n.t(
      "There is no prompt of your own: write [prompts.NAME] with a title and a template into the settings file.",
    );
    return tell(text);
  }
  const rows = own.map(({ name, title, template, model, output }) => ({
    label: label(title),
    description: label(model ?? ""),
    detail: label(template),
    title: plain(title),
    name,
    output,
    template,
  }));
  const row = await vscode.window.showQuickPick(rows, {
    title: vscode.l10n.t("LiteLLM: Run a Prompt"),
    matchOnDetail: true,
  });
  if (!row) return;
  const question = { prompt: row.name };
  if (!row.template.includes("{input}")) return go(world, place, question, isReadOnly);
  if (isReadOnly && row.output !== "page") return tellReadOnly();
  const words = { title: `LiteLLM: ${row.title}`, placeholder: vscode.l10n.t("What belongs into the prompt?") };
  const asked = await askWhat(world, place, () => words, question);
  if (asked) await go(world, place, asked, isReadOnly);
}

/** `litellm.showAnswers`. */
export async function showAnswers({ answers }: World): Promise<void> {
  answers.open();
}

/** Asks until there is an answer or the user gives up. `isReadOnly` is known of the editor. */
async function go(world: World, place: Tracked, question: Question, isReadOnly = false): Promise<void> {
  await untilDone(async () => {
    while (await once(world, place, question, isReadOnly));
  });
}

/** Asks: into the text, or for an answer to read beside it. Whether it shall be done again, with the text as it is then. */
async function once(world: World, place: Tracked, question: Question, isReadOnly: boolean): Promise<boolean> {
  // As it is now: what is asked more, or again, goes to the same server.
  const profile = question.profile ?? (await world.session.inUseOf());
  const now = (await place.open()) ? place.now : undefined;
  if (!now) {
    void vscode.window.showWarningMessage(`LiteLLM: ${gone()}`);
    return false;
  }
  const { document } = now;
  const asked = asks(now, { ...question, profile });
  const plan = await look(world.server, asked);
  const about = {
    title: `${called(question)} (${placeName(now)})`,
    messages: plan.messages ?? [],
    profile,
    ...(plan.model && { model: plan.model }),
  };
  if (plan.place === "page") {
    if (await mayBeSent(world, document.uri, asked)) await world.answers.ask(about);
    return false;
  }
  if (isReadOnly) {
    tellReadOnly();
    return false;
  }
  if (!isFree(document) || !(await canBeChanged(document))) return false;
  // About all others the server asks.
  const isOwn = isEditorsOwn(document.uri, world.context.globalStorageUri);
  if (isOwn && !(await mayBeSent(world, document.uri, asked))) return false;
  // Whoever types just then has another text asked about, and has moved the place.
  if (document.isClosed || document.getText() !== asked.params.textDocument.text) return true;
  const { start, end } = plan.range;
  const range = new vscode.Range(start.line, start.character, end.line, end.character);
  const target = new Tracked({ document, range });
  return write(world, { asked, target, about, ...(plan.preview !== undefined && { preview: plan.preview }) });
}

/** What is asked, in a word or as the user put it. */
function called({ instruction, prompt, task }: Question): string {
  if (instruction || prompt) return instruction || prompt || "";
  if (task === "test") return vscode.l10n.t("Write tests");
  return task === "explain" ? vscode.l10n.t("Explain") : vscode.l10n.t("Change");
}

/** Asks the user about a file that may hold secrets before anything of it leaves the editor. */
async function mayBeSent({ context, server }: World, file: vscode.Uri, { params }: Asked): Promise<boolean> {
  const { uri, text } = params.textDocument;
  // The text as well: the server knows no cell of a notebook.
  const { secret } = await server.request(Method.checkFile, { uri, ...(text !== undefined && { text }) });
  if (!secret && !isEditorsOwn(file, context.globalStorageUri)) return true;
  const question = vscode.l10n.t("This file may hold secrets, and its text would be sent to the model.");
  return mayGoOut(question, vscode.l10n.t("Send It"));
}

/** Does something with what is selected in the editor in front, else its cursor or all of its text. */
async function inFront(otherwise: "cursor" | "all", act: (place: Tracked) => Promise<void>): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return tell(vscode.l10n.t("Open a file first."));
  const { document, selection, selections } = editor;
  const isAll = otherwise === "all" && selections.every(({ isEmpty }) => isEmpty);
  if (!isAll && !isOne(editor)) return;
  const range = isAll ? new vscode.Range(0, 0, document.lineCount, 0) : selection;
  await at({ document, range }, act);
}

/** Whether there is one cursor or selection; else the user is told, before anything is paid for. */
function isOne({ selections }: vscode.TextEditor): boolean {
  const { length } = selections;
  if (length > 1)
    tell(vscode.l10n.t("There are {0} cursors: leave one, for a model is asked about one place.", length));
  return length === 1;
}

function tell(sentence: string): void {
  void vscode.window.showInformationMessage(`LiteLLM: ${sentence}`);
}

/** Does something with a place, which is followed for as long as that takes. */
async function at(now: Place, act: (place: Tracked) => Promise<void>): Promise<void> {
  const place = new Tracked(now);
  try {
    await act(place);
  } finally {
    place.dispose();
  }
}
