/** What providers want back with a message that called tools, such as signed reasoning: the host's own messages have no place for it. */

import type { AssistantMessage } from "./protocol";

/** Most messages that are kept; the ones used least recently go first. */
const MOST = 500;

/** The messages of this window that called tools, by the ids of their calls, which the host keeps as they are. */
export class Carried {
  private readonly byCall = new Map<string, AssistantMessage>();

  /** Keeps a message for the turns that follow it. */
  keep(message: AssistantMessage): void {
    for (const { id } of message.toolCalls ?? []) this.use(id, message);
    for (const id of this.byCall.keys()) {
      if (this.byCall.size <= MOST) break;
      this.byCall.delete(id);
    }
  }

  /** The message that made this call; undefined after a reload of the window. */
  of(id: string | undefined): AssistantMessage | undefined {
    const message = id === undefined ? undefined : this.byCall.get(id);
    if (id !== undefined && message) this.use(id, message);
    return message;
  }

  private use(id: string, message: AssistantMessage): void {
    this.byCall.delete(id);
    this.byCall.set(id, message);
  }
}
