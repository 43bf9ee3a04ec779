//! What the pages for people say of the program is true.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use litellm_ls::{Environment, provider::Settings};
use litellm_ls_protocol::{METHODS, Problem};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The text of a page, by its path from the root.
pub(crate) fn page(path: impl AsRef<Path>) -> String {
    let path = Path::new(ROOT).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every page in a folder and those below it.
pub(crate) fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() && !name.starts_with('.') && !["target", "node_modules"].contains(&name) {
            pages.extend(self::pages(&path));
        } else if name.ends_with(".md") {
            pages.push(path);
        }
    }
    pages
}

/// What stands between a beginning and an end, each time.
pub(crate) fn between<'a>(page: &'a str, begin: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    page.split(begin).skip(1).filter_map(move |rest| Some(rest.split_once(end)?.0))
}

#[test]
fn the_readme_names_every_method() {
    let readme = page("README.md");
    let table = between(&readme, "<!-- methods", "<!-- /methods -->").next().expect("a table between marks");
    let named: Vec<&str> = between(table, "\n| `", "`").collect();
    let there: Vec<&str> = METHODS.iter().map(|method| method.method).collect();
    assert_eq!(named, there);
}

/// The systems that the program is checked for here, by the host, and as RELEASE.md tells.
#[test]
fn the_targets_are_the_same_wherever_they_are_named() {
    let [here, host, told] = [
        ("scripts/cross", "\nwindows=", "\n# "),
        (".github/workflows/ci.yml", "        target:\n", "    runs-on"),
        ("RELEASE.md", "\n## Other systems\n", "\n## "),
    ]
    .map(|(file, begin, end)| {
        let text = page(file);
        let named = between(&text, begin, end).next().expect("a list of targets");
        let words = named.split(|letter: char| !(letter.is_ascii_alphanumeric() || "_-".contains(letter)));
        let is_target = |word: &&str| ["x86_64-", "aarch64-"].iter().any(|begin| word.starts_with(begin));
        words.filter(is_target).map(str::to_owned).collect::<BTreeSet<_>>()
    });
    assert!(here.contains("x86_64-pc-windows-gnu"), "{here:?}");
    assert_eq!((&here, &here), (&host, &told));
}

