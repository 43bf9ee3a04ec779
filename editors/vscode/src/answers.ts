/** Answers to read: rendered beside the code while they come, and open to more questions. */

import * as vscode from "vscode";
import type { FromAnswers, ShownTurn, ToAnswers } from "./answerMessages";
import { KeptAnswers } from "./keptAnswers";
import { type CompleteResult, type Delta, type Message, Method } from "./protocol";
import { type Server, ServerError } from "./server";
import { sentence } from "./serverFailures";
import { openView, type View } from "./views/panel";
import { markdown, plain, usage } from "./words";

/** Most answers that are kept, and how often one is drawn while it comes, in milliseconds. */
const MOST = 50;
const DRAWN_EACH = 100;

interface Turn extends ShownTurn {
  /** The conversation up to the question. */
  messages: Message[];
  model?: string;
  text: string;
  /** How many times it was drawn, and which of these is shown. */
  draws: number;
  drawn: number;
}

/** What is kept of a turn. One without a note was under way. */
type KeptTurn = Pick<Turn, "id" | "title" | "messages" | "text" | "model"> & { note?: string };

/** An answer that is written elsewhere, and kept. */
export interface Keeping {
  take(piece: string): void;
  /** Its whole text, or what came of it where that is empty. */
  end(text: string, note: string): Promise<void>;
}

export class Answers implements vscode.Disposable {
  private readonly turns: Turn[] = [];
  private page: View<ToAnswers> | undefined;
  private running: vscode.CancellationTokenSource | undefined;
  private number = 0;
  private isRemembered = false;
  private readonly kept: KeptAnswers<KeptTurn>;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly server: Server,
  ) {
    const folder = vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, "answers").fsPath;
    this.kept = new KeptAnswers(folder, MOST, (error) => server.log.warn(`an answer can't be kept: ${String(error)}`));
  }

  dispose(): void {
    this.running?.cancel();
    this.kept.dispose();
  }

  /** Brings back what was asked before this window was opened, once. */
  private remember(): void {
    if (this.isRemembered) return;
    this.isRemembered = true;
    for (const kept of this.kept.load()) {
      const state = kept.text ? "done" : "failed";
      const turn: Turn = { ...kept, html: "", state, note: kept.note ?? vscode.l10n.t("cut off"), draws: 0, drawn: 0 };
      this.turns.push(turn);
      this.number = Math.max(this.number, turn.id);
      void this.draw(turn);
    }
  }

  /** Shows the answers so far. One goes on while its page is closed. */
  open(): void {
    this.remember();
    const kind = { name: "answer", title: vscode.l10n.t("LiteLLM Answers"), texts: texts(), beside: true };
    openView<ToAnswers, FromAnswers>(this.context, kind, (page) => {
      this.page = page;
      page.onDidDispose(() => (this.page = undefined));
      return (message) => void this.take(message);
    });
  }

  private async take(message: FromAnswers): Promise<void> {
    switch (message.type) {
      case "ready":
        return this.page?.post({ turns: this.turns.map(shown) });
      case "stop":
        return this.running?.cancel();
      case "copy":
        return void (await vscode.env.clipboard.writeText(message.text));
      case "open":
        // VS Code asks before it opens what it does not know.
        return void (await vscode.env.openExternal(vscode.Uri.parse(message.link)));
      case "ask":
        return this.more(message.text);
      default: {
        const turn = this.turns.find(({ id }) => id === message.id);
        if (turn && message.type === "copyAll") await vscode.env.clipboard.writeText(turn.text);
        if (turn && message.type === "again") await this.answer(turn);
      }
    }
  }

  /** Asks anew. */
  async ask(title: string, messages: Message[], model?: string): Promise<void> {
    const turn = this.begin(title, messages, model);
    this.add(turn);
    this.open();
    await this.answer(turn);
  }

  /** Keeps an answer that is written elsewhere: it is found here whatever becomes of it there. */
  keep(title: string, messages: Message[], model?: string): Keeping {
    const turn = this.begin(title, messages, model);
    const kept = keptOf(turn);
    return {
      take: (piece) => {
        kept.text = turn.text += piece;
        this.kept.soon(kept);
      },
      end: async (text, note) => {
        turn.text = text || turn.text;
        if (!turn.text) return;
        this.kept.now(Object.assign(kept, { text: turn.text, note }));
        this.add(turn);
        await this.draw(turn, { note, state: "done" });
      },
    };
  }

  private begin(title: string, messages: Message[], model?: string): Turn {
    this.remember();
    // Another window may keep its own in the same folder.
    this.number = Math.max(this.number + 1, Date.now());
    const begun = { text: "", html: "", note: "", state: "asking" as const, draws: 0, drawn: 0 };
    return { id: this.number, title, messages, ...begun, ...(model && { model }) };
  }

  private add(turn: Turn): void {
    this.turns.push(turn);
    if (this.turns.length > MOST) this.turns.shift();
  }

  /** Asks in the conversation of the last answer. */
  private async more(text: string): Promise<void> {
    const last = this.turns.at(-1);
    const before: Message[] = last
      ? [...last.messages, ...(last.text ? [{ role: "assistant" as const, content: last.text }] : [])]
      : [];
    await this.ask(text, [...before, { role: "user", content: text }], last?.model);
  }

  private async answer(turn: Turn): Promise<void> {
    this.running?.cancel();
    const source = (this.running = new vscode.CancellationTokenSource());
    Object.assign(turn, { text: "", html: "", note: vscode.l10n.t("asking…"), state: "asking" });
    const kept = keptOf(turn);
    await this.draw(turn);
    let drawing: NodeJS.Timeout | undefined;
    const take = (delta: Delta) => {
      if (delta.type === "text") {
        kept.text = turn.text += delta.text;
        this.kept.soon(kept);
      }
      if (delta.type === "retry") turn.note = vscode.l10n.t("trying again: {0}", sentence(delta.message));
      else turn.note = delta.type === "reasoning" ? vscode.l10n.t("thinking…") : vscode.l10n.t("writing…");
      drawing ??= setTimeout(() => {
        drawing = undefined;
        void this.draw(turn);
      }, DRAWN_EACH);
    };
    const params = { messages: turn.messages, ...(turn.model && { model: turn.model }) };
    const end = await this.server
      .stream(Method.complete, params, take, source.token)
      .then(ended, (error: unknown) => failed(error));
    clearTimeout(drawing);
    turn.text = end.text ?? turn.text;
    // One that ends without a word is no loss.
    if (turn.text) this.kept.now(Object.assign(kept, { text: turn.text, note: end.note }));
    await this.draw(turn, end);
    source.dispose();
    if (this.running === source) this.running = undefined;
  }

  /** Shows a turn as it is, or as it ended: its end and its whole text appear together. */
  private async draw(turn: Turn, end: Partial<End> = {}): Promise<void> {
    const number = (turn.draws += 1);
    const html = turn.text && (await render(turn.text));
    // The first text to be rendered waits for VS Code's Markdown, and what came later may be there before it.
    if (number < turn.drawn) return;
    Object.assign(turn, { html, drawn: number }, end);
    this.page?.post({ turns: [shown(turn)] });
  }
}

