/** The settings of the user, as the server takes them. */

import * as vscode from "vscode";
import type { ConfigureParams, Features } from "./protocol";

/** What the extension's settings hold. */
export interface Settings {
  baseUrl: string;
  apiKey: string;
  auth: string;
  caFile: string;
  proxyUrl: string;
  model: string;
  compatibility: NonNullable<ConfigureParams["compatibility"]>;
  "edits.review": "replacements" | "always" | "never";
  "codeActions.enabled": boolean;
  "inlineCompletion.enabled": boolean;
  "inlineCompletion.model": string;
  "inlineCompletion.debounceMs": number;
  "inlineCompletion.languages": string[];
  "inlineCompletion.blockedLanguages": string[];
  "server.path": string;
  "server.shared": boolean;
  "trace.server": "off" | "messages" | "verbose";
}

/** Every setting, and what holds where nobody says it: the one table, to which a test (vscode_settings.rs) holds package.json. */
export const SETTINGS: Settings = {
  "baseUrl": "",
  "apiKey": "",
  "auth": "",
  "caFile": "",
  "proxyUrl": "",
  "model": "",
  "compatibility": "default",
  "edits.review": "replacements",
  "codeActions.enabled": true,
  "inlineCompletion.enabled": false,
  "inlineCompletion.model": "",
  "inlineCompletion.debounceMs": 200,
  "inlineCompletion.languages": [],
  "inlineCompletion.blockedLanguages": [],
  "server.path": "",
  "server.shared": false,
  "trace.server": "off",
};

/** A setting as it holds now. */
export function setting<Name extends keyof Settings>(name: Name): Settings[Name] {
  return vscode.workspace.getConfiguration("litellm").get<Settings[Name]>(name, SETTINGS[name]);
}

/** What goes to the server when it starts. Empty settings are left out, so that the environment can say them. */
export function initializationOptions(): ConfigureParams & { features: Features } {
  const options: ConfigureParams = {};
  for (const name of ["baseUrl", "apiKey", "auth", "model", "proxyUrl"] as const) {
    const value = setting(name).trim();
    if (value) options[name] = value;
  }
  const caFile = setting("caFile").trim();
  if (caFile) options.tls = { caFile };
  const compatibility = setting("compatibility");
  if (compatibility !== "default") options.compatibility = compatibility;
  return { ...options, features: features() };
}

/** What the server offers in texts, as it is given when it starts. */
export function features(): Features {
  const model = setting("inlineCompletion.model").trim();
  return {
    codeActions: setting("codeActions.enabled"),
    // VS Code has pickers of its own.
    modelActions: false,
    completion: false,
    // What a workspace nobody trusts says must not send code anywhere.
    inlineCompletion: vscode.workspace.isTrusted && setting("inlineCompletion.enabled"),
    inline: {
      ...(model && { model }),
      debounceMs: setting("inlineCompletion.debounceMs"),
      languages: setting("inlineCompletion.languages"),
      blockedLanguages: setting("inlineCompletion.blockedLanguages"),
    },
  };
}

/** Writes a setting of the user. */
export async function write(name: keyof Settings, value: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration("litellm");
  await settings.update(name, value || undefined, vscode.ConfigurationTarget.Global);
}
