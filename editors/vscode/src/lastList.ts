/** The models that a proxy listed last, kept for the next start: where none are listed VS Code locks its chat. */

import { createHash } from "node:crypto";
import * as vscode from "vscode";

/** Only where the proxy is the same; its address is kept as a digest, since addresses tell about people. */
interface Kept<Listed> {
  proxy: string;
  models: Listed[];
}

export class LastList<Listed> {
  private written = "";

  constructor(private readonly folder: vscode.Uri) {}

  /** Keeps a list; a file, since VS Code's own memory is not meant for thousands of models. */
  async keep(baseUrl: string, models: Listed[]): Promise<void> {
    const text = JSON.stringify({ proxy: digest(baseUrl), models } satisfies Kept<Listed>);
    if (text === this.written) return;
    this.written = text;
    await vscode.workspace.fs.writeFile(this.file, Buffer.from(text));
  }

  /** What the proxy at this address listed last; nothing where that is not known. */
  async of(baseUrl: string): Promise<Listed[]> {
    try {
      const text = Buffer.from(await vscode.workspace.fs.readFile(this.file)).toString();
      const { proxy, models } = JSON.parse(text) as Kept<Listed>;
      return proxy === digest(baseUrl) && Array.isArray(models) ? models : [];
    } catch {
      return [];
    }
  }

  private get file(): vscode.Uri {
    return vscode.Uri.joinPath(this.folder, "models.json");
  }
}

function digest(baseUrl: string): string {
  return createHash("sha256").update(baseUrl).digest("hex");
}
