/** Foreign texts in messages, rows and Markdown. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundled.mjs";

const { label, markdown, plain } = await load("words.ts");

/** What VS Code takes for a link in a message. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
/** What it takes for an icon in a row. */
const ICON = /(^|[^\\])\$\([a-z-]+(?:~[a-z]+)?\)/i;

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
    for (const shown of [plain(text), label(text), markdown(text)]) {
      assert.doesNotMatch(shown, LINK);
      assert.doesNotMatch(shown, /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u);
      assert.ok(shown.length < 1_100);
    }
    assert.doesNotMatch(label(text), ICON);
    assert.doesNotMatch(markdown(text), /(^|[^\\])[|<`*[]/);
  }
});

test("usual names stay as they are", () => {
  for (const name of ["gpt-5-mini", "anthropic/claude-sonnet-4-6", "通义千问 🚀", "a_b.c:d@e"]) {
    assert.equal(plain(name), name);
    assert.equal(label(name), name);
  }
});
