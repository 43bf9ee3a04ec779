//! The book in `docs`: its pages, what they include, where links lead, and whether what they cite is so.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use super::docs::{anchors, between, page, pages};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The pages that the summary names, by their paths in `docs`.
fn chapters() -> Vec<String> {
    between(&page("docs/SUMMARY.md"), "](", ")").map(str::to_owned).collect()
}

#[test]
fn every_page_is_in_the_summary_once() {
    let docs = Path::new(ROOT).join("docs");
    let there: BTreeSet<String> = pages(&docs)
        .iter()
        .map(|page| page.strip_prefix(&docs).unwrap().to_str().unwrap().replace('\\', "/"))
        .filter(|page| page != "SUMMARY.md")
        .collect();
    let named = chapters();
    assert_eq!(there, named.iter().cloned().collect(), "what is there, and what the summary names");
    assert_eq!(there.len(), named.len(), "named twice: {named:?}");
}

/// A page is a text of its own, or that of a file that is the truth elsewhere: nothing between.
#[test]
fn a_page_includes_a_whole_file_or_nothing() {
    let mut included = 0;
    for chapter in chapters() {
        let text = page(Path::new("docs").join(&chapter));
        if !text.contains("{{#") {
            continue;
        }
        let file = text.trim().strip_prefix("{{#include ").and_then(|rest| rest.strip_suffix("}}"));
        let file = file.unwrap_or_else(|| panic!("{chapter} is more than one include: {text}"));
        assert!(
            Path::new(ROOT).join("docs").join(&chapter).with_file_name(file).is_file(),
            "{chapter}: {file}"
        );
        included += 1;
    }
    assert!(included > 10, "{included}");
}

/// What mdBook gives a preprocessor: all chapters, one in another as the summary has them, or beside each other.
fn given(repository: Option<&str>) -> Value {
    let chapter = |path: &String| {
        json!({"Chapter": {
            "name": path, "content": page(Path::new("docs").join(path)), "number": null, "sub_items": [],
            "path": path, "source_path": path, "parent_names": [],
        }})
    };
    let mut items: Vec<Value> = chapters().iter().map(chapter).collect();
    let inner = items.pop().unwrap();
    items.last_mut().unwrap()["Chapter"]["sub_items"] = json!([inner]);
    items.push(json!("Separator"));
    let html = repository.map_or_else(|| json!({}), |url| json!({"git-repository-url": url}));
    json!([{"config": {"output": {"html": html}}}, {"items": items}])
}

/// The pages as the book has them, by their paths.
fn built(repository: Option<&str>) -> BTreeMap<String, String> {
    let python = if cfg!(windows) { "python" } else { "python3" };
    let mut command = Command::new(python);
    command.arg("pages.py").current_dir(Path::new(ROOT).join("docs"));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Python");
    let given = given(repository).to_string();
    child.stdin.take().unwrap().write_all(given.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let mut pages = BTreeMap::new();
    let mut items = vec![serde_json::from_slice::<Value>(&output.stdout).unwrap()["items"].take()];
    while let Some(list) = items.pop() {
        for chapter in list.as_array().unwrap().iter().filter_map(|item| item.get("Chapter")) {
            let text = |member: &str| chapter[member].as_str().unwrap().to_owned();
            pages.insert(text("path"), text("content"));
            items.push(chapter["sub_items"].clone());
        }
    }
    pages
}

/// A path without `..`, as the file system is not asked for it.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut whole, part| {
        match part.as_os_str() == ".." {
            true => assert!(whole.pop(), "{} leads out of the book", path.display()),
            false => whole.push(part),
        }
        whole
    })
}

