//! The text around a place, as much of it as a model shall see.

/// About how many bytes make a token.
const BYTES_A_TOKEN: usize = 4;

/// What lines end with.
const LINE_ENDS: [char; 2] = ['\r', '\n'];

/// The text before and after a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Around<'a> {
    /// Up to the place.
    pub before: &'a str,
    /// From the place on.
    pub after: &'a str,
}

impl<'a> Around<'a> {
    /// What stands around a range of a text, within a budget of tokens: two thirds of it before the range, and what
    /// one side does not need goes to the other. Cut where lines begin, as far as there are any.
    pub fn of(text: &'a str, range: std::ops::Range<usize>, tokens: u64) -> Self {
        let (before, after) = (&text[..range.start], &text[range.end..]);
        let budget = usize::try_from(tokens).unwrap_or(usize::MAX).saturating_mul(BYTES_A_TOKEN);
        let third = budget / 3;
        let for_after = after.len().min(third.max(budget.saturating_sub(before.len())));
        let for_before = before.len().min(budget - for_after);
        Self { before: last(before, for_before), after: first(after, for_after) }
    }

    /// The line that the place is in, up to the place.
    pub fn line_before(&self) -> &'a str {
        self.before.rsplit(LINE_ENDS).next().unwrap_or_default()
    }

    /// The rest of the line that the place is in.
    pub fn line_after(&self) -> &'a str {
        self.after.split(LINE_ENDS).next().unwrap_or_default()
    }
}

/// The end of a text, from the beginning of a line on.
fn last(text: &str, bytes: usize) -> &str {
    if bytes >= text.len() {
        return text;
    }
    let tail = &text[text.ceil_char_boundary(text.len() - bytes)..];
    let end = tail.find(LINE_ENDS).map(|place| place + if tail[place..].starts_with("\r\n") { 2 } else { 1 });
    &tail[end.unwrap_or(0)..]
}

/// The beginning of a text, up to the end of a line.
fn first(text: &str, bytes: usize) -> &str {
    if bytes >= text.len() {
        return text;
    }
    let head = &text[..text.floor_char_boundary(bytes)];
    head.rfind(LINE_ENDS).map_or(head, |end| &head[..=end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_text_is_sent_whole() {
        let around = Around::of("one\ntwo", 4..4, 100);
        assert_eq!((around.before, around.after), ("one\n", "two"));
        let around = Around::of("a selection here", 2..11, 100);
        assert_eq!((around.before, around.after), ("a ", " here"));
    }

    #[test]
    fn a_long_text_is_cut_at_lines_and_never_within_a_character() {
        let text = "zeile äöü 🦀\n".repeat(100);
        let place = text.len() / 2;
        for tokens in 0..60 {
            let around = Around::of(&text, text.floor_char_boundary(place)..text.len() / 2, tokens);
            assert!(around.before.len() + around.after.len() <= tokens as usize * BYTES_A_TOKEN);
        }
        let around = Around::of(&text, place..place, 40);
        assert!(around.before.starts_with("zeile") && around.after.ends_with('\n'), "{around:?}");
    }

    #[test]
    fn what_one_side_leaves_goes_to_the_other() {
        let text = "x\n".repeat(1000);
        assert_eq!(Around::of(&text, 0..0, 100).after.len(), 400);
        assert_eq!(Around::of(&text, 2000..2000, 100).before.len(), 398);
    }

    #[test]
    fn the_line_of_the_place() {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("one{end}let x = ;{end}end");
            let place = text.find(';').unwrap();
            let around = Around::of(&text, place..place, 100);
            assert_eq!((around.line_before(), around.line_after()), ("let x = ", ";"), "{end:?}");
            // A budget of a few bytes cuts behind whole line ends.
            let around = Around::of(&text, place..place, 3);
            assert!(!around.before.starts_with(['\r', '\n']), "{around:?}");
        }
    }
}
