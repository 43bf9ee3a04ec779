//! How code goes into a text: in the place of a selection, or at a cursor. What was a line stays one.

use super::{Around, language::Kind, line_ends::with_lf, overlap, place::Place, prose};

impl Place<'_> {
    /// An answer's code as it is written here: it takes the place of the selection, or stands at the cursor. A block is
    /// what stood in a fence, and so is made of whole lines. The code's line ends are LF.
    pub(super) fn written(&self, code: &str, is_block: bool) -> String {
        self.with_line_ends(match self.selection {
            "" => insertion(code, is_block, *self),
            selection => replacement(code, &with_lf(selection), self.around().line_before()),
        })
    }
}

/// The code as it stands in the place of a selection: indented as the selection was, with the blanks in front of it that
/// belong to its line, and with the blank lines and blanks at its begin and end that the selection had.
fn replacement(code: &str, selection: &str, line_before: &str) -> String {
    let (head, selected, tail) = cut(selection);
    let code = cut(code).1;
    let is_amid = head.is_empty() && !line_before.trim().is_empty();
    let begins = match (head, is_amid) {
        ("", true) => blanks(line_before).to_owned(),
        ("", false) => format!("{line_before}{}", blanks(selected)),
        _ => blanks(selected).to_owned(),
    };
    let others = selected.split('\n').skip(1);
    let wanted = indentation(std::iter::once(&*begins).chain(others.filter(|line| !line.trim().is_empty())));
    let indented = indented(code, &begins, wanted, true);
    let new = match head {
        "" if is_amid => format!("{}{}", blanks(selected), indented.trim_start()),
        "" => indented.strip_prefix(line_before).unwrap_or(indented.trim_start()).to_owned(),
        _ => indented,
    };
    format!("{head}{new}{tail}")
}

/// The code as it stands at a cursor, without what stands there already.
fn insertion(code: &str, is_block: bool, place: Place<'_>) -> String {
    let around = place.around();
    let (line_before, line_after) = (around.line_before(), around.line_after());
    let Beginning { text, is_whole_line, said } = Beginning::of(code, is_block, place);
    let (kept, is_joined) = overlap::without_overlap(&text, around);
    if line_after.trim().is_empty() {
        return kept.trim_end().to_owned();
    }
    let is_spaced = line_after.starts_with([' ', '\t']);
    if is_joined {
        let bare = kept.trim_end_matches([' ', '\t']);
        return if is_spaced { bare } else { kept }.to_owned();
    }
    let has_lines = said.contains('\n');
    // The line end in front of a closing fence belongs to the fence.
    let trail = if is_block { "" } else { &code[code.trim_end().len()..] };
    let is_ended = match trail {
        "" => {
            let is_unended = place.kind() == Kind::Code && is_unended(said);
            is_whole_line && !is_unended && (has_lines || parts(place))
        }
        trail => trail.contains('\n') && (is_whole_line || has_lines),
    };
    let trail = match (is_ended, trail.rsplit_once('\n')) {
        (true, Some((_, ""))) => format!("{trail}{}", blanks(line_before)),
        (true, Some(_)) => trail.to_owned(),
        (true, None) => format!("\n{}", blanks(line_before)),
        (false, None) if !is_spaced => trail.to_owned(),
        (false, _) => String::new(),
    };
    format!("{}{trail}", kept.trim_end())
}

/// The beginning of such code while the rest of it still comes.
pub(super) fn begun(code: &str, is_block: bool, place: Place<'_>) -> String {
    let line_before = place.around().line_before();
    let said = line_before.trim_start();
    // It may be about to say the line again.
    if said.starts_with(code.trim_start_matches([' ', '\t'])) && !said.is_empty() {
        return String::new();
    }
    // Whether it has lines of its own shows in the second.
    let may_begin_line = is_block || is_comment(place) || is_whole_statement(place);
    let is_open = !said.is_empty() && may_begin_line && !cut(code).1.contains('\n');
    if is_open && !code.starts_with('\n') {
        return String::new();
    }
    Beginning::of(code, is_block, place).text.trim_end().to_owned()
}

/// How code begins at a cursor.
struct Beginning<'a> {
    /// The code from there on, without blanks at its end.
    text: String,
    /// Whether it begins a line, its own or the blank one of the cursor.
    is_whole_line: bool,
    /// What the model said of it.
    said: &'a str,
}

