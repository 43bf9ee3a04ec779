/**
 * Writing into files: the price before, a selection as a diff to accept, to discard or to ask for again, a change of
 * the text meanwhile.
 *
 *   node write.mjs EDITORS VSIX BASE_URL KEY SCREENSHOTS
 */

import { drive, until, Workbench } from "./workbench.mjs";

const [editors, vsix, baseUrl, key, screenshots] = process.argv.slice(2);
process.env.SESSION_KEY = key;
const settings = { "litellm.baseUrl": baseUrl, "litellm.apiKey": "env:SESSION_KEY", "litellm.model": "up" };
const text = "# Notes\n\nThe first line.\nThe second line.\nThe third line.\n";

await drive(await Workbench.open({ editors, vsix, settings, text }), screenshots, async (workbench, step) => {
  const { page } = workbench;
  const diff = page.locator(".monaco-diff-editor");

  /** Asks to rewrite the second line. */
  async function rewrite(instruction) {
    await page.locator(".editor-instance .view-line", { hasText: "second" }).first().click();
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+End");
    await workbench.run("LiteLLM: Complete into the Editor");
    await workbench.shows(".quick-input-widget", "Rewrite a part of notes.md");
    await page.locator(".quick-input-widget input").first().fill(instruction);
  }

  async function fileHas(words) {
    await until(`the text has ${words}`, async () => (await workbench.text()).replace(/\s/g, " ").includes(words));
  }

  await workbench.barShows("up");

  step("model and price are shown before anything is sent");
  await rewrite("plain words, please");
  await workbench.shows(".quick-input-widget", "up ·");
  await workbench.picture("ask");
  await page.keyboard.press("Enter");

  step("what replaces a selection is a diff first; the file is as it was");
  await diff.waitFor();
  await workbench.notification("up would change this");
  await workbench.picture("review");
  await workbench.press("Discard");
  await diff.waitFor({ state: "detached" });
  await fileHas("The second line.");

  step("accepted, it is in the file, and one undo takes it back");
  await rewrite("plain words, please");
  await page.keyboard.press("Enter");
  await diff.waitFor();
  await workbench.press("Accept");
  await diff.waitFor({ state: "detached" });
  await fileHas("Upstream says hello.");
  await page.keyboard.press("Control+z");
  await fileHas("The second line.");

  step("asked again, there is another diff");
  await rewrite("plain words, please");
  await page.keyboard.press("Enter");
  await diff.waitFor();
  await workbench.press("Retry");
  await until("another diff", async () => (await page.locator(".tab", { hasText: "change" }).count()) === 1);
  await workbench.notification("up would change this");
});
