/** What this window has chosen and spent. */

import * as vscode from "vscode";
import { type CompleteResult, type ListModelsResult, Method, type Usage } from "./protocol";
import type { Server } from "./server";

/** The sums of one model. */
export interface Spent {
  requests: number;
  inputTokens: number;
  outputTokens: number;
  /** USD; undefined where the cost of a request is not known. */
  cost: number | undefined;
}

export class Session implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  readonly spent = new Map<string, Spent>();
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
  add({ model, usage }: CompleteResult): void {
    const before = this.spent.get(model) ?? { requests: 0, inputTokens: 0, outputTokens: 0, cost: 0 };
    this.spent.set(model, {
      requests: before.requests + 1,
      inputTokens: before.inputTokens + (usage?.inputTokens ?? 0),
      outputTokens: before.outputTokens + (usage?.outputTokens ?? 0),
      cost: sum(before.cost, usage),
    });
    this.changed.fire();
  }

  /** What the window has cost, as far as it is known. */
  get cost(): number {
    return [...this.spent.values()].reduce((total, { cost }) => total + (cost ?? 0), 0);
  }
}

function sum(before: number | undefined, usage: Usage | undefined): number | undefined {
  return before === undefined || usage?.cost === undefined ? undefined : before + usage.cost;
}
