//! What a user has allowed or refused a workspace, kept in a file that only they can read.

use std::{collections::VecDeque, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::{FileError, Result, private, read_guarded_text};

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
        grants.answers = grants.read();
        grants
    }

    fn read(&self) -> VecDeque<Answer> {
        let text = self.file.as_ref().and_then(|file| read_guarded_text(file, MAX_SIZE).ok());
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
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
    /// Where it can't be written.
    pub fn keep(&mut self, workspace: &str, settings: &str, granted: bool) -> Result<()> {
        let answer = Answer { workspace: workspace.to_owned(), settings: settings.to_owned(), granted };
        self.answers.push_back(answer.clone());
        let Some(file) = self.file.as_ref().filter(|_| !settings.contains(['@', '?'])) else { return Ok(()) };
        // Others may have written meanwhile.
        let mut kept = self.read();
        kept.push_back(answer);
        while kept.len() > MOST {
            kept.pop_front();
        }
        let text = serde_json::to_string_pretty(&kept)
            .map_err(|error| FileError::of("write", file)(error.into()))?;
        if let Some(folder) = file.parent() {
            private::make_private_folder(folder)?;
        }
        private::write_private(file, &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
