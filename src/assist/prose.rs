//! Which texts are sentences for people.

use std::borrow::Cow;

use super::{
    comments,
    language::{self, Layout},
};

/// Whether a text of code begins or ends with sentences for people, as answers do that explain themselves. A text of
/// code may hold some, but stands neither before nor behind them.
pub(super) fn is_around_code(text: &str, language: &str) -> bool {
    let paragraphs = paragraphs(text);
    let Some(first) = paragraphs.iter().find(|paragraph| !is_heading(paragraph)) else { return false };
    if is_value(text, language) {
        let is_data =
            |paragraph: &str| is_value(paragraph, language) || comments::is_one(paragraph, language);
        let last = paragraphs.last().filter(|_| paragraphs.len() > 1);
        return last.is_some_and(|last| is_remarked(last) || is_remark(last) && !is_data(last));
    }
    let begins = first.lines().next().unwrap_or_default();
    let last = paragraphs.last().filter(|_| paragraphs.len() > 1);
    let end = text.trim_end().lines().next_back().filter(|end| *end != begins);
    let is_ended =
        last.is_some_and(|last| is_remark(last) || is_remarked(last)) || end.is_some_and(is_remark);
    let are_changes = paragraphs.len() > 1 && last.is_some_and(|last| is_list_of_words(last, language));
    // A heading is code only where its mark is that of a comment.
    let is_headed = paragraphs.first().is_some_and(|paragraph| {
        let line = paragraph.lines().next().unwrap_or_default();
        // One mark alone may be that of a comment in another language.
        let is_plain = line == *paragraph || line.starts_with("##") || line.starts_with("**");
        is_heading(line) && is_plain && !comments::is_one(line, language)
    });
    let is_rule = |paragraph: &&str| {
        ["---", "***", "___"].contains(&paragraph.trim()) && !comments::is_one(paragraph, language)
    };
    let is_parted = paragraphs.len() > 2 && paragraphs.iter().any(is_rule) && comments::is_known(language);
    is_explanation(first) || is_explanation(begins) || is_ended || are_changes || is_headed || is_parted
}

/// Whether a paragraph begins with a word that models set before a remark, and says something behind it.
pub(super) fn is_remarked(paragraph: &str) -> bool {
    const WORDS: &[&str] = &[
        "note",
        "notes",
        "explanation",
        "changes",
        "key changes",
        "changes made",
        "error",
        "说明",
        "注意",
        "解释",
    ];
    let Some((word, said)) = paragraph.split_once([':', '：']) else { return false };
    let word = word.trim_matches(['*', '_', ' ', '#', '(']).to_lowercase();
    let said = said.trim_start_matches(['*', '_']).trim_end_matches([')', '*', '_']);
    let is_list = said.trim_start().starts_with(['-', '*']) && said.starts_with('\n');
    let is_long = said.split_whitespace().count() > 3 && said.trim_end().ends_with(['.', '!']);
    WORDS.contains(&&*word) && (is_list || is_long || said.trim_end().ends_with(['。', '！']))
}

/// Whether a paragraph is a list of items in words, in a language whose lines don't begin so.
fn is_list_of_words(paragraph: &str, language: &str) -> bool {
    Layout::of(language) != Layout::Offside
        && Layout::of(language) != Layout::Data
        && paragraph.lines().enumerate().all(|(at, line)| {
            let item = without_bullet(line);
            let is_lead = at == 0 && paragraph.contains('\n') && line.trim_end_matches('*').ends_with(':');
            // Below a line that leads to them single words are items too.
            let is_led =
                paragraph.lines().next().is_some_and(|lead| lead.trim_end_matches('*').ends_with(':'));
            let is_item = item.len() < line.len() && (is_led || item.split_whitespace().count() > 1);
            (is_lead || is_item) && is_of_words(item)
        })
}

