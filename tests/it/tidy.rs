//! The rules of the house that a program can check.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Which rooms may name a crate or another room. A room is a file or folder right below `src`.
const BORDERS: &[(&str, &[&str])] = &[
    ("reqwest::", &["litellm"]),
    ("lsp_types::", &["server"]),
    ("tower_lsp", &["server"]),
    ("jsonrpc_core", &["server"]),
    ("toml_edit", &["store"]),
    ("line_index", &["server"]),
    ("keyring::", &["store"]),
    ("rpassword::", &["cli"]),
    ("clap::", &["cli"]),
    ("rustyline::", &["cli"]),
    ("crate::cli", &["main", "cli"]),
    ("crate::server", &["server", "cli", "lib"]),
    ("crate::assist", &["assist", "server", "cli"]),
    ("crate::provider", &["provider", "server", "cli"]),
    ("crate::transport", &["server", "cli", "lib"]),
    ("crate::config_yaml", &["config_yaml", "server", "cli"]),
];

/// What no file of ours may hold, in pieces so that this one does not.
const FORBIDDEN: &[[&str; 2]] = &[
    ["#[ig", "nore]"],
    ["todo", "!("],
    ["/ro", "ot/"],
    ["/wo", "rk/main"],
    ["registry.npm", "js"],
    ["files.python", "hosted"],
    ["crates.io/", "api"],
];

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file that is in the repository and is text.
fn texts() -> impl Iterator<Item = (PathBuf, String)> {
    let list = Command::new("git").args(["ls-files", "-z"]).current_dir(project()).output().expect("git");
    assert!(list.status.success(), "git lists the files of the project");
    let names = String::from_utf8(list.stdout).expect("names in UTF-8");
    let names: Vec<PathBuf> = names.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from).collect();
    // A file that was removed and not yet committed is listed still.
    names.into_iter().filter_map(|name| Some((name.clone(), fs::read_to_string(project().join(name)).ok()?)))
}

fn sources() -> impl Iterator<Item = (PathBuf, String)> {
    texts().filter(|(name, _)| name.extension().is_some_and(|extension| extension == "rs"))
}

#[test]
fn nobody_names_what_belongs_to_another_room() {
    for (name, text) in sources() {
        let Ok(inside) = name.strip_prefix("src") else { continue };
        let room = inside.components().next().expect("a room").as_os_str().to_string_lossy();
        let room = room.trim_end_matches(".rs");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for (what, rooms) in BORDERS {
            let names = code.iter().any(|line| line.contains(what));
            assert!(!names || rooms.contains(&room), "{} names {what}", name.display());
        }
    }
}

#[test]
fn every_source_says_first_what_it_is() {
    for (name, text) in sources() {
        assert!(text.starts_with("//! "), "{} begins with no `//!` sentence", name.display());
    }
}

#[test]
fn a_methods_name_is_written_once() {
    for (name, text) in sources().filter(|(name, _)| name.starts_with("src")) {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        assert!(!code.contains("\"provider/"), "{} writes the name of a method", name.display());
    }
}

#[test]
fn no_file_holds_what_must_not_be_there() {
    for (name, text) in texts() {
        for forbidden in FORBIDDEN {
            assert!(!text.contains(&forbidden.concat()), "{} holds {}", name.display(), forbidden.concat());
        }
        let prose = name
            .extension()
            .is_some_and(|extension| ["rs", "ts", "lua", "toml"].iter().any(|kind| extension == *kind));
        let blank = text.lines().position(|line| line.ends_with([' ', '\t']));
        assert!(!prose || blank.is_none(), "{}:{} ends with a blank", name.display(), blank.unwrap_or(0) + 1);
    }
}

/// What people are shown leaves through these files alone, which make it plain.
#[test]
fn what_an_editor_shows_leaves_by_one_way() {
    let ways: &[(&str, &[&str])] = &[
        ("window/showMessage\"", &["src/server.rs"]),
        (
            "window/showMessageRequest",
            &["src/server/commands/use_model.rs", "src/server/pushed.rs", "src/server/secret_files.rs"],
        ),
        ("window/showDocument", &["src/server/pages.rs"]),
        ("window/workDoneProgress/create", &["src/server/progress.rs"]),
        ("stdout().lock", &["src/cli/output.rs"]),
        ("write_page(", &["src/server/pages.rs", "src/store/pages.rs"]),
    ];
    for (name, text) in sources().filter(|(name, _)| name.starts_with("src")) {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (what, files) in ways {
            let is_way = files.iter().any(|file| name == Path::new(file));
            assert!(
                is_way || !code.contains(what),
                "{} has {what}: make it go through {files:?}",
                name.display()
            );
        }
    }
}
