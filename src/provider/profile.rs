//! One named setting, ready to be used: every question about it was answered when it was made.

use std::{collections::BTreeMap, time::Duration};

use litellm_ls_protocol::{
    Compatibility, EffectiveSettings, KeySetting, Layer, ModelOverride, Problem, ProviderKind, Setting, Timeouts, Tls,
    Urls,
};

use super::{
    key::Key,
    layers::Values,
};
use crate::litellm::{
    Endpoint, Patience, Transport,
    auth::AuthStyle,
    base_url::BaseUrl,
};

/// Time limits where nobody says otherwise.
const TIMEOUTS: Timeouts = Timeouts {
    connect_ms: Some(10_000),
    first_token_ms: Some(300_000),
    idle_ms: Some(120_000),
    discovery_ms: Some(30_000),
};

/// What one layer says, and for whom its key was given.
#[derive(Debug, Clone, Default)]
pub struct LayerState {
    /// What it says.
    pub values: Values,
    /// The origin that the layer's key belongs to. None where no base URL had been named when it was given: then it
    /// belongs to the first that the user names.
    pub key_home: Option<String>,
}

/// A profile as it holds at one moment.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// What answers at the base URL.
    pub kind: ProviderKind,
    /// The base URL.
    pub base: BaseUrl,
    /// Where requests go and what goes with them.
    pub endpoint: Endpoint,
    /// How the connection is made.
    pub transport: Transport,
    /// How long a chat may keep its reader waiting.
    pub patience: Patience,
    /// How long a list may take.
    pub discovery: Duration,
    /// The model for requests that name none.
    pub model: Option<String>,
    /// What the user knows of models.
    pub model_overrides: BTreeMap<String, ModelOverride>,
    /// What fills the gaps of the model list.
    pub compatibility: Compatibility,
    /// What holds but is not as the user may think.
    pub warnings: Vec<String>,
    /// All of it, redacted, with origins.
    pub settings: EffectiveSettings,
    /// Where it leads, without credentials.
    pub urls: Urls,
}

impl Profile {
    /// Makes a profile of its layers, weakest first.
    ///
    /// # Errors
    /// The problem with the base URL or the key, which can't be seen in one layer alone.
    pub fn of(name: &str, layers: &[(Layer, &LayerState)]) -> Result<Self, Problem> {
        let pick = Pick(layers);
        let compatibility = pick.or_default(|values| values.compatibility);
        let kind = pick.or_default(|values| values.kind);
        let auth = pick.or_default(|values| values.auth.clone());
        let (base_layer, base) = base(layers)?;
        let key = KeyInUse::find(layers, base_layer, &base);

        let timeouts = merged_timeouts(layers);
        let tls = merged_tls(layers);
        let headers = pick.last(|values| values.headers.clone());
        let proxy_url = pick.last(|values| values.proxy_url.clone());
        let model = pick.last(|values| values.model.clone());
        let model_overrides = pick.last(|values| values.model_overrides.clone());

        // Headers may hold secrets, and so belong to the same place as the key of their layer.
        let sent_headers = headers
            .as_ref()
            .filter(|(layer, _)| may_follow(layers, *layer, base_layer, &base))
            .map(|(_, headers)| headers.clone())
            .unwrap_or_default();
        let headers_withheld = headers.as_ref().is_some_and(|(_, headers)| !headers.is_empty()) && sent_headers.is_empty();

        let endpoint = Endpoint::new(&base, kind, compatibility, &auth.value, key.sent(), &sent_headers)
            .map_err(|reason| problem("apiKey", reason, "give the key again"))?;
        todo()
    }
}
