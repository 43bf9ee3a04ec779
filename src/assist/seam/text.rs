//! How an answer meets prose, and how two words do of which nothing else tells whether they are one.

use super::{Meeting, Seam};
use crate::assist::{
    indent::is_key,
    language::{Kind, Layout, first_word},
    lines::{is_keyword, is_led, is_statement, last_word},
    words,
};

impl Meeting<'_> {
    pub(super) fn of_text(&self) -> Seam {
        let line = self.before.trim();
        let first = self.first.trim_start();
        let is_heading = |text: &str| text.trim_start_matches('#').starts_with(' ') && text.starts_with('#');
        let are_alike = match first.chars().next() {
            Some('|') => line.starts_with('|') && line.ends_with('|') && line.len() > 1,
            Some('>') => line.starts_with('>'),
            _ if is_heading(line) => {
                is_heading(first)
                    || self.layout.item(first).is_some()
                    || line.ends_with(char::is_alphanumeric) && first.starts_with(char::is_uppercase)
            }
            _ => self.layout.item(line).is_some() && self.layout.item(first).is_some(),
        };
        if are_alike && !self.is_apart && !self.is_amid && line.contains(char::is_alphanumeric) {
            return Seam::Lines;
        }
        let begins_block = first.starts_with(['#', '|', '>']) || self.layout.item(first).is_some();
        let ends = line.ends_with(['.', '!', '?', ':', '|']) || line.starts_with('#');
        // A mark that no word goes on with.
        let is_marked = begins_block && first.contains(' ') && !self.is_amid;
        let ends_here = !self.is_apart && (is_marked || self.has_lines() && (begins_block || ends));
        match line.contains(char::is_alphanumeric) && (self.has_lines() && self.is_block || ends_here) {
            true if is_heading(line) => self.of_words(line, first).unwrap_or(Seam::Lines),
            true => Seam::Lines,
            false => Seam::Joined,
        }
    }

    /// How a word at the end of the line meets one that the answer begins with, of which nothing but the words tells
    /// whether they are one. None where no such words meet, or where they are two.
    pub(super) fn of_words(&self, line: &str, first: &str) -> Option<Seam> {
        let (end, begin) = (last_word(line), first_word(first));
        let are_small = |letter: char| letter.is_lowercase() || letter.is_ascii_digit() || letter == '_';
        let are_capitals = end.ends_with(char::is_uppercase) && begin.starts_with(char::is_uppercase);
        let is_name = |word: &str| word.starts_with(char::is_uppercase) && word.contains(char::is_lowercase);
        let are_names = is_name(end) && is_name(begin) && self.place.kind() == Kind::Code;
        let do_meet = end.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
            && (begin.starts_with(are_small) || are_capitals || are_names)
            && !self.is_apart
            && !(self.is_block && self.has_lines())
            && !self.is_indented();
        if !do_meet {
            return None;
        }
        if self.place.has_word(&[end, begin].concat()) {
            return Some(Seam::Joined);
        }
        let is_two = is_led(first)
            || are_capitals && is_keyword(begin)
            || is_key(line) && is_key(first)
            || self.layout != Layout::Data && is_statement(line) && is_statement(first)
            || !line.starts_with('@') && (words::is_line(end) || self.place.has_word(end));
        (!is_two).then_some(Seam::Open)
    }
}
