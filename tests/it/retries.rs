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
        .requests()
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
    assert_eq!(fake.requests().len(), 1);
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
        fake.requests().iter().map(|request| request.json()["temperature"].clone()).collect();
    assert_eq!(sent, [json!(0.5), Value::Null, Value::Null, json!(0.5)]);
    assert!(fake.requests().iter().all(|request| request.json()["seed"] == 7));
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
    let sent = fake.requests()[1].json();
    assert_eq!((&sent["max_completion_tokens"], sent.get("max_tokens")), (&json!(50), None));
    server.end().await;
}

#[tokio::test]
async fn one_such_retry_and_none_for_what_the_answer_depends_on() {
    let (fake, mut server) = with_fake().await;
    fake.on(ROUTE).answer(unsupported("temperature")).answer(unsupported("seed"));
    let wish = json!({"model": "gpt", "prompt": "hi", "temperature": 0.5, "seed": 7});
    let data = server.fails("provider/complete", wish, ErrorKind::UnsupportedParam).await;
    assert_eq!(data.param.as_deref(), Some("seed"));
    assert_eq!(fake.requests().len(), 2);

    fake.on(ROUTE).answer(unsupported("response_format"));
    let wish = json!({"model": "gpt", "prompt": "hi", "responseFormat": {"type": "json_object"}});
    let data = server.fails("provider/complete", wish, ErrorKind::UnsupportedParam).await;
    assert_eq!((data.param.as_deref(), fake.requests().len()), (Some("response_format"), 3));
    server.end().await;
}

#[tokio::test]
async fn the_real_proxy_names_what_a_model_does_not_take() {
    let (_, mut server) = with_real().await;
    let wish =
        json!({"model": "described", "prompt": "hi", "seed": 7, "extraBody": {"frequency_penalty": 0.5}});
    let result = server.stream(wish).await.outcome.expect("an answer");
    assert_eq!((result.message.text.as_str(), result.timing.retries), ("described", 1));
    assert_eq!(result.warnings.len(), 2, "{:?}", result.warnings);
    server.end().await;
}
