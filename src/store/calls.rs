//! Which keys of calls are taken, and how these calls ended: hashes and outcomes, in a file that only the user can read.

use std::{
    collections::VecDeque,
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
};

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use super::{FileError, Unreadable, file_lock::lock, guarded::read_guarded_text, private};

/// Most calls that are remembered; one more drops the oldest.
const MOST: usize = 1_000;
/// Most bytes of the file: each call takes some 90.
const MAX_SIZE: u64 = 256 << 10;

/// The calls of a user. Without a file they last as long as this value.
#[derive(Debug, Default)]
pub struct Calls {
    file: Option<PathBuf>,
    memory: Mutex<VecDeque<Entry>>,
}

/// A call that was made under a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierCall {
    /// What is known of its end.
    pub state: CallState,
    /// When that was, in RFC 3339.
    pub at: String,
}

/// What is known of the end of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CallState {
    /// Nothing: it runs, or its server is gone.
    Begun,
    /// It was answered.
    Answered,
    /// It failed or was given up.
    Failed,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    /// The key itself may be a text that says something.
    hash: String,
    #[serde(flatten)]
    call: EarlierCall,
}

impl Calls {
    /// Those of a file, which is read each time.
    pub fn open(file: Option<PathBuf>) -> Self {
        Self { file, memory: Mutex::default() }
    }

    /// Takes a key for a call that begins now, or says which call has it. When it returns the key is on the disk.
    ///
    /// # Errors
    /// Where the file can't be read or written: then the key is not taken.
    pub fn begin(&self, key: &str, now: &str) -> Result<Option<EarlierCall>, Unreadable> {
        let hash = hash(key);
        self.change(|calls| {
            if let Some(earlier) = calls.iter().find(|entry| entry.hash == hash) {
                return Some(earlier.call.clone());
            }
            calls
                .push_back(Entry { hash, call: EarlierCall { state: CallState::Begun, at: now.to_owned() } });
            while calls.len() > MOST {
                calls.pop_front();
            }
            None
        })
    }

    /// Notes how the call of a key has ended. None: it was not made, and the key is free again.
    ///
    /// # Errors
    /// Where the file can't be read or written: then the call stays begun.
    pub fn end(&self, key: &str, state: Option<CallState>, now: &str) -> Result<(), Unreadable> {
        let hash = hash(key);
        self.change(|calls| {
            let Some(place) = calls.iter().position(|entry| entry.hash == hash) else { return };
            match state {
                Some(state) => calls[place].call = EarlierCall { state, at: now.to_owned() },
                None => drop(calls.remove(place)),
            }
        })
    }

    /// Reads, changes and writes the calls, one process and one thread at a time.
    fn change<T>(&self, change: impl FnOnce(&mut VecDeque<Entry>) -> T) -> Result<T, Unreadable> {
        let mut memory = crate::lock::lock(&self.memory);
        let Some(file) = &self.file else { return Ok(change(&mut memory)) };
        let _lock = lock(file)?;
        let mut calls = read(file)?;
        let changed = change(&mut calls);
        let text =
            serde_json::to_string(&calls).map_err(|error| FileError::of("write", file)(error.into()))?;
        private::write_private(file, &text)?;
        Ok(changed)
    }
}

/// What a file says; one that is not there says nothing. What can't be read, trusted or understood is an error: a key that
/// was taken must not be given again.
fn read(file: &Path) -> Result<VecDeque<Entry>, Unreadable> {
    let text = match read_guarded_text(file, MAX_SIZE) {
        // A link that leads nowhere is there.
        Err(error) if error.is_absent() && fs::symlink_metadata(file).is_err() => return Ok(VecDeque::new()),
        text => text?,
    };
    Ok(serde_json::from_str(&text).map_err(|error| FileError::of("read", file)(error.into()))?)
}

/// What tells a text from others and does not say it.
pub fn hash(key: &str) -> String {
    format!("{:032x}", u128::from_be_bytes(Md5::digest(key).into()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const NOW: &str = "2026-11-26T10:00:00.000Z";

    #[test]
    fn a_key_is_taken_once_by_all_processes_and_says_what_became_of_its_call() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state/calls.json");
        let [one, other] = [(), ()].map(|()| Calls::open(Some(file.clone())));
        let earlier = |state| Some(EarlierCall { state, at: NOW.to_owned() });
        assert_eq!(one.begin("a secret matter", NOW).unwrap(), None);
        assert_eq!(other.begin("a secret matter", NOW).unwrap(), earlier(CallState::Begun));
        for state in [CallState::Answered, CallState::Failed] {
            one.end("a secret matter", Some(state), NOW).unwrap();
            assert_eq!(other.begin("a secret matter", NOW).unwrap(), earlier(state));
        }
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains("secret") && text.contains("\"failed\""), "{text}");
        one.end("a secret matter", None, NOW).unwrap();
        assert_eq!(other.begin("a secret matter", NOW).unwrap(), None);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn of_many_processes_at_once_one_takes_a_key() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("calls.json");
        let takers: Vec<_> = (0..8)
            .map(|_| {
                let calls = Calls::open(Some(file.clone()));
                std::thread::spawn(move || calls.begin("key", NOW).unwrap().is_none())
            })
            .collect();
        let taken = takers.into_iter().filter_map(|taker| taker.join().unwrap().then_some(())).count();
        assert_eq!(taken, 1);
    }

    #[test]
    fn the_newest_thousand_are_remembered() {
        let calls = Calls::default();
        for number in 0..=MOST {
            assert_eq!(calls.begin(&number.to_string(), NOW).unwrap(), None);
        }
        assert!(calls.begin("1", NOW).unwrap().is_some());
        assert_eq!(calls.begin("0", NOW).unwrap(), None);
        let page = include_str!("../../protocol/PROTOCOL.md");
        assert!(page.contains("the newest 1,000 of them") && MOST == 1_000);
    }

    #[test]
    fn a_file_that_can_not_be_understood_gives_no_key_away() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("calls.json");
        let large = format!("[]{}", " ".repeat(MAX_SIZE as usize));
        for broken in ["", "{", "{}", "[{}]", &large].map(str::as_bytes).into_iter().chain([&b"\xff"[..]]) {
            fs::write(&file, broken).unwrap();
            assert!(Calls::open(Some(file.clone())).begin("key", NOW).is_err(), "{broken:?}");
            assert_eq!(fs::read(&file).unwrap(), broken);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_is_not_to_be_trusted_gives_no_key_away() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("calls.json");
        let calls = Calls::open(Some(file.clone()));
        calls.begin("key", NOW).unwrap();
        let text = fs::read(&file).unwrap();
        for mode in [0o606, 0o666, 0o602] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            assert!(!calls.begin("key", NOW).unwrap_err().is_locked(), "{mode:o}");
            assert!(calls.end("key", None, NOW).is_err(), "{mode:o}");
            assert_eq!(fs::read(&file).unwrap(), text);
        }
        fs::remove_file(&file).unwrap();
        symlink(folder.path().join("nowhere"), &file).unwrap();
        assert!(calls.begin("key", NOW).is_err(), "a link that leads nowhere");
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
        assert!(calls.begin("key", NOW).is_err(), "no regular file");
    }

    #[test]
    fn while_others_hold_the_lock_it_is_said_to_be_locked() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("calls.json");
        let _held = lock(&file).unwrap();
        let refused = Calls::open(Some(file)).begin("key", NOW).unwrap_err();
        assert!(refused.is_locked(), "{refused}");
    }
}
