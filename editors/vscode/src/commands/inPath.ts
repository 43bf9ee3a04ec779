/** `litellm.installInPath`, `litellm.removeFromPath`: the program inside the extension, for the terminal. */

import { homedir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import type { World } from "./world";
import { inside } from "../binary";
import { InPath } from "../inPath";
import { plain } from "../words";

/** Puts the program where terminals find it, asks before one of somebody else's is replaced, and says what it did. */
export async function installInPath({ context }: World): Promise<void> {
  const place = of(context);
  if (!place.isInside) {
    const text = vscode.l10n.t(
      "This extension has no program inside: take the VSIX for your system, or install litellm-ls in another way.",
    );
    return void vscode.window.showWarningMessage(`LiteLLM: ${text}`);
  }
  const there = await place.there();
  if (there === "folder") {
    const text = vscode.l10n.t("{0} is a folder: move it away, and install again.", shown(place.file));
    return void vscode.window.showWarningMessage(`LiteLLM: ${text}`);
  }
  if (there === "other" && !(await mayReplace(place))) return;
  await change(place.file, () => place.put());
  await tell(place);
}

export async function removeFromPath({ context }: World): Promise<void> {
  await remove(of(context));
}

/** Has what was put there keep up with updates of the extension. */
export async function keepUp(context: vscode.ExtensionContext): Promise<void> {
  await of(context).keepUp();
}

function of(context: vscode.ExtensionContext): InPath {
  const { version } = context.extension.packageJSON as { version: string };
  return new InPath(inside(context), version);
}

async function mayReplace({ file, replaced }: InPath): Promise<boolean> {
  const replace = vscode.l10n.t("Replace");
  const text = vscode.l10n.t("{0} is there already, and was not put there by this extension.", shown(file));
  const detail = vscode.l10n.t(
    "It is kept as {0}, and comes back when you remove litellm-ls from PATH here.",
    plain(path.basename(replaced)),
  );
  return (await vscode.window.showWarningMessage(text, { modal: true, detail }, replace)) === replace;
}

/** Says what was done, and what is still to do. */
async function tell(place: InPath): Promise<void> {
  const [copy, undo] = [vscode.l10n.t("Copy"), vscode.l10n.t("Undo")];
  const file = shown(place.file);
  const done = place.links
    ? vscode.l10n.t("{0} leads to the program inside this extension.", file)
    : vscode.l10n.t("{0} is a copy of the program inside this extension.", file);
  const found = place.found();
  const missing = found === "notInPath" ? wayIn(place) : undefined;
  const said = missing?.text ?? (typeof found === "object" ? hidden(found.first) : newTerminals());
  const choice = await vscode.window.showInformationMessage(
    `LiteLLM: ${done} ${said}`,
    ...(missing ? [copy, undo] : [undo]),
  );
  if (choice === undo) await remove(place);
  if (choice === copy && missing) await vscode.env.clipboard.writeText(missing.copy);
}

function newTerminals(): string {
  return vscode.l10n.t("A new terminal finds it as litellm-ls.");
}

function hidden(first: string): string {
  return vscode.l10n.t("But a terminal finds {0} first, for its folder comes earlier in your PATH.", shown(first));
}

/** How the folder gets into the PATH: what is said, and what can be copied. */
function wayIn({ folder, links }: InPath): { text: string; copy: string } {
  if (!links) {
    const text = vscode.l10n.t(
      "Add the folder {0} to Path in “Edit environment variables for your account”, and open a new terminal.",
      plain(folder),
    );
    return { text, copy: folder };
  }
  const isFish = path.basename(vscode.env.shell) === "fish";
  const line = isFish ? "fish_add_path ~/.local/bin" : 'export PATH="$HOME/.local/bin:$PATH"';
  const text = vscode.l10n.t(
    "That folder is not in your PATH: add this line to the start-up file of your shell, and open a new terminal: {0}",
    line,
  );
  return { text, copy: line };
}

async function remove(place: InPath): Promise<void> {
  const file = shown(place.file);
  if ((await place.there()) !== "ours") {
    const text = vscode.l10n.t("Nothing is removed: {0} was not put there by this extension.", file);
    return void vscode.window.showInformationMessage(`LiteLLM: ${text}`);
  }
  const isBack = await change(place.file, () => place.takeOut());
  const text = isBack
    ? vscode.l10n.t("{0} is the one again that was there before.", file)
    : vscode.l10n.t("{0} is removed.", file);
  void vscode.window.showInformationMessage(`LiteLLM: ${text}`);
}

/** Does something to a file; what the system says against it is told with the file. */
async function change<Done>(file: string, act: () => Promise<Done>): Promise<Done> {
  try {
    return await act();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(vscode.l10n.t("{0} can't be changed: {1}", shown(file), plain(reason)));
  }
}

/** A file as people read it. */
function shown(file: string): string {
  const home = `${homedir()}${path.sep}`;
  return plain(file.startsWith(home) ? `~${path.sep}${file.slice(home.length)}` : file);
}
