//! Where the comment of a line begins.

use super::language::YAML;

/// What a comment goes on from to the end of its line, and in which languages.
const MARKS: &[(&[&str], &[&str])] = &[
    (&["python", "cython", "starlark", "gdscript", "snakemake", "nim", "coffeescript", "gherkin"], &["#"]),
    (YAML, &["#"]),
    (&["toml", "dockerfile", "makefile", "make", "cmake", "just", "dotenv", "nix", "graphql"], &["#"]),
    (&["shell", "sh", "bash", "zsh", "fish", "shellscript", "powershell", "ps1", "tcl", "awk"], &["#"]),
    (&["ruby", "rb", "crystal", "perl", "pl", "r", "julia", "jl", "elixir", "ex", "exs"], &["#"]),
    (&["terraform", "hcl", "php"], &["#", "//"]),
    (&["ini", "dosini", "conf", "cfg", "properties", "systemd"], &["#", ";"]),
    (&["sql", "postgresql", "postgres", "mysql", "sqlite", "plsql", "tsql"], &["--"]),
    (&["lua", "haskell", "hs", "elm", "purescript", "idris", "agda", "ada", "vhdl"], &["--"]),
    (&["lisp", "clojure", "scheme", "racket", "emacs-lisp", "elisp", "commonlisp", "fennel"], &[";"]),
    (&["erlang", "matlab", "octave", "prolog"], &["%"]),
    (&["html", "xml", "svg", "json", "csv", "css", "markdown"], &[]),
    (
        &[
            "rust",
            "go",
            "golang",
            "c",
            "cpp",
            "cuda",
            "objective-c",
            "objective-cpp",
            "java",
            "kotlin",
            "csharp",
            "swift",
            "scala",
            "zig",
            "dart",
            "javascript",
            "js",
            "javascriptreact",
            "typescript",
            "ts",
            "tsx",
            "typescriptreact",
            "scss",
            "less",
            "fsharp",
            "jsonc",
            "json5",
            "proto",
            "vue",
            "svelte",
        ],
        &["//"],
    ),
];
/// What a comment begins with in a language that is not known, at the begin of its line.
const ANY: &[&str] = &["//", "# ", "-- ", "; ", ";; ", "% "];

/// A line cut where its comment begins: the code before, and what stands behind the comment's mark.
pub(super) fn cut<'a>(line: &'a str, language: &str) -> (&'a str, Option<&'a str>) {
    let begin = line.len() - line.trim_start().len();
    let known = MARKS.iter().find(|(names, _)| names.iter().any(|name| language.eq_ignore_ascii_case(name)));
    let Some((_, marks)) = known else {
        let mark = ANY.iter().find(|mark| line[begin..].starts_with(**mark));
        return (
            &line[..mark.map_or(line.len(), |_| begin)],
            mark.map(|mark| &line[begin + mark.trim_end().len()..]),
        );
    };
    let mut quote = None;
    let mut before = ' ';
    for (at, letter) in line.char_indices() {
        let is_mark = quote.is_none() && (at == begin || before == ' ' || before == '\t' || before == ';');
        if let Some(mark) = marks.iter().find(|mark| is_mark && line[at..].starts_with(**mark)) {
            return (&line[..at], Some(line[at..].trim_start_matches(*mark)));
        }
        match quote {
            Some(open) if open == letter && before != '\\' => quote = None,
            Some(_) => {}
            // One that has no partner is an apostrophe, or a lifetime.
            None if letter == '"' || letter == '\'' && line[at + 1..].contains('\'') => quote = Some(letter),
            None => {}
        }
        before = letter;
    }
    (line, None)
}

/// Whether a line is a comment and nothing else.
pub(super) fn is_one(line: &str, language: &str) -> bool {
    matches!(cut(line, language), (code, Some(_)) if code.trim().is_empty())
}

/// Whether a comment or a text of several lines is open at the end of a text.
pub(super) fn is_open_at_the_end_of(text: &str) -> bool {
    let is_open = |open: &str, close: &str| {
        text.rfind(open).is_some_and(|place| !text[place + open.len()..].contains(close))
    };
    is_open("/*", "*/")
        || is_open("<!--", "-->")
        || ["\"\"\"", "'''"].iter().any(|mark| text.matches(mark).count() % 2 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_begins_outside_of_quotes_with_the_mark_of_its_language() {
        for (language, line, code, comment) in [
            ("python", "    # a", "    ", Some(" a")),
            ("python", "a = 1  # b", "a = 1  ", Some(" b")),
            ("python", "a = '#1' # b", "a = '#1' ", Some(" b")),
            ("python", "a // b", "a // b", None),
            ("python", "a = \"x # y", "a = \"x # y", None),
            ("yaml", "a: b#c", "a: b#c", None),
            ("yaml", "a: it's # c", "a: it's ", Some(" c")),
            ("rust", "fn f<'a>(b: &'a str) { // c", "fn f<'a>(b: &'a str) { ", Some(" c")),
            ("rust", "#[test]", "#[test]", None),
            ("javascript", "f('http://a');", "f('http://a');", None),
            ("c", "#include <a>", "#include <a>", None),
            ("css", "#id {", "#id {", None),
            ("sql", "-- a", "", Some(" a")),
            ("bash", "x=$#", "x=$#", None),
            ("unknown", "  ;; a", "  ", Some(" a")),
            ("unknown", "a // b", "a // b", None),
        ] {
            assert_eq!(cut(line, language), (code, comment), "{language}: {line}");
        }
    }
}
