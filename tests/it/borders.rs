//! Who may name whom: the whole table of rooms, our crate for the wire, and crates of others.
//!
//! The test reads every file of `src` as tokens, expands its `use` trees, resolves `self` and `super`, and refuses what the
//! table does not allow.

mod circles;
pub(crate) mod names;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use names::Names;

/// A room is a file or folder right below `src`: which rooms it names, and which crates beside those that all may.
const ROOMS: &[(&str, &[&str], &[&str])] = &[
    ("off_thread", &[], &[]),
    ("assist", &["config_yaml"], &["litellm_ls_protocol", "regex_lite", "toml_edit"]),
    (
        "cli",
        &[
            "assist",
            "config_yaml",
            "daemon",
            "descriptors",
            "disclosure",
            "environment",
            "figures",
            "language",
            "masking",
            "memory",
            "plain",
            "provider",
            "proxy",
            "server",
            "signals",
            "store",
            "supervise",
            "transport",
        ],
        &[
            "anyhow",
            "clap",
            "clap_complete",
            "jiff",
            "libc",
            "litellm_ls_protocol",
            "regex_lite",
            "rpassword",
            "rustix",
            "rustyline",
            "secrecy",
            "terminal_size",
            "toml_edit",
            "unicode_width",
            "url",
        ],
    ),
    ("config_yaml", &["figures", "litellm", "masking", "near", "newness", "plain"], &["memchr"]),
    (
        "daemon",
        &[
            "descriptors",
            "environment",
            "language",
            "lock",
            "memory",
            "numbers",
            "off_thread",
            "server",
            "store",
            "transport",
        ],
        &["getrandom", "interprocess", "litellm_ls_protocol", "rustix", "widestring", "windows_sys"],
    ),
    ("descriptors", &[], &["libc", "rustix"]),
    ("disclosure", &["assist", "config_yaml", "lock", "provider", "store"], &[]),
    ("environment", &["language", "proxy", "store", "surroundings"], &["etcetera"]),
    ("figures", &[], &[]),
    ("language", &[], &["unicode_width"]),
    ("lib", &[], &[]),
    (
        "litellm",
        &["off_thread", "descriptors", "masking", "plain", "values"],
        &[
            "flate2",
            "h2",
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
    ("lock", &[], &[]),
    ("log", &[], &[]),
    ("main", &[], &["tracing_subscriber"]),
    ("masking", &["plain"], &["percent_encoding"]),
    ("memory", &[], &["libc", "rustix", "windows_sys"]),
    ("near", &[], &["strsim"]),
    ("newness", &[], &[]),
    ("numbers", &[], &[]),
    ("plain", &[], &["unicode_width"]),
    (
        "provider",
        &[
            "off_thread",
            "descriptors",
            "environment",
            "figures",
            "language",
            "litellm",
            "lock",
            "masking",
            "near",
            "newness",
            "numbers",
            "plain",
            "proxy",
            "store",
            "surroundings",
        ],
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
    (
        "proxy",
        &["descriptors", "masking", "store", "surroundings"],
        &["etcetera", "getrandom", "jiff", "libc", "rustix", "windows_sys"],
    ),
    (
        "server",
        &[
            "off_thread",
            "assist",
            "config_yaml",
            "disclosure",
            "environment",
            "figures",
            "language",
            "lock",
            "masking",
            "memory",
            "near",
            "numbers",
            "plain",
            "provider",
            "proxy",
            "store",
            "supervise",
            "transport",
        ],
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
    (
        "store",
        &["descriptors", "lock"],
        &["jiff", "keyring", "rusqlite", "rustix", "secrecy", "toml_edit", "windows_sys"],
    ),
    ("signals", &[], &["libc"]),
    ("supervise", &["config_yaml", "environment", "proxy"], &[]),
    ("surroundings", &[], &[]),
    (
        "transport",
        &["off_thread", "lock", "masking", "memory", "numbers", "signals", "values"],
        &["libc", "memchr", "rustix", "windows_sys"],
    ),
    ("values", &[], &["memchr"]),
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
    let Names { imports, paths } = Names::of(text);
    let imported = imports.into_iter().map(|import| import.path);
    imported.chain(paths).filter_map(|path| resolved(module, path)).collect()
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

/// Every file of `src` by its path without its ending, such as `server/doors`.
fn files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![project().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(project().join("src")).expect("below src").with_extension("");
                let name = inside.to_string_lossy().replace('\\', "/");
                files.insert(name, fs::read_to_string(&path).expect("a text"));
            }
        }
    }
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
    let wrong: Vec<String> = files.iter().flat_map(|(name, text)| wrong(name, text, &table)).collect();
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
