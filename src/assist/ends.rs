//! What ends an item or a statement, or stands between two: written an answer has it once, as what it takes the place of
//! had.

use std::borrow::Cow;

use super::{
    begins::blanks,
    comments,
    language::{self, CELLS, first_word, is_of_word},
    line_ends::with_lf,
    lines::{self, last_word},
    open::{has_open_bracket, innermost_open, open_brackets},
    place::Place,
    words::{self, CONTROL, INFIX},
};

#[cfg(test)]
mod tests;

/// How much of the text around a place is looked at, in bytes: what stands further away tells nothing of its items.
const NEAR: usize = 4_096;
/// Languages that have no comma before a bracket that closes, and these brackets.
const WITHOUT_LAST: &[(&str, &str)] = &[
    ("json", "}]"),
    ("sql", ");"),
    ("c", ")"),
    ("java", ")"),
    ("csharp", ")"),
    ("lua", ")"),
    ("r", ")"),
    ("css", ")"),
    ("haskell", "])}"),
    ("elm", "])}"),
    ("elixir", "])}"),
    ("erlang", "])}"),
    ("prolog", "])}"),
];
/// Languages whose statements end with a semicolon.
const OF_STATEMENTS: &[&str] = &[
    "c",
    "java",
    "csharp",
    "javascript",
    "rust",
    "php",
    "css",
    "sql",
    "dart",
    "zig",
    "perl",
    "nix",
    "nginx",
    "proto",
    "protobuf",
    "proto3",
    "verilog",
    "systemverilog",
    "vhdl",
    "ada",
    "pascal",
    "d",
    "vala",
    "glsl",
    "solidity",
];
/// Languages in which each clause or expression ends with one of three signs.
const OF_CLAUSES: &[&str] = &["erlang", "prolog"];
/// Behind these nothing is missing.
const COMPLETE: [char; 10] = [',', ';', ':', '(', '[', '{', '\\', '.', '=', '|'];
/// Words that begin a statement.
const STATEMENTS: &[&str] =
    &["const", "let", "var", "val", "return", "yield", "throw", "raise", "print", "puts", "echo", "await"];
/// An answer's code with the comma or the semicolon that its place wants, and without one that it does not.
pub(super) fn ended<'a>(code: &'a str, place: Place<'_>) -> Cow<'a, str> {
    let code = without_the_next(code, place);
    let language = place.language();
    // There a comma stands for a value.
    let is_of_values = CELLS.contains(&language);
    if place.is_text() || is_of_values || code.trim().is_empty() {
        return Cow::Borrowed(code);
    }
    let site = Site::of(place);
    if language::is_data(language) && !site.above.ends_with([',', '[', '{']) {
        return Cow::Borrowed(code);
    }
    let code = site.begun(code);
    match site.ended(&code) {
        Some(ended) => Cow::Owned(ended),
        None => code,
    }
}

/// Whether an item of a list follows a cursor that stands among such.
pub(super) fn is_before_item(place: Place<'_>) -> bool {
    Site::of(place).is_before_item()
}

/// An answer without what ends an item or a sentence where it stands behind the place already.
fn without_the_next<'a>(code: &'a str, place: Place<'_>) -> &'a str {
    const ENDS: [char; 4] = [',', ';', '.', ':'];
    const OF_TEXT: [char; 11] = ['!', '?', '…', '，', '、', '；', '：', '。', '！', '？', '．'];
    let behind = place.around().line_after().trim_start().chars().next();
    let is_end = |end: &char| ENDS.contains(end) || OF_TEXT.contains(end) && place.is_text();
    let Some(end) = behind.filter(is_end) else { return code };
    match code.trim_end().strip_suffix(end) {
        Some(bare) if !bare.ends_with(end) && !place.selection.trim_end().ends_with(end) => bare,
        _ => code,
    }
}

/// The code around a place.
struct Site<'a> {
    language: &'a str,
    /// What was selected, up to the end of its code. Blank at a cursor.
    selected: String,
    /// The code before the place and behind it, without the blanks next to the place.
    above: String,
    below: String,
    /// Whether the cursor has a line of its own.
    is_own_line: bool,
    /// Whether that is one of several that a mark at the end of each makes one.
    is_amid_line: bool,
}

