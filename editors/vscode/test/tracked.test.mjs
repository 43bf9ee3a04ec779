/** A part of a text is found again after changes elsewhere in it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundled.mjs";

const { follow } = await load("tracked.ts");

const TEXT = "abcdefghij";
const SPAN = { start: 3, end: 6 };

test("a change elsewhere moves the part and leaves its text alone; one within shows in it", () => {
  for (let from = 0; from <= TEXT.length; from += 1) {
    for (let to = from; to <= TEXT.length; to += 1) {
      for (const text of ["", "X", "XYZ"]) {
        const after = TEXT.slice(0, from) + text + TEXT.slice(to);
        const { start, end } = follow(SPAN, { rangeOffset: from, rangeLength: to - from, text });
        assert.ok(0 <= start && start <= end && end <= after.length, `${from}-${to} ${text}: ${start}-${end}`);
        const isElsewhere = to <= SPAN.start || from >= SPAN.end;
        const isNothing = from === to && text === "";
        if (isElsewhere || isNothing) assert.equal(after.slice(start, end), "def");
        else assert.notEqual(after.slice(start, end), "def");
      }
    }
  }
});
