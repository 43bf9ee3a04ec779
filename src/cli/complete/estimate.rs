//! `--dry-run`: what a question would cost, without asking it.

use std::{process::ExitCode, sync::Arc};

use litellm_ls_protocol::{CompleteParams, CountSource, CountTokensParams};
use serde_json::json;

use crate::{
    cli::output::{Text, Tone, padded, said, say_json, say_text, shown, words},
    figures::{price, tokens},
    provider::{Freshness, Profile, Provider, cost},
};

/// Tells it.
pub(super) async fn tell(
    provider: &Provider,
    profile: &Arc<Profile>,
    params: CompleteParams,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let listed = provider.models(profile, Freshness::Cached).await?;
    let counted = provider
        .count_tokens(
            profile,
            CountTokensParams {
                model: params.model.clone(),
                system: params.system.clone(),
                messages: params.messages.clone(),
                ..CountTokensParams::default()
            },
        )
        .await?;
    let model = listed.listing.model(&counted.model);
    let with_answer = |tokens| cost::estimated(model?, counted.tokens, tokens);
    let most = params.max_tokens.or_else(|| {
        let model = model.filter(|model| model.states("maxTokens"))?;
        u64::try_from(model.max_tokens?).ok()
    });
    let cost = with_answer(0);
    let most_cost = most.and_then(with_answer);
    if json {
        say_json(&json!({
            "model": counted.model,
            "estimatedInputTokens": counted.tokens,
            "estimatedCost": cost,
            "mostOutputTokens": most,
            "mostCost": most_cost,
            "messages": params.messages,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = Text::new(Tone::Strong, shown(&counted.model));
    text.push(Tone::Usual, format!(" {}\n", said("would be asked; nothing was sent to it.")));
    let is_about = counted.source == CountSource::Estimate;
    let told = |name: &str, value: &str| {
        let name = padded(&words(name), 9);
        Text::new(Tone::Faint, format!("  {name}")).and(Tone::Usual, format!("{}\n", words(value)))
    };
    let window = |window| tokens(i64::try_from(window).unwrap_or(i64::MAX));
    let count = counted.tokens;
    text.append(told(
        "question",
        &match (counted.context_window.map(window), is_about) {
            (Some(window), false) => format!("{count} tokens of {window}"),
            (Some(window), true) => format!("about {count} tokens of {window}"),
            (None, false) => format!("{count} tokens"),
            (None, true) => format!("about {count} tokens"),
        },
    ));
    text.append(told(
        "cost",
        &match cost.map(|cost| price(rounded(cost))) {
            Some(cost) if is_about => format!("about {cost}, and the answer"),
            Some(cost) => format!("{cost}, and the answer"),
            None => "unknown".to_owned(),
        },
    ));
    if let Some((most, most_cost)) = most.zip(most_cost) {
        let at_most = format!("{}, with an answer of {} tokens", price(rounded(most_cost)), window(most));
        text.append(told("at most", &at_most));
    }
    say_text(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// An amount as exact as a person needs it before: cents, where there are ten of them.
fn rounded(cost: f64) -> f64 {
    if cost >= 0.1 { (cost * 100.0).round() / 100.0 } else { cost }
}
