/**
 * A text by its lines: a change costs what it changes, however long the text is, and what ends the lines is all one.
 */

export interface Position {
  line: number;
  character: number;
}

export interface Span {
  start: Position;
  end: Position;
}

/** What takes the place of a part of a text, with `\n` at the end of each line. */
export interface Change extends Span {
  text: string;
}

/** Most lines that are put in by one call: all of them are arguments. */
const MOST = 10_000;

const BEGIN: Position = { line: 0, character: 0 };

export class Lines {
  private lines: string[];

  constructor(text: string) {
    this.lines = text.split("\n");
  }

  /** All of it. */
  get all(): Span {
    return { start: BEGIN, end: { line: this.lines.length - 1, character: this.lines.at(-1)?.length ?? 0 } };
  }

  text({ start, end }: Span): string {
    const first = this.lines[start.line] ?? "";
    if (start.line === end.line) return first.slice(start.character, end.character);
    const last = (this.lines[end.line] ?? "").slice(0, end.character);
    return [first.slice(start.character), ...this.lines.slice(start.line + 1, end.line), last].join("\n");
  }

  /** Whether there is nothing between a position and the end of its line. */
  isAtEnd({ line, character }: Position): boolean {
    return character === this.lines[line]?.length;
  }

  put({ start, end, text }: Change): void {
    const head = (this.lines[start.line] ?? "").slice(0, start.character);
    const tail = (this.lines[end.line] ?? "").slice(end.character);
    const put = (head + text + tail).split("\n");
    if (put.length <= MOST) this.lines.splice(start.line, end.line - start.line + 1, ...put);
    else this.lines = this.lines.slice(0, start.line).concat(put, this.lines.slice(end.line + 1));
  }
}

/** Below zero where the first comes before the other. */
export function compare(one: Position, other: Position): number {
  return one.line - other.line || one.character - other.character;
}

/** Where a text ends that begins at a position. */
export function behind({ line, character }: Position, text: string): Position {
  const last = text.lastIndexOf("\n");
  if (last < 0) return { line, character: character + text.length };
  return { line: line + text.split("\n").length - 1, character: text.length - last - 1 };
}

/** Where a position that is not before the end of a change is after it. */
function after({ start, end, text }: Change, { line, character }: Position): Position {
  const now = behind(start, text);
  if (line > end.line) return { line: line - end.line + now.line, character };
  return { line: now.line, character: character - end.character + now.character };
}

/**
 * The span after a change: what is typed right at its ends stays outside, and what is replaced across an end is outside
 * of what is left. Undefined where the change went across both ends, or as far as one and over the other.
 */
export function follow(span: Span, change: Change): Span | undefined {
  const { start, end } = span;
  if (compare(change.end, start) <= 0) return { start: after(change, start), end: after(change, end) };
  if (compare(change.start, end) >= 0) return span;
  const isBegun = compare(change.start, start) >= 0;
  const isEnded = compare(change.end, end) <= 0;
  if (isBegun && isEnded) return { start, end: after(change, end) };
  const left = {
    start: compare(change.start, start) > 0 ? start : behind(change.start, change.text),
    end: compare(change.end, end) < 0 ? after(change, end) : change.start,
  };
  return compare(left.start, left.end) < 0 ? left : undefined;
}

/**
 * A change without what it leaves as it was, such as one of a whole text into another that is nearly the same; `old` is
 * what it replaces.
 */
export function narrowed({ start, text }: Change, old: string): Change {
  const most = Math.min(old.length, text.length);
  let head = 0;
  while (head < most && old[head] === text[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail += 1;
  const from = behind(start, old.slice(0, head));
  return {
    start: from,
    end: behind(from, old.slice(head, old.length - tail)),
    text: text.slice(head, text.length - tail),
  };
}

/** A text with `\n` at the end of each line. */
export function withoutCr(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}
