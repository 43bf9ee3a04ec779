//! Costs per token to prices per 1,000,000 tokens (D15, D16).

use litellm_ls_protocol::{Model, ModelOverride, PriceTier};

use crate::litellm::model_rows::{Cost, Info, Loose};

/// What one deployment costs, as far as the proxy says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Prices {
    /// In the order of [`Cost`].
    pub(super) base: [Option<f64>; Cost::ALL.len()],
    /// By rising threshold.
    pub(super) tiers: Vec<PriceTier>,
}

/// Where a price stands in a model, and its name there.
pub(super) fn price(model: &mut Model, cost: Cost) -> (&'static str, &mut Option<f64>) {
    match cost {
        Cost::Input => ("inputPrice", &mut model.input_price),
        Cost::Output => ("outputPrice", &mut model.output_price),
        Cost::CacheWrite => ("cacheWritesPrice", &mut model.cache_writes_price),
        Cost::CacheRead => ("cacheReadsPrice", &mut model.cache_reads_price),
    }
}

/// The name of a price in the settings, and where it stands there.
pub(crate) fn user_price(user: &mut ModelOverride, cost: Cost) -> (&'static str, &mut Option<f64>) {
    match cost {
        Cost::Input => ("inputPrice", &mut user.input_price),
        Cost::Output => ("outputPrice", &mut user.output_price),
        Cost::CacheWrite => ("cacheWritesPrice", &mut user.cache_writes_price),
        Cost::CacheRead => ("cacheReadsPrice", &mut user.cache_reads_price),
    }
}

/// Where a price stands in a tier.
pub(super) fn tier_price(tier: &mut PriceTier, cost: Cost) -> &mut Option<f64> {
    match cost {
        Cost::Input => &mut tier.input_price,
        Cost::Output => &mut tier.output_price,
        Cost::CacheWrite => &mut tier.cache_writes_price,
        Cost::CacheRead => &mut tier.cache_reads_price,
    }
}

impl Prices {
    pub(super) fn of(info: &Info<'_>) -> Self {
        let base = info.costs.map(per_million);
        let [input, output, ..] = base;
        // LiteLLM writes 0 a token for what is paid by the image or the second.
        let is_by_other_units =
            info.has_other_costs && [input, output].into_iter().flatten().all(|price| price == 0.0);
        if is_placeholder(info, &base) || is_by_other_units {
            return Self::default();
        }
        let mut tiers: Vec<PriceTier> = Vec::new();
        for stated in &info.tiers {
            let Some(value) = per_million(stated.value) else { continue };
            let place = tiers.partition_point(|tier| tier.above < stated.above);
            if tiers.get(place).is_none_or(|tier| tier.above != stated.above) {
                tiers.insert(place, PriceTier { above: stated.above, ..PriceTier::default() });
            }
            *tier_price(&mut tiers[place], stated.cost) = Some(value);
        }
        Self { base, tiers }
    }
}

/// A price of at least 0, of which 0 is free. One beyond all reason is none: a single answer would spend every budget.
fn per_million(cost: Loose<'_>) -> Option<f64> {
    const MOST: f64 = 1e3;
    let price = cost.number().filter(|cost| (0.0..=MOST).contains(cost))? * 1e6;
    // 1e-7 x 1e6 is 0.09999999999999999; a price of at most nine decimals is meant as it is written.
    let rounded = (price * 1e9).round() / 1e9;
    let price = if (rounded - price).abs() <= price * 1e-12 { rounded } else { price };
    // Adding 0 turns -0 into 0.
    Some(price + 0.0)
}

/// What the proxy sends for a model that is not in its price table: unknown, not free (litellm 1.101.3).
fn is_placeholder(info: &Info<'_>, base: &[Option<f64>]) -> bool {
    let from_the_table =
        info.key.text().is_some() || info.providers.text().is_some() || info.providers.words().is_some();
    let limits = [info.max_tokens, info.max_input_tokens, info.max_output_tokens];
    from_the_table
        && base[Cost::Input as usize] == Some(0.0)
        && base[Cost::Output as usize] == Some(0.0)
        && info.mode.text().is_none()
        && limits.iter().all(|limit| limit.limit().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loose(json: &str) -> Loose<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn prices_are_per_million() {
        for (json, price) in [
            ("1e-7", Some(0.1)),
            ("1.5e-07", Some(0.15)),
            ("7.5e-8", Some(0.075)),
            ("1.1e-6", Some(1.1)),
            ("2.5e-14", Some(2.5e-8)),
            ("1.23456789e-20", Some(1.23456789e-14)),
            ("5", Some(5e6)),
            ("0", Some(0.0)),
            ("-0.0", Some(0.0)),
            (r#"" 0.000003 ""#, Some(3.0)),
            (r#""0""#, Some(0.0)),
            ("-1e-6", None),
            ("1e3", Some(1e9)),
            ("1001", None),
            ("1e30", None),
            (r#""free""#, None),
            (r#""inf""#, None),
            ("true", None),
            ("null", None),
        ] {
            let read = per_million(loose(json));
            assert_eq!(read.map(f64::to_bits), price.map(f64::to_bits), "{json}: {read:?}");
        }
    }
}
