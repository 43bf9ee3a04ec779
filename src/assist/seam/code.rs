//! How an answer meets code.

use super::{Meeting, Seam};
use crate::assist::{
    comments,
    indent::{blanks, is_key},
    language::{self, Layout, first_word, is_of_word},
    levels,
    lines::{self, assigns, is_in_quotes, is_led, is_unended, last_word, opens_block},
    open::has_open_bracket,
};

impl Meeting<'_> {
    /// Whether a mark at the end of the line says that the next goes on from it.
    fn is_continued(&self, code: &str) -> bool {
        let bare = code.strip_suffix('\\').filter(|_| self.layout != Layout::Offside);
        !self.is_amid
            && bare.is_some_and(|bare| bare.is_empty() || bare.ends_with([' ', '\t']) && !is_in_quotes(bare))
    }

    pub(super) fn behind_code(&self, code: &str) -> Seam {
        let first = self.first.trim();
        let one_blank = self.first.starts_with(' ') && !self.is_indented();
        // Nothing stands behind the mark that a line goes on below.
        if self.is_continued(code) {
            return Seam::Lines;
        }
        let begins_word = first.starts_with(is_of_word) && !self.is_apart;
        if begins_word && code.ends_with(['_', '@']) {
            return Seam::Joined;
        }
        if begins_word && ["return", "await", "yield"].contains(&last_word(code)) {
            return Seam::Spaced;
        }
        if self.closes_element(first) {
            return Seam::Joined;
        }
        // Whole lines stand behind the mark that ends one.
        let is_mark_end = code.ends_with([',', ';']) && !has_open_bracket(code) && !is_in_quotes(code);
        if self.is_block && !self.is_amid && !self.before.ends_with([' ', '\t']) && is_mark_end {
            return Seam::Lines;
        }
        // A fence holds whole lines, and those of a text of YAML have no other end.
        let is_of_text = self.layout == Layout::Data && levels::is_within_text(self.place);
        let is_apart = self.is_amid || self.before.ends_with([' ', '\t']);
        if self.is_block && !is_apart && is_of_text && (self.has_lines() || is_key(first)) {
            return Seam::Lines;
        }
        // Of what is not at its end within brackets nothing stands on a line of its own.
        let is_within = has_open_bracket(code) && code.ends_with(is_of_word);
        if is_within && !self.is_block && !self.is_indented() {
            return Seam::Joined;
        }
        let is_body = opens_block(code, self.layout);
        if code.ends_with("else") && first.starts_with("if") && begins_word {
            return Seam::Open;
        }
        // The text that documents ends here, if it has not been open.
        let is_text_end = code.ends_with("\"\"\"") || code.ends_with("'''");
        if !is_body && is_unended(code) && !is_text_end
            || self.is_amid && !(self.is_block && self.has_lines())
        {
            return Seam::Joined;
        }
        if is_body {
            let is_value = self.layout == Layout::Data && self.layout.item(first).is_none() && !is_key(first);
            let closes = first.matches('}').count() > first.matches('{').count();
            // The value ends where another key of the same block begins.
            let is_whole_value =
                is_value && is_key(self.next) && blanks(self.next).len() <= blanks(self.before).len();
            return match self.has_lines() && !is_whole_value {
                false if is_value && self.is_indented() && !self.before.ends_with(' ') => Seam::Body,
                false if is_value && !self.is_apart => Seam::Spaced,
                false if is_value || one_blank || closes => Seam::Joined,
                _ => Seam::Body,
            };
        }
        let is_whole = !self.is_apart && !has_open_bracket(code);
        if is_whole && self.are_records(code, first) {
            return Seam::Lines;
        }
        if one_blank || self.goes_on(code, first) {
            return Seam::Joined;
        }
        // Of a command of a shell nothing tells where its last word ends.
        let is_command = language::are_kin("sh", self.language) && !lines::is_statement(code);
        if is_command && self.is_block && !self.is_amid && code.ends_with(is_of_word) && begins_word {
            return self.of_words(code, first).unwrap_or(Seam::Lines);
        }
        if is_whole && self.is_whole_before(code, first) {
            return Seam::Lines;
        }
        let is_word_end = code.ends_with(is_of_word);
        let is_word_begin = first.starts_with(is_of_word);
        if self.has_lines() {
            let are_statements = self.is_statement(code) && self.is_statement(first);
            return match self.is_apart && !self.is_indented() {
                // Who sets a blank goes on.
                true if !(self.is_block || are_statements && self.layout == Layout::Data) => {
                    if are_statements { Seam::Open } else { Seam::Joined }
                }
                _ => self.of_words(code, first).unwrap_or(Seam::Lines),
            };
        }
        // No name goes on from a number, a quote or a bracket; where a name ends a value, nobody can tell.
        let last = code.rsplit(|letter| !is_of_word(letter) && letter != '.').next().unwrap_or_default();
        let is_closed = !is_word_end || last.starts_with(|letter: char| letter.is_ascii_digit());
        let is_apart = self.layout == Layout::Data || is_led(first);
        let is_call = first.contains('(') && first.trim_end_matches(';').ends_with(')');
        match () {
            () if self.is_indented() => Seam::Lines,
            () if self.is_apart => Seam::Joined,
            () if self.is_statement(first) && (is_closed || is_apart && self.is_statement(code)) => {
                self.of_words(code, first).unwrap_or(Seam::Lines)
            }
            () if is_word_begin && is_call && is_closed => Seam::Lines,
            () => Seam::Joined,
        }
    }

    /// Whether the answer ends an element whose tag stands before the cursor.
    fn closes_element(&self, first: &str) -> bool {
        let Some((text, name)) = first.split_once("</") else { return false };
        let name = first_word(name);
        let is_begun = |text: &str| !name.is_empty() && text.contains(&format!("<{name}"));
        is_begun(self.before) && !is_begun(text) && !self.is_indented()
    }

    /// Whether both lines are whole by themselves: joined they would say something else.
    fn is_whole_before(&self, code: &str, first: &str) -> bool {
        const DIRECTIVES: &[&str] = &[
            "define", "undef", "include", "if", "ifdef", "ifndef", "elif", "else", "endif", "pragma", "error",
        ];
        let directive = first.strip_prefix('#').map(|rest| rest.split(|letter| !is_of_word(letter)).next());
        let is_directive = directive.flatten().is_some_and(|word| DIRECTIVES.contains(&word));
        let ends = |line: &str| line.ends_with([';', '{', '}']);
        let is_ended = code.ends_with([';', '}']) || code.ends_with("*/") || code.ends_with("-->");
        let is_text_end = code.ends_with("\"\"\"") || code.ends_with("'''");
        let last = code.rsplit(", ").next().unwrap_or_default();
        let are_assigned = assigns(code) && assigns(first) && last.contains('=');
        is_directive || is_text_end || is_ended && ends(first) || are_assigned
    }

    /// Whether both are records of a format in which each line is one.
    fn are_records(&self, line: &str, first: &str) -> bool {
        const OF_ROWS: &[&str] = &["csv", "tsv", "psv", "rfc-csv"];
        if OF_ROWS.iter().any(|name| self.language.eq_ignore_ascii_case(name)) {
            let cells = |text: &str| text.matches([',', '\t', ';', '|']).count();
            return cells(line) > 0 && cells(line) == cells(first) && !line.ends_with([',', '\t', ';', '|']);
        }
        let is_section = |text: &str| text.starts_with('[') && text.ends_with(']');
        let is_pair = |text: &str| {
            let (name, value) = text.split_once(['=', ':']).unwrap_or_default();
            let is_of_name = |letter: char| is_of_word(letter) || "-. []".contains(letter);
            !value.trim().is_empty() && name.starts_with(is_of_word) && name.chars().all(is_of_name)
        };
        let is_comment = comments::is_one(first, self.language);
        language::is_data(self.language)
            && self.layout != Layout::Data
            && (is_pair(line) || is_section(line))
            && (is_pair(first) || is_section(first) || is_comment)
    }

    /// Whether the answer begins with what goes on from code, and begins no line.
    fn goes_on(&self, code: &str, first: &str) -> bool {
        const STYLES: &[&str] = &["css", "scss", "sass", "less", "stylus", "pug", "jade", "haml", "slim"];
        let mut letters = first.chars();
        let (begin, then) = (letters.next().unwrap_or(' '), letters.next().unwrap_or(' '));
        let is_value_end = code.ends_with(|letter| is_of_word(letter) || ")]".contains(letter));
        match begin {
            ',' | ';' | ')' | ']' | '}' | '=' | ':' => true,
            '.' => !STYLES.contains(&self.language) && then.is_alphabetic(),
            '(' | '[' => {
                is_value_end
                    && !self.is_apart
                    && self.layout != Layout::Data
                    && !self.language.contains("toml")
            }
            '{' => self.layout == Layout::Free && !code.ends_with([';', '}']),
            '-' | '*' => then == ' ' && self.layout == Layout::Free,
            '+' | '/' | '%' | '&' | '|' | '?' | '<' | '^' => " =&|".contains(then),
            _ => false,
        }
    }

    /// Whether a line says something by itself.
    fn is_statement(&self, line: &str) -> bool {
        let line = line.trim();
        lines::is_statement(line)
            || (self.layout == Layout::Data && (is_key(line) || self.layout.item(line).is_some()))
    }
}
