/**
 * The extension in Chinese: each page, list and card is looked at, and none of our English texts is left on it.
 *
 *   node chinese.mjs EDITORS VSIX SCREENSHOTS
 */

import fs from "node:fs";
import { fakeProxy } from "./fake.mjs";
import { drive, until, Workbench } from "./workbench.mjs";

const [editors, vsix, screenshots] = process.argv.slice(2);
const KEY = "sk-chinese-0123456789abcdef";
process.env.SESSION_KEY = KEY;
const l10n = new URL("../../../editors/vscode/l10n/bundle.l10n.zh-cn.json", import.meta.url);
const manifest = new URL("../../../editors/vscode/package.nls.zh-cn.json", import.meta.url);
const bundle = JSON.parse(fs.readFileSync(l10n, "utf8"));
const titles = JSON.parse(fs.readFileSync(manifest, "utf8"));
/** Our texts long enough to be nobody else's, as they are where nothing is filled in. */
const server = JSON.parse(fs.readFileSync(new URL("../../../src/language/zh-cn.json", import.meta.url), "utf8"));
const sentences = Object.assign({}, bundle, ...Object.values(server.sentences), ...Object.values(server.words), ...Object.values(server.shown));
const english = Object.entries(sentences).filter(([text, translation]) => text.length > 11 && !text.includes("{") && text !== translation);

const proxy = await fakeProxy(3, KEY);
const settings = { "litellm.baseUrl": proxy.url, "litellm.apiKey": "env:SESSION_KEY", "litellm.model": "anthropic-model-0000" };

await drive(await Workbench.open({ editors, vsix, settings, language: "zh-cn" }), screenshots, async (workbench, step) => {
  const { page } = workbench;
  const view = workbench.view();
  const run = (command) => workbench.run(`LiteLLM: ${titles[`command.${command}`]}`);
  /** Looks at one screen: a picture, and no English text of ours. */
  async function seen(name, place) {
    const text = await place.innerText();
    if (!/[\u4e00-\u9fff]/.test(text)) throw new Error(`${name}: nothing in Chinese: ${text}`);
    const left = english.filter(([words]) => text.includes(words)).map(([words]) => words);
    if (left.length) throw new Error(`${name}: in English: ${left.join(" | ")}`);
    await workbench.picture(`chinese-${name}`);
  }
  await page.setViewportSize({ width: 1200, height: 820 });
  await workbench.barShows("anthropic-model-0000");

  step("set-up, in Chinese");
  await run("configure");
  await view.locator(".step.ok", { hasText: "LiteLLM" }).waitFor();
  await seen("setup", view.locator("body"));

  step("the table of models");
  await run("models");
  await view.locator(".rows .row").nth(2).waitFor();
  await seen("models", view.locator("body"));

  step("usage, of this window and of 30 days");
  await run("usage");
  await view.locator("#month").check();
  await until("30 days", async () => (await view.locator(".days .day").count()) === 30);
  await seen("usage", view.locator("body"));

  step("the picker and the status");
  await run("pickModel");
  await page.locator(".quick-input-widget", { hasText: bundle["LiteLLM: Pick a Model"] }).waitFor();
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "gemini-model" }).waitFor();
  await seen("picker", page.locator(".quick-input-widget"));
  await workbench.box.press("Escape");
  await run("status");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: bundle["Set Up the Proxy…"] }).waitFor();
  await seen("status", page.locator(".quick-input-widget"));
  await workbench.box.press("Escape");

  step("the card of the status bar");
  await page.locator(".statusbar-item", { hasText: "anthropic-model" }).first().hover();
  await page.locator(".workbench-hover", { hasText: proxy.url }).waitFor();
  await seen("card", page.locator(".workbench-hover").first());

  step("a failure in a vendor's words says in Chinese what kind it is");
  await workbench.openFile("notes.md");
  await run("complete");
  await workbench.answer("notes.md", "fail");
  await workbench.notification(server.kinds.invalidRequest);
  await workbench.notification("the model does not like it");
  await seen("failure", page.locator(".notification-list-item").first());
  await workbench.run("Notifications: Clear All Notifications");

  step("a proxy that is gone, and what to do");
  proxy.close();
  await run("status");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "没有响应" }).first().waitFor();
  await seen("status-down", page.locator(".quick-input-widget"));
  await workbench.box.press("Escape");
  await workbench.barShows(bundle.unreachable);

  step("settings and the walkthrough");
  await workbench.ownSettings();
  await page.locator(".setting-item-contents[data-key='litellm.model']").waitFor();
  await seen("settings", page.locator(".settings-editor"));
  await workbench.run("Welcome: Open Walkthrough");
  await workbench.choose(titles["walkthrough.title"]);
  await page.locator(".getting-started-step").nth(2).waitFor();
  await seen("walkthrough", page.locator(".gettingStartedContainer"));
});
