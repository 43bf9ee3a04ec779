/**
 * The program inside the extension, for terminals: put into the user's own folder, found there, put over another one after
 * asking, and taken out again.
 *
 *   node terminal.mjs EDITORS VSIX SCREENSHOTS
 */

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { drive, until, Workbench } from "./workbench.mjs";

const [editors, vsix, screenshots] = process.argv.slice(2);
const settings = { "litellm.baseUrl": "http://127.0.0.1:9" };

await drive(await Workbench.open({ editors, vsix, settings }), screenshots, async (workbench, step) => {
  const { page } = workbench;
  const folder = workbench.inHome(".local", "bin");
  const program = path.join(folder, "litellm-ls");
  const install = () => workbench.run("LiteLLM: Install litellm-ls in PATH");
  const remove = () => workbench.run("LiteLLM: Remove litellm-ls from PATH");
  const forget = () => workbench.run("Notifications: Clear All Notifications");

  step("nothing is removed where nothing was put");
  await remove();
  await workbench.notification("Nothing is removed");
  await forget();

  step("it is put into the folder of the user, and the line for a PATH without that can be copied");
  await install();
  await workbench.notification("That folder is not in your PATH");
  await workbench.picture("terminal-installed");
  if (!execFileSync(program, ["--version"], { encoding: "utf8" }).startsWith("litellm-ls ")) throw new Error("no version");
  await workbench.press("Copy");
  await until("the line", async () => (await page.evaluate(() => navigator.clipboard.readText())).includes(".local/bin"));
  await forget();

  step("and is taken out again");
  await install();
  await workbench.notification("That folder is not in your PATH");
  await workbench.press("Undo");
  await workbench.notification("is removed");
  if (fs.readdirSync(folder).length) throw new Error(`left in ${folder}: ${fs.readdirSync(folder)}`);
  await forget();

  step("what somebody else has put there is replaced after asking only");
  fs.writeFileSync(program, "#!/bin/sh\necho theirs\n", { mode: 0o755 });
  await install();
  const dialog = page.locator(".monaco-dialog-box");
  await workbench.shows(".monaco-dialog-box", "was not put there by this extension");
  await workbench.picture("terminal-replace");
  await dialog.locator(".monaco-button", { hasText: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
  if (execFileSync(program, { encoding: "utf8" }) !== "theirs\n") throw new Error("replaced all the same");
  await install();
  await dialog.locator(".monaco-button", { hasText: "Replace" }).click();
  await workbench.notification("leads to the program inside this extension");
  if (!execFileSync(program, ["--version"], { encoding: "utf8" }).startsWith("litellm-ls ")) throw new Error("no version");
  await forget();

  step("and comes back when ours goes");
  await remove();
  await workbench.notification("is the one again that was there before");
  if (execFileSync(program, { encoding: "utf8" }) !== "theirs\n") throw new Error("theirs is lost");
});
