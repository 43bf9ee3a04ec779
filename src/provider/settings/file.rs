//! The layer of the settings file: read when it has changed, and the last good one kept while it is broken.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant, SystemTime},
};

use litellm_ls_protocol::{Layer, OwnBudget, Problem, Prompt};
use serde_json::{Map, Value};

use super::{
    control::Control,
    layers::{self, Author, Values},
    local::LocalProxy,
    profile::{LayerState, named_origin},
    prompts,
    writes::{Edit, Written},
};
use crate::{
    environment::Environment,
    language::Language,
    masking::masked_sentence,
    provider::key::Key,
    store::{Profiles, SettingsFile, Stamp, Unreadable},
};

/// How long a file has kept still that is no longer being saved. Editors cut it off and write it within milliseconds; a
/// slow disk or a network takes longer.
const STILL: Duration = Duration::from_secs(1);

/// What the settings file says of each profile.
pub(super) struct FileLayer {
    /// None where the machine has no place for one.
    pub(super) file: Option<SettingsFile>,
    /// The profile that is active where nobody chooses another.
    pub(super) active: Option<String>,
    /// The language that the user wants to be told things in.
    pub(super) language: Option<Language>,
    pub(super) profiles: BTreeMap<String, LayerState>,
    /// Why the file as a whole says nothing. None where it can be read.
    pub(super) broken: Option<Problem>,
    /// The user's own prompts.
    pub(super) prompts: Vec<Prompt>,
    /// How this machine's proxy is started.
    pub(super) proxy: LocalProxy,
    /// Members of the file that mean nothing. An address may have been meant.
    misplaced: Vec<Problem>,
    /// What is wrong with prompts, and with what is said of this machine's proxy.
    strange: Vec<Problem>,
    /// The active profile is none of those in the file.
    missing: Option<Problem>,
    /// The state that was looked at last.
    stamp: Stamp,
    /// A state that may be half of one, which is looked at again, and since when it has been seen.
    perhaps_half: Option<(Stamp, Instant)>,
    /// Whether the file was ever read, so that there are settings from before a fault.
    was_read: bool,
}

impl FileLayer {
    pub(super) fn new(environment: &Environment) -> Self {
        Self {
            file: environment.settings_file().cloned(),
            active: None,
            language: None,
            profiles: BTreeMap::new(),
            broken: None,
            prompts: Vec::new(),
            proxy: LocalProxy::default(),
            misplaced: Vec::new(),
            strange: Vec::new(),
            missing: None,
            stamp: Stamp::Absent,
            perhaps_half: None,
            was_read: false,
        }
    }

    /// Reads the file again if it has changed, and says whether what it says now holds. What another program is saving may
    /// be half of it: then what held before does, until the file has kept still.
    pub(super) fn refresh(&mut self, environment: &Environment, written: Written) -> bool {
        let Some(file) = &self.file else { return false };
        let stamp = file.stamp();
        if stamp == self.stamp {
            self.perhaps_half = None;
            return false;
        }
        let read = file.read();
        let may_be_half = written == Written::ByAnyone && read.as_ref().is_ok_and(|said| self.is_cut(said));
        if may_be_half && !self.has_kept_still(&stamp) {
            return false;
        }
        (self.stamp, self.perhaps_half) = (stamp, None);
        match read {
            Ok(profiles) => self.take(&profiles, environment),
            Err(unreadable) => {
                // The file is not to blame, so it is read again without having changed.
                if unreadable.is_for_want_of_room() {
                    self.stamp = Stamp::Absent;
                }
                self.broken = Some(self.complaint(&unreadable));
            }
        }
        true
    }

    /// What a `provider/configure` says as a change of the file.
    pub(super) fn changes(
        &self,
        control: &Control,
        object: &Map<String, Value>,
    ) -> Result<(SettingsFile, Edit), Problem> {
        let file = self.file.clone().ok_or_else(no_place)?;
        if let Some(problem) = unwritable(object).or_else(|| self.in_the_way(&control.profile).cloned()) {
            return Err(problem);
        }
        let mut changes = Vec::new();
        for (name, value) in object.iter().filter(|(name, _)| !Control::NAMES.contains(&name.as_str())) {
            let said = |value: &Value| (!value.is_null()).then(|| value.clone());
            match value {
                Value::Object(members) if ["timeouts", "tls", "budget"].contains(&name.as_str()) => changes
                    .extend(
                        members
                            .iter()
                            .map(|(member, value)| (vec![name.clone(), member.clone()], said(value))),
                    ),
                value => changes.push((vec![name.clone()], said(value))),
            }
        }
        let edit = Edit::Set { profile: control.profile.clone(), changes, activate: control.activate };
        Ok((file, edit))
    }

