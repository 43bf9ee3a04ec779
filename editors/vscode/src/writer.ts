/**
 * Writes an answer into a document while it comes, whichever tab is in front, as one step of its undo history. Who
 * undoes, changes, reverts or closes what is being written ends the writing: the text stays as its user made it.
 */

import type { Tracked } from "./tracked";

/** How often an edit that VS Code refuses is tried again: someone may be typing just then. */
const TRIES = 20;

export class Writer {
  private waiting = "";
  private writing: Promise<void> | undefined;
  private stopped = false;
  private first = true;
  private readOnly = false;

  /** Nothing yet, at a cursor. */
  constructor(private readonly place: Tracked) {}

  /** Whether no more is written: what was written is the user's now, or the document is gone. */
  get isStopped(): boolean {
    const { isTouched, isLost, document } = this.place;
    this.stopped ||= isTouched || isLost || document.isClosed;
    return this.stopped;
  }

  /** Whether the document can't be changed, which VS Code tells when somebody tries. */
  get isReadOnly(): boolean {
    return this.readOnly;
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
      if (!(await this.put("behind", text))) this.stopped = true;
    }
    this.writing = undefined;
  }

  /**
   * Ends the writing, with this text in the place of what was written of it. False where that could not be done: the
   * document is closed or read-only, or the user has changed what was written.
   */
  async finish(whole: string): Promise<boolean> {
    await this.writing;
    return !this.isStopped && this.put("all", whole);
  }

  private async put(what: "behind" | "all", text: string): Promise<boolean> {
    for (let tries = 0; tries < TRIES && !this.isStopped; tries += 1) {
      // Refused where the user has changed the text just then, maybe this very place.
      const put = await this.place.put(what, text, { undoStopBefore: this.first, undoStopAfter: false });
      if (put === "changed") continue;
      this.first = false;
      this.readOnly = put === "readOnly";
      return put === "written";
    }
    return false;
  }
}
