/** An answer that is being written is ended in its own file alone, and by no key that VS Code needs for something else. */

import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { load } from "./bundled.mjs";
import { opened } from "./document.mjs";

const host = await load("commands/write.ts", "tracked.ts");
const { cancel, CancellationError, commands, ProgressLocation, Tracked, window, write } = host;
Object.assign(ProgressLocation, { Notification: 15 });

const settled = () => new Promise(setImmediate);

/** Two answers that are being written into two files, by their names. */
async function writing() {
  const contexts = {};
  commands.executeCommand = async (_, name, value) => (contexts[name] = value);
  window.withProgress = (_, act) => act({ report: () => undefined }, { onCancellationRequested: () => undefined });
  const ended = [];
  const documents = ["a", "b"].map((name) => {
    const document = Object.assign(opened(host, ""), {
      uri: { fsPath: `/${name}`, toString: () => `file:///${name}` },
    });
    const stream = (_about, _method, _params, { token }) =>
      new Promise((_, fail) =>
        token.onCancellationRequested(() => {
          ended.push(name);
          fail(new CancellationError());
        }),
      );
    const target = new Tracked({ document, range: document.range(0, 0) });
    const asked = { params: {}, around: { language: "" } };
    write({ answers: { stream } }, { asked, target, about: {} }).catch(() => undefined);
    return document;
  });
  await settled();
  return { contexts, ended, documents };
}

test("cancelling ends the answer in the file in front, else all of them", async () => {
  const { contexts, ended, documents } = await writing();
  assert.deepEqual(contexts["litellm.writtenFiles"], ["/a", "/b"]);
  window.activeTextEditor = { document: documents[1] };
  await cancel();
  await settled();
  assert.deepEqual(ended, ["b"]);
  assert.deepEqual(contexts["litellm.writtenFiles"], ["/a"]);
  await cancel();
  await settled();
  assert.deepEqual(ended, ["b", "a"]);
  assert.equal(contexts["litellm.completing"], false);
});

test("a change that waits says of which file and place it is, so that no two are alike", async () => {
  commands.executeCommand = async () => undefined;
  window.withProgress = (_, act) => act({ report: () => undefined }, { onCancellationRequested: () => undefined });
  const document = opened(host, "one\ntwo\nthree\nfour\n");
  const notes = [];
  const world = {
    answers: {
      stream: async () => ({ place: "replace", newText: "NEW", model: "m", usage: { cost: 0.5 }, message: {} }),
    },
    reviews: { show: async (_target, _text, note) => void notes.push(note) },
  };
  for (const part of ["one", "two", "three\nfour"]) {
    const start = document.text.indexOf(part);
    const target = new Tracked({ document, range: document.range(start, start + part.length) });
    document.change(0, 0, "above\n");
    await write(world, { asked: { params: {}, around: { language: "" } }, target, about: {} });
  }
  assert.deepEqual(
    notes.map((note) => note.replace(/ \(.*/, "")),
    ["m would change a:2", "m would change a:4", "m would change a:6–7"],
  );
});

test("Escape is taken in a file that is written into, where VS Code has no other use for it", () => {
  const { contributes } = JSON.parse(fs.readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const { when } = contributes.keybindings.find(({ key }) => key === "escape");
  const parts = when.split(" && ");
  assert.ok(parts.includes("resourcePath in litellm.writtenFiles"));
  for (const other of [
    "suggestWidgetVisible",
    "findWidgetVisible",
    "renameInputVisible",
    "inSnippetMode",
    "editorHasSelection",
    "notebookEditorFocused",
    "referenceSearchVisible",
    "markersNavigationVisible",
    "codeActionMenuVisible",
    "editorHoverFocused",
    "dirtyDiffVisible",
    "inlineChatVisible",
    "vim.active",
    "neovim.init",
  ])
    assert.ok(parts.includes(`!${other}`), other);
});
