//! Which lines of code begin within a text.

use super::*;

/// The language, and code in which lines that begin within a text are marked with `>`.
const CASES: &[(&str, &str)] = &[
    ("shellscript", "cat <<EOF > \"x\"\n>a\n>EOF\nls"),
    ("shellscript", "cat <<'A B' <<-\"B\"\nls"),
    ("shellscript", "cat <<A - <<B\n>a\n>A\n>b\n>B\nls"),
    ("bash", "cat <<-EOF\n>\ta\n>\tEOF\nls"),
    ("sh", "python -c '\n>import os\n>'\nls  # it's\nls"),
    ("sh", "cat <<< EOF\na\nEOF"),
    ("sh", "a=$((1<<x))\nls"),
    ("sh", "echo \"a\\\"\n>b\"\nls"),
    ("dockerfile", "RUN <<EOF\n>a\n>EOF\nRUN b"),
    ("terraform", "y = <<EOF\n>a\n>EOF\nz = 1"),
    ("terraform", "y = <<-EOF\n  a\n  EOF\nz = 1"),
    ("ruby", "x = <<~A\n  a\nA\nb << c\ns = \"a\n>b\"\nd"),
    ("php", "$s = <<<EOT\n>a\n>EOT;\nb();"),
    ("perl", "my $s = \"a\n>b\";\nb();"),
    ("powershell", "$s = @\"\n>a \"b\"\n>\"@\nb"),
    ("python", "s = \"\"\"\n>raw\n>\"\"\"\nb()"),
    ("python", "def f():\n    \"\"\"Doc.\n\n    More.\n    \"\"\"\n    b()"),
    ("python", "s = '''a\n>  \"\"\" b\n>'''\nb()"),
    ("python", "x = 1  # it's \"\"\"\nb()\nc()"),
    ("python", "x = '\"\"\"'\ny = 'it\\'s'\nc()"),
    ("toml", "x = \"\"\"\n>a\n>\"\"\"\ny = 1"),
    ("javascript", "const s = `a\n>b`;\nb();"),
    ("javascript", "const r = /`/;\nb();\nc(`x`);\nd();"),
    ("typescript", "// it`s\nb(); /* `\n*/\nc();"),
    ("go", "s := `a\n>\tb`\nb()"),
    ("rust", "let s = \"a\n>b\";\nb();"),
    ("rust", "let s = r#\"a\"\n>b\"#;\nfn f<'a>(x: &'a str) {\n    g('\"');\n}"),
    ("cpp", "auto s = R\"x(a\n>)\" b)x\";\nb();"),
    ("cpp", "std::cout << EOF;\nb();\nEOF;"),
    ("csharp", "var s = @\"a\n>b\";\nb();"),
    ("java", "var s = \"\"\"\n  a\n  \"\"\";\nb();"),
    ("swift", "let s = \"\"\"\na\n\"\"\"\nb()"),
    ("lua", "local s = [==[\n>a ]]\n>]==]\nlocal t = a[b[1]]\nc()"),
    ("sql", "SELECT 'a\n>b';\nSELECT 2;"),
    ("elisp", "(insert \"a\n>b\")\n(b 'c ?\\\")\n(d)"),
    ("ocaml", "let s = {|a\n>b|} in\nlet c : 'a = 'x' in\nb s"),
    ("html", "<pre>\n>a\n>  b\n></pre>\n<p>it's</p>\n<p>c's</p>"),
    ("latex", "\\item b\n\\begin{verbatim}\n>x\n>\\end{verbatim}\nc"),
    ("yaml", "a: |\n  b\nc: \"d\n  e\""),
];

#[test]
fn lines_within_a_text_are_told_from_those_of_code() {
    for (language, marked) in CASES {
        let lines: Vec<&str> = marked.split('\n').collect();
        let code: Vec<&str> = lines.iter().map(|line| line.strip_prefix('>').unwrap_or(line)).collect();
        let code = code.join("\n");
        let texts = Texts::of(&code, language);
        let found: Vec<String> = code
            .split('\n')
            .enumerate()
            .map(|(at, line)| format!("{}{line}", if texts.has(at) { ">" } else { "" }))
            .collect();
        assert_eq!(found.join("\n"), *marked, "{language}");
        assert!(texts.open.is_none() || marked.contains("'A B'"), "{language}: {marked}");
    }
}

/// In a time that grows as the code does: texts, comments and quotes without end took its square.
#[test]
fn quotes_without_end_take_no_longer_than_they_are() {
    for sign in ["\"", "'", "`", "\"\"\"\n", "x = '\n", "cat <<A\n", "/*", "\n"] {
        for language in ["python", "sh", "javascript", "rust"] {
            let many = sign.repeat(100_000);
            assert!(!Texts::of(&many, language).has(0));
            assert!(comments::without(&many, language).len() <= many.len() + 1);
        }
    }
}

#[test]
fn a_text_without_its_end_is_none_yet() {
    for (language, code) in
        [("sh", "cat <<EOF\na"), ("go", "s := `a\nb"), ("python", "s = \"\"\"\na"), ("sh", "echo 'a\nb")]
    {
        let texts = Texts::of(code, language);
        assert!(
            !texts.has(1) && Texts::known(code, language) == code.split('\n').next().unwrap(),
            "{language}: {code}"
        );
    }
}
