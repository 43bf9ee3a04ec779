/** A place in a text is found again after changes elsewhere in it, and is lost rather than taken for another. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundled.mjs";
import { opened } from "./document.mjs";

const host = await load("tracked.ts");
const { follow, narrowed, Tracked } = host;

const TEXT = "abcdefghij";
const SPAN = { start: 3, end: 6 };

test("a change elsewhere moves the part and leaves its text alone; one within shows in it", () => {
  for (let from = 0; from <= TEXT.length; from += 1) {
    for (let to = from; to <= TEXT.length; to += 1) {
      for (const text of ["", "X", "XYZ"]) {
        const change = { offset: from, length: to - from, text };
        const after = TEXT.slice(0, from) + text + TEXT.slice(to);
        const what = `${from}-${to} ${text}`;
        const span = follow(SPAN, change);
        const isElsewhere = to <= SPAN.start || from >= SPAN.end;
        const isNothing = from === to && text === "";
        const isGone = from <= SPAN.start && to >= SPAN.end && !(from === SPAN.start && to === SPAN.end);
        assert.equal(span === undefined, isGone, what);
        if (!span) continue;
        assert.ok(0 <= span.start && span.start <= span.end && span.end <= after.length, what);
        const part = after.slice(span.start, span.end);
        if (isElsewhere || isNothing) assert.equal(part, "def", what);
        else assert.notEqual(part, "def", what);
        // Nothing of what stood outside is taken in.
        assert.doesNotMatch(part, /[abcghij]/, what);
        if (from < SPAN.start || to > SPAN.end) assert.doesNotMatch(part, /X/, what);
      }
    }
  }
});

test("a cursor moves along, and is gone with the text around it", () => {
  const cursor = { start: 3, end: 3 };
  assert.deepEqual(follow(cursor, { offset: 0, length: 1, text: "XYZ" }), { start: 5, end: 5 });
  assert.deepEqual(follow(cursor, { offset: 3, length: 0, text: "X" }), { start: 4, end: 4 });
  assert.deepEqual(follow(cursor, { offset: 3, length: 2, text: "" }), cursor);
  assert.equal(follow(cursor, { offset: 2, length: 2, text: "X" }), undefined);
});

test("a change is what it changes", () => {
  for (const before of ["", "ab", "aab", "abab"]) {
    for (const after of ["", "ab", "aab", "abab", "xaby"]) {
      const { offset, length, text } = narrowed({ offset: 0, length: before.length, text: after }, before);
      assert.equal(before.slice(0, offset) + text + before.slice(offset + length), after);
      if (before === after) assert.deepEqual([length, text], [0, ""]);
    }
  }
});

const LINES = "one\nsame\ntwo\nsame\nthree\n";
/** Of the second `same`. */
const AT = LINES.lastIndexOf("same");

/** What happens to the text: where `same` is replaced then, or that it is not. */
const TABLE = [
  ["nothing", () => undefined, "one\nsame\ntwo\nNEW\nthree\n"],
  ["lines above", (document) => document.edit(0, 0, "zero\n"), "zero\none\nsame\ntwo\nNEW\nthree\n"],
  ["an equal line above is gone", (document) => document.edit(4, 9, ""), "one\ntwo\nNEW\nthree\n"],
  [
    "the whole text with a line above",
    (document) => document.edit(0, LINES.length, `zero\n${LINES}`),
    "zero\none\nsame\ntwo\nNEW\nthree\n",
  ],
  [
    "the whole text with others around",
    (document) => document.edit(0, LINES.length, "1\nsame\n2\nsame\n3\n"),
    undefined,
  ],
  ["the place itself", (document) => document.edit(AT, AT + 1, "S"), undefined],
  ["the place is gone", (document) => document.edit(AT, AT + 5, ""), undefined],
  ["closed", (document) => document.close(LINES), "one\nsame\ntwo\nNEW\nthree\n"],
  [
    "closed, and lines above on the disk",
    (document) => document.close(`zero\nsame\n${LINES}`),
    "zero\nsame\none\nsame\ntwo\nNEW\nthree\n",
  ],
  ["closed, and others around on the disk", (document) => document.close("1\nsame\n2\nsame\n3\n"), undefined],
  ["closed, and gone from the disk", (document) => document.close(), undefined],
  ["closed and never saved", (document) => Object.assign(document, { isClosed: true, isUntitled: true }), undefined],
];

for (const eol of ["\n", "\r\n"]) {
  for (const [what, happen, expected] of TABLE) {
    test(`a place with ${JSON.stringify(eol)}: ${what}`, async () => {
      const document = opened(host, LINES, eol);
      const at = document.text.lastIndexOf("same");
      const place = new Tracked({ document, range: document.range(at, at + 4) });
      happen(document);
      // As the host does where a document was opened again.
      host.workspace.applyEdit = async ({ range, text }) => {
        const now = place.document;
        now.change(now.offsetAt(range.start), now.offsetAt(range.end), text);
        return true;
      };
      const before = place.document.text;
      const replaced = await place.replace("NEW");
      assert.equal(replaced, expected === undefined ? "changed" : "written");
      if (expected === undefined) assert.ok([before, place.document.text].every((text) => !text.includes("NEW")));
      else assert.equal(place.document.text, expected.replaceAll("\n", place.document.eol === 2 ? "\r\n" : "\n"));
      place.dispose();
    });
  }
}

for (const [from, to] of [
  ["\n", "\r\n"],
  ["\r\n", "\n"],
]) {
  test(`other line ends lose no place: ${JSON.stringify(to)}`, async () => {
    const document = opened(host, LINES, from);
    const at = document.text.lastIndexOf("same");
    const place = new Tracked({ document, range: document.range(at - from.length, at + 4) });
    document.change(0, document.text.length, LINES.replaceAll("\n", to));
    assert.equal(place.textWith("\nNEW"), "one\nsame\ntwo\nNEW\nthree\n".replaceAll("\n", to));
    assert.equal(await place.replace("\nNEW"), "written");
    assert.equal(document.text, "one\nsame\ntwo\nNEW\nthree\n".replaceAll("\n", to));
    place.dispose();
  });
}

test("what is sent is what stands at the place then", () => {
  const document = opened(host, LINES);
  const place = new Tracked({ document, range: document.range(AT, AT + 4) });
  document.change(0, 0, "zero\n");
  document.change(AT + 5, AT + 6, "S");
  const { range } = place.now;
  assert.equal(document.getText(range), "Same");
  assert.equal(range.start.line, 4);
  document.change(AT + 5, AT + 9, "");
  assert.equal(place.now, undefined);
  place.dispose();
});
