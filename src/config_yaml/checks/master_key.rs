//! The key that opens the whole proxy.

use super::context::{Check, did_you_mean};
use crate::config_yaml::{
    codes::Code::{MasterKeyMissing, MasterKeyPublic},
    config::{Pair, Place, SECTIONS, reference},
    finding::Severity,
    own_key::MASTER_KEY,
    release::Change,
    yaml::Kind,
};

/// What everybody knows from LiteLLM's documentation.
const PUBLIC: [&str; 1] = ["sk-1234"];

/// The variable that switches the look at the key off, as the setting of that name does.
const PERMITTED: &str = "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY";

/// What is known of a key.
enum State {
    Good,
    Empty,
    Public,
    Unset,
}

fn state(key: Option<&str>) -> State {
    match key.map(str::trim) {
        None => State::Unset,
        Some("") => State::Empty,
        Some(key) if PUBLIC.contains(&key) => State::Public,
        Some(_) => State::Good,
    }
}

pub(super) fn check(check: &mut Check<'_>) {
    let permitted = check.config.setting("general_settings", "dangerously_permit_weak_or_unset_master_key");
    let by_variable =
        (check.around.variable)(PERMITTED).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if by_variable || permitted.is_some_and(|pair| check.config.is_on(pair.value)) {
        return;
    }
    let settings = check.config.section("general_settings");
    let pair = settings.and_then(|section| check.config.pair(section, "master_key"));
    match pair {
        Some(pair) => given(check, &pair),
        None => absent(check),
    }
}

fn given(check: &mut Check<'_>, pair: &Pair<'_>) {
    let place = check.shown(pair);
    let text = check.config.text(pair.value);
    if check.config.is_null(pair.value) {
        return report(check, place, &State::Empty, "`master_key`");
    }
    // Something else than a text is said by its type.
    let Some(text) = text else { return };
    let Some(name) = reference(text) else { return report(check, place, &state(Some(text)), "`master_key`") };
    let value = (check.around.variable)(name).or_else(|| from_file(check, name));
    let late = check.config.setting("general_settings", "key_management_system").is_some();
    if value.is_none() && late {
        return;
    }
    report(check, place, &state(value.as_deref()), name);
}

/// `environment_variables` sets it in time for this key alone.
fn from_file(check: &Check<'_>, name: &str) -> Option<String> {
    let pair = check.config.setting("environment_variables", MASTER_KEY).filter(|_| name == MASTER_KEY)?;
    let text = check.config.text(pair.value)?;
    match reference(text) {
        Some(name) => (check.around.variable)(name),
        None => Some(text.to_owned()),
    }
}

fn absent(check: &mut Check<'_>) {
    let settings = check.config.top("general_settings");
    let key =
        (check.around.variable)(MASTER_KEY).or_else(|| settings.and_then(|_| from_file(check, MASTER_KEY)));
    let place = settings.map(|pair| pair.key);
    if key.is_none() && is_elsewhere(check) {
        return;
    }
    match (state(key.as_deref()), place) {
        (State::Good, _) => {}
        (state, Some(place)) => report(check, place, &state, ""),
        (state, None) => {
            let text = check.config.project().sources()[0].text();
            let first = text.find(['\n', '\r']).unwrap_or(text.len());
            report_at(check, 0, 0..first, &state, "");
        }
    }
}

/// Whether a master key stands somewhere else, misplaced, misspelt or lost: then that is what is wrong.
fn is_elsewhere(check: &Check<'_>) -> bool {
    let looks = |name: &str| name == "master_key" || crate::near::nearest(name, ["master_key"]).is_some();
    check.config.project().sources().iter().any(|source| {
        let tree = &source.tree;
        let root = tree.root().and_then(|root| tree.own_entries(root)).unwrap_or_default();
        root.iter().any(|top| {
            let name = tree.scalar(top.key).unwrap_or_default();
            let in_section = SECTIONS
                .iter()
                .any(|section| name == *section || crate::near::nearest(name, [*section]).is_some());
            let inner = match &tree.node(tree.target(top.value)).kind {
                Kind::Map { entries, .. } if in_section => entries.as_slice(),
                _ => &[],
            };
            looks(name) || inner.iter().any(|entry| tree.scalar(entry.key).is_some_and(looks))
        })
    })
}

fn report(check: &mut Check<'_>, place: Place, state: &State, what: &str) {
    let range = check.config.span(place);
    report_at(check, place.file, range, state, what);
}

fn report_at(check: &mut Check<'_>, file: usize, range: std::ops::Range<usize>, state: &State, what: &str) {
    let required = check.release.has(Change::MasterKeyRequired);
    let severity = if required { Severity::Error } else { Severity::Warning };
    let (refused, accepted) =
        ("LiteLLM refuses to start", "LiteLLM of this release starts all the same, open to everybody");
    // The one that is made for a proxy which is started from an editor or by `litellm-ls proxy start` goes by this name.
    let is_given = matches!(state, State::Unset) && (what.is_empty() || what == MASTER_KEY);
    let outcome = match required {
        true if is_given => "LiteLLM refuses to start, unless litellm-ls starts it and makes one",
        true => refused,
        false => accepted,
    };
    let near = match state {
        State::Unset if !what.is_empty() => {
            check.nearest(what, check.around.names.iter().map(String::as_str))
        }
        _ => None,
    };
    let message = match state {
        State::Good => return,
        State::Public => {
            let message = format!(
                "The master key is sk-1234, which everybody knows from LiteLLM's documentation; {outcome}."
            );
            check.add_at(MasterKeyPublic, severity, file, range, message);
            return;
        }
        State::Empty if what.contains("master_key") => format!("`master_key` is empty; {outcome}."),
        State::Empty => {
            let what = if what.is_empty() { MASTER_KEY } else { what };
            format!("{what} is empty, and so is `master_key`; {outcome}.")
        }
        State::Unset if what.is_empty() => format!(
            "No `master_key` is set in `general_settings`, and {MASTER_KEY} is not set; {outcome}. Write `master_key: os.environ/{MASTER_KEY}` and set it."
        ),
        State::Unset => {
            let hint = did_you_mean(near);
            format!("{what} is not set, so there is no `master_key`; {outcome}.{hint}")
        }
    };
    let settings = check.config.section("general_settings");
    let has_key = settings.is_some_and(|section| check.config.pair(section, "master_key").is_some());
    let line = format!("master_key: os.environ/{MASTER_KEY}");
    let insertion = if has_key { None } else { check.config.in_section("general_settings", &line) };
    let right = near.map(|near| format!("os.environ/{near}"));
    let finding = check.add_at(MasterKeyMissing, severity, file, range, message);
    finding.replace_by(right.as_deref());
    if let Some(edit) = insertion {
        finding.fix(format!("Insert `master_key: os.environ/{MASTER_KEY}`"), vec![edit]);
    }
}
