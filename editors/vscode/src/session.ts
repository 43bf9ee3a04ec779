/** What this window has chosen and spent. */

import * as vscode from "vscode";
import {
  type KeyBudget,
  type LedgerGroup,
  type LedgerParams,
  type ListModelsResult,
  Method,
  type Model,
  type StatusResult,
  type UsageReportParams,
  type UsageReportResult,
  type UsageRow,
  type UsageSum,
} from "./protocol";
import type { Server } from "./server";
import { today } from "./views/usageDays";
import { merged } from "./views/usageRows";

/** How soon a proxy that can't be used is looked at again, in milliseconds. */
const LOOK_AGAIN = 15_000;

/** What lists to pick from show of a model beside its summary. */
export const LISTED = ["favourite", "lastUsed", "description", "provider"];

export class Session implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  /** What earlier servers of this window took. */
  private before: UsageRow[] = [];
  /** What the server has taken since it started, by profile. */
  private readonly now = new Map<string, UsageRow[]>();
  /** The start that it is of. */
  private counted = 0;
  /** What was spent on a day, by all programs of this machine. */
  private lately: { date: string; sum: UsageSum; limit: number | undefined } | undefined;
  /** When this window began to count. */
  readonly since = new Date();
  /** What the proxy said last of the key. */
  key: KeyBudget | undefined;
  private lookingAgain: NodeJS.Timeout | undefined;
  /** The model in use. */
  model: string | undefined;
  /** What the proxy tells of it; undefined where it does not list it. */
  inUse: Model | undefined;
  /** Whether that is a proxy of this machine that we started. */
  isOwnProxy = false;
  /** Whether something answers where the proxy should be that is none. */
  isOtherServer = false;
  /** Whether somebody has said where the proxy is. */
  isSetUp = true;
  /** Where the proxy is. */
  baseUrl: string | undefined;
  /** The profile in use. */
  private profile: string | undefined;

  /** Who comes back to the window need not wait. */
  private readonly coming = vscode.window.onDidChangeWindowState(({ focused }) => {
    if (focused && !this.isUsable) void this.look();
  });

  constructor(private readonly server: Server) {
    server.onDidChangeRunning((running) => {
      if (running) void this.begin();
    });
    server.onDidNotify((method) => {
      if (method === Method.didChangeStatus) this.lookAgain();
      if (method === Method.didChangeStatus && server.status?.state === "unreachable") void this.look();
      if (method !== Method.didChangeUsage) void this.refresh();
    });
    server.onDidSpend((profile) => void this.count({ profile }));
  }

  /** What this window has spent, by model and outcome; a restart of the server loses nothing. */
  get spent(): UsageRow[] {
    return [...this.now.values()].reduce(merged, this.before);
  }

  /** What all programs of this machine have spent today; undefined where that is not recorded. */
  get spentToday(): UsageSum | undefined {
    return this.lately?.date === today() ? this.lately.sum : undefined;
  }

  /** What the user may spend on a day, by a budget of their own. */
  get limitToday(): number | undefined {
    return this.lately?.date === today() ? this.lately.limit : undefined;
  }

  private async begin(): Promise<void> {
    await this.count({ watch: true });
    await this.refresh();
  }

  /** Looks up what was spent; with `watch` the server tells of each change, with `history` of the days gone by. */
  async count(params: UsageReportParams = {}): Promise<UsageReportResult | undefined> {
    const since = today();
    const report = await this.server.request(Method.usage, { ...params, ledger: { since } }).catch(() => undefined);
    if (!report) return undefined;
    const own = report.budgets?.find(({ scope, window }) => scope === "own" && window === "day");
    this.lately = report.ledger && { date: since, sum: report.ledger.total, limit: own?.limit };
    // Each server counts anew, and may answer before it is known to be up.
    if (this.server.starts !== this.counted) {
      this.before = this.spent;
      this.now.clear();
    }
    this.counted = this.server.starts;
    this.now.set(report.profile, report.rows);
    // That of the server in use.
    if (params.profile === undefined || params.profile === this.profile) this.key = report.key ?? this.key;
    this.changed.fire();
    return report;
  }

  /** What was recorded on this machine in the last days, by day, model and outcome. */
  async recorded(): Promise<LedgerGroup[] | undefined> {
    const groups: LedgerGroup[] = [];
    const asked: LedgerParams = { by: ["day", "model", "outcome"] };
    for (;;) {
      const { ledger } = (await this.server.request(Method.usage, { ledger: asked }).catch(() => undefined)) ?? {};
      if (!ledger) return undefined;
      groups.push(...ledger.groups);
      if (ledger.nextCursor === undefined) return groups;
      // What is told ends where the first page did, whatever is booked meanwhile.
      Object.assign(asked, { since: ledger.since, until: ledger.until, cursor: ledger.nextCursor });
    }
  }

  /** Asks for the status of a proxy that can't be used until it can: nobody else tells that it is back. */
  private lookAgain(): void {
    clearTimeout(this.lookingAgain);
    if (this.isUsable) return;
    this.lookingAgain = setTimeout(async () => {
      if (vscode.window.state.focused) await this.look();
      this.lookAgain();
    }, LOOK_AGAIN);
  }

  private get isUsable(): boolean {
    return this.server.status === undefined || this.server.status.state === "ready";
  }

  private async look(): Promise<void> {
    const found = await this.server.request(Method.status, {}).catch(() => undefined);
    const isOther = found !== undefined && isOtherServer(found);
    if (isOther === this.isOtherServer) return;
    this.isOtherServer = isOther;
    this.changed.fire();
  }

  dispose(): void {
    clearTimeout(this.lookingAgain);
    this.coming.dispose();
    this.changed.dispose();
  }

  /**
   * The models, from the server's memory where it has them, in the order of a picker. Thousands come sooner with
   * the members that are needed alone; without `fields` they have all.
   */
  models(refresh = false, profile?: string, fields: string[] = []): Promise<ListModelsResult> {
    return this.server.request(Method.listModels, {
      refresh,
      order: "picker",
      fields,
      ...(profile !== undefined && { profile }),
    });
  }

  /** The profile in use. */
  async inUseOf(): Promise<string> {
    await this.address();
    return this.profile ?? "";
  }

  /** Where the proxy is, whether it answers or not. */
  async address(): Promise<string> {
    const { profile, settings } = await this.server.request(Method.configure, { verify: false });
    this.profile = profile;
    this.isOwnProxy = settings.baseUrl.origin === "localProxy";
    this.isSetUp = settings.baseUrl.origin !== "default";
    return settings.baseUrl.value;
  }

  /** Looks up which model is in use. A failure is the status bar's to show. */
  async refresh(): Promise<void> {
    await this.models(false, undefined, LISTED).then(
      ({ defaultModel, models }) => {
        this.model = defaultModel;
        this.inUse = models.find(({ id }) => id === defaultModel);
      },
      () => undefined,
    );
    this.baseUrl = await this.address().catch(() => undefined);
    this.changed.fire();
  }
}

/** Whether what answers is no LiteLLM proxy, such as a web page at a wrong address. */
export function isOtherServer({ checks }: Pick<StatusResult, "checks">): boolean {
  // Of a proxy whose list of models can't be read, the address is right.
  return checks.some(({ name, kind }) => name !== "models" && kind === "badResponse");
}
