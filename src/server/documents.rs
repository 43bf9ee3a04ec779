//! The texts that the editor has open, as it told of them last, and where its positions are in them.

mod encoding;
mod identity;
mod lf;
mod mirror;
mod params;
mod recent;

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
    path::Path,
    sync::{Arc, Mutex, OnceLock},
};

use ropey::Rope;
use tokio::sync::watch;
use tower_lsp::lsp_types as lsp;

use super::quirks::{Cr, Quirks};
use crate::{
    assist::{Place, Subject, same_text, with_lf},
    config_yaml::{CredentialFile, credential_files, may_be_config},
    disclosure::{Rule, Secret},
    lock::lock,
    off_thread::aside,
    store,
};
pub(super) use encoding::Encoding;
pub(super) use identity::{path, uri};
pub use mirror::Mirror;
pub(super) use params::{DidChange, DidOpen, DocumentId, Named, position, range};
use recent::{Ahead, Open};

/// From how many bytes on a text takes a while to look through.
const LONG: usize = 128 << 10;

/// Why a text may hold secrets, and the rule that says so. None until it is looked up.
type Verdict = Option<(Rule, Option<Secret>)>;

/// One text as it was at one moment. Cloning it is cheap.
#[derive(Clone)]
pub(super) struct Document {
    /// The URI as the editor spells it.
    pub(super) uri: Arc<str>,
    pub(super) language: Arc<str>,
    /// What the editor calls this state of the text. None where it does not say.
    pub(super) version: Option<i64>,
    /// Which opening of the document this is: closed and opened again, it is another.
    opening: u64,
    lines: Rope,
    text: Arc<OnceLock<Arc<str>>>,
    /// Looked up once, for all clones.
    secret: Arc<Mutex<Verdict>>,
    /// The files of credentials that it names, looked up once, for all clones.
    credentials: Arc<OnceLock<Vec<CredentialFile>>>,
    /// What is copied of one that is too long to be read as a whole.
    beginning: OnceLock<Arc<str>>,
    encoding: Encoding,
    cr: Cr,
    /// Where lines begin, in characters, where it ends none and there is one.
    starts: OnceLock<Option<Arc<[usize]>>>,
    /// What its file goes by, looked up once for an opening.
    names: Arc<OnceLock<Vec<String>>>,
}

impl Document {
    /// The same under another name of its language.
    pub(super) fn in_language(self, language: Arc<str>) -> Self {
        Self { language, ..self }
    }

    /// Another document, whose columns are counted alike.
    pub(super) fn of_text(&self, uri: &str, text: &str) -> Self {
        Self {
            uri: uri.into(),
            lines: Rope::from_str(text),
            text: Arc::new(OnceLock::from(Arc::from(text))),
            secret: Arc::default(),
            credentials: Arc::default(),
            beginning: OnceLock::new(),
            names: Arc::default(),
            starts: OnceLock::new(),
            ..self.clone()
        }
    }

    /// The names that its file goes by: the editor's, and, behind it, that of what it leads to where it is a link.
    pub(super) fn names(&self) -> &[String] {
        self.names.get_or_init(|| store::names(Path::new(&identity::path(&self.uri))).collect())
    }

    /// From here on what is done with it is done beside the thread that serves everybody, where it is long.
    pub(super) async fn aside_where_long(&self) {
        if self.is_long() {
            aside().await;
        }
    }

    /// Whether it takes a while to look through it.
    pub(super) fn is_long(&self) -> bool {
        self.lines.len_bytes() > LONG
    }

    /// The whole text.
    pub(super) fn text(&self) -> &Arc<str> {
        self.text.get_or_init(|| String::from(&self.lines).into())
    }

    /// The text, or so many bytes of its beginning where it is longer: what nobody reads is not copied.
    pub(super) fn beginning(&self, most: usize) -> Arc<str> {
        if self.lines.len_bytes() <= most {
            return self.text().clone();
        }
        let copied = || String::from(self.lines.slice(..self.lines.byte_to_char(most))).into();
        self.beginning.get_or_init(copied).clone()
    }

