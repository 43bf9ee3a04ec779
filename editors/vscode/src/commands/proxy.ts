/** `litellm.proxy.*`: a LiteLLM proxy on this machine, for a config.yaml or a demo. */

import * as path from "node:path";
import * as vscode from "vscode";
import type { World } from "./world";
import { findBinary } from "../binary";
import { Method, type RestartProxyResult, type StartProxyParams } from "../protocol";
import { write } from "../settings";
import { chooseConfig, writeConfig } from "../views/localProxy";
import { label, plain } from "../words";

/** Most files that are offered. */
const MOST = 20;

/** Starts a proxy: with the file whose title bar or lens was pressed, the one in front, or one that is chosen. */
export async function startProxy(world: World, named?: vscode.Uri | { config: string }): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    throw new Error(vscode.l10n.t("Trust this workspace before you start a proxy from it."));
  }
  const params = await source(findBinary(world.context), named);
  if (!params || !(await isSaved(params.config))) return;
  const title = vscode.l10n.t("Starting the proxy…");
  await told(world, await shown(title, (step, token) => world.proxy.start(params, step, token)));
}

export async function restartProxy(world: World): Promise<void> {
  const title = vscode.l10n.t("Restarting the proxy…");
  await told(world, await shown(title, (step, token) => world.proxy.restart(step, token)));
}

export async function stopProxy({ proxy, session }: World): Promise<void> {
  const text = (await proxy.stop())
    ? vscode.l10n.t("The proxy is stopped.")
    : vscode.l10n.t("No proxy of ours runs on this machine.");
  await session.refresh();
  void vscode.window.showInformationMessage(`LiteLLM: ${text}`);
}

export async function showProxyLog({ proxy }: World): Promise<void> {
  await proxy.showLog();
}

/** `litellm.proxy.writeConfig`: one in this folder, to be filled in and saved. */
export async function writeProxyConfig({ context }: World): Promise<void> {
  await writeConfig(findBinary(context));
}

async function shown<Result>(
  title: string,
  run: (onStep: (step: string) => void, token: vscode.CancellationToken) => Promise<Result>,
): Promise<Result> {
  const how = { location: vscode.ProgressLocation.Notification, title: `LiteLLM: ${title}`, cancellable: true };
  return vscode.window.withProgress(how, (progress, token) =>
    run((message) => progress.report({ message: plain(message) }), token),
  );
}

/** Says where the proxy is, what will be missed, and how it is used where it is not. */
async function told({ server, session, proxy }: World, result: RestartProxyResult): Promise<void> {
  for (const warning of result.warnings ?? []) void vscode.window.showWarningMessage(`LiteLLM: ${plain(warning)}`);
  const { baseUrl } = result.proxy;
  const { settings } = await server.request(Method.configure, { verify: false });
  await session.refresh();
  const [pick, log, use] = [vscode.l10n.t("Pick a Model…"), vscode.l10n.t("Log"), vscode.l10n.t("Use It")];
  const isUsed = settings.baseUrl.origin === "localProxy";
  const runs = vscode.l10n.t("A proxy runs at {0}.", plain(baseUrl));
  const other = vscode.l10n.t("The models still come from {0}, as the settings say.", plain(settings.baseUrl.value));
  const sentence = isUsed ? runs : `${runs} ${other}`;
  const choice = await vscode.window.showInformationMessage(`LiteLLM: ${sentence}`, isUsed ? pick : use, log);
  if (choice === pick) await vscode.commands.executeCommand("litellm.pickModel");
  if (choice === log) await proxy.showLog();
  if (choice !== use) return;
  await server.afterOneRestart(async () => {
    await write("apiKey", "");
    await write("baseUrl", "");
  });
}

async function source(
  program: string,
  named: vscode.Uri | { config: string } | undefined,
): Promise<StartProxyParams | undefined> {
  if (named instanceof vscode.Uri) return { config: named.toString() };
  if (named) return { config: named.config };
  return choose(program);
}

/** What to serve: a file of this folder, another one, a demo, or one that is written first. */
async function choose(program: string): Promise<StartProxyParams | undefined> {
  const files = await vscode.workspace.findFiles("**/*{config,litellm}*.{yaml,yml}", "**/node_modules/**", MOST);
  const front = vscode.window.activeTextEditor?.document.uri.toString();
  const first = (uri: vscode.Uri) => Number(uri.toString() !== front);
  const rows = files
    .sort((a, b) => first(a) - first(b) || a.path.localeCompare(b.path))
    .map((uri) => ({
      label: `$(file) ${label(vscode.workspace.asRelativePath(uri))}`,
      take: async (): Promise<StartProxyParams | undefined> => ({ config: uri.toString() }),
    }));
  const other = async () => {
    const file = await chooseConfig();
    return file === undefined ? undefined : { config: file };
  };
  const demo = vscode.l10n.t("Serve a Demo");
  const choice = await vscode.window.showQuickPick(
    [
      ...rows,
      { label: `$(folder-opened) ${vscode.l10n.t("Serve Another File…")}`, take: other },
      {
        label: `$(beaker) ${demo}`,
        description: vscode.l10n.t("models that need no vendor and no key"),
        take: async () => ({ demo: true }),
      },
      {
        label: `$(new-file) ${vscode.l10n.t("Write a config.yaml First…")}`,
        take: async () => void (await writeConfig(program)),
      },
    ],
    { title: vscode.l10n.t("LiteLLM: Start a Proxy") },
  );
  return choice?.take();
}

/** A file is served as it is on the disk. False where the user leaves it unsaved. */
async function isSaved(config: string | undefined): Promise<boolean> {
  const uri =
    config === undefined
      ? ""
      : (path.isAbsolute(config) ? vscode.Uri.file(config) : vscode.Uri.parse(config)).toString();
  const document = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri);
  if (!document?.isDirty) return true;
  const save = vscode.l10n.t("Save and Start");
  const text = vscode.l10n.t("The file has changes that are not saved: the proxy serves what is on the disk.");
  if ((await vscode.window.showWarningMessage(`LiteLLM: ${text}`, { modal: true }, save)) !== save) return false;
  return document.save();
}
