/** `litellm.usage`: what this window and the last days have cost, by model, and what is left of the key's budget. */

import * as vscode from "vscode";
import type { World } from "../commands/world";
import { Method, type UsageHistory } from "../protocol";
import { sentence } from "../serverFailures";
import { dollarsSpent, plain } from "../words";
import { type View, openView } from "./panel";
import { daysOf, leadOf, rowsOf } from "./usageDays";
import type { FromUsage, Period, ToUsage } from "./usageMessages";
import { budget, byModel, summary, total } from "./usageRows";
import { usageTexts } from "./usageTexts";

export async function usage(world: World): Promise<void> {
  const kind = { name: "usage", title: vscode.l10n.t("LiteLLM Usage"), texts: usageTexts() };
  openView<ToUsage, FromUsage>(world.context, kind, (page) => new Usage(world, page).take);
}

class Usage {
  private period: Period = "window";
  /** The one day of it that is looked at. */
  private day: string | undefined;
  /** What the proxy says of the days gone by; undefined where it says nothing. */
  private history: UsageHistory | undefined;
  private asked = false;
  /** What the proxy says of budgets, once asked. */
  private note: string | undefined;

  constructor(
    private readonly world: World,
    private readonly page: View<ToUsage>,
  ) {
    const listening = world.session.onDidChange(() => this.tell());
    page.onDidDispose(() => listening.dispose());
  }

  readonly take = (message: FromUsage): void => {
    if (message.type === "ready" || message.type === "refresh") return void this.ask();
    // Another span begins with all of its days.
    if (message.type === "period") this.period = message.period;
    this.day = message.type === "day" ? message.date : undefined;
    this.tell();
  };

  private async ask(): Promise<void> {
    const { server, session } = this.world;
    this.tell();
    const status = await server.request(Method.status, {}).catch(() => undefined);
    const note = status?.checks.find(({ name }) => name === "budget")?.message;
    this.note = note && sentence(note);
    this.history = (await session.count({ history: true }))?.history;
    this.asked = true;
    this.tell();
  }

  private tell(): void {
    const { session } = this.world;
    const { history } = this;
    const key = session.key && budget(session.key, this.note);
    const days = this.period !== "window" && history ? { period: this.period, history } : undefined;
    const inSpan = days ? rowsOf(days.period, days.history) : session.spent;
    const all = byModel(inSpan);
    const rows = days && this.day !== undefined ? rowsOf(days.period, days.history, this.day) : inSpan;
    const models = byModel(rows, all);
    const since = session.since.toLocaleString(vscode.env.language, { dateStyle: "medium", timeStyle: "short" });
    const silent = vscode.l10n.t(
      "What was spent before is not known: the proxy tells that to keys that belong to a user.",
    );
    // A budget that is not the key's own, such as the user's, is told in the status alone.
    const notes = [this.asked && !history ? silent : "", key ? "" : plain(this.note ?? "")].filter(Boolean).join(" ");
    const chart = days && daysOf(days.period, days.history, all);
    this.page.post({
      period: days?.period ?? "window",
      hasDays: history !== undefined,
      lead: days ? leadOf(days.period, days.history, this.day) : vscode.l10n.t("This window, since {0}", since),
      total: dollarsSpent(total(rows)),
      summary: summary(rows),
      models,
      ...(notes && { note: notes }),
      ...(chart && { days: chart, ...(this.day !== undefined && { day: this.day }) }),
      ...(key && { budget: key }),
    });
  }
}
