//! How a proxy is reached: certificates, HTTP/2, and what stands on the way, from settings and from the environment.

use std::{path::Path, sync::Arc};

use litellm_ls::Door;
use litellm_ls_protocol::{Check, CheckName, ErrorData, ErrorKind, Outcome, State, StatusResult};
use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::support::{
    fake_proxy::FakeProxy,
    forwarder::{Forwarder, Hop},
    server::TestServer,
    session::{failure, parsed, with},
    tls::{Authority, Greeting, TlsDoor, VERSIONS},
};

const KEY: &str = "sk-of-the-user-0123456789";

/// A peer with these settings for a proxy.
async fn peer(base_url: &str, settings: Value) -> TestServer {
    let mut server = with(base_url, KEY);
    configure(&mut server, settings).await;
    server
}

/// Sets without asking the proxy, and returns what holds then.
async fn configure(server: &mut TestServer, mut settings: Value) -> Value {
    settings["verify"] = false.into();
    server.ask("provider/configure", settings).await
}

async fn status(server: &mut TestServer) -> StatusResult {
    parsed(server.ask("provider/status", json!({})).await)
}

/// The proxy must be of use.
async fn works(server: &mut TestServer) {
    let list = server.ask("provider/listModels", json!({"refresh": true})).await;
    assert_eq!(list["models"].as_array().map(Vec::len), Some(2), "{list}");
    let answer = server.ask("provider/complete", json!({"model": "gpt", "prompt": "x"})).await;
    assert_eq!(answer["message"]["text"], "Hello there");
}

/// The first check that fails of a proxy that must be out of reach.
async fn failed(server: &mut TestServer) -> Check {
    let status = status(server).await;
    assert_eq!(status.state, State::Unreachable);
    status.checks.into_iter().find(|check| check.outcome == Outcome::Failed).unwrap()
}

/// The proxy must be out of reach in this way, whoever asks, and the check of this name says the same.
async fn refused(server: &mut TestServer, kind: ErrorKind, check: CheckName) -> ErrorData {
    let failed = failed(server).await;
    assert_eq!((failed.name, failed.kind), (check, Some(kind)), "{failed:?}");
    server.fails("provider/complete", json!({"model": "gpt", "prompt": "x"}), kind).await;
    server.fails("provider/listModels", json!({"refresh": true}), kind).await
}

fn remedy(error: &ErrorData) -> &str {
    error.remedy.as_deref().unwrap()
}

fn trusting(authority: &Authority) -> Value {
    json!({"tls": {"caFile": authority.file()}})
}

#[tokio::test]
async fn a_company_certificate_is_trusted_once_it_is_named() {
    let (fake, authority) = (FakeProxy::start().await, Authority::new());
    for version in VERSIONS {
        let greeting = Greeting { version, ..Greeting::of(authority.certify("127.0.0.1")) };
        let door = TlsDoor::before(fake.address(), greeting).await;
        let mut server = with(&door.url(), KEY);
        let error = refused(&mut server, ErrorKind::Tls, CheckName::Tls).await;
        assert!(remedy(&error).contains("tls.caFile"), "{error:?}");
        assert_eq!(door.opened(), 0, "nothing is said to a stranger");
        configure(&mut server, trusting(&authority)).await;
        works(&mut server).await;
        assert_eq!(status(&mut server).await.state, State::Ready);
        server.abandon();
    }
}

