//! Answers in each form that models give them, at each kind of place: what they are made of stays what it is.

use super::{
    fit::{Answer, Fit, fit, so_far},
    place::Place,
};

/// A text with an answer at the cursor or in the selection between `«` and `»`. None where it is shown instead.
fn written(language: &str, text: &str, answer: &str) -> Option<String> {
    let (before, rest) = text.split_once('«').unwrap();
    let (selection, after) = rest.split_once('»').unwrap();
    let place = Place { language, selection, before, after, ..Place::default() };
    match fit(Answer { text: answer, finish_reason: Some("stop"), refusal: None }, place) {
        Fit::Write(new) => {
            if selection.is_empty() {
                let mut shown = String::new();
                for (end, _) in answer.char_indices().chain([(answer.len(), ' ')]) {
                    let known = so_far(&answer[..end], place);
                    // A fence may begin with a backtick, and a mark with an angle.
                    let is_held = answer.contains(['`', '<']) && shown.starts_with(&known);
                    let is_shown = known.starts_with(&shown) || is_held;
                    assert!(is_shown, "{text:?} + {answer:?}: {shown:?}, then {known:?}");
                    shown = if is_held { shown } else { known };
                }
                let is_begun = new.starts_with(&shown) || shown.starts_with(new.trim_end());
                assert!(is_begun, "{text:?} + {answer:?}: {shown:?} for {new:?}");
            }
            Some(format!("{before}{new}{after}"))
        }
        Fit::Show { .. } => None,
        Fit::Nothing { reason } => panic!("{text:?} + {answer:?}: {reason}"),
    }
}

/// Blocks of code whose structure is their indentation.
const BLOCKS: &[(&str, &str)] = &[
    ("verilog", "case (a)\n  1'b0: b = 1;\n  default: b = 0;\nendcase"),
    ("cmake", "if(A)\n  set(B 1)\nendif()"),
    ("vim", "try\n  let c = 1\ncatch\n  let c = 2\nendtry"),
    ("ruby", "if b\n  c\nend"),
    ("ruby", "if b\n  c\nend\nd"),
    ("vim", "for a in b\n  let c = 1\nendfor"),
    ("yaml", "- model_name: b\n  litellm_params:\n    model: openai/b"),
    ("yaml", "- x: 10\n  y: 20\n- z: 30"),
    ("yaml", "web:\n  image: x\n  ports:\n    - 80\n    - 81"),
    ("yaml", "x: 1\ny: 2"),
    ("yaml", "run: |\n  make\n  make test"),
    ("python", "if b:\n    b = 20\nelse:\n    b = 30"),
    ("python", "if b:  # or not\n    b = 20"),
    ("python", "try:\n    x()\nexcept E:\n    y()\nz()"),
    ("python", "x = f(\n    1,\n)\ny = 2"),
    ("python", "for i in x:\n    if i:\n        continue\n    y(i)\nprint(y)"),
    ("python", "# twice\nx = 1\ny = 2"),
    ("nim", "if x:\n  y()"),
    ("haskell", "y = case x of\n  1 -> 2\n  _ -> 3"),
    ("haskell", "y =\n  x + 1"),
    ("fsharp", "let g y =\n    y + 1\ng x"),
    ("markdown", "- b\n  c\n- d"),
    ("restructuredtext", "* a\n  b"),
    ("rust", "if b {\n    c();\n} else {\n    d();\n}"),
    ("javascript", "x.forEach(\n  y => a()\n);\nb();"),
];

/// So as well, where the first line alone does not tell what the second is: those are written where they stand in a
/// fence, and where they are indented as the place is.
const OPEN_BLOCKS: &[(&str, &str)] = &[
    ("yaml", "- - a\n  - b\n- c"),
    ("pug", "ul\n  li a\n  li b"),
    ("sass", ".b\n  color: red"),
    ("coffeescript", "if x\n  y()"),
    ("haskell", "foo x\n  | x = 1\n  | y = 2"),
];

/// Lines without their indentation, and how deep each stands among the depths that there are; the indentation of all.
fn shape(text: &str) -> (Vec<(usize, &str)>, usize) {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut depths: Vec<usize> = text.lines().map(depth).collect();
    depths.sort_unstable();
    depths.dedup();
    let rank = |line: &str| depths.iter().position(|one| *one == depth(line)).unwrap();
    (text.lines().map(|line| (rank(line), line.trim_start())).collect(), depths[0])
}

