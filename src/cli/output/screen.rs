//! Where a text goes: to a terminal of some width, with or without colours, or to another program.

use std::{
    io::{self, IsTerminal},
    sync::OnceLock,
};

use clap::ValueEnum;
use terminal_size::{Height, Width, terminal_size_of};

/// The width of a line where nobody says another.
const USUAL_WIDTH: usize = 80;
/// In what is narrower than this nothing can be read, so lines are left to the terminal.
const LEAST_WIDTH: usize = 20;

static COLOR: OnceLock<Color> = OnceLock::new();

/// When texts are coloured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Makes it hold for this process.
    pub(in crate::cli) fn choose(self) {
        let _ = COLOR.set(self);
    }

    fn is_on(self, is_terminal: bool, no_color: bool, term: Option<&str>) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => is_terminal && !no_color && term != Some("dumb"),
        }
    }
}

/// One of the two places that a command writes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Screen {
    /// Whether a person reads it, as far as that can be told.
    pub(in crate::cli) is_terminal: bool,
    /// Columns of a line.
    pub(in crate::cli) width: usize,
    /// Lines of it. None where nobody says.
    pub(in crate::cli) height: Option<usize>,
    /// Whether colours are shown.
    pub(in crate::cli) colors: bool,
}

impl Screen {
    /// Where results go.
    pub(in crate::cli) fn stdout() -> Self {
        let stdout = io::stdout();
        Self::of(stdout.is_terminal(), terminal_size_of(&stdout))
    }

    /// Where all else goes.
    pub(in crate::cli) fn stderr() -> Self {
        let stderr = io::stderr();
        Self::of(stderr.is_terminal(), terminal_size_of(&stderr))
    }

    fn of(is_terminal: bool, size: Option<(Width, Height)>) -> Self {
        // An empty NO_COLOR is none (no-color.org).
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let term = std::env::var("TERM").ok();
        let color = COLOR.get().copied().unwrap_or_default();
        Self {
            is_terminal,
            width: size.map_or(USUAL_WIDTH, |(Width(width), _)| width.into()).max(LEAST_WIDTH),
            height: size.map(|(_, Height(height))| height.into()),
            colors: color.is_on(is_terminal, no_color, term.as_deref()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_for_terminals_unless_somebody_says_otherwise() {
        for (color, is_terminal, no_color, term, on) in [
            (Color::Auto, true, false, Some("xterm"), true),
            (Color::Auto, true, false, None, true),
            (Color::Auto, false, false, Some("xterm"), false),
            (Color::Auto, true, true, Some("xterm"), false),
            (Color::Auto, true, false, Some("dumb"), false),
            (Color::Always, false, true, Some("dumb"), true),
            (Color::Never, true, false, Some("xterm"), false),
        ] {
            assert_eq!(color.is_on(is_terminal, no_color, term), on, "{color:?} {is_terminal} {no_color}");
        }
    }
}
