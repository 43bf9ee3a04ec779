//! What to do where a proxy on this machine fails. One that this program has started is the user's own, and there is no
//! administrator to ask; any other may be, or may be the end of a tunnel to somebody else's.

use std::sync::LazyLock;

use litellm_ls_protocol::{ErrorKind, Model};
use regex_lite::Regex;

use crate::{
    provider::{Error, Profile},
    proxy::{self, Source},
};

/// What to do about a failure of a proxy on this machine. None where it is not there, or something else helps.
pub(super) fn remedy(profile: &Profile, model: &Model, error: &Error) -> Option<String> {
    if !profile.transport.loopback || error.data.gateway.is_some() {
        return None;
    }
    let is_own = profile.transport.guard.is_some();
    let restart = match is_own {
        true => "restart the proxy: litellm-ls proxy stop, litellm-ls proxy start",
        false => "restart it",
    };
    let set = |name: &str| {
        format!("set {name} to a key of the provider where the proxy is started, then {restart}")
    };
    let remedy = match error.kind() {
        ErrorKind::UpstreamUnauthorized => Some(match (&profile.serves, variable(model, error)) {
            (Some(Source::Config(path)), _) => format!(
                "give the model a key of its provider: the `api_key` in {}, or the variable that it names, in .env \
                 beside that file too; then {restart}",
                path.display()
            ),
            (Some(Source::Model { api_key_env: Some(name), .. }), _) => set(name),
            (Some(_), Some(name)) => set(&name),
            (None, Some(name)) => set(&format!("{name}, or what its config.yaml names in place of it,")),
            (_, None) => format!("set the provider's key where the proxy is started, then {restart}"),
        }),
        // LiteLLM says `Connection error.` where nobody answers at a deployment's address.
        ErrorKind::Upstream if error.message.to_ascii_lowercase().contains("connect") => Some(format!(
            "start the model's server, or correct api_base in the proxy's config.yaml, then {restart}"
        )),
        ErrorKind::Upstream => {
            Some("ask again in a moment; if it goes on, look into the proxy's log".to_owned())
        }
        _ => None,
    }?;
    Some(if is_own { remedy } else { format!("ask whoever runs the proxy; where that is you, {remedy}") })
}

/// The variable that holds the provider's key: as the message names it, or the usual one of the provider that LiteLLM
/// names, or of the model's.
fn variable(model: &Model, error: &Error) -> Option<String> {
    static NAME: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:API_KEY|KEY|TOKEN|KEY_ID)\b").ok());
    let named = NAME.as_ref().and_then(|name| name.find(&error.message)).map(|name| name.as_str().to_owned());
    let usual = || {
        let detail = error.data.detail.as_deref().unwrap_or_default();
        // `OpenAIException - …`
        let vendor = detail.split_once("Exception - ").map(|(before, _)| before);
        let vendor = vendor.and_then(|before| before.rsplit(' ').next()).unwrap_or_default().to_lowercase();
        let vendor = format!("{vendor}/");
        let backends = model.backends.iter().map(String::as_str).chain([&*model.id, &*vendor]);
        backends
            .map(proxy::usual_variables)
            .find_map(|variables| variables.first().map(|name| (*name).to_owned()))
    };
    named.or_else(usual)
}
