//! Whether an answer takes the place of what was selected: neither more nor less than that.

use super::{
    comments,
    indent::blanks,
    language::{Kind, Layout},
    line_ends::with_lf,
    place::Place,
    seam::is_of_word,
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
const LEFT_OUT_PLAINLY: [&str; 16] = [
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

/// Why an answer is not what takes the place of the selection. None where nothing speaks against it.
pub(super) fn doubt(code: &str, place: Place<'_>) -> Option<&'static str> {
    if place.kind() != Kind::Code {
        return None;
    }
    let selected = with_lf(place.selection);
    let language = place.language();
    if code.lines().any(|line| stands_for_code(line, language) && !selected.contains(line.trim())) {
        return Some("the answer leaves code out, and says so in its place");
    }
    let is_in_block =
        comments::open(place.before, language).is_some_and(|(_, end)| place.after.contains(end));
    if selected.trim().is_empty() || is_in_block {
        return None;
    }
    let is_kept = selected.lines().map(str::trim).any(|line| !line.is_empty() && code.contains(line));
    let is_name = selected.trim().chars().all(is_of_word);
    // What stands behind the mark of a comment is a comment up to the end of the line.
    let commented = comments::cut(place.around().line_before(), language).1.is_some();
    let given = selected.get(if commented { selected.find('\n').unwrap_or(selected.len()) } else { 0 }..);
    let (said, given) = (Code::of(code, language), Code::of(given.unwrap_or_default(), language));
    match () {
        // A name alone may stand in a comment.
        () if said.is_empty() && !given.is_empty() && !is_name && !is_kept => {
            Some("the answer is a comment alone, and would take the place of code")
        }
        () if said.opens_alone(&given, place.layout()) || place.keeps_code && !said.keeps(&given) => {
            Some("the answer leaves out code of the selection")
        }
        () if repeats_what_is_before(code, &selected, place) => {
            Some("the answer says more than was selected")
        }
        () => None,
    }
}

/// Whether a line stands for code, such as `// ... existing code ...`.
fn stands_for_code(line: &str, language: &str) -> bool {
    const DOTS: [&str; 2] = ["...", "…"];
    let comment = comments::said(line, language);
    let (said, is_whole) = comment.unwrap_or((line.trim().trim_start_matches(['[', '(', '<']), false));
    let said = said.to_lowercase();
    let has_dots = DOTS.iter().any(|dots| match comment {
        Some(_) => said.contains(dots),
        None => said.starts_with(dots),
    });
    let says_so = LEFT_OUT.iter().any(|words| said.contains(words));
    let is_bare = is_whole && !said.contains(char::is_alphanumeric);
    let plain = said.trim_matches(|letter: char| !letter.is_alphanumeric()).trim_start_matches("the ");
    let says_plainly = is_whole
        && plain.split_whitespace().count() <= LONGEST_LEFT_OUT
        && (plain == "unchanged"
            || LEFT_OUT_PLAINLY.iter().any(|words| plain.starts_with(words) || plain.ends_with(words)));
    has_dots && (is_bare || says_so) || says_plainly
}

/// The lines of a text that are code, without comments and without what only ends a block or stands for its body.
struct Code(Vec<String>);

impl Code {
    fn of(text: &str, language: &str) -> Self {
        const ENDS: &[&str] = &["{", "end", "fi", "done", "...", "…"];
        let code = comments::without(text, language);
        let is_end =
            |line: &str| ENDS.contains(&line) || line.trim_matches(['}', ')', ']', ';', ',']).is_empty();
        Self(code.lines().filter(|line| !is_end(line.trim())).map(str::to_owned).collect())
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether these are the lines that open other code, and nothing of what they open.
    fn opens_alone(&self, given: &Self, layout: Layout) -> bool {
        let lines: Vec<&str> =
            given.0.iter().map(String::as_str).filter(|line| line.trim() != "pass").collect();
        let (Some(last), Some(end), Some(body)) = (self.0.last(), lines.last(), lines.get(self.0.len()))
        else {
            return false;
        };
        let opens = |line: &str| {
            line.trim_end().ends_with('{') || layout == Layout::Colon && line.trim_end().ends_with(':')
        };
        let head = |line: &str| line.trim().trim_end_matches([' ', '{', '}', ';', ':', '.', '…']).to_owned();
        let is_deeper = blanks(body).len() > blanks(lines[self.0.len() - 1]).len();
        opens(last) && !opens(end)
            || is_deeper && self.0.iter().zip(lines).all(|(said, line)| head(said) == head(line))
    }

    /// Whether all words of other code are in it, in their order.
    fn keeps(&self, given: &Self) -> bool {
        let words = |code: &Self| {
            let words = code.0.iter().flat_map(|line| line.split(|letter| !is_of_word(letter)));
            words.filter(|word| !word.is_empty() && *word != "pass").map(str::to_owned).collect::<Vec<_>>()
        };
        let mut said = words(self).into_iter();
        words(given).iter().all(|word| said.any(|one| one == *word))
    }
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
        for (language, line) in [
            ("python", "# ... rest of code unchanged ..."),
            ("python", "// ... existing code ..."),
            ("python", "  # ..."),
            ("python", "# rest of the function remains the same"),
            ("python", "# (unchanged)"),
            ("python", "b()  # ... rest of the loop ..."),
            ("python", "... (rest of the code)"),
            ("python", "[... existing code ...]"),
            ("c", "/* … remaining methods */"),
            ("c", "void f() { /* ... existing code ... */ }"),
            ("html", "<!-- ... existing markup ... -->"),
            ("go", "// ... (unchanged)"),
            ("sql", "-- ... same as before"),
            ("javascriptreact", "{/* ... existing JSX ... */}"),
            ("elisp", ";; ... existing code"),
            ("zig-like", "// existing code here"),
        ] {
            let code = format!("a()\n{line}");
            assert!(doubt(&code, of("", "a\nb\nc", language)).is_some(), "{line}");
            assert!(doubt(&code, of("", "", language)).is_some(), "{line}");
            let kept = format!("b\n{line}");
            assert_eq!(doubt(&code, of("", &kept, language)), None, "who has it keeps it: {line}");
        }
        for (language, line) in [
            ("python", "..."),
            ("python", "    ..."),
            ("python", "# and so on"),
            ("python", "# Print the rest of the list"),
            ("python", "# Count unchanged files"),
            ("python", "# Keep the order unchanged"),
            ("python", "# existing users"),
            ("python", "# wait for it..."),
            ("python", "x = [*a, ...]"),
            ("python", "print(\"... existing ...\")"),
            ("python", "# The rest of the words are sorted by their length and left unchanged otherwise."),
            ("rust", "// the remaining time"),
            ("rust", "let a = [1, ..rest];"),
            ("c", "f(\"/* ... */\");"),
            ("typescript", "f(...existing);"),
        ] {
            assert_eq!(doubt(&format!("a()\n{line}"), of("", "a\nb", language)), None, "{line}");
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
        for (language, answer) in [
            ("python", "\"\"\"Doc.\"\"\""),
            ("python", "'''Doc\n\nmore'''"),
            ("python", "# Nothing to change"),
            ("java", "/**\n * Doc\n */"),
            ("c", "// a\n// b"),
            ("css", "/* a */"),
            ("html", "<!-- a\nb -->"),
            ("lua", "--[[ a\nb ]]"),
            ("haskell", "{- a -}\n-- b"),
            ("unheard-of", "// a\n/* b */"),
        ] {
            assert!(doubt(answer, of("", "def f(x):\n    return x", language)).is_some(), "{answer}");
            assert_eq!(doubt(answer, of("", "", language)), None, "at a cursor: {answer}");
            assert_eq!(doubt(answer, of("", answer, language)), None, "a comment: {answer}");
        }
        for (language, answer) in [
            ("python", "# def f(x):\n#     return x"),
            ("python", "\"\"\"Doc.\"\"\"\nx = 1"),
            ("python", "#!/bin/sh"),
            ("rust", "#[derive(Debug)]\nstruct A;"),
            ("c", "#define A 1\n#include <b.h>"),
            ("css", "#a { color: red }"),
            ("python", "a = \"# b\""),
            ("c", "*a = 1;"),
        ] {
            assert_eq!(doubt(answer, of("", "def f(x):\n    return x", language)), None, "{answer}");
        }
    }

    /// A function in each language, and answers that document it: those that are of use, and those that leave code out.
    const DOCUMENTED: &[(&str, &str, &[&str], &[&str])] = &[
        (
            "python",
            "def f(self, x):\n    # Twice.\n    y = x * 2\n    return y",
            &[
                "def f(self, x):\n    \"\"\"Doc.\"\"\"\n    # Twice.\n    y = x * 2\n    return y",
                "def f(self, x: int) -> int:\n    '''Doc.\n\n    More.\n    '''\n    y = x * 2\n    return y",
                "# Doc.\ndef f(self, x):\n    y = x * 2  # twice\n    return y",
            ],
            &[
                "def f(self, x):\n    \"\"\"Doc.\"\"\"",
                "def f(self, x: int) -> int:\n    \"\"\"Doc.\"\"\"",
                "def f(self, x):\n    \"\"\"Return y.\"\"\"\n    ...",
                "def f(self, x):\n    \"\"\"Return y.\"\"\"\n    # y = x * 2",
                "def f(self, x):\n    \"\"\"Return y.\"\"\"\n    pass",
                "def f(self, x):\n    \"\"\"Doc.\"\"\"\n    return y",
                "\"\"\"y = x * 2. return y\"\"\"",
            ],
        ),
        (
            "python",
            "class E(Exception):\n    pass",
            &[
                "class E(Exception):\n    \"\"\"Doc.\"\"\"",
                "class E(Exception):\n    \"\"\"Doc.\"\"\"\n\n    pass",
            ],
            &["\"\"\"Doc.\"\"\""],
        ),
        (
            "python",
            "def f(\n    a,\n):\n    return a",
            &[
                "def f(\n    a,\n):\n    \"\"\"Doc.\"\"\"\n    return a",
                "def f(a):\n    \"\"\"Doc.\"\"\"\n    return a",
            ],
            &["def f(\n    a,\n):\n    \"\"\"Doc.\"\"\""],
        ),
        (
            "rust",
            "fn f<'a>(x: &'a str) -> u8 {\n    x.len() as u8\n}",
            &[
                "/// Doc.\nfn f<'a>(x: &'a str) -> u8 {\n    x.len() as u8\n}",
                "/// Doc.\n///\n/// # Panics\n/// Never.\nfn f<'a>(x: &'a str) -> u8 {\n    // Long.\n    x.len() as u8\n}",
            ],
            &[
                "/// Doc.\nfn f<'a>(x: &'a str) -> u8 {",
                "/// Doc.\nfn f<'a>(x: &'a str) -> u8",
                "/// Doc.\nfn f<'a>(x: &'a str) -> u8;",
                "/// Doc.\nfn f<'a>(x: &'a str) -> u8 { ... }",
                "/// Doc.\nfn f<'a>(x: &'a str) -> u8 {\n    // x.len() as u8\n}",
                "/// Doc.\nfn f<'a>(x: &'a str) -> u8 {\n    unimplemented!()\n}",
                "/// Doc.",
            ],
        ),
        (
            "javascript",
            "function f(x) {\n  return x;\n}",
            &["/**\n * Doc.\n * @param {number} x\n */\nfunction f(x) {\n  return x;\n}"],
            &[
                "/**\n * Return x.\n */\nfunction f(x) {",
                "/** Doc. */\nfunction f(x) {}",
                "/** Doc. */\nfunction f(x) {\n  /* return x; */\n}",
                "/** return x */",
            ],
        ),
        (
            "c",
            "int f(int x)\n{\n    return x;\n}",
            &["/* Doc. */\nint f(int x)\n{\n    return x;\n}"],
            &["/* Doc. */\nint f(int x);", "/* Doc. */\nint f(int x)", "/* Doc. */\nint f(int x)\n{\n}"],
        ),
        (
            "java",
            "public int f(int x) {\n    return x;\n}",
            &["/** Doc. */\n@Override\npublic int f(int x) {\n    return x;\n}"],
            &["/** Doc. */\npublic int f(int x);", "/** Doc. */\npublic int f(int x) {\n    // ...\n}"],
        ),
        (
            "go",
            "func f(x int) int {\n\treturn x\n}",
            &["// f is x.\nfunc f(x int) int {\n\treturn x\n}"],
            &["// f is x.\nfunc f(x int) int", "// f returns x: return x.\nfunc f(x int) int {\n}"],
        ),
        (
            "ruby",
            "def f(x)\n  x + 1\nend",
            &["# Doc.\n#\n# @param x [Integer]\ndef f(x)\n  x + 1\nend"],
            &["# Doc.\ndef f(x)", "# Doc.\ndef f(x)\nend"],
        ),
        (
            "lua",
            "function f(x)\n  return x\nend",
            &["--- Doc.\n-- @param x\nfunction f(x)\n  return x\nend"],
            &["--- Doc.\nfunction f(x)", "--- Doc.\nfunction f(x)\nend", "--[[ return x ]]\nfunction f(x)"],
        ),
        (
            "haskell",
            "f :: Int -> Int\nf x = x + 1",
            &["-- | Doc.\nf :: Int -> Int\nf x = x + 1"],
            &["-- | Doc.\nf :: Int -> Int"],
        ),
        (
            "shellscript",
            "f() {\n  echo \"$1\"\n}",
            &["# Doc.\nf() {\n  echo \"$1\"\n}"],
            &["# Doc.\nf() {", "# Doc.\nf()", "# Doc.\nf() {\n  :\n}"],
        ),
        (
            "sql",
            "SELECT a\nFROM b;",
            &["-- Doc.\nSELECT a\nFROM b;", "/* Doc. */\nSELECT a -- a\nFROM b;"],
            &["-- Doc.\nSELECT a"],
        ),
        ("yaml", "a:\n  b: 1", &["# Doc.\na:\n  b: 1  # one"], &["# Doc.\na:"]),
        (
            "css",
            "a {\n  color: red;\n}",
            &["/* Doc. */\na {\n  color: red;\n}"],
            &["/* color red */\na {\n}"],
        ),
        ("html", "<p>\n  a\n</p>", &["<!-- Doc. -->\n<p>\n  a\n</p>"], &["<!-- a p -->\n<p>\n</p>"]),
    ];

    #[test]
    fn documentation_leaves_no_code_out() {
        let mut wrong = Vec::new();
        for (language, selection, good, bad) in DOCUMENTED {
            let place = Place { keeps_code: true, ..of("", selection, language) };
            let cases =
                good.iter().map(|answer| (answer, true)).chain(bad.iter().map(|answer| (answer, false)));
            for (answer, is_good) in cases {
                if doubt(answer, place).is_none() != is_good {
                    wrong.push(format!("{language}: {answer:?} for {selection:?}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// Whatever is asked for: of a function more is left than its header.
    #[test]
    fn a_header_alone_takes_the_place_of_no_function() {
        for (language, selection, answer) in [
            ("python", "def f(x):\n    return x", "def f(x):"),
            ("python", "def f(x):\n    return x", "def f(x):\n    \"\"\"Doc.\"\"\""),
            ("python", "def f(x):\n    return x", "def f(x: int):\n    \"\"\"Doc.\"\"\"\n    ..."),
            ("rust", "fn f() {\n    a();\n}", "fn f() {"),
            ("rust", "fn f() {\n    a();\n}", "fn f() {\n}"),
            ("ruby", "def f\n  a\nend", "def f\nend"),
            ("c", "int f()\n{\n  a();\n}", "int f();"),
        ] {
            assert!(doubt(answer, of("", selection, language)).is_some(), "{language}: {answer:?}");
        }
        for (language, selection, answer) in [
            ("python", "def f(x):\n    return x", "def f(x):\n    pass"),
            ("python", "def f(x):\n    return x", "def f(x): return x + 1"),
            ("python", "if x:", "if x and y:"),
            ("python", "a()\nb()\nc()", "a()\nb()"),
            ("python", "x", "def f():\n    \"\"\"Doc.\"\"\""),
            ("rust", "if a {", "if a && b {"),
            ("rust", "fn f() {\n    a();\n}", "fn f() {}\nfn g() {\n    a();\n}"),
            ("rust", "fn f() {\n    a();\n    b();\n}", "fn f() {\n    a();\n}"),
            ("yaml", "a: 1", "a:"),
        ] {
            assert_eq!(doubt(answer, of("", selection, language)), None, "{language}: {answer:?}");
        }
    }
}
