/**
 * The pages of the extension in VS Code: set-up, models, usage, the card of the status bar and the walkthrough, in dark,
 * light and high contrast, wide and narrow, with 3 and with 2,500 models; axe looks at each.
 *
 *   node views.mjs EDITORS VSIX AXE SCREENSHOTS
 */

import { fakeProxy, webPage } from "./fake.mjs";
import { drive, files, until, Workbench } from "./workbench.mjs";
import fs from "node:fs";

const [editors, vsix, axe, screenshots] = process.argv.slice(2);
const KEY = "sk-views-0123456789abcdef";
const OTHER = "sk-many-0123456789abcdef";
const THEMES = ["Light Modern", "Dark Modern", "Dark High Contrast"];
const WIDE = { width: 1400, height: 860 };
const NARROW = { width: 720, height: 860 };

const few = await fakeProxy(3, KEY);
const many = await fakeProxy(2_500, OTHER);
const page = await webPage();
const keyless = await fakeProxy(1, "dummy-key");
// Whatever runs on this machine is no part of the test.
const workbench = await Workbench.open({ editors, vsix, settings: { "litellm.baseUrl": "http://127.0.0.1:9" } });
const window = workbench.page;
// In every frame that opens from now on; the pages themselves load nothing.
await window.addInitScript({ path: axe });

/** Finds nothing that would keep somebody from using the page. */
async function accessible(name) {
  const found = await workbench.view().locator("body").evaluate(async () => {
    const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
    // VS Code takes the title of the document for the tab and the frame, and out of the document.
    const { violations } = await globalThis.axe.run(document, { runOnly, rules: { "document-title": { enabled: false } } });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`).join(" | ")}`);
  });
  if (found.length) throw new Error(`${name}: axe finds ${found.join("\n")}`);
}

/** Pictures in each theme and width, each looked at by axe. */
async function seen(name) {
  for (const theme of THEMES) {
    await workbench.theme(theme);
    const kind = theme.includes("Contrast") ? "contrast" : theme.split(" ")[0].toLowerCase();
    await workbench.view().locator(`body.vscode-${kind === "contrast" ? "high-contrast" : kind}`).waitFor();
    for (const [width, size] of Object.entries({ wide: WIDE, narrow: NARROW })) {
      await window.setViewportSize(size);
      await accessible(`${name} ${kind} ${width}`);
      await workbench.picture(`${name}-${kind}-${width}`);
      const overflow = await workbench.view().locator("body").evaluate((body) => body.scrollWidth - body.clientWidth);
      if (overflow > 0) throw new Error(`${name} ${kind} ${width}: ${overflow} pixels stick out`);
    }
  }
  await window.setViewportSize(WIDE);
}

/** The span that is chosen has cost what stands there large. */
async function chosenIsShown() {
  const view = workbench.view();
  const chosen = await view.locator(".spans span:has(:checked) b").innerText();
  const shown = await view.locator(".figure").innerText();
  if (chosen !== shown) throw new Error(`${chosen} is chosen, ${shown} is shown`);
}

async function save(url, key, ends) {
  const view = workbench.view();
  await view.locator("#address").fill(url);
  if (key !== undefined) await view.locator("#value").fill(key);
  await view.locator("button[type=submit]").click();
  await view.locator(ends).waitFor();
}

/** The prices in sight, from the top of the table: none before a lower one. */
async function cheapestFirst() {
  const rows = workbench.view().locator(".rows .row");
  await until("the first row", async () => (await rows.first().getAttribute("aria-rowindex")) === "2");
  const prices = (await rows.locator(".price > span:first-child").allInnerTexts()).map((price) => Number(price.match(/[\d.]+/)?.[0] ?? 0));
  const sorted = [...prices].sort((one, other) => one - other);
  if (!prices.length || prices.join() !== sorted.join()) throw new Error(`an arrow up, and the prices are ${prices}`);
}

async function ask(question, ends) {
  await workbench.openFile("notes.md");
  await window.locator(".editor-instance .view-lines").first().click();
  await workbench.run("LiteLLM: Complete into the Editor");
  await workbench.answer("Write into", question);
  await ends();
}

