//! A question as it is sent: everything about it was decided when it was made.

use std::{sync::Arc, time::Instant};

use litellm_ls_protocol::{CompleteParams, ErrorKind, ListedModel};

use super::{chance, refusals, retold, retry};
use crate::{
    litellm::{Call, ChatStream, Client},
    provider::{
        Error, Freshness, Listed, Profile, Provider, Result,
        carried::Maker,
        catalog::{self, Overrides, Policy},
        opaque,
        request::{self, InvalidRequest, ModelFacts, Route, estimate},
    },
};

/// The model of a question, and what is known of it.
pub(in crate::provider) struct KnownModel {
    /// What is sent as `model`.
    pub(in crate::provider) model: String,
    /// All that a list says of it.
    pub(in crate::provider) record: Arc<ListedModel>,
    /// The part that is not assumed.
    pub(in crate::provider) facts: ModelFacts,
}

impl KnownModel {
    /// # Errors
    /// Where there is no model to ask.
    pub(in crate::provider) async fn of(
        provider: &Provider,
        profile: &Arc<Profile>,
        params: &CompleteParams,
    ) -> Result<Self> {
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
            .unwrap_or_else(|| catalog::unlisted(&model, &policy).into());
        let mut facts = ModelFacts::of(&record);
        facts.proxies = profile.addresses().map(|address| address.identity()).collect();
        facts.max_tokens_param = overrides.find(&model).and_then(|known| known.max_tokens_param);
        Ok(Self { model, record, facts })
    }
}

/// A question that can be sent, and sent again.
pub(super) struct Question {
    /// What is sent as `model`.
    pub(super) model: String,
    /// What is known of that model.
    pub(super) record: Arc<ListedModel>,
    /// Who an answer is by.
    pub(super) maker: Maker,
    /// What it goes by in the proxy's log.
    pub(super) call: Call,
    /// When it was asked.
    pub(super) asked: Instant,
    /// What is not as the caller may think.
    pub(super) warnings: Vec<String>,
    client: Client,
    pub(super) route: Route,
    body: Vec<u8>,
    /// About how many tokens it has: bytes / 4.
    pub(super) tokens: u64,
    /// What it is sent without, for the proxy said that the model does not take it.
    refused: Vec<String>,
}

impl Question {
    /// # Errors
    /// Where there is no model to ask, or the request is wrong.
    pub(super) async fn prepare(
        provider: &Provider,
        profile: &Arc<Profile>,
        params: &CompleteParams,
    ) -> Result<Self> {
        let asked = Instant::now();
        let KnownModel { model, record, facts } = KnownModel::of(provider, profile, params).await?;
        let request::Body { route, mut fields, mut warnings } =
            request::body(params, &model, &facts, profile.compatibility())?;
        let refused = provider.refusals.of(profile.endpoint.mark(), &model);
        warnings.extend(refusals::leave_out(&mut fields, &refused, &model));
        warnings.extend(retold::tell(&mut fields, &refused, &model));
        let tokens = estimate::tokens(&fields);
        warnings.extend(too_long(tokens, &model, &facts));
        Ok(Self {
            client: provider.client(profile).await?,
            route,
            body: opaque::write(&fields),
            tokens,
            maker: Maker::of(&model, &facts),
            call: Call { id: call_id(), traceparent: traceparent(params)? },
            model,
            record,
            asked,
            warnings,
            refused,
        })
    }

    /// Sends it, and waits for the first byte of the answer.
    pub(super) async fn send(&self, profile: &Arc<Profile>) -> Result<ChatStream> {
        let url = match self.route {
            Route::Chat => &profile.endpoint.chat,
            Route::Text => &profile.endpoint.text,
        };
        let body = self.body.clone();
        let sent = self.client.complete(&profile.endpoint, url, &self.call, body, profile.answer_timeouts());
        Ok(sent.await?)
    }

