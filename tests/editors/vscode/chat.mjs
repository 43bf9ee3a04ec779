/**
 * VS Code's chat on a fresh profile without an account: locked, unlocked by the command, asked, and asked again right
 * after a reload.
 *
 *   node chat.mjs EDITORS VSIX BASE_URL KEY SCREENSHOTS
 */

import { drive, until, Workbench } from "./workbench.mjs";

const [editors, vsix, baseUrl, key, screenshots] = process.argv.slice(2);
process.env.SESSION_KEY = key;
const settings = { "litellm.baseUrl": baseUrl, "litellm.apiKey": "env:SESSION_KEY", "litellm.model": "long" };

await drive(await Workbench.open({ editors, vsix, settings }), screenshots, async (workbench, step) => {
  const { page } = workbench;

  /** Asks in the chat view. */
  async function ask(question) {
    const input = page.locator(".interactive-input-editor").first();
    // After a reload VS Code may put its earlier chat in place of the one that was typed into.
    await until(`${question} is typed`, async () => {
      await input.click();
      await page.keyboard.press("Control+a");
      await page.keyboard.type(question);
      return (await input.innerText()).replace(/\s/g, " ").includes(question);
    });
    await page.keyboard.press("Enter");
  }

  step("on a fresh profile the chat is locked, and the status says so");
  await workbench.barShows("long");
  await workbench.run("LiteLLM: Show Status");
  await workbench.shows(".quick-input-list .monaco-list-row", "VS Code's chat view is locked");
  await workbench.picture("status-locked");

  step("unlocked from there, after asking");
  await workbench.choose("Unlock the chat view");
  await workbench.shows(".monaco-dialog-box", "No account is needed");
  await workbench.picture("unlock");
  await page.locator(".monaco-dialog-box .monaco-button", { hasText: /^Unlock$/ }).click();
  await page.locator(".interactive-input-editor").first().waitFor();

  step("a question is answered by the model in use");
  await ask("hello");
  await workbench.shows(".interactive-response", "Sphinx of black quartz");
  await workbench.picture("chat");
  await page.locator(".chat-context-usage-widget[aria-label]:not([aria-label*=' 0%'])").first().waitFor();

  step("and another one, right after a reload");
  await page.reload();
  await page.locator(".interactive-input-editor").first().waitFor();
  await ask("hello again");
  await workbench.shows(".interactive-response", "Sphinx of black quartz");
  await workbench.picture("chat-reloaded");

  step("picking another model changes that of the chat; a failure is a sentence and what to do, without a stack");
  await workbench.run("LiteLLM: Pick a Model");
  await page.locator(".quick-input-widget input").first().fill("error-rate-limit");
  await workbench.choose("error-rate-limit");
  await workbench.barShows("error-rate-limit");
  await ask("and now?");
  const failure = page.locator(".interactive-response", { hasText: "Reason:" });
  await failure.first().waitFor();
  await workbench.picture("chat-failure");
  const told = await failure.first().innerText();
  if (/\bat \S+ \(|\.js:\d/.test(told)) throw new Error(`a stack: ${told}`);

  step("LiteLLM is among the providers that can be added");
  await workbench.run("Chat: Manage Language Models");
  await page.locator(".monaco-button", { hasText: "Add Models" }).click();
  await workbench.picture("add-models");
  await page.locator(".action-menu-item, .monaco-list-row, .action-item", { hasText: /^LiteLLM$/ }).first().click();
  await workbench.view().locator("#address").waitFor();
});