/// Whether a text for a document of sentences begins or ends with what a model says to the one who asked, and is no part
/// of the text. One that speaks so itself may go on so.
pub(super) fn is_addressed(text: &str, selected: &str) -> bool {
    const BEGINS: &[&str] = &[
        "sure",
        "certainly",
        "of course",
        "absolutely",
        "here is",
        "here's",
        "here are",
        "below is",
        "rewritten",
        "revised",
        "improved",
        "updated",
        "hier ist",
        "voici",
        "aquí está",
        "aquí tienes",
        "ecco",
        "aqui está",
        "вот ",
        "以下是",
        "这是",
        "以下は",
        "다음은",
    ];
    let paragraphs = paragraphs(text);
    let begins = |text: &str, words: &[&str]| words.iter().any(|word| spoken(text).starts_with(word));
    let (Some(first), Some(last)) = (paragraphs.first(), paragraphs.last()) else { return false };
    let lead = first.trim_end().trim_end_matches(['*', '_']);
    let opens = begins(first, BEGINS)
        && (lead.ends_with([':', '：']) && paragraphs.len() > 1 || is_exclaimed(&spoken(first)));
    let closes = paragraphs.len() > 1 && begins(last, OF_WHAT_WAS_DONE);
    let is_explained = paragraphs.iter().skip(1).any(|paragraph| {
        explains(paragraph) && !selected.contains(paragraph.lines().next().unwrap_or_default())
    });
    (opens && !begins(selected, BEGINS)) || (closes && !spoken(selected).contains("i ")) || is_explained
}

/// Whether a paragraph begins with words that stand before what a model says of its answer, or is such a note.
fn explains(paragraph: &str) -> bool {
    const WORDS: &[&str] = &["explanation", "key changes", "changes made", "what changed", "what i changed"];
    let first = paragraph.lines().next().unwrap_or_default();
    let word = first.split([':', '：']).next().unwrap_or_default();
    let is_marked = word.len() < first.len() || first.starts_with('#') || first.starts_with("**");
    let word = word.trim_matches(['*', '_', ' ', '#']).to_lowercase();
    is_marked && WORDS.contains(&&*word) || first.starts_with("(Note") && is_remarked(paragraph)
}

/// What a model says of its answer behind it begins so.
const OF_WHAT_WAS_DONE: &[&str] = &[
    "i made ",
    "i added ",
    "i changed ",
    "i fixed ",
    "i kept ",
    "i only ",
    "i've made ",
    "i've added ",
    "i've changed ",
    "i've fixed ",
    "i've kept ",
    "i've rewritten ",
    "let me know",
    "feel free",
    "hope this",
    "i hope this",
    "would you like me",
    "is there anything else",
    "do you want me to",
    "this makes it ",
    "this version ",
];

/// Whether all of a text is what a model says of its answer to the one who asked.
pub(super) fn is_talk(text: &str) -> bool {
    let paragraphs = paragraphs(text);
    let first = paragraphs.first().map(|first| spoken(first)).unwrap_or_default();
    OF_WHAT_WAS_DONE.iter().any(|word| first.starts_with(word))
        || paragraphs.first().is_some_and(|first| is_remarked(first))
}

/// A text in small letters, without the marks before its first.
fn spoken(text: &str) -> String {
    text.trim_start_matches(['*', '_', '(', '>', '#', ' ']).to_lowercase().replace('’', "'")
}

/// Whether a text begins with a word called out, as models do that agree.
fn is_exclaimed(text: &str) -> bool {
    ["sure!", "certainly!", "of course!", "absolutely!", "sure, ", "sure thing"]
        .iter()
        .any(|word| text.starts_with(word))
}

