//! Whether an error says that the context window is too small, and how large that is, in the words of all vendors.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::members::Members;

/// Codes and types that mean nothing else.
const CODES: &[&str] = &[
    "context_length_exceeded",
    "context_window_exceeded",
    "contextwindowexceedederror",
    "model_context_window_exceeded",
    "model_max_prompt_tokens_exceeded",
    "exceed_context_size_error",
    "request_too_large",
    "tokens_limit_reached",
    // Zhipu, and MiniMax.
    "1261",
    "1039",
];

/// Words that mean nothing else, in lower case.
const WORDS: &[&str] = &[
    "contextwindowexceedederror",
    "context_length_exceeded",
    "context_window_exceeded",
    "maximum context length",
    "max context length",
    "maximum context limit",
    "exceed context limit",
    "exceeds context limit",
    "model's context length",
    "available context size",
    "context window exceeds limit",
    "context length exceeded",
    "context window exceeded",
    "context size has been exceeded",
    "exceeds the context window",
    "exceed the context window",
    "greater than the context length",
    "loaded with context length of only",
    "exceeded model token limit",
    "maximum prompt length is",
    "maximum allowed input length",
    "exceed model maximum (",
    "prompt exceeds max length",
    "tokens in request more than max tokens allowed",
    "range of input length should be",
    "maximum number of tokens allowed",
    "input tokens exceed the configured limit",
    "prompt is too long",
    "prompt too long",
    "prompt has too many tokens",
    "request body too large for",
    "prompt: length: 1..",
    "input is too long",
    "input token length too long",
    "input context is too long",
    "length of tokens in the request is too long",
    "conversation length exceeded",
    "too many input tokens",
    "too many tokens: total number of tokens",
    "`inputs` tokens + `max_new_tokens` must be",
    "input text length should not exceed",
    "reduce the length of the messages",
    "too large for model with",
    "too many total text bytes",
    "exceeds model context",
    "exceeds the model's context",
    "ran out of context",
    "context window is full",
    "context is full",
    "exceeds the maximum sequence length",
    "maximum sequence length exceeded",
    "`inputs` must have less than",
    "exceeds max_model_len",
    "exceeds max_seq_len",
    "exceeds maximum model length",
    "too long for this model",
    "too long for the model",
    "limite de contexto",
    "コンテキスト長を超",
    "컨텍스트 길이를 초과",
    // Qwen, GLM, Kimi and gateways in China.
    "上下文长度超",
    "超出上下文",
    "超过上下文",
    "超出模型上下文",
    "超过模型最大",
    "最大上下文",
    "上下文窗口",
    "输入长度超",
    "输入过长",
    "输入内容过长",
    "token数量超过",
    "tokens超出",
    "提示词过长",
];

/// What the sentences of all others have in common: something that is counted, and that it is too much.
static COUNTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let things = "prompt|input|messages?|conversation|request|history|text";
    let counts = r"tokens|token (?:count|length|limit|number|size)";
    Regex::new(&format!(
        r"context (?:window|length|size|limit)|(?:model|sequence) length|max_model_len|max_seq_len|(?:{things})\b.*\b(?:{counts})|(?:{counts}).*\b(?:{things})\b"
    ))
    .ok()
});
static TOO_MUCH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\bexceed|too (?:long|large|many|big)|(?:longer|larger|greater|more|bigger)(?: tokens)? than|overflow|does(?:n't| not) fit|not enough|over the (?:limit|maximum)|surpass|(?:less|fewer) than")
        .ok()
});
/// What speaks of another limit.
static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"\brate|per[ -](?:second|minute|min|hour|day|month|request)|\b(?:tpm|rpm|tpd)\b|quota|throttl|daily|monthly|",
        r"budget|credit|billing|plan\b|output|completion|max_tokens|max_new|reasoning|thinking|expire|too small|image|",
        r"audio|file|tool|string|name|description|url|metadata|header|embedding|batch|timeout|try again|please wait",
    ))
    .ok()
});

