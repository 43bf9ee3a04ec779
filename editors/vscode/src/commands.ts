/** The commands: each in its own file, under its name without `litellm.`. */

import * as vscode from "vscode";
import {
  ask,
  askAt,
  complete,
  completeReadOnly,
  explain,
  runPrompt,
  runPromptReadOnly,
  showAnswers,
} from "./commands/askAt";
import { commitMessage } from "./commands/commitMessage";
import { copyDiagnostics, report } from "./commands/diagnostics";
import { installInPath, removeFromPath } from "./commands/inPath";
import { copyModelId, pickModel } from "./commands/pickModel";
import { toggleProposals } from "./commands/proposals";
import { restartProxy, showProxyLog, startProxy, stopProxy, writeProxyConfig } from "./commands/proxy";
import { status } from "./commands/status";
import type { Command } from "./commands/world";
import { cancel } from "./commands/write";
import { untilDone } from "./failures";
import { forgetKey } from "./keys";
import { unlockChat } from "./unlock";
import { models } from "./views/models";
import { setUp } from "./views/setup";
import { usage } from "./views/usage";

export const commands: Record<string, Command> = {
  configure: told(setUp),
  pickModel: told(pickModel),
  models: told(models),
  complete: told(complete),
  completeReadOnly,
  cancel,
  commitMessage: told(commitMessage),
  explain: told(explain),
  ask: told(ask),
  askAt: told(askAt),
  // VS Code gives a command what it was called on.
  runPrompt: told((world) => runPrompt(world)),
  runPromptReadOnly: told(runPromptReadOnly),
  showAnswers,
  copyDiagnostics: told(copyDiagnostics),
  copyModelId: told(copyModelId),
  report: told(report),
  installInPath: told(installInPath),
  removeFromPath: told(removeFromPath),
  toggleProposals: told(toggleProposals),
  status: told(status),
  usage: told(usage),
  unlockChat: told(unlockChat),
  "proxy.start": told(startProxy),
  "proxy.stop": told(stopProxy),
  "proxy.restart": told(restartProxy),
  "proxy.showLog": told(showProxyLog),
  "proxy.writeConfig": told(writeProxyConfig),
  restart: ({ server }) => server.restart(),
  showLog: async ({ server }) => server.log.show(),
  forgetKey: told(async ({ context, server }) => {
    await forgetKey(context);
    await server.renew();
    void vscode.window.showInformationMessage(vscode.l10n.t("LiteLLM: the stored key is gone"));
  }),
};

/** A command whose failure the user is told of, with what to do. */
function told(command: Command): Command {
  return (world, ...given) => untilDone(() => command(world, ...given));
}
