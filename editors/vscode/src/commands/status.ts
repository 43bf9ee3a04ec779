/** `litellm.status`: each check with its remedy. */

import * as vscode from "vscode";
import type { World } from "../commands";
import { Method, type Outcome } from "../protocol";
import { label, plain } from "../words";

const ICONS: Record<Outcome, string> = {
  ok: "$(pass)",
  warning: "$(warning)",
  failed: "$(error)",
  skipped: "$(circle-slash)",
};

export async function status({ server, session }: World): Promise<void> {
  const { checks, baseUrl, version } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: "LiteLLM: checking" },
    () => server.request(Method.status, {}),
  );
  await session.refresh();
  const rows = checks.map(({ outcome, name, message, remedy }) => ({
    label: `${ICONS[outcome]} ${name}`,
    description: label(message),
    ...(remedy && { detail: `→ ${label(remedy)}` }),
  }));
  const actions = [
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    { label: "$(gear) Set up the proxy…", command: "litellm.configure" },
    { label: "$(list-selection) Pick a model…", command: "litellm.pickModel" },
    { label: "$(graph) Show usage and cost", command: "litellm.usage" },
    { label: "$(debug-restart) Restart the server", command: "litellm.restart" },
  ];
  const choice = await vscode.window.showQuickPick<vscode.QuickPickItem & { command?: string }>([...rows, ...actions], {
    title: `LiteLLM: ${plain(baseUrl)}${version ? `, version ${plain(version)}` : ""}`,
  });
  if (choice?.command) await vscode.commands.executeCommand(choice.command);
}
