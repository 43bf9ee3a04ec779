//! Who may name whom: the whole table of rooms, our crate for the wire, and crates of others.
//!
//! The test reads every file of `src` as tokens, expands its `use` trees, resolves `self` and `super`, and refuses what the
//! table does not allow.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// A room is a file or folder right below `src`: which rooms it names, and which crates beside those that all may.
const ROOMS: &[(&str, &[&str], &[&str])] = &[
    ("apart", &[], &[]),
    ("assist", &[], &["litellm_ls_protocol", "regex_lite"]),
    (
        "cli",
        &[
            "assist",
            "config_yaml",
            "environment",
            "plain",
            "provider",
            "proxy",
            "server",
            "store",
            "transport",
        ],
        &[
            "anyhow",
            "clap",
            "clap_complete",
            "jiff",
            "litellm_ls_protocol",
            "rpassword",
            "rustyline",
            "secrecy",
            "terminal_size",
            "unicode_width",
            "url",
        ],
    ),
    ("config_yaml", &["litellm"], &["memchr", "strsim"]),
    ("descriptors", &[], &[]),
    ("environment", &["proxy", "store"], &["etcetera"]),
    ("lib", &[], &[]),
    (
        "litellm",
        &["descriptors", "plain"],
        &[
            "hyper",
            "hyper_util",
            "jiff",
            "memchr",
            "percent_encoding",
            "regex_lite",
            "reqwest",
            "rustls",
            "secrecy",
            "tower_layer",
            "tower_service",
            "url",
        ],
    ),
    ("log", &[], &[]),
    ("main", &[], &["tracing_subscriber"]),
    ("memory", &[], &["libc", "rustix", "windows_sys"]),
    ("plain", &[], &["unicode_width"]),
    (
        "provider",
        &["apart", "descriptors", "environment", "litellm", "plain", "proxy", "store"],
        &[
            "getrandom",
            "jiff",
            "litellm_ls_protocol",
            "regex_lite",
            "rustix",
            "secrecy",
            "strsim",
            "url",
            "windows_sys",
        ],
    ),
    ("proxy", &["descriptors", "store"], &["etcetera", "getrandom", "jiff", "libc", "rustix", "windows_sys"]),
    (
        "server",
        &["apart", "assist", "config_yaml", "environment", "plain", "provider", "store", "transport"],
        &[
            "jsonrpc_core",
            "litellm_ls_protocol",
            "percent_encoding",
            "ropey",
            "schemars",
            "strsim",
            "tower_lsp",
            "tower_service",
            "unicode_width",
        ],
    ),
    ("store", &["descriptors"], &["keyring", "rustix", "secrecy", "toml_edit", "windows_sys"]),
    ("transport", &["apart"], &["libc", "memchr", "rustix", "windows_sys"]),
];

/// Crates that any room may name: they are the language that all speak.
const COMMON: &[&str] = &[
    "base64",
    "bytes",
    "futures_util",
    "serde",
    "serde_json",
    "thiserror",
    "tokio",
    "tokio_util",
    "tracing",
];

/// What one file names, as paths from the crate or from another crate.
fn named(module: &[&str], text: &str) -> BTreeSet<Vec<String>> {
    let tokens = tokens(text);
    let mut found = BTreeSet::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_test(&tokens[at..]) {
            at = behind_item(&tokens, at);
            continue;
        }
        let begins = tokens[at] == "use" || is_path(&tokens, at);
        if begins {
            let from = at + usize::from(tokens[at] == "use");
            at = tree(&tokens, from, &mut Vec::new(), &mut found).max(at + 1);
        } else {
            at += 1;
        }
    }
    found.into_iter().filter_map(|path| resolved(module, path)).collect()
}

/// Words and marks, without comments, texts and letters.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(raw) = raw_text(rest) {
            raw
        } else if first == '"' {
            text_length(rest)
        } else if first == '\'' {
            letter_length(rest)
        } else if first.is_alphanumeric() || first == '_' {
            let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            tokens.push(rest[..word].to_owned());
            word
        } else {
            let mark = if rest.starts_with("::") { 2 } else { first.len_utf8() };
            if !first.is_whitespace() {
                tokens.push(rest[..mark].to_owned());
            }
            mark
        };
        rest = &rest[length..];
    }
    tokens
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

