//! The marks of the question that an answer repeats.

use super::{fences::Fence, language, place::Place};

const OPEN: &str = "<selection>";
const CLOSE: &str = "</selection>";

/// An answer without the tags that the selection is sent in; many models answer in the form that they were asked in.
pub(super) fn untagged<'a>(said: &'a str, place: Place<'_>) -> &'a str {
    if belong(place) {
        return said;
    }
    let inside = match said.split_once(OPEN) {
        Some((before, inside)) if is_around(before, "<before>", "</before>") => {
            inside.strip_prefix('\n').unwrap_or(inside)
        }
        _ => said,
    };
    match inside.split_once(CLOSE) {
        Some((inside, after)) if is_around(after, "<after>", "</after>") => {
            inside.strip_suffix('\n').unwrap_or(inside)
        }
        _ => inside,
    }
}

/// Whether an answer has such tags, which don't belong to the text.
pub(super) fn has_tags(said: &str, place: Place<'_>) -> bool {
    (said.contains(OPEN) || said.contains(CLOSE)) && !belong(place)
}

/// Whether the text itself may have such tags.
fn belong(place: Place<'_>) -> bool {
    let has_tags = |text: &&str| text.contains(OPEN) || text.contains(CLOSE);
    place.language.contains("xml") || [place.selection, place.before, place.after].iter().any(has_tags)
}

/// Whether a text before or behind the tags is nothing, a fence, or what the question says there.
fn is_around(text: &str, open: &str, close: &str) -> bool {
    let text = text.trim();
    let is_of_code = |fence: Fence<'_>| fence.info.is_empty() || language::is_known(fence.info);
    let is_fence = !text.contains('\n') && Fence::of(text).is_some_and(is_of_code);
    text.is_empty() || is_fence || (text.starts_with(open) && text.ends_with(close))
}
