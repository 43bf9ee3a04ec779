//! Which models a user likes and used last, by profile, in a file that all processes of the user share.

use std::{
    collections::{BTreeMap, VecDeque},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard},
};

use serde::{Deserialize, Serialize};

use super::{NotRead, Stamp, Unreadable, file_lock::lock, guarded::read_own_text, private};

/// Most bytes of the file.
const MAX_SIZE: u64 = 256 << 10;
/// Most profiles; those that were not marked for the longest time go.
const MOST_PROFILES: usize = 50;
/// Most favourites and most recent models of a profile; the oldest go.
const MOST_FAVOURITES: usize = 50;
const MOST_RECENT: usize = 20;
/// Most marks that wait to be written.
const MOST_PENDING: usize = 100;
/// Longest id of a model, in bytes.
const LONGEST_ID: usize = 500;

/// The marks of all profiles. Without a file they last as long as the process.
#[derive(Debug, Default)]
pub struct Marks {
    file: Option<PathBuf>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    profiles: BTreeMap<String, ModelMarks>,
    /// The file as it was when the profiles were read of it.
    stamp: Option<Stamp>,
    /// What holds in this process and is not in the file yet, or can't be written there; with the profiles' names.
    pending: VecDeque<(String, Mark)>,
}

/// The marks of one profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ModelMarks {
    /// Ids, the newest favourite last.
    pub favourites: Vec<String>,
    /// What answered last, the newest first.
    pub recent: Vec<Use>,
}

/// When a model answered last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// Its id.
    pub model: String,
    /// The instant, in RFC 3339.
    pub at: String,
}

/// A change of the marks of one profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// A model is a favourite from now on, or is none.
    Favourite(String, bool),
    /// A model has answered.
    Used(Use),
}

impl Marks {
    /// Those of a file. One that is not there, or can't be read, has none.
    pub fn open(file: Option<PathBuf>) -> Self {
        Self { file, state: Mutex::default() }
    }

    /// The marks of a profile as they are now, those of other processes too.
    pub fn of(&self, profile: &str) -> ModelMarks {
        let mut state = self.state();
        if let Some(file) = &self.file {
            let stamp = Some(Stamp::of(file));
            if state.stamp != stamp {
                // What can't be read just now is looked at again the next time.
                if let Ok(profiles) = read(file) {
                    (state.stamp, state.profiles) = (stamp, profiles);
                }
                let State { profiles, pending, .. } = &mut *state;
                pending.iter().for_each(|(profile, mark)| apply(profiles, profile, mark));
            }
        }
        state.profiles.get(profile).cloned().unwrap_or_default()
    }

    /// Marks a model for this process, at once. [`Self::write`] marks it for all others.
    pub fn mark(&self, profile: &str, mark: &Mark) {
        let mut state = self.state();
        apply(&mut state.profiles, profile, mark);
        if self.file.is_some() {
            state.pending.push_back((profile.to_owned(), mark.clone()));
            if state.pending.len() > MOST_PENDING {
                state.pending.pop_front();
            }
        }
    }

    /// Writes a mark into the file, beside what other processes have written there. It waits for the disk, and for other
    /// processes two seconds at most.
    ///
    /// # Errors
    /// Where it can't be read or written: then nothing is lost of what it says.
    pub fn write(&self, profile: &str, mark: &Mark) -> Result<(), Unreadable> {
        let Some(file) = &self.file else { return Ok(()) };
        let _lock = lock(file)?;
        let mut profiles = read(file)?;
        apply(&mut profiles, profile, mark);
        let text = serde_json::to_string_pretty(&profiles).unwrap_or_default();
        private::write_private(file, &text)?;
        self.state().pending.retain(|(of, pending)| (of.as_str(), pending) != (profile, mark));
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        crate::lock::lock(&self.state)
    }
}

