/** `litellm.pickModel`: the models with what people choose by, those of the user first. */

import * as vscode from "vscode";
import type { World } from "./world";
import { type ListModelsResult, Method, type Model } from "../protocol";
import { CHOSEN, type OtherServer, otherServers } from "../profiles";
import { relist } from "../relist";
import { said } from "../serverWords";
import { LISTED } from "../session";
import { write } from "../settings";
import { chatWith, isUnlocked } from "../unlock";
import { isRetired, label, plain } from "../words";

interface Row extends vscode.QuickPickItem, Partial<Choice> {}

/** A model, and its server where that is not the one in use. */
export interface Choice {
  model: Model;
  profile?: string;
}

/** More rows than any list to pick from shows without scrolling. */
const IN_SIGHT = 60;

/** Names longer than this would push the price out of the row, which then gets a second line. */
const LONG = 36;

export async function pickModel(world: World): Promise<void> {
  const choice = await chooseModel(world);
  if (choice) await useModel(world, choice);
}

/** From now on questions go to this model, in the chat too. */
export async function useModel({ context, server, session }: World, { model, profile }: Choice): Promise<void> {
  const chosen = { profile: profile ?? (await session.inUseOf()), model: model.id };
  await server.request(Method.configure, { ...chosen, verify: false });
  const isMain = chosen.profile === server.main;
  await context.globalState.update(CHOSEN, isMain ? undefined : chosen);
  // The settings of VS Code speak of one server.
  if (isMain) await write("model", model.id);
  await session.count();
  await session.refresh();
  if (isUnlocked(context)) await chatWith(context, model, isMain ? undefined : chosen.profile);
}

/** `litellm.copyModelId`: for settings and scripts. */
export async function copyModelId(world: World): Promise<void> {
  const choice = await chooseModel(world);
  if (choice) await copy(choice.model);
}

async function copy({ id }: Model): Promise<void> {
  await vscode.env.clipboard.writeText(id);
  void vscode.window.setStatusBarMessage(vscode.l10n.t("LiteLLM: copied {0}", plain(id)), 5_000);
}

/** Has the user choose a model; the current one, or else the one in use, stands first. */
export async function chooseModel({ server, session }: World, current?: string): Promise<Choice | undefined> {
  const picker = vscode.window.createQuickPick<Row>();
  const again = { iconPath: new vscode.ThemeIcon("refresh"), tooltip: vscode.l10n.t("Ask the Proxy Again") };
  picker.title = vscode.l10n.t("LiteLLM: Pick a Model");
  picker.placeholder = vscode.l10n.t("Filter by name, vendor, price or ability");
  // A page that had the focus before the palette takes it back a moment later, which would close the list.
  picker.ignoreFocusOut = true;
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.buttons = [again];
  let first: string | undefined;
  let own: Row[] = [];
  let others: Row[] = [];
  /** The servers that are not in use come behind, when they come. */
  const loadOthers = async () => {
    const profile = await session.inUseOf();
    const late = () => void loadOthers().catch(() => undefined);
    others = (await otherServers(server, profile, late, { fields: LISTED })).flatMap(rowsOfOther);
    if (others.length) relist(picker, [...own, ...others]);
  };
  const load = async (refresh: boolean) => {
    picker.busy = true;
    try {
      const list = await session.models(refresh, undefined, LISTED);
      first = current ?? list.defaultModel;
      // The first row of them is what Enter takes, of those that are left by what has been typed meanwhile.
      own = rows(list, first);
      // What is in sight at once, and the rest of thousands a moment later.
      picker.items = own.slice(0, IN_SIGHT);
      setTimeout(() => relist(picker, [...own, ...others]));
      if (list.stale) picker.title = vscode.l10n.t("LiteLLM: Pick a Model (the proxy does not answer; an older list)");
    } finally {
      picker.busy = false;
    }
  };
  picker.show();
  try {
    await load(false);
    void loadOthers().catch((error: unknown) => server.log.debug(String(error)));
    const picked = await new Promise<Row | undefined>((resolve, reject) => {
      picker.onDidTriggerButton(() => void load(true).catch(reject));
      picker.onDidTriggerItemButton(({ button, item: { model, profile } }) => {
        if (!model) return;
        if (button instanceof Mark) void mark(model, profile).catch(reject);
        else void copy(model);
      });
      picker.onDidAccept(() => picker.activeItems[0] && resolve(picker.activeItems[0]));
      picker.onDidHide(() => resolve(undefined));
    });
    return picked?.model && { model: picked.model, ...(picked.profile !== undefined && { profile: picked.profile }) };
  } finally {
    picker.dispose();
  }

  async function mark(model: Model, profile: string | undefined): Promise<void> {
    const favourite = !model.favourite;
    const of = profile === undefined ? {} : { profile };
    await server.request(Method.markModel, { model: model.id, favourite, ...of });
    // In its place until the picker is opened again: nothing moves under the mouse.
    const isMarked = (item: Row) => item.model?.id === model.id && item.profile === profile;
    const { label, buttons } = row({ ...model, favourite }, profile === undefined ? first : undefined);
    const marked = (item: Row): Row =>
      isMarked(item) ? { ...item, model: { ...model, favourite }, label, buttons: buttons ?? [] } : item;
    own = own.map(marked);
    others = others.map(marked);
    relist(picker, [...own, ...others], (row, active) => row === active || (isMarked(row) && isMarked(active)));
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
  const both = [new Mark(favourite), { iconPath: new vscode.ThemeIcon("copy"), tooltip: vscode.l10n.t("Copy Id") }];
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

/** The rows of a server that is not in use, under its name. */
export function rowsOfOther({ profile, place, models }: OtherServer): Row[] {
  const heading = { label: label(`${profile} · ${place}`), kind: vscode.QuickPickItemKind.Separator };
  // A filter takes the heading away.
  const named = (model: Model): Row => {
    const { description, ...rest } = row(model, undefined);
    return { ...rest, description: [label(profile), description].filter(Boolean).join(" · "), profile };
  };
  return [heading, ...models.map(named)];
}

function groupOf(model: Model): string {
  const { favourite, lastUsed, summary } = model;
  if (favourite) return vscode.l10n.t("favourites");
  if (lastUsed !== undefined) return vscode.l10n.t("recently used");
  if (isRetired(model)) return vscode.l10n.t("retired");
  return said(summary.vendor);
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
