//! Amounts of money on the wire: at most 12 significant digits, for sums in binary have more that mean nothing.

use serde::Serializer;

/// For `#[serde(serialize_with)]`.
#[allow(clippy::ref_option, reason = "serde hands the field over like this")]
pub(crate) fn rounded<S: Serializer>(amount: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    match amount {
        Some(amount) => serializer.serialize_f64(significant(*amount)),
        None => serializer.serialize_none(),
    }
}

fn significant(amount: f64) -> f64 {
    format!("{amount:.11e}").parse().unwrap_or(amount)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Budget, BudgetScope, EditResult, KeyBudget, Usage, UsageSum};

    #[test]
    fn every_amount_has_at_most_12_significant_digits() {
        let sum = Some(0.1 + 0.2);
        let written = [
            json!(Usage { cost: sum, ..Usage::default() })["cost"].clone(),
            json!(UsageSum { cost: sum, ..UsageSum::default() })["cost"].clone(),
            json!(KeyBudget { spend: sum, ..KeyBudget::default() })["spend"].clone(),
            json!(KeyBudget { max_budget: sum, ..KeyBudget::default() })["maxBudget"].clone(),
            json!(EditResult { estimated_cost: sum, ..EditResult::default() })["estimatedCost"].clone(),
        ];
        for amount in written {
            assert_eq!(amount.to_string(), "0.3");
        }
        let budget = |spend, limit| {
            let (scope, name, window, resets_at) = (BudgetScope::Key, None, None, None);
            json!(Budget { scope, name, spend, limit, window, resets_at })
        };
        for (amount, written) in [
            (1.0 / 3.0, "0.333333333333"),
            (2e-7 / 3.0, "6.66666666667e-8"),
            (1234567.0 / 7.0 * 1e6, "176366714286.0"),
            (0.0, "0.0"),
            (-0.1 - 0.2, "-0.3"),
        ] {
            let budget = budget(Some(amount), Some(amount));
            assert_eq!(
                (budget["spend"].to_string(), budget["limit"].to_string()),
                (written.into(), written.into())
            );
        }
    }
}
