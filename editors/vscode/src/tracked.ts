/** A part of a text that a model was asked about, found again when the text has changed elsewhere meanwhile. */

import * as vscode from "vscode";
import type { Place } from "./edit";

/** Whether a text was written, else why not. */
export type Replaced = "written" | "changed" | "readOnly";

interface Span {
  start: number;
  end: number;
}

type Change = Pick<vscode.TextDocumentContentChangeEvent, "rangeOffset" | "rangeLength" | "text">;

/** The span after a change. What is typed right at its ends stays outside. */
export function follow({ start, end }: Span, { rangeOffset, rangeLength, text }: Change): Span {
  const grown = text.length - rangeLength;
  if (rangeOffset + rangeLength <= start) return { start: start + grown, end: end + grown };
  if (rangeOffset >= end) return { start, end };
  const first = Math.min(start, rangeOffset);
  return { start: first, end: Math.max(end + grown, first) };
}

export class Tracked implements vscode.Disposable {
  private readonly uri: vscode.Uri;
  private readonly before: string;
  private readonly following: vscode.Disposable;
  private readonly moved = new vscode.EventEmitter<void>();
  /** Fired when the text around the place has changed. */
  readonly onDidMove = this.moved.event;
  private span: Span;

  constructor(readonly place: Place) {
    const { document, range } = place;
    this.uri = document.uri;
    this.before = document.getText(range);
    this.span = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
    this.following = vscode.workspace.onDidChangeTextDocument((change) => {
      if (change.document.uri.toString() !== this.uri.toString()) return;
      for (const piece of change.contentChanges) this.span = follow(this.span, piece);
      this.moved.fire();
    });
  }

  /** Where the place ends now, as an offset. */
  get end(): number {
    return this.span.end;
  }

  /** The whole text with another one in this place. */
  textWith(newText: string): string {
    const text = this.place.document.getText();
    return text.slice(0, this.span.start) + newText + text.slice(this.span.end);
  }

  /** Writes in this place; through an editor of it, where one is given, which keeps to what is read-only. */
  async replace(newText: string, editor?: vscode.TextEditor): Promise<Replaced> {
    // Opened again where its tab was closed.
    const document = await vscode.workspace.openTextDocument(this.uri);
    const range = new vscode.Range(document.positionAt(this.span.start), document.positionAt(this.span.end));
    if (lines(document.getText(range)) !== lines(this.before)) return "changed";
    if (editor) {
      const { version } = document;
      if (!(await editor.edit((edit) => edit.replace(range, newText)))) return "changed";
      // VS Code says that it was done where the file is read-only, and nothing was.
      return document.version === version && document.getText(range) !== newText ? "readOnly" : "written";
    }
    const edit = new vscode.WorkspaceEdit();
    edit.replace(this.uri, range, newText);
    return (await vscode.workspace.applyEdit(edit)) ? "written" : "changed";
  }

  dispose(): void {
    this.following.dispose();
    this.moved.dispose();
  }
}

/** A text without the difference of line ends. */
function lines(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}
