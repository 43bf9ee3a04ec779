//! The orders of the list of models.

use std::{cmp::Ordering, sync::Arc};

use clap::ValueEnum;
use litellm_ls_protocol::{Filler, ListedModel, Model};

/// In which order models are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Sort {
    /// In groups by vendor, the cheapest first.
    Vendor,
    /// The cheapest first, by what tokens of the prompt cost; unknown prices last.
    Price,
    /// The largest context window first.
    Context,
    /// By name.
    Name,
    /// Favourites first, then those used last, then by vendor, the newest first.
    Recent,
    /// As the proxy lists them.
    Proxy,
}

/// The vendor of models whose vendor is not known.
const OTHER: &str = "other";

/// Sorts models.
pub(super) fn sort(models: &mut [Arc<ListedModel>], sort: Sort) {
    match sort {
        Sort::Vendor => models.sort_by_cached_key(|model| {
            let vendor = model.summary.vendor.clone();
            (vendor == OTHER, vendor, Cheapest(model.clone()))
        }),
        Sort::Price => models.sort_by_cached_key(|model| Cheapest(model.clone())),
        Sort::Context => models.sort_by_cached_key(|model| {
            let known = model.context_window.filter(|_| is_told(model, "contextWindow"));
            (std::cmp::Reverse(known), name(model))
        }),
        Sort::Name => models.sort_by_cached_key(name),
        // The list came so.
        Sort::Recent | Sort::Proxy => {}
    }
}

/// A part of a name, by which names are sorted: `gpt-9` comes before `gpt-10`.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u128),
    Text(String),
}

fn name(model: &Arc<ListedModel>) -> Vec<Part> {
    let name = model.id.to_lowercase();
    let digits =
        |part: &str| part.len() - part.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let mut parts = Vec::new();
    let mut rest = name.as_str();
    while !rest.is_empty() {
        let end = match digits(rest) {
            0 => rest.find(|letter: char| letter.is_ascii_digit()).unwrap_or(rest.len()),
            digits => digits,
        };
        let (part, behind) = rest.split_at(end);
        // What is longer than any number is a name.
        parts.push(part.parse().map_or_else(|_| Part::Text(part.to_owned()), Part::Number));
        rest = behind;
    }
    parts
}

/// Whether somebody says it, be it the public price list.
fn is_told(model: &Model, field: &str) -> bool {
    model.assumed.get(field) != Some(&Filler::Default)
}

/// The key of models by price.
struct Cheapest(Arc<ListedModel>);

impl Cheapest {
    fn prices(&self) -> [f64; 2] {
        let known =
            |price: Option<f64>, field| price.filter(|_| is_told(&self.0, field)).unwrap_or(f64::INFINITY);
        [known(self.0.input_price, "inputPrice"), known(self.0.output_price, "outputPrice")]
    }
}

impl Ord for Cheapest {
    fn cmp(&self, other: &Self) -> Ordering {
        let ([input, output], [others_input, others_output]) = (self.prices(), other.prices());
        input
            .total_cmp(&others_input)
            .then(output.total_cmp(&others_output))
            .then_with(|| name(&self.0).cmp(&name(&other.0)))
    }
}

impl PartialOrd for Cheapest {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Cheapest {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Cheapest {}

#[cfg(test)]
mod tests {
    use litellm_ls_protocol::ModelSummary;

    use super::*;

    fn model(
        id: &str,
        vendor: Option<&'static str>,
        price: Option<f64>,
        context: Option<i64>,
    ) -> Arc<ListedModel> {
        Model {
            id: id.into(),
            summary: ModelSummary { vendor: vendor.unwrap_or(OTHER).into(), ..ModelSummary::default() },
            input_price: price,
            context_window: context,
            ..Model::default()
        }
        .into()
    }

    #[test]
    fn numbers_in_names_are_numbers() {
        let names = [
            "m-2",
            "M-2-a",
            "m-10",
            "m-99999999999999999999999999999999999999999999",
            "n",
            "模型-3",
            "模型-20",
        ];
        let mut models: Vec<_> = names.iter().rev().map(|id| model(id, None, None, None)).collect();
        sort(&mut models, Sort::Vendor);
        assert_eq!(models.iter().map(|model| model.id.as_str()).collect::<Vec<_>>(), names);
    }

    #[test]
    fn unknown_values_come_last_and_names_decide_the_rest() {
        let mut models = [
            model("zeta", None, Some(1.0), Some(1)),
            model("Beta", Some("openai"), None, Some(300)),
            model("alpha", Some("openai"), Some(2.0), None),
            model("gamma", Some("openai"), Some(0.5), Some(200)),
            model("delta", Some("anthropic"), Some(2.0), Some(200)),
        ];
        for (order, expected) in [
            (Sort::Vendor, ["delta", "gamma", "alpha", "Beta", "zeta"]),
            (Sort::Price, ["gamma", "zeta", "alpha", "delta", "Beta"]),
            (Sort::Context, ["Beta", "delta", "gamma", "zeta", "alpha"]),
            (Sort::Name, ["alpha", "Beta", "delta", "gamma", "zeta"]),
            (Sort::Proxy, ["alpha", "Beta", "delta", "gamma", "zeta"]),
        ] {
            sort(&mut models, order);
            assert_eq!(models.each_ref().map(|model| model.id.as_str()), expected, "{order:?}");
        }
    }
}