    /// Why its text may hold secrets, whatever its file is called. None where it may go out. A long text takes a while the
    /// first time.
    pub(super) fn secret(&self, rule: &Rule) -> Option<Secret> {
        // Who asks meanwhile waits, and does not look through it too.
        let mut known = lock(&self.secret);
        match &*known {
            Some((by, secret)) if by == rule => secret.clone(),
            _ => known.insert((rule.clone(), rule.text(self.text()))).1.clone(),
        }
    }

    /// Whether it may be a configuration of LiteLLM's, by its name.
    pub(super) fn may_be_config(&self) -> bool {
        may_be_config(Path::new(&identity::path(&self.uri)))
    }

    /// The files of credentials that it names as a configuration does. A long text takes a while the first time.
    pub(super) fn credentials(&self) -> &[CredentialFile] {
        let look = || credential_files(Path::new(&identity::path(&self.uri)), self.text());
        self.credentials.get_or_init(look)
    }

    /// The same where they are looked up already.
    pub(super) fn known_credentials(&self) -> Option<&[CredentialFile]> {
        self.credentials.get().map(Vec::as_slice)
    }

    /// The name of its file, without the folders. Blank where it has none.
    pub(super) fn file(&self) -> String {
        identity::file_name(&self.uri)
    }

    /// The text as a model is asked about it: a selection in it, in bytes, and the name of its file.
    pub(super) fn subject<'a>(&'a self, file: &'a str, selection: &Range<usize>) -> Subject<'a> {
        let range = (selection.start, selection.end);
        let is_cr_a_letter = self.is_cr_a_letter();
        Subject { language: &self.language, file, text: self.text(), range, is_cr_a_letter }
    }

    /// Whether this is another moment of the same opening, with the same text but for its line ends.
    pub(super) fn is_unchanged_since(&self, before: &Self) -> bool {
        self.opening == before.opening && same_text(self.text(), before.text())
    }

    /// Which opening of the document this is: closed and opened again, it is another.
    pub(super) fn opening(&self) -> u64 {
        self.opening
    }

    /// Whether this is another moment of the same opening.
    pub(super) fn is_opening_of(&self, before: &Self) -> bool {
        self.opening == before.opening
    }

    /// What tells this text from others and from other openings, for arguments that come back later.
    pub(super) fn mark(&self) -> String {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        with_lf(self.text()).hash(&mut hasher);
        format!("{}-{:x}", self.opening, hasher.finish())
    }

    /// The byte at a position. What is behind the end of a line or of the text is at that end.
    pub(super) fn offset(&self, position: lsp::Position) -> usize {
        self.lines.char_to_byte(self.character(position))
    }

    /// Whether there is such a position.
    fn has(&self, position: lsp::Position) -> bool {
        self.position(self.offset(position)) == position
    }

    /// Where lines begin, where that is not as in the rope.
    fn starts(&self) -> Option<&[usize]> {
        let starts = self.starts.get_or_init(|| {
            let has_cr = self.is_cr_a_letter() && self.contains('\r');
            has_cr.then(|| {
                let feeds = self.lines.chars().enumerate().filter(|(_, character)| *character == '\n');
                std::iter::once(0).chain(feeds.map(|(at, _)| at + 1)).collect()
            })
        });
        starts.as_deref()
    }

    /// Whether CR alone ends no line in it.
    pub(super) fn is_cr_a_letter(&self) -> bool {
        self.cr.is_a_letter(|| self.contains('\n'))
    }

    fn contains(&self, letter: char) -> bool {
        self.lines.chunks().any(|chunk| chunk.contains(letter))
    }

    fn len_lines(&self) -> usize {
        self.starts().map_or_else(|| self.lines.len_lines(), <[usize]>::len)
    }

    /// The first character of a line, or the end of the text behind the last one.
    fn start_of_line(&self, line: usize) -> usize {
        match self.starts() {
            Some(starts) => starts.get(line).copied().unwrap_or(self.lines.len_chars()),
            None => self.lines.line_to_char(line),
        }
    }

