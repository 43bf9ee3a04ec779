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
    (said, other.requests().len())
}

#[tokio::test]
async fn another_base_url_does_not_get_the_key() {
    let (_, requests) = pushed(|other| json!({"baseUrl": other})).await;
    assert!(requests > 0, "the base URL was not followed, and so nothing was tried");
}

#[tokio::test]
async fn headers_proxies_and_certificates_are_refused() {
    for name in ["fallbackUrls", "headers", "proxyUrl", "tls"] {
        for tls in [json!({"insecure": true}), json!({"caFile": file!()})] {
            let (said, requests) = pushed(|other| match name {
                "fallbackUrls" => json!({"fallbackUrls": [other]}),
                "headers" => json!({"headers": {"x-stolen": "yes"}}),
                "proxyUrl" => json!({"proxyUrl": other}),
                _ => json!({"tls": tls}),
            })
            .await;
            assert!(said.contains(&format!("`{name}`: a workspace could have set this")), "{said}");
            assert_eq!(requests, 0, "{name}");
        }
    }
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
