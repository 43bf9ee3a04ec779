//! The rules of the house that a program can check.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

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
#[cfg_attr(wine, ignore = "Wine has no git")]
fn every_source_says_first_what_it_is() {
    for (name, text) in sources() {
        assert!(text.starts_with("//! "), "{} begins with no `//!` sentence", name.display());
    }
}

#[test]
#[cfg_attr(wine, ignore = "Wine has no git")]
fn a_methods_name_is_written_once() {
    for (name, text) in sources().filter(|(name, _)| name.starts_with("src")) {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for names in ["\"provider/", "\"proxy/"] {
            let of_web = name.starts_with("src/config_yaml");
            assert!(of_web || !code.contains(names), "{} writes the name of a method", name.display());
        }
    }
}

#[test]
#[cfg_attr(wine, ignore = "Wine has no git")]
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
#[cfg_attr(wine, ignore = "Wine has no git")]
fn what_an_editor_shows_leaves_by_one_way() {
    let ways: &[(&str, &[&str])] = &[
        ("window/showMessage\"", &["src/server/peer.rs", "src/daemon/journal.rs"]),
        ("window/showMessageRequest", &["src/server/peer.rs"]),
        ("window/showDocument", &["src/server/pages.rs"]),
        ("window/workDoneProgress/create", &["src/server/progress.rs"]),
        ("stdout().lock", &["src/cli/output/stdout.rs"]),
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

/// The number of a rule, such as `D20`, at the beginning of a text.
fn rule(text: &str) -> Option<&str> {
    let letter = text.starts_with(['D', 'R', 'S', 'A']);
    let digits = text.get(1..)?.bytes().take_while(u8::is_ascii_digit).count();
    (letter && (1..=2).contains(&digits)).then(|| &text[..=digits])
}

/// A comment that cites a rule by its number leads somewhere: docs/rules.md has a row of it.
#[test]
#[cfg_attr(wine, ignore = "Wine has no git")]
fn each_rule_that_is_cited_is_told() {
    let rules = fs::read_to_string(project().join("docs/rules.md")).expect("the rules");
    let rows = rules.lines().filter_map(|line| line.strip_prefix("| "));
    let told: Vec<&str> =
        rows.filter_map(|row| row.split(" |").next()).flat_map(|cell| cell.split(", ")).collect();
    let mut cited = 0;
    for (name, text) in sources() {
        for comment in text.lines().filter_map(|line| line.split_once("//").map(|(_, comment)| comment)) {
            let words = comment.split(|letter: char| !letter.is_ascii_alphanumeric());
            for number in words.filter(|word| rule(word) == Some(word)) {
                assert!(
                    told.contains(&number),
                    "{} cites {number}: docs/rules.md has no row of it",
                    name.display()
                );
                cited += 1;
            }
        }
    }
    assert!(cited > 50, "{cited}");
}
