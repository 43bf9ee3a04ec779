/**
 * A place in a text that the user meant, such as a cursor or what was selected: taken once, found again when the text
 * has changed elsewhere meanwhile, and written in.
 */

import * as vscode from "vscode";

/** A place as it is at one moment. */
export interface Place {
  document: vscode.TextDocument;
  range: vscode.Range;
}

/** Whether a text was written, else why not. */
export type Replaced = "written" | "changed" | "readOnly";

interface Span {
  start: number;
  end: number;
}

/** What takes the place of a part of a text. */
export interface Change {
  offset: number;
  length: number;
  text: string;
}

type UndoStops = NonNullable<Parameters<vscode.TextEditor["edit"]>[1]>;

/**
 * The span after a change: what is typed right at its ends stays outside, and what is replaced across an end is outside
 * of what is left. Undefined where the change went across both ends, or as far as one and over the other.
 */
export function follow({ start, end }: Span, { offset, length, text }: Change): Span | undefined {
  const behind = offset + length;
  const grown = text.length - length;
  if (behind <= start) return { start: start + grown, end: end + grown };
  if (offset >= end) return { start, end };
  if (offset >= start && behind <= end) return { start, end: end + grown };
  const left = { start: offset > start ? start : offset + text.length, end: behind < end ? end + grown : offset };
  return left.start < left.end ? left : undefined;
}

