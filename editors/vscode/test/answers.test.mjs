/** Each answer is kept, whichever way it was asked for and whatever becomes of it or of another one. */

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { load } from "./bundled.mjs";

const { Answers, CancellationError, Cancelled, commands, Disposable, ServerError, Uri, ViewColumn, window } =
  await load("answers.ts", "server.ts");

Uri.joinPath = ({ fsPath }, ...names) => ({ fsPath: path.join(fsPath, ...names) });
Object.assign(ViewColumn, { Beside: -2 });
commands.executeCommand = async (_, text) => `<p>${text}</p>`;

/** Answers on a page, by a server whose answers come when the test says so. */
function session(context) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "litellm-ls-answers-"));
  const asked = [];
  const places = { private: "https://private.example.com", default: "https://llm.example.com" };
  const server = {
    request: async () => ({
      profiles: Object.entries(places).map(([name, baseUrl]) => ({ name, baseUrl })),
    }),
    log: { warn: () => undefined, debug: () => undefined },
    stream: (method, params, onDelta, token) =>
      new Promise((answered, fail) => {
        token.onCancellationRequested(() => fail(new CancellationError()));
        const say = (text) => onDelta({ type: "text", text });
        const end = (text, more) => answered({ message: { text }, model: "m", finishReason: "stop", ...more });
        asked.push({ method, params, say, end, fail });
      }),
  };
  const page = new Map();
  const drafts = [];
  let take;
  const closing = [];
  window.createWebviewPanel = () => ({
    onDidDispose: (listener) => {
      closing.push(listener);
      return Disposable.from();
    },
    webview: {
      asWebviewUri: () => "",
      onDidReceiveMessage: (listener) => (take = listener),
      postMessage: ({ turns = [], draft }) => {
        for (const turn of turns) page.set(turn.id, turn);
        if (draft) drafts.push(draft);
      },
    },
    reveal: () => undefined,
    dispose: () => undefined,
  });
  const place = { fsPath: home };
  const answers = new Answers({ storageUri: place, extensionUri: place }, server);
  context.after(() => {
    for (const close of closing) close();
    answers.dispose();
    fs.rmSync(home, { recursive: true, force: true });
  });
  const folder = path.join(home, "answers");
  const kept = () => {
    const files = fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
    return files.map((file) => JSON.parse(fs.readFileSync(path.join(folder, file), "utf8"))?.text);
  };
  const settled = () => new Promise(setImmediate);
  return {
    home,
    answers,
    asked,
    page,
    places,
    drafts,
    kept,
    settled,
    send: (message) => take(message),
    shown: () => [...page.values()].sort((one, other) => one.id - other.id),
  };
}

const PRIVATE = { model: "two", profile: "private" };
const about = (title) => ({ title, messages: [{ role: "user", content: title }] });

