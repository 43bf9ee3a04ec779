//! `provider/countTokens`: counted by the proxy where it can, else an estimate that says so.

use litellm_ls::Door;
use litellm_ls_protocol::{CountSource, CountTokensResult};
use serde_json::{Value, json};

use crate::support::{
    fake_proxy::{Answer, FakeProxy},
    server::TestServer,
    session::{parsed, with_fake, with_real},
    transcript,
};

const ROUTE: &str = "POST /utils/token_counter";

async fn count(server: &mut TestServer, params: Value) -> CountTokensResult {
    parsed(server.ask("provider/countTokens", params).await)
}

fn counts(fake: &FakeProxy, answer: Answer) {
    fake.on(ROUTE).always(answer);
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn the_real_proxy_counts() {
    let (_, mut server) = with_real().await;
    let counted = count(&mut server, json!({"model": "plain", "prompt": "hi"})).await;
    assert_eq!((counted.tokens, counted.source), (8, CountSource::Proxy));
    assert_eq!(counted.tokenizer.as_deref(), Some("openai_tokenizer"));
    let tool =
        json!({"name": "f", "description": "does it", "parameters": {"type": "object", "properties": {}}});
    let more = count(
        &mut server,
        json!({"model": "plain", "system": "Be brief.", "tools": [tool], "messages": [
            {"role": "user", "content": "hi"},
            {"role": "assistant", "toolCalls": [{"id": "c", "name": "f", "arguments": "{}"}]},
            {"role": "tool", "toolCallId": "c", "content": "done"},
        ]}),
    )
    .await;
    assert_eq!(more.source, CountSource::Proxy);
    assert!(more.tokens > counted.tokens, "{more:?}");
    server.end().await;
}

#[tokio::test]
async fn what_is_counted_is_what_would_be_sent() {
    let (fake, mut server) = with_fake().await;
    counts(&fake, Answer::json(200, &json!({"total_tokens": 7, "tokenizer_type": "openai_tokenizer"})));
    let counted = count(&mut server, json!({"model": "gpt", "system": "S", "prompt": "hi"})).await;
    assert_eq!((counted.tokens, counted.source, counted.warning), (7, CountSource::Proxy, None));
    let request = fake.next_on(ROUTE).await;
    assert_eq!(request.header("authorization"), Some("Bearer sk-fake"));
    let messages = json!([{"role": "system", "content": "S"}, {"role": "user", "content": "hi"}]);
    assert_eq!(request.json(), json!({"model": "gpt", "messages": messages}));
    server.end().await;
}

#[tokio::test]
async fn an_estimate_says_that_it_is_one_and_why() {
    for answer in [
        Answer::json(404, &json!({"detail": "Not Found"})),
        Answer::json(500, &json!({"error": {"message": "no tokenizer", "type": "internal_server_error"}})),
        Answer::json(200, &json!({"error": "what?"})),
        Answer::whole(200, "text/html", "<html>"),
        Answer::nothing().close(),
    ] {
        let (fake, mut server) = with_fake().await;
        counts(&fake, answer);
        let counted = count(&mut server, json!({"model": "gpt", "prompt": "x".repeat(4000)})).await;
        assert_eq!((counted.source, counted.tokenizer), (CountSource::Estimate, None));
        assert!((1000..1100).contains(&counted.tokens), "{}", counted.tokens);
        assert!(counted.warning.is_some_and(|warning| warning.contains("estimate")));
        server.end().await;
    }
}

#[tokio::test]
async fn another_server_is_not_asked_for_what_only_litellm_has() {
    let (fake, mut server) = with_fake().await;
    server.ask("provider/configure", json!({"kind": "openaiCompatible", "verify": false})).await;
    let counted = count(&mut server, json!({"model": "gpt", "prompt": "hi"})).await;
    assert_eq!(counted.source, CountSource::Estimate);
    assert!(fake.requests().iter().all(|request| request.route() != ROUTE));
    server.end().await;
}

#[tokio::test]
async fn the_transcript_holds_at_both_doors() {
    for door in [Door::Lsp, Door::Lines] {
        transcript::play("count_tokens.txt", include_str!("../transcripts/count_tokens.txt"), door).await;
    }
}
