//! The fenced blocks of a Markdown text.

use std::borrow::Cow;

use super::{language, prose};

/// A fenced block within a text whose line ends are LF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block<'a> {
    /// What its fence says of it, such as `rust`.
    pub(super) info: &'a str,
    /// What it holds, with the line end of its last line.
    pub(super) inside: &'a str,
    /// Whether its fence closes it.
    pub(super) closed: bool,
}

/// A text cut into fenced blocks and what stands outside them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fenced<'a> {
    pub(super) blocks: Vec<Block<'a>>,
    pub(super) outside: Vec<&'a str>,
    /// Whether it ends with a fence that closes nothing.
    pub(super) has_stray_end: bool,
}

/// A line that is a fence: its letter, how many there are, and what follows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fence<'a> {
    letter: char,
    length: usize,
    /// What it says of what it holds, such as `rust`.
    pub info: &'a str,
}

impl<'a> Fence<'a> {
    /// The fence that a line is, by CommonMark's rule: three or more backticks or tildes, indented by three at most.
    pub fn of(line: &'a str) -> Option<Self> {
        let bare = line.trim_start_matches(' ');
        let letter = bare.chars().next().filter(|letter| matches!(letter, '`' | '~'))?;
        let info = bare.trim_start_matches(letter);
        let length = bare.len() - info.len();
        let is_fence = line.len() - bare.len() < 4 && length >= 3 && !(letter == '`' && info.contains('`'));
        is_fence.then_some(Self { letter, length, info: info.trim() })
    }

    /// Whether this fence ends a block that another began.
    pub fn closes(self, open: Fence<'_>) -> bool {
        self.letter == open.letter && self.length >= open.length && self.info.is_empty()
    }
}

/// Cuts a text at its fences.
pub(super) fn cut(text: &str) -> Fenced<'_> {
    let mut fenced = Fenced::default();
    let mut open: Option<(Fence<'_>, usize)> = None;
    let (mut place, mut outside) = (0, 0);
    for line in text.split_inclusive('\n') {
        let end = place + line.len();
        match (Fence::of(line.trim_end_matches('\n')), open) {
            (Some(fence), None) => {
                fenced.outside.push(&text[outside..place]);
                open = Some((fence, end));
            }
            (Some(fence), Some((begun, inside))) if fence.closes(begun) => {
                fenced.blocks.push(Block { info: begun.info, inside: &text[inside..place], closed: true });
                (open, outside) = (None, end);
            }
            _ => {}
        }
        place = end;
    }
    match open {
        Some((begun, inside)) if is_bare(begun.info) && text[inside..].trim().is_empty() => {
            fenced.has_stray_end = true;
        }
        Some((begun, inside)) => {
            fenced.blocks.push(Block { info: begun.info, inside: &text[inside..], closed: false });
        }
        None => fenced.outside.push(&text[outside..]),
    }
    fenced.outside.retain(|text| !text.trim().is_empty());
    fenced
}

/// What an outer fence holds that wraps the whole text, blocks within it included; models write the inner fences as
/// long as the outer one, so those are told apart by what stands behind them. None where there is no such fence.
pub(super) fn unwrapped(text: &str) -> Option<Block<'_>> {
    let text = text.trim_matches('\n');
    let (first, rest) = text.split_once('\n')?;
    let outer = Fence::of(first)?;
    let rest = rest.trim_end();
    let (inside, last) = match rest.rsplit_once('\n') {
        Some((before, last)) => (&rest[..=before.len()], last),
        None => ("", rest),
    };
    if !Fence::of(last)?.closes(outer) {
        return None;
    }
    let mut open: Option<Fence<'_>> = None;
    for fence in inside.lines().filter_map(Fence::of) {
        open = match open {
            Some(begun) if fence.closes(begun) => None,
            Some(begun) => Some(begun),
            // The outer fence ends here, and more follows.
            None if fence.closes(outer) && !is_markdown(outer.info) => return None,
            None => Some(fence),
        };
    }
    open.is_none().then_some(Block { info: outer.info, inside, closed: true })
}

