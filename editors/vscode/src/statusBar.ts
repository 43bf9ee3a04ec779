/** The item in the status bar: the model in use, what this window and this day have cost, and whether something is wrong. */

import * as vscode from "vscode";
import type { State } from "./protocol";
import type { Server } from "./server";
import type { Session } from "./session";
import { isUnlocked } from "./unlock";
import { CARD_COMMANDS, cardText } from "./views/card";
import { barCosts, total } from "./views/usageRows";
import { label, plain, short } from "./words";
import { setting } from "./settings";

const NOT_RUNNING = "$(circle-slash) LiteLLM";

export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("litellm", vscode.StatusBarAlignment.Right, 100);
  private readonly watching: vscode.Disposable;
  private readonly first: NodeJS.Immediate;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly server: Server,
    private readonly session: Session,
  ) {
    this.item.name = "LiteLLM";
    this.item.command = "litellm.pickModel";
    server.onDidChangeRunning(() => this.show());
    server.onDidNotify(() => this.show());
    session.onDidChange(() => this.show());
    this.watching = vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("litellm.inlineCompletion.enabled")) this.show();
    });
    this.item.text = NOT_RUNNING;
    this.item.show();
    // The editor waits for the activation, and what the card asks for takes a while the first time.
    this.first = setImmediate(() => this.show());
  }

  dispose(): void {
    clearImmediate(this.first);
    this.watching.dispose();
    this.item.dispose();
  }

  private show(): void {
    const { status } = this.server;
    // Of a fresh editor, where nobody answers at the usual address, nothing is wrong yet.
    const isFresh = status?.state === "unreachable" && !this.session.isSetUp;
    const wrong = status !== undefined && status.state !== "ready" && !isFresh;
    this.item.command = isFresh ? "litellm.configure" : wrong ? "litellm.status" : "litellm.pickModel";
    this.item.backgroundColor = wrong ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    this.item.tooltip = this.card();
    if (!this.server.isRunning) {
      this.item.text = NOT_RUNNING;
    } else if (isFresh) {
      this.item.text = `$(plug) LiteLLM: ${vscode.l10n.t("set up")}`;
    } else if (wrong) {
      this.item.text = `$(warning) LiteLLM: ${label(stateWord(status.state, this.session.isOtherServer))}`;
    } else {
      const { model, spent, spentToday, limitToday } = this.session;
      const costs = barCosts(total(spent), spentToday, limitToday);
      this.item.text = ["$(sparkle)", short(model ?? "LiteLLM"), costs].filter(Boolean).join(" ");
    }
  }

  private card(): vscode.MarkdownString {
    const { status } = this.server;
    const { baseUrl, inUse, isOwnProxy, key, model, spent, spentToday } = this.session;
    const problem = status &&
      status.state !== "ready" && {
        message: plain(status.message),
        ...(status.remedy && { remedy: plain(status.remedy) }),
      };
    const text = cardText({
      running: this.server.isRunning,
      isOwnProxy,
      spent,
      proposals: setting("inlineCompletion.enabled"),
      chatUnlocked: isUnlocked(this.context),
      ...(problem && { problem }),
      ...(baseUrl && { baseUrl }),
      ...(model && { model }),
      ...(inUse && { line: inUse.summary.line }),
      ...(spentToday && { today: spentToday }),
      ...(key && { key }),
    });
    const card = new vscode.MarkdownString(text, true);
    card.supportHtml = true;
    card.isTrusted = { enabledCommands: CARD_COMMANDS };
    return card;
  }
}

/** A state in a word or two; one of a newer server as it says it. */
export function stateWord(name: State, isOtherServer: boolean): string {
  if (isOtherServer && name !== "unauthorized") return vscode.l10n.t("wrong address");
  const words: Partial<Record<State, string>> = {
    degraded: vscode.l10n.t("degraded"),
    unreachable: vscode.l10n.t("unreachable"),
    unauthorized: vscode.l10n.t("unauthorized"),
    failed: vscode.l10n.t("failed"),
  };
  return words[name] ?? name;
}
