//! One setting at a time into the settings file, for people at a terminal: checked before anything is written.

use litellm_ls_protocol::{Layer, Problem};
use serde_json::{Map, Value};

use super::{
    Settings,
    control::is_name,
    file::{blank_address, no_place, unwritable},
    layers::{self, Author, Values},
    local::LocalProxy,
    profile::{LayerState, Profile},
    shape,
    writes::{Written, not_written},
};
use crate::{
    litellm::Client,
    provider::{Error, Result, connections::certificate},
    proxy::{self, Choice},
};

impl Settings {
    /// Sets one setting of a profile in the file and nowhere else; `null` takes it away. It may wait for another process,
    /// two seconds at most.
    ///
    /// # Errors
    /// Everything that is wrong with it, and then nothing is written; or why the file can't be changed.
    pub fn save(&mut self, profile: Option<&str>, path: &[String], value: &Value) -> Result<()> {
        let invalid = |problem| Error::invalid_settings(vec![problem]);
        if path
            .first()
            .is_some_and(|first| ["prompts", "profiles", "active", "locale"].contains(&first.as_str()))
        {
            return Err(invalid(no_setting(path)));
        }
        if let Some(("proxy", member)) = path.split_first().map(|(first, rest)| (first.as_str(), rest)) {
            return self.save_proxy(member, value);
        }
        let profile = profile.unwrap_or_else(|| self.active()).to_owned();
        if !is_name(&profile) {
            return Err(invalid(super::control::no_name()));
        }
        let file = self.file.file.clone().ok_or_else(|| invalid(no_place()))?;
        let filed = file.read().map_err(|unreadable| invalid(not_written(&file, &unreadable)))?;
        let filed = filed.profiles.get(&profile).cloned().unwrap_or_default();
        let problems = match value {
            Value::Null => unknown(path, &filed).into_iter().collect(),
            value => self.wrong(&profile, path, value, filed),
        };
        if !problems.is_empty() {
            return Err(Error::invalid_settings(problems));
        }
        let change = (path.to_vec(), Some(value.clone()).filter(|value| !value.is_null()));
        file.edit(&profile, &[change]).map_err(|unreadable| invalid(not_written(&file, &unreadable)))?;
        self.take_in(Written::ByUs);
        Ok(())
    }

    /// The same for a setting of this machine's proxy, which all profiles have in common.
    fn save_proxy(&mut self, path: &[String], value: &Value) -> Result<()> {
        let invalid = |problem| Error::invalid_settings(vec![problem]);
        let alone = match path {
            [name] => Map::from_iter([(name.clone(), value.clone())]),
            _ => {
                let problem = Problem::new("proxy", "this is no setting", "name one, such as proxy.port");
                return Err(invalid(problem));
            }
        };
        let (read, mut problems) = LocalProxy::read(&alone);
        problems.extend(self.unusable_litellm(&read));
        // What is taken away may be what is wrong.
        if !value.is_null() && !problems.is_empty() {
            return Err(Error::invalid_settings(problems));
        }
        let file = self.file.file.clone().ok_or_else(|| invalid(no_place()))?;
        let change = (path.to_vec(), Some(value.clone()).filter(|value| !value.is_null()));
        file.edit_proxy(&change).map_err(|unreadable| invalid(not_written(&file, &unreadable)))?;
        self.take_in(Written::ByUs);
        Ok(())
    }

    /// Why the LiteLLM at a path can't be run. One that is named by a word may yet be installed.
    fn unusable_litellm(&self, said: &LocalProxy) -> Option<Problem> {
        let choice = said.litellm.as_ref().filter(|choice| matches!(choice, Choice::At(_)))?;
        let error = proxy::find(self.environment.home()?, choice).err()?;
        Some(Problem::new("proxy.litellm", error.message(), error.remedy()))
    }

    /// What would be wrong with a value in a profile of the file. What else is wrong there is not its fault.
    fn wrong(
        &self,
        profile: &str,
        path: &[String],
        value: &Value,
        mut filed: Map<String, Value>,
    ) -> Vec<Problem> {
        let alone = shape::object(path, value.clone());
        if let Some(problem) = unwritable(&alone) {
            return vec![problem];
        }
        // Some settings go together, such as a certificate and its key.
        filed.retain(|name, _| path.first() == Some(name));
        shape::merge(&mut filed, alone);
        let (values, wrong) = layers::apply(&Values::default(), &filed, &[], Author::User, &self.environment);
        let blank = blank_address(&values);
        let state = LayerState { values, ..LayerState::default() };
        let unusable = match Profile::of(profile, &[(Layer::SettingsFile, &state)], &self.environment) {
            Ok(profile) => path.first().filter(|first| *first == "tls").and_then(|_| no_certificate(profile)),
            Err(problem) => Some(problem),
        };
        let name = path.join(".");
        let concerns = |problem: &Problem| problem.path.starts_with(&name) || name.starts_with(&problem.path);
        wrong.into_iter().chain(blank).chain(unusable).filter(concerns).collect()
    }
}

/// Why a file that is named for certificates can't be used as one. What is wrong with it would be told with the first
/// request else.
fn no_certificate(mut profile: Profile) -> Option<Problem> {
    profile.transport.encrypted = true;
    let refused = Client::new(&profile.transport, certificate).err().map(Error::from)?;
    Some(Problem::new("tls", refused.message.clone(), refused.remedy()))
}

/// What stands beside the settings of a profile, and is not set as they are.
fn no_setting(path: &[String]) -> Problem {
    let remedy = match path[0].as_str() {
        "prompts" => "write `[prompts.NAME]` into the file yourself: litellm-ls config edit",
        "profiles" => "name the setting alone, and its profile by --profile NAME",
        _ => "choose a profile with: litellm-ls config use NAME",
    };
    Problem::new(path.join("."), "this is no setting of a profile", remedy)
}

/// The problem with taking away what is no setting. None where it is one, or stands in the file all the same.
fn unknown(path: &[String], filed: &Map<String, Value>) -> Option<Problem> {
    let (first, rest) = path.split_first()?;
    let mut place = filed.get(first);
    for name in rest {
        place = place.and_then(|place| place.get(name));
    }
    (place.is_none() && !Settings::is_named(first)).then(|| {
        Problem::new(
            path.join("."),
            "there is no setting of this name, and none stands in the file",
            "name one that `litellm-ls config show` shows",
        )
    })
}
