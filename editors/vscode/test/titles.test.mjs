/** Buttons, titles and rows that do something are written in one way, as VS Code writes its own: `Ask the Proxy Again`. */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");

/** What stays small amid a title. */
const SMALL = /^(a|an|and|at|below|by|for|from|in|into|of|on|or|per|the|to|with)$/;

/** What is wrong with a text as a title: the words that should begin with a capital. */
function small(text) {
  // A sentence is none.
  if (/[.?]$/.test(text)) return [];
  const words = text
    .replace(/\([^)]*\)|\{\d\}/g, "")
    .replace(/^LiteLLM: /, "")
    .split(/[\s,…]+/)
    .filter(Boolean);
  return words.filter((word, index) => /^[a-z][a-z']*$/.test(word) && (index === 0 || !SMALL.test(word)));
}

function sources(folder) {
  const files = fs.readdirSync(path.join(root, folder), { recursive: true }).filter((file) => file.endsWith(".ts"));
  return files.map((file) => {
    const source = fs.readFileSync(path.join(root, folder, file), "utf8");
    return ts.createSourceFile(`${folder}/${file}`, source, ts.ScriptTarget.Latest, true);
  });
}

/** All nodes below one, itself first; what runs later is not looked into. */
function* below(node, later = true) {
  yield node;
  if (!later && ts.isFunctionLike(node)) return;
  const children = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* below(child, later);
}

const named = (call) => call.expression.getText().split(".").at(-1);

const inside = (nodes) => nodes.flatMap((node) => [...below(node, false)]);

/** The literals that a call such as `l10n.t("…")` may be given, wherever it stands in these nodes. */
function literals(nodes, name) {
  const calls = inside(nodes).filter((node) => ts.isCallExpression(node) && node.expression.getText().endsWith(name));
  return inside(calls.map((call) => call.arguments[0]))
    .filter(ts.isStringLiteral)
    .map(({ text }) => text);
}

const declarations = new Map();

/** What a name is declared as in a file, also as one of several: `const [a, b] = [x, y]`. */
function declared(source, name) {
  if (!declarations.has(source)) declarations.set(source, [...below(source)].filter(ts.isVariableDeclaration));
  return declarations.get(source).flatMap(({ name: to, initializer }) => {
    if (!initializer) return [];
    if (ts.isIdentifier(to)) return to.text === name ? [initializer] : [];
    const index = to.elements.findIndex((element) => element.getText() === name);
    return index >= 0 && ts.isArrayLiteralExpression(initializer) ? [initializer.elements[index]] : [];
  });
}

/** The texts in these nodes, and in what they name. */
function textsOf(source, nodes) {
  const names = inside(nodes).filter(ts.isIdentifier);
  return literals([...nodes, ...names.flatMap(({ text }) => declared(source, text))], "l10n.t");
}

const ASKING = /^(show(Information|Warning|Error)Message|mayGoOut)$/;

/** What stands on the buttons of messages, in titles and tooltips, and in rows that run a command. */
function ofHost() {
  return sources("src").flatMap((source) =>
    [...below(source)].flatMap((node) => {
      if (ts.isCallExpression(node) && ASKING.test(named(node))) {
        return textsOf(source, node.arguments.slice(1));
      }
      if (!ts.isObjectLiteralExpression(node)) return [];
      const property = (name) => node.properties.find((one) => one.name?.getText() === name);
      // The title of a progress says what is being done, that of an answer what was asked.
      const isTitled = !property("location") && !property("messages");
      // What has a detail is told, whatever a click does.
      const does = !property("detail") && (property("command") ?? property("take"));
      const shown = [property("tooltip"), isTitled && property("title"), does && property("label")].filter(Boolean);
      return textsOf(
        source,
        shown.map(({ initializer, name }) => initializer ?? name),
      );
    }),
  );
}

/** What each page calls its texts. */
function pageTexts() {
  const all = sources("src").flatMap((source) => [...below(source)].filter(ts.isPropertyAssignment));
  const texts = new Map();
  for (const { name, initializer } of all) {
    const [text] = ts.isCallExpression(initializer) ? literals([initializer], "l10n.t") : [];
    if (text !== undefined) texts.set(name.getText(), [...(texts.get(name.getText()) ?? []), text]);
  }
  return texts;
}

const isButton = (node) => ts.isCallExpression(node) && node.getText().startsWith('h("button"');

/** What stands on the buttons of the pages, at first or later. */
function ofPages() {
  const texts = pageTexts();
  const keys = sources("webview").flatMap((source) =>
    [...below(source)].flatMap((node) => {
      if (isButton(node)) return literals(node.arguments.slice(1), "text");
      if (ts.isCallExpression(node) && /^(button|copyButton)$/.test(named(node)))
        return inside(node.arguments.slice(0, 1))
          .filter(ts.isStringLiteral)
          .map(({ text }) => text);
      const [, name] = (ts.isBinaryExpression(node) && node.left.getText().match(/^(\w+)\.textContent$/)) || [];
      return name && declared(source, name).some(isButton) ? literals([node.right], "text") : [];
    }),
  );
  return [...new Set(keys)].flatMap((key) => texts.get(key) ?? []);
}

function ofManifest() {
  const nls = JSON.parse(fs.readFileSync(path.join(root, "package.nls.json"), "utf8"));
  return Object.entries(nls).flatMap(([key, text]) => (/^(command|section)\./.test(key) ? [text] : []));
}

for (const [where, all, some] of [
  ["messages, titles and rows", ofHost(), ["Replace It", "Don't Send It", "Set Up the Proxy…", "Use It", "Copy Id"]],
  ["buttons of pages", ofPages(), ["Copy the Answer", "Ask More", "Add to Favourites", "Show the Key", "Copy"]],
  ["commands", ofManifest(), ["Ask Again", "Show the Proxy's Log"]],
]) {
  test(`${where}: each word of a title begins with a capital`, () => {
    for (const one of some) assert.ok(all.includes(one), `${one} is not found`);
    const wrong = [...new Set(all)].filter((text) => small(text).length);
    assert.deepEqual(wrong, []);
  });
}
