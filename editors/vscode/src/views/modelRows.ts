/** The models of a list as the rows of the page. */

import { env, l10n } from "vscode";
import type { HiddenReason, Model } from "../protocol";
import { said } from "../serverWords";
import { dollars, isRetired, plain, tokens } from "../words";
import type { ModelRow } from "./modelMessages";

/** What the page calls a model of a server; undefined is the one in use. */
export function keyOf(id: string, profile?: string): string {
  return JSON.stringify(profile === undefined ? [id] : [id, profile]);
}

/** What a key stands for. */
export function modelOf(key: string): { id: string; profile?: string } {
  const [id, profile] = JSON.parse(key) as [string, string?];
  return { id, ...(profile !== undefined && { profile }) };
}

/** `profile` is that of another server, `own` that of the one in use where there are several. */
export function modelRow(model: Model, profile?: string, own?: string): ModelRow {
  const { summary } = model;
  const priced = /\d|free/.test(summary.price);
  const known = (words: string, value: number | undefined) => (words === "unknown" ? undefined : value);
  return {
    key: keyOf(model.id, profile),
    name: plain(model.id),
    vendor: said(summary.vendor),
    context: said(summary.context),
    output: said(summary.output),
    price: said(summary.price),
    abilities: summary.abilities.map(said),
    terms: [...summary.abilities, summary.vendor].map(plain),
    retired: isRetired(model),
    favourite: model.favourite ?? false,
    backends: (model.backends ?? []).map(plain),
    morePrices: morePrices(model),
    isOther: profile !== undefined,
    ...given({
      server: plain(profile ?? own ?? ""),
      notice: summary.notice && plain(summary.notice),
      lastUsed: model.lastUsed && new Date(model.lastUsed).toLocaleString(env.language),
      hidden: model.hidden && why(model.hidden, model.mode),
      description: model.description && plain(model.description),
      contextTokens: known(summary.context, model.contextWindow),
      outputTokens: known(summary.output, model.maxTokens),
      dollars: priced ? (model.inputPrice ?? 0) + (model.outputPrice ?? 0) : undefined,
    }),
  };
}

function why(reason: HiddenReason, mode: string | undefined): string {
  switch (reason) {
    case "wildcard":
      return l10n.t("stands for many names");
    case "blocked":
      return l10n.t("the proxy blocks it");
    case "mode":
      return l10n.t("{0}, no chat", plain(mode ?? "?"));
    case "notOffered":
      return l10n.t("your key may not call it");
    default:
      // Of a newer server.
      return plain(reason);
  }
}

function morePrices(model: Model): string[] {
  const isSaid = (name: keyof Model) => model.assumed?.[name] !== "default";
  const lines: string[] = [];
  if (model.cacheReadsPrice !== undefined && isSaid("cacheReadsPrice")) {
    lines.push(l10n.t("from the cache {0}", dollars(model.cacheReadsPrice)));
  }
  if (model.cacheWritesPrice !== undefined && isSaid("cacheWritesPrice")) {
    lines.push(l10n.t("into the cache {0}", dollars(model.cacheWritesPrice)));
  }
  for (const { above, inputPrice, outputPrice } of model.priceTiers ?? []) {
    if (inputPrice === undefined || outputPrice === undefined) continue;
    lines.push(l10n.t("above {0} tokens {1} / {2}", tokens(above), dollars(inputPrice), dollars(outputPrice)));
  }
  return lines;
}

/** Without what is not known. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined | ""> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== "")) as never;
}
