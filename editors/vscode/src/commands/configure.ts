/** `litellm.configure`: where the proxy is and how to sign in, tested before it is kept. */

import * as vscode from "vscode";
import type { World } from "../commands";
import { forgetKey, storeKey } from "../keys";
import { type ConfigureParams, Method, type StatusResult } from "../protocol";
import { write } from "../settings";

/** How the key is given: what is written to the settings, and what stays in the secret storage. */
interface Key {
  reference?: string;
  literal?: string;
}

export async function configure({ context, server }: World): Promise<void> {
  const before = await server.request(Method.configure, { verify: false });
  const baseUrl = await vscode.window.showInputBox({
    title: "LiteLLM: Set Up the Proxy (1 of 2)",
    prompt: "Where is the proxy?",
    value: before.settings.baseUrl.value,
    placeHolder: "http://localhost:4000",
    ignoreFocusOut: true,
  });
  if (baseUrl === undefined) return;
  const key = await askKey();
  if (key === undefined) return;

  const params: ConfigureParams = { baseUrl, apiKey: key.literal ?? key.reference ?? null, verify: true };
  const { status, warnings, settings } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `LiteLLM: testing ${baseUrl}` },
    () => server.request(Method.configure, params),
  );
  if (status && status.state !== "ready" && status.state !== "degraded" && !(await keepAnyway(status))) {
    // Nothing was kept, so a start brings back what held before.
    await server.restart();
    return;
  }
  if (key.literal === undefined) await forgetKey(context);
  else await storeKey(context, { baseUrl: settings.baseUrl.value, apiKey: key.literal });
  // Each of these restarts the server, which then knows the key by the secret storage.
  await write("apiKey", key.reference ?? "");
  await write("baseUrl", baseUrl);
  const models = status?.modelCount === undefined ? "" : `, ${status.modelCount} models`;
  const notes = warnings.length ? ` (${warnings.join("; ")})` : "";
  const choice = await vscode.window.showInformationMessage(
    `LiteLLM: set up ${settings.baseUrl.value}${models}${notes}`,
    "Pick a Model",
  );
  if (choice) await vscode.commands.executeCommand("litellm.pickModel");
}

async function askKey(): Promise<Key | undefined> {
  const ways = [
    { label: "$(key) Type the key", detail: "Kept in VS Code's secret storage, never in a file.", way: "literal" },
    { label: "$(symbol-variable) An environment variable has it", detail: "Such as LITELLM_API_KEY.", way: "env:" },
    { label: "$(file) A file has it", detail: "Its only line is the key.", way: "file:" },
    { label: "$(circle-slash) No key", detail: "The proxy takes requests without one.", way: "none" },
  ];
  const choice = await vscode.window.showQuickPick(ways, {
    title: "LiteLLM: Set Up the Proxy (2 of 2)",
    placeHolder: "How do you sign in?",
    ignoreFocusOut: true,
  });
  switch (choice?.way) {
    case undefined:
      return undefined;
    case "none":
      return {};
    case "literal": {
      const literal = await vscode.window.showInputBox({
        title: "LiteLLM: The Key",
        prompt: "The key of this proxy",
        password: true,
        ignoreFocusOut: true,
      });
      return literal ? { literal } : undefined;
    }
    default: {
      const where = await vscode.window.showInputBox({
        title: "LiteLLM: The Key",
        prompt: choice?.way === "env:" ? "Name of the variable" : "Path of the file",
        value: choice?.way === "env:" ? "LITELLM_API_KEY" : "",
        ignoreFocusOut: true,
      });
      return where ? { reference: `${choice?.way}${where}` } : undefined;
    }
  }
}

async function keepAnyway(status: StatusResult): Promise<boolean> {
  const failed = status.checks.find(({ outcome }) => outcome === "failed");
  const sentence = [failed?.message, failed?.remedy].filter(Boolean).join(": ") || status.state;
  return (await vscode.window.showWarningMessage(`LiteLLM: ${sentence}`, "Keep Anyway", "Discard")) === "Keep Anyway";
}
