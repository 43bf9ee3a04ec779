//! Decides whether an answer may be written into a file, and which part of it: the one place that does, for every
//! command, action, editor and streamed edit.

use litellm_ls_protocol::CompleteResult;

use super::{
    answer,
    code::{self, Part},
    dress, extent, fences,
    language::{self, Kind},
    line_ends::with_lf,
    place::{Place, Written},
    prose, tags,
    thoughts::{self, without_thoughts},
};

/// Longest refusal that is told in a sentence, in characters.
const LONGEST_REFUSAL: usize = 200;
/// Longer than every mark that an answer may begin with, in bytes.
const LONGEST_MARK: usize = 14;
/// How an answer ends that is whole.
const WHOLE: &str = "stop";

/// An answer as it came.
#[derive(Debug, Clone, Copy, Default)]
pub struct Answer<'a> {
    /// Its text.
    pub text: &'a str,
    /// The model's refusal, where it refused.
    pub refusal: Option<&'a str>,
    /// Why it ended, in the words of `provider/complete`. None where it was interrupted.
    pub finish_reason: Option<&'a str>,
}

impl<'a> Answer<'a> {
    /// The answer of a completion.
    pub fn of(result: &'a CompleteResult) -> Self {
        Self {
            text: &result.message.text,
            refusal: result.message.refusal.as_deref(),
            finish_reason: result.finish_reason.as_deref(),
        }
    }
}

/// What may become of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fit {
    /// This may be written in the place of the selection.
    Write(String),
    /// The text stays as it is, and the answer is shown with the reason.
    Show {
        /// Why, as a clause without a full stop.
        reason: String,
        /// What is written where the user wants it all the same.
        anyway: String,
    },
    /// The text stays as it is, and there is nothing to show.
    Nothing {
        /// Why, and what to do.
        reason: String,
    },
}

/// Whether an answer may be written at a place.
pub fn fit(answer: Answer<'_>, place: Place<'_>) -> Fit {
    let nothing = |reason: &str| Fit::Nothing { reason: reason.to_owned() };
    if let Some(refusal) = answer.refusal.filter(|refusal| !refusal.trim().is_empty()) {
        let said: String = refusal.trim().chars().take(LONGEST_REFUSAL).collect();
        return Fit::Nothing { reason: format!("the model refused: {}", said.replace(['\n', '\r'], " ")) };
    }
    let text = with_lf(answer.text);
    let said = without_thoughts(&text, place.selection);
    let cut_off = why_cut_off(answer.finish_reason);
    if said.trim().is_empty() {
        return match (text.trim().is_empty(), cut_off) {
            (_, Some(reason)) => {
                Fit::Nothing { reason: format!("{reason} before it said anything: ask again") }
            }
            (true, None) => nothing("the model answered with nothing: ask again, or choose another model"),
            (false, None) => {
                nothing("the model thought, and answered with nothing: ask again, or choose another model")
            }
        };
    }
    let said = dress::undressed(tags::untagged(said, place), place);
    let said = place.unindented(&said);
    let mut part = Part::of(&said, place);
    let code = dress::undressed(thoughts::without_end_marks(part.code, place.selection), place);
    part.code = &code;
    if part.code.trim().is_empty() {
        // What a fence says of its code is not said to the user.
        let is_fence = |word: &str| word.is_empty() || language::is_known(word) || fences::is_markdown(word);
        if !said.split(|letter: char| !letter.is_alphanumeric()).all(is_fence) {
            let reason = cut_off.unwrap_or(code::OUTSIDE).to_owned();
            return Fit::Show { reason, anyway: place.written(&said, false).text };
        }
        return nothing("the answer holds no text to write: ask again, or choose another model");
    }
    let Written { text: written, doubt } = place.written(part.code, part.is_block);
    let unsaid = if thoughts::are_amid(part.code, place.selection) {
        Some("the answer holds the model's reasoning")
    } else {
        tags::has_tags(part.code, place).then_some("the answer holds a part of the question")
    };
    let doubt = doubt.or_else(|| extent::doubt(part.code, place)).or_else(|| dress::doubt(part.code, place));
    match cut_off.or(part.doubt).or(unsaid).or(doubt).map(str::to_owned) {
        Some(reason) => Fit::Show { reason, anyway: written },
        None if written.trim().is_empty() => nothing("the answer says only what is in the text already"),
        None => Fit::Write(written),
    }
}

