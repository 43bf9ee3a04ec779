/** Where keys go while an address is set up, and how a proxy is started here. */

import assert from "node:assert/strict";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { load } from "./bundled.mjs";

const { asSetUp, CancellationError, CancellationTokenSource, Drafts, reference, ServerError, settings, startProxy } =
  await load("views/draft.ts", "views/localProxy.ts", "server.ts");

const NAMES = ["settings", "dns", "connect", "tls", "reachable", "server", "key", "models"];
const READY = { modelCount: 2, checks: NAMES.map((name) => ({ name, outcome: "ok", message: "" })) };

/** A server that notes what it is asked; in use is a proxy with a key. */
function server(inUse = "https://a.example") {
  const asked = [];
  const request = async (method, params) => {
    asked.push({ method, ...params });
    if (method !== "provider/configure") return READY;
    if (params.baseUrl?.includes(" ")) {
      throw new ServerError("no", { problems: [{ path: "baseUrl", reason: "no host", remedy: "name one" }] });
    }
    const typed = params.baseUrl ?? inUse;
    const value = typed.includes("://") ? typed : `http://${typed}`;
    return { settings: { baseUrl: { value } }, ...(params.verify && { status: READY }) };
  };
  return { asked, request };
}

const stored = (baseUrl) => ({
  secrets: { get: async () => baseUrl && JSON.stringify({ baseUrl, apiKey: "sk-stored" }) },
});
const drafts = (asked, baseUrl) => new Drafts(stored(baseUrl), asked);
const keysIn = ({ asked }) => asked.map(({ apiKey }) => apiKey).filter((key) => key);

test("while an address is typed no key goes anywhere", async () => {
  const own = server();
  const { works } = await drafts(own, "https://a.example").look("https://half.typed");
  assert.equal(works, true);
  assert.deepEqual(keysIn(own), []);
  assert.equal(own.asked[0].apiKey, null);
});

test("a draft is tried beside what is in use, with the settings that lead there", async () => {
  settings["litellm.caFile"] = "/ca.pem";
  settings["litellm.auth"] = "x-litellm-api-key";
  const own = server();
  const tried = await drafts(own).try({ baseUrl: "localhost:4000", way: "literal", value: " sk-new " });
  delete settings["litellm.caFile"];
  delete settings["litellm.auth"];
  const [{ profile, activate, apiKey, tls, auth }] = own.asked;
  assert.deepEqual(
    { profile, activate, apiKey, tls, auth },
    { profile: "set-up", activate: false, apiKey: "sk-new", tls: { caFile: "/ca.pem" }, auth: "x-litellm-api-key" },
  );
  // The key is stored for the address as the server reads it.
  assert.equal(tried.baseUrl, "http://localhost:4000");
});

test("the key in use goes to its own host only", async () => {
  const table = [
    ["https://a.example", true],
    ["https://a.example/path", true],
    ["https://b.example", false],
    ["http://a.example", false],
    ["https://a.example:8443", false],
  ];
  for (const [baseUrl, may] of table) {
    const own = server();
    const tried = await drafts(own, "https://a.example").try({ baseUrl, way: "kept", value: "" });
    assert.equal(tried.works, may, baseUrl);
    assert.deepEqual(keysIn(own), may ? ["sk-stored"] : [], baseUrl);
  }
});

test("an address that may hold a secret is neither tried nor kept", async () => {
  for (const baseUrl of ["http://user:passw0rd@a.example", "user@a.example", "https://a.example/?key=sk-1"])
    for (const way of ["none", "literal", "env", "kept"]) {
      const own = server();
      const all = drafts(own, "https://a.example");
      for (const tried of [await all.look(baseUrl), await all.try({ baseUrl, way, value: "x" })]) {
        assert.deepEqual([tried.works, tried.canBeKept, tried.baseUrl], [false, false, ""], baseUrl);
        assert.equal(tried.steps.find(({ outcome }) => outcome === "failed").name, "address");
        assert.doesNotMatch(JSON.stringify(tried), /passw0rd|sk-1/);
      }
      assert.deepEqual(own.asked, []);
    }
});

