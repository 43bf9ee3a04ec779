#!/usr/bin/env node
// Starts the program of this system, which npm has installed beside this package.
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");

const needed = `litellm-ls-${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "litellm-ls.exe" : "litellm-ls";
let program;
try {
  program = require.resolve(`${needed}/bin/${file}`);
} catch {
  console.error(`install the package ${needed} too: npm has left it out, or there is none for this system`);
  process.exit(1);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit", windowsHide: true });
child.on("error", (error) => {
  console.error(`${program} can't be started: ${error.message}`);
  process.exit(1);
});
// A terminal sends Ctrl-C to both; the program alone decides what it means.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
