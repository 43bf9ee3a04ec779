//! Reads the proxy's three answers about models into rows: fast, and every field on its own.

mod flag;
mod loose;
mod read;
mod refusal;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, cell::OnceCell};

use super::mend;
pub use flag::Flag;
pub use loose::Loose;
pub use refusal::{Refusal, Refused};

/// The routes that tell of models; none of them needs an admin's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelsRoute {
    /// One row a deployment, with everything.
    ModelInfo,
    /// One row a name; limits and prices are the maximum of its deployments, abilities what any of them has.
    ModelGroupInfo,
    /// One row a name, with limits only where the configuration states them.
    Models,
}

impl ModelsRoute {
    /// The route, to be joined to a base URL.
    pub fn route(self) -> &'static str {
        match self {
            Self::ModelInfo => "/v1/model/info",
            Self::ModelGroupInfo => "/model_group/info",
            Self::Models => "/v1/models",
        }
    }
}

/// The rows of one answer, borrowed from its text.
#[derive(Debug, Clone)]
pub struct Rows<'a> {
    /// Which answer.
    pub listing: ModelsRoute,
    /// In the proxy's order, whatever their fields hold.
    pub rows: Vec<Row<'a>>,
    /// How many entries are no objects, or stand behind the most that are read.
    pub strays: usize,
}

/// One entry.
#[derive(Debug, Clone, Default)]
pub struct Row<'a> {
    /// `model_name`, `model_group` or `id`.
    pub name: Loose<'a>,
    /// `litellm_params.model`; absent outside of [`ModelsRoute::ModelInfo`].
    pub backend: Loose<'a>,
    /// `litellm_params.api_base`, an address of the deployment's own; absent outside of [`ModelsRoute::ModelInfo`].
    pub api_base: Loose<'a>,
    /// Whether `model_info` is there and not a blank of JavaScript's (R11); true outside of [`ModelsRoute::ModelInfo`].
    pub described: bool,
    /// What the proxy says of it.
    pub info: Info<'a>,
}

/// The fields of `model_info` that matter here, of about 135; the same names elsewhere.
#[derive(Debug, Clone, Default)]
#[allow(
    missing_docs,
    reason = "the names are the proxy's own; the reference pages of LiteLLM tell what they hold"
)]
pub struct Info<'a> {
    /// Its id in the proxy's price list.
    pub key: Loose<'a>,
    /// Its id in the price list, as the administrator says.
    pub base_model: Loose<'a>,
    /// `litellm_provider`, or the list `providers` of [`ModelsRoute::ModelGroupInfo`].
    pub providers: Loose<'a>,
    pub mode: Loose<'a>,
    pub blocked: Loose<'a>,
    pub description: Loose<'a>,
    pub deprecation_date: Loose<'a>,
    /// What a team's model is called by the team, where the name is an inner one.
    pub team_public_model_name: Loose<'a>,
    pub max_tokens: Loose<'a>,
    pub max_input_tokens: Loose<'a>,
    pub max_output_tokens: Loose<'a>,
    /// What it can do, in the order of [`Flag`].
    pub flags: [Loose<'a>; Flag::ALL.len()],
    pub supported_openai_params: Loose<'a>,
    /// `reasoning_effort_levels`, or `supported_reasoning_efforts` of [`ModelsRoute::ModelGroupInfo`].
    pub reasoning_effort_levels: Loose<'a>,
    /// `supports_<level>_reasoning_effort`, in the order of [`EFFORTS`].
    pub supports_reasoning_effort: [Loose<'a>; EFFORTS.len()],
    /// USD per token, in the order of [`Cost`].
    pub costs: [Loose<'a>; Cost::ALL.len()],
    /// Whether anything is paid by other units than tokens, as with `output_cost_per_image`.
    pub has_other_costs: bool,
    /// `<cost>_above_<N>[k]_tokens`, where not null, and the later steps of `tiered_pricing`.
    pub tiers: Vec<CostAbove<'a>>,
    /// What has a price that is none of these.
    pub apart: Apart,
}

/// Levels of reasoning effort that LiteLLM knows, weakest first.
pub const EFFORTS: [&str; 7] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/// What is paid for at a price of its own, by which nothing is computed here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Apart {
    /// Tokens of reasoning, by `output_cost_per_reasoning_token`.
    pub reasoning: bool,
    /// What is kept in the cache for an hour, by `cache_creation_input_token_cost_above_1hr`.
    pub hours: bool,
    /// Answers of another service tier, by prices whose names end in `_flex` or `_priority`.
    pub tiers: bool,
}

impl Apart {
    /// What one of both has.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            reasoning: self.reasoning || other.reasoning,
            hours: self.hours || other.hours,
            tiers: self.tiers || other.tiers,
        }
    }
}