// In one test, for there is one page of answers.
test("questions to read, one after another and at once", async (context) => {
  const { answers, asked, page, places, drafts, kept, settled, send, shown } = session(context);
  const first = answers.ask(about("one"));
  const second = answers.ask(about("two"));
  asked[0].say("first ");
  asked[1].say("second ");
  asked[1].end("second whole");
  await second;
  assert.deepEqual(kept(), ["second whole"]);
  asked[0].end("first whole");
  await first;
  assert.deepEqual(kept(), ["first whole", "second whole"]);

  // Asked again, the answer that is there stays, whatever becomes of the other one.
  const [{ id }] = shown();
  send({ type: "again", id });
  await settled();
  assert.deepEqual(asked[2].params, asked[0].params);
  asked[2].say("half");
  const third = shown().at(-1);
  assert.notEqual(third.id, id);
  asked[2].fail(new Error("broken off"));
  await settled();
  await settled();
  assert.deepEqual(kept(), ["first whole", "second whole", "half"]);
  assert.deepEqual(page.get(id).state, "done");
  assert.match(page.get(third.id).note, /broken off/);

  // Each is stopped alone.
  send({ type: "ask", text: "more" });
  send({ type: "ask", text: "another" });
  await settled();
  const [more] = shown().slice(-2);
  send({ type: "stop", id: more.id });
  await settled();
  await settled();
  // That is no failure, and is not shown as one.
  assert.deepEqual([page.get(more.id).note, page.get(more.id).state], ["stopped · cost unknown", "stopped"]);
  assert.equal(shown().at(-1).state, "asking");
  // What is asked more goes on from an answer that is there.
  const roles = asked.at(-1).params.messages.map(({ role }) => role);
  assert.deepEqual(roles, ["user", "assistant", "user"]);
  asked.at(-1).end("whole");
  await settled();
  assert.equal(kept().at(-1), "whole");

  // What was asked of another server goes on there, also after something was written by the one in use.
  const there = answers.ask({ ...about("there"), ...PRIVATE });
  asked.at(-1).end("answer there");
  await there;
  const written = answers.stream(
    { ...about("written"), model: "one", profile: "default" },
    "provider/edit",
    {},
    { language: "" },
  );
  asked.at(-1).end("raw", { place: "insert", newText: "written" });
  await written;
  await settled();
  send({ type: "ask", text: "more there" });
  await settled();
  const { messages, ...whom } = asked.at(-1).params;
  assert.deepEqual(whom, PRIVATE);
  assert.deepEqual(
    messages.map(({ content }) => content),
    ["there", "answer there", "more there"],
  );
  asked.at(-1).end("more of it");
  await settled();
  send({ type: "again", id: shown().at(-3).id });
  await settled();
  assert.deepEqual(asked.at(-1).params, { messages: about("there").messages, ...PRIVATE });
  asked.at(-1).end("again");
  await settled();

  // What was said to one proxy is told to another only where the user wants that.
  const questions = [];
  let choice;
  window.showWarningMessage = async (question) => {
    questions.push(question);
    return choice;
  };
  const count = asked.length;
  places.private = "https://elsewhere.example.com";
  send({ type: "ask", text: "secret" });
  await settled();
  await settled();
  assert.equal(asked.length, count);
  assert.deepEqual(drafts, ["secret"]);
  assert.match(questions[0], /asked at https:\/\/private\.example\.com, .* https:\/\/elsewhere/);
  choice = "Send It There";
  send({ type: "ask", text: "no secret" });
  await settled();
  await settled();
  assert.equal(asked.at(-1).params.messages.at(-1).content, "no secret");
  asked.at(-1).end("yes");
  await settled();
  // From then on the conversation is held there.
  send({ type: "ask", text: "and more" });
  await settled();
  await settled();
  assert.equal(questions.length, 2);
  assert.equal(asked.at(-1).params.messages.at(-1).content, "and more");
  asked.at(-1).end("more");
  await settled();
});

test("where answers can't be kept, it is told once", async (context) => {
  const { answers, asked, settled, home } = session(context);
  fs.writeFileSync(path.join(home, "answers"), "a file");
  const told = [];
  window.showWarningMessage = async (text) => told.push(text);
  for (const title of ["one", "two"]) {
    const answer = answers.stream(about(title), "provider/edit", {});
    asked.at(-1).end("whole");
    await answer;
  }
  await settled();
  assert.equal(told.length, 1);
});

test("what is no answer of ours in the folder of the kept ones spoils no other", async (context) => {
  const { answers, asked, kept, settled, home, send, shown } = session(context);
  window.showWarningMessage = async (text) => assert.fail(text);
  const turn = { title: "theirs", messages: [{ role: "user", content: "?" }], text: "whole" };
  const odd = [
    {},
    [],
    null,
    { ...turn, text: 1 },
    { ...turn, title: undefined },
    { ...turn, messages: "x" },
    { ...turn, messages: [null] },
    { ...turn, note: {} },
    { ...turn, model: 1 },
    { ...turn, profile: [] },
    { ...turn, id: "odd" },
  ];
  fs.mkdirSync(path.join(home, "answers"));
  for (const [number, one] of odd.entries())
    fs.writeFileSync(path.join(home, "answers", `${number + 1}.json`), JSON.stringify(one));
  for (const title of ["one", "two"]) {
    const answer = answers.stream(about(title), "provider/edit", {});
    asked.at(-1).end(title);
    await answer;
  }
  await settled();
  assert.deepEqual(
    kept().filter((text) => ["one", "two"].includes(text)),
    ["one", "two"],
  );
  answers.open();
  send({ type: "ready" });
  assert.deepEqual(
    shown().map(({ title }) => title),
    ["theirs", "one", "two"],
  );
});

/** How an answer to be written ends, and what is kept of it. */
const ENDS = [
  ["code", ({ end }) => end("raw", { place: "insert", newText: "x = 1" }), "```python\nx = 1\n```"],
  ["prose", ({ end }) => end("raw", { place: "page", newText: "words" }), "words"],
  ["nothing to write", ({ end }) => end("raw", { place: "none", newText: "" }), "raw"],
  ["cut off", ({ say, fail }) => (say("ha"), say("lf"), fail(new Error("gone"))), "half"],
  ["cancelled", ({ say, fail }) => (say("half"), fail(new CancellationError())), "half"],
];

