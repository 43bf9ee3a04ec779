/** What becomes of a text while an answer is written into it, and somebody else is at work there. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundled.mjs";
import { opened } from "./document.mjs";

const host = await load("tracked.ts", "writer.ts");
const { Tracked, workspace, Writer } = host;

function writing(text, offset) {
  const document = opened(host, text);
  const place = new Tracked({ document, range: document.range(offset, offset) });
  return { document, place, writer: new Writer(place) };
}

async function becomes(document, text) {
  while (document.text !== text) await new Promise(setImmediate);
}

/** Who else is at work, amid `a one two b`: what is left of the text, and whether the answer takes its place. */
const TABLE = [
  ["nobody", () => undefined, "a 1 2 3 b", true],
  ["typed before", (document) => document.change(0, 0, "TYPED"), "TYPEDa 1 2 3 b", true],
  ["typed in front of it", (document) => document.change(2, 2, "TYPED"), "a TYPED1 2 3 b", true],
  ["typed right behind it", (document) => document.change(9, 9, "TYPED"), "a 1 2 3TYPED b", true],
  ["typed into it", (document) => document.change(4, 4, "TYPED"), "a onTYPEDe two b", false],
  ["undone", (document) => document.change(2, 9, ""), "a  b", false],
  ["undone in part", (document) => document.change(5, 9, ""), "a one b", false],
  ["all taken out", (document) => document.change(0, document.text.length, ""), "", false],
  ["other line ends", (document) => document.change(0, document.text.length, document.text), "a 1 2 3 b", true],
  [
    "a whole text with a word more",
    (document) => document.change(0, document.text.length, `x${document.text}`),
    "xa 1 2 3 b",
    true,
  ],
  ["reverted", (document) => document.change(1, document.text.length, "  b"), "a  b", false],
  ["closed", (document) => Object.assign(document, { isClosed: true }), "a one two b", false],
];

for (const [what, change, left, stands] of TABLE) {
  test(`an answer is written on only where what was written stands: ${what}`, async () => {
    const { document, place, writer } = writing("a  b", 2);
    writer.write("one");
    await becomes(document, "a one b");
    writer.write(" two");
    await becomes(document, "a one two b");
    // As it is told of.
    await new Promise(setImmediate);
    change(document);
    writer.write(" three");
    assert.equal(await writer.finish("1 2 3"), stands);
    assert.equal(writer.isStopped, !stands);
    assert.equal(document.text, left);
    place.dispose();
  });
}

test("a change amid an edit that is under way ends the writing, too", async () => {
  const { document, place, writer } = writing("a  b", 2);
  writer.write("one");
  await becomes(document, "a one b");
  await new Promise(setImmediate);
  // The first try comes too late: the user has undone just then.
  const apply = workspace.applyEdit;
  workspace.applyEdit = async () => {
    workspace.applyEdit = apply;
    document.change(2, 5, "");
    return false;
  };
  writer.write(" two");
  assert.equal(await writer.finish("1 2"), false);
  assert.equal(document.text, "a  b");
  place.dispose();
});

test("a file that became read-only, where edits say that they were made, ends the writing", async () => {
  const { document, place, writer } = writing("a  b", 2);
  writer.write("one");
  await becomes(document, "a one b");
  await new Promise(setImmediate);
  workspace.applyEdit = async () => true;
  writer.write(" two");
  assert.equal(await writer.finish("1 2"), false);
  assert.equal(writer.isStopped, true);
  assert.equal(document.text, "a one b");
  place.dispose();
});

test("blanks that are trimmed while the file is saved end no writing", async () => {
  const { document, place, writer } = writing("a ", 2);
  writer.write("one ");
  await becomes(document, "a one ");
  await new Promise(setImmediate);
  document.change(5, 6, "");
  writer.write("two");
  assert.equal(await writer.finish("one two"), true);
  assert.equal(document.text, "a one two");
  // A word is the user's, as is a blank amid a line.
  document.change(5, 6, "");
  assert.equal(place.isTouched, true);
  place.dispose();
});

test("a piece is written without a look at the whole text, however long that is", async () => {
  const { document, place, writer } = writing("a  b", 2);
  const { getText } = document;
  let looks = 0;
  document.getText = (...given) => {
    looks += given.length ? 0 : 1;
    return getText.apply(document, given);
  };
  for (const piece of ["one", " two\n", "three"]) {
    writer.write(piece);
    await new Promise(setImmediate);
  }
  assert.equal(await writer.finish("one two\nthree"), true);
  assert.equal(document.text, "a one two\nthree b");
  assert.equal(looks, 0);
  place.dispose();
});
