//! What comments are in each language: all that is asked of the one table of their marks.

mod marks;

pub(super) use marks::Block;
use marks::Marks;

/// Whether the comments of a language are known.
pub(super) fn is_known(language: &str) -> bool {
    !Marks::of(language).is_unknown()
}

/// Whether a language may be one of tags.
pub(super) fn is_markup(language: &str) -> bool {
    Marks::of(language).blocks.iter().any(|(open, _)| *open == "<!--")
}

/// A line cut where the comment begins that goes on to its end: the code before, and what stands behind the comment's
/// mark.
pub(super) fn cut<'a>(line: &'a str, language: &str) -> (&'a str, Option<&'a str>) {
    let begin = line.len() - line.trim_start().len();
    let marks = Marks::of(language);
    if marks.is_unknown() {
        let mark = marks.line.iter().find(|mark| line[begin..].starts_with(**mark));
        return (
            &line[..mark.map_or(line.len(), |_| begin)],
            mark.map(|mark| &line[begin + mark.trim_end().len()..]),
        );
    }
    let mut quote = None;
    let mut before = ' ';
    for (at, letter) in line.char_indices() {
        let is_mark = quote.is_none() && (at == begin || before == ' ' || before == '\t' || before == ';');
        // Amid a line that of Vim is a quote.
        let is_one =
            |mark: &&&str| is_mark && line[at..].starts_with(**mark) && (at == begin || **mark != "\"");
        if let Some(mark) = marks.line.iter().find(is_one) {
            return (&line[..at], Some(line[at..].trim_start_matches(*mark)));
        }
        match quote {
            Some(open) if open == letter && before != '\\' => quote = None,
            Some(_) => {}
            // One that has no partner is an apostrophe, or a lifetime.
            None if letter == '"' || letter == '\'' && line[at + 1..].contains('\'') => quote = Some(letter),
            None => {}
        }
        before = letter;
    }
    (line, None)
}

/// Whether a line is a comment and nothing else.
pub(super) fn is_one(line: &str, language: &str) -> bool {
    matches!(cut(line, language), (code, Some(_)) if code.trim().is_empty())
}

/// Most blocks of a line that are looked at: more cost the square of their number.
const MOST: usize = 64;

/// A text of code without its comments and the texts that document it. Its lines stay lines.
pub(super) fn without(text: &str, language: &str) -> String {
    let mut code = String::with_capacity(text.len());
    // What closes the block that is open, and whether it is a text of the code.
    let mut closing: Option<(&str, bool)> = None;
    for line in text.lines() {
        let mut rest = line;
        // What a system runs a file by is more than a comment.
        for _ in 0..MOST {
            if closing.is_none() && line.starts_with("#!") {
                break;
            }
            if let Some((close, is_code)) = closing {
                let Some((inside, behind)) = rest.split_once(close) else { break };
                if is_code {
                    code.extend([inside, close]);
                }
                (rest, closing) = (behind, None);
            }
            let Some((begin, (open, close))) = opening(rest, language) else { break };
            let is_code = open == close && !rest[..begin].trim().is_empty();
            code.extend([&rest[..begin], if is_code { open } else { "" }]);
            (rest, closing) = (&rest[begin + open.len()..], Some((close, is_code)));
        }
        match closing {
            Some((_, false)) => {}
            Some((_, true)) => code.push_str(rest),
            None => code.push_str(if line.starts_with("#!") { rest } else { cut(rest, language).0 }),
        }
        code.push('\n');
    }
    code
}

/// The block that code begins with. None where it begins with none.
pub(super) fn block(code: &str, language: &str) -> Option<Block> {
    blocks(language).iter().find(|(open, _)| code.starts_with(open)).copied()
}

/// What the blocks of a language stand between.
pub(super) fn blocks(language: &str) -> &'static [Block] {
    Marks::of(language).blocks
}

