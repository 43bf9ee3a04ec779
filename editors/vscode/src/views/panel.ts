/** Pages of the extension in a tab: what they may load, and the messages between them and the extension. */

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** A kind of page: its script is `dist/webview/NAME.js`. */
export interface ViewKind {
  name: string;
  title: string;
  /** All that the page says, by the names that its script knows. */
  texts: Record<string, string>;
  /** Whether it stands beside the file that the user works in, who goes on there. */
  beside?: boolean;
}

/** A page that is open. */
export interface View<ToPage> extends vscode.Disposable {
  post(message: ToPage): void;
  readonly onDidDispose: vscode.Event<void>;
}

const open = new Map<string, vscode.WebviewPanel>();

/**
 * Shows the one page of a kind. `begin` is called when it is made, and returns what takes its messages; one that is
 * open comes to the front as it is, so that nothing typed there is lost.
 */
export function openView<ToPage, FromPage>(
  context: vscode.ExtensionContext,
  { name, title, texts, beside = false }: ViewKind,
  begin: (page: View<ToPage>) => (message: FromPage) => void,
): void {
  const before = open.get(name);
  if (before) {
    before.reveal(undefined, beside);
    return;
  }
  const resources = vscode.Uri.joinPath(context.extensionUri, "dist", "webview");
  const panel = vscode.window.createWebviewPanel(
    `litellm.${name}`,
    title,
    { viewColumn: beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active, preserveFocus: beside },
    {
      enableScripts: true,
      // What is typed must outlast a look at another tab, and a key may not go where the state of pages is stored.
      retainContextWhenHidden: true,
      localResourceRoots: [resources],
    },
  );
  open.set(name, panel);
  panel.onDidDispose(() => open.delete(name));
  const take = begin({
    post: (message) => void panel.webview.postMessage(message),
    onDidDispose: panel.onDidDispose,
    dispose: () => panel.dispose(),
  });
  panel.webview.onDidReceiveMessage((message: FromPage) => take(message));
  const uri = (file: string) => String(panel.webview.asWebviewUri(vscode.Uri.joinPath(resources, file)));
  panel.webview.html = html({
    script: uri(`${name}.js`),
    style: uri("style.css"),
    source: panel.webview.cspSource,
    nonce: randomBytes(16).toString("hex"),
    language: vscode.env.language,
    title,
    texts,
  });
}

interface Frame {
  script: string;
  style: string;
  source: string;
  nonce: string;
  language: string;
  title: string;
  texts: Record<string, string>;
}

/** Nothing but our own script and style is loaded, and nothing is sent. */
export function html({ script, style, source, nonce, language, title, texts }: Frame): string {
  const policy = `default-src 'none'; style-src ${source}; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="${escaped(style)}">
</head>
<body>
<main id="page"></main>
<script type="application/json" id="texts" nonce="${nonce}">${JSON.stringify(texts).replace(/</g, "\\u003c")}</script>
<script nonce="${nonce}" src="${escaped(script)}"></script>
</body>
</html>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");
}
