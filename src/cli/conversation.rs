//! Conversations, kept so that one can go on with them: files that only their owner can read.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use litellm_ls_protocol::{AssistantMessage, Content, Message, Part, Role};
use serde::{Deserialize, Serialize};

use super::output::{note, shown, warn};
use crate::{
    environment::Environment,
    provider::{Profile, now},
    store::{self, Stamp},
};

/// How many are kept; the oldest make room.
const KEPT: usize = 50;
/// The variable that says where they are kept; `off` keeps none.
const PLACE: &str = "LITELLM_LS_CONVERSATIONS";
/// What to do where one can't be kept.
pub(super) const REMEDY: &str = "set LITELLM_LS_CONVERSATIONS to a folder, or to off";

/// What was said so far.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Conversation {
    /// When it began, in RFC 3339.
    pub(super) began: String,
    pub(super) profile: String,
    /// The proxy that it was held with. None in those of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) model: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) system: Option<String>,
    pub(super) messages: Vec<Message>,
    /// The file that it was read from or written to last, and the state that this left. None where it is in none yet.
    #[serde(skip)]
    pub(super) file: Option<(PathBuf, Stamp)>,
}

impl Conversation {
    pub(super) fn begin(profile: &Profile) -> Self {
        Self::at(&profile.name, &profile.settings.base_url.value)
    }

    fn at(profile: &str, base_url: &str) -> Self {
        Self {
            began: now(),
            profile: profile.to_owned(),
            base_url: Some(base_url.to_owned()),
            model: None,
            system: None,
            messages: Vec::new(),
            file: None,
        }
    }

    /// Has it go on with a profile, if that is the one it was held with, or `is_named` by the user: what was said to one
    /// proxy is told to another only where that is wanted.
    ///
    /// # Errors
    /// Where it was held with another.
    pub(super) fn go_on(&mut self, profile: &Profile, is_named: bool) -> anyhow::Result<()> {
        let Self { profile: name, base_url, .. } = Self::begin(profile);
        let is_same = self.profile == name && (self.base_url.is_none() || self.base_url == base_url);
        if !is_same {
            let before = self.base_url.as_deref().unwrap_or("another proxy");
            if !is_named {
                let target = match &self.base_url {
                    Some(base_url) if self.profile == name => format!("--base-url {base_url}"),
                    _ => format!("--profile {}", self.profile),
                };
                bail!(
                    "this conversation was held with {} ({}): add {} to go on there, or name the one that shall read it",
                    shown(before),
                    shown(&self.profile),
                    shown(&target)
                );
            }
            note(&format!(
                "what was said to {} goes to {} now",
                shown(before),
                shown(&profile.settings.base_url.value)
            ));
            // The name of a model may not be one of another proxy's.
            self.model = None;
        }
        (self.profile, self.base_url) = (name, base_url);
        Ok(())
    }

    /// Gives the model instructions; blank ones take them back.
    pub(super) fn instruct(&mut self, instructions: &str) {
        self.system = (!instructions.trim().is_empty()).then(|| instructions.to_owned());
    }

    /// Adds what a model said, with all that it wants back. Nothing where it said nothing: then the question goes, too,
    /// for no model takes two of them in a row.
    pub(super) fn heard(&mut self, said: &AssistantMessage) {
        if said.text.is_empty() && said.tool_calls.is_empty() && said.provider_fields.is_none() {
            self.messages.pop();
            return;
        }
        self.messages.push(Message {
            tool_calls: said.tool_calls.clone(),
            reasoning: said.reasoning.clone(),
            reasoning_blocks: said.reasoning_blocks.clone(),
            provider_fields: said.provider_fields.clone(),
            ..Message::of(Role::Assistant, Content::Text(said.text.clone()))
        });
    }

    /// Takes the last question out, with what came behind it.
    ///
    /// # Errors
    /// Where nothing was asked yet.
    pub(super) fn take_back(&mut self) -> anyhow::Result<Message> {
        let last = self.messages.iter().rposition(|message| message.role == Role::User);
        Ok(self.messages.split_off(last.context("nothing was asked yet")?).swap_remove(0))
    }

    /// What it is about: the beginning of its first question.
    pub(super) fn title(&self) -> &str {
        self.asked()
            .next()
            .and_then(|text| text.lines().find(|line| !line.trim().is_empty()))
            .unwrap_or("(no text)")
    }

    /// The texts of the questions.
    pub(super) fn asked(&self) -> impl Iterator<Item = &str> {
        self.messages.iter().filter(|message| message.role == Role::User).filter_map(text)
    }