/// What a fence of Markdown holds that stands in front of a whole text and is never closed. None where there is none.
pub(super) fn begun(text: &str) -> Option<Block<'_>> {
    let (first, inside) = text.trim_start_matches('\n').split_once('\n')?;
    let fence = Fence::of(first).filter(|fence| is_markdown(fence.info))?;
    open(inside).is_none().then_some(Block { info: fence.info, inside, closed: false })
}

/// A text without a fence at its end that would begin a block for what stands behind it.
pub(super) fn without_stray_end(text: &str) -> &str {
    match unclosed(text) {
        Some((fence, inside)) if is_bare(fence.info) && text[inside..].trim().is_empty() => {
            let before = text[..inside].trim_end();
            &before[..before.rfind('\n').map_or(0, |end| end + 1)]
        }
        _ => text,
    }
}

/// The fence that is open at the end of a text. None where there is none.
pub(super) fn open(text: &str) -> Option<Fence<'_>> {
    let mut open: Option<Fence<'_>> = None;
    for fence in text.split(['\n', '\r']).filter_map(Fence::of) {
        open = match open {
            Some(begun) if fence.closes(begun) => None,
            Some(begun) => Some(begun),
            None => Some(fence),
        };
    }
    open
}

/// A text whose first line is an indented fence, without this indentation: in front of a list's code stand its blanks.
pub(super) fn flush(text: &str) -> Cow<'_, str> {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let blanks = &first[..first.len() - first.trim_start().len()];
    if blanks.is_empty() || Fence::of(first.trim_start()).is_none() {
        return Cow::Borrowed(text);
    }
    // Where the code has less of it the fences alone are indented.
    let is_shared = text.lines().all(|line| line.trim().is_empty() || line.starts_with(blanks));
    let lines = text.split('\n').map(|line| match line.strip_prefix(blanks) {
        Some(bare) if is_shared || Fence::of(bare).is_some() => bare,
        _ => line,
    });
    Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
}

/// A text whose blocks are not indented, as those of a list are: each of their lines is without as many blanks as stand
/// in front of the fence, by CommonMark's rule, but for blocks whose lines have fewer: theirs tell how deep they are.
fn dedented(text: &str) -> Cow<'_, str> {
    if !may_be_in(text) {
        return Cow::Borrowed(text);
    }
    let mut open: Option<(Fence<'_>, usize)> = None;
    let mut shown = 0;
    let mut items = Items::default();
    let mut without = String::with_capacity(text.len());
    let mut begin = 0;
    for line in text.split_inclusive('\n') {
        begin += line.len();
        let (blanks, bare) = indentation(line);
        let fence = Fence::of(bare.trim_end_matches('\n'));
        let line = match (open, fence) {
            (Some((begun, indent)), fence) => {
                if fence.is_some_and(|fence| fence.closes(begun)) && blanks < shown + 4 {
                    open = None;
                    without_indent(line, shown)
                } else {
                    without_indent(line, indent)
                }
            }
            (None, Some(fence)) if items.may_hold_a_fence(blanks) => {
                let held = text[begin..].lines().map(indentation);
                let held = held.take_while(|(_, line)| !Fence::of(line).is_some_and(|end| end.closes(fence)));
                let least = held.filter(|(_, line)| !line.trim().is_empty()).map(|(blanks, _)| blanks).min();
                (shown, open) = (blanks, Some((fence, blanks.min(least.unwrap_or(blanks)))));
                bare
            }
            (None, _) => {
                items.read(blanks, bare);
                line
            }
        };
        without.push_str(line);
    }
    Cow::Owned(without)
}

/// Whether a fence says nothing of what it holds.
pub(super) fn is_bare(info: &str) -> bool {
    !info.contains(char::is_alphanumeric)
}