async function session(_, step) {
  await window.setViewportSize(WIDE);
  const view = workbench.view();

  step("the walkthrough begins with nothing reached");
  await workbench.walkthrough(0);
  await workbench.picture("walkthrough-begin");

  step("set-up looks at the address while it is typed, and sends no key there");
  await workbench.run("LiteLLM: Set Up the Proxy");
  await view.locator("#address").fill("llm.example.com");
  await view.locator(".step.failed", { hasText: "Address" }).waitFor();
  await view.locator("#address").fill(keyless.url);
  await until("no question for a key", async () => (await view.locator("#way").inputValue()) === "none");
  await view.locator("#address").fill(few.url);
  await view.locator(".step.ok", { hasText: "LiteLLM" }).waitFor();
  await view.locator("#value").waitFor();
  if (few.keys.some((key) => key.includes("sk-"))) throw new Error("a key went out unasked");

  step("a web page ends in no success, and loses nothing typed");
  await save(page.url, "sk-wrong", ".step.failed:has-text('LiteLLM')");
  if (await view.locator(".done").isVisible()) throw new Error("a web page is set up");
  if ((await view.locator("#value").inputValue()) !== "sk-wrong") throw new Error("the key must be typed again");
  await seen("setup-failed");

  step("where it is saved anyway, the status bar says that something else answers there");
  await view.locator("button", { hasText: "Save Anyway" }).click();
  await workbench.barShows("wrong address");
  await workbench.picture("wrong-address");
  await view.locator("#way").selectOption("literal");

  step("the right key ends in a count of models; the page forgets it, and no file has it");
  await save(few.url, KEY, ".done:has-text('3 models')");
  const shown = await view.locator("html").evaluate((html) => html.outerHTML + [...html.querySelectorAll("input")].map(({ value }) => value));
  if (shown.includes(KEY)) throw new Error("the page still has the key");
  for (const file of files(workbench.home)) {
    if (fs.readFileSync(file).includes(KEY)) throw new Error(`the key stands in ${file}`);
  }
  await seen("setup-done");
  await workbench.barShows("model-");

  step("three models in the table");
  await workbench.run("LiteLLM: Compare Models");
  await view.locator(".rows .row").nth(2).waitFor();
  await workbench.picture("models-3");

  step("what was asked is in the picture of usage, with the number of the status bar");
  await ask("a word", () => workbench.barShows("$0.00"));
  await ask("fail", () => workbench.notification("does not like it"));
  await workbench.run("Notifications: Clear All Notifications");
  await workbench.run("LiteLLM: Show Usage and Cost");
  await view.locator("button.usage", { hasText: "with failures" }).click();
  await view.locator("dd").first().waitFor();
  const cost = await view.locator(".figure").innerText();
  await workbench.barShows(cost);
  await seen("usage");

  step("and so are the days gone by, as this machine has recorded them: all that there is was asked in this window");
  const costs = (await view.locator(".spans b").allInnerTexts()).join();
  if (costs !== [cost, cost, cost, cost].join()) throw new Error(`the spans have cost ${costs}`);
  for (const [span, columns] of [["today", 0], ["week", 7], ["month", 30]]) {
    await view.locator(`#${span}`).check();
    await until(`${columns} days`, async () => (await view.locator(".days .day").count()) === columns);
    await view.locator(".lead", { hasText: "recorded on this machine" }).waitFor();
    if ((await view.locator(".figure").innerText()) !== cost) throw new Error(`${span} has cost something else`);
    await chosenIsShown();
  }
  await seen("usage-recorded");

  step("and as the proxy keeps them");
  await view.locator("#proxy").check();
  for (const span of ["today", "week", "month"]) {
    await view.locator(`#${span}`).check();
    await view.locator(".lead", { hasText: "ada" }).waitFor();
  }
  await until("30 days", async () => (await view.locator(".days .day").count()) === 30);
  await seen("usage-month");

  step("a click on a day shows it alone, and another shows all of them");
  const all = await view.locator(".figure").innerText();
  const lastDay = view.locator(".days .day").last();
  await lastDay.click();
  await view.locator(".day[aria-pressed=true]").waitFor();
  await until("the sum of that day", async () => (await view.locator(".figure").innerText()) !== all);
  await chosenIsShown();
  await seen("usage-day");
  await lastDay.press("ArrowLeft");
  await view.locator(".day:focus").press("Enter");
  await until("the day before", async () => (await lastDay.getAttribute("aria-pressed")) === "false");
  await chosenIsShown();
  await view.locator("#month").check();
  await until("all days", async () => (await view.locator(".figure").innerText()) === all);
  await chosenIsShown();

  step("answers: one that is whole, one that failed, and one that was stopped, which is no failure");
  await workbench.openFile("notes.md");
  await workbench.run("LiteLLM: Ask About the Selection or the File");
  await workbench.answer("Ask About", "markup");
  await view.locator(".answer pre", { hasText: "let x" }).waitFor();
  for (const [question, button] of [["fail"], ["hang", "Stop"]]) {
    await view.locator("textarea").fill(question);
    await view.locator("textarea").press("Enter");
    if (button) await view.locator(`[aria-label="${question}"] button`, { hasText: button }).click();
    await view.locator(`section[aria-label="${question}"]:not([aria-busy])`).waitFor();
  }
  const told = (question) => view.locator(`section[aria-label="${question}"] [role=status]`);
  await told("fail").and(view.locator(".error")).waitFor();
  await told("hang").and(view.locator(".hint")).waitFor();
  const above = await view.locator(`section[aria-label="hang"]`).evaluate((section) => section.getBoundingClientRect().top);
  if (above > 1) throw new Error(`the last question stands ${above} pixels below the top`);
  await seen("answers");
  await workbench.tabs("LiteLLM Answers").locator(".tab-actions .action-label").click();

  step("resting on the status bar shows the card");
  await window.locator(".statusbar-item", { hasText: "model-" }).first().hover();
  await workbench.shows(".workbench-hover", "This window");
  await workbench.picture("card");

  step("2,500 models are sorted, filtered and compared");
  await workbench.run("LiteLLM: Set Up the Proxy");
  await view.locator("#way").selectOption("literal");
  await save(many.url, OTHER, ".done:has-text('2500 models')");
  await workbench.run("LiteLLM: Compare Models");
  await until("the longer list", async () => (await view.locator(".grid").getAttribute("aria-rowcount")) === "2501");
  await view.locator("#filter").fill("openai vision");
  await until("the filter", async () => Number(await view.locator(".grid").getAttribute("aria-rowcount")) < 300);
  await view.locator(".sort", { hasText: "Context" }).press("Enter");
  await view.locator(".context[aria-sort=descending]").waitFor();
  await view.locator(".sort", { hasText: "in / out" }).click();
  await view.locator(".price[aria-sort=ascending]").waitFor();
  await cheapestFirst();
  await view.locator(".rows .row").nth(1).click();
  await window.keyboard.press("c");
  await window.keyboard.press("End");
  await window.keyboard.press("c");
  await view.locator(".pane table").waitFor();
  await window.keyboard.press("f");
  await view.locator("button", { hasText: "Remove from Favourites" }).waitFor();
  await seen("models-2500");
  await window.keyboard.press("Home");

  step("the picker of 2,500 models has the last of them too");
  await workbench.run("LiteLLM: Pick a Model");
  await workbench.pick("ollama-model-2499");
  await workbench.barShows("ollama-model-2499");

  step("a model that is hidden says why");
  await view.locator("#hidden").check();
  await view.locator("#filter").fill("embedder");
  await view.locator(".row", { hasText: "embedding, no chat" }).waitFor();

  step("the walkthrough has ticked what was reached: a proxy, set up, chosen, asked, looked at usage; not the locked chat");
  await workbench.walkthrough(5);
  await workbench.picture("walkthrough-end");
}

await drive(workbench, screenshots, session);
