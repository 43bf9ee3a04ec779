//! What vendors, LiteLLM and gateways say when they refuse: `tests/cases/provider/vendor-errors.json`, row by row.

use std::{fs, path::Path};

use litellm_ls::{
    litellm::{self, Secrets, fault},
    provider::Error,
};
use serde_json::{Value, json};

fn corpus() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/provider/vendor-errors.json");
    serde_json::from_str(&fs::read_to_string(path).expect("the corpus")).expect("JSON")
}

/// What a peer is told of an answer, and what may be left out.
fn told(status: u16, headers: &Value, body: &str) -> Value {
    let header = |name: &str| headers[name].as_str();
    let fault = fault::read(Some(status), &header, body.as_bytes(), &Secrets::default());
    let refused = fault.refused.clone();
    let error = Error::from(litellm::Error::Fault {
        fault: Box::new(fault),
        status: Some(status),
        call_id: None,
        url: "http://proxy.example/v1/chat/completions".into(),
    });
    let data = json!(error.data);
    json!({
        "kind": data["kind"], "limit": data["limit"], "param": data["param"], "gateway": data["gateway"],
        "retryAfterMs": data["retryAfterMs"],
        "scope": data["budget"]["scope"], "message": error.message, "refused": refused,
    })
}

/// What a row says otherwise than it was told.
fn differences(row: &Value, told: &Value, envelope: &str) -> Vec<String> {
    let mut expected = row.clone();
    if row.get("refused").is_none() {
        expected["refused"] = json!([]);
    }
    let mut differing: Vec<&str> = ["kind", "limit", "param", "gateway", "scope", "refused", "retryAfterMs"]
        .into_iter()
        .filter(|name| told[*name] != expected[*name])
        .collect();
    let message = told["message"].as_str().expect("a message");
    let is_fit =
        !message.is_empty() && !message.contains('\n') && !message.contains("{\"") && message.len() <= 420;
    if !is_fit || row.get("message").is_some_and(|exact| exact != message && row.get("body").is_some()) {
        differing.push("message");
    }
    let line = |name| format!("{name} of {row} in {envelope}: {told}");
    differing.into_iter().map(line).collect()
}

#[test]
fn a_wording_means_the_same_in_every_envelope() {
    let corpus = corpus();
    let mut wrong = Vec::new();
    for row in corpus["wordings"].as_array().expect("wordings") {
        let message = row["message"].as_str().expect("a message");
        for (name, envelope) in corpus["envelopes"].as_object().expect("envelopes") {
            let body = put(envelope, message);
            let told = told(400, &Value::Null, &body.to_string());
            wrong.extend(differences(row, &told, name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The envelope with a text in its place, quoted as often as the place is.
fn put(envelope: &Value, message: &str) -> Value {
    let quoted = json!(message).to_string();
    let quoted = &quoted[1..quoted.len() - 1];
    match envelope {
        Value::String(text) if text == "MESSAGE" => json!(message),
        Value::String(text) if text.contains("\"MESSAGE") => json!(text.replace("MESSAGE", quoted)),
        Value::String(text) => json!(text.replace("MESSAGE", message)),
        Value::Array(values) => values.iter().map(|value| put(value, message)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), put(value, message))).collect()
        }
        other => other.clone(),
    }
}

#[test]
fn whole_answers_are_told_as_what_they_are() {
    let mut wrong = Vec::new();
    for row in corpus()["answers"].as_array().expect("answers") {
        let body = row["body"].as_str().map_or_else(|| row["body"].to_string(), str::to_owned);
        let status = row["status"].as_u64().and_then(|status| status.try_into().ok()).expect("a status");
        let told = told(status, &row["headers"], &body);
        wrong.extend(differences(row, &told, "its own"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_page_in_an_encoding_of_its_own_is_read_or_left_out() {
    let page = b"<html><head><title>Gesch\xfctzter Bereich</title></head></html>";
    let read = |content_type: &'static str, page: &[u8]| {
        let header = |name: &str| (name == "content-type").then_some(content_type);
        fault::read(Some(403), &header, page, &Secrets::default()).message
    };
    assert_eq!(read("text/html; charset=ISO-8859-1", page), "Geschützter Bereich");
    let declared = b"<html><head><meta charset=\"windows-1252\"><title>Gesch\xfctzt</title></head></html>";
    assert_eq!(read("text/html", declared), "Geschützt");
    // In GBK.
    let chinese = b"<html><title>\xcd\xf8\xb9\xd8\xb4\xed\xce\xf3</title></html>";
    assert_eq!(read("text/html; charset=gbk", chinese), "HTTP status 403, without a text");
}

#[test]
fn a_foreign_text_is_one_line_with_nothing_that_moves_or_hides_text() {
    let text = "first\r\nsecond\u{1b}[2J \u{202e}txet\u{202c} in\u{200b}visible\u{0}";
    for body in [
        json!({"error": {"message": text, "type": text, "param": text, "code": text}}),
        json!({"error": {"message": format!("litellm.BadRequestError: XException - {text}")}}),
        json!({"detail": text}),
    ] {
        let fault = fault::read(Some(400), &|_| None, body.to_string().as_bytes(), &Secrets::default());
        assert_eq!(fault.message, "first second[2J txet invisible");
        let all = format!("{:?}{:?}{:?}{:?}", fault.litellm_type, fault.param, fault.code, fault.detail);
        for unseen in ["\\u{1b}", "\\u{202e}", "\\u{200b}", "\\0"] {
            assert!(!all.contains(unseen), "{all}");
        }
        assert!(!format!("{:?}", fault.param).contains("\\n"), "{fault:?}");
    }
}