    /// Leaves out what an error names as not taken; says so in one sentence for each. Nothing where the error names
    /// nothing that can be left out.
    pub(super) fn leave_out_refused_params(&mut self, error: &Error) -> Vec<String> {
        let Some(mut fields) = opaque::read_request(&self.body) else { return Vec::new() };
        let names = refusals::named(error, &fields);
        self.refused.extend(names.iter().filter(|name| fields.contains_key(*name)).cloned());
        self.refused.extend(retold::named(error, &fields));
        let mut told = refusals::leave_out(&mut fields, &self.refused, &self.model);
        told.extend(retold::tell(&mut fields, &self.refused, &self.model));
        if !told.is_empty() {
            self.body = opaque::write(&fields);
            self.warnings.extend(told.iter().cloned());
        }
        told
    }

    /// Remembers what was left out, for later questions to this model: it was answered without.
    pub(super) fn learn(&self, provider: &Provider, profile: &Profile) {
        for name in self.refused.iter().filter(|name| retold::is_lasting(name)) {
            provider.refusals.remember(profile.endpoint.mark(), &self.model, name);
        }
    }
}

/// A warning where a question is longer than the known context window. It is sent all the same, for its length is an
/// estimate.
fn too_long(tokens: u64, model: &str, facts: &ModelFacts) -> Option<String> {
    let window = facts.context_window?;
    (tokens > window).then(|| {
        format!(
            "the question takes about {tokens} tokens, and the context window of {model} has {window}: \
             shorten it, or take a model with a larger one"
        )
    })
}

/// The caller's trace context, as W3C writes it: `00-<32 hex digits>-<16>-<2>`.
fn traceparent(params: &CompleteParams) -> Result<Option<String>> {
    let Some(text) = &params.traceparent else { return Ok(None) };
    let fits = |part: &str, length| {
        part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let parts: Vec<&str> = text.split('-').collect();
    let fits = parts.len() == 4 && parts.iter().zip([2, 32, 16, 2]).all(|(part, length)| fits(part, length));
    match fits {
        true => Ok(Some(text.clone())),
        false => {
            Err(InvalidRequest::new("traceparent", "write it as W3C does: 00-<trace>-<span>-<flags>").into())
        }
    }
}

impl Provider {
    /// Whether a model, or the one for requests that name none, has learnt to fill gaps in a text. Nobody is asked.
    pub fn fills_gaps(&self, profile: &Arc<Profile>, model: Option<&str>) -> bool {
        let known = self.known_models(profile);
        let default = || known.as_ref().and_then(|listing| listing.default_model(profile));
        let Some(model) = model.or(profile.model()).map(str::to_owned).or_else(default) else { return false };
        let record = known.as_ref().and_then(|listing| listing.model(&model));
        request::fills_gaps(&model, &record.map(|record| ModelFacts::of(record)).unwrap_or_default())
    }
}

/// The model that a request means.
async fn model_for(provider: &Provider, profile: &Arc<Profile>, params: &CompleteParams) -> Result<String> {
    if let Some(model) = params.model.as_deref().or(profile.model()) {
        if model.trim().is_empty() {
            return Err(InvalidRequest::new(
                "model",
                "name a model, or leave it out for the one in the settings",
            )
            .into());
        }
        profile.may_name(model).map_err(|problem| InvalidRequest::new(problem.path, problem.remedy))?;
        return Ok(model.to_owned());
    }
    let listed = list(provider, profile).await?;
    listed.listing.default_model(profile).ok_or_else(|| {
        Error::new(
            ErrorKind::ModelNotFound,
            "no model is chosen, and the proxy lists none that chats and is not retired",
            crate::provider::models::CHOOSE,
        )
    })
}

/// The list of models, asked for again where that may help, as a question with a model is.
async fn list(provider: &Provider, profile: &Arc<Profile>) -> Result<Listed> {
    let mut attempt = 1;
    loop {
        let error = match provider.models(profile, Freshness::Cached).await {
            Ok(listed) => return Ok(listed),
            Err(error) => error,
        };
        let Some(wait) = retry::wait(&error, attempt, chance()) else { return Err(error) };
        attempt += 1;
        tokio::time::sleep(wait).await;
    }
}

/// An id for one call, which LiteLLM takes as its own, so that a user and an administrator can speak of the same call.
fn call_id() -> String {
    let mut bytes = [0; 16];
    // Without random numbers from the system there is no TLS either; an id that repeats harms nothing.
    let _ = getrandom::fill(&mut bytes);
    format!("{:032x}", u128::from_be_bytes(bytes))
}
