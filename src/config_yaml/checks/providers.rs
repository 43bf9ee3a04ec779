//! Whether a deployment goes to any vendor, and has what that wants.

use super::{
    context::{Check, did_you_mean},
    keys, models,
};
use crate::config_yaml::{
    codes::Code::{
        AzureIncomplete, CredentialUnknown, ProviderKeyMissing, UnknownProvider, WildcardMismatch, YamlShape,
    },
    config::{Deployment, Place, is_late},
    providers::{Origin, meant, of_gone},
    tables::tables,
};

pub(super) fn check(check: &mut Check<'_>) {
    let config = check.config;
    beside(check);
    for deployment in &config.deployments {
        let Some(params) = deployment.params else { continue };
        credential(check, params);
        let Some((model, place)) = deployment.model else { continue };
        wildcard(check, deployment, model, place);
        if is_nameless(check, deployment, params, model) {
            let message = format!("`{model}` names no model behind the `/`; every call fails.");
            check.warn(YamlShape, place, message);
            continue;
        }
        match &deployment.origin {
            Origin::Unknown { word, of_custom } => unknown(check, params, model, place, word, *of_custom),
            Origin::Known(provider) if provider == "vllm" && check.has_base(params) => {
                let right = format!("hosted_{model}");
                let message = format!(
                    "`{model}` runs within LiteLLM itself, and no server is asked; write `{right}` for the one at `api_base`."
                );
                let finding = check.warn(UnknownProvider, place, message);
                if model.starts_with("vllm/") {
                    finding.replace(&right);
                }
            }
            Origin::Known(provider) if provider == "azure" => {
                azure(check, params, place);
                key(check, deployment.item, params, provider, place);
            }
            Origin::Known(provider) => key(check, deployment.item, params, provider, place),
            Origin::Open => {}
        }
    }
}

/// Vendors of what is no deployment, where one is misspelt. Which of them serve what is the vendors' own affair.
fn beside(check: &mut Check<'_>) {
    let places: [&[&str]; 3] = [
        &["vector_store_registry", "[]", "litellm_params", "custom_llm_provider"],
        &["files_settings", "[]", "custom_llm_provider"],
        &["finetune_settings", "[]", "custom_llm_provider"],
    ];
    for (_, place) in places.into_iter().flat_map(|steps| check.config.at(steps)).collect::<Vec<_>>() {
        let Some(word) = check.config.text(place).filter(|word| !is_late(word)) else { continue };
        if tables().provider(word).is_some() {
            continue;
        }
        let vendors = tables().providers().map(|vendor| vendor.id);
        let Some(near) = tables().word("near", word).or_else(|| check.nearest(word, vendors)) else {
            continue;
        };
        let message = format!(
            "`{word}` is no provider that LiteLLM knows; every call fails.{}",
            did_you_mean(Some(near))
        );
        check.warn(UnknownProvider, place, message).replace(near);
    }
}

/// Whether a model is a vendor alone. A server of one's own may have one model, and ask for no name.
fn is_nameless(check: &Check<'_>, deployment: &Deployment<'_>, params: Place, model: &str) -> bool {
    let vendor = deployment.origin.known().and_then(|name| tables().provider(name));
    vendor.is_some_and(|vendor| model.strip_suffix('/') == Some(vendor.id)) && !check.has_base(params)
}

fn unknown(check: &mut Check<'_>, params: Place, model: &str, place: Place, word: &str, of_custom: bool) {
    let config = check.config;
    if of_custom {
        let Some(place) = config.get(params, "custom_llm_provider") else { return };
        let near =
            tables().word("near", word).or_else(|| check.nearest(word, tables().providers().map(|p| p.id)));
        let message = format!(
            "`{word}` is no provider that LiteLLM knows, and it drops this deployment.{}",
            did_you_mean(near)
        );
        check.error(UnknownProvider, place, message).replace_by(near);
        return;
    }
    let has_base = check.has_base(params);
    if let Some((provider, gone)) = of_gone(model).filter(|_| !has_base) {
        return models::unprefixed(check, model, place, provider, gone);
    }
    let meant = meant(model, has_base);
    let hint = meant.first().map_or_else(String::new, |meant| format!(" Did you mean `{meant}`?"));
    let message = if model.contains('/') {
        format!("`{word}` is no provider that LiteLLM knows, and it drops this deployment.{hint}")
    } else {
        format!("LiteLLM knows no provider for `{word}` without a prefix, and drops this deployment.{hint}")
    };
    let finding = check.error(UnknownProvider, place, message);
    for meant in meant {
        finding.replace(&meant);
    }
}

