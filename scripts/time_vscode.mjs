/**
 * How long the extension takes in a real VS Code with 2,500 models: to be activated, to open the picker and the table,
 * and for each key of their filters.
 *
 *     cargo build --release && node scripts/time_vscode.mjs [SERVER]
 *
 * VS Code is the one that `cargo test --test it vscode::` has installed into the user's cache folder.
 */

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fakeProxy } from "../tests/editors/vscode/fake.mjs";
import { filterTimes, pickerTimes, told } from "../tests/editors/vscode/speed.mjs";
import { drive, until, Workbench } from "../tests/editors/vscode/workbench.mjs";

const COUNT = 2_500;
const OFTEN = 7;
const WORDS = ["openai vision", "model-12", "zzzz qq"];

const root = path.join(import.meta.dirname, "..");
const server = path.resolve(process.argv[2] ?? path.join(root, "target/release/litellm-ls"));

/** Where the tests keep their editors. */
function installed() {
  if (process.env.LITELLM_LS_TEST_EDITORS) return process.env.LITELLM_LS_TEST_EDITORS;
  const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache"), "litellm-ls-tests");
  const [newest] = fs
    .readdirSync(cache)
    .filter((name) => /^vscode-\w+$/.test(name) && fs.existsSync(path.join(cache, name, "complete")))
    .map((name) => path.join(cache, name))
    .sort((one, other) => fs.statSync(other).mtimeMs - fs.statSync(one).mtimeMs);
  if (!newest) throw new Error("VS Code is not installed yet: run `cargo test --test it vscode::` once");
  return newest;
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "time-vscode-"));
process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
const vsix = path.join(folder, "litellm-ls.vsix");
execFileSync("node", [path.join(root, "editors/vscode/package.mjs"), server, vsix], { stdio: "pipe" });

const KEY = "sk-times";
process.env.TIMES_KEY = KEY;
const proxy = await fakeProxy(COUNT, KEY);
const settings = { "litellm.baseUrl": proxy.url, "litellm.apiKey": "env:TIMES_KEY", "litellm.model": "openai-model-0001" };

await drive(await Workbench.open({ editors: installed(), vsix, settings }), folder, async (workbench) => {
  const { page } = workbench;
  const tell = (what, times) => console.log(`${what.padEnd(64)} ${told(times)} ms`);

  const activations = [];
  while (activations.length < OFTEN) {
    if (activations.length) await workbench.startAnew();
    await workbench.barShows("openai-model-0001");
    await workbench.run("Developer: Show Running Extensions");
    const rows = page.locator(".runtime-extensions-editor .extension", { hasText: "LiteLLM" });
    const activation = await until("its time", async () => /Activation: (\d+)ms/.exec((await rows.allInnerTexts()).join()));
    activations.push(Number(activation[1]));
  }
  tell("activation", activations);

  const opened = [];
  while (opened.length < OFTEN) {
    opened.push(await pickerTimes(page, () => workbench.run("LiteLLM: Pick a Model")));
    if (opened.length < OFTEN) {
      await workbench.box.press("Escape");
      await workbench.box.waitFor({ state: "hidden" });
    }
  }
  tell("the picker's box is there → its first models are drawn", opened.map(({ first }) => first));
  tell("… → all of them are there", opened.map(({ rest }) => rest));
  const typed = [];
  for (const words of WORDS) typed.push(...(await filterTimes(workbench.box, ".quick-input-list .monaco-list", words)));
  tell("a key in the picker's filter", typed);
  await workbench.box.press("Escape");

  await workbench.run("LiteLLM: Compare Models");
  const view = workbench.view();
  await until("the table", async () => (await view.locator(".grid").getAttribute("aria-rowcount")) === `${COUNT + 1}`);
  const keys = [];
  for (const words of WORDS) keys.push(...(await filterTimes(view.locator("#filter"), ".rows", words)));
  tell("a key in the table's filter", keys);
  proxy.close();
});
