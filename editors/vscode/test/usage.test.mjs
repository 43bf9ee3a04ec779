/** Sums, shares and words of what was spent, and the card of the status bar. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundled.mjs";

const {
  barCosts,
  budget,
  byModel,
  CARD_COMMANDS,
  cardText,
  colour,
  datesOf,
  daysOf,
  dollarsSpent,
  leadOf,
  merged,
  recordedDays,
  ring,
  rowsOf,
  shares,
  summary,
  tone,
  total,
} = await load("../webview/usage/chart.ts", "views/usageRows.ts", "views/usageDays.ts", "views/card.ts", "words.ts");

const none = {
  calls: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  unpricedCalls: 0,
};
const row = (model, outcome, sum) => ({ model, outcome, sum: { ...none, calls: 1, ...sum } });
const ROWS = [
  row("cheap", "succeeded", { calls: 2, inputTokens: 222, outputTokens: 44, cost: 0.001 }),
  row("cheap", "failed", { unpricedCalls: 0 }),
  row("dear", "succeeded", { inputTokens: 10, outputTokens: 5, cost: 0.5 }),
  row("dear", "cancelled", { unpricedCalls: 1 }),
];

test("what earlier servers counted and what this one counts is one sum", () => {
  const both = merged(ROWS, [row("dear", "succeeded", { cost: 0.25 }), row("new", "succeeded", {})]);
  assert.equal(both.length, 5);
  assert.equal(total(both).cost, 0.751);
  assert.equal(total(both).calls, 7);
  assert.equal(total([]).cost, undefined);
});

test("the status bar says what today has cost where that is more than what the window has, or limited", () => {
  const sum = (cost, unpricedCalls = 0) => ({ ...none, cost, unpricedCalls });
  for (const [window, today, limit, shown] of [
    [none, undefined, undefined, ""],
    [sum(0.12), undefined, undefined, "$0.12"],
    [sum(0.12), sum(0.12), undefined, "$0.12"],
    [sum(0.12, 1), sum(3.4), undefined, "$0.12+ · $3.40 today"],
    [none, sum(3.4, 2), undefined, "$3.40+ today"],
    [none, none, 5, "$0.00 of $5.00 today"],
    [sum(0.12), sum(0.12), 5, "$0.12 · $0.12 of $5.00 today"],
  ])
    assert.equal(barCosts(window, today, limit), shown);
});

test("models stand by cost, each with its share, its failures and its details", () => {
  const models = byModel(ROWS);
  assert.deepEqual(
    models.map(({ model }) => model),
    ["dear", "cheap"],
  );
  assert.deepEqual(
    models.map(({ failed }) => failed),
    [false, true],
  );
  assert.equal(models[1].measures.tokens.value, 266);
  assert.deepEqual(Object.fromEntries(models[0].details), {
    Answered: "1",
    Cancelled: "1",
    "Tokens in": "10",
    "Tokens out": "5",
    "Calls of unknown cost": "1",
  });
  assert.equal(summary(ROWS), "5 calls · 1 failed · 1 of unknown cost, so this is the least");
  assert.equal(summary([]), "0 calls");
});

test("an unknown cost is not zero, and zero is not unknown", () => {
  assert.equal(dollarsSpent(total([])), "$0.00");
  assert.equal(dollarsSpent(total([row("m", "cancelled", { unpricedCalls: 1 })])), "cost unknown");
  assert.equal(dollarsSpent(total([row("m", "succeeded", { cost: 0 })])), "$0.00");
});

test("a budget has a share only where there is a limit", () => {
  const asOf = "2026-11-24T09:30:00Z";
  const table = [
    [{}, undefined, undefined],
    [{ spend: 12.4 }, undefined, "$12.40"],
    [{ spend: 12.4, maxBudget: 0 }, undefined, "$12.40"],
    [{ spend: 12.5, maxBudget: 50 }, 0.25, "$12.50 of $50.00"],
    [{ spend: 60, maxBudget: 50 }, 1, "$60.00 of $50.00"],
  ];
  for (const [key, share, spent] of table) {
    const told = budget({ asOf, ...key }, undefined);
    assert.deepEqual([told?.share, told?.spent], [share, spent]);
  }
});

test("shares add up to one, a ring never goes round twice", () => {
  assert.deepEqual(shares([1, 3]), [0.25, 0.75]);
  assert.deepEqual(shares([0, 0]), [0, 0]);
  for (const share of [-1, 0, 0.3, 1, 7]) {
    const { drawn, rest } = ring(share, 42);
    assert.ok(drawn >= 0 && rest >= 0 && Math.abs(drawn + rest - 84 * Math.PI) < 1e-9);
  }
  assert.deepEqual([0.5, 0.8, 0.95].map(tone), ["fine", "near", "spent"]);
  assert.equal(colour(6), colour(60));
});

const TOLD = {
  running: true,
  spent: ROWS,
  proposals: false,
  chatUnlocked: true,
  baseUrl: "http://a",
  model: "m",
  line: "1M context",
};

test("the card runs its own commands only, whatever others say", () => {
  const hostile = "[x](command:workbench.action.terminal.new) | a `b` $(trash) <img src=x>\n# c";
  const text = cardText({
    ...TOLD,
    baseUrl: hostile,
    model: hostile,
    line: hostile,
    problem: { message: hostile, remedy: hostile },
  });
  const commands = [...text.matchAll(/\]\(command:([^)]*)\)/g)].map(([, command]) => command);
  assert.ok(commands.length > 4);
  for (const command of commands) assert.ok(CARD_COMMANDS.includes(command), command);
  assert.doesNotMatch(text, /(^|[^\\])<img|^# c/m);
});

test("the card says the worst first, and what helps before what else there is", () => {
  const key = { spend: 45, maxBudget: 50, asOf: "2026-11-24T09:30:00Z" };
  const text = cardText({
    ...TOLD,
    running: false,
    chatUnlocked: false,
    key,
    problem: { message: "nobody answers", remedy: "start it" },
  });
  const places = ["not running", "nobody answers", "start it", "90%", "locked", "Set Up", "Usage"].map((words) =>
    text.indexOf(words),
  );
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
  assert.ok(places[0] >= 0);
  assert.doesNotMatch(cardText(TOLD), /warning|error|locked/);
});

test("the days gone by are summed by span, and drawn day by day in the order of the models", () => {
  const history = {
    ...{ user: "ada", lastDay: "2026-11-26", recorded: false },
    days: [
      { date: "2026-10-28", rows: [row("dear", "succeeded", { cost: 8 })] },
      { date: "2026-11-20", rows: [row("cheap", "succeeded", { cost: 1 }), row("cheap", "failed", {})] },
      { date: "2026-11-26", rows: [row("cheap", "succeeded", { cost: 0.5 })] },
    ],
  };
  const costs = ["today", "week", "month"].map((period) => total(rowsOf(period, history)).cost);
  assert.deepEqual(costs, [0.5, 1.5, 9.5]);
  assert.deepEqual(datesOf("week", history).at(0), "2026-11-20");
  assert.equal(daysOf("today", history, []), undefined);
  const days = daysOf("month", history, byModel(rowsOf("month", history)));
  assert.equal(days.length, 30);
  assert.deepEqual(
    [days[0], days[23], days[29]].map(({ measures }) => measures.cost),
    [
      [8, 0],
      [0, 1],
      [0, 0.5],
    ],
  );
  assert.deepEqual(days[23].measures.calls, [0, 2]);
  assert.deepEqual([days[23].words.cost, days[23].words.calls, days[1].words.calls], ["$1.00", "2 calls", "0 calls"]);
  // A day alone: its sums, in the colours that its models have in the whole span.
  const day = byModel(rowsOf("month", history, days[23].date), byModel(rowsOf("month", history)));
  assert.deepEqual(
    day.map(({ model, place, measures }) => [model, place, measures.cost.words]),
    [["cheap", 1, "$1.00"]],
  );
  assert.match(leadOf("month", history, days[23].date), /^Nov 20, by UTC · /);
  assert.match(leadOf("month", history), /ada/);
  assert.match(leadOf("today", { ...history, user: undefined }), /all calls of the proxy/);
});

test("what this machine has recorded is days too, by its own clock", () => {
  const group = (time, model, outcome, sum) => ({ time, ...row(model, outcome, sum) });
  const recorded = recordedDays(
    [
      group("2026-11-25", "dear", "succeeded", { cost: 2 }),
      group("2026-11-25", "dear", "failed", {}),
      group("2026-11-26", "cheap", "cancelled", { unpricedCalls: 1 }),
    ],
    "2026-11-26",
  );
  assert.deepEqual(
    recorded.days.map(({ date, rows }) => [date, rows.length]),
    [
      ["2026-11-25", 2],
      ["2026-11-26", 1],
    ],
  );
  assert.deepEqual(
    [rowsOf("today", recorded), rowsOf("week", recorded)].map((rows) => total(rows).calls),
    [1, 3],
  );
  assert.equal(leadOf("week", recorded), "Nov 20 to Nov 26 · all calls that were recorded on this machine");
});

test("the card says what was spent today, where that is recorded", () => {
  assert.match(cardText({ ...TOLD, today: { ...none, calls: 3, cost: 0.5 } }), /Today.*\$0\.50 on this machine/);
  assert.doesNotMatch(cardText(TOLD), /Today/);
});
