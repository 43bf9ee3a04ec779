//! Which answers are written, which are shown, and which say nothing.

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
    for text in ["", " \n\t\n", "```\n```", "```rust\n\n```\n", "<think>hm</think>\n", "<think>never closed"]
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
        doubt(Answer { text: "a", finish_reason: Some("length"), refusal: None }, of("rust", "x")).as_deref(),
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
            assert!(known.starts_with(&before) && whole.starts_with(&known), "{text:?} at {end}: {known:?}");
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
            assert_eq!(fit(whole(text), place), write(&format!("one(){end}two()")), "{before:?} {after:?}");
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
        let place =
            Place { language: "rust", selection, before, after, is_cr_a_letter: true, ..Place::default() };
        assert_eq!(fit(whole("one()\ntwo()"), place), write(&format!("one(){end}two()")), "{before:?}");
    }
}

/// What ends before a comment and what begins there, in each language whose texts are looked for.
#[test]
fn a_defect_costs_no_answer() {
    let found = kept("x = 1", || panic!("a defect"));
    assert_eq!(found, Fit::Show { reason: DEFECT.to_owned(), anyway: "x = 1".to_owned() });
    for language in
        ["javascript", "typescriptreact", "vue", "shellscript", "perl", "ruby", "kotlin", "sql", "elisp"]
    {
        for said in [
            "const s = p[x]\n    / o.em;  // to em\n",
            "x = `a # b`\ny\n",
            "x `(a) ; `b'\n(f)\n",
            "v = ` // b`\n",
        ] {
            for (text, selection, before) in [(said, "x\n", ""), ("y = 1", said, ""), ("y = 1", "x\n", said)]
            {
                let place = Place { language, selection, before, ..Place::default() };
                let answer = Answer { text, finish_reason: Some("stop"), refusal: None };
                assert_ne!(fit(answer, place), kept(text, || panic!("a defect")), "{language}: {text:?}");
            }
        }
    }
}
