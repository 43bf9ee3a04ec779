//! How this machine's proxy is started: `[proxy]` of the settings file. Nothing else says it, for it names a program that is
//! run: no editor's settings, which a workspace could have set.

use std::path::Path;

use litellm_ls_protocol::Problem;
use serde_json::{Map, Value};

use crate::{near, proxy::Choice};

/// The members of the table.
const NAMES: [&str; 4] = ["litellm", "port", "stay", "restartOnSave"];

/// What the user says of this machine's proxy. What is absent is as it is without the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocalProxy {
    /// Which LiteLLM runs.
    pub litellm: Option<Choice>,
    /// The port that it listens on.
    pub port: Option<u16>,
    /// Whether one that an editor starts goes on when the editor ends.
    pub stay: Option<bool>,
    /// Whether it is restarted when a file that it serves is saved.
    pub restart_on_save: bool,
}

impl LocalProxy {
    /// What a table says, and what is wrong with it; the rest holds.
    pub(super) fn read(said: &Map<String, Value>) -> (Self, Vec<Problem>) {
        let (mut read, mut problems) = (Self::default(), Vec::new());
        for (name, value) in said {
            let wrong = |reason: &str, remedy: &str| Problem::new(format!("proxy.{name}"), reason, remedy);
            match (name.as_str(), value) {
                ("litellm", Value::String(text)) => match Choice::read(text) {
                    // What lies in the folder that an editor happens to run in may be anybody's.
                    Some(Choice::At(path)) if !is_whole(&path) => problems
                        .push(wrong("this path is not absolute", "give `pinned`, `own`, or a whole path")),
                    Some(choice) => read.litellm = Some(choice),
                    None => problems.push(wrong("this is blank", "give `pinned`, `own`, or a whole path")),
                },
                ("port", Value::Number(port)) => {
                    match port.as_u64().and_then(|port| u16::try_from(port).ok()) {
                        Some(port) if port > 0 => read.port = Some(port),
                        _ => problems.push(wrong("this is no port", "give a number from 1 to 65535")),
                    }
                }
                ("stay", Value::Bool(stay)) => read.stay = Some(*stay),
                ("restartOnSave", Value::Bool(restart)) => read.restart_on_save = *restart,
                ("litellm", _) => {
                    problems.push(wrong("this is no text", "give `pinned`, `own`, or a whole path"))
                }
                ("port", _) => problems.push(wrong("this is no number", "give a number from 1 to 65535")),
                ("stay" | "restartOnSave", _) => {
                    problems.push(wrong("this is neither true nor false", "give true or false"));
                }
                _ => {
                    let near = near::nearest(name, NAMES);
                    let remedy = near.map_or_else(
                        || format!("use {}", NAMES.join(", ")),
                        |near| format!("did you mean `{near}`?"),
                    );
                    problems.push(wrong("there is no such setting of the proxy", &remedy));
                }
            }
        }
        (read, problems)
    }
}

fn is_whole(path: &Path) -> bool {
    path.is_absolute()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: &Value) -> (LocalProxy, Vec<String>) {
        let (read, problems) = LocalProxy::read(value.as_object().unwrap());
        (read, problems.into_iter().map(|problem| format!("{}: {}", problem.path, problem.remedy)).collect())
    }

    #[test]
    fn what_can_be_used_holds_and_the_rest_is_told() {
        let whole = std::env::temp_dir();
        let said = json!({"litellm": whole, "port": 4000, "stay": true, "restartOnSave": true});
        let expected = LocalProxy {
            litellm: Some(Choice::At(whole)),
            port: Some(4000),
            stay: Some(true),
            restart_on_save: true,
        };
        assert_eq!(read(&said), (expected, Vec::new()));
        assert_eq!(read(&json!({"litellm": "own"})).0.litellm, Some(Choice::Own));
        for (said, told) in [
            (json!({"litellm": ".venv"}), "proxy.litellm: give `pinned`"),
            (json!({"litellm": " "}), "proxy.litellm: give `pinned`"),
            (json!({"litellm": 3}), "proxy.litellm: give `pinned`"),
            (json!({"port": 0}), "proxy.port: give a number"),
            (json!({"port": 70000}), "proxy.port: give a number"),
            (json!({"port": "4000"}), "proxy.port: give a number"),
            (json!({"stay": "yes"}), "proxy.stay: give true or false"),
            (json!({"restartOnSave": 1}), "proxy.restartOnSave: give true or false"),
            (json!({"restartOnSaved": true}), "proxy.restartOnSaved: did you mean `restartOnSave`?"),
            (json!({"x": true}), "proxy.x: use litellm, port"),
        ] {
            let (read, problems) = read(&said);
            assert_eq!(read, LocalProxy::default(), "{said}");
            assert!(problems.len() == 1 && problems[0].starts_with(told), "{problems:?}");
        }
    }
}
