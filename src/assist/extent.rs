//! Whether an answer takes the place of what was selected: neither more nor less than that.

use super::{
    blocks::{Opener, balance, opener},
    closers, comments,
    indent::blanks,
    language::{self, Kind, LISPS, Layout, is_of_word},
    left_out,
    line_ends::with_lf,
    lines,
    open::open_brackets,
    parts,
    place::Place,
    repeats,
    structure::UNEVEN,
    texts::Texts,
    words::{self, INFIX},
};

/// How many lines of a selection are looked for in an answer.
const LINES: usize = 200;

/// Why an answer is not what takes the place of the selection. None where nothing speaks against it.
pub(super) fn doubt(code: &str, place: Place<'_>) -> Option<&'static str> {
    let selected = with_lf(place.selection);
    let is_code = place.kind() == Kind::Code;
    let of_code =
        if is_code { doubt_of_code(code, &selected, place) } else { doubt_of_text(code, &selected, place) };
    // What is said again of the line of a cursor, or of what stands behind it, is not written.
    let is_asked = || !selected.trim().is_empty() || place.around().line_before().trim().is_empty();
    let is_free = matches!(place.layout(), Layout::Free | Layout::Prose);
    let says_more = || is_asked() && repeats::says_more(code, &selected, place);
    let ends_more = || is_free && closers::end_what_goes_on(code, &selected, place);
    of_code.or_else(|| (says_more() || ends_more()).then_some(repeats::SAYS_MORE))
}

const IS_PART: &str = "the answer is a part alone of what was selected";
const LEFT_OUT: &str = "the answer leaves code out, and says so in its place";
const UNCLOSED: &str = "the answer does not close what the selection closes";

fn doubt_of_text(code: &str, selected: &str, place: Place<'_>) -> Option<&'static str> {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    match () {
        () if parts::is_one_of_several(&lines(code), &lines(selected), place) => Some(IS_PART),
        () if loses_end(code, selected, place) => Some(UNCLOSED),
        () if parts::is_from_within(code, selected, place) => Some(IS_PART),
        () if !selected.trim().is_empty() && left_out::is_said_in_text(code, selected, place.language()) => {
            Some(LEFT_OUT)
        }
        () => None,
    }
}

/// Whether the end of a tag or of an environment that a selection ends with, and that it does not begin, is missing.
fn loses_end(code: &str, selected: &str, place: Place<'_>) -> bool {
    let last = selected.trim_end().lines().next_back().unwrap_or_default();
    let mark = opener(last).filter(|by| matches!(by, Opener::Mark(..)));
    mark.is_some_and(|by| balance(selected, by, place) < 0 && balance(code, by, place) >= 0)
}

/// Whether the last line of a selection, which is less deep than its first, such as `end`, is missing.
fn loses_last(code: &str, selected: &str, place: Place<'_>) -> bool {
    let depths = |text: &str| {
        let texts = Texts::of(text, place.language());
        let is_own = |(at, line): &(usize, &str)| !line.trim().is_empty() && !texts.has(*at);
        let lines: Vec<&str> = text.lines().enumerate().filter(is_own).map(|(_, line)| line).collect();
        let first = lines.first().copied().unwrap_or_default();
        let last = lines.last().copied().unwrap_or(first);
        (blanks(first).len(), blanks(last).len(), last.trim().trim_end_matches([';', ',']).to_owned())
    };
    let (first, end, last) = depths(&format!("{}{selected}", place.around().line_before()));
    let (begins, ends, said) = depths(code);
    // The first line of an answer may lack its indentation as that of the selection does: then one alone tells.
    let is_told = place.around().line_before().is_empty() || !code.trim().contains('\n');
    is_told && end < first && ends >= begins && said != last
}

/// Whether an answer is a word or the name of a file, and no statement, where whole lines of code were selected.
fn is_word_alone(code: &str, selected: &str, place: Place<'_>) -> bool {
    let word = code.trim();
    let is_name = |word: &str| word.chars().all(|letter| is_of_word(letter) || "-./".contains(letter));
    // There no two stand side by side but around an operator.
    let is_command = || {
        let mut words = word.split(' ');
        place.layout() == Layout::Colon
            && words.clone().count() > 1
            && !lines::is_led(word)
            && words.all(|word| is_name(word) && !word.is_empty() && !INFIX.have(word))
    };
    (is_name(word) || is_command())
        && !lines::is_ended_by(word)
        && selected.trim().contains('\n')
        && place.around().line_before().trim().is_empty()
        && place.layout() != Layout::Data
        && !language::is_data(place.language())
        && !selected.lines().any(|line| line.trim() == word)
}

/// Whether an answer stands as deep as lines within a selection do, and begins otherwise than that.
fn is_from_within(code: &str, selected: &str, place: Place<'_>) -> bool {
    let depths = |text: &str| -> Vec<usize> {
        text.lines().filter(|line| !line.trim().is_empty()).map(|line| blanks(line).len()).collect()
    };
    let first_word = |text: &str| text.split_whitespace().next().map(str::to_owned);
    let (said, given) = (depths(code), depths(selected));
    let is_least =
        |depths: &[usize]| depths.first().is_some_and(|first| depths.iter().all(|one| one >= first));
    place.around().line_before().is_empty()
        && is_least(&said)
        && is_least(&given)
        && said[0] > given[0]
        && given.contains(&said[0])
        && first_word(code) != first_word(selected)
}

/// Whether an answer has a body that stands for one, below a header alone whose own body stands behind it.
fn is_body_left_out(code: &str, selected: &str, place: Place<'_>) -> bool {
    let after = with_lf(place.after);
    let mut below = after.lines().filter(|line| !line.trim().is_empty());
    let last = |text: &str| text.trim_end().lines().next_back().unwrap_or_default().to_owned();
    let header = last(selected);
    place.layout() == Layout::Colon
        && header.ends_with(':')
        && below.next().is_some_and(|line| blanks(line).len() > blanks(&header).len())
        && ["...", "pass"].contains(&last(code).trim())
}

fn doubt_of_code(code: &str, selected: &str, place: Place<'_>) -> Option<&'static str> {
    let language = place.language();
    if left_out::is_said(code, selected, language) {
        return Some(LEFT_OUT);
    }
    if comments::open(place.before, language).is_some_and(|(_, end)| place.after.contains(end)) {
        return None;
    }
    if selected.trim().is_empty() {
        return repeats::no_member(code, place);
    }
    let mut kept = selected.lines().map(str::trim).filter(|line| !line.is_empty()).take(LINES);
    let mut is_kept = || kept.any(|line| code.contains(line));
    let is_name = selected.trim().chars().all(is_of_word);
    // What stands behind the mark of a comment is a comment up to the end of the line.
    let commented = comments::cut(place.around().line_before(), language).1.is_some();
    let indent = blanks(place.around().line_before());
    let begin = if commented { selected.find('\n').unwrap_or(selected.len()) } else { 0 };
    let (said, given) =
        (Code::of(code, language), Code::of(&format!("{indent}{}", &selected[begin..]), language));
    // Elsewhere others stand by themselves too, as in patterns.
    let balanced: &[usize] = if language::is_one_of(LISPS, language) { &[0, 1, 2] } else { &[2] };
    match () {
        // A name alone may stand in a comment.
        () if said.is_empty() && !given.is_empty() && !is_name && !is_kept() => {
            Some("the answer is a comment alone, and would take the place of code")
        }
        () if is_word_alone(code, selected, place) => {
            Some("the answer is a word alone, and would take the place of lines of code")
        }
        () if is_from_within(code, selected, place)
            || parts::is_from_within(&said.lines.join("\n"), &given.lines.join("\n"), place)
            || parts::is_inner_of_data(code, selected, place) =>
        {
            Some(IS_PART)
        }
        () if is_body_left_out(code, selected, place) => Some(LEFT_OUT),
        () if said.imports_alone() && !given.imports_alone() && !is_name => {
            Some("the answer leaves out code of the selection")
        }
        () if said.opens_alone(&given, place.layout()) || place.keeps_code && !said.keeps(&given) => {
            Some("the answer leaves out code of the selection")
        }
        () if place.layout() == Layout::Free
            && balanced.iter().any(|kind| given.open[*kind] == 0 && said.open[*kind] != 0) =>
        {
            Some("the answer does not close each brace that it opens")
        }
        () if place.layout() == Layout::Free
            && comments::is_known(language)
            && said.closes_more(&given, language) =>
        {
            Some(UNEVEN)
        }
        () if said.closes_less(&given, language) || loses_end(code, selected, place) => Some(UNCLOSED),
        () if loses_last(code, &selected[begin..], place) => Some(UNCLOSED),
        () if parts::is_one_of_several(&said.lines, &given.lines, place) => Some(IS_PART),
        () => repeats::no_member(code, place),
    }
}

/// The lines of a text that are code, without comments and without what only ends a block or stands for its body.
struct Code {
    lines: Vec<String>,
    /// How many parentheses, brackets and braces it opens and does not close, as far as quotes let that be seen.
    open: [isize; 3],
}

impl Code {
    fn of(text: &str, language: &str) -> Self {
        const ENDS: &[&str] = &["{", "...", "…"];
        let mut code = comments::without(text, language);
        // Letters by themselves.
        if language::is_one_of(LISPS, language) {
            code = "()[]{}".chars().fold(code, |code, bracket| code.replace(&format!("\\{bracket}"), ""));
        }
        let is_end = |line: &str| {
            ENDS.contains(&line)
                || words::begin_of(line).is_some()
                || line.trim_matches(['}', ')', ']', ';', ',']).is_empty()
        };
        Self {
            lines: code.lines().filter(|line| !is_end(line.trim())).map(str::to_owned).collect(),
            open: open_brackets(&code),
        }
    }

    /// Whether it closes fewer brackets than other code does that has not opened them.
    fn closes_less(&self, given: &Self, language: &str) -> bool {
        // Its patterns end with one.
        let first = usize::from(language::are_kin("sh", language));
        (first..3).any(|kind| given.open[kind] < 0 && self.open[kind] > given.open[kind])
    }

    /// Whether it closes brackets that it has not opened, and other code does not.
    fn closes_more(&self, given: &Self, language: &str) -> bool {
        let first = usize::from(language::are_kin("sh", language));
        (first..3).any(|kind| given.open[kind] >= 0 && self.open[kind] < 0)
    }

    fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Whether all of it makes other code known.
    fn imports_alone(&self) -> bool {
        const WORDS: &[&str] = &["import ", "from ", "use ", "using ", "#include", "require ", "package "];
        !self.is_empty()
            && self.lines.iter().all(|line| WORDS.iter().any(|word| line.trim_start().starts_with(word)))
    }

    /// Whether these are the lines that open other code, and nothing of what they open.
    fn opens_alone(&self, given: &Self, layout: Layout) -> bool {
        let lines: Vec<&str> =
            given.lines.iter().map(String::as_str).filter(|line| line.trim() != "pass").collect();
        let (Some(last), Some(end), Some(body)) =
            (self.lines.last(), lines.last(), lines.get(self.lines.len()))
        else {
            return false;
        };
        let opens = |line: &str| {
            line.trim_end().ends_with('{') || layout == Layout::Colon && line.trim_end().ends_with(':')
        };
        let head = |line: &str| line.trim().trim_end_matches([' ', '{', '}', ';', ':', '.', '…']).to_owned();
        let is_deeper = blanks(body).len() > blanks(lines[self.lines.len() - 1]).len();
        opens(last) && !opens(end)
            || is_deeper && self.lines.iter().zip(lines).all(|(said, line)| head(said) == head(line))
    }

    /// Whether all words of other code are in it, in their order.
    fn keeps(&self, given: &Self) -> bool {
        let words = |code: &Self| {
            let words = code.lines.iter().flat_map(|line| line.split(|letter| !is_of_word(letter)));
            words.filter(|word| !word.is_empty() && *word != "pass").map(str::to_owned).collect::<Vec<_>>()
        };
        let mut said = words(self).into_iter();
        words(given).iter().all(|word| said.any(|one| one == *word))
    }
}

#[cfg(test)]
mod tests;