/// Whether an error says so, by its members or in its text, which is in lower case.
pub(super) fn is_told(members: &Members, text: &str) -> bool {
    members.has_code(CODES) || is_said(text)
}

fn is_said(text: &str) -> bool {
    // A limit of OpenAI's for other texts is told in the same words.
    if text.contains("string_above_max_length") {
        return false;
    }
    let is =
        |pattern: &LazyLock<Option<Regex>>, text: &str| pattern.as_ref().is_some_and(|it| it.is_match(text));
    WORDS.iter().any(|words| text.contains(words))
        || is_too_large_for_a_minute(text)
        || (text.contains("n_keep") && text.contains("n_ctx"))
        || (text.contains("current length is") && text.contains("while limit is"))
        || (text.contains("maximum input length is") && text.contains("tokens"))
        || text.contains("too many tokens") && !is(&OTHER, text)
        || sentences(text)
            .any(|sentence| is(&COUNTED, sentence) && is(&TOO_MUCH, sentence) && !is(&OTHER, sentence))
}

/// Whether one question alone is more than a vendor takes in a minute: waiting does not help.
pub(super) fn is_too_large_for_a_minute(text: &str) -> bool {
    text.contains("request too large") && (text.contains("token") || text.contains("tpm"))
}

pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', ';', '!', '?']).flat_map(|line| line.split(". "))
}

/// The context window in tokens: by a member, or in the words of the vendors.
pub(super) fn limit(members: &Members, text: &str) -> Option<u64> {
    static LIMITS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        let number = r"(\d[\d,_]*)";
        [
            r" > ",
            r"(?:maximum|max|model's|models) context (?:length|limit|window|size)(?: is| of|:)? ?(?:only )?\(?",
            r"available context size \(",
            r"(?:context|model) length (?:of (?:only )?|\(|is )",
            r"context (?:window|size|limit) (?:of (?:only )?|\(|is )",
            r"model token limit: ",
            r"maximum prompt length is ",
            r"maximum (?:allowed )?input length (?:is|of) ",
            r"number of tokens allowed \(",
            r"should be \[1, ?",
            r"too large for model with ",
            r"exceed model maximum \(",
            r"configured limit of ",
            r"exceeds? the limit of ",
            r"while limit is ",
            r"n_ctx: ",
            r"tokens allowed:? ?\(?",
            r"max size: ",
            r"cannot exceed ",
            r"should not exceed ",
            r"limit:? (?:of )?",
            r"must be <= ",
            r"maximum (?:is|of) ",
        ]
        .iter()
        .filter_map(|words| Regex::new(&format!(r"(?:{words}){number}(?:\b|$)")).ok())
        .collect()
    });
    let text = text.to_lowercase();
    let told = || LIMITS.iter().find_map(|pattern| number(pattern.captures(&text)?.get(1)?.as_str()));
    members.window.or_else(told)
}

/// A whole number; `200,000` is one too.
fn number(text: &str) -> Option<u64> {
    text.replace([',', '_'], "").parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_long_a_context_is_known_in_words_that_no_vendor_has_used_yet() {
        for text in [
            "the prompt surpasses the token limit of this model",
            "your messages are over the limit of 32768 tokens",
            "this model's context window is full",
            "input validation error: `inputs` must have less than 4096 tokens. given: 5000",
            "prompt length 9000 exceeds max_model_len 8192",
            "the sequence length is larger than the maximum of 2048",
            "the conversation has more tokens than the model takes, more than 8192",
            "the input is too long for this model",
            "conversation ran out of context",
            "请求超过了最大上下文长度",
        ] {
            assert!(is_said(text), "{text}");
        }
        for text in [
            "rate limit: 40000 input tokens per minute exceeded",
            "your monthly token quota is exceeded",
            "max_tokens is too large: 99999. this model supports at most 4096 completion tokens",
            "the image is too large",
            "tool name is too long",
            "invalid value for temperature: must be less than 2",
            "your credit balance is too low for this request",
        ] {
            assert!(!is_said(text), "{text}");
        }
    }
}