/// Reads a tree of paths, such as `crate::{a, b::{c, d}}`, and returns the place behind it.
fn tree(
    tokens: &[String],
    mut at: usize,
    before: &mut Vec<String>,
    found: &mut BTreeSet<Vec<String>>,
) -> usize {
    let depth = before.len();
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
                break;
            }
            word if word.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                before.push(word.to_owned());
                at += 1;
                if tokens.get(at).is_none_or(|token| token != "::") {
                    break;
                }
            }
            _ => break,
        }
    }
    if before.len() > depth {
        found.insert(before.clone());
    }
    before.truncate(depth);
    at
}

/// A path from the root of the crate, or from another crate; none where it is one within the file.
fn resolved(module: &[&str], path: Vec<String>) -> Option<Vec<String>> {
    let mut place: Vec<String> = module.iter().map(|&name| name.to_owned()).collect();
    let mut names = path.iter().peekable();
    match names.peek().map(|name| name.as_str()) {
        Some("crate") => {
            names.next();
            place.clear();
        }
        Some("self") => drop(names.next()),
        Some("super") => {
            while names.next_if(|name| *name == "super").is_some() {
                place.pop();
            }
        }
        Some(name) if crates().contains(name) => return Some(path),
        _ => return None,
    }
    place.extend(names.cloned());
    Some([vec!["crate".to_owned()], place].concat())
}

/// The crates that Cargo.toml names, as Rust spells them.
fn crates() -> &'static BTreeSet<String> {
    static CRATES: std::sync::LazyLock<BTreeSet<String>> = std::sync::LazyLock::new(|| {
        let text = fs::read_to_string(project().join("Cargo.toml")).expect("Cargo.toml");
        let dependencies = text.split("\n[").filter(|part| {
            let name = part.split(']').next().unwrap_or_default();
            name == "dependencies" || (name.starts_with("target.") && name.ends_with(".dependencies"))
        });
        let lines = dependencies.flat_map(|part| part.lines().skip(1));
        let names = lines.filter_map(|line| {
            line.split(['=', '.']).next().filter(|name| line.contains('=') && !name.starts_with('#'))
        });
        names.map(|name| name.trim().replace('-', "_")).collect()
    });
    &CRATES
}

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of `src`, with its module.
fn files() -> Vec<(PathBuf, Vec<String>, String)> {
    let mut files = Vec::new();
    let mut folders = vec![project().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(project().join("src")).expect("below src").with_extension("");
                let module = inside.iter().map(|name| name.to_string_lossy().into_owned()).collect();
                files.push((inside, module, fs::read_to_string(&path).expect("a text")));
            }
        }
    }
    files.sort();
    files
}

/// What is wrong with what a file names. Empty where all is well.
fn wrong(file: &str, text: &str, rooms: &BTreeMap<&str, (BTreeSet<&str>, BTreeSet<&str>)>) -> Vec<String> {
    let module: Vec<&str> = file.split('/').collect();
    let room = module[0];
    let Some((named_rooms, named_crates)) = rooms.get(room) else {
        return vec![format!("{room} is in no row")];
    };
    let complain = |path: Vec<String>| {
        let allowed = match &path[..] {
            [root] if root == "crate" => true,
            [root, other, ..] if root == "crate" => {
                other == room || !rooms.contains_key(other.as_str()) || named_rooms.contains(other.as_str())
            }
            [other, ..] => COMMON.contains(&other.as_str()) || named_crates.contains(other.as_str()),
            [] => true,
        };
        (!allowed).then(|| format!("{file} names {}", path.join("::")))
    };
    named(&module, text).into_iter().filter_map(complain).collect()
}

fn table() -> BTreeMap<&'static str, (BTreeSet<&'static str>, BTreeSet<&'static str>)> {
    let row = |(room, rooms, crates): &(&'static str, &[&'static str], &[&'static str])| {
        (*room, (rooms.iter().copied().collect(), crates.iter().copied().collect()))
    };
    ROOMS.iter().map(row).collect()
}

