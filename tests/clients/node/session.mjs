// One session of a VS Code style client with the real binary and a real proxy.
//
//     node session.mjs BINARY BASE_URL KEY
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import jsonrpc from "vscode-jsonrpc/node";
import protocol from "vscode-languageserver-protocol/node";

const [binary, baseUrl, key] = process.argv.slice(2);

// A server that says nothing must fail the session, not hold it up.
setTimeout(() => {
  console.log("FAILED  no end after a minute");
  server.kill();
  process.exit(1);
}, 60_000).unref();

let passed = 0;
let failed = 0;

async function check(name, run) {
  try {
    await run();
    passed += 1;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${error.stack}`);
  }
}

/** The error of a request that must fail. */
async function failure(request) {
  return request.then(
    (result) => assert.fail(`not an error: ${JSON.stringify(result)}`),
    (error) => error,
  );
}

const server = spawn(binary, [], { env: { PATH: process.env.PATH, HOME: process.env.HOME }, stdio: ["pipe", "pipe", "inherit"] });
const ended = once(server, "exit");
const connection = protocol.createProtocolConnection(
  new jsonrpc.StreamMessageReader(server.stdout),
  new jsonrpc.StreamMessageWriter(server.stdin),
);
connection.listen();

let provider;
await check("initialize tells what the server can do", async () => {
  const { capabilities, serverInfo } = await connection.sendRequest(protocol.InitializeRequest.type, {
    processId: process.pid,
    clientInfo: { name: "session.mjs" },
    rootUri: null,
    capabilities: { window: { workDoneProgress: true }, workspace: { configuration: false } },
  });
  assert.equal(serverInfo.name, "litellm-ls");
  provider = capabilities.experimental.provider;
  assert.equal(provider.version, 1);
  for (const method of ["configure", "status", "listModels", "complete"]) {
    assert.ok(provider.methods.includes(`provider/${method}`), method);
  }
  await connection.sendNotification(protocol.InitializedNotification.type, {});
});

await check("configure connects to the proxy and keeps the key to itself", async () => {
  const result = await connection.sendRequest("provider/configure", { baseUrl, apiKey: key });
  assert.equal(result.status.state, "ready");
  assert.equal(result.settings.baseUrl.value, baseUrl);
  assert.equal(result.settings.apiKey.present, true);
  assert.ok(!JSON.stringify(result).includes(key));
});

await check("listModels lists what the proxy offers", async () => {
  const { models } = await connection.sendRequest("provider/listModels", {});
  const ids = models.map((model) => model.id);
  assert.ok(ids.includes("plain") && ids.includes("alias-shown"), ids.join());
  const described = models.find((model) => model.id === "described");
  assert.equal(described.contextWindow, 200000);
  assert.equal(described.inputPrice, 3);
});

await check("the deltas of complete are the text of its result", async () => {
  const deltas = [];
  const progress = connection.onProgress(new protocol.ProgressType(), "answer", (delta) => deltas.push(delta));
  const result = await connection.sendRequest("provider/complete", { model: "long", prompt: "hello", partialResultToken: "answer" });
  progress.dispose();
  const texts = deltas.filter((delta) => delta.type === "text").map((delta) => delta.text);
  assert.ok(result.message.text.includes("日本語 🦀🚀"));
  assert.equal(texts.join(""), result.message.text);
  assert.equal(result.finishReason, "stop");
  assert.ok(result.usage.inputTokens > 0);
});

await check("a cancelled request is answered with RequestCancelled", async () => {
  const source = new jsonrpc.CancellationTokenSource();
  const progress = connection.onProgress(new protocol.ProgressType(), "endless", () => source.cancel());
  const params = { model: "up", prompt: "hang node", partialResultToken: "endless" };
  const error = await failure(connection.sendRequest("provider/complete", params, source.token));
  progress.dispose();
  assert.equal(error.code, protocol.LSPErrorCodes.RequestCancelled);
});

await check("an unknown model is an error with a kind", async () => {
  const error = await failure(connection.sendRequest("provider/complete", { model: "plian", prompt: "hello" }));
  assert.ok(error.code > 0, `code ${error.code}`);
  assert.equal(error.data.kind, "modelNotFound");
  assert.ok(error.data.nearest.includes("plain"), error.data.nearest);
});

await check("shutdown and exit end the process with 0", async () => {
  await connection.sendRequest(protocol.ShutdownRequest.type);
  await connection.sendNotification(protocol.ExitNotification.type);
  const [code] = await ended;
  assert.equal(code, 0);
});

connection.dispose();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
