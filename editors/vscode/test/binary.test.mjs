/** Which program is started: as the program itself tells people by `litellm-ls self-check`, of which a test reads the same table. */

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { load } from "./bundled.mjs";

const { findBinary, PROGRAM, settings } = await load("binary.ts");

const table = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../../tests/cases/vscode-program.json");
const { cases } = JSON.parse(fs.readFileSync(table, "utf8"));

test("the program is the one that the table says", { skip: process.platform === "win32" }, (t) => {
  assert.ok(cases.length > 5);
  const before = { ...process.env };
  t.after(() => Object.assign(process.env, before));
  for (const { there, setting, starts } of cases) {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), "litellm-ls-program-"));
    const extension = path.join(home, "extension");
    const places = {
      inside: path.join(extension, "bin"),
      path: path.join(home, "bin"),
      elsewhere: path.join(home, "o/bin"),
    };
    for (const place of there) {
      fs.mkdirSync(places[place], { recursive: true });
      fs.writeFileSync(path.join(places[place], PROGRAM), "", { mode: 0o755 });
    }
    Object.assign(process.env, { HOME: home, PATH: `rel:${places.path}` });
    settings["litellm.server.path"] = setting.replace("HOME", home);
    const find = () => findBinary({ asAbsolutePath: (file) => path.join(extension, file) });
    if (starts === null) assert.throws(find, /litellm\.server\.path/);
    // A name alone is looked up by the system.
    else assert.equal(path.resolve(places.path, find()), path.join(places[starts], PROGRAM), setting);
    fs.rmSync(home, { recursive: true });
  }
});