    /// Says nothing of a profile any more.
    pub(super) fn forget(&mut self, profile: &str) {
        self.profiles.remove(profile);
        if self.active.as_deref() == Some(profile) {
            (self.active, self.missing) = (None, None);
        }
    }

    fn take(&mut self, said: &Profiles, environment: &Environment) {
        (self.was_read, self.broken) = (true, None);
        self.language = said.locale.as_deref().map(Language::named);
        self.active.clone_from(&said.active);
        self.misplaced = said.unknown.iter().map(|name| misplaced(name, said)).collect();
        let (prompts, mut problems) = prompts::read(&said.prompts);
        let (proxy, of_proxy) = LocalProxy::read(&said.proxy);
        self.proxy = proxy;
        problems.extend(of_proxy);
        for problem in &mut problems {
            let place = said.place_of(problem.path.clone());
            (problem.line, problem.column) = place.map(|place| (place.line, place.column)).unzip();
        }
        self.prompts = prompts;
        self.strange = problems;
        let state = |(name, object): (&String, _)| {
            let (mut values, mut problems) =
                layers::apply(&Values::default(), object, &[], Author::User, environment);
            problems.extend(blank_address(&values));
            values.base_url = values.base_url.filter(|url| !url.is_empty());
            for problem in &mut problems {
                let place = said.place(name, &problem.path);
                (problem.line, problem.column) = place.map(|place| (place.line, place.column)).unzip();
            }
            let mut state = LayerState { values, problems, ..LayerState::default() };
            state.home = named_origin(&[(Layer::SettingsFile, &state)]);
            (name.clone(), state)
        };
        self.profiles = said.profiles.iter().map(state).collect();
        self.missing = said.active.as_ref().filter(|active| self.is_missing(active)).map(|active| {
            Problem::new(
                "active",
                format!("the settings file has no profile \"{active}\""),
                "name one of its profiles, or take the line out",
            )
        });
    }

    /// Whether it no longer says of a profile where code goes, which files stay here, or what may be spent, though it did
    /// before.
    fn is_cut(&self, said: &Profiles) -> bool {
        self.profiles.iter().any(|(name, before)| {
            let is_gone = |setting: &str| {
                said.profiles.get(name).and_then(|profile| profile.get(setting)).is_none_or(Value::is_null)
            };
            (before.values.base_url.is_some() && is_gone("baseUrl"))
                || (before.values.secret_files.is_some() && is_gone("secretFiles"))
                || (before.values.budget != OwnBudget::default() && is_gone("budget"))
        })
    }

    /// Whether nobody has written a state for so long that it is a whole one.
    fn has_kept_still(&mut self, stamp: &Stamp) -> bool {
        // A file that is gone has no time, and that of another machine's clock may be to come.
        if *stamp != Stamp::Absent && stamp.is_older(SystemTime::now(), STILL) {
            return true;
        }
        let seen = self.perhaps_half.take().filter(|(seen, _)| seen == stamp);
        let (_, since) = self.perhaps_half.insert(seen.unwrap_or_else(|| (stamp.clone(), Instant::now())));
        since.elapsed() >= STILL
    }

    fn is_missing(&self, active: &str) -> bool {
        active != super::DEFAULT_PROFILE && !self.profiles.contains_key(active)
    }

