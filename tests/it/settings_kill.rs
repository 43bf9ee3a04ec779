//! The settings file outlives its writers, at whatever instant they are killed.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{ChildStdout, Command, Stdio},
    thread,
    time::{Duration, SystemTime},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::home;

/// Two writers are killed in each.
const ROUNDS: u64 = 100;
/// Of a writer that comes to all of them.
const EDITS: u64 = 6;

const BEFORE: &str = r#"# Mine, and older than any program's.
active = "left0" # as of today

# Of the left hand.
[profiles.left0] # the first
model = "0" # the number of the edit
timeouts = { idleMs = 0 } # the same number

[profiles.left1]
# Nothing here yet.

[profiles.right0]
baseUrl = "http://127.0.0.1:9" # nobody writes this

# The end.
"#;

struct User {
    folder: TempDir,
}

impl User {
    fn new() -> Self {
        let user = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(user.file().parent().unwrap()).unwrap();
        fs::write(user.file(), BEFORE).unwrap();
        user
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("settings/settings.toml")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_litellm-ls"));
        command.args(arguments).env_clear().envs(home::variables(self.folder.path()));
        command.env("LITELLM_LS_SETTINGS", self.file());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        command
    }

    /// Lets a hand make edits from this number on, kills it while it is at the last ones, and returns the last that was
    /// answered.
    fn write_and_kill(&self, hand: &str, first: u64, answered: u64, delay: Duration) -> Option<u64> {
        let mut child = self.command(&["--transport", "lines"]).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let mut output = Answers(BufReader::new(child.stdout.take().unwrap()));
        let mut send = |number| input.write_all(edit(hand, number).as_bytes()).unwrap();
        let open = first + answered;
        let ask = |number| {
            send(number);
            output.next().expect("an answer")
        };
        let last = (first..open).map(ask).last();
        (open..first + EDITS).for_each(send);
        thread::sleep(delay);
        child.kill().unwrap();
        child.wait().unwrap();
        output.last().or(last)
    }

    /// Checks the file and what lies beside it, and returns the number of each hand's last edit.
    fn check(&self) -> [u64; 2] {
        let text = fs::read_to_string(self.file()).unwrap();
        let settings: toml_edit::DocumentMut =
            text.parse().unwrap_or_else(|error| panic!("{error}:\n{text}"));
        for comment in BEFORE.lines().filter_map(|line| line.find('#').map(|start| &line[start..])) {
            assert!(text.contains(comment), "{comment} is gone from:\n{text}");
        }
        assert_eq!(settings["profiles"]["right0"]["baseUrl"].as_str(), Some("http://127.0.0.1:9"));
        for name in names(self.file().parent().unwrap()) {
            // What a kill leaves goes with a later edit.
            let is_draft = name.starts_with("settings.toml.") && name.ends_with(".tmp");
            assert!(is_draft || ["settings.toml", "settings.lock"].contains(&&*name), "{name} piles up");
        }
        ["left", "right"].map(|hand| {
            let numbers = [0, 1].map(|parity| {
                let Some(profile) = settings["profiles"].get(format!("{hand}{parity}")) else { return 0 };
                let Some(model) = profile.get("model") else { return 0 };
                let number = model.as_str().unwrap().parse().unwrap();
                let same = profile["timeouts"]["idleMs"].as_integer();
                assert_eq!(same, Some(i64::try_from(number).unwrap()), "half an edit in:\n{text}");
                number
            });
            let last = numbers.into_iter().max().unwrap();
            // Only the left hand activates what it writes.
            if hand == "left" {
                assert_eq!(
                    settings["active"].as_str(),
                    Some(&*profile(hand, last)),
                    "half an edit in:\n{text}"
                );
            }
            last
        })
    }
}

/// The numbers of the edits that are answered.
struct Answers(BufReader<ChildStdout>);

impl Iterator for Answers {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            // A line that the kill cut short is no answer.
            let message: Value = serde_json::from_str(line.strip_suffix('\n')?).unwrap();
            assert_eq!(message.get("error"), None);
            if let Some(number) = message["id"].as_u64() {
                return Some(number);
            }
        }
    }
}

fn profile(hand: &str, number: u64) -> String {
    format!("{hand}{}", number % 2)
}

fn edit(hand: &str, number: u64) -> String {
    let params = json!({
        "profile": profile(hand, number), "activate": hand == "left", "persist": true, "verify": false,
        "model": number.to_string(), "timeouts": {"idleMs": number},
    });
    json!({"jsonrpc": "2.0", "id": number, "method": "provider/configure", "params": params}).to_string()
        + "\n"
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Numbers without an order that anyone would notice (splitmix64).
fn scattered(seed: u64) -> u64 {
    let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[test]
fn whoever_is_killed_while_writing_leaves_what_was_confirmed() {
    let user = User::new();
    let mut unanswered = 0;
    let mut before = [0, 0];
    for round in 0..ROUNDS {
        let first = 1 + round * EDITS;
        let confirmed = thread::scope(|scope| {
            let writers = [("left", 0), ("right", 1)].map(|(hand, lane)| {
                let chance = scattered((2 * round + lane + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
                let (answers, delay) = (chance % 5, Duration::from_micros(chance / 5 % 2500));
                let user = &user;
                scope.spawn(move || user.write_and_kill(hand, first, answers, delay))
            });
            writers.map(|writer| writer.join().unwrap())
        });
        let written = user.check();
        for ((written, confirmed), before) in written.into_iter().zip(confirmed).zip(before) {
            assert!(
                written >= confirmed.unwrap_or(before),
                "edit {confirmed:?} was confirmed, {written} is there"
            );
            unanswered += u64::from(confirmed.is_some_and(|confirmed| written > confirmed));
        }
        before = written;
    }
    assert!(unanswered > 0, "no writer was killed while it wrote");
    // An hour later, by what the files say.
    for name in names(user.file().parent().unwrap()).iter().filter(|name| name.ends_with(".tmp")) {
        let draft = fs::File::options().write(true).open(user.file().with_file_name(name)).unwrap();
        draft.set_modified(SystemTime::now() - Duration::from_secs(60 * 60)).unwrap();
    }
    let mut set = user.command(&["config", "set", "model", "last"]).spawn().unwrap();
    assert!(set.wait().unwrap().success());
    assert!(fs::read_to_string(user.file()).unwrap().contains("\nmodel = \"last\""));
    assert_eq!(names(user.file().parent().unwrap()), ["settings.lock", "settings.toml"]);
}
