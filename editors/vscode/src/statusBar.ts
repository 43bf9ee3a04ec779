/** The item in the status bar: the model in use, what this window has cost, and whether something is wrong. */

import * as vscode from "vscode";
import type { Server } from "./server";
import type { Session } from "./session";
import { label, money, plain } from "./words";

export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("litellm", vscode.StatusBarAlignment.Right, 100);

  constructor(
    private readonly server: Server,
    private readonly session: Session,
  ) {
    this.item.name = "LiteLLM";
    this.item.command = "litellm.pickModel";
    server.onDidChangeRunning(() => this.show());
    server.onDidNotify(() => this.show());
    session.onDidChange(() => this.show());
    this.show();
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }

  private show(): void {
    const { status } = this.server;
    const wrong = status !== undefined && status.state !== "ready";
    this.item.command = wrong ? "litellm.status" : "litellm.pickModel";
    this.item.backgroundColor = wrong ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    if (!this.server.isRunning) {
      this.item.text = "$(circle-slash) LiteLLM";
      this.item.tooltip = "LiteLLM: the server is not running";
    } else if (wrong) {
      this.item.text = `$(warning) LiteLLM: ${status.state}`;
      this.item.tooltip = [status.message, status.remedy].filter((text) => text !== undefined).map(plain).join(": ");
    } else {
      const cost = this.session.cost > 0 ? ` ${money(this.session.cost)}` : "";
      this.item.text = `$(sparkle) ${label(this.session.model ?? "LiteLLM")}${cost}`;
      this.item.tooltip = "LiteLLM: the model in use, and the cost of this window so far";
    }
  }
}
