//! Whatever is offered for a file, in whatever form that is written, leaves it readable and the rest of it as it was.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use crate::config_yaml::{
    Disk, DotEnv, Edit, Edits, ItemKind, Project, Surroundings, actions, check, rename, suggest,
    yaml::{Kind, NodeId, Resolved, Style, Tree, parse},
};

/// What a tree says: each value with the keys to it, of which the last is the nearest.
fn said(tree: &Tree) -> Vec<(String, String)> {
    fn add(tree: &Tree, id: NodeId, path: &str, found: &mut Vec<(String, String)>) {
        match &tree.node(id).kind {
            Kind::List { items } => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(at, item)| add(tree, *item, &format!("{path}/{at}"), found));
            }
            Kind::Map { entries, .. } => {
                for entry in entries {
                    let key = tree.scalar(entry.key).unwrap_or("?");
                    add(tree, entry.value, &format!("{path}/{key}"), found);
                }
            }
            Kind::Absent => {}
            _ => {
                let is_plain = matches!(tree.scalar_styled(id), Some((_, Style::Plain)));
                let kind =
                    if is_plain { format!("{:?}", tree.resolved(id)) } else { "Some(Text)".to_owned() };
                found.push((path.to_owned(), format!("{} {kind}", tree.scalar(id).unwrap_or("?"))));
            }
        }
    }
    let mut found = Vec::new();
    tree.root().into_iter().for_each(|root| add(tree, root, "", &mut found));
    found
}

/// How often each nearest key has each value.
fn pairs(said: &[(String, String)]) -> BTreeMap<(String, String), usize> {
    let mut pairs = BTreeMap::new();
    for (path, value) in said {
        let key = path.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap_or_default();
        *pairs.entry((key.to_owned(), value.clone())).or_default() += 1;
    }
    pairs
}

fn with<T>(text: &str, path: &Path, work: impl FnOnce(&Project, &Surroundings<'_>) -> T) -> T {
    let names = BTreeSet::new();
    let around = Surroundings {
        variable: &|_| None,
        names: &names,
        files: &Disk,
        today: "2026-11-22".to_owned(),
        release: None,
    };
    work(&Project::read(path, text, &Disk), &around)
}

/// The text of the first file with edits made.
fn edited(project: &Project, edits: &[Edit]) -> String {
    let mut text = project.sources()[0].text().to_owned();
    let mut edits: Vec<&Edit> = edits.iter().filter(|edit| edit.file == 0).collect();
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    edits.iter().rev().for_each(|edit| text.replace_range(edit.range.clone(), &edit.text));
    text
}

/// All that is offered anywhere in a file: what each is called, and what it changes.
fn offered(project: &Project, around: &Surroundings<'_>) -> Vec<(String, Edits)> {
    let findings = check(project, around);
    let fixes = findings.iter().flat_map(|finding| &finding.fixes);
    let mut all: Vec<_> = fixes.map(|fix| (fix.title.clone(), fix.edits.clone())).collect();
    let tree = &project.sources()[0].tree;
    let list = tree.root().and_then(|root| tree.items(tree.get(root, "model_list")?)).unwrap_or_default();
    for place in list.iter().take(3).map(|item| tree.span(*item)).chain(std::iter::once(0..0)) {
        let here = if place == (0..0) { findings.as_slice() } else { &[] };
        let more =
            actions(project, around, &DotEnv::read(""), (0, place), here, &|| Some("sk-new".to_owned()));
        all.extend(more.into_iter().map(|action| (action.title, action.edits)));
    }
    all
}

/// A text as JSON, as far as JSON can say it.
fn json(tree: &Tree, id: NodeId) -> serde_json::Value {
    if let Some(items) = tree.items(id) {
        return items.iter().map(|item| json(tree, *item)).collect();
    }
    if tree.is_map(id) {
        let entries = tree.entries(id).into_iter();
        let entry = |entry: crate::config_yaml::yaml::Entry| {
            Some((tree.scalar(entry.key)?.to_owned(), json(tree, entry.value)))
        };
        return serde_json::Value::Object(entries.filter_map(entry).collect());
    }
    match tree.resolved(id) {
        Some(Resolved::Null) | None => serde_json::Value::Null,
        Some(Resolved::Bool(on)) => on.into(),
        Some(Resolved::Int(number)) => number.into(),
        _ => tree.scalar(id).unwrap_or_default().into(),
    }
}

/// A file in the forms that LiteLLM reads just as well.
fn forms(text: &str) -> Vec<(&'static str, String)> {
    let text = text.replace("\r\n", "\n");
    let indented =
        text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") });
    let mut forms = vec![
        ("indented", indented.collect()),
        ("CRLF", text.replace('\n', "\r\n")),
        ("CR", text.replace('\n', "\r")),
        ("no end", text.trim_end().to_owned()),
        ("document", format!("---\n{text}...\n")),
    ];
    let tree = parse(&text);
    if let Some(root) = tree.root().filter(|root| tree.errors().is_empty() && tree.is_map(*root)) {
        let value = json(&tree, root);
        forms.push(("JSON", format!("# litellm\n{value}\n")));
        forms.push(("pretty JSON", serde_json::to_string_pretty(&value).unwrap()));
        let entries = value.as_object().unwrap().iter();
        let flow =
            entries.map(|(key, value)| format!("{}: {value}\n", serde_json::Value::from(key.as_str())));
        forms.push(("flow", flow.collect()));
        let commas = serde_json::to_string_pretty(&value).unwrap();
        let commas = commas.replace("\n", "\n ").replace("\"\n", "\", # why\n").replace("}\n", "},\n");
        forms.push(("trailing commas", commas));
    }
    forms.push(("as it is", text));
    forms
}

fn cases() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/config-yaml");
    let folders = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().join("config.yaml"));
    let mut cases: Vec<_> =
        folders.filter_map(|path| Some((path.clone(), std::fs::read_to_string(path).ok()?))).collect();
    cases.sort();
    assert!(cases.len() > 100);
    cases
}