/// Whether a text says that it holds several, of which one is to be chosen: in lines that count or name them.
pub(super) fn are_alternatives(text: &str) -> bool {
    const WORDS: &[&str] = &["option ", "alternative ", "approach ", "version ", "variant ", "solution "];
    let named = |line: &str| {
        let bare = line.trim().trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
        if ["before", "after", "original", "fixed"].contains(&&*bare) && line.contains(':') {
            return Some(bare);
        }
        let rest = WORDS.iter().find_map(|word| bare.strip_prefix(word))?;
        let end = rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len());
        let is_number = end == 1 && rest.starts_with(|letter: char| matches!(letter, '0'..='9' | 'a'..='d'));
        is_number.then(|| bare[..bare.len() - rest.len() + end].to_owned())
    };
    let mut names = text.lines().filter_map(named);
    let first = names.next();
    first.is_some_and(|first| names.any(|name| name != first))
}

/// Whether most of a text is sentences for people.
pub(super) fn is_prose(text: &str) -> bool {
    let paragraphs = paragraphs(text);
    let Some(first) = paragraphs.first() else { return false };
    let letters = |paragraphs: &[&str]| paragraphs.iter().map(|paragraph| paragraph.len()).sum::<usize>();
    let sentences: Vec<&str> =
        paragraphs.iter().copied().filter(|paragraph| is_explanation(paragraph)).collect();
    is_explanation(first) && letters(&sentences) * 2 > letters(&paragraphs)
}

fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n").map(|part| part.trim_matches('\n')).filter(|part| !part.trim().is_empty()).collect()
}

/// Whether a paragraph is a heading, as Markdown has them.
fn is_heading(paragraph: &str) -> bool {
    let is_marked = (paragraph.starts_with('#') && paragraph.trim_start_matches('#').starts_with(' '))
        || (paragraph.starts_with("**") && paragraph.ends_with("**"));
    is_marked && !paragraph.contains('\n')
}

/// Whether a text begins with a name and its value, or with an item of a list, in a language of such.
pub(super) fn is_value(text: &str, language: &str) -> bool {
    let line = text.trim_start().lines().next().unwrap_or_default();
    let word = line.split_whitespace().next().unwrap_or_default();
    language::is_data(language)
        && (word == "-" || word.ends_with(':') || word.contains(['=', ',']) || line.contains(" = "))
}

/// Whether a paragraph reads as one or more sentences.
fn is_explanation(paragraph: &str) -> bool {
    is_sentence(paragraph) || is_unended(paragraph)
}

/// Whether the last paragraph of a text is a remark on it. What closes a text or a comment belongs to the code.
pub(super) fn is_remark(paragraph: &str) -> bool {
    const CLOSING: &[&str] = &["\"\"\"", "'''", "*/", "-}", "-->", "]]", "}", ">", "`"];
    let last = paragraph.trim_end().lines().next_back().unwrap_or_default();
    let indented = paragraph.starts_with([' ', '\t']);
    !indented && !CLOSING.iter().any(|end| last.ends_with(end)) && is_sentence(paragraph)
}

/// Whether a paragraph reads as a sentence: begun with a capital, ended by a full stop or its like, made of words.
fn is_sentence(paragraph: &str) -> bool {
    /// Fewer words are an identifier or a value.
    const FEWEST_WORDS: usize = 3;
    /// As many where the first is in capitals, as the names of commands are.
    const FEWEST_BEHIND_CAPITALS: usize = 5;
    /// So many letters without a blank are as many words, in scripts that set none.
    const UNSPACED: usize = 3;
    let paragraph = &*with_spans_as_words(paragraph);
    let bare = begun(paragraph);
    // What ends with a straight quotation mark is a value.
    let ended = bare.trim_end().trim_end_matches(['*', '_', ')', '`', '”', '»', '」']);
    let ended = ended.trim_end_matches(|letter: char| letter == ' ' || is_picture(letter));
    let Some(end) = ended.chars().next_back().filter(|end| ENDS.contains(end)) else { return false };
    let words: Vec<&str> = bare.split_whitespace().collect();
    let Some(first) = words.first().filter(|first| is_word(first)) else { return false };
    let quoted = first.starts_with('`');
    let begins = first.starts_with(|letter: char| letter.is_alphabetic() && !letter.is_lowercase());
    let has_small = bare.chars().any(|letter| letter.is_alphabetic() && !letter.is_uppercase());
    if !(begins || quoted) || !has_small || ended.ends_with("::") {
        return false;
    }
    let is_unspaced = |letter: &char| letter.is_alphabetic() && *letter > '\u{2e7f}';
    if ended.chars().filter(is_unspaced).count() >= UNSPACED && first.starts_with(|c| is_unspaced(&c)) {
        return true;
    }
    let shouted = first.chars().filter(|letter| letter.is_alphabetic()).count() > 1
        && first.chars().all(|letter| !letter.is_lowercase())
        && first.is_ascii();
    let plain = words.iter().filter(|word| is_word(word)).count();
    match words.len() {
        _ if plain * 4 < words.len() * 3 => false,
        // "Done." and "Updated code:"
        1 => matches!(end, '.' | '!') && is_short_word(first),
        2 => is_short_word(first) && is_small(words[1]),
        few => few >= if shouted { FEWEST_BEHIND_CAPITALS } else { FEWEST_WORDS },
    }
}

