/** Tells the walkthrough what has been reached, so that its steps are ticked by results and not by clicks. */

import * as vscode from "vscode";
import type { Server } from "./server";
import type { Session } from "./session";
import { total } from "./views/usageRows";
import { setting } from "./settings";

/** What has been reached, by the context keys that package.json names; `litellm.chatUnlocked` is told by the chat itself. */
export function reached(
  server: Pick<Server, "isRunning" | "status">,
  session: Pick<Session, "inUse" | "spent">,
  chosen: string,
): Record<string, boolean> {
  const usable = server.status === undefined || server.status.state === "ready" || server.status.state === "degraded";
  return {
    "litellm.ready": server.isRunning && usable && session.inUse !== undefined,
    "litellm.modelChosen": chosen !== "",
    "litellm.asked": total(session.spent.filter(({ outcome }) => outcome === "succeeded")).calls > 0,
  };
}

export function watchProgress(server: Server, session: Session): vscode.Disposable {
  const tell = () => {
    const chosen = setting("model");
    for (const [key, is] of Object.entries(reached(server, session, chosen))) {
      void vscode.commands.executeCommand("setContext", key, is);
    }
    void tick();
  };
  return vscode.Disposable.from(
    session.onDidChange(tell),
    // The page of walkthroughs has no kind that extensions know.
    vscode.window.tabGroups.onDidChangeTabs(({ opened, changed }) => {
      if ([...opened, ...changed].some(({ input }) => input === undefined)) tell();
    }),
  );
}

/**
 * Has VS Code tick what was reached. It ticks a step when a key becomes true, and never one whose key was true already
 * when it first looked at the walkthrough: so there is one key more, which is true for a moment only.
 */
export async function tick(): Promise<void> {
  await vscode.commands.executeCommand("setContext", "litellm.ticking", true);
  await vscode.commands.executeCommand("setContext", "litellm.ticking", false);
}
