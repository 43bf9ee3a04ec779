//! Whether a document of JSON stays one with an answer in it.

use serde::de::IgnoredAny;

use super::{comments, indent::blanks, language, place::Place};

/// Larger documents are not read for it, in bytes.
const MOST: usize = 4 << 20;

/// What is written of an answer with the commas that the document needs around it. None where it is right as it is, or
/// where something else of the document is none.
///
/// # Errors
/// Why the document would be JSON no more.
pub(super) fn mended(written: &str, place: Place<'_>) -> Result<Option<String>, &'static str> {
    const NO_JSON: &str = "the document would be no JSON with the answer in it";
    let Place { before, after, selection, .. } = place;
    let is_strict = place.language().eq_ignore_ascii_case("json");
    let is_small = before.len() + after.len() + written.len() < MOST;
    if !language::are_kin(place.language(), "json") || place.language() == "json5" || !is_small {
        return Ok(None);
    }
    let is_json = |text: &str| is_json(&format!("{before}{text}{after}"), is_strict);
    if written.trim().is_empty() || is_json(written) {
        return Ok(None);
    }
    let end = written.trim_end().len();
    let with_comma = format!("{},{}", &written[..end], &written[end..]);
    let line = place.around().line_before();
    let is_amid = !place.around().line_after().trim().is_empty();
    let behind = place.with_line_ends(match line.trim() {
        _ if is_amid => format!(", {}", written.trim_start()),
        "" => format!(", {}", written.trim_start()),
        _ => format!(",\n{}{}", blanks(line), written.trim_start()),
    });
    let bare = written[..end].strip_suffix(',').map(str::to_owned);
    let others = [Some(with_comma), bare, Some(behind.clone()), Some(format!("{behind},"))];
    if let Some(other) = others.into_iter().flatten().find(|other| is_json(other)) {
        return Ok(Some(other));
    }
    // Something that is at fault stands elsewhere where nothing would do.
    let would_do = ["0", "0,", ",0", "\"\":0", "\"\":0,", ",\"\":0", ":0", "\":0"];
    match is_json(selection) || would_do.iter().any(|text| is_json(text)) {
        true => Err(NO_JSON),
        false => Ok(None),
    }
}

/// Whether a text is a document of JSON, or of JSON with comments and a last comma.
fn is_json(text: &str, is_strict: bool) -> bool {
    let is = |text: &str| serde_json::from_str::<IgnoredAny>(text).is_ok();
    is(text) || !is_strict && is(&without_last_commas(&comments::without(text, "jsonc")))
}

/// A text without commas in front of a bracket that closes.
fn without_last_commas(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut is_quoted = false;
    let mut is_escaped = false;
    for letter in text.chars() {
        if !is_quoted && (letter == '}' || letter == ']') {
            let end = bare.trim_end().len();
            if bare[..end].ends_with(',') {
                bare.truncate(end - 1);
            }
        }
        is_quoted ^= letter == '"' && !is_escaped;
        is_escaped = is_quoted && letter == '\\' && !is_escaped;
        bare.push(letter);
    }
    bare
}
