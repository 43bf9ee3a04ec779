/** Finds the server: the one that the settings name, the one inside the extension, or the one on the PATH. */

import { statSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";

export const PROGRAM = process.platform === "win32" ? "litellm-ls.exe" : "litellm-ls";

/** The program to run; undefined where there is none. */
export function findBinary(context: vscode.ExtensionContext): string | undefined {
  const chosen = vscode.workspace.getConfiguration("litellm").get<string>("server.path", "").trim();
  if (chosen) return chosen.replace(/^~(?=$|[/\\])/, homedir());
  // A relative entry of the PATH would run what the workspace has put there.
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter(path.isAbsolute);
  const onPath = folders.map((folder) => path.join(folder, PROGRAM));
  return [context.asAbsolutePath(path.join("bin", PROGRAM)), ...onPath].find(isFile);
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
