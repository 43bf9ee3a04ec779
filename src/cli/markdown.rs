//! An answer on a terminal, as it comes: its Markdown drawn, its lines broken between words.
//!
//! Nothing is ever taken back from the screen, so a piece waits until it is clear what it is: a word until it ends, what
//! stands in stars until they close, a row of a table until the table ends. A mark that nothing closes is shown as it is.

mod inline;
mod table;
mod words;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::output::{Text, Tone};
use crate::assist::Fence;
use inline::{pieces, settled};
use words::words;

/// Bytes of the longest line that is one mark.
const LONGEST_MARK: usize = 200;
/// Columns of a tab.
const TAB: &str = "    ";

/// Draws one answer.
pub(super) struct Markdown {
    width: usize,
    /// What of the current line is not drawn yet.
    pending: String,
    block: Block,
    /// Rows of a table that goes on.
    rows: Vec<String>,
    /// Columns of the current line that are drawn.
    column: usize,
    /// What stands before each further line of the current one.
    hang: String,
    tone: Tone,
}

/// What the current line belongs to.
#[derive(Clone, PartialEq)]
enum Block {
    /// That is not clear yet.
    Undecided,
    Prose,
    /// The whole line is needed.
    Whole,
    /// Within a fence, which this line would have to close.
    Code(String),
}

impl Markdown {
    /// For a terminal so many columns wide.
    pub(super) fn new(width: usize) -> Self {
        Self {
            // A line that is full to the last column wraps in some terminals.
            width: width.saturating_sub(1).max(20),
            pending: String::new(),
            block: Block::Undecided,
            rows: Vec::new(),
            column: 0,
            hang: String::new(),
            tone: Tone::Usual,
        }
    }

    /// What can be drawn after one more piece.
    pub(super) fn push(&mut self, piece: &str) -> Text {
        let mut drawn = Text::default();
        for part in piece.split_inclusive('\n') {
            let (line, ends) = match part.strip_suffix('\n') {
                Some(line) => (line, true),
                None => (part, false),
            };
            self.pending.push_str(&line.replace('\t', TAB).replace('\r', ""));
            // Within a word nothing can be drawn yet, and one may be as long as the answer.
            if ends || self.block != Block::Prose || line.contains([' ', '\t']) {
                self.draw(ends, &mut drawn);
            }
        }
        drawn
    }

    /// What is left at the end, with the end of its line.
    pub(super) fn end(&mut self) -> Text {
        let mut drawn = Text::default();
        if self.column > 0 || !self.pending.is_empty() {
            self.draw(true, &mut drawn);
        }
        self.end_table(&mut drawn);
        drawn
    }

    fn draw(&mut self, ends: bool, drawn: &mut Text) {
        if self.block == Block::Undecided {
            self.decide(ends, drawn);
        }
        match &self.block {
            Block::Undecided => return,
            Block::Prose if ends => {
                let rest = std::mem::take(&mut self.pending);
                self.prose(&rest, drawn);
            }
            Block::Prose => {
                let rest = self.pending.split_off(settled(&self.pending));
                let ready = std::mem::replace(&mut self.pending, rest);
                self.prose(&ready, drawn);
                return;
            }
            Block::Whole | Block::Code(_) if !ends => return,
            Block::Whole | Block::Code(_) => self.whole(drawn),
        }
        if self.rows.is_empty() {
            drawn.push(Tone::Usual, "\n");
        }
        (self.column, self.tone) = (0, Tone::Usual);
        self.hang.clear();
        if !matches!(self.block, Block::Code(_)) {
            self.block = Block::Undecided;
        }
    }

