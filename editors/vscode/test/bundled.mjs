/** Imports a file of the extension, with a stand-in for the host. */

import { build } from "esbuild";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const host = path.join(here, "vscode.mjs");

/** One module with all that these files export, and with the host that they see. */
export async function load(...files) {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "litellm-ls-unit-"));
  const all = [...files.map((file) => path.join(here, "../src", file)), host];
  const result = await build({
    stdin: { contents: all.map((file) => `export * from ${JSON.stringify(file)};`).join("\n"), resolveDir: here },
    alias: { vscode: host, "vscode-languageclient/node": path.join(here, "languageclient.mjs") },
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
    logLevel: "error",
  });
  const bundle = path.join(folder, "bundle.mjs");
  await fs.writeFile(bundle, result.outputFiles[0].contents);
  try {
    return await import(pathToFileURL(bundle));
  } finally {
    await fs.rm(folder, { recursive: true });
  }
}
