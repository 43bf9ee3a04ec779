//! Answers that are not quite as they should be: what they say arrives, and what is lost is told.

use litellm_ls_protocol::{Delta, ErrorKind, TimeoutPhase};
use serde_json::{Value, json};

use crate::support::{
    fake_proxy::{Answer, Body, FakeProxy, gzip},
    server::TestServer,
    session::{Streamed, with_fake},
};

const ROUTE: &str = "POST /v1/chat/completions";
const END: &str =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
const WHOLE: &str = r#"{"id":"x","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Hello"}}]}"#;

async fn answer(fake: &FakeProxy, server: &mut TestServer, answer: Answer) -> Streamed {
    fake.on(ROUTE).answer(answer);
    server.stream(json!({"model": "gpt", "prompt": "hi"})).await
}

/// An event with a text, which is written as it stands.
fn event(text: &[u8]) -> Vec<u8> {
    [&b"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\""[..], text, b"\"}}]}\n\n"].concat()
}

fn stream(body: impl AsRef<[u8]>) -> Answer {
    Answer::stream().piece([body.as_ref(), END.as_bytes()].concat())
}

/// JSON is UTF-8, but some gateways have old defaults: what the header names is read, and UTF-8 under a wrong name too.
#[tokio::test]
async fn text_in_latin_1_is_read() {
    let (fake, mut server) = with_fake().await;
    let typed = |kind: &str| Answer::head(200, Body::Chunked).header("content-type", kind);
    let events = [event(b"caf\xe9 \x80"), event("日本".as_bytes()), event(b"\xfc"), END.into()].concat();
    let latin = "text/event-stream; charset=ISO-8859-1";
    for cut in [false, true] {
        let body = |answer: Answer| if cut { answer.bytewise(&events) } else { answer.piece(events.clone()) };
        let streamed = answer(&fake, &mut server, body(typed(latin))).await;
        assert_eq!(streamed.outcome.unwrap().message.text, "café €日本ü");
    }
    let whole = [br#"{"choices":[{"message":{"content":"na"#, &b"\xef"[..], br#"ve"}}]}"#].concat();
    let streamed = answer(&fake, &mut server, typed("application/json; charset=latin1").piece(whole)).await;
    assert_eq!(streamed.outcome.unwrap().message.text, "naïve");
    server.end().await;
}

/// Whatever kind of success a gateway calls it: the answer is there, and paid for.
#[tokio::test]
async fn an_answer_under_any_success_is_one() {
    let (fake, mut server) = with_fake().await;
    for status in [200, 201, 202, 203, 206, 299] {
        let events = Answer::head(status, Body::Chunked).piece([&event(b"Hello"), END.as_bytes()].concat());
        for said in [events, Answer::whole(status, "application/json", WHOLE)] {
            let streamed = answer(&fake, &mut server, said).await;
            assert_eq!(streamed.outcome.unwrap().message.text, "Hello", "{status}");
        }
    }
    let page = Answer::whole(202, "text/html", "<html>Accepted</html>");
    let error = answer(&fake, &mut server, page).await.outcome.unwrap_err();
    assert_eq!((error.kind, error.http_status), (ErrorKind::BadResponse, Some(202)));
    server.end().await;
}

#[tokio::test]
async fn what_is_odd_and_harmless_makes_no_difference() {
    let (fake, mut server) = with_fake().await;
    let hello = event(b"Hello");
    let before = |text: &str| stream([text.as_bytes(), &hello].concat());
    let events = [&hello, END.as_bytes()].concat();
    let parts = |content: Value| {
        let chunk = json!({"choices": [{"delta": {"content": content}}]});
        stream(format!("data: {chunk}\n\n"))
    };
    for (name, odd) in [
        ("null", before("data: null\n\n")),
        ("nothing", before("data:\n\ndata: \n\n")),
        ("a comment as data", before("data: : PROCESSING\n\n")),
        ("a sign of life", before("data: ping\n\ndata: {}\n\n")),
        ("not a number", before("data: NaN\n\n")),
        (
            "an infinite probability",
            stream(
                br#"data: {"choices":[{"delta":{"content":"Hello"},"logprobs":[-Infinity]}]}

"#,
            ),
        ),
        ("no failure: false", before("data: {\"error\":false}\n\n")),
        ("no failure: an empty text", before("data: {\"error\":\"\"}\n\n")),
        ("no failure: an empty object", before("data: {\"error\":{}}\n\n")),
        ("no failure: empty members", before("data: {\"error\":{\"message\":null,\"code\":0}}\n\n")),
        (
            "two texts in one event",
            stream(
                event(b"Hel")
                    .into_iter()
                    .filter(|byte| *byte != b'\n')
                    .chain(event(b"lo").split_off(6))
                    .collect::<Vec<u8>>(),
            ),
        ),
        (
            "lines without blank lines between",
            stream([&event(b"Hel")[..event(b"Hel").len() - 1], &event(b"lo")].concat()),
        ),
        (
            "a bare newline in a text",
            stream(
                [
                    event(b""),
                    b"data: {\"choices\":[{\"delta\":{\"content\":\"Hello\",\"x\":\"\tx\"}}]}\n\n".to_vec(),
                ]
                .concat(),
            ),
        ),
        ("a choice that is no list", stream("data: {\"choices\":{\"delta\":{\"content\":\"Hello\"}}}\n\n")),
        (
            "numbers as texts",
            stream("data: {\"choices\":[{\"index\":\"0\",\"delta\":{\"content\":\"Hello\"}}]}\n\n"),
        ),
        (
            "a number with a point",
            stream("data: {\"choices\":[{\"index\":0.0,\"delta\":{\"content\":\"Hello\"}}]}\n\n"),
        ),
        ("a delta that is a text", stream("data: {\"choices\":[{\"delta\":\"Hello\"}]}\n\n")),
        (
            "delta and message",
            stream(
                "data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"},\"message\":{\"content\":\"Hello\"}}]}\n\n",
            ),
        ),
        (
            "a member twice",
            stream("data: {\"choices\":[{\"delta\":{\"content\":\"\",\"content\":\"Hello\"}}]}\n\n"),
        ),
        (
            "parts",
            parts(
                json!([{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}, {"type": "reference", "reference_ids": [1]}]),
            ),
        ),
        ("texts as parts", parts(json!(["Hel", "lo"]))),
        ("one part", parts(json!({"type": "output_text", "text": "Hello"}))),
        ("a whole answer as a stream", Answer::stream().piece(WHOLE)),
        (
            "a whole answer, pretty",
            Answer::stream().piece(format!("\u{feff}\n  {}", WHOLE.replace(',', ",\n\n  "))),
        ),
        ("a whole answer and its end", Answer::stream().piece(format!("{WHOLE}\n\ndata: [DONE]\n\n"))),
        (
            "a whole answer and its bare end",
            Answer::whole(200, "application/json", format!("{WHOLE}\n[DONE]")),
        ),
        ("a whole answer in an event", Answer::stream().piece(format!("data: {WHOLE}\n\ndata: [DONE]\n\n"))),
        ("a whole answer with NaN", Answer::whole(200, "application/json", WHOLE.replace("\"x\"", "NaN"))),
        ("a whole answer and an open connection", Answer::head(200, Body::Chunked).piece(WHOLE).held()),
        ("events as JSON", Answer::whole(200, "application/json", events.clone())),
        ("events as plain text", Answer::whole(200, "text/plain; charset=utf-8", events.clone())),
        ("events with a blank before", Answer::whole(200, "text/html", [b"\n".as_slice(), &events].concat())),
        (
            "a comment first",
            Answer::whole(200, "application/json", [b": hi\n\n".as_slice(), &events].concat()),
        ),
        (
            "another spelling of the end",
            Answer::stream().piece([&hello, &b"data: \"[done]\"\n\n"[..]].concat()),
        ),
    ] {
        let streamed = answer(&fake, &mut server, odd).await;
        let result = streamed.outcome.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(result.message.text, "Hello", "{name}");
        assert_eq!(result.warnings, [""; 0], "{name}");
    }
    server.end().await;
}

