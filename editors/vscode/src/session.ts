/** What this window has chosen and spent. */

import * as vscode from "vscode";
import { type ListModelsResult, Method } from "./protocol";
import type { Server } from "./server";

/** How soon a proxy that can't be used is looked at again, in milliseconds. */
const LOOK_AGAIN = 15_000;

export class Session implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  /** USD that earlier servers of this window took. */
  private before = 0;
  /** USD that the server has taken since it started. */
  private now = 0;
  private lookingAgain: NodeJS.Timeout | undefined;
  /** The model in use. */
  model: string | undefined;

  constructor(private readonly server: Server) {
    server.onDidChangeRunning((running) => {
      if (running) void this.begin();
    });
    server.onDidNotify((method) => {
      if (method === Method.didChangeStatus) this.lookAgain();
      if (method !== Method.didChangeUsage) return void this.refresh();
      this.now = server.usage?.total.cost ?? 0;
      this.changed.fire();
    });
  }

  /** What the window has cost in USD, as far as it is known; the server has the sums by model. */
  get cost(): number {
    return this.before + this.now;
  }

  /** A server begins to count anew. */
  private async begin(): Promise<void> {
    this.before += this.now;
    this.now = 0;
    await this.server.request(Method.usage, { watch: true }).catch(() => undefined);
    await this.refresh();
  }

  /** Asks for the status of a proxy that can't be used until it can: nobody else tells that it is back. */
  private lookAgain(): void {
    clearTimeout(this.lookingAgain);
    if (this.server.status === undefined || this.server.status.state === "ready") return;
    this.lookingAgain = setTimeout(async () => {
      if (vscode.window.state.focused) await this.server.request(Method.status, {}).catch(() => undefined);
      this.lookAgain();
    }, LOOK_AGAIN);
  }

  dispose(): void {
    clearTimeout(this.lookingAgain);
    this.changed.dispose();
  }

  /** The models, from the server's memory where it has them. */
  models(refresh = false): Promise<ListModelsResult> {
    return this.server.request(Method.listModels, { refresh });
  }

  /** Looks up which model is in use. A failure is the status bar's to show. */
  async refresh(): Promise<void> {
    await this.models().then(
      ({ defaultModel }) => (this.model = defaultModel),
      () => undefined,
    );
    this.changed.fire();
  }
}
