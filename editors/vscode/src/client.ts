/** The client of one server process, on the library that speaks its protocol. */

import { isDeepStrictEqual } from "node:util";
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  type MessageSignature,
  NotificationType,
  ProgressType,
  RevealOutputChannelOn,
  State,
  TransportKind,
} from "vscode-languageclient/node";
import type { Question } from "./edit";
import { isEditorsOwn } from "./editorsOwn";
import { type Features, Method, type Notifications, type Requests } from "./protocol";
import { ask } from "./serverMessages";
import { features, initializationOptions, setting } from "./settings";

/** Commands of the server that the extension runs itself. */
const OWN_COMMANDS: Record<string, Question> = {
  "litellm-ls.completeHere": { task: "complete" },
  "litellm-ls.explain": { task: "explain" },
  "litellm-ls.rewrite": { task: "rewrite" },
  "litellm-ls.fix": { task: "fix" },
  "litellm-ls.document": { task: "document" },
  "litellm-ls.writeTests": { task: "test" },
  "litellm-ls.prompt": {},
};

/** Those for the proxy of this machine, which stand above a config.yaml. */
const OWN_PROXY_COMMANDS: Record<string, string> = {
  "litellm-ls.proxy.start": "litellm.proxy.start",
  "litellm-ls.proxy.stop": "litellm.proxy.stop",
  "litellm-ls.proxy.restart": "litellm.proxy.restart",
  "litellm-ls.proxy.logs": "litellm.proxy.showLog",
};

/** What the client tells of. */
export interface Watching {
  /** The server is up, or gone. */
  running(is: boolean): void;
  notified<M extends keyof Notifications>(method: M, params: Notifications[M]): void;
  /** The server has ended so often that it is not started again. */
  gaveUp(): void;
}

/** The client as its library has it, but for how it tells of failures: each is told of once, by `Server`. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  /**
   * Never rejects: what a server that has died is not told, the next one is told at its start, and the library leaves a
   * rejection of `didChange` unhandled. Failures are in the log.
   */
  override async sendNotification(type: string | MessageSignature, params?: unknown): Promise<void> {
    await super.sendNotification(type as NotificationType<unknown>, params).catch((error: unknown) => {
      this.error(`${typeof type === "string" ? type : type.method} was not sent`, error);
    });
  }
}

export class Client {
  private readonly client: LanguageClient;

  /** `storage` is the extension's own, by which VS Code's own files are known. */
  constructor(command: string, storage: vscode.Uri, log: vscode.LogOutputChannel, watching: Watching) {
    let started: Features | undefined;
    const client: LanguageClient = new QuietClient(
      "litellm",
      "LiteLLM",
      { command, args: setting("server.shared") ? ["--shared"] : [], transport: TransportKind.stdio },
      {
        documentSelector: [{ scheme: "file" }, { scheme: "untitled" }],
        // Asked for at each start: one that comes after a crash must know what was picked since.
        initializationOptions: () => {
          const options = initializationOptions();
          started = options.features;
          return options;
        },
        outputChannel: log,
        // Else a menu that was asked for while the server restarts ends in a message that helps nobody.
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        errorHandler: {
          // What can't be written to a server that has died must not keep it from being started again.
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          closed: () => {
            const next = restarts.closed();
            if (next instanceof Promise || next.action === CloseAction.Restart) return next;
            watching.gaveUp();
            return { ...next, handled: true };
          },
        },
        middleware: {
          // Settings are given when the server starts; looked up, they would come with their defaults.
          workspace: { configuration: (params) => params.items.map(() => null) },
          // A server that still waits for its restart sends no code that the settings don't let it send.
          provideInlineCompletionItems: (document, position, context, token, next) => {
            const mayBeSent = isDeepStrictEqual(started, features()) && !isEditorsOwn(document.uri, storage);
            return mayBeSent ? next(document, position, context, token) : [];
          },
          // What VS Code shows better than the server can.
          executeCommand: (command, given: unknown[], next) => {
            const ours = OWN_COMMANDS[command];
            const ofProxy = OWN_PROXY_COMMANDS[command];
            if (ofProxy) return vscode.commands.executeCommand(ofProxy, ...given);
            return ours ? vscode.commands.executeCommand("litellm.askAt", ours, ...given) : next(command, given);
          },
        },
      },
    );
    const restarts = client.createDefaultErrorHandler();
    for (const method of [Method.didChangeStatus, Method.didChangeModels, Method.didChangeUsage] as const) {
      client.onNotification(new NotificationType<Notifications[typeof method]>(method), (params) =>
        watching.notified(method, params),
      );
    }
    // In place of the library's own, which VS Code hides after some seconds.
    client.onRequest("window/showMessageRequest", ask);
    client.onDidChangeState(({ newState }) => watching.running(newState === State.Running));
    this.client = client;
  }

  start(): Promise<void> {
    return this.client.start();
  }

  dispose(): Promise<void> {
    return this.client.dispose();
  }

  /** Whether the server is there, or will be in a moment. */
  get isUp(): boolean {
    return this.client.state === State.Running || this.client.state === State.Starting;
  }

  request<M extends keyof Requests>(
    method: M,
    params: Requests[M]["params"],
    token: vscode.CancellationToken,
  ): Promise<Requests[M]["result"]> {
    return this.client.sendRequest(method, params, token);
  }

  /** Passes on the pieces of what was asked for with this token. */
  onProgress<Piece>(token: string, listener: (piece: Piece) => void): vscode.Disposable {
    return this.client.onProgress(new ProgressType<Piece>(), token, listener);
  }
}
