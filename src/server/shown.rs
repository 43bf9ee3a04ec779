//! What people see of a result, in editors that show nothing by themselves.

mod columns;
mod local_proxy;
mod models_page;
mod usage_page;

use std::fmt::Write;

use litellm_ls_protocol::{
    CheckFileResult, CompleteResult, ConfigureResult, CountSource, CountTokensResult, DiscoverResult,
    EditPlace, EditResult, FitResult, ListModelsResult, ListProfilesResult, ListPromptsResult,
    MarkModelResult, PromptOutput, RemoveProfileResult, StatusResult, UsageReportResult,
};

use crate::{
    figures,
    language::Language,
    plain::{self, cell},
    provider::Glance,
};

use super::{ALL_IS_WELL, Peer, pages, sentence};
use columns::Table;
pub(super) use models_page::model_in_row;
pub(super) use usage_page::page as usage_page;

/// Models that take a millisecond to write.
const MANY: usize = 1_000;
/// Bytes of a text that do.
const LONG: usize = 1 << 20;
/// How the pages of answers are called.
pub(super) const ANSWER: &str = "answer";
/// Widest name of a model, in columns.
const NAME: usize = 100;

/// What is shown of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Page {
    /// One sentence.
    Sentence(String),
    /// One sentence about what went wrong.
    Warning(String),
    /// A document.
    Document {
        /// What its file is named after.
        name: &'static str,
        /// Its text.
        markdown: String,
    },
    /// An answer.
    Answer(AnswerPage),
}

/// An answer as a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AnswerPage {
    /// Why it is not all of it. None where it is.
    pub(super) reason: Option<String>,
    /// What the model has said.
    said: String,
    /// Who answered, and what it took.
    usage: String,
}

impl AnswerPage {
    /// Its text in a language; what the model has said stays as it is.
    pub(super) fn told(&self, language: Language) -> String {
        let Self { reason, said, usage } = self;
        let not_all = |reason| format!("_{}_\n\n", language.said(&format!("This is not all: {reason}.")));
        let head = reason.as_ref().map_or_else(String::new, not_all);
        format!("{head}{said}\n\n---\n\n{}\n", language.words(usage))
    }
}

impl Page {
    /// Shows it, and says whether it can be read.
    pub(super) async fn show(self, peer: &Peer) -> bool {
        match self {
            Self::Sentence(sentence) => peer.show_info(&sentence),
            Self::Warning(sentence) => peer.show_warning(&sentence),
            Self::Document { name, markdown } => {
                return pages::show(peer, name, &peer.language().page(&markdown)).await;
            }
            Self::Answer(answer) => return pages::show(peer, ANSWER, &answer.told(peer.language())).await,
        }
        true
    }
}

/// A result that people can be shown.
pub(super) trait Shown {
    /// What they see of it.
    fn shown(&self) -> Page;

    /// Whether it takes long to write, so that it is written beside what serves everybody.
    fn is_long(&self) -> bool {
        false
    }
}

impl Shown for DiscoverResult {
    fn shown(&self) -> Page {
        let Self { server_info, version, methods, .. } = self;
        let (name, release) = (&server_info.name, &server_info.version);
        Page::Sentence(format!("{name} {release}: protocol {version}, {} methods", methods.len()))
    }
}

impl Shown for ConfigureResult {
    fn shown(&self) -> Page {
        let state = self.status.as_ref().map_or_else(String::new, |status| format!(": {}", words(status)));
        Page::Sentence(format!("LiteLLM: set up {}{state}", self.settings.base_url.value))
    }
}

impl Shown for StatusResult {
    fn shown(&self) -> Page {
        Page::Sentence(format!("LiteLLM: {}", words(self)))
    }
}

/// A status in one sentence: the worst check and what to do, or that all is well.
fn words(status: &StatusResult) -> String {
    status.worst().map_or_else(
        || ALL_IS_WELL.to_owned(),
        |check| sentence(&check.message, check.remedy.as_deref().unwrap_or_default()),
    )
}

impl Shown for ListModelsResult {
    fn shown(&self) -> Page {
        Page::Document { name: "models", markdown: models_page::page(self) }
    }

    fn is_long(&self) -> bool {
        self.models.len() > MANY
    }
}

impl Shown for MarkModelResult {
    fn shown(&self) -> Page {
        let model = plain::label(&self.model, NAME);
        Page::Sentence(match self.favourite {
            true => format!("LiteLLM: {model} is a favourite"),
            false => format!("LiteLLM: {model} is no favourite"),
        })
    }
}

