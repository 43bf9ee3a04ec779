/** Texts that a proxy chose, on every surface of the extension: all of them is seen, in its order, on its own line. */

import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { load } from "./bundled.mjs";

const built = await load(
  "commands/pickModel.ts",
  "views/modelRows.ts",
  "views/card.ts",
  "views/usageRows.ts",
  "views/usageDays.ts",
  "views/steps.ts",
  "chatInformation.ts",
  "chatErrors.ts",
  "failures.ts",
);

const { unseen } = JSON.parse(fs.readFileSync(new URL("../../../tests/cases/plain.json", import.meta.url), "utf8"));
const ranges = unseen.map(([first, last]) => `\\u{${first}}-\\u{${last}}`).join("");
const UNSEEN = new RegExp(`[\\n${ranges}]`, "u");

const evil = (name) => `\u202e${name}\u200b\n\u001b[31m\u0000|\u{e0041}`;
const summary = Object.fromEntries(
  ["context", "output", "price", "vendor", "notice", "line"].map((name) => [name, evil(name)]),
);
const model = {
  id: evil("id"),
  mode: evil("mode"),
  provider: evil("provider"),
  description: evil("description"),
  backends: [evil("backend")],
  reasoningEfforts: [evil("effort")],
  summary: { ...summary, abilities: [evil("ability")] },
};
const sum = { calls: 1, inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };
const spent = [{ model: evil("spent"), outcome: "succeeded", sum: { ...sum, cost: 1, unpricedCalls: 0 } }];
const history = { user: evil("user"), firstDay: "2026-10-28", lastDay: "2026-11-26", days: [] };
const check = { name: evil("check"), outcome: "failed", message: evil("message"), remedy: evil("remedy") };

/** What people see on each surface; not what goes back to the server, nor the host's own names of things. */
const SURFACES = {
  picker: () => built.rows({ models: [model, { ...model, favourite: true }] }, model.id).map(without("model")),
  others: () =>
    built
      .rowsOfOther({ profile: evil("profile"), place: evil("place"), models: [model] })
      .map(without("model", "profile")),
  table: () =>
    [undefined, "wildcard", "mode", evil("reason")].map((hidden) =>
      without("key")(built.modelRow({ ...model, hidden }, evil("profile"))),
    ),
  chat: () => {
    const { tooltip, ...rest } = built.information(model, evil("profile"));
    return [without("id", "model", "profile", "family", "configurationSchema")(rest), tooltip.split("\n\n")];
  },
  efforts: () => built.information(model).configurationSchema.properties.reasoningEffort.enumItemLabels,
  card: () =>
    built
      .cardText({
        ...{ running: true, proposals: false, chatUnlocked: true, spent, line: evil("line") },
        ...{ baseUrl: evil("url"), model: evil("model"), problem: check },
      })
      .split("\n"),
  usage: () => built.byModel(spent),
  budget: () => built.budget({ spend: 1, maxBudget: 2, asOf: "2026-11-26T00:00:00Z" }, evil("note")),
  days: () => built.leadOf("month", history),
  steps: () => built.steps({ checks: [{ ...check, name: "key" }] }),
  silence: () => built.silence({ model: evil("model"), message: {}, finishReason: "stop" }).sentence,
};

const without =
  (...names) =>
  (row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));

function assertSeen(value, where) {
  if (typeof value === "string") assert.doesNotMatch(value, UNSEEN, where);
  else if (typeof value === "object" && value !== null)
    for (const [name, part] of Object.entries(value)) assertSeen(part, `${where}.${name}`);
}

for (const [surface, show] of Object.entries(SURFACES)) {
  test(`whatever a proxy calls things, ${surface}: shown as it is read`, () => {
    const shown = show();
    assert.ok(JSON.stringify(shown).length > 2);
    assertSeen(shown, surface);
  });
}
