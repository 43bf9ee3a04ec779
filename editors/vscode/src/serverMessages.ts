/** What the server tells and asks by itself, in the user's language: `window/showMessage` and `window/showMessageRequest`. */

import { type MessageItem, type MessageOptions, window } from "vscode";
import { sentence } from "./serverFailures";

/** As the protocol of language servers has them. */
export interface Message {
  type: number;
  message: string;
}
export interface Question extends Message {
  actions?: { title: string }[];
}

const ERROR = 1;
const WARNING = 2;

/** Answers that leave all as it is, in the server's words: closing the question says the same. */
export const REFUSALS = ["Not Now", "Don't Send It", "Refuse"];

type Show = <Choice extends MessageItem>(
  text: string,
  options: MessageOptions,
  ...choices: Choice[]
) => Thenable<Choice | undefined>;

function show({ type }: Message): Show {
  if (type === ERROR) return window.showErrorMessage;
  return type === WARNING ? window.showWarningMessage : window.showInformationMessage;
}

export function tell(message: Message): void {
  void show(message)(sentence(message.message), {});
}

/**
 * The button that the user chose, in the server's own words, by which it knows it. Null where they chose none. The
 * question stays in front until then: VS Code hides a notification after some seconds, and what waits would wait on
 * without a word.
 */
export async function ask(question: Question): Promise<{ title: string } | null> {
  const choices = (question.actions ?? []).map((action) => ({
    title: sentence(action.title),
    isCloseAffordance: REFUSALS.includes(action.title),
    action,
  }));
  const chosen = await show(question)(sentence(question.message), { modal: true }, ...choices);
  return chosen?.action ?? null;
}
