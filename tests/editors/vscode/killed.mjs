/**
 * Has a model write into a file, for as long as standard input is open: somebody else kills the editor meanwhile.
 *
 *   node killed.mjs EDITORS VSIX BASE_URL
 */

import { Workbench } from "./workbench.mjs";

const [editors, vsix, baseUrl] = process.argv.slice(2);
const settings = { "litellm.baseUrl": baseUrl, "litellm.apiKey": "env:KILLED_KEY" };
const workbench = await Workbench.open({ editors, vsix, settings });
// As a whole word: `LiteLLM` has an m too.
await workbench.barShows(/^\W*m\b/);
await workbench.page.locator(".editor-instance .view-lines").first().click();
await workbench.run("LiteLLM: Complete into the Editor");
await workbench.answer("Write into", "go on");
await new Promise((ended) => process.stdin.on("end", ended).resume());
await workbench.close();
process.exit();
