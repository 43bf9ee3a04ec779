/** Packages the extension for this platform, with the server inside: node package.mjs SERVER [OUT.vsix] */

import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const [server, out = path.join(here, "dist", "litellm-ls.vsix")] = process.argv
  .slice(2)
  .map((file) => path.resolve(file));
if (!server) {
  console.error("usage: node package.mjs SERVER [OUT.vsix]");
  process.exit(2);
}
const target = `${process.platform}-${process.arch}`;
const program = path.join(here, "bin", process.platform === "win32" ? "litellm-ls.exe" : "litellm-ls");
mkdirSync(path.dirname(program), { recursive: true });
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
npx(
  "vsce",
  "package",
  "--no-dependencies",
  "--allow-missing-repository",
  "--skip-license",
  "--readme-path",
  readme,
  "--target",
  target,
  "--out",
  out,
);
