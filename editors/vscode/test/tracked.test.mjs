/** A place in a text is found again after changes elsewhere in it, and is lost rather than taken for another. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundled.mjs";
import { opened } from "./document.mjs";

const host = await load("lines.ts", "tracked.ts");
const { behind, follow, Lines, narrowed, Tracked } = host;

const TEXT = "ab\ncd\nefg\n\nhi";
const BEGIN = { line: 0, character: 0 };
const at = (offset) => behind(BEGIN, TEXT.slice(0, offset));
/** A change of what is between two offsets of TEXT. */
const change = (from, to, text) => ({ start: at(from), end: at(to), text });
/** `d\nef`. */
const [FROM, TO] = [4, 8];
const SPAN = { start: at(FROM), end: at(TO) };

test("a change elsewhere moves the part and leaves its text alone; one within shows in it", () => {
  for (let from = 0; from <= TEXT.length; from += 1) {
    for (let to = from; to <= TEXT.length; to += 1) {
      for (const text of ["", "X", "X\nYZ", "\n\n"]) {
        const what = `${from}-${to} ${JSON.stringify(text)}`;
        const lines = new Lines(TEXT);
        lines.put(change(from, to, text));
        assert.equal(lines.text(lines.all), TEXT.slice(0, from) + text + TEXT.slice(to), what);
        const span = follow(SPAN, change(from, to, text));
        const isElsewhere = to <= FROM || from >= TO;
        const isNothing = from === to && text === "";
        const isGone = from <= FROM && to >= TO && !(from === FROM && to === TO);
        assert.equal(span === undefined, isGone, what);
        if (!span) continue;
        const part = lines.text(span);
        if (isElsewhere || isNothing) assert.equal(part, "d\nef", what);
        else if (TEXT.slice(from, to) !== text) assert.notEqual(part, "d\nef", what);
        // Nothing of what stood outside is taken in.
        assert.doesNotMatch(part, /[abcghi]/, what);
        if (from < FROM || to > TO) assert.doesNotMatch(part, /X/, what);
      }
    }
  }
});

test("a cursor moves along, and is gone with the text around it", () => {
  const cursor = { start: at(4), end: at(4) };
  const after = follow(cursor, change(0, 1, "X\nYZ"));
  assert.deepEqual(after, { start: { line: 2, character: 1 }, end: { line: 2, character: 1 } });
  const behindIt = { line: 1, character: 2 };
  assert.deepEqual(follow(cursor, change(4, 4, "X")), { start: behindIt, end: behindIt });
  assert.deepEqual(follow(cursor, change(4, 6, "")), cursor);
  assert.equal(follow(cursor, change(3, 5, "X")), undefined);
});

test("a change is what it changes", () => {
  for (const before of ["", "ab", "aab", "a\nb\nab", "\n\n"]) {
    for (const text of ["", "ab", "aab", "a\nb\nab", "x\nby", "\n"]) {
      const lines = new Lines(before);
      const narrow = narrowed({ ...lines.all, text }, before);
      const changed = lines.text(narrow);
      lines.put(narrow);
      assert.equal(lines.text(lines.all), text);
      if (before === text) assert.deepEqual([changed, narrow.text], ["", ""]);
    }
  }
});

test("as many lines as a text may have are put in at once", () => {
  const lines = new Lines("a\nb");
  const many = "x\n".repeat(300_000);
  lines.put({ start: { line: 1, character: 0 }, end: { line: 1, character: 0 }, text: many });
  assert.equal(lines.text(lines.all), `a\n${many}b`);
});

const LINES = "one\nsame\ntwo\nsame\nthree\n";
/** Of the second `same`. */
const AT = LINES.lastIndexOf("same");

const REPLACED = "one\nsame\ntwo\nNEW\nthree\n";

/** What happens to the text: where `same` is replaced then, or that it is not. */
const TABLE = [
  ["nothing", () => undefined, REPLACED],
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
  ["closed", (document) => document.close(LINES), REPLACED],
  [
    "closed, and lines above on the disk",
    (document) => document.close(`zero\nsame\n${LINES}`),
    "zero\nsame\none\nsame\ntwo\nNEW\nthree\n",
  ],
  ["closed, and others around on the disk", (document) => document.close("1\nsame\n2\nsame\n3\n"), undefined],
  ["closed, and gone from the disk", (document) => document.close(), undefined],
  ...[undefined, "before", "after"].flatMap((when) => [
    [`renamed, opened ${when}`, (document) => document.rename("/folder/a", "/folder/b", when), REPLACED],
    [`its folder renamed, opened ${when}`, (document) => document.rename("/folder", "/other", when), REPLACED],
    [
      `renamed twice, opened ${when}`,
      (document) => {
        document.rename("/folder/a", "/folder/b", when);
        document.rename("/folder", "/other", when);
      },
      REPLACED,
    ],
  ]),
  ["another folder renamed", (document) => document.rename("/fold", "/other"), REPLACED],
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
