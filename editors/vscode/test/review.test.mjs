/** A change that waits is about its file whatever becomes of that; where the file is gone, the answer is not. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundled.mjs";
import { opened } from "./document.mjs";

const host = await load("review.ts", "tracked.ts");
const { commands, Reviews, Tracked, window, workspace } = host;

const TEXT = "one\ntwo\nthree\n";

/** A change of the second line, while this happens to its file: what a choice leads to. */
async function decide(happen, choice) {
  const document = Object.assign(opened(host, TEXT), { languageId: "text" });
  const seen = { diffs: [], warnings: [], lost: [] };
  commands.registerCommand = () => ({ dispose: () => undefined });
  commands.executeCommand = async (command, uri) => {
    if (command === "vscode.diff") seen.diffs.push(`${uri}`);
  };
  workspace.registerTextDocumentContentProvider = () => ({ dispose: () => undefined });
  workspace.openTextDocument = async (uri) =>
    uri.scheme === "file" ? workspace.openFile(uri) : { uri, languageId: "text" };
  window.tabGroups = { all: [], close: async () => undefined };
  window.showTextDocument = async () => ({});
  window.showWarningMessage = async (message) => void seen.warnings.push(message);
  window.showInformationMessage = async (_message, ...buttons) => {
    assert.ok(buttons.includes(choice), `${choice} is one of ${buttons}`);
    happen(document);
    return choice;
  };
  const place = new Tracked({ document, range: document.range(4, 7) });
  workspace.applyEdit = async ({ range, text }) => {
    const now = place.document;
    now.change(now.offsetAt(range.start), now.offsetAt(range.end), text);
    return true;
  };
  const again = await new Reviews().show(place, "TWO", "good would change this", (why) => seen.lost.push(why));
  await new Promise(setImmediate);
  const text = place.document.getText();
  place.dispose();
  return { ...seen, again, text };
}

test("a change is accepted, or asked for again, under the new name of its file", async () => {
  for (const when of [undefined, "before", "after"]) {
    const rename = (document) => document.rename("/folder", "/other", when);
    const diffs = ["file:///folder/a"];
    assert.deepEqual(await decide(rename, "Accept"), {
      diffs,
      warnings: [],
      lost: [],
      again: false,
      text: TEXT.replace("two", "TWO"),
    });
    assert.deepEqual(await decide(rename, "Ask Again"), { diffs, warnings: [], lost: [], again: true, text: TEXT });
  }
});

test("of a file that is gone the answer is shown, and no diff that can't be opened", async () => {
  for (const [why, happen] of [
    ["deleted", (document) => document.close()],
    ["never saved", (document) => Object.assign(document, { isClosed: true, isUntitled: true })],
  ])
    for (const choice of ["Accept", "Ask Again"])
      assert.deepEqual(
        await decide(happen, choice),
        {
          diffs: ["file:///folder/a"],
          warnings: [],
          lost: ["the file is not there any more, so this is the whole answer"],
          again: false,
          text: TEXT,
        },
        `${why}, ${choice}`,
      );
});

test("buttons that are left of a change that was decided on do nothing, and say so", async () => {
  const accept = new Map();
  let press;
  const told = [];
  const document = Object.assign(opened(host, TEXT), { languageId: "text" });
  commands.registerCommand = (name, run) => (accept.set(name, run), { dispose: () => undefined });
  let proposal;
  commands.executeCommand = async (command, _, uri) => {
    if (command === "vscode.diff") proposal = uri;
  };
  workspace.openTextDocument = async (uri) =>
    uri.scheme === "file" ? workspace.openFile(uri) : { uri, languageId: "text" };
  window.showTextDocument = async () => ({});
  window.showWarningMessage = async (message) => assert.fail(message);
  window.showInformationMessage = (message, ...buttons) => {
    told.push(message);
    return new Promise((chosen) => (press = buttons.length ? chosen : press));
  };
  const place = new Tracked({ document, range: document.range(4, 7) });
  workspace.applyEdit = async ({ range, text }) => {
    document.change(document.offsetAt(range.start), document.offsetAt(range.end), text);
    return true;
  };
  const decided = new Reviews().show(place, "TWO", "good would change this");
  for (let turns = 0; !press; turns += 1) {
    assert.ok(turns < 100);
    await new Promise(setImmediate);
  }
  await accept.get("litellm.review.accept")(proposal);
  assert.equal(await decided, false);
  const text = document.getText();
  assert.equal(text, TEXT.replace("two", "TWO"));
  press("Discard");
  await new Promise(setImmediate);
  assert.equal(document.getText(), text);
  assert.deepEqual(told.slice(1), ["LiteLLM: That change was decided on already: nothing is done now."]);
  place.dispose();
});
