/**
 * A proxy that comes back: the bar says so by itself. It lists 2,500 models, and the picker holds them all, with those of
 * another server.
 *
 *   node back.mjs EDITORS VSIX BASE_URL KEY SCREENSHOTS
 */

import fs from "node:fs";
import path from "node:path";
import { fakeProxy, serve } from "./fake.mjs";
import { drive, until, Workbench } from "./workbench.mjs";

const [editors, vsix, , key, screenshots] = process.argv.slice(2);
process.env.SESSION_KEY = key;
const MANY = 2_500;
const before = await fakeProxy(MANY, key);
before.close();
const row = { model_name: "work-model", litellm_params: { model: "xai/grok" }, model_info: { mode: "chat" } };
const work = await serve([row], key, () => "Done.", {});
/** Another server of the user's. */
function prepare(folder) {
  const file = path.join(folder, "../.config/litellm-ls/settings.toml");
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  fs.writeFileSync(file, `[profiles.work]\nbaseUrl = "${work.url}"\napiKey = "env:SESSION_KEY"\n`, { mode: 0o600 });
}
const settings = { "litellm.baseUrl": before.url, "litellm.apiKey": "env:SESSION_KEY", "litellm.model": "openai-model-0001" };

await drive(await Workbench.open({ editors, vsix, settings, prepare }), screenshots, async (workbench, step) => {
  const { page } = workbench;
  const rows = page.locator(".quick-input-list .monaco-list-row");

  step("a proxy that is down comes back: the bar says so without being asked");
  await workbench.barShows("unreachable");
  const proxy = await fakeProxy(MANY, key, new URL(before.url).port);
  await workbench.barShows("openai-model-0001");

  step("the picker holds all models, the one in use first, and filters to one");
  await workbench.run("LiteLLM: Pick a Model");
  await until("the model in use", async () => (await rows.first().innerText()).includes("openai-model-0001"));
  await workbench.picture("picker-many");
  await workbench.box.fill("openai-model-2496");
  await until("one row", async () => (await rows.count()) === 1);
  await workbench.pick("openai-model-2496");
  await workbench.barShows("openai-model-2496");

  step("the models of another server are in the same list, and one of them is used until another is picked");
  await workbench.run("LiteLLM: Pick a Model");
  await workbench.box.fill("work-model");
  await workbench.shows(".quick-input-list .monaco-list-row", "work-model");
  await workbench.picture("picker-servers");
  await workbench.pick("work-model");
  await workbench.barShows("work-model");
  await workbench.keeps("litellm.otherServer");
  await workbench.startAnew();
  await workbench.barShows("work-model");
  await workbench.run("LiteLLM: Pick a Model");
  await workbench.pick("openai-model-0006");
  await workbench.barShows("openai-model-0006");

  step("the table of models has both servers, to compare and to use");
  await workbench.run("LiteLLM: Compare Models");
  const view = workbench.view();
  const filter = view.locator("#filter");
  await filter.fill("work");
  const theirs = view.locator(".rows .row", { hasText: "work-model" });
  await theirs.locator(".server", { hasText: "work" }).waitFor();
  await theirs.click();
  await page.keyboard.press("c");
  await filter.fill("openai-model-0006");
  await view.locator(".rows .row", { hasText: "openai-model-0006" }).click();
  await page.keyboard.press("c");
  await view.locator(".pane tr.differs", { hasText: "Server" }).waitFor();
  await filter.fill("model-00");
  await workbench.picture("models-servers");
  await filter.fill("work");
  await theirs.dblclick();
  await workbench.barShows("work-model");
  proxy.close();
  work.close();
});