/// What a file says. Nothing where that can't be understood: then it is made anew.
fn read(file: &Path) -> Result<BTreeMap<String, ModelMarks>, NotRead> {
    let text = read_own_text(file, MAX_SIZE)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

fn apply(profiles: &mut BTreeMap<String, ModelMarks>, profile: &str, mark: &Mark) {
    if let Mark::Used(used) = mark {
        end_future(profiles, &used.at);
    }
    let marks = profiles.entry(profile.to_owned()).or_default();
    match mark {
        Mark::Favourite(model, is_favourite) => {
            marks.favourites.retain(|favourite| favourite != model);
            if *is_favourite && model.len() <= LONGEST_ID {
                marks.favourites.push(model.clone());
            }
        }
        Mark::Used(used) if used.model.len() <= LONGEST_ID => {
            marks.recent.retain(|recent| recent.model != used.model);
            // Another process may have written a later one meanwhile.
            let place = marks.recent.partition_point(|recent| recent.at > used.at);
            marks.recent.insert(place, used.clone());
        }
        Mark::Used(_) => {}
    }
    let too_many = marks.favourites.len().saturating_sub(MOST_FAVOURITES);
    marks.favourites.drain(..too_many);
    marks.recent.truncate(MOST_RECENT);
    while profiles.len() > MOST_PROFILES {
        let last_use = |(_, marks): &(&String, &ModelMarks)| marks.recent.first().map(|used| used.at.clone());
        let oldest = profiles.iter().filter(|(name, _)| *name != profile).min_by_key(last_use);
        let Some(oldest) = oldest.map(|(name, _)| name.clone()) else { break };
        profiles.remove(&oldest);
    }
}

/// Uses that a clock which ran ahead has stamped would be the last ones for ever: they count as the one that is marked now.
fn end_future(profiles: &mut BTreeMap<String, ModelMarks>, used: &str) {
    let now = format!("{:.3}", jiff::Timestamp::now());
    for recent in profiles.values_mut().flat_map(|marks| &mut marks.recent).filter(|recent| recent.at > now) {
        used.clone_into(&mut recent.at);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn used(model: &str, at: &str) -> Mark {
        Mark::Used(Use { model: model.into(), at: at.into() })
    }

    fn recent(marks: &ModelMarks) -> Vec<&str> {
        marks.recent.iter().map(|used| used.model.as_str()).collect()
    }

    #[test]
    fn a_use_of_the_future_is_not_the_last_one_for_ever() {
        let now = format!("{:.3}", jiff::Timestamp::now());
        let marks = Marks::default();
        for (model, at) in [("past", "2026-01-01T00:00:00.000Z"), ("ahead", "2099-01-01T00:00:00.000Z")] {
            marks.mark("p", &used(model, at));
            marks.mark("other", &used(model, at));
        }
        assert_eq!(recent(&marks.of("p")), ["ahead", "past"]);
        marks.mark("p", &used("new", &now));
        assert_eq!(recent(&marks.of("p")), ["new", "ahead", "past"]);
        assert!(marks.of("other").recent.iter().all(|used| used.at <= now), "of all profiles");
        marks.mark("p", &used("late", "2026-01-02T00:00:00.000Z"));
        assert_eq!(recent(&marks.of("p")), ["new", "ahead", "late", "past"], "what is past keeps its place");
    }

    #[test]
    fn processes_see_each_others_marks_and_lose_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config/settings.marks.json");
        let [one, other] = [(), ()].map(|()| Marks::open(Some(file.clone())));
        assert_eq!(one.of("p"), ModelMarks::default());
        one.write("p", &Mark::Favourite("a".into(), true)).unwrap();
        other.write("p", &Mark::Favourite("b".into(), true)).unwrap();
        other.write("p", &used("b", "2026-11-26T10:00:00Z")).unwrap();
        one.write("p", &used("a", "2026-11-26T09:00:00Z")).unwrap();
        one.write("q", &used("c", "2026-11-26T09:00:00Z")).unwrap();
        for marks in [&one, &other, &Marks::open(Some(file.clone()))] {
            let marks = marks.of("p");
            assert_eq!(
                (marks.favourites.clone(), recent(&marks)),
                (vec!["a".into(), "b".into()], vec!["b", "a"])
            );
        }
        one.write("p", &Mark::Favourite("a".into(), false)).unwrap();
        assert_eq!(other.of("p").favourites, ["b"]);
        // At once, whatever others write before it is in the file.
        one.mark("p", &used("z", "2026-11-26T11:00:00Z"));
        other.write("p", &Mark::Favourite("c".into(), true)).unwrap();
        assert_eq!((recent(&one.of("p"))[0], recent(&other.of("p"))[0]), ("z", "b"));
        assert_eq!(one.of("p").favourites, ["b", "c"]);
        one.write("p", &used("z", "2026-11-26T11:00:00Z")).unwrap();
        assert_eq!(recent(&other.of("p"))[0], "z");
        assert!(one.state().pending.is_empty());
    }

    #[test]
    fn many_processes_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.marks.json");
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let marks = Marks::open(Some(file.clone()));
                std::thread::spawn(move || {
                    for model in 0..5 {
                        marks.write("p", &Mark::Favourite(format!("{writer}-{model}"), true)).unwrap();
                    }
                })
            })
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        assert_eq!(Marks::open(Some(file)).of("p").favourites.len(), 40);
    }

    #[test]
    fn a_broken_file_has_no_marks_and_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.marks.json");
        for broken in ["", "{", "[]", "{\"p\": 3}", &"x".repeat(300 << 10)] {
            fs::write(&file, broken).unwrap();
            let marks = Marks::open(Some(file.clone()));
            assert_eq!(marks.of("p"), ModelMarks::default());
            marks.write("p", &Mark::Favourite("a".into(), true)).unwrap();
            assert_eq!(marks.of("p").favourites, ["a"]);
        }
    }

    #[test]
    fn all_of_it_is_bounded() {
        let marks = Marks::default();
        for number in 0..200 {
            let at = format!("2026-11-26T10:{:02}:{:02}Z", number / 60, number % 60);
            marks.mark(&format!("profile {number}"), &used("m", &at));
            marks.mark("p", &used(&number.to_string(), &at));
            marks.mark("p", &Mark::Favourite(number.to_string(), true));
        }
        let long = "x".repeat(LONGEST_ID + 1);
        marks.mark("p", &Mark::Favourite(long.clone(), true));
        marks.mark("p", &used(&long, "2027"));
        let of_p = marks.of("p");
        assert_eq!((of_p.favourites.len(), of_p.recent.len()), (MOST_FAVOURITES, MOST_RECENT));
        assert_eq!((of_p.favourites.last().unwrap().as_str(), recent(&of_p)[0]), ("199", "199"));
        assert_eq!(marks.state().profiles.len(), MOST_PROFILES);
        assert_eq!(recent(&marks.of("profile 199")), ["m"]);
    }
}
