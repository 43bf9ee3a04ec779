/** The page of usage: what was spent in all, by model, and of the budget. */

import type { BudgetUsage, FromUsage, Measure, ModelUsage, Period, Source, ToUsage } from "../src/views/usageMessages";
import { h, set, svg } from "./shared/dom";
import { onMessage, post, text } from "./shared/host";
import { colour, ring, shares, tone } from "./usage/chart";
import { columns } from "./usage/days";

const MEASURES: Measure[] = ["cost", "tokens", "calls"];
const PERIODS: Period[] = ["window", "today", "week", "month"];
const SOURCES: Source[] = ["machine", "proxy"];
const RADIUS = 42;

let measure: Measure = "cost";
let shown: ToUsage | undefined;
/** The models whose details are open. */
const open = new Set<string>();

const lead = h("p", { class: "lead" });
const note = h("p", { class: "hint" });
/** What each span has cost. */
const costOf = Object.fromEntries(PERIODS.map((period) => [period, h("b", {})])) as Record<Period, HTMLElement>;
const periods = choices("span", PERIODS, "window", (period) => post<FromUsage>({ type: "period", period }), costOf);
periods.classList.add("spans");
/** The one day that is looked at is a span too, for as long as it is. */
const dayRadio = h("input", { type: "radio", name: "span", id: "one-day" });
const dayLabel = h("label", { for: "one-day" });
const dayChoice = h("span", { hidden: true }, dayRadio, dayLabel);
periods.append(dayChoice);
const sources = choices("source", SOURCES, "machine", (source) => post<FromUsage>({ type: "source", source }));
const byDay = h("div", { class: "days", role: "group", "aria-label": text("byDay") });
const total = h("p", { class: "figure" });
const summary = h("p", { class: "hint", role: "status" });
const budgetBox = h("section", { class: "budget", hidden: true, "aria-label": text("budget") });
const stack = h("div", { class: "stack", "aria-hidden": "true" });
const list = h("ul", { class: "usages" });
const empty = h("p", { class: "hint", hidden: true });
const models = h(
  "section",
  { "aria-label": text("byModel") },
  h("div", { class: "bar" }, h("h2", {}, text("byModel")), choices("measure", MEASURES, measure, measureBy)),
  byDay,
  stack,
  list,
);

function measureBy(name: Measure): void {
  measure = name;
  draw();
}

/** One day of the span, or all of them. */
function look(date: string | undefined): void {
  post<FromUsage>({ type: "day", ...(date !== undefined && { date }) });
}

/** One of several, each with something beside its name. */
function choices<T extends string>(
  name: string,
  values: T[],
  first: T,
  choose: (value: T) => void,
  beside?: Record<T, HTMLElement>,
): HTMLElement {
  const choice = (value: T) => {
    const radio = h("input", { type: "radio", name, id: value, checked: value === first, change: () => choose(value) });
    return h("span", {}, radio, h("label", { for: value }, text(value), " ", beside?.[value]));
  };
  return h("fieldset", { class: "choice" }, h("legend", { class: "unseen" }, text(name)), ...values.map(choice));
}

function draw(): void {
  if (!shown) return;
  lead.textContent = shown.lead;
  note.textContent = shown.note ?? "";
  set(note, { hidden: !shown.note });
  set(periods, { hidden: shown.costs.today === undefined });
  for (const period of PERIODS) costOf[period].textContent = shown.costs[period] ?? "";
  showSpan(shown);
  set(sources, { hidden: shown.source === undefined || shown.period === "window" });
  empty.textContent = text(shown.period === "window" ? "nothing" : "nothingThen");
  total.textContent = shown.total;
  summary.textContent = shown.summary;
  // A day without calls is left by its neighbours.
  set(models, { hidden: shown.models.length === 0 && shown.day === undefined });
  set(empty, { hidden: shown.models.length > 0 });
  const parts = shares(shown.models.map(({ measures }) => measures[measure].value));
  const longest = Math.max(...parts);
  // The days have the same colours.
  set(stack, { hidden: longest === 0 || shown.days !== undefined });
  stack.replaceChildren(...parts.map((share, index) => segment(share, shown?.models[index]?.place ?? index)));
  list.replaceChildren(...shown.models.map((usage, index) => row(usage, index, parts[index] ?? 0, longest)));
  const isCharted = shown.days?.some(({ measures }) => measures[measure].some((value) => value > 0));
  set(byDay, { hidden: !isCharted });
  const hadFocus = byDay.contains(document.activeElement);
  byDay.replaceChildren(...(shown.days ? columns(shown.days, measure, shown.day, look) : []));
  if (hadFocus) byDay.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  drawBudget(shown.budget);
}

