//! What a malicious workspace asks for in the settings that an editor pushes: it gets no key, and nothing runs.

use litellm_ls::Door;
use serde_json::{Value, json};

use crate::support::{fake_proxy::FakeProxy, server::TestServer};

const KEY: &str = "sk-of-the-user-0123456789";
const OTHER_SECRET: &str = "another-secret-0123456789";

/// Pushes settings to a peer whose user has a proxy and a key, asks for models, and returns what was complained of.
/// Neither a secret nor anything else of the user's may have reached the other host.
async fn pushed(settings: impl FnOnce(&str) -> Value) -> (String, usize) {
    let (proxy, other) = (FakeProxy::start().await, FakeProxy::start().await);
    let variables =
        [("LITELLM_BASE_URL", &*proxy.url()), ("LITELLM_API_KEY", KEY), ("OTHER_SECRET", OTHER_SECRET)];
    let mut server = TestServer::memory(Door::Lsp, &variables);
    server.initialize(json!({})).await;
    server
        .notify("workspace/didChangeConfiguration", json!({"settings": {"litellm": settings(&other.url())}}))
        .await;
    let id = server.request("provider/listModels", json!({"refresh": true})).await;
    let mut said = String::new();
    loop {
        let message = server.next_message().await;
        said.push_str(&message.to_string());
        if message["id"] == id {
            break;
        }
    }
    for request in other.requests() {
        assert!(!format!("{:?}", request.headers).contains(KEY), "the key reached {}", request.path);
    }
    for request in proxy.requests().iter().chain(&other.requests()) {
        assert!(
            !format!("{:?}", request.headers).contains(OTHER_SECRET),
            "a secret reached {}",
            request.path
        );
    }
    assert!(!said.contains(KEY) && !said.contains(OTHER_SECRET), "{said}");
    server.abandon();
    (said, other.requests().len())
}

/// A workspace that pushes these settings, and what its user says when asked.
async fn asked(settings: &Value, answer: Option<&str>) -> TestServer {
    let mut server = TestServer::memory(
        Door::Lsp,
        &[("LITELLM_BASE_URL", "http://127.0.0.1:9"), ("LITELLM_API_KEY", KEY)],
    );
    server.initialize(json!({})).await;
    push(&mut server, settings).await;
    if let Some(answer) = answer {
        let question = server.message("window/showMessageRequest").await;
        assert!(
            question["params"]["message"].as_str().unwrap().contains("where your code goes"),
            "{question}"
        );
        server.send(&json!({"jsonrpc": "2.0", "id": question["id"], "result": {"title": answer}})).await;
    }
    server
}

async fn push(server: &mut TestServer, settings: &Value) {
    server.notify("workspace/didChangeConfiguration", json!({"settings": {"litellm": settings}})).await;
}

async fn base_url(server: &mut TestServer) -> (Value, Value) {
    let now = server.call("provider/configure", json!({"verify": false})).await.unwrap();
    (now["settings"]["baseUrl"]["value"].clone(), now["settings"]["apiKey"]["withheld"].clone())
}

#[tokio::test]
async fn another_base_url_is_followed_once_its_user_allows_it_and_gets_no_key() {
    let other = FakeProxy::start().await;
    let settings = json!({"baseUrl": other.url()});
    let mut server = asked(&settings, Some("Allow")).await;
    // Taken behind the answer, so it is waited for.
    while base_url(&mut server).await != (json!(other.url()), json!(true)) {
        tokio::task::yield_now().await;
    }
    // The same again is not asked again, and without it all is as before.
    push(&mut server, &json!({})).await;
    assert_eq!(base_url(&mut server).await.0, "http://127.0.0.1:9");
    push(&mut server, &settings).await;
    assert_eq!(base_url(&mut server).await.0, json!(other.url()));
    server.abandon();
}

#[tokio::test]
async fn what_its_user_refuses_or_does_not_answer_is_not_taken() {
    for answer in [None, Some("Refuse")] {
        for settings in [
            json!({"baseUrl": "http://other.example"}),
            json!({"fallbackUrls": ["http://other.example"]}),
            json!({"apiKey": "sk-of-the-workspace-9999"}),
            json!({"auth": "x-gateway-log"}),
        ] {
            let mut server = asked(&settings, answer).await;
            push(&mut server, &settings).await;
            let now = server.call("provider/configure", json!({"verify": false})).await.unwrap();
            assert_eq!(now["settings"]["baseUrl"]["value"], "http://127.0.0.1:9", "{settings}");
            assert_eq!(now["settings"].get("fallbackUrls"), None, "{settings}");
            assert_eq!(now["settings"]["apiKey"]["hint"], "…6789", "{settings}");
            assert_eq!(now["settings"]["auth"]["value"], "bearer", "{settings}");
            server.abandon();
        }
    }
}

