//! What stands in the text of an answer beside what is said: reasoning.

use super::template::{is_quoted, without_begin_marks, without_end_marks};

/// Marks of an encoding, blanks of no width, and what ends a text in C.
const INVISIBLE: [char; 4] = ['\u{feff}', '\u{200b}', '\u{2060}', '\0'];
const THINK: (&str, &str) = ("<think>", "</think>");
const KIMI: (&str, &str) = ("◁think▷", "◁/think▷");
const MAGISTRAL: (&str, &str) = ("[THINK]", "[/THINK]");
const SEED: (&str, &str) = ("<seed:think>", "</seed:think>");
/// What reasoning stands between.
const MARKS: [(&str, &str); 11] = [
    THINK,
    KIMI,
    MAGISTRAL,
    SEED,
    ("<thoughts>", "</thoughts>"),
    ("<scratchpad>", "</scratchpad>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|thinking|>", "<|/thinking|>"),
    ("<thinking>", "</thinking>"),
    ("<reasoning>", "</reasoning>"),
    ("<thought>", "</thought>"),
];
/// What begins a channel, and what the one begins with that is the answer, in OpenAI's Harmony format.
const CHANNEL: &str = "<|channel|>";
const FINAL: &str = "<|channel|>final<|message|>";
/// What is left of these where a server takes the marks off and nothing else.
const BARE_ANALYSIS: &str = "analysis";
const BARE_FINAL: &str = "assistantfinal";
/// What the answer stands between behind its reasoning where a model was trained to say both so (DeepSeek-R1-Zero). Without
/// reasoning before it, it may be a part of the text.
const ANSWER: (&str, &str) = ("<answer>", "</answer>");

/// What an answer says beside its reasoning, which some models write into the text between marks, or before a mark
/// alone, and without the mark that ends it. `replaced` is the text that the answer is to take the place of: what has
/// such a mark already keeps it.
pub fn without_thoughts<'a>(text: &'a str, replaced: &str) -> &'a str {
    let text = text.trim_matches(INVISIBLE);
    let mut said = text;
    if !replaced.contains(CHANNEL) {
        said = match said.rsplit_once(FINAL) {
            Some((_, said)) => said,
            None if said.trim_start().starts_with(CHANNEL) => "",
            None => said,
        };
    }
    if said.starts_with(BARE_ANALYSIS)
        && !replaced.contains(BARE_FINAL)
        && let Some((_, answer)) = said.split_once(BARE_FINAL)
    {
        said = answer;
    }
    said = without_begin_marks(said, replaced);
    for (open, close) in MARKS {
        while let Some(thoughts) = without_first(said.trim_start(), open) {
            // What was never closed was cut off before anything was said.
            said = find(thoughts, close).map_or("", |end| &thoughts[end + close.len()..]);
        }
    }
    // Templates that begin the thoughts themselves leave the opening mark out.
    for (open, close) in [THINK, KIMI, MAGISTRAL, SEED] {
        if let Some(end) = find(said, close).filter(|&end| !is_quoted(&said[..end]))
            && find(&said[..end], open).is_none()
            && !replaced.contains(close)
        {
            said = &said[end + close.len()..];
        }
    }
    if said.len() == text.len() {
        return without_end_marks(said, replaced);
    }
    // Line ends behind thoughts end these; others are the answer's.
    let said = without_end_marks(said.trim_start_matches('\n'), replaced);
    let (open, close) = ANSWER;
    match without_first(said.trim_start(), open).filter(|_| !replaced.contains(open)) {
        Some(answer) => answer.trim_end().strip_suffix(close).unwrap_or(answer).trim_start_matches('\n'),
        None => said,
    }
}

/// Whether a text that still comes may turn out to be reasoning without marks.
pub(super) fn may_be_bare(said: &str) -> bool {
    match said.strip_prefix(BARE_ANALYSIS) {
        Some(rest) => rest.is_empty() || rest.starts_with(char::is_alphabetic),
        None => !said.is_empty() && BARE_ANALYSIS.starts_with(said),
    }
}

