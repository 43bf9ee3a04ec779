/** The one server process: how it is started, asked and restarted. */

import * as vscode from "vscode";
import { findBinary } from "./binary";
import type { Client } from "./client";
import { storedKey } from "./keys";
import { CHOSEN, type Chosen } from "./profiles";
import {
  type ConfigureParams,
  type ConfigureResult,
  type Delta,
  type ErrorData,
  Method,
  type Notifications,
  REQUEST_CANCELLED,
  type Requests,
} from "./protocol";
import { initializationOptions } from "./settings";
import { plain } from "./words";

/** Params are sent as an object only with a token behind them. */
const NEVER = new vscode.CancellationTokenSource().token;

/** The profile that the set-up page tries addresses and keys with. */
export const DRAFT = "set-up";

/** Settings that the server is started with. */
const STARTED_WITH = [
  ...["baseUrl", "apiKey", "auth", "compatibility", "caFile", "proxyUrl"],
  ...["inlineCompletion", "codeActions", "server"],
];

/** A failure as the user is told of it: what it says of the proxy's own words is safe to show. */
export class ServerError extends Error {
  constructor(
    message: string,
    readonly data: ErrorData | undefined,
  ) {
    super(plain(message));
  }

  /** The sentence with what to do. */
  get sentence(): string {
    return this.data?.remedy ? vscode.l10n.t("{0}: {1}", this.message, plain(this.data.remedy)) : this.message;
  }
}

/** That a request was given up, with what the server says of it. */
export class Cancelled extends vscode.CancellationError {
  constructor(readonly data: ErrorData | undefined) {
    super();
  }
}

/** The library's codes for answers that it could not read. With all its others there was nobody to answer. */
const UNREADABLE = [-32700, -32603, -32602, -32601, -32600, -32098, -32001];

/** A failure of a request. The server names its kind; what the library says by itself helps nobody. */
export function told(error: unknown): ServerError {
  const { code, data, message } = error as { code?: number; data?: ErrorData; message?: string };
  if (data?.kind) {
    return new ServerError(message ?? data.kind, data);
  }
  const remedy = vscode.l10n.t("ask again; if that does not help, see the log of LiteLLM");
  if (code !== undefined && UNREADABLE.includes(code)) {
    return new ServerError(vscode.l10n.t("the server’s answer could not be read"), { kind: "badResponse", remedy });
  }
  return new ServerError(vscode.l10n.t("the server ended before its answer did"), {
    kind: "streamInterrupted",
    remedy,
  });
}

/** The server of this window. */
export class Server implements vscode.Disposable {
  readonly log = vscode.window.createOutputChannel("LiteLLM", { log: true });
  private client: Client | undefined;
  private restarting: Promise<void> = Promise.resolve();
  /** Settled when the server has its key; what is asked before waits for it. */
  private ready: Promise<void> = Promise.resolve();
  private running = false;
  /** How many times a server has come up. */
  starts = 0;
  /** The profile that the settings of this window speak of. */
  main: string | undefined;
  /** How many changes of settings are under way that end in a start of their own. */
  private changing = 0;
  private nextToken = 1;
  /** How many answers are coming, what is done when there are none any more, and the start that waits for that. */
  private coming = 0;
  private end: (() => void) | undefined;
  private renewing: Promise<void> | undefined;
  private readonly changed = new vscode.EventEmitter<boolean>();
  private readonly told = new vscode.EventEmitter<keyof Notifications>();
  private readonly spent = new vscode.EventEmitter<string>();
  private readonly watching: vscode.Disposable;

  /** Fired when calls of a profile have cost something. */
  readonly onDidSpend = this.spent.event;
  /** Fired when the server is up (true) or gone (false). */
  readonly onDidChangeRunning = this.changed.event;
  /** Fired when the server tells of a change. */
  readonly onDidNotify = this.told.event;
  /** What the server said last of its state. */
  status: Notifications[typeof Method.didChangeStatus] | undefined;

