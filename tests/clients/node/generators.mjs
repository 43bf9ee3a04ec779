// What code generators make of the schema: ajv checks it strictly, json-schema-to-typescript makes types of it.
//
//     node generators.mjs PROTOCOL FOLDER
import Ajv from "ajv/dist/2020.js";
import { compile } from "json-schema-to-typescript";
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [protocol, folder] = process.argv.slice(2);
const read = (...path) => JSON.parse(readFileSync(join(protocol, ...path), "utf8"));

const schema = read("schema.json");
const ajv = new Ajv({ strict: true, allErrors: true });
const validate = ajv.compile(schema);
for (const name of Object.keys(schema.$defs)) {
  ajv.compile({ $ref: `${schema.$id}#/$defs/${name}` });
}

const examples = readdirSync(join(protocol, "examples"));
for (const name of examples) {
  assert.ok(validate(read("examples", name)), `${name}: ${ajv.errorsText(validate.errors)}`);
}
const wrong = { jsonrpc: "2.0", id: 1, method: "provider/complete", params: { prompt: "a", messages: [] } };
assert.ok(!validate(wrong), "what is wrong fits");

for (const entry of Object.values(read("methods.json").methods)) {
  for (const type of [entry.params, entry.result].filter(Boolean)) {
    assert.ok(schema.$defs[type.$ref.split("/").pop()], type.$ref);
  }
}

const types = await compile(schema, "ProtocolMessage", { unreachableDefinitions: true });
writeFileSync(join(folder, "types.ts"), types);
writeFileSync(
  join(folder, "use.ts"),
  `import type { ClientMessage, CompleteParams, CompleteResult, Delta, ErrorKind, InitializationOptions, SettingString } from "./types.js";

const params: CompleteParams = { prompt: "Hi", maxTokens: 5, partialResultToken: "t" };
export const request: ClientMessage = { jsonrpc: "2.0", id: 1, method: "provider/complete", params };
export const options: InitializationOptions = { baseUrl: "http://localhost:4000", model: null, features: { completion: true } };
export const url = (setting: SettingString): string => setting.value;
export const cost = (result: CompleteResult): number | undefined => result.usage?.cost;
export const kind: ErrorKind = "brandNew";
export function text(delta: Delta): string {
  return delta.type === "text" ? String(delta.text) : "";
}
// @ts-expect-error A prompt is a text.
export const wrong: CompleteParams = { prompt: 7 };
`,
);
console.log(`${examples.length} examples, ${Object.keys(schema.$defs).length} types`);
