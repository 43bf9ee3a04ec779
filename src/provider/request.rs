//! Builds the body of one request to the proxy from what a peer asks.

use std::{cell::OnceCell, fmt};

use litellm_ls_protocol::{
    Compatibility, CompleteParams, FillInTheMiddle, MaxTokensParam, Message, PromptCache, ToolChoice,
};
use serde_json::{Map, Value, json};

use super::carried;

mod cache_marks;
pub(super) mod estimate;
mod facts;
pub mod family;
mod fim;
pub mod gemini;
mod messages;
pub(super) mod output_limit;
mod reasoning;
pub mod tool_ids;
mod tools;

pub use facts::{ModelFacts, wire_model};
use family::Family;
pub use fim::fills_gaps;

/// Which of the proxy's routes a body is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// `/v1/chat/completions`.
    Chat,
    /// `/v1/completions`, which alone knows a `suffix`.
    Text,
}

/// A body and where it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// The route.
    pub route: Route,
    /// The JSON object to send.
    pub fields: Map<String, Value>,
    /// What is not as the caller may think, each in one sentence.
    pub warnings: Vec<String>,
}

/// Something in a request that no proxy could answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidRequest {
    /// The field, such as `messages[2].toolCallId`.
    pub path: String,
    /// What to do, in one sentence.
    pub remedy: String,
}

impl InvalidRequest {
    pub(super) fn new(path: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { path: path.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path, self.remedy)
    }
}

impl std::error::Error for InvalidRequest {}

/// Builds what goes on the wire for `params`: always a stream with its usage, and beyond that no key that neither the
/// caller nor a rule with a reason asked for (D21 to D29). `model` goes out as it is.
///
/// `default` and `strict` are the same here; `roo` sends what Roo Code 3.52.1 sends (R21 to R29).
pub fn body(
    params: &CompleteParams,
    model: &str,
    facts: &ModelFacts,
    compatibility: Compatibility,
) -> Result<Body, InvalidRequest> {
    let target = Target { model, facts, compatibility, family: OnceCell::new() };
    let mut fields = Map::new();
    fields.insert("model".into(), model.into());
    let (route, stop) = match gap(params)? {
        None => {
            chat(params, &target, &mut fields)?;
            (Route::Chat, &[][..])
        }
        Some(gap) => (Route::Text, fim::set(gap, model, facts, &mut fields)),
    };
    fields.insert("stream".into(), true.into());
    fields.insert("stream_options".into(), json!({"include_usage": true}));
    let warnings = options(params, &target, route, stop, &mut fields)?;
    for (name, value) in &params.extra_body {
        if name == "stream" && *value != Value::Bool(true) {
            let reason = "leave it out: every answer is streamed on the wire";
            return Err(InvalidRequest::new("extraBody.stream", reason));
        }
        fields.insert(name.clone(), value.clone());
    }
    Ok(Body { route, fields, warnings })
}

/// Which model a request goes to, and by which rules.
struct Target<'a> {
    model: &'a str,
    facts: &'a ModelFacts,
    compatibility: Compatibility,
    /// Looked up once a message with calls needs it.
    family: OnceCell<Family>,
}

impl Target<'_> {
    fn family(&self) -> Family {
        *self.family.get_or_init(|| family::family(self.model, self.facts, self.compatibility))
    }

    /// Whether this model made a message, as far as that is known.
    fn made(&self, message: &Message) -> bool {
        carried::is_home(message.provider_fields.as_ref(), self.model, self.facts)
    }
}

/// The gap to fill, or `None` for a chat; an error unless exactly one thing is asked.
fn gap(params: &CompleteParams) -> Result<Option<&FillInTheMiddle>, InvalidRequest> {
    // A list of none is as absent.
    let asked = [
        ("messages", params.messages.as_ref().is_some_and(|messages| !messages.is_empty())),
        ("prompt", params.prompt.is_some()),
        ("fim", params.fim.is_some()),
    ];
    let asked = asked.into_iter().filter_map(|(name, given)| given.then_some(name)).collect::<Vec<_>>();
    let chat_only = [
        ("system", params.system.is_some()),
        ("tools", !params.tools.is_empty()),
        ("toolChoice", params.tool_choice.is_some()),
    ];
    match (asked.as_slice(), &params.fim) {
        ([], _) if params.messages.is_some() => {
            Err(InvalidRequest::new("messages", "give at least one message"))
        }
        ([_], Some(gap)) => match chat_only.into_iter().find(|(_, given)| *given) {
            Some((name, _)) => Err(InvalidRequest::new(name, "leave it out with `fim`, which is not a chat")),
            None => Ok(Some(gap)),
        },
        ([_], None) => Ok(None),
        (asked, _) => {
            let path = asked.last().copied().unwrap_or("messages");
            Err(InvalidRequest::new(path, "give exactly one of `messages`, `prompt` and `fim`"))
        }
    }
}

