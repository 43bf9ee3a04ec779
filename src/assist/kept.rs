//! What a text and an answer for it share is kept as it is: it is no dress of the answer, and no end that is missing.

use super::{
    fit::{Answer, Fit, fit},
    place::Place,
};

/// The language, a text with its selection or cursor between `«` and `»`, an answer, and the text with it; blank where
/// it is shown.
const KEPT: &[(&str, &str, &str, &str)] = &[
    // Ends of blocks that stand below the cursor.
    ("shellscript", "if true; then\n  «»\nfi\n", "echo a\nfi", "if true; then\n  echo a\nfi\n"),
    ("shellscript", "if true; then\n  «»\nfi\n", "  echo a\nfi", "if true; then\n  echo a\nfi\n"),
    ("shellscript", "for x in *; do\n  «»\ndone\n", "echo a\ndone", "for x in *; do\n  echo a\ndone\n"),
    (
        "shellscript",
        "case $x in\n  a)\n    «»\n    ;;\nesac\n",
        "echo a\n    ;;\nesac",
        "case $x in\n  a)\n    echo a\n    ;;\nesac\n",
    ),
    ("lua", "function f()\n  «»\nend\n", "return 1\nend", "function f()\n  return 1\nend\n"),
    ("ruby", "def f\n  «»\nend\n", "1\nend", "def f\n  1\nend\n"),
    ("elixir", "def f do\n  «»\nend\n", "1\nend", "def f do\n  1\nend\n"),
    ("sql", "BEGIN\n  «»\nEND;\n", "SELECT 1;\nEND;", "BEGIN\n  SELECT 1;\nEND;\n"),
    ("vb", "Sub A()\n  «»\nEnd Sub\n", "B()\nEnd Sub", "Sub A()\n  B()\nEnd Sub\n"),
    ("html", "<div>\n  «»\n</div>\n", "<p>a</p>\n</div>", "<div>\n  <p>a</p>\n</div>\n"),
    ("xml", "<a>\n  «»\n</a>\n", "<b/>\n</a>", "<a>\n  <b/>\n</a>\n"),
    (
        "vue",
        "<template>\n  <div>\n    «»\n  </div>\n</template>\n",
        "<p>a</p>\n  </div>\n</template>",
        "<template>\n  <div>\n    <p>a</p>\n  </div>\n</template>\n",
    ),
    (
        "typescriptreact",
        "return (\n  <div>\n    «»\n  </div>\n);\n",
        "<p>a</p>\n  </div>\n);",
        "return (\n  <div>\n    <p>a</p>\n  </div>\n);\n",
    ),
    (
        "latex",
        "\\begin{itemize}\n  «»\n\\end{itemize}\n",
        "\\item a\n\\end{itemize}",
        "\\begin{itemize}\n  \\item a\n\\end{itemize}\n",
    ),
    ("python", "def f():\n    \"\"\"«»\"\"\"\n", "Return a.\"\"\"\n    return 1", ""),
    // Those of blocks of its own.
    (
        "shellscript",
        "if true; then\n  «»\nfi\n",
        "if a; then\n  b\nfi",
        "if true; then\n  if a; then\n    b\n  fi\nfi\n",
    ),
    ("ruby", "def f\n  «»\nend\n", "if a\n  b\nend", "def f\n  if a\n    b\n  end\nend\n"),
    (
        "lua",
        "function f()\n  «»\nend\n",
        "for a = 1, 2 do\n  b()\nend",
        "function f()\n  for a = 1, 2 do\n    b()\n  end\nend\n",
    ),
    ("html", "<div>\n  «»\n</div>\n", "<div>\n  a\n</div>", "<div>\n  a\n</div>\n"),
    (
        "rust",
        "fn f() {\n    «»\n}\n",
        "if a {\n    b();\n}",
        "fn f() {\n    if a {\n        b();\n    }\n}\n",
    ),
    (
        "shellscript",
        "for x in a; do\n  «»\ndone\n",
        "while read b; do\n  c\ndone",
        "for x in a; do\n  while read b; do\n    c\n  done\ndone\n",
    ),
    ("sql", "BEGIN\n  «»\nEND;\n", "BEGIN\n  SELECT 1;\nEND;", "BEGIN\n  SELECT 1;\nEND;\n"),
    ("latex", "\\begin{a}\n  «»\n\\end{a}\n", "\\begin{a}\n  x\n\\end{a}", "\\begin{a}\n  x\n\\end{a}\n"),
    // Numbers that are data.
    ("tsv", "id\tn\n«1\ta\n2\tb\n»", "1\tx\n2\ty\n", "id\tn\n1\tx\n2\ty\n"),
    (
        "typescript",
        "interface A {\n«  1: string;\n  2: number;\n»}\n",
        "  1: string;\n  2: boolean;\n",
        "interface A {\n  1: string;\n  2: boolean;\n}\n",
    ),
    (
        "pascal",
        "case x of\n«  1: a;\n  2: b;\n»end;\n",
        "  1: c;\n  2: d;\n",
        "case x of\n  1: c;\n  2: d;\nend;\n",
    ),
    (
        "python",
        "d = {\n«    1: 'a',  # one\n    2: 'b',  # two\n»}\n",
        "    1: 'x',  # one\n    2: 'y',  # two\n",
        "d = {\n    1: 'x',  # one\n    2: 'y',  # two\n}\n",
    ),
    (
        "javascript",
        "d = {\n«  1: 'a', // one\n  2: 'b', // two\n»}\n",
        "  1: 'x', // one\n  2: 'y', // two\n",
        "d = {\n  1: 'x', // one\n  2: 'y', // two\n}\n",
    ),
    (
        "go",
        "m := map[int]string{\n«\t1: \"a\", // one\n\t2: \"b\", // two\n»}\n",
        "\t1: \"x\", // one\n\t2: \"y\", // two\n",
        "m := map[int]string{\n\t1: \"x\", // one\n\t2: \"y\", // two\n}\n",
    ),
    (
        "python",
        "d = {\n«    1: {'a': 1},\n    2: {'b': 1}\n»}\n",
        "    1: {'x': 1},\n    2: {'y': 1}\n",
        "d = {\n    1: {'x': 1},\n    2: {'y': 1}\n}\n",
    ),
    ("shellscript", "cat <<EOF\n«1\ta\n2\tb\n»EOF\n", "1\tx\n2\ty\n", "cat <<EOF\n1\tx\n2\ty\nEOF\n"),
    (
        "sql",
        "COPY t FROM stdin;\n«1\ta\n2\tb\n»\\.\n",
        "1\tx\n2\ty\n",
        "COPY t FROM stdin;\n1\tx\n2\ty\n\\.\n",
    ),
    ("python", "s = '''\n«1: a\n2: b\n»'''\n", "1: x\n2: y\n", "s = '''\n1: x\n2: y\n'''\n"),
    ("asm", "«1: nop\n2: jmp 1b\n»", "1: nop\n2: jmp 2b\n", "1: nop\n2: jmp 2b\n"),
    ("elixir", "«1 | 2\n2 | 3\n»", "1 | 3\n2 | 4\n", "1 | 3\n2 | 4\n"),
    (
        "swift",
        "let d = [\n«  1: \"a\", // x\n  2: \"b\"  // y\n»]\n",
        "  1: \"c\", // x\n  2: \"d\"  // y\n",
        "let d = [\n  1: \"c\", // x\n  2: \"d\"  // y\n]\n",
    ),
    // Fences of examples.
    (
        "rust",
        "/// ```\n/// let a = 1;\n«/// f(a);\n/// ```\n»fn f() {}\n",
        "/// g(a);\n/// ```\n",
        "/// ```\n/// let a = 1;\n/// g(a);\n/// ```\nfn f() {}\n",
    ),
    (
        "rust",
        "/// Doc.\n///\n«/// ```\n/// f(a);\n»/// ```\nfn f() {}\n",
        "/// ```\n/// g(a);\n",
        "/// Doc.\n///\n/// ```\n/// g(a);\n/// ```\nfn f() {}\n",
    ),
    (
        "typescript",
        "/**\n * ```js\n«     * a();\n     * ```\n» */\nf();\n",
        "     * b();\n     * ```\n",
        "/**\n * ```js\n     * b();\n     * ```\n */\nf();\n",
    ),
    (
        "javascript",
        "/**\n * Doc.\n«\n * ```js\n * a();\n» * ```\n */\n",
        "\n * ```js\n * b();\n",
        "/**\n * Doc.\n\n * ```js\n * b();\n * ```\n */\n",
    ),
    (
        "python",
        "def f():\n    \"\"\"Doc.\n\n    ```\n«    a()\n    ```\n»    \"\"\"\n",
        "    b()\n    ```\n",
        "def f():\n    \"\"\"Doc.\n\n    ```\n    b()\n    ```\n    \"\"\"\n",
    ),
    (
        "go",
        "// Doc:\n//\n//\t```\n«//\ta()\n//\t```\n»func f() {}\n",
        "//\tb()\n//\t```\n",
        "// Doc:\n//\n//\t```\n//\tb()\n//\t```\nfunc f() {}\n",
    ),
    (
        "rust",
        "//! ```\n//! a\n«»\n\nfn f() {}\n",
        "//! b\n//! ```",
        "//! ```\n//! a\n//! b\n//! ```\n\nfn f() {}\n",
    ),
    (
        "rust",
        "/// ```\n/// a();\n«»\nfn f() {}\n",
        "/// b();\n/// ```",
        "/// ```\n/// a();\n/// b();\n/// ```\nfn f() {}\n",
    ),
    ("markdown", "```sh\n«a\n```\n»\ntext\n", "b\n```\n", "```sh\nb\n```\n\ntext\n"),
    ("markdown", "text\n\n«```sh\na\n»```\n", "```sh\nb\n", "text\n\n```sh\nb\n```\n"),
    ("markdown", "> ```sh\n«> a\n> ```\n»", "> b\n> ```\n", "> ```sh\n> b\n> ```\n"),
    ("markdown", "- x\n  ```sh\n«  a\n  ```\n»", "  b\n  ```\n", "- x\n  ```sh\n  b\n  ```\n"),
    ("shellscript", "cat <<'E'\n```sh\n«a\n```\n»E\n", "b\n```\n", "cat <<'E'\n```sh\nb\n```\nE\n"),
    (
        "python",
        "P = '''\n```json\n«{}\n```\n»'''\n",
        "{\"a\": 1}\n```\n",
        "P = '''\n```json\n{\"a\": 1}\n```\n'''\n",
    ),
    (
        "yaml",
        "p: |\n  ```json\n«  {}\n  ```\n»",
        "  {\"a\": 1}\n  ```\n",
        "p: |\n  ```json\n  {\"a\": 1}\n  ```\n",
    ),
    (
        "restructuredtext",
        ".. code::\n\n  ```\n«  a\n  ```\n»",
        "  b\n  ```\n",
        ".. code::\n\n  ```\n  b\n  ```\n",
    ),
    (
        "typescript",
        "const p = `\n\\`\\`\\`json\n«{}\n\\`\\`\\`\n»`;\n",
        "{\"a\": 1}\n\\`\\`\\`\n",
        "const p = `\n\\`\\`\\`json\n{\"a\": 1}\n\\`\\`\\`\n`;\n",
    ),
    (
        "c",
        "/**\n * ```\n« * a();\n * ```\n» */\n",
        " * b();\n * ```\n",
        "/**\n * ```\n * b();\n * ```\n */\n",
    ),
    ("ruby", "# ```\n«# a\n# ```\n»def f; end\n", "# b\n# ```\n", "# ```\n# b\n# ```\ndef f; end\n"),
    // Ends of a block of Markdown, with what follows it.
    (
        "markdown",
        "# A\n\n```yaml\na: 1\n«»\n",
        "b: 2\n```\n\nThen restart it:\n",
        "# A\n\n```yaml\na: 1\nb: 2\n```\n\nThen restart it:\n",
    ),
    (
        "markdown",
        "# A\n\n```yaml\n«»\n\n```yaml\nb: 2\n```\n",
        "a: 1\n```\n\nOr per deployment:\n",
        "# A\n\n```yaml\na: 1\n```\n\nOr per deployment:\n\n```yaml\nb: 2\n```\n",
    ),
    (
        "markdown",
        "# A\n\n```sh\nls\n«»\n\n## API\n\n```sh\nfoo\n```\n",
        "cat a\n```\n",
        "# A\n\n```sh\nls\ncat a\n```\n\n## API\n\n```sh\nfoo\n```\n",
    ),
    (
        "markdown",
        "# A\n\n```yaml\na: 1\n«»\n\n### Next\n\ntext\n",
        "```\n\n## API Reference\n",
        "# A\n\n```yaml\na: 1\n```\n\n## API Reference\n\n### Next\n\ntext\n",
    ),
    (
        "markdown",
        "# A\n\n```py\nx = (\n  1,\n«»\n\n- item\n",
        ")\n```\n\nMethods:\n",
        "# A\n\n```py\nx = (\n  1,\n)\n```\n\nMethods:\n\n- item\n",
    ),
    (
        "markdown",
        "# A\n\n```sh\n«»\n",
        "ls\n```\n\nand then\n\n```sh\npwd\n```\n",
        "# A\n\n```sh\nls\n```\n\nand then\n\n```sh\npwd\n```\n",
    ),
    (
        "markdown",
        "# A\n\n~~~sh\n«»\n\ntext\n",
        "ls\n~~~\n\nmore\n",
        "# A\n\n~~~sh\nls\n~~~\n\nmore\n\ntext\n",
    ),
    (
        "markdown",
        "1. one\n\n   ```sh\n   ls\n   «»\n\n2. two\n",
        "pwd\n   ```\n\n   Then go on.\n",
        "1. one\n\n   ```sh\n   ls\n   pwd\n   ```\n\n   Then go on.\n\n2. two\n",
    ),
    ("shellscript", "if a; then\n«  b\n»fi\n", "  c\nfi\n", "if a; then\n  c\nfi\n"),
    ("latex", "\\begin{a}\n«x\n»\\end{a}\n", "y\n\\end{a}\n", "\\begin{a}\ny\n\\end{a}\n"),
    // What goes on behind the selection.
    ("html", "«<div>\n»  <p>x</p>\n</div>\n", "<div id=\"b\">\n  <p>x</p>\n</div>\n", ""),
    ("shellscript", "«if [ a ]; then\n»  b\nfi\n", "if [ c ]; then\n  b\nfi\n", ""),
    ("lua", "«function f(x)\n»  return x\nend\n", "local function f(x)\n  return x\nend\n", ""),
    (
        "lua",
        "«function f(x)\n»  return x\nend\n",
        "local function f(x)\n",
        "local function f(x)\n  return x\nend\n",
    ),
    ("shellscript", "a \\\n«  --x \\\n»  --y\n", "  --z", "a \\\n  --z \\\n  --y\n"),
    ("dockerfile", "RUN a \\\n«    && b \\\n»    && c\n", "    && bb", "RUN a \\\n    && bb \\\n    && c\n"),
    // What is no item of a list.
    (
        "go",
        "func f() {\n\tp := &P{\n\t\tA: 1,\n\t\tB: 2,\n\t«»\n\terr = p.Run()\n}\n",
        "}",
        "func f() {\n\tp := &P{\n\t\tA: 1,\n\t\tB: 2,\n\t}\n\terr = p.Run()\n}\n",
    ),
    (
        "javascript",
        "function f() {\n  const p = {\n    a: 1,\n  «»\n  run(p)\n}\n",
        "}",
        "function f() {\n  const p = {\n    a: 1,\n  }\n  run(p)\n}\n",
    ),
    (
        "swift",
        "func f() {\n  let p = P(\n    a: 1,\n  «»\n  run(p)\n}\n",
        ")",
        "func f() {\n  let p = P(\n    a: 1,\n  )\n  run(p)\n}\n",
    ),
    (
        "kotlin",
        "fun f() {\n    val p = P(\n        a = 1,\n    «»\n    run(p)\n}\n",
        ")",
        "fun f() {\n    val p = P(\n        a = 1,\n    )\n    run(p)\n}\n",
    ),
    (
        "lua",
        "return {\n  p = {\n    a = 1,\n  «»\n  q = 2,\n}\n",
        "}",
        "return {\n  p = {\n    a = 1,\n  }\n  q = 2,\n}\n",
    ),
    (
        "javascript",
        "function f() {\n  «»\n  const a = 1,\n    b = 2\n  return a + b\n}\n",
        "const c = 1",
        "function f() {\n  const c = 1\n  const a = 1,\n    b = 2\n  return a + b\n}\n",
    ),
    (
        "javascript",
        "it('x', () => {\n  «»\n  const [a] = useState(1),\n    b = 2\n})\n",
        "const c = useRef(null)",
        "it('x', () => {\n  const c = useRef(null)\n  const [a] = useState(1),\n    b = 2\n})\n",
    ),
    (
        "scala",
        "def f = {\n  «»\n  val (a,\n    b) = g\n}\n",
        "val c = 1",
        "def f = {\n  val c = 1\n  val (a,\n    b) = g\n}\n",
    ),
    (
        "go",
        "func f() {\n\t«»\n\ta, b :=\n\t\t1,\n\t\t2\n}\n",
        "x := 1",
        "func f() {\n\tx := 1\n\ta, b :=\n\t\t1,\n\t\t2\n}\n",
    ),
    (
        "go",
        "func f() {\n\t«»\n\tlog.Printf(\"a\",\n\t\tb)\n}\n",
        "x := 1",
        "func f() {\n\tx := 1\n\tlog.Printf(\"a\",\n\t\tb)\n}\n",
    ),
    (
        "ruby",
        "items.each {\n  «»\n  puts 1,\n    2\n}\n",
        "x = 1",
        "items.each {\n  x = 1\n  puts 1,\n    2\n}\n",
    ),
    (
        "javascript",
        "function f() {\n  «»\n  return a,\n    b\n}\n",
        "log(1)",
        "function f() {\n  log(1)\n  return a,\n    b\n}\n",
    ),
];

#[test]
fn what_is_shared_is_kept() {
    let mut wrong = Vec::new();
    for (language, text, answer, wanted) in KEPT {
        let (before, rest) = text.split_once('«').unwrap();
        let (selection, after) = rest.split_once('»').unwrap();
        let place = Place { language, selection, before, after, ..Place::default() };
        let found = match fit(Answer { text: answer, finish_reason: Some("stop"), refusal: None }, place) {
            Fit::Write(new) => format!("{before}{new}{after}"),
            Fit::Show { .. } => String::new(),
            Fit::Nothing { reason } => reason,
        };
        if found != *wanted {
            wrong.push(format!("{language} {text:?} + {answer:?}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), KEPT.len(), wrong.join("\n"));
}
