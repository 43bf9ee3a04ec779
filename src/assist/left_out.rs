//! What an answer leaves out and says so in its place: by a comment, or by dots among elements.

use std::collections::{HashMap, HashSet};

use super::{
    comments,
    indent::blanks,
    language::{self, is_of_word},
    open::{innermost_open, unquoted},
};

/// What a comment says that stands for code, beside its dots.
const LEFT_OUT: [&str; 12] = [
    "rest of",
    "existing",
    "unchanged",
    "remaining",
    "as before",
    "same as",
    "omitted",
    "previous code",
    "your code",
    "other code",
    "省略",
    "不变",
];
/// What such a comment begins or ends with where it has no dots.
const LEFT_OUT_PLAINLY: [&str; 28] = [
    "rest unchanged",
    "rest is unchanged",
    "rest as before",
    "rest of the section",
    "code continues",
    "code continues here",
    "for brevity",
    "rest of the config",
    "rest of the content",
    "rest of the document",
    "rest of the markup",
    "rest of the page",
    "rest of the code",
    "rest of the function",
    "rest of the method",
    "rest of the class",
    "rest of the file",
    "rest of the implementation",
    "rest of code",
    "existing code",
    "existing code here",
    "remaining code",
    "unchanged code",
    "same as before",
    "code omitted",
    "your code here",
    "remains unchanged",
    "remains the same",
];
/// Longer ones say something of their own, in words.
const LONGEST_LEFT_OUT: usize = 7;
/// What says so wherever it stands.
const RESTS: [&str; 4] =
    ["rest as before", "rest unchanged", "rest remains unchanged", "rest of the code unchanged"];
/// What says so with nothing but dots beside it.
const REST: [&str; 6] = ["rest", "the rest", "etc", "more", "and so on", "others"];
const DOTS: [&str; 2] = ["...", "…"];

/// Whether code leaves out what was selected, and says so. Who has such a line or such dots keeps them.
pub(super) fn is_said(code: &str, selected: &str, language: &str) -> bool {
    let is_new = |line: &&str| !selected.contains(line.trim());
    let says_so = |line: &str| {
        says_rest(line, language)
            || stands_for_code(line, language)
            || language::are_kin(language, "python") && is_block_of_dots(line)
    };
    has_dots_alone(code, selected, language)
        || code.lines().filter(is_new).any(says_so)
        || RESTS.iter().any(|words| code.contains(words) && !selected.contains(words))
        || stands_for_lines(code, selected, language)
        || !selected.contains("...") && ends_with_dots(code, language)
        || !DOTS.iter().any(|dots| selected.contains(dots)) && has_dots_for_elements(code, language)
}

/// The same of text, in which only marks alone say so, and comments where the language has such.
pub(super) fn is_said_in_text(text: &str, selected: &str, language: &str) -> bool {
    const MARKS: [&str; 2] = ["[...]", "[…]"];
    let language = if comments::is_known(language) { language } else { "html" };
    let is_whole = |line: &str| comments::said(line, language).is_some_and(|(_, is_whole)| is_whole);
    let is_new = |line: &&str| !selected.contains(line.trim());
    let says_so = |line: &str| says_rest(line, language) || is_whole(line) && stands_for_code(line, language);
    has_dots_alone(text, selected, language)
        || MARKS.iter().any(|mark| text.contains(mark)) && !MARKS.iter().any(|mark| selected.contains(mark))
        || text.lines().filter(is_new).any(says_so)
}

/// Whether a line says between marks that a rest stays, such as `(rest unchanged)`, or by a word that is no code.
fn says_rest(line: &str, language: &str) -> bool {
    const BEGINS: [&str; 4] = ["rest ", "existing ", "remaining ", "unchanged"];
    const STAYS: [&str; 12] = [
        "unchanged",
        "same",
        "as before",
        "as is",
        "config",
        "code",
        "document",
        "text",
        "content",
        "omitted",
        "above",
        "here",
    ];
    const PAIRS: [(char, char); 5] = [('(', ')'), ('[', ']'), ('<', '>'), ('*', '*'), ('_', '_')];
    let bare = line.trim();
    let inside =
        |(open, close): &(char, char)| Some((*open, bare.strip_prefix(*open)?.strip_suffix(*close)?));
    let Some((open, inside)) = PAIRS.iter().find_map(inside) else { return false };
    // Sections, and tags.
    let may_be_code = match open {
        '[' => language::is_data(language) && !language::is_yaml(language),
        '<' => comments::is_markup(language),
        _ => false,
    };
    let said = inside.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
    let said = said.trim_start_matches("the ");
    let are_words = said.chars().all(|letter| letter.is_alphabetic() || " .,'".contains(letter));
    let is_short = said.split_whitespace().count() <= LONGEST_LEFT_OUT + 2;
    !may_be_code
        && are_words
        && is_short
        && BEGINS.iter().any(|word| said.starts_with(word))
        && STAYS.iter().any(|word| said.contains(word))
}

