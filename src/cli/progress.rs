//! How far long work is: a line on a terminal that is drawn over, else a line now and then.

use std::{
    io::{self, Write},
    time::{Duration, Instant},
};

use unicode_width::UnicodeWidthStr;

use super::output::{Screen, note, said, shown};
use crate::plain;

/// How often a line is written where there is no terminal to draw on.
const PLAIN: Duration = Duration::from_secs(5);
/// What turns as the work goes on.
const SPINNER: [char; 8] = ['⠁', '⠂', '⠄', '⡀', '⢀', '⠠', '⠐', '⠈'];
/// How wide the bar is, in columns.
const BAR: usize = 30;

/// Progress on stderr. What is drawn is wiped when this is dropped.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// How many steps are done, of how many.
    steps: Option<(usize, usize)>,
    shown: usize,
    /// How many columns of the terminal's line are drawn on.
    drawn: usize,
    last_line: Option<Instant>,
}

impl Progress {
    /// Says how many steps are done; it is shown with the next message.
    pub(super) fn at(&mut self, done: usize, total: usize) {
        self.steps = Some((done, total));
    }

    /// Shows what is done right now.
    pub(super) fn show(&mut self, message: &str) {
        let message = &said(message);
        self.shown += 1;
        let screen = Screen::stderr();
        if screen.is_terminal {
            // In the last column some terminals begin another line.
            self.draw(&self.line(message, screen.width - 1));
        } else if self.last_line.is_none_or(|last| last.elapsed() >= PLAIN) {
            note(&shown(message));
            self.last_line = Some(Instant::now());
        }
    }

    /// Wipes what is drawn.
    pub(super) fn wipe(&mut self) {
        if self.drawn > 0 {
            self.draw("");
            self.draw("");
        }
    }

    fn line(&self, message: &str, width: usize) -> String {
        let spinner = SPINNER[self.shown % SPINNER.len()];
        let steps = self.steps.map(|(done, total)| {
            let filled = (done * BAR).checked_div(total).unwrap_or(0).min(BAR);
            format!("{}{} {done}/{total} ", "█".repeat(filled), "░".repeat(BAR - filled))
        });
        plain::label(&format!("{spinner} {}{message}", steps.unwrap_or_default()), width)
    }

    /// Draws over what was drawn. Blanks do it on every terminal, where the codes for it need one that knows them.
    fn draw(&mut self, line: &str) {
        let width = line.width();
        let rest = self.drawn.saturating_sub(width);
        // With stderr closed there is nobody to tell.
        let mut stderr = io::stderr().lock();
        let _ = write!(stderr, "\r{line}{:rest$}", "").and_then(|()| stderr.flush());
        self.drawn = width;
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.wipe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_fits_the_terminal() {
        let mut progress = Progress::default();
        assert_eq!(progress.line("waiting: somebody", 79), "⠁ waiting: somebody");
        for (done, total, bar) in [(0, 0, 0), (0, 9, 0), (3, 9, 10), (9, 9, 30), (10, 9, 30)] {
            progress.at(done, total);
            let line = progress.line("package: é漢\u{1b}[2J\n", 200);
            assert_eq!(line.matches('█').count(), bar, "{line}");
            assert!(
                line.contains(&format!(" {done}/{total} package: é漢")) && !line.contains('\u{1b}'),
                "{line}"
            );
            for width in 0..60 {
                assert!(progress.line("package: é漢字漢字漢字", width).width() <= width.max(1), "{width}");
            }
        }
    }
}
