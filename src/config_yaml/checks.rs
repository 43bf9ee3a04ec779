//! What LiteLLM will really do with a project: one file of rules a subject.

mod api_base;
mod callback_names;
mod callbacks;
mod context;
mod credentials;
mod dates;
mod duplicates;
mod empty;
mod fallbacks;
mod guardrails;
mod headers;
mod incomplete;
mod items;
mod keys;
mod master_key;
mod merges;
mod models;
mod moves;
mod names;
mod needs;
mod older_guardrails;
mod plain_settings;
mod policies;
mod prices;
mod providers;
mod references;
mod secrets;
mod shape;
mod types;

use std::collections::HashSet;

use super::{
    codes::Code,
    config::Config,
    files::Surroundings,
    finding::{Finding, Severity},
    project::Project,
    release::Release,
    yaml::TOO_LARGE,
};
use crate::masking::masked_sentence;
pub(super) use callbacks::modules;
use context::Check;
pub use context::Mends;
pub(crate) use keys::home;
pub(super) use secrets::{is_secret, names_secret};

/// The rules, each a file or a part of one.
const RULES: &[fn(&mut Check<'_>)] = &[
    shape::check,
    merges::check,
    items::check,
    incomplete::check,
    keys::check,
    types::check,
    dates::check,
    references::check,
    master_key::check,
    secrets::check,
    providers::check,
    credentials::check,
    api_base::check,
    models::check,
    prices::check,
    duplicates::check,
    fallbacks::check,
    names::check,
    headers::check,
    callbacks::check,
    empty::check,
    guardrails::check,
    older_guardrails::check,
    policies::check,
    needs::check,
    plain_settings::check,
];

/// Finds what is wrong in a file and in what it includes, in the order of the places.
pub fn check(project: &Project, around: &Surroundings<'_>) -> Vec<Finding> {
    check_with(project, around, Mends::All)
}

/// The same, with fixes that move keys where these are wanted.
pub fn check_with(project: &Project, around: &Surroundings<'_>, mends: Mends) -> Vec<Finding> {
    let mut findings = syntax(project);
    let whole = findings.is_empty();
    let first = &project.sources()[0];
    if whole && first.tree.root().is_none() {
        let end = first.text().find(['\n', '\r']).unwrap_or(first.text().len());
        let message = "Nothing is configured here; LiteLLM does not start with an empty file.".to_owned();
        return vec![Finding::new(Code::EmptyConfig, Severity::Error, (0, 0..end), message)];
    }
    findings.extend(project.findings.iter().cloned());
    let config = Config::new(project, around.variable);
    let release = around.release_for(first.text());
    let mut check = Check::new(&config, around, release, findings, mends);
    for rule in RULES {
        rule(&mut check);
    }
    let mut findings = check.findings;
    findings.retain(|finding| whole || !finding.code.needs_whole_file());
    // What several deployments take from one anchor is told once.
    let mut seen = HashSet::new();
    findings.retain(|finding| seen.insert((finding.code, finding.file, finding.range.clone())));
    findings.sort_by_key(|finding| (finding.file, finding.range.start, finding.severity));
    findings.iter_mut().for_each(mask);
    findings
}

/// Whether a key or a password stands in a project in plain text.
pub(super) fn has_secret(project: &Project, around: &Surroundings<'_>) -> bool {
    let config = Config::new(project, around.variable);
    let mut check = Check::new(&config, around, Release::KNOWN, Vec::new(), Mends::None);
    secrets::check(&mut check);
    !check.findings.is_empty()
}

/// Messages quote what stands in a file, and that may be a key in the wrong place.
fn mask(finding: &mut Finding) {
    let texts = finding.related.iter_mut().map(|related| &mut related.message);
    let texts = texts.chain(finding.fixes.iter_mut().map(|fix| &mut fix.title));
    for text in texts.chain([&mut finding.message]) {
        *text = masked_sentence(text);
    }
}

fn syntax(project: &Project) -> Vec<Finding> {
    let of_file = |(file, source): (usize, &super::Source)| {
        let errors = source.tree.errors().iter().cloned();
        errors
            .map(move |error| {
                // That is no fault of the file's.
                let is_cut = error.message == TOO_LARGE;
                let severity = if is_cut { Severity::Information } else { Severity::Error };
                let message = match is_cut {
                    true => error.message,
                    false => format!("{} LiteLLM does not start.", error.message),
                };
                Finding::new(Code::YamlSyntax, severity, (file, error.span), message)
            })
            .collect::<Vec<_>>()
    };
    project.sources().iter().enumerate().flat_map(of_file).collect()
}
