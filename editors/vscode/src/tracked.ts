/**
 * A place in a text that the user meant, such as a cursor or what was selected: taken once, found again when the text
 * has changed elsewhere meanwhile, and written in.
 */

import * as vscode from "vscode";
import { behind, type Change, compare, follow, Lines, narrowed, type Position, type Span, withoutCr } from "./lines";

/** A place as it is at one moment. */
export interface Place {
  document: vscode.TextDocument;
  range: vscode.Range;
}

/** Whether a text was written, else why not. */
export type Replaced = "written" | "changed" | "readOnly";

type UndoStops = NonNullable<Parameters<vscode.TextEditor["edit"]>[1]>;

export class Tracked implements vscode.Disposable {
  private readonly following: vscode.Disposable;
  private readonly moved = new vscode.EventEmitter<void>();
  /** Fired when the text of the document has changed, or its name. */
  readonly onDidMove = this.moved.event;
  private opened: vscode.TextDocument;
  /** Where the document is: another place than where it was opened, once its file or a folder of it was renamed. */
  private uri: vscode.Uri;
  /** The text of the document, to tell what a change of all of it has changed. */
  private readonly lines: Lines;
  private span: Span | undefined;
  private readonly isCursor: boolean;
  private readonly before: string;
  /** What was written here and is not told of yet. */
  private own: Change | undefined;
  private touched = false;