impl<'a> Beginning<'a> {
    fn of(code: &'a str, is_block: bool, place: Place<'_>) -> Self {
        let line_before = place.around().line_before();
        let (head, said, _) = cut(code);
        let indent = blanks(line_before);
        let bare = said.trim_start();
        if line_before.trim().is_empty() {
            let text = match indent {
                "" => said.to_owned(),
                // The indentation is there already.
                _ => {
                    let text = indented(said, indent, indent, is_block);
                    text.strip_prefix(indent).unwrap_or(text.trim_start()).to_owned()
                }
            };
            return Self { text, is_whole_line: true, said };
        }
        if head.is_empty() {
            // Chat models like to say the line again.
            if let Some(rest) = bare.strip_prefix(line_before.trim_start()) {
                return Self { text: rest.to_owned(), is_whole_line: false, said };
            }
            if !begins_line(said, is_block, place) {
                return Self { text: said.to_owned(), is_whole_line: false, said };
            }
            let is_exact = said.lines().all(|line| line.trim().is_empty() || line.starts_with(indent));
            let text = if is_exact { said.to_owned() } else { shifted(said, "", indent) };
            return Self { text: format!("\n{text}"), is_whole_line: true, said };
        }
        Self { text: format!("{head}{said}"), is_whole_line: true, said }
    }
}

/// Whether code that begins without a line end is to stand on lines of its own behind the text of the cursor's line.
fn begins_line(said: &str, is_block: bool, place: Place<'_>) -> bool {
    const CONTINUED: &[&str] = &["=>", "return", "await", "yield"];
    let line = place.around().line_before().trim();
    let has_lines = said.contains('\n');
    if is_comment(place) {
        let first = said.lines().next().unwrap_or_default();
        let is_code =
            first.starts_with(char::is_alphabetic) && (!prose::is_of_words(first) || first.contains("()"));
        let is_behind_blank = place.around().line_before().ends_with([' ', '\t']);
        return has_lines && is_block || is_code && (has_lines || !is_behind_blank);
    }
    let is_continued = match place.kind() {
        Kind::Code => {
            (is_unended(line) || CONTINUED.iter().any(|end| line.ends_with(end))) && !line.ends_with("*/")
        }
        Kind::Markdown | Kind::Text => !line.contains(char::is_alphanumeric),
    };
    is_block && has_lines && !is_continued || is_whole_statement(place) && is_statement(said)
}

/// Whether the line of the cursor gives a value that is whole up to there, such as `a = 1`: no name goes on from a number, a
/// quote or a bracket. Where a name ends it, nobody can tell.
fn is_whole_statement(place: Place<'_>) -> bool {
    let line = place.around().line_before().trim();
    let gives = !line.starts_with('#') && line.split_once(" = ").is_some_and(|(name, _)| !name.is_empty());
    let balance = line.matches(['(', '[', '{']).count() == line.matches([')', ']', '}']).count();
    let last = line.rsplit(|letter: char| !letter.is_alphanumeric() && !"_.".contains(letter)).next();
    let is_number = last.is_some_and(|word| word.starts_with(|letter: char| letter.is_ascii_digit()));
    let is_closed = is_number || line.ends_with([';', '"', '\'', '`', ')', ']', '}']);
    place.kind() == Kind::Code && gives && balance && is_closed && !is_unended(line)
}

/// Whether code begins with a statement that is no part of another.
fn is_statement(said: &str) -> bool {
    const WORDS: &[&str] =
        &["return ", "def ", "class ", "let ", "const ", "var ", "fn ", "func ", "import "];
    let line = said.lines().next().unwrap_or_default();
    let is_name = |name: &str| {
        name.starts_with(|letter: char| letter.is_alphabetic() || "_$@".contains(letter))
            && !name.contains(['(', '"', '\''])
    };
    WORDS.iter().any(|word| line.starts_with(word))
        || [" = ", " := ", " += "].iter().filter_map(|by| line.split_once(by)).any(|(name, _)| is_name(name))
}

/// Whether the line of the cursor is a comment up to there.
fn is_comment(place: Place<'_>) -> bool {
    const MARKS: &[&str] = &["//", "# ", "-- ", "; ", ";; ", "% "];
    let line = place.around().line_before().trim_start();
    place.kind() == Kind::Code && MARKS.iter().any(|mark| line.starts_with(mark))
}

