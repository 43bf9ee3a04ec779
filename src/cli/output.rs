//! What people read: results on stdout, everything else on stderr.

mod failure;
mod pager;
mod patient;
mod screen;
mod stdout;
mod table;
mod text;

use std::{
    borrow::Cow,
    fmt::Write as _,
    io::{self, IsTerminal, Write},
    path::Path,
    sync::OnceLock,
};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::{language::Language, masking::masked, plain};

pub(super) use failure::{
    CANCELLED, UNREACHABLE, UNUSABLE, USABLE, WRONG_KEY, failed, failure, remedy_line, told,
};
pub(super) use pager::say_pages;
pub(super) use patient::{stderr, stdin, stdout};
pub(super) use screen::{Color, Screen};
pub(super) use stdout::{is_there, say_bytes, unwritten};
pub(super) use table::{Align, Column, Row, table};
pub(super) use text::{Text, Tone};

/// What people are told things in. A program is told them as they are.
static LANGUAGE: OnceLock<Language> = OnceLock::new();

/// Tells people things in a language from now on.
pub(super) fn speak(language: Language) {
    let _ = LANGUAGE.set(language);
}

/// The language that people are told things in.
pub(super) fn language() -> Language {
    LANGUAGE.get().copied().unwrap_or_default()
}

/// A sentence of ours in the language of whoever reads it.
pub(super) fn said(sentence: &str) -> Cow<'_, str> {
    language().said(sentence)
}

/// Lines of ours in the language of whoever reads them, each as deep as it was.
pub(super) fn said_lines(lines: &str) -> Cow<'_, str> {
    if language() == Language::English {
        return Cow::Borrowed(lines);
    }
    let line = |line: &str| {
        let words = line.trim();
        match words.is_empty() {
            true => line.to_owned(),
            false => line.replacen(words, &said(words), 1),
        }
    };
    lines.split_inclusive('\n').map(line).collect::<String>().into()
}

/// Words of ours that stand alone, such as the title of a column, in the language of whoever reads them.
pub(super) fn words(words: &str) -> Cow<'_, str> {
    language().words(words)
}

/// A text and as many blanks as make it so many columns wide.
pub(super) fn padded(text: &str, width: usize) -> String {
    format!("{text}{:1$}", "", width.saturating_sub(text.width()))
}

/// Warns of something beside the result.
pub(super) fn warn(of: &str) {
    note(&format!("warning: {of}"));
}

/// Writes lines of ours for people: in their language, without what a terminal would obey, and as long as fits it.
///
/// # Errors
/// Where stdout takes no more; [`failure`] knows a closed pipe.
pub(super) fn say(text: &str) -> io::Result<()> {
    say_text(&Text::new(Tone::Usual, said_lines(text)))
}

/// Writes the same as it stands: what may be copied or goes on, such as a path.
///
/// # Errors
/// As for [`say`].
pub(super) fn say_whole(text: &str) -> io::Result<()> {
    say_bytes(plain::text(text).as_bytes())
}

/// Writes a result for people, coloured where stdout shows colours, in lines that fit a terminal.
///
/// # Errors
/// As for [`say`].
pub(super) fn say_text(text: &Text) -> io::Result<()> {
    say_bytes(written(text, Screen::stdout()).as_bytes())
}

/// Writes a piece of what was laid out already.
///
/// # Errors
/// As for [`say`].
pub(super) fn say_drawn(text: &Text) -> io::Result<()> {
    say_bytes(text.painted(Screen::stdout().colors).as_bytes())
}

fn written(text: &Text, screen: Screen) -> String {
    match screen.is_terminal {
        true => text.fitted(screen.width).painted(screen.colors),
        false => text.painted(screen.colors),
    }
}

/// Writes an answer as it is, for the next program; on a terminal as [`say_whole`] does.
///
/// # Errors
/// As for [`say`].
pub(super) fn say_answer(text: &str) -> io::Result<()> {
    if io::stdout().is_terminal() { say_whole(text) } else { say_bytes(text.as_bytes()) }
}

/// Writes a result for programs, in which nothing is left that a terminal would obey.
///
/// # Errors
/// As for [`say`].
pub(super) fn say_json(value: &impl Serialize) -> io::Result<()> {
    let json = serde_json::to_string_pretty(value)?;
    say_bytes(escaped(&json).as_bytes())?;
    say_bytes(b"\n")
}

/// The same JSON with escapes for what would not be seen. Such a character can only be within a text.
fn escaped(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character == '\n' || plain::is_seen(character) {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
    }
    escaped
}

/// Writes a line of ours beside the result, in the language of whoever reads it.
pub(super) fn note(line: &str) {
    note_text(&Text::new(Tone::Usual, format!("{}\n", said(line))));
}

/// Writes a piece of a text beside the result, as it comes.
pub(super) fn note_drawn(text: &Text) {
    let _ = stderr().write_all(text.painted(Screen::stderr().colors).as_bytes());
}

/// Writes a text beside the result, coloured where stderr shows colours.
pub(super) fn note_text(text: &Text) {
    // With stderr closed there is nobody to tell.
    let _ = stderr().write_all(written(text, Screen::stderr()).as_bytes());
}

/// A text from elsewhere as a part of a line.
pub(super) fn shown(text: &str) -> String {
    const WIDTH: usize = 1000;
    plain::label(text, WIDTH)
}

/// A path as one word of a command that can be pasted into a shell.
pub(super) fn word(path: &Path) -> String {
    let text = shown(&path.to_string_lossy());
    let text = if text.starts_with('-') { format!("./{text}") } else { text };
    let is_plain = |letter: char| letter.is_alphanumeric() || "_-./:\\~@+,%".contains(letter);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text;
    }
    // PowerShell and cmd take double quotes, where nothing in a path needs more.
    if cfg!(windows) { format!("\"{text}\"") } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// The name of a profile as a part of a line. A key may have been pasted in its place.
pub(super) fn shown_profile(name: &str) -> String {
    shown(&masked(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_path_is_one_word_of_a_command() {
        for (path, word) in [
            ("a/config.yaml", "a/config.yaml"),
            ("模型.yaml", "模型.yaml"),
            ("my config.yaml", "'my config.yaml'"),
            ("-x.yaml", "./-x.yaml"),
            ("it's.yaml", r"'it'\''s.yaml'"),
            ("$(x).yaml", "'$(x).yaml'"),
        ] {
            assert_eq!(super::word(Path::new(path)), word);
        }
    }

    #[test]
    fn json_says_the_same_without_what_a_terminal_would_obey() {
        let value = serde_json::json!({"a": "\u{1b}[2J\u{9b}\u{202e}\u{200b}\u{e0041}\u{7f} 模型 \n\\"});
        let json = escaped(&serde_json::to_string_pretty(&value).unwrap());
        assert!(json.chars().all(|character| character == '\n' || plain::is_seen(character)), "{json}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap(), value);
    }
}