#[tokio::test]
async fn a_certificate_that_is_over_or_of_another_host_is_refused() {
    let (fake, authority) = (FakeProxy::start().await, Authority::new());
    let over = authority.certify_with("127.0.0.1", |params| {
        params.not_before = rcgen::date_time_ymd(2019, 1, 1);
        params.not_after = rcgen::date_time_ymd(2020, 1, 1);
    });
    let of_another = authority.certify("other.example");
    let early = authority.certify_with("127.0.0.1", |params| {
        params.not_before = rcgen::date_time_ymd(2090, 1, 1);
        params.not_after = rcgen::date_time_ymd(2099, 1, 1);
    });
    // As `openssl req -x509` makes them.
    let signs_others = authority.certify_with("127.0.0.1", |params| {
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    });
    for (certificate, reason, what_to_do) in [
        (over, "it has expired", "renew it"),
        (early, "it is not valid yet", "clock"),
        (of_another, "it is for another host", "baseUrl"),
        (Authority::new().certify("127.0.0.1"), "it is signed by an authority", "tls.caFile"),
        (signs_others, "it is an authority's own", "have it sign a certificate for the server"),
    ] {
        let door = TlsDoor::before(fake.address(), Greeting::of(certificate)).await;
        let mut server = peer(&door.url(), trusting(&authority)).await;
        refused(&mut server, ErrorKind::Tls, CheckName::Tls).await;
        let error =
            server.call("provider/complete", json!({"model": "gpt", "prompt": "x"})).await.unwrap_err();
        let says = |text: &Value, words: &str| text.as_str().unwrap().contains(words);
        assert!(says(&error["message"], reason) && says(&error["data"]["remedy"], what_to_do), "{error}");
        assert_eq!(door.opened(), 0);
        server.abandon();
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn who_wants_no_certificate_checked_is_warned() {
    let (fake, authority) = (FakeProxy::start().await, Authority::new());
    let door = TlsDoor::before(fake.address(), Greeting::of(authority.certify("other.example"))).await;
    let mut server = peer(&door.url(), json!({"tls": {"insecure": true}})).await;
    works(&mut server).await;
    let status = status(&mut server).await;
    assert_eq!(status.state, State::Degraded);
    let warning = status.checks.iter().find(|check| check.outcome == Outcome::Warning).unwrap();
    assert!(warning.message.contains("tls.insecure"), "{warning:?}");
    assert!(warning.remedy.as_deref().unwrap().contains("tls.caFile"), "{warning:?}");
    server.abandon();
}

#[tokio::test]
async fn a_client_certificate_is_shown_to_who_asks_for_one() {
    let (fake, authority, others) = (FakeProxy::start().await, Authority::new(), Authority::new());
    let with_files = |[certificate, key]: [std::path::PathBuf; 2]| json!({"tls": {"caFile": authority.file(), "clientCertFile": certificate, "clientKeyFile": key}});
    for version in VERSIONS {
        let certificate = authority.certify("127.0.0.1");
        let greeting = Greeting { version, clients_of: Some(&authority), ..Greeting::of(certificate) };
        let door = TlsDoor::before(fake.address(), greeting).await;
        let mut server = peer(&door.url(), trusting(&authority)).await;
        for unknown in [None, Some(others.client_files())] {
            if let Some(files) = unknown {
                configure(&mut server, with_files(files)).await;
            }
            let error = refused(&mut server, ErrorKind::Tls, CheckName::Tls).await;
            assert!(remedy(&error).contains("tls.clientCertFile"), "{error:?}");
        }
        configure(&mut server, with_files(authority.client_files())).await;
        works(&mut server).await;
        server.abandon();
    }
}

#[tokio::test]
async fn files_that_hold_no_certificate_are_named() {
    let (fake, authority) = (FakeProxy::start().await, Authority::new());
    let door = TlsDoor::before(fake.address(), Greeting::of(authority.certify("127.0.0.1"))).await;
    let [certificate, key] = authority.client_files();
    let wrong = authority.file().with_file_name("wrong.pem");
    std::fs::write(&wrong, "no certificate").unwrap();
    let other_key = Authority::new();
    let [_, other_key_file] = other_key.client_files();
    let client =
        |certificate: &Path, key: &Path| json!({"clientCertFile": certificate, "clientKeyFile": key});
    for (tls, named) in [
        (json!({"caFile": wrong}), &wrong),
        (client(&wrong, &key), &wrong),
        (client(&certificate, &wrong), &wrong),
        (client(&certificate, &other_key_file), &other_key_file),
    ] {
        let mut server = peer(&door.url(), json!({"tls": tls})).await;
        let error = server.call("provider/listModels", json!({})).await.unwrap_err();
        assert!(error["message"].as_str().unwrap().contains(named.to_str().unwrap()), "{error}");
        assert!(remedy(&failure(&error, ErrorKind::Tls)).contains("tls.clientKeyFile"), "{error}");
        server.abandon();
    }
}

#[tokio::test]
async fn streams_share_one_connection_where_the_server_speaks_http2() {
    assert_eq!(together_by_http2(5).await, 1);
}

/// A server takes so many streams on a connection as it likes, and 100 by the advice of RFC 9113: one more, which waited for
/// them, would never be seen.
#[tokio::test]
async fn more_streams_than_a_connection_takes_have_another() {
    assert!(together_by_http2(101).await > 1);
}

/// Has chats answered that wait for each other, and returns how many connections they came by.
async fn together_by_http2(streams: usize) -> usize {
    let authority = Authority::new();
    let router = multiplexed(streams);
    let greeting =
        Greeting { protocols: &["h2", "http/1.1"], ..Greeting::of(authority.certify("127.0.0.1")) };
    let door = TlsDoor::start(greeting, move |stream| {
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let service = hyper_util::service::TowerToHyperService::new(router.clone());
        async move {
            let stream = hyper_util::rt::TokioIo::new(stream);
            let executor = hyper_util::rt::TokioExecutor::new();
            let mut connection = hyper_util::server::conn::auto::Builder::new(executor);
            connection.http2().max_concurrent_streams(100);
            let served = connection.serve_connection(stream, service).await;
            // The end of the client is no news.
            drop(served);
        }
    })
    .await;
    let mut server = peer(&door.url(), trusting(&authority)).await;
    server.ask("provider/status", json!({})).await;
    let mut chats = Vec::new();
    for _ in 0..streams {
        chats.push(server.request("provider/complete", json!({"model": "gpt", "prompt": "x"})).await);
    }
    for chat in chats {
        assert_eq!(server.response(chat).await.unwrap()["message"]["text"], "HTTP/2.0");
    }
    server.abandon();
    door.opened()
}

/// A proxy whose chats wait for each other, and then say in which version of HTTP they were asked for.
fn multiplexed(chats: usize) -> axum::Router {
    use axum::{
        http::Version,
        routing::{get, post},
    };
    let together = Arc::new(Barrier::new(chats));
    let chat = move |version: Version| async move {
        together.wait().await;
        let delta = json!({"choices": [{"index": 0, "delta": {"content": format!("{version:?}")}, "finish_reason": "stop"}]});
        ([("content-type", "text/event-stream")], format!("data: {delta}\n\ndata: [DONE]\n\n"))
    };
    let models = json!({"data": [{"model_name": "gpt", "model_info": {"mode": "chat"}}]}).to_string();
    axum::Router::new()
        .route("/health/liveliness", get("\"I'm alive!\""))
        .route("/v1/model/info", get(([("content-type", "application/json")], models)))
        .route("/v1/chat/completions", post(chat))
}

/// A host that no resolver knows (RFC 6761).
const HOST: &str = "llm.test";

fn hop(by: &'static str, to: &str, credentials: Option<&str>) -> Hop {
    Hop { by, to: to.to_owned(), credentials: credentials.map(str::to_owned) }
}

/// Every hop so far was this one, and there was one.
fn only(forwarder: &Forwarder, expected: &Hop) {
    let hops = forwarder.hops();
    assert!(!hops.is_empty() && hops.iter().all(|hop| hop == expected), "{hops:?}");
}

#[tokio::test]
async fn another_host_is_reached_by_the_proxy_on_the_way() {
    let fake = FakeProxy::start().await;
    for (scheme, base_url, by, to) in [
        ("http", "http://llm.test", "http", "llm.test"),
        ("http", "http://llm.test:4000/v1", "http", "llm.test:4000"),
        ("socks5h", "http://llm.test", "socks5", "llm.test:80"),
        ("socks5", "http://192.0.2.1:4000", "socks5", "192.0.2.1:4000"),
    ] {
        let forwarder = Forwarder::to(fake.address()).await;
        let proxy_url = format!("{scheme}://{}", forwarder.address());
        let mut server = peer(base_url, json!({"proxyUrl": proxy_url})).await;
        works(&mut server).await;
        only(&forwarder, &hop(by, to, None));
        server.abandon();
    }
}

#[tokio::test]
async fn tls_goes_through_the_proxy_on_the_way() {
    let (fake, authority) = (FakeProxy::start().await, Authority::new());
    let door = TlsDoor::before(fake.address(), Greeting::of(authority.certify(HOST))).await;
    for (scheme, by) in [("http", "CONNECT"), ("socks5h", "socks5")] {
        let forwarder = Forwarder::to(door.address()).await;
        let mut settings = trusting(&authority);
        settings["proxyUrl"] = format!("{scheme}://{}", forwarder.address()).into();
        let mut server = peer("https://llm.test", settings).await;
        works(&mut server).await;
        only(&forwarder, &hop(by, "llm.test:443", None));
        server.abandon();
    }
}

#[tokio::test]
async fn the_proxy_on_the_way_may_be_reached_by_tls() {
    let (fake, authority) = (FakeProxy::start().await, Authority::new());
    let door = TlsDoor::before(fake.address(), Greeting::of(authority.certify(HOST))).await;
    for (base_url, end, by, to) in [
        ("http://llm.test", fake.address(), "http", "llm.test"),
        ("https://llm.test", door.address(), "CONNECT", "llm.test:443"),
    ] {
        let forwarder = Forwarder::to(end).await;
        let greeting = Greeting::of(authority.certify("127.0.0.1"));
        let entrance = TlsDoor::before(forwarder.address(), greeting).await;
        let mut server = peer(base_url, json!({"proxyUrl": entrance.url()})).await;
        refused(&mut server, ErrorKind::Tls, CheckName::Tls).await;
        configure(&mut server, trusting(&authority)).await;
        works(&mut server).await;
        only(&forwarder, &hop(by, to, None));
        server.abandon();
    }
}

#[tokio::test]
async fn a_proxy_on_the_way_that_is_away_is_told_from_the_proxy() {
    const NOBODY: &str = "http://127.0.0.1:9";
    let unset = ("HTTP_PROXY", "");
    for (variable, proxy_url) in [(unset, Some(NOBODY)), (("HTTP_PROXY", NOBODY), None)] {
        let variables = [("LITELLM_BASE_URL", "http://llm.test"), variable];
        let mut server = TestServer::process(Door::Lines, &variables);
        configure(&mut server, json!({"proxyUrl": proxy_url})).await;
        let error = refused(&mut server, ErrorKind::Unreachable, CheckName::Reachable).await;
        assert!(remedy(&error).contains("proxyUrl"), "{error:?}");
        server.abandon();
    }
}

#[tokio::test]
async fn credentials_of_the_proxy_on_the_way_are_sent_and_never_shown() {
    // `user` with `pass-word-0123` in base64.
    const BASIC: &str = "dXNlcjpwYXNzLXdvcmQtMDEyMw==";
    let (fake, authority) = (FakeProxy::start().await, Authority::new());
    let door = TlsDoor::before(fake.address(), Greeting::of(authority.certify(HOST))).await;
    for (scheme, base_url, by, to, sent) in [
        ("http", "http://llm.test", "http", "llm.test", BASIC),
        ("http", "https://llm.test", "CONNECT", "llm.test:443", BASIC),
        ("socks5h", "http://llm.test", "socks5", "llm.test:80", "user:pass-word-0123"),
    ] {
        let end = if base_url.starts_with("https") { door.address() } else { fake.address() };
        let forwarder = Forwarder::guarded(end, sent).await;
        let mut server = peer(base_url, trusting(&authority)).await;
        let proxy_url = |credentials: &str| format!("{scheme}://{credentials}{}", forwarder.address());

        let shown = configure(&mut server, json!({"proxyUrl": proxy_url("user:pass-word-0123@")})).await;
        let bare = format!("{scheme}://{}", forwarder.address());
        assert_eq!(shown["settings"]["proxyUrl"]["value"].as_str().unwrap().trim_end_matches('/'), bare);
        works(&mut server).await;
        only(&forwarder, &hop(by, to, Some(sent)));
        let shown = [shown, server.ask("provider/status", json!({})).await];

        let mut stranger = peer(base_url, trusting(&authority)).await;
        configure(&mut stranger, json!({"proxyUrl": proxy_url("user:wrong-word@")})).await;
        let refusal = stranger.call("provider/listModels", json!({})).await.unwrap_err();
        assert!(remedy(&failure(&refusal, ErrorKind::Unreachable)).contains("proxyUrl"), "{refusal}");
        stranger.abandon();
        for text in shown.iter().chain([&refusal]).map(Value::to_string) {
            assert!(!text.contains("-word") && !text.contains(BASIC), "{text}");
        }
        server.abandon();
    }
}

#[tokio::test]
async fn nothing_stands_between_us_and_this_machine() {
    let fake = FakeProxy::start().await;
    let forwarder = Forwarder::to(fake.address()).await;
    let url = format!("http://{}", forwarder.address());
    let port = fake.address().port();
    for base_url in [fake.url(), format!("http://localhost:{port}")] {
        let variables = [("LITELLM_BASE_URL", &*base_url), ("HTTP_PROXY", &url), ("ALL_PROXY", &url)];
        let mut server = TestServer::process(Door::Lines, &variables);
        works(&mut server).await;
        configure(&mut server, json!({"proxyUrl": url})).await;
        works(&mut server).await;
        server.abandon();
    }
    assert_eq!(forwarder.hops(), []);
}

#[tokio::test]
async fn the_environment_names_the_proxy_on_the_way() {
    let (fake, authority) = (FakeProxy::start().await, Authority::new());
    let door = TlsDoor::before(fake.address(), Greeting::of(authority.certify(HOST))).await;
    for (variable, base_url, by, to) in [
        ("HTTP_PROXY", "http://llm.test", "http", "llm.test"),
        ("http_proxy", "http://llm.test", "http", "llm.test"),
        ("ALL_PROXY", "http://llm.test", "http", "llm.test"),
        ("HTTPS_PROXY", "https://llm.test", "CONNECT", "llm.test:443"),
    ] {
        let end = if base_url.starts_with("https") { door.address() } else { fake.address() };
        let forwarder = Forwarder::guarded(end, "dXNlcjpwYXNzLXdvcmQ=").await;
        let proxy_url = format!("http://user:pass-word@{}", forwarder.address());
        let variables = [("LITELLM_BASE_URL", base_url), (variable, &proxy_url), ("LITELLM_LS_LOG", "trace")];
        let mut server = TestServer::process(Door::Lines, &variables);
        configure(&mut server, trusting(&authority)).await;
        works(&mut server).await;
        only(&forwarder, &hop(by, to, Some("dXNlcjpwYXNzLXdvcmQ=")));
        let (_news, log) = server.end_and_log().await;
        assert!(!log.contains("pass-word") && !log.contains("dXNlcjpwYXNzLXdvcmQ"), "{variable}: {log}");
    }
}

#[tokio::test]
async fn hosts_that_the_environment_excepts_are_reached_without() {
    let fake = FakeProxy::start().await;
    for except in ["llm.test", ".test", "other.example,llm.test", "*"] {
        let forwarder = Forwarder::to(fake.address()).await;
        let url = format!("http://{}", forwarder.address());
        let variables =
            [("LITELLM_BASE_URL", "http://llm.test"), ("HTTP_PROXY", &*url), ("NO_PROXY", except)];
        let mut server = TestServer::process(Door::Lines, &variables);
        let failed = failed(&mut server).await;
        assert_eq!((failed.name, failed.kind), (CheckName::Dns, Some(ErrorKind::Unreachable)), "{failed:?}");
        assert!(!failed.remedy.as_deref().unwrap().contains("proxyUrl"), "{failed:?}");
        assert_eq!(forwarder.hops(), [], "{except}");
        // What the user sets holds, whatever the environment says.
        configure(&mut server, json!({"proxyUrl": url})).await;
        works(&mut server).await;
        server.abandon();
    }
}
