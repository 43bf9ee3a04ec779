//! What the headers of an answer say.

use reqwest::header::HeaderMap;

use crate::litellm::{Secrets, header};

/// What the headers of an answer say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Meta {
    /// The call's id, as in the proxy's log.
    pub call_id: Option<String>,
    /// The model group that answers, such as a fallback.
    pub model_group: Option<String>,
    /// Whether that is a fallback, and not only another name of the model that was asked.
    pub is_fallback: bool,
    /// USD. None in a stream, and where no price is known.
    pub cost: Option<f64>,
    /// USD that the key has spent.
    pub key_spend: Option<f64>,
    /// USD that the key may spend. None where there is no limit.
    pub key_max_budget: Option<f64>,
}

impl Meta {
    pub(super) fn read(headers: &HeaderMap, secrets: &Secrets) -> Self {
        // litellm 1.101.3 says `None` where it knows nothing.
        let money = |name| {
            let amount = header(headers, name)?.parse().ok();
            amount.filter(|amount: &f64| amount.is_finite() && *amount >= 0.0)
        };
        Self {
            call_id: header(headers, "x-litellm-call-id").map(|id| secrets.out_of(id)),
            model_group: header(headers, "x-litellm-model-group").map(|group| secrets.out_of(group)),
            is_fallback: header(headers, "x-litellm-attempted-fallbacks").is_some_and(|count| count != "0"),
            cost: money("x-litellm-response-cost"),
            key_spend: money("x-litellm-key-spend"),
            key_max_budget: money("x-litellm-key-max-budget"),
        }
    }
}
