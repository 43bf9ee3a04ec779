//! Whether the lines of Python fit each other: brackets, texts in quotes, and the depths of blocks.

use super::{language::first_word, levels::follows};

/// What is open at a place.
#[derive(Default)]
struct Reading {
    /// How deep the blocks stand that are open, and what their last statement begins with.
    blocks: Vec<(usize, String)>,
    /// What closes the brackets that are open.
    closing: Vec<u8>,
    /// Whether the last statement opens a block.
    opens: bool,
    is_being_written: bool,
}

/// Whether all that a text opens is closed, and each line stands where it may. Of one that is indented by both tabs and
/// blanks nothing is known: it is whole. In one that is being written a block may lack its body, and a bracket its end.
pub(super) fn are_whole(text: &str, is_being_written: bool) -> bool {
    let begins = |blank: char| text.lines().any(|line| line.starts_with(blank) && !line.trim().is_empty());
    begins('\t') && begins(' ') || read(text, is_being_written).is_some()
}

fn read(text: &str, is_being_written: bool) -> Option<()> {
    let mut reading = Reading { is_being_written, ..Reading::default() };
    let mut rest = text;
    while !rest.is_empty() {
        let line = rest.split('\n').next().unwrap_or_default();
        let bare = line.trim_start_matches([' ', '\t', '\u{c}']);
        // What begins with one of these is for a notebook.
        if bare.trim().is_empty() || bare.starts_with(['#', '%', '!']) {
            rest = rest.get(line.len() + 1..).unwrap_or_default();
            continue;
        }
        reading.begin(line.trim_start_matches('\u{c}').len() - bare.len(), bare)?;
        rest = reading.statement(&rest[line.len() - bare.len()..])?;
    }
    (is_being_written || !reading.opens).then_some(())
}

impl Reading {
    /// Begins a statement at a depth. None where none may stand there.
    fn begin(&mut self, depth: usize, line: &str) -> Option<()> {
        let word = first_word(line);
        let count = self.blocks.len();
        self.blocks.retain(|(block, _)| *block <= depth);
        let has_left = self.blocks.len() < count;
        match self.blocks.last_mut() {
            Some((block, last)) if *block == depth => {
                if self.opens && !self.is_being_written || !follows(word, last) {
                    return None;
                }
                word.clone_into(last);
            }
            Some(_) if !self.opens || has_left => return None,
            // A text may be a part of another.
            None => self.blocks.push((depth, word.to_owned())),
            Some(_) if follows_nothing(word) => return None,
            Some(_) => self.blocks.push((depth, word.to_owned())),
        }
        Some(())
    }

    /// Reads a statement, and gives back what stands behind its line. None where it has no end.
    fn statement<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let bytes = text.as_bytes();
        let (mut at, mut last) = (0, b' ');
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'#' => {
                    at += text[at..].find('\n').unwrap_or(text.len() - at);
                    continue;
                }
                b'\n' if self.closing.is_empty() => {
                    at += 1;
                    break;
                }
                b'\\' => {
                    at += 2;
                    continue;
                }
                b'"' | b'\'' => {
                    at += text_in_quotes(&text[at..])?;
                    last = byte;
                    continue;
                }
                b'(' => self.closing.push(b')'),
                b'[' => self.closing.push(b']'),
                b'{' => self.closing.push(b'}'),
                b')' | b']' | b'}' if self.closing.pop() != Some(byte) => return None,
                _ => {}
            }
            last = if byte.is_ascii_whitespace() { last } else { byte };
            at += 1;
        }
        self.opens = last == b':';
        // A letter of several bytes may stand behind a backslash.
        (self.is_being_written || self.closing.is_empty()).then(|| text.get(at..).unwrap_or_default())
    }
}

/// Whether a statement goes on from another, so that none begins with it.
fn follows_nothing(word: &str) -> bool {
    ["elif", "else", "except", "finally"].contains(&word)
}

/// Bytes of a text in quotes that begins here. None where it has no end.
fn text_in_quotes(text: &str) -> Option<usize> {
    let quote = &text[..1];
    let triple = [quote; 3].concat();
    let (mark, is_long) = if text.starts_with(&triple) { (&*triple, true) } else { (quote, false) };
    let mut at = mark.len();
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        match rest[0] {
            b'\\' => at += 2,
            b'\n' if !is_long => return None,
            _ if rest.starts_with(mark.as_bytes()) => return Some(at + mark.len()),
            _ => at += 1,
        }
    }
    None
}
