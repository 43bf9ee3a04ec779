/** Foreign texts in messages, rows and Markdown. */

import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { load } from "./bundled.mjs";

const { label, lastLine, markdown, placeName, plain, short } = await load("words.ts");

/** What VS Code takes for a link in a message. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
/** What it takes for an icon in a row. */
const ICON = /(^|[^\\])\$\([a-z-]+(?:~[a-z]+)?\)/i;

const cases = JSON.parse(fs.readFileSync(new URL("../../../tests/cases/plain.json", import.meta.url), "utf8"));
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

const HOSTILE = [
  "[ok](command:litellm.forgetKey)",
  '[a]\u200b(command:x "y")',
  "[[a](b)](command:x)",
  "a\nb\r\nc\u2028d\u0000e\u001b[31mf",
  "left\u202eright\u2066x\ufeff",
  "| a | b |\n|---|---|",
  "$(trash) model $(sync~spin)",
  '<img src="http://a/b">',
  "x".repeat(10_000),
];

test("no foreign text forms a link, a line, an icon or hidden text", () => {
  for (const text of HOSTILE) {
    for (const shown of [plain(text), label(text), markdown(text), short(text)]) {
      assert.doesNotMatch(shown, LINK);
      assert.doesNotMatch(shown, UNSEEN);
      assert.ok(shown.length < 1_100);
    }
    assert.doesNotMatch(label(text), ICON);
    assert.doesNotMatch(short(text), ICON);
    assert.doesNotMatch(markdown(text), /(^|[^\\])[|<`*[]/);
  }
});

test("a long name leaves room for what stands beside it, and keeps both its ends", () => {
  const ends = ["openai/gpt-5", `${"模型".repeat(30)}v1`, `a${"$(sync) ".repeat(20)}z`, "x".repeat(40)];
  assert.deepEqual(ends.map(short), [
    "openai/gpt-5",
    `${"模型".repeat(10)}…${`${"模型".repeat(30)}v1`.slice(-19)}`,
    label(`a${"$(sync) ".repeat(20).slice(0, 19)}…${`${"$(sync) ".repeat(20)}z`.slice(-19)}`),
    "x".repeat(40),
  ]);
});

test("usual names stay as they are", () => {
  for (const name of ["gpt-5-mini", "anthropic/claude-sonnet-4-6", "通义千问 🚀", "a_b.c:d@e"]) {
    assert.equal(plain(name), name);
    assert.equal(label(name), name);
  }
});

test("what is not seen is what the server takes for that, character by character", () => {
  const unseen = (code) =>
    cases.unseen.some(([first, last]) => code >= Number.parseInt(first, 16) && code <= Number.parseInt(last, 16));
  for (let code = 0; code <= 0x10_ffff; code += 1) {
    const character = String.fromCodePoint(code);
    if ((code >= 0xd8_00 && code <= 0xdf_ff) || /\s/.test(character) || character === "]") continue;
    assert.equal(plain(`a${character}b`) === "ab", unseen(code), code.toString(16));
  }
  for (const [text, shown] of cases.lines) assert.equal(plain(text), shown);
});

test("a selection up to the beginning of a line has no part of that line", () => {
  const range = (from, fromColumn, to, toColumn) => ({
    start: { line: from, character: fromColumn },
    end: { line: to, character: toColumn },
  });
  for (const [selected, last, place] of [
    [range(1, 0, 3, 0), 3, "a.py:2–3"],
    [range(1, 0, 2, 4), 3, "a.py:2–3"],
    [range(1, 2, 1, 4), 2, "a.py:2"],
    [range(1, 0, 1, 0), 2, "a.py:2"],
    [range(1, 4, 2, 0), 2, "a.py:2"],
  ]) {
    assert.equal(lastLine(selected), last);
    assert.equal(placeName({ document: { uri: { path: "/w/a.py" }, lineCount: 9 }, range: selected }), place);
  }
});
