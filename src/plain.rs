//! Makes texts from elsewhere fit to be shown to people: in messages, titles, buttons, table cells, pages and terminals.
//!
//! A proxy, a vendor or a model chooses what is in an error, a name or an answer. Nothing of it may draw, hide, turn
//! around, open a link, or stand where our own words are looked for. Only what is shown goes through here: an answer
//! that is written into a file, and every result, stay as they are to the byte.

mod page;

use unicode_width::UnicodeWidthChar;

pub(crate) use page::page;

/// Widest text of a message, in columns: some sentences.
const SENTENCE: usize = 1200;

/// Several lines without what would not be seen, or would change how the rest is seen.
pub(crate) fn text(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => plain.push(character),
            '\u{2028}' | '\u{2029}' => plain.push('\n'),
            // These build one picture of several: a family, a flag, a red heart.
            '\u{200d}' | '\u{fe0f}' if plain.chars().next_back().is_some_and(is_pictured) => {
                plain.push(character)
            }
            character if is_seen(character) => plain.push(character),
            _ => {}
        }
    }
    plain
}

/// A message: one line, in which nothing is a link, a picture or HTML, for some editors show messages as Markdown.
pub(crate) fn sentence(text: &str) -> String {
    label(text, SENTENCE)
}

/// Several lines, in which nothing is a link, a picture or HTML.
pub(crate) fn lines(text: &str) -> String {
    unlinked(&self::text(text))
}

/// A title, a button or a name, at most so many columns wide; what is longer ends in an ellipsis.
pub(crate) fn label(text: &str, width: usize) -> String {
    if text.len() <= width && text.bytes().all(is_harmless) {
        return text.to_owned();
    }
    let line = self::text(text).split_whitespace().collect::<Vec<_>>().join(" ");
    shortened(&unlinked(&line), width)
}

/// Whether a byte is one column that nothing is done about, whatever stands beside it. Names and words of thousands of
/// models are made of nothing else.
fn is_harmless(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.:/@+".contains(&byte)
}

/// A cell of a Markdown table, which can't begin another cell or row.
pub(crate) fn cell(text: &str) -> String {
    const WIDTH: usize = 100;
    let mut cell = String::new();
    for character in label(text, WIDTH).chars() {
        if character == '|' {
            // A backslash before it would be one pair with ours for some, and leave the bar bare.
            cell.truncate(cell.trim_end_matches('\\').len());
            cell.push('\\');
        }
        cell.push(character);
    }
    cell
}

/// Takes the syntax of links, pictures and HTML apart by one blank each: nothing is lost, and nothing is escaped that
/// some editor would then show.
fn unlinked(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut before = ' ';
    for character in text.chars() {
        let parts = match before {
            ']' => matches!(character, '(' | ':' | '['),
            '!' => character == '[',
            '<' => character.is_ascii_alphabetic() || matches!(character, '/' | '!' | '?'),
            _ => false,
        };
        if parts {
            plain.push(' ');
        }
        plain.push(character);
        before = character;
    }
    plain
}

/// At most so many columns of a line.
pub(crate) fn shortened(line: &str, width: usize) -> String {
    let mut columns = 0;
    let mut fits = 0;
    for (at, character) in line.char_indices() {
        columns += character.width().unwrap_or(0);
        if columns > width {
            return format!("{}…", line[..fits].trim_end());
        }
        if columns < width {
            fits = at + character.len_utf8();
        }
    }
    // Marks without a width of their own could pile up for ever.
    match line.char_indices().nth(width * 4) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// A line of code in Markdown, between more marks than it has itself: whatever is in it is shown and means nothing, no link
/// and no picture.
pub(crate) fn code(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let longest = line.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let marks = "`".repeat(longest + 1);
    let gap = if line.starts_with('`') || line.ends_with('`') { " " } else { "" };
    format!("{marks}{gap}{line}{gap}{marks}")
}

/// A text as a block of code in Markdown, in a fence that is longer than all in it.
pub(crate) fn fenced(text: &str, language: &str) -> String {
    let marks = |line: &str| line.trim_start().bytes().take_while(|letter| *letter == b'`').count();
    let longest = text.lines().map(marks).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}")
}

/// Whether a character is there to be seen, and changes nothing but its own place.
pub(crate) fn is_seen(character: char) -> bool {
    let unseen = matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}');
    !unseen && !character.is_control()
}

/// Whether a character is one of pictures, as emoji are, and no letter.
fn is_pictured(character: char) -> bool {
    character >= '\u{203c}' && !character.is_alphanumeric() || character.is_ascii_digit()
}

