//! Where a part of a text stands by now, whose user goes on typing elsewhere.

use tower_lsp::lsp_types::Range;

use crate::{assist::with_lf, server::documents::Document};

/// The range of a text that holds what a selection of an earlier moment held. None where that has changed, or the rest of
/// its first or last line; where the text changed both before it and behind it, and holds it more than once; where the text
/// was closed meanwhile; and at a cursor, if anything has changed.
pub(super) fn found(now: &Document, before: &Document, range: Range) -> Option<Range> {
    if now.is_unchanged_since(before) {
        return Some(range);
    }
    // Nothing tells a cursor's place from others: what is meant for it is about all of the text.
    if range.start == range.end || !now.is_opening_of(before) {
        return None;
    }
    let (text, bytes) = (before.text(), before.bytes(range));
    let [ahead, part, behind] = [&text[..bytes.start], &text[bytes.clone()], &text[bytes.end..]].map(with_lf);
    let text = with_lf(now.text());
    let begin = place_of(&text, &ahead, &part, &behind)?;
    let end = begin + part.len();
    let is_same_line = text[..begin].rsplit('\n').next() == ahead.rsplit('\n').next()
        && text[end..].split('\n').next() == behind.split('\n').next();
    is_same_line.then(|| Range { start: now.behind(begin), end: now.behind(end) })
}

/// Where a part of a text begins, in bytes, if the text has changed only before it, or only behind it, or holds it once.
/// Line ends are LF in all.
pub(super) fn place_of(text: &str, ahead: &str, part: &str, behind: &str) -> Option<usize> {
    if text.strip_prefix(ahead).is_some_and(|rest| rest.starts_with(part)) {
        return Some(ahead.len());
    }
    if let Some(ahead) = text.strip_suffix(behind).and_then(|rest| rest.strip_suffix(part)) {
        return Some(ahead.len());
    }
    let mut places = text.match_indices(part).filter(|_| !part.trim().is_empty());
    let (begin, _) = places.next()?;
    places.next().is_none().then_some(begin)
}
