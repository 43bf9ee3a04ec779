/** The server is started again for new settings, and never while an answer is coming. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundled.mjs";

const host = await load("server.ts", "../test/languageclient.mjs");
const { LanguageClient, Server, settings, State, window, workspace } = host;

const settled = () => new Promise(setImmediate);

/** A server that is up, whose answers come when the test says so. */
async function session() {
  const held = [];
  LanguageClient.started.length = 0;
  LanguageClient.answers = {
    "provider/configure": () => ({ profile: "default", settings: { baseUrl: { value: "http://localhost:4000" } } }),
    "provider/complete": () => new Promise((answered) => held.push(answered)),
  };
  const told = [];
  const log = { debug: () => undefined, error: assert.fail, dispose: () => undefined };
  window.createOutputChannel = () => log;
  window.showInformationMessage = (text, button) =>
    new Promise((choose) => told.push({ text, choose: () => choose(button) }));
  let change;
  workspace.onDidChangeConfiguration = (listener) => {
    change = (name) => listener({ affectsConfiguration: (asked) => `litellm.${name}`.startsWith(asked) });
  };
  let trust;
  workspace.onDidGrantWorkspaceTrust = (listener) => (trust = listener);
  settings["litellm.server.path"] = "litellm-ls";
  const globalStorageUri = { scheme: "file", path: "/home/ada/Code/User/globalStorage/litellm" };
  const state = { globalState: { get: () => undefined }, secrets: { get: async () => undefined } };
  const server = new Server({ ...state, globalStorageUri });
  await server.restart();
  return { server, held, told, change, trust, starts: () => LanguageClient.started.length };
}

test("what the server asks stays in front until it is answered, and who closes it or presses Enter has said no", async () => {
  await session();
  const { handlers } = LanguageClient.started.at(-1);
  const shown = [];
  let choose;
  for (const show of ["showErrorMessage", "showWarningMessage", "showInformationMessage"]) {
    window[show] = async (text, { modal }, ...buttons) => {
      shown.push([show, modal, text, ...buttons.map(({ title }) => title)]);
      return buttons.find(({ title }) => title === choose) ?? buttons.find((button) => button.isCloseAffordance);
    };
  }
  const actions = [{ title: "发送" }, { title: "不发送", isCloseAffordance: true }];
  const asked = handlers["window/showMessageRequest"];
  for (const [button, answer] of [
    ["发送", actions[0]],
    ["不发送", actions[1]],
    [undefined, actions[1]],
  ]) {
    choose = button;
    assert.equal(await asked({ type: 2, message: ".env holds secrets", actions }), answer);
  }
  // The first button has the focus.
  assert.deepEqual(shown.at(-1), ["showWarningMessage", true, ".env holds secrets", "不发送", "发送"]);
  assert.equal(await asked({ type: 3, message: "which?", actions: [{ title: "Use gpt-5" }] }), null);
  assert.equal(await asked({ type: 1, message: "words" }), null);
  assert.deepEqual(shown.at(-1), ["showErrorMessage", true, "words"]);
});

test("what a server that died can't be told is in the log, and rejects nothing", async () => {
  await session();
  const client = LanguageClient.started.at(-1);
  const type = { method: "textDocument/didChange" };
  await client.sendNotification(type, { version: 1 });
  assert.deepEqual(client.sent, [[type, { version: 1 }]]);
  client.state = State.Stopped;
  await client.sendNotification(type, { version: 2 });
  await client.sendNotification("provider/anything");
  assert.deepEqual(client.failures, [
    ["textDocument/didChange was not sent", "Error: write EPIPE", false],
    ["provider/anything was not sent", "Error: write EPIPE", false],
  ]);
});

test("the server is one's own, or one that all editors share, as the setting says", async () => {
  const { change } = await session();
  const args = () => LanguageClient.started.at(-1).server.args;
  assert.deepEqual(args(), []);
  settings["litellm.server.shared"] = true;
  change("server.shared");
  await settled();
  await settled();
  delete settings["litellm.server.shared"];
  assert.deepEqual(args(), ["--shared"]);
});