/** A change without what it leaves as it was, such as one of a whole text into another that is nearly the same. */
export function narrowed({ offset, length, text }: Change, before: string): Change {
  const old = before.slice(offset, offset + length);
  const most = Math.min(old.length, text.length);
  let head = 0;
  while (head < most && old[head] === text[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail += 1;
  return { offset: offset + head, length: length - head - tail, text: text.slice(head, text.length - tail) };
}

/** Offsets are those of the text with `\n` at the end of each line: its line ends may be changed at any time. */
export class Tracked implements vscode.Disposable {
  private readonly following: vscode.Disposable;
  private readonly moved = new vscode.EventEmitter<void>();
  /** Fired when the text of the document has changed. */
  readonly onDidMove = this.moved.event;
  private opened: vscode.TextDocument;
  /** The text of the document, to tell what a change of all of it has changed. */
  private whole: string;
  private isCrlf: boolean;
  private span: Span | undefined;
  private readonly isCursor: boolean;
  private readonly before: string;
  /** What was written here and is not told of yet. */
  private own: Change | undefined;
  private touched = false;

  constructor({ document, range }: Place) {
    this.opened = document;
    this.whole = lines(document.getText());
    this.isCrlf = document.eol === vscode.EndOfLine.CRLF;
    const offset = (position: vscode.Position) => {
      const { line } = document.validatePosition(position);
      return document.offsetAt(position) - (this.isCrlf ? line : 0);
    };
    this.span = { start: offset(range.start), end: offset(range.end) };
    this.isCursor = this.span.start === this.span.end;
    this.before = this.text;
    const isOurs = ({ uri }: vscode.TextDocument) => uri.toString() === this.opened.uri.toString();
    this.following = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (isOurs(document)) this.take(document, contentChanges);
      }),
      vscode.workspace.onDidOpenTextDocument((document) => {
        if (isOurs(document)) this.adopt(document);
      }),
    );
  }

  /** The document, as it was opened last. */
  get document(): vscode.TextDocument {
    return this.opened;
  }

  /** Whether there is no such place any more. */
  get isLost(): boolean {
    if (!this.span || (!this.isCursor && this.span.start === this.span.end)) return true;
    // What was never saved can't be opened again: by its name, VS Code would open another, empty text.
    return this.opened.isClosed && this.opened.isUntitled;
  }

  /** Whether somebody else has changed what stands here. */
  get isTouched(): boolean {
    return this.touched;
  }

  /** The place as it is now. */
  get now(): Place | undefined {
    return this.span && !this.isLost ? { document: this.opened, range: this.range(this.span) } : undefined;
  }

  /** What stands here, with `\n` at the end of each line. */
  get text(): string {
    return this.span ? this.whole.slice(this.span.start, this.span.end) : "";
  }

  /** The whole text with another one in this place. */
  textWith(newText: string): string {
    const { start, end } = this.span ?? { start: 0, end: 0 };
    return this.withLineEnds(this.whole.slice(0, start) + lines(newText) + this.whole.slice(end));
  }

  /** Opens the document where its tab was closed. False where the place is lost. */
  async open(): Promise<boolean> {
    if (this.opened.isClosed && !this.isLost) {
      const document = await Promise.resolve(vscode.workspace.openTextDocument(this.opened.uri)).catch(() => undefined);
      if (!document) return false;
      this.adopt(document);
    }
    return !this.isLost;
  }

  /** Writes in this place, where its text is still the one that it had when the place was taken. */
  async replace(newText: string): Promise<Replaced> {
    const isSame = (await this.open()) && this.text === this.before;
    return isSame ? this.put("all", newText) : "changed";
  }

  /** Writes in the place of all that stands here, or behind it. */
  async put(what: "all" | "behind", text: string, stops?: UndoStops): Promise<Replaced> {
    if (!this.span || this.isLost) return "changed";
    const { start, end } = this.span;
    const offset = what === "all" ? start : end;
    const own = { offset, length: end - offset, text: lines(text) };
    if (this.whole.slice(offset, end) === own.text) return "written";
    this.own = own;
    const isDone = await this.edit(this.range({ start: offset, end }), this.withLineEnds(own.text), stops);
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
    if (this.opened.isClosed) return false;
    const edit = new vscode.WorkspaceEdit();
    edit.replace(this.opened.uri, range, text);
    return vscode.workspace.applyEdit(edit);
  }

  private take(document: vscode.TextDocument, changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    for (const { range, rangeOffset, rangeLength, text } of changes) {
      const [first, last] = this.isCrlf ? [range.start.line, range.end.line] : [0, 0];
      this.change({ offset: rangeOffset - first, length: rangeLength - (last - first), text: lines(text) });
    }
    this.adopt(document);
  }

  /** Takes the text of a document, which may have been changed while it was closed. */
  private adopt(document: vscode.TextDocument): void {
    this.opened = document;
    this.isCrlf = document.eol === vscode.EndOfLine.CRLF;
    const text = lines(document.getText());
    if (text !== this.whole) this.change({ offset: 0, length: this.whole.length, text });
    this.moved.fire();
  }

  private change(all: Change): void {
    const change = narrowed(all, this.whole);
    const { own, span, whole } = this;
    this.whole = whole.slice(0, all.offset) + all.text + whole.slice(all.offset + all.length);
    if (!span) return;
    if (own && same(narrowed(own, whole), change)) {
      this.own = undefined;
      this.span = { start: span.start, end: own.offset + own.text.length };
      return;
    }
    const after = follow(span, change);
    const isWithin = change.offset + change.length > span.start && change.offset < span.end;
    if (isWithin && !trims(change, whole)) this.touched = true;
    this.span = after;
  }

  private range({ start, end }: Span): vscode.Range {
    const position = (offset: number) => {
      const before = this.whole.slice(0, offset).split("\n");
      return new vscode.Position(before.length - 1, before.at(-1)?.length ?? 0);
    };
    return new vscode.Range(position(start), position(end));
  }

  private withLineEnds(text: string): string {
    return this.isCrlf ? text.replace(/\n/g, "\r\n") : text;
  }

  dispose(): void {
    this.following.dispose();
    this.moved.dispose();
  }
}

function same(one: Change, other: Change): boolean {
  return one.offset === other.offset && one.length === other.length && one.text === other.text;
}

/** Whether a change takes blanks from the end of a line and nothing else, as VS Code itself does where a file is saved. */
function trims({ offset, length, text }: Change, before: string): boolean {
  return (
    !text &&
    /^[ \t]+$/.test(before.slice(offset, offset + length)) &&
    /^(\n|$)/.test(before.slice(offset + length, offset + length + 1))
  );
}

/** A text without the difference of line ends. */
function lines(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}
