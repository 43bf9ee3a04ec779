/** `litellm.configure`: the page that says where the proxy is and how to sign in, and tests both before they are kept. */

import * as vscode from "vscode";
import { findBinary } from "../binary";
import type { World } from "../commands/world";
import { forgetKey, storeKey } from "../keys";
import { Method } from "../protocol";
import { ServerError } from "../server";
import { write } from "../settings";
import { plain } from "../words";
import { asSetUp, Drafts, reference, type Tried } from "./draft";
import { chooseConfig, startProxy, writeConfig } from "./localProxy";
import { type View, openView } from "./panel";
import type { Draft, FromSetup, ToSetup } from "./setupMessages";
import { setupTexts } from "./setupTexts";
import { steps, works } from "./steps";

export async function setUp({ context, server, session }: World): Promise<void> {
  const kind = { name: "setup", title: vscode.l10n.t("Set Up LiteLLM"), texts: setupTexts() };
  openView<ToSetup, FromSetup>(context, kind, (page) => new SetUp(context, { server, session }, page).take);
}

class SetUp {
  private readonly drafts: Drafts;
  private starting: vscode.CancellationTokenSource | undefined;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly world: Pick<World, "server" | "session">,
    private readonly page: View<ToSetup>,
  ) {
    this.drafts = new Drafts(context, world.server);
    page.onDidDispose(() => {
      this.starting?.cancel();
      this.drafts.dispose();
    });
  }

  readonly take = (message: FromSetup): void => {
    this.answer(message).catch((error: unknown) => {
      this.page.post({ type: "stopped" });
      if (error instanceof vscode.CancellationError) return;
      const sentence =
        error instanceof ServerError ? error.sentence : plain(error instanceof Error ? error.message : String(error));
      void vscode.window.showErrorMessage(`LiteLLM: ${sentence}`);
    });
  };

  private async answer(message: FromSetup): Promise<void> {
    switch (message.type) {
      case "ready":
        return this.page.post({
          type: "begin",
          ...asSetUp(await this.world.server.request(Method.configure, { verify: false })),
        });
      case "look":
        return this.tell(message.number, await this.drafts.look(message.baseUrl));
      case "save":
        return this.save(message.number, message.draft, message.anyway);
      case "startDemo":
        return this.start(["--demo"]);
      case "serveConfig": {
        const file = await chooseConfig();
        return file === undefined ? undefined : this.start(["--config", file]);
      }
      case "stopStart":
        return this.starting?.cancel();
      case "writeConfig":
        return writeConfig(findBinary(this.context), vscode.ViewColumn.Beside);
      case "askInChat":
        return void (await vscode.commands.executeCommand("litellm.unlockChat"));
      case "askInFile":
        return askInFile();
      case "compare":
        return void (await vscode.commands.executeCommand("litellm.models"));
    }
  }

  private tell(number: number, tried: Tried | undefined): void {
    // Undefined: a newer draft has taken its place.
    if (!tried) return;
    const { steps, works, canBeKept } = tried;
    this.page.post({ type: "checked", number, steps, works, canBeKept });
  }

  private async save(number: number, draft: Draft, anyway: boolean): Promise<void> {
    const tried = await this.drafts.try(draft);
    if (!tried?.works && !(anyway && tried?.canBeKept)) return this.tell(number, tried);
    const { baseUrl } = tried;
    await this.world.server.afterOneRestart(async () => {
      if (draft.way === "literal") await storeKey(this.context, { baseUrl, apiKey: draft.value.trim() });
      else if (draft.way !== "kept") await forgetKey(this.context);
      if (draft.way !== "kept") await write("apiKey", reference(draft) ?? "");
      await write("baseUrl", draft.baseUrl.trim());
    });
    await this.saved(baseUrl);
  }

  /** Tells how what was saved does in real use. */
  private async saved(baseUrl: string): Promise<void> {
    const status = await this.world.server.request(Method.status, {});
    await this.world.session.refresh();
    const all = steps(status);
    const ready = works(all, status);
    const now = asSetUp(await this.world.server.request(Method.configure, { verify: false }));
    this.page.post({
      type: "saved",
      baseUrl: plain(status.baseUrl || baseUrl),
      models: status.modelCount ?? 0,
      steps: all,
      works: ready,
      ...now,
    });
  }

  /** Starts a proxy on this machine and uses it. */
  private async start(source: string[]): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      throw new Error(vscode.l10n.t("Trust this workspace before you start a proxy from it."));
    }
    this.starting?.cancel();
    const starting = (this.starting = new vscode.CancellationTokenSource());
    const tell = (state: "running" | "failed" | "stopped" | "started", message: string) =>
      this.page.post({ type: "proxy", state, message });
    tell("running", vscode.l10n.t("Starting…"));
    try {
      await startProxy(findBinary(this.context), source, (line) => tell("running", line), starting.token);
    } catch (error) {
      if (error instanceof vscode.CancellationError) return tell("stopped", vscode.l10n.t("Stopped."));
      return tell("failed", plain(error instanceof Error ? error.message : String(error)));
    }
    const { server } = this.world;
    // The server finds it by itself where no setting names another.
    await server.afterOneRestart(async () => {
      await write("apiKey", "");
      await write("baseUrl", "");
    });
    const { settings } = await server.request(Method.configure, { verify: false });
    const url = plain(settings.baseUrl.value);
    if (settings.baseUrl.origin !== "localProxy") {
      return tell(
        "failed",
        vscode.l10n.t(
          "The proxy runs, but LITELLM_BASE_URL or the settings file names {0}: take that out to use it.",
          url,
        ),
      );
    }
    tell("started", vscode.l10n.t("A proxy runs at {0}.", url));
    await this.saved(settings.baseUrl.value);
  }
}

/** Asks in the file that can be seen, or in a new one. */
async function askInFile(): Promise<void> {
  const document =
    vscode.window.visibleTextEditors[0]?.document ??
    (await vscode.workspace.openTextDocument({ language: "markdown" }));
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand("litellm.complete");
}