/// Whether a line of code needs something behind it.
fn is_unended(line: &str) -> bool {
    const OPEN: &[char] =
        &['=', '(', '[', ',', '+', '-', '*', '/', '.', '&', '|', '?', '<', '\\', '"', '\'', '`'];
    const QUOTES: &[char] = &['"', '\'', '`'];
    match line.trim_end().chars().next_back() {
        // One that is closed ends a value.
        Some(end) if QUOTES.contains(&end) => line.matches(end).count() % 2 == 1,
        Some(end) => OPEN.contains(&end),
        None => true,
    }
}

/// Whether what stands behind the cursor begins a line of code and cannot go on from another.
fn parts(place: Place<'_>) -> bool {
    let behind = place.around().line_after();
    let begins = |letter: char| letter.is_alphanumeric() || "_\"'@#$".contains(letter);
    place.kind() == Kind::Code && (behind.starts_with(begins) || behind.starts_with("//"))
}

/// Whether a whole line would begin amid a word: nobody can tell where it belongs.
pub(super) fn splits_a_word(code: &str, place: Place<'_>) -> bool {
    let Around { before, after } = place.around();
    let is_in_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    place.selection.is_empty()
        && place.kind() == Kind::Code
        && before.ends_with(is_in_word)
        && !after.is_empty()
        && !place.around().line_after().trim().is_empty()
        && code.starts_with(is_in_word)
        && code.ends_with('\n')
        && code.trim_end().contains(' ')
        && !code.starts_with(place.around().line_before().trim_start())
}

/// A text cut into the blank lines that it begins with, what it says, and the blanks that it ends with.
fn cut(text: &str) -> (&str, &str, &str) {
    let end = text.trim_end().len();
    if end == 0 {
        let (said, tail) = text.split_at(text.find('\n').unwrap_or(text.len()));
        return ("", said, tail);
    }
    let begin = text.len() - text.trim_start().len();
    let begin = text[..begin].rfind('\n').map_or(0, |place| place + 1);
    (&text[..begin], &text[begin..end], &text[end..])
}

/// Code whose lines have the indentation of their place: `begins` is that of its first line, `wanted` the one that all
/// of them share. What has it already is left alone; models often leave it out of the first line, or of all of them.
/// What is bounded ends no block that was begun before it.
fn indented(code: &str, begins: &str, wanted: &str, is_bounded: bool) -> String {
    let (first, rest) = code.split_once('\n').unwrap_or((code, ""));
    let with_text = || rest.split('\n').filter(|line| !line.trim().is_empty());
    let second = if is_bounded { with_text().next() } else { rest.split('\n').next() };
    let is_flush = first.len() == first.trim_start().len();
    let stands = |second: &str| {
        let closes = second.trim_start().starts_with(['}', ')', ']']);
        match blanks(second).strip_prefix(wanted) {
            Some(deeper) => !opens(first) || !deeper.is_empty() || closes,
            None => closes && !opens(first) && !is_bounded,
        }
    };
    let is_exact = match second.filter(|line| !line.trim().is_empty()) {
        _ if blanks(first) == begins => true,
        None if is_bounded || rest.is_empty() => return format!("{begins}{}", first.trim_start()),
        None => is_flush,
        Some(second) => {
            is_flush && stands(second) && (!is_bounded || with_text().all(|line| line.starts_with(wanted)))
        }
    };
    match (is_exact, is_flush) {
        (true, true) => format!("{begins}{code}"),
        (true, false) => code.to_owned(),
        (false, _) => {
            let given = indentation(std::iter::once(first).chain(with_text()));
            shifted(code, given, wanted)
        }
    }
}

