/** The card that the item in the status bar shows when the mouse rests on it. */

import { l10n } from "vscode";
import type { KeyBudget, UsageRow, UsageSum } from "../protocol";
import { dollarsSpent, markdown } from "../words";
import { budget, summary, total } from "./usageRows";

/** What the card tells of. */
export interface Told {
  running: boolean;
  /** What the server said last of its state, where that is not ready. */
  problem?: { message: string; remedy?: string };
  baseUrl?: string;
  /** Whether that is a proxy of this machine that we started. */
  isOwnProxy: boolean;
  model?: string;
  /** Limits, price and abilities of the model. */
  line?: string;
  spent: UsageRow[];
  /** What all programs of this machine have spent today. */
  today?: UsageSum;
  key?: KeyBudget;
  proposals: boolean;
  chatUnlocked: boolean;
}

/** From which share of a budget the card warns. */
const NEAR = 0.8;

const MODEL = "litellm.pickModel";
const MODELS = "litellm.models";
const USAGE = "litellm.usage";
const STATUS = "litellm.status";
const SETUP = "litellm.configure";
const RESTART = "litellm.restart";
const UNLOCK = "litellm.unlockChat";
const PROPOSALS = "litellm.toggleProposals";
const START_PROXY = "litellm.proxy.start";
const STOP_PROXY = "litellm.proxy.stop";
const RESTART_PROXY = "litellm.proxy.restart";
const PROXY_LOG = "litellm.proxy.showLog";

/** The only commands that the card can run, whatever texts of others stand in it. */
export const CARD_COMMANDS = [
  ...[MODEL, MODELS, USAGE, STATUS, SETUP, RESTART, UNLOCK, PROPOSALS],
  ...[START_PROXY, STOP_PROXY, RESTART_PROXY, PROXY_LOG],
];

/** The card as Markdown: what is wrong first, then what holds, then what can be done. */
export function cardText(told: Told): string {
  return [problems(told).join("\n\n"), facts(told), actions(told)].filter(Boolean).join("\n\n---\n\n");
}

/** The worst first. */
function problems({ running, problem, key, chatUnlocked }: Told): string[] {
  const all: string[] = [];
  if (!running) all.push(`$(error) ${l10n.t("The server is not running.")} ${link(l10n.t("Restart"), RESTART)}`);
  if (problem) {
    const remedy = problem.remedy ? `\n\n→ ${markdown(problem.remedy)}` : "";
    all.push(`$(warning) ${markdown(problem.message)}${remedy}`);
  }
  const share = key && budget(key, undefined)?.share;
  if (share !== undefined && share >= NEAR)
    all.push(`$(warning) ${l10n.t("{0}% of the budget are spent.", Math.floor(share * 100))}`);
  if (!chatUnlocked) all.push(`$(info) ${l10n.t("VS Code's chat view is locked.")} ${link(l10n.t("Unlock"), UNLOCK)}`);
  return all;
}

function facts({ baseUrl, isOwnProxy, model, line, spent, today, key, proposals }: Told): string {
  const known = key && budget(key, undefined);
  const rows: [string, string][] = [
    ...(baseUrl ? [[l10n.t("Proxy"), proxy(baseUrl, isOwnProxy)] as [string, string]] : []),
    ...(model
      ? [
          [l10n.t("Model"), [`**${markdown(model)}**`, line && markdown(line)].filter(Boolean).join("<br>")] as [
            string,
            string,
          ],
        ]
      : []),
    [l10n.t("This window"), [dollarsSpent(total(spent)), summary(spent)].map(markdown).join(" · ")],
    ...(today
      ? [[l10n.t("Today"), markdown(l10n.t("{0} on this machine", dollarsSpent(today)))] as [string, string]]
      : []),
    ...(known ? [[l10n.t("Budget"), markdown(known.spent)] as [string, string]] : []),
    [l10n.t("Proposals"), link(proposals ? l10n.t("on") : l10n.t("off"), PROPOSALS)],
  ];
  return ["| | |", "|:--|:--|", ...rows.map(([name, value]) => `| ${name} &nbsp; | ${value} |`)].join("\n");
}

/** Where the proxy is, and what can be done with one of this machine. */
function proxy(baseUrl: string, isOwn: boolean): string {
  const links = [
    link(l10n.t("Restart"), RESTART_PROXY),
    link(l10n.t("Stop"), STOP_PROXY),
    link(l10n.t("Log"), PROXY_LOG),
  ];
  return isOwn ? `${markdown(baseUrl)}<br>${links.join(" &nbsp; ")}` : markdown(baseUrl);
}

function actions({ problem, isOwnProxy }: Told): string {
  const links = [
    link(`$(list-selection) ${l10n.t("Pick")}`, MODEL),
    link(`$(table) ${l10n.t("Compare")}`, MODELS),
    link(`$(graph) ${l10n.t("Usage")}`, USAGE),
    link(`$(pulse) ${l10n.t("Status")}`, STATUS),
    link(`$(gear) ${l10n.t("Set Up")}`, SETUP),
  ];
  // What helps stands first.
  if (problem && !isOwnProxy) links.push(link(`$(play) ${l10n.t("Start a Proxy")}`, START_PROXY));
  if (problem) links.reverse();
  return links.join(" &nbsp; ");
}

function link(words: string, command: string): string {
  return `[${words}](command:${command})`;
}
