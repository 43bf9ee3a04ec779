//! In a thousand streams no piece is lost, out of order or behind its response.

use std::collections::HashMap;

use serde_json::json;

use super::support::{fake_proxy::Answer, session::with_fake};

const STREAMS: usize = 1_000;
/// At once.
const WIDTH: usize = 50;

#[tokio::test]
async fn pieces_are_in_order_and_before_their_response() {
    let (fake, mut server) = with_fake().await;
    fake.on("POST /v1/chat/completions").always_with(|request| {
        let name = request.json()["messages"][0]["content"].as_str().unwrap_or_default().to_owned();
        (0..20)
            .fold(Answer::stream(), |answer, piece| answer.text(&format!("{name}.{piece} ")))
            .finish("stop")
            .done()
    });
    let mut running: HashMap<i64, String> = HashMap::new();
    let (mut started, mut finished) = (0, 0);
    while finished < STREAMS {
        while started < STREAMS && running.len() < WIDTH {
            started += 1;
            let params =
                json!({"model": "gpt", "prompt": format!("s{started}"), "partialResultToken": started});
            let id = server.request("provider/complete", params).await;
            assert_eq!(id, started as i64, "a request's id is its token");
            running.insert(id, String::new());
        }
        let message = server.next_message().await;
        if let Some(id) = message["id"].as_i64() {
            let pieces = running.remove(&id).expect("one response to each request");
            let text: String = (0..20).map(|piece| format!("s{id}.{piece} ")).collect();
            assert_eq!(message["result"]["message"]["text"], text);
            assert_eq!(pieces, text, "the pieces are the text");
            finished += 1;
        } else {
            let params = &message["params"];
            let token = params["token"].as_i64().expect("a token of ours");
            let pieces = running.get_mut(&token).expect("no piece behind its response");
            assert_eq!(params["value"]["type"], "text", "{message}");
            pieces.push_str(params["value"]["text"].as_str().unwrap_or_default());
        }
    }
    server.end().await;
}