/// Whether the body of a block of Python is dots, where these stand for what it does.
fn is_block_of_dots(line: &str) -> bool {
    const HEADERS: [&str; 7] = ["for ", "while ", "if ", "elif ", "else", "with ", "try"];
    let bare = line.trim();
    HEADERS.iter().any(|word| bare.starts_with(word))
        && DOTS.iter().any(|dots| bare.ends_with(&format!(": {dots}")))
}

/// Whether a line is nothing but dots where these mean nothing.
fn has_dots_alone(code: &str, selected: &str, language: &str) -> bool {
    /// There dots are a statement, or a part of patterns.
    const OF_STATEMENTS: &[&str] = &["python", "perl", "raku"];
    /// There they are an argument, or a member.
    const OF_BRACKETS: &[&str] = &["c", "lua", "ruby", "r", "rust", "zig", "nix", "crystal", "idl", "elixir"];
    let is_of = |names: &[&str]| names.iter().any(|name| language::are_kin(name, language));
    let is_alone = |line: &str| {
        let bare = line.trim().trim_start_matches('[').trim_end_matches([']', ',', ';']);
        DOTS.contains(&bare) || bare == "...."
    };
    let is_stray = |line: &str| line.trim() == "....";
    if selected.lines().any(is_alone) || is_of(OF_STATEMENTS) || is_of(language::LISPS) {
        return code.lines().any(is_stray) && !selected.lines().any(is_stray);
    }
    let mut begin = 0;
    code.split_inclusive('\n').any(|line| {
        let at = begin;
        begin += line.len();
        let open = || innermost_open(&code[..at]).map(|(_, open)| open);
        let is_argument =
            || is_of(OF_BRACKETS) && open().is_some_and(|open| open != '{' || language == "nix");
        // It ends a document there, and another begins behind a mark.
        let rest = code[begin..].trim_start();
        let ends_document = || {
            language::is_yaml(language)
                && line.starts_with("...")
                && (rest.is_empty() || rest.starts_with(['-', '%', '#']))
        };
        is_alone(line) && !is_argument() && !ends_document()
    })
}

/// Whether a comment stands where selected code is missing, whatever it says: between two lines that are kept, or at the
/// end, where the last of the selected code is gone and less came than was there.
fn stands_for_lines(code: &str, selected: &str, language: &str) -> bool {
    let lines = |text: &'_ str| {
        text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect::<Vec<_>>()
    };
    let (said, given) = (lines(code), lines(selected));
    let is_comment = |line: &str| comments::said(line, language).is_some_and(|(_, is_whole)| is_whole);
    let is_code = |line: &&String| line.contains(char::is_alphanumeric) && !is_comment(line);
    let places: HashMap<&String, usize> =
        given.iter().enumerate().rev().map(|(at, line)| (line, at)).collect();
    let kept: HashSet<&String> = said.iter().filter(|line| places.contains_key(line)).collect();
    let is_between = |before: Option<&String>, behind: Option<&String>| {
        let place = |line: Option<&String>| places.get(line?).copied();
        let (Some(before), Some(behind)) = (place(before), place(behind)) else { return false };
        let gap = given.get(before + 1..behind).unwrap_or_default();
        gap.iter().any(|line| is_code(&line) && !kept.contains(line))
    };
    let is_new = |line: &String| is_comment(line) && !places.contains_key(line);
    let count = |lines: &[String]| lines.iter().filter(is_code).count();
    let is_at_end = || {
        let last = given.iter().rfind(is_code);
        said.last().is_some_and(is_new)
            && last.is_some_and(|last| !kept.contains(last))
            && (1..count(&given)).contains(&count(&said))
    };
    said.windows(3).any(|lines| is_new(&lines[1]) && is_between(lines.first(), lines.last())) || is_at_end()
}

/// Whether code of Python ends with dots behind another statement of their block, where they are the body of nothing.
fn ends_with_dots(code: &str, language: &str) -> bool {
    let mut lines = code.lines().rev().filter(|line| !line.trim().is_empty());
    let (last, before) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    language::are_kin(language, "python")
        && DOTS.contains(&last.trim())
        && blanks(last) == blanks(before)
        && !before.trim_end().ends_with([':', ','])
        && !before.is_empty()
}

