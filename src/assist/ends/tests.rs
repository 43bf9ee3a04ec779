//! What stands between items and behind statements, in documents of many languages.

use crate::assist::{
    fit::{Answer, Fit, fit},
    place::Place,
};

/// The language, a text with its selection or cursor between `«` and `»`, an answer, and what the text is then.
const ENDED: &[(&str, &str, &str, &str)] = &[
    // Members of JSON.
    ("json", "{\n  «\"a\": 1,»\n  \"b\": 2\n}", "\"a\": 3", "{\n  \"a\": 3,\n  \"b\": 2\n}"),
    (
        "json",
        "{\n  «\"a\": 1,\n»  \"b\": 2\n}",
        "\"a\": [\n  3\n]\n",
        "{\n  \"a\": [\n    3\n  ],\n  \"b\": 2\n}",
    ),
    ("json", "{\n  «\"a\": 1»,\n  \"b\": 2\n}", "\"a\": 3,", "{\n  \"a\": 3,\n  \"b\": 2\n}"),
    ("json", "{\n  «\"a\": 1»\n  , \"b\": 2\n}", "\"a\": 3,", "{\n  \"a\": 3\n  , \"b\": 2\n}"),
    ("json", "{\n  \"a\": 1,\n  «\"b\": 2»\n}", "\"b\": 3,", "{\n  \"a\": 1,\n  \"b\": 3\n}"),
    (
        "json",
        "{\n  \"a\": 1,\n  «\"b\": 2»\n}",
        "\"b\": 3,\n\"c\": 4,",
        "{\n  \"a\": 1,\n  \"b\": 3,\n  \"c\": 4\n}",
    ),
    ("json", "[«1», 2]", "3,", "[3, 2]"),
    ("json", "[1, «2»]", "3,", "[1, 3]"),
    ("json", "{\"a\": «1»}", "{\"b\": 2},", "{\"a\": {\"b\": 2}}"),
    ("json", "«{\"a\": 1}»", "{\"a\": 2},", "{\"a\": 2}"),
    ("json", "{\n  «»\n  \"b\": 2\n}", "\"a\": 1", "{\n  \"a\": 1,\n  \"b\": 2\n}"),
    ("json", "[\n  1,\n  «»\n  3\n]", "2", "[\n  1,\n  2,\n  3\n]"),
    ("json", "{\n  \"b\": 2,\n  «»\n}", "\"c\": 1,", "{\n  \"b\": 2,\n  \"c\": 1\n}"),
    ("json", "{\n  \"b\": 2,\n  «»\n}", ", \"c\": 1", "{\n  \"b\": 2,\n  \"c\": 1\n}"),
    ("jsonc", "{\n  «\"a\": 1,» // one\n  \"b\": 2\n}", "\"a\": 3", "{\n  \"a\": 3, // one\n  \"b\": 2\n}"),
    (
        "jsonc",
        "{\n  «\"a\": 1,»\n  \"b\": 2\n}",
        "\"a\": 3 // three",
        "{\n  \"a\": 3, // three\n  \"b\": 2\n}",
    ),
    (
        "jsonc",
        "{\n  «\"a\": 1,»\n  // two\n  \"b\": 2\n}",
        "\"a\": 3",
        "{\n  \"a\": 3,\n  // two\n  \"b\": 2\n}",
    ),
    ("json5", "[\n  «1,»\n]", "2,", "[\n  2,\n]"),
    ("json", "{\r\n  «\"a\": 1,»\r\n  \"b\": 2\r\n}", "\"a\": 3", "{\r\n  \"a\": 3,\r\n  \"b\": 2\r\n}"),
    ("json", "{\n  \"a\": 1«»\n}", "\"b\": 2", "{\n  \"a\": 1,\n  \"b\": 2\n}"),
    ("json", "{\n  \"a\": 1\n  «»\n}", "\"b\": 2", "{\n  \"a\": 1\n  , \"b\": 2\n}"),
    // Statements and clauses of other languages.
    ("nginx", "server {\n    «listen 80;»\n}\n", "listen 443 ssl", "server {\n    listen 443 ssl;\n}\n"),
    ("perl", "«a();»\nb();\n", "a(1)", "a(1);\nb();\n"),
    ("perl", "«a();»\nb();\n", "print <<EOT;\nx\nEOT", "print <<EOT;\nx\nEOT\nb();\n"),
    ("perl", "«a();»\nb();\n", "a();\n\n=pod\n\n=cut", "a();\n\n=pod\n\n=cut\nb();\n"),
    ("nix", "{\n  «a = 1;»\n}\n", "a = 2", "{\n  a = 2;\n}\n"),
    ("verilog", "«a <= b;»\n", "if (r) begin\n  a <= b;\nend", "if (r) begin\n  a <= b;\nend\n"),
    (
        "erlang",
        "f(a) -> 1;\n«f(b) -> 2;»\nf(_) -> 3.\n",
        "f(b) -> 2;\nf(c) -> 4",
        "f(a) -> 1;\nf(b) -> 2;\nf(c) -> 4;\nf(_) -> 3.\n",
    ),
    ("erlang", "f() ->\n    «1.»\n", "2", "f() ->\n    2.\n"),
    // Lines that a mark at the end of each makes one.
    ("shellscript", "a \\\n  «»\n  e\n", "-c d \\\n-f g", "a \\\n  -c d \\\n  -f g \\\n  e\n"),
    ("shellscript", "a \\\n  «»\n\ne\n", "-c d", "a \\\n  -c d\n\ne\n"),
    ("shellscript", "a \\\n  -b \\\n  «»\n", "-c \\\n  -d \\\n  e", "a \\\n  -b \\\n  -c \\\n  -d \\\n  e\n"),
    ("dockerfile", "RUN a \\\n    «»\n    c\n", "b", "RUN a \\\n    b \\\n    c\n"),
    // Items and arguments in code.
    ("python", "f(\n    «a,»\n    b,\n)", "a + 1", "f(\n    a + 1,\n    b,\n)"),
    ("python", "f(\n    «a,»\n    b,\n)", "a=1  # one", "f(\n    a=1,  # one\n    b,\n)"),
    ("python", "f(\n    a,\n    «b,»\n)", "c", "f(\n    a,\n    c,\n)"),
    (
        "python",
        "x = {\n    «\"a\": 1,»\n    \"b\": 2,\n}",
        "\"a\": g(\n    1,\n)",
        "x = {\n    \"a\": g(\n        1,\n    ),\n    \"b\": 2,\n}",
    ),
    ("python", "x = [\n    1,\n    «»\n    3,\n]", "2", "x = [\n    1,\n    2,\n    3,\n]"),
    ("python", "def f(\n    «»\n    b,\n):", "a: int", "def f(\n    a: int,\n    b,\n):"),
    ("python", "x = («a»)", "a, b,", "x = (a, b,)"),
    ("python", "x = f(«a», b)", "c,", "x = f(c, b)"),
    ("python", "x = [\n    «»\n    for a in b\n]", "a + 1", "x = [\n    a + 1\n    for a in b\n]"),
    ("python", "def f():\n    «»\n    g(a,\n      b)", "h()", "def f():\n    h()\n    g(a,\n      b)"),
    ("rust", "A {\n    «a: 1,»\n    b,\n}", "a: B { c: 2 }", "A {\n    a: B { c: 2 },\n    b,\n}"),
    (
        "rust",
        "match x {\n    «A => 1,»\n    B => 2,\n}",
        "A => {\n    f();\n    1\n}",
        "match x {\n    A => {\n        f();\n        1\n    }\n    B => 2,\n}",
    ),
    (
        "rust",
        "match x {\n    «A => 1,»\n    B => 2,\n}",
        "A => f()",
        "match x {\n    A => f(),\n    B => 2,\n}",
    ),
    ("go", "f(\n\t«a,»\n)", "b", "f(\n\tb,\n)"),
    ("c", "enum a {\n    «B,»\n    C\n};", "D = 1", "enum a {\n    D = 1,\n    C\n};"),
    ("c", "f(a, «b»);", "c,", "f(a, c);"),
    ("c", "f(a, «b»);", "c;", "f(a, c);"),
    ("java", "f(\n    a,\n    «b»\n);", "c,", "f(\n    a,\n    c\n);"),
    (
        "javascript",
        "a = {\n  «b: 1,»\n  c() {},\n}",
        "b() {\n  return 1;\n}",
        "a = {\n  b() {\n    return 1;\n  },\n  c() {},\n}",
    ),
    ("elixir", "[\n  1,\n  «2»\n]", "3,", "[\n  1,\n  3\n]"),
    ("toml", "a = [\n  «1,»\n  2,\n]", "3", "a = [\n  3,\n  2,\n]"),
    ("yaml", "a: [\n  «1,»\n  2\n]", "3", "a: [\n  3,\n  2\n]"),
    // Columns.
    ("sql", "SELECT\n  «a,»\n  b\nFROM t", "a AS x", "SELECT\n  a AS x,\n  b\nFROM t"),
    ("sql", "SELECT\n  a,\n  «b»\nFROM t", "c,", "SELECT\n  a,\n  c\nFROM t"),
    ("sql", "SELECT\n  a\n  «, b»\n  , c\nFROM t", "d", "SELECT\n  a\n  , d\n  , c\nFROM t"),
    (
        "sql",
        "CREATE TABLE t (\n  a int,\n  «b int»\n);",
        "b text NOT NULL,",
        "CREATE TABLE t (\n  a int,\n  b text NOT NULL\n);",
    ),
    ("sql", "SELECT\n  a,\n  «»\n  c,\n  d\nFROM t", "b", "SELECT\n  a,\n  b,\n  c,\n  d\nFROM t"),
    (
        "sql",
        "INSERT INTO t VALUES\n  (1, 'a'),\n  «»\n  (3, 'c');\n",
        "(2, 'b')",
        "INSERT INTO t VALUES\n  (1, 'a'),\n  (2, 'b'),\n  (3, 'c');\n",
    ),
    (
        "sql",
        "SELECT a\nFROM t\n«WHERE b = 1»\nORDER BY c;\n",
        "WHERE d;",
        "SELECT a\nFROM t\nWHERE d\nORDER BY c;\n",
    ),
    ("sql", "SELECT a\n«FROM t»\nWHERE b;\n", "FROM u;", "SELECT a\nFROM u\nWHERE b;\n"),
    (
        "sql",
        "SELECT a\nFROM t\n«WHERE b = 1»;\nSELECT c;\n",
        "WHERE d;",
        "SELECT a\nFROM t\nWHERE d;\nSELECT c;\n",
    ),
    // Statements.
    ("css", "a {\n  «color: red;»\n  margin: 0;\n}", "color: blue", "a {\n  color: blue;\n  margin: 0;\n}"),
    ("c", "«a = 1;»\nb();", "a = 2", "a = 2;\nb();"),
    ("java", "«a.b();»\n", "a.c() // more", "a.c(); // more\n"),
    ("sql", "«SELECT a;»\nSELECT b;", "SELECT c", "SELECT c;\nSELECT b;"),
    ("rust", "«let a = 1;»\n", "let a = 2", "let a = 2;\n"),
    ("rust", "«a();»\n", "b()", "b()\n"),
    ("c", "«a();»\n", "if (b) {\n    a();\n}", "if (b) {\n    a();\n}\n"),
    ("c", "«a();»\n", "#define B 1", "#define B 1\n"),
    ("typescriptreact", "«return null;»\n", "return <p>a</p>", "return <p>a</p>\n"),
    // Items of YAML, with their mark.
    ("yaml", "a:\n  «- x»\n  - y\n", "z", "a:\n  - z\n  - y\n"),
    (
        "yaml",
        "a:\n  - x\n  «- b: 1\n    c: 2»\n",
        "b: 2\nc:\n  d: 3",
        "a:\n  - x\n  - b: 2\n    c:\n      d: 3\n",
    ),
    ("yaml", "a:\n  «- x»\n", "- z", "a:\n  - z\n"),
    ("yaml", "a:\n  «- x»\n  - y\n", "- z\n- w", "a:\n  - z\n  - w\n  - y\n"),
    // Texts that are one where they stand side by side, and items that are spread.
    (
        "python",
        "log.info(\n    «»\n    \"it is not clear: %s\",\n    x,\n)\n",
        "\"Left out, for \"",
        "log.info(\n    \"Left out, for \"\n    \"it is not clear: %s\",\n    x,\n)\n",
    ),
    ("c", "f(\n    «»\n    \"b %d\\n\",\n    x);\n", "\"a \"", "f(\n    \"a \"\n    \"b %d\\n\",\n    x);\n"),
    (
        "python",
        "x = [\n    «»\n    \"b\",\n    \"c\",\n]\n",
        "\"a\"",
        "x = [\n    \"a\",\n    \"b\",\n    \"c\",\n]\n",
    ),
    (
        "javascript",
        "x = [\n  «»\n  \"b\",\n  \"c\",\n];\n",
        "\"a \"",
        "x = [\n  \"a \",\n  \"b\",\n  \"c\",\n];\n",
    ),
    ("javascript", "x = [\n  «»\n  ...b,\n];\n", "...a", "x = [\n  ...a,\n  ...b,\n];\n"),
    // Where commas are something else.
    ("csv", "a,b,\n«1,2,»\n", "3,4,5", "a,b,\n3,4,5\n"),
    ("ini", "«a = b,»\n", "a = c", "a = c\n"),
    ("plaintext", "«Dear Ann,»\n", "Hello", "Hello\n"),
    ("python", "# «first,»\n", "second", "# second\n"),
    ("python", "x = \"«a,»\"\n", "b", "x = \"b\"\n"),
];

#[test]
fn what_ends_an_item_is_written_once() {
    let mut wrong = Vec::new();
    for (language, text, answer, right) in ENDED {
        let (before, rest) = text.split_once('«').unwrap();
        let (selection, after) = rest.split_once('»').unwrap();
        let place = Place { language, selection, before, after, ..Place::default() };
        match fit(Answer { text: answer, finish_reason: Some("stop"), refusal: None }, place) {
            Fit::Write(new) if format!("{before}{new}{after}") == *right => {}
            other => wrong.push(format!("{language} {text:?} + {answer:?}: {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
