/** A commit message takes no draft of the user's away unasked, and nothing of a file of secrets along, whatever its name now. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundled.mjs";

const host = await load("commands/commitMessage.ts");
const { commitMessage, extensions, ProgressLocation, window, workspace } = host;
Object.assign(ProgressLocation, { SourceControl: 1 });
Object.assign(window, { setStatusBarMessage: () => undefined });
workspace.asRelativePath = ({ path }) => path.slice(1);

const uri = (path) => ({ path, fsPath: path, toString: () => `file://${path}` });

/** A repository with these changes and this text in its box, and what a model is asked about them. */
function opened(box, changes, root = "/w") {
  const seen = { asked: undefined, questions: [], choice: undefined };
  const repository = {
    rootUri: uri(root),
    inputBox: { value: box },
    state: { indexChanges: changes, workingTreeChanges: [] },
    diffIndexWithHEAD: async (path) => `diff of ${path}`,
    log: async () => [],
  };
  // Each time another object, as Git's extension gives it.
  const getAPI = () => ({ repositories: [{ ...repository }] });
  extensions.getExtension = () => ({ activate: async () => ({ getAPI }) });
  window.withProgress = (_, act) => act({ report: () => undefined }, {});
  window.showWarningMessage = async (text) => {
    seen.questions.push(text);
    return seen.choice;
  };
  const world = {
    server: {
      request: async (method, params) =>
        method === "provider/checkFile" ? { secret: params.uri.includes(".env") } : { model: "m", messages: [] },
    },
    session: { inUseOf: async () => "default" },
    answers: {
      stream: async (_about, _method, { textDocument }) => {
        seen.asked = textDocument.text;
        return { finishReason: "stop", newText: "Say hello\n", usage: {} };
      },
    },
  };
  return { seen, repository, write: () => commitMessage(world) };
}

const CHANGE = { uri: uri("/w/a.py"), originalUri: uri("/w/a.py") };

test("a draft stays unless its user says otherwise, and nothing is asked before", async () => {
  const table = [
    ["", undefined, "Say hello"],
    ["  \n", undefined, "Say hello"],
    ["my draft\n", undefined, "my draft\n"],
    ["my draft\n", "Write Below It", "my draft\n\nSay hello"],
    ["my draft\n", "Replace It", "Say hello"],
  ];
  for (const [number, [box, choice, left]] of table.entries()) {
    const { seen, repository, write } = opened(box, [CHANGE], `/w${number}`);
    seen.choice = choice;
    await write();
    assert.equal(repository.inputBox.value, left);
    assert.equal(seen.questions.length, box.trim() ? 1 : 0);
    assert.equal(seen.asked === undefined, left === box);
  }
});

test("nobody is asked about a message that was written there before", async () => {
  const { seen, repository, write } = opened("", [CHANGE], "/again");
  await write();
  await write();
  assert.deepEqual(seen.questions, []);
  repository.inputBox.value += " and more";
  await write();
  assert.equal(seen.questions.length, 1);
});

test("nothing of a file of secrets goes along, under its old name or its new one", async () => {
  const names = [
    { uri: uri("/w/.env"), originalUri: uri("/w/.env") },
    { uri: uri("/w/settings.txt"), originalUri: uri("/w/.env"), renameUri: uri("/w/settings.txt") },
    { uri: uri("/w/.env.local"), originalUri: uri("/w/settings.txt"), renameUri: uri("/w/.env.local") },
  ];
  for (const change of names) {
    const { seen, write } = opened("", [CHANGE, change], change.uri.path);
    await write();
    assert.match(seen.asked, /diff of \/w\/a\.py/);
    assert.match(seen.asked, new RegExp(`${change.uri.path.slice(1)}: changed \\(contents left out\\)`));
    assert.doesNotMatch(seen.asked, new RegExp(`diff of ${change.uri.path}`));
  }
});
