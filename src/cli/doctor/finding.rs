//! What a check of this machine has found, for people and for programs.

use std::path::Path;

use litellm_ls_protocol::Outcome;
use serde::Serialize;

use crate::{
    cli::{
        output::{Text, Tone, language, padded, remedy_line, said, shown, words},
        status::{CHECK, line},
    },
    masking::masked,
};

/// What is said of an editor that is not there.
pub(super) const ABSENT: &str = "not found on this machine";

/// What was looked at, how it is, and what to do where it does not fit.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Finding {
    /// What programs know it by: an editor, or `program`, `path`, `settings`, `keyring`.
    pub(super) name: &'static str,
    #[serde(skip)]
    pub(super) title: &'static str,
    pub(super) outcome: Outcome,
    pub(super) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remedy: Option<String>,
    /// The program that is started. None where there is none, or none is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) program: Option<String>,
    /// Its version. None where it does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
}

impl Finding {
    pub(super) fn new(name: &'static str, title: &'static str, outcome: Outcome, message: String) -> Self {
        Self { name, title, outcome, message, remedy: None, program: None, version: None }
    }

    #[must_use]
    pub(super) fn with_remedy(self, remedy: String) -> Self {
        Self { remedy: Some(remedy), ..self }
    }

    #[must_use]
    pub(super) fn of_program(self, program: &Path, version: Option<&str>) -> Self {
        Self { program: Some(path(program)), version: version.map(str::to_owned), ..self }
    }
}

/// A path of this machine in a sentence. A key may stand in its place.
pub(super) fn path(path: &Path) -> String {
    shown(&masked(&path.to_string_lossy()))
}

/// The findings, each in its lines; editors that are not on this machine share one.
pub(super) fn text(findings: &[Finding]) -> Text {
    let mut text = Text::default();
    let (absent, there): (Vec<_>, Vec<_>) = findings.iter().partition(|finding| finding.message == ABSENT);
    for finding in there {
        text.append(line(finding.outcome, finding.title, said(&finding.message)));
        text.end_line();
        if let Some(remedy) = &finding.remedy {
            text.append(remedy_line("    ", remedy));
        }
    }
    if !absent.is_empty() {
        let titles: Vec<&str> = absent.iter().map(|finding| finding.title).collect();
        let name = padded(&words("not found"), CHECK);
        text.push(Tone::Faint, format!("  – {name} {}\n", titles.join(language().list_comma())));
    }
    text
}
