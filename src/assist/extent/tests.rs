//! Answers that are neither more nor less than what was selected, and some that are not.

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
        ("html", "<!-- ... more items ... -->"),
        ("go", "// ... (unchanged)"),
        ("sql", "-- ... same as before"),
        ("javascriptreact", "{/* ... existing JSX ... */}"),
        ("elisp", ";; ... existing code"),
        ("zig-like", "// existing code here"),
        ("python", "..."),
        ("python", "[...]"),
        ("python", "[existing code]"),
        ("python", "<rest of code>"),
        ("python", "{{ existing }}"),
        ("python", "# rest unchanged"),
        ("python", "# etc."),
        ("python", "# code continues"),
        ("python", "# remaining lines omitted for brevity"),
        ("python", "# previous code"),
        ("python", "# Rest des Codes unverändert"),
        ("python", "# le reste du code"),
        ("python", "# resto del código"),
        ("python", "# остальной код без изменений"),
        ("python", "# 其余代码不变"),
        ("python", "# 残りのコードは変更なし"),
        ("python", "# whatever it says in its place"),
        ("rust", "// weiter wie bisher"),
        ("html", "<!-- rest unchanged -->"),
        ("html", "<!-- rest of the page -->"),
    ] {
        let code = format!("a()\n{line}");
        assert!(doubt(&code, of("", "a\nb\nc", language)).is_some(), "{line}");
        let has_dots = line.contains("...") || line.contains('…');
        assert!(!has_dots || doubt(&code, of("", "", language)).is_some(), "{line}");
        let kept = format!("b\n{line}");
        assert_eq!(doubt(&code, of("", &kept, language)), None, "who has it keeps it: {line}");
    }
    for (language, line) in [
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
        ("rust", "// Count the remaining lines of code"),
        ("python", "# existing files"),
        ("python", "# Restart the unchanged services"),
        ("vue", "{{ existing }}"),
        ("ini", "[existing code]"),
        ("javascript", "[existing, rest] = [rest, existing];"),
        ("rust", "let a = [1, ..rest];"),
        ("c", "f(\"/* ... */\");"),
        ("typescript", "f(...existing);"),
    ] {
        assert_eq!(doubt(&format!("a()\n{line}\nb"), of("", "a\nb", language)), None, "{line}");
    }
    assert_eq!(doubt("<!-- an existing one -->", of("", "a", "markdown")), None);
}

