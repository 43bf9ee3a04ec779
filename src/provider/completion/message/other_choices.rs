//! What choices beside the first add to a message.

use super::*;

fn message(is_of_several: bool) -> Message {
    let mut message = Message { is_of_several, ..Message::default() };
    for chunk in [
        r#"{"choices":[{"index":0,"delta":{"reasoning_content":"One. "}}]}"#,
        r#"{"choices":[{"index":1,"delta":{"reasoning_content":"Two."}}]}"#,
        r#"{"choices":[{"index":0,"delta":{"content":"Yes"}},{"index":1,"delta":{"content":"No","refusal":"No"}}]}"#,
        r#"{"choices":[{"index":0,"finish_reason":"stop"},{"index":1,"finish_reason":"length"}]}"#,
    ] {
        message.absorb(serde_json::from_str(chunk).unwrap(), &mut Deltas::default());
    }
    message
}

#[test]
fn reasoning_that_comes_in_another_choice_is_of_the_one_answer() {
    let message = message(false);
    assert_eq!(message.reasoning, "One. Two.");
    assert_eq!((message.text.as_str(), message.refusal.as_str()), ("Yes", ""));
    assert_eq!(message.finish_reason.as_deref(), Some("stop"));
}

#[test]
fn of_several_answers_only_the_first_is_the_message() {
    let message = message(true);
    assert_eq!((message.reasoning.as_str(), message.text.as_str()), ("One. ", "Yes"));
}
