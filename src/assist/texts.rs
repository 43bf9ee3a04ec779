//! Texts of several lines within code, such as a here-document: the blanks that their lines begin with are a part of them,
//! and no indentation of the code.

use std::borrow::Cow;

use super::{
    comments::{self, Block},
    language::{self, JAVASCRIPT, Kind, LISPS, is_of_word},
};

#[cfg(test)]
mod tests;

/// How a language writes a text of several lines.
enum Mark {
    /// Between two marks; whether a backslash takes their meaning away.
    Between(&'static str, &'static str, bool),
    /// Between three quotes, which document something where they begin a line.
    Documenting(&'static str),
    /// Between marks that the one who writes makes up: `r#"`, `R"x(`, `[==[`.
    Numbered(&'static str, &'static str),
    /// Behind this mark and a word, from the next line on to one that is the word.
    Document(&'static str),
}
use Mark::{Between, Document, Documenting, Numbered};

const SHELL: &[Mark] = &[Document("<<"), Between("\"", "\"", true), Between("'", "'", false)];
const QUOTES: &[Mark] = &[Between("\"", "\"", true), Between("'", "'", true)];
const DOUBLE: &[Mark] = &[Between("\"", "\"", true)];
const TRIPLE: &[Mark] = &[Between("\"\"\"", "\"\"\"", true), Between("'''", "'''", true)];
const TAGS: &[Mark] = &[Between("<pre", "</pre", false), Between("<textarea", "</textarea", false)];

/// Not those whose blanks the language takes off: of Swift, Java, Nix, Julia, Elixir.
const MARKS: &[(&[&str], &[Mark])] = &[
    (
        &["python", "starlark", "bazel", "gdscript", "snakemake", "mojo", "xonsh", "nim"],
        &[Documenting("\"\"\""), Documenting("'''")],
    ),
    (&["kotlin", "scala", "groovy", "dart", "fsharp", "toml"], TRIPLE),
    (JAVASCRIPT, &[Between("`", "`", true)]),
    (&["vue", "svelte", "astro"], &[Between("`", "`", true), Between("<pre", "</pre", false)]),
    (&["go"], &[Between("`", "`", false)]),
    (&["rust"], &[Numbered("r", "\""), Between("\"", "\"", true)]),
    (&["c"], &[Numbered("R\"", "(")]),
    (&["lua"], &[Numbered("[", "[")]),
    (&["csharp"], &[Between("@\"", "\"", false)]),
    (
        &["powershell"],
        &[
            Between("@\"", "\"@", false),
            Between("@'", "'@", false),
            Between("\"", "\"", false),
            Between("'", "'", false),
        ],
    ),
    (&["sh", "fish"], SHELL),
    (&["dockerfile", "terraform", "hcl"], &[Document("<<")]),
    (&["perl", "ruby", "crystal"], &[Document("<<"), Between("\"", "\"", true), Between("'", "'", true)]),
    (&["php"], &[Document("<<<"), Between("\"", "\"", true), Between("'", "'", true)]),
    (&["sql"], &[Between("'", "'", false)]),
    (&["r"], QUOTES),
    (&["ocaml"], &[Between("{|", "|}", false), Between("\"", "\"", true)]),
    (LISPS, DOUBLE),
    (&["erlang", "nix"], DOUBLE),
    (&["html", "xml", "svg"], TAGS),
    (
        &["latex", "tex"],
        &[
            Between("\\begin{verbatim}", "\\end{verbatim}", false),
            Between("\\begin{lstlisting}", "\\end{lstlisting}", false),
            Between("\\begin{minted}", "\\end{minted}", false),
        ],
    ),
];
/// Languages beside Lisps in which a single quote is a letter's, a name's, or none.
const OF_LETTERS: &[&str] = &["rust", "ocaml", "haskell"];

/// Most texts of a line, and most without an end, that are looked at: more cost the square of their number.
const MOST: usize = 64;

/// A text that begins in code.
struct Text {
    /// Bytes of what it begins with.
    begin: usize,
    end: Cow<'static, str>,
    /// Whether a backslash takes the meaning of its end away.
    escapes: bool,
    /// Whether it begins in the next line, and a line is its end.
    is_document: bool,
    /// Whether the blanks of its lines are a part of it.
    keeps: bool,
}

/// Whether a line begins within a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    None,
    /// In one whose blanks the language or the user takes for indentation, or in a comment.
    Indented,
    Kept,
}

/// The lines of some code, by whether they begin within such a text.
pub(super) struct Texts {
    within: Vec<Within>,
    /// Where the first one begins whose end is not there: it may still come.
    open: Option<usize>,
}

impl Texts {
    /// Those in code of a language.
    pub(super) fn of(code: &str, language: &str) -> Self {
        let mut texts = Self { within: Vec::new(), open: None };
        let marks =
            MARKS.iter().find(|(names, _)| names.iter().any(|name| language::are_kin(name, language)));
        if let Some((_, marks)) = marks.filter(|_| code.contains('\n')) {
            texts.find(code, language, marks);
        }
        texts
    }