#[tokio::test]
async fn characters_cut_between_events_are_whole_again() {
    let (fake, mut server) = with_fake().await;
    let rocket = "🚀".as_bytes();
    for (pieces, text) in [
        (vec![&b"Go \\ud83d"[..], b"\\ude80!"], "Go 🚀!"),
        (vec![b"Go \\ud83d", b"", b"\\ude80!"], "Go 🚀!"),
        (vec![b"Go \\ud83d", b"!"], "Go \u{FFFD}!"),
        (vec![b"Go \\ud83d"], "Go \u{FFFD}"),
        (vec![b"\\ude80!"], "\u{FFFD}!"),
        (vec![b"a\\ud83d", b"\\ude80\\ud83d", b"\\ude80b"], "a🚀🚀b"),
        (vec![&rocket[..1], &rocket[1..2], &rocket[2..]], "🚀"),
        (vec![b"x", &rocket[..3], &rocket[3..], b"y"], "x🚀y"),
        (vec![&rocket[..3], b"y"], "\u{FFFD}y"),
        (vec![b"\xffx"], "\u{FFFD}x"),
    ] {
        let body: Vec<u8> = pieces.iter().flat_map(|piece| event(piece)).collect();
        let result = answer(&fake, &mut server, stream(body)).await.outcome.unwrap();
        assert_eq!(result.message.text, text);
    }
    // Each text by itself: what stands between the halves belongs to another.
    let reasoning = b"data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"Hm\"}}]}\n\n";
    let body = [event(b"\\ud83d"), reasoning.to_vec(), event(b"\\ude80")].concat();
    let message = answer(&fake, &mut server, stream(body)).await.outcome.unwrap().message;
    assert_eq!((message.text.as_str(), message.reasoning.as_deref()), ("🚀", Some("Hm")));
    server.end().await;
}

