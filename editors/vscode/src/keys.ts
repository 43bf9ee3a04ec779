/** Keys that the user typed in: in VS Code's secret storage, each for one base URL, and handed to the server in memory. */

import type * as vscode from "vscode";

const SECRET = "litellm.key";

interface StoredKey {
  baseUrl: string;
  apiKey: string;
}

export async function storeKey(context: vscode.ExtensionContext, key: StoredKey): Promise<void> {
  await context.secrets.store(SECRET, JSON.stringify(key));
}

export async function forgetKey(context: vscode.ExtensionContext): Promise<void> {
  await context.secrets.delete(SECRET);
}

/** The key that was typed in for this base URL; a key goes nowhere else. */
export async function storedKey(context: vscode.ExtensionContext, baseUrl: string): Promise<string | undefined> {
  const stored = await context.secrets.get(SECRET);
  if (!stored) return undefined;
  const key = JSON.parse(stored) as StoredKey;
  return origin(key.baseUrl) === origin(baseUrl) ? key.apiKey : undefined;
}

function origin(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    return url;
  }
}
