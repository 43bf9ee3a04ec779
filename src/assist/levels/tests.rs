//! Which depth an answer has among the lines around it.

use crate::assist::{
    fit::{Answer, Fit, fit, so_far},
    place::Place,
};

/// The language, the text with the cursor or the selection between `«` and `»`, the answer, and what stands in that place
/// then. Empty where it is shown.
const PLACES: &[(&str, &str, &str, &str)] = &[
    // An indentation of its own that is one of a block that is open.
    ("yaml", "a:\n  x:\n    d: 1«»\n  z: 1\n", "  y:\n    d: 2", "\n  y:\n    d: 2"),
    ("yaml", "a:\n  x:\n    d: 1«»\n", "  y: 2", "\n  y: 2"),
    ("yaml", "a:\n  x: |\n    text«»\n", "  y: 2", "\n  y: 2"),
    ("yaml", "a:\n  x: |«»\n", "    text", "\n    text"),
    ("yaml", "a:\n  x:«»\n", "    x: 1", "\n    x: 1"),
    ("python", "def f():\n    if a:\n        b()«»\n", "    return c", "\n    return c"),
    ("python", "def f():\n    if a:\n        return b«»\n\n\nx = 1\n", "    return c", "\n    return c"),
    ("python", "def f():\n    g()«»\n", "    return h()", "\n    return h()"),
    ("python", "def f():\n    g(\n        a,«»\n    )\n", "        b,", "\n        b,"),
    ("javascript", "function f() {\n  if (a)\n    b();«»\n  d();\n}\n", "  c();", "\n  c();"),
    ("json", "{\n  \"a\": 1,«»\n  \"c\": 3\n}\n", "  \"b\": 2,", "\n  \"b\": 2,"),
    ("rust", "f(\n    a,«»\n    c,\n);\n", "    b,", "\n    b,"),
    // One that is none, or that leaves what stands below without its block.
    ("yaml", "a:\n    x: 1«»\n    z: 1\n", "  y: 2", "\n    y: 2"),
    ("python", "def f():\n    if a:\n        b()«»\n        c()\n", "    d()", "\n        d()"),
    // Without one: where a key, an item or a statement can stand.
    ("yaml", "a:\n  - x: 1«»\n", "y: 2", "\n    y: 2"),
    ("yaml", "a:\n  - x: 1«»\n", "- y: 2", "\n  - y: 2"),
    ("yaml", "a:\n  - x\n«»\n  - z\n", "- y", "  - y"),
    ("yaml", "a:\n  x: 1\n«»\n  z: 1\n", "y:\n  w: 2", "  y:\n    w: 2"),
    ("yaml", "a:\n  x:\n«»\n", "- y", "    - y"),
    ("python", "def f():\n    a = 1\n«»\n    return a\n", "if a:\n    a = 2", "    if a:\n        a = 2"),
    ("python", "def f():\n    if a:\n        b()«»\n", "else:\n    c()", "\n    else:\n        c()"),
    ("python", "def f():\n    if a:\n        return 1«»\n    c()\n", "d()", "\n    d()"),
    ("python", "def f():\n    if a:\n        return b«»\n", "d()\ne()", ""),
    ("python", "def f():\n    return b«»\n", "def g():\n    pass", "\ndef g():\n    pass"),
    ("python", "def f():\n    a = 1\n«»\n", "def g():\n    pass", "def g():\n    pass"),
    // The first line goes on at the cursor, and the others stand where they say.
    ("python", "try:\n    «»\n", "import a\nexcept E:\n    a = 1", "import a\nexcept E:\n    a = 1"),
    ("python", "def f():\n    if a:\n        «»\n", "return 1\n    return 2", "return 1\n    return 2"),
    (
        "c",
        "f() {\n    if (a)\n        «»\n}\n",
        "b();\n    else\n        c();",
        "b();\n    else\n        c();",
    ),
    ("yaml", "a:\n  b:\n    «»\nz: 1\n", "c: 1\n  d: 2", "c: 1\n  d: 2"),
    ("yaml", "a:\n  b:\n    «»\nz: 1\n", "c:\n    - 10\n    d: 20", "c:\n    - 10\n    d: 20"),
    // What the key of an item holds.
    (
        "yaml",
        "- tasks:\n«  - apt:\n      name: a»\n  - copy: b\n",
        "- apt:\n    name: c\n    state: d",
        "  - apt:\n      name: c\n      state: d",
    ),
    ("yaml", "- tasks:\n  «»\n  - copy: b\n", "- apt:\n    name: c", "- apt:\n      name: c"),
    ("yaml", "a:\n  «»\n", "- b:\n      - c\n    d: 1", "- b:\n      - c\n    d: 1"),
    // A value that ends where the next key begins, and whole lines behind those of a text.
    ("yaml", "a: «»\nb: 2\n", "1\nb: 2", "1"),
    ("yaml", "a:\n  x: |\n    text.«»\nz: 1\n", "  y: 1\n  w: 2", "\n  y: 1\n  w: 2"),
    // Labels of a `switch`, side by side.
    (
        "javascript",
        "switch (x) {\n    «»\n    case 'C':\n}\n",
        "case 'A':\n    case 'B':",
        "case 'A':\n    case 'B':",
    ),
    // What goes on from a line stands deeper than that, and so does what it is the head of.
    ("rust", "fn c() -> C {\n    «»\n}\n", "C::new()\n    .a(1)", "C::new()\n        .a(1)"),
    ("javascript", "function f() {\n  «»\n}\n", "return a\n  ? b\n  : c;", "return a\n    ? b\n    : c;"),
    ("c", "int f(void)\n{\n    «»\n}\n", "if (a)\n    return 1;", "if (a)\n        return 1;"),
    ("latex", "\\begin{align}\n  «»\n\\end{align}\n", "a &= b \\\\\n  c &= d", "a &= b \\\\\n  c &= d"),
    (
        "kotlin",
        "class A {\n    «fun f(): B {\n        return c\n    }»\n}\n",
        "fun f(): B =\n    d(c)",
        "fun f(): B =\n        d(c)",
    ),
    ("c", "int f(void)\n{\n    «»\n}\n", "if (a)\n    {\n    }", "if (a)\n    {\n    }"),
];