#[tokio::test]
async fn parts_are_text_and_reasoning() {
    let (fake, mut server) = with_fake().await;
    let thinking = json!({"type": "thinking", "thinking": [{"type": "text", "text": "Let me add."}]});
    let image = json!({"type": "image_url", "image_url": {"url": "https://i.example/1.png"}});
    let body = Answer::stream()
        .delta(json!({"content": [thinking]}))
        .delta(json!({"content": [{"type": "text", "text": "The sum "}, image]}))
        .delta(json!({"content": [{"type": "text", "text": "is 4."}, {"type": "refusal", "refusal": "no"}]}))
        .finish("stop");
    let streamed = answer(&fake, &mut server, body).await;
    let message = streamed.outcome.unwrap().message;
    assert_eq!(message.text, "The sum is 4.");
    assert_eq!(message.reasoning.as_deref(), Some("Let me add."));
    assert_eq!(message.refusal.as_deref(), Some("no"));
    assert_eq!(message.images.len(), 1);
    server.end().await;
}

#[tokio::test]
async fn what_cannot_be_read_costs_itself_and_is_told() {
    let (fake, mut server) = with_fake().await;
    let nonsense = "data: {\"choices\": [{\"del\n\n";
    let good = String::from_utf8(event(b"a")).unwrap();
    for (name, body, text) in [
        ("an event that is cut off", format!("{good}{nonsense}{good}"), "aa"),
        ("nine in a row, twice", format!("{0}{good}{0}{good}", nonsense.repeat(9)), "aa"),
        ("glued to the next", format!("data: {{\"choices\":[{{\"delta\"{good}{good}"), "aa"),
        ("a list", format!("data: [1,2]\n\n{good}"), "a"),
        ("a text", format!("data: \"oops\"\n\n{good}"), "a"),
        (
            "a number as text",
            format!("{good}data: {{\"choices\":[{{\"delta\":{{\"content\":7}}}}]}}\n\n"),
            "a",
        ),
        (
            "an unknown part",
            format!("{good}data: {{\"choices\":[{{\"delta\":{{\"content\":[{{\"new\":1}}]}}}}]}}\n\n"),
            "a",
        ),
        (
            "calls that are none",
            format!("{good}data: {{\"choices\":[{{\"delta\":{{\"tool_calls\":[\"f\"]}}}}]}}\n\n"),
            "a",
        ),
    ] {
        let streamed = answer(&fake, &mut server, stream(body)).await;
        let result = streamed.outcome.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(result.message.text, text, "{name}");
        assert_eq!(result.warnings.len(), 1, "{name}: {:?}", result.warnings);
        let told =
            |delta: &&Delta| matches!(delta, Delta::Warning { message } if *message == result.warnings[0]);
        assert_eq!(streamed.deltas.iter().filter(told).count(), 1, "{name}");
    }
    let ten = Answer::stream().piece(format!("{good}{}{good}{END}", nonsense.repeat(10)));
    let error = answer(&fake, &mut server, ten).await.outcome.unwrap_err();
    assert_eq!(error.kind, ErrorKind::StreamInterrupted);
    assert_eq!(error.partial.unwrap().message.text, "a");
    server.end().await;
}

