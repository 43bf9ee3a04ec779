//! Whether a file that was whole is whole with an answer in it, as far as its language lets that be seen for certain. JSON is
//! another matter: there what is missing can be told (`json`).

use std::{borrow::Cow, sync::LazyLock};

use regex_lite::Regex;
use serde::de::IgnoredAny;

use super::{
    brackets,
    language::{Kind, are_kin, is_one_of},
    line_ends::with_lf,
    line_formats::{is_makefile, is_patch},
    place::Place,
    statements,
};
use crate::config_yaml;

/// Larger files are not read for it, in bytes.
const MOST: usize = 1 << 20;

const NO_YAML: &str = "the document would be no YAML with the answer in it";
const NO_TOML: &str = "the document would be no TOML with the answer in it";
const NO_FRONT_MATTER: &str = "the front matter would be no YAML with the answer in it";
const NO_MAKEFILE: &str =
    "a line of the makefile would be no rule, assignment or recipe with the answer in it";
const NO_PATCH: &str = "a line of the patch would lack its sign with the answer in it";
const NO_RECORD: &str = "a line of the document would be no JSON with the answer in it";
pub(super) const UNEVEN: &str =
    "the brackets, quotes or indentation of the file would not fit with the answer in it";

/// Why a file would be broken by what is written of an answer. None where it would not, was broken before, or nothing is
/// known of its language.
pub(super) fn doubt(written: &str, place: Place<'_>) -> Option<&'static str> {
    let Place { before, selection, after, .. } = place;
    // Within a block of Markdown the rest is none of its language.
    let is_whole_file = place.language() == place.language;
    if !is_whole_file || before.len() + after.len() + selection.len() + written.len() > MOST {
        return None;
    }
    let (is_whole, reason) = reader(place.language(), &[written, selection])?;
    let text_with = |text: &str| with_lf(&[before, text, after].concat()).into_owned();
    let is_at_cursor = selection.is_empty();
    let holds = |text: &str| is_whole(&text_with(text), is_at_cursor);
    // Where nothing may stand, it is not the answer's fault.
    let may_stand = || !is_at_cursor || !is_one_of(PYTHON, place.language()) || holds("pass");
    (!holds(written) && is_whole(&text_with(selection), false) && may_stand()).then_some(reason)
}

/// Whether a text is whole. What one opens that is being written may still be closed by its user.
type IsWhole = Box<dyn Fn(&str, bool) -> bool>;

/// What reads texts of a language, and what is said of one that is broken. None where what changes can't be read for certain.
fn reader(language: &str, changes: &[&str]) -> Option<(IsWhole, &'static str)> {
    /// There all is read as it stands, without a template.
    const YAML: &[&str] =
        &["yaml", "yml", "docker-compose", "dockercompose", "github-actions-workflow", "gitlab-ci"];
    let has = |marks: &[&str]| changes.iter().any(|text| marks.iter().any(|mark| text.contains(mark)));
    match () {
        () if is_one_of(YAML, language) && !has(&["{{", "{%"]) => {
            Some((Box::new(|text, _| config_yaml::is_yaml(&without_tags(text))), NO_YAML))
        }
        () if is_one_of(&["jsonl", "ndjson", "jsonlines"], language) => {
            Some((Box::new(|text, _| text.lines().all(is_record)), NO_RECORD))
        }
        () if Kind::of(language) == Kind::Markdown => Some((Box::new(has_front_matter), NO_FRONT_MATTER)),
        () if is_one_of(&["makefile", "make"], language) => {
            Some((Box::new(|text, _| is_makefile(text)), NO_MAKEFILE))
        }
        () if is_one_of(&["diff", "patch"], language) => Some((Box::new(|text, _| is_patch(text)), NO_PATCH)),
        () if are_kin("toml", language) => {
            Some((Box::new(|text, _| text.parse::<toml_edit::DocumentMut>().is_ok()), NO_TOML))
        }
        () if is_one_of(PYTHON, language) => Some((Box::new(statements::are_whole), UNEVEN)),
        // Branches of a preprocessor may each have their own.
        () if !has(&["#if", "#el", "#end"]) => Some((Box::new(brackets::reader(language)?), UNEVEN)),
        () => None,
    }
}

/// Whether what a document of Markdown begins with, between two lines of dashes, is YAML where it has it.
fn has_front_matter(text: &str, _: bool) -> bool {
    let Some(rest) = text.strip_prefix("---\n") else { return true };
    let end = rest.find("\n---\n");
    end.is_none_or(|end| config_yaml::is_yaml(&without_tags(&rest[..end])))
}

/// A text of YAML without tags, whose meaning only its reader knows.
fn without_tags(text: &str) -> Cow<'_, str> {
    static TAG: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?m)(^|[\s\[{,])![A-Za-z!<][^\s,\]}]*").expect("the pattern is one"));
    TAG.replace_all(text, "$1")
}

/// Whether a line is one value of JSON, or blank.
fn is_record(line: &str) -> bool {
    line.trim().is_empty() || serde_json::from_str::<IgnoredAny>(line).is_ok()
}

const PYTHON: &[&str] = &["python", "py", "python3", "starlark", "bazel"];

#[cfg(test)]
mod tests;
