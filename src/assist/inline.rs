//! Proposals while the user types: what to ask, and which part of the answer fits into the gap.

use litellm_ls_protocol::{CompleteParams, FillInTheMiddle, InlineOptions};

use super::{
    Around, fences,
    fit::{Answer, Fit, fit},
    line_ends::with_lf,
    new_part,
    overlap::{closes_twice, without_overlap},
    place::Place,
    thoughts::without_thoughts,
};

/// The mark of the place in a question in words.
const CURSOR: &str = "<CURSOR>";

/// How a gap is put to a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As a gap: the model has learnt to fill in the middle.
    Gap,
    /// As a question in words.
    Chat,
}

/// The question to a model.
pub fn question(around: Around<'_>, language: &str, options: &InlineOptions, form: Form) -> CompleteParams {
    let params = CompleteParams {
        model: options.model.clone(),
        max_tokens: Some(options.max_tokens),
        // What follows in this line is there already.
        stop: if around.line_after().trim().is_empty() { Vec::new() } else { vec!["\n".to_owned()] },
        ..CompleteParams::default()
    };
    let Around { before, after } = around;
    match form {
        Form::Gap => CompleteParams {
            fim: Some(FillInTheMiddle { prefix: before.to_owned(), suffix: after.to_owned() }),
            ..params
        },
        Form::Chat => CompleteParams {
            system: Some(format!(
                "You complete {language} code at the mark {CURSOR}. Answer with the text that belongs there and with \
                nothing else: no explanation, no code fence, nothing of what stands before or after it. Stop where a \
                thought is complete; a few lines at most."
            )),
            prompt: Some(format!("{before}{CURSOR}{after}")),
            // A stop at a line end would stop a chat before it begins.
            stop: Vec::new(),
            ..params
        },
    }
}