    fn line_of(&self, character: usize) -> usize {
        match self.starts() {
            Some(starts) => starts.partition_point(|start| *start <= character).saturating_sub(1),
            None => self.lines.char_to_line(character),
        }
    }

    fn character(&self, position: lsp::Position) -> usize {
        let line = position.line as usize;
        if line >= self.len_lines() {
            return self.lines.len_chars();
        }
        let start = self.start_of_line(line);
        self.encoding.behind(&self.lines, start, position.character as usize).min(self.end_of_line(line))
    }

    /// The character behind the last one of a line, before its line end.
    fn end_of_line(&self, line: usize) -> usize {
        let start = self.start_of_line(line);
        let end = self.start_of_line(line + 1);
        let ends_with =
            |end: usize, line_end| usize::from(end > start && self.lines.char(end - 1) == line_end);
        let before = end - ends_with(end, '\n');
        if before < end || self.starts().is_none() { before - ends_with(before, '\r') } else { before }
    }

    /// The position of a byte.
    pub(super) fn position(&self, offset: usize) -> lsp::Position {
        let character = self.lines.byte_to_char(offset.min(self.lines.len_bytes()));
        let line = self.line_of(character);
        let start = self.start_of_line(line);
        let column = self.encoding.units(&self.lines, start, character.min(self.end_of_line(line)));
        let number = |number| u32::try_from(number).unwrap_or(u32::MAX);
        lsp::Position { line: number(line), character: number(column) }
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

    /// Whether its text is some parts one behind the other, with whatever line ends.
    pub(super) fn is_made_of(&self, parts: &[&str]) -> bool {
        lf::is_made_of(&self.lines, parts)
    }

    /// The position behind so many bytes of its text, of which a line end is one.
    pub(super) fn behind(&self, bytes: usize) -> lsp::Position {
        self.position(lf::offset(&self.lines, bytes))
    }

    /// A range as the place of an answer.
    pub(super) fn place(&self, range: lsp::Range) -> Place<'_> {
        let (bytes, all) = (self.bytes(range), self.text());
        Place {
            language: &self.language,
            selection: &all[bytes.clone()],
            before: &all[..bytes.start],
            after: &all[bytes.end..],
            is_cr_a_letter: self.is_cr_a_letter(),
            ..Place::default()
        }
    }

    /// A text with the line ends that are used at a range.
    pub(super) fn with_line_ends(&self, range: lsp::Range, text: &str) -> String {
        self.place(range).with_line_ends(with_lf(text).into_owned())
    }

    fn change(&mut self, change: &params::Change) {
        (self.text, self.beginning) = (Arc::default(), OnceLock::new());
        (self.secret, self.credentials) = (Arc::default(), Arc::default());
        let Some(range) = change.range else {
            self.lines = Rope::from_str(&change.text);
            self.starts = OnceLock::new();
            return;
        };
        let (start, end) = (self.character(range.start), self.character(range.end));
        let (start, end) = (start.min(end), end.max(start));
        self.starts = OnceLock::new();
        self.lines.remove(start..end);
        self.lines.insert(start, &change.text);
    }
}

/// How an editor counts in its texts.
#[derive(Clone, Copy)]
struct Counting {
    encoding: Encoding,
    cr: Cr,
}

impl Counting {
    /// A text that nothing is known of yet, with the number of its opening and its version.
    fn document(
        self,
        uri: &str,
        language: &str,
        text: &str,
        (opening, version): (u64, Option<i64>),
    ) -> Document {
        Document {
            uri: uri.into(),
            language: language.into(),
            version,
            opening,
            lines: Rope::from_str(text),
            text: Arc::new(OnceLock::from(Arc::from(text))),
            secret: Arc::default(),
            credentials: Arc::default(),
            beginning: OnceLock::new(),
            encoding: self.encoding,
            cr: self.cr,
            starts: OnceLock::new(),
            names: Arc::default(),
        }
    }
}