#[test]
#[cfg_attr(wine, ignore = "Wine has no Python")]
fn every_link_of_the_book_leads_somewhere() {
    const REPOSITORY: &str = "https://git.example.com/litellm-ls";
    let book = built(Some(REPOSITORY));
    assert_eq!(book.len(), chapters().len());
    let (mut in_book, mut in_repository, mut broken) = (0, 0, Vec::new());
    for (path, text) in &book {
        assert!(!text.contains("{{#") && text.starts_with('#'), "{path} is not whole: {text}");
        for link in between(text, "](", ")").filter(|link| !link.contains(' ')) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let is_there = if let Some(file) = file.strip_prefix(REPOSITORY) {
                in_repository += 1;
                Path::new(ROOT).join(file.strip_prefix("/blob/main/").unwrap()).exists()
            } else if file.contains("://") {
                true
            } else {
                in_book += 1;
                let to = plain(&Path::new(path).with_file_name(file));
                let to = if file.is_empty() { path.clone() } else { to.to_str().unwrap().replace('\\', "/") };
                match book.get(&to) {
                    Some(text) => heading.is_empty() || anchors(text).contains(heading),
                    // A picture, or another file that mdBook copies; a page that the book does not have leads nowhere.
                    None => {
                        !to.ends_with(".md")
                            && heading.is_empty()
                            && Path::new(ROOT).join("docs").join(to).is_file()
                    }
                }
            };
            if !is_there {
                broken.push(format!("{path}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(in_book > 50 && in_repository > 30, "{in_book}, {in_repository}");
    // Without an address, what is no page is named and not linked.
    let helix = &built(None)["editors/helix.md"];
    assert!(
        helix.contains("Copy `editors/helix/languages.toml` to") && helix.contains("](../shared.md)"),
        "{helix}"
    );
    let readme = &built(None)["index.md"];
    assert!(readme.contains("](editors/all.md)") && readme.contains("](try.svg)"), "{readme}");
}

/// The words of each command in a line of a shell, as far as a page needs it: quotation marks, `|`, `&&`, `;`, `>`, `<` and
/// comments.
fn commands(line: &str) -> Vec<Vec<String>> {
    let mut commands = vec![Vec::new()];
    let (mut word, mut quote, mut is_file) = (None::<String>, None, false);
    for letter in line.chars().chain([' ']) {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, '#') if word.is_none() => break,
            (None, ' ' | '|' | ';' | '&' | '>' | '<' | '(' | ')') => {
                if let Some(word) = word.take()
                    && !std::mem::take(&mut is_file)
                {
                    commands.last_mut().unwrap().push(word);
                }
                match letter {
                    '>' | '<' => is_file = true,
                    ' ' => {}
                    _ => {
                        is_file = false;
                        commands.push(Vec::new());
                    }
                }
            }
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    commands.retain(|words| !words.is_empty());
    commands
}

#[test]
fn a_line_of_a_shell_is_read_as_commands() {
    let read = |line| commands(line).iter().map(|words| words.join("·")).collect::<Vec<_>>();
    assert_eq!(
        read("git diff | litellm-ls complete \"a b\" -x > f  # c"),
        ["git·diff", "litellm-ls·complete·a b·-x"]
    );
    assert_eq!(read("source <(litellm-ls completions bash)"), ["source", "litellm-ls·completions·bash"]);
    assert_eq!(read("a 'x;y' && b < f -c; c#d"), ["a·x;y", "b·-c", "c#d"]);
    assert!(read("# litellm-ls nothing").is_empty());
}

/// All commands of this program that pages show in a shell, or name amid a sentence by their first words.
#[test]
fn the_commands_that_pages_show_are_those_of_the_program() {
    let parser = litellm_ls::cli::command();
    let (mut shown, mut named) = (0, 0);
    for path in pages(Path::new(ROOT)) {
        let text = page(&path).replace("\\\n", " ");
        let fences = between(&text, "```sh\n", "```");
        for words in fences.flat_map(str::lines).flat_map(commands) {
            // Variables may stand before it, and a path to it.
            let words: Vec<&String> = words.iter().skip_while(|word| word.contains('=')).collect();
            if words.first().is_none_or(|program| program.rsplit('/').next() != Some("litellm-ls")) {
                continue;
            }
            let parsed = parser.clone().try_get_matches_from(&words);
            let refused = parsed.err().filter(clap::Error::use_stderr);
            assert!(refused.is_none(), "{}: {words:?}: {refused:?}", path.display());
            shown += 1;
        }
        // `litellm-ls WORD`, where the word is a command's.
        for code in text.lines().flat_map(|line| line.split('`').skip(1).step_by(2)) {
            // A sentence may begin so too.
            let code = code.strip_prefix("litellm-ls ").filter(|rest| !rest.contains(": "));
            let word = code.and_then(|rest| rest.split(' ').next());
            let is_command =
                |word: &&str| word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-');
            if let Some(word) = word.filter(is_command).filter(|word| !word.starts_with('-')) {
                let is_known = parser.find_subcommand(word).is_some();
                assert!(is_known, "{}: litellm-ls {word}", path.display());
                named += 1;
            }
        }
    }
    assert!(shown > 50 && named > 100, "{shown}, {named}");
}

/// The texts of a source, `…` in the place of what differs, and none of its tests.
fn sentences(source: &str) -> String {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut rest = source.replace("\\\"", "\"");
    // A text goes on in the next line.
    while let Some(at) = rest.find("\\\n") {
        let next = rest[at + 2..].trim_start().to_owned();
        rest = format!("{}{next}", &rest[..at]);
    }
    let mut told = String::with_capacity(rest.len());
    let mut rest = rest.as_str();
    while let Some(at) = rest.find('{') {
        told.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(['}', '\n', '"']).filter(|end| rest[*end..].starts_with('}')).unwrap_or(0);
        told.push_str(if end > 0 { "…" } else { "{" });
        rest = &rest[end + 1..];
    }
    told + rest
}

#[test]
#[cfg_attr(wine, ignore = "Wine has no git")]
fn each_sentence_of_troubleshooting_is_said_by_the_program() {
    let files = Command::new("git")
        .args(["ls-files", "src", "editors/vscode/src"])
        .current_dir(ROOT)
        .output()
        .unwrap();
    let files = String::from_utf8(files.stdout).unwrap();
    let sources = files.lines().filter_map(|file| fs::read_to_string(Path::new(ROOT).join(file)).ok());
    let said: Vec<String> = sources.map(|source| sentences(&source)).collect();
    let text = page("docs/troubleshooting.md");
    let mut cited = 0;
    for row in text.lines().filter_map(|line| line.strip_prefix("| `")) {
        let sentence = row.split('`').next().unwrap();
        // What differs at an end may be all there is there.
        let sentence = sentence.trim_matches('…').trim();
        assert!(sentence.len() >= 8, "{sentence} is too short to be looked for");
        assert!(said.iter().any(|said| said.contains(sentence)), "nothing says: {sentence}");
        cited += 1;
    }
    assert!(cited > 30, "{cited}");
}

#[test]
fn a_sentence_is_found_as_a_source_writes_it() {
    let source =
        "format!(\"nothing \\\n     answers at {}: {reason:?}\", x); if a { b }\n#[cfg(test)] \"hidden\"";
    assert!(sentences(source).contains("nothing answers at …: …") && !sentences(source).contains("hidden"));
}

#[test]
fn the_readme_stays_short() {
    for name in ["README.md", "README.zh-CN.md"] {
        let lines = page(name).lines().count();
        assert!(lines < 150, "{name} has {lines} lines: move some into a page of docs");
    }
}
