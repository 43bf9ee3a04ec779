//! The lines that an answer ends with, that end a block which was begun before it, and stand below it already: chat models
//! like to close what they stand in.

use super::{
    comments,
    language::{Kind, Layout, is_of_word},
    open::{open_brackets, unquoted},
    place::Place,
};

/// Most lines of an answer's end that are looked at.
const MOST: usize = 16;

/// What begins the blocks that a line ends.
#[derive(Clone, Copy)]
enum Opener<'a> {
    /// Brackets, by their kinds.
    Brackets,
    /// This mark; what ends is the other.
    Mark(&'a str, &'a str),
    /// This word; what ends is the other.
    Word(&'a str, &'a str),
    /// A pattern of a shell's `case`.
    Pattern,
    /// A line with one of many words, as in languages whose blocks end with `end`.
    Line,
}

/// Words that begin a block where they begin a line.
const FIRST: &[&str] = &[
    "begin", "case", "class", "def", "do", "for", "function", "if", "let", "loop", "macro", "module",
    "quote", "repeat", "struct", "switch", "try", "unless", "until", "while", "with",
];
/// Words that begin one wherever they stand.
const ANYWHERE: &[&str] = &["def", "do", "fn", "function", "begin", "then"];

/// An answer without the lines at its end that end no block of its own and stand below its place already, however deep.
pub(super) fn without<'a>(said: &'a str, place: Place<'_>) -> &'a str {
    let below = below(place);
    if below.is_empty() {
        return said;
    }
    let ends = ends_of_lines(said);
    let told: Vec<&str> = ends.iter().map(|(begin, end)| said[*begin..*end].trim()).collect();
    let most = told.len().saturating_sub(1).min(below.len());
    let repeated = (1..=most).rev().find(|count| {
        let (left, repeated) = told.split_at(told.len() - count);
        let end = ends[left.len() - 1].1;
        repeated.iter().zip(&below).all(|(line, other)| line == other)
            && repeated
                .iter()
                .all(|line| opener(line).is_some_and(|by| !leaves_open(&said[..end], by, place)))
    });
    repeated.map_or(said, |count| &said[..ends[told.len() - count - 1].1])
}

/// Whether the last line of an answer stands at the margin and ends a block that the answer begins: a word or a mark does.
pub(super) fn end_its_own(said: &str, place: Place<'_>) -> bool {
    let ends = ends_of_lines(said);
    let [.., (_, end), (begin, last)] = ends[..] else { return false };
    let by = opener(&said[begin..last]).filter(|by| !matches!(by, Opener::Brackets | Opener::Pattern));
    !said[begin..].starts_with([' ', '\t']) && by.is_some_and(|by| leaves_open(&said[..end], by, place))
}

/// Whether an answer ends the block that a selection begins, whose end is not selected.
pub(super) fn end_what_goes_on(said: &str, selected: &str, place: Place<'_>) -> bool {
    let last = said.trim_end().lines().next_back().unwrap_or_default();
    let by = opener(last).filter(|by| !matches!(by, Opener::Brackets | Opener::Pattern));
    by.is_some_and(|by| leaves_open(selected, by, place) && !leaves_open(said, by, place))
}

/// What is known of such an answer while it still comes: its last lines may turn out to be such.
pub(super) fn known<'a>(said: &'a str, place: Place<'_>) -> &'a str {
    let below = below(place);
    if below.is_empty() {
        return said;
    }
    let ends = ends_of_lines(said);
    let may_be = |(begin, end): &&(usize, usize)| {
        let line = said[*begin..*end].trim();
        below.iter().any(|other| other.starts_with(line))
    };
    let held = ends.iter().rev().take_while(may_be).count();
    match (held, ends.len() - held) {
        (0, _) | (_, 0) => said,
        (_, left) => &said[..ends[left - 1].1],
    }
}

/// The lines below a place that end a block, up to the first that does not. None where something stands behind it, or what
/// is selected ends with such a line itself.
fn below(place: Place<'_>) -> Vec<String> {
    let is_structure = matches!(place.layout(), Layout::Colon | Layout::Data | Layout::Offside);
    let last = place.selection.trim_end().rsplit(['\n', '\r']).next().unwrap_or_default();
    let ends_block = !last.trim().is_empty() && opener(last).is_some();
    if is_structure || ends_block || !place.behind.is_empty() || place.kind() == Kind::Markdown {
        return Vec::new();
    }
    let below = match place.selection.ends_with(['\n', '\r']) {
        true => Some(place.after),
        false => {
            let line = place.after.split_once(['\n', '\r']);
            line.filter(|(here, _)| here.trim().is_empty()).map(|(_, below)| below)
        }
    };
    let lines = below.unwrap_or_default().split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty());
    lines.take_while(|line| opener(line).is_some()).take(MOST).map(str::to_owned).collect()
}