#[tokio::test]
async fn an_answer_that_says_nothing_is_no_quiet_success() {
    let (fake, mut server) = with_fake().await;
    let usage = json!({"choices": [], "usage": {"prompt_tokens": 36000, "completion_tokens": 0}});
    for (name, silent) in [
        ("the end alone", Answer::stream().done()),
        ("no choices", Answer::stream().event(&json!({"choices": []})).done()),
        ("usage alone", Answer::stream().event(&usage).done()),
        ("a role alone", Answer::stream().delta(json!({"role": "assistant", "content": ""})).done()),
    ] {
        let error = answer(&fake, &mut server, silent).await.outcome.expect_err(name);
        assert_eq!(error.kind, ErrorKind::Upstream, "{name}");
    }
    let no_choices = Answer::json(200, &json!({"choices": [], "usage": {"prompt_tokens": 1}}));
    assert!(answer(&fake, &mut server, no_choices).await.outcome.is_err());
    for finish in ["stop", "length", "tool_calls"] {
        let silent = Answer::stream().delta(json!({"role": "assistant"})).finish(finish).event(&usage).done();
        let streamed = answer(&fake, &mut server, silent).await;
        let result = streamed.outcome.unwrap();
        assert_eq!(result.warnings.len(), 1, "{finish}");
        assert_eq!(result.usage.unwrap().input_tokens, Some(36000));
        assert!(streamed.deltas.contains(&Delta::Warning { message: result.warnings[0].clone() }));
    }
    server.end().await;
}

#[tokio::test]
async fn an_error_as_the_reason_to_end_is_an_error() {
    let (fake, mut server) = with_fake().await;
    let half = || Answer::stream().text("Half an");
    let told = json!({"choices": [{"delta": {}, "finish_reason": "error", "error": {"code": 502, "message": "Provider disconnected"}}]});
    let usage = json!({"prompt_tokens": 10, "completion_tokens": 5});
    for (name, answered, message) in [
        ("alone", half().finish("error").usage(usage.clone()).done(), "did not say"),
        ("in capitals", half().finish("ERROR").usage(usage.clone()).done(), "did not say"),
        ("with its reason", half().event(&told).usage(usage).done(), "Provider disconnected"),
        (
            "as vLLM tells it",
            half().event(&json!({"object": "error", "message": "Engine died", "code": 500})),
            "Engine died",
        ),
        ("as FastAPI tells it", half().event(&json!({"detail": "Engine died"})), "Engine died"),
        (
            "as Anthropic tells it",
            half().event(&json!({"type": "error", "error": {"message": "Engine died"}})),
            "Engine died",
        ),
        (
            "by its type",
            half().event(&json!({"type": "overloaded_error", "message": "Engine died"})),
            "Engine died",
        ),
        ("by its status", half().event(&json!({"code": "503", "msg": "Engine died"})), "Engine died"),
        ("in a list", half().event(&json!({"errors": [{"message": "Engine died"}]})), "Engine died"),
        (
            "as MiniMax tells it",
            half().event(&json!({"base_resp": {"status_code": 1008, "status_msg": "Engine died"}})),
            "Engine died",
        ),
    ] {
        fake.on(ROUTE).answer(answered);
        let params = json!({"model": "gpt", "prompt": "hi"});
        let error = server.call("provider/complete", params).await.expect_err(name);
        assert!(error["message"].as_str().unwrap().contains(message), "{name}: {error}");
        let partial = &error["data"]["partial"];
        assert_eq!(partial["message"]["text"], "Half an", "{name}");
        assert_eq!(partial["finishReason"], Value::Null, "{name}");
        if name == "alone" {
            assert_eq!(partial["usage"]["outputTokens"], 5);
        }
    }
    server.end().await;
}