/// Code with another indentation in front of every line with text.
fn shifted(code: &str, given: &str, wanted: &str) -> String {
    let lines = code.split('\n').map(|line| {
        let bare = line.strip_prefix(given).unwrap_or(line);
        if bare.trim().is_empty() { bare.to_owned() } else { format!("{wanted}{bare}") }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether the line behind this one is indented by more.
fn opens(line: &str) -> bool {
    line.trim_end().ends_with([':', '{', '(', '[', '>'])
        || ["then", "do", "else"].contains(&line.split_whitespace().next_back().unwrap_or_default())
}

fn blanks(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// The blanks that all of some lines begin with.
fn indentation<'a>(mut lines: impl Iterator<Item = &'a str>) -> &'a str {
    let first = lines.next().map(blanks).unwrap_or_default();
    lines.fold(first, |common, line| {
        let shared = common.bytes().zip(line.bytes()).take_while(|(one, other)| one == other).count();
        &common[..shared]
    })
}

#[cfg(test)]
mod tests {
    use crate::assist::fit::{Answer, Fit, fit, so_far};

    use super::*;

    /// A text with an answer in the place between `«` and `»`.
    fn written(language: &str, text: &str, answer: &str) -> String {
        let (before, rest) = text.split_once('«').unwrap();
        let (selection, after) = rest.split_once('»').unwrap();
        let place = Place { language, selection, before, after, ..Place::default() };
        match fit(Answer { text: answer, finish_reason: Some("stop"), refusal: None }, place) {
            Fit::Write(new) => {
                if selection.is_empty() {
                    // What is shown of it while it comes is the beginning of what is written in the end.
                    let known = so_far(answer, place);
                    let is_begun = new.starts_with(&known) || known.starts_with(new.trim_end());
                    assert!(is_begun, "{text:?} + {answer:?}: {known:?} for {new:?}");
                }
                format!("{before}{new}{after}")
            }
            other => panic!("{text:?} + {answer:?}: {other:?}"),
        }
    }

    #[test]
    fn the_indentation_and_the_last_line_end_are_those_of_the_selection() {
        for (code, selection, replaced) in [
            ("let a = 1;", "x", "let a = 1;"),
            ("if a {\n    b\n}", "    if b {}\n", "    if a {\n        b\n    }\n"),
            ("    if a {\n        b\n    }\n", "    if b {}", "    if a {\n        b\n    }"),
            ("\tx\n\n\ty\n", "\t\tz\n", "\t\tx\n\n\t\ty\n"),
            ("    x\n  y", "    a\n  b", "    x\n  y"),
            ("  x\ny", "    a\n  b", "    x\n  y"),
            ("a\nb", "x\ny\n", "a\nb\n"),
            ("a\n\n", "x", "a"),
            ("a", "x\n\n", "a\n\n"),
            ("\na", "\n  x\n    ", "\n  a\n    "),
            ("a", "x ", "a "),
            ("a", "    \n", "    a\n"),
        ] {
            assert_eq!(replacement(code, selection, ""), replaced, "{code:?}");
        }
    }

    /// However the model indents its lines, and wherever in its line the selection begins.
    #[test]
    fn lines_have_the_indentation_of_the_selection_they_take_the_place_of() {
        for (language, head, selected, code) in [
            ("python", "def f():\n", "b = 2\nc = 3", "b = 20\nc = 30"),
            ("python", "def f():\n", "b = 2", "b = 20\nd = 4"),
            ("python", "def f():\n", "b = 2\nc = 3", "if b:\n    b = 20\nc = 30"),
            ("python", "def f():\n", "b = 2", "if b:\n    b = 20"),
            ("python", "def f():\n", "b = 2", "b = [\n    1,\n]"),
            ("python", "def f():\n", "b = 2", "b = 20\n\nif b:\n    c = 3\nelse:\n    c = 4"),
            ("rust", "fn f() {\n", "b();\nc();", "if b {\n    c();\n}"),
            ("rust", "fn f() {\n", "b();", "b(|| {\n    c();\n});\n\nd();"),
            ("html", "<main>\n", "<p>x</p>", "<div>\n    <p>x</p>\n</div>"),
        ] {
            let deep = |text: &str, indent: &str| {
                let lines = text.split('\n').map(|line| match line {
                    "" => String::new(),
                    line => format!("{indent}{line}"),
                });
                lines.collect::<Vec<_>>().join("\n")
            };
            for indent in ["    ", "\t", "        "] {
                let (selected, right) = (deep(selected, indent), deep(code, indent));
                let expected = format!("{head}{right}\n{indent}end\n");
                let begun = right.strip_prefix(indent).unwrap();
                let fenced = |code: &str| format!("```{language}\n{code}\n```");
                for answer in [code, &right, begun, &format!("{right}\n"), &fenced(code), &fenced(&right)] {
                    // From the begin of the line, behind its indentation, amid it; to the begin of the next line.
                    for skipped in 0..=indent.len() {
                        let (blanks, selected) = selected.split_at(skipped);
                        for text in [
                            format!("{head}{blanks}«{selected}»\n{indent}end\n"),
                            format!("{head}{blanks}«{selected}\n»{indent}end\n"),
                            format!("{head}{blanks}«{selected}\n{indent}»end\n"),
                        ] {
                            assert_eq!(written(language, &text, answer), expected, "{text:?} + {answer:?}");
                        }
                    }
                }
                // So at a blank line, where the cursor stands behind the indentation.
                for answer in [code, &right, begun, &fenced(code), &fenced(&right)] {
                    if answer == code && code.contains("\n\n") {
                        // It may as well end the block.
                        continue;
                    }
                    let text = format!("{head}{indent}«»\n{indent}end\n");
                    assert_eq!(written(language, &text, answer), expected, "{text:?} + {answer:?}");
                }
            }
        }
    }

    /// Whatever stands before and behind the cursor, and however the model ends its lines.
    #[test]
    fn lines_stay_lines_at_a_cursor() {
        const CODE: &[(&str, &str, &str, &[&str])] = &[
            (
                "python",
                "# sum of two",
                "c = 2",
                &["d = 4", "def add(a, b):\n    return a + b", "import os\n\nimport sys"],
            ),
            ("python", "def f(x):", "g(1)", &["    y = x\n    return y"]),
            ("rust", "fn a() {", "b();", &["    one();\n    two();", "    one();"]),
            ("javascript", "// sums", "b();", &["one();", "if (a) {\n  one();\n}"]),
            ("sql", "-- sums", "SELECT b;", &["SELECT a;", "SELECT a\nFROM t;"]),
            ("yaml", "a: 1", "c: 3", &["b: 2", "b:\n  - 2\n  - 3"]),
            ("toml", "a = 1", "c = 3", &["b = 2", "[b]\nd = 4"]),
            ("markdown", "# T", "Last.", &["Text.", "Text.\n\nMore of it."]),
            ("plaintext", "Title", "Last.", &["Text.", "Text.\nMore of it."]),
        ];
        for (language, above, below, codes) in CODE {
            for code in *codes {
                let forms = |before: bool, behind: bool| {
                    let mut forms = Vec::new();
                    for head in ["", "\n", "\n\n"] {
                        for tail in ["", "\n", "\n\n"] {
                            let said = (!before || !head.is_empty()) && (!behind || !tail.is_empty());
                            if said {
                                forms.push(format!("{head}{code}{tail}"));
                            }
                        }
                    }
                    if code.contains('\n') {
                        let info = if *language == "markdown" { "markdown" } else { language };
                        forms.push(format!("```{info}\n{code}\n```"));
                        forms.push(format!("\n```{info}\n{code}\n```\n"));
                    }
                    forms
                };
                for (text, before, behind) in [
                    (format!("«»{above}\n{below}\n"), false, true),
                    (format!("{above}\n«»{below}\n"), false, true),
                    (format!("{above}«»\n{below}\n"), true, false),
                    (format!("{above}\n{below}«»"), true, false),
                    (format!("{above}\n«»\n{below}\n"), false, false),
                    (format!("{above}\n\n«»\n\n{below}\n"), false, false),
                    (format!("{above}«»{below}\n"), true, true),
                ] {
                    for answer in forms(before, behind) {
                        let text = written(language, &text, &answer);
                        for line in code.lines().chain([*above, *below]).filter(|line| !line.is_empty()) {
                            let count = text.lines().filter(|one| one == &line).count();
                            assert_eq!(count, 1, "{language}: {line:?} of {answer:?} in {text:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn an_answer_continues_the_line_or_begins_another() {
        for (language, text, answer, right) in [
            // What the model began and ended without a line end goes on in the line.
            ("python", "a = «»1\n", "2 + ", "a = 2 + 1\n"),
            ("python", "«»def f(): pass\n", "async ", "async def f(): pass\n"),
            ("python", "a = «»\n", "1\n", "a = 1\n"),
            ("rust", "let a = «»;\n", "1 + 1\n", "let a = 1 + 1;\n"),
            ("rust", "let a = «»;\n", "```rust\n1 + 1;\n```", "let a = 1 + 1;\n"),
            ("rust", "let a = «»\n", "```rust\nf(\n    1,\n);\n```", "let a = f(\n    1,\n);\n"),
            ("rust", "f(«»);\n", "```rust\na,\nb\n```", "f(a,\nb);\n"),
            ("rust", "    let a = «»\n", "```rust\n    let a = 1;\n```", "    let a = 1;\n"),
            ("python", "# sum of two num«»\n", "bers\n", "# sum of two numbers\n"),
            ("python", "# «»\n", "f(a, b) adds", "# f(a, b) adds\n"),
            ("javascript", "// sum of «»\n", "two numbers\nf();", "// sum of two numbers\nf();\n"),
            ("markdown", "The sum «»of it.\n", "and the end ", "The sum and the end of it.\n"),
            ("markdown", "Text.«» End.\n", " More.", "Text. More. End.\n"),
            ("python", "f(a, «»one)\n", "x, one)", "f(a, x, one)\n"),
            // Code is glued to no comment, and whole lines to no others.
            ("python", "# sum of two«»\na = 1\n", "def f(): pass", "# sum of two\ndef f(): pass\na = 1\n"),
            ("python", "    # sum«»\n", "```\nb = 1\nc = 2\n```", "    # sum\n    b = 1\n    c = 2\n"),
            (
                "javascript",
                "// adds«»\n",
                "const a = 1;\nconst b = 2;",
                "// adds\nconst a = 1;\nconst b = 2;\n",
            ),
            ("python", "    a = 1«»\nc = 3\n", "b = 2", "    a = 1\n    b = 2\nc = 3\n"),
            ("python", "a = f(1)«»", "return a", "a = f(1)\nreturn a"),
            ("javascript", "const a = \"x\"«»\n", "const b = 2", "const a = \"x\"\nconst b = 2\n"),
            ("rust", "let a = 1;«»\n", "let b = 2;", "let a = 1;\nlet b = 2;\n"),
            // It may go on.
            ("python", "a = b«»\n", "ase = 2", "a = base = 2\n"),
            ("python", "a = 1«»\n", "0", "a = 10\n"),
            ("python", "a = 1«»\n", " + b", "a = 1 + b\n"),
            ("python", "a = x1«»\n", "b = 2", "a = x1b = 2\n"),
            ("python", "f(a = 1«»)\n", ", b = 2", "f(a = 1, b = 2)\n"),
            ("python", "a = 1\n«»c = 2\n", "x = 1", "a = 1\nx = 1\nc = 2\n"),
            ("python", "«»a = 1\n", "import os\n\n", "import os\n\na = 1\n"),
            ("python", "def f():\n    «»return 1\n", "x = 1\n    ", "def f():\n    x = 1\n    return 1\n"),
            ("python", "def f():\n    «»return 1\n", "x = 1\n", "def f():\n    x = 1\n    return 1\n"),
            ("python", "def f():\n    «»return 1\n", "    x = 1\n", "def f():\n    x = 1\n    return 1\n"),
            ("rust", "fn f() {\n    «»}\n", "one();\n}", "fn f() {\n    one();\n}\n"),
            ("rust", "fn f() {\n    «»", "one();\n    two();\n}\n", "fn f() {\n    one();\n    two();\n}"),
            (
                "python",
                "def f():\n    «»",
                "return 1\n\n\ndef g():\n    pass",
                "def f():\n    return 1\n\n\ndef g():\n    pass",
            ),
            ("markdown", "# T«»\n", "\n\nText.\n", "# T\n\nText.\n"),
            // What stands below at another depth is no repetition.
            (
                "python",
                "def f(x, y):\n    «»\n    return x\n",
                "if y:\n        return x",
                "def f(x, y):\n    if y:\n        return x\n    return x\n",
            ),
            (
                "python",
                "if a:\n    «»\n    continue\n",
                "if b:\n        continue\n",
                "if a:\n    if b:\n        continue\n    continue\n",
            ),
            ("yaml", "a:\n«»\n  - x: 1\n", "  - x: 1", "a:\n  - x: 1\n  - x: 1\n"),
            (
                "json",
                "[\n  «»\n  {\"a\": 1}\n]\n",
                "{\"b\": 2},\n  {\"a\": 1},",
                "[\n  {\"b\": 2},\n  {\"a\": 1},\n  {\"a\": 1}\n]\n",
            ),
        ] {
            assert_eq!(written(language, text, answer), right, "{text:?} + {answer:?}");
        }
    }

    #[test]
    fn a_line_is_not_written_amid_a_word() {
        let place = Place { language: "python", before: "a = 1\nc", after: " = 2\n", ..Place::default() };
        let answer = |text| Answer { text, finish_reason: Some("stop"), refusal: None };
        assert!(matches!(fit(answer("b = 2\n"), place), Fit::Show { .. }));
        assert_eq!(fit(answer("ount"), place), Fit::Write("ount".into()));
    }
}
