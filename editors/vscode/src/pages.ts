/** Texts to read: in a tab of their own, which cannot be edited and asks nothing when it is closed. */

import * as vscode from "vscode";

const SCHEME = "litellm-page";
/** Most pages whose texts are kept; VS Code asks for a text again when its tab is shown again. */
const MOST = 50;

const texts = new Map<string, string>();
let number = 0;

/** Makes pages known to VS Code. */
export function registerPages(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: ({ path }) =>
      texts.get(path) ?? vscode.l10n.t("This page is gone: run “LiteLLM: Show the Answers”, which has each answer."),
  });
}

/** Shows a text beside the file that the user works in, in a tab that stays when another file is looked at. */
export async function showPage(name: string, content: string): Promise<void> {
  number += 1;
  const path = `/${number}/${name}`;
  texts.set(path, content);
  for (const old of texts.keys()) {
    if (texts.size <= MOST) break;
    texts.delete(old);
  }
  const document = await vscode.workspace.openTextDocument(vscode.Uri.from({ scheme: SCHEME, path }));
  const how = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: false };
  await vscode.window.showTextDocument(document, how);
}
