/** Answers are in files while they come, and come back. */

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { load } from "./bundled.mjs";

const { KeptAnswers } = await load("keptAnswers.ts");

const isTurn = ({ text }) => text === undefined || typeof text === "string";

function kept(context, most = 3) {
  const parent = fs.mkdtempSync(path.join(os.tmpdir(), "litellm-ls-kept-"));
  context.after(() => fs.rmSync(parent, { recursive: true, force: true }));
  const folder = path.join(parent, "new", "answers");
  const failures = [];
  return { folder, failures, answers: new KeptAnswers(folder, most, isTurn, (_error, what) => failures.push(what)) };
}

test("an answer under way is kept within a second, and when the window is closed", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { answers, folder, failures } = kept(context);
  const turn = { id: 1, text: "" };
  for (const piece of ["one", " two"]) {
    turn.text += piece;
    answers.soon(turn);
  }
  assert.deepEqual(answers.load(), []);
  context.mock.timers.tick(1_000);
  assert.deepEqual(answers.load(), [{ id: 1, text: "one two" }]);
  turn.text += " three";
  answers.soon(turn);
  answers.dispose();
  assert.deepEqual(answers.load(), [{ id: 1, text: "one two three" }]);
  turn.text = "all";
  answers.soon(turn);
  answers.now(turn);
  context.mock.timers.tick(10_000);
  assert.deepEqual(answers.load(), [{ id: 1, text: "all" }]);
  assert.deepEqual(fs.readdirSync(folder), ["1.json"]);
  if (process.platform !== "win32") assert.equal(fs.statSync(path.join(folder, "1.json")).mode & 0o777, 0o600);
  assert.deepEqual(failures, []);
});

test("the latest ones come back, and a broken file costs itself alone", (context) => {
  const { answers, folder, failures } = kept(context);
  for (let id = 1; id <= 12; id += 1) answers.now({ id });
  fs.writeFileSync(path.join(folder, "11.json"), "{");
  assert.deepEqual(answers.load(), [{ id: 10 }, { id: 12 }]);
  assert.deepEqual(failures, ["read"]);
  assert.equal(fs.readdirSync(folder).length, 3);
});

test("what is no turn of ours costs itself alone, and a turn has the number of its file", (context) => {
  const { answers, folder, failures } = kept(context, 9);
  answers.now({ id: 7, text: "mine" });
  const others = ["null", "7", "[]", '"x"', '{"text":1}', '{"id":7,"text":"theirs"}', '{"id":"x","text":"odd"}'];
  for (const [number, text] of others.entries()) fs.writeFileSync(path.join(folder, `${number + 10}.json`), text);
  assert.deepEqual(
    answers.load().filter(({ text }) => text !== undefined),
    [
      { id: 7, text: "mine" },
      { id: 15, text: "theirs" },
      { id: 16, text: "odd" },
    ],
  );
  assert.deepEqual(failures, Array(4).fill("read"));
});

test("a folder that can't be made is told of, and stops nothing", (context) => {
  const { answers, folder, failures } = kept(context);
  fs.writeFileSync(path.dirname(folder), "a file");
  answers.now({ id: 1 });
  assert.deepEqual(failures, ["kept"]);
  assert.deepEqual(answers.load(), []);
});
