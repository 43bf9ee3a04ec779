/** Whether a text can be changed, as far as extensions are told: before a model is asked and paid for. */

import * as vscode from "vscode";

/** Texts that are in no file system and can be changed. All others of that kind are made by extensions, to be read. */
const UNSAVED = ["untitled", "vscode-notebook-cell"];

/** Says whether a document can be changed; where it can't, the user is told. */
export async function canBeChanged(document: vscode.TextDocument): Promise<boolean> {
  const can = await isWritable(document);
  if (!can) tellReadOnly();
  return can;
}

export function tellReadOnly(): void {
  const sentence = vscode.l10n.t("This file is read-only: open one that can be edited.");
  void vscode.window.showInformationMessage(`LiteLLM: ${sentence}`);
}

/** *Set Active Editor Read-only in Session* is known to VS Code alone: the commands of its palette heed that. */
async function isWritable(document: vscode.TextDocument): Promise<boolean> {
  const { uri } = document;
  const isWritable = vscode.workspace.fs.isWritableFileSystem(uri.scheme);
  if (isWritable === undefined) return UNSAVED.includes(uri.scheme);
  return isWritable && !isReadOnlyBySettings(document) && !(await isReadOnlyOnDisk(uri));
}

async function isReadOnlyOnDisk(uri: vscode.Uri): Promise<boolean> {
  // A file that is gone can be written.
  const stat = await Promise.resolve(vscode.workspace.fs.stat(uri)).catch(() => undefined);
  return stat?.permissions === vscode.FilePermission.Readonly;
}

/** `files.readonlyInclude`, without what `files.readonlyExclude` takes out. */
function isReadOnlyBySettings(document: vscode.TextDocument): boolean {
  const files = vscode.workspace.getConfiguration("files", document.uri);
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  const has = (name: string) =>
    Object.entries(files.get<Record<string, boolean>>(name) ?? {}).some(([glob, on]) => {
      const isWithin = folder && !glob.startsWith("/") && !/^[a-z]:/i.test(glob);
      const pattern = isWithin ? new vscode.RelativePattern(folder, glob) : glob;
      return on && vscode.languages.match({ pattern }, document) > 0;
    });
  return has("readonlyInclude") && !has("readonlyExclude");
}
