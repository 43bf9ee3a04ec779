//! What may hold secrets goes to a model only with `--secret-files`.

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::{
    disclosure::{Nearby, Rule, Secret},
    provider::Profile,
    store,
};

/// Decides what goes out.
pub(super) struct Consent {
    /// None where the user lets everything go.
    rule: Option<Rule>,
    nearby: Nearby,
}

impl Consent {
    /// By a profile's settings, or to everything.
    pub(super) fn of(profile: &Profile, to_all: bool) -> Self {
        Self { rule: (!to_all).then(|| Rule::of(profile)), nearby: Nearby::default() }
    }

    /// # Errors
    /// Where a file may hold secrets whatever is in it: by its name, or that of what it is a link to, by the settings, or by
    /// a configuration around it.
    pub(super) fn to_file(&self, file: &Path) -> anyhow::Result<()> {
        self.to_text_of(file, None)
    }

    /// # Errors
    /// Where a file may hold secrets, by itself or by its text.
    pub(super) fn to_text(&self, file: &Path, text: &str) -> anyhow::Result<()> {
        self.to_text_of(file, Some(text))
    }

    fn to_text_of(&self, file: &Path, text: Option<&str>) -> anyhow::Result<()> {
        let absolute = absolute(file);
        let Some(rule) = self.rule_at(&absolute) else { return Ok(()) };
        let names: Vec<String> = store::names(&absolute).collect();
        let secret = text.map_or_else(|| rule.file(&names), |text| rule.text_of_file(&names, text));
        refuse(secret, &file.display().to_string())
    }

    /// # Errors
    /// Where what was given as an argument or piped in may hold secrets: a shell fills both from files.
    pub(super) fn to_words(&self, words: &str) -> anyhow::Result<()> {
        let Some(rule) = self.rule_at(&absolute(Path::new("here"))) else { return Ok(()) };
        refuse(rule.text(words), "what is asked")
    }

    /// The rule with what configurations around a file name.
    fn rule_at(&self, file: &Path) -> Option<Rule> {
        Some(self.rule.clone()?.with(self.nearby.look(file)))
    }
}

fn absolute(file: &Path) -> PathBuf {
    std::path::absolute(file).unwrap_or_else(|_| file.to_owned())
}

fn refuse(secret: Option<Secret>, what: &str) -> anyhow::Result<()> {
    let Some(secret) = secret else { return Ok(()) };
    let by = secret.pattern().map(|pattern| format!(" (`{pattern}`)")).unwrap_or_default();
    bail!("{}{by}, so it is not sent: --secret-files sends it all the same", secret.told(what));
}
