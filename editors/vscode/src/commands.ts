/** The commands: each in its own file, under its name without `litellm.`. */

import * as vscode from "vscode";
import type { ChatModels } from "./chatModels";
import { cancel, complete } from "./commands/complete";
import { pickModel } from "./commands/pickModel";
import { status } from "./commands/status";
import { usage } from "./commands/usage";
import { forgetKey } from "./keys";
import type { Reviews } from "./review";
import { type Server, ServerError } from "./server";
import type { Session } from "./session";
import { unlockChat } from "./unlock";
import { setUp } from "./views/setup";
import { plain } from "./words";

/** What a command works with. */
export interface World {
  context: vscode.ExtensionContext;
  server: Server;
  session: Session;
  models: ChatModels;
  reviews: Reviews;
}

export type Command = (world: World) => Promise<void>;

export const commands: Record<string, Command> = {
  configure: told(setUp),
  pickModel: told(pickModel),
  complete: told(complete),
  cancel,
  status: told(status),
  usage: told(usage),
  unlockChat: told(unlockChat),
  restart: ({ server }) => server.restart(),
  showLog: async ({ server }) => server.log.show(),
  forgetKey: told(async ({ context, server }) => {
    await forgetKey(context);
    await server.restart();
    void vscode.window.showInformationMessage("LiteLLM: the stored key is gone");
  }),
};

/** A command whose failure the user is told of, with what to do. */
function told(command: Command): Command {
  return async (world) => {
    try {
      await command(world);
    } catch (error) {
      if (error instanceof vscode.CancellationError) return;
      const sentence = error instanceof ServerError ? error.sentence : plain(String(error));
      const choice = await vscode.window.showErrorMessage(`LiteLLM: ${sentence}`, "Set Up", "Status");
      if (choice === "Set Up") await vscode.commands.executeCommand("litellm.configure");
      if (choice === "Status") await vscode.commands.executeCommand("litellm.status");
    }
  };
}