/// A gateway that does not stream sends one JSON text, and may keep to its framing no better than to the rest.
#[tokio::test]
async fn an_answer_that_came_whole_is_one_however_its_connection_ends() {
    let (fake, mut server) = with_fake().await;
    let json = |body: Body| Answer::head(200, body).header("content-type", "application/json");
    for (name, answered) in [
        ("no last chunk", json(Body::Chunked).piece(WHOLE).close()),
        ("a bad chunk", json(Body::Chunked).piece(WHOLE).raw("zz\r\n")),
        ("a longer length", json(Body::Length(WHOLE.len() + 10)).piece(WHOLE).close()),
        ("a longer length, left open", json(Body::Length(WHOLE.len() + 10)).piece(WHOLE).held()),
    ] {
        let outcome = answer(&fake, &mut server, answered).await.outcome;
        let result = outcome.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let said = (result.message.text.as_str(), result.finish_reason.as_deref());
        assert_eq!(said, ("Hello", Some("stop")), "{name}");
    }
    server.end().await;
}

/// However the coding is spelt (RFC 9110, 8.4.1), and in as many members as it likes (RFC 1952, 2.2). Some gateways unpack an
/// answer, and say that it is packed all the same.
#[tokio::test]
async fn what_comes_packed_is_unpacked() {
    const HELLO: &[u8] = b"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}\n\n";
    const LIST: &str = r#"{"data":[{"model_name":"packed","model_info":{"mode":"chat"}}]}"#;
    let (fake, mut server) = with_fake().await;
    let whole = [HELLO, END.as_bytes()].concat();
    let once = |coding: &'static str| (coding, gzip(&whole), gzip(LIST.as_bytes()));
    let (begun, rest) = LIST.as_bytes().split_at(9);
    for (coding, events, list) in [
        once("gzip"),
        once("GZIP"),
        once("x-gzip"),
        once("gzip, identity"),
        once("identity ,Gzip"),
        ("gzip", [gzip(HELLO), gzip(END.as_bytes())].concat(), [gzip(begun), gzip(rest)].concat()),
        ("gzip, gzip", gzip(&gzip(&whole)), gzip(&gzip(LIST.as_bytes()))),
        ("gzip", whole.clone(), LIST.into()),
    ] {
        let packed = |kind: &str| {
            Answer::head(200, Body::Chunked).header("content-type", kind).header("content-encoding", coding)
        };
        let said = packed("text/event-stream").piece(events);
        assert_eq!(answer(&fake, &mut server, said).await.outcome.unwrap().message.text, "Hello", "{coding}");
        fake.on("GET /v1/model/info").always(packed("application/json").piece(list));
        fake.on("GET /v1/models").always(Answer::json(200, &json!({"data": [{"id": "packed"}]})));
        let list = server.ask("provider/listModels", json!({"refresh": true})).await;
        assert_eq!(list["models"][0]["id"], "packed", "{coding}");
    }
    let packed = || {
        let head = Answer::head(200, Body::Chunked).header("content-type", "text/event-stream");
        head.header("content-encoding", "gzip").piece(gzip(HELLO))
    };
    let mut broken = gzip(END.as_bytes());
    broken.truncate(20);
    for (name, said) in [
        ("cut amid a member", packed().piece(broken.clone())),
        ("cut behind one", packed()),
        ("broken", packed().piece([broken, vec![0xff; 100]].concat())),
        ("no gzip behind it", packed().piece(END)),
    ] {
        let error = answer(&fake, &mut server, said).await.outcome.expect_err(name);
        assert_eq!(error.kind, ErrorKind::StreamInterrupted, "{name}");
        assert_eq!(error.partial.unwrap().message.text, "Hello", "{name}");
    }
    server.end().await;
}