for (const [what, happen, expected] of ENDS) {
  test(`what was to be written is kept: ${what}`, async (context) => {
    const { answers, asked, kept, settled } = session(context);
    const pieces = [];
    const how = { language: "python", onDelta: ({ text }) => pieces.push(text) };
    const answer = answers.stream(about("write"), "provider/edit", {}, how).catch(() => undefined);
    happen(asked[0]);
    await answer;
    await settled();
    assert.deepEqual(kept(), [expected]);
    if (pieces.length) assert.equal(pieces.join(""), expected);
  });
}

const USAGE = { inputTokens: 2, outputTokens: 1 };
const PART = { message: { text: "half" }, model: "dear" };
const GUESSED = { ...PART, estimatedUsage: { ...USAGE, cost: 0.004 } };
const COUNTED = { ...PART, usage: { inputTokens: 9, outputTokens: 3 } };
const FAILED = { kind: "streamInterrupted", remedy: "ask again", model: "dear" };

/** How an answer breaks off, and what is told of it. */
const BROKEN = [
  ["stopped", new Cancelled({ model: "dear", partial: GUESSED }), "dear · stopped · about 2 tokens in, 1 out, $0.0040"],
  [
    "price not told",
    new Cancelled({ model: "dear", partial: { ...PART, estimatedUsage: USAGE } }),
    "dear · stopped · about 2 tokens in, 1 out, cost unknown",
  ],
  ["stopped before it began", new Cancelled({ model: "dear" }), "dear · stopped · cost unknown"],
  ["stopped, and the server says nothing", new CancellationError(), "stopped · cost unknown"],
  [
    "interrupted",
    new ServerError("it broke off", { ...FAILED, partial: GUESSED }),
    "dear · it broke off: ask again · about 2 tokens in, 1 out, $0.0040",
  ],
  [
    "interrupted and counted",
    new ServerError("it broke off", { ...FAILED, partial: COUNTED }),
    "dear · it broke off: ask again · 9 tokens in, 3 out, cost unknown",
  ],
  ["nobody answered", new ServerError("the server ended", { ...FAILED }), "the server ended: ask again"],
];

for (const [what, error, expected] of BROKEN) {
  test(`of an answer that broke off is told whose it is, and about what it took: ${what}`, async (context) => {
    const { answers, asked, settled, home } = session(context);
    const answer = answers.stream(about("write"), "provider/edit", {}).catch(() => undefined);
    await settled();
    asked[0].say("half");
    asked[0].fail(error);
    await answer;
    await settled();
    const [file] = fs.readdirSync(path.join(home, "answers"));
    assert.equal(JSON.parse(fs.readFileSync(path.join(home, "answers", file), "utf8")).note, expected);
  });
}

test("one that was under way when the window was closed is told the same way", async (context) => {
  const { answers, home, shown, send, settled } = session(context);
  fs.mkdirSync(path.join(home, "answers"));
  const turn = { id: 1, ...about("write"), model: "m", text: "half" };
  fs.writeFileSync(path.join(home, "answers", "1.json"), JSON.stringify(turn));
  answers.open();
  send({ type: "ready" });
  await settled();
  const [{ note, state }] = shown();
  assert.deepEqual([note, state], ["m · cut off · cost unknown", "done"]);
});

test("an answer that is not written where it was meant to be is on the page, with the reason", async (context) => {
  const { answers, asked, settled, shown, send } = session(context);
  const [mine, other] = [about("mine"), about("other")];
  for (const question of [mine, other]) {
    const answer = answers.stream(question, "provider/edit", {}, { language: "python" });
    asked.at(-1).end("raw", { place: "insert", newText: "x = 1" });
    await answer;
  }
  for (const _ of [1, 2]) answers.explain(mine, "the text was closed");
  send({ type: "ready" });
  await settled();
  const notes = shown().map(({ title, note, html }) => [title, note, /x = 1/.test(html)]);
  assert.deepEqual(notes, [
    ["mine", "m · usage not reported · the text was closed", true],
    ["other", "m · usage not reported", true],
  ]);
});

test("what was coming is kept when the window is closed", async (context) => {
  const { answers, asked, kept, settled } = session(context);
  const answer = answers.stream(about("write"), "provider/edit", {}).catch(() => undefined);
  asked[0].say("half");
  answers.dispose();
  assert.deepEqual(kept(), ["half"]);
  await answer;
  await settled();
  assert.deepEqual(kept(), ["half"]);
});

test("there is no other way to a model, but for the chat view", () => {
  const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "../src");
  const files = fs.readdirSync(root, { recursive: true }).filter((file) => file.endsWith(".ts"));
  const asking = files.filter((file) => fs.readFileSync(path.join(root, file), "utf8").includes("server.stream("));
  assert.deepEqual(asking.sort(), ["answers.ts", "chatModels.ts"]);
});
