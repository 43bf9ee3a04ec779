/**
 * Makes the project's pictures of VS Code anew, from a real run: those in docs whose names begin with `vscode-`.
 * The proxy behind it answers from this file, with the names and prices of real models.
 *
 *   node tests/editors/vscode/pictures.mjs EDITORS VSIX docs
 *
 * EDITORS is the folder that the tests keep VS Code in (`~/.cache/litellm-ls-tests/vscode-…`).
 */

import fs from "node:fs";
import path from "node:path";
import { serve } from "./fake.mjs";
import { drive, until, Workbench } from "./workbench.mjs";

const [editors, vsix, out] = process.argv.slice(2);
const SIZE = { width: 1180, height: 640 };
const KEY = "sk-pictures";
process.env.PICTURES_KEY = KEY;

/** Name, vendor, context window, prices per million tokens, abilities. */
const MODELS = [
  ["claude-sonnet-4-6", "anthropic", 1_000_000, 3, 15, "tools vision reasoning"],
  ["claude-opus-4-6", "anthropic", 1_000_000, 5, 25, "tools vision reasoning"],
  ["claude-haiku-4-5", "anthropic", 200_000, 1, 5, "tools vision reasoning"],
  ["gpt-5.2", "openai", 400_000, 1.75, 14, "tools vision reasoning"],
  ["gpt-5-mini", "openai", 400_000, 0.25, 2, "tools vision reasoning"],
  ["gpt-4o", "openai", 128_000, 2.5, 10, "tools vision"],
  ["gemini-3-pro", "gemini", 1_048_576, 2, 12, "tools vision reasoning"],
  ["gemini-2.5-flash", "gemini", 1_048_576, 0.3, 2.5, "tools vision reasoning"],
  ["deepseek-v3.2", "deepseek", 163_840, 0.28, 0.4, "tools reasoning"],
  ["mistral-large", "mistral", 256_000, 0.5, 1.5, "tools"],
  ["qwen-coder-local", "ollama"],
];

const BEFORE = `use std::collections::HashMap;

/// The most frequent words of a text.
pub fn most_common(text: &str, n: usize) -> Vec<(&str, usize)> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for word in text.split(" ") {
        if counts.contains_key(word) {
            let count = counts.get(word).unwrap() + 1;
            counts.insert(word, count);
        } else {
            counts.insert(word, 1);
        }
    }
    let mut words: Vec<_> = counts.into_iter().collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    words.truncate(n);
    words
}
`;

const LOOP = `    for word in text.split_whitespace() {
        *counts.entry(word).or_default() += 1;
    }`;

/** A file as people write it, with mistakes that LiteLLM accepts without a word, and what lies beside it. */
const CONFIG = `model_list:
  - model_name: claude
    litellm_params:
      model: antropic/claude-sonnet-4-6
      api_key: os.environ/ANTHROPIC_API_KEY
  - model_name: gpt
    litellm_params:
      model: openai/gpt-5.2
      api_key: os.environ/OPENAI_KEY
  - model_name: gemini
    litellm_params:
      model: gemini/gemini-3-flash-preview
      api_key: os.environ/GEMINI_API_KEY

litellm_settings:
  drop_parms: true
  fallbacks: [{ claude: [gpt-5] }]

general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
`;
const VARIABLES = ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "LITELLM_MASTER_KEY"].map((name) => `${name}=sk-of-no-use\n`);

const REVIEW = `Each word is looked up three times: \`contains_key\`, \`get\`, \`insert\`. Once is enough:

\`\`\`rust
*counts.entry(word)
    .or_default() += 1;
\`\`\`

\`split(" ")\` also counts an empty word for every second blank; \`split_whitespace()\` does not.`;

const EXPLANATION = `\`most_common\` counts how often each word stands in a text and returns the \`n\` most frequent ones.

1. **Splitting** – \`split_whitespace\` also takes tabs and line ends, and yields no empty words.
2. **Counting** – \`entry(…).or_default()\` looks each word up once.
3. **Sorting** – by count, and words of the same count by name, so that the result is the same each time.

Words are compared as they are written:

\`\`\`rust
assert_ne!("Rust", "rust");
\`\`\`

Use \`to_lowercase\` first where that matters.`;

function entry([name, vendor, window, input, output, abilities = ""]) {
  const can = (ability) => abilities.includes(ability);
  const told = window && {
    ...{ mode: "chat", litellm_provider: vendor, max_input_tokens: window, max_output_tokens: 64_000 },
    ...{ input_cost_per_token: input / 1e6, output_cost_per_token: output / 1e6 },
    ...{ supports_function_calling: can("tools"), supports_vision: can("vision"), supports_reasoning: can("reasoning") },
  };
  return { model_name: name, litellm_params: { model: `${vendor}/${name}` }, model_info: told ?? { mode: "chat", litellm_provider: vendor } };
}

const proxy = await serve(
  MODELS.map(entry),
  KEY,
  (text, { messages }) => {
    const question = JSON.stringify(messages.at(-1));
    if (question.includes("Simplify")) return LOOP;
    return question.includes("What is slow here?") ? REVIEW : EXPLANATION;
  },
  { prompt_tokens: 612, completion_tokens: 148, total_tokens: 760 },
);
const settings = {
  ...{ "litellm.baseUrl": proxy.url, "litellm.apiKey": "env:PICTURES_KEY", "litellm.model": "claude-sonnet-4-6" },
  ...{ "workbench.colorTheme": "Dark Modern", "workbench.activityBar.location": "hidden" },
};

