//! A transcript fails where a line does not come true.

use litellm_ls::Door;

use crate::support::{server::TestServer, transcript};

const GOOD: &str = r#"# A chat.
--> provider/complete {"model":"gpt","prompt":"hello","partialResultToken":"t"}
proxy <- POST /v1/chat/completions {"model":"gpt", …}
proxy -> data: {"choices":[{"delta":{"content":"Hi"}}]}
proxy -> data: [DONE]
<-- $/progress {"token":"t","value":{"type":"text","text":"Hi"}}
<-- result {"message":{"text":"Hi"}, …}

--> nope {}
<-- error 2 {"code":-32601, …}
"#;

#[tokio::test]
async fn good() {
    transcript::play("good", GOOD, Door::Lsp).await;
    transcript::play("good", GOOD, Door::Lines).await;
}

#[tokio::test]
#[should_panic(expected = "left")]
async fn unread() {
    transcript::play("unread", "--> nope {}", Door::Lsp).await;
}

#[tokio::test]
#[should_panic(expected = "but came")]
async fn other() {
    transcript::play("other", &GOOD.replace(", …}\n\n", "}\n\n"), Door::Lsp).await;
}

#[tokio::test]
async fn process() {
    let mut server = TestServer::process(Door::Lsp, &[]);
    server.initialize(serde_json::json!({})).await;
    server.end().await;
}