/// An answer whose fences came escaped, with a backslash before some letter of theirs, with fences; what stands before the
/// first of them are words at most.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    let mark = |line: &str| {
        let bare = line.trim_start();
        let letters = bare.len() - bare.trim_start_matches(['\\', '`', '~']).len();
        let fence = bare[..letters].replace('\\', "");
        (bare.starts_with('\\') && Fence::of(&fence).is_some())
            .then(|| (line.len() - bare.len(), letters, fence))
    };
    if !text.contains("\\`") && !text.contains("\\~") {
        return Cow::Borrowed(text);
    }
    let Some(first) = text.split('\n').find(|line| !prose::is_of_words(line)) else {
        return Cow::Borrowed(text);
    };
    if mark(first).is_none() {
        return Cow::Borrowed(text);
    }
    let lines = text.split('\n').map(|line| match mark(line) {
        Some((blanks, letters, fence)) => format!("{}{fence}{}", &line[..blanks], &line[blanks + letters..]),
        None => line.to_owned(),
    });
    Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
}

/// An answer whose blocks begin at the margin, with their fences on lines of their own.
pub(super) fn plain(text: Cow<'_, str>) -> Cow<'_, str> {
    [unescaped, dedented, mended].into_iter().fold(text, |text, step| match text {
        Cow::Borrowed(text) => step(text),
        Cow::Owned(text) => step(&text).into_owned().into(),
    })
}

/// An answer whose fences stand on lines of their own, where a model has put the first behind a word, the last behind
/// the code, or a word behind it, has closed a block with another fence than it began with, or has put all into one
/// line. What is not certain is left as it is.
fn mended(text: &str) -> Cow<'_, str> {
    if !may_be_in(text) {
        return Cow::Borrowed(text);
    }
    if let Some(block) = of_one_line(text.trim()) {
        return Cow::Owned(block);
    }
    let code = text.trim_end().trim_end_matches('`');
    if text.trim_end().len() - code.len() > 2 && !code.ends_with('\n') && !may_be_in(code) {
        // The fence at the end alone, behind the code.
        return Cow::Owned(format!("{code}\n```"));
    }
    let text = behind_a_word(text);
    match late_end(&text) {
        Some((before, behind, fence)) => {
            let line_end = if before.ends_with('\n') { "" } else { "\n" };
            let behind = if is_bare(behind) { "" } else { behind.trim_start_matches(' ') };
            Cow::Owned(format!("{before}{line_end}{fence}\n{behind}"))
        }
        None => text,
    }
}

/// A block on lines of its own that an answer of one line holds between its fences.
fn of_one_line(text: &str) -> Option<String> {
    let inside = text.strip_prefix("```")?.strip_suffix("```")?.trim_matches('`').trim();
    if inside.is_empty() || text.contains('\n') || inside.contains("```") {
        return None;
    }
    let (info, code) = match inside.split_once(' ') {
        Some((first, code)) if language::is_known(first) => (first, code.trim_start()),
        _ => ("", inside),
    };
    Some(format!("```{info}\n{code}\n```"))
}

/// A text whose first line has a fence behind its words, with this on a line of its own.
fn behind_a_word(text: &str) -> Cow<'_, str> {
    let begin = text.len() - text.trim_start().len();
    let first = text[begin..].lines().next().unwrap_or_default();
    let fence = first.find("```").or_else(|| first.find("~~~")).filter(|&at| at > 0);
    match fence.map(|at| (first[..at].trim(), begin + at)) {
        Some((word, at))
            if (word.chars().all(|mark| "*_".contains(mark))
                || word.starts_with(char::is_alphabetic) && prose::is_of_words(word))
                && Fence::of(&first[at - begin..]).is_some() =>
        {
            Cow::Owned(format!("{}\n{}", &text[..at], &text[at..]))
        }
        _ => Cow::Borrowed(text),
    }
}