impl<'a> Site<'a> {
    fn of(place: Place<'a>) -> Self {
        let Place { before, after, selection, .. } = place;
        let around = place.around();
        // Those of JSON are JavaScript's where there are any.
        let language = if language::are_kin(place.language(), "json") { "jsonc" } else { place.language() };
        let code = |text: &str| comments::without(&with_lf(text), language).trim().to_owned();
        let is_own_line = around.line_before().trim().is_empty() && around.line_after().trim().is_empty();
        let indent = blanks(around.line_before()).len();
        let is_deep = |line: &str| !line.trim().is_empty() && indent > 0 && blanks(line).len() >= indent;
        let behind = with_lf(after);
        let below = behind.split_once('\n').and_then(|(_, below)| below.lines().next());
        Self {
            language,
            selected: code(selection),
            above: code(&before[before.ceil_char_boundary(before.len().saturating_sub(NEAR))..]),
            below: code(&after[..after.floor_char_boundary(NEAR)]),
            is_own_line,
            is_amid_line: selection.is_empty()
                && is_own_line
                && before.trim_end().ends_with('\\')
                && below.is_some_and(is_deep),
        }
    }

    fn is_kin(&self, name: &str) -> bool {
        language::are_kin(self.language, name)
    }

    /// The code with the comma that it begins with where lists are written so, and without one that stands before it.
    fn begun<'c>(&self, code: &'c str) -> Cow<'c, str> {
        let bare = code.trim_start();
        match (self.selected.strip_prefix(','), bare.strip_prefix(',')) {
            (Some(item), None) => {
                let blanks = &item[..item.len() - item.trim_start_matches(' ').len()];
                Cow::Owned(format!("{},{blanks}{bare}", &code[..code.len() - bare.len()]))
            }
            (None, Some(item)) if self.above.ends_with([',', '(', '[', '{']) => {
                Cow::Borrowed(item.trim_start())
            }
            _ => Cow::Borrowed(code),
        }
    }

    /// The code with another end. None where its own is right.
    fn ended(&self, code: &str) -> Option<String> {
        let (said, rest) = code.split_at(end_of_code(code, self.language)?);
        let line = said.lines().next_back().unwrap_or_default().trim_start();
        let is_directive = line.starts_with("<?") || self.is_kin("c") && line.starts_with('#');
        if is_directive || comments::open(code, self.language).is_some() {
            return None;
        }
        let last = said.chars().next_back()?;
        let next = self.below.chars().next();
        // The line goes on in the next.
        let is_amid = self.selected.ends_with('\\') && next.is_some() || self.is_amid_line;
        if is_amid && last != '\\' {
            return Some(format!("{said} \\{rest}"));
        }
        let is_whole = !COMPLETE.contains(&last) && !has_open_bracket(said);
        let is_item = || is_whole && !self.is_arm(said) && !has_open_bracket(&self.selected);
        let with = |mark: char| Some(format!("{said}{mark}{rest}"));
        let without = || Some(format!("{}{rest}", said[..said.len() - 1].trim_end()));
        match (self.selected.chars().next_back(), last) {
            (Some(','), _) if is_item() && !self.is_without_last() => with(','),
            (Some(';'), _) if is_whole && self.is_statement(said) => with(';'),
            (Some(end @ (';' | '.')), _) if is_whole && self.is_clause(said) => with(end),
            (None, _)
                if is_item() && !self.is_apart(said) && !self.is_half(said) && self.is_before_item() =>
            {
                with(',')
            }
            (Some(','), _) => None,
            (_, ',') if next == Some(',') || self.is_without_last() => without(),
            (Some(before), ';') if before != ';' && next.is_some_and(|next| ",)]".contains(next)) => {
                without()
            }
            // The statement goes on below.
            (Some(before), ';') if before != ';' && self.is_kin("sql") && goes_on(&self.below) => without(),
            _ => None,
        }
    }

    /// Whether no comma may stand at the end of what takes this place.
    fn is_without_last(&self) -> bool {
        let closes = |closing: &str| self.below.starts_with(|next| closing.contains(next));
        let is_end = self.below.is_empty() && (self.is_kin("json") || self.is_kin("sql"));
        is_end
            || WITHOUT_LAST.iter().any(|(name, closing)| self.is_kin(name) && closes(closing))
            || self.is_kin("sql") && goes_on(&self.below)
    }

    /// Whether an item of a list follows a cursor that stands among such.
    fn is_before_item(&self) -> bool {
        let begins = |letter: char| is_of_word(letter) || "\"'`{[(@$-".contains(letter);
        let is_spread = self.below.starts_with("...") && self.below[3..].starts_with(begins);
        if !self.below.starts_with(begins) && !is_spread || goes_on(&self.below) {
            return false;
        }
        if self.is_kin("json") {
            return true;
        }
        let mut lines = self.below.lines();
        let next = lines.next().unwrap_or_default().trim_end();
        let is_last = lines
            .find(|line| !line.trim().is_empty())
            .is_some_and(|line| self.above.ends_with(',') && line.trim_start().starts_with([')', ']', '}']));
        // A statement ends with the last of its rows.
        let is_last = is_last || self.is_kin("sql") && next.starts_with('(') && next.ends_with(';');
        let is_among = self.above.ends_with([',', '(', '[', '{']) && !has_open_bracket(next);
        self.is_own_line && is_among && (next.ends_with(',') || is_last)
    }

    /// Whether code ends what was begun before it, or is a statement or stands before one: no item of a list.
    fn is_apart(&self, said: &str) -> bool {
        /// What gives names their values in braces.
        const OF_VALUES: &[&str] =
            &["lua", "terraform", "hcl", "nix", "toml", "rust", "csharp", "haskell", "elm"];
        let is_in_braces = self.above.ends_with('{');
        let gives_value =
            is_in_braces && said.contains(" = ") && !OF_VALUES.iter().any(|name| self.is_kin(name));
        open_brackets(said).iter().any(|open| *open < 0)
            || gives_value
            || is_in_braces && STATEMENTS.contains(&first_word(&self.below))
    }

    /// Whether code is a text that the next one goes on from, where two that stand side by side are one: a blank at the seam
    /// says so.
    fn is_half(&self, said: &str) -> bool {
        let end = said.strip_suffix(['"', '\'']).filter(|_| self.is_kin("python") || self.is_kin("c"));
        let next = self.below.trim_start_matches(['f', 'r', 'b', 'u', 'L']);
        let rest = next.strip_prefix(['"', '\'']);
        end.zip(rest)
            .is_some_and(|(end, rest)| end.ends_with(' ') || end.ends_with("\\n") || rest.starts_with(' '))
    }

    /// Whether code ends with an arm of Rust's `match` whose block ends it.
    fn is_arm(&self, said: &str) -> bool {
        self.is_kin("rust") && said.ends_with('}') && said.contains("=> {")
    }

    /// Whether a statement goes on behind the block that it has: it gives something a value, or declares a type in C.
    fn is_ended_behind_block(&self, head: &str) -> bool {
        const TYPES: &[&str] = &["struct", "union", "enum", "typedef"];
        let word = first_word(head);
        head.contains(" = ") && !CONTROL.have(word) || self.is_kin("c") && TYPES.contains(&word)
    }

    /// Whether code ends with a clause that lacks its end.
    fn is_clause(&self, said: &str) -> bool {
        OF_CLAUSES.iter().any(|name| self.is_kin(name)) && !said.ends_with("->") && !said.ends_with(":-")
    }

    /// Whether code ends with a statement that lacks its semicolon.
    fn is_statement(&self, said: &str) -> bool {
        let line = match said.strip_suffix('}') {
            Some(said) => head_of_block(said),
            None => said.lines().next_back().unwrap_or_default().trim_start(),
        };
        // What is an expression gives a value where it lacks one.
        let is_led = !self.is_kin("rust") || lines::is_statement(line);
        let is_marked = line.starts_with(['#', '=']) || line.starts_with('@') && !self.is_kin("css");
        OF_STATEMENTS.iter().any(|name| self.is_kin(name))
            && is_led
            && !is_marked
            // The end of a text between lines is no line of code, and that of a block is none that lacks a sign.
            && !said.contains("<<")
            && words::begin_of(last_word(said)).is_none()
            && !said.ends_with('>')
            && (!said.ends_with('}') || self.is_ended_behind_block(line))
    }
}

/// What stands in its line before the block that code is about to end.
fn head_of_block(said: &str) -> &str {
    let head = innermost_open(said).filter(|(_, open)| *open == '{').map_or("", |(at, _)| &said[..at]);
    head.lines().next_back().unwrap_or_default().trim_start()
}

/// Whether code begins with a word that goes on from an item.
fn goes_on(code: &str) -> bool {
    INFIX.have(&first_word(code).to_ascii_lowercase())
}

/// Where the code of a text ends, before the comments behind it. None where it has none, or where that is not to be seen.
fn end_of_code(text: &str, language: &str) -> Option<usize> {
    let mut end = text.len();
    for line in text.split('\n').rev() {
        let begin = end - line.len();
        let code = comments::cut(line, language).0.trim_end();
        if code.ends_with("*/") || code.ends_with("-->") {
            return None;
        }
        if !code.is_empty() {
            return Some(begin + code.len());
        }
        end = begin.saturating_sub(1);
    }
    None
}
