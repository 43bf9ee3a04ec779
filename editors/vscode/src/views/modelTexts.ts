/** What the page of models says. */

import { l10n } from "vscode";

export function modelTexts() {
  return {
    title: l10n.t("Models"),
    filter: l10n.t("Filter by name, vendor or ability"),
    count: l10n.t("{0} of {1}"),
    showHidden: l10n.t("Show hidden ({0})"),
    refresh: l10n.t("Ask the Proxy Again"),
    loading: l10n.t("Asking the proxy…"),
    none: l10n.t("No model has all of these words."),
    model: l10n.t("Model"),
    vendor: l10n.t("Vendor"),
    context: l10n.t("Context"),
    output: l10n.t("Output"),
    price: l10n.t("$ in / out"),
    perMillion: l10n.t("$ in / out per M"),
    abilities: l10n.t("Can"),
    notice: l10n.t("Note"),
    sortBy: l10n.t("Sort by {0}"),
    current: l10n.t("in use"),
    favourite: l10n.t("favourite"),
    use: l10n.t("Use"),
    makeFavourite: l10n.t("Add to Favourites"),
    noFavourite: l10n.t("Remove from Favourites"),
    copy: l10n.t("Copy Id"),
    copied: l10n.t("Copied"),
    compare: l10n.t("Compare"),
    compared: l10n.t("Don't Compare"),
    clear: l10n.t("Clear Comparison"),
    comparison: l10n.t("Comparison"),
    details: l10n.t("Details"),
    lastUsed: l10n.t("Last used"),
    backends: l10n.t("Behind it"),
    hidden: l10n.t("Hidden"),
    morePrices: l10n.t("More prices"),
    description: l10n.t("Description"),
    unknown: l10n.t("unknown"),
    keys: l10n.t("Arrows move, Enter uses a model, F marks a favourite, C compares, Ctrl+C copies the id."),
    guess: l10n.t("~ is from the public price list, not from your proxy."),
  };
}