/// What is known to be written of an answer while it still comes: what may yet turn out to be reasoning, a fence or a
/// repetition is held back. Line ends are LF.
pub fn so_far(text: &str, place: Place<'_>) -> String {
    // It may be half a line end.
    let text = with_lf(text.strip_suffix('\r').unwrap_or(text)).into_owned();
    let said = &*place.unindented(without_thoughts(&text, place.selection));
    let may_be_mark = said.len() < LONGEST_MARK || said.starts_with("<|") || tags::has_tags(said, place);
    if said.trim_start().starts_with(['<', '◁']) && may_be_mark || thoughts::may_be_bare(said) {
        return String::new();
    }
    let (first, rest) = said.trim_start_matches('\n').split_once('\n').unwrap_or((said, ""));
    let open = fences::Fence::of(first);
    if place.kind() == Kind::Code && open.is_none() && may_explain(said, place) {
        return String::new();
    }
    let code = match open {
        Some(_) if place.kind() == Kind::Markdown => return String::new(),
        Some(_) => rest,
        // One that stands behind a word.
        None if fences::may_be_in(first) => return String::new(),
        None => said,
    };
    if dress::may_be(code, place) {
        return String::new();
    }
    // The last line may become a fence or a mark, or end with one.
    let (whole, last) = code.rsplit_once('\n').unwrap_or(("", code));
    let may_end = last.rfind('[').is_some_and(|begin| thoughts::INST_END.starts_with(&last[begin..]));
    let held = last.trim_start().is_empty() || last.contains(['`', '~', '<', '◁']) || may_end;
    let code = if held { whole } else { code };
    let end = (open.is_some() || !place.has_fences())
        .then(|| {
            let is_end = |line: &&str| {
                fences::Fence::of(line).is_some_and(|fence| open.is_none_or(|open| fence.closes(open)))
            };
            code.split_inclusive('\n')
                .scan(0, |end, line| {
                    let begin = *end;
                    *end += line.len();
                    Some((begin, line.trim_end_matches('\n')))
                })
                .find(|(_, line)| is_end(line))
                .map(|(begin, _)| begin)
        })
        .flatten();
    answer::begun(&code[..end.unwrap_or(code.len())], open.is_some(), place)
}

/// Whether what came so far may be the beginning of an explanation.
fn may_explain(said: &str, place: Place<'_>) -> bool {
    let begins = said.starts_with(|letter: char| letter.is_uppercase());
    let is_first_line = !said.contains('\n');
    begins && !place.is_among_prose() && (is_first_line || prose::is_around_code(said, place.language()))
}

