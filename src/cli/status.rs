//! `litellm-ls status`.

use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;
use litellm_ls_protocol::{
    Check, CheckName, EffectiveSettings, KeySetting, Layer, Outcome, State, StatusResult,
};

use super::{
    output::{
        self, Screen, Text, Tone, padded, remedy_line, said, say_json, say_text, shown, shown_profile, words,
    },
    target::Target,
    word,
};
use crate::{environment::Environment, plain, provider::minute};

#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    /// Show every check, those that went well too.
    #[arg(short, long)]
    verbose: bool,
    /// Print the status as JSON, as `provider/status` returns it.
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    target: Target,
}

pub(super) async fn run(args: &StatusArgs, environment: Environment) -> anyhow::Result<ExitCode> {
    let (status, settings) = args.target.status(environment).await?;
    if args.json {
        say_json(&status)?;
    } else {
        say_text(&text(&status, settings.as_ref()))?;
        if args.verbose {
            say_text(&checks(&status))?;
        }
    }
    Ok(exit_code(status.state))
}

/// Columns of what a check is called.
pub(super) const CHECK: usize = 13;

/// What a program is told by.
pub(super) fn exit_code(state: State) -> ExitCode {
    ExitCode::from(match state {
        State::Ready => 0,
        State::Failed => output::UNUSABLE,
        State::Degraded | State::Unknown => output::USABLE,
        State::Unreachable => output::UNREACHABLE,
        State::Unauthorized => output::WRONG_KEY,
    })
}

/// The status for people: whether it works, else what does not, worst first, and what to do; then what is in use.
pub(super) fn text(status: &StatusResult, settings: Option<&EffectiveSettings>) -> Text {
    let mut problems: Vec<&Check> =
        [Outcome::Failed, Outcome::Warning].iter().flat_map(|outcome| with(status, *outcome)).collect();
    let mut text = Text::default();
    match (status.state, problems.first()) {
        (State::Ready | State::Degraded, _) => {
            let mark = match status.state {
                State::Ready => Text::new(Tone::Good, "✓ "),
                _ => Text::new(Tone::Warning, "! "),
            };
            text.append(mark.and(Tone::Strong, words(&word(status.state))));
            text.push(
                Tone::Usual,
                format!(
                    "   {}",
                    status.base_url.as_deref().map_or_else(|| shown_profile(&status.profile), shown)
                ),
            );
            let version = status.version.as_ref().map(|version| format!("   LiteLLM {}", shown(version)));
            text.push(Tone::Faint, version.unwrap_or_default());
            let answered = check(status, CheckName::Reachable).and_then(|check| check.duration_ms);
            text.push(Tone::Faint, answered.map(|ms| format!("   {ms} ms")).unwrap_or_default());
            text.end_line();
        }
        (state, None) => {
            text.append(Text::new(Tone::Bad, "✗ ").and(Tone::Strong, words(&word(state))));
            text.end_line();
        }
        (_, Some(_)) => {
            text.append(problem(problems.remove(0), settings));
        }
    }
    for check in problems {
        text.append(problem(check, settings));
    }
    for (name, value) in facts(status, settings) {
        text.append(Text::new(Tone::Faint, format!("  {}", padded(&words(name), 9))).and(Tone::Usual, value));
        text.end_line();
    }
    text
}

/// A check that did not go well, and what to do.
fn problem(check: &Check, settings: Option<&EffectiveSettings>) -> Text {
    let (tone, mark) = match check.outcome {
        Outcome::Failed => (Tone::Bad, "✗ "),
        _ => (Tone::Warning, "! "),
    };
    let mut text = Text::new(tone, mark).and(Tone::Usual, found(check));
    text.end_line();
    let wins = settings.and_then(|settings| match check.name {
        CheckName::Dns | CheckName::Connect | CheckName::Tls | CheckName::Reachable | CheckName::Server => {
            Some(format!("the address is set by {}", place("LITELLM_BASE_URL", settings.base_url.origin)?))
        }
        CheckName::Key => {
            let layer = settings.api_key.layer?;
            Some(format!("the key is set by {}", place("LITELLM_API_KEY", layer)?))
        }
        _ => None,
    });
    if let Some(wins) = wins {
        text.push(Tone::Faint, format!("  {}\n", said(&wins)));
    }
    if let Some(remedy) = &check.remedy {
        text.append(remedy_line("  ", &shown(remedy)));
    }
    text
}

/// What a check has found; before words that are not our own stands what kind of failure it is.
fn found(check: &Check) -> String {
    let kind = check.kind.map(word).unwrap_or_default();
    output::language().failed(&kind, &shown(&check.message)).into_owned()
}

/// Where a setting is set, so that it can be changed there. None where it is not set.
fn place(variable: &str, layer: Layer) -> Option<String> {
    match layer {
        Layer::Default => None,
        Layer::LocalProxy => Some("the proxy of this machine".to_owned()),
        Layer::SettingsFile => Some("the settings file (litellm-ls config edit)".to_owned()),
        Layer::Environment => Some(format!("the environment variable {variable}")),
        Layer::InitializationOptions => Some("the options of this command".to_owned()),
        Layer::DidChangeConfiguration | Layer::Configure | Layer::Unknown => Some("the editor".to_owned()),
    }
}

