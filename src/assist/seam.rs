//! Whether an answer goes on in the line of the cursor or begins one of its own.

mod code;
mod comment;
mod text;

use super::{
    comments,
    indent::blanks,
    language::{Kind, Layout},
    levels::{self, Levels},
    lines::{is_in_quotes, is_unended, opens_block},
    place::Place,
};

/// How an answer meets the text before the cursor on its line.
///
/// Both are lines of somebody's: joined they may say what neither says, or nothing. So they are joined where the line
/// before is not at its end, or where the answer begins with what no line begins with; lines of code stand on lines of
/// their own behind what is complete; and what may be meant either way is not guessed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seam {
    /// The answer goes on in the line.
    Joined,
    /// It goes on in the line, behind a blank that the language needs.
    Spaced,
    /// It stands on lines of its own, as deep as the line before.
    Lines,
    /// It stands on lines of its own, in the block that the line before opens.
    Body,
    /// It may be meant either way.
    Open,
}

impl Seam {
    /// How an answer meets the line of a place that is not blank. A block is what stood in a fence.
    pub(super) fn of(said: &str, is_block: bool, place: Place<'_>) -> Self {
        let meeting = Meeting::of(said, is_block, place);
        if place.kind() != Kind::Code {
            return meeting.of_text();
        }
        if meeting.begins_a_line(place) {
            return Seam::Lines;
        }
        match comments::cut(meeting.before, place.language()) {
            _ if comments::open(place.before, place.language()).is_some() => {
                if is_block && meeting.has_lines() { Self::Lines } else { Self::Joined }
            }
            (code, Some(comment)) => match meeting.behind_comment(comment) {
                Self::Lines if opens_block(code.trim(), meeting.layout) => Self::Body,
                seam => seam,
            },
            (code, None) => meeting.behind_code(code.trim()),
        }
    }

    /// Whether what is to come of an answer may decide how it meets its line.
    pub(super) fn waits_for_more(said: &str, place: Place<'_>) -> bool {
        let (code, comment) = comments::cut(place.around().line_before(), place.language());
        let may_be_value = place.layout() == Layout::Data
            && (code.trim_end().ends_with(':') || levels::is_within_text(place));
        match place.kind() == Kind::Code && comment.is_none() && !may_be_value {
            // That there is another line tells enough.
            true => !is_unended(code.trim()) && !said.contains('\n'),
            false => ended_lines(said) < 2,
        }
    }
}

/// How many lines with text have come to their end.
pub(super) fn ended_lines(said: &str) -> usize {
    said.split_inclusive('\n').filter(|line| !line.trim().is_empty() && line.ends_with('\n')).count()
}

/// A line up to its cursor, and what is said behind it.
struct Meeting<'a> {
    before: &'a str,
    first: &'a str,
    /// The answer's next line with text. Blank where it has but one.
    next: &'a str,
    is_block: bool,
    /// Whether blanks stand between the two.
    is_apart: bool,
    /// Whether the cursor stands amid a line.
    is_amid: bool,
    language: &'a str,
    layout: Layout,
    place: Place<'a>,
}

impl<'a> Meeting<'a> {
    fn of(said: &'a str, is_block: bool, place: Place<'a>) -> Self {
        let (first, rest) = said.split_once('\n').unwrap_or((said, ""));
        let before = place.around().line_before();
        Self {
            before,
            first,
            next: rest.lines().find(|line| !line.trim().is_empty()).unwrap_or_default(),
            is_block,
            is_apart: before.ends_with([' ', '\t']) || first.starts_with([' ', '\t']),
            is_amid: !place.around().line_after().trim().is_empty(),
            language: place.language(),
            layout: place.layout(),
            place,
        }
    }

    fn has_lines(&self) -> bool {
        !self.next.is_empty()
    }

    /// Whether the answer begins with the indentation of a line.
    fn is_indented(&self) -> bool {
        let given = blanks(self.first);
        given.len() > 1 || given == "\t"
    }

    /// Whether the answer begins with the indentation that lines have here, and the line before is at the end of a line:
    /// whole, or behind what others stand below.
    fn begins_a_line(&self, place: Place<'_>) -> bool {
        const BEFORE_LINES: &[char] = &[',', '(', '[', '{', '|', '&'];
        let line = self.before.trim_start();
        let (indent, given) = (blanks(self.before), blanks(self.first));
        let is_among = given.len() >= indent.len() || Levels::near(place, true).has(given);
        let ends = !is_unended(line) || line.ends_with(BEFORE_LINES) && !is_in_quotes(line);
        let is_text =
            comments::open(place.before, place.language()).is_some() || levels::is_within_text(place);
        self.is_indented()
            && is_among
            && !self.is_amid
            && !self.before.ends_with([' ', '\t'])
            && !opens_block(comments::cut(line, self.language).0.trim(), self.layout)
            && (ends || is_text)
    }
}