    /// Whether the line of a number, from 0 on, begins within one.
    pub(super) fn has(&self, line: usize) -> bool {
        self.within.get(line) == Some(&Within::Kept)
    }

    /// Whether the line of a number begins within a text or a comment, whatever its blanks are.
    pub(super) fn is_within(&self, line: usize) -> bool {
        self.within.get(line).is_some_and(|within| *within != Within::None)
    }

    /// Code that still comes, up to the end of the line in which a text begins that may go on.
    pub(super) fn known<'a>(code: &'a str, language: &str) -> &'a str {
        let open = Self::of(code, language).open;
        let end = open.and_then(|open| Some(open + code[open..].find('\n')?));
        &code[..end.unwrap_or(code.len())]
    }

    fn find(&mut self, code: &str, language: &str, marks: &[Mark]) {
        let blocks = comments::blocks(language);
        let begins: Vec<usize> =
            std::iter::once(0).chain(code.match_indices('\n').map(|(end, _)| end + 1)).collect();
        self.within = vec![Within::None; begins.len()];
        let line_of = |place: usize| begins.partition_point(|begin| *begin <= place) - 1;
        let (mut at, mut unended) = (0, 0);
        while at < code.len() && unended < MOST {
            let mut documents = Vec::new();
            for _ in 0..MOST {
                let Some((begin, text)) = next(code, at, language, marks, blocks) else { break };
                at = begin + text.begin;
                if text.is_document {
                    documents.push(text);
                } else if let Some(end) = text.end(&code[at..]) {
                    self.within[line_of(at) + 1..=line_of(at + end)].fill(text.within());
                    at += end;
                } else {
                    unended += 1;
                    self.open = self.open.or(text.keeps.then_some(begin));
                }
            }
            at += code[at..].find('\n').map_or(code.len() - at, |end| end + 1);
            for text in documents {
                match text.end(&code[at..]) {
                    Some(end) => {
                        self.within[line_of(at)..=line_of(at + end)].fill(text.within());
                        at = (at + end + 1).min(code.len());
                    }
                    None => {
                        unended += 1;
                        self.open = self.open.or(text.keeps.then_some(at - 1));
                    }
                }
            }
        }
    }
}

/// Whether all fences of an answer stand within texts of its code, in one of some languages.
pub(super) fn hold_fences(said: &str, languages: &[&str]) -> bool {
    const FENCES: [&str; 2] = ["```", "~~~"];
    let has_fence = |line: &str| FENCES.iter().any(|fence| line.contains(fence));
    let is_one = |line: &str| FENCES.iter().any(|fence| line.trim_start().starts_with(fence));
    has_fence(said)
        && languages.iter().any(|language| {
            let texts = Texts::of(said, language);
            let is_inside = |at: usize| texts.is_within(at);
            let mut fences = said.split('\n').enumerate().filter(|(_, line)| has_fence(line)).peekable();
            let begins_inside = fences.clone().any(|(at, _)| is_inside(at));
            begins_inside && fences.all(|(at, line)| is_inside(at) || !is_one(line))
        })
}

impl Text {
    fn within(&self) -> Within {
        if self.keeps { Within::Kept } else { Within::Indented }
    }

    /// Where it ends in what follows its beginning.
    fn end(&self, rest: &str) -> Option<usize> {
        if self.is_document {
            let mut begin = 0;
            return rest.split('\n').find_map(|line| {
                let end = begin + line.len();
                begin = end + 1;
                (line.trim().trim_end_matches([';', ',', ')']) == self.end).then_some(end)
            });
        }
        let ends = |at: &usize| {
            !self.escapes || rest[..*at].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 0
        };
        rest.match_indices(&*self.end).map(|(at, _)| at).find(ends).map(|at| at + self.end.len())
    }
}

