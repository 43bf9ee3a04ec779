/**
 * Writes an answer into a document while it comes, whichever tab is in front, as one step of its undo history. Who
 * undoes, changes, reverts or closes what is being written ends the writing: the text stays as its user made it.
 */

import * as vscode from "vscode";

/** How often an edit that VS Code refuses is tried again: someone may be typing just then. */
const TRIES = 20;

export class Writer implements vscode.Disposable {
  private waiting = "";
  private writing: Promise<void> | undefined;
  /** The edit that VS Code was asked for and has not told of yet. */
  private asked: { rangeOffset: number; rangeLength: number; text: string } | undefined;
  private start: number;
  private end: number;
  private stopped = false;
  private first = true;
  private readonly following: vscode.Disposable;

  /** Nothing yet, at an offset of a document. */
  constructor(
    private readonly document: vscode.TextDocument,
    offset: number,
  ) {
    this.start = this.end = offset;
    this.following = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document !== this.document) return;
      for (const change of contentChanges) this.follow(change);
    });
  }

  /** What the user types before the place moves it along; what is typed within it is the user's. */
  private follow({ rangeOffset, rangeLength, text }: vscode.TextDocumentContentChangeEvent): void {
    const { asked } = this;
    if (asked?.rangeOffset === rangeOffset && asked.rangeLength === rangeLength && asked.text === text) {
      this.asked = undefined;
      this.end = rangeOffset + text.length;
      return;
    }
    const grown = text.length - rangeLength;
    // What is typed just behind the answer stays behind it.
    if (rangeOffset >= this.end && this.hasWritten) return;
    if (rangeOffset + rangeLength <= this.start) {
      this.start += grown;
      this.end += grown;
    } else if (rangeOffset < this.end) {
      this.stopped = true;
      this.end = Math.max(this.end + grown, this.start);
    }
  }

  /** Whether no more is written: what was written is the user's now, or the document is gone. */
  get isStopped(): boolean {
    return this.stopped || this.document.isClosed;
  }

  /** Appends a piece. */
  write(text: string): void {
    this.waiting += text;
    this.writing ??= this.flush();
  }

  private async flush(): Promise<void> {
    while (this.waiting && !this.isStopped) {
      const text = this.waiting;
      this.waiting = "";
      if (!(await this.replace("nothing", text))) this.stopped = true;
    }
    this.writing = undefined;
  }

  /**
   * Ends the writing, with this text in the place of what was written of it. False where that could not be done: the
   * document is closed or read-only, or the user has changed what was written.
   */
  async finish(whole: string): Promise<boolean> {
    await this.writing;
    if (this.isStopped) return false;
    const written = this.document.getText(this.range(this.start, this.end));
    if (written === this.asInDocument(whole)) return true;
    return this.replace("all", whole);
  }

  /** Whether something of the answer stands in the document. */
  private get hasWritten(): boolean {
    return this.end > this.start;
  }

  /** Puts a text behind what was written, or in the place of all of it. */
  private async replace(what: "nothing" | "all", text: string): Promise<boolean> {
    for (let tries = 0; tries < TRIES && !this.isStopped; tries += 1) {
      // Looked up for each try: it is refused where the user has changed the text just then, maybe this very place.
      const start = what === "all" ? this.start : this.end;
      this.asked = { rangeOffset: start, rangeLength: this.end - start, text: this.asInDocument(text) };
      if (await this.edit(this.range(start, this.end), text)) {
        this.first = false;
        // A file that became read-only says that it was done, and does not change.
        return this.asked === undefined;
      }
    }
    return false;
  }

  /** Through an editor that shows the document, which joins the pieces to one undo step; else behind the scenes. */
  private async edit(range: vscode.Range, text: string): Promise<boolean> {
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document === this.document);
    if (editor) {
      const stops = { undoStopBefore: this.first, undoStopAfter: false };
      // Rejected where its tab was closed or switched meanwhile.
      const done = await Promise.resolve(editor.edit((edit) => edit.replace(range, text), stops)).catch(
        () => undefined,
      );
      if (done !== undefined) return done;
    }
    const edit = new vscode.WorkspaceEdit();
    edit.replace(this.document.uri, range, text);
    return vscode.workspace.applyEdit(edit);
  }

  private range(start: number, end: number): vscode.Range {
    return new vscode.Range(this.document.positionAt(start), this.document.positionAt(end));
  }

  /** A text with the line ends of the document, as VS Code puts it there. */
  private asInDocument(text: string): string {
    return text.replace(/\r\n|\r|\n/g, this.document.eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n");
  }

  dispose(): void {
    this.following.dispose();
  }
}
