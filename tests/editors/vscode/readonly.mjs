/**
 * A file that can't be changed: seen before a model is asked, and never written by accepting a change.
 *
 *   node readonly.mjs EDITORS VSIX BASE_URL KEY SCREENSHOTS
 */

import { drive, until, Workbench } from "./workbench.mjs";

const [editors, vsix, baseUrl, key, screenshots] = process.argv.slice(2);
process.env.SESSION_KEY = key;
const settings = {
  "litellm.baseUrl": baseUrl,
  "litellm.apiKey": "env:SESSION_KEY",
  "litellm.model": "up",
  "files.readonlyInclude": { "other.md": true },
};
const text = "# Notes\n\nThe first line.\nThe second line.\n";

await drive(await Workbench.open({ editors, vsix, settings, text }), screenshots, async (workbench, step) => {
  const { page } = workbench;
  const diff = page.locator(".monaco-diff-editor");
  const words = async () => (await workbench.text()).replace(/\s/g, " ");

  async function isRefused() {
    await workbench.run("LiteLLM: Complete into the Editor");
    await workbench.notification("This file is read-only");
    if (await page.locator(".quick-input-widget", { hasText: "Write into" }).isVisible()) throw new Error("asked");
  }

  await workbench.barShows("up");

  step("a file that is read-only by the settings is refused before anything is asked");
  await workbench.openFile("other.md");
  await isRefused();
  await workbench.picture("readonly-settings");
  await workbench.run("Notifications: Clear All Notifications");

  step("so is one that the user made read-only for this session");
  await workbench.openFile("notes.md");
  await workbench.run("File: Set Active Editor Read-only in Session");
  await isRefused();
  await workbench.run("Notifications: Clear All Notifications");
  await workbench.run("File: Set Active Editor Writeable in Session");

  step("a change is not accepted into a file that became read-only, and can be when it is no more");
  await page.locator(".editor-instance .view-line", { hasText: "second" }).first().click();
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+End");
  await workbench.run("LiteLLM: Complete into the Editor");
  await workbench.answer("Rewrite a part", "plain words, please");
  await diff.waitFor();
  await workbench.notification("up would change notes.md:");
  await workbench.openFile("notes.md");
  await workbench.run("File: Set Active Editor Read-only in Session");
  await workbench.press("Accept");
  await workbench.notification("The file is read-only: make it writable");
  await diff.waitFor();
  await workbench.picture("readonly-review");
  await workbench.openFile("notes.md");
  await until("the text is as it was", async () => (await words()).includes("The second line."));
  await workbench.run("File: Set Active Editor Writeable in Session");
  await page.locator(".tab", { hasText: "change" }).first().click();
  await diff.waitFor();
  await workbench.run("LiteLLM: Accept the Change");
  await diff.waitFor({ state: "detached" });
  await until("the change", async () => (await words()).includes("Upstream says hello."));
});