/// At a cursor within a text: the language, the text, the answer, and what is written. Empty where it is shown.
const IN_TEXTS: &[(&str, &str, &str, &str)] = &[
    ("python", "def f():\n    x = \"\"\"\n    «»\n    \"\"\"\n", "one,\n    two", "one,\n    two"),
    ("python", "def f():\n    x = \"\"\"\n    «»\n    \"\"\"\n", "one:\n    two", ""),
    (
        "python",
        "def f():\n    \"\"\"Doc.\n\n    «»\n    \"\"\"\n",
        "Args:\n    x: One.",
        "Args:\n        x: One.",
    ),
    (
        "python",
        "def f():\n    \"\"\"Doc.\n\n    «»\n    \"\"\"\n",
        "Args:\n        x: One.",
        "Args:\n        x: One.",
    ),
    // In a comment whose lines begin with a mark.
    ("php", "/**\n * A.\n * «»\n */\nf();\n", "@param a\n\n@return b", "@param a\n *\n * @return b"),
    ("java", "  /**\n   * «»\n   */\n", "A.\n * @param a", "A.\n   * @param a"),
    ("javascript", "/**\n * A.\n * «»\n */\nf();\n", "b\n  c", "b\n *   c"),
    ("python", "def f():\n    x = \"\"\"\n    «»\n    \"\"\"\n", "one\n\ntwo", "one\n\n    two"),
];

#[test]
fn an_answer_in_a_text_of_code_is_as_deep_as_it_says() {
    for (language, text, answer, right) in IN_TEXTS {
        let (before, rest) = text.split_once('«').unwrap();
        let after = rest.strip_prefix('»').unwrap();
        let place = Place { language, before, after, ..Place::default() };
        let found = match fit(Answer { text: answer, finish_reason: Some("stop"), refusal: None }, place) {
            Fit::Write(new) => new,
            Fit::Show { .. } => String::new(),
            Fit::Nothing { reason } => panic!("{answer:?}: {reason}"),
        };
        assert_eq!(&found, right, "{before:?} + {answer:?}");
        for (end, _) in answer.char_indices().filter(|_| !found.is_empty()) {
            let known = so_far(&answer[..end], place);
            assert!(found.starts_with(&known), "{before:?} + {answer:?}: {known:?}");
        }
    }
}

#[test]
fn an_answer_stands_in_the_block_that_it_belongs_to() {
    let mut wrong = Vec::new();
    for (language, text, answer, right) in PLACES {
        let (before, rest) = text.split_once('«').unwrap();
        let (selection, after) = rest.split_once('»').unwrap();
        let place = Place { language, selection, before, after, ..Place::default() };
        for text in [(*answer).to_owned(), format!("```{language}\n{answer}\n```")] {
            let found = match fit(Answer { text: &text, finish_reason: Some("stop"), refusal: None }, place) {
                Fit::Write(new) => new,
                Fit::Show { .. } => String::new(),
                Fit::Nothing { reason } => panic!("{text:?}: {reason}"),
            };
            let mut shown = String::new();
            for (end, _) in text.char_indices().filter(|_| selection.is_empty()) {
                let known = so_far(&text[..end], place);
                if !known.starts_with(&shown) {
                    wrong.push(format!("{language} {before:?} + {text:?}: {shown:?}, then {known:?}"));
                }
                shown = known;
            }
            if found != *right {
                wrong.push(format!("{language} {before:?} + {text:?}: {found:?}, not {right:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