    /// As Markdown, to be read or kept.
    pub(super) fn page(&self) -> String {
        let mut page = format!("# {}\n", self.title());
        for message in &self.messages {
            let who =
                if message.role == Role::User { "You" } else { self.model.as_deref().unwrap_or("Model") };
            page += &format!("\n## {who}\n\n{}\n", text(message).unwrap_or_default().trim_end());
        }
        page
    }
}

/// The text of a message.
pub(super) fn text(message: &Message) -> Option<&str> {
    match message.content.as_ref()? {
        Content::Text(text) => Some(text),
        Content::Parts(parts) => parts.iter().find_map(|part| match part {
            Part::Text { text } => Some(text.as_str()),
            _ => None,
        }),
    }
}

/// Where conversations are.
pub(super) struct Conversations {
    /// None where the user or the machine wants none.
    folder: Option<PathBuf>,
}

impl Conversations {
    pub(super) fn open(environment: &Environment) -> Self {
        let folder = match environment.variable(PLACE).and_then(|_| environment.variable_os(PLACE)) {
            Some(place) => place_of(place, environment.users_home()).unwrap_or_else(|wrong| {
                warn(&format!("conversations are not kept, for {PLACE} {wrong}: {REMEDY}"));
                None
            }),
            None => environment.conversations(),
        };
        Self { folder }
    }

    /// Keeps a conversation in place of what was kept of it. Where another process has gone on with it meanwhile, or
    /// began one at the same instant, both stay: this one in a file beside.
    pub(super) fn keep(&self, conversation: &mut Conversation) -> anyhow::Result<()> {
        let Some(folder) = self.folder.as_ref().filter(|_| !conversation.messages.is_empty()) else {
            return Ok(());
        };
        // A file system without locks keeps conversations all the same.
        let _lock = store::lock(&folder.join("conversations")).ok();
        let text = serde_json::to_string(conversation)?;
        let known = conversation.file.take().filter(|(file, stamp)| Stamp::of(file) == *stamp);
        let others = self.files();
        store::end_future(others.iter().map(PathBuf::as_path));
        let file = match known {
            Some((file, _)) => {
                store::write_private_file(&file, &text)?;
                file
            }
            None => store::write_new_file(names(folder, &conversation.began), text.as_bytes())?,
        };
        conversation.file = Some((file.clone(), Stamp::of(&file)));
        // The folder may be one that the user has other files in.
        for old in self.files().into_iter().skip(KEPT).filter(|old| is_surely_one(old)) {
            let _ = fs::remove_file(old);
        }
        Ok(())
    }

    /// Keeps what a model has said so far, while it goes on.
    pub(super) fn keep_so_far(&self, conversation: &mut Conversation, text: &str) -> anyhow::Result<()> {
        let asked = conversation.messages.len();
        conversation.heard(&AssistantMessage { text: text.to_owned(), ..AssistantMessage::default() });
        let kept = self.keep(conversation);
        conversation.messages.truncate(asked);
        kept
    }

    /// The last one.
    pub(super) fn last(&self) -> anyhow::Result<Option<Conversation>> {
        self.files().first().map(|file| read(file)).transpose()
    }

    /// All that can be read, the newest first.
    pub(super) fn all(&self) -> Vec<Conversation> {
        self.files().iter().filter_map(|file| read(file).ok()).collect()
    }

    /// Their files, the one that was written last first.
    fn files(&self) -> Vec<PathBuf> {
        let entries = self.folder.as_ref().and_then(|folder| fs::read_dir(folder).ok());
        let paths = entries.into_iter().flatten().flatten().map(|entry| entry.path());
        let mut files: Vec<PathBuf> =
            // A pipe would be waited for.
            paths.filter(|path| instant_of(path).is_some() && path.is_file()).collect();
        files.sort_by_cached_key(|path| {
            let written = fs::metadata(path).and_then(|data| data.modified()).ok();
            std::cmp::Reverse((written, path.clone()))
        });
        files
    }
}

/// Where the user wants them kept; none for nowhere. A folder below the current one, which is another each time and may be
/// a repository, is hardly meant.
fn place_of(place: OsString, home: Option<String>) -> Result<Option<PathBuf>, &'static str> {
    let word = place.to_string_lossy().trim_matches(['"', '\'', ' ']).to_ascii_lowercase();
    if matches!(word.as_str(), "off" | "no" | "none" | "false" | "0") {
        return Ok(None);
    }
    let place = match Path::new(&place).strip_prefix("~").ok().zip(home) {
        Some((inside, home)) => Path::new(&home).join(inside),
        None => place.into(),
    };
    if place.is_absolute() { Ok(Some(place)) } else { Err("is no whole path") }
}

