//! Prices in the wrong unit, and none at all.

use super::context::{Check, did_you_mean};
use crate::config_yaml::{
    codes::Code::{PriceUnit, PricingMissing},
    config::{Deployment, Pair, Place, Routed, is_late},
    cost::{costs, per_million, without_provider},
    yaml::Resolved,
};

/// USD for one token from which on it is certainly for a million.
const TOO_MUCH: f64 = 0.001;
/// USD for one token below which nobody sells: a price that comes out cheaper was not for a million but for a thousand.
const TOO_LITTLE: f64 = 1e-8;

pub(super) fn check(check: &mut Check<'_>) {
    let config = check.config;
    for deployment in &config.deployments {
        for map in [deployment.info, deployment.params].into_iter().flatten() {
            for pair in config.entries(map) {
                unit(check, &pair);
            }
        }
        missing(check, deployment);
    }
}

fn is_token_price(name: &str) -> bool {
    name.contains("cost_per_token")
        || name.contains("_token_cost")
        || name.contains("cost_per_audio_token")
        || name.contains("cost_per_reasoning_token")
}

fn unit(check: &mut Check<'_>, pair: &Pair<'_>) {
    if !is_token_price(pair.name) {
        return;
    }
    let price = match check.config.resolved(pair.value) {
        Some(Resolved::Int(number)) => number as f64,
        Some(Resolved::Float(number)) => number,
        Some(Resolved::Text) => {
            check.config.text(pair.value).and_then(|text| text.parse().ok()).unwrap_or(0.0)
        }
        _ => 0.0,
    };
    if price >= TOO_MUCH && price.is_finite() {
        let of_million = price / 1e6;
        let right = scientific(if of_million < TOO_LITTLE { price / 1e3 } else { of_million });
        let message = format!(
            "`{}` is USD for a single token: this is {} for a million. Did you mean `{right}`?",
            pair.name,
            per_million(price)
        );
        check.warn(PriceUnit, pair.value, message).replace(&right);
    }
}

/// As Python writes it: `5e-06`.
fn scientific(number: f64) -> String {
    let text = format!("{number:e}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    match exponent.parse::<i32>() {
        Ok(exponent) if exponent < -4 => format!("{mantissa}e-{:02}", -exponent),
        _ => format!("{number}"),
    }
}

/// Whether a deployment says itself what it costs.
fn is_priced(check: &Check<'_>, deployment: &Deployment<'_>) -> bool {
    let maps = [deployment.info, deployment.params];
    maps.into_iter().flatten().any(|map| {
        check.config.entries(map).any(|pair| pair.name.contains("cost_per") || pair.name == "tiered_pricing")
    })
}

fn missing(check: &mut Check<'_>, deployment: &Deployment<'_>) {
    let config = check.config;
    let Some(Routed { params, model, place, provider }) = deployment.routed() else { return };
    let base =
        [deployment.info, Some(params)].into_iter().flatten().find_map(|map| config.given(map, "base_model"));
    if let Some(base) = base {
        base_model(check, base, provider);
        return;
    }
    let nested = config.get(params, "model_info").is_some();
    let mocked = config.given(params, "mock_response").is_some();
    if nested || mocked || model.contains(['*', '{']) || is_late(model) || is_priced(check, deployment) {
        return;
    }
    let bare = without_provider(model, provider);
    if costs().find(model, provider).is_some() {
        return;
    }
    if provider == "azure" {
        // `azure/responses/gpt-5` and the like have the name behind the route.
        let last = bare.rsplit('/').next().unwrap_or(bare);
        if costs().get(&format!("azure/{last}")).is_some() {
            return;
        }
        let near = meant(deployment, bare);
        let hint = near.as_deref().map_or_else(String::new, |near| format!(", such as `{near}`"));
        let message = format!(
            "LiteLLM knows neither price nor limits of the Azure deployment `{bare}`; say which model it is by `base_model` in `model_info`{hint}."
        );
        let line = near.map(|near| format!("base_model: {near}"));
        let edit = line.as_deref().and_then(|line| match config.pair(deployment.item, "model_info") {
            Some(info) => config.added(&info, line),
            None => {
                let params = config.pair(deployment.item, "litellm_params")?;
                config.after(&params, &format!("model_info:\n  {line}"))
            }
        });
        let finding = check.inform(PricingMissing, place, message);
        if let (Some(edit), Some(line)) = (edit, line) {
            finding.fix(format!("Add `{line}`"), vec![edit]);
        }
    } else if provider == "openai" && config.given(params, "api_base").is_some() {
        let message =
            format!("LiteLLM knows no price of `{bare}`: spend is counted as 0. `model_info` can say it.");
        check.hint(PricingMissing, place, message);
    }
}

/// The model that a deployment's names point to.
fn meant(deployment: &Deployment<'_>, bare: &str) -> Option<String> {
    let names = [deployment.name.map(|(name, _)| name), Some(bare)];
    let known = |name: &str| costs().get(&format!("azure/{name}")).map(|model| model.id.to_owned());
    names.into_iter().flatten().find_map(known)
}

fn base_model(check: &mut Check<'_>, place: Place, provider: &str) {
    let Some(name) = check.config.text(place).filter(|name| !is_late(name)) else { return };
    let is_text = check.config.resolved(place) == Some(Resolved::Text);
    let known = costs().find(name, provider).is_some()
        || crate::config_yaml::tables::tables().retired(name).is_some()
        || name.contains("/") && costs().get(name.rsplit('/').next().unwrap_or(name)).is_some();
    if known || !is_text || !provider.starts_with("azure") {
        return;
    }
    let near = check.nearest(name, costs().of(provider).map(|model| model.id));
    let message = format!(
        "`base_model` is `{name}`, which LiteLLM's price list does not have: no price, no limits.{}",
        did_you_mean(near)
    );
    check.inform(PricingMissing, place, message).replace_by(near);
}
