//! `provider/status`: what can be used right now, check by check, and what to do where it can't.

use litellm_ls::Door;
use litellm_ls_protocol::{CheckName, ErrorKind, Outcome, State, StatusResult};
use serde_json::{Value, json};

use crate::support::{
    fake_proxy::{Answer, FakeProxy},
    server::TestServer,
    session::{parsed, with, with_fake, with_real},
};

async fn status(server: &mut TestServer) -> StatusResult {
    let status: StatusResult = parsed(server.ask("provider/status", json!({})).await);
    for check in &status.checks {
        let asks = matches!(check.outcome, Outcome::Failed | Outcome::Warning);
        assert_eq!(check.remedy.is_some(), asks, "{check:?}");
        assert!(!check.message.is_empty() && !check.message.contains('\n'), "{check:?}");
    }
    status
}

fn outcomes(status: &StatusResult) -> Vec<(CheckName, Outcome)> {
    status.checks.iter().map(|check| (check.name, check.outcome)).collect()
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn the_real_proxy_is_ready() {
    let (proxy, mut server) = with_real().await;
    let status = status(&mut server).await;
    assert_eq!((status.state, status.reachable, status.authenticated), (State::Ready, true, Some(true)));
    assert_eq!((status.base_url, status.version.as_deref()), (Some(proxy.url.clone()), Some("1.101.3")));
    assert!(status.model_count.is_some_and(|count| count > 10) && status.default_model.is_some());
    server.end().await;
}

/// Pages have a field for it, and show there what is wrong with it.
#[tokio::test]
async fn what_is_said_of_a_pasted_key_stands_at_the_key() {
    let fake = FakeProxy::start().await;
    for key in ["\"sk-fake\"", "Bearer sk-fake"] {
        let variables = [("LITELLM_BASE_URL", &*fake.url()), ("LITELLM_API_KEY", key)];
        let mut server = TestServer::memory(Door::Lines, &variables);
        let status = status(&mut server).await;
        let of_key = outcomes(&status).into_iter().filter(|(name, _)| *name == CheckName::Key);
        let expected = [Outcome::Ok, Outcome::Warning].map(|outcome| (CheckName::Key, outcome));
        assert_eq!(of_key.collect::<Vec<_>>(), expected, "{status:?}");
        assert!(outcomes(&status).contains(&(CheckName::Settings, Outcome::Ok)), "{status:?}");
        server.abandon();
    }
}

#[tokio::test]
async fn each_trouble_fails_its_own_check_and_skips_what_depends_on_it() {
    use {CheckName as N, Outcome as O};
    let page = || Answer::whole(200, "text/html", "<html>Log in</html>");
    let wrong_key = || {
        let error = json!({"message": "No connected db.", "type": "no_db_connection", "code": "400"});
        Answer::json(400, &json!({"error": error}))
    };
    type Trouble<'a> = (&'a str, &'a [(&'a str, Answer)], State, N, O);
    let troubles: [Trouble<'_>; 4] = [
        (
            "a wrong key",
            &[("GET /v1/model/info", wrong_key()), ("GET /v1/models", wrong_key())],
            State::Unauthorized,
            N::Key,
            O::Failed,
        ),
        (
            "a login page",
            &[("GET /health/liveliness", page()), ("GET /v1/model/info", page()), ("GET /v1/models", page())],
            State::Failed,
            N::Models,
            O::Failed,
        ),
        (
            "no models",
            &[
                ("GET /v1/model/info", Answer::json(200, &json!({"data": []}))),
                ("GET /v1/models", Answer::json(200, &json!({"data": []}))),
            ],
            State::Degraded,
            N::Models,
            O::Warning,
        ),
        (
            "silence",
            &[("GET /health/liveliness", Answer::nothing().reset())],
            State::Unreachable,
            N::Reachable,
            O::Failed,
        ),
    ];
    for (name, answers, state, check, outcome) in troubles {
        let (fake, mut server) = with_fake().await;
        for (route, answer) in answers {
            fake.on(route).always(answer.clone());
        }
        let status = status(&mut server).await;
        assert_eq!(status.state, state, "{name}: {:?}", status.checks);
        assert!(outcomes(&status).contains(&(check, outcome)), "{name}: {:?}", status.checks);
        server.abandon();
    }
}

