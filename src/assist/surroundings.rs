//! Whether sentences belong at a place in code: in a comment, in a text within it, between tags.

use super::{
    Around, comments,
    language::{self, Kind},
    line_ends::with_lf,
    place::Place,
    prose::{self, is_begun},
};

impl Place<'_> {
    /// Whether text belongs here, for the document is none of code or sentences belong here all the same.
    pub(super) fn is_text(&self) -> bool {
        self.kind() != Kind::Code || self.is_among_prose()
    }

    /// Whether sentences belong here though the document is code.
    pub(super) fn is_among_prose(&self) -> bool {
        self.is_within_text() || self.is_behind_mark() || self.is_prose()
    }

    /// Whether what is selected stands in a comment, or in a text of several lines.
    pub(super) fn is_within_comment(&self) -> bool {
        let language = self.language();
        let is_behind_mark = comments::cut(self.around().line_before(), language).1.is_some();
        let is_in_block =
            || comments::open(self.before, language).is_some_and(|(_, end)| self.after.contains(end));
        !self.selection.trim().is_empty() && (is_behind_mark || is_in_block())
    }

    /// Whether what is selected is words in comments, or reads as sentences once the marks of comments are off.
    fn is_prose(&self) -> bool {
        let selected = with_lf(self.selection);
        let bare: Vec<&str> = selected.lines().map(comments::bare).collect();
        let are_comments = selected.lines().all(|line| comments::is_one(line, self.language()));
        are_comments && !bare.is_empty() && bare.iter().all(|line| prose::is_of_words(line))
            || prose::is_prose(bare.join("\n").trim())
    }

    /// Whether the line up to the place leads to a sentence.
    fn is_behind_mark(&self) -> bool {
        let line = self.around().line_before().trim();
        let is_value =
            |line: &str| line.ends_with([':', '=', '|', '>']) || line.ends_with("|-") || line.ends_with(">-");
        comments::is_one(line, self.language())
            || is_begun(line)
            || (language::is_data(self.language) && is_value(self.before.trim_end()))
    }

    /// Whether a comment, a text or a tag begins before this place and ends behind it.
    fn is_within_text(&self) -> bool {
        let Around { before, after } = self.around();
        let (line_before, line_after) = (self.around().line_before(), self.around().line_after());
        let bare = before.trim_end();
        let is_tagged = bare.ends_with('>')
            && !self.selection.trim_start().starts_with('<')
            && !["=>", "->", ">>"].iter().any(|end| bare.ends_with(end))
            && after.trim_start().starts_with('<');
        let is_quoted = ['"', '\'', '`'].iter().any(|&quote| {
            line_before.replace("\\\"", "").matches(quote).count() % 2 == 1 && line_after.contains(quote)
        });
        comments::open(before, self.language()).is_some_and(|(_, close)| after.contains(close))
            || is_tagged
            || is_quoted
    }
}
