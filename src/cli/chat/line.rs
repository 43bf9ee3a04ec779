//! The line that is typed: its history, and names at Tab.

use std::{borrow::Cow, io};

use anyhow::Context as _;
use rustyline::{
    Config, Context, Editor, Helper,
    completion::{Completer, FilenameCompleter, Pair},
    config::CompletionType,
    error::ReadlineError,
    highlight::Highlighter,
    hint::Hinter,
    history::MemHistory,
    validate::Validator,
};

use super::commands;
use crate::{
    cli::{hidden, output::Screen},
    plain,
};

const PROMPT: &str = "› ";
/// Before the next line of one that ended with a backslash.
const MORE: &str = "  ";

/// What was typed.
pub(super) enum Line {
    Text(String),
    /// Ctrl-C: this line is none.
    GivenUp,
    /// It has bytes that are no text.
    Unreadable,
    /// Ctrl-D.
    End,
}

/// Reads lines.
pub(super) struct Lines(Editor<Names, MemHistory>);

impl Lines {
    /// With what was asked before in the history.
    pub(super) fn open<'a>(
        models: Vec<String>,
        asked: impl Iterator<Item = &'a str>,
    ) -> anyhow::Result<Self> {
        let config = Config::builder().completion_type(CompletionType::List).build();
        let history = MemHistory::with_config(&config);
        let mut editor = Editor::with_history(config, history).context("this terminal can't be read")?;
        for question in asked {
            // A question that is not in the history can be typed again.
            let _ = editor.add_history_entry(plain::text(question));
        }
        let models = models.into_iter().filter(|model| plain::text(model) == *model).collect();
        editor.set_helper(Some(Names {
            models,
            files: FilenameCompleter::new(),
            colors: Screen::stdout().colors,
        }));
        Ok(Self(editor))
    }

    pub(super) fn next(&mut self) -> anyhow::Result<Line> {
        let mut text = String::new();
        loop {
            let prompt = if text.is_empty() { PROMPT } else { MORE };
            let line = hidden::kept(|| self.0.readline(prompt));
            match line {
                // At its very end only: what is pasted has such lines of its own.
                Ok(line) => match line.strip_suffix('\\') {
                    Some(begun) => text += &format!("{begun}\n"),
                    None => {
                        text += &line;
                        // One that is not in the history can be typed again.
                        let _ = self.0.add_history_entry(&text);
                        return Ok(Line::Text(text));
                    }
                },
                Err(ReadlineError::Eof) if text.is_empty() => return Ok(Line::End),
                Err(ReadlineError::Interrupted | ReadlineError::Eof) => return Ok(Line::GivenUp),
                Err(ReadlineError::Io(error)) if error.kind() == io::ErrorKind::InvalidData => {
                    forget_rest();
                    return Ok(Line::Unreadable);
                }
                Err(error) => return Err(error).context("this terminal can't be read"),
            }
        }
    }
}

/// Drops what was typed or pasted behind a byte that is no text: it would be taken for lines of their own, and asked.
#[cfg(unix)]
fn forget_rest() {
    use rustix::{
        event::{PollFd, PollFlags, Timespec, poll},
        termios::{QueueSelector, tcflush},
    };

    /// No longer is between two parts of one paste.
    const PAUSE: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
    let stdin = io::stdin();
    while tcflush(&stdin, QueueSelector::IFlush).is_ok()
        && poll(&mut [PollFd::new(&stdin, PollFlags::IN)], Some(&PAUSE)).is_ok_and(|ready| ready > 0)
    {}
    // A line that has no end yet is not told of.
    let _ = tcflush(&stdin, QueueSelector::IFlush);
}

/// The console has letters only, no bytes.
#[cfg(not(unix))]
fn forget_rest() {}

/// What Tab completes.
struct Names {
    models: Vec<String>,
    files: FilenameCompleter,
    colors: bool,
}

impl Helper for Names {}
impl Hinter for Names {
    type Hint = String;
}

impl Highlighter for Names {
    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        if self.colors { format!("\u{1b}[36m{prompt}\u{1b}[0m").into() } else { prompt.into() }
    }
}

impl Validator for Names {}

impl Completer for Names {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        place: usize,
        context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let pair =
            |name: &str, end: &str| Pair { display: name.to_owned(), replacement: format!("{name}{end}") };
        let before = &line[..place];
        Ok(match before.split_once(' ') {
            Some(("/model", typed)) => {
                let fits =
                    self.models.iter().filter(|model| model.to_lowercase().contains(&typed.to_lowercase()));
                (place - typed.len(), fits.map(|model| pair(model, "")).collect())
            }
            Some(("/file" | "/attach" | "/save", _)) => self.files.complete(line, place, context)?,
            None if before.starts_with('/') => {
                let fits = commands::names().filter(|name| name.starts_with(&before[1..]));
                (1, fits.map(|name| pair(name, " ")).collect())
            }
            _ => (place, Vec::new()),
        })
    }
}