    /// Finds out what a line is, and draws its mark.
    fn decide(&mut self, ends: bool, drawn: &mut Text) {
        let bare = self.pending.trim_start();
        let indent = self.pending.len() - bare.len();
        let marks_end = bare.find(' ');
        if bare.starts_with('|') {
            self.block = Block::Whole;
            return;
        }
        if marks_end.is_none() && !ends {
            // A word that no mark can begin with is prose at once.
            let may_be_mark = bare
                .chars()
                .all(|letter| "#-*+>`~_".contains(letter) || letter.is_ascii_digit() || letter == '.');
            let is_fence = Fence::of(bare).is_some();
            if bare.len() <= LONGEST_MARK && (may_be_mark || is_fence) {
                return;
            }
        }
        self.end_table(drawn);
        let bare = self.pending.trim_start();
        let is_rule = ends
            && (3..=LONGEST_MARK).contains(&bare.trim_end().len())
            && ["-", "*", "_"].iter().any(|mark| bare.trim_end().replace(mark, "").is_empty());
        if Fence::of(bare).is_some() || is_rule {
            self.block = Block::Whole;
            return;
        }
        let mark = &bare[..marks_end.unwrap_or(0)];
        let number = mark.strip_suffix(['.', ')']).is_some_and(|number| {
            !number.is_empty() && number.len() < 4 && number.bytes().all(|digit| digit.is_ascii_digit())
        });
        let (tone, shown) = match mark {
            "-" | "*" | "+" => (Tone::Faint, "• ".to_owned()),
            ">" => (Tone::Faint, "│ ".to_owned()),
            mark if number => (Tone::Faint, format!("{mark} ")),
            mark if !mark.is_empty() && mark.len() < 7 && mark.bytes().all(|letter| letter == b'#') => {
                self.tone = Tone::Strong;
                (Tone::Faint, format!("{mark} "))
            }
            _ => (Tone::Usual, String::new()),
        };
        let is_quote = mark == ">";
        let taken = if shown.is_empty() { indent } else { indent + mark.len() + 1 };
        self.pending = self.pending.split_off(taken);
        let before = " ".repeat(indent.min(self.width / 2));
        drawn.push(Tone::Usual, &before);
        drawn.push(tone, &shown);
        self.column = before.width() + shown.width();
        self.hang = before + if is_quote { "│ " } else { "" };
        self.hang += &" ".repeat(self.column - self.hang.width());
        self.block = Block::Prose;
    }

    /// A part of a line of prose.
    fn prose(&mut self, text: &str, drawn: &mut Text) {
        for (tone, piece) in pieces(text) {
            let tone = if tone == Tone::Usual { self.tone } else { tone };
            for word in words(&piece) {
                self.word(word, tone, drawn);
            }
        }
    }

    fn word(&mut self, word: &str, tone: Tone, drawn: &mut Text) {
        let width = word.trim_end().width();
        let begins = self.hang.width();
        if self.column > begins && self.column + width > self.width {
            drawn.push(Tone::Usual, "\n");
            drawn.push(Tone::Faint, &self.hang);
            self.column = begins;
        }
        if width <= self.width - begins.min(self.width / 2) {
            drawn.push(tone, word);
            self.column += word.width();
            return;
        }
        // Joined letters, as of one emoji, go out together: alone a joiner would be taken for something hidden.
        let mut piece = String::new();
        for letter in word.chars() {
            let width = letter.width().unwrap_or(0);
            if self.column + width > self.width {
                drawn.push(tone, std::mem::take(&mut piece));
                drawn.push(Tone::Usual, "\n");
                drawn.push(Tone::Faint, &self.hang);
                self.column = begins;
            }
            piece.push(letter);
            self.column += width;
        }
        drawn.push(tone, piece);
    }

    /// A line that had to be seen whole.
    fn whole(&mut self, drawn: &mut Text) {
        let line = std::mem::take(&mut self.pending);
        if let Block::Code(opened) = &self.block {
            let closes = Fence::of(line.trim_start())
                .zip(Fence::of(opened))
                .is_some_and(|(fence, open)| fence.closes(open));
            drawn.push(if closes { Tone::Faint } else { Tone::Code }, &line);
            if closes {
                self.block = Block::Whole;
            }
        } else if line.trim_start().starts_with('|') {
            self.rows.push(line);
        } else if Fence::of(line.trim_start()).is_some() {
            drawn.push(Tone::Faint, &line);
            self.block = Block::Code(line.trim_start().to_owned());
        } else {
            drawn.push(Tone::Faint, "─".repeat(self.width.min(40)));
        }
    }

