//! Texts in tones.

use std::fmt;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::plain;

/// What a piece of a text is. Which colour that is, the user's terminal decides: only its own sixteen are used, so that
/// dark and light ones are both readable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::cli) enum Tone {
    #[default]
    Usual,
    Strong,
    /// What matters least.
    Faint,
    Good,
    Warning,
    Bad,
    /// What can be typed or named: commands, models.
    Name,
    /// Code within prose.
    Code,
    Slanted,
}

impl Tone {
    fn codes(self) -> &'static str {
        match self {
            Self::Usual => "",
            Self::Strong => "1",
            Self::Faint => "2",
            Self::Good => "32",
            Self::Warning => "33",
            Self::Bad => "31",
            Self::Name => "36",
            Self::Code => "36",
            Self::Slanted => "3",
        }
    }
}

/// What no line of Chinese ends with, and what none begins with.
const BEGINNINGS: &str = "（《「『【";
const ENDINGS: &str = "，。、；：！？）》」』】”’…";

/// A text in pieces, each with its tone. Nothing in it is obeyed by a terminal but the tones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::cli) struct Text(Vec<(Tone, String)>);

impl Text {
    /// A text in one tone.
    pub(in crate::cli) fn new(tone: Tone, text: impl AsRef<str>) -> Self {
        Self::default().and(tone, text)
    }

    /// The same with one more piece.
    #[must_use]
    pub(in crate::cli) fn and(mut self, tone: Tone, text: impl AsRef<str>) -> Self {
        self.push(tone, text);
        self
    }

    pub(in crate::cli) fn push(&mut self, tone: Tone, text: impl AsRef<str>) {
        let text = plain::text(text.as_ref());
        match self.0.last_mut() {
            Some((last, before)) if *last == tone => before.push_str(&text),
            _ if text.is_empty() => {}
            _ => self.0.push((tone, text)),
        }
    }

    pub(in crate::cli) fn append(&mut self, other: Self) {
        other.0.into_iter().for_each(|(tone, text)| self.push(tone, text));
    }

    /// Ends a line.
    pub(in crate::cli) fn end_line(&mut self) {
        // No blanks at the end of a line, which would wrap in a narrow terminal.
        while let Some((tone, last)) = self.0.last_mut() {
            last.truncate(last.trim_end_matches(' ').len());
            if !last.is_empty() || *tone != Tone::Usual {
                break;
            }
            self.0.pop();
        }
        self.push(Tone::Usual, "\n");
    }

    pub(in crate::cli) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Columns of a text of one line.
    pub(in crate::cli) fn width(&self) -> usize {
        self.0.iter().map(|(_, text)| text.width()).sum()
    }

    /// A text of one line without what is beyond this many columns, which an ellipsis stands for.
    pub(in crate::cli) fn cut(self, columns: usize) -> Self {
        if self.width() <= columns {
            return self;
        }
        let mut cut = Self::default();
        let mut room = columns;
        for (tone, text) in self.0 {
            let width = text.width();
            if width > room {
                let begin = text.trim_start_matches(' ');
                let blanks = (text.len() - begin.len()).min(room);
                cut.push(tone, " ".repeat(blanks));
                return cut.and(tone, plain::shortened(begin, (room - blanks).max(1)));
            }
            room -= width;
            cut.push(tone, text);
        }
        cut
    }

    /// The same in lines of a width, broken between words. What goes on is indented as its line is; behind a label, which
    /// more than one blank ends, it stands below what the label is of.
    pub(in crate::cli) fn fitted(&self, width: usize) -> Self {
        let mut fitted = Self::default();
        let (mut column, mut indent, mut may_break) = (0, 0, false);
        let (mut begins, mut has_label, mut blanks) = (true, false, 0);
        // A mark is not left alone in its line.
        let mut has_word = false;
        for (tone, text) in &self.0 {
            for token in words(text) {
                let word = token.trim_end_matches([' ', '\n']).width();
                if word > 0 && blanks > 1 && !begins && !has_label {
                    has_label = true;
                    indent = if column <= width / 2 && column + word <= width { column } else { indent };
                }
                // At the beginning of a line GitHub would take it for a command.
                let may_begin = !token.starts_with("::");
                if may_break && has_word && may_begin && word > 0 && column > indent && column + word > width
                {
                    fitted.end_line();
                    fitted.push(Tone::Usual, " ".repeat(indent));
                    column = indent;
                }
                fitted.push(*tone, token);
                begins &= word == 0;
                has_word |= token.contains(char::is_alphanumeric);
                if token.ends_with('\n') {
                    (column, indent, may_break) = (0, 0, false);
                    (begins, has_label, blanks) = (true, false, 0);
                    has_word = false;
                    continue;
                }
                column += token.width();
                if begins {
                    indent = column.min(width / 2);
                }
                blanks = if word == 0 { blanks } else { 0 } + usize::from(token.ends_with(' '));
                may_break = token.ends_with(|end| end == ' ' || is_wide(end)) && !begins;
            }
        }
        fitted
    }

