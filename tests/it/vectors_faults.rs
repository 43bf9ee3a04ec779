//! What recorded and reported error answers of LiteLLM mean: `tests/cases/litellm/faults.json`, row by row.
#![allow(clippy::unwrap_used)]

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use litellm_ls::litellm::{
    Secrets,
    fault::{self, Cause, Fault},
};
use serde_json::{Value, json};

fn read(status: Option<u16>, retry_after: Option<&str>, body: &[u8]) -> Fault {
    let header = |name: &str| retry_after.filter(|_| name == "retry-after");
    fault::read(status, &header, body, &Secrets::default())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/litellm")
}

fn rows(name: &str) -> Vec<Value> {
    let table = fs::read_to_string(folder().join("faults.json")).unwrap();
    serde_json::from_str::<Value>(&table).unwrap()[name].as_array().unwrap().clone()
}

fn compare(fault: Fault, row: &Value) {
    let actual = json!({
        "cause": format!("{:?}", fault.cause),
        "message": fault.message,
        "param": fault.param,
        "limit": fault.limit,
        "retryAfter": fault.retry_after.map(|wait| wait.as_secs()),
    });
    for (name, value) in actual.as_object().unwrap() {
        assert_eq!(*value, row[name], "{name} of {row}");
    }
}

#[test]
fn recorded_answers() {
    let rows = rows("recorded");
    for row in &rows {
        compare(recorded(row["answer"].as_str().unwrap()), row);
    }
    for file in fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path()) {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let is_error = file.extension().is_some_and(|extension| extension == "http")
            && fs::read(&file).unwrap().get(9).is_some_and(|status| *status >= b'4');
        assert!(!is_error || rows.iter().any(|row| row["answer"] == name), "{name} has no row");
    }
}

#[test]
fn reported_answers() {
    for row in rows("reported") {
        let status = row["status"].as_u64().map(|status| status.try_into().unwrap());
        let body = row["body"].as_str().map_or_else(|| row["body"].to_string(), str::to_owned);
        compare(read(status, None, body.as_bytes()), &row);
    }
}

#[test]
fn the_rest_of_the_text_is_kept_as_detail() {
    let fault = recorded("error-upstream-400");
    let detail = fault.detail.unwrap();
    assert!(
        detail.starts_with("litellm.BadRequestError: ") && detail.contains("Received Model Group=up-openai")
    );
    assert_eq!(recorded("error-wrong-path").detail, None, "the message says it all");
}

#[test]
fn type_and_code_are_passed_on() {
    let expired = recorded("key-expired");
    assert_eq!(expired.litellm_type.as_deref(), Some("expired_key"));
    assert_eq!(expired.code.as_deref(), Some("401"));
    assert_eq!(recorded("stream-error-frame").litellm_type, None);
}

#[test]
fn context_windows_are_read_in_the_words_of_the_vendors() {
    for (text, limit) in [
        ("AnthropicException - prompt is too long: 210000 tokens > 200000 maximum", Some(200_000)),
        (
            "AnthropicException - input length and `max_tokens` exceed context limit: 198000 + 8192 > 200000, decrease",
            Some(200_000),
        ),
        (
            "GeminiException - The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
            Some(1_048_576),
        ),
        ("OpenAIException - Input tokens exceed the configured limit of 272,000 tokens.", Some(272_000)),
        ("OpenAIException - the request exceeds the available context size (4096 tokens)", Some(4096)),
        ("BedrockException - Input is too long for requested model.", None),
    ] {
        let body = json!({"error": {"message": format!("litellm.BadRequestError: {text}"), "code": "400"}});
        let fault = read(Some(400), None, body.to_string().as_bytes());
        assert_eq!((fault.cause, fault.limit), (Cause::ContextWindowExceeded, limit), "{text}");
    }
}

