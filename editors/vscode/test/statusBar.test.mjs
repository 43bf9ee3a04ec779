/** The word of the status bar for what is wrong. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundled.mjs";

const { isOtherServer, stateWord } = await load("statusBar.ts", "session.ts");

/** A status in which the way to the proxy ended with this failure. */
const status = (name, kind) => ({
  checks: [
    { name: "settings", outcome: "ok", message: "" },
    { name, outcome: kind ? "failed" : "ok", message: "", ...(kind && { kind }) },
  ],
});

test("where something else answers the address is wrong, and where nobody does the proxy is unreachable", () => {
  for (const [state, found, word] of [
    ["unreachable", status("connect", "unreachable"), "unreachable"],
    ["unreachable", status("dns", "unreachable"), "unreachable"],
    ["unreachable", status("tls", "tls"), "unreachable"],
    ["unreachable", status("reachable", "badResponse"), "wrong address"],
    ["failed", status("server", "badResponse"), "wrong address"],
    ["failed", status("models", "badResponse"), "failed"],
    ["unauthorized", status("key", "unauthorized"), "unauthorized"],
    ["of a newer server", status("server"), "of a newer server"],
  ])
    assert.equal(stateWord(state, isOtherServer(found)), word);
});
