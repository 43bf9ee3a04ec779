//! The marks of a model's template, which servers with another template leave in an answer.

use super::{language, place::Place};

/// What ends a question in the template of Llama 2 and Mistral.
pub(super) const INST_END: &str = "[/INST]";
/// What ends a turn in templates whose marks have a form of their own.
const ENDS: [&str; 4] = ["<end_of_turn>", "<eos>", "<EOT>", INST_END];
/// What begins the next one in these.
const BEGINS: [&str; 2] = ["<start_of_turn>", "[INST]"];
/// How a line of the next turn begins in templates without marks.
const SPEAKERS: [&str; 5] = ["### Instruction:", "### Human:", "### User:", "Human: ", "User: "];

/// A text without the marks that end an answer in a model's template, which servers with another one leave in it.
pub(super) fn without_end_marks<'a>(text: &'a str, replaced: &str) -> &'a str {
    let mut said = text;
    loop {
        let bare = said.trim_end();
        match bare.rfind(['<', '[']).map(|begin| bare.split_at(begin)) {
            Some((before, mark)) if is_end_mark(mark, before) && !replaced.contains(mark) => said = before,
            _ => return said,
        }
    }
}

/// A text without the marks that begin an answer in a model's template.
pub(super) fn without_begin_marks<'a>(text: &'a str, replaced: &str) -> &'a str {
    const BEGIN: [&str; 11] = [
        "<|start|>assistant<|message|>",
        "<|im_start|>assistant\n",
        "<|start_header_id|>assistant<|end_header_id|>",
        "<|assistant|>",
        "<|begin_of_text|>",
        "<|startoftext|>",
        "<start_of_turn>model\n",
        "<bos>",
        "<s>",
        "[INST]",
        "### Response:\n",
    ];
    let mut said = text;
    while let Some((mark, rest)) = BEGIN.iter().find_map(|mark| Some((mark, said.trim_start().strip_prefix(mark)?)))
        && !replaced.contains(mark)
        // What is struck out in HTML.
        && !(*mark == "<s>" && rest.contains("</s>"))
    {
        said = rest.trim_start_matches('\n');
    }
    said
}

/// Whether an answer goes on with the next turn, as small models do that do not stop. A document that has such a mark
/// keeps it, and so does a value of code.
pub(super) fn goes_on(said: &str, place: Place<'_>) -> bool {
    let is_there =
        |mark: &str| [place.selection, place.before, place.after].iter().any(|text| text.contains(mark));
    let has_mark = said.match_indices(['<', '[']).any(|(begin, _)| {
        let rest = &said[begin..];
        let mark = rest.find(['>', ']']).map_or("", |end| &rest[..=end]);
        // `a[INST]` is an index.
        let is_apart = !said[..begin].ends_with(language::is_of_word) || mark.starts_with('<');
        (is_special(mark) || ENDS.contains(&mark) || BEGINS.contains(&mark))
            && is_apart
            && !is_quoted(&said[..begin])
            && !is_there(mark)
    });
    // In data these are keys.
    let may_speak = !language::is_data(place.language());
    let speaks = |line: &str| SPEAKERS.iter().any(|speaker| line.starts_with(speaker) && !is_there(speaker));
    has_mark
        || may_speak && said.split("\n\n").skip(1).any(|paragraph| speaks(paragraph.trim_start_matches('\n')))
}

fn is_end_mark(mark: &str, before: &str) -> bool {
    match mark {
        // It ends what is struck out in HTML.
        "</s>" => !before.contains("<s>"),
        _ => is_special(mark) || ENDS.contains(&mark),
    }
}

/// Whether a mark has the form of most templates' marks.
fn is_special(mark: &str) -> bool {
    let between = |open, close| mark.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || "_▁".contains(letter))
    };
    between("<|", "|>").or_else(|| between("<｜", "｜>")).is_some_and(is_name)
}

/// Whether what follows a text is a value of code and no mark.
pub(super) fn is_quoted(before: &str) -> bool {
    before.ends_with(['"', '\'', '`', '(', '|', '/'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_says_the_next_turn_too_goes_on() {
        let place = Place { language: "python", selection: "a = 1", ..Place::default() };
        for said in [
            "a = 2<|im_end|>\n<|im_start|>user\nmore",
            "a = 2\n<|user|>\nmore",
            "a = 2<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nmore",
            "a = 2<｜User｜>more",
            "a = 2<end_of_turn>\n<start_of_turn>user\nmore",
            "a = 2\n[INST] more",
            "a = 2\n\n### Instruction:\nmore",
            "a = 2\n\nUser: more",
        ] {
            assert!(goes_on(said, place), "{said:?}");
            assert!(!goes_on(said, Place { before: said, ..place }), "{said:?}");
        }
        for said in [
            "a = \"<|im_end|>\"",
            "x <|> y",
            "a[INST]",
            "# User: a name",
            "names = [\n    \"[INST]\",\n]",
            "a < b and c > d",
        ] {
            assert!(!goes_on(said, place), "{said:?}");
        }
        assert!(!goes_on("a: 1\n\nUser: b", Place { language: "yaml", ..place }));
    }
}
