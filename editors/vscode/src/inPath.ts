/**
 * The program inside the extension, where terminals find it: as a link in the user's own folder of programs; on Windows,
 * which lets few people make links, as a copy in a folder of its own.
 */

import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";
import { isFile, PROGRAM, programFolders } from "./binary";

/** The folder of an extension, whatever its version and system: `litellm-ls.litellm-ls-0.1.0-linux-x64`. */
const OF_EXTENSION = /^litellm-ls\.litellm-ls-\d/;

export class InPath {
  /** Where it is put. */
  readonly file: string;
  readonly folder: string;
  /** Where the one goes that was there before. */
  readonly replaced: string;
  /** Says of a copy which one it is, and of which version. */
  private readonly mark: string;

  constructor(
    private readonly program: string,
    private readonly version: string,
    readonly links = process.platform !== "win32",
  ) {
    const local = process.env["LOCALAPPDATA"] ?? path.join(homedir(), "AppData", "Local");
    this.folder = links ? path.join(homedir(), ".local", "bin") : path.join(local, "Programs", "litellm-ls");
    this.file = path.join(this.folder, PROGRAM);
    this.replaced = `${this.file}.replaced`;
    this.mark = path.join(this.folder, "of-vscode.txt");
  }

  /** Whether there is a program to put there. */
  get isInside(): boolean {
    return isFile(this.program);
  }

  /** What is there already. */
  async there(): Promise<"nothing" | "ours" | "other" | "folder"> {
    const found = await fs.lstat(this.file).catch(() => undefined);
    if (!found) return "nothing";
    if (found.isDirectory()) return "folder";
    return (await this.ours()) ? "ours" : "other";
  }

  /** Puts it there; one that is not ours stays beside. */
  async put(): Promise<void> {
    await fs.mkdir(this.folder, { recursive: true });
    const fresh = `${this.file}.${process.pid}`;
    await fs.rm(fresh, { force: true });
    try {
      await (this.links ? fs.symlink(this.program, fresh) : fs.copyFile(this.program, fresh));
      const mark = this.links ? undefined : `${this.version} ${await sum(fresh)}\n`;
      if ((await this.there()) === "other") await fs.rename(this.file, this.replaced);
      await fs.rename(fresh, this.file);
      if (mark) await fs.writeFile(this.mark, mark);
    } finally {
      await fs.rm(fresh, { force: true });
    }
  }

  /** Takes ours away. Whether the one that was there before is back. */
  async takeOut(): Promise<boolean> {
    await fs.rm(this.file);
    await fs.rm(this.mark, { force: true });
    const isBack = await fs.rename(this.replaced, this.file).then(
      () => true,
      () => false,
    );
    // It stays where something else is in it.
    if (!this.links && !isBack) await fs.rmdir(this.folder).catch(() => undefined);
    return isBack;
  }

  /** An update of the extension has the program in another folder, and the old one goes away. */
  async keepUp(): Promise<void> {
    const ours = this.isInside && (await this.ours());
    if (!ours || ours.version === this.version) return;
    // One of another editor that works is that editor's.
    if (ours.target && isFile(ours.target) && !this.isSibling(ours.target)) return;
    await this.put();
  }

  /** The program that a terminal starts: this one, another one, or none of this folder, for that is not in the PATH. */
  found(): "this" | "notInPath" | { first: string } {
    const same = (one: string, other: string) =>
      this.links ? one === other : one.toLowerCase() === other.toLowerCase();
    const folders = programFolders().map((folder) => path.resolve(folder));
    const first = folders.map((folder) => path.join(folder, PROGRAM)).find(isFile);
    if (!folders.some((folder) => same(folder, this.folder))) return "notInPath";
    return first === undefined || same(first, this.file) ? "this" : { first };
  }

  /** Of which version ours is, and where it leads. */
  private async ours(): Promise<{ version: string; target?: string } | undefined> {
    if (!this.links) {
      const [version = "", said] = (await fs.readFile(this.mark, "utf8").catch(() => "")).trim().split(" ");
      return said !== undefined && said === (await sum(this.file).catch(() => undefined)) ? { version } : undefined;
    }
    const said = await fs.readlink(this.file).catch(() => undefined);
    if (said === undefined) return undefined;
    const target = path.resolve(this.folder, said);
    if (target === this.program) return { version: this.version, target };
    const isOurs =
      OF_EXTENSION.test(path.basename(extension(target))) && target === path.join(extension(target), "bin", PROGRAM);
    return isOurs ? { version: "", target } : undefined;
  }

  private isSibling(target: string): boolean {
    return path.dirname(extension(target)) === path.dirname(extension(this.program));
  }
}

/** The folder of the extension that a program lies in. */
function extension(program: string): string {
  return path.dirname(path.dirname(program));
}

async function sum(file: string): Promise<string> {
  return createHash("sha256")
    .update(await fs.readFile(file))
    .digest("hex");
}