/// A number below another that depends on a text alone, so that what is tried of a case is the same whatever cases there are.
fn drawn(text: &str, below: usize) -> usize {
    text.bytes().fold(0, |drawn, byte| (drawn * 31 + usize::from(byte)) % below)
}

#[test]
fn all_that_is_offered_leaves_a_file_readable_and_the_rest_of_it_alone() {
    let (mut wrong, mut count) = (Vec::new(), BTreeMap::<&str, usize>::new());
    for (path, text) in cases() {
        for (form, text) in forms(&text) {
            with(&text, &path, |project, around| {
                let before = said(&project.sources()[0].tree);
                for (title, edits) in offered(project, around) {
                    let Some(edits) = edits.safe_in(project).filter(|edits| !edits.is_empty()) else {
                        continue;
                    };
                    *count.entry(form).or_default() += 1;
                    let changed = edited(project, edits);
                    let tree = parse(&changed);
                    let after = said(&tree);
                    let is_added = edits.iter().all(|edit| edit.range.is_empty());
                    let (had, has) = (pairs(&before), pairs(&after));
                    let fails = match () {
                        () if tree.errors().len() > project.sources()[0].tree.errors().len() => {
                            "has more faults"
                        }
                        () if is_added && !before.iter().all(|value| after.contains(value)) => {
                            "changes others"
                        }
                        () if title.starts_with("Move `") && had != has => "loses something",
                        () if form == "CR" && changed.contains('\n') => "has other line ends",
                        () if form == "CRLF" && changed.replace("\r\n", "").contains('\n') => {
                            "has other line ends"
                        }
                        () => continue,
                    };
                    wrong.push(format!(
                        "{} ({form}): `{title}` {fails}\n{text}\n→\n{changed}",
                        path.display()
                    ));
                }
            });
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong[..wrong.len().min(5)].join("\n\n"));
    // Each form is offered something, and not little.
    assert!(count.len() == 10 && count.values().all(|count| *count > 50), "{count:?}");
}

/// A tree as a row: scalars with what they are read as, and the brackets of lists and maps.
fn row(tree: &Tree) -> Vec<String> {
    fn add(tree: &Tree, id: NodeId, row: &mut Vec<String>) {
        match &tree.node(id).kind {
            Kind::Absent => {}
            Kind::List { items } => {
                row.push("[".to_owned());
                items.iter().for_each(|item| add(tree, *item, row));
                row.push("]".to_owned());
            }
            Kind::Map { entries, .. } => {
                row.push("{".to_owned());
                entries.iter().flat_map(|entry| [entry.key, entry.value]).for_each(|id| add(tree, id, row));
                row.push("}".to_owned());
            }
            _ => row.push(format!("{:?} {:?} {:?}", tree.scalar(id), tree.resolved(id), tree.tag(id))),
        }
    }
    let mut all = Vec::new();
    tree.root().into_iter().for_each(|root| add(tree, root, &mut all));
    all
}

/// How many scalars of one row are not in another, before and behind what is equal.
fn others(row: &[String], of: &[String]) -> usize {
    let front = row.iter().zip(of).take_while(|(one, other)| one == other).count();
    let back = row[front..].iter().rev().zip(of[front..].iter().rev());
    let back = back.take_while(|(one, other)| one == other).count();
    row[front..row.len() - back].iter().filter(|part| part.len() > 1).count()
}

/// Each item of a completion takes the place of one word, or of nothing, wherever the cursor stands.
#[test]
fn what_completion_puts_in_leaves_the_rest_as_it_was() {
    const MORE: &[&str] = &[
        "  é: 1",
        "general_settings:\n  ключ: 1\n",
        "model_list:\n  - model_name: a\n    日: x\n    litellm_params: {模: 型, model: 😀}\n",
        "router_settings:\n\u{3000}fallbacks: [ {é: [ 日 , 😀 ]} ] # ñ\n",
        "\u{feff}litellm_settings:\n  \"é\": '日'\n  success_callback:\n    -   😀\n",
        "model_list: [{model_name: a}]\nrouter_settings:\n  fallbacks: [{\"a, b\": ['c, d', \"e # f\", \"g: ]\"]}]\n",
        "model_list: [{model_name: a}]\nrouter_settings:\n  fallbacks: [{\"{a\": ['c, d', \"e # f\", \"g: ]\"]}]\nb: - c\n",
    ];
    let beyond = |text: &str| {
        let keys = text.replace("litellm_params", "  é😀: 1\nlitellm_params");
        keys.replace("openai/", "日本/").replace("model_name: ", "model_name: 👍")
    };
    let is_whole = |taken: &str| {
        let alone = parse(taken);
        alone.root().is_some_and(|root| alone.span(root) == (0..taken.len()))
    };
    let (mut wrong, mut count) = (Vec::new(), 0);
    let more = MORE.iter().map(|text| (PathBuf::from("litellm.yaml"), (*text).to_owned()));
    for (path, text) in cases().into_iter().chain(more) {
        let beyond = ("beyond ASCII", beyond(&text));
        for (form, text) in forms(&text).into_iter().chain([beyond]) {
            // A sample of a long text, each place of a short one.
            let every = if text.len() < 150 { 1 } else { 61 };
            let first = drawn(&text, every);
            with(&text, &path, |project, around| {
                let tree = &project.sources()[0].tree;
                let before = row(tree);
                for at in (first..=text.len()).step_by(every).filter(|at| text.is_char_boundary(*at)) {
                    let items = suggest(project, around, 0, at);
                    let ends = items.first().into_iter().chain(items.last());
                    for item in ends.chain(items.iter().find(|item| item.text.starts_with('"'))) {
                        count += 1;
                        let edit = Edit { file: 0, range: item.range.clone(), text: item.text.clone() };
                        let changed = edited(project, &[edit]);
                        let after = parse(&changed);
                        let row = row(&after);
                        let taken = &text[item.range.clone()];
                        let fails = match () {
                            () if after.errors().len() > tree.errors().len() => "leaves no YAML",
                            () if others(&before, &row) > 1 => "loses something",
                            () if item.kind != ItemKind::Snippet && others(&row, &before) > 1 => "adds more",
                            () if taken.contains(['\n', '\r'])
                                || taken.starts_with('#')
                                || taken.contains(" #") && !is_whole(taken) =>
                            {
                                "takes a comment or a line"
                            }
                            () => continue,
                        };
                        wrong.push(format!(
                            "{} ({form}) at {at}: `{}` {fails}: {:?}\n{text}\n→\n{changed}",
                            path.display(),
                            item.label,
                            item.range
                        ));
                    }
                }
            });
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong[..wrong.len().min(5)].join("\n\n"));
    assert!(count > 20_000, "{count}");
}

#[test]
fn a_name_is_the_same_whatever_it_is() {
    let names = [
        "<<", "=", "null", "~", "yes", "y", "1e3", "- x", "#x", "a: b", "?x", "a?b", "q\"q'", "a\\b", "---",
        "0o7", "👍 全",
    ];
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (path, text) in cases() {
        for (form, text) in forms(&text) {
            with(&text, &path, |project, around| {
                let config = crate::config_yaml::config::Config::new(project, around.variable);
                let Some((old, place)) = config.deployments.first().and_then(|first| first.name) else {
                    return;
                };
                let at = config.span(place).start;
                for name in names {
                    let Some(Ok((_, edits))) = rename(project, around, place.file, at, Some(name)) else {
                        continue;
                    };
                    let changed = edited(project, edits.safe_in(project).expect("it is safe"));
                    let before = said(&project.sources()[0].tree);
                    let after = said(&parse(&changed));
                    // LiteLLM takes `on` for a boolean, but whatever is put there is a text.
                    let named = |said: &[(String, String)], is: &dyn Fn(&str) -> bool| {
                        said.iter().filter(|(path, value)| path.ends_with("/model_name") && is(value)).count()
                    };
                    let had = named(&before, &|value| value.starts_with(&format!("{old} Some(")));
                    let has = named(&after, &|value| value == format!("{name} Some(Text)"));
                    count += 1;
                    if had != has || before.len() != after.len() {
                        wrong.push(format!("{} ({form}): {old} → {name} in\n{changed}", path.display()));
                    }
                }
            });
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong[..wrong.len().min(5)].join("\n\n"));
    assert!(count > 10_000, "{count}");
}

/// A text with the first change of this title made, or nothing where it is not offered.
fn changed(text: &str, title: &str) -> Option<String> {
    with(text, Path::new("config.yaml"), |project, around| {
        let all = offered(project, around);
        let (_, edits) = all.iter().find(|(known, _)| known.starts_with(title))?;
        Some(edited(project, edits.safe_in(project)?))
    })
}

#[test]
fn a_change_has_the_form_of_what_it_is_put_into() {
    let params = r#"{"model_list": [{"model_name": "a", "litellm_params": {"model": "openai/gpt-4o"}}]"#;
    let block = "model_list:\n  - model_name: a\n    litellm_params:\n      model: openai/gpt-4o\n";
    let deep = "  model_list:\n    - model_name: a\n      litellm_params:\n        model: openai/gpt-4o\n";
    let key = "master_key: os.environ/LITELLM_MASTER_KEY";
    let settings = r#""general_settings": {"master_key": "os.environ/LITELLM_MASTER_KEY"}"#;
    let generate = "Generate a master key";
    for (before, title, after) in [
        (format!("{params}}}\n"), generate, Some(format!("{params}, {settings}}}\n"))),
        (
            format!("{params}, \"drop_params\": true}}\n"),
            "Move `drop_params`",
            Some(format!("{params}, \"litellm_settings\": {{\"drop_params\": true}}}}\n")),
        ),
        (
            format!("{block}general_settings: {{\n  database_url: os.environ/D,\n  }}\n"),
            generate,
            Some(format!("{block}general_settings: {{\n  database_url: os.environ/D,\n  {key}\n  }}\n")),
        ),
        (
            format!("{block}general_settings: {{\n  database_url: os.environ/D # why\n}}\n"),
            generate,
            Some(format!("{block}general_settings: {{\n  database_url: os.environ/D,\n  {key} # why\n}}\n")),
        ),
        (deep.to_owned(), generate, Some(format!("{deep}  general_settings:\n    {key}\n"))),
        (
            block.replace('\n', "\r"),
            generate,
            Some(format!("{block}general_settings:\n  {key}\n").replace('\n', "\r")),
        ),
        (
            "model_list: []\nlitellm_settings: # why\n  # and how\n  routing_strategy: simple-shuffle # so\n".to_owned(),
            "Move `routing_strategy`",
            Some("model_list: []\nlitellm_settings: {} # why\n  # and how\nrouter_settings:\n  routing_strategy: simple-shuffle # so\n".to_owned()),
        ),
        ("- a\n".to_owned(), generate, None),
        (format!("---\n{block}...\n"), generate, None),
    ] {
        assert_eq!(changed(&before, title), after, "`{title}` in\n{before}");
    }
}

/// Each line has a comment, and a key that is moved takes none but its own along.
#[test]
fn a_key_that_is_moved_loses_no_comment() {
    let mut count = 0;
    for (path, text) in cases() {
        for (form, text) in forms(&text) {
            let tree = parse(&text);
            // Within a text it is none, and in JSON it can't stand.
            let has_text =
                tree.ids().any(|id| text[tree.span(id)].contains(['\n', '\r']) && tree.scalar(id).is_some());
            if !tree.errors().is_empty() || has_text || form == "CR" || text.contains("# litellm") {
                continue;
            }
            let commented = |(number, line): (usize, &str)| format!("{line} # c{number}.\n");
            let text: String = text.lines().enumerate().map(commented).collect();
            with(&text, &path, |project, around| {
                for (title, edits) in offered(project, around) {
                    let Some(edits) = edits.safe_in(project).filter(|_| title.starts_with("Move `")) else {
                        continue;
                    };
                    let changed = edited(project, edits);
                    count += 1;
                    let lost =
                        (0..text.lines().count()).find(|number| !changed.contains(&format!("# c{number}.")));
                    assert_eq!(lost, None, "{} ({form}): `{title}`\n{text}\n→\n{changed}", path.display());
                }
            });
        }
    }
    assert!(count > 100, "{count}");
}

/// A value behind a tag stays as it is, but for a text that takes another's place.
#[test]
fn what_is_put_behind_a_tag_is_what_the_tag_says() {
    let mut count = 0;
    for (path, text) in cases() {
        let starts: BTreeSet<usize> = with(&text, &path, |project, around| {
            let tree = &project.sources()[0].tree;
            let keys: BTreeSet<_> =
                tree.ids().flat_map(|id| tree.entries(id)).map(|entry| entry.key).collect();
            let values = tree.ids().filter(|id| tree.scalar(*id).is_some() && !keys.contains(id));
            let values: BTreeSet<_> = values.map(|id| tree.span(id).start).collect();
            let edits =
                offered(project, around).into_iter().flat_map(|(_, edits)| edits.unchecked().to_vec());
            edits.map(|edit| edit.range.start).filter(|start| values.contains(start)).collect()
        });
        let tags = ["!!str ", "!!int ", "!!bool ", "!!float "];
        for (tag, start) in starts.iter().flat_map(|start| tags.map(|tag| (tag, *start))) {
            let mut tagged = text.clone();
            tagged.insert_str(start, tag);
            with(&tagged, &path, |project, around| {
                for (title, edits) in offered(project, around) {
                    let Some([edit]) = edits.safe_in(project) else { continue };
                    if edit.file != 0 || edit.range.start != start + tag.len() {
                        continue;
                    }
                    let alone = parse(&edit.text);
                    let is_text = alone.root().and_then(|root| alone.resolved(root)) == Some(Resolved::Text);
                    assert!(
                        tag == "!!str " && is_text,
                        "{}: `{title}` behind {tag}\n{tagged}",
                        path.display()
                    );
                    count += 1;
                }
            });
        }
    }
    assert!(count > 50, "{count}");
}

#[test]
fn what_spoils_a_file_is_not_given_out() {
    let text = "a: 1 # why\nb: [x, y]\nc: {d: e}\nf: |\n  g\n";
    let at = |piece: &str| text.find(piece).unwrap();
    with(text, Path::new("config.yaml"), |project, _| {
        let insert = |at: usize, text: &str| vec![Edit { file: 0, range: at..at, text: text.to_owned() }];
        for (what, edits) in [
            ("a fault", insert(at("}"), "]")),
            ("into a comment", insert(at(" why") + 4, ", k: v")),
            ("into a block", insert(text.len(), "  k: v\n")),
            ("another value", insert(at("e}"), "x")),
            ("a key twice", insert(text.len(), "a: 2\n")),
            ("into another map", insert(at("b: "), "k:\n  ")),
            ("nothing", insert(0, "")),
            ("behind the end", insert(text.len() + 1, "k: v")),
        ] {
            assert!(Edits::new(edits).safe_in(project).is_none(), "{what}");
        }
        assert!(Edits::new(insert(text.len(), "k: v\n")).safe_in(project).is_some());
        assert!(Edits::new(Vec::new()).safe_in(project).is_some());
    });
}

/// What is added to a map that aliases stand for is added for each of them.
#[test]
fn nothing_is_added_to_what_aliases_stand_for() {
    let text = "a: &one\n  x: 1\nb: *one\nc: &alone\n  x: 1\nd:\n  <<: *one\n  y: 2\nlist: &items\n- 1\nagain: *items\n";
    with(text, Path::new("config.yaml"), |project, _| {
        let safe = |at: &str, range: usize, new: &str| {
            let start = text.find(at).unwrap() + at.len();
            let edit = Edit { file: 0, range: start - range..start, text: new.to_owned() };
            Edits::new(vec![edit]).safe_in(project).is_some()
        };
        assert!(!safe("a: &one\n  x: 1\n", 0, "  new: 1\n"), "a key for b and d");
        assert!(!safe("list: &items\n- 1\n", 0, "- 2\n"), "an item for the other list");
        assert!(safe("c: &alone\n  x: 1\n", 0, "  new: 1\n"), "nobody else has it");
        assert!(safe("  y: 2\n", 0, "  new: 1\n") && safe("b: *one\n", 0, "new: 1\n"));
        // What stands there wrongly stands so for all.
        assert!(safe("a: &one\n  x: 1", 1, "2"));
    });
}