    /// As a terminal gets it.
    pub(in crate::cli) fn painted(&self, colors: bool) -> String {
        let mut painted = String::new();
        for (tone, text) in &self.0 {
            match tone.codes() {
                codes if colors && !codes.is_empty() => {
                    painted.push_str(&format!("\u{1b}[{codes}m{text}\u{1b}[0m"));
                }
                _ => painted.push_str(text),
            }
        }
        painted
    }
}

/// What a line may be broken behind: words with the blank or the line end behind them, and each letter of Chinese, but for
/// what no line begins with.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut letters = rest.char_indices().peekable();
        let end = std::iter::from_fn(|| {
            let (at, letter) = letters.next()?;
            let next = letters.peek().map(|(_, next)| *next);
            let ends = letter == ' '
                || letter == '\n'
                || is_wide(letter)
                    && !BEGINNINGS.contains(letter)
                    && next.is_some_and(|next| is_wide(next) && !ENDINGS.contains(next));
            Some(ends.then_some(at + letter.len_utf8()))
        });
        let end = end.flatten().next().unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        rest = behind;
        (!word.is_empty()).then_some(word)
    })
}

fn is_wide(letter: char) -> bool {
    letter.width() == Some(2)
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.painted(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_and_nothing_is_lost() {
        let text = Text::new(Tone::Bad, "  → ").and(Tone::Usual, "start the proxy, or correct it\nshort\n");
        assert_eq!(text.fitted(20).to_string(), "  → start the proxy,\n  or correct it\nshort\n");
        for width in 30..60 {
            assert_eq!(text.fitted(width).to_string().split_whitespace().count(), 8, "{width}");
        }
        assert_eq!(text.fitted(80), text);
    }

    #[test]
    fn lines_of_chinese_are_broken_between_letters_and_begin_with_none_that_ends_a_sentence() {
        let text = Text::new(Tone::Usual, "  → 请启动代理，或更正 baseUrl（检查防火墙）。\n");
        let fitted = "  → 请启动代理，\n  或更正\n  baseUrl（检查\n  防火墙）。\n";
        assert_eq!(text.fitted(16).to_string(), fitted);
        for width in 14..40 {
            for line in text.fitted(width).to_string().lines() {
                assert!(line.width() <= width, "{width}: {line}");
                assert!(!line.trim_start().starts_with(|letter| ENDINGS.contains(letter)), "{width}: {line}");
            }
        }
    }

    #[test]
    fn what_goes_on_behind_a_label_stands_below_it() {
        for (text, fitted) in [
            (
                "  about  Strong at code, sees images\nnext line of this text\n",
                "  about  Strong at\n         code, sees\n         images\nnext line of this\ntext\n",
            ),
            ("  log  /one/word/that/is/longer\n", "  log\n  /one/word/that/is/longer\n"),
            ("● one-word/that/is-longer\n", "● one-word/that/is-longer\n"),
            ("a label that is long  goes on below\n", "a label that is long\ngoes on below\n"),
            ("✓ ok  a server  12 ms more\n", "✓ ok  a server  12\n      ms more\n"),
        ] {
            let whole = Text::new(Tone::Usual, text);
            assert_eq!(whole.fitted(20).to_string(), fitted);
        }
    }

    #[test]
    fn only_our_own_colours_reach_a_terminal() {
        let text = Text::new(Tone::Bad, "\u{1b}[2Jevil\u{7}").and(Tone::Usual, " x");
        assert_eq!(text.painted(true), "\u{1b}[31m[2Jevil\u{1b}[0m x");
        assert_eq!(text.painted(false), "[2Jevil x");
    }
}
