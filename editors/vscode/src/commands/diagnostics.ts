/** `litellm.copyDiagnostics` and `litellm.report`: what is wrong, without keys, hosts, paths and texts. */

import * as vscode from "vscode";
import type { World } from "./world";
import { Method, type StatusResult } from "../protocol";
import { isUnlocked } from "../unlock";

export async function copyDiagnostics(world: World): Promise<void> {
  await vscode.env.clipboard.writeText(await diagnostics(world));
  const text = vscode.l10n.t("The diagnostics are on the clipboard; they name no key and no host.");
  void vscode.window.showInformationMessage(`LiteLLM: ${text}`);
}

export async function report(world: World): Promise<void> {
  const { id } = world.context.extension;
  const text = await diagnostics(world);
  const issueBody = `**${vscode.l10n.t("What did you do, what happened, and what did you expect?")}**\n\n\n\n${text}`;
  try {
    await vscode.commands.executeCommand("workbench.action.openIssueReporter", { extensionId: id, issueBody });
  } catch {
    // Browsers have no window for reports.
    await vscode.workspace
      .openTextDocument({ language: "markdown", content: issueBody })
      .then((page) => vscode.window.showTextDocument(page));
  }
}

async function diagnostics(world: World): Promise<string> {
  const { context, server } = world;
  const status = await server.request(Method.status, {}).catch((error: unknown) => String(error));
  const packageJson = context.extension.packageJSON as { version: string };
  const settings = vscode.workspace.getConfiguration("litellm");
  const set = names(context).filter((name) => {
    const { globalValue, workspaceValue, workspaceFolderValue } = settings.inspect(name) ?? {};
    return [globalValue, workspaceValue, workspaceFolderValue].some((value) => value !== undefined);
  });
  return [
    "| | |",
    "|---|---|",
    `| extension | ${packageJson.version} |`,
    `| ${vscode.env.appName} | ${vscode.version}, ${vscode.env.uiKind === vscode.UIKind.Web ? "browser" : "desktop"}${vscode.env.remoteName ? ", remote" : ""} |`,
    `| system | ${process.platform} ${process.arch} |`,
    `| chat | ${isUnlocked(context) ? "unlocked" : "locked"} |`,
    `| settings set | ${set.join(", ") || "none"} |`,
    ...(typeof status === "string" ? [`| server | does not answer |`] : checks(status)),
    "",
  ].join("\n");
}

/** What was checked and how it went; the sentences may name hosts. */
function checks({ state, version, modelCount, checks }: StatusResult): string[] {
  return [
    `| state | ${state} |`,
    `| LiteLLM | ${version ?? "unknown"} |`,
    `| models | ${modelCount ?? "unknown"} |`,
    ...checks.map(({ name, outcome }) => `| ${name} | ${outcome} |`),
  ];
}

/** The names of all settings. */
function names({ extension }: vscode.ExtensionContext): string[] {
  const { contributes } = extension.packageJSON as { contributes: { configuration: { properties: object }[] } };
  return contributes.configuration
    .flatMap(({ properties }) => Object.keys(properties))
    .map((name) => name.replace("litellm.", ""));
}
