/**
 * What a user does in VS Code, step by step: install, set up, list, pick, complete, stream, cancel, wrong key,
 * proxy down, and the editor killed.
 *
 *   node session.mjs EDITORS VSIX BASE_URL KEY SCREENSHOTS
 */

import fs from "node:fs";
import path from "node:path";
import { webPage } from "./fake.mjs";
import { alive, drive, files, until, Workbench } from "./workbench.mjs";

const [editors, vsix, baseUrl, key, screenshots] = process.argv.slice(2);

const dead = "http://127.0.0.1:9";
const nowhere = { "litellm.server.path": "/nowhere/litellm-ls" };
const workbench = await Workbench.open({
  ...{ editors, vsix, text: "# Notes\n\n" },
  settings: { "litellm.baseUrl": dead, ...nowhere },
});

/** How many answers have begun in the file: an undo may have left the first word of one. */
async function held() {
  return shown(await workbench.text()).split("Held").length - 1;
}

/** Asks for an answer that waits in its midst for `ask("release")`. */
async function completeHeld() {
  const before = await held();
  await workbench.page.locator(".editor-instance .view-lines").first().click();
  await workbench.page.keyboard.press("Control+End");
  await workbench.run("LiteLLM: Complete into the Editor");
  await workbench.answer("Write into", "held");
  await until("the first word", async () => (await held()) > before);
}

/** The editor pads with blanks of its own. */
function shown(text) {
  return text.replace(/\s+/g, " ");
}

/** Closes the page of answers, beside which no other page is looked at. */
async function closeAnswers() {
  await workbench.tabs("LiteLLM Answers").click({ button: "middle" });
  await until("the page's end", async () => (await workbench.tabs("LiteLLM Answers").count()) === 0);
}

/** Asks the proxy itself. */
async function ask(prompt) {
  const body = JSON.stringify({ model: "up", messages: [{ role: "user", content: prompt }] });
  const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
  const { status } = await fetch(`${baseUrl}/v1/chat/completions`, { method: "POST", headers, body });
  if (status !== 200) throw new Error(`the proxy answers ${status}`);
}

/** Fills in the set-up page, and waits for the step that fails, or for the end. */
async function setUp(url, typed, ends) {
  const view = workbench.view();
  if (url !== undefined) await view.locator("#address").fill(url);
  await view.locator("#value").fill(typed);
  await view.locator("button[type=submit]").click();
  await view.locator(ends.startsWith(".") ? ends : `.step.failed:has-text("${ends}")`).waitFor();
}

