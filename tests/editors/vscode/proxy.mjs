/**
 * A proxy of one's own: a config.yaml is written, saved, served, restarted, read and no longer served, without leaving
 * the editor.
 *
 *   node proxy.mjs EDITORS VSIX SCREENSHOTS
 */

import fs from "node:fs";
import http from "node:http";
import { drive, until, Workbench } from "./workbench.mjs";

const [editors, vsix, screenshots] = process.argv.slice(2);

/** A server that speaks OpenAI's API, as far as a list of models goes. */
async function ownServer() {
  const seen = [];
  const server = http.createServer(({ headers, url }, response) => {
    seen.push(headers.authorization);
    response.statusCode = url === "/v1/models" ? 200 : 404;
    response.end(JSON.stringify({ data: [{ id: "qwen3:8b" }, { id: "llama3.2" }] }));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { server, seen, url: `http://127.0.0.1:${server.address().port}/v1` };
}

await drive(await Workbench.open({ editors, vsix }), screenshots, async (workbench, step) => {
  const { page } = workbench;
  const config = workbench.inHome("work", "config.yaml");
  const title = (name) => page.locator(`.editor-actions .action-label[aria-label^="${name}"]`);

  step("where nobody has said where a proxy is, nothing is wrong: there is something to set up");
  await workbench.barShows("LiteLLM: set up");
  await workbench.picture("proxy-none");

  step("a config.yaml is written into the folder, with all that it needs, and nothing in it is wrong");
  const own = await ownServer();
  await workbench.run("LiteLLM: Write a config.yaml");
  await workbench.choose("Anthropic");
  await workbench.choose("Another server");
  await workbench.picture("proxy-vendors");
  await workbench.box.press("Enter");
  await workbench.shows(".quick-input-widget", "ANTHROPIC_API_KEY");
  await workbench.picture("proxy-key");
  await workbench.answer("ANTHROPIC_API_KEY", "sk-ant-of-the-tests");
  await workbench.answer("Where it answers", own.url);
  await workbench.choose("qwen3:8b");
  await workbench.picture("proxy-own-models");
  await workbench.box.press("Enter");
  await workbench.shows(".tab.active", "config.yaml");
  await until("the text", async () => (await workbench.text()).includes("model_list"));
  own.server.close();
  const written = fs.readFileSync(config, "utf8");
  for (const part of ["model_name: claude", "model: openai/qwen3:8b", `api_base: ${own.url}`, "api_key: none"])
    if (!written.includes(part)) throw new Error(`${part} is missing in ${written}`);
  const dotenv = fs.readFileSync(workbench.inHome("work", ".env"), "utf8");
  if (!/^ANTHROPIC_API_KEY=sk-ant-of-the-tests\nLITELLM_MASTER_KEY=sk-/.test(dotenv)) throw new Error(".env has no keys");
  if (own.seen.some((authorization) => authorization)) throw new Error("a key went to a server that needs none");

  step("the title bar starts a proxy with it, and its models are used");
  await title("Start a Proxy").waitFor();
  await page.locator(".editor-instance .view-line", { hasText: "ANTHROPIC_API_KEY" }).getByText("set", { exact: true }).waitFor();
  await workbench.picture("proxy-config");
  const wrong = page.locator(".editor-instance").locator(".squiggly-error, .squiggly-warning");
  if ((await wrong.count()) > 0) throw new Error("what was written has something wrong");
  await title("Start a Proxy").click();
  await workbench.notification("A proxy runs at http://127.0.0.1:");
  await workbench.picture("proxy-started");
  await workbench.barShows("claude");

  step("the card of the status bar has what can be done with it");
  await page.locator(".statusbar-item", { hasText: "claude" }).first().hover();
  const card = page.locator(".workbench-hover", { hasText: "127.0.0.1" }).first();
  for (const link of ["Restart", "Stop", "Log"]) await card.getByRole("link", { name: link, exact: true }).waitFor();
  await workbench.picture("proxy-card");

  step("so has the status");
  await workbench.run("LiteLLM: Show Status");
  await workbench.shows(".quick-input-list .monaco-list-row", "the settings can be used");
  await workbench.box.fill("the proxy");
  for (const row of ["Restart the Proxy", "Stop the Proxy"]) await workbench.shows(".quick-input-list .monaco-list-row", row);
  await workbench.picture("proxy-status");
  await workbench.pick("the Proxy's Log");

  step("what it prints is in a channel of its own");
  // Which holds nothing here: code-server has no native module to write channels with.
  const channel = page.locator(".panel .action-item select, .panel .monaco-select-box");
  await until("the channel", () => channel.evaluateAll((boxes) => boxes.some((box) => (box.value || box.textContent).includes("LiteLLM Proxy") || [...(box.selectedOptions ?? [])].some(({ text }) => text === "LiteLLM Proxy"))));
  await workbench.picture("proxy-log");

  step("a file that changed is served after a restart");
  await workbench.run("Notifications: Clear All Notifications");
  await workbench.openFile("config.yaml");
  fs.writeFileSync(config, fs.readFileSync(config, "utf8").replace(/model_name: \S+/, "model_name: renamed"));
  await until("the new text", async () => (await workbench.text()).includes("renamed"));
  await title("Restart the Proxy").click();
  await workbench.notification("A proxy runs at http://127.0.0.1:");
  await workbench.run("LiteLLM: Pick a Model");
  await workbench.pick("renamed");
  await workbench.barShows("renamed");

  step("it goes on when the server starts anew, as after a change of settings");
  const isServedAfter = async (restart) => {
    const before = workbench.servers();
    await restart();
    await until("another server", () => workbench.servers().some((pid) => !before.includes(pid)));
    await workbench.barShows("renamed");
    await workbench.openFile("other.md");
    await workbench.openFile("config.yaml");
    await title("Stop the Proxy").waitFor();
  };
  await isServedAfter(() => workbench.run("LiteLLM: Restart the Server"));

  step("and when the extensions alone start anew");
  await isServedAfter(async () => workbench.endExtensions());

  step("it is stopped, and the title bar offers to start it");
  await workbench.run("LiteLLM: Stop the Proxy");
  await workbench.notification("The proxy is stopped.");
  await title("Start a Proxy").waitFor();
  await workbench.run("LiteLLM: Stop the Proxy");
  await workbench.notification("No proxy of ours runs");
});