#[test]
fn nobody_names_what_belongs_to_another_room() {
    let table = table();
    let files = files();
    let wrong: Vec<String> = files
        .iter()
        .flat_map(|(name, _, text)| wrong(&name.to_string_lossy().replace('\\', "/"), text, &table))
        .collect();
    assert!(wrong.is_empty(), "correct the code, or the table with a reason: {wrong:#?}");
    assert!(files.len() > 100);
}

/// Whether the calls of rooms lead to the right only.
#[test]
fn rooms_name_each_other_in_no_circle() {
    let table = table();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    while done.len() < table.len() {
        let next = table
            .iter()
            .find(|(room, (names, _))| !done.contains(*room) && names.iter().all(|name| done.contains(name)));
        let left: Vec<_> = table.keys().filter(|room| !done.contains(*room)).collect();
        done.insert(next.unwrap_or_else(|| panic!("a circle among {left:?}")).0);
    }
}

/// Imports that are wrong, in every way to write them: the test must see each.
#[test]
fn wrong_imports_are_seen() {
    let table = table();
    for (file, text) in [
        ("provider/models", "use crate::server::Peer;"),
        ("provider/models", "use crate::{\n    plain,\n    server::{\n        Peer,\n    },\n};"),
        ("litellm/stream", "use {crate::provider::Error};"),
        ("litellm/stream/reader", "fn f() -> crate::provider::Error { todo() }"),
        ("litellm", "use super::provider::{self, Error as Failed};"),
        ("transport/reader", "use super::super::server::Door;"),
        (
            "assist/fit",
            "#[cfg(test)]\nmod tests { use crate::server; }\nuse litellm_ls_protocol::Model;\nuse reqwest::Client;",
        ),
        ("server/doors", "pub(crate) use reqwest as http;"),
        ("store/marks", "type X = litellm_ls_protocol::Model;"),
        ("provider", "/* one */ use /* two */ tower_lsp::{lsp_types::{Range}};"),
        ("proxy/start", "const T: char = '\"'; use crate::{r#plain, cli::output}; const U: &str = \"\";"),
        ("plain", "mod inner { use crate::assist::*; }"),
    ] {
        assert!(!wrong(file, text, &table).is_empty(), "{file}: {text}");
    }
    for (file, text) in [
        ("provider/models", "// use crate::server::Peer;\nconst X: &str = \"use crate::server::Peer;\";"),
        ("provider/models", "#[cfg(test)]\nmod tests {\n    use crate::server::Peer;\n}\n"),
        ("provider/models", "use super::{Error, catalog::{self, Catalog}};\nuse crate::plain;"),
        ("litellm/stream", "fn f<'a>(x: &'a str) -> char { 'x' }\nuse crate::litellm::Error;"),
    ] {
        assert_eq!(wrong(file, text, &table), Vec::<String>::new(), "{text}");
    }
}

/// ARCHITECTURE.md shows the table; a stale one is written anew.
#[test]
fn architecture_shows_the_table() {
    const BEGIN: &str = "<!-- borders: begin -->\n";
    const END: &str = "<!-- borders: end -->\n";
    let path = project().join("ARCHITECTURE.md");
    let page = fs::read_to_string(&path).expect("a page").replace("\r\n", "\n");
    let (before, rest) = page.split_once(BEGIN).expect("a mark");
    let (_, after) = rest.split_once(END).expect("a mark");
    let mut rows = String::from("| room | may name | and these crates |\n|---|---|---|\n");
    let list = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    for (room, rooms, crates) in ROOMS {
        rows += &format!("| `{room}` | {} | {} |\n", list(rooms), list(crates));
    }
    let whole = format!("{before}{BEGIN}{rows}{END}{after}");
    if whole != page {
        fs::write(&path, whole).expect("to write");
        panic!("ARCHITECTURE.md was stale, and is now written anew: look at it and commit it");
    }
}
