//! One version everywhere, which `scripts/set_version.py` sets.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Runs the script of a copy of the project.
fn set_version(root: &Path, argument: &str) -> Output {
    Command::new("python3").arg(root.join("scripts/set_version.py")).arg(argument).output().expect("python3")
}

/// The files that have the version.
fn files() -> Vec<String> {
    let list = String::from_utf8(set_version(Path::new(ROOT), "--list").stdout).expect("names in UTF-8");
    list.lines().map(str::to_owned).collect()
}

/// A copy of what the script reads and writes.
fn copy() -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    for file in files().iter().map(String::as_str).chain(["CHANGELOG.md", "scripts/set_version.py"]) {
        let to = copy.path().join(file);
        fs::create_dir_all(to.parent().expect("a folder")).expect("to make a folder");
        fs::copy(Path::new(ROOT).join(file), to).expect(file);
    }
    copy
}

#[test]
#[cfg_attr(wine, ignore = "Wine has no Python")]
fn all_have_the_version_of_the_program() {
    let checked = set_version(Path::new(ROOT), "--check");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
#[cfg_attr(wine, ignore = "Wine has no Python")]
fn a_version_is_set_everywhere_and_nothing_else_is_changed() {
    let copy = copy();
    let set = set_version(copy.path(), "9.8.7");
    assert!(set.status.success(), "{}", String::from_utf8_lossy(&set.stderr));
    assert!(set_version(copy.path(), "--check").status.success());
    for file in files() {
        let (before, after) = (Path::new(ROOT).join(&file), copy.path().join(&file));
        let [before, after] = [before, after].map(|path| fs::read_to_string(path).expect("a text"));
        let changed = before.lines().zip(after.lines()).filter(|(before, after)| before != after);
        assert_eq!(before.lines().count(), after.lines().count(), "{file}");
        assert!(changed.clone().count() > 0, "{file}");
        for (before, after) in changed {
            assert_eq!(before.replacen(VERSION, "9.8.7", 1), after, "{file}");
        }
    }
    let changelog = fs::read_to_string(copy.path().join("CHANGELOG.md")).expect("the changelog");
    assert!(changelog.contains("\n## [Unreleased]\n\n## [9.8.7] - 20"), "{}", &changelog[..500]);
}

#[test]
#[cfg_attr(wine, ignore = "Wine has no Python")]
fn a_file_with_another_version_is_named() {
    for file in files() {
        let copy = copy();
        let path = copy.path().join(&file);
        let text = fs::read_to_string(&path).expect("a text");
        fs::write(&path, text.replace(VERSION, "9.8.7")).expect("to write");
        let checked = set_version(copy.path(), "--check");
        let said = String::from_utf8_lossy(&checked.stderr).into_owned();
        assert!(!checked.status.success() && said.contains(&file), "{file}: {said}");
    }
}

/// A file that says a version of ours, and that the script does not know, would stay behind.
#[test]
#[cfg_attr(wine, ignore = "Wine has no git")]
fn no_file_beside_those_has_the_version() {
    let found = Command::new("git")
        .args(["grep", "-lIE", &format!("[Vv]ersion\\W+{}", VERSION.replace('.', "\\."))])
        // Other things have versions too.
        .args(["--", ":!*.lock", ":!*package-lock.json", ":!tests/", ":!protocol/examples/complete.*"])
        .current_dir(ROOT)
        .output()
        .expect("git");
    let known = files();
    let names = String::from_utf8(found.stdout).expect("names in UTF-8");
    let others: Vec<&str> = names.lines().filter(|name| !known.iter().any(|file| file == name)).collect();
    assert!(names.lines().count() > 5, "{names}");
    assert!(others.is_empty(), "{others:?}: name them in PLACES of scripts/set_version.py");
}
