/** A text that can't be changed is known before a model is asked, and nothing is written into it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundled.mjs";
import { opened } from "./document.mjs";

const host = await load("writable.ts", "tracked.ts");
const { canBeChanged, FilePermission, languages, RelativePattern, settings, Tracked, window, workspace } = host;

/** As VS Code matches them, as far as it is needed here. */
languages.match = ({ pattern }, { uri }) => {
  const [base, glob] = pattern instanceof RelativePattern ? [pattern.base.uri.path, pattern.pattern] : ["", pattern];
  const within = base && uri.path.startsWith(`${base}/`) ? uri.path.slice(base.length + 1) : uri.path;
  const regular = { "**/": "(.*/)?", "**": ".*", "*": "[^/]*" };
  return new RegExp(`^${glob.replace(/\*\*\/|\*\*?/g, (part) => regular[part])}$`).test(within) ? 10 : 0;
};
const SYSTEMS = { file: true, git: false };
const folder = { uri: { path: "/ada" } };

const TABLE = [
  ["a file", "file:/ada/a.rs", {}, true],
  ["a file that is gone", "file:/ada/gone.rs", {}, true],
  ["a text that was never saved", "untitled:a", {}, true],
  ["a cell of a notebook", "vscode-notebook-cell:/ada/a.ipynb", {}, true],
  ["an older version in Git", "git:/ada/a.rs", {}, false],
  ["an output channel", "output:litellm", {}, false],
  ["a page of an extension", "litellm-page:/1/a.md", {}, false],
  ["a file that its system has read-only", "file:/ada/locked.rs", {}, false],
  ["a file that the settings have read-only", "file:/ada/gen/a.rs", { readonlyInclude: { "gen/**": true } }, false],
  ["a file elsewhere", "file:/ada/a.rs", { readonlyInclude: { "gen/**": true } }, true],
  ["by its whole path", "file:/ada/gen/a.rs", { readonlyInclude: { "/ada/gen/*": true } }, false],
  ["switched off again", "file:/ada/gen/a.rs", { readonlyInclude: { "gen/**": false } }, true],
  [
    "taken out again",
    "file:/ada/gen/a.rs",
    { readonlyInclude: { "gen/**": true }, readonlyExclude: { "**/a.rs": true } },
    true,
  ],
];

for (const [what, address, files, expected] of TABLE) {
  test(`whether a text can be changed: ${what}`, async () => {
    const [, scheme, path] = /^([^:]+):(.*)$/.exec(address);
    const said = [];
    window.showInformationMessage = async (text) => void said.push(text);
    workspace.getWorkspaceFolder = () => folder;
    workspace.fs = {
      isWritableFileSystem: (scheme) => SYSTEMS[scheme],
      stat: async ({ path }) => {
        if (path.includes("gone")) throw new Error("no such file");
        return path.includes("locked") ? { permissions: FilePermission.Readonly } : {};
      },
    };
    for (const name of ["readonlyInclude", "readonlyExclude"]) settings[`files.${name}`] = files[name];
    assert.equal(await canBeChanged({ uri: { scheme, path } }), expected);
    assert.equal(said.length, expected ? 0 : 1);
  });
}

for (const [what, edit, expected] of [
  ["that takes it", (document) => (document.change(2, 5, "NEW"), true), "written"],
  ["that is read-only, and says that it did", () => true, "readOnly"],
  ["that is changed just then", () => false, "changed"],
]) {
  test(`an accepted change is written through an editor ${what}`, async () => {
    const document = opened(host, "a old c");
    workspace.applyEdit = async () => assert.fail("written behind the scenes");
    window.visibleTextEditors = [{ document, edit: async () => edit(document) }];
    const where = new Tracked({ document, range: document.range(2, 5) });
    assert.equal(await where.replace("NEW"), expected);
    where.dispose();
  });
}
