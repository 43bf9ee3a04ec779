/** What the host's messages become, and what the host is told of failures. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundled.mjs";

const vscode = await load("chatMessages.ts", "carried.ts", "chatErrors.ts", "chatInformation.ts", "server.ts");
const { callsOf, Carried, cutOff, failure, messages, silence, ServerError } = vscode;
const { LanguageModelChatMessageRole: Role, LanguageModelDataPart: Data, LanguageModelTextPart: Text } = vscode;
const {
  LanguageModelThinkingPart: Thinking,
  LanguageModelToolCallPart: Call,
  LanguageModelToolResultPart: Result,
} = vscode;

const bytes = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0xff);
const said = (role, ...content) => ({ role, content });

test("what a tool returns reaches the model as what it is", () => {
  const png = { type: "image", data: Buffer.from(bytes).toString("base64"), mimeType: "image/png" };
  const table = [
    [[new Text("a"), new Text("b")], "a\nb"],
    [[new Data(bytes, "image/png")], [png]],
    [
      [new Text("see"), new Data(bytes, "image/png")],
      [{ type: "text", text: "see" }, png],
    ],
    [
      [new Data(bytes, "application/pdf")],
      [{ type: "document", data: Buffer.from(bytes).toString("base64"), mimeType: "application/pdf" }],
    ],
    [[new Data(bytes, "audio/wav")], [{ type: "audio", data: Buffer.from(bytes).toString("base64"), format: "wav" }]],
    [[new Data(Buffer.from('{"a":1}'), "application/json")], '{"a":1}'],
    [[new Data(Buffer.from("<a/>"), "image/svg+xml")], "<a/>"],
    [[new Data(bytes, "application/zip")], "[5 bytes of application/zip, which can't be sent to a model]"],
    [[new Data(bytes, "cache_control")], ""],
    [[{ tree: [1] }], '{"tree":[1]}'],
    [[], ""],
  ];
  for (const [content, expected] of table) {
    const [result] = messages([said(Role.User, new Result("call_1", content))], new Carried());
    assert.deepEqual(result, { role: "tool", toolCallId: "call_1", content: expected });
  }
});

test("reasoning goes back with the calls that followed it, and nowhere else", () => {
  const turn = said(
    Role.Assistant,
    new Thinking("Let me "),
    new Thinking(["see", "."]),
    new Call("call_1", "look", { at: 1 }),
  );
  const toolCalls = [{ id: "call_1", name: "look", arguments: '{"at":1}' }];
  assert.deepEqual(messages([turn], new Carried()), [{ role: "assistant", toolCalls, reasoning: "Let me see." }]);
  const plain = said(Role.Assistant, new Thinking("Hm."), new Text("Yes."));
  assert.deepEqual(messages([plain], new Carried()), [{ role: "assistant", content: "Yes." }]);
});

test("what a provider wants back goes back to the byte, as long as the window has it", () => {
  const carried = new Carried();
  const call = {
    id: "call_1",
    name: "look",
    arguments: '{ "at" : 1.0 }',
    providerFields: { thought_signature: "c2ln" },
  };
  const reasoningBlocks = [{ type: "thinking", thinking: "Hm.", signature: "c2ln" }];
  carried.keep({ text: "", reasoning: "Hm.", reasoningBlocks, providerFields: { a: 1 }, toolCalls: [call] });
  const turn = said(Role.Assistant, new Call("call_1", "look", { at: 1 }));
  const expected = {
    role: "assistant",
    toolCalls: [call],
    reasoning: "Hm.",
    reasoningBlocks,
    providerFields: { a: 1 },
  };
  assert.deepEqual(messages([turn], carried), [expected]);
  for (let number = 0; number < 600; number += 1) {
    carried.keep({ text: "", toolCalls: [{ id: `other_${number}`, name: "look", arguments: "{}" }] });
  }
  assert.equal(carried.of(call), undefined);
  assert.ok(carried.of({ id: "other_599", name: "look", arguments: "{}" }));
});

test("the chat is told the sentence and the remedy, without a stack and without a link", () => {
  const link = "[press](command:workbench.action.terminal.new)";
  const error = new ServerError(`no: ${link}`, { kind: "rateLimited", remedy: `wait <b>a while</b>\n# now` });
  const shown = failure(error, "github.copilot-chat");
  assert.equal(shown.stack, "");
  assert.equal(shown.code, "Blocked");
  assert.match(shown.message, /^no: \\\[press\\\] \\\(command:.*\n\nwait \\<b\\>a while\\<\/b\\> \\# now$/);
  assert.equal(failure(new Error("oh"), undefined).stack, "");
  const other = failure(error, "somebody.else");
  assert.ok(other instanceof vscode.LanguageModelError);
  assert.equal(other.code, "Blocked");
  assert.doesNotMatch(other.message, /\]\(/);
});

test("an answer without a word is no success", () => {
  const thought = { model: "m", finishReason: "length", message: { text: "", reasoning: "Hm." } };
  assert.match(silence(thought).sentence, /only thought, until its limit/);
  assert.match(silence({ model: "m", message: { text: "" } }).sentence, /sent nothing/);
});

test("models of several servers stand in one list, each with its own id", () => {
  const model = {
    id: "gpt",
    summary: { vendor: "openai", line: "", price: "unknown", abilities: [] },
    reasoningEfforts: ["low", "high"],
  };
  const [here, there] = [vscode.information(model), vscode.information(model, "work")];
  assert.deepEqual([here.id, here.detail, here.model, here.profile], ["gpt", "openai", "gpt", undefined]);
  assert.deepEqual([there.id, there.detail, there.model, there.profile], ["gpt@work", "work", "gpt", "work"]);
  assert.equal(there.name, here.name);
});

test("the effort to think can be set back to what the model does by itself", () => {
  const model = {
    id: "gpt",
    summary: { vendor: "openai", line: "", price: "unknown", abilities: [] },
    reasoningEfforts: ["low", "high"],
  };
  const { reasoningEffort } = vscode.information(model).configurationSchema.properties;
  assert.deepEqual(
    reasoningEffort.enum.map((level) => vscode.chosenEffort({ reasoningEffort: level })),
    [undefined, "low", "high"],
  );
  assert.equal(reasoningEffort.enum.length, reasoningEffort.enumItemLabels.length);
  assert.equal(vscode.chosenEffort({ reasoningEffort: reasoningEffort.default }), undefined);
  assert.equal(vscode.chosenEffort(undefined), undefined);
});

test("calls that have an id in common stay those of their own conversations and turns", () => {
  const carried = new Carried();
  const made = (path) => ({ id: "call_0", name: "write", arguments: JSON.stringify({ path }, undefined, 1) });
  for (const path of ["/a", "/b"]) carried.keep({ text: "", reasoning: `of ${path}`, toolCalls: [made(path)] });
  for (const path of ["/a", "/b"]) {
    const turn = said(Role.Assistant, new vscode.LanguageModelToolCallPart("call_0", "write", { path }));
    const [message] = messages([turn], carried);
    assert.deepEqual([message.reasoning, message.toolCalls], [`of ${path}`, [made(path)]]);
  }
  const other = said(Role.Assistant, new vscode.LanguageModelToolCallPart("call_0", "write", { path: "/c" }));
  const [message] = messages([other], carried);
  assert.deepEqual(message.toolCalls, [{ id: "call_0", name: "write", arguments: '{"path":"/c"}' }]);
  assert.equal(message.reasoning, undefined);
});

test("an answer that is not whole is known by how it ended, and no call is made of half of one", () => {
  const call = { id: "call_1", name: "write", arguments: '{"path":"/a"}' };
  const torn = { ...call, id: "call_2", arguments: '{"path":"/a","te' };
  const table = [
    [undefined, true],
    ["stop", true],
    ["toolCalls", true],
    ["length", false],
    ["contentFilter", false],
    ["some_word", false],
  ];
  for (const [finishReason, isWhole] of table) {
    const ended = (...toolCalls) => ({ model: "m", finishReason, message: { text: "", toolCalls } });
    assert.equal(cutOff(ended()) === undefined, isWhole, finishReason);
    assert.deepEqual(callsOf(ended(call)), [call], finishReason);
    // What a model wrote wrongly in a whole answer is its own to mend.
    if (isWhole) assert.deepEqual(callsOf(ended(call, torn)), [call, torn], finishReason);
    else assert.throws(() => callsOf(ended(call, torn)), ServerError, finishReason);
  }
});