/// Adds what only a chat has: messages, tools and the cache marks on both.
fn chat(
    params: &CompleteParams,
    target: &Target,
    fields: &mut Map<String, Value>,
) -> Result<(), InvalidRequest> {
    let history = params.messages.as_deref().unwrap_or_default();
    let mut messages = messages::wire(params.system.as_deref(), history, target)?;
    messages.extend(params.prompt.iter().map(|prompt| json!({"role": "user", "content": prompt})));
    let mut tools = tools::wire(&params.tools, target.compatibility);
    if target.facts.supports_prompt_cache && params.prompt_cache == PromptCache::Auto {
        cache_marks::set(&mut messages, &mut tools, target.compatibility);
    }
    if tools.is_empty() && target.compatibility != Compatibility::Roo && tools::called_in(history) {
        tools.push(tools::stand_in());
    }
    fields.insert("messages".into(), messages.into());
    if !tools.is_empty() {
        fields.insert("tools".into(), tools.into());
    }
    if let Some(choice) = &params.tool_choice {
        let choice = match choice {
            ToolChoice::Mode(mode) => json!(mode),
            ToolChoice::Named { name } => json!({"type": "function", "function": {"name": name}}),
        };
        fields.insert("tool_choice".into(), choice);
    }
    Ok(())
}

/// Adds the options that both routes know; `stop` ends the answer beside the caller's own texts. Returns what is not as
/// the caller may think.
fn options(
    params: &CompleteParams,
    target: &Target,
    route: Route,
    stop: &[&str],
    fields: &mut Map<String, Value>,
) -> Result<Vec<String>, InvalidRequest> {
    let Target { model, facts, compatibility, .. } = *target;
    // With both names at once, providers refuse.
    let limit = if output_limit::NAMES.iter().any(|name| params.extra_body.contains_key(*name)) {
        None
    } else {
        output_limit::value(params.max_tokens, facts, compatibility, || estimate::tokens(fields))
    };
    let mut metadata = Map::new();
    if !params.tags.is_empty() {
        metadata.insert("tags".into(), json!(params.tags));
    }
    if let Some(session_id) = &params.session_id {
        metadata.insert("session_id".into(), json!(session_id));
    }
    // OpenAI takes four at most; the caller's own come first.
    let room = MOST_STOPS.saturating_sub(params.stop.len());
    let stop: Vec<&str> =
        params.stop.iter().map(String::as_str).chain(stop.iter().copied().take(room)).collect();
    let mut effort = reasoning::effort(params.reasoning_effort.as_deref(), facts, compatibility)?;
    let mut thinking = reasoning::thinking(params.thinking_budget, limit)?;
    let mut warnings = Vec::new();
    if params.max_tokens.is_some() && facts.max_tokens_param == Some(MaxTokensParam::None) {
        warnings
            .push(format!("`maxTokens` was left out, for `maxTokensParam` says that {model} takes no limit"));
    }
    if reasoning::is_lost(params.messages.as_deref().unwrap_or_default(), target) {
        let effort = effort.take_if(|effort| reasoning::is_claude(target) && !reasoning::is_off(effort));
        if thinking.take().is_some() || effort.is_some() {
            warnings.push(format!(
                "thinking was left out, for the last turn calls tools and has no reasoning that {model} can read"
            ));
        }
    }
    let limit =
        limit.map(|limit| (output_limit::parameter(model, facts, compatibility, route), Some(limit.into())));
    let options = [
        ("temperature", temperature(params.temperature, model, compatibility).map(Value::from)),
        ("top_p", params.top_p.map(Value::from)),
        ("stop", (!stop.is_empty()).then(|| json!(stop))),
        ("seed", params.seed.map(Value::from)),
        ("response_format", params.response_format.clone()),
        ("reasoning_effort", effort.map(Value::from)),
        ("thinking", thinking),
        ("user", params.user.as_deref().map(Value::from)),
        ("metadata", (!metadata.is_empty()).then_some(metadata.into())),
    ];
    fields
        .extend(limit.into_iter().chain(options).filter_map(|(name, value)| Some((name.to_owned(), value?))));
    Ok(warnings)
}

/// D22, R22: what the caller gave; Roo sends 0 where nothing is set, and nothing to some models.
fn temperature(given: Option<f64>, model: &str, compatibility: Compatibility) -> Option<f64> {
    match compatibility {
        Compatibility::Roo if model.starts_with("openai/o3-mini") => None,
        Compatibility::Roo => given.or(Some(0.0)),
        Compatibility::Default | Compatibility::Strict | Compatibility::Unknown => given,
    }
}

/// Most texts that may end an answer.
const MOST_STOPS: usize = 4;
