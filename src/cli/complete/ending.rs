//! How an answer has ended: what a script is told by, and what people read of it.

use std::borrow::Cow;

use litellm_ls_protocol::{AssistantMessage, CompleteParams, CompleteResult};
use serde_json::Value;

use super::{CompleteArgs, schema_of, shape};
use crate::{
    assist::{code_alone, why_cut_off, without_thoughts},
    cli::output::CANCELLED,
};

/// What ended an answer that the user gave up.
pub(super) const GIVEN_UP: &str = "cancelled";
/// What ended an answer that could not be written any further.
pub(super) const UNWRITTEN: &str = "an output that takes no more";
/// What to do where nothing else is known to help.
const AGAIN: &str = "ask again, or take another model";

/// How an answer has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Ending {
    /// By itself, and something came of it.
    Whole,
    /// The user gave it up.
    Cancelled,
    /// The model refused, which is told beside the text.
    Refused,
    /// Amid it. Why, and what to do.
    CutOff(&'static str, &'static str),
    /// By itself, and nothing came of it. Why, and what to do.
    Silent(&'static str, &'static str),
    /// By itself, but not as what was wanted. Why.
    Unfit(&'static str),
}

impl Ending {
    /// The ending of an answer. Whatever is no `stop` is none that a script may build on, as editors write nothing else
    /// into a text.
    pub(in crate::cli) fn of(result: &CompleteResult) -> Self {
        let reason = result.finish_reason.as_deref();
        let message = &result.message;
        if reason == Some(GIVEN_UP) {
            return Self::Cancelled;
        }
        if message.refusal.as_ref().is_some_and(|refusal| !refusal.trim().is_empty()) {
            return Self::Refused;
        }
        match why_cut_off(reason) {
            Some(why) => Self::CutOff(why, remedy(reason)),
            None if says_something(message) => Self::Whole,
            None if thinks(message) => Self::Silent("the model thought, and answered with nothing", AGAIN),
            None => Self::Silent("the model answered with nothing", AGAIN),
        }
    }

    pub(super) fn exit_code(self) -> u8 {
        match self {
            Self::Whole => 0,
            Self::Cancelled => CANCELLED,
            Self::Refused | Self::CutOff(..) | Self::Silent(..) | Self::Unfit(_) => 1,
        }
    }

    /// What is told of it, and what to do. None where all is told already.
    pub(in crate::cli) fn told(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::CutOff(why, remedy) | Self::Silent(why, remedy) => Some((why, remedy)),
            Self::Unfit(why) => Some((why, AGAIN)),
            Self::Whole | Self::Cancelled | Self::Refused => None,
        }
    }
}

/// What of an answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted<'a> {
    /// All of it.
    Answer,
    /// Its code alone.
    Code,
    /// JSON alone that fits a schema.
    Json(&'a Value),
}

impl<'a> Wanted<'a> {
    pub(super) fn of(args: &CompleteArgs, params: &'a CompleteParams) -> Self {
        match &params.response_format {
            _ if args.code => Self::Code,
            Some(format) => Self::Json(schema_of(format)),
            None => Self::Answer,
        }
    }

    /// The part of an answer that is wanted.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn part<'b>(self, answer: &'b str) -> Result<Cow<'b, str>, &'static str> {
        match self {
            Self::Answer => Ok(answer.into()),
            Self::Code => code_alone(answer).map(Cow::Owned),
            // A model that does not know schemas may put it into a fence.
            Self::Json(schema) => {
                let parts = [Ok(without_thoughts(answer, "").into()), code_alone(answer).map(Cow::Owned)];
                let read = |part: Cow<'b, str>| Some((serde_json::from_str(&part).ok()?, part));
                let (value, part): (Value, _) = parts
                    .into_iter()
                    .flatten()
                    .find_map(read)
                    .ok_or("the answer is not the JSON that the schema asks for")?;
                shape::check(&value, schema).map(|()| part)
            }
        }
    }
}