/// What the file of a conversation of this instant may be called.
fn names(folder: &Path, began: &str) -> impl Iterator<Item = PathBuf> {
    let instant = folder.join(instant(began)).into_os_string();
    let named = move |end: String| {
        let mut path = instant.clone();
        path.push(end);
        PathBuf::from(path)
    };
    (1_u64..).map(move |number| named(if number == 1 { ".json".into() } else { format!("-{number}.json") }))
}

/// An instant as it stands in the name of a file.
fn instant(began: &str) -> String {
    began.replace([':', '.'], "-")
}

/// The instant in the name of a file. None where it is no name that a conversation gets.
fn instant_of(file: &Path) -> Option<&str> {
    const FORM: &str = "0000-00-00T00-00-00-000Z";
    let name = file.file_name()?.to_str()?.strip_suffix(".json")?;
    let (instant, rest) = name.split_at_checked(FORM.len())?;
    let is_instant = instant.replace(|letter: char| letter.is_ascii_digit(), "0") == FORM;
    let is_numbered = rest.strip_prefix('-').map_or(rest.is_empty(), |number| number.parse::<u64>().is_ok());
    (is_instant && is_numbered).then_some(instant)
}

/// Whether a file is called, and holds, what `keep` writes.
fn is_surely_one(file: &Path) -> bool {
    read(file).is_ok_and(|it| instant_of(file) == Some(&instant(&it.began)))
}

