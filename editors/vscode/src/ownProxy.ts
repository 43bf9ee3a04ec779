/** The LiteLLM proxy of this machine: what of it the editor shows, and what it prints. */

import * as vscode from "vscode";
import { type LocalProxy, Method, type StartProxyParams } from "./protocol";
import type { Server } from "./server";
import { plain } from "./words";

/** How often what it prints is looked up while it is shown, in milliseconds. */
const EACH = 1_000;

/** Where it is kept what is to be served: the extensions may start anew while their window stays. */
const WANTED = "litellm.wantedProxy";

/** What is to be served in a session of the editor; with that it ends. */
interface Wanted {
  session: string;
  params: StartProxyParams;
}

/** Files that a proxy can serve, and those that one serves: context keys for the title bar of an editor. */
const CONFIGS = "litellm.configFiles";
const SERVED = "litellm.servedFiles";

export class OwnProxy implements vscode.Disposable {
  private readonly log = vscode.window.createOutputChannel("LiteLLM Proxy");
  private readonly watching: vscode.Disposable;
  private readonly configs = new Set<string>();
  /** Settled when it goes on. */
  private going: Promise<void> = Promise.resolve();
  /** Where the next lines of its log begin. */
  private next: number | undefined;
  private looking: NodeJS.Timeout | undefined;

  constructor(
    private readonly server: Server,
    private readonly memory: vscode.Memento,
  ) {
    const look = (document: vscode.TextDocument | undefined) => void this.look(document);
    this.watching = vscode.Disposable.from(
      this.log,
      vscode.window.onDidChangeActiveTextEditor((editor) => look(editor?.document)),
      vscode.workspace.onDidSaveTextDocument(look),
      server.onDidChangeRunning((running) => {
        if (running) this.going = this.goOn();
        look(vscode.window.activeTextEditor?.document);
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.looking);
    this.watching.dispose();
  }

  /** What is to be served, as long as the user does not stop it: it ends with the server, which starts anew now and then. */
  private get wanted(): StartProxyParams | undefined {
    const wanted = this.memory.get<Wanted>(WANTED);
    return wanted?.session === vscode.env.sessionId ? wanted.params : undefined;
  }

  private async want(params: StartProxyParams | undefined): Promise<void> {
    await this.memory.update(WANTED, params && { session: vscode.env.sessionId, params });
  }

  /** Starts one, or says that it runs. Settled when it answers. */
  async start(params: StartProxyParams, onStep: (step: string) => void, token: vscode.CancellationToken) {
    const result = await this.server.follow(Method.proxyStart, params, onStep, token);
    await this.want(params);
    await this.serves(result.proxy);
    return result;
  }

  /** Starts the one that runs anew, with its file as it is now. */
  async restart(onStep: (step: string) => void, token: vscode.CancellationToken) {
    await this.going;
    const result = await this.server.follow(Method.proxyRestart, {}, onStep, token);
    await this.serves(result.proxy);
    return result;
  }

  /** Whether one ran. */
  async stop(): Promise<boolean> {
    await this.want(undefined);
    await this.going;
    const { stopped } = await this.server.request(Method.proxyStop, {});
    if (this.next !== undefined) await this.read();
    clearTimeout(this.looking);
    await this.serves(undefined);
    return stopped;
  }

  /** Shows what it has printed, and what it prints from now on. */
  async showLog(): Promise<void> {
    this.log.show(true);
    await this.read();
    this.lookAgain();
  }

  private async serves(proxy: LocalProxy | undefined): Promise<void> {
    this.next = undefined;
    const file = proxy?.config === undefined ? [] : [vscode.Uri.parse(proxy.config).fsPath];
    await vscode.commands.executeCommand("setContext", SERVED, file);
  }

  private lookAgain(): void {
    clearTimeout(this.looking);
    this.looking = setTimeout(async () => {
      await this.read().catch(() => undefined);
      this.lookAgain();
    }, EACH);
  }

  private async read(): Promise<void> {
    const { next: after } = this;
    const { lines, next, log } = await this.server.request(Method.proxyLogs, after === undefined ? {} : { after });
    this.next = next;
    const text = lines.map((line) => `${line}\n`).join("");
    if (after === undefined) this.log.replace(`${log}\n${text}`);
    else if (text) this.log.append(text);
  }

  /** A proxy ends with the server that started it, which starts anew when settings change. */
  private async goOn(): Promise<void> {
    const { wanted } = this;
    if (!wanted) return;
    const { proxy } = await this.server
      .follow(Method.proxyStart, wanted, () => undefined)
      .catch((error: unknown) => {
        this.server.log.warn(plain(String(error)));
        return { proxy: undefined };
      });
    await this.serves(proxy);
  }

  /** Whether a text is LiteLLM's config.yaml, and served: the server says so by its lenses. */
  private async look(document: vscode.TextDocument | undefined): Promise<void> {
    if (document?.languageId !== "yaml" || document.uri.scheme !== "file" || !this.server.isRunning) return;
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      "vscode.executeCodeLensProvider",
      document.uri,
    );
    const isConfig = lenses.some(({ command }) => command?.command.startsWith("litellm-ls.proxy."));
    if (isConfig) this.configs.add(document.uri.fsPath);
    else this.configs.delete(document.uri.fsPath);
    await vscode.commands.executeCommand("setContext", CONFIGS, [...this.configs]);
    if (isConfig) await this.serves((await this.server.request(Method.proxyStatus, {})).proxy);
  }
}
