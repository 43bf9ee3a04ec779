/** The program in the user's own folder: put there, kept up with updates, and taken out, without the loss of anybody else's. */

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { load } from "./bundled.mjs";

const { InPath, PROGRAM } = await load("inPath.ts", "binary.ts");

/** A home folder with some versions of the extension, which each say their name. */
function home(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "litellm-ls-in-path-"));
  const before = { ...process.env };
  Object.assign(process.env, { HOME: folder, USERPROFILE: folder, LOCALAPPDATA: path.join(folder, "Local") });
  t.after(() => {
    fs.rmSync(folder, { recursive: true });
    Object.assign(process.env, before);
  });
  const extension = (version, editor = "editor") => {
    const bin = path.join(folder, editor, `litellm-ls.litellm-ls-${version}`, "bin");
    fs.mkdirSync(bin, { recursive: true });
    fs.writeFileSync(path.join(bin, PROGRAM), `${editor} ${version}`, { mode: 0o755 });
    return { bin, program: path.join(bin, PROGRAM), version };
  };
  return { folder, extension };
}

for (const links of process.platform === "win32" ? [false] : [true, false]) {
  const kind = links ? "a link" : "a copy";
  const place = ({ program, version }) => new InPath(program, version, links);
  const text = ({ file }) => fs.readFileSync(file, "utf8");

  test(`${kind} is put there, and again, and taken out with all that came along`, async (t) => {
    const { folder, extension } = home(t);
    const ours = place(extension("1.0.0"));
    assert.equal(await ours.there(), "nothing");
    for (const _ of [1, 2]) {
      await ours.put();
      assert.equal(await ours.there(), "ours");
      assert.equal(text(ours), "editor 1.0.0");
      assert.equal(fs.lstatSync(ours.file).isSymbolicLink(), links);
      assert.ok(!fs.existsSync(ours.replaced));
    }
    assert.ok(ours.folder.startsWith(folder));
    assert.equal(await ours.takeOut(), false);
    assert.equal(await ours.there(), "nothing");
    assert.deepEqual(fs.existsSync(ours.folder) ? fs.readdirSync(ours.folder) : [], []);
  });

  test(`${kind}: what somebody else has put there is told from ours, stays beside, and comes back`, async (t) => {
    const { folder, extension } = home(t);
    const ours = place(extension("1.0.0"));
    const elsewhere = path.join(folder, "theirs");
    fs.writeFileSync(elsewhere, "theirs");
    const theirs = {
      "a program": () => fs.writeFileSync(ours.file, "theirs"),
      "a link": () => fs.symlinkSync(elsewhere, ours.file),
      "a program over ours": () => {
        fs.rmSync(ours.file, { force: true });
        fs.writeFileSync(ours.file, "theirs");
      },
    };
    for (const [what, make] of Object.entries(theirs)) {
      if (what.endsWith("over ours")) await ours.put();
      fs.mkdirSync(ours.folder, { recursive: true });
      make();
      assert.equal(await ours.there(), "other", what);
      await ours.keepUp();
      assert.equal(text(ours), "theirs", what);
      await ours.put();
      assert.equal(text(ours), "editor 1.0.0", what);
      assert.equal(await ours.there(), "ours", what);
      assert.equal(await ours.takeOut(), true, what);
      assert.equal(text(ours), "theirs", what);
      assert.equal(await ours.there(), "other", what);
      fs.rmSync(ours.file);
    }
    fs.mkdirSync(ours.file, { recursive: true });
    assert.equal(await ours.there(), "folder");
  });

  test(`${kind} keeps up with updates of its extension, and is put nowhere unasked`, async (t) => {
    const { extension } = home(t);
    const [old, next] = [extension("1.0.0"), extension("1.1.0-linux-x64")];
    await place(next).keepUp();
    assert.equal(await place(next).there(), "nothing");
    await place(old).put();
    assert.equal(await place(next).there(), "ours");
    await place(next).keepUp();
    assert.equal(text(place(next)), "editor 1.1.0-linux-x64");
    // The folder of a version goes away some time after its update.
    const later = extension("1.2.0");
    fs.rmSync(next.bin, { recursive: true });
    await place(later).keepUp();
    assert.equal(text(place(later)), "editor 1.2.0");
    assert.ok(!fs.existsSync(place(later).replaced));
    // An extension without a program inside leaves what is there.
    fs.rmSync(extension("1.3.0").program);
    await place(extension("1.2.0")).keepUp();
    assert.equal(text(place(later)), "editor 1.2.0");
  });

  test(`${kind} that could not be put there leaves what was there`, async (t) => {
    const { extension } = home(t);
    const ours = place(extension("1.0.0"));
    fs.mkdirSync(ours.folder, { recursive: true });
    fs.writeFileSync(ours.file, "theirs");
    // No file can take the place of this one.
    fs.mkdirSync(path.join(ours.replaced, "in the way"), { recursive: true });
    await assert.rejects(ours.put());
    assert.equal(text(ours), "theirs");
    assert.deepEqual(fs.readdirSync(ours.folder).sort(), [PROGRAM, path.basename(ours.replaced)].sort());
  });

  test(`${kind}: which program a terminal finds is told by the PATH`, async (t) => {
    const { folder, extension } = home(t);
    const ours = place(extension("1.0.0"));
    await ours.put();
    const other = path.join(folder, "other");
    fs.mkdirSync(other);
    fs.writeFileSync(path.join(other, PROGRAM), "");
    const first = { first: path.join(other, PROGRAM) };
    for (const [folders, found] of [
      [[], "notInPath"],
      [[other], "notInPath"],
      [[other, ours.folder], first],
      [[`${ours.folder}${path.sep}`, other], "this"],
      [["relative", path.join(folder, "none"), ours.folder], "this"],
    ]) {
      process.env.PATH = folders.join(path.delimiter);
      assert.deepEqual(ours.found(), found, folders.join());
    }
  });
}

test("a link of another editor that works is that editor's", { skip: process.platform === "win32" }, async (t) => {
  const { extension } = home(t);
  const [ours, theirs] = [extension("1.1.0"), extension("1.0.0", "another")];
  await new InPath(theirs.program, "1.0.0", true).put();
  const place = new InPath(ours.program, "1.1.0", true);
  await place.keepUp();
  assert.equal(fs.readFileSync(place.file, "utf8"), "another 1.0.0");
  fs.rmSync(theirs.bin, { recursive: true });
  await place.keepUp();
  assert.equal(fs.readFileSync(place.file, "utf8"), "editor 1.1.0");
});
