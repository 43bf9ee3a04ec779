/** Sorting, filtering and drawing of the table of models, and how a model becomes a row. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundled.mjs";

const { barLength, drawn, filtered, modelOf, modelRow, nextOrder, searchable, sorted, toggled, whyGrey } = await load(
  "../webview/models/table.ts",
  "views/modelRows.ts",
);

const summary = {
  context: "200k",
  output: "8k",
  price: "$3 / $15",
  abilities: ["tools"],
  vendor: "anthropic",
  line: "",
};
const model = (id, more = {}, words = {}) =>
  modelRow({ id, inputPrice: 3, outputPrice: 15, contextWindow: 200_000, ...more, summary: { ...summary, ...words } });
const names = (rows) => rows.map(({ name }) => name);

const ROWS = [
  model("b", { contextWindow: 1_000_000 }, { context: "1M", price: "unknown" }),
  model("a", { inputPrice: 0, outputPrice: 0 }, { price: "free", vendor: "openai", abilities: ["tools", "vision"] }),
  model("c", { contextWindow: 200_000, retiresOn: "2026-02-19" }, { context: "unknown", notice: "retired 2026-02-19" }),
];

test("each column sorts both ways, what is not known last, and then lets the server's order be", () => {
  const table = [
    ["model", ["a b c", "c b a"]],
    ["price", ["a c b", "c a b"]],
    ["context", ["b a c", "a b c"]],
    ["vendor", ["b c a", "a b c"]],
    ["abilities", ["a b c", "b c a"]],
    ["notice", ["c b a", "c b a"]],
  ];
  for (const [column, expected] of table) {
    const first = nextOrder(undefined, column);
    const second = nextOrder(first, column);
    assert.deepEqual([names(sorted(ROWS, first)).join(" "), names(sorted(ROWS, second)).join(" ")], expected, column);
    assert.equal(nextOrder(second, column), undefined);
  }
  assert.equal(sorted(ROWS, undefined), ROWS);
});

test("a filter wants every word, wherever it stands and however it is written", () => {
  const texts = new Map(ROWS.map((row) => [row.key, searchable(row)]));
  const table = [
    ["", "b a c"],
    ["  ", "b a c"],
    ["VISION", "a"],
    ["tools openai", "a"],
    ["retired", "c"],
    ["tools nothing", ""],
  ];
  for (const [words, expected] of table) assert.equal(names(filtered(ROWS, texts, words)).join(" "), expected, words);
});

test("models of one name at two servers are told apart, and their server is found", () => {
  const summarized = { id: "same", summary };
  const rows = [modelRow(summarized), modelRow(summarized, "work")];
  assert.deepEqual(
    rows.map(({ key }) => modelOf(key)),
    [{ id: "same" }, { id: "same", profile: "work" }],
  );
  const texts = new Map(rows.map((row) => [row.key, searchable(row)]));
  assert.deepEqual(
    filtered(rows, texts, "same work").map(({ server }) => server),
    ["work"],
  );
});

test("of however many rows only those in sight are drawn, and all of these", () => {
  for (const count of [0, 3, 40, 2_500]) {
    for (const top of [0, 31, 3_000, 74_000]) {
      const { from, to } = drawn(top, 600, 30, count);
      assert.ok(from >= 0 && to <= count && to - from <= 40);
      for (let row = Math.floor(top / 30); row < Math.min(count, (top + 600) / 30); row += 1)
        assert.ok(row >= from && row < to);
    }
  }
});

test("what the server does not know is no number, and a retired or hidden model says so", () => {
  const [unknown, free, retired] = ROWS;
  assert.equal(unknown.dollars, undefined);
  assert.equal(free.dollars, 0);
  assert.equal(retired.contextTokens, undefined);
  assert.equal(retired.retired, true);
  for (const [hidden, said] of [
    ["wildcard", /many/],
    ["blocked", /blocks/],
    ["mode", /embedding/],
    ["notOffered", /key/],
  ]) {
    assert.match(model("h", { hidden, mode: "embedding" }).hidden, said);
  }
  assert.deepEqual(
    model("p", { cacheReadsPrice: 0.3, cacheWritesPrice: 3.75, assumed: { cacheWritesPrice: "default" } }).morePrices,
    ["from the cache $0.3"],
  );
});

test("a row that is grey says why, and no other does", () => {
  const why = (row) => whyGrey(row, "retired");
  assert.deepEqual(ROWS.map(why), ["", "", "retired"]);
  assert.equal(why(model("h", { hidden: "blocked", retiresOn: "2026-02-19" })), "the proxy blocks it");
});

test("a bar is as long beside the dearest as its price is high, a comparison has three at most", () => {
  assert.equal(barLength(undefined, 10), 0);
  assert.equal(barLength(0, 0), 0);
  assert.equal(barLength(10, 10), 1);
  for (const dollars of [0.1, 1, 2.5, 5]) assert.equal(barLength(dollars, 10), dollars / 10);
  assert.deepEqual(["a", "b", "c", "d", "b"].reduce(toggled, []), ["c", "d"]);
});