function prepare(folder) {
  fs.writeFileSync(path.join(folder, "config.yaml"), CONFIG);
  fs.writeFileSync(path.join(folder, ".env"), VARIABLES.join(""));
}

await drive(await Workbench.open({ editors, vsix, settings, file: "words.rs", text: BEFORE, prepare }), out, async (workbench) => {
  const { page } = workbench;
  await page.setViewportSize(SIZE);

  /** Once all is faded in. */
  async function picture(name) {
    await page.evaluate(() => {
      const passing = document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity);
      return Promise.allSettled(passing.map(({ finished }) => finished));
    });
    await workbench.picture(name);
  }

  await workbench.barShows("claude-sonnet-4-6");
  await page.keyboard.press("Control+b");
  await page.locator(".explorer-folders-view").waitFor({ state: "hidden" });

  await workbench.run("LiteLLM: Unlock the Chat View");
  await page.locator(".monaco-dialog-box .monaco-button", { hasText: /^Unlock$/ }).click();
  const input = page.locator(".interactive-input-editor").first();
  await input.waitFor();
  await page.locator(".interactive-input-part .chat-model-label, .interactive-input-part .action-label", { hasText: "claude-sonnet-4-6" }).first().waitFor();
  const rows = page.locator(".interactive-session .interactive-item-container");
  await until("the question", async () => {
    if (await rows.filter({ hasText: "What is slow here?" }).count()) return true;
    await input.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("What is slow here?");
    await page.keyboard.press("Enter");
    return rows.filter({ hasText: "What is slow here?" }).first().waitFor({ timeout: 4_000 }).then(() => true, () => false);
  });
  await rows.filter({ hasText: "does not." }).first().waitFor();
  await page.mouse.move(590, 560);
  await picture("vscode-chat");
  await workbench.run("View: Toggle Secondary Side Bar Visibility");
  await input.waitFor({ state: "hidden" });

  for (const favourite of ["gpt-5-mini", "gemini-3-pro"]) {
    await workbench.run("LiteLLM: Pick a Model");
    await workbench.box.fill(favourite);
    const row = page.locator(".quick-input-list .monaco-list-row", { hasText: favourite }).first();
    await row.hover();
    await row.locator(".codicon-star-empty").click();
    await row.locator(".codicon-star-full").first().waitFor();
    await workbench.box.press("Escape");
  }
  await workbench.run("LiteLLM: Pick a Model");
  await workbench.shows(".quick-input-list", "favourites");
  await page.mouse.move(590, 560);
  await picture("vscode-picker");
  await workbench.box.press("Escape");

  // The loop, from its first line to its last.
  await page.locator(".editor-instance .view-line", { hasText: "for word in" }).first().click();
  await page.keyboard.press("Home");
  await page.keyboard.press("Home");
  for (let line = 0; line < 7; line += 1) await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+End");
  await workbench.run("LiteLLM: Complete into the Editor");
  await workbench.answer("Rewrite", "Simplify this loop");
  await page.locator(".monaco-diff-editor").waitFor();
  await workbench.notification("would change ");
  await page.mouse.move(590, 560);
  await picture("vscode-change");
  await workbench.press("Accept");
  await until("the change", async () => (await workbench.text()).includes("or_default"));

  await page.locator(".editor-instance .view-lines").first().click();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Control+s");
  await page.locator(".tab.active.dirty").waitFor({ state: "detached" });
  await workbench.run("LiteLLM: Explain the Selection or the File");
  // The change before it is kept there too.
  const explained = workbench.view().locator("section:not([aria-busy])", { hasText: "Explain" });
  await explained.locator(".hint", { hasText: "tokens in" }).first().waitFor();
  await explained.first().evaluate((section) => section.scrollIntoView({ block: "start" }));
  await page.mouse.move(300, 560);
  await picture("vscode-answer");

  await workbench.run("View: Close All Editors");
  await workbench.run("LiteLLM: Show Usage and Cost");
  const view = workbench.view();
  await view.locator("#month").check();
  await view.locator("#proxy").check();
  await until("30 days", async () => (await view.locator(".days .day").count()) === 30);
  await page.mouse.move(590, 20);
  await picture("vscode-usage");

  await workbench.run("View: Close All Editors");
  await workbench.openFile("config.yaml");
  const text = page.locator(".editor-instance .view-lines").first();
  await workbench.shows(".editor-instance .contentWidgets .codelens-decoration", "Start");
  await page.locator(".editor-instance .squiggly-warning, .editor-instance .squiggly-error").nth(2).waitFor();
  await text.getByText("antropic").first().hover();
  await workbench.shows(".monaco-hover", "anthropic/claude");
  await picture("vscode-config");

  await page.mouse.move(590, 20);
  await text.locator(".view-line", { hasText: "gemini-3-flash" }).first().click();
  await page.keyboard.press("End");
  for (let times = 0; times < "3-flash-preview".length; times += 1) await page.keyboard.press("Backspace");
  await page.keyboard.press("Control+Space");
  await workbench.shows(".suggest-widget.visible .monaco-list-row", "gemini");
  await picture("vscode-config-models");
  await workbench.run("File: Revert File");
  proxy.close();
});
