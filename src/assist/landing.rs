//! Good answers, in documents of all sorts: a page in their place would be a fault too.

use super::{
    fit::{Answer, Fit, fit},
    place::Place,
};

/// The language, the text with its selection or cursor between `«` and `»`, and an answer that belongs there.
const GOOD: &[(&str, &str, &str)] = &[
    ("python", "def f(x):\n    «return x»\n", "return x + 1  # one more"),
    (
        "python",
        "def f(x):\n    «return x»\n",
        "if x > 0:\n    return x\nraise ValueError(\"Sure! Here is: no\")",
    ),
    ("python", "«x = 1»\n", "x: int = 1"),
    ("python", "«x = {}»\n", "x = {\n    \"a\": 1,\n    \"b\": [1, 2],\n}"),
    ("python", "«for i in range(10):\n    print(i)»\n", "print(*range(10), sep=\"\\n\")"),
    ("python", "«assert f(1) == 2»\n", "assert f(1) == 2, \"Before: one\""),
    ("python", "«\"\"\"Old.\"\"\"»\n", "\"\"\"New doc.\"\"\""),
    ("python", "def f():\n    «\"\"\"Old.\"\"\"»\n    return 1\n", "\"\"\"New doc.\n\nMore of it.\n\"\"\""),
    ("python", "# «TODO sort»\nx = 1\n", "Sort the list"),
    ("python", "«# TODO sort»\nx = 1\n", "x.sort()"),
    ("python", "«print(\"a\")»\n", "print(\"b\")\nprint(\"c\")"),
    ("python", "class A:\n    «x = 1»\n    y = 2\n", "x = 1\n    z = 3"),
    ("rust", "fn f() {\n    «let a = 1;»\n}\n", "let a = vec![1];\nfor b in a {\n    println!(\"{b}\");\n}"),
    ("rust", "«fn f() {}»\n", "#[inline]\npub fn f() {}"),
    ("rust", "«use a::b;»\n", "use a::{b, c};"),
    ("rust", "match x {\n    «A => 1,»\n    B => 2,\n}\n", "A => {\n    f();\n    1\n}"),
    (
        "go",
        "«func f() {\n\ta()\n}»\n",
        "func f() error {\n\tif err := a(); err != nil {\n\t\treturn err\n\t}\n\treturn nil\n}",
    ),
    (
        "typescript",
        "«const a = (b: string) => b»\n",
        "const a = (b: string): string => {\n  return `${b}`;\n};",
    ),
    ("typescript", "type A = {\n  «b: string;»\n};\n", "b: string;\nc?: number;"),
    ("javascriptreact", "<div>\n  «{a}»\n</div>\n", "{a.map((b) => (\n  <p key={b}>{b}</p>\n))}"),
    ("javascriptreact", "return (\n  «<div/>»\n);\n", "<div>\n  Hello there, all of you.\n</div>"),
    ("css", "a {\n  «color: red;»\n}\n", "color: blue;\n  margin: 0 auto;"),
    ("scss", "«.a { color: red; }»\n", ".a {\n  color: red;\n\n  &:hover { color: blue; }\n}"),
    ("html", "<p>«Hi»</p>\n", "Hello <em>there</em>"),
    ("html", "«<p>a</p>»\n", "<section>\n  <h2>T</h2>\n  <p>a</p>\n</section>"),
    ("yaml", "a:\n  «b: 1»\n", "b: 2\nc: [1, 2]"),
    ("yaml", "- name: a\n  «run: x»\n", "run: |\n  x\n  y"),
    ("json", "{\"a\": «1»}\n", "[1, {\"b\": null}]"),
    ("json", "[\n  «1»,\n  2\n]\n", "{\"a\": 1}"),
    ("jsonc", "{\n  «\"a\": 1»\n}\n", "// one\n\"a\": 2"),
    ("sql", "«select * from a»;\n", "SELECT b,\n       c\nFROM a\nWHERE b > 1"),
    ("shellscript", "«for i in *; do echo $i; done»\n", "for i in *; do\n  printf '%s\\n' \"$i\"\ndone"),
    ("shellscript", "case $x in\n  «a) b ;;»\nesac\n", "a) b ;;\nc) d ;;"),
    ("dockerfile", "«RUN a»\n", "RUN a \\\n    && b \\\n    && rm -rf /var/lib/apt/lists/*"),
    ("makefile", "a:\n\t«b»\n", "b\n\tc"),
    ("lua", "«local x = 1»\n", "local x <const> = 1"),
    ("ruby", "def f\n  «a»\nend\n", "a.each do |b|\n  puts b\nend"),
    ("haskell", "«f x = x»\n", "f :: Int -> Int\nf x\n  | x > 0 = x\n  | otherwise = 0"),
    ("c", "#define A 1\n«#define B 2»\n", "#define B 3\n#define C(x) \\\n    do { f(x); } while (0)"),
    ("cpp", "«int a = 1;»\n", "std::vector<std::pair<int, int>> a{{1, 2}};"),
    ("java", "class A {\n  «int b;»\n}\n", "private final int b;\n\npublic A(int b) {\n  this.b = b;\n}"),
    ("kotlin", "«val a = 1»\n", "val a: List<String> = listOf(\"a\")"),
    ("php", "<?php\n«$a = 1;»\n", "$a = [\n    'b' => 1,\n];"),
    ("terraform", "resource \"a\" \"b\" {\n  «c = 1»\n}\n", "c = 2\n  tags = {\n    d = \"e\"\n  }"),
    ("elisp", "«(defun a () nil)»\n", "(defun a ()\n  \"Doc.\"\n  (interactive)\n  nil)"),
    ("latex", "«Text.»\n", "Better \\emph{text}, with 50\\% more."),
    ("markdown", "«Text.»\n", "Here is a tool that counts words."),
    ("markdown", "# T\n«»\n", "Sure enough, it works."),
    ("markdown", "1. «one»\n2. two\n", "First, one."),
    ("markdown", "- a\n- «b»\n", "b, and\n  more of it"),
    ("gitcommit", "«fix»\n", "Fix the sort order\n\nIt was wrong."),
    ("plaintext", "«Dear Ann»\n", "Dear Ann,\n\nI have read your letter."),
    ("vue", "<script setup>\n«const a = 1»\n</script>\n", "const a = ref<number>(1)"),
    ("org", "* H\n«text»\n", "- a\n- b"),
    ("csv", "a,b\n«1,2»\n", "3,\"x, y\""),
    ("toml", "[a]\n«b = 1»\n", "b = 1\n\n[a.c]\nd = \"e\""),
    ("ini", "«a = 1»\n", "; note\na = 2"),
    ("xml", "<a>\n  «<b/>»\n</a>\n", "<b c=\"d &amp; e\"/>"),
    ("python", "x = [\n    «1,»\n    2,\n]\n", "10,\n    11,"),
    ("python", "f(«a, b»)\n", "a,\n  b=c,\n"),
    ("python", "def f(x):\n    «»\n", "return x"),
    ("python", "«»", "import os\n\nprint(os.getcwd())\n"),
    ("go", "package main\n\n«»\n", "import \"fmt\"\n\nfunc main() {\n\tfmt.Println(\"Hi\")\n}\n"),
    ("python", "if a:\n    «b()»\nelse:\n    c()\n", "b(1)\nd()"),
    ("python", "if a:\n«    b()»\nelse:\n    c()\n", "    if d:\n        b()\n    else:\n        c()"),
    ("python", "if a:\n    «b()»\nelse:\n    c()\n", "if d:\n        b()\n    else:\n        c()"),
    ("c", "if (a) {\n«  b();»\n} else {\n  c();\n}\n", "  if (d) {\n    b();\n  } else {\n    c();\n  }"),
    ("python", "try:\n    «a()»\nexcept E:\n    pass\n", "a()\nb()"),
    ("rust", "// «adds»\nfn f() {}\n", "Adds two numbers."),
    ("python", "def f():\n    \"\"\"«Old»\"\"\"\n", "New: it does `x`."),
    ("javascript", "/**\n * «Old»\n */\n", "New.\n@param {string} a"),
    ("python", "a = «b»\n", "c if d else e"),
    ("python", "«a = 1\nb = 2»\nc = 3\n", "a, b = 1, 2"),
    ("python", "«a()\na()»\na()\n", "for _ in range(2):\n    a()"),
    ("javascript", "«if (a) {»\n  b();\n}\n", "if (a && c) {"),
    ("javascript", "f(() => {\n  «a();»\n});\n", "await a();"),
    ("yaml", "on:\n  «push:»\n    branches: [a]\n", "pull_request:"),
    // Words that are values there.
    ("python", "x = «True»\n", "None"),
    ("python", "return «x + 1»\n", "None"),
    ("python", "f(\n    «a + b»,\n    c,\n)\n", "None"),
    ("python", "x = [\n    1,\n    «»\n]\n", "None"),
    ("python", "«True»\n", "None"),
    ("rust", "fn f() -> Option<u8> {\n    «Some(1)»\n}\n", "None"),
    ("rust", "match x {\n    A => «f(1)»,\n}\n", "None"),
    ("c", "return «FAIL + 1»;\n", "OK"),
    ("c", "enum a {\n    «»\n    B,\n};\n", "OK"),
    ("css", "a {\n  border: «1px solid»;\n}\n", "none"),
    ("yaml", "a: «some text»\n", "N/A"),
    ("csv", "a,«1.5»,b\n", "N/A"),
    ("python", "x = \"«not there yet»\"\n", "N/A"),
    ("python", "# «TODO: sort the list»\n", "Done."),
    ("markdown", "| a | «not yet known» |\n", "N/A"),
    ("markdown", "«Alright.»\n", "OK."),
    ("gitcommit", "«»\n", "Done"),
    ("javascript", "«x»\n", "yes"),
    // Dots that mean something.
    ("python", "«x: Tuple[int, int]»\n", "x: Tuple[int, ...]"),
    ("python", "y = «x[1]»\n", "x[1, ..., 0]"),
    ("python", "«a: str = \"b\"»\n", "a: str = Field(1, ...)"),
    ("python", "«def f(): pass»\n", "def f(): ..."),
    ("python", "«print(1)»\n", "print(\"[1, ...]\")"),
    ("javascript", "«f(a)»\n", "f(...a, ...[1, 2])"),
    ("javascript", "a = «{ b: 1 }»\n", "{ ...c, b: 1 }"),
    ("javascript", "«f = (a) => a»\n", "f = (a, ...b) => b"),
    ("json", "{\"a\": «\"b\"»}\n", "\"Wait, ...\""),
    ("yaml", "a: «b»\n", "Loading, wait..."),
    ("yaml", "«a: b»\n", "a: b\n..."),
    ("go", "«a := []int{1}»\n", "a := [...]int{1, 2}\nf(a[:]...)"),
    ("c", "«#define A(x) f(x)»\n", "#define A(x, ...) f(x, __VA_ARGS__)"),
    ("cpp", "«f();»\n", "try { f(args...); } catch (...) { g(); }"),
    ("lua", "«f()»\n", "local function f(a, ...)\n  return {...}\nend"),
    ("elixir", "«@type a :: list»\n", "@type a :: [integer, ...]"),
    ("nix", "«{ a }: a»\n", "{ a, ... }: a"),
    ("ruby", "«def f; end»\n", "def f(...)\n  g(...)\nend"),
    // What only looks like what stands beside it.
    ("python", "f(«a»)\n", "(1, 2)"),
    ("python", "f(«a», b)\n", "g(c)"),
    ("python", "x = [«a»]\n", "[1, 2]"),
    ("python", "x = «a»(1)\n", "b.c"),
    ("python", "x = («a + b») * c\n", "d * e"),
    ("rust", "fn «foo»(a: u8) {}\n", "bar"),
    ("python", "f«oo» = 1\n", "ull"),
    ("markdown", "| «1» | 2 |\n", "a \\| b"),
    ("python", "x = «None»\n", "\"OK\""),
    // What only looks like a remark.
    ("javascriptreact", "return (\n  «<p/>»\n);\n", "<div>\n    {/* existing */}\n    <p/>\n  </div>"),
    ("yaml", "«a: 1»\n", "a: 2\n\nNote: It is two."),
    ("yaml", "«a: 1»\n", "a: |\n  Text.\n\n  More of the text."),
    ("yaml", "«a: 1»\n", "a: 2\n\n# The other one is two."),
    ("csv", "«1,2»\n", "3,Paid in full."),
    ("markdown", "«No change is free.»\n", "No change comes without a price."),
    ("markdown", "«Text.»\n", "Voici: a French word."),
    ("markdown", "«# Changes»\n", "# Changes\n\n- one\n- two"),
    ("rust", "match x {\n    «1 | 2 => a(),»\n}\n", "1 | 2 | 3 => a(),"),
    ("python", "x = «y»\n", "{\"result\": \"a\"}"),
    ("c", "x = «y»;\n", "-a\n    + b"),
    ("sql", "«SELECT 1;»\n", "SELECT 2;\n\n---\n\nSELECT 3;"),
    // Marks that are code.
    ("sql", "«SELECT 1;»\n", "$$\nBEGIN\n  f();\nEND\n$$;"),
    ("javascript", "«f();»\n", "$(\"a\").b($);"),
    ("php", "<?php\n«$a = 1;»\n", "$$b = $c;"),
    ("haskell", "f = «g»\n", "\\(a, b) -> a + b"),
    ("javascript", "«a = 1»\n", "a = `\n\\`\\`\\`js\nb\n\\`\\`\\`\n`"),
    ("html", "<p>«a»</p>\n", "&lt;b&gt;"),
    // Commas and semicolons that the answer has no need of.
    ("javascript", "«let a = 1;»\n", "function a() {\n  return 1;\n}"),
    ("javascript", "f(«a»)\n", "(b) => {\n  c(b);\n}"),
    ("go", "a := B{\n\t«c: 1,»\n}\n", "c: 1, // one\n\td: 2,"),
    ("erlang", "f() ->\n    «a(),»\n    b().\n", "a(1),\n    c()"),
];

#[test]
fn good_answers_land_with_all_their_lines() {
    let mut wrong = Vec::new();
    for (language, text, answer) in GOOD {
        let (before, rest) = text.split_once('«').unwrap();
        let (selection, after) = rest.split_once('»').unwrap();
        let place = Place { language, selection, before, after, ..Place::default() };
        for answer in [(*answer).to_owned(), format!("{answer}\n")] {
            let found = fit(Answer { text: &answer, finish_reason: Some("stop"), refusal: None }, place);
            let said = |text: &str| text.lines().map(str::trim).map(str::to_owned).collect::<Vec<_>>();
            let is_landed = match &found {
                Fit::Write(new) => {
                    let written = said(&format!("{before}{new}{after}"));
                    said(&answer).iter().all(|line| written.iter().any(|one| one.contains(line.as_str())))
                }
                Fit::Show { .. } | Fit::Nothing { .. } => false,
            };
            if !is_landed {
                wrong.push(format!("{language} {text:?} + {answer:?}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} did not land:\n{}", wrong.len(), GOOD.len() * 2, wrong.join("\n"));
}
