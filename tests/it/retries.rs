//! When a request is sent again, and what is told of it.

use litellm_ls_protocol::{Delta, ErrorKind};
use serde_json::{Value, json};

use crate::support::{
    fake_proxy::Answer,
    session::{with_fake, with_real},
};

const ROUTE: &str = "POST /v1/chat/completions";

fn overloaded() -> Answer {
    let error = json!({"error": {"message": "litellm.InternalServerError: Overloaded", "code": "503"}});
    Answer::json(503, &error).header("retry-after", "0")
}

fn unsupported(parameter: &str) -> Answer {
    let message = format!(
        "litellm.UnsupportedParamsError: openai does not support parameters: ['{parameter}'], for model=gpt. \
         To drop these, set `litellm.drop_params=True`"
    );
    Answer::json(400, &json!({"error": {"message": message, "type": "None", "param": "None", "code": "400"}}))
}

#[tokio::test]
async fn a_retry_is_announced_and_counted() {
    let (fake, mut server) = with_fake().await;
    fake.on(ROUTE).answer(overloaded()).answer(overloaded());
    let streamed = server.stream(json!({"model": "gpt", "prompt": "hi"})).await;
    let attempts: Vec<u32> = streamed
        .deltas
        .iter()
        .map_while(|delta| match delta {
            Delta::Retry { attempt, after_ms: 0, kind: ErrorKind::Upstream, .. } => Some(*attempt),
            _ => None,
        })
        .collect();
    assert_eq!(attempts, [2, 3], "before any text: {:?}", streamed.deltas);
    let result = streamed.outcome.expect("an answer");
    assert_eq!((result.timing.retries, result.message.text.as_str()), (2, "Hello there"));
    // One call: the same id each time, so that the proxy's log has it once.
    let ids: Vec<_> = fake
        .requests_on(ROUTE)
        .iter()
        .map(|request| request.header("x-litellm-call-id").map(str::to_owned))
        .collect();
    assert_eq!(ids.len(), 3);
    assert!(ids.iter().all(|id| *id == ids[0] && id.is_some()), "{ids:?}");
    server.end().await;
}

#[tokio::test]
async fn a_cancelled_wait_sends_nothing_more() {
    let (fake, mut server) = with_fake().await;
    fake.on(ROUTE)
        .answer(Answer::json(503, &json!({"error": {"message": "rest"}})).header("retry-after", "10"));
    let id = server
        .request("provider/complete", json!({"model": "gpt", "prompt": "hi", "partialResultToken": "t"}))
        .await;
    let delta = server.notification("$/progress").await;
    assert_eq!((&delta["value"]["type"], &delta["value"]["afterMs"]), (&json!("retry"), &json!(10_000)));
    server.notify("$/cancelRequest", json!({"id": id})).await;
    assert_eq!(server.response(id).await.expect_err("a cancelled request")["code"], -32800);
    assert_eq!(fake.requests_on(ROUTE).len(), 1);
    server.end().await;
}

#[tokio::test]
async fn a_parameter_that_the_model_does_not_take_is_left_out_and_remembered() {
    let (fake, mut server) = with_fake().await;
    let wish = || json!({"model": "gpt", "prompt": "hi", "temperature": 0.5, "seed": 7});
    fake.on(ROUTE).answer(unsupported("temperature"));
    let streamed = server.stream(wish()).await;
    let [Delta::Retry { attempt: 2, after_ms: 0, kind, .. }, Delta::Warning { message }, ..] =
        &streamed.deltas[..]
    else {
        panic!("{:?}", streamed.deltas)
    };
    assert_eq!(*kind, ErrorKind::UnsupportedParam);
    assert!(message.contains("`temperature`"), "{message}");
    let result = streamed.outcome.expect("an answer");
    assert_eq!((&result.warnings[..], result.timing.retries), (&[message.clone()][..], 1));

    // Other questions to this model leave it out from the start; other models get it.
    let again = server.stream(wish()).await.outcome.expect("an answer");
    assert_eq!((&again.warnings, again.timing.retries), (&result.warnings, 0));
    let mut other = wish();
    other["model"] = "claude".into();
    let other = server.stream(other).await.outcome.expect("an answer");
    assert_eq!(other.warnings, [""; 0]);
    let sent: Vec<Value> =
        fake.requests_on(ROUTE).iter().map(|request| request.json()["temperature"].clone()).collect();
    assert_eq!(sent, [json!(0.5), Value::Null, Value::Null, json!(0.5)]);
    assert!(fake.requests_on(ROUTE).iter().all(|request| request.json()["seed"] == 7));
    server.end().await;
}

#[tokio::test]
async fn an_output_limit_takes_its_other_name() {
    let (fake, mut server) = with_fake().await;
    let message = "litellm.BadRequestError: OpenAIException - Unsupported parameter: 'max_tokens' is not supported \
                   with this model. Use 'max_completion_tokens' instead.";
    let error = json!({"error": {"message": message, "type": "invalid_request_error", "param": "max_tokens", "code": "400"}});
    fake.on(ROUTE).answer(Answer::json(400, &error));
    server.ask("provider/complete", json!({"model": "gpt", "prompt": "hi", "maxTokens": 50})).await;
    let sent = fake.requests_on(ROUTE)[1].json();
    assert_eq!((&sent["max_completion_tokens"], sent.get("max_tokens")), (&json!(50), None));
    server.end().await;
}

