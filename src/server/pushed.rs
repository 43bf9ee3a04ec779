//! Settings that an editor pushes, in whatever shape, and what a workspace could have set among them.

use litellm_ls_protocol::{Features, Problem};
use serde_json::{Map, Value};
use tower_lsp::lsp_types::MessageType;

use super::{Peer, features::switch, lock, runs::Work};
use crate::{
    provider::{Key, Settings, WORKSPACE_ASKS, shape, shown_key},
    store,
};

/// The section of an editor's settings that is ours.
pub(super) const SECTION: &str = "litellm";
/// The setting that is a secret.
const KEY: &str = "apiKey";
const ALLOW: &str = "Allow";
const REFUSE: &str = "Refuse";

/// What an editor says of our settings.
#[derive(Debug, PartialEq)]
pub(super) enum Pushed {
    /// These, in place of those before. None where they were taken away.
    Ours(Map<String, Value>),
    /// That they are to be looked up.
    LookUp,
    /// Something that is no settings.
    Strange,
}

/// Finds our settings: in our section, under names that begin with it, or at the top, where it is known that only ours
/// are given (`is_section`) or where one of ours stands. Lua writes an empty table as `[]`.
pub(super) fn ours(settings: Value, is_section: bool) -> Pushed {
    let mut settings = match settings {
        Value::Object(settings) => settings,
        Value::Array(items) if items.is_empty() => Map::new(),
        Value::Null if is_section => Map::new(),
        Value::Null => return Pushed::LookUp,
        _ => return Pushed::Strange,
    };
    let mut found = Map::new();
    let mut is_found = false;
    while let Some(section) = settings.remove(SECTION) {
        is_found = true;
        match section {
            Value::Object(section) => settings = section,
            Value::Null => settings = Map::new(),
            Value::Array(items) if items.is_empty() => settings = Map::new(),
            _ => return Pushed::Strange,
        }
    }
    let is_ours = |name: &String| {
        let first = name.split('.').next().unwrap_or(name);
        Settings::is_named(first) || first == "features"
    };
    let is_bare = is_found || is_section || settings.keys().any(is_ours);
    for (name, value) in settings {
        match name.strip_prefix(SECTION).and_then(|rest| rest.strip_prefix('.')) {
            Some(name) => drop(found.insert(name.to_owned(), value)),
            None if is_bare => drop(found.insert(name, value)),
            None => {}
        }
    }
    Pushed::Ours(shape::nested(found))
}

impl Peer {
    /// Takes pushed settings in place of the last ones. What leads code elsewhere, and could be a workspace's, waits for
    /// the user's word, which is asked for once.
    pub(super) fn take_pushed(&self, pushed: Pushed) {
        let Pushed::Ours(mut settings) = pushed else {
            if pushed == Pushed::Strange {
                self.show_warning("litellm-ls: the pushed settings are no object, and so are not used");
            }
            return;
        };
        let held_back = self.hold_back(&mut settings);
        let is_granted = self.is_granted(&held_back);
        let (granted, refused) = match held_back.is_empty() || is_granted == Some(true) {
            true => (held_back, Map::new()),
            false => (Map::new(), held_back),
        };
        self.editor.set_features(self.editor.own_features());
        switch(self, granted.get("features").or(settings.get("features")));
        let problems = self.settings().push(&settings, &granted);
        self.complain(problems);
        match is_granted {
            _ if refused.is_empty() => {}
            None => self.ask_for(settings, refused),
            Some(_) => self.refuse(&refused),
        }
    }

    fn refuse(&self, refused: &Map<String, Value>) {
        let problem = |name| {
            Problem::new(
                name,
                "a workspace could have set this, so it is not taken from pushed settings",
                "allow it where you are asked, or give it in the initialization options or by provider/configure",
            )
        };
        self.complain(refused.keys().map(problem).collect());
    }

    /// Takes out of settings what a workspace could have set to lead code elsewhere. What says nothing new is left out.
    fn hold_back(&self, settings: &mut Map<String, Value>) -> Map<String, Value> {
        let known = self.settings();
        let mut held_back = Map::new();
        for name in WORKSPACE_ASKS.into_iter().chain(["features"]) {
            let Some(value) = settings.get(name).filter(|value| !value.is_null()) else { continue };
            // A reference is refused whatever the user says.
            if name == KEY && value.as_str().is_none_or(Key::is_reference) {
                continue;
            }
            let is_old = known.says_already(name, value);
            let is_harmless = name == "features" && !self.sends_more(value);
            if !is_harmless
                && let Some(value) = settings.remove(name)
                && !is_old
            {
                held_back.insert(name.to_owned(), value);
            }
        }
        held_back
    }