async function session(_, step) {
  step("a server that can't be started is told of once, and starts when its path is right");
  await workbench.notification("/nowhere/litellm-ls");
  const toasts = (await workbench.told()).filter((text) => text.includes("LiteLLM"));
  if (toasts.length !== 1) throw new Error(`told of ${toasts.length} times: ${toasts}`);
  await workbench.press("Settings");
  await workbench.clearSetting("litellm.server.path");
  // The file has changed before the extension is told of it, so that the first start may still be one with the old path.
  await until("a start with the right path", async () => {
    await workbench.run("LiteLLM: Restart the Server");
    return workbench.shows(".statusbar-item", "unreachable", 5_000).then(() => true, () => false);
  });
  await workbench.openFile("notes.md");

  step("a proxy that is down: the status bar says so, and the status what to do");
  await workbench.barShows("unreachable");
  await workbench.run("LiteLLM: Show Status");
  await workbench.shows(".quick-input-list", "start the proxy");
  await workbench.page.keyboard.press("Escape");

  step("a web page is no proxy, and nothing of it is kept");
  const page = await webPage();
  await workbench.run("LiteLLM: Set Up the Proxy");
  await setUp(page.url, "sk-typed", "LiteLLM");
  await workbench.barShows("unreachable");
  page.close();

  step("a wrong key is refused, with what to do, and what was typed is still there");
  await setUp(baseUrl, "sk-wrong", "Key");
  await workbench.view().locator(".remedy", { hasText: "another key" }).waitFor();

  step("the right key is tested and kept");
  await setUp(undefined, key, ".done");
  await workbench.openFile("notes.md");
  await workbench.run("LiteLLM: Pick a Model");

  step("the picker shows provider, context, prices and abilities");
  await workbench.shows(".quick-input-list .monaco-list-row", "described");
  await workbench.box.fill("described");
  await workbench.shows(".quick-input-list", "200k context · $3 / $15");
  await workbench.box.fill("");
  await workbench.picture("picker");
  const described = workbench.page.locator(".quick-input-list .monaco-list-row", { hasText: "described" }).first();
  await described.hover();
  await described.locator(".codicon-star-empty").click();
  await described.locator(".codicon-star-full").first().waitFor();
  await workbench.page.keyboard.press("Escape");
  await workbench.run("LiteLLM: Pick a Model");
  await workbench.shows(".quick-input-list", "favourites");
  await workbench.picture("picker-favourite");
  await workbench.pick("up", /^up(?!-)/);
  await workbench.barShows("up");

  step("an answer streams into the file");
  await workbench.page.locator(".editor-instance .view-lines").first().click();
  await workbench.page.keyboard.press("Control+End");
  await workbench.run("LiteLLM: Complete into the Editor");
  await workbench.answer("Write into", "words for the file");
  await until("the stream", async () => (await workbench.text()).includes("word3"));
  await workbench.picture("stream");
  await until("its end", async () => (await workbench.text()).replace(/\s/g, "").includes("word199"));
  await workbench.barShows("tokens in");

  step("one undo takes it back");
  await workbench.undo();
  await until("the undo", async () => !(await workbench.text()).includes("word"));

  step("cancel ends the stream and keeps what has come");
  await workbench.run("LiteLLM: Complete into the Editor");
  await workbench.answer("Write into", "hang here");
  await until("the first words", async () => (await workbench.text()).replace(/\s/g, "").includes("Onemoment"));
  await workbench.run("LiteLLM: Cancel the Completion");
  const running = workbench.page.locator(".notification-list-item .monaco-button", { hasText: "Cancel" });
  await until("the end of the progress", async () => (await running.count()) === 0);

  step("an answer goes on in a tab that is not in front");
  await completeHeld();
  await workbench.openFile("other.md");
  await ask("release");
  await workbench.openFile("notes.md");
  await until("the whole answer", async () => shown(await workbench.text()).includes("Held and released."));
  await workbench.undo();
  await until("the undo", async () => !shown(await workbench.text()).includes("and released."));

  step("settings that need another server wait for the answer that is coming");
  for (const state of ["on", "off"]) {
    const [before] = workbench.servers();
    await completeHeld();
    await workbench.run("LiteLLM: Switch Proposals While You Type");
    await workbench.barShows(`Proposals while you type are ${state}`);
    await workbench.notification("The new settings hold once");
    await ask("release");
    await until("the whole answer", async () => shown(await workbench.text()).includes("Held and released."));
    await until("another server", () => workbench.servers().some((pid) => pid !== before));
    await workbench.run("Notifications: Clear All Notifications");
    await workbench.undo();
    await until("the undo", async () => !shown(await workbench.text()).includes("and released."));
  }
  await workbench.barShows(/^\W*up\b(?!-)/);

  step("a second answer into the same file is refused while the first one comes");
  await completeHeld();
  await workbench.run("LiteLLM: Complete into the Editor");
  await workbench.notification("A model is writing into this file");
  await workbench.run("Notifications: Clear All Notifications");

  step("an answer that is undone while it comes is written no further, and shown whole");
  const begun = await held();
  await workbench.undo();
  await until("the undo", async () => (await held()) < begun);
  const left = shown(await workbench.text());
  await ask("release");
  await workbench.notification("changed meanwhile");
  await workbench.view().locator("section", { hasText: "changed meanwhile" }).locator("pre", { hasText: "Held and released." }).waitFor();
  await workbench.picture("undone");
  if (shown(await workbench.text()) !== left) throw new Error(`the text was ${left}, and is ${shown(await workbench.text())}`);
  await workbench.run("Notifications: Clear All Notifications");
  await closeAnswers();

  step("an answer to a tab that was closed is in the file, or shown where the editor has let go of it");
  await completeHeld();
  await workbench.run("File: Save");
  await until("the end of saving", async () => (await workbench.page.locator(".tab.active.dirty").count()) === 0);
  await workbench.run("View: Close Editor");
  await until("the tab's end", async () => (await workbench.tabs("notes.md").count()) === 0);
  await ask("release");
  const isShown = async () => (await workbench.tabs("LiteLLM Answers").count()) > 0;
  const file = workbench.inHome("work", "notes.md");
  await until("the answer", async () => (await isShown()) || fs.readFileSync(file, "utf8").includes("Held and released."));
  if (await isShown()) await closeAnswers();
  await workbench.openFile("notes.md");

  step("usage says what was asked");
  await workbench.run("LiteLLM: Show Usage and Cost");
  await workbench.view().locator("button.usage", { hasText: "up" }).waitFor();

  step("a server that dies is started again, and has key, model and what was spent again");
  await workbench.openFile("notes.md");
  await completeHeld();
  const [died] = workbench.servers();
  process.kill(died, "SIGKILL");
  await workbench.notification("the server ended before its answer did");
  await workbench.picture("died");
  await until("another server", () => workbench.servers().some((pid) => pid !== died));
  await workbench.run("LiteLLM: Pick a Model");
  await workbench.shows(".quick-input-list .monaco-list-row", "described");
  await workbench.page.keyboard.press("Escape");
  await workbench.barShows(/^\W*up\b(?!-)/);

  await workbench.run("LiteLLM: Show Usage and Cost");
  await workbench.view().locator("button.usage", { hasText: "up" }).waitFor();

  step("the key is in no file of the editor");
  for (const file of files(workbench.home)) {
    if (fs.readFileSync(file).includes(key)) throw new Error(`the key stands in ${file}`);
  }

  step("the editor is killed: its server goes too");
  const servers = workbench.servers();
  if (servers.length !== 1) throw new Error(`${servers.length} servers run instead of one`);
  workbench.signal("SIGKILL");
  await until("the server's end", () => !servers.some(alive), 5_000);
}

await drive(workbench, screenshots, session);
