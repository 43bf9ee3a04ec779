/** Answers to read: rendered beside the code while they come, and open to more questions. */

import * as vscode from "vscode";
import { type End, ended, failed } from "./answerEnds";
import type { FromAnswers, ShownTurn, ToAnswers } from "./answerMessages";
import { KeptAnswers } from "./keptAnswers";
import { type Delta, type Message, Method, type Requests } from "./protocol";
import type { Server } from "./server";
import { mayGoOut } from "./serverMessages";
import { openView, type View } from "./views/panel";
import { markdown, plain } from "./words";

/** Most answers that are kept, and how often one is drawn while it comes, in milliseconds. */
const MOST = 50;
const DRAWN_EACH = 100;

/** What an answer is known by. */
export interface About {
  title: string;
  /** The conversation up to the question. */
  messages: Message[];
  model?: string;
  /** Whose model: what was meant for one server goes to no other. */
  profile?: string;
}

/** What is kept of a turn. One without a note was under way. */
interface KeptTurn extends About {
  id: number;
  text: string;
  note?: string;
  /** Where the profile's proxy was then. */
  baseUrl?: string;
  /** Whether it was to be written somewhere: nobody goes on talking there. */
  written?: true;
}

/** Whether what was found among the kept turns is one: somebody may have put another file there. */
function isKept(found: Partial<Record<keyof KeptTurn, unknown>>): boolean {
  const { title, messages, text, note, model, profile, baseUrl } = found;
  const isText = (value: unknown) => typeof value === "string";
  const isMessage = (one: Partial<Message> | null) => isText(one?.role);
  return (
    [title, text].every(isText) &&
    [note, model, profile, baseUrl].every((value) => value === undefined || isText(value)) &&
    Array.isArray(messages) &&
    messages.every(isMessage)
  );
}

/** A question and its answer: each has a state of its own, as several may be coming. */
interface Turn {
  /** As it was asked for. */
  about: About;
  kept: KeptTurn;
  html: string;
  note: string;
  state: ShownTurn["state"];
  /** How it ended, and what is told of that; shown with its whole text. */
  end?: Pick<ShownTurn, "note" | "state">;
  /** How many times it was drawn, and which of these is shown. */
  draws: number;
  drawn: number;
  drawing?: NodeJS.Timeout;
  /** Ends it while it comes. */
  source?: vscode.CancellationTokenSource;
}

type Asking = typeof Method.complete | typeof Method.edit;

