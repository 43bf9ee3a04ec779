/** `litellm.models`: all models in a table to sort, filter and compare. */

import * as vscode from "vscode";
import type { World } from "../commands/world";
import { type Choice, useModel } from "../commands/pickModel";
import { type OtherServer, otherServers } from "../profiles";
import { type ListModelsResult, Method } from "../protocol";
import { ServerError } from "../server";
import { plain } from "../words";
import type { FromModels, ToModels } from "./modelMessages";
import { keyOf, modelOf, modelRow } from "./modelRows";
import { modelTexts } from "./modelTexts";
import { type View, openView } from "./panel";

export async function models(world: World): Promise<void> {
  const kind = { name: "models", title: vscode.l10n.t("LiteLLM Models"), texts: modelTexts() };
  openView<ToModels, FromModels>(world.context, kind, (page) => new Models(world, page).take);
}

class Models {
  private hidden = false;
  /** Asked for last: an older list that comes later is not shown. */
  private number = 0;
  private others: OtherServer[] = [];

  constructor(
    private readonly world: World,
    private readonly page: View<ToModels>,
  ) {
    const again = () => void this.list(false);
    const listening = vscode.Disposable.from(
      world.session.onDidChange(again),
      world.server.onDidNotify((method) => method === Method.didChangeModels && again()),
    );
    page.onDidDispose(() => listening.dispose());
  }

  readonly take = (message: FromModels): void => {
    this.answer(message).catch((error: unknown) => this.page.post({ type: "failed", message: sentence(error) }));
  };

  private async answer(message: FromModels): Promise<void> {
    switch (message.type) {
      case "ready":
        return this.list(false);
      case "list":
        this.hidden = message.hidden;
        return this.list(message.refresh);
      case "use":
        return this.use(message.key);
      case "favourite":
        return this.mark(message.key, message.favourite);
      case "copy":
        return void (await vscode.env.clipboard.writeText(modelOf(message.key).id));
    }
  }

  private async use(key: string): Promise<void> {
    const { id, profile } = modelOf(key);
    const { models } = await this.world.session.models(false, profile);
    const model = models.find((model) => model.id === id);
    const choice: Choice | undefined = model && { model, ...(profile !== undefined && { profile }) };
    if (choice) await useModel(this.world, choice);
  }

  private async mark(key: string, favourite: boolean): Promise<void> {
    const { id, profile } = modelOf(key);
    const of = profile === undefined ? {} : { profile };
    await this.world.server.request(Method.markModel, { model: id, favourite, ...of });
    return this.list(false);
  }

  private async list(refresh: boolean): Promise<void> {
    const { server, session } = this.world;
    const number = (this.number += 1);
    const how = { includeHidden: this.hidden, refresh };
    try {
      const inUse = await session.inUseOf();
      const list = await server.request(Method.listModels, { order: "picker", ...how });
      const before = this.others.filter(({ profile }) => profile !== inUse);
      if (number === this.number) this.tell(list, before, inUse);
      // Those of the user's other servers come behind, when they come.
      const others = await otherServers(server, inUse, () => void this.list(false), how);
      if (number !== this.number) return;
      this.others = others;
      if (others.length || before.length) this.tell(list, others, inUse);
    } catch (error) {
      this.page.post({ type: "failed", message: sentence(error) });
    }
  }

  private tell(list: ListModelsResult, others: OtherServer[], inUse: string): void {
    const note = list.stale
      ? vscode.l10n.t("The proxy does not answer: this is an older list.")
      : list.warnings.map((warning) => plain(warning)).join(" ");
    const name = others.length > 0 ? inUse : undefined;
    const own = list.models.map((model) => modelRow(model, undefined, name));
    const theirs = others.flatMap(({ profile, models }) => models.map((model) => modelRow(model, profile)));
    this.page.post({
      type: "models",
      rows: [...own, ...theirs],
      hiddenCount: others.reduce((count, { hiddenCount }) => count + hiddenCount, list.hiddenCount),
      ...(list.defaultModel !== undefined && { current: keyOf(list.defaultModel) }),
      ...(note && { note }),
    });
  }
}

function sentence(error: unknown): string {
  return error instanceof ServerError ? error.sentence : plain(error instanceof Error ? error.message : String(error));
}
