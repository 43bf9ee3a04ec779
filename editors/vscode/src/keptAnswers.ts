/** The answers of a workspace as files that only the user can read: one survives a window that is closed amid it. */

import * as fs from "node:fs";
import * as path from "node:path";

/** How often an answer is kept while it comes, in milliseconds. */
const EACH = 1_000;

export class KeptAnswers<Turn extends { id: number }> {
  private readonly waiting = new Map<Turn, NodeJS.Timeout>();

  /** At most this many in a folder, which need not be there yet; of what is found there, those that are turns. */
  constructor(
    private readonly folder: string,
    private readonly most: number,
    private readonly isTurn: (found: object) => boolean,
    private readonly failed: (error: unknown, what: "read" | "kept") => void,
  ) {}

  /** What was kept, the oldest first. */
  load(): Turn[] {
    const files = this.files();
    for (const old of files.slice(0, -this.most)) fs.rmSync(path.join(this.folder, old), { force: true });
    return files.slice(-this.most).flatMap((file) => {
      try {
        const found: unknown = JSON.parse(fs.readFileSync(path.join(this.folder, file), "utf8"));
        if (typeof found !== "object" || !found || !this.isTurn(found)) throw new Error(`${file} is no answer`);
        // By its name, which is what it is written to again.
        return [{ ...(found as Turn), id: Number.parseInt(file, 10) }];
      } catch (error) {
        this.failed(error, "read");
        return [];
      }
    });
  }

  private files(): string[] {
    try {
      const files = fs.readdirSync(this.folder).filter((file) => /^\d+\.json$/.test(file));
      return files.sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10));
    } catch {
      return [];
    }
  }

  /** Keeps an answer within a second. */
  soon(turn: Turn): void {
    if (!this.waiting.has(turn))
      this.waiting.set(
        turn,
        setTimeout(() => this.now(turn), EACH),
      );
  }

  /** Keeps an answer. */
  now(turn: Turn): void {
    clearTimeout(this.waiting.get(turn));
    this.waiting.delete(turn);
    const file = path.join(this.folder, `${turn.id}.json`);
    // Whoever ends the editor amid this finds the file as it was.
    const fresh = `${file}.new`;
    try {
      fs.mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      fs.writeFileSync(fresh, JSON.stringify(turn), { mode: 0o600 });
      fs.renameSync(fresh, file);
    } catch (error) {
      this.failed(error, "kept");
    }
  }

  /** Keeps what waits for it: the window is being closed. */
  dispose(): void {
    for (const turn of [...this.waiting.keys()]) this.now(turn);
  }
}
