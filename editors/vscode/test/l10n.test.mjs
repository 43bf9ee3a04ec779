/** Every text of the extension has its translation, with the same places to fill in and the same links. */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { load } from "./bundled.mjs";

const { WORDS } = await load("serverWords.ts");

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const json = (file) => JSON.parse(fs.readFileSync(path.join(root, file), "utf8"));

/** The literal texts of all calls of `l10n.t`. */
function texts() {
  const files = fs.readdirSync(path.join(root, "src"), { recursive: true }).filter((file) => file.endsWith(".ts"));
  return files.flatMap((file) => {
    const source = fs.readFileSync(path.join(root, "src", file), "utf8");
    const found = [...source.matchAll(/l10n\.t\(\s*("(?:[^"\\]|\\.)*")/g)].map(([, literal]) => JSON.parse(literal));
    assert.equal(
      found.length,
      source.split("l10n.t(").length - 1,
      `${file}: a text that is not written out can't be translated`,
    );
    return found;
  });
}

const all = (text, pattern) => [...text.matchAll(pattern)].map(([whole]) => whole).sort();

/** What a translation must have in common with the text. */
function assertAlike(text, translation) {
  for (const pattern of [/\{\d\}/g, /\]\([a-z]+:[^)]+\)/g, /`[^`]+`/g]) {
    assert.deepEqual(all(translation, pattern), all(text, pattern), text);
  }
}

test("every text of the code is translated, and nothing else", () => {
  const bundle = json("l10n/bundle.l10n.zh-cn.json");
  assert.deepEqual(Object.keys(bundle).sort(), [...new Set([...texts(), ...WORDS])].sort());
  for (const [text, translation] of Object.entries(bundle)) assertAlike(text, translation);
});

test("no two texts differ by their case alone", () => {
  // A word alone may be the name of something, or stand in a sentence.
  const found = [...new Set(texts())].filter((text) => /^[A-Z].* /.test(text));
  const alike = (text) => found.filter((other) => other !== text && other.toLowerCase() === text.toLowerCase());
  assert.deepEqual(
    found.filter((text) => alike(text).length),
    [],
  );
});

test("every text of the manifest is translated", () => {
  const [english, chinese] = [json("package.nls.json"), json("package.nls.zh-cn.json")];
  assert.deepEqual(Object.keys(chinese), Object.keys(english));
  for (const [key, text] of Object.entries(english)) assertAlike(text, chinese[key]);
  const manifest = fs.readFileSync(path.join(root, "package.json"), "utf8");
  const used = [...manifest.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
  assert.deepEqual([...new Set(used)].sort(), Object.keys(english).sort());
  for (const { title } of json("package.json").contributes.commands) assert.match(title, /^%.*%$/);
  assert.doesNotMatch(manifest, /"(markdownDescription|description|patternErrorMessage)": "[^%]/);
});

test("what is translated of the server's words is what it says", () => {
  const sources = path.join(root, "../../src/provider");
  const files = fs.readdirSync(path.join(sources, "catalog")).map((file) => `catalog/${file}`);
  const source = files.map((file) => fs.readFileSync(path.join(sources, file), "utf8")).join("");
  for (const word of WORDS) assert.ok(source.includes(`"${word}"`), word);
});
