//! How an answer meets a comment.

use super::{Meeting, Seam};
use crate::assist::{
    comments,
    indent::blanks,
    language::is_of_word,
    lines::{assigns, has_words, is_keyword, is_statement},
    prose,
};

impl Meeting<'_> {
    /// A comment goes on in words, and never in code.
    pub(super) fn behind_comment(&self, comment: &str) -> Seam {
        let first = self.first.trim();
        let is_marked = comments::is_one(first, self.language);
        let opens =
            blanks(self.next).len() > blanks(self.first).len() && first.ends_with([':', '{', '(', '[']);
        let is_begun = first.starts_with(|letter: char| letter.is_lowercase() || ".,;:!?)'".contains(letter));
        let word = first.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
        let is_keyword = is_keyword(word);
        let are_words = prose::is_of_words(first) && !first.contains("()") && !first.starts_with("- ");
        let is_prose = prose::is_evident(first);
        let is_single = !first.contains(char::is_whitespace);
        let goes_on_below = prose::is_of_words(self.next) && !comments::is_one(self.next, self.language);
        // Of code no line begins with one blank.
        let goes_on = self.first.starts_with(' ') && !self.is_indented() && !self.has_lines();
        let seam = match () {
            () if goes_on && !is_marked && !opens => Seam::Joined,
            () if self.goes_on_in_comment(comment, first) => Seam::Joined,
            () if is_marked || (self.is_block && self.has_lines()) || opens => Seam::Lines,
            () if self.has_lines() && goes_on_below && (are_words || is_prose) && !is_keyword => Seam::Open,
            // It has only begun.
            () if comment.trim().is_empty() && !(self.is_block && self.has_lines()) => Seam::Joined,
            () if is_prose && (self.is_apart || is_begun && !is_keyword) => Seam::Joined,
            () if self.is_apart && !self.is_indented() && has_words(first) => Seam::Open,
            () if !are_words && self.may_be_half(comment, first) => Seam::Open,
            () if self.is_indented() || !are_words => Seam::Lines,
            () if is_keyword => {
                if self.is_apart {
                    Seam::Open
                } else {
                    Seam::Lines
                }
            }
            () if self.is_apart || is_begun && is_single => Seam::Joined,
            () => Seam::Open,
        };
        // What is left of the comment would be code.
        if self.is_amid && !self.is_block && seam == Seam::Lines { Seam::Open } else { seam }
    }

    /// Whether the answer goes on in a comment, as neither its end is one nor the answer's begin that of a line.
    fn goes_on_in_comment(&self, comment: &str, first: &str) -> bool {
        let is_tight = !self.is_apart && !self.is_indented() && !self.is_block;
        let is_unended = comment
            .strip_suffix(['=', '-', '_', '/', '@', '.', '('])
            .is_some_and(|before| before.ends_with(is_of_word));
        let begins_none = first.starts_with(['/', ')', '.', '-']) && !comments::is_one(first, self.language);
        is_tight
            && (is_unended && !comment.ends_with('.') && first.starts_with(is_of_word)
                || begins_none && comment.ends_with(['.', '/', '-']))
    }

    /// Whether a word at the end of a comment and one that is neither a statement nor a call may be one.
    fn may_be_half(&self, comment: &str, first: &str) -> bool {
        let begins = |letter: char| letter.is_lowercase() || letter.is_ascii_digit();
        !self.is_apart
            && !self.is_block
            && !self.is_indented()
            && comment.ends_with(char::is_alphanumeric)
            && first.starts_with(begins)
            && !is_statement(first)
            && !assigns(first)
            && !first.ends_with([')', ']', '}', ';', '{', ':'])
    }
}
