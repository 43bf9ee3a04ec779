//! What a check is: which must it is about, what the server needs for it, and how it is made.

use litellm_ls_protocol as protocol;
use litellm_ls_protocol::Request;
use serde_json::{Value, json};

use crate::{
    failure::Checked,
    session::{Door, Session},
};

/// The methods, by the words that the tables use.
pub(crate) const DISCOVER: &str = protocol::Discover::METHOD;
pub(crate) const CONFIGURE: &str = protocol::Configure::METHOD;
pub(crate) const STATUS: &str = protocol::Status::METHOD;
pub(crate) const LIST_MODELS: &str = protocol::ListModels::METHOD;
pub(crate) const MARK_MODEL: &str = protocol::MarkModel::METHOD;
pub(crate) const COMPLETE: &str = protocol::Complete::METHOD;
pub(crate) const EDIT: &str = protocol::Edit::METHOD;
pub(crate) const LIST_PROMPTS: &str = protocol::ListPrompts::METHOD;
pub(crate) const COUNT_TOKENS: &str = protocol::CountTokens::METHOD;
pub(crate) const FIT: &str = protocol::Fit::METHOD;
pub(crate) const CHECK_FILE: &str = protocol::CheckFile::METHOD;
pub(crate) const USAGE: &str = protocol::UsageReport::METHOD;
pub(crate) const LIST_PROFILES: &str = protocol::ListProfiles::METHOD;
pub(crate) const REMOVE_PROFILE: &str = protocol::RemoveProfile::METHOD;

/// The models that a server behind the suite's proxy lists, and that another may have of its own. What each answers is told
/// in IMPLEMENTING.md.
pub(crate) const HELLO: &str = "test-hello";
pub(crate) const ECHO: &str = "test-echo";
pub(crate) const HOLD: &str = "test-hold";
pub(crate) const COUNT: &str = "test-count";
pub(crate) const LONG: &str = "test-long";
pub(crate) const CUT: &str = "test-cut";
pub(crate) const THINK: &str = "test-think";
pub(crate) const TOOL: &str = "test-tool";
pub(crate) const BUSY: &str = "test-busy";
pub(crate) const MODELS: [&str; 9] = [HELLO, ECHO, HOLD, COUNT, LONG, CUT, THINK, TOOL, BUSY];

/// A row of the table of checks.
pub(crate) struct Check {
    /// `TOPIC.WHAT`.
    pub(crate) id: &'static str,
    /// The number of the must that it is about, such as `M4`.
    pub(crate) must: &'static str,
    /// The method that it is about; empty where it is about the connection.
    pub(crate) method: &'static str,
    /// What must hold, in one sentence.
    pub(crate) says: &'static str,
    run: fn(&Session) -> Checked,
    door: Option<Door>,
    needs: Needs,
}

/// What a server has to claim for a check to be made.
#[derive(Clone, Copy)]
pub(crate) struct Needs {
    pub(crate) methods: &'static [&'static str],
    pub(crate) model: Option<&'static str>,
    pub(crate) feature: Option<&'static str>,
    /// That it asks the proxy that it is given.
    pub(crate) proxy: bool,
}

/// The params of the shortest question to a model.
pub(crate) fn chat(model: &str) -> Value {
    json!({"model": model, "prompt": "x"})
}

/// A check of both doors.
pub(crate) const fn both(
    id: &'static str,
    must: &'static str,
    method: &'static str,
    says: &'static str,
    run: fn(&Session) -> Checked,
) -> Check {
    let needs = Needs { methods: &[], model: None, feature: None, proxy: false };
    Check { id, must, method, says, run, door: None, needs }
}

impl Check {
    /// Only at LSP's door.
    pub(crate) const fn at_lsp(mut self) -> Self {
        self.door = Some(Door::Lsp);
        self
    }

    /// Only at the line door.
    pub(crate) const fn at_lines(mut self) -> Self {
        self.door = Some(Door::Lines);
        self
    }

    /// Only where this model is listed. Its answers are asked for by `provider/complete`.
    pub(crate) const fn model(mut self, model: &'static str) -> Self {
        self.needs.model = Some(model);
        self
    }

    /// Only with this feature.
    pub(crate) const fn feature(mut self, feature: &'static str) -> Self {
        self.needs.feature = Some(feature);
        self
    }

    /// Only with these methods, beside its own.
    pub(crate) const fn also(mut self, methods: &'static [&'static str]) -> Self {
        self.needs.methods = methods;
        self
    }

    /// Only where the server asks the proxy that it is given.
    pub(crate) const fn proxy(mut self) -> Self {
        self.needs.proxy = true;
        self
    }

    pub(crate) fn is_for(&self, door: Door) -> bool {
        self.door.is_none_or(|only| only == door)
    }

    /// Whether a pattern means it.
    pub(crate) fn fits(&self, pattern: Option<&str>) -> bool {
        pattern.is_none_or(|pattern| {
            self.must == pattern || self.id.contains(pattern) || self.method.ends_with(pattern)
        })
    }

    pub(crate) fn needs(&self) -> Needs {
        self.needs
    }

    pub(crate) fn make(&self, session: &Session) -> Checked {
        (self.run)(session)
    }
}
