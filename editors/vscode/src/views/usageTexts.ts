/** What the page of usage says. */

import { l10n } from "vscode";

export function usageTexts() {
  return {
    title: l10n.t("Usage"),
    span: l10n.t("Span"),
    window: l10n.t("This window"),
    today: l10n.t("Today"),
    week: l10n.t("7 days"),
    month: l10n.t("30 days"),
    source: l10n.t("Counted by"),
    machine: l10n.t("This machine"),
    proxy: l10n.t("The proxy"),
    byDay: l10n.t("By day"),
    day: l10n.t("{0}: {1}"),
    budget: l10n.t("Budget of the key"),
    asOf: l10n.t("The proxy said so at {0}; it counts streams late."),
    percent: l10n.t("{0}%"),
    measure: l10n.t("Show"),
    cost: l10n.t("Cost"),
    tokens: l10n.t("Tokens"),
    calls: l10n.t("Calls"),
    byModel: l10n.t("By model"),
    share: l10n.t("{0}, {1}% of all"),
    failures: l10n.t("with failures"),
    nothing: l10n.t("Nothing has been asked in this window yet."),
    nothingThen: l10n.t("Nothing was asked in these days."),
    refresh: l10n.t("Ask the Proxy Again"),
  };
}
