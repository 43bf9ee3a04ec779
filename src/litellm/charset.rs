//! Texts that are not UTF-8, though JSON is: gateways with old defaults send them in an encoding of Western Europe.

use std::borrow::Cow;

use bytes::Bytes;

/// The names of ISO 8859-1 and its kin. All are read as Windows' extension of it, as browsers do (WHATWG Encoding).
const NAMES: [&str; 9] = [
    "iso-8859-1",
    "iso8859-1",
    "iso_8859-1",
    "latin1",
    "latin-1",
    "windows-1252",
    "cp1252",
    "us-ascii",
    "ascii",
];
/// The bytes 0x80 to 0x9F, where Windows has letters and ISO 8859-1 has none.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Whether a content type, or the beginning of a page, names such an encoding.
pub(super) fn is_western(said: &str) -> bool {
    let said = said.to_ascii_lowercase();
    said.split("charset=").skip(1).any(|named| {
        let named = named.trim_start_matches(['"', '\'']);
        let end = named.find(|letter: char| !letter.is_ascii_alphanumeric() && !"-_".contains(letter));
        NAMES.contains(&&named[..end.unwrap_or(named.len())])
    })
}

/// Makes UTF-8 of bytes that are said to be Western, piece by piece. Those that are UTF-8 all the same stay: what is
/// said is often a default that nobody thought of.
#[derive(Debug, Default)]
pub(super) struct Western {
    /// What may be the beginning of a character in UTF-8.
    open: Vec<u8>,
}

impl Western {
    pub(super) fn take(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut all = std::mem::take(&mut self.open);
        all.extend_from_slice(bytes);
        let mut text = String::with_capacity(all.len());
        let mut chunks = all.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            text.push_str(chunk.valid());
            let odd = chunk.invalid();
            let is_cut = || str::from_utf8(odd).is_err_and(|error| error.error_len().is_none());
            if chunks.peek().is_none() && is_cut() {
                self.open = odd.to_vec();
            } else {
                text.extend(odd.iter().copied().map(character));
            }
        }
        text.into_bytes()
    }

    /// Nothing more comes.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.open).into_iter().map(character).collect::<String>().into_bytes()
    }
}

/// A whole body as text.
pub(super) fn text(body: &[u8], is_western: bool) -> Cow<'_, str> {
    if !is_western || str::from_utf8(body).is_ok() {
        return String::from_utf8_lossy(body);
    }
    let mut western = Western::default();
    let bytes = [western.take(body), western.finish()].concat();
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// A whole body as UTF-8, where its content type says that it may be none.
pub(super) fn utf8(body: Bytes, content_type: Option<&str>) -> Bytes {
    match content_type.is_some_and(is_western) && str::from_utf8(&body).is_err() {
        true => text(&body, true).into_owned().into(),
        false => body,
    }
}

fn character(byte: u8) -> char {
    match byte {
        0x80..=0x9F => WINDOWS[usize::from(byte - 0x80)],
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_encodings_are_known_by_their_names() {
        for (said, expected) in [
            ("text/event-stream; charset=ISO-8859-1", true),
            ("application/json;charset=\"windows-1252\"", true),
            ("text/html <meta charset='latin1'>", true),
            ("application/json; charset=utf-8", false),
            ("application/json; charset=iso-8859-15", false),
            ("application/json; charset=", false),
            ("iso-8859-1", false),
        ] {
            assert_eq!(is_western(said), expected, "{said}");
        }
    }

    #[test]
    fn letters_of_windows_and_of_utf8_are_read() {
        for (bytes, expected) in [
            (&b"caf\xe9 \x80\x93\xff"[..], "café €“ÿ"),
            ("café 語".as_bytes(), "café 語"),
            (b"na\xefve", "naïve"),
            (b"\xe9", "é"),
            (b"", ""),
        ] {
            assert_eq!(text(bytes, true), expected);
        }
        assert_eq!(text(b"caf\xe9", false), "caf\u{FFFD}");
    }

    proptest! {
        /// Any cut of the bytes gives the same text.
        #[test]
        fn cuts_do_not_matter(bytes in prop::collection::vec(any::<u8>(), 0..40), length in 1..9_usize) {
            let mut western = Western::default();
            let mut read: Vec<u8> = bytes.chunks(length).flat_map(|piece| western.take(piece)).collect();
            read.extend(western.finish());
            prop_assert_eq!(String::from_utf8(read).unwrap(), text(&bytes, true));
        }
    }
}