    /// Whether features would send code while the user types that is not sent without them. What can't be read sends
    /// nothing.
    fn sends_more(&self, features: &Value) -> bool {
        let own = self.editor.own_features();
        serde_json::from_value::<Features>(features.clone()).is_ok_and(|new| {
            let sends = new.completion || new.inline_completion;
            let is_other = (new.completion, new.inline_completion, &new.inline)
                != (own.completion, own.inline_completion, &own.inline);
            sends && is_other
        })
    }

    /// What the user said of these settings in this workspace. None where nobody was asked yet.
    fn is_granted(&self, settings: &Map<String, Value>) -> Option<bool> {
        lock(&self.editor.grants).of(self.editor.workspace(), &identity(settings))
    }

    /// Asks the user, and takes the settings once they are allowed.
    fn ask_for(&self, rest: Map<String, Value>, settings: Map<String, Value>) {
        let peer = self.clone();
        self.editor.runs.start(Work::Command("pushed".to_owned()), move |stop| async move {
            let (text, identity) = (told(&settings), identity(&settings));
            let question = format!(
                "LiteLLM: this workspace wants to say where your code goes, or with which key: {text}"
            );
            let asked = peer.choice(MessageType::WARNING, &question, &[ALLOW], Some(REFUSE));
            let Some(answer) = stop.unless_cancelled(asked).await else { return };
            let granted = match answer.as_deref() {
                Some(ALLOW) => true,
                Some(REFUSE) => false,
                _ => return peer.refuse(&settings),
            };
            let kept = lock(&peer.editor.grants).keep(peer.editor.workspace(), &identity, granted);
            if let Err(error) = kept {
                peer.show_warning(&format!("litellm-ls: the answer can't be kept: {error}"));
            }
            if granted {
                let mut all = rest;
                all.extend(settings);
                peer.take_pushed(Pushed::Ours(all));
            }
        });
    }
}

/// Settings as one text that a person reads.
fn told(settings: &Map<String, Value>) -> String {
    text(settings, shown_key)
}

/// Settings as one text that is the same for the same settings, and that may be kept.
fn identity(settings: &Map<String, Value>) -> String {
    text(settings, store::hash)
}

/// Settings as one text. A key stands there as `instead` has it.
fn text(settings: &Map<String, Value>, instead: impl Fn(&str) -> String) -> String {
    let member = |(name, value): (&String, &Value)| match value.as_str().filter(|_| name == KEY) {
        Some(key) => format!("{name} = {}", instead(key)),
        None => format!("{name} = {value}"),
    };
    settings.iter().map(member).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_are_found_in_every_shape_that_editors_push() {
        let model = json!({"model": "m"});
        let idle = json!({"timeouts": {"idleMs": 5}});
        for (pushed, is_section, expected) in [
            (json!({"litellm": {"model": "m"}}), false, &model),
            (json!({"model": "m"}), false, &model),
            (json!({"litellm.model": "m", "python": 1}), false, &model),
            (json!({"litellm": {"litellm": {"model": "m"}}}), false, &model),
            (json!({"litellm": {"timeouts.idleMs": 5}}), false, &idle),
            (json!({"litellm.timeouts": {"idleMs": 5}}), false, &idle),
            (json!({"litellm.timeouts.idleMs": 5}), false, &idle),
            (json!({"timeouts.idleMs": 5}), false, &idle),
            (json!({"litellm": {"model": "m"}}), true, &model),
            (json!({"model": "m"}), true, &model),
            (json!({"litellm": null}), false, &json!({})),
            (json!({"litellm": []}), false, &json!({})),
            (json!({"python": {"model": "x"}}), false, &json!({})),
            (json!({}), false, &json!({})),
            (json!([]), false, &json!({})),
            (json!([]), true, &json!({})),
            (json!(null), true, &json!({})),
        ] {
            let Pushed::Ours(found) = ours(pushed.clone(), is_section) else { panic!("{pushed}") };
            assert_eq!(Value::Object(found), *expected, "{pushed}");
        }
        assert_eq!(ours(Value::Null, false), Pushed::LookUp);
        for strange in [json!("x"), json!(7), json!([1]), json!({"litellm": "x"})] {
            assert_eq!(ours(strange.clone(), false), Pushed::Strange, "{strange}");
        }
    }
}
