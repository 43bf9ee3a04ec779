//! A text read with LF as its line ends, piece by piece: nothing of it is copied.

use ropey::Rope;

/// Whether a text is some parts, one behind the other.
pub(super) fn is_made_of(lines: &Rope, parts: &[&str]) -> bool {
    let mut wanted = parts.iter().map(|part| part.as_bytes()).filter(|part| !part.is_empty());
    let mut part: &[u8] = &[];
    for (_, piece) in pieces(lines) {
        let mut piece = piece.as_bytes();
        while !piece.is_empty() {
            if part.is_empty() {
                let Some(next) = wanted.next() else { return false };
                part = next;
            }
            let common = piece.len().min(part.len());
            if piece[..common] != part[..common] {
                return false;
            }
            (piece, part) = (&piece[common..], &part[common..]);
        }
    }
    part.is_empty() && wanted.next().is_none()
}

/// The byte of a text that stands behind so many bytes of it.
pub(super) fn offset(lines: &Rope, mut bytes: usize) -> usize {
    for (at, piece) in pieces(lines) {
        if bytes < piece.len() {
            return at + bytes;
        }
        bytes -= piece.len();
    }
    lines.len_bytes()
}

/// The pieces of a text, and where each begins.
fn pieces(lines: &Rope) -> impl Iterator<Item = (usize, &str)> {
    let mut begin = 0;
    let mut is_behind_cr = false;
    lines.chunks().flat_map(move |chunk| {
        let mut found = Vec::new();
        let mut at = begin;
        begin += chunk.len();
        for (number, line) in chunk.split('\r').enumerate() {
            if number > 0 {
                found.push((at - 1, "\n"));
                is_behind_cr = true;
            }
            let bare = if is_behind_cr { line.strip_prefix('\n').unwrap_or(line) } else { line };
            is_behind_cr &= line.is_empty();
            found.push((at + line.len() - bare.len(), bare));
            at += line.len() + 1;
        }
        found
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assist::with_lf;

    proptest::proptest! {
        #[test]
        fn a_text_is_what_it_is_with_lf(text in "[a\u{e9}\u{1f980}\n\r]{0,12}", times in 1usize..400, cut in 0usize..99) {
            let text = text.repeat(times);
            let (rope, plain) = (Rope::from_str(&text), with_lf(&text));
            let cut = plain.floor_char_boundary(cut % (plain.len() + 1));
            let parts = [&plain[..cut], "", &plain[cut..]];
            proptest::prop_assert!(is_made_of(&rope, &parts));
            proptest::prop_assert!(!is_made_of(&rope, &[parts[0], "x", parts[2]]));
            proptest::prop_assert_eq!(is_made_of(&rope, &parts[..2]), cut == plain.len());
            let before = with_lf(&text[..offset(&rope, cut)]);
            proptest::prop_assert_eq!(&*before, parts[0]);
        }
    }
}