impl Shown for CompleteResult {
    fn shown(&self) -> Page {
        let mut said = self.message.text.clone();
        for call in &self.message.tool_calls {
            let _ = write!(said, "\n\n{}", plain::code(&format!("{}({})", call.name, call.arguments)));
        }
        Page::Answer(AnswerPage { reason: None, said, usage: told_usage(&self.model, self) })
    }

    fn is_long(&self) -> bool {
        let reasoning = self.message.reasoning.as_ref().map_or(0, String::len);
        self.message.text.len() + reasoning > LONG
    }
}

/// Who answered, and what it took, or about what where nobody has counted it.
pub(super) fn told_usage(model: &str, answer: &CompleteResult) -> String {
    let model = plain::label(model, NAME);
    let CompleteResult { usage: counted, estimated_usage, .. } = answer;
    let Some(usage) = counted.as_ref().or(estimated_usage.as_ref()) else { return model };
    let tokens = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), |count| count.to_string());
    let (input, output) = (tokens(usage.input_tokens), tokens(usage.output_tokens));
    match (counted, usage.cost) {
        (Some(_), None) => format!("{model}: {input} tokens in, {output} out"),
        (Some(_), Some(cost)) => {
            format!("{model}: {input} tokens in, {output} out, {}", figures::price(cost))
        }
        (None, None) => format!("{model}: about {input} tokens in, {output} out"),
        (None, Some(cost)) => {
            format!("{model}: about {input} tokens in, {output} out, about {}", figures::about(cost))
        }
    }
}

impl Shown for EditResult {
    fn shown(&self) -> Page {
        if let Some(tokens) = self.estimated_input_tokens {
            let cost = self
                .estimated_cost
                .map_or_else(String::new, |cost| format!(", about {}", figures::about(cost)));
            let model = plain::label(&self.answer.model, NAME);
            return Page::Sentence(format!("LiteLLM: {model}, about {tokens} tokens{cost}"));
        }
        match &self.reason {
            Some(reason) if self.place == EditPlace::None => Page::Warning(format!("LiteLLM: {reason}")),
            _ => self.answer.shown(),
        }
    }
}

impl Shown for ListPromptsResult {
    fn shown(&self) -> Page {
        let mut table = Table::new(["prompt", "title", "model", "answer"]);
        for prompt in &self.prompts {
            let output = match prompt.output {
                PromptOutput::Diff => "shown as a change",
                PromptOutput::Replace => "replaces",
                PromptOutput::Insert => "inserted",
                PromptOutput::Page | PromptOutput::Unknown => "on a page",
            };
            let model = prompt.model.as_deref().map_or_else(|| "as in use".to_owned(), cell);
            table.row([cell(&prompt.name), cell(&prompt.title), model, output.to_owned()]);
        }
        let markdown =
            format!("# Prompts\n\n{table}\nWrite your own into the settings file, as `[prompts.NAME]`.\n");
        Page::Document { name: "prompts", markdown }
    }
}

impl Shown for CountTokensResult {
    fn shown(&self) -> Page {
        let about = if self.source == CountSource::Estimate { "about " } else { "" };
        Page::Sentence(format!("LiteLLM: {about}{} tokens for {}", self.tokens, self.model))
    }
}

impl Shown for FitResult {
    fn shown(&self) -> Page {
        Page::Sentence(match self {
            Self::Write { .. } => "LiteLLM: the answer can be written".to_owned(),
            Self::Show { reason, .. } | Self::Nothing { reason } => format!("LiteLLM: {reason}"),
            Self::Unknown => "LiteLLM: the answer is not written".to_owned(),
        })
    }
}

impl Shown for CheckFileResult {
    fn shown(&self) -> Page {
        Page::Sentence(match &self.pattern {
            Some(pattern) => format!("LiteLLM: the file may hold secrets, for its name fits {pattern}"),
            None => "LiteLLM: the file may be sent".to_owned(),
        })
    }
}

impl Shown for UsageReportResult {
    fn shown(&self) -> Page {
        let page = self.page.clone();
        Page::Document {
            name: "usage",
            markdown: page.unwrap_or_else(|| usage_page(self, &Glance::default())),
        }
    }
}

impl Shown for ListProfilesResult {
    fn shown(&self) -> Page {
        let name = |profile: &litellm_ls_protocol::ProfileSummary| {
            if profile.active { format!("{} (active)", profile.name) } else { profile.name.clone() }
        };
        Page::Sentence(format!(
            "LiteLLM: profiles {}",
            self.profiles.iter().map(name).collect::<Vec<_>>().join(", ")
        ))
    }
}

impl Shown for RemoveProfileResult {
    fn shown(&self) -> Page {
        let removed = if self.removed { "removed" } else { "there was none" };
        Page::Sentence(format!("LiteLLM: {removed}; {} is active", self.active))
    }
}
