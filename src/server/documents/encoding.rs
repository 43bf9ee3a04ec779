//! What the columns of positions count.

use ropey::Rope;
use tower_lsp::lsp_types::PositionEncodingKind;

/// What the columns of positions count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::server) enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 units: what holds where nothing is agreed on.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The first that is known of those a client offers, for it names the one that it likes best first.
    pub(in crate::server) fn agreed(offered: &[PositionEncodingKind]) -> Self {
        offered.iter().find_map(Self::known).unwrap_or_default()
    }

    fn known(kind: &PositionEncodingKind) -> Option<Self> {
        match kind.as_str() {
            "utf-8" => Some(Self::Utf8),
            "utf-16" => Some(Self::Utf16),
            "utf-32" => Some(Self::Utf32),
            _ => None,
        }
    }

    pub(in crate::server) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    /// The units between two characters of a text.
    pub(super) fn units(self, text: &Rope, from: usize, to: usize) -> usize {
        match self {
            Self::Utf8 => text.char_to_byte(to) - text.char_to_byte(from),
            Self::Utf16 => text.char_to_utf16_cu(to) - text.char_to_utf16_cu(from),
            Self::Utf32 => to - from,
        }
    }

    /// The character that is some units behind another, or the last one.
    pub(super) fn behind(self, text: &Rope, from: usize, units: usize) -> usize {
        match self {
            Self::Utf8 => text.byte_to_char((text.char_to_byte(from) + units).min(text.len_bytes())),
            Self::Utf16 => {
                text.utf16_cu_to_char((text.char_to_utf16_cu(from) + units).min(text.len_utf16_cu()))
            }
            Self::Utf32 => (from + units).min(text.len_chars()),
        }
    }
}