export class Answers implements vscode.Disposable {
  private readonly turns: Turn[] = [];
  private page: View<ToAnswers> | undefined;
  private number = 0;
  private isRemembered = false;
  private readonly kept: KeptAnswers<KeptTurn>;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly server: Server,
  ) {
    const folder = vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, "answers").fsPath;
    let isTold = false;
    this.kept = new KeptAnswers(folder, MOST, isKept, (error, what) => {
      server.log.warn(`an answer can't be ${what}: ${String(error)}`);
      if (what === "read") return;
      const text = vscode.l10n.t("Answers can’t be kept in {0}: make room there, or make it writable.", plain(folder));
      if (!isTold) void vscode.window.showWarningMessage(`LiteLLM: ${text}`);
      isTold = true;
    });
  }

  dispose(): void {
    for (const { source } of this.turns) source?.cancel();
    this.kept.dispose();
  }

  /** Brings back what was asked before this window was opened, once. */
  private remember(): void {
    if (this.isRemembered) return;
    this.isRemembered = true;
    for (const kept of this.kept.load()) {
      const turn = this.add(kept, kept, kept.text ? "done" : "failed", kept.note ?? "");
      this.number = Math.max(this.number, kept.id);
      const known = [plain(kept.model ?? ""), vscode.l10n.t("cut off"), vscode.l10n.t("cost unknown")];
      if (kept.note === undefined) this.tell(turn, known.filter(Boolean).join(" · "), turn.state);
      else void this.draw(turn);
    }
  }

  /** Shows the answers so far. One goes on while its page is closed. */
  open(): void {
    this.remember();
    const kind = { name: "answer", title: vscode.l10n.t("LiteLLM Answers"), texts: texts(), beside: true };
    openView<ToAnswers, FromAnswers>(this.context, kind, (page) => {
      this.page = page;
      page.onDidDispose(() => (this.page = undefined));
      return (message) => void this.obey(message);
    });
  }

  private async obey(message: FromAnswers): Promise<void> {
    switch (message.type) {
      case "ready":
        this.page?.post({ turns: this.turns.map(shown) });
        return void Promise.all(this.turns.filter(({ state }) => state === "asking").map((turn) => this.draw(turn)));
      case "copy":
        return void (await vscode.env.clipboard.writeText(message.text));
      case "open":
        // VS Code asks before it opens what it does not know.
        return void (await vscode.env.openExternal(vscode.Uri.parse(message.link)));
      case "ask":
        return this.more(message.text);
      default: {
        const turn = this.turns.find(({ kept }) => kept.id === message.id);
        if (turn && message.type === "stop") turn.source?.cancel();
        if (turn && message.type === "copyAll") await vscode.env.clipboard.writeText(turn.kept.text);
        // Beside the answer that is there: it is paid for, and the next one may fail.
        if (turn && message.type === "again" && (await this.mayGoOn(turn.kept))) await this.ask(turn.kept);
      }
    }
  }

  /** Asks in the conversation of the last answer to read that is there. */
  private async more(text: string): Promise<void> {
    const ended = [...this.turns].reverse().filter(({ state }) => state !== "asking");
    const last = (ended.find(({ kept }) => !kept.written) ?? ended[0])?.kept;
    const before: Message[] = last
      ? [...last.messages, ...(last.text ? [{ role: "assistant" as const, content: last.text }] : [])]
      : [];
    const messages: Message[] = [...before, { role: "user", content: text }];
    if (last && !(await this.mayGoOn(last))) return this.page?.post({ draft: text });
    await this.ask({ ...(last && whom(last)), title: text, messages });
  }

  /** Where the proxy of a profile is now. */
  private async address(profile: string | undefined): Promise<string | undefined> {
    if (profile === undefined) return undefined;
    const { profiles } = await this.server.request(Method.listProfiles, {});
    return profiles.find(({ name }) => name === profile)?.baseUrl;
  }

  /** Whether a conversation may go on: what was said to one proxy is told to another only where the user wants that. */
  private async mayGoOn({ profile, baseUrl }: KeptTurn): Promise<boolean> {
    const now = baseUrl && (await this.address(profile));
    if (!now || now === baseUrl) return true;
    const question = vscode.l10n.t("This was asked at {0}, and would all go to {1} now.", plain(baseUrl), plain(now));
    return mayGoOut(question, vscode.l10n.t("Send It There"));
  }

  /** Asks for an answer to read. What becomes of it stands on the page. */
  async ask(about: About): Promise<void> {
    const answer = this.stream(about, Method.complete, { messages: about.messages, ...whom(about) });
    this.open();
    await answer.catch((error: unknown) => this.server.log.debug(String(error)));
  }

  /**
   * Asks a model, and keeps what it answers, whatever becomes of it where it is wanted: all but the chat view, which has
   * conversations of its own, ask this way. Code to be written is kept in a fence of its `language`.
   */
  async stream<M extends Asking>(
    about: About,
    method: M,
    params: Requests[M]["params"],
    {
      onDelta,
      token,
      language,
    }: { onDelta?: (delta: Delta) => void; token?: vscode.CancellationToken; language?: string } = {},
  ): Promise<Requests[M]["result"]> {
    const turn = this.begin(about, language !== undefined);
    const source = (turn.source = new vscode.CancellationTokenSource());
    if (token?.isCancellationRequested) source.cancel();
    const listening = token?.onCancellationRequested(() => source.cancel());
    const take = (delta: Delta) => {
      this.take(turn, delta);
      onDelta?.(delta);
    };
    try {
      const result = await this.server.stream(method, params, take, source.token);
      this.end(turn, ended(result, language));
      return result;
    } catch (error) {
      this.end(turn, failed(error));
      throw error;
    } finally {
      listening?.dispose();
      source.dispose();
      delete turn.source;
    }
  }

  private begin(about: About, isWritten: boolean): Turn {
    this.remember();
    // Another window may keep its own in the same folder.
    this.number = Math.max(this.number + 1, Date.now());
    const { title, messages } = about;
    const written = isWritten && { written: true as const };
    const kept = { id: this.number, title, messages, text: "", ...whom(about), ...written };
    const turn = this.add(about, kept, "asking", vscode.l10n.t("asking…"));
    void this.draw(turn);
    const place = this.address(kept.profile).then((baseUrl) => baseUrl && Object.assign(turn.kept, { baseUrl }));
    void place.catch((error: unknown) => this.server.log.debug(String(error)));
    return turn;
  }

  private add(about: About, kept: KeptTurn, state: Turn["state"], note: string): Turn {
    const turn: Turn = { about, kept, state, note, html: "", draws: 0, drawn: 0 };
    this.turns.push(turn);
    if (this.turns.length > MOST) this.turns.shift();
    return turn;
  }

  private take(turn: Turn, delta: Delta): void {
    if (delta.type === "text") {
      turn.kept.text += delta.text;
      this.kept.soon(turn.kept);
    }
    if (delta.type === "retry") turn.note = vscode.l10n.t("trying again: {0}", plain(delta.message));
    else turn.note = delta.type === "reasoning" ? vscode.l10n.t("thinking…") : vscode.l10n.t("writing…");
    if (this.page) this.drawSoon(turn);
  }

  private drawSoon(turn: Turn): void {
    turn.drawing ??= setTimeout(() => {
      delete turn.drawing;
      void this.draw(turn);
    }, DRAWN_EACH);
  }

  private end(turn: Turn, { text, note, state }: End): void {
    turn.kept.text = text || turn.kept.text;
    this.tell(turn, note, state);
  }

  /** Says how a turn ended. */
  private tell(turn: Turn, note: string, state: Turn["state"]): void {
    clearTimeout(turn.drawing);
    turn.end = { note, state };
    turn.kept.note = note;
    // One that ends without a word is no loss.
    if (turn.kept.text) this.kept.now(turn.kept);
    void this.draw(turn);
  }

  /** Opens an answer that was meant for a text, with the reason why it is not written there. */
  explain(about: About, reason: string): void {
    const turn = [...this.turns].reverse().find((turn) => turn.about === about);
    const { note, state } = turn?.end ?? {};
    if (turn && note !== undefined && state && !note.includes(reason)) this.tell(turn, `${note} · ${reason}`, state);
    this.open();
  }

  /** Shows a turn as it is, or as it ended: its end and its whole text appear together. */
  private async draw(turn: Turn): Promise<void> {
    const number = (turn.draws += 1);
    const { end } = turn;
    const html = turn.kept.text && (await render(turn.kept.text));
    // The first text to be rendered waits for VS Code's Markdown, and what came later may be there before it.
    if (number < turn.drawn) return;
    Object.assign(turn, { html, drawn: number }, end);
    this.page?.post({ turns: [shown(turn)] });
  }
}

/** The model that is asked, and its server. */
function whom({ model, profile }: About): Pick<About, "model" | "profile"> {
  return { ...(model && { model }), ...(profile && { profile }) };
}

/** By VS Code's own Markdown; the page takes no more of it than it knows. */
async function render(text: string): Promise<string> {
  const rendered = vscode.commands.executeCommand<string>("markdown.api.render", text);
  return Promise.resolve(rendered).catch(() => `<p>${markdown(text)}</p>`);
}

function shown({ kept: { id, title }, html, note, state }: Turn): ShownTurn {
  return { id, title: plain(title), html, note, state };
}

function texts(): Record<string, string> {
  return {
    title: vscode.l10n.t("Answers"),
    ask: vscode.l10n.t("Ask More"),
    placeholder: vscode.l10n.t("Ask more about this…"),
    copy: vscode.l10n.t("Copy"),
    copied: vscode.l10n.t("Copied"),
    copyAll: vscode.l10n.t("Copy the Answer"),
    again: vscode.l10n.t("Ask Again"),
    stop: vscode.l10n.t("Stop"),
    wait: vscode.l10n.t("The answer above is still coming: wait for it, or stop it."),
  };
}
