//! Which files a text tells the content of: it may be a diff, or have one in it, in whatever language, indented or quoted.

use std::{borrow::Cow, collections::HashSet};

/// What may stand before a line of a diff that is quoted, indented, in a comment or in another diff.
const QUOTES: &str = " \t>|#*+-/;:%!'\"`";
/// What a file is named behind, whatever comes next.
const NAMES: [&str; 8] = [
    "diff --git ",
    "diff --cc ",
    "diff --combined ",
    "=== modified file ",
    "=== added file ",
    "*** Update File: ",
    "*** Add File: ",
    "*** Delete File: ",
];

/// What stands in every text that tells of files; few others are looked through line by line.
const MARKS: [&str; 7] = ["diff ", "=== ", "*** ", "==> ", "--- ", "Index: ", "@@"];

/// Longest name of a file, in bytes: no system has longer ones.
const LONGEST: usize = 4096;

/// The files that diffs in a text name, and those whose texts stand in it under their names; each once.
pub fn files_told(text: &str) -> Vec<String> {
    if !MARKS.iter().any(|mark| text.contains(mark)) {
        return Vec::new();
    }
    let mut files = Told::default();
    let mut before = Cow::Borrowed("");
    for line in text.split(['\n', '\r']).filter(|line| !line.is_empty()) {
        let line = uncoloured(line);
        let named = NAMES.iter().find_map(|mark| behind(&line, mark));
        files.extend(named.into_iter().flat_map(str::split_whitespace).map(plain));
        if let Some(shown) = behind(&line, "==> ").and_then(|name| name.trim_end().strip_suffix(" <==")) {
            files.extend([plain(shown)]);
        }
        // A file has two lines at the beginning of its changes.
        for (first, second) in [("--- ", "+++ "), ("*** ", "--- ")] {
            if let (Some(old), Some(new)) = (behind(&before, first), behind(&line, second)) {
                files.extend([old, new].map(before_time));
            }
        }
        if line.contains("====")
            && let Some(name) = behind(&before, "Index: ")
        {
            files.extend([before_time(name)]);
        }
        // What goes by a command alone, and what editors show in the place of it: `modified   .env`.
        let is_change = is_change(&line);
        let heads = is_change && behind(&before, "diff ").is_some()
            || line.starts_with("@@")
                && before.starts_with(|letter: char| letter.is_alphanumeric() || letter == '=');
        if heads {
            files.extend(before.split_whitespace().map(plain));
        }
        before = line;
    }
    files.names
}

/// Names, each once, in their order.
#[derive(Default)]
struct Told {
    names: Vec<String>,
    known: HashSet<String>,
}

impl Told {
    fn extend(&mut self, names: impl IntoIterator<Item = String>) {
        for name in names {
            if name.len() <= LONGEST && self.known.insert(name.clone()) {
                self.names.push(name);
            }
        }
    }
}

/// What stands behind a mark, where nothing but quotes stands before it.
fn behind<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    let quotes = line.len() - line.trim_start_matches(|letter| QUOTES.contains(letter)).len();
    // The first one decides: what stands before it stands before all others.
    let at = line.find(mark).filter(|at| *at <= quotes)?;
    Some(&line[at + mark.len()..])
}

/// A name without what tells the time behind it.
fn before_time(name: &str) -> String {
    plain(name.split('\t').next().unwrap_or_default())
}

fn plain(name: &str) -> String {
    name.trim().trim_matches(['"', '\'']).to_owned()
}

/// Whether a line says which lines change, as `diff` has it by itself: `1,2c3`.
fn is_change(line: &str) -> bool {
    let line = line.trim_start_matches(|letter| QUOTES.contains(letter));
    let is_lines = |lines: &str| {
        lines.starts_with(|c: char| c.is_ascii_digit())
            && lines.bytes().all(|b| b.is_ascii_digit() || b == b',')
    };
    line.split_once(['a', 'c', 'd']).is_some_and(|(old, new)| is_lines(old) && is_lines(new))
}