#[test]
fn whole_selections_are_not_taken_for_what_is_left_out_of_them() {
    for (language, selected, answer) in [
        ("yaml", "a: 1\nb: 2\nc: 3\n", "a: 1\n...\nc: 4\n"),
        ("plaintext", "one two three", "one two [...]"),
        ("python", "def f():\n    a()\n    b()\n", "def f():\n    pass  # rest unchanged\n"),
        ("markdown", "# A\n\none\n\ntwo\n\nthree\n", "# A\n\none, better\n\n[...]\n"),
        ("markdown", "# A\n\none\n\ntwo\n\nthree\n", "# A\n\none, better\n\n...\n"),
        ("sql", "SELECT a,\n  b,\n  c\nFROM t;\n", "SELECT a,\n  ...\nFROM t;\n"),
        ("toml", "[a]\nb = 1\nc = 2\n", "[a]\nb = 2\n...\n"),
        ("css", "a { b: c }\nd { e: f }\n", "a { b: d }\n...\n"),
        ("dockerfile", "FROM a\nRUN b\nRUN c\n", "FROM x\n...\n"),
        ("csv", "1,2\n3,4\n5,6\n", "1,3\n...\n"),
        ("shellscript", "a\nb\nc\n", "a x\n...\nc\n"),
        ("go", "func f() {\n\ta()\n\tb()\n}\n", "func f() {\n\ta2()\n\t...\n}\n"),
        ("latex", "\\section{A}\none\ntwo\n", "\\section{B}\n% ... rest of the section ...\n"),
        ("lua", "function f()\n  a()\n  b()\nend\n", "function f()\n  a2()\n  -- ... rest\nend\n"),
        ("clojure", "(defn f []\n  (a)\n  (b))\n", "(defn f []\n  (a2)\n  ;; ... existing code ...\n  )\n"),
        (
            "javascript",
            "function total(items) {\n  let s = 0;\n  for (const i of items) {\n    if (i.ok) {\n      s += i.price;\n    } else {\n      log(i);\n    }\n  }\n  return s;\n}\n",
            "function total(items) {\n  let s = 0;\n  …\n  return s;\n}\n",
        ),
        (
            "yaml",
            "services:\n  web:\n    image: a\n    ports:\n      - 80\n    environment:\n      A: 1\n      B: 2\n  db:\n    image: p\n    volumes:\n      - x:/y\n",
            "services:\n  web:\n    image: a\n    ...\n",
        ),
        (
            "yaml",
            "services:\n  web:\n    image: a\n    ports:\n      - 80\n    environment:\n      A: 1\n      B: 2\n  db:\n    image: p\n    volumes:\n      - x:/y\n",
            "services:\n  web:\n    <existing config>\n    environment:\n      B: 3\n",
        ),
        (
            "sql",
            "SELECT a,\n       b,\n       c\nFROM t\nJOIN u ON t.id = u.id\nWHERE a = 1\nGROUP BY a\nORDER BY b;\n",
            "SELECT ...\nFROM t\nWHERE a = 2\n...\n",
        ),
        (
            "sql",
            "SELECT a,\n       b,\n       c\nFROM t\nJOIN u ON t.id = u.id\nWHERE a = 1\nGROUP BY a\nORDER BY b;\n",
            "SELECT a, b, c\nFROM t\nWHERE a = 2\n/* rest as before */;\n",
        ),
        (
            "html",
            "<ul>\n  <li>one</li>\n  <li>two</li>\n  <li>three</li>\n</ul>\n<p>Text one.</p>\n<p>Text two.</p>\n",
            "<ul>\n  <li>ONE</li>\n  ...\n</ul>\n",
        ),
        (
            "markdown",
            "# Title\n\nOne paragraph here.\n\n- a\n- b\n- c\n\nAnother paragraph here.\n",
            "# Better Title\n\n(rest unchanged)\n",
        ),
        (
            "markdown",
            "# Title\n\nOne paragraph here.\n\n- a\n- b\n- c\n\nAnother paragraph here.\n",
            "# Better Title\n\n[The rest of the document remains the same]\n",
        ),
        (
            "markdown",
            "# Title\n\nOne paragraph here.\n\n- a\n- b\n- c\n\nAnother paragraph here.\n",
            "# Better Title\n\n*The rest stays the same.*\n",
        ),
        (
            "markdown",
            "# Title\n\nOne paragraph here.\n\n- a\n- b\n- c\n\nAnother paragraph here.\n",
            "# Better Title\n\n<!-- rest of the document -->\n",
        ),
        (
            "plaintext",
            "# Title\n\nOne paragraph here.\n\n- a\n- b\n- c\n\nAnother paragraph here.\n",
            "Better Title\n\n[rest unchanged]\n",
        ),
        ("csv", "id,name\n1,a\n2,b\n3,c\n4,d\n", "id,name\n1,a\n2,bb\n…\n"),
        (
            "rust",
            "fn f(a: u8) -> u8 {\n    let b = a + 1;\n    b * 2\n}\n",
            "fn f(a: u8) -> u8 {\n    unimplemented!(\"rest as before\")\n}\n",
        ),
        (
            "python",
            "def total(items):\n    s = 0\n    for i in items:\n        if i.ok:\n            s += i.price\n        else:\n            log(i)\n    return s\n",
            "def total(items):\n    s = 0\n    ....\n    return s\n",
        ),
        (
            "python",
            "def total(items):\n    s = 0\n    for i in items:\n        if i.ok:\n            s += i.price\n        else:\n            log(i)\n    return s\n",
            "def total(items):\n    s = 0\n    for i in items: ...\n    return s\n",
        ),
    ] {
        assert_eq!(doubt(answer, of("", selected, language)), Some(LEFT_OUT), "{language}: {answer:?}");
    }
    for (language, selected, answer) in [
        ("c", "int f(int a);", "int f(\n    int a,\n    ...\n);"),
        ("nix", "{ a }: a", "{\n  a,\n  ...\n}: a"),
        ("lua", "f(a)", "f(\n  a,\n  ...\n)"),
        ("perl", "sub f { 1 }", "sub f {\n    ...\n}"),
        ("yaml", "a: 1", "a: 2\n..."),
        ("yaml", "a: 1", "a: 2\n...\n---\nb: 3"),
        ("markdown", "a", "b (the rest of the week)"),
        ("markdown", "[...]\na", "[...]\nb"),
        ("python", "def f(): pass", "def f(): ..."),
    ] {
        assert_eq!(doubt(answer, of("", selected, language)), None, "{language}: {answer:?}");
    }
}