#[tokio::test]
async fn an_answer_that_came_whole_and_was_cut_off_keeps_what_had_arrived() {
    let (fake, mut server) = with_fake().await;
    let timeouts = json!({"timeouts": {"firstTokenMs": 300, "idleMs": 300}, "verify": false});
    server.ask("provider/configure", timeouts).await;
    let json = |body: Body| Answer::head(200, body).header("content-type", "application/json");
    let text = WHOLE.find("lo\"").unwrap();
    for (cut, said) in [(text, "Hel"), (WHOLE.len() - 2, "Hello")] {
        for (name, answered, kind) in [
            ("broken", json(Body::Chunked).piece(&WHOLE[..cut]).close(), ErrorKind::StreamInterrupted),
            ("ended", json(Body::UntilClose).piece(&WHOLE[..cut]).close(), ErrorKind::StreamInterrupted),
            ("silent", json(Body::Chunked).piece(&WHOLE[..cut]).held(), ErrorKind::Timeout),
        ] {
            let error = answer(&fake, &mut server, answered).await.outcome.expect_err(name);
            assert_eq!(error.kind, kind, "{name} {cut}");
            let partial = error.partial.unwrap_or_else(|| panic!("{name} {cut}: no partial"));
            assert_eq!((partial.message.text.as_str(), partial.finish_reason), (said, None), "{name} {cut}");
        }
    }
    server.end().await;
}

/// The whole report of a failure says what it is, whatever becomes of its connection.
#[tokio::test]
async fn a_failure_is_told_as_what_it_is_though_its_connection_stays_open() {
    let (fake, mut server) = with_fake().await;
    let report = |message: &str| json!({"error": {"message": message}}).to_string();
    let long = report("This model's maximum context length is 100 tokens");
    let json =
        |status: u16, body: Body| Answer::head(status, body).header("content-type", "application/json");
    for (name, answered, kind) in [
        ("chunked", json(400, Body::Chunked).piece(long.as_str()).held(), ErrorKind::ContextWindowExceeded),
        (
            "a longer length",
            json(400, Body::Length(long.len() + 10)).piece(long.as_str()).held(),
            ErrorKind::ContextWindowExceeded,
        ),
        ("a wrong key", json(401, Body::Chunked).piece(report("No")).held(), ErrorKind::Unauthorized),
        (
            "in a stream, without its end",
            Answer::stream().piece(format!("data: {long}")).close(),
            ErrorKind::ContextWindowExceeded,
        ),
    ] {
        let error = answer(&fake, &mut server, answered).await.outcome.expect_err(name);
        assert_eq!(error.kind, kind, "{name}: {error:?}");
    }
    let list = json(401, Body::Chunked).piece(report("No"));
    for (name, refused) in [("left open", list.clone().held()), ("broken", list.close())] {
        fake.on("GET /v1/model/info").always(refused.clone());
        fake.on("GET /v1/models").always(refused);
        let error = server.call("provider/listModels", json!({"refresh": true})).await.expect_err("no list");
        assert_eq!(error["data"]["kind"], json!(ErrorKind::Unauthorized), "{name}: {error}");
    }
    server.end().await;
}

#[tokio::test]
async fn text_that_comes_with_a_failure_is_kept() {
    let (fake, mut server) = with_fake().await;
    let last = |text: &str| json!({"choices": [{"delta": {"content": text}}], "error": {"code": 500, "message": "boom"}});
    for (name, answered, text) in [
        ("alone", Answer::stream().event(&last("Hello.")), "Hello."),
        ("behind others", Answer::stream().text("First ").event(&last("second.")), "First second."),
        ("whole", Answer::json(200, &last("Hello.")), "Hello."),
    ] {
        let error = answer(&fake, &mut server, answered).await.outcome.expect_err(name);
        assert!(error.partial.is_some_and(|partial| partial.message.text == text), "{name}");
    }
    server.end().await;
}

