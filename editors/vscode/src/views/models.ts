/** `litellm.models`: all models in a table to sort, filter and compare. */

import * as vscode from "vscode";
import type { World } from "../commands/world";
import { useModel } from "../commands/pickModel";
import { Method } from "../protocol";
import { ServerError } from "../server";
import { plain } from "../words";
import type { FromModels, ToModels } from "./modelMessages";
import { modelRow } from "./modelRows";
import { modelTexts } from "./modelTexts";
import { type View, openView } from "./panel";

export async function models(world: World): Promise<void> {
  const kind = { name: "models", title: vscode.l10n.t("LiteLLM Models"), texts: modelTexts() };
  openView<ToModels, FromModels>(world.context, kind, (page) => new Models(world, page).take);
}

class Models {
  private hidden = false;

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
        return this.use(message.id);
      case "favourite":
        await this.world.server.request(Method.markModel, { model: message.id, favourite: message.favourite });
        return this.list(false);
      case "copy":
        return void (await vscode.env.clipboard.writeText(message.id));
    }
  }

  private async use(id: string): Promise<void> {
    const { models } = await this.world.session.models();
    const model = models.find((model) => model.id === id);
    if (model) await useModel(this.world, { model });
  }

  private async list(refresh: boolean): Promise<void> {
    try {
      const params = { order: "picker" as const, includeHidden: this.hidden, refresh };
      const list = await this.world.server.request(Method.listModels, params);
      const note = list.stale
        ? vscode.l10n.t("The proxy does not answer: this is an older list.")
        : list.warnings.map(plain).join(" ");
      this.page.post({
        type: "models",
        rows: list.models.map(modelRow),
        hiddenCount: list.hiddenCount,
        ...(list.defaultModel !== undefined && { current: list.defaultModel }),
        ...(note && { note }),
      });
    } catch (error) {
      this.page.post({ type: "failed", message: sentence(error) });
    }
  }
}

function sentence(error: unknown): string {
  return error instanceof ServerError ? error.sentence : plain(error instanceof Error ? error.message : String(error));
}
