//! All that is known of one model.

use litellm_ls_protocol::{Filler, Model};

use super::table::{UNKNOWN, why_hidden};
use crate::{
    cli::{
        output::{Screen, Text, Tone, padded, shown, words},
        word,
    },
    figures::{price, tokens},
    provider::has_come,
};

/// Width of the names of the facts.
const NAMES: usize = 12;

/// The card of a model; for another program a line a fact, its name and value separated by a tab.
pub(super) fn card(model: &Model, is_default: bool, screen: Screen) -> Text {
    let mut text = Text::default();
    if screen.is_terminal {
        text.push(Tone::Strong, shown(&model.id));
        text.push(Tone::Good, if is_default { format!("   {}", words("● default")) } else { String::new() });
    } else {
        text.push(Tone::Usual, format!("name\t{}", shown(&model.id)));
    }
    text.end_line();
    for (name, value) in facts(model) {
        match screen.is_terminal {
            true => text.append(Text::new(Tone::Faint, format!("  {}", padded(&words(name), NAMES))).and(
                tone(name, model),
                match (name, model.hidden) {
                    ("about", _) => shown(&value),
                    ("hidden", Some(reason)) => words(why_hidden(reason)).into(),
                    _ => words(&shown(&value)).into(),
                },
            )),
            false => text.push(Tone::Usual, format!("{name}\t{}", shown(&value))),
        }
        text.end_line();
    }
    if screen.is_terminal && model.hidden.is_none() {
        text.append(
            Text::new(Tone::Faint, format!("  {}", padded(&words("ask it"), NAMES)))
                .and(Tone::Name, format!("litellm-ls complete -m {} \"…\"\n", shown(&model.id))),
        );
    }
    text
}

fn tone(name: &str, model: &Model) -> Tone {
    match name {
        "retirement" if model.retires_on.as_deref().is_some_and(has_come) => Tone::Bad,
        "retirement" | "hidden" => Tone::Warning,
        _ => Tone::Usual,
    }
}

/// The facts, each with its name.
fn facts(model: &Model) -> Vec<(&'static str, String)> {
    let facts = &model.summary;
    let known = |text: &str, told: String| match text {
        UNKNOWN | "varies" | "free" => text.to_owned(),
        _ => told,
    };
    let (context, output, price_of_tokens) = (&facts.context, &facts.output, &facts.price);
    let listed = |list: &[String]| (!list.is_empty()).then(|| list.join(" "));
    let deployments = model.deployments.filter(|count| *count > 1);
    let backends = listed(&model.backends).map(|backends| match deployments {
        Some(count) => format!("{backends} ({count} deployments)"),
        None => backends,
    });
    let mut all = vec![
        ("vendor", Some(facts.vendor.to_string())),
        ("context", Some(known(context, format!("{context} tokens")))),
        ("output", Some(known(output, format!("{output} tokens at most")))),
        ("price", Some(known(price_of_tokens, format!("{price_of_tokens} for 1,000,000 tokens in / out")))),
        ("cache", cache(model)),
    ];
    all.extend(model.price_tiers.iter().map(|tier| {
        let told = |amount: Option<f64>| amount.map_or_else(|| UNKNOWN.to_owned(), price);
        let above = tokens(i64::try_from(tier.above).unwrap_or(i64::MAX));
        let input = tier.input_price.or(model.input_price);
        let output = tier.output_price.or(model.output_price);
        ("long prompts", Some(format!("{} / {} above {above} tokens", told(input), told(output))))
    }));
    all.extend([
        ("abilities", (!facts.abilities.is_empty()).then(|| facts.abilities.join(" "))),
        ("effort", listed(&model.reasoning_efforts)),
        ("retirement", facts.notice.clone()),
        ("mode", model.mode.clone()),
        ("backends", backends),
        ("about", model.description.clone()),
        ("hidden", model.hidden.map(word)),
        ("guessed", guessed(model)),
    ]);
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn cache(model: &Model) -> Option<String> {
    let side = |amount: Option<f64>, field| {
        amount.filter(|_| model.assumed.get(field) != Some(&Filler::Default)).map(price)
    };
    let reads = side(model.cache_reads_price, "cacheReadsPrice");
    let writes = side(model.cache_writes_price, "cacheWritesPrice");
    match (reads, writes) {
        (Some(read), Some(written)) => Some(format!("{read} read, {written} written")),
        (Some(read), None) => Some(format!("{read} read")),
        (None, Some(written)) => Some(format!("{written} written")),
        (None, None) => None,
    }
}

/// How many of these the public price list says, and not the proxy.
fn guessed(model: &Model) -> Option<String> {
    let count = model.assumed.values().filter(|filler| **filler == Filler::CostMap).count();
    match count {
        0 => None,
        1 => Some("1 value from the public price list, not from the proxy".to_owned()),
        count => Some(format!("{count} values from the public price list, not from the proxy")),
    }
}
