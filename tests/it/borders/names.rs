//! What a Rust file names: its imports and paths, expanded.

/// One name that a `use` brings in.
pub(super) struct Import {
    pub(super) path: Vec<String>,
    /// What it goes by here; `*` for all of a module.
    pub(super) name: String,
    /// Whether the file only passes it on to others.
    pub(super) is_passed_on: bool,
}

/// What a file names, its tests aside.
#[derive(Default)]
pub(super) struct Names {
    pub(super) imports: Vec<Import>,
    /// Paths in the code, such as `catalog::Catalog`.
    pub(super) paths: Vec<Vec<String>>,
}

impl Names {
    pub(super) fn of(text: &str) -> Self {
        let tokens = tokens(text);
        let mut names = Self::default();
        let mut at = 0;
        while at < tokens.len() {
            at = if is_test(&tokens[at..]) {
                behind_item(&tokens, at)
            } else if tokens[at] == "use" {
                let is_passed_on = at > 0 && ["pub", ")"].contains(&tokens[at - 1].as_str());
                tree(&tokens, at + 1, &mut Vec::new(), &mut |path, name| {
                    names.imports.push(Import { path, name, is_passed_on });
                })
                .max(at + 1)
            } else if is_path(&tokens, at) {
                tree(&tokens, at, &mut Vec::new(), &mut |path, _| names.paths.push(path)).max(at + 1)
            } else {
                at + 1
            };
        }
        names
    }
}

/// Words and marks, without comments, texts and letters.
fn tokens(text: &str) -> Vec<String> {
    let tokens = pieces(text).filter(|(what, _)| *what == Piece::Token);
    tokens.map(|(_, token)| token.to_owned()).collect()
}

/// The texts between quotation marks, as they are written, without raw ones.
pub(crate) fn texts(text: &str) -> impl Iterator<Item = &str> {
    let texts = pieces(text).filter(|(what, _)| *what == Piece::Text);
    texts.map(|(_, text)| text.trim_start_matches('"').strip_suffix('"').unwrap_or(text))
}

/// What a piece of source is.
#[derive(PartialEq)]
enum Piece {
    /// A word or a mark.
    Token,
    Text,
    /// A comment, a raw text, a letter or a blank.
    Other,
}

fn pieces(text: &str) -> impl Iterator<Item = (Piece, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let (what, length) = if rest.starts_with("//") {
            (Piece::Other, rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            (Piece::Other, rest.find("*/").map_or(rest.len(), |end| end + 2))
        } else if let Some(raw) = raw_text(rest) {
            (Piece::Other, raw)
        } else if first == '"' {
            (Piece::Text, text_length(rest))
        } else if first == '\'' {
            (Piece::Other, letter_length(rest))
        } else if first.is_alphanumeric() || first == '_' {
            (Piece::Token, rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len()))
        } else if first.is_whitespace() {
            (Piece::Other, first.len_utf8())
        } else {
            (Piece::Token, if rest.starts_with("::") { 2 } else { first.len_utf8() })
        };
        let (piece, behind) = rest.split_at(length);
        rest = behind;
        Some((what, piece))
    })
}

/// The length of a text such as `r#"…"#`. None where there is none.
fn raw_text(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let marks = inner.len() - inner.trim_start_matches('#').len();
    inner[marks..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(marks));
    let begin = rest.len() - inner.len() + marks + 1;
    Some(begin + rest[begin..].find(&end)? + end.len())
}

fn text_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    rest.len()
}

/// A letter such as `'"'` or `'\n'`, or the mark of a lifetime.
fn letter_length(rest: &str) -> usize {
    let mut letters = rest.char_indices().skip(1);
    match (letters.next(), letters.next()) {
        (Some((_, '\\')), _) => rest[2..].find('\'').map_or(1, |end| end + 3).max(4),
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

/// Whether `#[cfg(test)]` stands here.
fn is_test(tokens: &[String]) -> bool {
    let wanted = ["#", "[", "cfg", "(", "test", ")", "]"];
    tokens.len() > wanted.len() && tokens.iter().zip(wanted).all(|(token, wanted)| token == wanted)
}

/// The place behind the item that begins here: behind its `;` or its braces.
fn behind_item(tokens: &[String], from: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token.as_str() {
            ";" if depth == 0 => return at + 1,
            "{" => depth += 1,
            "}" if depth == 1 => return at + 1,
            "}" => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

/// Whether a path begins here.
fn is_path(tokens: &[String], at: usize) -> bool {
    let is_word = |token: &String| token.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let goes_on = tokens.get(at + 1).is_some_and(|token| token == "::");
    is_word(&tokens[at]) && goes_on && !(at > 0 && tokens[at - 1] == "::")
}

/// Reads a tree of paths, such as `crate::{a, b::{c, d}}`, and returns the place behind it. Each of its ends is a path and
/// the name that it goes by.
fn tree(
    tokens: &[String],
    mut at: usize,
    before: &mut Vec<String>,
    found: &mut impl FnMut(Vec<String>, String),
) -> usize {
    let depth = before.len();
    let mut name = None;
    while let Some(token) = tokens.get(at) {
        match token.as_str() {
            "::" => at += 1,
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token != "}") {
                    let behind = tree(tokens, at, before, found);
                    at = if behind == at { at + 1 } else { behind };
                }
                before.truncate(depth);
                return at + 1;
            }
            "*" => {
                at += 1;
                name = Some("*".to_owned());
                break;
            }
            word if word.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                before.push(word.to_owned());
                at += 1;
                match tokens.get(at).map(String::as_str) {
                    Some("::") => {}
                    Some("as") => {
                        name = tokens.get(at + 1).cloned();
                        at += 2;
                        break;
                    }
                    _ => break,
                }
            }
            _ => break,
        }
    }
    if before.len() > depth {
        let mut path = before.clone();
        if path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let name = name.or_else(|| path.last().cloned()).unwrap_or_default();
        found(path, name);
    }
    before.truncate(depth);
    at
}
