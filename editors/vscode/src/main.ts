/** The extension from activation to its end: the server, the models of the chat, the commands and the status bar. */

import * as vscode from "vscode";
import { Answers } from "./answers";
import { ChatModels } from "./chatModels";
import { commands } from "./commands";
import { keepUp } from "./commands/inPath";
import { tellRunning } from "./commands/write";
import { OwnProxy } from "./ownProxy";
import { Reviews } from "./review";
import { Server } from "./server";
import { Session } from "./session";
import { StatusBar } from "./statusBar";
import { watchLock } from "./unlock";
import { watchProgress } from "./walkthrough";
import { plain } from "./words";

export function activate(context: vscode.ExtensionContext): void {
  const server = new Server(context);
  const session = new Session(server);
  const models = new ChatModels(context, server, session);
  const reviews = new Reviews();
  const answers = new Answers(context, server);
  const proxy = new OwnProxy(server, context.workspaceState);
  context.subscriptions.push(
    server,
    session,
    models,
    reviews,
    answers,
    proxy,
    new StatusBar(context, server, session),
    watchLock(context),
    watchProgress(server, session),
    // At once, before the server is up: the chat asks for the models when it likes.
    vscode.lm.registerLanguageModelChatProvider("litellm", models),
    ...Object.entries(commands).map(([name, command]) =>
      vscode.commands.registerCommand(`litellm.${name}`, (...given: unknown[]) =>
        command({ context, server, session, models, reviews, answers, proxy }, ...given),
      ),
    ),
  );
  // Not in the activation, which the editor waits for.
  setImmediate(() => {
    void tellRunning();
    void keepUp(context).catch((error: unknown) => server.log.warn(plain(String(error))));
  });
  // Nobody waits for it: what is asked meanwhile is asked once the server is up.
  void server.restart();
}
