/** A LiteLLM proxy on this machine, started by the server's own program. */

import { execFile, spawn } from "node:child_process";
import * as vscode from "vscode";
import { plain } from "../words";

/** How long a server of this machine may take to say which models it has, in milliseconds. */
const LISTING = 2_000;

/** A vendor that a fresh config.yaml can begin with, as the program knows it. */
interface Vendor {
  /** By LiteLLM's name for it. */
  id: string;
  name: string;
  /** The variable of its key; none where it takes none. */
  keyVariable: string | null;
  isSet: boolean;
  /** Where it answers, if that is usually on this machine. */
  apiBase: string | null;
  /** The model that is taken where none is named; none where its models are not known. */
  newest: string | null;
}

/**
 * Writes a config.yaml for chosen vendors into this folder, with a master key and what keys are given in `.env` beside it;
 * where one is there, or no folder, its text is shown and nothing written. The program does it, as `litellm-ls init` does.
 */
export async function writeConfig(program: string, column = vscode.ViewColumn.Active): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const file = folder && vscode.Uri.joinPath(folder.uri, "config.yaml");
  const isThere = file && (await Promise.resolve(vscode.workspace.fs.stat(file)).catch(() => undefined));
  const path = file?.scheme === "file" && !isThere ? file.fsPath : "-";
  const vendors = await chooseVendors(program, path);
  if (!vendors?.length) return;
  const args: string[] = [];
  const keys: string[] = [];
  for (const vendor of vendors) {
    const asked = vendor.newest ? ["--vendor", vendor.id] : await askModels(vendor);
    if (!asked) return;
    args.push(...asked);
    if (path === "-" || vendor.isSet || !vendor.keyVariable) continue;
    const key = await askKey(vendor.keyVariable);
    if (key === undefined) return;
    if (key.trim()) keys.push(`${vendor.keyVariable}=${key.trim()}`);
  }
  const kept = keys.length > 0 ? ["--keys-from-stdin"] : [];
  const text = await run(program, ["init", ...args, ...kept, path], keys.join("\n"));
  const document = await (path === "-"
    ? vscode.workspace.openTextDocument({ language: "yaml", content: text })
    : vscode.workspace.openTextDocument(path));
  await vscode.window.showTextDocument(document, column);
}

/** Asks for vendors; those whose keys are set are chosen already. */
async function chooseVendors(program: string, path: string): Promise<Vendor[] | undefined> {
  const vendors: Vendor[] = JSON.parse(await run(program, ["init", "--list-vendors", path]));
  const rows = vendors.map((vendor) => ({
    vendor,
    label: named(vendor),
    description: described(vendor),
    picked: vendor.isSet,
  }));
  const title = vscode.l10n.t("LiteLLM: Whose models shall the proxy serve?");
  const chosen = await vscode.window.showQuickPick(rows, { title, canPickMany: true });
  return chosen?.map(({ vendor }) => vendor);
}

function named({ id, name }: Vendor): string {
  return id === "openai_compatible" ? vscode.l10n.t("Another server that speaks OpenAI's API") : name;
}

function described({ apiBase, isSet, keyVariable }: Vendor): string {
  if (apiBase !== null) return vscode.l10n.t("your own, at {0}", apiBase);
  return keyVariable && isSet ? vscode.l10n.t("{0} is set", keyVariable) : (keyVariable ?? "");
}

/** Asks which models to serve, and where a server of one's own is; undefined where that is left. */
async function askModels(vendor: Vendor): Promise<string[] | undefined> {
  const { apiBase, id } = vendor;
  const title = `LiteLLM: ${named(vendor)}`;
  if (apiBase === null) {
    const model = (await askModel(title, vscode.l10n.t("The name of a model")))?.trim();
    return model ? ["--vendor", id, "--model", `${id}/${model}`] : undefined;
  }
  const base = await vscode.window.showInputBox({ title, value: apiBase, prompt: vscode.l10n.t("Where it answers") });
  if (!base) return undefined;
  const listed = await modelsAt(base);
  const unlisted = vscode.l10n.t("The name of a model; nothing at {0} lists any", base);
  const models =
    listed.length > 0
      ? await vscode.window.showQuickPick(listed, {
          title,
          canPickMany: true,
          placeHolder: vscode.l10n.t("Which models?"),
        })
      : [(await askModel(title, unlisted)) ?? ""];
  const chosen = models?.map((model) => model.trim()).filter(Boolean) ?? [];
  if (chosen.length === 0) return undefined;
  const all = chosen.flatMap((model) => ["--model", `${id}/${model}`]);
  return ["--vendor", id, "--api-base", `${id}=${base}`, ...all];
}

function askModel(title: string, prompt: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({ title, prompt, placeHolder: "qwen3" });
}

/** The models that a server of one's own has: all of these speak OpenAI's API for it. None where nothing says. */
async function modelsAt(base: string): Promise<string[]> {
  try {
    const url = `${base.replace(/\/+$/, "").replace(/\/v1$/, "")}/v1/models`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(LISTING), redirect: "error" });
    const { data } = (await answer.json()) as { data?: { id?: unknown }[] };
    return (data ?? []).flatMap(({ id }) => (typeof id === "string" && !/\s/.test(id) ? [plain(id)] : []));
  } catch {
    return [];
  }
}

/** Asks for a key, to be kept in `.env`. Empty where it comes from elsewhere. */
function askKey(variable: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: `LiteLLM: ${variable}`,
    prompt: vscode.l10n.t(
      "It is not set. Its key is kept in .env beside the file, for you alone; leave it empty to set it elsewhere.",
    ),
    password: true,
    ignoreFocusOut: true,
  });
}

/** What the program says to its arguments and to what it is told; what it complains of is thrown. */
function run(program: string, args: string[], input = ""): Promise<string> {
  return new Promise((done, fail) => {
    const child = execFile(program, args, (error, stdout, stderr) => {
      if (error) fail(new Error(plain(stderr).trim() || error.message));
      else done(stdout);
    });
    child.stdin?.end(input);
  });
}

/** Asks which config.yaml to serve. */
export async function chooseConfig(): Promise<string | undefined> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t("Which config.yaml shall the proxy serve?"),
    filters: { YAML: ["yaml", "yml"] },
    ...(folder && { defaultUri: folder.uri }),
  });
  return chosen?.[0]?.fsPath;
}

/** Starts a proxy, and installs LiteLLM before where that was not done. Settled when it is ready. */
export function startProxy(
  program: string,
  source: string[],
  onLine: (line: string) => void,
  token: vscode.CancellationToken,
): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(program, ["proxy", "start", ...source], { stdio: ["ignore", "ignore", "pipe"] });
    const ending = token.onCancellationRequested(() => child.kill("SIGINT"));
    let last = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      for (const line of text.split(/[\r\n]+/)) {
        if (!line.trim()) continue;
        last = plain(line);
        onLine(last);
      }
    });
    child.on("error", fail);
    child.on("close", (code) => {
      ending.dispose();
      if (token.isCancellationRequested) fail(new vscode.CancellationError());
      else if (code === 0) done();
      else fail(new Error(last || vscode.l10n.t("The proxy did not start.")));
    });
  });
}
