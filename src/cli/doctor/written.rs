//! What is written in settings that are not run here: JSON with comments, and literals in programs.

use serde_json::Value;

/// What a program of settings says of something.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    Literal(String),
    /// Only its editor can tell.
    Computed,
}

/// JSON in which comments and commas before an end may stand, as VS Code and Zed read it.
pub(super) fn json(text: &str) -> Option<Value> {
    let mut strict = String::with_capacity(text.len());
    let mut rest = text.trim_start_matches('\u{feff}').chars().peekable();
    let mut in_text = false;
    while let Some(letter) = rest.next() {
        match (letter, rest.peek()) {
            ('\\', Some(_)) if in_text => {
                strict.push(letter);
                strict.extend(rest.next());
                continue;
            }
            ('"', _) => in_text = !in_text,
            _ if in_text => {}
            ('/', Some('/')) => {
                while rest.next_if(|letter| *letter != '\n').is_some() {}
                continue;
            }
            ('/', Some('*')) => {
                let mut last = rest.next();
                for letter in rest.by_ref() {
                    // The star that begins it ends nothing.
                    if letter == '/' && last == Some('\0') {
                        break;
                    }
                    last = Some(if letter == '*' { '\0' } else { letter });
                }
                continue;
            }
            ('}' | ']', _) => {
                let kept = strict.trim_end();
                strict.truncate(kept.strip_suffix(',').unwrap_or(kept).len());
            }
            _ => {}
        }
        strict.push(letter);
    }
    serde_json::from_str(&strict).ok()
}

/// A text without the lines that are comments.
pub(super) fn without_comments(text: &str, sign: &str) -> String {
    let kept = text.lines().filter(|line| !line.trim_start().starts_with(sign));
    kept.flat_map(|line| [line, "\n"]).collect()
}

/// What a name is given in a piece of a program, be it `name = value` or `name value`: the first time.
pub(super) fn given(program: &str, name: &str) -> Option<Said> {
    let is_part = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    let value = program.match_indices(name).find_map(|(at, _)| {
        let (before, after) = (&program[..at], &program[at + name.len()..]);
        (!before.ends_with(is_part) && !after.starts_with(is_part)).then(|| after.trim_start())
    })?;
    let value = value.strip_prefix('=').unwrap_or(value).trim_start();
    // Of a list the first word is the program.
    let value = value.strip_prefix('{').unwrap_or(value).trim_start();
    Some(literal(value).map_or(Said::Computed, Said::Literal))
}

/// The text that stands in quotation marks at the beginning, where nothing is joined to it.
fn literal(value: &str) -> Option<String> {
    let mark = value.chars().next().filter(|mark| ['"', '\''].contains(mark))?;
    let (text, rest) = value[1..].split_once(mark)?;
    (!rest.trim_start().starts_with("..")).then(|| text.replace(r"\\", r"\"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn comments_and_commas_are_no_part_of_json() {
        let text = "\u{feff}// one\n{\"a\": \"b // c\", /* * / \"x\": 1 **/ \"d\": [1, 2,\n ],\n \"e\\\"\": \"/*\", }";
        assert_eq!(json(text), Some(json!({"a": "b // c", "d": [1, 2], "e\"": "/*"})));
        for wrong in ["", "{", "{\"a\": }", "/* {}", "{} x"] {
            assert_eq!(json(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_literal_is_told_from_what_is_computed() {
        let literal = |text: &str| Some(Said::Literal(text.to_owned()));
        for (program, name, said) in [
            ("{ shared = true, cmd = '/a/b' }", "cmd", literal("/a/b")),
            ("{ cmd = { \"/a b/c\", '--x' } }", "cmd", literal("/a b/c")),
            (r#"{ cmd = "C:\\a\\b" }"#, "cmd", literal(r"C:\a\b")),
            ("{ cmd = vim.fn.expand('~/x') }", "cmd", Some(Said::Computed)),
            ("{ cmd = home .. '/x' }", "cmd", Some(Said::Computed)),
            ("{ cmd = '/x' .. name }", "cmd", Some(Said::Computed)),
            ("{ my_cmd = '/x', vim.cmd('y') }", "cmd", None),
            ("(setq litellm-program \"/a\")", "litellm-program", literal("/a")),
            ("(setq litellm-program (f))", "litellm-program", Some(Said::Computed)),
            ("(setq litellm-program-x \"/a\")", "litellm-program", None),
        ] {
            assert_eq!(given(program, name), said, "{program}");
        }
    }
}
