/** `litellm.status`: each check with its remedy. */

import * as vscode from "vscode";
import type { World } from "../commands";
import { Method, type Outcome } from "../protocol";
import { isUnlocked } from "../unlock";
import { label, plain } from "../words";

const ICONS: Record<Outcome, string> = {
  ok: "$(pass)",
  warning: "$(warning)",
  failed: "$(error)",
  skipped: "$(circle-slash)",
};

const ORDER: Outcome[] = ["failed", "warning", "ok", "skipped"];

export async function status({ context, server, session }: World): Promise<void> {
  const { checks, baseUrl, version } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: "LiteLLM: checking" },
    () => server.request(Method.status, {}),
  );
  await session.refresh();
  const worstFirst = [...checks].sort((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome));
  const rows = worstFirst.map(({ outcome, name, message, remedy }) => ({
    label: `${ICONS[outcome]} ${name}`,
    description: label(message),
    ...(remedy && { detail: `→ ${label(remedy)}` }),
  }));
  const chat = chatRow(context);
  const actions = [
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    ...(chat.command ? [{ label: "$(unlock) Unlock the chat view…", command: chat.command }] : []),
    { label: "$(gear) Set up the proxy…", command: "litellm.configure" },
    { label: "$(list-selection) Pick a model…", command: "litellm.pickModel" },
    { label: "$(graph) Show usage and cost", command: "litellm.usage" },
    { label: "$(debug-restart) Restart the server", command: "litellm.restart" },
  ];
  const choice = await vscode.window.showQuickPick<vscode.QuickPickItem & { command?: string }>(chat.command ? [chat, ...rows, ...actions] : [...rows, chat, ...actions], {
    title: `LiteLLM: ${plain(baseUrl)}${version ? `, version ${plain(version)}` : ""}`,
  });
  if (choice?.command) await vscode.commands.executeCommand(choice.command);
}

/** Whether the chat view can be asked: what VS Code itself does not say. */
function chatRow(context: vscode.ExtensionContext): vscode.QuickPickItem & { command?: string } {
  if (!isUnlocked(context)) {
    const detail = "→ unlock it: no account is needed";
    return { label: `${ICONS.warning} chat`, description: "VS Code's chat view is locked", detail, command: "litellm.unlockChat" };
  }
  const agents = vscode.workspace.getConfiguration("chat.agentHost.byokModels").get<boolean>("enabled");
  const detail = "→ the agents window offers LiteLLM models only with the setting chat.agentHost.byokModels.enabled";
  return { label: `${ICONS.ok} chat`, description: "the chat view is open to LiteLLM models", ...(agents === false && { detail }) };
}
