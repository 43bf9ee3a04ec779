//! Answers in the forms that would spoil a text: they are written as the text needs them, or are shown.

use serde::Deserialize;

use super::{
    fit::{Answer, Fit, fit},
    place::Place,
};

/// How many there are.
const COUNT: usize = 224;

/// A text with its selection or cursor between `«` and `»`, an answer, and the text with it. None where that is shown.
#[derive(Deserialize)]
struct Case {
    language: String,
    text: String,
    answer: String,
    written: Option<String>,
}

#[test]
fn no_form_of_an_answer_spoils_a_text() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../tests/cases/assist/forms.json")).unwrap();
    assert_eq!(cases.len(), COUNT);
    let mut wrong = Vec::new();
    for Case { language, text, answer, written } in &cases {
        let (before, rest) = text.split_once('«').unwrap();
        let (selection, after) = rest.split_once('»').unwrap();
        let place = Place { language, selection, before, after, ..Place::default() };
        let found = match fit(Answer { text: answer, finish_reason: Some("stop"), refusal: None }, place) {
            Fit::Write(new) => Some(format!("{before}{new}{after}")),
            Fit::Show { .. } => None,
            Fit::Nothing { reason } => Some(reason),
        };
        if found != *written {
            wrong.push(format!("{language} {text:?} + {answer:?}: {found:?}, not {written:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