fn wildcard(check: &mut Check<'_>, deployment: &Deployment<'_>, model: &str, place: Place) {
    let Some((name, name_place)) = deployment.name else { return };
    if is_late(model) || is_late(name) {
        return;
    }
    let prefix = model.split_once('/').map_or("", |(prefix, _)| prefix);
    let slash = if prefix.is_empty() { "" } else { "/" };
    if let (Some(start), Some(end)) = (model.find('{'), model.find('}'))
        && start < end
    {
        let written = &model[start..=end];
        let right = format!("{}{slash}{}", prefix, name.rsplit('/').next().unwrap_or(name));
        let message = format!(
            "`{written}` means nothing to LiteLLM, and is sent as it stands; write `*` on both sides, as in `{right}`."
        );
        let finding = check.warn(WildcardMismatch, place, message);
        if name.contains('*') {
            finding.replace(&right);
        }
    } else if model.contains('*') && !name.contains('*') {
        let message = format!(
            "`model` has a `*` and `{name}` has none, so LiteLLM asks the provider for a model named `*`; put it in both."
        );
        let config = check.config;
        check.warn(WildcardMismatch, place, message).relate(config, name_place, "The name without a `*`.");
    }
}

fn credential(check: &mut Check<'_>, params: Place) {
    let config = check.config;
    let Some(place) = config.given(params, "litellm_credential_name") else { return };
    let Some(name) = config.text(place).filter(|name| !is_late(name)) else { return };
    let names: Vec<&str> = config
        .list("credential_list")
        .into_iter()
        .filter_map(|item| config.text(config.get(item, "credential_name")?))
        .collect();
    if names.contains(&name) || check.names.open {
        return;
    }
    let near = check
        .nearest(name, names.iter().copied())
        .or_else(|| names.iter().copied().find(|known| name.starts_with(known) || known.starts_with(name)));
    let message = format!(
        "No credential of `credential_list` is called `{name}`; LiteLLM calls the provider without it, and says nothing.{}",
        did_you_mean(near)
    );
    check.error(CredentialUnknown, place, message).replace_by(near);
}

/// Whether a call needs no more than what is said, or gets it in a way that is not seen here.
fn is_served(check: &Check<'_>, params: Place) -> bool {
    let names = [
        "litellm_credential_name",
        "mock_response",
        "use_litellm_proxy",
        "configurable_clientside_auth_params",
    ];
    names.iter().any(|name| check.config.given(params, name).is_some())
}

fn azure(check: &mut Check<'_>, params: Place, model: Place) {
    let config = check.config;
    let is_base = |name: &str| {
        matches!(name, "api_base" | "base_url") || keys::meant("litellm_params", name) == Some("api_base")
    };
    let has_base = config.entries(params).any(|pair| is_base(pair.name));
    let in_settings = config.setting("litellm_settings", "api_base").is_some();
    if !has_base && !in_settings && !check.is_set("AZURE_API_BASE") && !is_served(check, params) {
        let message = "An Azure deployment needs `api_base` (or AZURE_API_BASE): the address of your resource; every call fails without it.";
        check.warn(AzureIncomplete, model, message.to_owned());
    }
    let Some(place) = config.given(params, "api_version") else { return };
    let Some(text) = config.text(place).filter(|text| !is_late(text)) else { return };
    let day = text.strip_suffix("-preview").unwrap_or(text);
    let is_day = day.len() == 10
        && day
            .bytes()
            .enumerate()
            .all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() });
    if !is_day && !matches!(text, "v1" | "preview" | "latest") && !text.contains("${") {
        let message = format!(
            "`api_version` is `{text}`, and Azure takes YYYY-MM-DD, YYYY-MM-DD-preview, v1, preview or latest; every call fails."
        );
        check.warn(AzureIncomplete, place, message);
    }
}

fn key(check: &mut Check<'_>, item: Place, params: Place, name: &str, model: Place) {
    let config = check.config;
    let Some(provider) = tables().provider(name).filter(|provider| provider.auth == "api_key") else {
        return;
    };
    let Some(usual) = provider.key_variables().next() else { return };
    if provider.key_variables().any(|name| check.is_set(name)) || is_served(check, params) {
        return;
    }
    // A key by any other name, or a header that holds one, or a misspelt key: that is said where it is.
    let hints = [
        "key",
        "token",
        "secret",
        "credential",
        "auth",
        "headers",
        "client_id",
        "tenant_id",
        "username",
        "anthropic_",
    ];
    let has = |pair: crate::config_yaml::config::Pair<'_>| {
        hints.iter().any(|hint| pair.name.contains(hint))
            && !matches!(pair.name, "max_tokens" | "max_completion_tokens")
            && !pair.name.contains("cost")
    };
    let in_params = config.entries(params).any(has);
    let own_host = config.given(params, "api_base").is_some() && !matches!(name, "openai" | "azure");
    let in_settings = config.section("litellm_settings").is_some_and(|section| {
        config.entries(section).any(|pair| pair.name == "api_key" || pair.name == format!("{name}_key"))
    });
    let forwarded = ["litellm_settings", "general_settings"].iter().any(|section| {
        config
            .setting(section, "forward_llm_provider_auth_headers")
            .is_some_and(|pair| config.is_on(pair.value))
    });
    let misplaced = config.get(item, "api_key").is_some();
    let vault = config.setting("general_settings", "key_management_system").is_some();
    if in_params || own_host || in_settings || forwarded || misplaced || vault {
        return;
    }
    let message = format!(
        "{} needs a key: set {usual}, or add `api_key`; every call fails without one.",
        provider.name
    );
    check.warn(ProviderKeyMissing, model, message);
}
