//! What an answer says before its one block of code and behind it: whether the block is what it means.

use super::prose;

/// Whether a block stands in reasoning: between two tags or brackets of a name, or below a word for it.
pub(super) fn is_amid_thoughts(before: &str, behind: &str) -> bool {
    const LABELS: &[&str] = &["thinking", "thought", "thoughts", "reasoning", "analysis", "scratchpad"];
    const ANSWERS: &[&str] = &["answer", "final answer", "response", "final response", "output", "solution"];
    let opens = |line: &str| {
        let line = line.trim();
        let name = |open: char, close: char| {
            let name = line.strip_prefix(open)?.split_once(close)?.0;
            let is_name = name.starts_with(|letter: char| letter.is_alphabetic() || letter == '|')
                && name.chars().all(|letter| letter.is_alphanumeric() || "_-:|".contains(letter));
            (is_name && !name.is_empty()).then_some(name.trim_matches('|'))
        };
        let ends = |name: &str| {
            ["</", "[/", "<|/", "<|end_of_"].iter().any(|mark| behind.contains(&format!("{mark}{name}")))
        };
        name('<', '>').or_else(|| name('[', ']')).is_some_and(ends)
    };
    let labels = |line: &str, words: &[&str]| {
        let line = line.trim();
        let word = line.trim_matches(['*', '#', '_', ' ']).to_lowercase();
        let word = word.split([':', '*']).next().unwrap_or_default().trim();
        words.contains(&word) && line.contains(['*', '#', ':'])
    };
    let is_labelled = || {
        before.lines().any(|line| labels(line, LABELS)) && behind.lines().any(|line| labels(line, ANSWERS))
    };
    !behind.trim().is_empty() && (before.lines().any(opens) || is_labelled())
}

/// Whether an answer warns of the block that it shows, says behind it that nothing is to be done, or has code there too.
pub(super) fn is_disowned(before: &str, behind: &str) -> bool {
    const WARNS: &[&str] = &[
        "should not run",
        "should never",
        "never do",
        "never run",
        "never use",
        "do not run",
        "do not use",
        "don't run",
        "don't use",
        "must not",
        "instead of:",
        "instead of this",
        "avoid this",
        "avoid writing",
    ];
    const TAKES_BACK: &[&str] = &[
        "no change",
        "no.",
        "nothing to change",
        "right as it is",
        "fine as it is",
        "is already correct",
        "is already right",
        "final answer:",
        "do not run",
        "don't run",
    ];
    let lead = before.trim_end().lines().next_back().unwrap_or_default().to_lowercase().replace('’', "'");
    let last = behind.trim_end().lines().next_back().unwrap_or_default();
    let behind = behind.trim().to_lowercase();
    let end = behind.lines().next_back().unwrap_or_default();
    let takes_back = |words: &&str| behind.starts_with(*words) || words.contains(' ') && end.contains(*words);
    WARNS.iter().any(|words| lead.contains(words))
        || TAKES_BACK.iter().any(takes_back)
        || prose::is_no_remark(last)
}