/// Where a block begins in a line of code. A text that documents begins its line.
fn opening(line: &str, language: &str) -> Option<(usize, Block)> {
    let code = cut(line, language).0.len();
    let is_one = |begin: usize| {
        let before = &line[..begin];
        let is_quoted = ['"', '\'', '`'].iter().any(|quote| before.matches(*quote).count() % 2 == 1);
        begin <= code && !is_quoted
    };
    let found = blocks(language).iter().filter_map(|block| Some((line.find(block.0)?, *block)));
    found.filter(|(begin, _)| is_one(*begin)).min_by_key(|(begin, _)| *begin)
}

/// The comment or the text of several lines that is open at the end of a text: what it stands between. None where none is.
pub(super) fn open(text: &str, language: &str) -> Option<Block> {
    let Marks { blocks, texts, .. } = Marks::of(language);
    let is_open = |(open, close): &&Block| match open == close {
        true => text.matches(open).count() % 2 == 1,
        false => text.rfind(open).is_some_and(|place| !text[place + open.len()..].contains(close)),
    };
    blocks.iter().chain(*texts).find(is_open).copied()
}

/// What the comment of a line says, in whichever language it may be meant, for models take another's marks too; and
/// whether it is all of the line. None where the line has none.
pub(super) fn said<'a>(line: &'a str, language: &str) -> Option<(&'a str, bool)> {
    let behind = |language| {
        let (code, comment) = cut(line, language);
        Some((comment?, code.trim().is_empty()))
    };
    let within = |language| {
        let (begin, (open, close)) = opening(line, language)?;
        let (inside, rest) =
            line[begin + open.len()..].split_once(close).unwrap_or((&line[begin + open.len()..], ""));
        (open != close).then_some((inside, line[..begin].trim().is_empty() && rest.trim().is_empty()))
    };
    [language, ""].into_iter().find_map(|language| behind(language).or_else(|| within(language)))
}

/// The mark that a line of comment begins with, and the blanks behind it, such as `/// `. None where it is none.
pub(super) fn mark<'a>(line: &'a str, language: &str) -> Option<&'a str> {
    let line = line.trim_start();
    let said = cut(line, language).1.filter(|_| is_one(line, language))?;
    let letters = &line[..line.len() - said.len()];
    let said =
        said.trim_start_matches(|letter| letters.contains(letter) || "!|".contains(letter)).trim_start();
    Some(&line[..line.len() - said.len()])
}

/// The same of a line within a comment of several lines.
pub(super) fn mark_within(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let said = line.strip_prefix('*').filter(|said| said.is_empty() || said.starts_with([' ', '\t']))?;
    Some(&line[..line.len() - said.trim_start().len()])
}

/// A line without the marks of comments that it begins with, in whichever language.
pub(super) fn bare(line: &str) -> &str {
    line.trim().trim_start_matches(['/', '#', '*', '-', ';', '%']).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_begins_outside_of_quotes_with_the_mark_of_its_language() {
        for (language, line, code, comment) in [
            ("python", "    # a", "    ", Some(" a")),
            ("python", "a = 1  # b", "a = 1  ", Some(" b")),
            ("python", "a = '#1' # b", "a = '#1' ", Some(" b")),
            ("python", "a // b", "a // b", None),
            ("python", "a = \"x # y", "a = \"x # y", None),
            ("yaml", "a: b#c", "a: b#c", None),
            ("yaml", "a: it's # c", "a: it's ", Some(" c")),
            ("rust", "fn f<'a>(b: &'a str) { // c", "fn f<'a>(b: &'a str) { ", Some(" c")),
            ("rust", "#[test]", "#[test]", None),
            ("javascript", "f('http://a');", "f('http://a');", None),
            ("c", "#include <a>", "#include <a>", None),
            ("css", "#id {", "#id {", None),
            ("sql", "-- a", "", Some(" a")),
            ("bash", "x=$#", "x=$#", None),
            ("unknown", "  ;; a", "  ", Some(" a")),
            ("unknown", "a // b", "a // b", None),
        ] {
            assert_eq!(cut(line, language), (code, comment), "{language}: {line}");
        }
    }
}
