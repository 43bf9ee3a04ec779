//! Addresses to which LiteLLM adds a path of its own.

use super::context::Check;
use crate::config_yaml::{
    codes::Code::ApiBasePath,
    config::{Place, is_late},
    finding::Severity,
    tables::tables,
    yaml::Resolved,
};

/// What LiteLLM adds to an OpenAI-compatible address.
const ROUTES: [&str; 7] = [
    "/chat/completions",
    "/completions",
    "/embeddings",
    "/responses",
    "/models",
    "/images/generations",
    "/audio/transcriptions",
];

pub(super) fn check(check: &mut Check<'_>) {
    let config = check.config;
    for deployment in &config.deployments {
        let (Some(params), Some(provider)) = (deployment.params, deployment.origin.known()) else { continue };
        for name in ["api_base", "base_url"] {
            let of_credential = || config.given(credential(check, params)?, name);
            if let Some(place) = config.given(params, name).or_else(of_credential) {
                base(check, place, provider);
            }
        }
    }
}

/// The values that a deployment takes from `credential_list`.
fn credential(check: &Check<'_>, params: Place) -> Option<Place> {
    let config = check.config;
    let name = config.text(config.given(params, "litellm_credential_name")?)?;
    let named = |item: &Place| {
        config.get(*item, "credential_name").and_then(|place| config.text(place)) == Some(name)
    };
    config.get(config.list("credential_list").into_iter().find(named)?, "credential_values")
}

fn base(check: &mut Check<'_>, place: Place, provider: &str) {
    let config = check.config;
    let Some(text) = config.text(place).filter(|_| config.resolved(place) == Some(Resolved::Text)) else {
        return;
    };
    if is_late(text) || text.contains(['$', '{', '<']) || text.trim().is_empty() {
        return;
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        let looks =
            !text.contains(char::is_whitespace) && text.contains(['.', ':']) || text.starts_with("localhost");
        if looks {
            let local = ["localhost", "127.", "0.0.0.0", "10.", "192.168."]
                .iter()
                .any(|start| text.starts_with(start));
            let right = format!("{}://{text}", if local { "http" } else { "https" });
            let message =
                format!("`{text}` has no `http://` or `https://`; no call finds it. Write `{right}`.");
            check.warn(ApiBasePath, place, message).replace(&right);
        }
        return;
    };
    let (host, path) = rest.find(['/', '?']).map_or((rest, ""), |at| rest.split_at(at));
    // Who logs in by address is shown to nobody.
    let shown_host = host.rsplit('@').next().unwrap_or(host);
    let bare = path.split('?').next().unwrap_or_default().trim_end_matches('/');
    let root = format!("{scheme}://{host}");
    let (wrong, right) = match provider {
        "azure" => {
            let deep = ["/openai/deployments", "/chat/completions", "/embeddings", "/responses"]
                .iter()
                .any(|part| bare.contains(part))
                || path.contains("api-version");
            (deep, root.clone())
        }
        "ollama" | "ollama_chat" => {
            let deep =
                ["/v1", "/api"].iter().any(|start| bare == *start || bare.starts_with(&format!("{start}/")));
            (deep, root.clone())
        }
        _ if is_compatible(provider) => {
            let route = ROUTES.iter().find(|route| bare.ends_with(*route));
            (
                route.is_some(),
                format!("{root}{}", route.and_then(|route| bare.strip_suffix(route)).unwrap_or(bare)),
            )
        }
        _ => return,
    };
    if wrong {
        let shown = format!("{shown_host}{bare}");
        let message = format!(
            "LiteLLM adds a path of its own to `api_base`, so `{shown}` leads nowhere; write `{}`.",
            right.replace(host, shown_host)
        );
        check.warn(ApiBasePath, place, message).replace(&right);
    } else if bare.is_empty()
        && matches!(provider, "openai" | "hosted_vllm" | "lm_studio")
        && !shown_host.ends_with("openai.com")
    {
        let right = format!("{root}/v1");
        let message = format!("`{shown_host}` is mostly served below `/v1`, and LiteLLM does not add it.");
        check.hint(ApiBasePath, place, message).replace(&right);
    }
    let in_container = check.around.is_set("KUBERNETES_SERVICE_HOST");
    if in_container && (shown_host.starts_with("localhost") || shown_host.starts_with("127.")) {
        let message = "In a container this is the container itself, not the machine it runs on.".to_owned();
        check.add(ApiBasePath, Severity::Hint, place, message);
    }
}

fn is_compatible(provider: &str) -> bool {
    matches!(
        provider,
        "openai"
            | "hosted_vllm"
            | "lm_studio"
            | "custom_openai"
            | "openai_like"
            | "litellm_proxy"
            | "llamafile"
            | "vllm"
    ) || tables().provider(provider).is_some_and(|provider| provider.compatible)
}
