/**
 * VS Code's chat on a fresh profile without an account: locked, unlocked by the command, asked, and asked again right
 * after the next start, with and without the proxy.
 *
 *   node chat.mjs EDITORS VSIX BASE_URL KEY SCREENSHOTS
 */

import { way } from "./fake.mjs";
import { drive, until, Workbench } from "./workbench.mjs";

const [editors, vsix, baseUrl, key, screenshots] = process.argv.slice(2);
process.env.SESSION_KEY = key;
const proxy = await way(baseUrl);
const settings = { "litellm.baseUrl": proxy.url, "litellm.apiKey": "env:SESSION_KEY", "litellm.model": "long" };

await drive(await Workbench.open({ editors, vsix, settings }), screenshots, async (workbench, step) => {
  const { page } = workbench;

  const input = page.locator(".interactive-input-editor").first();
  /** The rows of the chat: questions and answers in turn. */
  const row = (number) => page.locator(`.interactive-session .monaco-list-row:not(.monaco-tree-sticky-row)[data-index="${number}"]`);
  let rows = 0;

  /** Asks in the chat view, and waits for the answer. */
  async function ask(question, answer) {
    const isTyped = async () => (await input.innerText()).replace(/\s/g, " ").includes(question);
    const asked = row(rows).filter({ hasText: question });
    // A view that has just opened may take the focus, or its text, away again.
    await until(`${question} is asked`, async () => {
      if (await asked.count()) return true;
      if (!(await isTyped())) {
        await input.click();
        await page.keyboard.press("Control+a");
        await page.keyboard.insertText(question);
        return false;
      }
      await input.click();
      await page.keyboard.press("Enter");
      return asked.waitFor({ timeout: 3_000 }).then(() => true, () => false);
    });
    await row(rows + 1).filter({ hasText: answer }).waitFor();
    rows += 2;
  }

  /** The chat is about to ask this model. */
  async function isWith(model) {
    await page.locator(".interactive-input-part .action-label, .interactive-input-part .chat-model-label", { hasText: model }).first().waitFor();
  }

  step("on a fresh profile the chat is locked, and the status says so");
  await workbench.barShows("long");
  await workbench.run("LiteLLM: Show Status");
  await workbench.shows(".quick-input-list .monaco-list-row", "VS Code's chat view is locked");
  await workbench.picture("status-locked");

  step("unlocked from there, after asking");
  await workbench.choose("Unlock the Chat View");
  await workbench.shows(".monaco-dialog-box", "No account is needed");
  await workbench.picture("unlock");
  await page.locator(".monaco-dialog-box .monaco-button", { hasText: /^Unlock$/ }).click();
  await input.waitFor();

  step("a question is answered by the model in use");
  await isWith("long");
  await ask("hello", "and an end.");
  await workbench.picture("chat");
  await page.locator(".chat-context-usage-widget[aria-label]:not([aria-label*=' 0%'])").first().waitFor();

  step("and another one, right after the next start");
  await workbench.startAnew();
  await workbench.run("Chat: Open Chat");
  await input.waitFor();
  rows = 0;
  await ask("hello again", "and an end.");
  await isWith("long");
  await workbench.picture("chat-started-anew");

  step("picking another model changes that of the chat; a failure is a sentence and what to do, without a stack");
  await workbench.run("LiteLLM: Pick a Model");
  await workbench.pick("error-rate-limit");
  await workbench.barShows("error-rate-limit");
  await isWith("error-rate-limit");
  await ask("and now?", "Reason:");
  await workbench.picture("chat-failure");
  const told = await row(rows - 1).innerText();
  if (/\bat \S+ \(|\.js:\d/.test(told)) throw new Error(`a stack: ${told}`);

  step("a new chat begins with the model in use");
  await page.locator(".part.auxiliarybar .action-label[aria-label^='New Chat']").first().click();
  await row(0).waitFor({ state: "detached" });
  await isWith("error-rate-limit");
  await workbench.picture("chat-new");

  step("LiteLLM is among the providers that can be added");
  await workbench.run("Chat: Manage Language Models");
  await page.locator(".monaco-button", { hasText: "Add Models" }).click();
  await workbench.picture("add-models");
  await page.locator(".action-menu-item, .monaco-list-row, .action-item", { hasText: /^LiteLLM$/ }).first().click();
  await workbench.view().locator("#address").waitFor();

  step("with the proxy down, the next start still has the models, and says what is wrong where it is asked");
  proxy.close();
  await workbench.startAnew();
  await workbench.barShows("unreachable");
  await workbench.run("Chat: Open Chat");
  await input.waitFor();
  rows = 0;
  await isWith("error-rate-limit");
  await ask("anybody there?", "start the proxy");
  await workbench.picture("chat-down");
});
