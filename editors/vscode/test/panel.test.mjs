/** What pages may load, what they weigh, and when the walkthrough ticks a step. */

import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { load } from "./bundled.mjs";

const { html, reached } = await load("views/panel.ts", "walkthrough.ts");
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");

/** All pages of the extension together may weigh this much, in bytes. */
const MOST = 150 * 1024;

/** What is loaded at the start of the editor, in bytes: the client's library is four times as much, and comes later. */
const FIRST = 110 * 1024;

const frame = {
  script: "s.js",
  style: "s.css",
  source: "https://here",
  nonce: "n0nce",
  language: "en",
  title: "T",
  texts: {},
};

test("a page loads nothing but our own script and style, and sends nothing", () => {
  const page = html(frame);
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)[1];
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|connect-src|img-src|\*/);
  for (const [script] of page.matchAll(/<script[^>]*>/g)) assert.match(script, /nonce="n0nce"/);
});

test("texts can't end their script or become elements", () => {
  const page = html({ ...frame, title: '<b a="', texts: { x: "</script><script>alert(1)</script>" } });
  assert.equal(page.match(/<\/script>/g).length, 2);
  assert.doesNotMatch(page, /<b /);
  const json = /<script type="application\/json"[^>]*>(.*)<\/script>/.exec(page)[1];
  assert.equal(JSON.parse(json).x, "</script><script>alert(1)</script>");
});

test("all pages together stay small", async () => {
  const { outputFiles } = await build({
    ...{ entryPoints: ["webview/*.ts", "webview/style.css"], absWorkingDir: root, outdir: "dist/webview" },
    ...{ bundle: true, minify: true, write: false, format: "iife", target: "es2022" },
  });
  assert.ok(outputFiles.length > 3);
  const bytes = outputFiles.reduce((sum, { contents }) => sum + contents.length, 0);
  assert.ok(bytes <= MOST, `${bytes} bytes`);
});

test("what the editor loads before it is asked for anything stays small", async () => {
  const { outputFiles } = await build({
    ...{ entryPoints: ["src/main.ts"], absWorkingDir: root, external: ["vscode", "./client.js"] },
    ...{ bundle: true, minify: true, write: false, platform: "node", format: "cjs" },
  });
  assert.ok(outputFiles[0].contents.length <= FIRST, `${outputFiles[0].contents.length} bytes`);
});

test("pages say nothing that the extension did not give them", async () => {
  const files = await fs.readdir(path.join(root, "webview"), { recursive: true });
  const sources = (await fs.readdir(path.join(root, "src"), { recursive: true })).filter((name) =>
    name.endsWith(".ts"),
  );
  const given = (await Promise.all(sources.map((name) => fs.readFile(path.join(root, "src", name), "utf8")))).join(
    "\n",
  );
  const names = new Set([...given.matchAll(/^ {4}(\w+): (?:vscode\.)?l10n\.t\(/gm)].map(([, name]) => name));
  for (const file of files.filter((name) => name.endsWith(".ts"))) {
    const source = await fs.readFile(path.join(root, "webview", file), "utf8");
    for (const [, name] of source.matchAll(/\btext\("(\w+)"/g)) assert.ok(names.has(name), `${file}: ${name}`);
  }
});

test("a step of the walkthrough is ticked by what was reached", () => {
  const none = {
    calls: 0,
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    unpricedCalls: 0,
  };
  const call = (outcome) => ({ model: "m", outcome, sum: { ...none, calls: 1 } });
  const up = { isRunning: true, status: undefined };
  const table = [
    [up, { inUse: { id: "m" }, spent: [] }, "", [true, false, false]],
    [{ ...up, status: { state: "unreachable" } }, { inUse: { id: "m" }, spent: [] }, "m", [false, true, false]],
    [{ ...up, isRunning: false }, { inUse: { id: "m" }, spent: [call("failed")] }, "", [false, false, false]],
    [
      { ...up, status: { state: "degraded" } },
      { inUse: undefined, spent: [call("succeeded")] },
      "",
      [false, false, true],
    ],
  ];
  for (const [server, session, chosen, expected] of table)
    assert.deepEqual(Object.values(reached(server, session, chosen)), expected);
});
