//! What `provider/configure` says in a session, as another process can be told it.

use std::collections::BTreeMap;

use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    Settings,
    layers::{self, Author, Values},
    profile::LayerState,
};

/// What a session has set, beside what stands in files. It has no `Debug`, for it holds keys.
#[derive(Serialize, Deserialize)]
pub struct ChosenSettings {
    profiles: BTreeMap<String, Said>,
    /// The profile that was made active.
    active: Option<String>,
}

/// What was said of a profile.
#[derive(Serialize, Deserialize)]
struct Said {
    settings: Map<String, Value>,
    /// The origin that its key and headers belong to.
    home: Option<String>,
}

impl Settings {
    /// Increases with each change of what [`chosen`](Self::chosen) returns.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// What this session has set.
    pub fn chosen(&self) -> ChosenSettings {
        let said = |state: &LayerState| Said { settings: said(&state.values), home: state.home.clone() };
        let profiles = self.configured.iter().map(|(name, state)| (name.clone(), said(state))).collect();
        ChosenSettings { profiles, active: self.chosen.clone() }
    }

    /// Takes up what a session had set. What can't be used any more, such as a file of a key that is gone, is left out.
    pub fn take_up(&mut self, chosen: ChosenSettings) {
        for (name, Said { settings, home }) in chosen.profiles {
            let none = Values::default();
            let (values, _gone) = layers::apply(&none, &settings, &[], Author::User, &self.environment);
            self.configured.insert(name, LayerState { values, home, ..LayerState::default() });
        }
        self.chosen = chosen.active;
        self.bind();
    }
}

/// Values as a message that says them.
fn said(values: &Values) -> Map<String, Value> {
    let Values {
        kind,
        base_url,
        fallback_urls,
        api_key,
        auth,
        headers,
        model,
        model_overrides,
        timeouts,
        tls,
        proxy_url,
        compatibility,
        secret_files,
        budget,
        // Named by the others.
        key_files: _,
    } = values;
    let headers = headers.as_ref().map(|headers| {
        let shown = headers.iter().map(|(name, value)| (name.clone(), value.expose_secret().into()));
        shown.collect::<Map<String, Value>>()
    });
    let all = [
        ("kind", json!(kind)),
        ("baseUrl", json!(base_url)),
        ("fallbackUrls", json!(fallback_urls)),
        ("apiKey", json!(api_key.as_ref().map(|key| key.given().expose_secret()))),
        ("auth", json!(auth.as_ref().map(ToString::to_string))),
        ("headers", json!(headers)),
        ("model", json!(model)),
        ("modelOverrides", json!(model_overrides)),
        ("timeouts", json!(timeouts)),
        ("tls", json!(tls)),
        ("proxyUrl", json!(proxy_url)),
        ("compatibility", json!(compatibility)),
        ("secretFiles", json!(secret_files)),
        ("budget", json!(budget)),
    ];
    all.into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
