/**
 * VS Code's own chat for people without an account. On a fresh profile its extension is off, and a group of models in
 * VS Code's list is what keeps the chat open in the seconds after each start, before our own models are there.
 */

import * as vscode from "vscode";
import type { World } from "./commands/world";
import { chatId, family } from "./chatInformation";
import type { Model } from "./protocol";
import { tick } from "./walkthrough";
import { plain } from "./words";

const CHAT = "GitHub.copilot-chat";

/** Whether VS Code has the group of models: nothing else tells an extension. */
const GROUP = "litellm.chatGroup";

/** The model that we have written into VS Code's setting of it. */
const BEGINS_WITH = "litellm.chatBeginsWith";

/** Whether the chat view can be asked; a switched-off extension of VS Code is invisible to others. */
export function isUnlocked({ globalState }: vscode.ExtensionContext): boolean {
  const off = vscode.workspace.getConfiguration("chat").get<boolean>("disableAIFeatures", false);
  return !off && vscode.extensions.getExtension(CHAT) !== undefined && globalState.get(GROUP, false);
}

/** Tells the walkthrough and the menus whether the chat is open. */
export function watchLock(context: vscode.ExtensionContext): vscode.Disposable {
  const tell = () => void vscode.commands.executeCommand("setContext", "litellm.chatUnlocked", isUnlocked(context));
  // Not in the activation, which the editor waits for.
  const first = setImmediate(tell);
  return vscode.Disposable.from(vscode.extensions.onDidChange(tell), { dispose: () => clearImmediate(first) });
}

/** `litellm.unlockChat`: after asking, switches the chat on and opens it. */
export async function unlockChat({ context, session, models }: World): Promise<void> {
  if (!isUnlocked(context)) {
    const titles = await ask();
    if (titles === undefined || !(await unlock(context))) return;
    if (titles) await titlesByOurs();
    await vscode.commands.executeCommand("setContext", "litellm.chatUnlocked", true);
    await tick();
    models.changedNow();
  }
  await vscode.commands.executeCommand("workbench.action.chat.open");
  const list = await session.models();
  const inUse = list.models.find(({ id }) => id === list.defaultModel);
  if (inUse) await chatWith(context, inUse);
}

/** Has the open chats go on with a model, and the next ones begin with it. */
export async function chatWith(
  { globalState }: vscode.ExtensionContext,
  model: Model,
  profile?: string,
): Promise<void> {
  const id = chatId(model, profile);
  await beginWith(globalState, id);
  const choice = { vendor: "litellm", id, family: family(model) };
  // A command of VS Code that is no part of its API: without it the user chooses in the chat.
  await Promise.resolve(vscode.commands.executeCommand("workbench.action.chat.changeModel", choice)).catch(
    () => undefined,
  );
}

/** Else VS Code begins each chat with whichever model comes first in the alphabet. */
async function beginWith(memory: vscode.Memento, id: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration("chat");
  const { defaultValue, globalValue } = settings.inspect<string>("defaultModel") ?? {};
  // Versions before it have no such setting, and what the user has written there stays.
  if (defaultValue === undefined || (globalValue && globalValue !== memory.get(BEGINS_WITH))) return;
  await memory.update(BEGINS_WITH, id);
  // An organisation may have set it: then new chats begin as it says.
  await settings.update("defaultModel", id, vscode.ConfigurationTarget.Global).then(undefined, () => undefined);
}

/** Whether our models shall write the titles too; undefined where the chat shall stay as it is. */
async function ask(): Promise<boolean | undefined> {
  const detail = vscode.l10n.t(
    "VS Code then lists LiteLLM among its providers of models, and new chats begin with the model that you pick here. Titles and summaries of chats can be written by the model that you chat with, which costs a little; without that they are left out.",
  );
  const question = vscode.l10n.t(
    "Chat with LiteLLM models needs VS Code's built-in chat switched on. No account is needed.",
  );
  const [unlock, untitled] = [vscode.l10n.t("Unlock"), vscode.l10n.t("Unlock Without Titles")];
  const choice = await vscode.window.showInformationMessage(question, { modal: true, detail }, unlock, untitled);
  return choice === undefined ? undefined : choice === unlock;
}

async function unlock({ globalState }: vscode.ExtensionContext): Promise<boolean> {
  try {
    await vscode.commands.executeCommand("workbench.extensions.installExtension", CHAT, { enable: true });
    await addGroup();
    await globalState.update(GROUP, true);
    return true;
  } catch (error) {
    const sentence = plain(error instanceof Error ? error.message : String(error));
    const manage = vscode.l10n.t("Manage Language Models");
    const choice = await vscode.window.showErrorMessage(
      vscode.l10n.t("LiteLLM: VS Code's chat could not be switched on: {0}", sentence),
      manage,
    );
    if (choice) await vscode.commands.executeCommand("workbench.action.chat.manage");
    return false;
  }
}

async function addGroup(): Promise<void> {
  try {
    await vscode.commands.executeCommand("lm.addLanguageModelsProviderGroup", { vendor: "litellm", name: "LiteLLM" });
  } catch (error) {
    if (!/already exists/.test(String(error))) throw error;
  }
}

/** Else VS Code asks its own service for titles, which needs an account. */
async function titlesByOurs(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("chat");
  const { defaultValue, globalValue } = settings.inspect("byokUtilityModelDefault") ?? {};
  // Versions before it have no such setting, and what the user has chosen stays.
  if (defaultValue === undefined || globalValue !== undefined) return;
  await settings.update("byokUtilityModelDefault", "mainAgent", vscode.ConfigurationTarget.Global);
}
