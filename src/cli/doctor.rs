//! `litellm-ls doctor`.

use std::{fmt::Write, process::ExitCode};

use clap::Args;
use litellm_ls_protocol::{EffectiveSettings, StatusResult};

use super::{
    output::{say, say_text},
    status,
    target::Target,
};
use crate::{
    environment::Environment,
    provider::{Settings, complaint},
};

/// The variables that change what happens; a report names those that are set.
const VARIABLES: [&str; 12] = [
    "LITELLM_BASE_URL",
    "LITELLM_API_KEY",
    "LITELLM_MODEL",
    "LITELLM_LS_SETTINGS",
    "LITELLM_LS_LOG",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "https_proxy",
    "http_proxy",
    "no_proxy",
];

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// Print a report for an issue, in Markdown: without keys, without the names and paths of hosts other than this
    /// machine, and without the names of models.
    #[arg(long)]
    report: bool,
    #[command(flatten)]
    target: Target,
}

pub(super) async fn run(args: &DoctorArgs, environment: Environment) -> anyhow::Result<ExitCode> {
    let (status, effective) = args.target.status(environment.clone()).await?;
    if args.report {
        say(&report(&status, effective, &environment)?)?;
    } else {
        say_text(&status::text(&status, effective.as_ref()))?;
        say_text(&status::checks(&status))?;
        say("For an issue: litellm-ls doctor --report\n")?;
    }
    Ok(status::exit_code(status.state))
}

fn report(
    status: &StatusResult,
    mut effective: Option<EffectiveSettings>,
    environment: &Environment,
) -> anyhow::Result<String> {
    let private = effective.as_ref().map(|effective| Private::of(status, effective)).unwrap_or_default();
    if let Some(effective) = &mut effective {
        effective.api_key.hint = None;
        // Which models somebody names, and how, is nobody else's business.
        effective.model_overrides = None;
    }
    let settings = Settings::new(environment.clone());
    let mut text = String::new();
    writeln!(text, "## litellm-ls {}\n", env!("CARGO_PKG_VERSION"))?;
    writeln!(text, "- system: {} {}", std::env::consts::OS, std::env::consts::ARCH)?;
    writeln!(text, "- LiteLLM: {}", status.version.as_deref().unwrap_or("does not say"))?;
    let list = settings.list();
    let filed = list.profiles.iter().filter(|profile| profile.persisted).count();
    writeln!(text, "- profiles: {}, {filed} of them in the settings file", list.profiles.len())?;
    let set: Vec<&str> =
        VARIABLES.into_iter().filter(|name| environment.variable_os(name).is_some()).collect();
    writeln!(
        text,
        "- variables that are set: {}",
        if set.is_empty() { "none".into() } else { set.join(", ") }
    )?;
    for problem in settings.problems() {
        writeln!(text, "- wrong: {}", complaint(&problem))?;
    }
    writeln!(
        text,
        "\n```\n{}{}```\n\n```json\n{}\n```",
        status::text(status, effective.as_ref()),
        status::checks(status),
        serde_json::to_string_pretty(&effective)?
    )?;
    Ok(private.taken_out_of(text))
}

/// What a report must not tell, and what stands there instead; the longest first.
#[derive(Default)]
struct Private(Vec<(String, &'static str)>);

impl Private {
    fn of(status: &StatusResult, settings: &EffectiveSettings) -> Self {
        let fallbacks = settings.fallback_urls.iter().flat_map(|urls| &urls.value);
        let proxy = settings.proxy_url.iter().map(|url| &url.value);
        let mut private = Vec::new();
        for url in std::iter::once(&settings.base_url.value).chain(fallbacks).chain(proxy) {
            let Ok(url) = url::Url::parse(url) else { continue };
            let path = url.path().trim_matches('/');
            // What every proxy has tells nothing.
            if !path.is_empty() && path != "v1" {
                private.push((path.to_owned(), "PATH"));
            }
            let host = url.host_str().unwrap_or_default();
            if !["localhost", "127.0.0.1", "[::1]", ""].contains(&host) {
                private.push((host.to_owned(), "HOST"));
            }
        }
        let model = settings.model.as_ref().map(|model| &model.value);
        private.extend(model.into_iter().chain(&status.default_model).map(|model| (model.clone(), "MODEL")));
        private.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        Self(private)
    }

    fn taken_out_of(&self, text: String) -> String {
        self.0.iter().fold(text, |text, (private, instead)| replaced(&text, private, instead))
    }
}

/// A text with another one in place of each whole word: a model may be called `a`.
fn replaced(text: &str, private: &str, instead: &str) -> String {
    let is_part = |letter: char| letter.is_alphanumeric() || "-_".contains(letter);
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(private).filter(|_| !private.is_empty()) {
        let (before, after) = (&rest[..at], &rest[at + private.len()..]);
        let is_whole = !before.ends_with(is_part) && !after.starts_with(is_part);
        replaced.push_str(before);
        replaced.push_str(if is_whole { instead } else { private });
        rest = after;
    }
    replaced + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_taken_out_the_longest_first() {
        let private =
            Private(vec![("gpt-4o-mini".into(), "MODEL"), ("gpt-4o".into(), "MODEL"), ("a".into(), "MODEL")]);
        let text = "gpt-4o-mini, gpt-4o (a) as a-team's gpt-4ox";
        assert_eq!(private.taken_out_of(text.into()), "MODEL, MODEL (MODEL) as a-team's gpt-4ox");
    }
}
