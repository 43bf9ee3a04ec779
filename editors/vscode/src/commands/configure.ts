/** `litellm.configure`: where the proxy is and how to sign in, tested before it is kept. */

import * as vscode from "vscode";
import type { World } from "../commands";
import { forgetKey, storeKey } from "../keys";
import { type ConfigureResult, Method, type StatusResult } from "../protocol";
import { ServerError } from "../server";
import { write } from "../settings";
import { isUnlocked } from "../unlock";
import { plain } from "../words";

/** How the key is given: what is written to the settings, and what stays in the secret storage. */
interface Key {
  reference?: string;
  literal?: string;
}

/** What was typed. It stays until it is kept or given up, so that nothing is typed twice. */
interface Draft {
  baseUrl: string;
  key?: Key;
}

const TITLE = "LiteLLM: Set Up the Proxy";
const CHANGE = "Change…";
const AGAIN = "Try Again";
const KEEP = "Keep Anyway";

export async function configure(world: World): Promise<void> {
  const { server } = world;
  const before = await server.request(Method.configure, { verify: false });
  const draft: Draft = { baseUrl: before.settings.baseUrl.value };
  let onTrial = false;
  let next: string | undefined = CHANGE;
  try {
    while (next !== undefined) {
      if (next === CHANGE && !(await ask(draft))) return;
      onTrial = true;
      const tested = await test(world, draft);
      const problem = "settings" in tested ? problemOf(tested.status) : tested.sentence;
      next = problem === undefined ? KEEP : await afterFailure(problem, "settings" in tested);
      if (next === KEEP && "settings" in tested) {
        await keep(world, draft, tested, problem === undefined);
        onTrial = false;
        return;
      }
    }
  } finally {
    // Nothing was kept, so a start brings back what held before.
    if (onTrial) await server.restart();
  }
}

/** Asks for the address and the key. False where the user gave up. */
async function ask(draft: Draft): Promise<boolean> {
  const baseUrl = await vscode.window.showInputBox({
    title: `${TITLE} · Address`,
    prompt: "Where is the proxy?",
    value: draft.baseUrl,
    placeHolder: "http://localhost:4000",
    ignoreFocusOut: true,
  });
  if (baseUrl === undefined) return false;
  draft.baseUrl = baseUrl.trim();
  const key = await askKey(draft.key);
  if (key === undefined) return false;
  draft.key = key;
  return true;
}

async function askKey(typed: Key | undefined): Promise<Key | undefined> {
  const ways = [
    ...(typed ? [{ label: "$(check) Use the same again", detail: describe(typed), way: "same" }] : []),
    { label: "$(key) Type the key", detail: "Kept in VS Code's secret storage, never in a file.", way: "literal" },
    { label: "$(symbol-variable) An environment variable has it", detail: "Such as LITELLM_API_KEY.", way: "env:" },
    { label: "$(file) A file has it", detail: "Its only line is the key.", way: "file:" },
    { label: "$(terminal) A command prints it", detail: "Such as op read op://team/litellm/key.", way: "cmd:" },
    { label: "$(lock) The keyring has it", detail: "Stored by litellm-ls config store-key NAME.", way: "keyring:" },
    { label: "$(circle-slash) No key", detail: "The proxy takes requests without one.", way: "none" },
  ];
  const choice = await vscode.window.showQuickPick(ways, {
    title: `${TITLE} · Key`,
    placeHolder: "How do you sign in?",
    ignoreFocusOut: true,
  });
  switch (choice?.way) {
    case undefined:
      return undefined;
    case "same":
      return typed;
    case "none":
      return {};
    case "literal": {
      const literal = await vscode.window.showInputBox({
        title: `${TITLE} · Key`,
        prompt: "The key of this proxy",
        password: true,
        ignoreFocusOut: true,
      });
      return literal ? { literal } : undefined;
    }
    default:
      return askReference(choice?.way ?? "", typed?.reference);
  }
}

async function askReference(scheme: string, typed: string | undefined): Promise<Key | undefined> {
  const prompts: Record<string, string> = {
    "env:": "Name of the variable",
    "file:": "Path of the file",
    "cmd:": "The command, as in a terminal",
    "keyring:": "Name in the keyring",
  };
  const where = await vscode.window.showInputBox({
    title: `${TITLE} · Key`,
    prompt: prompts[scheme] ?? "",
    value: typed?.startsWith(scheme) ? typed.slice(scheme.length) : scheme === "env:" ? "LITELLM_API_KEY" : "",
    ignoreFocusOut: true,
  });
  return where ? { reference: `${scheme}${where}` } : undefined;
}

function describe({ literal, reference }: Key): string {
  return literal ? "The key that you have just typed." : (reference ?? "No key.");
}

/** Tries what was typed on the server; it refuses what can't be settings. */
async function test({ server }: World, { baseUrl, key }: Draft): Promise<ConfigureResult | ServerError> {
  const params = { baseUrl, apiKey: key?.literal ?? key?.reference ?? null, verify: true };
  try {
    return await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `LiteLLM: testing ${plain(baseUrl)}` },
      () => server.request(Method.configure, params),
    );
  } catch (error) {
    if (error instanceof ServerError) return error;
    throw error;
  }
}

/** What keeps the proxy from being used. Undefined where it lists models. */
function problemOf(status: StatusResult | undefined): string | undefined {
  const check =
    status?.checks.find(({ outcome }) => outcome === "failed") ??
    // Any web server answers; only a proxy lists models.
    (status?.modelCount ? undefined : status?.checks.find(({ outcome }) => outcome === "warning"));
  return check && [check.message, check.remedy].filter((text) => text !== undefined).map(plain).join(": ");
}

async function afterFailure(problem: string, canBeKept: boolean): Promise<string | undefined> {
  return vscode.window.showWarningMessage(`LiteLLM: ${problem}`, CHANGE, AGAIN, ...(canBeKept ? [KEEP] : []));
}

/** Writes what was typed to where it stays. */
async function keep({ context }: World, draft: Draft, tested: ConfigureResult, works: boolean): Promise<void> {
  const { status, warnings, settings } = tested;
  const { literal, reference } = draft.key ?? {};
  if (literal === undefined) await forgetKey(context);
  else await storeKey(context, { baseUrl: settings.baseUrl.value, apiKey: literal });
  // Each of these restarts the server, which then knows the key by the secret storage.
  await write("apiKey", reference ?? "");
  await write("baseUrl", draft.baseUrl);
  const url = plain(settings.baseUrl.value);
  if (!works) {
    void vscode.window.showWarningMessage(`LiteLLM: kept ${url}, which can't be used yet`, "Status").then((choice) => {
      if (choice) void vscode.commands.executeCommand("litellm.status");
    });
    return;
  }
  const count = status?.modelCount ?? 0;
  const notes = warnings.length ? ` (${warnings.map(plain).join("; ")})` : "";
  const choice = await vscode.window.showInformationMessage(
    `LiteLLM: set up ${url}, ${count} ${count === 1 ? "model" : "models"}${notes}`,
    "Pick a Model",
    ...(isUnlocked(context) ? [] : ["Unlock the Chat View"]),
  );
  if (choice === "Pick a Model") await vscode.commands.executeCommand("litellm.pickModel");
  else if (choice) await vscode.commands.executeCommand("litellm.unlockChat");
}
