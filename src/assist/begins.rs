//! What a line begins with: its blanks, the mark of its item, its key.

use super::{comments, fences, language::Layout};

/// The blanks that a line begins with.
pub(super) fn blanks(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Whether a line of YAML is a key, with or without its value.
pub(super) fn is_key(line: &str) -> bool {
    let line = comments::cut(line, "yaml").0.trim();
    let end = match line.strip_prefix(['"', '\'']) {
        Some(rest) => rest.find(['"', '\'']).map(|end| end + 2),
        None => line.find(": ").or_else(|| line.ends_with(':').then(|| line.len() - 1)),
    };
    end.is_some_and(|end| end > 0 && (line[end..].starts_with(": ") || &line[end..] == ":"))
}

impl Layout {
    /// How far to the right of a line's first mark what its item holds begins. None where it is no item of a list.
    pub(super) fn item(self, line: &str) -> Option<usize> {
        if !matches!(self, Self::Data | Self::Prose) {
            return None;
        }
        let mut held = 0;
        let mut bare = line.trim_start_matches([' ', '\t']);
        while let Some(marker) = fences::marker(bare).filter(|_| self == Self::Prose || bare.starts_with('-'))
        {
            held += marker;
            bare = bare.get(marker..).unwrap_or_default();
        }
        (held > 0).then_some(held)
    }
}
