/** `litellm.explain` and `litellm.ask`: questions about a text whose answers stand beside it. */

import * as vscode from "vscode";
import { askWhat } from "../askWhat";
import type { World } from "../commands";
import { conversation, type Place, type Question } from "../edit";
import { mayBeSent } from "./complete";

/** As the light bulb names a place. */
interface Named {
  uri: string;
  range: { start: { line: number; character: number }; end: { line: number; character: number } };
}

export async function explain(world: World, named?: Named): Promise<void> {
  const place = await placeOf(named);
  const instruction = "Explain what the selection does, and anything about it that may surprise.";
  if (place) await answer(world, place, { instruction }, vscode.l10n.t("Explain {0}", nameOf(place)));
}

export async function ask(world: World): Promise<void> {
  const place = await placeOf(undefined);
  if (!place) return;
  const title = vscode.l10n.t("LiteLLM: Ask About {0}", nameOf(place));
  const question = await askWhat(world, place, { title, placeholder: vscode.l10n.t("What do you want to know?") });
  if (question) await answer(world, place, question, `${question.instruction} (${nameOf(place)})`);
}

export async function showAnswers({ answers }: World): Promise<void> {
  answers.open();
}

async function answer(world: World, place: Place, question: Question, title: string): Promise<void> {
  if (await mayBeSent(world, place.document)) await world.answers.ask(title, conversation(place, question), question.model);
}

/** The place that was named, else what is selected, else the whole text. */
async function placeOf(named: Named | undefined): Promise<Place | undefined> {
  // A menu of VS Code names the file, which is in front then.
  if (named?.range) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(named.uri));
    const { start, end } = named.range;
    return { document, range: new vscode.Range(start.line, start.character, end.line, end.character) };
  }
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    void vscode.window.showInformationMessage(`LiteLLM: ${vscode.l10n.t("Open a file to ask about.")}`);
    return undefined;
  }
  const { document, selection } = editor;
  if (!selection.isEmpty) return { document, range: selection };
  return { document, range: new vscode.Range(0, 0, document.lineCount, 0) };
}

/** `notes.md:3–5`. */
function nameOf({ document, range }: Place): string {
  const file = document.uri.path.split("/").at(-1) ?? "";
  const [first, last] = [range.start.line + 1, range.end.line + (range.end.character > 0 ? 1 : 0)];
  if (first === 1 && range.end.line >= document.lineCount - 1) return file;
  return `${file}:${first}${last > first ? `–${last}` : ""}`;
}
