/** How the checks of a status become the steps of the set-up page, and when they are a success. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundled.mjs";

// The page finds its texts in itself; here each is its name and what is filled in.
globalThis.acquireVsCodeApi = () => undefined;
globalThis.document = {
  getElementById: () => ({ textContent: JSON.stringify({ failedAt: "{0} failed: {1}", warnedAt: "{0} warns: {1}" }) }),
};
const { readOut, refused, steps, stepsWithoutKey, works } = await load("views/steps.ts", "../webview/setup/chain.ts");

const NAMES = ["settings", "dns", "connect", "tls", "reachable", "server", "key", "models"];

/** A status in which these checks went otherwise than well. */
function status(others = {}, more = {}) {
  const checks = NAMES.map((name) => ({ name, outcome: "ok", message: `${name} is fine`, ...others[name] }));
  return { checks, modelCount: 3, ...more };
}
const failed = (kind) => ({ outcome: "failed", message: "no", remedy: "set baseUrl", ...(kind && { kind }) });
const outcomes = (all) => all.map(({ outcome }) => outcome).join(" ");

test("the first failure opens its step, and those behind it wait", () => {
  const table = [
    [{}, "ok ok ok ok ok ok"],
    [{ settings: failed() }, "failed waiting waiting waiting waiting waiting"],
    [{ dns: failed() }, "ok failed waiting waiting waiting waiting"],
    [{ connect: failed() }, "ok failed waiting waiting waiting waiting"],
    [{ tls: failed() }, "ok ok failed waiting waiting waiting"],
    [{ tls: { outcome: "skipped" } }, "ok ok none ok ok ok"],
    [{ reachable: failed() }, "ok ok ok failed waiting waiting"],
    [{ server: failed(), models: failed() }, "ok ok ok failed waiting waiting"],
    [{ key: failed() }, "ok ok ok ok failed waiting"],
    [{ models: failed() }, "ok ok ok ok ok failed"],
    [{ settings: { outcome: "warning" } }, "warning ok ok ok ok ok"],
    [{ key: { outcome: "warning" } }, "ok ok ok ok warning ok"],
  ];
  for (const [others, expected] of table) {
    const all = steps(status(others));
    assert.equal(outcomes(all), expected);
    assert.equal(works(all, status(others)), !expected.includes("failed"));
  }
});

test("what is read out is what fails, else what warns, and that all is fine only where it is", () => {
  const warning = { outcome: "warning", message: "the word Bearer", remedy: "give the key alone" };
  const table = [
    [{}, "allFine"],
    [{ tls: { outcome: "skipped" } }, "allFine"],
    [{ settings: warning }, "stepAddress warns: the word Bearer. give the key alone"],
    [{ server: warning, models: warning }, "stepServer warns: the word Bearer. give the key alone"],
    [{ settings: warning, models: failed() }, "stepModels failed: no. set baseUrl"],
    [{ dns: failed() }, "stepConnection failed: no. set baseUrl"],
  ];
  for (const [others, expected] of table) assert.equal(readOut(steps(status(others))), expected);
  const untried = stepsWithoutKey(status({ settings: warning, key: failed("unauthorized") }), "a key, please");
  assert.equal(readOut(untried), "");
});

test("what lists no models is no success, whatever else it answers", () => {
  for (const modelCount of [0, undefined])
    assert.equal(works(steps(status({}, { modelCount })), { modelCount }), false);
});

test("an address without its key is not blamed for that", () => {
  const locked = status({ key: failed("unauthorized"), models: { outcome: "skipped" } });
  const all = stepsWithoutKey(locked, "a key, please");
  assert.equal(outcomes(all), "ok ok ok ok waiting waiting");
  assert.equal(all[4].message, "a key, please");
  assert.equal(works(all, locked), false);
  assert.equal(outcomes(stepsWithoutKey(status({ dns: failed() }), "")), "ok failed waiting waiting waiting waiting");
});

test("a remedy speaks of the page's fields, not of settings", () => {
  for (const [name, kind] of [
    ["key", "unauthorized"],
    ["connect", "unreachable"],
    ["server", "badResponse"],
  ]) {
    const { remedy } = steps(status({ [name]: failed(kind) })).find(({ outcome }) => outcome === "failed");
    assert.doesNotMatch(remedy, /baseUrl|apiKey/);
  }
});

test("what can't be a setting fails at its own field", () => {
  assert.equal(outcomes(refused("address", "no scheme")), "failed waiting waiting waiting waiting waiting");
  assert.equal(outcomes(refused("key", "no key")), "ok waiting waiting waiting failed waiting");
});