/// Whoever holds the key reads in the proxy's logs what is asked under it.
#[tokio::test]
async fn a_key_is_taken_once_its_user_allows_it_and_is_shown_by_its_end() {
    const THEIRS: &str = "sk-of-the-workspace-9999";
    let settings = json!({"apiKey": THEIRS});
    let mut server = asked(&settings, None).await;
    let question = server.message("window/showMessageRequest").await;
    let text = question["params"]["message"].as_str().unwrap();
    assert!(text.contains("with which key: apiKey = …9999") && !text.contains(THEIRS), "{text}");
    server.send(&json!({"jsonrpc": "2.0", "id": question["id"], "result": {"title": "Allow"}})).await;
    let hint = async |server: &mut TestServer| {
        let now = server.call("provider/configure", json!({"verify": false})).await.unwrap();
        now["settings"]["apiKey"]["hint"].clone()
    };
    while hint(&mut server).await != "…9999" {
        tokio::task::yield_now().await;
    }
    push(&mut server, &json!({})).await;
    assert_eq!(hint(&mut server).await, "…6789");
    push(&mut server, &settings).await;
    assert_eq!(hint(&mut server).await, "…9999", "it is asked once");
    // A reference in its place is not followed, whatever was allowed.
    push(&mut server, &json!({"apiKey": "env:HOME"})).await;
    assert_eq!(hint(&mut server).await, "…6789");
    server.abandon();
}

#[tokio::test]
async fn what_says_nothing_new_is_not_asked() {
    let mut server =
        asked(&json!({"baseUrl": "http://127.0.0.1:9/v1/", "features": {"codeActions": false}}), None).await;
    assert_eq!(base_url(&mut server).await.0, "http://127.0.0.1:9");
    server.end().await;
}

#[tokio::test]
async fn headers_proxies_and_certificates_are_refused() {
    for name in ["baseUrl", "fallbackUrls", "headers", "proxyUrl", "tls"] {
        for tls in [json!({"insecure": true}), json!({"caFile": file!()})] {
            let (said, requests) = pushed(|other| match name {
                "baseUrl" => json!({"baseUrl": other}),
                "fallbackUrls" => json!({"fallbackUrls": [other]}),
                "headers" => json!({"headers": {"x-stolen": "yes"}}),
                "proxyUrl" => json!({"proxyUrl": other}),
                _ => json!({"tls": tls}),
            })
            .await;
            let is_asked = ["baseUrl", "fallbackUrls"].contains(&name);
            let expected = if is_asked {
                "where your code goes".to_owned()
            } else {
                format!("`{name}`: a workspace could have set this")
            };
            assert!(said.contains(&expected), "{said}");
            assert_eq!(requests, 0, "{name}");
        }
    }
}

/// A question is judged by the price that is shown before it.
#[tokio::test]
async fn a_workspace_says_nothing_of_prices() {
    let overrides = json!({"m": {"contextWindow": 9000, "inputPrice": 0, "cacheReadsPrice": 0}});
    let mut server = asked(&json!({"modelOverrides": overrides}), None).await;
    for price in ["inputPrice", "cacheReadsPrice"] {
        let told = server.message("window/showMessage").await["params"]["message"].to_string();
        assert!(
            told.contains(&format!("`modelOverrides.m.{price}`: a workspace could have set this")),
            "{told}"
        );
    }
    let now = server.call("provider/configure", json!({"verify": false})).await.unwrap();
    assert_eq!(now["settings"]["modelOverrides"]["value"], json!({"m": {"contextWindow": 9000}}));
    server.abandon();
}

#[tokio::test]
async fn references_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (secret, trace) = (folder.path().join("secret"), folder.path().join("trace"));
    std::fs::write(&secret, OTHER_SECRET).unwrap();
    let references = [
        "env:OTHER_SECRET".to_owned(),
        "os.environ/OTHER_SECRET".to_owned(),
        format!("file:{}", secret.display()),
        format!("cmd:touch '{}'", trace.display()),
        "keyring:litellm".to_owned(),
    ];
    for reference in references {
        let (said, _) = pushed(|other| json!({"baseUrl": other, "apiKey": reference})).await;
        assert!(said.contains("a reference is not followed"), "{reference}: {said}");
    }
    assert!(!trace.exists(), "the command ran");
}
