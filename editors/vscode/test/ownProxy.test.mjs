/** The proxy of this machine: what it prints is shown line by line, and title bars know the file that is served. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundled.mjs";

const { commands, env, OwnProxy, window, workspace } = await load("ownProxy.ts");

const CONFIG = "file:///ada/llm/config.yaml";
const PROXY = { baseUrl: "http://127.0.0.1:4000", serves: "config.yaml", config: CONFIG };

/** A server whose proxy prints, and what the editor shows of it. */
function opened(lenses = [], kept = new Map()) {
  const seen = {
    shown: undefined,
    contexts: {},
    asked: [],
    running: undefined,
    printed: ["one", "two"],
    active: undefined,
  };
  const nothing = () => ({ dispose: () => undefined });
  window.createOutputChannel = () => ({
    show: () => undefined,
    replace: (text) => (seen.shown = text),
    append: (text) => (seen.shown += text),
    dispose: () => undefined,
  });
  window.onDidChangeActiveTextEditor = (listener) => ((seen.active = listener), nothing());
  workspace.onDidSaveTextDocument = nothing;
  commands.executeCommand = async (name, key, value) => {
    if (name === "setContext") seen.contexts[key] = value;
    return lenses.map((command) => ({ command: { command } }));
  };
  const answers = {
    "proxy/logs": ({ after = 0 }) => ({
      lines: seen.printed.slice(after),
      next: seen.printed.length,
      log: "/proxy.log",
    }),
    "proxy/status": () => ({ proxy: seen.runs ? PROXY : undefined }),
    "proxy/stop": () => ({ stopped: true }),
    "proxy/start": () => ({ proxy: PROXY }),
    "proxy/restart": () => ((seen.printed = ["anew"]), { proxy: PROXY }),
  };
  const ask = async (method, params) => {
    // As the real one, which answers later.
    await new Promise(setImmediate);
    seen.asked.push([method, params]);
    return answers[method](params);
  };
  const server = {
    isRunning: true,
    request: ask,
    follow: ask,
    log: { warn: (text) => assert.fail(text) },
    onDidChangeRunning: (listener) => ((seen.running = listener), nothing()),
  };
  const memory = { get: (name) => kept.get(name), update: async (name, value) => void kept.set(name, value) };
  return { seen, proxy: new OwnProxy(server, memory) };
}

const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
};

test("what the proxy prints is shown, and goes on; after a restart it begins anew", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { seen, proxy } = opened();
  const passes = async () => {
    context.mock.timers.tick(1_000);
    await settled();
  };
  await proxy.showLog();
  assert.equal(seen.shown, "/proxy.log\none\ntwo\n");
  await passes();
  assert.equal(seen.shown, "/proxy.log\none\ntwo\n");
  seen.printed.push("three");
  await passes();
  assert.equal(seen.shown, "/proxy.log\none\ntwo\nthree\n");
  await proxy.restart(() => undefined);
  await passes();
  assert.equal(seen.shown, "/proxy.log\nanew\n");
  seen.printed.push("the end");
  await proxy.stop();
  assert.equal(seen.shown, "/proxy.log\nanew\nthe end\n");
  const asked = seen.asked.length;
  await passes();
  assert.equal(seen.asked.length, asked, "nothing is looked up any more");
  proxy.dispose();
});

test("it is started again with a server that starts anew, unless it was stopped", async () => {
  const { seen, proxy } = opened();
  const starts = () => seen.asked.filter(([method]) => method === "proxy/start");
  window.activeTextEditor = undefined;
  seen.running(true);
  await settled();
  assert.equal(starts().length, 0);
  await proxy.start({ config: CONFIG }, () => undefined);
  assert.deepEqual(seen.contexts["litellm.servedFiles"], ["/ada/llm/config.yaml"]);
  seen.running(false);
  seen.running(true);
  await settled();
  assert.deepEqual(starts(), [
    ["proxy/start", { config: CONFIG }],
    ["proxy/start", { config: CONFIG }],
  ]);
  seen.running(true);
  await proxy.stop();
  assert.deepEqual(
    seen.asked.slice(-2).map(([method]) => method),
    ["proxy/start", "proxy/stop"],
    "it is stopped once it has started",
  );
  assert.deepEqual(seen.contexts["litellm.servedFiles"], []);
  seen.running(true);
  await settled();
  assert.equal(starts().length, 3);
  proxy.dispose();
});

for (const [what, lenses, languageId, configs] of [
  ["a config.yaml", ["litellm-ls.proxy.start"], "yaml", ["/ada/llm/config.yaml"]],
  ["other YAML", ["other.run"], "yaml", []],
  ["no YAML", ["litellm-ls.proxy.start"], "markdown", undefined],
]) {
  test(`the title bar of a file has what can be done with it: ${what}`, async () => {
    const { seen, proxy } = opened(lenses);
    const uri = { scheme: "file", fsPath: "/ada/llm/config.yaml" };
    seen.active({ document: { languageId, uri } });
    await settled();
    assert.deepEqual(seen.contexts["litellm.configFiles"], configs);
    proxy.dispose();
  });
}

test("it goes on where the extensions alone have ended, and not with the next start of the editor", async () => {
  const kept = new Map();
  window.activeTextEditor = undefined;
  env.sessionId = "today";
  await opened([], kept).proxy.start({ config: CONFIG }, () => undefined);
  const starts = async () => {
    const { seen } = opened([], kept);
    seen.running(true);
    await settled();
    return seen.asked.filter(([method]) => method === "proxy/start");
  };
  assert.deepEqual(await starts(), [["proxy/start", { config: CONFIG }]]);
  env.sessionId = "tomorrow";
  assert.deepEqual(await starts(), []);
});
