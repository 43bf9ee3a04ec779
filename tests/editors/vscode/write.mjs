/**
 * Writing into files: the price before, a selection as a diff to accept, to discard or to ask for again; and answers
 * to read beside them.
 *
 *   node write.mjs EDITORS VSIX BASE_URL KEY SCREENSHOTS
 */

import fs from "node:fs";
import { drive, until, Workbench } from "./workbench.mjs";

const [editors, vsix, baseUrl, key, screenshots] = process.argv.slice(2);
process.env.SESSION_KEY = key;
const settings = { "litellm.baseUrl": baseUrl, "litellm.apiKey": "env:SESSION_KEY", "litellm.model": "up" };
const text = "# Notes\n\nThe first line.\nThe second line.\nThe third line.\n";

await drive(await Workbench.open({ editors, vsix, settings, text }), screenshots, async (workbench, step) => {
  const { page } = workbench;
  const diff = page.locator(".monaco-diff-editor");

  async function selectSecond() {
    await page.locator(".editor-instance .view-line", { hasText: "second" }).first().click();
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+End");
  }

  /** Asks to rewrite the second line. */
  async function rewrite(instruction) {
    await selectSecond();
    await workbench.run("LiteLLM: Complete into the Editor");
    await workbench.shows(".quick-input-widget", "Rewrite a part of notes.md");
    await workbench.box.fill(instruction);
  }

  async function fileHas(words) {
    await until(`the text has ${words}`, async () => (await workbench.text()).replace(/\s/g, " ").includes(words));
  }

  await workbench.barShows("up");

  /** Renames the one file of the folder in the Explorer. */
  async function renameTo(name) {
    await workbench.run("Explorer: Focus on Folders View");
    await page.locator(".explorer-folders-view .monaco-list-row", { hasText: /\.md$/ }).first().click();
    await page.keyboard.press("F2");
    const box = page.locator(".explorer-item-edited input");
    await box.fill(name);
    await box.press("Enter");
    await workbench.shows(".explorer-folders-view .monaco-list-row", name);
  }

  /** Types a line at the beginning of the file, wherever the focus was. */
  async function typeAbove(line) {
    await page.locator(".editor-instance .view-lines").first().click();
    await page.locator(".editor-instance .monaco-editor.focused").first().waitFor();
    await page.keyboard.press("Control+Home");
    await page.keyboard.type(`${line}\n`);
    await fileHas(line);
  }

  step("model and price are shown before anything is sent");
  await rewrite("plain words, please");
  await workbench.shows(".quick-input-widget", "up ·");
  await workbench.picture("ask");
  await workbench.box.press("Enter");

  step("what replaces a selection is a diff first; the file is as it was");
  await diff.waitFor();
  await workbench.notification("up would change notes.md:");
  await workbench.picture("review");
  await workbench.press("Discard");
  await diff.waitFor({ state: "detached" });
  await fileHas("The second line.");

  step("what was discarded can be brought back");
  await workbench.press("Bring It Back");
  await diff.waitFor();
  await workbench.notification("up would change notes.md:");
  await workbench.press("Discard");
  await diff.waitFor({ state: "detached" });

  step("accepted, it is in the file, and one undo takes it back");
  await rewrite("plain words, please");
  await workbench.box.press("Enter");
  await diff.waitFor();
  await workbench.press("Accept");
  await diff.waitFor({ state: "detached" });
  await fileHas("Upstream says hello.");
  const bar = page.locator(".statusbar");
  await until("no selection is left", async () => /Ln 4, Col \d+(?! \()/.test(await bar.innerText()) && !(await bar.innerText()).includes("selected"));
  await workbench.undo();
  await fileHas("The second line.");

  step("asked again, there is another diff");
  await rewrite("plain words, please");
  await workbench.box.press("Enter");
  await diff.waitFor();
  await workbench.press("Ask Again");
  await until("another diff", async () => (await page.locator(".tab", { hasText: "change" }).count()) === 1);
  await workbench.notification("up would change notes.md:");

  step("who types while the question or the answer waits has the same lines asked about, and rewritten");
  await workbench.press("Discard");
  await diff.waitFor({ state: "detached" });
  await workbench.run("Notifications: Clear All Notifications");
  await rewrite("plain words, please");
  await typeAbove("Above the question.");
  await workbench.box.press("Enter");
  await diff.waitFor();
  await workbench.notification("up would change notes.md:");
  await workbench.openFile("notes.md");
  await typeAbove("Above the answer.");
  await workbench.press("Ask Again");
  await diff.waitFor();
  await workbench.notification("up would change notes.md:");
  await workbench.press("Accept");
  await diff.waitFor({ state: "detached" });
  await fileHas("Above the answer. Above the question. # Notes The first line. Upstream says hello. The third line.");
  await workbench.undo();
  await fileHas("The second line.");
  await workbench.run("File: Save");
  await until("the end of saving", async () => (await page.locator(".tab.dirty").count()) === 0);

  step("of several cursors none is taken, and nothing is asked");
  await page.locator(".editor-instance .view-line", { hasText: "first" }).first().click();
  await page.keyboard.press("Home");
  await workbench.run("Add Cursor Below");
  await workbench.shows(".statusbar-item", "2 selections");
  await workbench.run("LiteLLM: Complete into the Editor");
  await workbench.notification("There are 2 cursors");
  await workbench.run("Notifications: Clear All Notifications");

  step("of a file of secrets nothing is sent before the user says so; the question stays until it is answered");
  fs.writeFileSync(workbench.inHome("work", ".env"), "TOKEN=plain words, please\n");
  const dialog = page.locator(".monaco-dialog-box");
  const writing = page.locator(".notification-list-item", { hasText: "Cancel" });
  for (const answer of ["Escape", "Enter", "Send It"]) {
    await workbench.openFile(".env");
    await page.keyboard.press("Control+a");
    await workbench.run("LiteLLM: Complete into the Editor");
    await workbench.answer("Rewrite", "plain words, please");
    await workbench.shows(".monaco-dialog-box", "may hold secrets");
    await workbench.picture("secrets");
    // What has the focus is the answer of a hasty Enter.
    if (answer !== "Send It") await page.keyboard.press(answer);
    else await dialog.locator(".monaco-button", { hasText: new RegExp(`^${answer}$`) }).click();
    await dialog.waitFor({ state: "detached" });
    await until("the end", async () => (await writing.count()) === 0);
    // The answer is no line of such a file, so it is shown among the others.
    if (answer === "Send It") await workbench.shows(".tab", "LiteLLM Answers");
    else if (await workbench.tabs("LiteLLM Answers").count()) throw new Error("sent all the same");
  }
  await workbench.run("Notifications: Clear All Notifications");
  fs.rmSync(workbench.inHome("work", ".env"));
  await workbench.run("View: Close All Editors");
  await workbench.openFile("notes.md");

  step("what the light bulb rewrites is a diff too");
  await selectSecond();
  await workbench.action("rewrite the selection");
  await diff.waitFor();
  await workbench.notification("up would change notes.md:");

  step("a file that is renamed while its change waits has the change accepted under its new name");
  await renameTo("renamed.md");
  await workbench.press("Accept");
  await diff.waitFor({ state: "detached" });
  await workbench.shows(".tab.active", "renamed.md");
  await fileHas("Upstream says hello.");
  await workbench.undo();
  await fileHas("The second line.");
  await renameTo("notes.md");

  step("an explanation is rendered beside the code, and can be asked more about");
  await workbench.run("Notifications: Clear All Notifications");
  await workbench.run("View: Close All Editors");
  await workbench.openFile("notes.md");
  await workbench.run("LiteLLM: Ask About the Selection or the File");
  await workbench.shows(".quick-input-widget", "Ask About notes.md");
  await workbench.answer("Ask About", "markup");
  const view = workbench.view();
  await view.locator(".answer strong", { hasText: "bold" }).waitFor();
  await view.locator(".answer pre", { hasText: "let x = 1" }).waitFor();
  await view.locator("section:not([aria-busy]) .hint", { hasText: "tokens in" }).first().waitFor();
  if (await view.locator(".answer img, .answer script, .answer button:text('Allow')").count()) throw new Error("HTML of a model");
  await workbench.picture("answer");
  await view.locator("textarea").fill("plain words, please");
  await view.locator("textarea").press("Enter");
  const more = () => workbench.view().getByRole("region", { name: "plain words, please", exact: true }).first();
  await more().locator(".answer", { hasText: "Upstream says hello." }).waitFor();
  await workbench.picture("answer-more");

  step("asked again, the answer that is there stays beside the new one");
  await more().getByRole("button", { name: "Ask Again" }).click();
  const both = view.getByRole("region", { name: "plain words, please", exact: true }).locator(".answer", { hasText: "Upstream says hello." });
  await until("both answers", async () => (await both.count()) === 2);

  step("a second question lets the first one go on");
  await view.locator("textarea").fill("hang in VS Code");
  await view.locator("textarea").press("Enter");
  await view.locator("[aria-busy=true] .answer", { hasText: "One moment" }).waitFor();
  // What would go on from half an answer stays in its box.
  await view.locator("textarea").fill("and more");
  await view.locator("textarea").press("Enter");
  await view.locator("form .hint", { hasText: "still coming" }).waitFor();
  if ((await view.locator("textarea").inputValue()) !== "and more") throw new Error("the question is gone");
  await workbench.run("View: Focus First Editor Group");
  const whole = view.getByRole("region", { name: /^plain words, please \(notes.md/ }).locator(".answer", { hasText: "Upstream says hello." });
  const before = await whole.count();
  await workbench.run("LiteLLM: Ask About the Selection or the File");
  await workbench.answer("Ask About", "plain words, please");
  await until("the second answer", async () => (await whole.count()) > before);
  await view.locator("[aria-busy=true] .answer", { hasText: "One moment" }).waitFor();
  await workbench.picture("answers-two");

  step("answers are there again in a window that is opened anew, also one that was under way");
  await workbench.startAnew();
  await workbench.barShows("up");
  await workbench.run("LiteLLM: Show the Answers");
  await more().locator(".answer", { hasText: "Upstream says hello." }).waitFor();
  await workbench.view().locator(".answer strong", { hasText: "bold" }).waitFor();
  await workbench.view().locator("section", { hasText: "One moment" }).getByText("cut off").waitFor();
  // A rewrite too, whatever became of it: accepted and undone, or discarded.
  const rewritten = workbench.view().getByRole("region", { name: "plain words, please (notes.md:4)" });
  await rewritten.first().locator("pre", { hasText: "Upstream says hello." }).waitFor();
  await workbench.picture("answer-again");
});
