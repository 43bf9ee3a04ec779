//! What Neovim's plugin says by itself is translated, and nothing else is. Emacs' package has the same test in `units.el`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use regex_lite::{Captures, Regex};

/// A text as Lua writes it, in either kind of quotes.
const TEXT: &str = r#"(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")"#;

/// What stands in a text of the user's, goes to a model or a program, or is told to the server.
const NOT_SAID: [&str; 14] = [
    "at once",
    "  → `:LiteLLM proxy start`",
    "## user:",
    "\\n\\n## assistant:\\n\\n",
    "^diagnostics of (.+)$",
    "diagnostics of ",
    "buffer %d",
    "^buffer (%d+)$",
    "only changes of texts are made here",
    "Neovim is amid something",
    "the text has changed meanwhile",
    "the text can not be changed",
    "a configuration that is verified has one",
    "only inside task.start",
];

fn lua_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(lua_files(&path));
        } else if !path.ends_with("protocol.lua") && !path.ends_with("language/zh_cn.lua") {
            files.push(path);
        }
    }
    files
}

fn plugin() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/nvim/lua/litellm")
}

/// The source without its comments, which stand in lines of their own or behind two blanks.
fn code(path: &Path) -> String {
    let source = fs::read_to_string(path).unwrap();
    let lines = source.lines().filter(|line| !line.trim_start().starts_with("--"));
    lines.collect::<Vec<_>>().join("\n")
}

fn text(found: &Captures<'_>) -> String {
    let inner = found.get(1).or_else(|| found.get(2)).unwrap().as_str();
    inner.replace("\\'", "'").replace("\\\"", "\"")
}

/// The texts that are said in the user's language.
fn said(code: &str) -> Vec<String> {
    let call = Regex::new(&format!(r"\bt\(\s*{TEXT}")).unwrap();
    call.captures_iter(code).map(|found| text(&found)).collect()
}

fn translated() -> BTreeMap<String, String> {
    let table = fs::read_to_string(plugin().join("language/zh_cn.lua")).unwrap();
    let row = Regex::new(&format!(r"(?m)^  \[{TEXT}\] = {TEXT},$")).unwrap();
    let quoted = |found: &Captures<'_>, one: usize| {
        let inner = found.get(one).or_else(|| found.get(one + 1)).unwrap().as_str();
        inner.replace("\\'", "'").replace("\\\"", "\"")
    };
    let rows: Vec<_> =
        row.captures_iter(&table).map(|found| (quoted(&found, 1), quoted(&found, 3))).collect();
    assert_eq!(rows.len(), table.matches("] = ").count(), "each row is one line");
    let all: BTreeMap<_, _> = rows.iter().cloned().collect();
    assert_eq!(all.len(), rows.len(), "no text is there twice");
    all
}

#[test]
fn each_text_of_neovims_plugin_is_translated_and_no_other() {
    let call = Regex::new(r"\bt\(").unwrap();
    let mut texts = BTreeSet::new();
    for path in lua_files(&plugin()) {
        let code = code(&path).replace("function M.t(", "");
        let here = said(&code);
        let calls = call.find_iter(&code).count();
        assert_eq!(
            here.len(),
            calls,
            "{}: a text that is not written out can't be translated",
            path.display()
        );
        texts.extend(here);
    }
    let known: BTreeSet<String> = translated().into_keys().collect();
    let missing: Vec<_> = texts.difference(&known).collect();
    let unsaid: Vec<_> = known.difference(&texts).collect();
    assert!(missing.is_empty() && unsaid.is_empty(), "translate {missing:#?}, take out {unsaid:#?}");
}

#[test]
fn a_translation_has_the_same_places_to_fill_in_and_the_same_code() {
    let fixed = Regex::new(r"\{\d\}|`[^`]+`|<[A-Z][^>]*>|: $|：$|^# ").unwrap();
    let parts = |text: &str| {
        // A question ends with the colon of its language.
        let found = fixed.find_iter(text).map(|found| found.as_str().replace("：", ": "));
        let mut found: Vec<_> = found.collect();
        found.sort();
        found
    };
    let chinese = Regex::new(r"[\u{4e00}-\u{9fff}]|^PDF$|^\{0\}[：（]|^\{0\} / ").unwrap();
    for (text, translation) in translated() {
        assert_eq!(parts(&translation), parts(&text), "{text}");
        assert!(chinese.is_match(&translation), "{translation}");
    }
}

#[test]
fn no_sentence_of_neovims_plugin_is_left_in_english() {
    let all = Regex::new(TEXT).unwrap();
    // Words with blanks between them; what is described for who looks at key maps is named by `desc`.
    let sentence = Regex::new(r"[a-z]{2,} [^ ]*[A-Za-z%{]|%[sd] [a-z]").unwrap();
    let commands = Regex::new(r"^(let |aboveleft |botright |:?<)|&l:|<Cmd>|<C-x>").unwrap();
    let described = Regex::new(r"desc = '[^']*'").unwrap();
    for path in lua_files(&plugin()) {
        let code = described.replace_all(&code(&path), "").into_owned();
        let said: BTreeSet<String> = said(&code).into_iter().collect();
        let left: Vec<String> = all
            .captures_iter(&code)
            .map(|found| text(&found))
            .filter(|text| sentence.is_match(text) && !commands.is_match(text))
            .filter(|text| !said.contains(text) && !NOT_SAID.contains(&text.as_str()))
            .collect();
        assert!(left.is_empty(), "{}: say these by `t`: {left:#?}", path.display());
    }
}
