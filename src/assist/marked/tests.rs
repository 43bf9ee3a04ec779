//! Marks of comments, items and quotations: each line has its own once.

use crate::assist::fit::{Answer, Fit, fit};

use super::*;

/// The language, a text with its selection between `«` and `»`, answers, and what the text is then; empty where they
/// are shown.
const MARKED: &[(&str, &str, &[&str], &str)] = &[
    // Of several lines, from behind the first mark.
    (
        "python",
        "    # «one\n    # two»\nx = 1\n",
        &[
            "One.\nTwo.",
            "# One.\n# Two.",
            "One.\n# Two.",
            "One.\n    # Two.",
            "    # One.\n    # Two.",
            "```python\n# One.\n# Two.\n```",
            "#One.\n#Two.\n",
        ],
        "    # One.\n    # Two.\nx = 1\n",
    ),
    ("python", "#« one\n# two»\n", &["One.\nTwo.", "# One.\n# Two.", " One.\n# Two."], "# One.\n# Two.\n"),
    (
        "python",
        "# «one\n# two\n»x = 1\n",
        &["One.\n\nTwo.", "# One.\n#\n# Two."],
        "# One.\n#\n# Two.\nx = 1\n",
    ),
    (
        "rust",
        "/// «one\n/// two»\nfn f() {}\n",
        &["One.\n`two`.", "/// One.\n/// `two`."],
        "/// One.\n/// `two`.\nfn f() {}\n",
    ),
    (
        "rust",
        "//! «one»\n",
        &["One.\n\n# Two\n\nThree.", "//! One.\n//!\n//! # Two\n//!\n//! Three."],
        "//! One.\n//!\n//! # Two\n//!\n//! Three.\n",
    ),
    ("sql", "-- «one\n-- two»\n", &["One.\nTwo.", "-- One.\n-- Two."], "-- One.\n-- Two.\n"),
    ("elisp", ";; «one\n;; two»\n", &["One.\nTwo.", ";; One.\n;; Two."], ";; One.\n;; Two.\n"),
    (
        "rust",
        "/// «adds»\nfn f() {}\n",
        &[
            "Adds.\n\n# Examples\n\n```\nf();\n```",
            "Here it is:\n```rust\n/// Adds.\n///\n/// # Examples\n///\n/// ```\n/// f();\n/// ```\n```",
        ],
        "/// Adds.\n///\n/// # Examples\n///\n/// ```\n/// f();\n/// ```\nfn f() {}\n",
    ),
    // In a block.
    (
        "javascript",
        "  /**\n   * «one\n   * two»\n   */\nf();\n",
        &[
            "One.\n@return {x}",
            "* One.\n* @return {x}",
            " * One.\n * @return {x}",
            "One.\n * @return {x}",
            "One.\n   * @return {x}",
            "/**\n * One.\n * @return {x}\n */",
        ],
        "  /**\n   * One.\n   * @return {x}\n   */\nf();\n",
    ),
    ("java", "/** «one» */\n", &["One.", "/** One. */"], "/** One. */\n"),
    ("c", "/* «one» */\n", &["a */ b /* c"], ""),
    (
        "python",
        "\"\"\"\n«One.»\n\"\"\"\n",
        &["Two.", "\"\"\"Two.\"\"\"", "\"\"\"\nTwo.\n\"\"\""],
        "\"\"\"\nTwo.\n\"\"\"\n",
    ),
    ("python", "\"\"\"\n«One.»\n\"\"\"\n", &["Two.\n\"\"\"\nx = 1"], ""),
    // One line.
    ("python", "x = 1\n# «one»\n", &["One.", "# One."], "x = 1\n# One.\n"),
    (
        "python",
        "# «one»\n",
        &["One of the two.\nTwo of them.", "# One of the two.\n# Two of them."],
        "# One of the two.\n# Two of them.\n",
    ),
    ("python", "# «sum x»\n", &["sum x\ny = sum(x)"], ""),
    // With what follows it.
    ("python", "# «one\nx = 1»\n", &["One.\nx = 2", "# One.\nx = 2"], "# One.\nx = 2\n"),
    // Marks and all.
    (
        "python",
        "  «# one\n  # two»\n",
        &["One.\nTwo.", "# One.\n# Two.", "  # One.\n  # Two."],
        "  # One.\n  # Two.\n",
    ),
    ("python", "«# x = 1\n# y = 2»\n", &["x = 1\ny = 2"], "x = 1\ny = 2\n"),
    ("python", "«# x = 1»\n", &["x = 1"], "x = 1\n"),
    ("rust", "«// This adds.»\n", &["This adds the numbers."], "// This adds the numbers.\n"),
    // Items.
    ("markdown", "- «one»\n- two\n", &["One\n- Another", "- One\n- Another"], "- One\n- Another\n- two\n"),
    ("markdown", "  - «one»\n", &["One\n- Another", "- One\n- Another"], "  - One\n  - Another\n"),
    ("yaml", "a:\n  - «x»\n", &["x\n- y"], "a:\n  - x\n  - y\n"),
    ("markdown", "1. «one»\n", &["One\n2. Two"], "1. One\n2. Two\n"),
    // Quotations.
    ("markdown", "> «a\n> b»\n", &["A.\nB.", "> A.\n> B."], "> A.\n> B.\n"),
    ("mail", "> > «a\n> > b»\n", &["A.\nB."], "> > A.\n> > B.\n"),
    ("markdown", "«> a\n> b»\n", &["A.\nB."], "A.\nB.\n"),
    // Quotes.
    ("python", "x = \"«a b»\"\n", &["c", "\"c\""], "x = \"c\"\n"),
    ("python", "x = \"\"\"«a b»\"\"\"\n", &["c", "\"\"\"c\"\"\""], "x = \"\"\"c\"\"\"\n"),
    ("markdown", "Some **«a b»** more.\n", &["c", "**c**"], "Some **c** more.\n"),
    ("markdown", "Run `«a b»`.\n", &["c", "`c`"], "Run `c`.\n"),
    ("python", "f(«\"a\"»)\n", &["\"c\""], "f(\"c\")\n"),
    ("python", "x = \"«a»\" + \"b\"\n", &["\"a\" + \"c\"", "with \"quotes\""], ""),
    ("python", "x = '«a»'\n", &["don't"], ""),
    ("python", "x = '«a»'\n", &["don\\'t"], "x = 'don\\'t'\n"),
    ("python", "x = \"«a»\"\n", &["don't"], "x = \"don't\"\n"),
    ("latex", "Sum: $«x»$ here.\n", &["y", "$y$"], "Sum: $y$ here.\n"),
    ("markdown", "See [«text»](url).\n", &["new", "[new](url)"], "See [new](url).\n"),
    ("markdown", "# «Title»\n", &["New", "# New"], "# New\n"),
    ("markdown", "- [ ] «todo»\n", &["- [x] done"], ""),
    ("python", "x = 1  # «old»\n", &["new", "# new"], "x = 1  # new\n"),
    ("rust", "/// «Old.»\nfn f() {}\n", &["/// New.\nfn f() {}"], ""),
    // At a cursor.
    ("python", "x = \"«»\"\n", &["abc", "\"abc\""], "x = \"abc\"\n"),
    ("python", "f('«»')\n", &["a", "'a'"], "f('a')\n"),
    ("python", "\"\"\"«»\"\"\"\n", &["Doc.", "\"\"\"Doc.\"\"\""], "\"\"\"Doc.\"\"\"\n"),
    ("markdown", "- a\n- «»\n", &["b\n- c", "- b\n- c"], "- a\n- b\n- c\n"),
    // No marks.
    ("c", "«#define A\n#define B»\n", &["#define C\nint d;"], "#define C\nint d;\n"),
    ("rust", "«#[a]\n#[b]»\n", &["#[c]\n#[d]"], "#[c]\n#[d]\n"),
    ("css", "«#a {}»\n", &["#b {}"], "#b {}\n"),
    ("markdown", "# «one»\n", &["One"], "# One\n"),
];

#[test]
fn each_line_has_its_mark_once() {
    let mut wrong = Vec::new();
    for (language, text, answers, right) in MARKED {
        let (before, rest) = text.split_once('«').unwrap();
        let (selection, after) = rest.split_once('»').unwrap();
        for answer in *answers {
            let place = Place { language, selection, before, after, ..Place::default() };
            let found = fit(Answer { text: answer, finish_reason: Some("stop"), refusal: None }, place);
            let is_right = match &found {
                Fit::Write(new) => format!("{before}{new}{after}") == *right,
                Fit::Show { .. } => right.is_empty(),
                Fit::Nothing { .. } => false,
            };
            if !is_right {
                wrong.push(format!("{language} {text:?} + {answer:?}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
