/**
 * Packages the extension with the server inside, for the system of TARGET (this one), and for all systems without it:
 *
 *     node package.mjs SERVER [OUT.vsix [TARGET [WITHOUT.vsix]]]
 */

import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const [
  server,
  out = path.join(here, "dist", "litellm-ls.vsix"),
  target = `${process.platform}-${process.arch}`,
  without,
] = process.argv.slice(2);
if (!server) {
  console.error("usage: node package.mjs SERVER [OUT.vsix [TARGET [WITHOUT.vsix]]]");
  process.exit(2);
}
const bin = path.join(here, "bin");
const program = path.join(bin, target.startsWith("win32") ? "litellm-ls.exe" : "litellm-ls");
rmSync(bin, { recursive: true, force: true });
mkdirSync(bin);
copyFileSync(server, program);
chmodSync(program, 0o755);
for (const name of ["LICENSE-MIT", "LICENSE-APACHE"])
  copyFileSync(path.join(here, "../..", name), path.join(here, name));

const npx = (...words) =>
  execFileSync("npx", ["--no-install", ...words], { cwd: here, stdio: "inherit", shell: process.platform === "win32" });
const run = (script) =>
  execFileSync("npm", ["run", "--silent", script], {
    cwd: here,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
rmSync(path.join(here, "dist/webview"), { recursive: true, force: true });
run("check");
run("bundle");
// VS Code shows pictures from https alone. Where package.json names a repository, vsce has them come from there.
const read = (name) => readFileSync(path.join(here, name), "utf8");
const readme = "dist/README.md";
const { repository } = JSON.parse(read("package.json"));
writeFileSync(path.join(here, readme), repository ? read("README.md") : read("README.md").replace(/^!\[.*\n/gm, ""));
const pack = (file, ...words) =>
  npx(
    "vsce",
    "package",
    "--no-dependencies",
    "--allow-missing-repository",
    "--skip-license",
    "--readme-path",
    readme,
    "--out",
    path.resolve(file),
    ...words,
  );
pack(out, "--target", target);
if (without) {
  rmSync(bin, { recursive: true });
  pack(without);
}