/// The text with the characters that HTML and XML write by name or number.
pub(crate) fn without_entities(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        clean.push_str(&rest[..start]);
        rest = &rest[start + 1..];
        let entity = rest[..rest.floor_char_boundary(10)].split_once(';').map(|(entity, _)| entity);
        match entity.and_then(|entity| Some((entity, of_entity(entity)?))) {
            Some((entity, character)) => {
                clean.push(character);
                rest = &rest[entity.len() + 1..];
            }
            None => clean.push('&'),
        }
    }
    clean.push_str(rest);
    clean
}

fn of_entity(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_left_out_and_the_rest_stays() {
        for (given, shown) in [
            ("a\u{1b}[2Jb\u{7}\u{9b}c\r\n\td", "a[2Jbc\n\td"),
            ("evil\u{202e}gpj.exe\u{2066}\u{200f}", "evilgpj.exe"),
            ("gpt\u{200b}-\u{2060}4\u{feff}\u{ad}", "gpt-4"),
            ("tag\u{e0041}\u{e007f}s\u{e0100}\u{fe01}", "tags"),
            ("one\u{2028}two\u{2029}", "one\ntwo\n"),
            ("👩\u{200d}💻 ❤\u{fe0f} 模型 نموذج naïve", "👩\u{200d}💻 ❤\u{fe0f} 模型 نموذج naïve"),
            ("ad\u{200d}min\u{fe0f}", "admin"),
        ] {
            assert_eq!(text(given), shown, "{given:?}");
        }
    }

    /// The clients in other languages have the same rule, and read the same table.
    #[test]
    fn what_is_not_seen_is_what_the_clients_take_for_that() {
        let cases: serde_json::Value =
            serde_json::from_str(include_str!("../tests/cases/plain.json")).unwrap();
        let code = |end: &serde_json::Value| u32::from_str_radix(end.as_str().unwrap(), 16).unwrap();
        let ranges = cases["unseen"].as_array().unwrap();
        let ranges: Vec<_> = ranges.iter().map(|range| code(&range[0])..=code(&range[1])).collect();
        for character in ('\0'..=char::MAX).filter(|character| !['\n', '\t'].contains(character)) {
            let is_listed = ranges.iter().any(|range| range.contains(&u32::from(character)));
            assert_eq!(!is_seen(character), is_listed, "{character:?}");
        }
        for line in cases["lines"].as_array().unwrap() {
            assert_eq!(label(line[0].as_str().unwrap(), SENTENCE), line[1].as_str().unwrap());
        }
    }

    #[test]
    fn a_message_is_one_line_without_links_pictures_and_html() {
        for (given, shown) in [
            ("see [here](command:evil)", "see [here] (command:evil)"),
            ("see [here]\u{200b}(command:evil)", "see [here] (command:evil)"),
            (
                "![x](https://h/a.png) [x][y] [x]: command:z",
                "! [x] (https://h/a.png) [x] [y] [x] : command:z",
            ),
            ("<img src=x> </a> <!-- <?php <command:x>", "< img src=x> < /a> < !-- < ?php < command:x>"),
            ("a < b, x <= 3, v[0] and f(x) stay", "a < b, x <= 3, v[0] and f(x) stay"),
            ("one\n\n# two\r\n| three |", "one # two | three |"),
        ] {
            assert_eq!(sentence(given), shown);
        }
        assert_eq!(sentence(&"x".repeat(5000)).chars().count(), SENTENCE);
    }

    #[test]
    fn a_title_is_as_wide_as_it_may_be() {
        assert_eq!(label("12345", 5), "12345");
        assert_eq!(label("123456", 5), "1234…");
        assert_eq!(label("模型模型", 5), "模型…");
        assert_eq!(label("1234 6", 5), "1234…");
        assert!(label(&format!("e{}", "\u{301}".repeat(9999)), 5).chars().count() < 30);
    }

    #[test]
    fn what_is_harmless_would_stay_as_it_is() {
        let harmless: String = (0..=127).filter(|byte| is_harmless(*byte)).map(char::from).collect();
        for name in [harmless.clone(), harmless.chars().rev().collect()] {
            assert_eq!(shortened(&unlinked(&text(&name)), name.len()), name);
            assert_eq!(label(&name, name.len()), name);
            assert!(label(&name, name.len() - 1).ends_with('…'));
        }
        for first in harmless.chars() {
            for second in harmless.chars() {
                let name = format!("{first}{second}");
                assert_eq!(unlinked(&name), name);
            }
        }
    }

    #[test]
    fn a_cell_stays_in_its_place() {
        for (given, shown) in [
            ("a|b", r"a\|b"),
            (r"a\|b", r"a\|b"),
            (r"a\\\|b", r"a\|b"),
            ("a |\n| evil | free |", r"a \| \| evil \| free \|"),
        ] {
            assert_eq!(cell(given), shown);
        }
    }
}
