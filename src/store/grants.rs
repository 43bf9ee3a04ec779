//! What a user has allowed or refused a workspace, kept in a file that only they can read.

use std::{collections::VecDeque, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::{FileError, Unreadable, guarded::read_own_text, private};

/// Most answers kept; one more drops the oldest.
const MOST: usize = 100;
/// Most bytes of the file.
const MAX_SIZE: u64 = 256 << 10;

/// The answers of a user. Without a file they last as long as the process.
#[derive(Debug, Default)]
pub struct Grants {
    file: Option<PathBuf>,
    answers: VecDeque<Answer>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Answer {
    workspace: String,
    settings: String,
    granted: bool,
}

impl Grants {
    /// Those of a file. One that is not there, or not to be trusted, has none.
    pub fn open(file: Option<PathBuf>) -> Self {
        let mut grants = Self { file, answers: VecDeque::new() };
        match grants.read() {
            Ok(answers) => grants.answers = answers,
            Err(error) => tracing::warn!("what was allowed to workspaces is not known: {error}"),
        }
        grants
    }

    fn read(&self) -> Result<VecDeque<Answer>, Unreadable> {
        let Some(file) = &self.file else { return Ok(VecDeque::new()) };
        let text = read_own_text(file, MAX_SIZE)?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// What was said of these settings in this workspace. None where nothing was.
    pub fn of(&self, workspace: &str, settings: &str) -> Option<bool> {
        let is_it = |answer: &&Answer| answer.workspace == workspace && answer.settings == settings;
        self.answers.iter().find(is_it).map(|answer| answer.granted)
    }

    /// Keeps an answer, for this process and for those to come. A text that may hold a secret, such as a URL with a
    /// password, is kept for this process alone.
    ///
    /// # Errors
    /// Where it can't be read or written: then nothing is lost of what it holds.
    pub fn keep(&mut self, workspace: &str, settings: &str, granted: bool) -> Result<(), Unreadable> {
        let answer = Answer { workspace: workspace.to_owned(), settings: settings.to_owned(), granted };
        self.answers.push_back(answer.clone());
        let Some(file) = self.file.as_ref().filter(|_| !settings.contains(['@', '?'])) else { return Ok(()) };
        // Others may have written meanwhile.
        let mut kept = self.read()?;
        kept.push_back(answer);
        while kept.len() > MOST {
            kept.pop_front();
        }
        let text = serde_json::to_string_pretty(&kept)
            .map_err(|error| FileError::of("write", file)(error.into()))?;
        if let Some(folder) = file.parent() {
            private::make_private_folder(folder)?;
        }
        Ok(private::write_private(file, &text)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_can_not_be_read_just_now_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        // Read through a link that leads round in a circle, and so not as `NotFound`.
        let (file, other) = (folder.path().join("grants.json"), folder.path().join("other"));
        std::os::unix::fs::symlink(&other, &file).unwrap();
        std::os::unix::fs::symlink(&file, &other).unwrap();
        let mut grants = Grants::open(Some(file.clone()));
        let refused = grants.keep("file:///a", "baseUrl = \"http://x\"", true);
        assert!(matches!(refused, Err(Unreadable::NotRead(_))), "{refused:?}");
        assert!(file.is_symlink());
        assert_eq!(grants.of("file:///a", "baseUrl = \"http://x\""), Some(true), "it holds for this process");
    }

    #[test]
    fn an_answer_lasts_for_its_workspace_and_its_settings_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = || Some(folder.path().join("state/grants.json"));
        let mut grants = Grants::open(file());
        grants.keep("file:///a", "baseUrl = \"http://x\"", true).unwrap();
        grants.keep("file:///a", "baseUrl = \"http://y\"", false).unwrap();
        grants.keep("file:///a", "baseUrl = \"http://user:secret@x\"", true).unwrap();
        assert_eq!(grants.of("file:///a", "baseUrl = \"http://user:secret@x\""), Some(true));
        let again = Grants::open(file());
        assert_eq!(again.of("file:///a", "baseUrl = \"http://x\""), Some(true));
        assert_eq!(again.of("file:///a", "baseUrl = \"http://y\""), Some(false));
        assert_eq!(again.of("file:///b", "baseUrl = \"http://x\""), None);
        assert_eq!(again.of("file:///a", "baseUrl = \"http://user:secret@x\""), None);
        assert_eq!(Grants::open(None).of("file:///a", "baseUrl = \"http://x\""), None);
    }
}
