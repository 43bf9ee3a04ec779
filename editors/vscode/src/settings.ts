/** The settings of the user, as the server takes them. */

import * as vscode from "vscode";
import type { ConfigureParams, Features } from "./protocol";

/** What goes to the server when it starts. Empty settings are left out, so that the environment can say them. */
export function initializationOptions(): ConfigureParams & { features: Features } {
  const settings = vscode.workspace.getConfiguration("litellm");
  const text = (name: string) => settings.get<string>(name, "").trim() || undefined;
  const options: ConfigureParams = {};
  for (const name of ["baseUrl", "apiKey", "auth", "model", "proxyUrl"] as const) {
    const value = text(name);
    if (value !== undefined) options[name] = value;
  }
  const caFile = text("caFile");
  if (caFile !== undefined) options.tls = { caFile };
  const compatibility = settings.get<ConfigureParams["compatibility"]>("compatibility");
  if (compatibility && compatibility !== "default") options.compatibility = compatibility;
  return { ...options, features: features(settings) };
}

function features(settings: vscode.WorkspaceConfiguration): Features {
  const model = settings.get<string>("inlineCompletion.model", "").trim();
  return {
    codeActions: settings.get<boolean>("codeActions.enabled", true),
    // VS Code has pickers of its own.
    modelActions: false,
    completion: false,
    // What a workspace nobody trusts says must not send code anywhere.
    inlineCompletion: vscode.workspace.isTrusted && settings.get<boolean>("inlineCompletion.enabled", false),
    inline: {
      ...(model && { model }),
      debounceMs: settings.get<number>("inlineCompletion.debounceMs", 200),
      languages: settings.get<string[]>("inlineCompletion.languages", []),
      blockedLanguages: settings.get<string[]>("inlineCompletion.blockedLanguages", []),
    },
  };
}

/** Writes a setting of the user. */
export async function write(name: string, value: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration("litellm");
  await settings.update(name, value || undefined, vscode.ConfigurationTarget.Global);
}