#[tokio::test]
async fn of_several_answers_the_first_says_when_it_ends() {
    let (fake, mut server) = with_fake().await;
    let choice = |index: u32, text: &str, reason: Value| json!({"choices": [{"index": index, "delta": {"content": text}, "finish_reason": reason}]});
    let begun = || {
        [choice(0, "Hel", Value::Null), choice(1, "Bye", json!("stop"))]
            .iter()
            .fold(Answer::stream(), |answer, chunk| answer.event(chunk))
    };
    let mut ask = async |answered| {
        fake.on(ROUTE).answer(answered);
        server.stream(json!({"model": "gpt", "prompt": "hi", "extraBody": {"n": 2}})).await.outcome
    };
    let error = ask(begun()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::StreamInterrupted);
    assert_eq!(error.partial.unwrap().message.text, "Hel");
    let result = ask(begun().event(&choice(0, "lo", json!("length"))).done()).await.unwrap();
    assert_eq!((result.message.text.as_str(), result.finish_reason.as_deref()), ("Hello", Some("length")));
    assert!(result.warnings.iter().any(|warning| warning.contains("several answers")), "{result:?}");
    server.end().await;
}

#[tokio::test]
async fn an_answer_that_is_complete_waits_for_nobody() {
    let (fake, mut server) = with_fake().await;
    let usage = json!({"prompt_tokens": 10, "completion_tokens": 5});
    let noise = std::time::Duration::from_millis(20);
    for (name, held, counted) in [
        ("without [DONE]", Answer::stream().text("1 2 3").finish("stop").held(), false),
        ("with usage", Answer::stream().text("1 2 3").finish("stop").usage(usage).held(), true),
        (
            "amid signs of life",
            Answer::stream().text("1 2 3").finish("stop").forever(": ping\n\n", noise),
            false,
        ),
    ] {
        let result = answer(&fake, &mut server, held)
            .await
            .outcome
            .unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(
            (result.message.text.as_str(), result.finish_reason.as_deref()),
            ("1 2 3", Some("stop")),
            "{name}"
        );
        assert_eq!(result.usage.is_some(), counted, "{name}");
        // Usage may have been on its way.
        let told = result.warnings.iter().any(|warning| warning.contains("its usage did not come"));
        assert_eq!(told, !counted, "{name}: {:?}", result.warnings);
    }
    server.end().await;
}

#[tokio::test]
async fn silence_that_makes_a_noise_is_silence() {
    let (fake, mut server) = with_fake().await;
    let timeouts = json!({"timeouts": {"firstTokenMs": 300, "idleMs": 300}, "verify": false});
    server.ask("provider/configure", timeouts).await;
    let pause = std::time::Duration::from_millis(10);
    let empty = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"}}]}\n\n";
    for (name, noise) in [
        ("comments", ": ping\n\n"),
        ("empty deltas", empty),
        ("empty events", "data: {}\n\n"),
        ("single bytes", "x"),
        ("blanks", "\n"),
    ] {
        let begun = match name {
            "single bytes" => Answer::stream().text("Half").piece("data: "),
            _ => Answer::stream().text("Half"),
        };
        for (before, phase) in [(begun, TimeoutPhase::Idle), (Answer::stream(), TimeoutPhase::FirstToken)] {
            let error =
                answer(&fake, &mut server, before.forever(noise, pause)).await.outcome.expect_err(name);
            assert_eq!((error.kind, error.phase), (ErrorKind::Timeout, Some(phase)), "{name}");
            assert_eq!(error.partial.is_some(), phase == TimeoutPhase::Idle, "{name}");
        }
    }
    server.end().await;
}

