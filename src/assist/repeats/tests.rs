//! What an answer says again of the text around its place.

use super::*;

/// The language, the text with its selection between `«` and `»`, an answer, and whether it says more.
const CASES: &[(&str, &str, &str, bool)] = &[
    // What stands before.
    (
        "python",
        "class A:\n    def f(self, x):\n        «return x»\n",
        "def f(self, x):\n    return x + 1",
        true,
    ),
    (
        "python",
        "class A:\n    def f(self, x):\n        «return x»\n",
        "class A:\n    def f(self, x):\n        return 1",
        true,
    ),
    ("java", "class A {\n    «int a;»\n}\n", "public class A {\n    int b;\n}", true),
    ("css", "@media a {\n  b {\n    c: d;\n  }\n  «»\n}\n", "e b {\n  c: f;\n}", false),
    ("java", "class A {\n    «int a;»\n}\n", "static class B {\n    int b;\n}", false),
    ("python", "x = «foo(a, b)»\n", "x = bar(a, b)", true),
    ("html", "<template>\n  «<p/>»\n</template>\n", "<template>\n  <p>a</p>\n</template>", true),
    ("php", "<?php\n«echo 1;»\n", "<?php\necho 2;", true),
    ("html", "<p class=\"«a»\">\n", "class=\"b\"", true),
    ("python", "if x: return «a»\n", "return b", true),
    ("markdown", "## Usage\n\n«Some text.»\n", "## Usage\n\nBetter text.", true),
    ("markdown", "It is the «cat».\n", "the dog", true),
    ("markdown", "| aa | b |\n|---|---|\n«| 1 | 2 |»\n", "| aa | b |\n|---|---|\n| 3 | 4 |", true),
    ("latex", "\\section{A}\n«Text a.»\n", "\\section{A}\nText b.", true),
    ("python", "class A:\n    def f(self, x):\n        «return x»\n", "return x + 1", false),
    ("python", "class A:\n    def f(self, x):\n        «return x»\n", "if x:\n    return x\nreturn 0", false),
    ("rust", "}\n«a()»\n", "}\nb()", false),
    ("python", "x = «foo(a, b)»\n", "x", false),
    ("python", "x = 1\nx = 1\n«x = 1»\n", "x = 1\nx = 2", false),
    ("python", "def f():\n    pass\n\n«def g():\n    pass»\n", "def g():\n    return 1", false),
    ("yaml", "- «one»\n", "- One", false),
    ("python", "if «foo»:\n", "iffy", false),
    ("python", "f(g(«x»))\n", "g(y)", false),
    ("python", "def f(xs):\n    «»\n    return y\n", "def f(xs):\n    y = x\n    return y", true),
    ("python", "import os\n«»\nprint(1)\n", "import os\nimport sys", true),
    ("html", "<ul>\n  «»\n</ul>\n", "<ul>\n  <li>a</li>\n</ul>", true),
    ("latex", "\\begin{a}\n  «»\n\\end{a}\n", "\\begin{a}\n  \\item b\n\\end{a}", true),
    ("python", "import os\n«»\n", "import sys", false),
    ("python", "def f():\n    a()\n\n«»\n", "def g():\n    a()", false),
    ("html", "<ul>\n  <li>a</li>\n  «»\n</ul>\n", "<li>b</li>", false),
    // What stands behind.
    ("python", "    «a()»\n    print(total)\n", "b()\nprint(total)", true),
    (
        "python",
        "class A:\n    «def f(self):\n        return 1»\n\n    def g(self):\n        pass\n",
        "def f(self):\n    return 2\n\ndef g(self):\n    pass",
        true,
    ),
    ("go", "\t«a()\n\tb()»\n\tc(first, second)\n", "a()\nb()\nc(first, second)", true),
    ("yaml", "  «image: a»\n  ports:\n    - 80\n", "image: c\nports:\n  - 80", true),
    ("markdown", "«Some text.»\n\n## Usage\n\nRun it.\n", "Better.\n\n## Usage\n\nRun it.", true),
    ("html", "<ul>\n  «<li>a</li>»\n</ul>\n", "<li>c</li>\n</ul>", true),
    ("html", "<ul>\n  «<li>a</li>»\n</ul>\n", "<li>\n<ul>\n<li>c</li>\n</ul>\n</li>", false),
    ("html", "<ul>\n  «<li>a</li>»\n</ul>\n", "<ul>\n</ul>", true),
    ("rust", "{\n    «a();»\n}\n", "if b {\n    a();\n}", false),
    ("python", "«a()»\ni += 1\n", "b()\ni += 1", false),
    ("python", "«a()\nprint(total)»\nprint(total)\n", "b()\nprint(total)", false),
    ("python", "if a:\n    «b()»\nelse:\n    c()\n", "b(1)\nelse:\n    c()", true),
    ("python", "if a:\n«    b()»\nelse:\n    c()\n", "    b(1)\nelse:\n    c()", true),
    ("python", "if a:\n«    b()»\nelse:\n    c()\n", "    if d:\n        b()\n    else:\n        c()", false),
    ("ruby", "if a\n  «b»\nend\n", "if c\n  b\nend", false),
    ("python", "«x»\nprint(total)\n", "print(total)", false),
    (
        "javascript",
        "class A {\n  «f() {\n    return x;\n  }»\n\n  g() {\n    return 1;\n  }\n}\n",
        "f() {\n  return 2;\n}\n\ng() {\n  return 1;\n}",
        true,
    ),
    ("javascript", "export class A {\n  «f() {}»\n}\n", "class A {\n  f() {}\n}", true),
    ("typescript", "class A {\n  «b() {}»\n}\n", "class A extends B {\n  b() {}\n}", true),
    ("javascript", "function f() {\n  «return 1;»\n}\n", "function f(a) {\n  return a;\n}", true),
    ("rust", "impl A {\n    «fn b() {}»\n}\n", "impl A for B {\n    fn b() {}\n}", true),
    ("kotlin", "class A {\n  «val b = 1»\n}\n", "class A(val b: Int) {\n}", true),
    ("python", "class A:\n    x = 1\n\n«class B:\n    pass»\n", "class A(B):\n    pass", false),
    ("typescript", "class A {\n  «b() {}»\n}\n", "class B extends A {\n  b() {}\n}", false),
    ("javascript", "if (a) {\n  «b()»\n}\n", "if (c) {\n  b()\n}", false),
    // Lines of numbers and signs say something too, where they are several.
    ("srt", "1\n00:00:01,000 --> 00:00:02,000\n«Hello»\n", "1\n00:00:01,000 --> 00:00:02,000\nHi", true),
    ("csv", "1,2\n3,40\n«5,6»\n", "1,2\n3,40\n5,7", true),
    ("mail", "«thanks»\n\n-- \nJoe\n", "Thanks a lot.\n\n-- \nJoe", true),
    ("asm", "«  .byte 1»\n  .byte 0x10, 0x20\n", "  .byte 2\n  .byte 0x10, 0x20", true),
    ("c", "{\n  «1»,\n  2\n}\n", "2", false),
    // What a file begins with.
    ("html", "<body>\n  «<p>a</p>»\n</body>\n", "<!DOCTYPE html>\n<html></html>", true),
    ("go", "func f() {\n\t«a()»\n}\n", "package main\n\nfunc f() {\n}", true),
    ("go", "func f() {\n\t«a()»\n}\n", "import \"fmt\"\n\nfmt.Println()", true),
    ("javascript", "function f() {\n  «a()»\n}\n", "import a from 'a';\n\na()", true),
    ("c", "void f() {\n    «a();»\n}\n", "#include <a.h>\nb();", true),
    ("javascript", "function f() {\n  «a()»\n}\n", "import('a').then(b)", false),
    ("python", "def f():\n    «a()»\n", "import os\n\nos.a()", false),
    ("go", "package main\n\n«import \"a\"»\n", "import \"b\"", false),
    ("javascript", "«a()»\n", "import a from 'a';\n\na()", false),
    ("vue", "<script>\n  «a()»\n</script>\n", "import a from 'a'\n\na()", false),
];