/// What is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// `input_cost_per_token`.
    Input,
    /// `output_cost_per_token`.
    Output,
    /// `cache_creation_input_token_cost`.
    CacheWrite,
    /// `cache_read_input_token_cost`.
    CacheRead,
}

impl Cost {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Input, Self::Output, Self::CacheWrite, Self::CacheRead];
}

/// The cost of a request with more input than a threshold.
#[derive(Debug, Clone, Copy)]
pub struct CostAbove<'a> {
    /// What is paid for.
    pub cost: Cost,
    /// The threshold in tokens.
    pub above: u64,
    /// USD per token.
    pub value: Loose<'a>,
}

/// The text of a body: without a byte order mark, and with `U+FFFD` for what is not UTF-8.
pub fn text(body: &[u8]) -> Cow<'_, str> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    // Five times as fast as the lossy way, which is for the broken few.
    str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed)
}

/// The body of an answer, which is mended where it can't be read otherwise: one bad number is no reason to lose the list.
#[derive(Debug)]
pub struct Body<'a> {
    bytes: &'a [u8],
    text: Cow<'a, str>,
    mended: OnceCell<String>,
}

impl<'a> Body<'a> {
    /// A body as it came.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, text: text(bytes), mended: OnceCell::new() }
    }

    /// Its rows (D10), whatever its content type.
    ///
    /// # Errors
    /// Where it has none.
    pub fn read(&self, listing: ModelsRoute, status: u16) -> Result<Rows<'_>, Refusal> {
        match read(listing, status, &self.text) {
            Err(Refusal { cause: Refused::Unusable, .. })
                if self.text.trim_start().starts_with(['{', '[']) =>
            {
                read(listing, status, self.mended.get_or_init(|| mend::text(self.bytes)))
            }
            read => read,
        }
    }
}

/// Reads one answer (D10), whatever its content type.
pub fn read<'a>(listing: ModelsRoute, status: u16, text: &'a str) -> Result<Rows<'a>, Refusal> {
    if !(200..300).contains(&status) {
        return Err(Refusal::of(status, text));
    }
    let rows = match listing {
        ModelsRoute::ModelInfo => read::nested(text),
        ModelsRoute::ModelGroupInfo => read::flat(text),
        ModelsRoute::Models => read::names(text),
    };
    let (mut rows, strays) = rows.ok_or(Refusal { status, cause: Refused::Unusable })?;
    if listing == ModelsRoute::ModelGroupInfo {
        rows.iter_mut().for_each(|row| row.info.forget_denials());
    }
    Ok(Rows { listing, rows, strays })
}

impl<'a> Info<'a> {
    /// Reads an object of such fields. None if this is none.
    pub(super) fn read(json: &'a str) -> Option<Self> {
        read::info(json)
    }

    /// Whether it says that a model can do something.
    pub fn flag(&self, flag: Flag) -> Option<bool> {
        self.flags[flag as usize].flag()
    }

    /// `/model_group/info` writes false for what it does not know, so false says nothing there (litellm 1.101.3).
    fn forget_denials(&mut self) {
        for flag in [Flag::Vision, Flag::FunctionCalling, Flag::Reasoning] {
            if self.flag(flag) == Some(false) {
                self.flags[flag as usize] = Loose::default();
            }
        }
    }
}