/// Takes a text that is opened. A long one is read while nobody waits for the others.
pub(super) fn open(documents: &Mutex<Documents>, params: DidOpen) {
    let params::OpenDocument { uri, language_id, version, text } = params.text_document;
    let (opening, counting) = {
        let mut documents = lock(documents);
        documents.openings += 1;
        (documents.openings, documents.counting())
    };
    let mut opened = Open::new(counting.document(&uri, &language_id, &text, (opening, version)));
    let key = identity::key(&uri);
    let mut documents = lock(documents);
    documents.lost.remove(&key);
    let was_open = documents.open.contains_key(&key);
    if documents.quirks.overtakes && !documents.ahead.open(&key, &mut opened, was_open) {
        return;
    }
    let former = documents.open.insert(key, opened);
    documents.news.send_replace(());
    drop(documents);
    drop(former);
}

/// Takes the changes of a text in the order of their versions, while nobody waits for the others. One that can't be read
/// leaves nothing known of the text: an old one would be worse than none.
pub(super) fn change(documents: &Mutex<Documents>, params: DidChange) {
    let key = identity::key(&params.text_document.uri);
    let open = {
        let mut documents = lock(documents);
        documents.changes += 1;
        documents.open.get(&key).cloned()
    };
    let version = params.text_document.version;
    let changes = params.changes();
    let Some(mut open) = open else {
        let mut documents = lock(documents);
        if documents.quirks.overtakes
            && !documents.lost.contains(&key)
            && let Some(changes) = changes
        {
            documents.ahead.change(&key, version, changes);
        }
        return;
    };
    let Some(changes) = changes else {
        return lock(documents).lose(Some(&open.document.uri));
    };
    open.take(version, changes);
    let mut documents = lock(documents);
    let former = documents.open.insert(key, open);
    documents.news.send_replace(());
    drop(documents);
    drop(former);
}

/// All open texts.
#[derive(Default)]
pub(super) struct Documents {
    pub(super) encoding: Encoding,
    pub(super) quirks: Quirks,
    open: HashMap<Vec<u8>, Open>,
    /// Those that are open in the editor, and of which only that is known.
    lost: HashSet<Vec<u8>>,
    /// What has overtaken the opening of a text or its end, in editors whose messages do.
    ahead: Ahead,
    openings: u64,
    /// How many changes there were.
    changes: u64,
    news: watch::Sender<()>,
}

impl Documents {
    /// The text of this name as it is now. None where it is not open.
    pub(super) fn get(&self, uri: &str) -> Option<Document> {
        self.open.get(&identity::key(uri)).map(|open| open.document.clone())
    }

    /// A text that is not open, or not as it is open.
    pub(super) fn detached(&self, uri: &str, language: &str, text: &str) -> Document {
        self.counting().document(uri, language, text, (0, None))
    }

    fn counting(&self) -> Counting {
        Counting { encoding: self.encoding, cr: self.quirks.cr }
    }

    /// Every open text.
    pub(super) fn all(&self) -> impl Iterator<Item = &Document> {
        self.open.values().map(|open| &open.document)
    }

    /// How many changes of texts the editor has told of.
    pub(super) fn changes(&self) -> u64 {
        self.changes
    }

    /// Sees when any text changes.
    pub(super) fn news(&self) -> watch::Receiver<()> {
        self.news.subscribe()
    }

    /// Something beside the texts has changed that is looked at with them: what is shown of them may be another.
    pub(super) fn touch(&self) {
        self.news.send_replace(());
    }

    /// Whether all changes have come that were made before a question about a position was asked, as far as can be told.
    pub(super) fn is_settled(&self, uri: &str, position: lsp::Position) -> bool {
        let open = self.open.get(&identity::key(uri)).filter(|_| self.quirks.overtakes);
        open.is_none_or(|open| !open.has_gap() && open.document.has(position))
    }

    /// Expects no more changes that are late.
    pub(super) fn settle(&mut self, uri: &str) {
        if let Some(open) = self.open.get_mut(&identity::key(uri)) {
            open.settle();
        }
    }

    pub(super) fn close(&mut self, params: &Named) {
        let key = identity::key(&params.text_document.uri);
        let was_lost = self.lost.remove(&key);
        let is_open = self.open.contains_key(&key);
        if self.quirks.overtakes && !was_lost && !self.ahead.close(&key, is_open) {
            return;
        }
        self.open.remove(&key);
        self.news.send_replace(());
    }

