/** What the server tells and asks by itself, in the user's language: `window/showMessage` and `window/showMessageRequest`. */

import { window } from "vscode";
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

type Show = <Choice extends { title: string }>(text: string, ...choices: Choice[]) => Thenable<Choice | undefined>;

function show({ type }: Message): Show {
  if (type === ERROR) return window.showErrorMessage;
  return type === WARNING ? window.showWarningMessage : window.showInformationMessage;
}

export function tell(message: Message): void {
  void show(message)(sentence(message.message));
}

/** The button that the user chose, in the server's own words, by which it knows it. Null where they chose none. */
export async function ask(question: Question): Promise<{ title: string } | null> {
  const choices = (question.actions ?? []).map((action) => ({ title: sentence(action.title), action }));
  const chosen = await show(question)(sentence(question.message), ...choices);
  return chosen?.action ?? null;
}