  constructor({ document, range }: Place) {
    this.opened = document;
    this.uri = document.uri;
    this.lines = new Lines(withoutCr(document.getText()));
    this.span = { start: document.validatePosition(range.start), end: document.validatePosition(range.end) };
    this.isCursor = isEmpty(this.span);
    this.before = this.text;
    const isOurs = ({ uri }: vscode.TextDocument) => uri.toString() === this.uri.toString();
    this.following = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (isOurs(document)) this.take(document, contentChanges);
      }),
      vscode.workspace.onDidOpenTextDocument((document) => {
        if (isOurs(document)) this.adopt(document);
      }),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        const renamed = files.map((file) => renamedTo(this.uri, file)).find((uri) => uri !== undefined);
        if (!renamed) return;
        this.uri = renamed;
        // VS Code opens it under its new name before it tells of that, or after.
        const document = vscode.workspace.textDocuments.find(isOurs);
        if (document) this.adopt(document);
      }),
    );
  }

  /** The document, as it was opened last. */
  get document(): vscode.TextDocument {
    return this.opened;
  }

  /** Whether there is no such place any more. */
  get isLost(): boolean {
    if (!this.span || (!this.isCursor && isEmpty(this.span))) return true;
    return this.opened.isClosed && this.opened.isUntitled;
  }

  /** Whether somebody else has changed what stands here. */
  get isTouched(): boolean {
    return this.touched;
  }

  /** The place as it is now. */
  get now(): Place | undefined {
    return this.span && !this.isLost ? { document: this.opened, range: range(this.span) } : undefined;
  }

  /** What stands here, with `\n` at the end of each line. */
  get text(): string {
    return this.span ? this.lines.text(this.span) : "";
  }

  /** The whole text with another one in this place. */
  textWith(newText: string): string {
    const { all } = this.lines;
    const { start, end } = this.span ?? { start: all.start, end: all.start };
    const [head, tail] = [
      { start: all.start, end: start },
      { start: end, end: all.end },
    ];
    return this.withLineEnds(this.lines.text(head) + withoutCr(newText) + this.lines.text(tail));
  }

  /** Opens the document where its tab was closed or its file renamed. False where there is none any more. */
  async open(): Promise<boolean> {
    if (this.isOpen) return true;
    // What was never saved can't be opened again: by its name, VS Code would open another, empty text.
    if (this.opened.isUntitled) return false;
    const document = await Promise.resolve(vscode.workspace.openTextDocument(this.uri)).catch(() => undefined);
    if (document) this.adopt(document);
    return document !== undefined;
  }

  /** Whether the document is open, under the name that it has now. */
  private get isOpen(): boolean {
    return !this.opened.isClosed && this.opened.uri.toString() === this.uri.toString();
  }

  /** Writes in this place, where its text is still the one that it had when the place was taken. */
  async replace(newText: string): Promise<Replaced> {
    const isSame = (await this.open()) && this.text === this.before;
    return isSame ? this.put("all", newText) : "changed";
  }

  /** Writes in the place of all that stands here, or behind it. */
  async put(what: "all" | "behind", text: string, stops?: UndoStops): Promise<Replaced> {
    if (!this.span || this.isLost || !this.isOpen) return "changed";
    const { start, end } = this.span;
    const own = { start: what === "all" ? start : end, end, text: withoutCr(text) };
    if (this.lines.text(own) === own.text) return "written";
    this.own = own;
    const isDone = await this.edit(range(own), this.withLineEnds(own.text), stops);
    const isTold = this.own !== own;
    this.own = undefined;
    if (!isDone) return "changed";
    // VS Code says that it was done where the file is read-only, and nothing was.
    return isTold ? "written" : "readOnly";
  }

  /** Through an editor that shows the document, which keeps to what is read-only; else behind the scenes. */
  private async edit(range: vscode.Range, text: string, stops?: UndoStops): Promise<boolean> {
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document === this.opened);
    if (editor) {
      // Rejected where its tab was closed or switched meanwhile.
      const done = await Promise.resolve(editor.edit((edit) => edit.replace(range, text), stops)).catch(
        () => undefined,
      );
      if (done !== undefined) return done;
    }
    if (!this.isOpen) return false;
    const edit = new vscode.WorkspaceEdit();
    edit.replace(this.opened.uri, range, text);
    return vscode.workspace.applyEdit(edit);
  }

  private take(document: vscode.TextDocument, changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    this.opened = document;
    for (const { range, text } of changes) this.change({ start: range.start, end: range.end, text: withoutCr(text) });
    this.moved.fire();
  }

  /** Takes the text of a document that was opened again, and may have been changed meanwhile. */
  private adopt(document: vscode.TextDocument): void {
    this.opened = document;
    this.change({ ...this.lines.all, text: withoutCr(document.getText()) });
    this.moved.fire();
  }

  private change(told: Change): void {
    const { lines, own, span } = this;
    const change = narrowed(told, lines.text(told));
    const isOwn = own !== undefined && same(narrowed(own, lines.text(own)), change);
    const isTrim = trims(change, lines);
    lines.put(change);
    if (!span) return;
    if (isOwn) {
      this.own = undefined;
      this.span = { start: span.start, end: behind(own.start, own.text) };
      return;
    }
    const isWithin = compare(change.end, span.start) > 0 && compare(change.start, span.end) < 0;
    if (isWithin && !isTrim) this.touched = true;
    this.span = follow(span, change);
  }

  private withLineEnds(text: string): string {
    return this.opened.eol === vscode.EndOfLine.CRLF ? text.replace(/\n/g, "\r\n") : text;
  }

  dispose(): void {
    this.following.dispose();
    this.moved.dispose();
  }
}

function range({ start, end }: Span): vscode.Range {
  const position = ({ line, character }: Position) => new vscode.Position(line, character);
  return new vscode.Range(position(start), position(end));
}

function isEmpty({ start, end }: Span): boolean {
  return compare(start, end) === 0;
}

function same(one: Change, other: Change): boolean {
  return compare(one.start, other.start) === 0 && compare(one.end, other.end) === 0 && one.text === other.text;
}

/** Whether a change takes blanks from the end of a line and nothing else, as VS Code itself does where a file is saved. */
function trims(change: Change, lines: Lines): boolean {
  return !change.text && /^[ \t]+$/.test(lines.text(change)) && lines.isAtEnd(change.end);
}

/** Where a file is once it, or a folder that it is in, was renamed; undefined where it is where it was. */
function renamedTo(uri: vscode.Uri, { oldUri, newUri }: { oldUri: vscode.Uri; newUri: vscode.Uri }) {
  if (uri.toString() === oldUri.toString()) return newUri;
  const isWithin = uri.toString().startsWith(`${oldUri}/`);
  return isWithin ? newUri.with({ path: newUri.path + uri.path.slice(oldUri.path.length) }) : undefined;
}
