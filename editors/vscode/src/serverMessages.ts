/** What the server asks by itself: `window/showMessageRequest`. */

import { type MessageItem, window } from "vscode";
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
  return (await show(plain(message), { modal: true }, ...actions)) ?? null;
}
