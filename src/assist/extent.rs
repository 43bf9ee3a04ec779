//! Whether an answer takes the place of what was selected: neither more nor less than that.

use super::{language::Kind, line_ends::with_lf, place::Place};

/// What a comment of a line begins with.
const COMMENTS: [&str; 8] = ["//", "/*", "#", "*", "--", "<!--", "{/*", ";"];
/// What stands in a comment that stands for code, beside its dots.
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

/// Why an answer is not what takes the place of the selection. None where nothing speaks against it.
pub(super) fn doubt(code: &str, place: Place<'_>) -> Option<&'static str> {
    if place.kind() != Kind::Code {
        return None;
    }
    let selected = with_lf(place.selection);
    if code.lines().any(|line| stands_for_code(line) && !selected.contains(line.trim())) {
        return Some("a comment of the answer stands for code that it leaves out");
    }
    if selected.trim().is_empty() {
        return None;
    }
    let is_kept = selected.lines().map(str::trim).any(|line| !line.is_empty() && code.contains(line));
    // A name alone may stand in a comment.
    let is_name = selected.trim().chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    if is_comment(code) && !is_comment(&selected) && !is_name && !is_kept {
        return Some("the answer is a comment alone, and would take the place of code");
    }
    repeats_what_is_before(code, &selected, place).then_some("the answer says more than was selected")
}

/// Whether a text is comments, or a documentation string, and no code.
fn is_comment(text: &str) -> bool {
    /// Within a block comment lines may begin with anything.
    const BLOCKS: [(&str, &str); 4] = [("\"\"\"", "\"\"\""), ("'''", "'''"), ("/*", "*/"), ("<!--", "-->")];
    let bare = text.trim();
    let is_block = |(open, close): (&str, &str)| {
        let inside = bare.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        inside.is_some_and(|inside| !inside.contains(close))
    };
    let is_marked = |line: &str| line.is_empty() || COMMENTS.iter().any(|mark| line.starts_with(mark));
    BLOCKS.into_iter().any(is_block)
        || bare
            .lines()
            .map(str::trim)
            .all(|line| is_marked(line) && !line.starts_with("#!") && !line.starts_with("#["))
}

/// Whether a line is a comment that stands for code, such as `// ... existing code ...`.
fn stands_for_code(line: &str) -> bool {
    let line = line.trim();
    let Some(mark) = COMMENTS.into_iter().find(|mark| line.starts_with(mark)) else { return false };
    let said = line[mark.len()..].to_lowercase();
    let has_dots = said.contains("...") || said.contains('…');
    let is_bare = !said.contains(char::is_alphanumeric);
    has_dots && (is_bare || LEFT_OUT.iter().any(|words| said.contains(words)))
}

/// Whether an answer begins with what stands before the selection: the line that it is in, or the lines above it.
fn repeats_what_is_before(code: &str, selected: &str, place: Place<'_>) -> bool {
    /// How many lines above are looked at.
    const ABOVE: usize = 200;
    let has_word = |line: &str| line.chars().filter(|letter| letter.is_alphabetic()).count() > 1;
    let line_before = place.around().line_before();
    let bare = line_before.trim();
    let says_again = |text: &str| {
        let rest = text.trim_start().strip_prefix(bare);
        rest.is_some_and(|rest| {
            !(bare.ends_with(char::is_alphanumeric) && rest.starts_with(char::is_alphanumeric))
        })
    };
    if bare.contains(char::is_alphabetic) && says_again(code) && !says_again(selected) {
        return true;
    }
    fn said(text: &str) -> impl DoubleEndedIterator<Item = &str> {
        text.lines().map(str::trim).filter(|line| !line.is_empty())
    }
    let above = with_lf(&place.before[..place.before.len() - line_before.len()]);
    let mut above: Vec<&str> = said(&above).rev().take(ABOVE).collect();
    above.reverse();
    let answered: Vec<&str> = said(code).take(ABOVE + 1).collect();
    let Some(first) = answered.first().filter(|first| has_word(first)) else { return false };
    if said(selected).next() == Some(first) {
        return false;
    }
    // From that line to the selection it says what is there.
    let begins = (0..above.len()).rev().filter(|place| above[*place] == *first);
    begins
        .into_iter()
        .any(|begin| answered.len() > above.len() - begin && answered.starts_with(&above[begin..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<'a>(before: &'a str, selection: &'a str, language: &'a str) -> Place<'a> {
        Place { language, before, selection, after: "\n", ..Place::default() }
    }

    #[test]
    fn code_that_is_left_out_is_no_code() {
        for line in [
            "# ... rest of code unchanged ...",
            "// ... existing code ...",
            "/* … remaining methods */",
            "<!-- ... existing markup ... -->",
            "  # ...",
            "// ... (unchanged)",
            "-- ... same as before",
            "{/* ... existing JSX ... */}",
        ] {
            let code = format!("a()\n{line}");
            assert!(doubt(&code, of("", "a\nb\nc", "python")).is_some(), "{line}");
            assert!(doubt(&code, of("", "", "python")).is_some(), "{line}");
            assert_eq!(
                doubt(&code, of("", &format!("b\n{line}"), "python")),
                None,
                "who has it keeps it: {line}"
            );
        }
        for line in
            ["...", "    ...", "# and so on", "# wait for it...", "x = [*a, ...]", "// the remaining time"]
        {
            assert_eq!(doubt(&format!("a()\n{line}"), of("", "a\nb", "python")), None, "{line}");
        }
        assert_eq!(doubt("<!-- ... existing ... -->", of("", "a", "markdown")), None);
    }

    #[test]
    fn an_answer_that_begins_before_the_selection_says_more() {
        let class = "class A:\n    def f(self, x):\n        ";
        for (before, selection, answer) in [
            (class, "return x", "def f(self, x):\n    return x + 1"),
            (class, "return x", "class A:\n    def f(self, x):\n        return x + 1"),
            ("x = ", "foo(a, b)", "x = bar(a, b)"),
            ("<template>\n  ", "<p/>", "<template>\n  <p>a</p>\n</template>"),
            ("<?php\n", "echo 1;", "<?php\necho 2;"),
        ] {
            assert!(doubt(answer, of(before, selection, "python")).is_some(), "{answer:?} in {selection:?}");
        }
        for (before, selection, answer) in [
            (class, "return x", "return x + 1"),
            (class, "return x", "if x:\n    return x\nreturn 0"),
            ("}\n", "a()", "}\nb()"),
            ("x = ", "foo(a, b)", "x"),
            ("x = 1\nx = 1\n", "x = 1", "x = 1\nx = 2"),
            ("def f():\n    pass\n\n", "def g():\n    pass", "def g():\n    return 1"),
            ("- ", "one", "- One"),
            ("if ", "foo", "iffy"),
        ] {
            assert_eq!(doubt(answer, of(before, selection, "python")), None, "{answer:?} in {selection:?}");
        }
    }

    #[test]
    fn a_comment_takes_the_place_of_no_code() {
        for answer in
            ["\"\"\"Doc.\"\"\"", "'''Doc\n\nmore'''", "# Nothing to change", "/**\n * Doc\n */", "// a\n// b"]
        {
            assert!(doubt(answer, of("", "def f(x):\n    return x", "python")).is_some(), "{answer}");
            assert_eq!(doubt(answer, of("", "", "python")), None, "at a cursor: {answer}");
            assert_eq!(doubt(answer, of("", "# what it does", "python")), None, "a comment: {answer}");
        }
        for answer in
            ["# def f(x):\n#     return x", "\"\"\"Doc.\"\"\"\nx = 1", "#[derive(Debug)]\nstruct A;"]
        {
            assert_eq!(doubt(answer, of("", "def f(x):\n    return x", "python")), None, "{answer}");
        }
    }
}