  constructor(private readonly context: vscode.ExtensionContext) {
    this.watching = vscode.Disposable.from(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (this.changing > 0) return;
        if (STARTED_WITH.some((name) => change.affectsConfiguration(`litellm.${name}`))) void this.renew();
        // A restart would end what is running.
        else if (change.affectsConfiguration("litellm.model")) void this.useModel();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.renew()),
    );
  }

  dispose(): void {
    this.watching.dispose();
    void this.client?.dispose();
    this.log.dispose();
  }

  /** Whether the server is up and has its key. */
  get isRunning(): boolean {
    return this.running;
  }

  /** Starts the server, or starts it again at once. The one way in: activation, `renew` and the user come here. */
  restart(): Promise<void> {
    this.restarting = this.restarting.then(() => this.start()).catch((error: unknown) => this.failed(error));
    return this.restarting;
  }

  /**
   * Starts the server again for new settings: with the process each answer would end that is coming, so that these are
   * waited for, unless the user does not want to wait.
   */
  renew(): Promise<void> {
    if (!this.coming) return this.restart();
    this.renewing ??= this.restartOnceDone();
    return this.renewing;
  }

  private async restartOnceDone(): Promise<void> {
    const now = vscode.l10n.t("Restart Now");
    const text = vscode.l10n.t("The new settings hold once the answers that are coming are there.");
    let isWaiting = true;
    void vscode.window.showInformationMessage(`LiteLLM: ${text}`, now).then((choice) => {
      if (choice === now) isWaiting = false;
      this.end?.();
    });
    while (isWaiting && this.coming) await new Promise<void>((end) => (this.end = end));
    this.renewing = undefined;
    return this.restart();
  }

  /** Changes several settings, and starts the server again once for all of them. */
  async afterOneRestart(change: () => Promise<void>): Promise<void> {
    this.changing += 1;
    try {
      await change();
    } finally {
      this.changing -= 1;
    }
    await this.renew();
  }

  private async start(): Promise<void> {
    const before = this.client;
    this.client = undefined;
    this.status = undefined;
    // One that never started can't be stopped, which must not keep the next one from starting.
    await before?.dispose().catch((error: unknown) => this.log.debug(String(error)));
    const command = findBinary(this.context);
    // Its library is most of the extension, and the editor waits for the activation.
    const { Client } = await import("./client.js");
    const client: Client = new Client(command, this.context.globalStorageUri, this.log, {
      // The client itself starts a server again that has died.
      running: (is) => {
        if (is) this.starts += 1;
        if (is) this.ready = this.handOverKey(client).catch((error: unknown) => this.failed(error));
        else this.isNow(false);
      },
      notified: (method, params) => {
        // What the set-up page tries is not in use, and what a server tells before it ends holds for the next one no more.
        if (params.profile === DRAFT || client !== this.client) return;
        if (method === Method.didChangeStatus) this.status = params as Notifications[typeof Method.didChangeStatus];
        if (method === Method.didChangeUsage) this.spent.fire(params.profile);
        this.told.fire(method);
      },
      gaveUp: () => this.failed(new Error(vscode.l10n.t("the server ended several times in a row; its log says why"))),
    });
    this.client = client;
    await client.start().catch((error: unknown) => {
      this.log.error(String(error));
      throw new Error(vscode.l10n.t("{0} could not be started: its log says why", command));
    });
    await this.ready;
  }

  /** Hands over the key that the user typed in, where it belongs to the proxy in use. */
  private async handOverKey(client: Client): Promise<void> {
    const configure = (params: ConfigureParams): Promise<ConfigureResult> =>
      this.ask(client, Method.configure, { ...params, verify: false });
    const { profile, settings } = await configure({});
    this.main = profile;
    const { baseUrl } = settings;
    const apiKey = await storedKey(this.context, baseUrl.value);
    if (apiKey !== undefined) await configure({ baseUrl: baseUrl.value, apiKey });
    await this.chooseAgain(client, configure);
    this.isNow(true);
  }

  /** The user's choice of another server holds until it is taken back, or that server is gone. */
  private async chooseAgain(
    client: Client,
    configure: (params: ConfigureParams) => Promise<ConfigureResult>,
  ): Promise<void> {
    const chosen = this.context.globalState.get<Chosen>(CHOSEN);
    if (!chosen || chosen.profile === this.main) return;
    const { profiles } = await this.ask(client, Method.listProfiles, {});
    if (!profiles.some(({ name, persisted }) => persisted && name === chosen.profile)) return;
    // One that can't be used now is no reason to go without a server.
    await configure(chosen).catch((error: unknown) => this.log.warn(String(error)));
  }

  private isNow(running: boolean): void {
    this.running = running;
    this.changed.fire(running);
  }

  /** Passes the choice of a model on: the settings speak of the main profile. */
  private async useModel(): Promise<void> {
    const model = initializationOptions().model ?? null;
    const profile = this.main ?? null;
    // Whichever server is in use stays so: the setting may be one that was written before another was chosen.
    await this.request(Method.configure, { profile, model, activate: false, verify: false }).catch((error: unknown) =>
      this.failed(error),
    );
    this.told.fire(Method.didChangeModels);
  }

  private failed(error: unknown): void {
    this.isNow(false);
    const [restart, settings, log] = [vscode.l10n.t("Restart"), vscode.l10n.t("Settings"), vscode.l10n.t("Log")];
    void vscode.window
      .showErrorMessage(
        `LiteLLM: ${plain(error instanceof Error ? error.message : String(error))}`,
        restart,
        settings,
        log,
      )
      .then((choice) => {
        if (choice === restart) void this.restart();
        if (choice === log) this.log.show();
        if (choice === settings) void vscode.commands.executeCommand("workbench.action.openSettings", "litellm.server");
      });
  }

  /** The client, once its server has the key. */
  private async up(): Promise<Client> {
    await this.restarting;
    await this.ready;
    if (!this.client?.isUp) {
      throw new ServerError(
        vscode.l10n.t("the server is not running: run “LiteLLM: Restart the Server”, or see its log"),
        undefined,
      );
    }
    return this.client;
  }

  /** Sends a request. Cancelling the token cancels it at the proxy. */
  async request<M extends keyof Requests>(
    method: M,
    params: Requests[M]["params"],
    token?: vscode.CancellationToken,
  ): Promise<Requests[M]["result"]> {
    return this.ask(await this.up(), method, params, token);
  }

  private async ask<M extends keyof Requests>(
    client: Client,
    method: M,
    params: Requests[M]["params"],
    token?: vscode.CancellationToken,
  ): Promise<Requests[M]["result"]> {
    try {
      return await client.request(method, params, token ?? NEVER);
    } catch (error) {
      const { code, data } = error as { code?: number; data?: ErrorData };
      if (token?.isCancellationRequested || code === REQUEST_CANCELLED) throw new Cancelled(data);
      this.log.debug(`${method}: ${String(error)}`);
      throw told(error);
    }
  }

  /** Asks a model; `onDelta` gets each piece, in order, before the promise settles. */
  stream<M extends typeof Method.complete | typeof Method.edit>(
    method: M,
    params: Requests[M]["params"],
    onDelta: (delta: Delta) => void,
    token?: vscode.CancellationToken,
  ): Promise<Requests[M]["result"]> {
    return this.listening(method, params, "partialResultToken", onDelta, token);
  }

  /** Asks for what takes a while; `onStep` is told of each step. */
  follow<M extends typeof Method.proxyStart | typeof Method.proxyRestart>(
    method: M,
    params: Requests[M]["params"],
    onStep: (step: string) => void,
    token?: vscode.CancellationToken,
  ): Promise<Requests[M]["result"]> {
    const take = ({ message }: { message?: string }) => message && onStep(message);
    return this.listening(method, params, "workDoneToken", take, token);
  }

  /** Sends a request, and passes on what comes under its token until it is answered. */
  private async listening<M extends keyof Requests, Piece>(
    method: M,
    params: Requests[M]["params"],
    tokenOf: "partialResultToken" | "workDoneToken",
    take: (piece: Piece) => void,
    token: vscode.CancellationToken | undefined,
  ): Promise<Requests[M]["result"]> {
    const name = `litellm-${this.nextToken++}`;
    // From now on: a start that begins later waits for it, and one that began before is waited for.
    this.coming += 1;
    let listening: vscode.Disposable | undefined;
    try {
      listening = (await this.up()).onProgress<Piece>(name, take);
      return await this.request(method, { ...params, [tokenOf]: name }, token);
    } finally {
      listening?.dispose();
      this.coming -= 1;
      if (!this.coming) this.end?.();
    }
  }
}
