/** `litellm.toggleProposals`: proposals while typing, on or off. */

import * as vscode from "vscode";

const NAME = "inlineCompletion.enabled";

export async function toggleProposals(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("litellm");
  const on = !settings.get<boolean>(NAME, false);
  await settings.update(NAME, on, vscode.ConfigurationTarget.Global);
  const text = on
    ? vscode.l10n.t("Proposals while you type are on: the code around the cursor goes to the model.")
    : vscode.l10n.t("Proposals while you type are off.");
  void vscode.window.setStatusBarMessage(`LiteLLM: ${text}`, 10_000);
}
