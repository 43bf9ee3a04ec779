/** `litellm.usage`: what this window and the last days have cost, by model, and what is left of the key's budget. */

import * as vscode from "vscode";
import type { World } from "../commands/world";
import { Method } from "../protocol";
import { dollarsSpent, plain } from "../words";
import { type View, openView } from "./panel";
import { type Days, daysOf, leadOf, recordedDays, rowsOf, today } from "./usageDays";
import type { FromUsage, Period, Source, ToUsage } from "./usageMessages";
import { budget, byModel, summary, total } from "./usageRows";
import { usageTexts } from "./usageTexts";

export async function usage(world: World): Promise<void> {
  const kind = { name: "usage", title: vscode.l10n.t("LiteLLM Usage"), texts: usageTexts() };
  openView<ToUsage, FromUsage>(world.context, kind, (page) => new Usage(world, page).take);
}

const PERIODS: Period[] = ["window", "today", "week", "month"];

class Usage {
  private period: Period = "window";
  /** The one day of it that is looked at. */
  private day: string | undefined;
  /** Who counts the days gone by, and what each says; undefined where it says nothing. */
  private source: Source = "machine";
  private readonly days: Partial<Record<Source, Days>> = {};
  private asked = false;
  /** What the proxy says of budgets, once asked. */
  private note: string | undefined;

  constructor(
    private readonly world: World,
    private readonly page: View<ToUsage>,
  ) {
    const listening = world.session.onDidChange(() => void this.look());
    page.onDidDispose(() => listening.dispose());
  }

  readonly take = (message: FromUsage): void => {
    if (message.type === "ready" || message.type === "refresh") return void this.ask();
    // Another span begins with all of its days.
    if (message.type === "period") this.period = message.period;
    if (message.type === "source") this.source = message.source;
    this.day = message.type === "day" ? message.date : undefined;
    this.tell();
  };

  /** What this machine has recorded is there at once. */
  private async look(): Promise<void> {
    const groups = await this.world.session.recorded();
    if (groups) this.days.machine = recordedDays(groups, today());
    this.tell();
  }

  private async ask(): Promise<void> {
    const { server, session } = this.world;
    await this.look();
    const status = await server.request(Method.status, {}).catch(() => undefined);
    const note = status?.checks.find(({ name }) => name === "budget")?.message;
    this.note = note && plain(note);
    const history = (await session.count({ history: true }))?.history;
    if (history) this.days.proxy = { ...history, recorded: false };
    this.asked = true;
    this.tell();
  }

  private tell(): void {
    const { session } = this.world;
    const { machine, proxy } = this.days;
    const history = this.source === "proxy" ? (proxy ?? machine) : (machine ?? proxy);
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
    const cost = (period: Period) =>
      period === "window"
        ? dollarsSpent(total(session.spent))
        : history && dollarsSpent(total(rowsOf(period, history)));
    const costs = Object.fromEntries(PERIODS.flatMap((period) => (cost(period) ? [[period, cost(period)]] : [])));
    const chart = days && daysOf(days.period, days.history, all);
    this.page.post({
      period: days?.period ?? "window",
      costs,
      ...(machine && proxy && { source: this.source }),
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