fn remedy(reason: Option<&str>) -> &'static str {
    match reason {
        Some("length") => "allow more with --max-tokens, or go on with litellm-ls complete -c",
        Some("contentFilter") => "ask in other words, or take another model",
        Some("toolCalls") => "tell the model to answer without tools, or take another one",
        _ => "ask again, or go on with litellm-ls complete -c",
    }
}

/// Whether a model said more than its thoughts, wherever it wrote these.
fn says_something(message: &AssistantMessage) -> bool {
    let said = without_thoughts(&message.text, "");
    !said.trim().is_empty() || !message.images.is_empty() || message.audio.is_some()
}

/// Whether a model that said nothing thought.
fn thinks(message: &AssistantMessage) -> bool {
    [Some(&message.text), message.reasoning.as_ref()]
        .into_iter()
        .flatten()
        .any(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use litellm_ls_protocol::{Part, ToolCall};

    use super::*;

    /// What a script gets is what an editor would write.
    #[test]
    fn a_script_gets_the_code_without_thoughts_or_nothing() {
        for (answer, code) in [
            ("<think>abc</think>print(2)", Some("print(2)")),
            ("<think>```py\nx\n```</think>print(2)", Some("print(2)")),
            ("<think>\n```py\nx\n```\n</think>\n```py\nprint(2)\n```", Some("print(2)\n")),
            ("abc</think>\n\nprint(2)", Some("print(2)")),
            ("print(\"<think>\")", Some("print(\"<think>\")")),
            ("1. So:\n\n   ```py\n   if a:\n       b()\n   ```", Some("if a:\n    b()\n")),
            ("<think>abc</think>", None),
            ("<think>abc", None),
            ("```\n```", None),
            ("```py\n\n```", None),
        ] {
            assert_eq!(Wanted::Code.part(answer).ok().as_deref(), code, "{answer}");
        }
        for answer in ["<think>1</think>{\"a\":1}", "<think>{}</think>\n```json\n{\"a\":1}\n```"] {
            assert_eq!(Wanted::Json(&Value::Null).part(answer).unwrap().trim(), "{\"a\":1}", "{answer}");
        }
        assert!(Wanted::Json(&Value::Null).part("<think>{}</think>no").is_err());
    }

    /// Every reason there is, with everything that can come along.
    #[test]
    fn only_what_ended_by_itself_and_says_something_is_whole() {
        let text = || AssistantMessage { text: "rm -rf ./bui".into(), ..AssistantMessage::default() };
        let image = Part::Image { data: Some("AAAA".into()), mime_type: None, url: None };
        let messages = [
            ("text", text()),
            ("image", AssistantMessage { images: vec![image], ..AssistantMessage::default() }),
            ("thoughts", AssistantMessage { reasoning: Some("Hm.".into()), ..AssistantMessage::default() }),
            (
                "calls",
                AssistantMessage { tool_calls: vec![ToolCall::default()], ..AssistantMessage::default() },
            ),
            ("thoughts in the text", AssistantMessage { text: "<think>Hm.</think>\n".into(), ..text() }),
            ("thoughts cut off", AssistantMessage { text: "<think>Hm.".into(), ..text() }),
            ("nothing", AssistantMessage::default()),
            ("refusal", AssistantMessage { refusal: Some("I won't.".into()), ..text() }),
        ];
        let reasons = ["stop", "length", "contentFilter", "toolCalls", "error", "odd", "cancelled"];
        for reason in reasons.map(Some).into_iter().chain([None]) {
            for (name, message) in messages.clone() {
                let result = CompleteResult {
                    message,
                    finish_reason: reason.map(str::to_owned),
                    ..CompleteResult::default()
                };
                let ending = Ending::of(&result);
                let code = match (reason, name) {
                    (Some(GIVEN_UP), _) => 130,
                    (Some("stop"), "text" | "image") => 0,
                    _ => 1,
                };
                assert_eq!(ending.exit_code(), code, "{reason:?} {name}");
                let is_told = code == 1 && name != "refusal";
                assert_eq!(ending.told().is_some(), is_told, "{reason:?} {name}");
            }
        }
    }
}