/// What stands before and behind the only line that may end the block left open, and the fence that does. None where
/// there is none, or no telling.
fn late_end(text: &str) -> Option<(&str, &str, String)> {
    let (open, inside) = unclosed(text)?;
    let end = text.trim_end().len();
    let mut found = None;
    let mut place = inside;
    for line in text[inside..].split_inclusive('\n') {
        let begin = place;
        place += line.len();
        let bare = line.trim_start_matches(' ');
        let begins = bare.starts_with("```") || bare.starts_with("~~~");
        let candidate = if begins && line.len() - bare.len() < 4 {
            let behind = bare.trim_start_matches(bare.chars().next().unwrap_or_default());
            // A language, as a fence has that begins a block.
            if behind.starts_with(char::is_alphanumeric) {
                return None;
            }
            Some((begin, place - behind.len()))
        } else if place >= end && !line.trim().is_empty() {
            let code = line.trim_end().trim_end_matches(['*', '.', ' ']);
            let bare = code.trim_end_matches(open.letter);
            (code.len() - bare.len() >= open.length).then_some((begin + bare.len(), begin + code.len()))
        } else {
            None
        };
        if candidate.is_some() && found.replace(candidate).is_some() {
            return None;
        }
    }
    let (before, behind) = found??;
    Some((&text[..before], &text[behind..], open.letter.to_string().repeat(open.length)))
}

