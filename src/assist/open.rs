//! Which brackets of code are open, as far as quotes let that be seen.

/// Whether a line of code opens more brackets than it closes, as far as quotes let that be seen.
pub(super) fn has_open_bracket(code: &str) -> bool {
    let opened = unquoted(code).fold(0i32, |open, letter| match letter {
        '(' | '[' | '{' => open + 1,
        ')' | ']' | '}' => (open - 1).max(0),
        _ => open,
    });
    opened > 0
}

/// How many more parentheses, brackets and braces code opens than it closes, as far as quotes let that be seen.
pub(super) fn open_brackets(code: &str) -> [isize; 3] {
    unpaired_brackets(code).map(|(closed, opened)| opened - closed)
}

/// How many parentheses, brackets and braces code closes that it has not opened, and opens that it does not close, as far
/// as quotes let that be seen.
pub(super) fn unpaired_brackets(code: &str) -> [(isize, isize); 3] {
    let mut unpaired = [(0, 0); 3];
    for letter in code.lines().flat_map(unquoted) {
        if let Some(kind) = "([{".find(letter) {
            unpaired[kind].1 += 1;
        } else if let Some(kind) = ")]}".find(letter) {
            let (closed, opened) = &mut unpaired[kind];
            if *opened > 0 {
                *opened -= 1;
            } else {
                *closed += 1;
            }
        }
    }
    unpaired
}

/// The letters of some code that stand outside of quotes.
pub(super) fn unquoted(code: &str) -> impl Iterator<Item = char> {
    let mut quote = None;
    let mut before = ' ';
    code.char_indices().filter_map(move |(at, letter)| {
        let is_outside = quote.is_none();
        match (quote, letter) {
            (Some(begun), _) if begun == letter && before != '\\' => quote = None,
            (Some(_), _) => {}
            (None, '"' | '`') => quote = Some(letter),
            (None, '\'') if code[at + 1..].contains('\'') => quote = Some(letter),
            _ => {}
        }
        before = letter;
        is_outside.then_some(letter)
    })
}

/// The last bracket of a text that nothing closes, and where it is, quotes aside.
pub(super) fn innermost_open(text: &str) -> Option<(usize, char)> {
    let mut closed = 0;
    text.char_indices().rev().find(|(_, letter)| {
        match letter {
            ')' | ']' | '}' => closed += 1,
            '(' | '[' | '{' => closed -= 1,
            _ => {}
        }
        closed < 0
    })
}
