/** Finds the server: the one that the settings name, the one inside the extension, or the one on the PATH. */

import { statSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import { setting } from "./settings";

export const PROGRAM = process.platform === "win32" ? "litellm-ls.exe" : "litellm-ls";

/** The program to run. Where there is none, the error says what to do. */
export function findBinary(context: vscode.ExtensionContext): string {
  const chosen = setting("server.path").trim();
  if (chosen) {
    const file = chosen.replace(/^~(?=$|[/\\])/, homedir());
    // A name alone is looked up on the PATH by the system.
    if (!path.isAbsolute(file) || isFile(file)) return file;
    throw new Error(
      vscode.l10n.t("there is no program {0}: correct the setting litellm.server.path, or leave it empty", file),
    );
  }
  const onPath = programFolders().map((folder) => path.join(folder, PROGRAM));
  const found = [inside(context), ...onPath].find(isFile);
  if (found !== undefined) return found;
  throw new Error(
    vscode.l10n.t("litellm-ls is not installed: install it, or name it in the setting litellm.server.path"),
  );
}

/** Where the one inside the extension is, if there is one. */
export function inside(context: vscode.ExtensionContext): string {
  return context.asAbsolutePath(path.join("bin", PROGRAM));
}

/** The folders of the PATH; a relative one would run what the workspace has put there. */
export function programFolders(): string[] {
  return (process.env["PATH"] ?? "").split(path.delimiter).filter(path.isAbsolute);
}

export function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
