/**
 * A model writes into a file of each of two windows, which share their server with whatever else there is. `STEP streaming`
 * says that both show the first line; with the last line the files are saved.
 *
 *   node together.mjs EDITORS VSIX SERVER BASE_URL SCREENSHOTS FOLDER NAME NAME
 */

import fs from "node:fs";
import path from "node:path";
import { drive, until, Workbench } from "./workbench.mjs";

const [editors, vsix, server, baseUrl, screenshots, folder, ...names] = process.argv.slice(2);
const { HOME, XDG_RUNTIME_DIR } = process.env;
const settings = {
  "litellm.baseUrl": baseUrl,
  "litellm.apiKey": "env:TOGETHER_KEY",
  "litellm.model": "gpt",
  "litellm.server.path": server,
  "litellm.server.shared": true,
};
const [file, second] = names;
const start = { editors, vsix, settings, file, folder, environment: { HOME, XDG_RUNTIME_DIR } };

await drive(await Workbench.open(start), screenshots, async (workbench, step) => {
  const windows = [workbench, await workbench.another(second)];
  for (const [place, window] of windows.entries()) {
    await window.barShows(/^\W*gpt\b/);
    await window.page.locator(".editor-instance .view-lines").first().click();
    await window.page.keyboard.press("Control+Home");
    await window.page.keyboard.press("ArrowDown");
    await window.run("LiteLLM: Complete into the Editor");
    await window.answer("Write into", "go on");
    await window.shows(".editor-instance .view-line", `${names[place]} line 1`);
  }
  console.log("STEP streaming");
  for (const [place, window] of windows.entries()) {
    await window.shows(".editor-instance .view-line", `${names[place]} ends`);
    await window.picture(`together-${names[place]}`);
    await window.run("File: Save");
    await until("the file is saved", () => fs.readFileSync(path.join(folder, names[place]), "utf8").includes("ends"));
  }
  step("both files are saved");
});