test("what a server tells while it ends is not the state of the next one", async () => {
  const { server } = await session();
  const [first] = LanguageClient.started;
  const failed = { profile: "default", state: "failed", message: "no proxy" };
  first.tell("provider/didChangeStatus", failed);
  assert.equal(server.status, failed);
  first.dispose = async () => first.tell("provider/didChangeStatus", failed);
  await server.restart();
  assert.equal(server.status, undefined);
  first.tell("provider/didChangeStatus", failed);
  assert.equal(server.status, undefined);
});

/** What asks for another start. */
const TABLE = [
  ...["baseUrl", "apiKey", "auth", "caFile", "proxyUrl", "compatibility", "codeActions.enabled", "server.path"],
  ...["inlineCompletion.enabled", "inlineCompletion.languages", "trust", "set up"],
];

function happen({ server, change, trust }, what) {
  if (what === "trust") trust();
  else if (what === "set up") void server.afterOneRestart(async () => change("baseUrl"));
  else change(what);
}

for (const what of TABLE) {
  test(`a new start for ${what}: at once where no answer is coming, else when the last one is there`, async () => {
    const all = await session();
    happen(all, what);
    await settled();
    await settled();
    assert.equal(all.starts(), 2);
    assert.deepEqual(all.told, []);

    const answers = ["one", "two"].map((prompt) => all.server.stream("provider/complete", { prompt }, () => undefined));
    await settled();
    happen(all, what);
    happen(all, what);
    await settled();
    assert.equal(all.told.length, 1);
    all.held[0]("first");
    assert.equal(await answers[0], "first");
    await settled();
    assert.equal(all.starts(), 2);
    // What is asked meanwhile is answered.
    const third = all.server.stream("provider/complete", { prompt: "three" }, () => undefined);
    await settled();
    all.held[2]("third");
    assert.equal(await third, "third");
    all.held[1]("second");
    assert.equal(await answers[1], "second");
    await settled();
    await settled();
    assert.equal(all.starts(), 3);
    assert.equal(LanguageClient.started[2].state, State.Running);
  });
}

test("who does not want to wait starts it again at once", async () => {
  const all = await session();
  void all.server.stream("provider/complete", { prompt: "one" }, () => undefined);
  await settled();
  all.change("baseUrl");
  await settled();
  assert.equal(all.starts(), 1);
  all.told[0].choose();
  await settled();
  await settled();
  assert.equal(all.starts(), 2);
});

test("a server that waits for its restart gets no code that the settings keep from it", async () => {
  const { server, change } = await session();
  const name = "litellm.inlineCompletion.blockedLanguages";
  const [client] = LanguageClient.started;
  const proposes = () =>
    client.options.middleware.provideInlineCompletionItems(
      { uri: { scheme: "file", path: "/a.py" } },
      2,
      3,
      4,
      () => "sent",
    );
  assert.equal(proposes(), "sent");
  void server.stream("provider/complete", { prompt: "one" }, () => undefined);
  await settled();
  settings[name] = ["rust"];
  change("inlineCompletion.blockedLanguages");
  await settled();
  assert.deepEqual(proposes(), []);
  delete settings[name];
});

test("of what VS Code keeps of its user, tokens of extensions among it, nothing goes out while one types", async () => {
  await session();
  const [client] = LanguageClient.started;
  const sent = (scheme, path) =>
    client.options.middleware.provideInlineCompletionItems({ uri: { scheme, path } }, 2, 3, 4, () => "sent");
  assert.deepEqual(sent("vscode-userdata", "/User/settings.json"), []);
  for (const file of ["User/settings.json", "User/mcp.json", "Machine/settings.json", "User/globalStorage/other/keys"])
    assert.deepEqual(sent("file", `/home/ada/Code/${file}`), []);
  for (const file of ["/home/ada/src/settings.json", "/home/ada/Code.py", "/Code/User/settings.json"])
    assert.equal(sent("file", file), "sent");
});
