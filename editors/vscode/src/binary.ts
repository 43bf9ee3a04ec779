/** Finds the server: the one that the settings name, the one inside the extension, or the one on the PATH. */

import { existsSync } from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";

export const PROGRAM = process.platform === "win32" ? "litellm-ls.exe" : "litellm-ls";

/** The program to run; undefined where there is none. */
export function findBinary(context: vscode.ExtensionContext): string | undefined {
  const chosen = vscode.workspace.getConfiguration("litellm").get<string>("server.path", "").trim();
  if (chosen) return chosen;
  const onPath = (process.env["PATH"] ?? "").split(path.delimiter).map((folder) => path.join(folder, PROGRAM));
  return [context.asAbsolutePath(path.join("bin", PROGRAM)), ...onPath].find((file) => existsSync(file));
}
