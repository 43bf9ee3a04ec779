//! What of an answer goes into the text.

/// The code that an answer gives in place of a selection: what its one fenced block holds, else all of it, indented as
/// the selection was, and with a line end at its end only where the selection had one.
pub(super) fn replacement(answer: &str, selection: &str) -> String {
    let code = unfenced(answer);
    let code = code.strip_suffix('\n').unwrap_or(&code);
    let (wanted, given) = (indentation(selection), indentation(code));
    let mut lines: Vec<String> = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let bare = line.strip_prefix(given).unwrap_or(line);
        // A selection may begin within its line; what stands before it there stays.
        let indented = !bare.is_empty() && (number > 0 || selection.starts_with(wanted));
        lines.push(if indented { format!("{wanted}{bare}") } else { bare.to_owned() });
    }
    let line_end = if selection.contains("\r\n") { "\r\n" } else { "\n" };
    let mut replaced = lines.join(line_end);
    if selection.ends_with('\n') {
        replaced.push_str(line_end);
    }
    replaced
}

/// What a fenced block holds, where the answer has one; else the answer. Models put code into fences though they are
/// asked not to.
pub(super) fn unfenced(answer: &str) -> String {
    let lines: Vec<&str> = answer.lines().collect();
    let fence = |line: &&str| line.trim_start().starts_with("```");
    let Some(open) = lines.iter().position(fence) else { return answer.to_owned() };
    let close = lines[open + 1..].iter().position(|line| line.trim() == "```").map(|place| open + 1 + place);
    // A text around the block means that it is all of the answer that is code; an unclosed one was cut off.
    let inside = &lines[open + 1..close.unwrap_or(lines.len())];
    inside.iter().map(|line| format!("{line}\n")).collect()
}

/// The blanks that every line with text begins with.
fn indentation(text: &str) -> &str {
    let mut common: Option<&str> = None;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let blanks = &line[..line.len() - line.trim_start().len()];
        let shared = common.map_or(blanks.len(), |common| {
            common.bytes().zip(blanks.bytes()).take_while(|(one, other)| one == other).count()
        });
        common = Some(&blanks[..shared]);
    }
    common.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_and_words_around_them_stay_out() {
        for (answer, code) in [
            ("let a = 1;", "let a = 1;"),
            ("```rust\nlet a = 1;\n```", "let a = 1;"),
            ("Here it is:\n```\nlet a = 1;\n```\nEnjoy!", "let a = 1;"),
            ("```\ncut off", "cut off"),
        ] {
            assert_eq!(replacement(answer, "x"), code, "{answer}");
        }
    }

    #[test]
    fn the_indentation_and_the_last_line_end_are_those_of_the_selection() {
        for (answer, selection, replaced) in [
            ("if a {\n    b\n}", "    if b {}\n", "    if a {\n        b\n    }\n"),
            ("    if a {\n        b\n    }\n", "    if b {}", "    if a {\n        b\n    }"),
            ("\tx\n\n\ty\n", "\t\tz\n", "\t\tx\n\n\t\ty\n"),
            ("a\nb", "x\r\ny\r\n", "a\r\nb\r\n"),
            ("", "x\n", "\n"),
        ] {
            assert_eq!(replacement(answer, selection), replaced, "{answer:?}");
        }
    }
}