#[tokio::test]
async fn one_bad_number_does_not_refuse_a_list() {
    let (fake, mut server) = with_fake().await;
    let row = |name: &str, number: &str| {
        format!(
            r#"{{"model_name":"{name}","litellm_params":{{"model":"openai/{name}"}},"model_info":{{"mode":"chat","max_input_tokens":{number}}}}}"#
        )
    };
    for number in ["NaN", "Infinity", "-Infinity", "1e999", "01", "\"\\ud83d\"", "undefined"] {
        let list = format!(r#"{{"data":[{},{}]}}"#, row("a", number), row("b", "1000"));
        fake.on("GET /v1/model/info").always(Answer::whole(200, "application/json", list));
        let names = r#"{"data":[{"id":"a","created":NaN},{"id":"b"}]}"#;
        fake.on("GET /v1/models").always(Answer::whole(200, "application/json", names));
        let list = server.ask("provider/listModels", json!({"refresh": true})).await;
        let models: Vec<_> =
            list["models"].as_array().unwrap().iter().map(|model| model["id"].clone()).collect();
        assert_eq!(models, ["a", "b"], "{number}");
        assert_eq!(list["models"][1]["contextWindow"], 1000);
    }
    server.end().await;
}

#[tokio::test]
async fn a_streamed_answer_has_a_bound_as_a_whole_one_has() {
    let (fake, mut server) = with_fake().await;
    let long = "x".repeat(8 << 20);
    let call = json!({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": long}}]});
    let more = json!({"tool_calls": [{"index": 0, "function": {"arguments": long}}]});
    let image = json!({"images": [{"image_url": {"url": format!("data:image/png;base64,{long}")}}]});
    // Seven eighths of it are text, a call and images together; then there is too much of any.
    let begun = || {
        Answer::stream().text(&long).text(&long).delta(call.clone()).delta(more.clone()).delta(image.clone())
    };
    for (name, body) in [
        ("text", begun().text(&long).text(&long).text(&long)),
        ("arguments", begun().delta(more.clone()).delta(more.clone()).delta(more.clone())),
        ("images", begun().delta(image.clone()).delta(image.clone()).delta(image.clone())),
    ] {
        fake.on(ROUTE).answer(body.held());
        let error = server
            .fails("provider/complete", json!({"model": "gpt", "prompt": "hi"}), ErrorKind::TooLarge)
            .await;
        let partial = error.partial.unwrap_or_else(|| panic!("{name}: no partial"));
        assert!(partial.message.text.len() >= 16 << 20, "{name}");
        assert!(partial.message.tool_calls[0].arguments.len() >= 16 << 20, "{name}");
        assert!(!partial.message.images.is_empty(), "{name}");
    }
    server.end().await;
}

/// Each call costs far more than its bytes.
#[tokio::test]
async fn an_answer_calls_so_many_tools_at_most() {
    let (fake, mut server) = with_fake().await;
    let call = |number: usize| json!({"index": number, "function": {"name": "f", "arguments": "{}"}});
    let calls = |count: usize| (0..count).map(call).collect::<Vec<_>>();
    let one_by_one = |count| {
        calls(count)
            .into_iter()
            .fold(Answer::stream(), |said, call| said.delta(json!({"tool_calls": [call]})))
    };
    let whole = |count| {
        let message = json!({"role": "assistant", "tool_calls": calls(count)});
        Answer::json(200, &json!({"choices": [{"index": 0, "finish_reason": "stop", "message": message}]}))
    };
    for (name, said, is_too_much) in [
        ("as many", one_by_one(1024).finish("tool_calls").done(), false),
        ("one by one", one_by_one(1025).held(), true),
        ("as many at once", whole(1024), false),
        ("at once", whole(20_000), true),
    ] {
        let outcome = answer(&fake, &mut server, said).await.outcome;
        let message = match outcome {
            Ok(result) if !is_too_much => result.message,
            Err(error) if is_too_much && error.kind == ErrorKind::TooLarge => error.partial.unwrap().message,
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(message.tool_calls.len(), 1024, "{name}");
    }
    server.end().await;
}

/// However little has come, and however the end is told.
#[tokio::test]
async fn an_answer_that_is_cut_off_is_blamed_on_no_address() {
    let (fake, mut server) = with_fake().await;
    let events = ": OPENROUTER PROCESSING\n\nevent: message\ndata: {\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n";
    let mut cuts = Vec::new();
    for body in
        [events, &events[events.find("event").unwrap()..], &events[events.find("data").unwrap()..], WHOLE]
    {
        cuts.extend((1..body.len() - 2).step_by(3).map(|end| &body[..end]));
    }
    for cut in cuts {
        let kind = if cut.starts_with('{') { "application/json" } else { "text/event-stream" };
        let answer = Answer::head(200, Body::UntilClose).header("content-type", kind).piece(cut).close();
        fake.on("POST /v1/chat/completions").answer(answer);
        let error = server.call("provider/complete", json!({"model": "gpt", "prompt": "x"})).await;
        let told = match error {
            Err(error) => error,
            Ok(answer) => panic!("{cut:?}: {answer}"),
        };
        assert_eq!(told["data"]["kind"], "streamInterrupted", "{cut:?}: {told}");
    }
    server.end().await;
}