/// The next text that begins in the line of a place, and where. What stands in one line is passed over.
fn next(code: &str, from: usize, language: &str, marks: &[Mark], blocks: &[Block]) -> Option<(usize, Text)> {
    let line = code[from..].split('\n').next().unwrap_or_default();
    let outside = comments::cut(line, language).0;
    let begin_of_line = code[..from].rfind('\n').map_or(0, |end| end + 1);
    let mut at = from;
    // What begins before a comment may end within it: then that was none.
    while let Some(letter) = code.get(at..from + outside.len()).and_then(|rest| rest.chars().next()) {
        let (before, rest) = (&code[begin_of_line..at], &code[at..]);
        let block = blocks.iter().find(|(open, _)| rest.starts_with(open));
        if let Some((open, close)) = block.filter(|(open, close)| open != close) {
            let text = Text {
                begin: open.len(),
                end: (*close).into(),
                escapes: false,
                is_document: false,
                keeps: false,
            };
            return Some((at, text));
        }
        if let Some(text) = marks.iter().find_map(|mark| mark.begun(before, rest, language)) {
            return Some((at, text));
        }
        at += in_line(letter, before, &code[at..from + line.len()], language);
    }
    None
}

impl Mark {
    /// The text that begins here.
    fn begun(&self, before: &str, rest: &str, language: &str) -> Option<Text> {
        let text = |begin, end, escapes| Text { begin, end, escapes, is_document: false, keeps: true };
        match *self {
            Between(open, close, escapes) => {
                // An apostrophe is none.
                let begins = rest.starts_with(open) && !(open == "'" && before.ends_with(is_of_word));
                begins.then(|| text(open.len(), close.into(), escapes))
            }
            Documenting(quote) => rest
                .starts_with(quote)
                .then(|| Text { keeps: !before.trim().is_empty(), ..text(quote.len(), quote.into(), true) }),
            Numbered(open, then) => {
                let behind = rest.strip_prefix(open).filter(|_| !before.ends_with(is_of_word))?;
                let (own, _) = behind.split_once(then)?;
                let begin = open.len() + own.len() + then.len();
                match then {
                    "(" if own.chars().all(is_of_word) => {
                        Some(text(begin, format!("){own}\"").into(), false))
                    }
                    "\"" if own.chars().all(|sign| sign == '#') => {
                        Some(text(begin, format!("\"{own}").into(), false))
                    }
                    "[" if own.chars().all(|sign| sign == '=') => {
                        Some(text(begin, format!("]{own}]").into(), false))
                    }
                    _ => None,
                }
            }
            Document(mark) => {
                let behind =
                    rest.strip_prefix(mark).filter(|_| !before.ends_with('<') && !before.contains("(("))?;
                let bare = behind.trim_start_matches(['-', '~']);
                let how = &behind[..behind.len() - bare.len()];
                // Who shifts letters or adds to a list sets a blank.
                let is_blank_allowed = language::are_kin("sh", language) || language == "dockerfile";
                let word = if is_blank_allowed { bare.trim_start_matches(' ') } else { bare };
                let word = word.trim_start_matches(['\'', '"', '\\']);
                let length = word.find(|letter| !is_of_word(letter)).unwrap_or(word.len());
                let is_word = word.starts_with(|letter: char| letter.is_alphabetic() || letter == '_');
                // The language takes off what all lines have.
                let is_stripped =
                    how == "~" || how == "-" && ["terraform", "hcl", "crystal"].contains(&language);
                is_word.then(|| Text {
                    is_document: true,
                    keeps: !is_stripped,
                    ..text(rest.len() - word.len() + length, word[..length].to_owned().into(), false)
                })
            }
        }
    }
}

/// Bytes of a letter outside of texts, or of all that it begins and ends in its line.
fn in_line(letter: char, before: &str, rest: &str, language: &str) -> usize {
    let one = letter.len_utf8();
    if !matches!(letter, '\\' | '\'' | '"' | '`' | '/')
        || Kind::of(language) != Kind::Code
        || comments::is_markup(language) && !language::are_kin("javascript", language)
    {
        return one;
    }
    let ended = |close: char| {
        let mut is_escaped = false;
        rest.char_indices().skip(1).find_map(|(at, letter)| {
            let is_end = letter == close && !is_escaped;
            is_escaped = letter == '\\' && !is_escaped;
            is_end.then(|| at + letter.len_utf8())
        })
    };
    let begins_value =
        || before.trim_end().chars().next_back().is_none_or(|sign| "=(,:;!&|?{}[".contains(sign));
    let is_letter = || rest[1..].starts_with('\\') || rest[1..].chars().nth(1) == Some('\'');
    match letter {
        '\\' => one + rest[one..].chars().next().map_or(0, char::len_utf8),
        '\'' if OF_LETTERS.iter().chain(LISPS).any(|name| language::are_kin(name, language))
            && !is_letter() =>
        {
            one
        }
        '\'' if before.ends_with(is_of_word) => one,
        '"' | '\'' | '`' => ended(letter).unwrap_or(one),
        '/' if language::are_kin("javascript", language) && begins_value() => ended('/').unwrap_or(one),
        _ => one,
    }
}
