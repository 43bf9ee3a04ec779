//! The reasoning that stands in the text of an answer.

/// What an answer says beside its reasoning, which some models write into the text between marks, or before a mark
/// alone. `replaced` is the text that the answer is to take the place of: what has such a mark already keeps it.
pub fn without_thoughts<'a>(text: &'a str, replaced: &str) -> &'a str {
    const MARKS: [(&str, &str); 3] =
        [("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<reasoning>", "</reasoning>")];
    // Marks of an encoding, and blanks of no width.
    let text = text.trim_start_matches(['\u{feff}', '\u{200b}', '\u{2060}']);
    let mut said = text;
    for (open, close) in MARKS {
        while let Some(thoughts) = said.trim_start().strip_prefix(open) {
            // What was never closed was cut off before anything was said.
            said = thoughts.split_once(close).map_or("", |(_, rest)| rest);
        }
    }
    // Templates that begin the thoughts themselves leave the opening mark out.
    let (open, close) = MARKS[0];
    match said.split_once(close) {
        Some((thoughts, rest)) if !thoughts.contains(open) && !replaced.contains(close) => said = rest,
        _ => {}
    }
    // Line ends behind thoughts end these; others are the answer's.
    if said.len() < text.len() { said.trim_start_matches('\n') } else { said }
}
