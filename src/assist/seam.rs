//! Whether an answer goes on in the line of the cursor or begins one of its own.

use super::{
    comments,
    indent::{blanks, is_key},
    language::{self, Kind, Layout, first_word, is_of_word},
    levels::Levels,
    open::has_open_bracket,
    place::Place,
    prose,
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
        match place.kind() == Kind::Code && comment.is_none() {
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
        let is_text = comments::open(place.before, place.language()).is_some();
        self.is_indented()
            && is_among
            && !self.is_amid
            && !self.before.ends_with([' ', '\t'])
            && !opens_block(comments::cut(line, self.language).0.trim(), self.layout)
            && (ends || is_text)
    }

    /// Whether a mark at the end of the line says that the next goes on from it.
    fn is_continued(&self, code: &str) -> bool {
        let bare = code.strip_suffix('\\').filter(|_| self.layout != Layout::Offside);
        !self.is_amid
            && bare.is_some_and(|bare| bare.is_empty() || bare.ends_with([' ', '\t']) && !is_in_quotes(bare))
    }

    fn of_text(&self) -> Seam {
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
    fn of_words(&self, line: &str, first: &str) -> Option<Seam> {
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
            || !line.starts_with('@') && (ENDED.contains(&end) || self.place.has_word(end));
        (!is_two).then_some(Seam::Open)
    }

    /// A comment goes on in words, and never in code.
    fn behind_comment(&self, comment: &str) -> Seam {
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

    fn behind_code(&self, code: &str) -> Seam {
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
            return match self.has_lines() {
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
        let is_command = language::are_kin("sh", self.language) && !is_statement(code);
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
        let is_statement = |line: &str| line.ends_with([';', '{', '}']);
        let is_ended = code.ends_with([';', '}']) || code.ends_with("*/") || code.ends_with("-->");
        let is_text_end = code.ends_with("\"\"\"") || code.ends_with("'''");
        let last = code.rsplit(", ").next().unwrap_or_default();
        let are_assigned = assigns(code) && assigns(first) && last.contains('=');
        is_directive || is_text_end || is_ended && is_statement(first) || are_assigned
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
        is_statement(line)
            || (self.layout == Layout::Data && (is_key(line) || self.layout.item(line).is_some()))
    }
}

/// What statements begin with, in one language or another.
const KEYWORDS: &[&str] = &[
    "abstract",
    "alter",
    "async",
    "await",
    "begin",
    "break",
    "case",
    "class",
    "const",
    "continue",
    "create",
    "def",
    "defer",
    "delete",
    "do",
    "drop",
    "echo",
    "elif",
    "else",
    "elsif",
    "end",
    "enum",
    "except",
    "export",
    "extern",
    "final",
    "finally",
    "fn",
    "for",
    "foreach",
    "from",
    "func",
    "function",
    "global",
    "go",
    "if",
    "impl",
    "import",
    "include",
    "insert",
    "interface",
    "let",
    "local",
    "loop",
    "match",
    "mod",
    "module",
    "mut",
    "namespace",
    "package",
    "pass",
    "print",
    "private",
    "protected",
    "pub",
    "public",
    "raise",
    "repeat",
    "require",
    "return",
    "select",
    "static",
    "struct",
    "switch",
    "throw",
    "trait",
    "try",
    "type",
    "union",
    "unless",
    "until",
    "update",
    "use",
    "using",
    "val",
    "var",
    "void",
    "when",
    "while",
    "with",
    "yield",
];

/// Words that are a line.
const ENDED: &[&str] =
    &["pass", "break", "continue", "return", "end", "endif", "endfor", "endwhile", "fi", "done", "esac"];

/// Whether a line is a word that is one by itself, such as one that ends a block.
pub(super) fn is_ended_by(line: &str) -> bool {
    ENDED.contains(&line.trim_end_matches(';'))
}

/// Whether a line of code is a statement by its first word, or assigns something.
pub(super) fn is_statement(line: &str) -> bool {
    const ASSIGNING: &[&str] = &[" = ", " := ", " += ", " -= ", " <- ", " *= ", " |= "];
    is_led(line) || ASSIGNING.iter().any(|sign| line.contains(sign))
}

/// Whether a line gives one name a value.
fn assigns(line: &str) -> bool {
    let name = line.split(['=', ' ']).next().unwrap_or_default();
    let is_name = |name: &str| {
        name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
            && name.chars().all(|letter| is_of_word(letter) || letter == '.')
    };
    let value = line[name.len()..].trim_start().strip_prefix('=');
    is_name(name)
        && value.is_some_and(|value| !value.trim().is_empty() && !value.starts_with(['=', '>', '~']))
}

/// Whether statements begin with a word, however it is written.
fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
}

/// Whether a line begins with a word that statements begin with, and no other word does.
fn is_led(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let word = words.next().unwrap_or_default().trim_end_matches(['(', ':', ';', '{']);
    is_ended_by(line) || (words.next().is_some() && KEYWORDS.contains(&word))
}

/// Whether a line has words in a row as a sentence has, and no signs of code.
fn has_words(line: &str) -> bool {
    const MOST_OF_CODE: usize = 3;
    let words =
        line.split(' ').filter(|word| word.trim_end_matches([',', '.']).chars().all(char::is_alphabetic));
    words.count() > MOST_OF_CODE && !line.contains(['=', '(', ')', '{', '}', ';', '"'])
}

fn last_word(code: &str) -> &str {
    code.rsplit(|letter| !is_of_word(letter)).next().unwrap_or_default()
}

/// Whether a line of code opens a block, its comment aside.
pub(super) fn opens_body(line: &str, place: Place<'_>) -> bool {
    opens_block(comments::cut(line, place.language()).0.trim(), place.layout())
}

/// Whether what follows a line of code is a block that it opens.
fn opens_block(code: &str, layout: Layout) -> bool {
    const WORDS: &[&str] = &["do", "then", "else", "begin", "repeat", "loop"];
    let word = code.split_whitespace().next_back().unwrap_or_default();
    let is_filled_in = ["${", "#{", "%{", "{{"].iter().any(|open| code.ends_with(open));
    if code.ends_with('{') {
        let others = code.trim_end_matches('{');
        return !is_filled_in && layout != Layout::Data && !has_open_bracket(others) && !is_in_quotes(code);
    }
    if has_open_bracket(code) || is_in_quotes(code) {
        return false;
    }
    match layout {
        Layout::Colon => code.ends_with(':') && !code.contains("lambda"),
        Layout::Data => code.ends_with(':') || code.ends_with(": |") || code.ends_with(": >"),
        Layout::Offside => {
            code.ends_with([':', '='])
                || code.ends_with("->")
                || ["of", "where", "let"].contains(&word)
                || WORDS.contains(&word)
        }
        Layout::Free | Layout::Prose => WORDS.contains(&word) && word.len() < code.len() || word == "else",
    }
}

fn is_in_quotes(code: &str) -> bool {
    let code = code.replace("\\\"", "");
    ['"', '`'].iter().any(|quote| code.matches(*quote).count() % 2 == 1)
}

/// Whether a line of code needs something behind it.
pub(super) fn is_unended(line: &str) -> bool {
    const OPEN: &[char] =
        &['=', '(', '[', ',', '+', '-', '*', '/', '.', '&', '|', '?', '<', '@', '\\', '"', '\'', '`'];
    const QUOTES: &[char] = &['"', '\'', '`'];
    const CONTINUED: &[&str] = &["=>", "->", "::", "return", "await", "yield", "${", "#{", "%{", "{{"];
    const ENDED: &[&str] = &["*/", "++", "--", "-->"];
    let line = line.trim_end();
    let is_any = |ends: &[&str]| ends.iter().any(|end| line.ends_with(end));
    match line.chars().next_back() {
        _ if is_in_quotes(line) => true,
        _ if is_any(ENDED) && !line.ends_with("(--") => false,
        _ if is_any(CONTINUED) => true,
        // One that is closed ends a value.
        Some(end) if QUOTES.contains(&end) => line.matches(end).count() % 2 == 1,
        Some(end) => OPEN.contains(&end),
        None => true,
    }
}
