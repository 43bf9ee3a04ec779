/** `litellm.usage`: what this window has spent, by model, and what is left of the key's budget. */

import * as vscode from "vscode";
import type { World } from "../commands";
import { Method } from "../protocol";
import { dollarsSpent } from "../words";
import { type View, openView } from "./panel";
import type { FromUsage, ToUsage } from "./usageMessages";
import { budget, byModel, summary, total } from "./usageRows";
import { usageTexts } from "./usageTexts";

export async function usage({ context, server, session }: World): Promise<void> {
  const kind = { name: "usage", title: vscode.l10n.t("LiteLLM Usage"), texts: usageTexts() };
  openView<ToUsage, FromUsage>(context, kind, (page: View<ToUsage>) => {
    /** What the proxy says of budgets, once asked. */
    let note: string | undefined;
    const tell = () => {
      const rows = session.spent;
      const key = session.key && budget(session.key, note);
      page.post({
        since: session.since.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }),
        total: dollarsSpent(total(rows)),
        summary: summary(rows),
        models: byModel(rows),
        ...(key && { budget: key }),
      });
    };
    const ask = async () => {
      tell();
      const status = await server.request(Method.status, {}).catch(() => undefined);
      note = status?.checks.find(({ name }) => name === "budget")?.message;
      await session.count();
      tell();
    };
    const listening = session.onDidChange(tell);
    page.onDidDispose(() => listening.dispose());
    return () => void ask();
  });
}