/// What is in use.
fn facts(status: &StatusResult, settings: Option<&EffectiveSettings>) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(settings) = settings {
        let from = match settings.base_url.origin {
            Layer::Default => "built-in address".to_owned(),
            Layer::LocalProxy => "the proxy of this machine".to_owned(),
            Layer::SettingsFile => "settings file".to_owned(),
            Layer::Environment => "LITELLM_BASE_URL".to_owned(),
            Layer::InitializationOptions => "--base-url".to_owned(),
            Layer::DidChangeConfiguration | Layer::Configure | Layer::Unknown => "editor".to_owned(),
        };
        facts.push(("profile", format!("{} ({})", shown_profile(&status.profile), words(&from))));
        facts.push(("key", key(&settings.api_key)));
    }
    if let Some(budget) = check(status, CheckName::Budget).filter(|check| check.outcome == Outcome::Ok) {
        facts.push(("budget", said(&shown(&budget.message)).into_owned()));
    }
    if let Some(count) = status.model_count {
        let default = match &status.default_model {
            Some(model) => words(&format!(", default {}", fitting(model))).into_owned(),
            None => String::new(),
        };
        facts.push(("models", format!("{count}{default}")));
    }
    facts
}

/// A name that stays within the column of what is in use.
fn fitting(name: &str) -> String {
    let screen = Screen::stdout();
    // Before it stand the column of names, and how many there are.
    if screen.is_terminal { plain::label(name, screen.width.saturating_sub(30).max(20)) } else { shown(name) }
}

/// The key as far as it may be shown.
fn key(key: &KeySetting) -> String {
    let Some(reference) = key.origin.as_ref().filter(|_| key.present) else {
        return words("none").into_owned();
    };
    let hint = key.hint.as_ref().map(|hint| format!(" {hint}")).unwrap_or_default();
    let withheld = if key.withheld { words(" (withheld)") } else { "".into() };
    format!("{}{hint}{withheld}", shown(reference))
}

/// What a check is called.
fn called(check: CheckName) -> &'static str {
    match check {
        CheckName::Settings => "settings",
        CheckName::Dns => "host name",
        CheckName::Connect => "connection",
        CheckName::Tls => "encryption",
        CheckName::Reachable => "response",
        CheckName::Server => "server",
        CheckName::Key => "key",
        CheckName::Models => "models",
        CheckName::DefaultModel => "default model",
        CheckName::Budget => "budget",
        CheckName::Unknown => "check",
    }
}

/// What a check has found, without the end of its line.
pub(super) fn line(outcome: Outcome, name: &str, found: impl AsRef<str>) -> Text {
    let (tone, mark) = match outcome {
        Outcome::Ok => (Tone::Good, "✓"),
        Outcome::Warning | Outcome::Unknown => (Tone::Warning, "!"),
        Outcome::Failed => (Tone::Bad, "✗"),
        Outcome::Skipped => (Tone::Faint, "–"),
    };
    Text::new(tone, format!("  {mark} "))
        .and(Tone::Usual, format!("{} ", padded(&words(name), CHECK)))
        .and(if outcome == Outcome::Skipped { Tone::Faint } else { Tone::Usual }, found)
}

/// Every check, a line each.
pub(super) fn checks(status: &StatusResult) -> Text {
    let mut text = Text::default();
    for check in &status.checks {
        let mut found = found(check);
        if let (CheckName::DefaultModel, Some(model)) = (check.name, &status.default_model) {
            found = found.replace(&shown(model), &fitting(model));
        }
        text.append(line(check.outcome, called(check.name), found));
        text.push(Tone::Faint, check.duration_ms.map(|ms| format!("  {ms} ms")).unwrap_or_default());
        text.end_line();
    }
    if let Some(fetched_at) = &status.models_fetched_at {
        text.push(Tone::Faint, format!("  {}\n", said(&listed(fetched_at))));
    }
    text
}

/// When the models were listed, as far as it matters now.
fn listed(at: &str) -> String {
    let seconds = at.parse::<Timestamp>().map_or(0, |at| Timestamp::now().duration_since(at).as_secs());
    match seconds {
        ..60 => "models listed just now".to_owned(),
        60..3600 => format!("models listed {} min ago", seconds / 60),
        3600..86_400 => format!("models listed {} h ago", seconds / 3600),
        _ => format!("models listed on {}", minute(at)),
    }
}

fn with(status: &StatusResult, outcome: Outcome) -> impl Iterator<Item = &Check> {
    status.checks.iter().filter(move |check| check.outcome == outcome)
}

fn check(status: &StatusResult, name: CheckName) -> Option<&Check> {
    status.checks.iter().find(|check| check.name == name)
}