    /// Draws the rows that are kept: as a table where they fit, else as they came.
    fn end_table(&mut self, drawn: &mut Text) {
        let lines = std::mem::take(&mut self.rows);
        drawn.append(table::drawn(&lines, self.width));
    }
}
#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "# Why *now*\n\nThe sky is **very blue**, and `f(x) * 2` is 2 * 3 with **kwargs, she said.\n\
        - one item that is far too long for the line it stands in\n  1. inner\n> a quote that is too long for one line too\n\n\
        ```rust\nfn main() { let a_line_that_is_longer_than_forty_columns = 1; }\n```\n\n| a | 模型 |\n|---|---|\n| 1 | `two` |\n\n---\nend";

    fn drawn(answer: &str, width: usize, step: usize, colors: bool) -> String {
        let mut markdown = Markdown::new(width);
        let mut drawn = String::new();
        let letters: Vec<char> = answer.chars().collect();
        for piece in letters.chunks(step) {
            drawn += &markdown.push(&piece.iter().collect::<String>()).painted(colors);
        }
        drawn + &markdown.end().painted(colors)
    }

    #[test]
    fn an_answer_is_drawn_alike_however_it_is_cut() {
        let whole = drawn(ANSWER, 41, usize::MAX, false);
        let expected = "\
# Why now

The sky is very blue, and f(x) * 2 is 2
* 3 with **kwargs, she said.
• one item that is far too long for the
  line it stands in
  1. inner
│ a quote that is too long for one line
│ too

```rust
fn main() { let a_line_that_is_longer_than_forty_columns = 1; }
```

a  模型
1  two

────────────────────────────────────────
end
";
        let trimmed: String = whole.lines().map(|line| format!("{}\n", line.trim_end())).collect();
        assert_eq!(trimmed, expected);
        for step in 1..9 {
            assert_eq!(drawn(ANSWER, 41, step, false), whole, "{step}");
        }
        assert!(drawn(ANSWER, 41, 3, true).contains("\u{1b}[1mvery "), "{}", drawn(ANSWER, 41, 3, true));
    }

    /// Marks that close just within the bound, and just behind it.
    #[test]
    fn a_long_mark_is_drawn_alike_however_it_is_cut() {
        for mark in ["*", "**", "`"] {
            for length in 396..404 {
                let text = format!("one {mark}{}{mark} two *three* four", "a".repeat(length));
                let whole = drawn(&text, 41, usize::MAX, true);
                assert_eq!(whole.contains(mark), length > 400, "{mark} {length}");
                for step in [1, 2, 3, 7, 100] {
                    assert_eq!(
                        drawn(&text, 41, step, false),
                        drawn(&text, 41, usize::MAX, false),
                        "{mark} {length} {step}"
                    );
                }
            }
        }
    }

    /// One that looked through the whole line for each letter or piece would take minutes.
    #[test]
    fn a_line_takes_no_longer_than_its_length() {
        let began = std::time::Instant::now();
        for piece in ["*a ", "**a ", "`a", "x", "-", "1"] {
            let text = piece.repeat(400_000 / piece.len());
            for step in [4, usize::MAX] {
                drawn(&text, 80, step, false);
            }
        }
        let worked = worked().unwrap_or_else(|| began.elapsed());
        assert!(worked.as_secs() < 60, "{worked:?}");
    }

    /// How long this thread has had a processor, where the system tells: a busy machine takes no more of that.
    fn worked() -> Option<std::time::Duration> {
        let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        Some(std::time::Duration::from_nanos(told.split(' ').next()?.parse().ok()?))
    }

    #[test]
    fn no_word_is_lost_at_any_width() {
        let text = "天空为什么是蓝色的 because of Rayleigh-scattering👩\u{200d}💻 in a_very_long_identifier_that_fits_nowhere ok";
        for width in [21, 25, 30, 60, 200] {
            let drawn = drawn(text, width, 1, false);
            let letters =
                |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
            assert_eq!(letters(&drawn), letters(text), "{width}");
            assert!(drawn.lines().all(|line| line.trim_end().width() < width), "{width}: {drawn}");
        }
    }
}