/** The span that is chosen is the one whose figures are shown. */
function showSpan({ period, days, day }: ToUsage): void {
  const one = days?.find(({ date }) => date === day);
  set(dayChoice, { hidden: !one });
  dayLabel.replaceChildren(...(one ? [one.name, " ", h("b", {}, one.words.cost)] : []));
  const radio = one ? dayRadio : periods.querySelector<HTMLInputElement>(`#${period}`);
  if (radio) radio.checked = true;
}

function segment(share: number, place: number): HTMLElement {
  const part = h("span", { class: colour(place), hidden: share === 0 });
  part.style.width = `${share * 100}%`;
  return part;
}

function row(
  { model, place, measures, failed, details }: ModelUsage,
  index: number,
  share: number,
  longest: number,
): HTMLElement {
  const filled = h("span", { class: `filled ${colour(place)}` });
  filled.style.width = `${longest > 0 ? (share / longest) * 100 : 0}%`;
  const facts = h(
    "dl",
    { id: `usage-${index}`, hidden: !open.has(model) },
    ...details.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]),
  );
  const button = h(
    "button",
    {
      ...{
        type: "button",
        class: "usage",
        "aria-expanded": String(open.has(model)),
        "aria-controls": `usage-${index}`,
      },
      click: () => {
        if (!open.delete(model)) open.add(model);
        set(button, { "aria-expanded": String(open.has(model)) });
        set(facts, { hidden: !open.has(model) });
      },
    },
    h("span", { class: `dot ${colour(place)}` }),
    h("span", { class: "name" }, model),
    failed && h("span", { class: "failed" }, text("failures")),
    h(
      "span",
      { class: "value" },
      longest > 0 ? text("share", measures[measure].words, Math.round(share * 100)) : measures[measure].words,
    ),
    h("span", { class: "track" }, filled),
  );
  return h("li", {}, button, facts);
}

function drawBudget(budget: BudgetUsage | undefined): void {
  set(budgetBox, { hidden: !budget });
  if (!budget) return;
  budgetBox.replaceChildren(
    ...(budget.share === undefined ? [] : [circle(budget.share)]),
    h(
      "div",
      {},
      h("h2", {}, text("budget")),
      h("p", {}, budget.spent),
      budget.note !== undefined && h("p", {}, budget.note),
      h("p", { class: "hint" }, text("asOf", budget.asOf)),
    ),
  );
}

function circle(share: number): SVGElement {
  const { drawn, rest } = ring(share, RADIUS);
  const part = { cx: 50, cy: 50, r: RADIUS, fill: "none" };
  return svg(
    "svg",
    { class: `ring ${tone(share)}`, viewBox: "0 0 100 100", "aria-hidden": "true" },
    svg("circle", { ...part, class: "whole" }),
    svg("circle", { ...part, class: "part", "stroke-dasharray": `${drawn} ${rest}`, transform: "rotate(-90 50 50)" }),
    svg(
      "text",
      { x: 50, y: 51, "text-anchor": "middle", "dominant-baseline": "middle" },
      text("percent", Math.round(share * 100)),
    ),
  );
}

onMessage<ToUsage>((message) => {
  shown = message;
  draw();
});

document
  .getElementById("page")
  ?.append(
    h("h1", {}, text("title")),
    periods,
    sources,
    lead,
    h("div", { class: "columns" }, h("section", { "aria-label": text("title") }, total, summary, note), budgetBox),
    models,
    empty,
    h(
      "div",
      { class: "buttons" },
      h(
        "button",
        { type: "button", class: "secondary", click: () => post<FromUsage>({ type: "refresh" }) },
        text("refresh"),
      ),
    ),
  );
post<FromUsage>({ type: "ready" });
