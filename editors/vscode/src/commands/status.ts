/** `litellm.status`: each check with its remedy. */

import * as vscode from "vscode";
import type { World } from "./world";
import { type CheckName, Method, type Outcome } from "../protocol";
import { isUnlocked } from "../unlock";
import { label, plain } from "../words";

const ICONS: Record<Outcome, string> = {
  ok: "$(pass)",
  warning: "$(warning)",
  failed: "$(error)",
  skipped: "$(circle-slash)",
};

/** What is checked, in words; undefined for a check of a newer server. */
function title(name: CheckName): string | undefined {
  const titles: Partial<Record<CheckName, string>> = {
    settings: vscode.l10n.t("settings"),
    dns: vscode.l10n.t("host name"),
    connect: vscode.l10n.t("connection"),
    tls: vscode.l10n.t("encryption"),
    reachable: vscode.l10n.t("response"),
    key: vscode.l10n.t("key"),
    models: vscode.l10n.t("models"),
    budget: vscode.l10n.t("budget"),
    defaultModel: vscode.l10n.t("default model"),
    server: vscode.l10n.t("server"),
  };
  return titles[name];
}

const ORDER: Outcome[] = ["failed", "warning", "ok", "skipped"];

export async function status({ context, server, session }: World): Promise<void> {
  const {
    checks,
    profile,
    baseUrl = profile,
    version,
  } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("LiteLLM: checking") },
    () => server.request(Method.status, {}),
  );
  await session.refresh();
  const worstFirst = [...checks].sort((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome));
  const rows = worstFirst.map(({ outcome, name, message, remedy }) => ({
    label: `${ICONS[outcome]} ${title(name) ?? label(name)}`,
    description: label(message),
    ...(remedy && { detail: `→ ${label(remedy)}` }),
  }));
  const chat = chatRow(context);
  // A locked chat is a warning: what fails is worse.
  const failures = checks.filter(({ outcome }) => outcome === "failed").length;
  const actions = [
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    ...(chat.command ? [{ label: `$(unlock) ${vscode.l10n.t("Unlock the Chat View…")}`, command: chat.command }] : []),
    { label: `$(gear) ${vscode.l10n.t("Set Up the Proxy…")}`, command: "litellm.configure" },
    { label: `$(list-selection) ${vscode.l10n.t("Pick a Model…")}`, command: "litellm.pickModel" },
    { label: `$(graph) ${vscode.l10n.t("Show Usage and Cost")}`, command: "litellm.usage" },
    ...proxyRows(session.isOwnProxy),
    { label: `$(debug-restart) ${vscode.l10n.t("Restart the Server")}`, command: "litellm.restart" },
  ];
  const choice = await vscode.window.showQuickPick<vscode.QuickPickItem & { command?: string }>(
    chat.command
      ? [...rows.slice(0, failures), chat, ...rows.slice(failures), ...actions]
      : [...rows, chat, ...actions],
    {
      title: version
        ? vscode.l10n.t("LiteLLM: {0}, Version {1}", plain(baseUrl), plain(version))
        : `LiteLLM: ${plain(baseUrl)}`,
    },
  );
  if (choice?.command) await vscode.commands.executeCommand(choice.command);
}

/** What can be done with a proxy on this machine. */
function proxyRows(isOwn: boolean): (vscode.QuickPickItem & { command: string })[] {
  if (!isOwn) {
    return [{ label: `$(play) ${vscode.l10n.t("Start a Proxy on This Machine…")}`, command: "litellm.proxy.start" }];
  }
  return [
    { label: `$(debug-restart) ${vscode.l10n.t("Restart the Proxy")}`, command: "litellm.proxy.restart" },
    { label: `$(debug-stop) ${vscode.l10n.t("Stop the Proxy")}`, command: "litellm.proxy.stop" },
    { label: `$(output) ${vscode.l10n.t("Show the Proxy's Log")}`, command: "litellm.proxy.showLog" },
  ];
}

/** Whether the chat view can be asked: what VS Code itself does not say. */
function chatRow(context: vscode.ExtensionContext): vscode.QuickPickItem & { command?: string } {
  if (!isUnlocked(context)) {
    const detail = `→ ${vscode.l10n.t("unlock it: no account is needed")}`;
    return {
      label: `${ICONS.warning} ${vscode.l10n.t("chat")}`,
      description: vscode.l10n.t("VS Code's chat view is locked"),
      detail,
      command: "litellm.unlockChat",
    };
  }
  const agents = vscode.workspace.getConfiguration("chat.agentHost.byokModels").get<boolean>("enabled");
  const setting = vscode.l10n.t(
    "the agents window offers LiteLLM models only with the setting chat.agentHost.byokModels.enabled",
  );
  const detail = `→ ${setting}`;
  return {
    label: `${ICONS.ok} ${vscode.l10n.t("chat")}`,
    description: vscode.l10n.t("the chat view is open to LiteLLM models"),
    ...(agents === false && { detail }),
  };
}
