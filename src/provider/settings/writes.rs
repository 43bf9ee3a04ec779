//! Changes of the settings file: they hold at once, and are written beside the one thread that serves everybody.

use std::sync::Arc;

use litellm_ls_protocol::Problem;
use serde_json::{Map, Value};

use super::{Settings, layers::Values, profile::LayerState};
use crate::{
    provider::{Error, Profile, Result},
    store::{Change, SettingsFile, Unreadable},
};

/// A change that is still to be written. Whoever has it runs it and then settles it.
pub struct Write {
    number: u64,
    file: SettingsFile,
    edit: Edit,
}

/// What is changed.
pub(super) enum Edit {
    Set { profile: String, changes: Vec<Change>, activate: bool },
    Remove { profile: String },
}

impl Edit {
    fn profile(&self) -> &str {
        match self {
            Self::Set { profile, .. } | Self::Remove { profile } => profile,
        }
    }
}

/// Who wrote a new state of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// This process, in one piece.
    ByUs,
    /// Perhaps another program, which may not have come to its end.
    ByAnyone,
}

/// What holds already, and what held before.
pub(super) struct Pending {
    number: u64,
    profile: String,
    /// Which settings it has set that nobody has set since.
    names: Vec<String>,
    /// Which of them an earlier change had set, by its number, that is still to be written.
    taken: Vec<Taken>,
    /// Whether nothing has been said of its profile since.
    is_last_word: bool,
    /// What `provider/configure` said before. None where it had said nothing.
    before: Option<LayerState>,
    /// What the file said of a profile that is removed.
    filed: Option<LayerState>,
    /// The profile that had been made active.
    chosen: Option<String>,
    /// Whether what it set is to hold in this session where the file can't be changed or does not decide.
    or_in_session: bool,
}

/// A setting that a later change has set anew.
pub(super) struct Taken {
    number: u64,
    name: String,
}

impl Write {
    /// Changes the file, which may wait for another process, two seconds at most.
    ///
    /// # Errors
    /// Where it can't be changed.
    pub fn run(&self) -> std::result::Result<(), Problem> {
        let written = match &self.edit {
            Edit::Set { profile, changes, activate: true } => self.file.edit_and_activate(profile, changes),
            Edit::Set { profile, changes, activate: false } => self.file.edit(profile, changes),
            Edit::Remove { profile } => self.file.remove(profile).map(drop),
        };
        written.map_err(|unreadable| not_written(&self.file, &unreadable))
    }

    /// What is said of a change that nobody waits for any more.
    pub fn given_up() -> Problem {
        Problem::new("persist", "the request was cancelled", "send it again")
    }
}

impl Settings {
    /// Keeps in mind what held before a change, which holds from now on.
    pub(super) fn begin(
        &mut self,
        file: SettingsFile,
        edit: Edit,
        names: Vec<String>,
        taken: Vec<Taken>,
        or_in_session: bool,
    ) -> Write {
        self.writes_begun += 1;
        let number = self.writes_begun;
        let profile = edit.profile().to_owned();
        self.pending.push(Pending {
            number,
            names,
            taken,
            is_last_word: true,
            before: self.configured.get(&profile).cloned(),
            filed: matches!(edit, Edit::Remove { .. })
                .then(|| self.file.profiles.get(&profile).cloned())
                .flatten(),
            chosen: self.chosen.clone(),
            or_in_session,
            profile,
        });
        Write { number, file, edit }
    }

    /// These settings of a profile were set anew: no change that is still being written takes them back. Returns those
    /// that were such a change's.
    pub(super) fn overtake(&mut self, profile: &str, set: &Map<String, Value>) -> Vec<Taken> {
        let mut taken = Vec::new();
        for pending in self.pending.iter_mut().filter(|pending| pending.profile == profile) {
            pending.is_last_word = false;
            let number = pending.number;
            let lost = pending.names.extract_if(.., |name| set.contains_key(name));
            taken.extend(lost.map(|name| Taken { number, name }));
        }
        taken
    }

    /// Takes note of how a change went: what the file says is no longer said beside it, and what it refused no longer
    /// holds. Returns the profile as it is now, none where it was removed.
    ///
    /// # Errors
    /// Where the file could not be changed.
    pub fn settle(
        &mut self,
        write: &Write,
        outcome: std::result::Result<(), Problem>,
    ) -> Result<Option<Arc<Profile>>> {
        let Some(place) = self.pending.iter().position(|pending| pending.number == write.number) else {
            return Ok(None);
        };
        let pending = self.pending.remove(place);
        self.take_in(if outcome.is_ok() { Written::ByUs } else { Written::ByAnyone });
        let settled = match write.edit {
            Edit::Set { activate, .. } => self.settle_set(&pending, activate, outcome),
            Edit::Remove { .. } => self.settle_removal(pending, outcome),
        };
        self.bind();
        settled?;
        match write.edit {
            Edit::Set { .. } => self.profile(Some(write.edit.profile())).map(Some),
            Edit::Remove { .. } => Ok(None),
        }
    }

    fn settle_set(
        &mut self,
        pending: &Pending,
        activate: bool,
        outcome: std::result::Result<(), Problem>,
    ) -> Result<()> {
        let none = Values::default();
        let before = pending.before.clone().unwrap_or_default();
        let Some(state) = self.configured.get_mut(&pending.profile) else { return Ok(()) };
        let said = state.clone();
        let held = if outcome.is_ok() { &none } else { &before.values };
        for name in &pending.names {
            state.values.put_back(name, held);
            if ["apiKey", "headers"].contains(&name.as_str()) {
                state.home.clone_from(&before.home);
            }
        }
        for later in &mut self.pending {
            for taken in later.taken.iter().filter(|taken| taken.number == pending.number) {
                // Where the later one fails, this is what holds again.
                later.before.get_or_insert_default().values.put_back(&taken.name, held);
            }
        }
        if pending.or_in_session {
            self.bind();
            let profile = self.profile(Some(&pending.profile));
            if outcome.is_err()
                || profile.is_ok_and(|profile| profile.model() != said.values.model.as_deref())
            {
                self.configured.insert(pending.profile.clone(), said);
            }
            return Ok(());
        }
        if pending.before.is_none() && pending.is_last_word {
            self.configured.remove(&pending.profile);
        }
        let Err(problem) = outcome else { return Ok(()) };
        for taken in &pending.taken {
            let earlier = self.pending.iter_mut().find(|earlier| earlier.number == taken.number);
            if let Some(earlier) = earlier.filter(|_| pending.names.contains(&taken.name)) {
                earlier.names.push(taken.name.clone());
            }
        }
        if activate && self.chosen.as_ref() == Some(&pending.profile) {
            self.chosen.clone_from(&pending.chosen);
        }
        Err(Error::invalid_settings(vec![problem]))
    }

    fn settle_removal(&mut self, pending: Pending, outcome: std::result::Result<(), Problem>) -> Result<()> {
        let Err(problem) = outcome else { return Ok(()) };
        if let Some(before) = pending.before {
            self.configured.entry(pending.profile.clone()).or_insert(before);
        }
        if let Some(filed) = pending.filed {
            self.file.profiles.entry(pending.profile.clone()).or_insert(filed);
        }
        if self.chosen.is_none() {
            self.chosen = pending.chosen;
        }
        Err(Error::unusable(&problem))
    }
}

/// The file can't be changed.
pub(super) fn not_written(file: &SettingsFile, unreadable: &Unreadable) -> Problem {
    let path = file.path().display();
    Problem::new("persist", format!("{path} can't be changed: {unreadable}"), unreadable.remedy())
}
