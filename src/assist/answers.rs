//! Answers as models give them, in documents of all sorts, and what becomes of each.

use proptest::{collection, prelude::*, sample::select};

use super::{
    fit::{Answer, Fit, fit, so_far},
    place::Place,
};

/// What is right.
enum Right {
    /// The whole answer is written.
    Whole,
    /// This part of it is written.
    Part(&'static str),
    /// It is shown on a page.
    Page,
    /// Nothing is.
    Nothing,
}
use Right::{Nothing, Page, Part, Whole};

/// The language, the text with its selection or cursor between `«` and `»`, the answer, and what is right.
const ANSWERS: &[(&str, &str, &str, Right)] = &[
    // Code with comments and texts for people in it.
    (
        "rust",
        "«x»",
        "// Adds two numbers. The sum is given back.\nfn add(a: u8, b: u8) -> u8 {\n    a + b\n}",
        Whole,
    ),
    (
        "rust",
        "«x»",
        "//! Tools for sums.\n//!\n//! They are made of numbers. Nothing else counts.\n\nuse std::ops::Add;",
        Whole,
    ),
    ("rust", "«x»", "/// Adds.\n///\n/// ```\n/// add(1, 2);\n/// ```\nfn add() {}", Whole),
    (
        "python",
        "«x»",
        "\"\"\"Tools for sums.\n\nThey are made of numbers that were given.\n\nNothing else counts.\n\"\"\"\n\nimport os",
        Whole,
    ),
    (
        "python",
        "«x»",
        "def f():\n    \"\"\"Adds the numbers.\n\n    The numbers are given by the caller. They are small.\n    \"\"\"\n    return 1",
        Whole,
    ),
    ("python", "def f():\n    \"\"\"«»\"\"\"\n", "Adds the numbers that are given to it.", Whole),
    (
        "python",
        "def f():\n    \"\"\"Adds.\n\n    «Old.»\n    \"\"\"\n",
        "The numbers are given by the caller.",
        Whole,
    ),
    ("python", "«x»", "TEXT = '''\nDear customer,\n\nThe order is on its way.\n'''", Whole),
    ("python", "«x»", "import os\n\nprint(\"The end is near.\")", Whole),
    ("python", "print(\"«Hello»\")", "Good morning to all of you.", Whole),
    ("javascript", "«x»", "/* Shows the list. It is sorted. */\nexport const a = () => b;", Whole),
    ("javascript", "/*\n * «»\n */\nf();", "Shows the list that it is given.", Whole),
    (
        "java",
        "«x»",
        "/**\n * Shows the list.\n *\n * The list is sorted before it is shown.\n */\nvoid show() {}",
        Whole,
    ),
    ("csharp", "«x»", "Console.WriteLine(\"All is well now.\");", Whole),
    ("vb", "«x»", "Print \"All is well now.\"", Whole),
    ("pascal", "«x»", "Begin\n  WriteLn('Hi there.');\nEnd.", Whole),
    ("haskell", "«x»", "{- Adds two numbers.\n\nThe sum is given back. -}\nadd a b = a + b", Whole),
    ("lua", "«x»", "--[[ Adds two numbers.\n\nThe sum is given back. ]]\nlocal a = 1", Whole),
    ("lisp", "«x»", ";; Adds two numbers. The sum is given back.\n(defun add (a b) (+ a b))", Whole),
    ("coq", "«x»", "Lemma foo : True.\nProof. auto. Qed.", Whole),
    ("gherkin", "«x»", "Given I have a cart.\nWhen I pay for it.\nThen it is empty.", Whole),
    ("prolog", "«x»", "likes(mary, wine).\nlikes(X, Y) :- knows(X, Y).", Whole),
    // Shell, SQL, data, markup.
    (
        "shellscript",
        "«x»",
        "#!/bin/sh\n# Copies the files. They are kept where they are.\n\ncp -r src dst # To the folder.",
        Whole,
    ),
    ("shellscript", "«x»", "cat <<END\nThe work is done.\n\nAll files are there.\nEND", Whole),
    ("dockerfile", "«x»", "COPY src .", Whole),
    ("dockerfile", "«x»", "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci", Whole),
    ("makefile", "«x»", "# Builds all of it.\nall: main.o\n\t$(CC) -o main main.o\n\n.PHONY: all", Whole),
    (
        "sql",
        "«x»",
        "-- All users who are active. The others are left out.\nSELECT name FROM users WHERE active;",
        Whole,
    ),
    ("sql", "«x»", "SELECT name FROM users", Whole),
    ("sql", "«x»", "Select Name From Users Where Id = 1;", Whole),
    ("yaml", "«x»", "Description: Creates the bucket for all the logs.", Whole),
    (
        "yaml",
        "«x»",
        "Description: Creates the bucket.\nResources:\n  Bucket:\n    Type: AWS::S3::Bucket",
        Whole,
    ),
    ("yaml", "steps:\n«- x»\n", "- Check that the server is up.\n- Start the other one.", Whole),
    ("yaml", "description: «»\n", "The best of all the services.", Whole),
    ("yaml", "description: |\n  «»\n", "The best of all the services.", Whole),
    ("yaml", "«x»", "# The name of the service. It is shown.\nname: a", Whole),
    (
        "toml",
        "«x»",
        "# The name is shown.\n[package]\nname = \"a\"\ndescription = \"The best of all.\"",
        Whole,
    ),
    ("toml", "description = \"«»\"\n", "The best of all the crates.", Whole),
    ("ini", "«x»", "; The name is shown.\n[Unit]\nDescription=The best of all services.", Whole),
    ("systemd", "«x»", "Description=The best service that there ever was.", Whole),
    ("json", "«x»", "{\n  \"description\": \"The best of all.\"\n}", Whole),
    ("json", "«x»", "```json\n{\"a\": 1}\n```", Part("{\"a\": 1}")),
    ("csv", "«x»", "Name,City,Remark\nAnn,Bonn,Paid in full.", Whole),
    ("html", "«x»", "<p>The shop opens at nine.</p>\n<p>It closes at five.</p>", Whole),
    ("html", "<p>«Hours: nine»</p>", "Our shop opens at nine in the morning.", Whole),
    ("html", "<main>\n  «»\n</main>", "Our shop opens at nine in the morning.", Whole),
    ("typescriptreact", "return <b>«hi»</b>;", "Good morning to all of you.", Whole),
    ("latex", "«x»", "The sum of two numbers is given by $a + b$. It is small.", Whole),
    ("latex", "«x»", "\\section{Sums}\n\nThe sum of two numbers is small.", Whole),
    (
        "latex",
        "«x»",
        "Here is the section:\n```latex\n\\section{Sums}\nThe sum is small.\n```",
        Part("\\section{Sums}\nThe sum is small."),
    ),
    // Prose in documents of prose, whatever it says.
    ("plaintext", "«x»", "Dear Ann,\n\nI'm sorry, but I can't come on Friday.\n\nYours, Bob", Whole),
    (
        "plaintext",
        "",
        "Thank you for your letter. I can't help with the move on Saturday, for I am away.",
        Whole,
    ),
    ("plaintext", "«x»", "申し訳ありませんが、明日の会議には出席できません。", Whole),
    ("plaintext", "«x»", "죄송하지만 내일 회의에 참석할 수 없습니다.", Whole),
    ("plaintext", "«x»", "抱歉，我无法参加明天的会议。", Whole),
    ("plaintext", "«x»", "Извините, но я не могу приехать.", Whole),
    (
        "plaintext",
        "«x»",
        "Here is the letter:\n```\nDear Ann,\nall is well.\n```",
        Part("Dear Ann,\nall is well."),
    ),
    (
        "plaintext",
        "«x»",
        "TOOL\n\nThis tool counts words.\n\n```\nmake install\n```\n\nThen run it in the folder.",
        Page,
    ),
    (
        "markdown",
        "«x»",
        "# Tool\n\nThis tool counts words.\n\n```sh\nmake install\n```\n\nThen run it.",
        Whole,
    ),
    ("markdown", "«x»", "I can't recommend this tool enough. It is fast.", Whole),
    (
        "git-commit",
        "«x»",
        "Sort the list before it is shown\n\nIt was shown as it came. I can't say why.",
        Whole,
    ),
    (
        "git-commit",
        "",
        "```\nSort the list before it is shown\n```",
        Part("Sort the list before it is shown"),
    ),
    // Comments in other scripts.
    ("python", "«x»", "# 计算两个数的总和。\ndef add(a, b):\n    return a + b  # 返回结果。", Whole),
    ("rust", "«x»", "// 二つの数を足します。結果を返します。\nfn add() {}", Whole),
    ("go", "«x»", "// Складывает два числа и возвращает сумму.\nfunc add() {}", Whole),
    ("go", "// «x»\nfunc add() {}", "Складывает два числа и возвращает сумму.", Whole),
    ("python", "# «»\n", "计算两个数的总和。", Whole),
    ("python", "a = [«x»]", "\"The list is sorted already.\"", Whole),
    // Explanations in documents of code.
    ("python", "«x»", "这个函数已经很简洁了，不需要修改。", Page),
    ("rust", "«x»", "この関数はすでに十分に簡潔です。", Page),
    ("go", "«x»", "Эта функция уже достаточно проста.", Page),
    ("go", "«x»", "इस फ़ंक्शन में कोई बदलाव नहीं चाहिए।", Page),
    ("java", "«x»", "¡Claro! La función ya es correcta.", Page),
    ("rust", "«x»", "The code is fine as it is.", Page),
    ("rust", "«x»", "`add` is never called, so I left it as it is.", Page),
    ("rust", "«x»", "No changes needed.", Page),
    ("rust", "«x»", "Nothing to change here", Page),
    ("rust", "«x»", "Done!", Page),
    ("rust", "«x»", "✅ The function is correct now.", Page),
    ("rust", "«x»", "## Explanation\n\nThe function adds two numbers and gives the sum back.", Page),
    ("rust", "«x»", "- The name is unclear.\n- The list is sorted twice.", Page),
    ("yaml", "«x»", "The file is valid as it is, so nothing was changed.", Page),
    // Explanations before and after bare code.
    ("rust", "«x»", "Here is the code:\n\nfn add(a: u8, b: u8) -> u8 {\n    a + b\n}\n\nfn sub() {}", Page),
    ("rust", "«x»", "Sure! Here you go:\nfn add(a: u8, b: u8) -> u8 {\n    a + b\n}", Page),
    ("rust", "«x»", "fn add(a: u8, b: u8) -> u8 {\n    a + b\n}\n\nThis function adds two numbers.", Page),
    ("python", "«x»", "以下是代码：\n\ndef add(a, b):\n    return a + b\n\nprint(add(1, 2))", Page),
    ("python", "«x»", "Вот код:\n\ndef add(a, b):\n    return a + b\n\nprint(add(1, 2))", Page),
    // Short answers.
    ("rust", "let a = «»;", "1 + 1", Whole),
    ("rust", "let a = «b»;", "`c.len()`", Part("c.len()")),
    ("javascript", "let a = «b»;", "`c ${d}`", Whole),
    ("python", "«x»", "x", Whole),
    ("python", "if «»:", "a is None", Whole),
    ("python", "«x»", "pass", Whole),
    ("css", "«x»", "a { color: red; }", Whole),
    // Fences.
    ("rust", "«x»", "Here is the code:\n\n```rust\nfn add() {}\n```", Part("fn add() {}")),
    ("rust", "«x»", "```rust\nfn add() {}\n```\n\nIt adds nothing yet.", Part("fn add() {}")),
    ("rust", "«x»", "~~~rust\nfn add() {}\n~~~", Part("fn add() {}")),
    ("rust", "«x»", "```rust\nfn add() {}\n", Part("fn add() {}")),
    ("rust", "«x»", "    ```rust\n    fn add() {\n        a\n    }\n    ```", Part("fn add() {\n    a\n}")),
    ("rust", "«x»", "  ```rust\n  fn add() {}\n  ```", Part("fn add() {}")),
    ("rust", "«x»", "````\n```rust\nfn add() {}\n```\n````", Part("fn add() {}")),
    ("rust", "«x»", "````markdown\n```rust\nfn add() {}\n```\n````", Part("fn add() {}")),
    (
        "python",
        "«x»",
        "```python\ndef f():\n    \"\"\"\n```text\na\n```\n    \"\"\"\n```",
        Part("def f():\n    \"\"\"\n```text\na\n```\n    \"\"\""),
    ),
    ("python", "«x»", "```python\n\"\"\"\n```\na()\n```\n\"\"\"\n```", Page),
    ("rust", "«x»", "```rust\na();\n```\n\n```rust\nb();\n```", Page),
    ("rust", "«x»", "Add it first:\n\n```sh\ncargo add serde\n```", Page),
    ("rust", "«x»", "```python\ndef add(): pass\n```", Page),
    ("vue", "«x»", "```html\n<p>a</p>\n```", Part("<p>a</p>")),
    ("typescript", "«x»", "```js\nlet a = 1;\n```", Part("let a = 1;")),
    ("markdown", "```sh\n«ls»\n```\n", "```bash\nls -l\n```", Part("ls -l")),
    ("markdown", "```sh\n«ls»\n```\n", "This lists all the files of the folder.", Page),
    // Fences that came alone, behind a word or the code, or that don't match.
    ("python", "«x»", "a = 2\nprint(a)\n```", Part("a = 2\nprint(a)")),
    ("python", "«x»", "a = 2\n~~~\n", Part("a = 2")),
    ("plaintext", "«x»", "hello\n```", Part("hello")),
    ("markdown", "«x»", "# T\n\ntext\n```", Part("# T\n\ntext")),
    ("markdown", "«x»", "```markdown\n# T\n\n```sh\nls\n```\n", Part("# T\n\n```sh\nls\n```")),
    ("python", "«x»", "a = 2\n```\nThis sets a to two.", Part("a = 2")),
    ("python", "«x»", "a = 2\n```\nb = 3", Page),
    ("python", "«x»", "a = 2\n```python\nb = 3", Page),
    ("python", "«x»", "Here is the code:\n```", Page),
    ("python", "«x»", "Here is the code:\n```\n```", Page),
    ("python", "«x»", "Sure! ```python\na = 2\n```", Part("a = 2")),
    ("python", "«x»", "Code: ```py\na = 2\n```", Part("a = 2")),
    ("python", "«x»", "**```py\na = 2\n```**", Part("a = 2")),
    ("python", "«x»", "```python\na = 2```", Part("a = 2")),
    ("python", "«x»", "```python\na = 2\nb = f(2)```\n", Part("a = 2\nb = f(2)")),
    ("python", "«x»", "```py\na = 2\n``` This sets a to two.", Part("a = 2")),
    ("python", "«x»", "```py\na = 2\n``` done", Part("a = 2")),
    ("python", "«x»", "```py\na = 2\n```.", Part("a = 2")),
    ("python", "«x»", "````py\na = 2\n```", Part("a = 2")),
    ("python", "«x»", "```py\na = 2\n~~~", Part("a = 2")),
    ("python", "«x»", "```a = 2```", Part("a = 2")),
    ("python", "«x»", "```python a = 2 ```", Part("a = 2")),
    ("python", "«x»", "```python a = 2\nb = 3\n```", Page),
    ("python", "«x»", "```python\na = 2\n\nThis sets a to two.", Page),
    ("python", "«x»", "```python\na = 2\nThis sets a to two.", Page),
    ("python", "«x»", "```python\na = 2\n```\n```", Part("a = 2")),
    ("python", "«x»", "```python\na = \"```\"\n```", Part("a = \"```\"")),
    ("rust", "«x»", "/// ```\n/// a\n/// ```\nfn a() {}", Whole),
    // Reasoning, and marks of the question and of templates.
    ("python", "«x»", "<selection>\na = 2\n</selection>", Part("a = 2")),
    ("python", "«x»", "<selection>a = 2</selection>", Part("a = 2")),
    ("python", "«x»", "```python\n<selection>\na = 2\n</selection>\n```", Part("a = 2")),
    ("python", "«x»", "<selection>\n```python\na = 2\n```\n</selection>", Part("a = 2")),
    ("python", "«x»", "a = 2\n</selection>", Part("a = 2")),
    ("python", "«x»", "a = 2\n</selection>\n\n<after>\n</after>", Part("a = 2")),
    ("python", "«x»", "<before>\n</before>\n\n<selection>\na = 2\n</selection>", Part("a = 2")),
    ("python", "«x»", "a = 2\n</selection>\nb = 3", Page),
    ("python", "a = \"<selection>«x»\"", "<selection>a", Whole),
    ("xml", "«x»", "<selection>a</selection>", Whole),
    ("python", "«x»", "a = 2<|im_end|>", Part("a = 2")),
    ("python", "«x»", "```python\na = 2<|im_end|>\n```", Part("a = 2")),
    ("python", "«x»", "```python\na = 2\n```<|im_end|>", Part("a = 2")),
    ("python", "«x»", "a = 2\n<think>hm</think>\nb = 3", Page),
    ("python", "«x»", "<THINK>hm</THINK>a = 2", Part("a = 2")),
    ("python", "«x»", "\u{200b}", Nothing),
    ("html", "«x»", "<p>a <s>b</s>", Whole),
    // Lists of changes.
    ("rust", "«x»", "```diff\n-a\n+b\n```", Page),
    ("rust", "«x»", "--- a/x.rs\n+++ b/x.rs\n@@ -1 +1 @@\n-a\n+b", Page),
    ("rust", "«x»", "```\ndiff --git a/x b/x\n-a\n+b\n```", Page),
    ("rust", "«x»", "*** Begin Patch\n*** Update File: x.rs\n-a\n+b\n*** End Patch", Page),
    ("rust", "«x»", "<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE", Page),
    ("diff", "«x»", "--- a/x.rs\n+++ b/x.rs\n@@ -1 +1 @@\n-a\n+b", Whole),
    ("haskell", "«x»", "--- Adds.\nadd = 1", Whole),
    (
        "javascript",
        "«f(x) {\n  return x;\n}»",
        "- f(x) {\n-   return x;\n- }\n+ f(x) {\n+   return 1;\n+ }",
        Page,
    ),
    ("javascript", "«f(x) {\n  return x;\n}»", "f(x) {\n-  return x;\n+  return 1;\n }", Page),
    ("python", "«x = 1»", "+x = 2\n+y = 3", Page),
    ("python", "«x = 1»", "-x", Whole),
    ("yaml", "«- a»", "- b\n- c", Whole),
    ("python", "«x = 1\n+ 2»", "-x\n+ 3", Whole),
    // Several to choose from.
    ("javascript", "«x»", "// Option 1\nf(x);\n\n// Option 2\ng(x);", Page),
    ("python", "«x»", "# Alternative A: short\nx = 2\n# Alternative B\nx = 3", Page),
    ("javascript", "«x»", "Before:\nf(x);\n\nAfter:\ng(x);", Page),
    ("python", "«x»", "option1 = 1\noption2 = 2", Whole),
    ("python", "«x»", "# before a reset\nf()\n# after a reset\ng()", Whole),
    ("python", "«# Option 1\n# Option 2»", "# Option 1\n# Option 2: better", Whole),
    ("markdown", "«x»", "## Option 1\n\na\n\n## Option 2\n\nb", Whole),
    // What is said to the one who asked.
    ("markdown", "«Some text.»", "Here is the rewritten text:\n\nBetter text.", Page),
    ("markdown", "«Some text.»", "**Rewritten:**\n\nBetter text.", Page),
    ("markdown", "«Some text.»", "Sure! Better text.", Page),
    ("markdown", "«Some text.»", "Better text.\n\n---\n\nI made it shorter.", Page),
    ("plaintext", "«Some text.»", "Better text.\n\nLet me know if you want more!", Page),
    ("latex", "«Some text.»", "Certainly! Here is it:\n\nBetter text.", Page),
    ("markdown", "«Some text.»", "Here is the list that counts.\n\n- a\n- b", Whole),
    ("markdown", "«Here are the words:\n\n- a»", "Here are the words:\n\n- a\n- b", Whole),
    ("plaintext", "«I came home.\n\nI have a cat.»", "I went home.\n\nI have a dog.", Whole),
    ("markdown", "«»", "Here is the list:\n\n- a", Whole),
    ("javascript", "«x»", "f(x);\n\nKey changes:\n- adds one\n- no more", Page),
    ("javascript", "«x»", "**f(x)**\n\nf(x);", Page),
    ("javascript", "«x»", "### Answer\n\nf(x);", Page),
    ("python", "«x»", "# Answer\n\nf(x)", Whole),
    ("c", "«x»", "#include <a.h>\n\nint a;", Whole),
    ("html", "<ul>\n  «<li>a</li>»\n</ul>", "Here is the list:\n<li>c</li>", Page),
    ("html", "<p>«a»</p>", "This is some more text.", Whole),
    // Braces.
    ("javascript", "«f(x) {\n  return x;\n}»", "f(x) {\n  return 1;", Page),
    ("javascript", "«f(x) {\n  return x;\n}»", "f(x) {\n  return 1;\n}\n}", Page),
    ("javascript", "«f(x) {\n  return x;»", "f(x) {\n  return 1;\n}", Whole),
    ("rust", "«f('{')»", "g(\"{\", '}')", Whole),
    ("rust", "«fn f<'a>(x: &'a str) {}»", "impl<'a> F for G<'a> {\n    fn f<'b>(&'b self) {}\n}", Whole),
    // What stands behind the selection already.
    ("json", "{\n  «\"a\": 1»,\n  \"b\": 2\n}", "\"a\": 3,", Part("\"a\": 3")),
    ("rust", "let a = «b»;", "c();", Part("c()")),
    ("markdown", "See «this».", "that.", Part("that")),
    ("markdown", "| a | «b» |", "| c |", Part("c")),
    // What says how it went.
    ("python", "«x = f(1)»", "OK", Page),
    ("python", "«x = f(1)»", "None", Page),
    ("python", "«def f():\n    return 1»", "N/A", Page),
    ("rust", "fn f() {\n    «a();»\n}", "Done.", Page),
    ("rust", "fn f() {\n    «a();»\n}", "```\nDone\n```", Page),
    ("javascript", "«f(1);»", "ok", Page),
    ("javascript", "«f(1);»", "✅", Page),
    ("go", "«f(1)»", "**No changes needed**", Page),
    ("yaml", "«a:\n  b: 1»", "None", Page),
    ("json", "{\n  «\"a\": 1»\n}", "N/A", Page),
    ("c", "«f(1);»", "完成", Page),
    ("java", "int f() {\n  «»\n}", "N/A", Page),
    ("markdown", "«The tool counts words, and lines, and letters.»", "Done.", Page),
    ("plaintext", "«Dear Ann,\n\nall is well.»", "OK", Page),
    // Dots in the place of elements.
    ("json", "«[1, 2, 3]»", "[1, ...]", Page),
    ("json", "{\"a\": «{\"b\": 1}»}", "{...}", Page),
    ("json", "«{\"a\": 1}»", "{\n  \"a\": 2,\n  ...\n}", Page),
    ("json", "«{\"a\": 1}»", "{\"a\": …}", Page),
    ("jsonc", "{\n  «»\n}", "\"a\": [1, …]", Page),
    ("javascript", "a = «[1, 2]»", "[1, 2, ...]", Page),
    ("typescript", "«f({ a: 1 });»", "f({ ... });", Page),
    ("yaml", "a:\n  «- b\n  - c»", "- b\n- ...", Page),
    ("yaml", "a: «[1, 2]»", "[1, ...]", Page),
    ("toml", "a = «[1, 2]»", "[1, ...]", Page),
    ("python", "a = «[1, 2, 3]»", "[1, 2, ...]", Page),
    ("python", "«a = {\"b\": 1}»", "a = {\n    \"b\": 2,\n    ...\n}", Page),
    ("rust", "let a = «vec![1, 2]»;", "vec![1, ...]", Page),
    ("go", "a := «[]int{1, 2}»", "[]int{1, ...}", Page),
    // A block that is not what is meant.
    ("shellscript", "«ls a»", "Okay.\n<think>\n```sh\nrm -rf x\n```\n</think>\nNo.", Page),
    ("shellscript", "«ls a»", "[THINK]\n```sh\nrm -rf x\n```\n[/THINK]\nls -la", Part("ls -la")),
    ("shellscript", "«ls a»", "<seed:think>\n```sh\nrm -rf x\n```\n</seed:think>\nls -la", Part("ls -la")),
    ("shellscript", "«ls a»", "<reflection>\n```sh\nrm -rf x\n```\n</reflection>\nls -la", Page),
    ("shellscript", "«ls a»", "<|reason|>\n```sh\nrm -rf x\n```\n<|end_of_reason|>\nls -la", Page),
    (
        "shellscript",
        "«ls a»",
        "<details><summary>Thinking</summary>\n\n```sh\nrm -rf x\n```\n</details>\n\nls -la",
        Page,
    ),
    ("shellscript", "«ls a»", "**Thinking**\n\n```sh\nrm -rf x\n```\n\n**Answer**\n\nls -la", Page),
    ("shellscript", "«ls a»", "Thought: maybe\n```sh\nrm -rf x\n```\nFinal Answer: ls -la", Page),
    ("shellscript", "«ls a»", "You should not run:\n```sh\nrm -rf x\n```", Page),
    ("shellscript", "«ls a»", "Never do this:\n```sh\nrm -rf x\n```\nThe line is right as it is.", Page),
    ("shellscript", "«ls a»", "```sh\nrm -rf x\n```\nNo change.", Page),
    ("shellscript", "«ls a»", "Here it is:\n```sh\nls b\n```\nIt lists b and no more.", Part("ls b")),
    (
        "python",
        "«x»",
        "Here is the plan:\n\n```python\na = 2\n```\n\n- It sets a.\n- It is short",
        Part("a = 2"),
    ),
    // What is said around it, in all languages.
    ("python", "«a = 1»", "a = 2\n\nChanges:\n- one\n- two", Page),
    ("go", "«a()»", "b()\n\n---\n\nThis is shorter", Page),
    ("javascript", "«a = 1»", "## Solution\na = 2;", Page),
    ("rust", "«let a = 1;»", "Use `let a = 2;` instead.", Page),
    ("java", "«a = 1;»", "**Answer:**\na = 2;", Page),
    ("go", "«a = 1»", "2: a = 2", Part("a = 2")),
    ("rust", "«a = 1;»", "-a = 0;\n+a = 2;", Page),
    ("rust", "«a = 1;»", "{\"result\": \"a = 2;\"}", Page),
    ("python", "«a = 1»", "{\"result\": \"a = 2\"}", Page),
    ("python", "«a = 1»", "[TOOL_CALLS][{\"name\": \"edit\"}]", Page),
    ("go", "«a = 1»", "<|python_tag|>x = 2", Page),
    ("python", "«a = 1»", "[Your code here]", Page),
    ("yaml", "«a: 1»", "a: 2\n\nThis makes it clearer and simpler.", Page),
    ("toml", "«a = 1»", "a = 2\n\nNote: a is two now.", Page),
    ("yaml", "«a: 1»", "a: 2\n\nExplanation:\n- one\n- two", Page),
    ("ini", "«a = 1»", "a = 2\n\nHope this helps!", Page),
    ("csv", "«1,2»", "3,4\n\n说明：现在更清楚了。", Page),
    ("yaml", "«a: 1»", "Error: I could not process this.", Page),
    ("markdown", "«A text about it.»", "No changes are needed.", Page),
    ("latex", "«A text about it.»", "Could you clarify what you want?", Page),
    ("plaintext", "«A text about it.»", "✅ Fixed! It is right now.", Page),
    ("gitcommit", "«fix it»", "Error: I could not process this.", Page),
    ("gitcommit", "«fix it»\n", "**Commit message:**\n\nfix: a\n\nBody", Part("fix: a\n\nBody")),
    ("gitcommit", "«fix it»\n", "Commit message:\n`fix: a`", Part("fix: a")),
    ("git-commit", "«fix it»\n", "\"fix: a\"", Part("fix: a")),
    ("scminput", "«fix it»\n", "**fix: a**\n\nBody", Part("fix: a\n\nBody")),
    ("gitcommit", "«fix it»\n", "Here is a commit message:\n\nfix: a\n\nBody", Part("fix: a\n\nBody")),
    ("gitcommit", "«fix it»\n", "## Suggested Commit Message\n\nfix: a", Part("fix: a")),
    ("gitcommit", "«fix it»\n", "Subject: fix: a\n\nBody", Part("fix: a\n\nBody")),
    ("gitcommit", "«fix it»\n", "**Title:** fix: a\n\n**Body:** Why.", Part("fix: a\n\nWhy.")),
    ("gitcommit", "«fix it»\n", "git commit -m \"fix: a\"", Part("fix: a")),
    ("gitcommit", "«fix it»\n", "git commit -m 'fix: a' -m 'Body'", Page),
    ("gitcommit", "«fix it»\n", "Show the whole message", Whole),
    ("gitcommit", "«fix it»\n", "Summary page: fix a link", Whole),
    ("gitcommit", "«fix it»\n", "\"a\" and \"b\" are one", Whole),
    ("gitcommit", "«fix it»\n", "#123 fix it\n\nBody", Page),
    ("gitcommit", "«fix it»\n", "Option 1:\nfix: a\n\nOption 2:\nfix: b", Page),
    ("markdown", "«A text about it.»", "Hier ist der verbesserte Text:\n\nBetter text.", Page),
    ("plaintext", "«A text about it.»", "以下是修改后的文本：\n\nBetter text.", Page),
    ("markdown", "«A text about it.»", "Better text.\n\nWould you like me to shorten it?", Page),
    ("markdown", "«A text about it.»", "Original:\n```\na\n```\nFixed:\n```\nb\n```", Page),
    // What would be no JSON.
    ("json", "{\"a\": «\"x\"»}", "y", Page),
    ("json", "{\"a\": «[1, 2]»}", "1, 2, 3", Page),
    ("json", "{\n  \"a\": 1,\n  «»\n}", "{\n  \"b\": 2\n}", Page),
    ("jsonc", "{\n  // one\n  \"a\": «1»,\n}", "[1", Page),
    ("json", "{\"a\": «1»", "[1", Whole),
    // What stands beside the selection.
    ("python", "x = «foo»(1)\n", "bar(1)", Page),
    ("python", "f(«a», b)\n", "a2, b", Page),
    ("rust", "let x: «u32» = 1;\n", "u64 = 1;", Page),
    ("python", "def «foo»(a):\n    return a\n", "bar(a):\n    return a", Page),
    ("python", "f«oo» = 1\n", "foobar", Page),
    ("python", "x = [«1, 2»]\n", "[1, 2, 3]", Part("1, 2, 3")),
    ("javascript", "x = {«a: 1, b: 2»}\n", "{ a: 10, b: 2 }", Part("a: 10, b: 2")),
    ("javascript", "x = { «a: 1, b: 2» };\n", "{ a: 10 }", Part("a: 10")),
    ("python", "x = f\"{«a»}\"\n", "{b}", Part("b")),
    ("javascript", "x = `${«a»}`;\n", "{b.c}", Part("b.c")),
    ("python", "f(«a, b»)\n", "(a, b, c)", Part("a, b, c")),
    ("python", "x = [«»]\n", "[1, 2]", Part("1, 2")),
    ("javascript", "f(«»);\n", "(a, b)", Part("a, b")),
    ("javascript", "x = {«»}\n", "{\n  a: 1,\n}\n", Part("\n  a: 1,")),
    ("javascript", "x = {\n  «a: 1,\n  b: 2,»\n};\n", "{\n  a: 10,\n  b: 2,\n}", Page),
    ("typescript", "x = {\n  z: 0,\n  «a: 1,»\n};\n", "{ a: 10 }", Page),
    ("python", "x = {\n    «\"a\": 1,»\n    \"b\": 2,\n}\n", "{\"a\": 10}", Page),
    ("rust", "f(\n    «a, b»,\n)\n", "(a, c)", Page),
    (
        "c",
        "if (a)\n    «f(b, c);»\n",
        "{\n    f(b, c);\n    g();\n}",
        Part("{\n        f(b, c);\n        g();\n    }"),
    ),
    ("javascript", "f(() => {\n  «g(a, b);»\n});\n", "{\n  g(a);\n}", Part("{\n    g(a);\n  }")),
    ("markdown", "| a | b |\n|---|---|\n| «1» | 2 |\n", "| 10 | 2 |", Page),
    ("markdown", "| a | b |\n|---|---|\n| «1» | 2 |\n", "ten\nand more", Page),
    // In a dress.
    ("python", "«x»", "$$\na = 2\n$$", Part("a = 2")),
    ("python", "«x»", "$a = 2$", Part("a = 2")),
    ("python", "«x»", "\\[ a = 2 \\]", Part("a = 2")),
    ("python", "«x»", "$\\boxed{a = 2}$", Part("a = 2")),
    ("python", "«x»", "\\`\\`\\`python\na = 2\n\\`\\`\\`", Part("a = 2")),
    ("python", "«x»", "\\```python\na = 2\n\\```", Part("a = 2")),
    ("python", "«x»", "Here it is:\n\n\\`\\`\\`\na = 2\n\\`\\`\\`\n", Part("a = 2")),
    ("markdown", "«x»", "\\`\\`\\`markdown\n# A\n\nb\n\\`\\`\\`", Part("# A\n\nb")),
    ("html", "<ul>\n  «<li>a</li>»\n</ul>", "&lt;li&gt;b &amp;amp; c&lt;/li&gt;", Part("<li>b &amp; c</li>")),
    ("python", "«print('a')»", "print(&#39;b&#39;)", Page),
    // A fence within a text of the code.
    ("shellscript", "«ls»", "cat > x.md <<'EOF'\n# T\n\n```sh\nmake install\n```\nEOF", Whole),
    ("shellscript", "«ls»", "cat <<'EOF' > x.md\nRun this:\n```\nsudo rm -rf x\n```\nEOF", Whole),
    ("shellscript", "«ls»", "echo '```sh\nls\n```'", Whole),
    ("python", "«x»", "PROMPT = \"\"\"\nFix it:\n```\n{code}\n```\n\"\"\"", Whole),
    ("python", "«x»", "def f(code):\n    return f\"\"\"Review:\n```python\n{code}\n```\n\"\"\"", Whole),
    ("python", "«x»", "def f():\n    \"\"\"Doc.\n\n```\nf()\n```\n    \"\"\"", Whole),
    ("javascript", "«x»", "const p = `\n```\n${code}\n```\n`;", Page),
    ("shellscript", "«ls»", "Here's it:\n```sh\nls b\n```\nIt's short.", Part("ls b")),
    ("shellscript", "«ls»", "```sh\ncat <<EOF\n```\na\n```\nEOF\n```", Page),
    // Between backticks.
    ("shellscript", "«ls -l»", "`ls -la`", Page),
    ("shellscript", "x=«a»", "`b`", Page),
    ("shellscript", "x=«`a`»", "`b`", Whole),
    ("ruby", "«a»", "`b`", Page),
    ("php", "<?php\n«a();»", "`b();`", Page),
    ("javascript", "«a();»", "`b();`", Page),
    ("javascript", "f(«\"a\"»);", "`b`", Whole),
    ("yaml", "«a: b»", "`a: c`", Part("a: c")),
    ("lua", "«a()»", "`b()`", Part("b()")),
    // A part of what was selected.
    (
        "python",
        "«def f():\n    a()\n\n\ndef g():\n    b()\n\n\ndef h():\n    c()»\n",
        "def g():\n    b(1)",
        Page,
    ),
    ("markdown", "«# A\n\none\n\n# B\n\ntwo»\n", "# B\n\nthree", Page),
    // Commas and semicolons.
    ("typescript", "«foo(): void;\n\n/**»\n * Doc.\n */\n", "foo(): number;\n\n/**", Whole),
    ("javascript", "«a = 1;\n/*»\nb\n*/\n", "a = 2;\n/*", Whole),
    ("c", "enum a {\n«A,»\nB,\n};\n", "#ifdef X\nA,\n#endif", Whole),
    ("php", "<?php\n«$a = 1;»\n", "?>\n<b>\n<?php", Whole),
    ("c", "«struct a { int b; };»\n", "struct a { int c; }", Part("struct a { int c; };")),
    ("rust", "«let a = 1;»\n", "let a = if x { 1 } else { 2 }", Part("let a = if x { 1 } else { 2 };")),
    ("javascript", "«a = 1;»\n", "a = {\n  b: 1,\n}", Part("a = {\n  b: 1,\n};")),
    ("javascript", "«a = 1;»\n", "for (let i = 0; i < 2; i++) {\n  a = i;\n}", Whole),
    ("rust", "«let a = 1;»\n", "if let Some(b) = c {\n    d();\n}", Whole),
    ("java", "«a = 1;»\n", "if (b) {\n  a = 2;\n}", Whole),
    // What programs are told.
    ("python", "«x = 1»", "{\"name\": \"edit\", \"arguments\": {\"path\": \"x.py\"}}", Page),
    ("python", "«x = 1»", "<edit>\n<old>x = 1</old>\n<new>x = 10</new>\n</edit>", Page),
    ("python", "«x = 1»", "# filepath: src/x.py\nx = 10", Part("x = 10")),
    ("python", "«x = 1»", "```python\n// filepath: x.py\nx = 10\n```", Part("x = 10")),
    ("css", "«a {}»", "/* filename: a.css */\na { b: c; }", Part("a { b: c; }")),
    ("python", "«# file: x.py\nx = 1»", "# file: x.py\nx = 10", Whole),
    ("python", "«x = 1»", "# path: the way to it\nx = 10", Whole),
    ("markdown", "See [«»](u)\n", "[x](u)", Part("x")),
    // Refusals, and nothing at all.
    ("rust", "«x»", "I'm sorry, but I can't assist with that request.", Page),
    ("markdown", "«x»", "申し訳ございませんが、そのリクエストにはお応えできません。", Page),
    ("rust", "«x»", "<think>\nThe function adds.\n</think>\n", Nothing),
    ("rust", "«x»", "```rust\n```", Nothing),
    ("plaintext", "«x»", " \n", Nothing),
];

#[test]
fn each_answer_is_written_shown_or_left_alone() {
    let mut wrong = Vec::new();
    for (language, text, said, right) in ANSWERS {
        let (before, rest) = text.split_once('«').unwrap_or((text, "»"));
        let (selection, after) = rest.split_once('»').unwrap();
        let answer = Answer { text: said, refusal: None, finish_reason: Some("stop") };
        let found = fit(answer, Place { language, selection, before, after, ..Place::default() });
        let expected = match right {
            Whole => Some(said.trim_end()),
            Part(part) => Some(*part),
            Page | Nothing => None,
        };
        let is_right = match (&found, right) {
            (Fit::Write(written), Whole | Part(_)) => Some(written.trim_end()) == expected,
            (Fit::Show { .. }, Page) | (Fit::Nothing { .. }, Nothing) => true,
            _ => false,
        };
        if !is_right {
            wrong.push(format!("{language} {text:?} {said:?}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whatever fences a model puts around its code, and whatever it says before and behind: what is written is the code,
/// all of it and nothing else, and what is not is shown as it came.
#[test]
fn no_fence_is_written_and_no_code_is_lost() {
    const CODE: &[(&str, &str)] = &[
        ("python", "CODE = f(1)\nCODE2 = [\n    2,\n]"),
        ("rust", "fn CODE() -> u8 {\n    2\n}"),
        ("json", "{\n  \"CODE\": 1\n}"),
        ("yaml", "CODE: 1\nb:\n  - 2"),
        ("", "CODE = 1\nb"),
    ];
    const BEFORE: &[&str] = &[
        "",
        "\u{feff}",
        "\u{200b}",
        "Sure!\n",
        "Here is the code:\n\n",
        "Here is `x.py`:\n",
        "Sure! ",
        "**CODE block**\n\n",
        "- Step 1:\n",
    ];
    const OPENING: &[&str] =
        &["", "```\n", "```{}\n", "~~~\n", "```{} title=\"x\"\n", "````{}\n", "  ```{}\n", "```{}\n\n"];
    const CLOSING: &[&str] = &[
        "",
        "```",
        "\n```",
        "\n```\n",
        "\n~~~",
        "\n````",
        "\n  ```",
        "\n``` ",
        "\n```.",
        "\n```**",
        "\n```\n```",
    ];
    const BEHIND: &[&str] = &[
        "",
        "\n\nThis does it.",
        "\nThis does it.",
        " This does it.",
        "\n\n- It is short.\n- It is good.",
        "\n\n**Note:** it is good.",
    ];
    let mut wrong = Vec::new();
    let (mut written, mut all) = (0, 0);
    for (language, code) in CODE {
        for (before, opening) in
            BEFORE.iter().flat_map(|before| OPENING.iter().map(move |opening| (before, opening)))
        {
            for (closing, behind) in
                CLOSING.iter().flat_map(|closing| BEHIND.iter().map(move |behind| (closing, behind)))
            {
                let said = format!("{before}{}{code}{closing}{behind}", opening.replace("{}", language));
                // What has no fence on this side is a matter of sentences.
                let is_bare = opening.is_empty()
                    && (closing.is_empty() || BEFORE.iter().skip(6).any(|word| word == before));
                let is_glued = closing.is_empty() && behind.starts_with(' ');
                if is_bare || is_glued || language.is_empty() && !(behind.is_empty() && before.is_empty()) {
                    continue;
                }
                let answer = Answer { text: &said, refusal: None, finish_reason: Some("stop") };
                let place = Place { language, selection: "x", ..Place::default() };
                all += 1;
                match fit(answer, place) {
                    Fit::Write(new) if new == *code => written += 1,
                    Fit::Show { anyway, .. } if anyway.contains("CODE") => {}
                    other => wrong.push(format!("{language} {said:?}: {other:?}")),
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {all}:\n{}",
        wrong.len(),
        wrong.iter().step_by(1 + wrong.len() / 40).cloned().collect::<Vec<_>>().join("\n")
    );
    assert!(written * 3 > all, "only {written} of {all} are written");
}

proptest! {
    /// Whatever is put together, at whatever place: what holds letters is never told to hold nothing, and what of it is
    /// known while it comes is no end of the server.
    #[test]
    fn an_answer_with_letters_is_written_or_shown(
        said in collection::vec(select(PIECES), 1..7),
        (before, after) in (select(AROUND), select(AROUND)),
        selection in select(&["", "", "x", "  x\n", "\n  é\n  y", " "][..]),
        language in select(&["python", "markdown", "plaintext", "xml"][..]),
    ) {
        let said = said.concat();
        let place = Place { language, selection, before, after, ..Place::default() };
        let found = fit(Answer { text: &said, refusal: None, finish_reason: Some("stop") }, place);
        let is_said = said.contains("kept") && !after.contains("kept") && !before.contains("kept");
        prop_assert!(!is_said || !matches!(found, Fit::Nothing { .. }), "{said:?}: {found:?}");
        for (end, _) in said.char_indices() {
            so_far(&said[..end], place);
        }
    }
}

/// What stands around a place.
const AROUND: &[&str] =
    &["", "é", "\n", "a = 1\n", "    ", "# é ", "f(", ")\n}\n", "\n\n  kept(é)\n", "é\r\n", "\u{3000}x"];
/// What answers are made of; what is kept stands in no reasoning.
const PIECES: &[&str] = &[
    "kept()\n",
    "    kept = é\n",
    "kept",
    "kept: {\n}\n",
    "\n",
    "\n\n",
    " ",
    "```\n",
    "```python\n",
    "~~~",
    "```",
    "````md\n",
    "<selection>",
    "\n</selection>\n",
    "<think>é</think>",
    "<|im_end|>",
    "</s>",
    "Sure!",
    "Here it is:\n",
    "\u{feff}",
    "é",
    "\r\n",
    "  - ",
    "**",
    "`",
    "}",
];
