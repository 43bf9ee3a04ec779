/** What the server asks by itself: `window/showMessageRequest`. */

import { l10n, type MessageItem, window } from "vscode";
import { plain } from "./words";

/** As the protocol of language servers has it; the action that leaves all as it is has `isCloseAffordance`. */
export interface Question {
  type: number;
  message: string;
  actions?: MessageItem[];
}

const ERROR = 1;
const WARNING = 2;

/**
 * Whether something may go out. What has the focus sends nothing: an Enter that was meant for what was there before
 * answers it.
 */
export async function mayGoOut(question: string, send: string): Promise<boolean> {
  const keep = l10n.t("Don't Send It");
  return (await window.showWarningMessage(`LiteLLM: ${question}`, { modal: true }, keep, send)) === send;
}

/**
 * The button that the user chose; null where they chose none. The question stays in front until then: VS Code hides a
 * notification after some seconds, and what waits would wait on without a word.
 */
export async function ask({ type, message, actions = [] }: Question): Promise<MessageItem | null> {
  const show =
    type === ERROR
      ? window.showErrorMessage
      : type === WARNING
        ? window.showWarningMessage
        : window.showInformationMessage;
  const safe = actions.find(({ isCloseAffordance }) => isCloseAffordance);
  if (!safe) return (await show(plain(message), { modal: true }, ...actions)) ?? null;
  // VS Code gives the focus to the first button that does not close the question, so that the safe one must be such.
  const button = { title: safe.title };
  const chosen = await show(plain(message), { modal: true }, button, ...actions.filter((action) => action !== safe));
  return chosen && chosen !== button ? chosen : safe;
}