function keptOf({ id, title, messages, model }: Turn): KeptTurn {
  return { id, title, messages, text: "", ...(model && { model }) };
}

/** How an answer ended. */
type End = Pick<ShownTurn, "note" | "state"> & { text?: string };

function ended({ message, model, usage: took, finishReason }: CompleteResult): End {
  const text = message.text || message.refusal || "";
  const cut = finishReason === "stop" ? "" : vscode.l10n.t("cut off");
  const note = [plain(model), usage(took), cut].filter(Boolean).join(" · ");
  return {
    text,
    note: text ? note : vscode.l10n.t("{0} sent no answer: ask again, or another model", plain(model)),
    state: text ? "done" : "failed",
  };
}

function failed(error: unknown): End {
  if (error instanceof vscode.CancellationError) return { note: vscode.l10n.t("stopped"), state: "failed" };
  return { note: error instanceof ServerError ? error.sentence : plain(String(error)), state: "failed" };
}

/** By VS Code's own Markdown; the page takes no more of it than it knows. */
async function render(text: string): Promise<string> {
  const rendered = vscode.commands.executeCommand<string>("markdown.api.render", text);
  return Promise.resolve(rendered).catch(() => `<p>${markdown(text)}</p>`);
}

function shown({ id, title, html, note, state }: Turn): ShownTurn {
  return { id, title: plain(title), html, note, state };
}

function texts(): Record<string, string> {
  return {
    title: vscode.l10n.t("Answers"),
    ask: vscode.l10n.t("Ask more"),
    placeholder: vscode.l10n.t("Ask more about this…"),
    copy: vscode.l10n.t("Copy"),
    copied: vscode.l10n.t("Copied"),
    copyAll: vscode.l10n.t("Copy the answer"),
    again: vscode.l10n.t("Ask again"),
    stop: vscode.l10n.t("Stop"),
  };
}
