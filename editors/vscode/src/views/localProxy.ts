/** A LiteLLM proxy on this machine, started by the server's own program. */

import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { plain } from "../words";

/** Vendors that a fresh config.yaml can begin with, by LiteLLM's names, and the usual variables of their keys. */
const VENDORS = [
  ["Anthropic", "anthropic", "ANTHROPIC_API_KEY"],
  ["OpenAI", "openai", "OPENAI_API_KEY"],
  ["Google Gemini", "gemini", "GEMINI_API_KEY"],
  ["Mistral", "mistral", "MISTRAL_API_KEY"],
  ["DeepSeek", "deepseek", "DEEPSEEK_API_KEY"],
  ["xAI", "xai", "XAI_API_KEY"],
] as const;

/**
 * Opens a config.yaml for chosen vendors, of this folder where there is none; nothing is written before the user saves
 * it. The program makes the text, as `litellm-ls init` does.
 */
export async function writeConfig(program: string, column = vscode.ViewColumn.Active): Promise<void> {
  const rows = VENDORS.map(([label, vendor, key]) => ({
    label,
    vendor,
    description: process.env[key] ? vscode.l10n.t("{0} is set", key) : key,
    picked: Boolean(process.env[key]),
  }));
  const title = vscode.l10n.t("LiteLLM: Whose models shall the proxy serve?");
  const chosen = await vscode.window.showQuickPick(rows, { title, canPickMany: true });
  if (!chosen?.length) return;
  const vendors = chosen.flatMap(({ vendor }) => ["--vendor", vendor]);
  const { stdout } = await promisify(execFile)(program, ["init", ...vendors, "-"]);
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const file = folder && vscode.Uri.joinPath(folder.uri, "config.yaml");
  const isThere = file && (await Promise.resolve(vscode.workspace.fs.stat(file)).catch(() => undefined));
  const uri = file && !isThere ? file.with({ scheme: "untitled" }) : undefined;
  const document = await (uri
    ? vscode.workspace.openTextDocument(uri)
    : vscode.workspace.openTextDocument({ language: "yaml" }));
  const editor = await vscode.window.showTextDocument(document, column);
  // One that was written before and not saved stays as it is.
  if (document.getText() === "") await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), stdout));
}

/** Asks which config.yaml to serve. */
export async function chooseConfig(): Promise<string | undefined> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t("Which config.yaml shall the proxy serve?"),
    filters: { YAML: ["yaml", "yml"] },
    ...(folder && { defaultUri: folder.uri }),
  });
  return chosen?.[0]?.fsPath;
}

/** Starts a proxy, and installs LiteLLM before where that was not done. Settled when it is ready. */
export function startProxy(
  program: string,
  source: string[],
  onLine: (line: string) => void,
  token: vscode.CancellationToken,
): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(program, ["proxy", "start", ...source], { stdio: ["ignore", "ignore", "pipe"] });
    const ending = token.onCancellationRequested(() => child.kill("SIGINT"));
    let last = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      for (const line of text.split(/[\r\n]+/)) {
        if (!line.trim()) continue;
        last = plain(line);
        onLine(last);
      }
    });
    child.on("error", fail);
    child.on("close", (code) => {
      ending.dispose();
      if (token.isCancellationRequested) fail(new vscode.CancellationError());
      else if (code === 0) done();
      else fail(new Error(last || vscode.l10n.t("The proxy did not start.")));
    });
  });
}