/// The fence that is open at the end of a text, and where what it holds begins.
fn unclosed(text: &str) -> Option<(Fence<'_>, usize)> {
    let mut open: Option<(Fence<'_>, usize)> = None;
    let mut place = 0;
    for line in text.split_inclusive('\n') {
        place += line.len();
        open = match (Fence::of(line.trim_end_matches('\n')), open) {
            (Some(fence), Some((begun, _))) if fence.closes(begun) => None,
            (Some(fence), None) => Some((fence, place)),
            (_, open) => open,
        };
    }
    open
}

/// Whether a text may have a fence.
pub(super) fn may_be_in(text: &str) -> bool {
    text.contains("```") || text.contains("~~~")
}

/// The items of lists that a line may belong to: how far what they hold is indented.
#[derive(Debug, Default)]
struct Items(Vec<usize>);

impl Items {
    /// Reads a line outside of blocks.
    fn read(&mut self, blanks: usize, bare: &str) {
        if bare.trim().is_empty() {
            return;
        }
        self.0.retain(|&held| held <= blanks);
        if let Some(marker) = marker(bare) {
            self.0.push(blanks + marker);
        }
    }

    /// Whether a fence so far to the right is one: more than three blanks make code of it.
    fn may_hold_a_fence(&self, blanks: usize) -> bool {
        blanks < self.0.iter().rfind(|&&held| held <= blanks).unwrap_or(&0) + 4
    }
}

/// How long the marker of a list's item is that a line begins with, its blank included.
pub(super) fn marker(bare: &str) -> Option<usize> {
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let (before, ends) = if digits == 0 { (0, &['-', '*', '+'][..]) } else { (digits, &['.', ')'][..]) };
    let rest = bare[before..].strip_prefix(ends)?;
    let (column, text) = indentation_from(before + 1, rest);
    let blanks = column - (before + 1);
    let is_item = digits < 10 && (blanks > 0 || text.trim().is_empty());
    // Behind more than four blanks the item holds code.
    is_item.then_some(before + 1 + if blanks > 4 { 1 } else { blanks.max(1) })
}

/// How many columns of blanks a line begins with, and what follows them.
fn indentation(line: &str) -> (usize, &str) {
    indentation_from(0, line)
}

/// The column that the blanks end at which begin in another, and what follows them; a tab ends at each fourth column.
fn indentation_from(column: usize, text: &str) -> (usize, &str) {
    let bare = text.trim_start_matches([' ', '\t']);
    let blanks = text[..text.len() - bare.len()].chars();
    (blanks.fold(column, |at, blank| if blank == '\t' { at / 4 * 4 + 4 } else { at + 1 }), bare)
}

/// A line without the blanks of so many columns, where it has them.
fn without_indent(line: &str, columns: usize) -> &str {
    let mut taken = 0;
    let kept = line.find(|letter| {
        let width = match letter {
            ' ' => 1,
            '\t' => 4 - taken % 4,
            _ => return true,
        };
        let is_over = taken + width > columns;
        taken += width;
        is_over
    });
    kept.map_or("", |kept| &line[kept..])
}

/// Whether a fence says that it holds Markdown, and so other fences.
pub(super) fn is_markdown(info: &str) -> bool {
    ["markdown", "md", "mdx"].iter().any(|name| info.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_are_what_common_mark_says() {
        for (line, fence) in [
            ("```", true),
            ("```rust", true),
            ("   ~~~~ sh title=x", true),
            ("    ```", false),
            ("``", false),
            ("```a`b", false),
            ("/// ```", false),
            ("text ```", false),
        ] {
            assert_eq!(Fence::of(line).is_some(), fence, "{line:?}");
        }
    }

    #[test]
    fn blocks_and_what_is_outside_them() {
        let fenced = cut("Here:\n```rust\na\n```\nand\n~~~~\nb\n```\n~~~~\n");
        let inside: Vec<_> =
            fenced.blocks.iter().map(|block| (block.info, block.inside, block.closed)).collect();
        assert_eq!(inside, [("rust", "a\n", true), ("", "b\n```\n", true)]);
        assert_eq!(fenced.outside, ["Here:\n", "and\n"]);
        let cut_off = cut("```\na\nb");
        assert_eq!((cut_off.blocks[0].inside, cut_off.blocks[0].closed), ("a\nb", false));
    }

    #[test]
    fn a_block_of_a_list_begins_at_the_margin() {
        for (text, flat) in [
            (
                "1. Do:\n\n   ```py\n   def f():\n       return 1\n\n   ```\n\n2. Run.",
                "1. Do:\n\n```py\ndef f():\n    return 1\n\n```\n\n2. Run.",
            ),
            ("10. Do:\n\n    ```\n    a\n      b\n    ```", "10. Do:\n\n```\na\n  b\n```"),
            ("- a\n  - b\n\n      ```\n      x\n     y\n      ```", "- a\n  - b\n\n```\n x\ny\n```"),
            ("-\ta\n\t```\n\tx\n\t\ty\n\t```", "-\ta\n```\nx\n\ty\n```"),
            ("  ~~~\n  a\n b\nc\n ~~~", "~~~\n  a\n b\nc\n~~~"),
            // What is indented by more is code, fences and all.
            ("a\n\n    ```\n    x\n    ```", "a\n\n    ```\n    x\n    ```"),
            ("- a\n\nb\n\n    ```\n    x", "- a\n\nb\n\n    ```\n    x"),
            // Within a block another fence is text.
            ("```md\n- a\n  ```sh\n  ls\n  ```", "```md\n- a\n  ```sh\n  ls\n  ```"),
            ("```\n  a\n```", "```\n  a\n```"),
            ("  ```\n  cut off", "```\ncut off"),
        ] {
            assert_eq!(dedented(text), flat, "{text:?}");
        }
    }

    #[test]
    fn an_outer_fence_is_taken_off_whatever_it_wraps() {
        for (text, inside) in [
            ("```markdown\nA\n\n```sh\nls\n```\n\nB\n```", Some("A\n\n```sh\nls\n```\n\nB\n")),
            ("```md\nA\n```\nls\n```\nB\n```\n", Some("A\n```\nls\n```\nB\n")),
            ("````\nA\n```\nls\n```\n````", Some("A\n```\nls\n```\n")),
            ("~~~\nA\n~~~", Some("A\n")),
            ("```\nA\n```", Some("A\n")),
            ("```\n```", Some("")),
            ("```\nA\n```\nprose\n```\nB\n```", None),
            ("A\n```sh\nls\n```", None),
            ("```sh\nls\n```\nB", None),
            ("```md\nA\n```sh\nls\n```", None),
            ("A", None),
        ] {
            assert_eq!(unwrapped(text).map(|block| block.inside), inside, "{text:?}");
        }
    }
}
