/** Everything that is asked about a place in a text, from the palette, the menus and the light bulb. */

import * as vscode from "vscode";
import { askWhat, toWrite } from "../askWhat";
import type { World } from "./world";
import { look, type Place, type Question } from "../edit";
import { Method } from "../protocol";
import { fileName, label, plain } from "../words";
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
  const place = { document, range: new vscode.Range(start.line, start.character, end.line, end.character) };
  const question = {
    ...task,
    ...(named.instruction && { instruction: named.instruction }),
    ...(named.prompt && { prompt: named.prompt }),
    ...(named.problems?.length && { diagnostics: named.problems }),
  };
  await go(world, place, question);
}

/** `litellm.complete`: what shall be written at the cursor, or become of the selection. */
export async function complete(world: World): Promise<void> {
  const place = inFront("cursor");
  if (!place || !isFree(place.document) || !(await canBeChanged(place.document))) return;
  const question = await askWhat(world, place, toWrite(place));
  if (question) await go(world, place, question);
}

/** `litellm.completeReadOnly`: the same in the palette of an editor that VS Code knows to be read-only. */
export async function completeReadOnly(): Promise<void> {
  if (inFront("cursor")) tellReadOnly();
}

/** `litellm.runPromptReadOnly`: answers to read are given there, too. */
export function runPromptReadOnly(world: World): Promise<void> {
  return runPrompt(world, true);
}

/** `litellm.explain`. */
export async function explain(world: World): Promise<void> {
  const place = inFront("all");
  if (place) await go(world, place, { task: "explain" });
}

/** `litellm.ask`. */
export async function ask(world: World): Promise<void> {
  const place = inFront("all");
  if (!place) return;
  const title = vscode.l10n.t("LiteLLM: Ask About {0}", nameOf(place));
  const words = { title, placeholder: vscode.l10n.t("What do you want to know?") };
  const question = await askWhat(world, place, words, { task: "ask" });
  if (question) await go(world, place, question);
}

/** `litellm.runPrompt`: one of the prompts of the settings file. */
export async function runPrompt(world: World, isReadOnly = false): Promise<void> {
  const place = inFront("cursor");
  if (!place) return;
  const { prompts } = await world.server.request(Method.listPrompts, {});
  const own = prompts.filter(({ builtIn }) => !builtIn);
  if (!own.length) {
    const text = vscode.l10n.t(
      "There is no prompt of your own: write [prompts.NAME] with a title and a template into the settings file.",
    );
    return void vscode.window.showInformationMessage(`LiteLLM: ${text}`);
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
  const asked = await askWhat(
    world,
    place,
    { title: `LiteLLM: ${row.title}`, placeholder: vscode.l10n.t("What belongs into the prompt?") },
    question,
  );
  if (asked) await go(world, place, asked, isReadOnly);
}

/** `litellm.showAnswers`. */
export async function showAnswers({ answers }: World): Promise<void> {
  answers.open();
}

/** Asks: into the text, or for an answer to read beside it. `isReadOnly` is known of the editor. */
async function go(world: World, place: Place, question: Question, isReadOnly = false): Promise<void> {
  const { document } = place;
  const plan = await look(world.server, place, question);
  const about = {
    title: `${called(question)} (${nameOf(place)})`,
    messages: plan.messages ?? [],
    ...(plan.model && { model: plan.model }),
  };
  if (plan.place !== "page") {
    if (isReadOnly) return tellReadOnly();
    const { start, end } = plan.range;
    const range = new vscode.Range(start.line, start.character, end.line, end.character);
    return write(world, {
      place,
      question,
      target: { document, range },
      ...about,
      ...(plan.preview !== undefined && { preview: plan.preview }),
    });
  }
  if (await mayBeSent(world, document)) await world.answers.ask(about.title, about.messages, about.model);
}

/** What is asked, in a word or as the user put it. */
function called({ instruction, prompt, task }: Question): string {
  if (instruction || prompt) return instruction || prompt || "";
  if (task === "test") return vscode.l10n.t("Write tests");
  return task === "explain" ? vscode.l10n.t("Explain") : vscode.l10n.t("Change");
}

/** Asks the user about a file that may hold secrets before anything of it leaves the editor. */
async function mayBeSent({ server }: World, { uri }: vscode.TextDocument): Promise<boolean> {
  const { secret } = await server.request(Method.checkFile, { uri: uri.toString() });
  if (!secret) return true;
  const question = vscode.l10n.t("This file may hold secrets, and its text would be sent to the model.");
  const send = vscode.l10n.t("Send It");
  return (await vscode.window.showWarningMessage(`LiteLLM: ${question}`, { modal: true }, send)) === send;
}

/** What is selected in the editor in front, else its cursor or all of its text. */
function inFront(otherwise: "cursor" | "all"): Place | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    void vscode.window.showInformationMessage(`LiteLLM: ${vscode.l10n.t("Open a file first.")}`);
    return undefined;
  }
  const { document, selection } = editor;
  if (otherwise === "cursor" || !selection.isEmpty)
    return { document, range: new vscode.Range(selection.start, selection.end) };
  return { document, range: new vscode.Range(0, 0, document.lineCount, 0) };
}

/** `notes.md:3–5`. */
function nameOf({ document, range }: Place): string {
  const file = fileName(document.uri);
  const [first, last] = [range.start.line + 1, range.end.line + (range.end.character > 0 ? 1 : 0)];
  if (first === 1 && range.end.line >= document.lineCount - 1) return file;
  return `${file}:${first}${last > first ? `–${last}` : ""}`;
}