#[tokio::test]
async fn a_dead_port_leaves_the_key_unknown() {
    let mut server = with("http://127.0.0.1:9", "sk");
    let dead = status(&mut server).await;
    assert_eq!((dead.state, dead.reachable, dead.authenticated), (State::Unreachable, false, None));
    assert_eq!(dead.checks.iter().find_map(|check| check.kind), Some(ErrorKind::Unreachable));
    assert_eq!(server.told_state().await, "unreachable");
    server.end().await;
}

#[tokio::test]
async fn a_changed_state_is_news_once() {
    let (fake, mut server) = with_fake().await;
    let routes = ["GET /v1/model/info", "GET /v1/models"];
    let refused =
        Answer::json(401, &json!({"error": {"message": "no", "type": "auth_error", "code": "401"}}));
    for route in routes {
        fake.on(route).always(refused.clone());
    }
    for _ in 0..2 {
        assert_eq!(status(&mut server).await.state, State::Unauthorized);
    }
    assert_eq!(server.told_state().await, "unauthorized");
    let fresh = FakeProxy::start().await;
    server.ask("provider/configure", json!({"baseUrl": fresh.url(), "verify": false})).await;
    let again: Value = server.ask("provider/status", json!({})).await;
    assert_eq!(again["authenticated"], true, "{again}");
    server.told_state().await;
    server.end().await;
}

/// A call on another model shows that the proxy answers, and not that the default model is there.
#[tokio::test]
async fn what_a_check_found_is_not_disproved_by_a_call() {
    let (fake, mut server) = with_fake().await;
    server.ask("provider/configure", json!({"model": "missing", "verify": false})).await;
    assert_eq!(status(&mut server).await.state, State::Degraded);
    assert_eq!(server.told_state().await, "degraded");
    let question = json!({"model": "gpt", "prompt": "Hi"});
    server.ask("provider/complete", question.clone()).await;

    // Nor where the proxy was away in between.
    let away = Answer::whole(502, "text/html", "<html><center>nginx</center></html>");
    for _ in 0..3 {
        fake.on("POST /v1/chat/completions").answer(away.clone());
    }
    server.fails("provider/complete", question.clone(), ErrorKind::Upstream).await;
    assert_eq!(server.told_state().await, "unreachable");
    server.ask("provider/complete", question.clone()).await;
    assert_eq!(server.told_state().await, "degraded");

    // Only another check does.
    server.ask("provider/configure", json!({"model": "gpt", "verify": false})).await;
    assert_eq!(status(&mut server).await.state, State::Ready);
    assert_eq!(server.told_state().await, "ready");
    server.end().await;
}

#[tokio::test]
async fn the_way_to_a_server_is_checked_step_by_step() {
    use {CheckName as N, Outcome as O};
    let listening = FakeProxy::start().await;
    let encrypted = listening.url().replace("http:", "https:");
    for (base_url, way) in [
        ("http://nowhere.invalid:4000", [O::Failed, O::Skipped, O::Skipped, O::Skipped]),
        ("http://127.0.0.1:9", [O::Ok, O::Failed, O::Skipped, O::Skipped]),
        (&*encrypted, [O::Ok, O::Ok, O::Failed, O::Skipped]),
        (&*listening.url(), [O::Ok, O::Ok, O::Skipped, O::Ok]),
    ] {
        let mut server = with(base_url, "");
        let status = status(&mut server).await;
        let found: Vec<_> =
            outcomes(&status).into_iter().skip_while(|(name, _)| *name != N::Dns).take(4).collect();
        let names = [N::Dns, N::Connect, N::Tls, N::Reachable];
        assert_eq!(found, names.into_iter().zip(way).collect::<Vec<_>>(), "{base_url}");
        assert_eq!(status.state == State::Unreachable, way[3] != O::Ok, "{base_url}");
        if way[3] != O::Ok {
            assert_eq!(server.told_state().await, "unreachable");
        }
        server.end().await;
    }
}

/// What was told of a profile that is no more says nothing of another of its name.
#[tokio::test]
async fn a_profile_that_was_removed_is_told_of_anew() {
    let (_fake, mut server) = with_fake().await;
    for _ in 0..2 {
        server
            .ask(
                "provider/configure",
                json!({"profile": "a", "baseUrl": "http://127.0.0.1:9", "activate": false}),
            )
            .await;
        assert_eq!(server.told_state().await, "unreachable");
        // Another look at it is no news.
        server.ask("provider/status", json!({"profile": "a"})).await;
        server.ask("provider/removeProfile", json!({"profile": "a"})).await;
    }
    server.end().await;
}
