/** What VS Code keeps of its user: settings, servers of tools and what extensions store, tokens among it. */

import * as vscode from "vscode";

/** Whether a file is one of these. `storage` is where VS Code has an extension store what is its own. */
export function isEditorsOwn({ scheme, path }: vscode.Uri, storage: vscode.Uri): boolean {
  // `…/User/globalStorage/EXTENSION`, beside `…/Machine`, where VS Code is a server.
  const kept = vscode.Uri.joinPath(storage, "../../..").path;
  return scheme === "vscode-userdata" || path.startsWith(`${kept}/`);
}
