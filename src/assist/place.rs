//! The place in a text that an answer is for.

use std::borrow::Cow;

use super::{
    Around, comments, fences,
    language::{Kind, Layout, is_of_word},
    line_ends::{self, with_lf},
    texts,
};

/// Most lines of a comment that are looked at for its fences.
const MOST: usize = 400;
/// How much of the text on either side of a place is looked at for its words, in bytes.
const NEAR: usize = 8 << 10;

/// Where an answer would go.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place<'a> {
    /// LSP's identifier of the document's language, or an editor's own; blank for plain text.
    pub language: &'a str,
    /// The text that the answer takes the place of; empty at a cursor.
    pub selection: &'a str,
    /// The text before it.
    pub before: &'a str,
    /// The text after it.
    pub after: &'a str,
    /// The whole lines that the answer is to stand below, in lines of its own; blank where it takes no such place.
    pub behind: &'a str,
    /// Whether all code of the selection is to stay, as where it is documented.
    pub keeps_code: bool,
    /// Whether CR alone is a letter here, as many editors have it, and ends no line.
    pub is_cr_a_letter: bool,
}

/// What is written of an answer.
pub(super) struct Written {
    pub(super) text: String,
    /// Why it may mean something else than the model said.
    pub(super) doubt: Option<&'static str>,
}

impl<'a> Place<'a> {
    /// What the text here is made of: a block of code in a Markdown document is code.
    pub(super) fn kind(&self) -> Kind {
        match Kind::of(self.language) {
            Kind::Markdown if self.open_block().is_some() => Kind::Code,
            kind => kind,
        }
    }

    /// The language here: within a block of code in a Markdown document what its fence says.
    pub(super) fn language(&self) -> &'a str {
        self.open_block().map_or(self.language, |fence| fence.info)
    }

    /// What the indentation of a line means here.
    pub(super) fn layout(&self) -> Layout {
        Layout::of(self.language())
    }

    /// Whether a fence around the whole answer is one that the model has put around the text, and none of the text.
    pub(super) fn is_wrapped_by(&self, info: &str) -> bool {
        let selected = with_lf(self.selection);
        let begins = selected.trim_start().lines().next().and_then(fences::Fence::of);
        match begins {
            Some(fence) if fence.info.eq_ignore_ascii_case(info) => false,
            _ => {
                info.is_empty() && !self.is_announced()
                    || fences::is_markdown(info)
                    || ["text", "txt", "plaintext"].contains(&info)
                    || info.eq_ignore_ascii_case(self.language)
            }
        }
    }

    /// The line above that of the place. None where that is the first.
    pub(super) fn above(&self) -> Option<&'a str> {
        let line = self.around().line_before();
        self.before[..self.before.len() - line.len()].lines().next_back()
    }

    /// The lines below the selection. None where something stands behind it in its line.
    pub(super) fn below(&self) -> Option<&'a str> {
        if self.selection.ends_with(['\n', '\r']) {
            return Some(self.after);
        }
        let (here, below) = self.after.split_once(['\n', '\r']).unwrap_or((self.after, ""));
        here.trim().is_empty().then_some(below)
    }

    /// Whether the line above a cursor says that something comes: a block of its own.
    fn is_announced(&self) -> bool {
        self.selection.is_empty()
            && self.around().line_before().trim().is_empty()
            && self.before.trim_end().ends_with([':', '：'])
    }

    /// Whether fences belong to the text here, and so only one that wraps all of an answer does not: those of examples in
    /// comments and in texts too.
    pub(super) fn has_fences(&self) -> bool {
        self.kind() == Kind::Markdown
            || fences::may_be_in(&self.selection.replace('\\', ""))
            || self.kind() == Kind::Code && self.is_below_fence()
    }

    /// Whether a fence is open in the comments above.
    fn is_below_fence(&self) -> bool {
        let line = self.around().line_before();
        let mark =
            |line: &str| comments::is_one(line, self.language()) || comments::mark_within(line).is_some();
        let above = self.before[..self.before.len() - line.len()].split(['\n', '\r']).rev().skip(1);
        let comment = above.skip_while(|line| line.is_empty()).take_while(|line| mark(line)).take(MOST);
        comment
            .filter(|line| fences::Fence::of(comments::bare(line).trim_start_matches(['!', ' '])).is_some())
            .count()
            % 2
            == 1
    }

    /// Whether an answer ends the block of Markdown that it stands in, and the text does not: then what follows is Markdown.
    pub(super) fn is_ended_by(&self, said: &str) -> bool {
        let Some(open) = self.open_block() else { return false };
        let closes = |text: &str| {
            let mut fences = text.split(['\n', '\r']).filter_map(fences::Fence::of);
            fences.next().is_some_and(|fence| fence.closes(open))
        };
        let begins = said.trim_start_matches('\n').lines().next().unwrap_or_default();
        let is_first = fences::Fence::of(begins).is_some_and(|fence| !fence.closes(open));
        closes(said) && !is_first && !closes(self.after)
    }

    /// The fence of the block of a Markdown document that this place is in.
    fn open_block(&self) -> Option<fences::Fence<'a>> {
        // Looked at first: it takes a look at all of the text.
        if Kind::of(self.language) != Kind::Markdown {
            return None;
        }
        fences::open(self.before)
    }

    /// An answer whose blocks begin at the margin and have fences on lines of their own, where they are no part of the
    /// text.
    pub(super) fn unindented<'s>(&self, said: &'s str) -> Cow<'s, str> {
        let is_held = self.kind() == Kind::Code && texts::hold_fences(said, &[self.language()]);
        if is_held || self.is_ended_by(said) {
            return Cow::Borrowed(said);
        }
        let flush = match fences::unescaped(said) {
            Cow::Owned(said) if !self.selection.contains("\\`") => {
                Cow::Owned(fences::flush(&said).into_owned())
            }
            _ => fences::flush(said),
        };
        match flush {
            // Looked at first: whether fences belong here takes a look at all of the text.
            said if !fences::may_be_in(&said) || self.has_fences() => said,
            said => fences::plain(said),
        }
    }

    pub(super) fn around(&self) -> Around<'a> {
        Around { before: self.before, after: self.after }
    }

    /// Whether a word stands in the text near this place, the one aside that ends at it.
    pub(super) fn has_word(&self, word: &str) -> bool {
        let before = &self.before[self.before.ceil_char_boundary(self.before.len().saturating_sub(NEAR))..];
        let before = before.trim_end_matches(is_of_word);
        let after = &self.after[..self.after.floor_char_boundary(NEAR)];
        let has = |text: &str| text.split(|letter| !is_of_word(letter)).any(|one| one == word);
        has(before) || has(after)
    }

    /// A text with the line ends that are used here.
    pub fn with_line_ends(&self, text: String) -> String {
        match self.line_end() {
            "\n" => text,
            other => text.replace('\n', other),
        }
    }

    /// The line end that is used here: the selection's, else that of the line that the place is in, else the nearest.
    fn line_end(&self) -> &'static str {
        let by_cr = !self.is_cr_a_letter;
        line_ends::first(self.selection, by_cr)
            .or_else(|| line_ends::first(self.after, by_cr))
            .or_else(|| line_ends::last(self.before, by_cr))
            .unwrap_or("\n")
    }
}
