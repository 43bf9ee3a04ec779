//! What the pages for people say of the program is true.

use std::{collections::HashSet, fs, path::Path};

use litellm_ls_protocol::METHODS;

/// A file of the repository.
fn page(path: &str) -> String {
    fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).expect(path)
}

/// The text between `<!-- name` and `<!-- /name -->`.
fn marked<'a>(page: &'a str, name: &str) -> &'a str {
    let (_, from) = page.split_once(&format!("<!-- {name}")).expect("a mark");
    from.split_once(&format!("<!-- /{name} -->")).expect("a mark's end").0
}

#[test]
fn the_readme_names_every_method() {
    let readme = page("README.md");
    let rows = marked(&readme, "methods").lines().filter_map(|line| line.strip_prefix("| `"));
    let named: Vec<&str> = rows.filter_map(|row| Some(row.split_once('`')?.0)).collect();
    let there: Vec<&str> = METHODS.iter().map(|method| method.method).collect();
    assert_eq!(named, there);
}

/// Every page for people.
const PAGES: [&str; 6] = [
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "docs/team.md",
    "editors/README.md",
    "protocol/PROTOCOL.md",
];

#[test]
fn every_link_leads_somewhere() {
    let mut broken = Vec::new();
    for name in PAGES {
        for link in links(&page(name)) {
            let (file, heading) = link.split_once('#').unwrap_or((&link, ""));
            let folder = Path::new(name).parent().expect("a folder");
            let target = if file.is_empty() { name.into() } else { folder.join(file) };
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&target);
            let there = path.exists()
                && (heading.is_empty()
                    || headings(&fs::read_to_string(path).expect("text")).contains(heading));
            if !there {
                broken.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// Where the links of a page lead, as far as they stay in the repository.
fn links(page: &str) -> Vec<String> {
    let targets = page.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
    targets.filter(|target| !target.contains("://")).map(str::to_owned).collect()
}

/// The anchors of a page's headings, as GitHub makes them.
fn headings(page: &str) -> HashSet<String> {
    let titles = page.lines().filter(|line| line.starts_with('#'));
    let anchor = |title: &str| {
        let kept = title.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        kept.chars().filter(|letter| letter.is_alphanumeric() || "-_".contains(*letter)).collect()
    };
    titles.map(anchor).collect()
}

#[test]
fn links_and_headings_are_found() {
    assert_eq!(links("[a](b.md#c) ![d](e.svg) [f](https://g) [`h`](#i)"), ["b.md#c", "e.svg", "#i"]);
    assert_eq!(headings("#### `provider/listModels`\ntext\n## 30 seconds"), {
        ["providerlistmodels", "30-seconds"].map(str::to_owned).into()
    });
}