#[test]
fn every_link_leads_somewhere() {
    let (mut seen, mut broken) = (0, Vec::new());
    for from in pages(Path::new(ROOT)) {
        let text = page(&from);
        for link in between(&text, "](", ")").filter(|link| !link.contains("://")) {
            seen += 1;
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let to = if file.is_empty() { from.clone() } else { from.with_file_name(file) };
            if !to.exists() || !heading.is_empty() && !anchors(&page(to)).contains(heading) {
                broken.push(format!("{}: {link}", from.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(seen > 0, "no link was looked at");
}

/// The pictures of `docs`, those that the scripts make, and those that pages show are the same.
#[test]
fn every_picture_is_made_by_a_script_and_shown_on_a_page() {
    let is_picture = |name: &String| name.ends_with(".png") || name.ends_with(".svg");
    let there: BTreeSet<String> = fs::read_dir(Path::new(ROOT).join("docs"))
        .expect("a folder")
        .filter_map(|entry| entry.expect("an entry").file_name().into_string().ok())
        .filter(is_picture)
        .collect();
    let drawn = page("docs/record.py");
    let taken = page("tests/editors/vscode/pictures.mjs");
    let made: BTreeSet<String> = between(&taken, "picture(\"", "\")")
        .map(|name| format!("{name}.png"))
        .chain(drawn.split('"').map(str::to_owned).filter(is_picture))
        .collect();
    assert_eq!(there, made, "what is there, and what the scripts make");
    let shown: BTreeSet<String> = pages(Path::new(ROOT))
        .iter()
        .flat_map(|path| {
            let page = page(path);
            between(&page, "![", "\n")
                .filter_map(|line| Some(line.split_once("](")?.1.to_owned()))
                .collect::<Vec<_>>()
        })
        .filter_map(|link| link.split([')', '/']).find(|part| there.contains(*part)).map(str::to_owned))
        .collect();
    assert_eq!(there, shown, "what is there, and what pages show");
}

/// The anchors of a page's headings, as GitHub makes them.
pub(crate) fn anchors(page: &str) -> HashSet<String> {
    let titles = page.lines().filter(|line| line.starts_with('#'));
    let anchor = |title: &str| {
        let kept = title.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        kept.chars().filter(|letter| letter.is_alphanumeric() || "-_".contains(*letter)).collect()
    };
    titles.map(anchor).collect()
}

#[test]
fn an_anchor_is_made_of_a_title() {
    let made = anchors("#### `provider/listModels`\ntext\n## 30 seconds");
    assert_eq!(made, ["providerlistmodels", "30-seconds"].map(str::to_owned).into());
}

#[test]
fn every_settings_file_that_is_shown_can_be_used() {
    for name in ["docs/settings.md", "docs/team.md"] {
        let text = page(name);
        let shown: Vec<&str> =
            between(&text, "```toml\n", "```").filter(|block| block.contains("[profiles.")).collect();
        assert!(!shown.is_empty(), "{name} shows none");
        for settings in shown {
            let folder = tempfile::tempdir().expect("a folder");
            fs::write(folder.path().join("settings.toml"), settings).expect("to write");
            let folder = folder.path().to_owned();
            let settings = Settings::new(Environment::new(HashMap::new(), Some(folder)));
            // The variables and files that it refers to are not on this machine.
            let elsewhere = [".apiKey", ".caFile"];
            let wrong = |problem: &Problem| !elsewhere.iter().any(|end| problem.path.ends_with(end));
            let problems: Vec<_> = settings.problems().filter(wrong).collect();
            assert!(problems.is_empty(), "{name}: {problems:#?}");
            assert!(!settings.list().profiles.is_empty(), "{name}");
        }
    }
}

/// What must be alike in a page and its translation: the depth of its headings, what stands in fences, links and code
/// within lines, and the first cell of each row of a table.
fn skeleton(page: &str) -> Vec<String> {
    let mut skeleton = Vec::new();
    let mut in_fence = false;
    for line in page.lines() {
        let is_fence = line.starts_with("```");
        in_fence ^= is_fence;
        if is_fence || in_fence {
            skeleton.push(line.to_owned());
            continue;
        }
        if line.starts_with('#') {
            skeleton.push(line.chars().take_while(|letter| *letter == '#').collect());
        }
        if line.starts_with('|') {
            skeleton.push(format!("a row of {} cells", line.replace("\\|", "").matches('|').count() - 1));
        }
        // A language has its own order of words.
        let mut named: Vec<String> = between(line, "](", ")").map(str::to_owned).collect();
        named.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        named.sort();
        skeleton.extend(named);
    }
    skeleton
}

/// A translated page and its original, from the root: the translation of README.md stands beside it.
fn translations() -> Vec<(String, String)> {
    let folder = fs::read_dir(Path::new(ROOT).join("docs/zh-CN")).expect("a folder");
    let names = folder.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"));
    let pages = names.filter(|name| name != "index.md");
    let pages = pages.map(|name| (format!("docs/{name}"), format!("docs/zh-CN/{name}")));
    pages.chain([("README.md".to_owned(), "README.zh-CN.md".to_owned())]).collect()
}

#[test]
fn each_chinese_page_says_what_its_original_says() {
    let translations = translations();
    assert!(translations.len() > 3, "{translations:?}");
    for (original, translated) in translations {
        // Each leads to pages of its own language, and a translated page lies one folder deeper.
        let text = page(&translated);
        let text = match translated.starts_with("docs/") {
            true => text.replace("](../", "]("),
            false => text.replace("](docs/zh-CN/", "](docs/"),
        };
        let (one, other) = (skeleton(&page(&original)), skeleton(&text));
        let differs = one.iter().zip(&other).find(|(one, other)| one != other);
        assert_eq!(differs, None, "{translated} (right) goes its own way here");
        assert_eq!(one.len(), other.len(), "{translated}");
        assert!(one.len() > 15, "{original}: {}", one.len());
    }
}

#[test]
fn a_skeleton_sees_what_is_left_out() {
    let whole = skeleton("# One\n\n| a | b |\n|---|---|\n| `x` | [y](z) |\n\n```sh\nrun\n```\n");
    for part in ["# One", "| `x` | [y](z) |", "run", "(z)"] {
        let less = "# One\n\n| a | b |\n|---|---|\n| `x` | [y](z) |\n\n```sh\nrun\n```\n".replace(part, "");
        assert_ne!(skeleton(&less), whole, "{part}");
    }
}
