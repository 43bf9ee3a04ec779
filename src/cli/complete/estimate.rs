//! `--dry-run`: what a question would cost, without asking it.

use std::{process::ExitCode, sync::Arc};

use litellm_ls_protocol::{CompleteParams, CountSource, CountTokensParams};
use serde_json::json;

use crate::{
    cli::output::{Text, Tone, say_json, say_text, shown},
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
    let about = if counted.source == CountSource::Estimate { "about " } else { "" };
    let mut text = Text::new(Tone::Strong, shown(&counted.model));
    text.push(Tone::Usual, " would be asked; nothing was sent to it.\n");
    let told = |name: &str, value: String| {
        Text::new(Tone::Faint, format!("  {name:<9}")).and(Tone::Usual, format!("{value}\n"))
    };
    let of_window = counted
        .context_window
        .map(|window| format!(" of {}", tokens(i64::try_from(window).unwrap_or(i64::MAX))));
    text.append(told(
        "question",
        format!("{about}{} tokens{}", counted.tokens, of_window.unwrap_or_default()),
    ));
    text.append(told(
        "cost",
        cost.map_or_else(
            || "unknown".to_owned(),
            |cost| format!("{about}{}, and the answer", price(rounded(cost))),
        ),
    ));
    if let Some((most, most_cost)) = most.zip(most_cost) {
        let most = tokens(i64::try_from(most).unwrap_or(i64::MAX));
        text.append(told(
            "at most",
            format!("{}, with an answer of {most} tokens", price(rounded(most_cost))),
        ));
    }
    say_text(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// An amount as exact as a person needs it before: cents, where there are ten of them.
fn rounded(cost: f64) -> f64 {
    if cost >= 0.1 { (cost * 100.0).round() / 100.0 } else { cost }
}