/// A line without the colours of a terminal.
fn uncoloured(line: &str) -> Cow<'_, str> {
    if !line.contains('\u{1b}') {
        return line.into();
    }
    let mut pieces = line.split("\u{1b}[");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        plain.push_str(
            piece.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').trim_start_matches(['m', 'K']),
        );
    }
    plain.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way that the file is told in.
    const WAYS: [&str; 16] = [
        "diff --git a/{F} b/{F}\nindex 1..2 100644\n--- a/{F}\n+++ b/{F}\n@@ -1 +1 @@\n-A=1\n+A=2\n",
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-x\ndiff --git a/{F} b/{F}\nnew file mode 100644\n",
        "--- /dev/null\n+++ b/{F}\n@@ -0,0 +1 @@\n+A=1\n",
        "--- a/{F}\n+++ /dev/null\n@@ -1 +0,0 @@\n-A=1\n",
        "--- {F}\t2026-11-26 10:00:00.0 +0000\n+++ {F}.new\t2026-11-26 10:00:01.0 +0000\n@@ -1 +1 @@\n",
        "*** {F}\tThu Nov 26\n--- {F}\tThu Nov 26\n***************\n*** 1 ****\n! A=1\n",
        "Index: {F}\n===================================================================\n",
        "diff {F} G\n1c1\n< A=1\n---\n> A=2\n",
        "diff -r 1 {F}\n--- a/{F}\tThu Jan 01\n+++ b/{F}\tThu\n@@ -1 +1 @@\n",
        "diff --cc {F}\nindex 1,2..3\n--- a/{F}\n+++ b/{F}\n@@@ -1 -1 +1 @@@\n",
        "modified   {F}\n@@ -1 +1 @@\n-A=1\n+A=2\n",
        "Unstaged (1)\nM {F}\n@@ -1 +1 @@\n-A=1\n+A=2\n",
        "==== //depot/{F}#1 - /w/{F} ====\n@@ -1 +1 @@\n",
        "=== modified file '{F}'\n--- {F}\t2026\n+++ {F}\t2026\n",
        "*** Begin Patch\n*** Update File: {F}\n@@\n-A=1\n+A=2\n",
        "==> {F} <==\nA=1\n",
    ];

    #[test]
    fn the_files_of_diffs_are_known_however_they_are_quoted() {
        for way in WAYS {
            let told =
                |text: &str| files_told(text).iter().any(|file| file.rsplit('/').any(|name| name == ".env"));
            let text = way.replace("{F}", ".env");
            assert!(told(&text), "{text}");
            assert!(told(&text.replace('\n', "\r\n")) && told(&text.replace('\n', "\r")), "{text}");
            assert!(!told(&way.replace("{F}", "main.rs")), "{way}");
            if text.starts_with(['m', 'U']) || text.starts_with("====") {
                continue;
            }
            for quote in
                ["    ", "\t", "> ", "> > ", ">> ", "# ", "// ", "| ", "+", "-", " ", "\u{1b}[1m", "- "]
            {
                let quoted: String = text.lines().map(|line| format!("{quote}{line}\n")).collect();
                assert!(told(&quoted), "{quoted}");
            }
        }
    }

    #[test]
    fn a_file_is_told_once_however_often_it_is_named() {
        for way in WAYS {
            let once = way.replace("{F}", ".env");
            let many = once.repeat(50);
            // Where one ends another may begin.
            let [twice, many] = [once.repeat(2), many].map(|text| files_told(&text));
            assert_eq!(many, twice, "{once}");
        }
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(files_told(&format!("diff --git a/{long} b/.env\n")), ["b/.env"]);
    }

    #[test]
    fn what_is_no_diff_names_no_file() {
        for text in [
            "",
            "--- Reads the server.key\nlocal x = 1\n",
            "--- a/.env\ntext\n+++ b/.env\n",
            "diff .env .env.local\n",
            "*** .env\n",
            "Index: .env\n",
            "Only in a: .env\n",
            "+A=.env\n@@ -1 +1 @@\n",
            "modified .env\n",
            "# ==> .env\n",
        ] {
            assert_eq!(files_told(text), [""; 0], "{text}");
        }
    }
}