    fn complaint(&self, unreadable: &Unreadable) -> Problem {
        let path = self.file.as_ref().map(|file| file.path().display().to_string()).unwrap_or_default();
        let reason = match unreadable {
            Unreadable::NotRead(not_read) => format!("the settings file {}", not_read.reason),
            // The place is told beside it.
            Unreadable::Syntax { reason, .. } => format!("the settings file can't be read: {reason}"),
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

    /// Why the file can't be read as it stands. None where it can.
    pub(super) fn unread(&self) -> Option<&Problem> {
        self.broken.as_ref()
    }

    /// Why nobody knows which addresses the file has. None where that is known, or the file has none.
    pub(super) fn unread_address(&self) -> Option<&Problem> {
        self.broken.as_ref().filter(|_| !self.was_read).or(self.misplaced.first())
    }

    /// Why the file says nothing of a profile that it calls active. None where that is another one, or is there.
    pub(super) fn missing_profile(&self, profile: &str) -> Option<&Problem> {
        self.missing.as_ref().filter(|_| self.active.as_deref() == Some(profile))
    }

    /// Why settings of a profile can't be written: what stands in its place is no table.
    fn in_the_way(&self, profile: &str) -> Option<&Problem> {
        let paths = ["profiles".to_owned(), format!("profiles.{profile}")];
        self.misplaced.iter().find(|problem| paths.contains(&problem.path))
    }

    /// The one profile that the file has, where it calls none active.
    pub(super) fn only_profile(&self) -> Option<&str> {
        let mut names = self.profiles.keys().filter(|_| self.active.is_none());
        names.next().filter(|_| names.next().is_none()).map(String::as_str)
    }

    /// Why the file says nothing of a profile that nobody has named: it has several others, and calls none active.
    pub(super) fn none_active(&self, profile: &str) -> Option<Problem> {
        let is_unnamed = profile == super::DEFAULT_PROFILE && self.active.is_none();
        let (first, _) = self.profiles.first_key_value()?;
        (is_unnamed && !self.profiles.contains_key(profile)).then(|| {
            let reason = "the settings file calls none of its profiles active";
            Problem::new(
                "active",
                reason,
                format!("begin it with `active = \"{first}\"`, or with another of its profiles"),
            )
        })
    }

    /// Everything that is wrong with the file.
    pub(super) fn problems(&self) -> impl Iterator<Item = Problem> {
        let of_profiles = self.profiles.iter().flat_map(|(name, state)| {
            state.problems.iter().map(move |problem| Problem {
                path: format!("profiles.{name}.{}", problem.path),
                ..problem.clone()
            })
        });
        let of_file = self.broken.iter().chain(&self.missing).chain(&self.misplaced).chain(&self.strange);
        // A name may be a key that was pasted in the wrong place.
        of_file.cloned().chain(of_profiles).map(|mut problem| {
            for text in [&mut problem.path, &mut problem.reason, &mut problem.remedy] {
                *text = masked_sentence(text);
            }
            problem
        })
    }
}

/// What is wrong with a member of the file that means nothing, by its whole path.
fn misplaced(path: &str, said: &Profiles) -> Problem {
    let (reason, remedy) = match path {
        "active" => ("this value can't be used", "give the name of a profile".to_owned()),
        "locale" => ("this value can't be used", "give a language, such as \"zh-CN\" or \"en\"".to_owned()),
        "profiles" | "prompts" => ("this is no table", format!("write [{path}.NAME] above what is of one")),
        "proxy" => ("this is no table", "write [proxy], and its settings below".to_owned()),
        path if path.contains('.') => ("this is no table", format!("write [{path}], and its settings below")),
        _ => (
            "the settings file has no such member",
            "use `active`, `locale`, `[profiles.NAME]`, `[prompts.NAME]` and `[proxy]`".to_owned(),
        ),
    };
    let (line, column) = said.place_of(path.to_owned()).map(|place| (place.line, place.column)).unzip();
    Problem { line, column, ..Problem::new(path, reason, remedy) }
}

/// The problem with an address that is none. Whoever writes a line for it means one.
pub(super) fn blank_address(values: &Values) -> Option<Problem> {
    let is_blank = values.base_url.as_deref().is_some_and(str::is_empty);
    is_blank.then(|| Problem::new("baseUrl", "this is blank", "give an address, or take the line out"))
}

/// There is no file to write to.
pub(super) fn no_place() -> Problem {
    Problem::new(
        "persist",
        "this machine has no place for a settings file",
        "set LITELLM_LS_SETTINGS to where one may be, or leave `persist` out",
    )
}

/// The problem with settings that are secrets, or may hold some.
pub(super) fn unwritable(object: &Map<String, Value>) -> Option<Problem> {
    let literal = |value: &Value| value.as_str().is_some_and(|text| !Key::is_reference(text));
    if object.get("apiKey").is_some_and(literal) {
        return Some(Problem::new(
            "apiKey",
            "a key itself is never written to a file",
            "give a reference such as env:NAME, file:PATH or keyring:NAME",
        ));
    }
    if object.get("headers").is_some_and(|headers| !headers.is_null()) {
        return Some(Problem::new(
            "headers",
            "headers may hold secrets, which are never written to a file",
            "write them into the settings file yourself (`litellm-ls config edit`)",
        ));
    }
    let perhaps_secret = |url: &Value| url.as_str().is_some_and(|url| url.contains(['@', '?']));
    let has_secret = |value: &Value| {
        perhaps_secret(value) || value.as_array().is_some_and(|urls| urls.iter().any(perhaps_secret))
    };
    ["baseUrl", "fallbackUrls", "proxyUrl"]
        .into_iter()
        .find(|name| object.get(*name).is_some_and(has_secret))
        .map(|name| {
            Problem::new(
                name,
                "a URL with a password or a query may hold a secret, which is never written to a file",
                "leave these out and give the key by apiKey, or write it into the settings file yourself",
            )
        })
}