test("a server that starts again amid a try is asked again, once; what a newer draft has ended is not", async () => {
  const draft = { baseUrl: "https://a", way: "none", value: "" };
  const left = new CancellationError();
  const ended = new ServerError("the server ended", { kind: "streamInterrupted" });
  for (const [failures, ends] of [
    [[left], { works: true }],
    [[ended], { works: true }],
    [[left, left], left],
    [[ended, ended], { works: false }],
  ]) {
    const own = server();
    const asked = {
      ...own,
      request: async (...all) => (failures.length ? Promise.reject(failures.shift()) : own.request(...all)),
    };
    const tried = drafts(asked).try(draft);
    if (ends === left) await assert.rejects(tried, CancellationError);
    else assert.equal((await tried).works, ends.works);
  }
  const own = server();
  let count = 0;
  const request = (method, params, token) =>
    count++
      ? own.request(method, params)
      : new Promise((_, reject) => token.onCancellationRequested(() => reject(left)));
  const all = drafts({ ...own, request });
  const old = all.try(draft);
  assert.equal((await all.try(draft)).works, true);
  assert.equal(await old, undefined);
  assert.equal(count, 2);
});

test("what can't be tried says which field to mend", async () => {
  const table = [
    [{ baseUrl: "a b", way: "none", value: "" }, "address"],
    [{ baseUrl: "https://a", way: "literal", value: " " }, "key"],
    [{ baseUrl: "https://a", way: "env", value: "" }, "key"],
    [{ baseUrl: "a b", way: "kept", value: "" }, "address"],
  ];
  for (const [draft, name] of table) {
    const { steps, canBeKept } = await drafts(server()).try(draft);
    assert.equal(steps.find(({ outcome }) => outcome === "failed").name, name);
    assert.equal(canBeKept, false);
  }
});

test("the page is told where a key is, and never what it is", () => {
  const set = (apiKey, origin = "settingsFile") =>
    asSetUp({ settings: { baseUrl: { value: "https://a", origin }, apiKey } });
  assert.deepEqual(set({ present: true, origin: "env:MY_KEY" }).draft, {
    baseUrl: "https://a",
    way: "env",
    value: "MY_KEY",
  });
  assert.deepEqual(set({ present: true, origin: "literal", hint: "…cdef" }), {
    draft: { baseUrl: "https://a", way: "kept", value: "" },
    kept: "…cdef",
  });
  assert.equal(set({ present: false }).draft.way, "literal");
  for (const way of ["env", "file", "cmd", "keyring"]) assert.equal(reference({ way, value: " x " }), `${way}:x`);
  for (const way of ["literal", "kept", "none"]) assert.equal(reference({ way, value: "x" }), undefined);
});

test("the start of a proxy tells each line, its failure in the last one, and can be stopped", async () => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "litellm-ls-proxy-"));
  // Node runs the file that is called like the subcommand.
  await fs.writeFile(
    path.join(folder, "proxy"),
    `
    console.error("package 1 of 2: \\u202ex");
    if (process.argv[3] === "--wait") setInterval(() => undefined, 1_000);
    else { console.error("last words"); process.exitCode = process.argv[3] === "--demo" ? 0 : 1; }
  `,
  );
  process.chdir(folder);
  const start = (word, lines = [], token = new CancellationTokenSource().token) =>
    startProxy(process.execPath, [word], (line) => lines.push(line), token);
  const lines = [];
  await start("--demo", lines);
  assert.deepEqual(lines, ["package 1 of 2: x", "last words"]);
  await assert.rejects(start("--config"), /last words/);
  const source = new CancellationTokenSource();
  const stopped = start("--wait", { push: () => source.cancel() }, source.token);
  await assert.rejects(stopped, CancellationError);
  process.chdir(os.tmpdir());
  await fs.rm(folder, { recursive: true });
});
