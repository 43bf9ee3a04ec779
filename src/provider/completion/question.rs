//! A question as it is sent: everything about it was decided when it was made.

use std::time::Instant;

use litellm_ls_protocol::{CompleteParams, ErrorKind, Model};

use crate::{
    litellm::{ChatStream, Client},
    provider::{
        Error, Freshness, Profile, Provider, Result,
        catalog::{self, Overrides, Policy},
        request::{self, ModelFacts, Route},
    },
};

/// A question that can be sent, and sent again.
pub(super) struct Question {
    /// What is sent as `model`.
    pub(super) model: String,
    /// What is known of that model.
    pub(super) record: Model,
    /// The id of the call, as in the proxy's log.
    pub(super) call_id: String,
    /// When it was asked.
    pub(super) asked: Instant,
    client: Client,
    route: Route,
    body: Vec<u8>,
}

impl Question {
    /// # Errors
    /// Where there is no model to ask, or the request is wrong.
    pub(super) async fn prepare(
        provider: &Provider,
        profile: &Profile,
        params: &CompleteParams,
    ) -> Result<Self> {
        let asked = Instant::now();
        let wanted = model_for(provider, profile, params).await?;
        let known = provider.known_models(profile);
        let listed = known.as_ref().map_or(&[][..], |listing| &listing.catalog.models);
        let model = request::wire_model(&wanted, listed, profile.compatibility()).to_owned();
        let overrides = Overrides::of(profile.model_overrides());
        // What a price list says never acts, so that a question needs none.
        let policy = Policy { compatibility: profile.compatibility(), overrides: &overrides, cost_maps: &[] };
        let record = known
            .as_ref()
            .and_then(|listing| listing.model(&model).cloned())
            .unwrap_or_else(|| catalog::unlisted(&model, &policy));
        let mut facts = ModelFacts::of(&record);
        facts.max_tokens_param = overrides.find(&model).and_then(|known| known.max_tokens_param);

        let body = request::body(params, &model, &facts, profile.compatibility()).map_err(|invalid| {
            let message = format!("`{}` can't be used", invalid.path);
            let mut error = Error::new(ErrorKind::InvalidRequest, message, invalid.reason);
            error.data.param = Some(invalid.path);
            error
        })?;
        Ok(Self {
            client: provider.client(profile).await?,
            route: body.route,
            body: serde_json::Value::Object(body.fields).to_string().into_bytes(),
            call_id: call_id(),
            model,
            record,
            asked,
        })
    }

    /// Sends it, and waits for the first byte of the answer.
    pub(super) async fn send(&self, profile: &Profile) -> Result<ChatStream> {
        let url = match self.route {
            Route::Chat => &profile.endpoint.chat,
            Route::Text => &profile.endpoint.text,
        };
        let body = self.body.clone();
        let sent = self.client.complete(&profile.endpoint, url, &self.call_id, body, profile.patience());
        Ok(sent.await?)
    }
}

/// The model that a request means.
async fn model_for(provider: &Provider, profile: &Profile, params: &CompleteParams) -> Result<String> {
    if let Some(model) = params.model.as_deref().or(profile.model()) {
        return Ok(model.to_owned());
    }
    let listed = provider.models(profile, Freshness::Cached).await?;
    listed.listing.default_model(profile).ok_or_else(|| {
        Error::new(
            ErrorKind::ModelNotFound,
            "no model is chosen, and the proxy lists none that chats",
            "set `model`, or add models to the proxy",
        )
    })
}

/// An id for one call, which LiteLLM takes as its own, so that a user and an administrator can speak of the same call.
fn call_id() -> String {
    let mut bytes = [0; 16];
    // Without random numbers from the system there is no TLS either; an id that repeats harms nothing.
    let _ = getrandom::fill(&mut bytes);
    format!("{:032x}", u128::from_be_bytes(bytes))
}