/// Whether reasoning stands amid an answer.
pub(super) fn are_amid(said: &str, replaced: &str) -> bool {
    MARKS.iter().any(|(open, close)| {
        find(said, open).is_some_and(|begin| {
            !is_quoted(&said[..begin]) && find(&said[begin..], close).is_some() && !replaced.contains(open)
        })
    })
}

fn without_first<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let (first, rest) = text.split_at_checked(mark.len())?;
    first.eq_ignore_ascii_case(mark).then_some(rest)
}

/// Where a mark stands first, in capitals or not.
fn find(text: &str, mark: &str) -> Option<usize> {
    let begins = |&(place, _): &(usize, &str)| without_first(&text[place..], mark).is_some();
    text.match_indices(mark.chars().next()?).find(begins).map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text that has such marks itself.
    const MARKED: &str = "[THINK] [/THINK] <seed:think> </seed:think> <think> </think> ◁think▷ ◁/think▷ assistantfinal <answer> <|channel|> <|im_end|> </s> <s> [INST] [/INST] <|assistant|> <|im_start|>assistant\n <|start|>assistant<|message|>";

    #[test]
    fn what_is_said_is_told_from_thoughts_and_marks() {
        for (text, said) in [
            ("<think>hm</think>\n\nx = 1", "x = 1"),
            ("<THINK>hm</THINK>x = 1", "x = 1"),
            ("<Thought>hm</thought>\nx = 1", "x = 1"),
            ("hm</think>x = 1", "x = 1"),
            ("<think>hm", ""),
            (
                "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>x = 1",
                "x = 1",
            ),
            ("<|channel|>analysis<|message|>hm", ""),
            ("◁think▷hm◁/think▷\nx = 1", "x = 1"),
            ("hm◁/think▷x = 1", "x = 1"),
            ("◁think▷hm", ""),
            ("[THINK]hm[/THINK]x = 1", "x = 1"),
            ("hm[/THINK]\nx = 1", "x = 1"),
            ("<seed:think>hm</seed:think>x = 1", "x = 1"),
            ("<|begin_of_thought|>hm<|end_of_thought|>\n\nx = 1", "x = 1"),
            ("<scratchpad>\nhm\n</scratchpad>\nx = 1", "x = 1"),
            ("analysisThe user wants x.assistantfinalx = 1", "x = 1"),
            ("analysisResult = 1", "analysisResult = 1"),
            ("x = \"assistantfinal\"", "x = \"assistantfinal\""),
            ("<think>hm</think>\n<answer>\nx = 1\n</answer>", "x = 1\n"),
            ("<think>hm</think><answer>x = 1</answer><|im_end|>", "x = 1"),
            ("<think>hm</think><answer>x = 1", "x = 1"),
            ("<answer>x = 1</answer>", "<answer>x = 1</answer>"),
            ("\u{feff}x = 1", "x = 1"),
            ("\u{200b}", ""),
            ("x = 1<|im_end|>", "x = 1"),
            ("x = 1\n</s>\n", "x = 1\n"),
            ("x = 1<|eot_id|><|endoftext|>", "x = 1"),
            ("x = 1<｜end▁of▁sentence｜>", "x = 1"),
            ("<s>x</s>", "<s>x</s>"),
            ("x = 1[/INST]", "x = 1"),
            ("<s>x = 1", "x = 1"),
            ("<|assistant|>\nx = 1", "x = 1"),
            ("<|start|>assistant<|message|>x = 1<|return|>", "x = 1"),
            ("<|im_start|>assistant\nx = 1<|im_end|>", "x = 1"),
            ("<s>[INST] x = 1", " x = 1"),
            ("a[0]", "a[0]"),
            ("\nx = 1", "\nx = 1"),
            ("a <| b |> c", "a <| b |> c"),
            ("x = text.split(\"</think>\")[1]", "x = text.split(\"</think>\")[1]"),
        ] {
            assert_eq!(without_thoughts(text, ""), said, "{text:?}");
            let all = without_thoughts(text, MARKED);
            assert!(all.len() >= said.len(), "{text:?}");
        }
        assert!(are_amid("a = 2\n<think>hm</think>\nb = 3", ""));
        assert!(!are_amid("re.sub(r\"<think>.*</think>\", \"\")", ""));
        assert!(!are_amid("a\n<think>hm</think>", "<think>"));
    }
}