/// Whether a line stands for code, such as `// ... existing code ...`.
fn stands_for_code(line: &str, language: &str) -> bool {
    const EMPTY: [&str; 3] = ["pass", "{", "{}"];
    let comment = comments::said(line, language).map(|(said, is_whole)| {
        let code = line.trim_end().strip_suffix(said.trim_end()).unwrap_or_default();
        let code = code.trim().trim_end_matches(['/', '#', '-', ' ']);
        (said, is_whole || EMPTY.contains(&code))
    });
    let (said, is_whole) = comment.unwrap_or((line.trim().trim_start_matches(['[', '(', '<']), false));
    let said = said.to_lowercase();
    let has_dots = DOTS.iter().any(|dots| match comment {
        Some(_) => said.contains(dots),
        None => said.starts_with(dots),
    });
    let rest = said.trim_matches(|letter: char| !letter.is_alphanumeric());
    let says_so = LEFT_OUT.iter().any(|words| said.contains(words)) || REST.contains(&rest);
    let is_framed = is_whole && said.trim().starts_with("...") && said.trim().ends_with("...");
    let is_bare = is_whole && !said.contains(char::is_alphanumeric);
    let plain = said.trim_matches(|letter: char| !letter.is_alphanumeric()).trim_start_matches("the ");
    let says_plainly = is_whole
        && plain.split_whitespace().count() <= LONGEST_LEFT_OUT
        && LEFT_OUT_PLAINLY.iter().any(|words| plain.starts_with(words) || plain.ends_with(words));
    has_dots && (is_bare || is_framed || says_so)
        || says_plainly
        || comment.is_none() && is_in_brackets(line.trim(), language)
}

/// Whether a line is nothing but dots or words for code that is left out, in brackets.
fn is_in_brackets(line: &str, language: &str) -> bool {
    const BRACKETS: [(char, char); 4] = [('[', ']'), ('<', '>'), ('(', ')'), ('{', '}')];
    let inside = BRACKETS.iter().find_map(|(open, close)| line.strip_prefix(*open)?.strip_suffix(*close));
    let is_text = comments::is_markup(language) || language::is_data(language);
    let Some(inside) = inside.map(|text| text.trim_matches(['{', '}', '[', ']', ' '])).filter(|_| !is_text)
    else {
        return false;
    };
    let are_words = inside.contains(char::is_alphabetic)
        && inside.chars().all(|letter| letter.is_alphabetic() || " .…'".contains(letter));
    DOTS.contains(&inside) || are_words && LEFT_OUT.iter().any(|words| inside.to_lowercase().contains(words))
}

/// Whether dots stand in the place of elements, as in `[1, 2, ...]`, in a language in which they mean nothing there.
fn has_dots_for_elements(code: &str, language: &str) -> bool {
    let code = comments::without(code, language);
    if !DOTS.iter().any(|dots| code.contains(dots)) {
        return false;
    }
    let outside = code.lines().map(|line| unquoted(line).collect::<String>()).collect::<Vec<_>>().join("\n");
    let kin = |names: &[&str]| names.iter().any(|name| language::are_kin(name, language));
    let stands = DOTS.iter().flat_map(|dots| outside.match_indices(dots));
    if kin(&["json", "toml"]) {
        return stands.count() > 0;
    }
    let means_nothing: fn(&str, char, &str) -> bool = match () {
        () if kin(&["javascript"]) || language::is_yaml(language) => |_, before, behind| {
            "[{(,:-".contains(before) && (behind.is_empty() || behind.starts_with(['\n', ']', '}', ')', ',']))
        },
        () if kin(&["python"]) => |text, before, behind| {
            is_of_display(text, before) && behind.trim_start().starts_with([']', '}', ')'])
        },
        () if kin(&["rust", "go", "c", "java", "kotlin", "csharp", "ruby", "dart", "zig", "css"])
            || language.eq_ignore_ascii_case("php") =>
        {
            |_, before, behind| "{,".contains(before) && behind.trim_start().starts_with([']', '}', ','])
        }
        () => return false,
    };
    stands.into_iter().any(|(at, dots)| {
        let (text, behind) = (outside[..at].trim_end(), &outside[at + dots.len()..]);
        let before = text.chars().next_back().unwrap_or('\n');
        means_nothing(text, before, behind.trim_start_matches([' ', '\t']))
    })
}

/// Whether dots behind a text of Python would be an element of a dictionary, or of a list or tuple whose other elements
/// are spelled out: of `x[1, ...]` and `f(1, ...)` they are a part.
fn is_of_display(text: &str, before: char) -> bool {
    let Some((at, opening)) = innermost_open(text) else { return false };
    let is_behind_value = text[..at].ends_with(|letter| is_of_word(letter) || ")]".contains(letter));
    let spelled = text.trim_end_matches(',').trim_end();
    let is_spelled = spelled.ends_with(|letter: char| letter.is_ascii_digit() || "\"')]}".contains(letter));
    match opening {
        '{' => "{,".contains(before),
        _ => before == ',' && is_spelled && !is_behind_value,
    }
}