#[tokio::test]
async fn one_such_retry_for_each_and_none_for_what_the_answer_depends_on() {
    let (fake, mut server) = with_fake().await;
    let wish = json!({"model": "gpt", "prompt": "hi", "temperature": 0.5, "seed": 7});
    fake.on(ROUTE).answer(unsupported("temperature")).answer(unsupported("seed"));
    let result = server.stream(wish.clone()).await.outcome.expect("an answer");
    assert_eq!((result.warnings.len(), result.timing.retries), (2, 2), "{:?}", result.warnings);

    // What is refused though it was left out is refused for good.
    fake.on(ROUTE).always(unsupported("temperature"));
    let mut other = wish;
    other["model"] = "claude".into();
    let data = server.fails("provider/complete", other, ErrorKind::UnsupportedParam).await;
    assert_eq!((data.param.as_deref(), fake.requests_on(ROUTE).len()), (Some("temperature"), 5));

    fake.on(ROUTE).always(unsupported("response_format"));
    let wish = json!({"model": "gpt", "prompt": "hi", "responseFormat": {"type": "json_object"}});
    let data = server.fails("provider/complete", wish, ErrorKind::UnsupportedParam).await;
    assert_eq!((data.param.as_deref(), fake.requests_on(ROUTE).len()), (Some("response_format"), 6));
    server.end().await;
}

#[tokio::test]
async fn what_nobody_asked_for_is_left_out_whoever_complains_of_it_in_whatever_form() {
    let invalid =
        json!({"type": "extra_forbidden", "loc": ["body", "stream_options", "include_usage"], "msg": "no"});
    for (status, complaint) in [
        (422, json!({"object": "error", "message": {"detail": [invalid]}, "type": "invalid_request_error"})),
        (422, json!({"detail": [invalid]})),
        (
            400,
            json!({"error": {"message": "Unknown parameter: 'stream_options'.", "param": "stream_options"}}),
        ),
        (400, json!({"detail": "Extra parameters ['stream_options'] are not allowed"})),
        (400, json!("stream_options is nothing that we know")),
        (500, json!({"error": "create() got an unexpected keyword argument 'stream_options'"})),
    ] {
        let (fake, mut server) = with_fake().await;
        fake.on(ROUTE).answer(Answer::json(status, &complaint));
        for retries in [1, 0] {
            let result = server.stream(json!({"model": "gpt", "prompt": "hi"})).await.outcome;
            let result = result.unwrap_or_else(|error| panic!("{complaint}: {error:?}"));
            assert_eq!(result.timing.retries, retries, "{complaint}");
            assert!(
                result.warnings.iter().any(|warning| warning.contains("`stream_options`")),
                "{complaint}"
            );
        }
        let sent: Vec<bool> = fake
            .requests_on(ROUTE)
            .iter()
            .map(|request| request.json().get("stream_options").is_some())
            .collect();
        assert_eq!(sent, [true, false, false], "{complaint}");
        server.end().await;
    }
}

#[tokio::test]
async fn what_did_not_help_is_not_remembered() {
    let (fake, mut server) = with_fake().await;
    let refused =
        |message| Answer::json(400, &json!({"error": {"message": message, "type": "invalid_request_error"}}));
    fake.on(ROUTE).answer(refused("stream_options, or something else")).answer(refused("something else"));
    server
        .fails("provider/complete", json!({"model": "gpt", "prompt": "hi"}), ErrorKind::InvalidRequest)
        .await;
    server.stream(json!({"model": "gpt", "prompt": "hi"})).await.outcome.expect("an answer");
    assert!(fake.requests_on(ROUTE)[2].json().get("stream_options").is_some());
    server.end().await;
}

#[tokio::test]
async fn a_wait_in_milliseconds_is_kept() {
    let (fake, mut server) = with_fake().await;
    let error = json!({"error": {"message": "slow down", "type": "rate_limit_error", "code": "429"}});
    fake.on(ROUTE).answer(Answer::json(429, &error).header("retry-after-ms", "7"));
    let streamed = server.stream(json!({"model": "gpt", "prompt": "hi"})).await;
    assert!(matches!(streamed.deltas[0], Delta::Retry { after_ms: 7, .. }), "{:?}", streamed.deltas);
    server.end().await;
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_is_made_again_at_once() {
    let (fake, mut server) = with_fake().await;
    for answer in [Answer::nothing().close(), Answer::nothing().reset()] {
        fake.on(ROUTE).answer(answer);
        let streamed = server.stream(json!({"model": "gpt", "prompt": "hi"})).await;
        let waits = streamed.deltas.iter().filter_map(|delta| match delta {
            Delta::Retry { after_ms, .. } => Some(*after_ms),
            _ => None,
        });
        assert_eq!(waits.collect::<Vec<_>>(), [0], "{:?}", streamed.deltas);
        streamed.outcome.expect("an answer");
    }
    server.end().await;
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn the_real_proxy_names_what_a_model_does_not_take() {
    let (_, mut server) = with_real().await;
    let wish =
        json!({"model": "described", "prompt": "hi", "seed": 7, "extraBody": {"frequency_penalty": 0.5}});
    let result = server.stream(wish).await.outcome.expect("an answer");
    assert_eq!((result.message.text.as_str(), result.timing.retries), ("described", 1));
    assert_eq!(result.warnings.len(), 2, "{:?}", result.warnings);
    server.end().await;
}
