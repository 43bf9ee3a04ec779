/** The rows of the picker: the model in use first, a heading for each group, prices that stay in sight. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundled.mjs";

const { QuickPickItemKind, rows, rowsOfOther } = await load("commands/pickModel.ts");

const model = (id, vendor, more = {}) => ({
  id,
  summary: { vendor, line: "200k context · $3 / $15", abilities: [], ...more.summary },
  ...more,
  ...(more.summary && { summary: { vendor, line: "200k context · $3 / $15", abilities: [], ...more.summary } }),
});

const shown = (list, current) =>
  rows({ models: list }, current).map(({ kind, label, description, detail }) =>
    kind === QuickPickItemKind.Separator ? `-- ${label}` : [label, description, detail].filter(Boolean).join(" | "),
  );

test("each group has its heading, and the model in use is first", () => {
  const list = [
    model("fav", "xai", { favourite: true }),
    model("used", "google", { lastUsed: "2026-11-26T00:00:00Z" }),
    model("claude", "anthropic"),
    model("gpt", "openai"),
    model("claude-2025", "anthropic"),
    model("old", "openai", { retiresOn: "2026-02-19", summary: { notice: "retired 2026-02-19" } }),
  ];
  const line = "200k context · $3 / $15";
  assert.deepEqual(shown(list, "gpt"), [
    ...["-- in use", `$(check) gpt | ${line}`, "-- favourites", `$(star-full) fav | ${line}`],
    ...["-- recently used", `used | ${line}`, "-- anthropic", `claude | ${line}`, `claude-2025 | ${line}`],
    ...["-- retired", `old | ${line}`],
  ]);
  assert.ok(shown(list, "fav").includes("-- anthropic, older versions"));
});

test("a long name does not push the price out of its row", () => {
  const id = "bedrock/eu.anthropic.claude-sonnet-4-5-20250929-v1:0";
  assert.deepEqual(shown([model(id, "anthropic")]), ["-- anthropic", `${id} | 200k context · $3 / $15`]);
  const [, row] = rows({ models: [model(id, "anthropic")] }, undefined);
  assert.equal(row.description, undefined);
  assert.match(row.detail, /\$3/);
});

test("the models of another server stand under its name, and keep whose they are", () => {
  const other = {
    profile: "work",
    place: "llm.example.com",
    models: [model("gpt", "openai"), model("fav", "xai", { favourite: true })],
  };
  const [heading, ...list] = rowsOfOther(other);
  assert.deepEqual([heading.kind, heading.label], [QuickPickItemKind.Separator, "work · llm.example.com"]);
  assert.deepEqual(
    list.map(({ label, profile }) => [label, profile]),
    [
      ["gpt", "work"],
      ["$(star-full) fav", "work"],
    ],
  );
  assert.equal(list[0].description, "work · 200k context · $3 / $15");
});