/// Where the lines of a text begin and end that are not blank.
fn ends_of_lines(text: &str) -> Vec<(usize, usize)> {
    let mut begin = 0;
    let lines = text.split('\n').filter_map(|line| {
        let at = begin;
        begin += line.len() + 1;
        (!line.trim().is_empty()).then_some((at, at + line.len()))
    });
    lines.collect()
}

/// What begins the blocks that a line ends. None where it does more than that.
fn opener(line: &str) -> Option<Opener<'_>> {
    let line = line.trim();
    let bare = line.trim_end_matches([';', ',', ')', '.']);
    let word = bare.to_ascii_lowercase();
    if line == ";;" {
        return Some(Opener::Pattern);
    }
    if line.trim_matches(['}', ')', ']', ';', ',']).is_empty() {
        return line.contains(['}', ')', ']']).then_some(Opener::Brackets);
    }
    if let Some(name) = line.strip_prefix("</").and_then(|rest| rest.strip_suffix('>')) {
        return name
            .chars()
            .all(|letter| is_of_word(letter) || ".:-".contains(letter))
            .then_some(Opener::Mark("<", name));
    }
    if let Some(name) = line.strip_prefix("\\end{").and_then(|rest| rest.strip_suffix('}')) {
        return Some(Opener::Mark("\\begin{", name));
    }
    match &*word {
        "fi" => Some(Opener::Word("if", "fi")),
        "done" => Some(Opener::Word("do", "done")),
        "esac" => Some(Opener::Word("case", "esac")),
        "end" => Some(Opener::Line),
        _ => {
            let what =
                bare.get(..4).filter(|begin| begin.eq_ignore_ascii_case("end ")).map(|_| &bare[4..])?;
            what.chars().all(char::is_alphabetic).then_some(Opener::Word(what, "end"))
        }
    }
}

/// Whether some lines leave a block open that such an end would end.
fn leaves_open(said: &str, by: Opener<'_>, place: Place<'_>) -> bool {
    let code = comments::without(said, place.language());
    let words = || {
        let code: String = code.split('\n').flat_map(|line| unquoted(line).chain(['\n'])).collect();
        let words = code.split(|letter| !is_of_word(letter)).map(str::to_ascii_lowercase);
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>()
    };
    let opened = match by {
        Opener::Brackets => return open_brackets(&code).iter().any(|open| *open > 0),
        Opener::Mark("<", name) => {
            let begin = format!("<{name}");
            let is_tag = |at: &usize| {
                let rest = &code[at + begin.len()..];
                let is_closed = rest.split('>').next().is_some_and(|tag| tag.ends_with('/'));
                !rest.starts_with(|letter| is_of_word(letter) || ".:-".contains(letter)) && !is_closed
            };
            let opened = code.match_indices(&begin).filter(|(at, _)| is_tag(at)).count();
            (opened, code.matches(&format!("</{name}>")).count())
        }
        Opener::Mark(open, name) => {
            let ends = code.matches(&format!("\\end{{{name}}}")).count();
            (code.matches(&format!("{open}{name}}}")).count(), ends)
        }
        Opener::Word(word, "end") => {
            let (words, word) = (words(), word.to_ascii_lowercase());
            let ends = words.windows(2).filter(|pair| pair[0] == "end" && pair[1] == word).count();
            let others = words.windows(2).filter(|pair| pair[0] == "exit" && pair[1] == word).count();
            (words.iter().filter(|one| **one == word).count() - ends - others, ends)
        }
        Opener::Word(word, end) => {
            let words = words();
            let count = |word: &str| words.iter().filter(|one| *one == word).count();
            (count(word), count(end))
        }
        Opener::Pattern => {
            let is_pattern = |line: &&str| line.matches(')').count() > line.matches('(').count();
            (code.lines().filter(is_pattern).count(), code.matches(";;").count())
        }
        Opener::Line => {
            let begins = |line: &str| {
                let line: String = unquoted(line).collect::<String>().to_ascii_lowercase();
                let words: Vec<&str> =
                    line.split(|letter| !is_of_word(letter)).filter(|word| !word.is_empty()).collect();
                let first = words.first().is_some_and(|word| FIRST.contains(word));
                let last = words.iter().any(|word| ANYWHERE.contains(word));
                (usize::from(first || last), words.iter().filter(|word| **word == "end").count())
            };
            code.lines().map(begins).fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1))
        }
    };
    opened.0 > opened.1
}
