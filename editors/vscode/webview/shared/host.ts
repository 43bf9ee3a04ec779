/** The extension behind the page: its texts, and the messages to and from it. */

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const api = acquireVsCodeApi();
const texts = JSON.parse(document.getElementById("texts")?.textContent ?? "{}") as Record<string, string>;

/** A text of the page, with what belongs in its `{0}` and so on. */
export function text(name: string, ...values: (string | number)[]): string {
  return (texts[name] ?? name).replace(/\{(\d)\}/g, (all, number: string) => String(values[Number(number)] ?? all));
}

export function post<Message>(message: Message): void {
  api.postMessage(message);
}

export function onMessage<Message>(take: (message: Message) => void): void {
  window.addEventListener("message", ({ data }) => take(data as Message));
}
