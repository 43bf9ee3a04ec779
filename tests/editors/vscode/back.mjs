/**
 * A proxy that comes back: the bar says so by itself. It lists 2,500 models, and the picker holds them all.
 *
 *   node back.mjs EDITORS VSIX BASE_URL KEY SCREENSHOTS
 */

import { fakeProxy } from "./fake.mjs";
import { drive, until, Workbench } from "./workbench.mjs";

const [editors, vsix, , key, screenshots] = process.argv.slice(2);
process.env.SESSION_KEY = key;
const MANY = 2_500;
const before = await fakeProxy(MANY, key);
before.close();
const settings = { "litellm.baseUrl": before.url, "litellm.apiKey": "env:SESSION_KEY", "litellm.model": "openai-model-0001" };

await drive(await Workbench.open({ editors, vsix, settings }), screenshots, async (workbench, step) => {
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
  proxy.close();
});