/// Whatever it says.
#[test]
fn a_comment_between_two_lines_stands_for_none_that_was_there() {
    for (selected, answer, is_good) in [
        ("a()\nb()\nc()", "a()\n# as it is\nc()", false),
        ("a()\nb()\nc()", "a()\n# b\nb()\nc()", true),
        ("a()\nb()\nc()", "a()\n# b and c\nd()", true),
        ("a()\nc()", "a()\n# then c\nc()", true),
        ("a()\n# old\nc()", "a()\n# new\nc()", true),
        ("a()\nb()\nc()", "x()\n# as it is", false),
        ("a()\nb()\nc()", "x()\ny()\nz()\n# that is all", true),
        ("a()\nb()\nc()", "x()\nc()\n# that is all", true),
    ] {
        assert_eq!(
            doubt(answer, of("", selected, "python")).is_none(),
            is_good,
            "{answer:?} for {selected:?}"
        );
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
        "elixir",
        "def f(a), do: a",
        &[
            "@doc \"\"\"\nReturns a.\n\"\"\"\ndef f(a), do: a",
            "@doc ~S\"\"\"\nReturns a.\n\"\"\"\ndef f(a), do: a",
        ],
        &["@doc \"\"\"\nReturns a.\n\"\"\"", "@doc \"\"\"\nReturns a.\n\"\"\"\ndef f(a)"],
    ),
    (
        "python",
        "def f(a):\n    b = \"\"\"\nx\n\"\"\"\n    return b",
        &["def f(a):\n    \"\"\"Doc.\"\"\"\n    b = \"\"\"\nx\n\"\"\"\n    return b"],
        &["def f(a):\n    \"\"\"Doc.\"\"\"\n    b = \"\"\"\nx\n\"\"\""],
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
    ("css", "a {\n  color: red;\n}", &["/* Doc. */\na {\n  color: red;\n}"], &["/* color red */\na {\n}"]),
    ("html", "<p>\n  a\n</p>", &["<!-- Doc. -->\n<p>\n  a\n</p>"], &["<!-- a p -->\n<p>\n</p>"]),
];

#[test]
fn documentation_leaves_no_code_out() {
    let mut wrong = Vec::new();
    for (language, selection, good, bad) in DOCUMENTED {
        let place = Place { keeps_code: true, ..of("", selection, language) };
        let cases = good.iter().map(|answer| (answer, true)).chain(bad.iter().map(|answer| (answer, false)));
        for (answer, is_good) in cases {
            if doubt(answer, place).is_none() != is_good {
                wrong.push(format!("{language}: {answer:?} for {selection:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a selection closes and has not opened its answer closes too.
#[test]
fn an_end_that_was_selected_is_not_lost() {
    for (language, before, selection, answer, is_good) in [
        ("javascript", "function f() {\n", "  foo();\n}", "  bar();", false),
        ("javascript", "function f() {\n", "  foo();\n}", "  bar();\n}", true),
        ("javascript", "function f() {\n", "  foo();\n}", "bar();\n}", true),
        ("javascript", "a(function() {\n", "  foo();\n});", "  bar();\n}", false),
        ("python", "x = [\n", "  1,\n  2]", "  1,\n  3", false),
        ("python", "f(", "a, b)", "a, c", false),
        ("python", "f(", "a, b)", "a, c)", true),
        ("clojure", "(defn f []\n", "  (foo))", "(bar)", false),
        ("elisp", "(defun f ()\n", "  (foo)", "  (bar))", false),
        ("ruby", "def f\n", "  a\nend", "  b", false),
        ("ruby", "def f\n", "  a\nend", "  b\nend", true),
        ("lua", "function f()\n", "  a()\nend", "b()", false),
        ("shellscript", "if a; then\n", "  b\nfi", "  c", false),
        ("shellscript", "case $x in\n", "  a) b ;;", "a) c ;;\nd) e ;;", true),
        ("sql", "BEGIN\n", "  a;\nEND;", "  b;", false),
        ("html", "<div>\n", "<p>a</p>\n</div>", "<p>b</p>", false),
        ("html", "<div>\n", "<p>a</p>\n</div>", "<p>b</p>\n</div>", true),
        ("latex", "\\begin{a}\n", "x\n\\end{a}", "y", false),
        ("python", "def f():\n", "    a()\nb()", "    c()\nb()", true),
        ("vim", "if a\n  ", "b\nendif", "c\nendi", true),
    ] {
        assert_eq!(
            doubt(answer, of(before, selection, language)).is_none(),
            is_good,
            "{language}: {answer:?}"
        );
    }
}

#[test]
fn imports_alone_take_the_place_of_no_code() {
    for (language, selection, answer, is_good) in [
        ("python", "def f():\n    a()", "import a\nfrom b import c", false),
        ("rust", "fn f() {}", "use a::b;", false),
        ("c", "int f();", "#include <a.h>", false),
        ("python", "import a", "import b\nimport c", true),
        ("python", "def f():\n    a()", "import a\n\ndef f():\n    a.b()", true),
        ("python", "a.b()", "from_a()", true),
    ] {
        assert_eq!(doubt(answer, of("", selection, language)).is_none(), is_good, "{answer}");
    }
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

/// A line that stands within the selection, or a word, is not what takes the place of all of it.
#[test]
fn a_line_from_within_and_a_word_alone_take_the_place_of_no_lines() {
    let function = "def total(items):\n    s = 0\n    for i in items:\n        s += i.price\n    return s\n";
    let lines = "a = 1\nb = 2\n";
    for (language, selected, answer, is_shown) in [
        ("python", function, "        s += i.price * 2\n", true),
        ("python", function, "    for i in items:\n        s += i.price * 2\n", true),
        ("rust", "fn f(a: u8) -> u8 {\n    let b = a + 1;\n    b * 2\n}\n", "    b * 3\n", true),
        ("go", "func f() int {\n\ta := 1\n\treturn a\n}\n", "\ta := 3\n", true),
        ("html", "<ul>\n  <li>one</li>\n  <li>two</li>\n</ul>\n", "  <li>four</li>\n", true),
        ("python", function, "Python", true),
        ("python", function, "total.py", true),
        ("python", lines, "null", true),
        ("python", function, "pip install foo", true),
        ("python", function, "s += i.price * 2", true),
        ("javascript", "function f(a) {\n  let s = 0;\n  s += a;\n  return s;\n}\n", "s += a * 2;", true),
        ("clojure", "(defn f [x]\n  (let [a 1]\n    (+ a x)))\n", "(+ a x 1)", true),
        ("sql", "SELECT a\nFROM t\nWHERE a = 1\nORDER BY b;\n", "WHERE a = 2\n", true),
        ("dockerfile", "FROM a\nRUN b\nCOPY c d\n", "RUN b2\n", true),
        ("latex", "\\section{A}\n\\begin{itemize}\n\\item a\n\\end{itemize}\n", "\\item b\n", true),
        ("csv", "id,name\n1,a\n2,b\n3,c\n", "2,bb\n", true),
        ("yaml", "a:\n  b:\n    c: 1\n    d: 2\n  e: 3\n  f: 4\n", "d: 5", true),
        ("yaml", "a:\n  b:\n    c: 1\n    d: 2\n  e: 3\n  f: 4\n", "a:\n  b:\n    d: 5\n", true),
        // All of it, set deeper; and what stands by itself.
        ("python", function, "    def total(items):\n        return sum(i.price for i in items)\n", false),
        ("python", function, "def total(items):\n    return sum(i.price for i in items)\n", false),
        ("python", function, "total = lambda items: sum(i.price for i in items)", false),
        ("python", "for i in x:\n    s += i\n    t += 1\n", "s += sum(x)", false),
        ("python", lines, "x in y", false),
        (
            "javascript",
            "function f(a) {\n  let s = 0;\n  s += a;\n  return s;\n}\n",
            "const f = (a) => a;",
            false,
        ),
        ("sql", "SELECT a\nFROM t\nWHERE a = 1\n", "WITH b AS (SELECT 1)\nSELECT a FROM b\n", false),
        ("csv", "id,name\n1,a\n2,b\n3,c\n", "id,name\n2,b\n", false),
        ("yaml", "a:\n  b:\n    c: 1\n  e: 3\n", "a:\n  b:\n    c: 2\n", false),
        ("yaml", "a:\n  b: 1\n  c: 2\n", "d:\n  b: 1\n", false),
        ("python", lines, "pass", false),
        ("python", lines, "c()", false),
        ("yaml", "a\n", "b", false),
        ("python", "a = x", "null", false),
    ] {
        let doubt = super::doubt(answer, of("", selected, language));
        assert_eq!(doubt.is_some(), is_shown, "{language} {selected:?} + {answer:?}: {doubt:?}");
    }
}
