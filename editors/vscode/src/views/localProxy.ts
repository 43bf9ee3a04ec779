/** A LiteLLM proxy on this machine, started by the server's own program. */

import { spawn } from "node:child_process";
import * as vscode from "vscode";
import { plain } from "../words";

/** What a fresh config.yaml says: one model of each of two vendors, with the places of their keys. */
const EXAMPLE = `# What a LiteLLM proxy serves. Keys stay in the environment: os.environ/NAME names a variable.
model_list:
  - model_name: claude-sonnet
    litellm_params:
      model: anthropic/claude-sonnet-4-6
      api_key: os.environ/ANTHROPIC_API_KEY
  - model_name: gpt-mini
    litellm_params:
      model: openai/gpt-5-mini
      api_key: os.environ/OPENAI_API_KEY
`;

/** Opens a config.yaml to be filled in; nothing is written before the user saves it. */
export async function writeConfig(): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: "yaml", content: EXAMPLE });
  await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
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
