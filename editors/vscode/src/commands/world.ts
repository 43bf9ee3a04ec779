/** What commands are, and what they work with. */

import type * as vscode from "vscode";
import type { Answers } from "../answers";
import type { ChatModels } from "../chatModels";
import type { OwnProxy } from "../ownProxy";
import type { Reviews } from "../review";
import type { Server } from "../server";
import type { Session } from "../session";

/** What a command works with. */
export interface World {
  context: vscode.ExtensionContext;
  server: Server;
  session: Session;
  models: ChatModels;
  reviews: Reviews;
  answers: Answers;
  proxy: OwnProxy;
}

/** VS Code gives a command what it was called on, such as a view or a file. */
// biome-ignore lint/suspicious/noExplicitAny: each command knows what it is called on.
export type Command = (world: World, ...given: any[]) => Promise<void>;