/// A text whose code between backticks has no blanks, and so is a word of its sentence.
fn with_spans_as_words(text: &str) -> Cow<'_, str> {
    if text.matches('`').count() < 2 || text.contains("``") {
        return Cow::Borrowed(text);
    }
    let parts = text.split('`').enumerate();
    let parts: Vec<_> =
        parts.map(|(at, part)| if at % 2 == 1 { part.replace(' ', "_") } else { part.to_owned() }).collect();
    Cow::Owned(parts.join("`"))
}

/// What sentences end with.
const ENDS: [char; 13] = ['.', '!', '?', ':', '…', '。', '！', '？', '：', '؟', '۔', '।', '～'];

/// Whether a line is a sentence that lacks its full stop.
fn is_unended(line: &str) -> bool {
    const FEWEST_WORDS: usize = 4;
    let words: Vec<&str> = line.split_whitespace().collect();
    !line.trim().contains('\n')
        && words.len() >= FEWEST_WORDS
        && is_begun(line)
        && words.iter().skip(1).all(|word| is_small(word) || *word == "I")
}

/// A paragraph without what may stand before its first letter.
fn begun(paragraph: &str) -> &str {
    let bare = without_bullet(paragraph.trim_start_matches(' '))
        .trim_start_matches(['*', '_', '“', '«', '「', '¿', '¡', '>', ' ']);
    bare.trim_start_matches(|letter: char| letter == ' ' || is_picture(letter))
}

