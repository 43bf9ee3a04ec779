//! What every rule is given, and how it says what it found.

use std::{
    cell::{Cell, OnceCell},
    collections::HashSet,
};

use crate::config_yaml::{
    codes::Code,
    config::{Config, Pair, Place},
    edits::Edit,
    files::Surroundings,
    finding::{Finding, Fix, Related, Severity, in_one_line},
    release::Release,
    resolver::Names,
    yaml::Span,
};
use crate::near;

pub(super) struct Check<'a> {
    pub(super) config: &'a Config<'a>,
    pub(super) names: Names<'a>,
    pub(super) around: &'a Surroundings<'a>,
    pub(super) release: Release,
    pub(super) findings: Vec<Finding>,
    /// Where keys are that fixes move.
    mends: Mends,
    /// How often it may still be looked up what was meant.
    guesses: Cell<usize>,
    /// What the file's `environment_variables` set, put together once.
    in_file: OnceCell<HashSet<&'a str>>,
}

/// For which findings it is worked out how a key is moved: each of these fixes looks through the whole file.
#[derive(Debug, Clone, PartialEq)]
pub enum Mends {
    /// For all.
    All,
    /// For those at bytes of a file.
    In(usize, Span),
    /// For none: who only shows what is found needs no fixes.
    None,
}

/// How often that is done in one file: whoever has so many mistakes needs no more hints, and each takes its time.
const GUESSES: usize = 500;

impl<'a> Check<'a> {
    pub(super) fn new(
        config: &'a Config<'a>,
        around: &'a Surroundings<'a>,
        release: Release,
        findings: Vec<Finding>,
        mends: Mends,
    ) -> Self {
        let mut names = Names::of(config, release);
        // Of a file without models, such as a part of one, others say what there is.
        names.open |= config.deployments.is_empty();
        Self {
            config,
            names,
            around,
            release,
            findings,
            mends,
            guesses: Cell::new(GUESSES),
            in_file: OnceCell::new(),
        }
    }

    fn guess<'c>(&self, look: impl FnOnce() -> Option<&'c str>) -> Option<&'c str> {
        self.guesses.set(self.guesses.get().checked_sub(1)?);
        look()
    }

    /// How a key is moved, where that is wanted.
    pub(super) fn mended(
        &self,
        pair: &Pair<'_>,
        moved: impl FnOnce(&Config<'a>) -> Option<Vec<Edit>>,
    ) -> Option<Vec<Edit>> {
        let span = self.config.span(pair.key);
        let is_wanted = match &self.mends {
            Mends::All => true,
            Mends::In(file, range) => {
                pair.key.file == *file && span.start <= range.end && range.start <= span.end
            }
            Mends::None => false,
        };
        is_wanted.then(|| moved(self.config)).flatten()
    }

    /// What may have been meant by a word.
    pub(super) fn nearest<'c>(
        &self,
        word: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Option<&'c str> {
        self.guess(|| near::nearest(word, candidates))
    }

    /// The same for one that is probably meant as it is.
    pub(super) fn slip<'c>(
        &self,
        word: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Option<&'c str> {
        self.guess(|| near::slip(word, candidates))
    }

    /// Whether an error was told of exactly this place.
    pub(super) fn has_error(&self, place: Place) -> bool {
        let span = self.config.span(place);
        let is_there = |one: &Finding| one.file == place.file && one.range == span;
        self.findings.iter().any(|one| one.severity == Severity::Error && is_there(one))
    }

    pub(super) fn error(&mut self, code: Code, place: Place, message: String) -> &mut Finding {
        self.add(code, Severity::Error, place, message)
    }

    pub(super) fn warn(&mut self, code: Code, place: Place, message: String) -> &mut Finding {
        self.add(code, Severity::Warning, place, message)
    }

    pub(super) fn inform(&mut self, code: Code, place: Place, message: String) -> &mut Finding {
        self.add(code, Severity::Information, place, message)
    }

    pub(super) fn hint(&mut self, code: Code, place: Place, message: String) -> &mut Finding {
        self.add(code, Severity::Hint, place, message)
    }

    pub(super) fn add(
        &mut self,
        code: Code,
        severity: Severity,
        place: Place,
        message: String,
    ) -> &mut Finding {
        let range = self.config.span(place);
        self.add_at(code, severity, place.file, range, message)
    }

    pub(super) fn add_at(
        &mut self,
        code: Code,
        severity: Severity,
        file: usize,
        range: Span,
        message: String,
    ) -> &mut Finding {
        let place = self.findings.len();
        self.findings.push(Finding::new(code, severity, (file, range), message));
        &mut self.findings[place]
    }

    /// Whether `litellm_params` say where the server is, by either name of it.
    pub(super) fn has_base(&self, params: Place) -> bool {
        ["api_base", "base_url"].iter().any(|name| self.config.given(params, name).is_some())
    }

    /// Whether a variable is set, in the environment or by the file itself.
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.around.is_set(name) || self.is_set_in_file(name)
    }

    /// Whether the file's `environment_variables` set it, which LiteLLM does late.
    pub(super) fn is_set_in_file(&self, name: &str) -> bool {
        let names = self.in_file.get_or_init(|| {
            let pairs = self.config.section("environment_variables").map(|map| self.config.entries(map));
            let given = pairs.into_iter().flatten().filter(|pair| !self.config.is_null(pair.value));
            given.map(|pair| pair.name).collect()
        });
        names.contains(name)
    }

    /// The key of a value where nothing is written, else the value.
    pub(super) fn shown(&self, pair: &Pair<'_>) -> Place {
        if self.config.span(pair.value).is_empty() { pair.key } else { pair.value }
    }

    /// The first line of an item.
    pub(super) fn first_line(&self, place: Place) -> Span {
        let span = self.config.span(place);
        let text = self.config.tree(place).text();
        let end = text[span.clone()].find(['\n', '\r']).map_or(span.end, |length| span.start + length);
        span.start..end
    }
}

impl Finding {
    /// Another text in the place of what is at fault.
    pub(super) fn replace(&mut self, text: &str) -> &mut Self {
        let (file, range) = (self.file, self.range.clone());
        self.fix(format!("Change to `{text}`"), vec![Edit { file, range, text: text.to_owned() }])
    }

    /// The same with what is meant, where something is near.
    pub(super) fn replace_by(&mut self, near: Option<&str>) -> &mut Self {
        match near {
            Some(near) => self.replace(near),
            None => self,
        }
    }

    pub(super) fn fix(&mut self, title: String, edits: Vec<Edit>) -> &mut Self {
        self.fixes.push(Fix::new(title, edits));
        self
    }

    pub(super) fn relate(&mut self, config: &Config<'_>, place: Place, message: &str) -> &mut Self {
        self.related.push(Related {
            file: place.file,
            range: config.span(place),
            message: in_one_line(message.to_owned()),
        });
        self
    }
}

/// ` Did you mean `x`?`, or nothing.
pub(super) fn did_you_mean(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!(" Did you mean `{near}`?"))
}
