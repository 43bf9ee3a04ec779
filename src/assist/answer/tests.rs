//! How an answer stands in the text: its indentation, its lines and their ends.

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
        let place = Place { selection, ..Place::default() };
        assert_eq!(replacement(code, selection, false, place).text, replaced, "{code:?}");
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
            // What is indented by blanks in itself is so by tabs in a file of tabs.
            let own = if indent == "\t" { code.replace("    ", indent) } else { (*code).to_owned() };
            let (selected, right) = (deep(selected, indent), deep(&own, indent));
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
        ("javascript", "// adds«»\n", "const a = 1;\nconst b = 2;", "// adds\nconst a = 1;\nconst b = 2;\n"),
        ("python", "    a = 1«»\nc = 3\n", "b = 2", "    a = 1\n    b = 2\nc = 3\n"),
        ("python", "a = f(1)«»", "return a", "a = f(1)\nreturn a"),
        ("javascript", "const a = \"x\"«»\n", "const b = 2", "const a = \"x\"\nconst b = 2\n"),
        ("rust", "let a = 1;«»\n", "let b = 2;", "let a = 1;\nlet b = 2;\n"),
        // It may go on.
        ("python", "a = 1«»\n", "0", "a = 10\n"),
        ("python", "a = 1«»\n", " + b", "a = 1 + b\n"),
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
