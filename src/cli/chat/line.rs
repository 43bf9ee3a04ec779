//! The line that is typed: its history, and names at Tab.

use std::borrow::Cow;

use anyhow::Context as _;
use rustyline::{
    Config, Context, Editor, Helper,
    completion::{Completer, FilenameCompleter, Pair},
    config::CompletionType,
    error::ReadlineError,
    highlight::Highlighter,
    hint::Hinter,
    history::MemHistory,
    validate::{ValidationContext, ValidationResult, Validator},
};

use super::commands;
use crate::{cli::output::Screen, plain};

const PROMPT: &str = "› ";

/// What was typed.
pub(super) enum Line {
    Text(String),
    /// Ctrl-C: this line is none.
    GivenUp,
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
        let config = Config::builder().completion_type(CompletionType::List).auto_add_history(true).build();
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
        match self.0.readline(PROMPT) {
            Ok(line) => Ok(Line::Text(line.replace("\\\n", "\n"))),
            Err(ReadlineError::Interrupted) => Ok(Line::GivenUp),
            Err(ReadlineError::Eof) => Ok(Line::End),
            Err(error) => Err(error).context("this terminal can't be read"),
        }
    }
}

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

impl Validator for Names {
    fn validate(&self, line: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let goes_on = line.input().ends_with('\\');
        Ok(if goes_on { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

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
