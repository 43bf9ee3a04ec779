//! What a line of code is by its words and signs: a statement, the head of a block, or one that is not at its end.

use super::{
    comments,
    language::{Layout, is_of_word},
    open::has_open_bracket,
    place::Place,
    words::{self, OPENING, OPENING_BY_DEPTH},
};

/// Whether a line is a word that is one by itself, such as one that ends a block.
pub(super) fn is_ended_by(line: &str) -> bool {
    words::is_line(line.trim_end_matches(';'))
}

/// Whether a line of code is a statement by its first word, or assigns something.
pub(super) fn is_statement(line: &str) -> bool {
    const ASSIGNING: &[&str] = &[" = ", " := ", " += ", " -= ", " <- ", " *= ", " |= "];
    is_led(line) || ASSIGNING.iter().any(|sign| line.contains(sign))
}

/// Whether a line gives one name a value.
pub(super) fn assigns(line: &str) -> bool {
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
pub(super) fn is_keyword(word: &str) -> bool {
    words::begins_statement(&word.to_ascii_lowercase())
}

/// Whether a line begins with a word that statements begin with, and no other word does.
pub(super) fn is_led(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let word = words.next().unwrap_or_default().trim_end_matches(['(', ':', ';', '{']);
    is_ended_by(line) || (words.next().is_some() && words::begins_statement(word))
}

/// Whether a line has words in a row as a sentence has, and no signs of code.
pub(super) fn has_words(line: &str) -> bool {
    const MOST_OF_CODE: usize = 3;
    let words =
        line.split(' ').filter(|word| word.trim_end_matches([',', '.']).chars().all(char::is_alphabetic));
    words.count() > MOST_OF_CODE && !line.contains(['=', '(', ')', '{', '}', ';', '"'])
}

/// The word that a line ends with. Blank where it ends otherwise.
pub(super) fn last_word(code: &str) -> &str {
    code.rsplit(|letter| !is_of_word(letter)).next().unwrap_or_default()
}

/// Whether a line of code opens a block, its comment aside.
pub(super) fn opens_body(line: &str, place: Place<'_>) -> bool {
    opens_block(comments::cut(line, place.language()).0.trim(), place.layout())
}

/// Whether what follows a line of code is a block that it opens.
pub(super) fn opens_block(code: &str, layout: Layout) -> bool {
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
                || OPENING_BY_DEPTH.have(word)
                || OPENING.have(word)
        }
        Layout::Free | Layout::Prose => OPENING.have(word) && word.len() < code.len() || word == "else",
    }
}

/// Whether a text in quotes or a template is open at the end of a line.
pub(super) fn is_in_quotes(code: &str) -> bool {
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