    /// Something happened to a text, or to nobody knows which, that could not be read: until it is opened again nothing is
    /// known of it, and nothing is written into it.
    pub(super) fn lose(&mut self, uri: Option<&str>) {
        let lost: Vec<_> = match uri {
            Some(uri) => {
                let key = identity::key(uri);
                self.open.remove(&key);
                vec![key]
            }
            None => self.open.drain().map(|(key, _)| key).collect(),
        };
        if lost.is_empty() {
            return;
        }
        tracing::warn!("a message about texts can't be read, so what they hold is not known");
        self.lost.extend(lost);
        self.news.send_replace(());
    }

    /// Whether a text is open in the editor and what it holds is not known.
    pub(super) fn is_lost(&self, uri: &str) -> bool {
        self.lost.contains(&identity::key(uri))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_value, json};

    use super::*;

    const URI: &str = "file:///a.rs";

    fn documents(text: &str, encoding: Encoding) -> Documents {
        let mut documents = Documents { encoding, ..Documents::default() };
        let item = json!({"uri": URI, "languageId": "rust", "version": 1, "text": text});
        open(&mut documents, item);
        documents
    }

    /// Does something with documents as an editor has them.
    fn within(documents: &mut Documents, doing: impl FnOnce(&Mutex<Documents>)) {
        let all = Mutex::new(std::mem::take(documents));
        doing(&all);
        *documents = all.into_inner().unwrap();
    }

    fn open(documents: &mut Documents, item: Value) {
        let params = from_value(json!({"textDocument": item})).unwrap();
        within(documents, |all| super::open(all, params));
    }

    fn document(text: &str, encoding: Encoding) -> Document {
        documents(text, encoding).get(URI).unwrap()
    }

    fn change(documents: &mut Documents, version: Value, changes: Value) {
        let params = json!({"textDocument": {"uri": URI, "version": version}, "contentChanges": changes});
        let params = from_value(params).unwrap();
        within(documents, |all| super::change(all, params));
    }

    #[tokio::test]
    async fn a_long_text_is_worked_on_beside_the_thread_that_serves_everybody() {
        let here = std::thread::current().id();
        for (length, is_here) in [(LONG, true), (LONG + 1, false)] {
            let document = document(&"x".repeat(length), Encoding::Utf16);
            let working = async move {
                document.aside_where_long().await;
                std::thread::current().id() == here
            };
            assert_eq!(crate::off_thread::Work::new(working, false).finish().await, is_here, "{length}");
        }
    }

