//! How code takes the place of a selection.

/// The code as it stands in the place of a selection: indented as the selection was, and with as many line ends at its
/// end as the selection had. All line ends are LF.
pub(super) fn replacement(code: &str, selection: &str) -> String {
    let code = code.trim_end_matches('\n');
    let (wanted, given) = (indentation(selection), indentation(code));
    let mut replaced = String::with_capacity(code.len());
    for (number, line) in code.split('\n').enumerate() {
        let bare = line.strip_prefix(given).unwrap_or(line);
        if number > 0 {
            replaced.push('\n');
        }
        // A selection may begin within its line; what stands before it there stays.
        if !bare.is_empty() && (number > 0 || selection.starts_with(wanted)) {
            replaced.push_str(wanted);
        }
        replaced.push_str(bare);
    }
    replaced.push_str(&selection[selection.trim_end_matches('\n').len()..]);
    replaced
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
    fn the_indentation_and_the_last_line_end_are_those_of_the_selection() {
        for (code, selection, replaced) in [
            ("let a = 1;", "x", "let a = 1;"),
            ("if a {\n    b\n}", "    if b {}\n", "    if a {\n        b\n    }\n"),
            ("    if a {\n        b\n    }\n", "    if b {}", "    if a {\n        b\n    }"),
            ("\tx\n\n\ty\n", "\t\tz\n", "\t\tx\n\n\t\ty\n"),
            ("a\nb", "x\ny\n", "a\nb\n"),
            ("a\n\n", "x", "a"),
            ("a", "x\n\n", "a\n\n"),
        ] {
            assert_eq!(replacement(code, selection), replaced, "{code:?}");
        }
    }
}
