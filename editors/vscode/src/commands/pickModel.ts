/** `litellm.pickModel`: the models with what people choose by. */

import * as vscode from "vscode";
import type { World } from "../commands";
import { type ListModelsResult, Method, type Model } from "../protocol";
import { write } from "../settings";
import { chatWith, isUnlocked } from "../unlock";
import { abilities, context, label, plain, prices, retirement } from "../words";

interface Row extends vscode.QuickPickItem {
  model?: Model;
}

const REFRESH: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("refresh"), tooltip: "Ask the proxy again" };

export async function pickModel(world: World): Promise<void> {
  const model = await chooseModel(world);
  if (model) await useModel(world, model);
}

/** From now on questions go to this model, in the chat too. */
export async function useModel({ context, server, session }: World, model: Model): Promise<void> {
  await server.request(Method.configure, { model: model.id, verify: false });
  await write("model", model.id);
  await session.refresh();
  if (isUnlocked(context)) await chatWith(model);
}

/** `litellm.copyModelId`: for settings and scripts. */
export async function copyModelId(world: World): Promise<void> {
  const model = await chooseModel(world);
  if (!model) return;
  await vscode.env.clipboard.writeText(model.id);
  void vscode.window.setStatusBarMessage(vscode.l10n.t("LiteLLM: copied {0}", plain(model.id)), 5_000);
}

/** Has the user choose a model; the current one, or else the one in use, stands first. */
export async function chooseModel({ session }: World, current?: string): Promise<Model | undefined> {
  const picker = vscode.window.createQuickPick<Row>();
  picker.title = vscode.l10n.t("LiteLLM: Pick a Model");
  picker.placeholder = vscode.l10n.t("Filter by name, provider or ability");
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.buttons = [REFRESH];
  const load = async (refresh: boolean) => {
    picker.busy = true;
    try {
      const list = await session.models(refresh);
      picker.items = rows(list, current ?? list.defaultModel);
      if (list.stale) picker.title = vscode.l10n.t("LiteLLM: Pick a Model (the proxy does not answer; an older list)");
    } finally {
      picker.busy = false;
    }
  };
  picker.show();
  try {
    await load(false);
    const picked = await new Promise<Row | undefined>((resolve, reject) => {
      picker.onDidTriggerButton(() => void load(true).catch(reject));
      picker.onDidAccept(() => resolve(picker.activeItems[0]));
      picker.onDidHide(() => resolve(undefined));
    });
    return picked?.model;
  } finally {
    picker.dispose();
  }
}

function rows(list: ListModelsResult, current: string | undefined): Row[] {
  return list.models.map((model) => ({
    label: `${model.id === current ? "$(check) " : ""}${label(model.id)}`,
    description: [label(model.provider ?? ""), context(model), prices(model)].filter(Boolean).join(" · "),
    detail: [abilities(model), retirement(model), label(model.description ?? "")].filter(Boolean).join(" · "),
    model,
  }));
}
