//! Which vendor a deployment goes to, by LiteLLM's rules.

use super::{
    cost::costs,
    nodes::Nodes,
    place::{Place, is_late, reference},
    tables::{Gone, tables},
};

/// What is known of where a deployment goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// To this vendor.
    Known(String),
    /// To none: LiteLLM drops the deployment. The word is what it did not know.
    Unknown { word: String, of_custom: bool },
    /// That is not said before it runs.
    Open,
}

impl Origin {
    pub(crate) fn known(&self) -> Option<&str> {
        match self {
            Self::Known(name) => Some(name),
            _ => None,
        }
    }
}

/// Prefixes that are no vendors and that LiteLLM handles before it looks for one.
const ROUTERS: [&str; 4] = ["auto_router", "complexity_router", "adaptive_router", "quality_router"];

pub(crate) fn origin(
    nodes: Nodes<'_>,
    params: Place,
    model: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Origin {
    let known = |name: &str| Origin::Known(name.to_owned());
    let custom = || {
        let map = nodes.setting("litellm_settings", "custom_provider_map");
        let items = map.and_then(|pair| nodes.items(pair.value)).unwrap_or_default();
        items.into_iter().filter_map(|item| nodes.text(nodes.get(item, "provider")?)).collect::<Vec<_>>()
    };
    let is_provider = |name: &str| tables().provider(name).is_some();
    if is_late(model) || model.trim().is_empty() {
        return Origin::Open;
    }
    if let Some(place) = nodes.given(params, "custom_llm_provider") {
        return match nodes.text(place) {
            Some(name) if is_provider(name) => known(name),
            Some(name) if !is_late(name) && !custom().contains(&name) => {
                Origin::Unknown { word: name.to_owned(), of_custom: true }
            }
            _ => Origin::Open,
        };
    }
    let prefix = model.split_once('/').map(|(prefix, _)| prefix);
    if let Some(prefix) = prefix {
        if is_provider(prefix) {
            return known(prefix);
        }
        if tables().word("prompt", prefix).is_some()
            || ROUTERS.contains(&prefix)
            || custom().contains(&prefix)
        {
            return Origin::Open;
        }
    }
    let base = nodes.given(params, "api_base").or_else(|| nodes.given(params, "base_url"));
    let base = base.and_then(|place| nodes.text(place)).and_then(|text| match reference(text) {
        Some(name) => variable(name),
        None => Some(text.to_owned()),
    });
    if let Some(provider) = base.as_deref().and_then(of_host) {
        return known(provider);
    }
    if model == "*" {
        return known("openai");
    }
    if let Some(provider) = of_bare(model) {
        return Origin::Known(provider);
    }
    // Templates are looked at elsewhere.
    if prefix.is_none() && model.contains('{') {
        return Origin::Open;
    }
    Origin::Unknown { word: prefix.unwrap_or(model).to_owned(), of_custom: false }
}

fn of_host(base: &str) -> Option<&'static str> {
    let base = base.trim_end_matches('/');
    let matches = |known: &str| {
        let known = known.trim_end_matches('/');
        base.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    tables()
        .words("host")
        .filter(|(known, _)| matches(known))
        .max_by_key(|(known, _)| known.len())
        .map(|(_, p)| p)
}

/// Vendors whose models need no prefix.
const BARE: [&str; 10] = [
    "openai",
    "anthropic",
    "cohere",
    "cohere_chat",
    "nlp_cloud",
    "vertex_ai",
    "ai21_chat",
    "bedrock",
    "watsonx",
    "text-completion-openai",
];

/// Models that LiteLLM knows by itself, without its price list, and whose they are (1.101.3 and 1.106.6).
const BY_ITSELF: [(&str, &str); 6] = [
    ("dall-e-2", "openai"),
    ("dall-e-3", "openai"),
    ("sora-2", "openai"),
    ("embed-english-v2.0", "cohere"),
    ("embed-english-light-v2.0", "cohere"),
    ("embed-multilingual-v2.0", "cohere"),
];

/// Whom a model without a prefix goes to, by whose it is in the price list.
fn without_prefix(model: &str, listed: &'static str) -> Option<&'static str> {
    let own = tables().word("bare", listed).unwrap_or(listed);
    let own = if own.starts_with("vertex_ai") { "vertex_ai" } else { own };
    (BARE.contains(&own) && tables().word("unresolved", model).is_none()).then_some(own)
}

/// Whom a model went to without a prefix until it left the price list.
pub(crate) fn of_gone(model: &str) -> Option<(&'static str, Gone)> {
    let gone = tables().retired(model)?;
    Some((without_prefix(model, gone.provider)?, gone))
}

pub(crate) fn of_bare(model: &str) -> Option<String> {
    if tables().word("unresolved", model).is_some() {
        return None;
    }
    if let Some(own) = costs().get(model).and_then(|found| without_prefix(model, found.provider)) {
        return Some(own.to_owned());
    }
    if let Some((_, own)) = BY_ITSELF.iter().find(|(known, _)| *known == model) {
        return Some((*own).to_owned());
    }
    let is_claude = model.strip_prefix("claude-").is_some_and(|rest| {
        let mut parts = rest.split(['-', '.']);
        let word = parts.next().is_some_and(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase()));
        let mut numbers = parts.peekable();
        word && numbers.peek().is_some()
            && numbers.all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    });
    let is_bedrock = model.split_once("anthropic.claude-").is_some_and(|(region, _)| {
        region.is_empty()
            || region.ends_with('.')
                && region.trim_end_matches('.').bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
    });
    let is_openai =
        ["ft:gpt-3.5-turbo", "ft:gpt-4", "gpt-image"].iter().any(|start| model.starts_with(start));
    match (is_claude, is_bedrock, is_openai) {
        (true, ..) => Some("anthropic".to_owned()),
        (_, true, _) => Some("bedrock".to_owned()),
        (.., true) => Some("openai".to_owned()),
        _ => None,
    }
}

/// What may have been meant by a model that goes nowhere: whole texts for `model`, the likeliest first.
pub(crate) fn meant(model: &str, has_base: bool) -> Vec<String> {
    let Some((prefix, rest)) = model.split_once('/') else {
        let all = model.strip_suffix('*').filter(|vendor| tables().provider(vendor).is_some());
        let mut found: Vec<String> = all.map(|vendor| format!("{vendor}/*")).into_iter().collect();
        if has_base {
            found.push(format!("openai/{model}"));
        }
        let mut listed: Vec<&str> = tables()
            .providers()
            .filter(|provider| costs().get(&format!("{}/{model}", provider.id)).is_some())
            .map(|provider| provider.id)
            .collect();
        // The vendor is likelier than one who resells, and its name is mostly part of the model's.
        listed.sort_by_key(|id| (!model.starts_with(id.trim_end_matches("_ai")), id.len(), *id));
        found.extend(listed.into_iter().take(3).map(|id| format!("{id}/{model}")));
        return found;
    };
    let slip = crate::near::nearest(prefix, tables().providers().map(|provider| provider.id));
    let known = tables().word("near", prefix);
    let mut found: Vec<String> = slip.into_iter().map(|id| format!("{id}/{rest}")).collect();
    if has_base && slip.is_none() {
        found.push(format!("openai/{model}"));
    }
    found.extend(known.map(|id| format!("{id}/{rest}")));
    found.dedup();
    found
}