/// Why an answer is not whole, by what it says of its end. None where it is.
pub fn why_cut_off(finish_reason: Option<&str>) -> Option<&'static str> {
    Some(match finish_reason {
        Some(WHOLE) => return None,
        Some("length") => "the answer was cut off at its length limit",
        Some("contentFilter") => "a content filter cut the answer off",
        Some("toolCalls") => "the model called a tool and did not finish its answer",
        Some("cancelled") => "the answer was cancelled",
        Some("error") => "the provider failed amid the answer",
        Some(_) => "the answer did not come to its end",
        None => "the response was interrupted",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Answer<'_> {
        Answer { text, finish_reason: Some("stop"), refusal: None }
    }

    fn of<'a>(language: &'a str, selection: &'a str) -> Place<'a> {
        Place { language, selection, ..Place::default() }
    }

    fn write(text: &str) -> Fit {
        Fit::Write(text.to_owned())
    }

    /// Why an answer is shown and not written.
    fn doubt(answer: Answer<'_>, place: Place<'_>) -> Option<String> {
        match fit(answer, place) {
            Fit::Show { reason, .. } => Some(reason),
            _ => None,
        }
    }

    #[test]
    fn one_fence_in_code_is_the_code() {
        for (text, code) in [
            ("let a = 1;", "let a = 1;"),
            ("```rust\nlet a = 1;\n```", "let a = 1;"),
            ("~~~\nlet a = 1;\n~~~\n", "let a = 1;"),
            ("Here it is:\n```\nlet a = 1;\n```\nEnjoy!", "let a = 1;"),
            ("```\nno closing fence", "no closing fence"),
            ("````rust\n/// ```\n/// a\n/// ```\nlet a = 1;\n````", "/// ```\n/// a\n/// ```\nlet a = 1;"),
            (
                "```\n\"\"\"A.\n\n    ```\n    a\n    ```\n\"\"\"\n```",
                "\"\"\"A.\n\n    ```\n    a\n    ```\n\"\"\"",
            ),
            ("<think>\n```\nno\n```\n</think>\n\nlet a = 1;", "let a = 1;"),
            ("<think>maybe\n```\nno\n```</think>```\nlet a = 1;\n```", "let a = 1;"),
            ("I could write\n```\nno\n```\n</think>\nlet a = 1;", "let a = 1;"),
            ("```rust\r\nlet a = 1;\r\n```\r\n", "let a = 1;"),
            ("1. Do:\n\n   ```\n   a(\n     1)\n   ```\n\n2. Run.", "a(\n  1)"),
            ("Do:\n- so\n\n    ```\n    a(\n      1)\n    ```", "a(\n  1)"),
            ("   ```\n   a(\n     1)\n   ```", "a(\n  1)"),
            (
                "# Adds two numbers and gives back the sum.\ndef add(): pass",
                "# Adds two numbers and gives back the sum.\ndef add(): pass",
            ),
        ] {
            assert_eq!(fit(whole(text), of("rust", "x")), write(code), "{text}");
        }
    }

    #[test]
    fn what_is_not_plainly_the_code_is_not_guessed_at() {
        let long = "This is not how I would do it, because the list is sorted already. ".repeat(4);
        for text in [
            "```\none()\n```\nor\n```\ntwo()\n```".to_owned(),
            format!("{long}\n\n```\nx\n```\n"),
            "The selection is already as simple as it can be, so I left it as it is.".to_owned(),
            "```diff\n-x\n+y\n```".to_owned(),
        ] {
            assert!(doubt(whole(&text), of("rust", "x")).is_some(), "{text}");
            assert!(doubt(whole(&text), of("rust", "")).is_some(), "{text}");
        }
        assert_eq!(fit(whole("```diff\n-x\n+y\n```"), of("diff", "x")), write("-x\n+y"));
        // Sentences take the place of sentences.
        let sentence = "This adds up all the numbers that are given.";
        let comment = "// This adds numbers to each other.";
        assert_eq!(fit(whole(sentence), of("rust", comment)), write(&format!("// {sentence}")));
        let in_a_comment = Place { language: "rust", before: "fn a() {}\n/// ", ..Place::default() };
        assert_eq!(fit(whole(sentence), in_a_comment), write(sentence));
        assert_eq!(fit(whole(sentence), of("plaintext", "x")), write(sentence));
    }

    #[test]
    fn a_refusal_in_a_sentence_is_written_into_no_document() {
        let refused = "I'm sorry, but I can't help with that.";
        for language in ["markdown", "plaintext", "latex", "rust", "gitcommit"] {
            assert!(doubt(whole(refused), of(language, "x")).is_some(), "{language}");
            assert!(doubt(whole(refused), of(language, "")).is_some(), "{language}");
        }
        // Who rewrites one gets one.
        assert_eq!(fit(whole(refused), of("markdown", "I can't help with this.")), write(refused));
    }

    #[test]
    fn in_markdown_the_whole_answer_is_the_text() {
        let page = "Better intro.\n\n```sh\nls -l\n```\n\nBetter outro.";
        for text in [page.to_owned(), format!("```markdown\n{page}\n```"), format!("````\n{page}\n````\n")] {
            assert_eq!(fit(whole(&text), of("markdown", "Intro.")), write(page), "{text}");
        }
        let block = "```sh\nls -l\n```";
        assert_eq!(fit(whole(block), of("markdown", "```sh\nls\n```")), write(block));
        assert_eq!(fit(whole(block), of("markdown", "")), write(block));
        let two = "```sh\na\n```\n\n```sh\nb\n```";
        assert_eq!(fit(whole(two), of("markdown", "x")), write(two));
        // Within a block of code only code is wanted.
        let inside = Place {
            language: "markdown",
            before: "Run:\n```sh\n",
            selection: "ls",
            after: "\n```\n",
            ..Place::default()
        };
        assert_eq!(fit(whole(block), inside), write("ls -l"));
        // Code with fences in it, such as a documentation comment, keeps them.
        let docs = "\"\"\"A.\n```\na()\n```\n\"\"\"";
        assert_eq!(fit(whole(docs), of("python", docs)), write(docs));
    }

    #[test]
    fn an_answer_without_a_text_changes_nothing() {
        for text in
            ["", " \n\t\n", "```\n```", "```rust\n\n```\n", "<think>hm</think>\n", "<think>never closed"]
        {
            for (language, selection) in [("rust", "x"), ("markdown", "x"), ("rust", "")] {
                let fit = fit(whole(text), of(language, selection));
                assert!(matches!(fit, Fit::Nothing { .. }), "{text:?} in {language}: {fit:?}");
            }
        }
        let refused = Answer { text: "let a", refusal: Some("I can't\nhelp."), finish_reason: Some("stop") };
        let reason = "the model refused: I can't help.".to_owned();
        assert_eq!(fit(refused, of("rust", "x")), Fit::Nothing { reason });
    }

    #[test]
    fn an_answer_that_is_not_whole_is_shown_with_the_reason() {
        for finish_reason in [
            Some("length"),
            Some("contentFilter"),
            Some("toolCalls"),
            Some("error"),
            Some("cancelled"),
            Some("x"),
            None,
        ] {
            let answer = Answer { text: "```rust\nlet a", refusal: None, finish_reason };
            match fit(answer, of("rust", "x")) {
                Fit::Show { anyway, .. } => assert_eq!(anyway, "let a", "{finish_reason:?}"),
                other => panic!("{finish_reason:?}: {other:?}"),
            }
            let blank = fit(Answer { text: "<think>hm", ..answer }, of("rust", "x"));
            assert!(matches!(blank, Fit::Nothing { .. }), "{blank:?}");
        }
        assert_eq!(
            doubt(Answer { text: "a", finish_reason: Some("length"), refusal: None }, of("rust", "x"))
                .as_deref(),
            Some("the answer was cut off at its length limit")
        );
    }

    #[test]
    fn what_is_written_as_it_comes_is_never_taken_back_where_the_answer_is_plain() {
        let within = Place { language: "rust", before: "    let a = ", after: "\n", ..Place::default() };
        for (text, place) in [
            ("one()\n    two()\n", of("rust", "")),
            ("```rust\none()\ntwo()\n```\n", of("rust", "")),
            ("  ```rust\n  one(\n    1)\n  ```\n", of("rust", "")),
            ("<think>\n```\nno\n```\n</think>\n\none()", of("rust", "")),
            ("◁think▷hm◁/think▷one()\ntwo()", of("rust", "")),
            ("<think>hm</think>\n<answer>\none()\ntwo()\n</answer>", of("rust", "")),
            ("analysisThey want it.assistantfinalone()\ntwo()", of("rust", "")),
            ("b = 2\nc = 3", Place { language: "python", before: "a = 1", ..Place::default() }),
            ("let a = one();", within),
            ("Intro.\n\n```sh\nls\n```\nMore.", of("markdown", "")),
            ("one()\r\ntwo()", of("rust", "")),
        ] {
            let Fit::Write(whole) = fit(whole(text), place) else { panic!("{text:?} is written") };
            let mut before = String::new();
            for (end, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let known = so_far(&text[..end], place);
                assert!(
                    known.starts_with(&before) && whole.starts_with(&known),
                    "{text:?} at {end}: {known:?}"
                );
                before = known;
            }
            assert!(!before.is_empty(), "{text:?}");
        }
        assert_eq!(so_far("```md\nText", of("markdown", "")), "");
    }

    #[test]
    fn an_answer_takes_the_line_ends_of_its_place() {
        for (before, selection, after, end) in [
            ("", "a\r\nb", "", "\r\n"),
            ("", "a\rb", "", "\r"),
            ("", "a", "\r\nb\n", "\r\n"),
            ("a\n\rb\r", "c", "", "\r"),
            ("a\r\n", "c", "\nd", "\n"),
            ("", "", "", "\n"),
            ("a\r", "", "", "\r"),
        ] {
            let place = Place { language: "rust", selection, before, after, ..Place::default() };
            for text in ["one()\ntwo()", "one()\r\ntwo()", "one()\rtwo()"] {
                assert_eq!(
                    fit(whole(text), place),
                    write(&format!("one(){end}two()")),
                    "{before:?} {after:?}"
                );
            }
        }
    }

    #[test]
    fn a_cr_that_is_a_letter_ends_no_line_of_an_answer() {
        for (before, selection, after, end) in [
            ("", "a\rb", "\nc", "\n"),
            ("x\ry\r\n", "a\rb", "", "\r\n"),
            ("", "a\r\nb\rc", "", "\r\n"),
            ("a\r", "", "\rb", "\n"),
        ] {
            let place = Place {
                language: "rust",
                selection,
                before,
                after,
                is_cr_a_letter: true,
                ..Place::default()
            };
            assert_eq!(fit(whole("one()\ntwo()"), place), write(&format!("one(){end}two()")), "{before:?}");
        }
    }
}
