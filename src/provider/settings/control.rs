//! What a `provider/configure` says beside settings: of which profile, and what to do with it.

use litellm_ls_protocol::Problem;
use serde_json::{Map, Value};

/// Longest name of a profile, in bytes.
const MAX_NAME: usize = 200;

/// What a `provider/configure` says beside settings.
pub(super) struct Control {
    pub(super) profile: String,
    pub(super) activate: bool,
    pub(super) persist: bool,
    pub(super) verify: bool,
}

impl Control {
    /// The members that are read here.
    pub(super) const NAMES: [&str; 4] = ["profile", "activate", "persist", "verify"];

    pub(super) fn read(object: &Map<String, Value>, active: &str, problems: &mut Vec<Problem>) -> Self {
        let profile = match object.get("profile") {
            None | Some(Value::Null) => active.to_owned(),
            Some(Value::String(name)) if is_name(name) => name.clone(),
            Some(_) => {
                problems.push(no_name());
                active.to_owned()
            }
        };
        let mut flag = |name: &str, default: bool| match object.get(name) {
            None | Some(Value::Null) => default,
            Some(Value::Bool(value)) => *value,
            Some(_) => {
                problems.push(Problem::new(name, "this value can't be used", "give true or false"));
                default
            }
        };
        let (activate, persist, verify) =
            (flag("activate", true), flag("persist", false), flag("verify", true));
        Self { profile, activate, persist, verify }
    }
}

pub(super) fn no_name() -> Problem {
    Problem::new(
        "profile",
        "this is no name of a profile",
        "use letters, digits, `-`, `_` and blanks, at most 200 bytes",
    )
}

/// Names stand in the settings file, in menus and in sentences.
pub(super) fn is_name(name: &str) -> bool {
    let fits = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | ' ');
    !name.trim().is_empty() && name.trim() == name && name.len() <= MAX_NAME && name.chars().all(fits)
}
