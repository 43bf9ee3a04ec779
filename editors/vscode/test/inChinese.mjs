/** VS Code in Chinese. */

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const file = path.join(path.dirname(fileURLToPath(import.meta.url)), "../l10n/bundle.l10n.zh-cn.json");

/** What `check` looks at while `l10n`, the extension's own, speaks Chinese; it may take its time. */
export async function inChinese(l10n, check) {
  const bundle = JSON.parse(fs.readFileSync(file, "utf8"));
  const fill = (text, ...values) => (bundle[text] ?? text).replace(/\{(\d)\}/g, (_, number) => values[number]);
  const english = { ...l10n };
  Object.assign(l10n, { bundle, t: fill, uri: { fsPath: file } });
  try {
    await check();
  } finally {
    Object.assign(l10n, { bundle: undefined, uri: undefined, ...english });
  }
}