/// The part of an answer that is proposed at a place. None where nothing is left of it, or where it is not fit to be
/// written there. Of an answer that was cut off at its length limit the whole lines are.
pub fn proposed(answer: Answer<'_>, place: Place<'_>, form: Form) -> Option<String> {
    let cut_off = answer.finish_reason == Some("length");
    // The question's own mark.
    let bare = answer.text.trim_start();
    let text = bare.strip_prefix(CURSOR).filter(|_| form == Form::Chat).unwrap_or(answer.text);
    if form == Form::Chat && text.contains(CURSOR) && !place.before.contains(CURSOR) {
        return None;
    }
    let answer = Answer { text, ..answer };
    // A model that chats in a gap.
    let is_chat = fences::may_be_in(text)
        || without_thoughts(text, "").trim_start() != text.trim_start()
        || new_part::of(text, place) != text;
    let form = if is_chat { Form::Chat } else { form };
    let whole = Answer {
        finish_reason: answer.finish_reason.map(|reason| if cut_off { "stop" } else { reason }),
        ..answer
    };
    let around = place.around();
    let is_within_line = !around.line_after().trim().is_empty();
    let mut text = match (form, fit(whole, place)) {
        (Form::Chat, Fit::Write(text)) => with_lf(&text).into_owned(),
        (Form::Gap, Fit::Write(_) | Fit::Show { .. }) if whole.finish_reason == Some("stop") => {
            with_lf(answer.text).into_owned()
        }
        _ => return None,
    };
    if cut_off {
        text.truncate(text.rfind('\n').unwrap_or(0));
    }
    // Within a line only the line is completed; in front of one whole lines may be said.
    let line = text
        .find('\n')
        .filter(|_| is_within_line && (form == Form::Gap || !around.line_before().trim().is_empty()));
    text.truncate(line.unwrap_or(text.len()));
    // What stands behind the cursor is told from a whole answer only by its end.
    if form == Form::Gap || line.is_some() {
        text.truncate(without_overlap(&text, around).0.trim_end().len());
    }
    if is_within_line && closes_twice(&text, around) {
        return None;
    }
    // What stands behind it has its own blanks; those of a line that it begins stay.
    let kept = text.trim_end().len();
    if !text[kept..].contains('\n') {
        text.truncate(kept);
    }
    let text = place.with_line_ends(text);
    (!text.trim().is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What fits into the place marked `|`.
    fn fits(text: &str, answer: &str, form: Form) -> Option<String> {
        let place = text.find('|').unwrap();
        let text = text.replace('|', "");
        let (before, after) = text.split_at(place);
        let place = Place { language: "rust", before, after, ..Place::default() };
        proposed(Answer { text: answer, finish_reason: Some("stop"), refusal: None }, place, form)
    }

    #[test]
    fn only_what_is_missing_is_proposed() {
        for (text, answer, proposed) in [
            ("let x = |", "1 + 1;", Some("1 + 1;")),
            ("let x = |;", "1 + 1;\nlet y = 2;", Some("1 + 1")),
            ("print(|)", "\"hello\")", Some("\"hello\"")),
            ("foo(|);\n", "a, b);\nbar();", Some("a, b")),
            ("if (|) {\n}\n", "a) {\n    b();\n}", Some("a")),
            ("let x = [|];\nlet y = 1;\n", "1, 2];\nlet y = 1;", Some("1, 2")),
            ("a { color: |; }\n", "red; }\nb { }", Some("red")),
            ("call(a, |(b))", "(c), ", Some("(c),")),
            ("fn f() {\n    |\n}\n", "one();\n    two();\n}\n", Some("one();\n    two();")),
            ("fn f() {\n    |\n}\n", "if a {\n    }", Some("if a {\n    }")),
            ("a |\nb\n", "   ", None),
            ("call(|);", ");", None),
            ("größe = |\n", "länge * 2 🦀\n", Some("länge * 2 🦀")),
            ("x = |\nreturn x\n", "1\nreturn x", Some("1")),
            ("let x = |", "1 + 1;<|fim_middle|>", Some("1 + 1;")),
            ("let x = |", "1 + 1;\n```", Some("1 + 1;")),
            ("let x = |", "```rust\n1 + 1;\n```", Some("1 + 1;")),
            ("da|", "ta", Some("ta")),
            ("x = foo(|)\n", "foo(1, 2)", Some("1, 2")),
            ("[[a]]\nmatc|]\nb = true\n", "hes = []\nb = true", None),
        ] {
            assert_eq!(fits(text, answer, Form::Gap).as_deref(), proposed, "{text:?} + {answer:?}");
        }
    }

    #[test]
    fn a_chat_says_the_line_again_and_puts_it_into_a_fence() {
        for (text, answer, proposed) in [
            ("    let x = |", "```rust\n    let x = 1;\n```", Some("1;")),
            ("    |", "    one();\n    two();", Some("one();\n    two();")),
            ("let x = |", "1;", Some("1;")),
            ("|", "first", Some("first")),
            ("fn f() {|\n}\n", "\n    one();\n", Some("\n    one();")),
            ("a = 1|\nc = 2\n", "\nb = 2", Some("\nb = 2")),
            ("|c = 2\n", "x = 1\n", Some("x = 1\n")),
            ("let x = |", "<CURSOR>1 + 1;", Some("1 + 1;")),
            ("let x = |", "let x = <CURSOR>1 + 1;", None),
            ("let x = |", "1 + 1;\n```\nThis adds one.", Some("1 + 1;")),
            ("let x = |", "1 + 1;<|im_end|>", Some("1 + 1;")),
            ("fn f() {\n    x|\n\nprint(1)\n", " + 1\n\nprint(1)\n", Some(" + 1")),
            ("def f(a):\n    return |\n", "def f(a):\n    return a + 1", Some("a + 1")),
            ("x = foo(|)\n", "foo(1, 2)", Some("1, 2")),
            ("a1 = 1\nb1 = 2\n|\n", "a1 = 1\nb1 = 2\nc1 = 3", Some("c1 = 3")),
            ("x = [|]\n", "[1, 2]", Some("1, 2")),
            ("if a ==|\n", "== 1:", Some(" 1:")),
            ("    |\n    return x\n", "if y {\n        return x", Some("if y {\n        return x")),
        ] {
            assert_eq!(fits(text, answer, Form::Chat).as_deref(), proposed, "{text:?} + {answer:?}");
        }
    }

    #[test]
    fn a_gap_within_a_line_ends_with_it() {
        let options = InlineOptions { model: Some("m".into()), ..InlineOptions::default() };
        let asked = question(Around { before: "f(", after: ")\n" }, "rust", &options, Form::Gap);
        assert_eq!((asked.stop, asked.model.as_deref()), (vec!["\n".to_owned()], Some("m")));
        let asked = question(Around { before: "f(", after: "\n" }, "rust", &options, Form::Gap);
        assert!(asked.stop.is_empty() && asked.fim.is_some());
        let asked = question(Around { before: "f(", after: ")\n" }, "rust", &options, Form::Chat);
        assert!(asked.prompt.unwrap().contains("f(<CURSOR>)") && asked.stop.is_empty());
    }
}
