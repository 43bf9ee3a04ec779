/**
 * The smaller commands: a commit message, another attempt after a failure, proposals on and off, what to copy, and the
 * settings in their sections.
 *
 *   node tools.mjs EDITORS VSIX BASE_URL KEY SCREENSHOTS
 */

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { drive, files, until, Workbench } from "./workbench.mjs";

const [editors, vsix, baseUrl, key, screenshots] = process.argv.slice(2);
process.env.SESSION_KEY = key;
const settings = { "litellm.baseUrl": baseUrl, "litellm.apiKey": "env:SESSION_KEY", "litellm.model": "long", "git.enabled": true };

/** A repository with one commit, and with a change, a secret and a secret of another name now that are staged. */
function prepare(folder) {
  const git = (...words) => execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...words], { cwd: folder });
  git("init", "-q");
  fs.writeFileSync(path.join(folder, "old.env"), "TOKEN=very-secret\nHOST=example.com\nPORT=1\n");
  git("add", ".");
  git("commit", "-q", "-m", "Begin");
  fs.appendFileSync(path.join(folder, "notes.md"), "A line that is staged.\n");
  fs.writeFileSync(path.join(folder, ".env"), "TOKEN=very-secret\n");
  fs.renameSync(path.join(folder, "old.env"), path.join(folder, "plain.txt"));
  git("add", ".");
}

await drive(await Workbench.open({ editors, vsix, settings, text: "# Notes\n", prepare }), screenshots, async (workbench, step) => {
  const { page } = workbench;
  const copied = () => page.evaluate(() => navigator.clipboard.readText());

  await workbench.barShows("long");

  step("the staged changes become a commit message in Git's own box");
  await page.locator(".activitybar .action-item", { has: page.locator("[aria-label^='Source Control']") }).first().click();
  await page.locator(".scm-view .resource-group, .scm-view .monaco-list-row", { hasText: "Staged" }).first().waitFor();
  await workbench.run("LiteLLM: Write a Commit Message");
  const box = page.locator(".scm-editor .view-lines").first();
  await until("the message", async () => (await box.innerText()).replace(/\s/g, " ").includes("A second line, and an end."));
  // What it cost is told once it stands there; a message that may not be written is shown on a page instead.
  await workbench.barShows("tokens in");
  await workbench.picture("commit");

  step("nothing of a file of secrets goes along, nor of one that was renamed");
  const [kept] = files(workbench.home).filter((file) => /answers\/\d+\.json$/.test(file));
  const sent = fs.readFileSync(kept, "utf8");
  if (!sent.includes("A line that is staged") || sent.includes("very-secret")) throw new Error(sent);

  step("a draft in the box is asked about, and stays above the message");
  await page.locator(".scm-editor .view-lines").first().click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText("My own draft");
  await workbench.run("LiteLLM: Write a Commit Message");
  await workbench.shows(".monaco-dialog-box", "already has text");
  await workbench.picture("commit-draft");
  await page.locator(".monaco-dialog-box .monaco-button", { hasText: "Write Below It" }).click();
  await until("both", async () => /My own draft\s+.*an end\./s.test((await box.innerText()).replace(/\u00a0/g, " ")));

  step("and it is kept among the answers");
  await workbench.run("LiteLLM: Show the Answers");
  const message = workbench.view().getByRole("region", { name: "Commit message" }).first();
  await message.locator(".answer", { hasText: "A second line, and an end." }).waitFor();
  await workbench.picture("commit-kept");
  await workbench.run("View: Close All Editors");
  await workbench.openFile("notes.md");

  step("a limit of requests offers another attempt, without typing again");
  await workbench.run("LiteLLM: Pick a Model");
  await workbench.pick("error-rate-limit");
  await workbench.barShows("error-rate-limit");
  await page.locator(".editor-instance .view-lines").first().click();
  await workbench.run("LiteLLM: Complete into the Editor");
  await workbench.answer("Write into", "hello");
  await workbench.notification("mock rate limit");
  await workbench.picture("rate-limit");
  await workbench.run("LiteLLM: Pick a Model");
  await workbench.pick("plain");
  await workbench.barShows("plain");
  await workbench.press("Try Again");
  await until("the answer", async () => (await workbench.text()).replace(/\s/g, " ").includes("Hello from the mock."));

  step("proposals are switched on, and off again");
  await workbench.run("LiteLLM: Switch Proposals While You Type");
  await workbench.barShows("Proposals while you type are on");
  await workbench.run("LiteLLM: Switch Proposals While You Type");
  await workbench.barShows("Proposals while you type are off");

  step("diagnostics name no host, and an id can be copied");
  await workbench.run("LiteLLM: Copy Diagnostics");
  await workbench.notification("on the clipboard");
  const told = await copied();
  if (!told.includes("| key | ok |") || told.includes("127.0.0.1") || told.includes(key)) throw new Error(told);
  await workbench.run("LiteLLM: Copy a Model's Id");
  await workbench.pick("described");
  await until("the id", async () => (await copied()) === "described");

  step("the settings are in sections");
  await workbench.ownSettings();
  await workbench.shows(".settings-editor", "Proposals While You Type");
  await workbench.picture("settings");

  step("the walkthrough, opened for the first time, has ticked what was reached before: a proxy, set up, chosen, asked");
  await workbench.walkthrough(4);
  await workbench.picture("walkthrough-late");
});