    #[test]
    fn a_text_is_looked_through_once_for_each_rule_and_each_change() {
        let mut documents = documents("diff --git a/.env b/.env\n", Encoding::Utf16);
        let known = |documents: &Documents| Arc::clone(&documents.get(URI).unwrap().secret);
        let [rule, other] =
            [&[][..], &["!.env".to_owned()]].map(|patterns| Rule::new(patterns.to_vec(), Vec::new()));
        let first = known(&documents);
        for (rule, is_secret) in [(&rule, true), (&rule, true), (&other, false), (&rule, true)] {
            // Each asks a clone of its own, and all see what the first one found.
            assert_eq!(documents.get(URI).unwrap().secret(rule).is_some(), is_secret);
            assert_eq!(lock(&first).as_ref().map(|(by, _)| by == rule), Some(true));
        }
        *lock(&first) = Some((rule.clone(), None));
        assert_eq!(documents.get(URI).unwrap().secret(&rule), None, "it is not looked through again");
        change(&mut documents, json!(2), json!([{"text": "diff --git a/.env b/.env\n\n"}]));
        assert!(documents.get(URI).unwrap().secret(&rule).is_some());
        assert!(!Arc::ptr_eq(&first, &known(&documents)));
        let at = json!({"line": 0, "character": 0});
        change(&mut documents, json!(3), json!([{"text": "x", "range": {"start": at, "end": at}}]));
        assert_eq!(documents.get(URI).unwrap().secret(&rule), None);
        let other_text = documents.get(URI).unwrap().of_text(URI, "diff --git a/.env b/.env\n");
        assert!(other_text.secret(&rule).is_some());
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
    fn lines_end_with_all_three_line_ends() {
        for text in ["one\ntwo\nthree", "one\r\ntwo\r\nthree", "one\rtwo\rthree", "one\rtwo\r\nthree"] {
            let document = document(text, Encoding::Utf16);
            let word = |line| &text[document.offset(at(line, 0))..document.offset(at(line, 99))];
            for (line, expected) in (0..).zip(["one", "two", "three"]) {
                assert_eq!(word(line), expected, "{text:?}");
            }
            assert_eq!(document.behind("one\ntw".len()), at(1, 2));
            assert_eq!(document.position(text.find("three").unwrap()), at(2, 0));
        }
    }

    /// Lines are counted as the editor does.
    #[test]
    fn an_editor_may_take_cr_for_no_line_end() {
        for (client, text, lines) in [
            ("helix", "é\rtwo\rthree", &[11][..]),
            ("helix", "é\rtwo\r", &[6]),
            ("helix", "one\r\ntwo\rx\nend", &[3, 5, 3]),
            ("Eglot", "one\ntwo", &[3, 3]),
            ("emacs", "a\rb\nend", &[3, 3]),
            ("kakoune-lsp", "a\rb\nend", &[3, 3]),
            ("Neovim", "a\rb\nend", &[3, 3]),
            ("Neovim", "a\r\nb\rc\r\nend", &[1, 3, 3]),
            ("Neovim", "a\rb\rend", &[1, 1, 3]),
            ("VS Code", "a\rb\nend", &[1, 1, 3]),
            ("", "a\rb\nend", &[1, 1, 3]),
        ] {
            let mut all = documents("", Encoding::Utf16);
            all.quirks = Quirks::of(client);
            let item = json!({"uri": URI, "languageId": "rust", "version": 1, "text": text});
            open(&mut all, item);
            let document = all.get(URI).unwrap();
            let mut start = 0;
            for (line, length) in (0..).zip(lines) {
                assert_eq!(document.position(start), at(line, 0), "{client} {text:?}");
                let end = document.offset(at(line, 99));
                assert_eq!(
                    (document.position(end), document.text()[start..end].encode_utf16().count()),
                    (at(line, *length), *length as usize),
                    "{client} {text:?}"
                );
                start = document.offset(at(line + 1, 0));
            }
            assert_eq!(start, text.len(), "{client} {text:?}");
        }
    }

    /// What is written counts: the last line end that goes or the first that comes makes letters line ends, or back.
    #[test]
    fn what_a_cr_is_follows_the_text() {
        for (client, text, from, to, new, last) in [
            ("helix", "é\rtwo\r", at(0, 6), at(0, 6), "\r1\r", at(0, 9)),
            ("Neovim", "a\rb", at(1, 1), at(1, 1), "\nc", at(1, 1)),
            ("Neovim", "a\rb\nc", at(0, 3), at(1, 1), "", at(1, 1)),
        ] {
            let mut all = documents("", Encoding::Utf16);
            all.quirks = Quirks::of(client);
            let item = json!({"uri": URI, "languageId": "rust", "version": 1, "text": text});
            open(&mut all, item);
            change(&mut all, json!(2), json!([{"text": new, "range": {"start": from, "end": to}}]));
            assert_eq!(all.get(URI).unwrap().position(usize::MAX), last, "{client} {text:?}");
        }
    }

    fn at(line: u32, character: u32) -> lsp::Position {
        lsp::Position { line, character }
    }

    #[test]
    fn changes_of_every_shape_are_taken() {
        let text = |documents: &Documents| documents.get(URI).map(|document| document.text().to_string());
        let mut all = documents("a = 1\n", Encoding::Utf16);
        change(&mut all, Value::Null, json!([{"text": "b = 2\n"}]));
        assert_eq!((text(&all).as_deref(), all.get(URI).unwrap().version), (Some("b = 2\n"), None));
        change(&mut all, json!("3"), json!({"text": "c = 3\n", "range": null}));
        assert_eq!((text(&all).as_deref(), all.get(URI).unwrap().version), (Some("c = 3\n"), Some(3)));
        let range = json!({"start": {"line": 0.0, "character": 4.0}, "end": {"line": -1, "character": 1e12}});
        change(&mut all, json!(4.0), json!([{"range": range, "text": ""}, {"text": "!", "range": range}]));
        assert_eq!((text(&all).as_deref(), all.get(URI).unwrap().version), (Some("c = !\n"), Some(4)));
        change(&mut all, json!(5), Value::Null);
        assert_eq!(text(&all).as_deref(), Some("c = !\n"));
        // What can't be read leaves no old text behind.
        change(&mut all, json!(6), json!([{"text": 7}]));
        assert_eq!(text(&all), None);
        for item in
            [json!({"uri": ""}), json!({"uri": "/a", "languageId": null, "version": null, "text": null})]
        {
            let uri = item["uri"].as_str().unwrap().to_owned();
            open(&mut all, item);
            assert_eq!(all.get(&uri).map(|document| document.text().to_string()), Some(String::new()));
        }
    }

    #[test]
    fn a_change_is_late_that_was_made_since_the_last_ones() {
        let mut all = documents("", Encoding::Utf16);
        all.quirks.overtakes = true;
        let end = at(9, 9);
        let typed = |all: &mut Documents, version, text: &str| {
            change(all, version, json!([{"range": {"start": at(0, 0), "end": at(0, 0)}, "text": text}]));
            all.get(URI).unwrap().text().to_string()
        };
        assert_eq!(typed(&mut all, json!(3), "3"), "3");
        assert!(!all.is_settled(URI, at(0, 1)), "the second has not come");
        assert_eq!(typed(&mut all, json!(2), "2"), "32");
        assert!(all.is_settled(URI, at(0, 2)) && !all.is_settled(URI, at(0, 3)), "nothing stands there yet");
        // An editor that counts otherwise is believed.
        let mut expected = "32".to_owned();
        for version in [json!(3), json!(1), Value::Null, json!(9)] {
            expected.insert(0, 'a');
            assert_eq!(typed(&mut all, version, "a"), expected);
        }
        // What has not come in time is not waited for again.
        typed(&mut all, json!(11), "11");
        assert!(!all.is_settled(URI, at(0, 0)));
        all.settle(URI);
        assert!(all.is_settled(URI, at(0, 0)));
        assert_eq!(typed(&mut all, json!(10), "10"), format!("1011{expected}"));
        // Nor is a change late by very many.
        for version in 13..99 {
            typed(&mut all, json!(version), "");
        }
        assert!(all.is_settled(URI, at(0, 0)) && !all.is_settled(URI, end));
        assert_eq!(typed(&mut all, json!(12), "12"), format!("121011{expected}"));
        all.quirks.overtakes = false;
        assert!(all.is_settled(URI, end), "only some editors are waited for");
    }

    /// What is open in the end is what the editor has, in whatever order its messages come.
    #[test]
    fn an_opening_and_an_end_may_be_overtaken_too() {
        let place = json!({"start": at(0, 0), "end": at(0, 0)});
        for (messages, expected) in [
            (&["change 2", "open"][..], Some("2o")),
            (&["change 3", "change 2", "open", "change 4"], Some("432o")),
            (&["change 2", "close", "open"], None),
            (&["close", "open"], None),
            (&["close", "change 2", "open"], None),
            (&["open", "change 2", "open", "close"], Some("o")),
            (&["open", "open", "change 2", "close", "close"], None),
            (&["open", "close", "change 2", "open"], Some("2o")),
            (&["open", "close", "change 9", "open"], Some("o")),
            (&["open", "close", "open", "close"], None),
            (&["close", "open", "open", "change 2"], Some("2o")),
        ] {
            let mut all = Documents::default();
            all.quirks.overtakes = true;
            for message in messages {
                match message.split_once(' ') {
                    Some((_, version)) => {
                        let changes = json!([{"range": place, "text": version}]);
                        change(&mut all, version.parse::<i64>().unwrap().into(), changes);
                    }
                    None if *message == "open" => {
                        let item = json!({"uri": URI, "languageId": "rust", "version": 1, "text": "o"});
                        open(&mut all, item);
                    }
                    None => all.close(&from_value(json!({"textDocument": {"uri": URI}})).unwrap()),
                }
            }
            let text = all.get(URI).map(|document| document.text().to_string());
            assert_eq!(text.as_deref(), expected, "{messages:?}");
        }
    }

    #[test]
    fn an_opening_is_a_document_of_its_own() {
        let mut all = documents("a\nb", Encoding::Utf16);
        let before = all.get(URI).unwrap();
        change(&mut all, json!(2), json!([{"text": "a\r\nb"}]));
        assert!(all.get(URI).unwrap().is_unchanged_since(&before), "line ends are no change");
        assert_eq!(all.get(URI).unwrap().mark(), before.mark());
        change(&mut all, json!(2), json!([{"text": "a\nc"}]));
        assert!(
            !all.get(URI).unwrap().is_unchanged_since(&before),
            "the version is the same, the text is not"
        );
        all.close(&from_value(json!({"textDocument": {"uri": URI}})).unwrap());
        assert!(all.get(URI).is_none());
        let item = json!({"uri": URI, "languageId": "rust", "version": 1, "text": "a\nb"});
        open(&mut all, item);
        assert!(!all.get(URI).unwrap().is_unchanged_since(&before), "it was closed meanwhile");
    }

    /// What lines LSP sees in a text.
    fn lines(text: &str) -> Vec<String> {
        with_lf(text).split('\n').map(str::to_owned).collect()
    }

    proptest::proptest! {
        /// Every character of every text is where its position says, whatever the columns count.
        #[test]
        fn positions_and_bytes_are_inverse(text in "[a-z\u{e9}\u{6f22}\u{1f980}\n\r ]{0,40}") {
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                let document = document(&text, encoding);
                proptest::prop_assert_eq!(document.lines.len_lines(), lines(&text).len());
                for (offset, letter) in text.char_indices() {
                    if letter != '\n' || !text[..offset].ends_with('\r') {
                        proptest::prop_assert_eq!(document.offset(document.position(offset)), offset);
                    }
                }
            }
        }

        /// Changes by ranges lead to the text that changes of the whole text lead to, also where they overtake each other.
        #[test]
        fn changes_add_up(
            text in "[a-z\u{1f980}\n\r]{0,30}",
            edits in proptest::collection::vec((0usize..40, 0usize..40, "[A-Z\u{6f22}\n\r]{0,5}"), 1..6),
            order in proptest::strategy::Strategy::prop_shuffle(proptest::strategy::Just([0, 1, 2, 3, 4])),
        ) {
            let (mut at_once, mut one_by_one) =
                (documents(&text, Encoding::Utf16), documents(&text, Encoding::Utf16));
            one_by_one.quirks.overtakes = true;
            let mut expected = text;
            let mut changes = Vec::new();
            for (from, to, new) in edits {
                // Between the letters of a line end there is no position.
                let place = |place: usize| {
                    let place = expected.floor_char_boundary(place.min(expected.len()));
                    let within = expected[..place].ends_with('\r') && expected[place..].starts_with('\n');
                    place - usize::from(within)
                };
                let bytes = place(from).min(place(to))..place(from).max(place(to));
                let range = document(&expected, Encoding::Utf16).range(bytes.clone());
                expected.replace_range(bytes, &new);
                changes.push(json!({"range": range, "text": new}));
            }
            let newest = changes.len() + 1;
            for number in order.into_iter().filter(|number| *number < changes.len()) {
                change(&mut one_by_one, json!(number + 2), json!([changes[number]]));
            }
            change(&mut at_once, json!(newest), changes.into());
            for documents in [at_once, one_by_one] {
                let changed = documents.get(URI).unwrap();
                proptest::prop_assert_eq!(&**changed.text(), &expected);
                proptest::prop_assert_eq!(changed.version, i64::try_from(newest).ok());
                proptest::prop_assert!(documents.is_settled(URI, changed.position(usize::MAX)));
            }
        }
    }
}
