//! The texts that the editor has open, as it told of them last, and where its positions are in them.

use std::{collections::HashMap, ops::Range, sync::Arc};

use line_index::{LineIndex, TextSize};
use tower_lsp::lsp_types::{
    self as lsp, DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    PositionEncodingKind, Url,
};

/// What the columns of positions count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Encoding {
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
    pub(super) fn agreed(offered: &[PositionEncodingKind]) -> Self {
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

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn units(self, letter: char) -> usize {
        match self {
            Self::Utf8 => letter.len_utf8(),
            Self::Utf16 => letter.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// One text in one version. Cloning it is cheap.
#[derive(Clone)]
pub(super) struct Document {
    pub(super) uri: Url,
    pub(super) language: Arc<str>,
    pub(super) version: i32,
    pub(super) text: Arc<str>,
    lines: Arc<LineIndex>,
    encoding: Encoding,
}

impl Document {
    fn new(uri: Url, language: Arc<str>, version: i32, text: &str, encoding: Encoding) -> Self {
        Self { uri, language, version, text: text.into(), lines: LineIndex::new(text).into(), encoding }
    }

    /// The name of its file, without the folders.
    pub(super) fn file(&self) -> &str {
        self.uri.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default()
    }

    /// The byte at a position. What is behind the end of a line or of the text is at that end.
    pub(super) fn offset(&self, position: lsp::Position) -> usize {
        let Some(line) = self.lines.line(position.line) else { return self.text.len() };
        let (start, end) = (usize::from(line.start()), usize::from(line.end()));
        let content = self.text[start..end].trim_end_matches(['\r', '\n']);
        let mut units = position.character as usize;
        for (place, letter) in content.char_indices() {
            let width = self.encoding.units(letter);
            if units < width {
                return start + place;
            }
            units -= width;
        }
        start + content.len()
    }

    /// The position of a byte.
    pub(super) fn position(&self, offset: usize) -> lsp::Position {
        let offset = self.text.floor_char_boundary(offset);
        let byte = TextSize::try_from(offset).unwrap_or_else(|_| self.lines.len());
        let place = self.lines.line_col(byte);
        let line = &self.text[offset - place.col as usize..offset];
        let column: usize = line.chars().map(|letter| self.encoding.units(letter)).sum();
        lsp::Position { line: place.line, character: u32::try_from(column).unwrap_or(u32::MAX) }
    }

    /// The bytes of a range, which may come the wrong way round.
    pub(super) fn bytes(&self, range: lsp::Range) -> Range<usize> {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        start.min(end)..end.max(start)
    }

    /// The range of some bytes.
    pub(super) fn range(&self, bytes: Range<usize>) -> lsp::Range {
        lsp::Range { start: self.position(bytes.start), end: self.position(bytes.end) }
    }
}

/// All open texts.
#[derive(Default)]
pub(super) struct Documents {
    pub(super) encoding: Encoding,
    open: HashMap<String, Document>,
}

impl Documents {
    /// The text of this name as it is now. None where it is not open.
    pub(super) fn get(&self, uri: &Url) -> Option<Document> {
        self.open.get(&key(uri)).cloned()
    }

    pub(super) fn open(&mut self, params: DidOpenTextDocumentParams) {
        let lsp::TextDocumentItem { uri, language_id, version, text } = params.text_document;
        self.open.insert(key(&uri), Document::new(uri, language_id.into(), version, &text, self.encoding));
    }

    pub(super) fn change(&mut self, params: DidChangeTextDocumentParams) {
        let Some(document) = self.open.get_mut(&key(&params.text_document.uri)) else { return };
        for change in params.content_changes {
            let text = match change.range {
                None => change.text,
                Some(range) => {
                    let mut text = String::from(&*document.text);
                    text.replace_range(document.bytes(range), &change.text);
                    text
                }
            };
            *document = Document::new(
                document.uri.clone(),
                document.language.clone(),
                params.text_document.version,
                &text,
                document.encoding,
            );
        }
    }

    pub(super) fn close(&mut self, params: &DidCloseTextDocumentParams) {
        self.open.remove(&key(&params.text_document.uri));
    }
}

/// What two spellings of one file have in common: VS Code writes `file:///c%3A/…` where others write `file:///C:/…`.
fn key(uri: &Url) -> String {
    let text = uri.as_str();
    let Some(path) = text.strip_prefix("file:///") else { return text.to_owned() };
    let drive = path.get(..1).filter(|drive| drive.starts_with(|letter: char| letter.is_ascii_alphabetic()));
    let rest = path.get(1..).and_then(|rest| {
        rest.strip_prefix(':').or_else(|| rest.strip_prefix("%3A")).or_else(|| rest.strip_prefix("%3a"))
    });
    match (drive, rest) {
        (Some(drive), Some(rest)) => format!("file:///{}:{rest}", drive.to_ascii_lowercase()),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str, encoding: Encoding) -> Document {
        Document::new(Url::parse("file:///a.rs").unwrap(), "rust".into(), 1, text, encoding)
    }

    #[test]
    fn columns_count_what_was_agreed_on() {
        let text = "a🦀é漢b\r\nxyz\n";
        for (encoding, columns) in [
            (Encoding::Utf8, [1, 5, 7, 10]),
            (Encoding::Utf16, [1, 3, 4, 5]),
            (Encoding::Utf32, [1, 2, 3, 4]),
        ] {
            let document = document(text, encoding);
            for (column, offset) in columns.into_iter().zip([1, 5, 7, 10]) {
                let position = lsp::Position { line: 0, character: column };
                assert_eq!(document.offset(position), offset, "{encoding:?} {column}");
                assert_eq!(document.position(offset), position, "{encoding:?} {offset}");
            }
        }
    }

    #[test]
    fn positions_behind_an_end_are_at_the_end() {
        let document = document("ab🦀\r\nc", Encoding::Utf16);
        for (line, character, offset) in [(0, 99, 6), (0, 3, 2), (1, 0, 8), (1, 7, 9), (5, 0, 9)] {
            assert_eq!(document.offset(lsp::Position { line, character }), offset, "{line}:{character}");
        }
        assert_eq!(document.position(9), lsp::Position { line: 1, character: 1 });
    }

    #[test]
    fn a_drive_has_one_name() {
        let same = ["file:///c%3A/x/a.rs", "file:///C:/x/a.rs", "file:///c:/x/a.rs"];
        assert!(same.iter().all(|uri| key(&Url::parse(uri).unwrap()) == "file:///c:/x/a.rs"));
        assert_eq!(key(&Url::parse("file:///home/a.rs").unwrap()), "file:///home/a.rs");
        assert_eq!(key(&Url::parse("untitled:Untitled-1").unwrap()), "untitled:Untitled-1");
    }

    proptest::proptest! {
        /// Every character of every text is where its position says, whatever the columns count.
        #[test]
        fn positions_and_bytes_are_inverse(text in "[a-z\u{e9}\u{6f22}\u{1f980}\n\r ]{0,40}") {
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                let document = document(&text, encoding);
                for (offset, letter) in text.char_indices() {
                    if !matches!(letter, '\r' | '\n') && !text[..offset].ends_with('\r') {
                        proptest::prop_assert_eq!(document.offset(document.position(offset)), offset);
                    }
                }
            }
        }

        /// Changes by ranges lead to the text that changes of the whole text lead to.
        #[test]
        fn changes_add_up(
            text in "[a-z\u{1f980}\n]{0,30}",
            edits in proptest::collection::vec((0usize..40, 0usize..40, "[A-Z\u{6f22}\n]{0,5}"), 0..6),
        ) {
            let uri = Url::parse("file:///a.rs").unwrap();
            let mut documents = Documents::default();
            documents.open(DidOpenTextDocumentParams {
                text_document: lsp::TextDocumentItem::new(uri.clone(), "rust".into(), 0, text.clone()),
            });
            let mut expected = text;
            for (version, (from, to, new)) in (1..).zip(edits) {
                let place = |place: usize| expected.floor_char_boundary(place.min(expected.len()));
                let range = place(from).min(place(to))..place(from).max(place(to));
                let range_before = documents.get(&uri).unwrap().range(range.clone());
                expected.replace_range(range, &new);
                documents.change(DidChangeTextDocumentParams {
                    text_document: lsp::VersionedTextDocumentIdentifier::new(uri.clone(), version),
                    content_changes: vec![lsp::TextDocumentContentChangeEvent {
                        range: Some(range_before), range_length: None, text: new,
                    }],
                });
                let document = documents.get(&uri).unwrap();
                proptest::prop_assert_eq!(&*document.text, &expected);
                proptest::prop_assert_eq!(document.version, version);
            }
        }
    }
}
