//! Credentials of one vendor at a deployment of another.

use super::context::Check;
use crate::config_yaml::{
    codes::Code::CredProviderMismatch,
    config::{Deployment, Routed},
    tables::tables,
};

/// Keys by their beginnings, the vendors that read them, and what those are called.
const SCOPED: [(&[&str], &[&str], &str); 2] = [
    (&["vertex_project", "vertex_location", "vertex_credentials"], &["vertex_ai"], "vertex_ai"),
    (
        &[
            "aws_access_key_id",
            "aws_profile_name",
            "aws_region_name",
            "aws_role_name",
            "aws_secret_access_key",
            "aws_session_name",
            "aws_session_token",
            "aws_web_identity_token",
        ],
        &["bedrock", "sagemaker", "aws_polly", "transcribe", "aws_textract", "amazon_nova", "aws"],
        "bedrock and sagemaker",
    ),
];

pub(super) fn check(check: &mut Check<'_>) {
    let config = check.config;
    for Routed { params, model, place, provider } in config.deployments.iter().filter_map(Deployment::routed)
    {
        for (keys, readers, names) in SCOPED {
            if readers.iter().any(|reader| provider.starts_with(reader))
                || model.contains("bedrock")
                || model == "*"
            {
                continue;
            }
            let first =
                config.entries(params).find(|pair| keys.contains(&pair.name) && !config.is_null(pair.value));
            if let Some(pair) = first {
                let vendor = tables().provider(provider).map_or(provider, |provider| provider.name);
                let message = format!(
                    "`{}` is read by {names} only, and `{model}` goes to {vendor}; it does nothing there.",
                    pair.name
                );
                check.warn(CredProviderMismatch, pair.key, message).relate(
                    config,
                    place,
                    "The model that says where it goes.",
                );
            }
        }
        let has = |name: &str| config.given(params, name).is_some();
        let bare_gemini =
            provider == "vertex_ai" && model.starts_with("gemini") && !has("custom_llm_provider");
        if bare_gemini && has("api_key") && !SCOPED[0].0.iter().any(|name| has(name)) {
            let message = format!(
                "`{model}` without a prefix goes to Vertex AI, which takes no API key; for a key of Google AI Studio write `gemini/{model}`."
            );
            let right = format!("gemini/{model}");
            check.warn(CredProviderMismatch, place, message).replace(&right);
        }
    }
}
