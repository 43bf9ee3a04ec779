/** `litellm.pickModel`: the models with what people choose by, those of the user first. */

import * as vscode from "vscode";
import type { World } from "../commands";
import { type ListModelsResult, Method, type Model } from "../protocol";
import { write } from "../settings";
import { chatWith, isUnlocked } from "../unlock";
import { label, plain } from "../words";

interface Row extends vscode.QuickPickItem {
  model?: Model;
}

/** Names longer than this would push the price out of the row, which then gets a second line. */
const LONG = 36;

export async function pickModel(world: World): Promise<void> {
  const model = await chooseModel(world);
  if (model) await useModel(world, model);
}

/** From now on questions go to this model, in the chat too. */
export async function useModel({ context, server, session }: World, model: Model): Promise<void> {
  await server.request(Method.configure, { model: model.id, verify: false });
  await write("model", model.id);
  await session.refresh();
  if (isUnlocked(context)) await chatWith(context, model);
}

/** `litellm.copyModelId`: for settings and scripts. */
export async function copyModelId(world: World): Promise<void> {
  const model = await chooseModel(world);
  if (model) await copy(model);
}

async function copy({ id }: Model): Promise<void> {
  await vscode.env.clipboard.writeText(id);
  void vscode.window.setStatusBarMessage(vscode.l10n.t("LiteLLM: copied {0}", plain(id)), 5_000);
}

/** Has the user choose a model; the current one, or else the one in use, stands first. */
export async function chooseModel({ server, session }: World, current?: string): Promise<Model | undefined> {
  const picker = vscode.window.createQuickPick<Row>();
  const again = { iconPath: new vscode.ThemeIcon("refresh"), tooltip: vscode.l10n.t("Ask the proxy again") };
  picker.title = vscode.l10n.t("LiteLLM: Pick a Model");
  picker.placeholder = vscode.l10n.t("Filter by name, vendor, price or ability");
  // A page that had the focus before the palette takes it back a moment later, which would close the list.
  picker.ignoreFocusOut = true;
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.buttons = [again];
  let first: string | undefined;
  const load = async (refresh: boolean) => {
    picker.busy = true;
    try {
      const list = await session.models(refresh);
      first = current ?? list.defaultModel;
      // The first row of them is what Enter takes, of those that are left by what has been typed meanwhile.
      picker.items = rows(list, first);
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
      picker.onDidTriggerItemButton(({ button, item: { model } }) => {
        if (!model) return;
        if (button instanceof Mark) void mark(model).catch(reject);
        else void copy(model);
      });
      picker.onDidAccept(() => picker.activeItems[0] && resolve(picker.activeItems[0]));
      picker.onDidHide(() => resolve(undefined));
    });
    return picked?.model;
  } finally {
    picker.dispose();
  }

  async function mark(model: Model): Promise<void> {
    const favourite = !model.favourite;
    await server.request(Method.markModel, { model: model.id, favourite });
    // In its place until the picker is opened again: nothing moves under the mouse.
    const isMarked = (item: Row) => item.model?.id === model.id;
    const active = picker.activeItems.findIndex(isMarked);
    picker.items = picker.items.map((item) => (isMarked(item) ? row({ ...model, favourite }, first) : item));
    if (active >= 0) picker.activeItems = picker.items.filter(isMarked);
  }
}

/** Makes a model a favourite, or takes that back. */
class Mark implements vscode.QuickInputButton {
  readonly iconPath: vscode.ThemeIcon;
  readonly tooltip: string;

  constructor(favourite: boolean) {
    this.iconPath = new vscode.ThemeIcon(favourite ? "star-full" : "star-empty");
    this.tooltip = favourite ? vscode.l10n.t("Remove from Favourites") : vscode.l10n.t("Add to Favourites");
  }
}

/** Made once, for there may be thousands of rows. */
const made = new Map<boolean, vscode.QuickInputButton[]>();

function buttons(favourite: boolean): vscode.QuickInputButton[] {
  const before = made.get(favourite);
  if (before) return before;
  const both = [new Mark(favourite), { iconPath: new vscode.ThemeIcon("copy"), tooltip: vscode.l10n.t("Copy the id") }];
  made.set(favourite, both);
  return both;
}

/** The rows with their headings; the server has put them in order. */
export function rows({ models }: ListModelsResult, current: string | undefined): Row[] {
  const isCurrent = ({ id }: Model) => id === current;
  const before = new Set<string>();
  let heading: string | undefined;
  return [...models.filter(isCurrent), ...models.filter((model) => !isCurrent(model))].flatMap((model) => {
    const group = isCurrent(model) ? vscode.l10n.t("in use") : groupOf(model);
    if (group === heading) return [row(model, current)];
    heading = group;
    // Behind the models of all vendors stand older versions of theirs.
    const isRepeated = before.has(group);
    before.add(group);
    const title = isRepeated ? vscode.l10n.t("{0}, older versions", group) : group;
    return [{ label: label(title), kind: vscode.QuickPickItemKind.Separator }, row(model, current)];
  });
}

function groupOf({ favourite, lastUsed, summary }: Model): string {
  if (favourite) return vscode.l10n.t("favourites");
  if (lastUsed !== undefined) return vscode.l10n.t("recently used");
  if (summary.notice?.startsWith("retired")) return vscode.l10n.t("retired");
  return summary.vendor;
}

function row(model: Model, current: string | undefined): Row {
  const { id, favourite = false, summary } = model;
  const line = label(summary.line);
  const isLong = [...id].length > LONG;
  const details = [isLong ? line : "", label(model.description ?? "")].filter(Boolean).join(" · ");
  return {
    label: `${id === current ? "$(check) " : favourite ? "$(star-full) " : ""}${label(id)}`,
    ...(!isLong && { description: line }),
    ...(details && { detail: details }),
    buttons: buttons(favourite),
    model,
  };
}
