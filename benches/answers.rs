//! How often an answer that says a selection again, in one of the forms that models give, leaves a file as it was: by
//! language and form, over files of the project and of Python's own library. It asserts nothing: its figures are for people.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use litellm_ls::assist::{Answer, Fit, Place, fit};

/// Selections of each language.
const SELECTIONS: usize = 300;
/// Most files of each language that are read, and the longest, in bytes.
const FILES: usize = 200;
const LONGEST: u64 = 64 << 10;
const LANGUAGES: &[(&str, &[&str])] = &[
    ("python", &["py"]),
    ("rust", &["rs"]),
    ("typescript", &["ts"]),
    ("lua", &["lua"]),
    ("yaml", &["yaml", "yml"]),
    ("toml", &["toml"]),
    ("json", &["json"]),
    ("shellscript", &["sh"]),
    ("markdown", &["md"]),
];
type Form = fn(&str, &Place<'_>) -> String;
const FORMS: &[(&str, Form)] = &[
    ("as it is", |lines, _| lines.to_owned()),
    ("no line end", |lines, _| lines.trim_end().to_owned()),
    ("first line flush", |lines, _| lines.trim().to_owned()),
    ("flush", |lines, _| flush(lines)),
    ("fenced", |lines, place| format!("```{}\n{lines}```\n", place.language)),
    ("fenced, flush", |lines, place| format!("```{}\n{}```\n", place.language, flush(lines))),
    ("with a sentence", |lines, place| format!("Here it is:\n\n```{}\n{lines}```\n", place.language)),
    ("with the line above", |lines, place| format!("{}{lines}", last_line(place.before))),
];

fn main() {
    eprintln!("| language | form | the same | shown | another |\n|---|---|---|---|---|");
    for (language, ends) in LANGUAGES {
        let files = files(ends);
        for (form, answer) in FORMS {
            let (mut same, mut shown, mut other) = (0, 0, 0);
            for number in 0..SELECTIONS {
                let Some(found) = answered(language, &files, number, *answer) else { continue };
                *(match found {
                    None => &mut shown,
                    Some(true) => &mut same,
                    Some(false) => &mut other,
                }) += 1;
            }
            let all = (same + shown + other).max(1);
            let rate = |count: usize| format!("{:.1} %", count as f64 * 100.0 / all as f64);
            eprintln!("| {language} | {form} | {} | {} | {} |", rate(same), rate(shown), rate(other));
        }
    }
}

/// Whether the text is what it was with an answer to one of its selections. None within where the answer is shown, and
/// around where there is no such selection.
fn answered(language: &str, files: &[String], number: usize, form: Form) -> Option<Option<bool>> {
    let mut seed = number as u64;
    let text = files.get(random(&mut seed) % files.len().max(1))?;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let begin = random(&mut seed) % lines.len().max(1);
    let end = (begin + 1 + random(&mut seed) % 12).min(lines.len());
    let (before, selection, after) =
        (lines[..begin].concat(), lines[begin..end].concat(), lines[end..].concat());
    if selection.trim().is_empty() || !selection.ends_with('\n') {
        return None;
    }
    let place = Place { language, selection: &selection, before: &before, after: &after, ..Place::default() };
    let said = form(&selection, &place);
    Some(match fit(Answer { text: &said, finish_reason: Some("stop"), refusal: None }, place) {
        Fit::Write(new) => Some(new == selection),
        Fit::Show { .. } | Fit::Nothing { .. } => None,
    })
}

/// The same numbers each time.
fn random(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) as usize
}

fn flush(lines: &str) -> String {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let least = lines.lines().filter(|line| !line.trim().is_empty()).map(depth).min().unwrap_or_default();
    lines.lines().map(|line| format!("{}\n", line.get(least..).unwrap_or_default())).collect()
}

fn last_line(text: &str) -> &str {
    text.split_inclusive('\n').next_back().unwrap_or_default()
}

/// Texts of files with one of these ends, in an order that is the same each time.
fn files(ends: &[&str]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["src", "tests", "scripts", "docs", "editors", "protocol", "conformance"];
    let mut found: Vec<PathBuf> = folders.iter().flat_map(|folder| below(&root.join(folder), ends)).collect();
    if ends.contains(&"py")
        && let Some(library) = library_of_python()
    {
        found.extend(in_folder(&library, ends).0);
    }
    found.sort();
    let step = found.len().div_ceil(FILES).max(1);
    found.iter().step_by(step).filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

fn below(folder: &Path, ends: &[&str]) -> Vec<PathBuf> {
    let (mut found, folders) = in_folder(folder, ends);
    found.extend(folders.iter().flat_map(|folder| below(folder, ends)));
    found
}

/// Files with one of these ends in a folder, and the folders in it that hold sources.
fn in_folder(folder: &Path, ends: &[&str]) -> (Vec<PathBuf>, Vec<PathBuf>) {
    const OTHERS: &[&str] = &["node_modules", "target", "dist", "out"];
    let entries = folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let is_one = |path: &PathBuf| {
        let has_end = path.extension().is_some_and(|end| ends.iter().any(|one| end == *one));
        has_end && path.metadata().is_ok_and(|data| data.len() < LONGEST)
    };
    let is_source =
        |path: &PathBuf| !path.file_name().is_some_and(|name| OTHERS.iter().any(|other| name == *other));
    (files.into_iter().filter(is_one).collect(), folders.into_iter().filter(is_source).collect())
}

fn library_of_python() -> Option<PathBuf> {
    let code = "import sysconfig; print(sysconfig.get_paths()['stdlib'])";
    let said = Command::new("python3").args(["-c", code]).output().ok()?.stdout;
    Some(PathBuf::from(String::from_utf8(said).ok()?.trim()))
}
