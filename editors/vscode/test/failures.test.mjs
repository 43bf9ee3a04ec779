/** What the server says of failures, in other languages: each kind, each sentence of its own, and nobody else's words. */

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { load } from "./bundled.mjs";
import { inChinese } from "./inChinese.mjs";

const { failed, l10n, sentence, told } = await load("serverFailures.ts", "server.ts");

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const read = (file) => fs.readFileSync(path.join(root, file), "utf8");
const LANGUAGES = fs
  .readdirSync(path.join(root, "l10n"))
  .flatMap((file) => /^bundle\.l10n\.(.+)$/.exec(file)?.[1] ?? []);
const translation = (language) => JSON.parse(read(`l10n/server.${language}`));

/** Files whose every sentence is translated: those that hold what fails, and what to do. */
const WHOLE = [
  ...[
    "descriptors.rs",
    "disclosure.rs",
    "litellm/base_url.rs",
    "provider/completion/own_proxy.rs",
    "provider/error.rs",
  ],
  ...["provider/error/of_fault.rs", "provider/key/lookup.rs", "provider/models/fetch.rs", "provider/status.rs"],
  ...["proxy/error.rs", "server/error.rs", "store/guarded.rs", "store/unreadable.rs"],
  ...["control", "file", "layers", "local", "profile", "prompts", "writes"].map(
    (file) => `provider/settings/${file}.rs`,
  ),
  ...["server/consent.rs", "server/local_proxy.rs", "config_yaml/actions.rs"],
  ...["server/pushed.rs", "server/commands/use_model.rs", "server/config_yaml/test_deployment.rs"],
  ...fs
    .readdirSync(path.join(root, "../../src/config_yaml/checks"))
    .filter((file) => file !== "moves.rs")
    .map((file) => `config_yaml/checks/${file}`),
];

/** Parts of sentences, which are translated where they are whole; and what is no sentence. */
const PARTS = [
  "{0} {1}",
  "Basic {0}",
  "{0}: {1}",
  "Exception - ",
  "{0} things are wrong with {1}, {2} first: {3}",
  "3.11 to 3.14",
  // What is taken out.
  " (os error ",
  // What a model is asked.
  "Answer with one word: ready",
  "Write a commit message for these staged changes: a title of at most 72 characters in the imperative, and only where it adds something a blank line and a short body that says why. Answer with the message alone. {0}\\n\\n{1}",
];

/** The texts of a Rust file, without its tests and comments; what it fills in is numbered. */
function texts(file) {
  const [source] = read(`../../src/${file}`).split("#[cfg(test)]\nmod tests");
  // A comment, a raw string, a character, or what is looked for.
  const literals = source.matchAll(/\/\/[^\n]*|(?<!\w)r(#*)"[\s\S]*?"\1|'(?:\\.|[^'\\])'|"((?:[^"\\]|\\[\s\S])*)"/g);
  return [...literals].map(([, , literal = ""]) => {
    const text = literal.replace(/\\\n\s*/g, "").replace(/\\"/g, '"');
    let place = 0;
    return text.replace(/\{[^{}]*\}/g, () => `{${place++}}`);
  });
}

/** All that the server says, wherever it does. */
const SAID = new Set(
  fs
    .readdirSync(path.join(root, "../../src"), { recursive: true })
    .filter((file) => file.endsWith(".rs"))
    .flatMap(texts),
);

const BUDGETS = "provider/usage/budget/sentence.rs";

const places = (text) => [...text.matchAll(/\{\d\}|`[^`]+`/g)].map(([whole]) => whole).sort();

for (const language of LANGUAGES) {
  const { kinds, sentences, words } = translation(language);
  const files = [...Object.entries(sentences), ...Object.entries(words)];
  const known = new Set([
    ...files.flatMap(([, own]) => Object.keys(own)),
    ...Object.keys(JSON.parse(read(`l10n/bundle.l10n.${language}`))),
  ]);

  test(`${language}: every kind of failure has its words`, () => {
    const [, union] = /export type ErrorKind =([\s\S]*?)\| \(string/.exec(read("src/protocol.ts"));
    assert.deepEqual(Object.keys(kinds), union.match(/(?<=\| ")\w+(?=")/g));
  });

  test(`${language}: what is translated is what the server says, with the same places to fill in`, () => {
    for (const [file, own] of files) {
      const put =
        file === BUDGETS &&
        texts(file)
          .join(" ")
          .replace(/\{\d\}/g, " ");
      for (const [text, translated] of Object.entries(own)) {
        // Budgets are put together of words.
        const isSaid = put ? text.match(/\w{2,}/g).every((word) => put.includes(word)) : SAID.has(text);
        assert.ok(isSaid, `${file}: ${text}`);
        assert.deepEqual(places(translated), places(text), text);
      }
    }
  });

  test(`${language}: no failure and no remedy of the server is left out`, () => {
    for (const file of WHOLE) {
      // Words with blanks between them; single ones are names.
      const said = texts(file).filter((text) => /[a-z]{2,} \S*[a-z{]|\} [a-z]/.test(text) && !PARTS.includes(text));
      assert.ok(said.length > 0, file);
      const counted = ["{0} models are listed", "{0} is listed", "{0} is not listed"];
      const left = said.filter((text) => !known.has(text) && !counted.includes(text));
      assert.deepEqual(left, [], file);
    }
  });
}

test("names, numbers and a vendor's words stay as they are, in English all does", async () => {
  const refused = "nothing answers at 127.0.0.1:4000: Connection refused";
  assert.equal(sentence(refused), refused);
  assert.equal(failed("upstream", "The model is overloaded"), "The model is overloaded");
  await inChinese(l10n, () => {
    assert.equal(sentence(refused), "127.0.0.1:4000 没有响应：Connection refused");
    assert.equal(failed("unreachable", refused), sentence(refused));
    assert.equal(failed("upstream", "The model is overloaded"), "代理或其后的供应商出错：The model is overloaded");
    assert.equal(failed("invalidRequest", "the model does not like it"), "请求有误：the model does not like it");
    assert.equal(failed("ofTomorrow", "It is new"), "It is new");
    // A reason within a sentence, and a finding with its remedy, are sentences too.
    const gateway = "nginx answers in place of the proxy: the proxy is down (HTTP status 502)";
    assert.equal(sentence(gateway), "nginx 代替代理作出了响应：代理已停机（HTTP 状态码 502）");
    assert.match(sentence("the settings can't be used: `port`: wait, then ask again"), /^设置 无法使用：/);
    const spent = "the budget of this key for 30d is spent: $50.00 of $50.00; it starts anew on 2026-12-01";
    assert.equal(sentence(spent), "此密钥（每 30d）的预算已用完：$50.00，共 $50.00；将于 2026-12-01 重置");
    // A finding of a config.yaml, with what was probably meant.
    const unknown = "`gpt-4x` is not in LiteLLM's price list. Did you mean `gpt-4o`?";
    assert.equal(sentence(unknown), "`gpt-4x` 不在 LiteLLM 的价目表中。你是否想写 `gpt-4o`？");
    const error = told({ message: "wrong key", data: { kind: "unauthorized", remedy: "wait, then ask again" } });
    assert.equal(error.sentence, "密钥被拒绝：wrong key：请稍候再提问");
  });
});

test("a vendor's words of any form end in a sentence, and soon", async () => {
  await inChinese(l10n, () => {
    const hostile = `${"a: ".repeat(150)}{0} $1 \\ is empty`;
    assert.ok(failed("upstream", hostile).length > 100);
  });
});
