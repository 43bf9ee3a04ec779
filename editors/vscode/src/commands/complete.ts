/** `litellm.complete`: streams an answer to the cursor; `litellm.cancel` stops it. */

import * as vscode from "vscode";
import type { World } from "../commands";
import { usage } from "../words";

let running: vscode.CancellationTokenSource | undefined;

export async function cancel(): Promise<void> {
  running?.cancel();
}

export async function complete({ server }: World): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    void vscode.window.showInformationMessage("LiteLLM: open a file to complete into");
    return;
  }
  const selected = editor.document.getText(editor.selection);
  const asked = await vscode.window.showInputBox({
    title: "LiteLLM: Complete into the Editor",
    prompt: selected ? "What shall become of the selection?" : "What shall be written here?",
    ignoreFocusOut: true,
  });
  if (!asked) return;

  running?.cancel();
  const source = (running = new vscode.CancellationTokenSource());
  const writer = new Writer(editor, source);
  await vscode.commands.executeCommand("setContext", "litellm.completing", true);
  try {
    const result = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: "LiteLLM", cancellable: true },
      (progress, token) => {
        token.onCancellationRequested(() => source.cancel());
        return server.stream(
          {
            prompt: selected ? `${asked}\n\n${selected}` : asked,
            system: `You write into a ${editor.document.languageId} file at the cursor. Answer with the text itself.`,
          },
          (delta) => {
            if (delta.type === "text") writer.write(delta.text);
            if (delta.type === "reasoning") progress.report({ message: "thinking…" });
            if (delta.type === "retry") progress.report({ message: `trying again: ${delta.message}` });
          },
          source.token,
        );
      },
    );
    vscode.window.setStatusBarMessage(`LiteLLM: ${usage(result.usage)}`, 10_000);
  } finally {
    await writer.done();
    source.dispose();
    if (running === source) {
      running = undefined;
      await vscode.commands.executeCommand("setContext", "litellm.completing", false);
    }
  }
}

/** Writes pieces into a document, joined into one edit at a time and all into one undo step. */
class Writer {
  private waiting = "";
  private offset: number;
  private writing: Promise<void> | undefined;
  private first = true;
  private readonly following: vscode.Disposable;

  constructor(
    private readonly editor: vscode.TextEditor,
    private readonly source: vscode.CancellationTokenSource,
  ) {
    this.offset = editor.document.offsetAt(editor.selection.end);
    // What the user types before the place moves the place along.
    this.following = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document !== editor.document || this.own) return;
      for (const { rangeOffset, rangeLength, text } of contentChanges) {
        if (rangeOffset + rangeLength <= this.offset) this.offset += text.length - rangeLength;
      }
    });
  }

  private own = false;

  write(text: string): void {
    this.waiting += text;
    this.writing ??= this.flush();
  }

  private async flush(): Promise<void> {
    while (this.waiting && !this.source.token.isCancellationRequested) {
      const text = this.waiting;
      this.waiting = "";
      this.own = true;
      const at = this.editor.document.positionAt(this.offset);
      const written = await this.editor.edit((edit) => edit.insert(at, text), {
        undoStopBefore: this.first,
        undoStopAfter: false,
      });
      this.own = false;
      this.first = false;
      if (written) {
        // As it stands in the document: line ends may have been changed.
        this.offset += this.editor.document.eol === vscode.EndOfLine.CRLF ? text.replace(/\r?\n/g, "\r\n").length : text.length;
      } else if (this.editor.document.isClosed) {
        this.source.cancel();
      } else {
        this.waiting = text + this.waiting;
      }
    }
    this.writing = undefined;
  }

  async done(): Promise<void> {
    await this.writing;
    this.following.dispose();
  }
}
