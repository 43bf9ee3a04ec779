//! Which blocks code begins and ends, and which of those that are open at a place have their end behind it.

use super::{
    begins::blanks,
    comments,
    language::is_of_word,
    open::{open_brackets, unquoted},
    place::Place,
    texts::Texts,
    words::{self, DIVIDING, Words},
};

/// Most lines above a place that are looked at for the heads of its blocks.
const MOST_ABOVE: usize = 2000;

/// What begins the blocks that a line ends.
#[derive(Clone, Copy)]
pub(super) enum Opener<'a> {
    /// Parentheses, brackets or braces.
    Bracket(usize),
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
    "begin", "case", "class", "def", "do", "for", "foreach", "function", "if", "let", "loop", "macro",
    "module", "quote", "repeat", "struct", "switch", "task", "try", "unless", "until", "while", "with",
];
/// Words that begin one wherever they stand.
const ANYWHERE: &[&str] = &["def", "do", "fn", "function", "begin", "then"];

/// What begins the blocks that a line ends. None where it does more than that.
pub(super) fn opener(line: &str) -> Option<Opener<'_>> {
    let line = line.trim();
    let bare = line.trim_end_matches([';', ',', ')', '.', '(']);
    let word = bare.to_ascii_lowercase();
    if line == ";;" {
        return Some(Opener::Pattern);
    }
    if line.trim_matches(['}', ')', ']', ';', ',']).is_empty() {
        return line.chars().find_map(|letter| ")]}".find(letter)).map(Opener::Bracket);
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
    match words::begin_of(&word) {
        Some("") => Some(Opener::Line),
        Some(begin) => Some(Opener::Word(begin, bare)),
        None => {
            let what =
                bare.get(..4).filter(|begin| begin.eq_ignore_ascii_case("end ")).map(|_| &bare[4..])?;
            what.chars().all(char::is_alphabetic).then_some(Opener::Word(what, "end"))
        }
    }
}

/// How many more blocks some lines begin than they end, of those that such an end would end.
pub(super) fn balance(said: &str, by: Opener<'_>, place: Place<'_>) -> isize {
    let code = comments::without(said, place.language());
    let words = || {
        let code: String = code.split('\n').flat_map(|line| unquoted(line).chain(['\n'])).collect();
        let words = code.split(|letter| !is_of_word(letter)).map(str::to_ascii_lowercase);
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>()
    };
    let opened = match by {
        Opener::Bracket(kind) => return open_brackets(&code)[kind],
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
            (words.iter().filter(|one| **one == word).count().saturating_sub(ends + others), ends)
        }
        Opener::Word(word, end) => {
            /// Of a makefile.
            const CONDITIONS: Words = Words("ifdef ifeq ifndef ifneq");
            let (words, end) = (words(), end.to_ascii_lowercase());
            let begins = |one: &&String| *one == word || word == "if" && CONDITIONS.have(one);
            let ends = words.iter().filter(|one| **one == end).count();
            (words.iter().filter(begins).count(), ends)
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
    opened.0.cast_signed() - opened.1.cast_signed()
}

/// How many blocks are open at a place that what stands below it does not end, of those that this would end.
///
/// Where a line above stands as deep as the first end below, that ends the block of this line, and those that begin
/// deeper lack theirs. Where indentation does not tell, it is as many as the whole text lacks.
pub(super) fn unended(by: Opener<'_>, below: &str, above: &[&str], place: Place<'_>) -> isize {
    let depth = blanks(below).len();
    let mut end = place.before.len();
    let (mut needed, mut least) = (0, usize::MAX);
    for line in above.iter().rev() {
        let begin = line.as_ptr().addr() - place.before.as_ptr().addr();
        let own = blanks(line).len();
        if own >= least || own < depth {
            continue;
        }
        let is_head = balance(&place.before[begin..end], by, place) > 0 || is_amid(line);
        if own == depth {
            // Beside what stands as deep as its head nothing is told.
            if least == usize::MAX && !is_head {
                break;
            }
            return needed;
        }
        needed += isize::from(is_head);
        (least, end) = (own, begin);
    }
    (balance(place.before, by, place) + balance(place.after, by, place)).max(0)
}

/// The lines above a place whose depth tells of its blocks.
pub(super) fn lines_above(place: Place<'_>) -> Vec<&str> {
    let texts = Texts::of(place.before, place.language());
    let mut lines: Vec<(usize, &str)> = place.before.split('\n').enumerate().collect();
    lines.retain(|(at, line)| !line.trim().is_empty() && !texts.has(*at) && !is_at_margin(line));
    lines[lines.len().saturating_sub(MOST_ABOVE)..].iter().map(|(_, line)| *line).collect()
}

/// Whether a line stands at the margin however deep the code is.
fn is_at_margin(line: &str) -> bool {
    line.starts_with('#') && !line.contains('{')
}

/// Whether a line divides a block in two.
fn is_amid(line: &str) -> bool {
    let word = line.trim_start().trim_start_matches('}').trim_start();
    let word = word.split(|letter: char| !letter.is_alphabetic()).next().unwrap_or_default();
    DIVIDING.have(word) || word == "in"
}

/// Whether code of one line has a tag whose element does not end on it.
pub(super) fn has_open_tag(line: &str) -> bool {
    const VOID: &[&str] =
        &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"];
    let tags = line.split('<').skip(1).filter_map(|tag| {
        let name = tag.split(|letter: char| !is_of_word(letter)).next().unwrap_or_default();
        match () {
            () if tag.starts_with('/') => Some(-1),
            () if name.is_empty() || tag.trim_end().ends_with("/>") || VOID.contains(&name) => None,
            () => Some(1),
        }
    });
    tags.sum::<isize>() > 0
}
