/** What this window has chosen and spent. */

import * as vscode from "vscode";
import { type CompleteResult, type ListModelsResult, Method } from "./protocol";
import type { Server } from "./server";

export class Session implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  /** What the window has cost in USD, as far as it is known; the server has the sums by model. */
  cost = 0;
  /** The model in use. */
  model: string | undefined;

  constructor(private readonly server: Server) {
    server.onDidChangeRunning((running) => {
      if (running) void this.refresh();
    });
    server.onDidNotify(() => void this.refresh());
  }

  dispose(): void {
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

  /** Adds what a request took. */
  add({ usage }: CompleteResult): void {
    this.cost += usage?.cost ?? 0;
    this.changed.fire();
  }
}