fn deep(code: &str, indent: &str) -> String {
    let lines =
        code.split('\n').map(|line| if line.is_empty() { String::new() } else { format!("{indent}{line}") });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_structure_of_an_answer_is_what_it_says() {
    let (mut pages, mut wrong) = (0, Vec::new());
    for (is_open, (language, code)) in
        BLOCKS.iter().map(|block| (false, block)).chain(OPEN_BLOCKS.iter().map(|block| (true, block)))
    {
        let is_prose = ["markdown", "restructuredtext"].contains(language);
        for indent in ["  ", "    ", "        ", "\t"] {
            if indent == "\t" && ["yaml", "markdown", "restructuredtext", "haskell", "nim"].contains(language)
            {
                continue;
            }
            let own = match indent {
                "\t" if code.contains("\n    ") => code.replace("    ", "\t"),
                "\t" => code.replace("  ", "\t"),
                _ => (*code).to_owned(),
            };
            let right = deep(&own, indent);
            let begun = right.strip_prefix(indent).unwrap();
            let fenced = |code: &str| format!("```{}\n{code}\n```", if is_prose { "" } else { language });
            let places = [
                ("at a cursor", format!("top\n{indent}«»\n")),
                ("in the place of a line", format!("top\n«{indent}old»\nend\n")),
                ("in the place of a line and its end", format!("top\n«{indent}old\n»end\n")),
                ("from its first letter", format!("top\n{indent}«old»\nend\n")),
            ];
            for (place, text) in places {
                let forms = [
                    ("flush", (*code).to_owned(), is_open),
                    ("as the place", right.clone(), false),
                    ("as the place but for its first line", begun.to_owned(), true),
                    ("fenced", fenced(code), false),
                    ("fenced as the place", fenced(&right), false),
                ];
                for (form, answer, may_be_shown) in forms {
                    match written(language, &text, &answer) {
                        Some(new) => {
                            let new = new.strip_prefix("top\n").unwrap().trim_end();
                            let new = new.strip_suffix("\nend").unwrap_or(new);
                            if shape(new) != shape(&right) {
                                wrong.push(format!("{language}, {form}, {place}: {answer:?} is {new:?}"));
                            }
                        }
                        None if may_be_shown => pages += 1,
                        None => wrong.push(format!("{language}, {form}, {place}: {answer:?} is shown")),
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(pages < 120, "{pages} are shown");
}

/// The language, the text before the cursor, the answer, and what stands there then; empty where it is shown.
const SEAMS: &[(&str, &str, &str, &str)] = &[
    // Code behind a comment.
    ("python", "    # double b", "if b:\n    b = b * 2", "    # double b\n    if b:\n        b = b * 2"),
    (
        "python",
        "    # double b",
        "if b:\n        b = b * 2\n",
        "    # double b\n    if b:\n        b = b * 2",
    ),
    (
        "python",
        "    # double b",
        "    if b:\n        b = b * 2\n",
        "    # double b\n    if b:\n        b = b * 2",
    ),
    ("python", "    # double b", "    b = b * 2", "    # double b\n    b = b * 2"),
    ("python", "    # double b", "b = b * 2\n    c = 3", "    # double b\n    b = b * 2\n    c = 3"),
    ("python", "    # double b", "b = b * 2", "    # double b\n    b = b * 2"),
    ("python", "    # double b ", "b = b * 2", "    # double b \n    b = b * 2"),
    ("python", "    # double b", "def g():\n    pass", "    # double b\n    def g():\n        pass"),
    ("python", "    a = 1  # one", "b = 2", "    a = 1  # one\n    b = 2"),
    ("python", "if a:  # one", "b = 2\nc = 3", "if a:  # one\n    b = 2\n    c = 3"),
    ("python", "# imports", "import os\nimport sys", "# imports\nimport os\nimport sys"),
    ("python", "# sum", "for i in x:\n    y += i\nprint(y)", "# sum\nfor i in x:\n    y += i\nprint(y)"),
    ("python", "# sum", "# Of all.\nx = 1", "# sum\n# Of all.\nx = 1"),
    ("python", "# sum", "pass", "# sum\npass"),
    ("javascript", "  // double b", "if (b) {\n  b *= 2;\n}", "  // double b\n  if (b) {\n    b *= 2;\n  }"),
    (
        "javascript",
        "  // double b",
        "  if (b) {\n    b *= 2;\n  }\n",
        "  // double b\n  if (b) {\n    b *= 2;\n  }",
    ),
    (
        "c",
        "    /* double b */",
        "if (b) {\n    b *= 2;\n}",
        "    /* double b */\n    if (b) {\n        b *= 2;\n    }",
    ),
    (
        "html",
        "  <!-- list -->",
        "<ul>\n  <li>a</li>\n</ul>",
        "  <!-- list -->\n  <ul>\n    <li>a</li>\n  </ul>",
    ),
    ("yaml", "  # items", "- x: 1\n  y: 2", "  # items\n  - x: 1\n    y: 2"),
    ("sql", "-- all users", "select *\nfrom users;", "-- all users\nselect *\nfrom users;"),
    (
        "shellscript",
        "  # list",
        "for i in *; do\n  echo \"$i\"\ndone",
        "  # list\n  for i in *; do\n    echo \"$i\"\n  done",
    ),
    ("shellscript", "# clean", "rm -rf build\nmkdir build", ""),
    ("python", "# sum", "This adds all the numbers.\nThey are small.", ""),
    // Words behind a comment.
    ("python", "# sum of ", "two numbers", "# sum of two numbers"),
    ("python", "# sum of two num", "bers", "# sum of two numbers"),
    ("python", "# sum of two num", "bers of the list\nx = 1", "# sum of two numbers of the list\nx = 1"),
    ("python", "# sum", " for each of the numbers", "# sum for each of the numbers"),
    ("python", "x = 1  # the ", "first of them", "x = 1  # the first of them"),
    ("rust", "/// Adds ", "two numbers.", "/// Adds two numbers."),
    // Lines behind a statement.
    ("python", "    a = 1", "b = b * 2\nc = 3", "    a = 1\n    b = b * 2\n    c = 3"),
    ("python", "    a = 1", "    b = 2\n    c = 3", "    a = 1\n    b = 2\n    c = 3"),
    ("python", "    a = 1", "if b:\n    b = 20", "    a = 1\n    if b:\n        b = 20"),
    ("python", "    a = 1", "b = 2", "    a = 1\n    b = 2"),
    ("python", "    a = 1", "    b = 2", "    a = 1\n    b = 2"),
    ("python", "    pass", "b = 2\nc = 3", "    pass\n    b = 2\n    c = 3"),
    ("python", "import os", "import sys", "import os\nimport sys"),
    ("python", "print(1)", "print(2)", "print(1)\nprint(2)"),
    ("javascript", "  a();", "b();\nc();", "  a();\n  b();\n  c();"),
    ("rust", "    let a = 1;", "let b = 2;", "    let a = 1;\n    let b = 2;"),
    ("yaml", "a: 1", "b: 2", "a: 1\nb: 2"),
    ("yaml", "  - x: 1", "- x: 2\n  y: 3", "  - x: 1\n  - x: 2\n    y: 3"),
    ("toml", "a = 1", "[b]\nc = 2", "a = 1\n[b]\nc = 2"),
    ("css", "  color: red;", "margin: 0;\npadding: 0;", "  color: red;\n  margin: 0;\n  padding: 0;"),
    ("markdown", "# T", "Some words.\nMore.", "# T\nSome words.\nMore."),
    ("markdown", "- a", "- b\n- c", "- a\n- b\n- c"),
    ("python", "x", "y = 1\nz = 2", ""),
    ("shellscript", "sed a \\", "| uniq", "sed a \\\n| uniq"),
    ("shellscript", "  a && \\", "b", "  a && \\\n  b"),
    ("dockerfile", "RUN a && \\", "    b", "RUN a && \\\n    b"),
    ("python", "x = a + \\", "    b", "x = a + \\\n    b"),
    ("ini", "x=1", "y=2", "x=1\ny=2"),
    ("dotenv", "A=1", "B=2\nC=3", "A=1\nB=2\nC=3"),
    ("ini", "x=", "1", "x=1"),
    ("csv", "1,2", "3,4", "1,2\n3,4"),
    ("csv", "1,", "2", "1,2"),
    ("c", "#define A 1 /* one */", "#define B 2", "#define A 1 /* one */\n#define B 2"),
    ("markdown", "- a", "- b", "- a\n- b"),
    ("markdown", "| a |", "| b |", "| a |\n| b |"),
    ("python", "    return", "x + 1", "    return x + 1"),
    ("python", "x = foo_", "bar(1)\ny = 2", "x = foo_bar(1)\ny = 2"),
    ("python", "@", "bar(1)\ndef f():\n    pass", "@bar(1)\ndef f():\n    pass"),
    // Lines that are whole by themselves.
    ("python", "    a = b", "c = d", "    a = b\n    c = d"),
    ("python", "    a=1", "c=2", "    a=1\n    c=2"),
    ("python", "    \"\"\"Adds.\"\"\"", "g()", "    \"\"\"Adds.\"\"\"\n    g()"),
    ("c", "int a; /* one */", "int b;", "int a; /* one */\nint b;"),
    ("sql", "SELECT 1;", "SELECT 2;", "SELECT 1;\nSELECT 2;"),
    ("shellscript", "A=1", "B=2", "A=1\nB=2"),
    ("vim", "\" one", "let b = 2", "\" one\nlet b = 2"),
    ("ini", "x=1", "[b]", "x=1\n[b]"),
    ("properties", "a.b=x", "a.c=y", "a.b=x\na.c=y"),
    ("dotenv", "A=x", "B=y", "A=x\nB=y"),
    ("markdown", "# Title", "Text.", "# Title\nText."),
    ("markdown", "> a", "> b", "> a\n> b"),
    // Behind a mark that the line goes on from nothing can stand.
    ("shellscript", "  sed a \\", "    -e b", "  sed a \\\n    -e b"),
    ("c", "#define X a \\", "  b", "#define X a \\\n  b"),
    ("shellscript", "echo a\\", " b", "echo a\\ b"),
    ("haskell", "f $ \\", "x -> y", "f $ \\x -> y"),
    // A name or a comment that has only begun.
    ("python", "    x = foo_", "bar(1)\n    y = 2", "    x = foo_bar(1)\n    y = 2"),
    ("python", "    support.SHORT_", "TIME(1)\n    y = 2", "    support.SHORT_TIME(1)\n    y = 2"),
    ("python", "    @", "bar\n    def f(): pass", "    @bar\n    def f(): pass"),
    ("python", "    # ", "two of them\n    y = 2", "    # two of them\n    y = 2"),
    ("rust", "    a::", "b();\n    c();", "    a::b();\n    c();"),
    ("ini", "x=", "2", "x=2"),
    ("ini", "x=1", "0", "x=10"),
    ("markdown", "# Ti", "tle", "# Title"),
    // A word that may be half of one.
    ("python", "    if sys.platfor", "m == \"darwin\":\n        return 1", ""),
    (
        "python",
        "platform = 1\nif sys.platfor",
        "m == 1:\n    x",
        "platform = 1\nif sys.platform == 1:\n    x",
    ),
    ("python", "@class", "method\ndef f(cls):\n    return 1", ""),
    ("python", "@class_", "method\ndef f(cls):\n    return 1", "@class_method\ndef f(cls):\n    return 1"),
    ("python", "@cache", "def f():\n    return 1", "@cache\ndef f():\n    return 1"),
    ("javascript", "const x = wind", "ow.body;\nx.remove();", ""),
    (
        "javascript",
        "y.run()\nconst x = y",
        "x.remove();\nx.z();",
        "y.run()\nconst x = y\nx.remove();\nx.z();",
    ),
    ("go", "\tfmt.Prin", "tln(1)\n\treturn", ""),
    ("yaml", "name: web", "image: x\nports:\n  - 80", "name: web\nimage: x\nports:\n  - 80"),
    ("dockerfile", "FROM pyth", "on:3.12\nRUN pip install x", ""),
    ("dockerfile", "FROM a\nRU", "N ls\nCMD x", ""),
    ("sql", "SELECT a FR", "OM t\nWHERE b = 1;", ""),
    ("sql", "SELECT A", "FROM T\nWHERE B = 1;", "SELECT A\nFROM T\nWHERE B = 1;"),
    ("yaml", "a:\n  - guardrai", "l_name: x", ""),
    ("lua", "-- This is sent.  But ", "a.b reads objects as lists, where", ""),
    ("dockerfile", "FROM python", "RUN pip install x\nCMD x", "FROM python\nRUN pip install x\nCMD x"),
    ("csv", "a,b\n1,tw", "o\n3,four", ""),
    ("markdown", "## Head", "ing\n\nText.", ""),
    ("markdown", "## Head", "Text.\nMore.", "## Head\nText.\nMore."),
    ("markdown", "## 标题", "正文。\n更多。", "## 标题\n正文。\n更多。"),
    ("lua", "---@field texts", " string[]", "---@field texts string[]"),
    // What goes on.
    ("python", "a = 1", " + 2\nb = 3", "a = 1 + 2\nb = 3"),
    ("python", "a = ", "f(\n    1,\n)\nb = 2", "a = f(\n    1,\n)\nb = 2"),
    ("python", "x = so", "rted(y)", "x = sorted(y)"),
    ("python", "impor", "t os", "import os"),
    ("python", "a = 1", "0", "a = 10"),
    ("python", "def ", "f(x):\n    return x", "def f(x):\n    return x"),
    ("python", "s = \"ab", "c\"\nt = 1", "s = \"abc\"\nt = 1"),
    ("rust", "    a", ".b()\n        .c();", "    a.b()\n        .c();"),
    ("javascript", "f(", "a,\nb)", "f(a,\nb)"),
    ("javascript", "let a = `${", "b}`", "let a = `${b}`"),
    ("css", "  color:", " red;", "  color: red;"),
    ("markdown", "Some te", "xt and\nmore", "Some text and\nmore"),
    ("yaml", "  - ", "x: 1\ny: 2", "  - x: 1\n    y: 2"),
    ("yaml", "  - ", "x: 1\n    y: 2", "  - x: 1\n    y: 2"),
    // Words and lines that are torn.
    ("makefile", "# mode option. $(O) is a shor", "tcut for $(X).", ""),
    ("vim", "\" vim: et ts=", "2 sw=2", "\" vim: et ts=2 sw=2"),
    ("cmake", "# find_", "package(OCaml)", "# find_package(OCaml)"),
    ("rust", "    /// (`https://json-", "schema.org/a`).", "    /// (`https://json-schema.org/a`)."),
    ("python", "# double b", "double(b)", "# double b\ndouble(b)"),
    ("cmake", "else", "if(PROC)\n", ""),
    ("html", "    <li>a", "</li>\n  </ul>", "    <li>a</li>\n  </ul>"),
    ("python", "x = foo.bar ", "if a else b\ny = 2", ""),
    ("css", "  font-family: var(--", "mono);\n  a: b;", "  font-family: var(--mono);\n  a: b;"),
    ("rust", "struct Recursive", "Outer {\n    c: u8,", ""),
    ("lua", "  x = { a = 1, sea", "rch = 2 }\n  y()", "  x = { a = 1, search = 2 }\n  y()"),
    // A body behind its header.
    ("python", "def f(b):", "if b:\n    return 1", "def f(b):\n    if b:\n        return 1"),
    ("python", "def f(b):", "return b", "def f(b):\n    return b"),
    ("python", "def f(b):", "    return b\n", "def f(b):\n    return b"),
    ("python", "def f(b):", "def f(b):\n    return b", "def f(b):\n    return b"),
    ("python", "    def f(self):", "x = 2\nreturn x", "    def f(self):\n        x = 2\n        return x"),
    (
        "python",
        "    def f(self):",
        "        x = 2\n        return x",
        "    def f(self):\n        x = 2\n        return x",
    ),
    (
        "python",
        "    def f(self):",
        "x = 2\n        return x",
        "    def f(self):\n        x = 2\n        return x",
    ),
    ("python", "    def f(self):", "def f(self):\n    return 1", "    def f(self):\n        return 1"),
    ("python", "    def f(self):", "\nreturn 1", "    def f(self):\n        return 1"),
    ("python", "def f(b):\n", "return b", "def f(b):\n    return b"),
    ("javascript", "function f(b) {", "let c = b;\nreturn c;", "function f(b) {\n  let c = b;\n  return c;"),
    ("shellscript", "for i in *; do", "echo a\necho b", "for i in *; do\n  echo a\n  echo b"),
    ("fsharp", "let f x =", "let y = x\ny + 1", "let f x =\n  let y = x\n  y + 1"),
    ("yaml", "services:", "web:\n  image: x\n", "services:\n  web:\n    image: x"),
    ("yaml", "  web:", "image: x\nports:\n  - 80", "  web:\n    image: x\n    ports:\n      - 80"),
    ("yaml", "a:", "- x: 1\n- y: 2", "a:\n  - x: 1\n  - y: 2"),
    ("yaml", "a:", "5", "a: 5"),
    ("yaml", "a: ", "b: 1\nc: 2", "a: \n  b: 1\n  c: 2"),
];

#[test]
fn an_answer_goes_on_or_stands_on_lines_of_its_own() {
    let mut wrong = Vec::new();
    for (language, before, answer, right) in SEAMS {
        for after in ["", "\n", "\n\nz\n"] {
            let found = written(language, &format!("{before}«»{after}"), answer);
            let expected = (!right.is_empty()).then(|| format!("{right}{after}"));
            if found != expected {
                wrong.push(format!("{language} {before:?} + {answer:?}: {found:?}, not {expected:?}"));
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// In a fence all lines are lines.
#[test]
fn lines_of_a_fence_are_glued_to_nothing_that_is_complete() {
    for (language, before, answer, right) in SEAMS {
        if !right.contains(&format!("{before}\n")) || !answer.contains('\n') || *language == "markdown" {
            continue;
        }
        let fenced = format!("```{language}\n{}\n```", answer.trim_matches('\n'));
        let found = written(language, &format!("{before}«»\n"), &fenced);
        assert_eq!(found, Some(format!("{right}\n")), "{before:?} + {fenced:?}");
    }
}

/// The language, text, answer that begins at the margin, and what becomes of it.
const WITH_TEXTS: &[(&str, &str, &str, &str)] = &[
    (
        "shellscript",
        "f() {\n  «ls»\n}\n",
        "cat <<EOF > x\na\nEOF\nls",
        "f() {\n  cat <<EOF > x\na\nEOF\n  ls\n}\n",
    ),
    ("shellscript", "f() {\n«  ls»\n}\n", "cat <<EOF > x\na\nEOF", "f() {\n  cat <<EOF > x\na\nEOF\n}\n"),
    (
        "shellscript",
        "f() {\n  «»\n}\n",
        "if a; then\n  cat <<EOF\na\nEOF\nfi",
        "f() {\n  if a; then\n    cat <<EOF\na\nEOF\n  fi\n}\n",
    ),
    (
        "shellscript",
        "f() {\n  «»\n}\n",
        "cat <<-EOF\n\ta\n\tEOF\nls",
        "f() {\n  cat <<-EOF\n\ta\n\tEOF\n  ls\n}\n",
    ),
    ("shellscript", "f() {\n«  ls»\n}\n", "cat <<EOF\na\nEOF\n  ls", "f() {\n  cat <<EOF\na\nEOF\n  ls\n}\n"),
    (
        "shellscript",
        "if a; then\n«  echo a\n  cat <<EOF\nold\nEOF»\nfi\n",
        "echo b\ncat <<EOF\nnew\nEOF",
        "if a; then\n  echo b\n  cat <<EOF\nnew\nEOF\nfi\n",
    ),
    (
        "python",
        "def f():\n    «a()»\n",
        "s = \"\"\"\nraw\n\"\"\"\nif s:\n    b()",
        "def f():\n    s = \"\"\"\nraw\n\"\"\"\n    if s:\n        b()\n",
    ),
    (
        "python",
        "def f():\n«    s = \"\"\"\nraw\n\"\"\"»\n",
        "s = \"\"\"\nraw2\n\"\"\"\nt = 1",
        "def f():\n    s = \"\"\"\nraw2\n\"\"\"\n    t = 1\n",
    ),
    (
        "python",
        "def f():\n    «»\n",
        "\"\"\"Doc.\n\nMore.\n\"\"\"\nb()",
        "def f():\n    \"\"\"Doc.\n\n    More.\n    \"\"\"\n    b()\n",
    ),
    (
        "go",
        "func f() {\n\t«»\n}\n",
        "s := `a\n    b`\nif s {\n    b()\n}",
        "func f() {\n\ts := `a\n    b`\n\tif s {\n\t\tb()\n\t}\n}\n",
    ),
    (
        "javascript",
        "function f() {\n  «a();»\n}\n",
        "const s = `a\nb`;\nb();",
        "function f() {\n  const s = `a\nb`;\n  b();\n}\n",
    ),
    (
        "html",
        "<div>\n  «<p>a</p>»\n</div>\n",
        "<pre>\na\n  b\n</pre>\n<p>c</p>",
        "<div>\n  <pre>\na\n  b\n</pre>\n  <p>c</p>\n</div>\n",
    ),
];

/// The language, text, block of whole lines, and what becomes of it behind a line at its end.
#[test]
fn a_block_behind_a_line_that_is_whole_stands_below_it() {
    for (language, text, answer, right) in [
        ("python", "x = run(\n    a,«»\n)\n", "b,\nc,", "x = run(\n    a,\n    b,\n    c,\n)\n"),
        ("javascript", "const a = [\n  1,«»\n];\n", "// two\n2,", "const a = [\n  1,\n  // two\n  2,\n];\n"),
        ("rust", "struct A {\n    a: u8,«»\n}\n", "b: u8,", "struct A {\n    a: u8,\n    b: u8,\n}\n"),
        (
            "yaml",
            "a:\n  b: |-\n    How to match.\n    EXACT is used.«»\n  c: 1\n",
            "d: x\ne:\n- A",
            "a:\n  b: |-\n    How to match.\n    EXACT is used.\n  d: x\n  e:\n  - A\n  c: 1\n",
        ),
        ("makefile", "a: b\n\t@echo\n«»", "@echo x\nrm a", "a: b\n\t@echo\n\t@echo x\n\trm a"),
        ("makefile", "a:\n\tb\n«»", "@c \\\n  \"d: e\"\nf", "a:\n\tb\n\t@c \\\n\t  \"d: e\"\n\tf"),
        ("sql", "CREATE TABLE t (\n  a int,«»\n);\n", "b int", "CREATE TABLE t (\n  a int,\n  b int\n);\n"),
    ] {
        let found = written(language, text, &format!("```{language}\n{answer}\n```"));
        assert_eq!(found.as_deref(), Some(right), "{text:?} + {answer:?}");
    }
}

#[test]
fn an_element_that_ends_on_its_line_holds_nothing_below() {
    for (language, text, answer, right) in [
        (
            "latex",
            "\\begin{a}\n  \\begin{b}\n    «»\n\\end{a}\n",
            "x\n  \\end{b}",
            "\\begin{a}\n  \\begin{b}\n    x\n  \\end{b}\n\\end{a}\n",
        ),
        ("xml", "<a>\n  «»\n</a>\n", "<c>1</c>\n  <d/>", "<a>\n  <c>1</c>\n  <d/>\n</a>\n"),
        (
            "html",
            "<ul>\n  «»\n</ul>\n",
            "<li>a</li>\n  <li>b</li>",
            "<ul>\n  <li>a</li>\n  <li>b</li>\n</ul>\n",
        ),
        (
            "html",
            "<a>\n  <b>\n    «»\n  <d/>\n</a>\n",
            "<c>2</c>\n  </b>",
            "<a>\n  <b>\n    <c>2</c>\n  </b>\n  <d/>\n</a>\n",
        ),
        ("html", "<ul>\n  «»\n</ul>\n", "<li>\n  a\n</li>", "<ul>\n  <li>\n    a\n  </li>\n</ul>\n"),
    ] {
        assert_eq!(written(language, text, answer).as_deref(), Some(right), "{text:?} + {answer:?}");
    }
}

#[test]
fn a_block_that_a_line_of_markdown_announces_keeps_its_fence() {
    for fence in ["```", "~~~"] {
        let block = format!("{fence}\ncargo test\n{fence}");
        assert_eq!(
            written("markdown", "For example:\n\n«»\n", &block),
            Some(format!("For example:\n\n{block}\n"))
        );
    }
}

/// Blanks within a text are a part of it.
#[test]
fn lines_of_a_text_within_an_answer_stay_as_they_are() {
    let mut wrong = Vec::new();
    for (language, text, answer, right) in WITH_TEXTS {
        for answer in [(*answer).to_owned(), format!("```{language}\n{answer}\n```")] {
            let found = written(language, text, &answer);
            if found.as_deref() != Some(right) {
                wrong.push(format!("{language} {text:?} + {answer:?}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// What a file indents with, its answers do.
#[test]
fn steps_of_another_kind_become_those_of_the_file() {
    for (language, text, answer, right) in [
        ("makefile", "«»", "all:\n    gcc a.c\n    strip a", "all:\n\tgcc a.c\n\tstrip a"),
        ("makefile", "«X = 1»\n", "X = 2\n\nall: b\n  gcc a.c", "X = 2\n\nall: b\n\tgcc a.c\n"),
        ("makefile", "«X = 1»\n", "ifeq (a,b)\n  X := 2\nendif", "ifeq (a,b)\n  X := 2\nendif\n"),
        ("go", "func f() {\n\t«»\n}\n", "if y {\n    a()\n}", "func f() {\n\tif y {\n\t\ta()\n\t}\n}\n"),
        ("go", "func f() {\n\t«a()»\n}\n", "if y {\n  a()\n}", "func f() {\n\tif y {\n\t\ta()\n\t}\n}\n"),
        ("python", "def f():\n    «»\n", "if z:\n\tc()\nd()", "def f():\n    if z:\n        c()\n    d()\n"),
        (
            "python",
            "def f():\n«    a()\n»    b()\n",
            "if z:\n\tc()",
            "def f():\n    if z:\n        c()\n    b()\n",
        ),
        ("makefile", "a:\n\tb\n\n«»", "all:\n    cc x", "a:\n\tb\n\nall:\n\tcc x"),
        // Blanks behind tabs, and blanks of no one width, set one thing below another.
        ("c", "f() {\n\t«»\n}\n", "\tg(a,\n\t  b);", "f() {\n\tg(a,\n\t  b);\n}\n"),
        ("c", "f() {\n\t«»\n}\n", "g(a,\n  b,\n     c);", "f() {\n\tg(a,\n\t  b,\n\t     c);\n}\n"),
    ] {
        assert_eq!(written(language, text, answer).as_deref(), Some(right), "{text:?} + {answer:?}");
    }
}

/// What an item of a list holds goes where the item's mark says.
#[test]
fn what_stands_behind_the_mark_of_an_item_is_as_deep_as_that() {
    for (text, answer) in [
        ("a:\n  - «x: 1\n    y: 2»\n", "x: 10\ny: 20"),
        ("a:\n  - «x: 1\n    y: 2»\n", "x: 10\n    y: 20"),
        ("a:\n  - «x: 1»\n", "x: 10\ny: 20"),
        ("a:\n  - «x: 1»\n", "- x: 10\n  y: 20"),
        ("a:\n  «- x: 1»\n", "- x: 10\n  y: 20"),
        ("a:\n  «- x: 1»\n", "- x: 10\n    y: 20"),
    ] {
        for answer in [answer.to_owned(), format!("```yaml\n{answer}\n```")] {
            let found = written("yaml", text, &answer);
            assert_eq!(found.as_deref(), Some("a:\n  - x: 10\n    y: 20\n"), "{text:?} + {answer:?}");
        }
    }
}

/// Of a selection that begins amid a line nothing but what the answer changes becomes another.
#[test]
fn a_selection_that_begins_amid_a_line_keeps_the_depth_of_its_lines() {
    let mut wrong = Vec::new();
    for (language, text) in [
        ("python", "def f():\n    x =« 1\n    y = 2»\n"),
        ("python", "def f():\n  «  x = 1\n    y = 2»\n"),
        ("python", "def f():\n    x = g(«a,\n          2»)\n"),
        ("python", "def f():\n    if a:« b()\n    else: 2»\n"),
        ("python", "class A:« pass\nclass B: 2»\n"),
        ("yaml", "a:« 1\nb: 2»\n"),
        ("yaml", "a:\n  b:« 1\n  c: 2»\n"),
        ("yaml", "a:\n «  b: 1\n   c: 2»\n"),
        ("yaml", "x:\n  -« a: 1\n    b: 2»\n"),
        ("yaml", "x:\n  - «a: 1\n    b: 2»\n"),
        ("makefile", "all:« a\n\tb 2»\n"),
        ("haskell", "f x = do\n «  a\n   b 2»\n"),
        ("markdown", "-« a\n- 2»\n"),
        ("markdown", "1.« a\n   2»\n"),
        ("go", "\tdefer« a()\n\tb(2)»\n"),
        ("css", "a {\n «   b: c;\n    d: 2;»\n}\n"),
        ("csv", "a,«1\nb,2»\n"),
    ] {
        let (before, rest) = text.split_once('«').unwrap();
        let (selection, after) = rest.split_once('»').unwrap();
        let answer = selection.replace('2', "3");
        let found = written(language, text, &answer);
        if found.as_ref().is_some_and(|found| *found != [before, &answer, after].concat()) {
            wrong.push(format!("{language} {text:?} + {answer:?}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The language, the text with its cursor, an answer that says again what stands before or behind it, and what becomes of
/// the text.
const SAID_AGAIN: &[(&str, &str, &str, &str)] = &[
    // The lines above.
    ("python", "a1 = 1\nb1 = 2\n«»\n", "a1 = 1\nb1 = 2\nc1 = 3", "a1 = 1\nb1 = 2\nc1 = 3\n"),
    ("python", "import os\n«»", "import os\nimport sys", "import os\nimport sys"),
    (
        "python",
        "def f(xs):\n    «»\n    return y\n",
        "def f(xs):\n    y = xs\n    return y",
        "def f(xs):\n    y = xs\n    return y\n",
    ),
    ("html", "<ul>\n  «»\n</ul>\n", "<ul>\n  <li>a</li>\n</ul>", "<ul>\n  <li>a</li>\n</ul>\n"),
    ("yaml", "name:\n  «»\n", "name:\n  b: 1", "name:\n  b: 1\n"),
    (
        "json",
        "{\n  \"name\": 1,\n  «»\n}\n",
        "{\n  \"name\": 1,\n  \"b\": 2\n}",
        "{\n  \"name\": 1,\n  \"b\": 2\n}\n",
    ),
    ("go", "func f() {\n\tfirst()\n\t«»\n}\n", "\tfirst()\n\tnext()", "func f() {\n\tfirst()\n\tnext()\n}\n"),
    // And the line of the cursor.
    ("python", "def f(a):\n    return «»\n", "def f(a):\n    return a + 1", "def f(a):\n    return a + 1\n"),
    (
        "python",
        "class A:\n    def f(self):\n        return «»\n",
        "def f(self):\n    return self.a",
        "class A:\n    def f(self):\n        return self.a\n",
    ),
    (
        "javascript",
        "function f(a) {\n  retu«»\n}\n",
        "function f(a) {\n  return a;\n}",
        "function f(a) {\n  return a;\n}\n",
    ),
    // A part of the line.
    ("python", "x = foo(«»)\n", "foo(1, 2)", "x = foo(1, 2)\n"),
    ("python", "x = await «»\n", "await foo()", "x = await foo()\n"),
    ("python", "x = ( foo «»\n", "foo + bar", "x = ( foo + bar\n"),
    ("python", "x = self.ha«»\n", "self.has.bar", "x = self.has.bar\n"),
    (
        "python",
        "x = f(\n    first,\n    se«»\n)\n",
        "first,\n    second",
        "x = f(\n    first,\n    second\n)\n",
    ),
    ("python", "if a ==«»\n", "== 1:", "if a == 1:\n"),
    ("cpp", "  std::cout << «»;\n", "<< a;", "  std::cout << a;\n"),
    ("shellscript", "ls «»\n", "$ ls -la", "ls -la\n"),
    ("markdown", "The tool counts «»\n", "counts words.", "The tool counts words.\n"),
    // The lines below.
    ("python", "def f(«»\n    return 1\n", "x):\n    return 1", "def f(x):\n    return 1\n"),
    (
        "c",
        "for («»\n  a();\n}\n",
        "int i = 0; i < 3; i++) {\n  a();\n}",
        "for (int i = 0; i < 3; i++) {\n  a();\n}\n",
    ),
    // The line of the cursor, whose end stands behind it.
    ("yaml", "a:\n  is_positional: fa«»e\n", "  is_positional: false", "a:\n  is_positional: false\n"),
    ("css", "a {\n  mar«» 0;\n}\n", "  margin: 0;", "a {\n  margin: 0;\n}\n"),
    ("go", "func f() {\n\ta := s.Pa«»)\n}\n", "\ta := s.Path()", "func f() {\n\ta := s.Path()\n}\n"),
    ("python", "x = foo(«»)\n", "x = foo(bar()", "x = foo(bar())\n"),
    // What only begins alike.
    ("python", "import os\n«»", "import os.path\nimport sys", "import os\nimport os.path\nimport sys"),
    ("html", "<p>\n  <b>\n  </b>\n«»\n", "</b>\n</p>", "<p>\n  <b>\n  </b>\n</b>\n</p>\n"),
    ("ruby", "if a\n  if b\n    c\n  end\n«»\n", "end\nd", "if a\n  if b\n    c\n  end\nend\nd\n"),
    ("python", "x = foo«»\n", "bar(foo)", "x = foobar(foo)\n"),
    ("python", "f(«»)\n", "a", "f(a)\n"),
    ("python", "first()\n«»\n", "first()", "first()\nfirst()\n"),
];

#[test]
fn of_an_answer_at_a_cursor_the_new_part_is_written() {
    let mut wrong = Vec::new();
    for (language, text, answer, right) in SAID_AGAIN {
        let given = [(*answer).to_owned(), format!("```{language}\n{answer}\n```")];
        for answer in given.iter().take(if *language == "markdown" { 1 } else { 2 }) {
            let found = written(language, text, answer);
            if found.as_deref() != Some(right) {
                wrong.push(format!("{language} {text:?} + {answer:?}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
