/** What people are told where the library of the connection fails, and not the server. */

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { load } from "./bundled.mjs";

const { failure, ServerError, told } = await load("server.ts", "chatErrors.ts");
const require = createRequire(import.meta.url);
const { ConnectionError, ConnectionErrors, ErrorCodes, ResponseError } = require("vscode-jsonrpc/node");

const numbers = (words) => [...new Set(Object.values(words).filter((value) => typeof value === "number"))];

/** All that the library can throw. */
const BROKEN = [
  ...numbers(ErrorCodes).map((code) => new ResponseError(code, "Raw words since connection got disposed")),
  ...numbers(ConnectionErrors).map((code) => new ConnectionError(code, "Raw words: Connection is closed.")),
  new Error("Raw words: write EPIPE"),
  Object.assign(new Error("Raw words: write EPIPE"), { code: "EPIPE" }),
  "Raw words",
];

test("people read words for people, whatever the library throws", () => {
  assert.ok(BROKEN.length > 15);
  for (const error of BROKEN) {
    const sentence = told(error).sentence;
    assert.match(sentence, /^the server(’s answer could not be read| ended before its answer did): ask again/);
    assert.doesNotMatch(failure(told(error), "core").message, /Raw/);
    // It may help to ask again.
    assert.ok(["badResponse", "streamInterrupted"].includes(told(error).data.kind));
  }
});

test("what the server says stays as it is", () => {
  for (const code of numbers(ErrorCodes)) {
    const error = told(new ResponseError(code, "the key is refused", { kind: "unauthorized", remedy: "set another" }));
    assert.ok(error instanceof ServerError);
    assert.equal(error.sentence, "the key is refused: set another");
  }
});
