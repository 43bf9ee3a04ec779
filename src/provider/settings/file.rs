//! The layer of the settings file: read when it has changed, and the last good one kept while it is broken.

use std::collections::BTreeMap;

use litellm_ls_protocol::{Layer, Problem};
use serde_json::{Map, Value};

use super::control::Control;

use crate::{
    environment::Environment,
    provider::{
        key::Key,
        layers::{self, Author, Values},
        profile::{LayerState, named_origin},
    },
    store::{Profiles, SettingsFile, Stamp, Unreadable},
};

/// What the settings file says of each profile.
pub(super) struct FileLayer {
    /// None where the machine has no place for one.
    pub(super) file: Option<SettingsFile>,
    /// The profile that is active where nobody chooses another.
    pub(super) active: Option<String>,
    pub(super) profiles: BTreeMap<String, LayerState>,
    /// What is wrong with the file as a whole.
    problems: Vec<Problem>,
    /// The state that was looked at last.
    stamp: Stamp,
    /// Whether the file was ever read, so that there are settings from before a fault.
    was_read: bool,
}

impl FileLayer {
    pub(super) fn new(environment: &Environment) -> Self {
        Self {
            file: environment.settings_file().cloned(),
            active: None,
            profiles: BTreeMap::new(),
            problems: Vec::new(),
            stamp: Stamp::Absent,
            was_read: false,
        }
    }

    /// Reads the file again if it has changed, and says whether it has.
    pub(super) fn refresh(&mut self, environment: &Environment) -> bool {
        let Some(file) = &self.file else { return false };
        let stamp = file.stamp();
        if stamp == self.stamp {
            return false;
        }
        self.stamp = stamp;
        match file.read() {
            Ok(profiles) => self.take(&profiles, environment),
            Err(unreadable) => self.problems = vec![self.complaint(&unreadable)],
        }
        true
    }

    /// Writes what a `provider/configure` says into the file.
    pub(super) fn persist(&self, control: &Control, object: &Map<String, Value>) -> Result<(), Problem> {
        let Some(file) = &self.file else {
            return Err(Problem::new(
                "persist",
                "this machine has no place for a settings file",
                "leave it out",
            ));
        };
        let literal = |value: &Value| value.as_str().is_some_and(|text| !Key::is_reference(text));
        if object.get("apiKey").is_some_and(literal) {
            return Err(Problem::new(
                "apiKey",
                "a key itself is never written to a file",
                "give a reference such as env:NAME or file:PATH, or leave `persist` out",
            ));
        }
        if object.get("headers").is_some_and(|headers| !headers.is_null()) {
            return Err(Problem::new(
                "headers",
                "headers may hold secrets, which are never written to a file",
                "write them into the settings file yourself, or leave `persist` out",
            ));
        }
        let perhaps_secret = |url: &Value| url.as_str().is_some_and(|url| url.contains(['@', '?']));
        for name in ["baseUrl", "proxyUrl"] {
            if object.get(name).is_some_and(perhaps_secret) {
                return Err(Problem::new(
                    name,
                    "a URL with a password or a query may hold a secret, which is never written to a file",
                    "leave these out and give the key by apiKey, or write it into the settings file yourself",
                ));
            }
        }
        let mut changes = Vec::new();
        for (name, value) in object.iter().filter(|(name, _)| !Control::NAMES.contains(&name.as_str())) {
            match value {
                Value::Object(members) if ["timeouts", "tls"].contains(&name.as_str()) => changes.extend(
                    members
                        .iter()
                        .map(|(member, value)| (vec![name.clone(), member.clone()], Some(value.clone()))),
                ),
                value => changes.push((vec![name.clone()], Some(value.clone()))),
            }
        }
        let edit = if control.activate { SettingsFile::edit_and_activate } else { SettingsFile::edit };
        edit(file, &control.profile, &changes).map_err(|unreadable| {
            Problem::new(
                "persist",
                format!("{} can't be changed: {unreadable}", file.path().display()),
                "mend it, or leave `persist` out",
            )
        })
    }

    fn take(&mut self, said: &Profiles, environment: &Environment) {
        self.was_read = true;
        self.active.clone_from(&said.active);
        self.problems = said
            .unknown
            .iter()
            .map(|name| {
                Problem::new(
                    name,
                    "the settings file has no such member",
                    "use `active` and `[profiles.NAME]`",
                )
            })
            .collect();
        let state = |(name, object): (&String, _)| {
            let (values, mut problems) =
                layers::apply(&Values::default(), object, &[], Author::User, environment);
            for problem in &mut problems {
                let place = said.place(name, &problem.path);
                (problem.line, problem.column) = place.map(|place| (place.line, place.column)).unzip();
            }
            let mut state = LayerState { values, problems, ..LayerState::default() };
            state.home = named_origin(&[(Layer::SettingsFile, &state)]);
            (name.clone(), state)
        };
        self.profiles = said.profiles.iter().map(state).collect();
    }

    fn complaint(&self, unreadable: &Unreadable) -> Problem {
        let path = self.file.as_ref().map(|file| file.path().display().to_string()).unwrap_or_default();
        let reason = match unreadable {
            Unreadable::NotRead(not_read) => format!("the settings file {}", not_read.reason),
            other => format!("the settings file can't be read: {other}"),
        };
        let until = if self.was_read {
            "until then the settings before the last edit hold"
        } else {
            "until then none of its settings hold"
        };
        let mut problem = Problem::new(path, reason, format!("{}; {until}", unreadable.remedy()));
        if let Unreadable::Syntax { place, .. } = unreadable {
            (problem.line, problem.column) = (Some(place.line), Some(place.column));
        }
        problem
    }

    /// Everything that is wrong with the file.
    pub(super) fn problems(&self) -> impl Iterator<Item = Problem> {
        let of_profiles = self.profiles.iter().flat_map(|(name, state)| {
            state.problems.iter().map(move |problem| Problem {
                path: format!("profiles.{name}.{}", problem.path),
                ..problem.clone()
            })
        });
        self.problems.iter().cloned().chain(of_profiles)
    }
}