#[test]
fn parameters_are_read_in_the_words_of_the_vendors() {
    for (text, param) in [
        (
            "litellm.UnsupportedParamsError: openai does not support parameters: ['reasoning_effort'], for model=x. To drop",
            "reasoning_effort",
        ),
        (
            "litellm.UnsupportedParamsError: together_ai does not support parameters: tools, seed, for model=x.",
            "tools",
        ),
        ("litellm.UnsupportedParamsError: Setting `user` is not supported by x.", "user"),
        (
            "litellm.UnsupportedParamsError: Bedrock doesn't support tool_choice=required. Supported",
            "tool_choice",
        ),
        ("litellm.UnsupportedParamsError: GradientAI does not support parameter 'top_k'. To drop", "top_k"),
        (
            "litellm.BadRequestError: OpenAIException - Unsupported parameter: 'max_tokens' is not supported with this model.",
            "max_tokens",
        ),
        (
            "litellm.BadRequestError: OpenAIException - Unrecognized request argument supplied: thinking",
            "thinking",
        ),
        (
            "litellm.BadRequestError: AnthropicException - thinking.display: Extra inputs are not permitted",
            "thinking.display",
        ),
    ] {
        let body = json!({"error": {"message": text, "param": null, "code": "400"}});
        let fault = read(Some(400), None, body.to_string().as_bytes());
        assert_eq!((fault.cause, fault.param.as_deref()), (Cause::UnsupportedParam, Some(param)), "{text}");
    }
}

#[test]
fn waits_are_in_the_header_or_in_the_text() {
    let wait = |header, text: &str| {
        let body = json!({"error": {"message": text, "type": "throttling_error", "code": "429"}});
        read(Some(429), header, body.to_string().as_bytes()).retry_after
    };
    assert_eq!(wait(Some(" 7 "), "Try again in 5 seconds"), Some(Duration::from_secs(7)));
    assert_eq!(wait(Some("0.5"), ""), Some(Duration::from_millis(500)));
    assert_eq!(wait(None, "Please try again in 1m30.5s. Visit"), Some(Duration::from_millis(90_500)));
    assert_eq!(wait(None, "Please retry after 43 seconds."), Some(Duration::from_secs(43)));
    assert_eq!(wait(None, "Try again in 20ms"), Some(Duration::from_millis(20)));
    for header in ["Wed, 21 Oct 2015 07:28:00 GMT", "-1", "NaN", "inf", "1e300", ""] {
        assert_eq!(wait(Some(header), "Try again later"), None, "{header}");
    }
}

#[test]
fn keys_never_get_through() {
    let key = "sk-abcdefghijklmnopqrstuv";
    let body = json!({"error": {"message": format!("Authentication Error, Received={key}, no"), "param": key, "type": "auth_error"}});
    let fault = read(Some(401), None, body.to_string().as_bytes());
    assert!(!format!("{fault:?}").contains("abcdefgh"), "{fault:?}");
    let fault = read(Some(502), None, format!("bad {key}").as_bytes());
    assert!(!format!("{fault:?}").contains("abcdefgh"), "{fault:?}");
}

#[test]
fn texts_are_bounded_and_any_bytes_are_read() {
    let body = json!({"error": {"message": "é".repeat(10_000)}});
    let fault = read(Some(500), None, body.to_string().as_bytes());
    assert!(fault.message.len() <= 400 && fault.detail.unwrap().len() <= 4096);
    for body in [
        "{",
        "[]",
        "null",
        "\"text\"",
        "{\"error\":null}",
        "{\"error\":[]}",
        "{\"detail\":[1]}",
        "<",
        "<<>>",
        "<title></title>",
    ] {
        for status in [None, Some(200), Some(401), Some(500)] {
            assert!(!read(status, None, body.as_bytes()).message.is_empty(), "{body}");
        }
    }
    assert_eq!(read(Some(400), None, &[0xff, 0xfe]).cause, Cause::BadResponse);
    assert_eq!(read(Some(500), None, &[0xff, 0xfe]).cause, Cause::Upstream);
}

/// Reads a recorded answer; of a stream, its error frame.
fn recorded(name: &str) -> Fault {
    let answer = fs::read_to_string(folder().join(format!("{name}.http"))).unwrap().replace("\r\n", "\n");
    let (head, body) = answer.split_once("\n\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let retry_after = head.lines().find_map(|line| line.strip_prefix("retry-after: "));
    match body
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .find(|frame| frame.contains("\"error\""))
    {
        Some(frame) => read(None, None, frame.as_bytes()),
        None => read(Some(status), retry_after, body.as_bytes()),
    }
}
