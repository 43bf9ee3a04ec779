/** The models of a list as the rows of the page. */

import { env, l10n } from "vscode";
import type { HiddenReason, Model } from "../protocol";
import { dollars, plain, tokens } from "../words";
import type { ModelRow } from "./modelMessages";

export function modelRow(model: Model): ModelRow {
  const { summary } = model;
  const priced = /\d|free/.test(summary.price);
  const known = (words: string, value: number | undefined) => (words === "unknown" ? undefined : value);
  return {
    id: model.id,
    vendor: plain(summary.vendor),
    context: summary.context,
    output: summary.output,
    price: summary.price,
    abilities: summary.abilities.map(plain),
    retired: summary.notice?.startsWith("retired") ?? false,
    favourite: model.favourite ?? false,
    backends: (model.backends ?? []).map(plain),
    morePrices: morePrices(model),
    ...given({
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
  const said = (name: keyof Model) => model.assumed?.[name] !== "default";
  const lines: string[] = [];
  if (model.cacheReadsPrice !== undefined && said("cacheReadsPrice")) {
    lines.push(l10n.t("from the cache {0}", dollars(model.cacheReadsPrice)));
  }
  if (model.cacheWritesPrice !== undefined && said("cacheWritesPrice")) {
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
