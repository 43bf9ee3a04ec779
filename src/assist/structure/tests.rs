//! Which answers would break a file, and that none does that is right.

use std::{path::Path, sync::LazyLock};

use proptest::{prelude::*, sample::Index};

use crate::assist::fit::{Answer, Fit, fit};

use super::*;

/// The language, a text with its selection or cursor between `«` and `»`, an answer, and whether it is written.
const CASES: &[(&str, &str, &str, bool)] = &[
    ("python", "def f():\n    «return 1»\n", "return (1", false),
    ("python", "def f():\n    «return 1»\n", "return \"1", false),
    ("python", "def f():\n    «return 1»\n", "return (1]", false),
    ("python", "def f():\n    «return 1»\n", "if a:\n    return 1\nelif b:", false),
    ("python", "if a:\n    «b()»\nelse:\n    c()\n", "b(')')", true),
    ("python", "def f():\n    \"\"\"«Old.»\"\"\"\n", "New: (one", true),
    ("python", "def f():\n    \"\"\"Doc.\"\"\"\n    «return 1»\n", "return f\"{a['b']}\"", true),
    ("python", "x = «1»  # one (\n", "{\n    'a': 1,\n}", true),
    ("python", "«x = 1\n»", "x = \\\n    1\n", true),
    ("python", "if a ==«»\n", " b:", true),
    ("python", "    # a«»\n", "\n    b = 1", true),
    ("python", "def f():\n    \"\"\"«»\"\"\"\n", "One.\"\"\"\n    return 1", false),
    ("rust", "fn f() {\n    «»\n}\n", "if a {", true),
    ("python", "try:\n    «a()»\nfinally:\n    b()\n", "a(1)\nc()", true),
    // It was broken before.
    ("python", "x = (\n«y = 1»\n", "y = [1", true),
    ("python", "def f():\n    «»\n", "return (1", true),
    ("yaml", "a:\n  «b: 1»\n  c: 2\n", "b: [1", false),
    ("yaml", "a: «b»\n", "\"b", false),
    ("yaml", "a: «b»\n", "b: c", false),
    ("yaml", "a: «b»\n", "\"b: c\"", true),
    ("yaml", "a: «b»\n", "!Ref c", true),
    ("yaml", "a: 1\n---\nb: «2»\n", "[3]", true),
    ("yaml", "a: «b»\n", "{{ c }}", true),
    ("yaml", "a: {{ b }}\nc: «d»\n", "[e", true),
    ("toml", "[a]\n«b = 1»\n", "b = [1", false),
    ("toml", "[a]\nb = 1\n«c = 2»\n", "b = 2", false),
    ("toml", "[a]\n«b = 1»\n", "b = [\n  1,\n]", true),
    ("rust", "fn f() {\n    «a();»\n}\n", "a(b'(', '{', \"(\", r#\"\"(\"#);", true),
    ("rust", "fn f() {\n    «a();»\n}\n", "let a: &'a str = \"b\"; /* ( /* ) */ */", true),
    ("rust", "fn f() {\n    «a();»\n}\n", "a(\"b);", false),
    ("go", "func f() {\n\t«a()»\n}\n", "a(`(\"`, '{', \"}\")", true),
    ("go", "func f() {\n\t«a()»\n}\n", "a(`b)", false),
    ("c", "int f() {\n  «a();»\n}\n", "a(1'000, '(');", true),
    ("c", "int f() {\n  «a();»\n}\n", "#if A\n  a(b\n#else\n  a(c\n#endif\n  );", true),
    ("javascript", "f(() => {\n  «a();»\n});\n", "a(/[(]/g, `{${b({})}`, 1 / 2);", true),
    ("javascript", "f(() => {\n  «a();»\n});\n", "a(`b);", false),
    ("typescript", "type A = {\n  «b: string;»\n};\n", "b: Array<{ c: 'd)' }>;", true),
    ("css", "a {\n  «b: c;»\n}\n", "b: \"}\"; /* } */", true),
    ("java", "class A {\n  «int b;»\n}\n", "char b = '{'; String c = \"\\\"(\";", true),
    ("markdown", "---\na: «b»\n---\n\nText: it: one.\n", "b: c", false),
    ("markdown", "---\na: b\n---\n\nText: «it».\n", "it: one", true),
    ("makefile", "«A = b»\n", "@echo A", false),
    ("makefile", "all:\n«»\n", "a\nb", false),
    ("makefile", "all:\n\t«a»\n", "b", true),
    ("makefile", "«A = b»\n", "A = \\\n  b \\\n  c\n\nifdef B\n-include c.mk\nendif\n$(eval $(C))", true),
    ("makefile", "define A\n«b»\nendef\n", "c", true),
    ("diff", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n«+b»\n", "c", false),
    ("diff", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n«+b»\ndiff --git a/y b/y\n", "+c\n+d", true),
    ("scheme", "(define (f x)\n  «(+ x 1)»)\n", "(+ x 2))", false),
    ("lua", "f(function()\n  «a()»\nend)\n", "a()\nb() end)", false),
    ("clojure", "(defn f []\n  «(g)»)\n", "(let [a \\(]\n  (g a))", true),
    ("c", "#define A \\\n  «b();» \\\n  c\n", "b();\nd();", false),
    ("c", "#define A \\\n  «b();» \\\n  c\n", "b(); \\\nd();", true),
    ("kotlin", "f(«a»)\n", "a, \")\"", true),
    ("latex", "Text «50 percent» of it.\n", "50% of all", false),
    ("latex", "Text «50 percent» of it.\n", "50\\% of all", true),
    ("latex", "Text «50 percent»\n", "50 % of it", true),
    ("csv", "a,b,c\n«1,2,3»\n", "1,2", false),
    ("csv", "a,b,c\n«1,2,3»\n", "1,2,4\n5,6,7", true),
    ("csv", "«a,b,c\n1,2,3»\n", "a,b\n1,2", true),
    // Nothing is known of these.
    ("html", "<p>«a»</p>\n", "(b", true),
    ("plaintext", "«a»\n", "(b", true),
    ("markdown", "```python\nx = «1»\n```\n", "2", true),
];

#[test]
fn what_would_break_a_whole_file_is_shown() {
    for (language, text, answer, is_written) in CASES {
        let (before, rest) = text.split_once('«').unwrap();
        let (selection, after) = rest.split_once('»').unwrap();
        let place = Place { language, selection, before, after, ..Place::default() };
        let found = fit(Answer { text: answer, finish_reason: Some("stop"), refusal: None }, place);
        assert_eq!(
            matches!(found, Fit::Write(_)),
            *is_written,
            "{language} {text:?} + {answer:?}: {found:?}"
        );
        let Fit::Show { anyway, .. } = found else { continue };
        assert!(
            anyway.contains(answer.lines().next().unwrap()),
            "it can be inserted all the same: {anyway:?}"
        );
    }
}

/// Files of the project in languages that are read.
fn files() -> Vec<(&'static str, String)> {
    const FOLDERS: &[&str] =
        &["src/assist", "src/store", "scripts", "tests/cases", "editors/vscode/src", "docs", "."];
    const LANGUAGES: &[(&str, &str)] = &[
        ("rs", "rust"),
        ("py", "python"),
        ("yaml", "yaml"),
        ("yml", "yaml"),
        ("toml", "toml"),
        ("ts", "typescript"),
    ];
    let read = |folder: &&str| {
        let entries = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).read_dir().unwrap();
        let files = entries.filter_map(|entry| {
            let path = entry.unwrap().path();
            let end = path.extension()?.to_str()?;
            let (_, language) = LANGUAGES.iter().find(|(one, _)| *one == end)?;
            Some((*language, std::fs::read_to_string(&path).ok()?))
        });
        files.collect::<Vec<_>>()
    };
    let mut files: Vec<_> = FOLDERS.iter().flat_map(read).collect();
    files.sort();
    files
}

/// How an answer comes that says the same again.
fn forms(lines: &str) -> Vec<String> {
    let lines = lines.trim_end_matches('\n');
    let depth = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let least = lines.lines().filter(|line| !line.trim().is_empty()).map(depth).min().unwrap_or_default();
    let flush: Vec<&str> = lines.lines().map(|line| line.get(least..).unwrap_or_default()).collect();
    vec![
        format!("{lines}\n"),
        lines.to_owned(),
        lines.trim_start().to_owned(),
        format!("```\n{lines}\n```"),
        format!("```\n{}\n```", flush.join("\n")),
    ]
}

#[test]
fn all_files_of_the_project_are_whole() {
    let files = files();
    assert!(files.len() > 80, "{}", files.len());
    for (language, text) in files {
        if let Some((is_whole, _)) = reader(language, &[]) {
            // Cases of broken files.
            let is_broken = language == "yaml" && !config_yaml::is_yaml(&text);
            assert!(is_broken || is_whole(&text, false), "{language}: {text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// What was there, said again in any form that models have, is never said to break the file.
    #[test]
    fn no_answer_that_says_the_same_breaks_a_file(file: Index, begin: Index, count in 1_usize..20, form: Index) {
        static FILES: LazyLock<Vec<(&str, String)>> = LazyLock::new(files);
        let (language, text) = file.get(&FILES);
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let begin = begin.index(lines.len());
        let end = (begin + count).min(lines.len());
        let selection = lines[begin..end].concat();
        let (before, after) = (lines[..begin].concat(), lines[end..].concat());
        let place = Place { language, selection: &selection, before: &before, after: &after, ..Place::default() };
        let forms = forms(&selection);
        let answer = Answer { text: form.get::<String>(&forms), finish_reason: Some("stop"), refusal: None };
        if let Fit::Show { reason, .. } = fit(answer, place) {
            prop_assert!(
                ![NO_YAML, NO_TOML, UNEVEN].contains(&&*reason),
                "{reason}: {:?} in the place of {:?} of\n{}", answer.text, selection, text
            );
        }
    }
}