fn read(file: &Path) -> anyhow::Result<Conversation> {
    // Before it is read, so that a change amid that is seen.
    let stamp = Stamp::of(file);
    let text = fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))?;
    let mut conversation: Conversation = serde_json::from_str(&text)
        .with_context(|| format!("{} holds no conversation: move it to another folder", file.display()))?;
    conversation.file = Some((file.to_owned(), stamp));
    Ok(conversation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_kept_and_the_last_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Conversations { folder: Some(folder.path().join("new")) };
        assert!(kept.last().unwrap().is_none());
        for number in 0..KEPT + 3 {
            let mut conversation = Conversation::at("default", "http://localhost:4000");
            conversation.began = format!("2026-01-01T00:00:00.{number:03}Z");
            conversation.messages.push(Message::of(Role::User, Content::Text(format!("question {number}"))));
            kept.keep(&mut conversation).unwrap();
        }
        assert_eq!(kept.all().len(), KEPT);
        let mut last = kept.last().unwrap().unwrap();
        last.heard(&AssistantMessage { text: "yes".into(), ..AssistantMessage::default() });
        kept.keep(&mut last).unwrap();
        let again = kept.last().unwrap().unwrap();
        assert_eq!((again.messages.len(), kept.all().len()), (2, KEPT));
        let off = Conversations { folder: None };
        off.keep(&mut last).unwrap();
        assert!(off.last().unwrap().is_none());
    }

    #[cfg(unix)]
    #[test]
    fn they_are_kept_in_a_whole_path_or_nowhere() {
        use std::os::unix::ffi::OsStringExt;

        let of = |place: &[u8]| place_of(OsString::from_vec(place.into()), Some("/home/ann".into()));
        for off in ["off", "OFF", "Off", "no", "none", "false", "0", "\"off\"", " off "] {
            assert_eq!(of(off.as_bytes()), Ok(None), "{off}");
        }
        for (place, path) in [("/a b/c", "/a b/c"), ("~/convs", "/home/ann/convs"), ("~", "/home/ann")] {
            assert_eq!(of(place.as_bytes()), Ok(Some(path.into())), "{place}");
        }
        assert_eq!(of(b"/c\xff"), Ok(Some(OsString::from_vec(b"/c\xff".into()).into())));
        for place in ["convs", "./convs", "~bob/convs", "on"] {
            assert!(of(place.as_bytes()).is_err(), "{place}");
        }
    }

    /// A variable may name any folder: what is the user's there stays as it is, and is no conversation.
    #[test]
    fn no_file_of_the_users_is_touched_or_taken_for_a_conversation() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Conversations { folder: Some(folder.path().to_owned()) };
        let say = |number: usize| {
            let mut conversation = Conversation::at("default", "http://localhost:4000");
            conversation.began = format!("2026-01-01T00:00:00.{number:03}Z");
            conversation.messages.push(Message::of(Role::User, Content::Text("hello".into())));
            kept.keep(&mut conversation).unwrap();
            fs::read_to_string(conversation.file.unwrap().0).unwrap()
        };
        let conversation = say(0);
        let mut theirs: Vec<(String, &str)> =
            (0..KEPT + 10).map(|number| (format!("data-{number}.json"), "{}")).collect();
        // Named as ours are, or holding what ours hold, but not both.
        for name in ["2020-01-01T00-00-00-000Z", "2020-01-01T00-00-00-000Z-2", "2026-01-01T00-00-00-999Z"] {
            theirs.push((format!("{name}.json"), "{\"precious\":1}"));
        }
        for name in ["2020-01-01T00-00-00-000Z-3", "2026-01-01T00-00-00-000Z.old", "2026-01-01", "copy"] {
            theirs.push((format!("{name}.json"), &conversation));
        }
        let times: Vec<_> = (0_u64..)
            .map(|age| {
                std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000 + age)
            })
            .take(theirs.len() - 1)
            // Some program wrote one with a date of the future.
            .chain([std::time::SystemTime::now() + std::time::Duration::from_secs(1_000_000)])
            .collect();
        for ((name, text), time) in theirs.iter().zip(&times) {
            fs::write(folder.path().join(name), text).unwrap();
            fs::File::options()
                .append(true)
                .open(folder.path().join(name))
                .unwrap()
                .set_modified(*time)
                .unwrap();
        }
        for number in 1..KEPT + 5 {
            say(number);
        }
        for ((name, text), time) in theirs.iter().zip(&times) {
            let path = folder.path().join(name);
            assert_eq!(&fs::read_to_string(&path).unwrap(), text, "{name}");
            assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), *time, "{name}");
        }
        assert!(kept.last().unwrap().is_some());
    }

    /// Those of a clock that ran ahead, in the file's stamp, its name and its text, are not the last for ever.
    #[test]
    fn what_was_said_last_goes_on_after_a_clock_that_ran_ahead() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Conversations { folder: Some(folder.path().to_owned()) };
        let say = |began: &str, text: &str| {
            let mut conversation = Conversation::at("default", "http://localhost:4000");
            conversation.began = began.into();
            conversation.messages.push(Message::of(Role::User, Content::Text(text.into())));
            kept.keep(&mut conversation).unwrap();
            conversation
        };
        let last = || kept.last().unwrap().unwrap().asked().last().map(str::to_owned).unwrap();
        for year in [2098, 2099] {
            let ahead = say(&format!("{year}-01-01T00:00:00.000Z"), &year.to_string());
            let file = fs::File::options().write(true).open(ahead.file.unwrap().0).unwrap();
            let days = std::time::Duration::from_secs(24 * 60 * 60 * (year - 2000));
            file.set_modified(std::time::SystemTime::now() + 1_000 * days).unwrap();
            assert_eq!(last(), year.to_string());
        }
        say("2026-01-01T00:00:00.000Z", "new");
        assert_eq!(last(), "new");
        // The newest of them goes on, in its place.
        let mut old = kept.all().swap_remove(1);
        assert_eq!(old.asked().next(), Some("2099"));
        old.messages.push(Message::of(Role::User, Content::Text("again".into())));
        kept.keep(&mut old).unwrap();
        assert_eq!((last().as_str(), kept.all().len()), ("again", 3));
    }

    #[test]
    fn no_conversation_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Conversations { folder: Some(folder.path().to_owned()) };
        let begun = |question: &str| {
            let mut conversation = Conversation::at("default", "http://localhost:4000");
            conversation.began = "2026-01-01T00:00:00.000Z".into();
            conversation.messages.push(Message::of(Role::User, Content::Text(question.into())));
            conversation
        };
        // At the same instant, and each goes on in its own place.
        let mut both = ["one", "other"].map(begun);
        for _ in 0..2 {
            for conversation in &mut both {
                kept.keep(conversation).unwrap();
                conversation.messages.push(Message::of(Role::Assistant, Content::Text("more".into())));
            }
        }
        assert_eq!(kept.all().len(), 2);
        // Two go on with the same one.
        let mut both = [0, 0].map(|_| kept.last().unwrap().unwrap());
        for (conversation, question) in both.iter_mut().zip(["left", "right"]) {
            conversation.messages.push(Message::of(Role::User, Content::Text(question.into())));
            kept.keep(conversation).unwrap();
        }
        let all = kept.all();
        assert_eq!(all.len(), 3);
        for question in ["one", "other", "left", "right"] {
            assert!(all.iter().any(|kept| kept.asked().any(|asked| asked == question)), "{question}");
        }
    }

    #[test]
    fn an_answer_without_a_word_leaves_no_question() {
        let mut conversation = Conversation::at("default", "http://localhost:4000");
        conversation.messages.push(Message::of(Role::User, Content::Text("hello".into())));
        conversation.heard(&AssistantMessage::default());
        assert!(conversation.messages.is_empty());
    }
}
