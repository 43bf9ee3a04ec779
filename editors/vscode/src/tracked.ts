/** A part of a text that a model was asked about, found again when the text has changed elsewhere meanwhile. */

import * as vscode from "vscode";
import type { Place } from "./edit";

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

  /** Writes in this place, and shows it. False where another text stands there now, or none can be written. */
  async replace(newText: string): Promise<boolean> {
    // Opened again where its tab was closed.
    const document = await vscode.workspace.openTextDocument(this.uri);
    const range = new vscode.Range(document.positionAt(this.span.start), document.positionAt(this.span.end));
    if (lines(document.getText(range)) !== lines(this.before)) return false;
    const edit = new vscode.WorkspaceEdit();
    edit.replace(this.uri, range, newText);
    return vscode.workspace.applyEdit(edit);
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