#[test]
fn what_stands_around_is_not_said_again() {
    let mut wrong = Vec::new();
    for (language, text, answer, more) in CASES {
        let (before, rest) = text.split_once('«').unwrap();
        let (selection, after) = rest.split_once('»').unwrap();
        let place = Place { language, selection, before, after, ..Place::default() };
        if says_more(answer, selection, place) != *more {
            wrong.push(format!("{language} {text:?} + {answer:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn among_members_of_json_stand_members() {
    for (before, selection, answer, is_one) in [
        ("{\n  ", "\"b\": 1", "\"b\": 2", true),
        ("{\n  ", "\"b\": 1", "// two\n\"b\": 2", true),
        ("{\n  ", "\"b\": 1", "{\n  \"b\": 2\n}", false),
        ("{\n  ", "\"b\": 1", "[2]", false),
        ("{\n  ", "", "{\"b\": 1}", false),
        ("{\"b\": ", "1", "{\"c\": 1}", true),
        ("[\n  ", "\"b\"", "{\"c\": 1}", true),
        ("", "{\"b\": 1}", "{\"c\": 1}", true),
    ] {
        let place = Place { language: "json", before, selection, after: "\n}", ..Place::default() };
        assert_eq!(no_member(answer, place).is_none(), is_one, "{answer:?} in {before:?}");
    }
}
