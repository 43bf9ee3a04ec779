/** What providers want back with a message that called tools, such as signed reasoning: the host's own messages have no place for it. */

import type { AssistantMessage, ToolCall } from "./protocol";

/** Most messages that are kept; the ones used least recently go first. */
const MOST = 500;

/**
 * The messages of this window that called tools, by what they called: many providers number the calls of each answer
 * anew, so that an id alone may be one of another conversation.
 */
export class Carried {
  private readonly byCall = new Map<string, AssistantMessage>();

  /** Keeps a message for the turns that follow it. */
  keep(message: AssistantMessage): void {
    for (const call of message.toolCalls ?? []) this.use(callKey(call), message);
    for (const key of this.byCall.keys()) {
      if (this.byCall.size <= MOST) break;
      this.byCall.delete(key);
    }
  }

  /** The message that made this call; undefined after a reload of the window. */
  of(call: ToolCall): AssistantMessage | undefined {
    const key = callKey(call);
    const message = this.byCall.get(key);
    if (message) this.use(key, message);
    return message;
  }

  private use(key: string, message: AssistantMessage): void {
    this.byCall.delete(key);
    this.byCall.set(key, message);
  }
}

/** A call as the host keeps it: its id, its name and what its arguments say. */
export function callKey({ id, name, arguments: said }: ToolCall): string {
  try {
    return JSON.stringify([id, name, JSON.parse(said)]);
  } catch {
    return JSON.stringify([id, name, said]);
  }
}
