/**
 * VS Code's chat in agent mode: tools that change files, answers that are not whole, and what is left where the extension
 * host ends amid an answer.
 *
 *   node agent.mjs EDITORS VSIX SCREENSHOTS
 */

import fs from "node:fs";
import { serve } from "./fake.mjs";
import { drive, files, until, Workbench } from "./workbench.mjs";

const [editors, vsix, screenshots] = process.argv.slice(2);
const KEY = "sk-agent";
process.env.AGENT_KEY = KEY;
const info = { mode: "chat", litellm_provider: "openai", max_input_tokens: 128_000, max_output_tokens: 4_096, supports_function_calling: true };
const models = [{ model_name: "worker", litellm_params: { model: "openai/worker" }, model_info: info }];

/** What was asked with tools: titles and the like are asked without. */
const asked = [];
const call = (id, name, given) => ({ id, type: "function", function: { name, arguments: given } });
let release;
const held = new Promise((done) => (release = done));

function reply(_, { messages, tools }) {
  const last = messages.at(-1);
  const question = JSON.stringify(last.content);
  if (question.includes("write slowly")) return { content: "begun", held };
  if (!tools) return "A title";
  asked.push(messages);
  if (last.role === "tool") return `Done ${asked.length}.`;
  const [filePath, torn] = [workbench.inHome("work", "made.txt"), workbench.inHome("work", "torn.txt")];
  // The same id each time, as providers have it that number the calls of each answer anew.
  const make = call("call_1", "create_file", JSON.stringify({ filePath, content: "made by the model\n" }));
  const change = call("call_1", "replace_string_in_file", JSON.stringify({ filePath, oldString: "made by", newString: "changed by" }));
  if (question.includes("make a file")) return { content: "I make it.", tool_calls: [make], finish: "tool_calls" };
  if (question.includes("change the file")) return { content: null, tool_calls: [change], finish: "tool_calls" };
  if (question.includes("make a long file")) return { content: null, tool_calls: [call("call_2", "create_file", `{"filePath":"${torn}","cont`)], finish: "length" };
  if (question.includes("a long answer")) return { content: "The first half of it, and", finish: "length" };
  if (question.includes("many lines")) return { content: Array.from({ length: 100 }, (_, line) => `line ${line} of it\n\n`) };
  if (question.includes("hold on")) return { content: "Half of the answer is here.", held };
  return question.includes("are you there") ? "Here I am." : "Yes.";
}

const proxy = await serve(models, KEY, reply, { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 });
const settings = { "litellm.baseUrl": proxy.url, "litellm.apiKey": "env:AGENT_KEY", "litellm.model": "worker" };
const workbench = await Workbench.open({ editors, vsix, settings });

await drive(workbench, screenshots, async (workbench, step) => {
  const { page } = workbench;
  const input = page.locator(".interactive-input-editor").first();
  const rows = page.locator(".interactive-session .interactive-item-container");

  async function ask(question, answer) {
    const isThere = rows.filter({ hasText: question }).first();
    // A view that has just opened may take the focus, or its text, away again.
    await until(`${question} is asked`, async () => {
      if (await isThere.count()) return true;
      await input.click();
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText(question);
      await page.keyboard.press("Enter");
      return isThere.waitFor({ timeout: 4_000 }).then(() => true, () => false);
    });
    await rows.filter({ hasText: answer }).last().waitFor();
  }

  async function endExtensions() {
    const before = workbench.servers();
    workbench.endExtensions();
    await until("another server", () => workbench.servers().some((pid) => !before.includes(pid)));
    await workbench.barShows("worker");
  }

  await workbench.barShows("worker");
  await workbench.run("LiteLLM: Unlock the Chat View");
  await page.locator(".monaco-dialog-box .monaco-button", { hasText: /^Unlock$/ }).click();
  await page.locator(".interactive-input-part .action-label, .interactive-input-part .chat-model-label", { hasText: "worker" }).first().waitFor();

  step("the model makes a file and changes it, with VS Code's own tools");
  await ask("make a file", "Done 2.");
  await ask("change the file", "Done 4.");
  const made = fs.readFileSync(workbench.inHome("work", "made.txt"), "utf8");
  if (made !== "changed by the model\n") throw new Error(`the file is ${made}`);
  const roles = asked.at(-1).map(({ role }) => role).slice(-7);
  if (`${roles}` !== "user,assistant,tool,assistant,user,assistant,tool") throw new Error(`the model is asked with ${roles}`);
  await workbench.picture("agent-changed");

  step("a call that was cut off is not made, and the chat says why");
  await ask("make a long file", "broke off amid the call of a tool");
  await workbench.picture("agent-torn");
  if (fs.existsSync(workbench.inHome("work", "torn.txt"))) throw new Error("half of a file was made");

  step("an answer that was cut off is there, with a line that says so and is no part of what is asked next");
  await ask("a long answer", "Cut off at the limit of tokens");
  await workbench.picture("agent-cut-off");
  await ask("anything else", "Yes.");
  if (JSON.stringify(asked.at(-1)).includes("Cut off at")) throw new Error("the model is asked about our own words");

  step("where an answer breaks off, all that had come is there, and why there is no more");
  await ask("many lines", "line 98 of it");
  await rows.filter({ hasText: "Reason:" }).last().waitFor();
  await workbench.picture("agent-broken-off");

  step("where the extensions end amid an answer, what came of it stays, and the chat goes on");
  await ask("hold on", "Half of the answer");
  await endExtensions();
  await ask("are you there", "Here I am.");
  const said = JSON.stringify(asked.at(-1));
  for (const earlier of ["I make it.", "Done 4.", "The first half of it, and"]) {
    if (!said.includes(earlier)) throw new Error(`${earlier} is forgotten`);
  }

  step("so does what a model writes into a file, and there is nothing to cancel any more");
  await workbench.openFile("notes.md");
  await workbench.run("LiteLLM: Complete into the Editor");
  await workbench.answer("Write into", "write slowly");
  await until("the first word", async () => (await workbench.text()).includes("begun"));
  const answers = () => files(workbench.home).filter((file) => /answers\/\d+\.json$/.test(file));
  await until("it is kept", () => answers().some((file) => fs.readFileSync(file, "utf8").includes('"begun"')));
  await endExtensions();
  release();
  await page.locator(".editor-instance .view-lines").first().click();
  await page.keyboard.press("F1");
  await workbench.box.fill(">LiteLLM: C");
  const commands = page.locator(".quick-input-list .monaco-list-row");
  await commands.filter({ hasText: "LiteLLM: Complete into the Editor" }).waitFor();
  if (await commands.filter({ hasText: "LiteLLM: Cancel" }).count()) throw new Error("an answer that is gone can be cancelled");
  await page.keyboard.press("Escape");
  await workbench.run("LiteLLM: Show the Answers");
  await workbench.view().locator("section", { hasText: "begun" }).locator(".hint", { hasText: "cut off" }).waitFor();
  await workbench.picture("agent-answers");
  proxy.close();
});