/// Whether a character is an emoji or a sign like it.
fn is_picture(letter: char) -> bool {
    matches!(letter, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

/// Whether a word has small letters alone.
fn is_small(word: &str) -> bool {
    is_word(word) && !word.contains(char::is_uppercase) && word.contains(char::is_alphabetic)
}

/// Whether a word begins with its only capital. `End.` is Pascal.
fn is_short_word(word: &str) -> bool {
    let small = word.chars().skip(1).filter(|letter| letter.is_alphabetic());
    is_word(word) && word != "End." && word.chars().count() > 2 && small.clone().all(char::is_lowercase)
}

/// Whether a line of several words is neither a sentence nor an item of a list, as where it is code.
pub(super) fn is_no_remark(line: &str) -> bool {
    let bare = begun(line);
    let is_small = bare.starts_with(|letter: char| letter.is_lowercase() || letter.is_ascii_punctuation());
    let ended = bare.trim_end().trim_end_matches(['*', '_', ')', '`']);
    bare == line && is_small && bare.split_whitespace().count() > 1 && !ended.ends_with(ENDS)
}

/// Whether a line is made of words alone.
pub(super) fn is_of_words(line: &str) -> bool {
    line.split_whitespace().all(is_word)
}

/// Whether a line reads as the beginning of a sentence.
pub(super) fn is_begun(line: &str) -> bool {
    let mut letters = line.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.next().is_some_and(|letter| letter.is_lowercase() || matches!(letter, ' ' | '\''))
        && line.split_whitespace().count() >= 3
        && line.split_whitespace().all(is_word)
}

/// Whether a line can be nothing but a part of a sentence: it has words behind its first that no code has.
pub(super) fn is_evident(line: &str) -> bool {
    const WORDS: &[&str] = &[
        "the", "of", "an", "to", "that", "this", "it", "its", "are", "be", "by", "each", "they", "their",
        "which",
    ];
    let is_plain = line.split_whitespace().filter(|word| is_word(word)).count() * 3
        >= line.split_whitespace().count() * 2;
    is_plain && line.split_whitespace().skip(1).any(|word| WORDS.contains(&word))
}

/// The text behind the mark of a list.
fn without_bullet(text: &str) -> &str {
    let behind = |mark: &str| text.strip_prefix(mark).and_then(|rest| rest.strip_prefix(' '));
    let numbered = || {
        let rest = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
        rest.strip_prefix(['.', ')'])
            .and_then(|rest| rest.strip_prefix(' '))
            .filter(|_| rest.len() < text.len())
    };
    behind("-").or_else(|| behind("*")).or_else(numbered).unwrap_or(text)
}

/// Whether a word is made of letters, but for marks around it. A word between backticks is one of a sentence, and so is
/// a dash.
fn is_word(word: &str) -> bool {
    const MARKS: &[char] =
        &['.', ',', ';', ':', '!', '?', '"', '\'', '(', ')', '“', '”', '«', '»', '*', '_', '…', '¿', '¡'];
    if matches!(word, "-" | "—" | "–" | "&") {
        return true;
    }
    let bare = word.trim_matches(MARKS);
    let quoted = bare.len() > 2 && bare.starts_with('`') && bare.ends_with('`');
    let is_inside = |letter: char| {
        letter.is_alphanumeric() || !letter.is_ascii() || matches!(letter, '\'' | '-' | '/' | ',' | '.')
    };
    let dotted = bare.contains('.') && !bare.contains(|letter: char| letter.is_ascii_digit());
    quoted || (!bare.is_empty() && !dotted && bare.chars().all(is_inside) && !word.ends_with(';'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explanations_are_prose_and_code_is_not() {
        for text in [
            "The selection is already as simple as it can be, so I left it as it is.",
            "I'm sorry, but I can't help with that.",
            "You could write:\n\n- Use a map for it.\n- Or take the list as it is.",
            "Here is what I would do. First, sort the list with `sort_by_key`, then take the first of it.",
            "Die Auswahl ist schon so einfach wie möglich.",
            "この選択範囲はすでに十分に簡潔です。",
            "1. Add the import at the top.\n\n2. Call the function where it is needed.",
            "**Note:** the function you selected is never called.",
        ] {
            assert!(is_prose(text), "{text}");
        }
        for text in [
            "",
            "let a = 1;",
            "return value",
            "// Adds two numbers and gives back the sum of them.\nfn add(a: u8, b: u8) -> u8 {\n    a + b\n}",
            "# Adds two numbers and gives back the sum.\ndef add(a, b):\n    return a + b",
            "\"\"\"Tools for sums.\n\nSums are made of numbers that were given before.\n\"\"\"\n",
            "def f():\n    \"\"\"Adds.\n\n    This adds the numbers that are given to it.\n    \"\"\"",
            "/** Adds two numbers.\n *\n * The numbers are given by the caller.\n */",
            "SELECT name FROM users WHERE id IN (1, 2);",
            "SELECT name FROM users",
            "MOVE A TO B.\nADD C TO D.",
            "Given I have a cart\nWhen I pay\nThen it is empty",
            "description: a short text about what it does",
            "git commit and push now",
            "DEFAULT:",
            "class Foo extends Bar implements Baz, Qux {}",
            "Module Example\n    Sub Main()\n    End Sub\nEnd Module",
            "- Buy milk\n- Buy bread",
        ] {
            assert!(!is_prose(text), "{text}");
        }
    }
}
