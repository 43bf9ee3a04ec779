//! A spent budget: whose it is, of what amount, and when it starts anew, in errors and in the status.

use litellm_ls_protocol::{Budget, BudgetScope, CheckName, ErrorKind, Outcome, State, StatusResult};
use serde_json::{Value, json};

use crate::support::{
    fake_proxy::{Answer, FakeProxy},
    server::TestServer,
    session::{parsed, with, with_fake},
};

const CHAT: &str = "POST /v1/chat/completions";

fn spent(status: u16, message: &str) -> Answer {
    let error =
        json!({"message": message, "type": "budget_exceeded", "param": null, "code": status.to_string()});
    Answer::json(status, &json!({"error": error}))
}

fn tells(fake: &FakeProxy, key: &Value) {
    fake.on("GET /key/info").always(Answer::json(200, &json!({"key": "hash", "info": key})));
}

async fn status(server: &mut TestServer) -> (State, Option<bool>, Option<(Outcome, String)>) {
    let status: StatusResult = parsed(server.ask("provider/status", json!({})).await);
    let check = status.checks.iter().find(|check| check.name == CheckName::Budget);
    (status.state, status.authenticated, check.map(|check| (check.outcome, check.message.clone())))
}

#[tokio::test]
async fn an_error_says_whose_budget_of_what_amount_and_when_it_starts_anew() {
    let key = json!({
        "spend": 0.05, "max_budget": 0.04, "budget_duration": "30d", "budget_reset_at": "2026-12-01T00:00:00+00:00",
        "user_id": "bob", "team_id": "blue"
    });
    let user = json!({"user_id": "bob", "spend": 3.0, "max_budget": 2.5});
    let team =
        json!({"team_info": {"spend": 9.0, "max_budget": 8.0, "budget_reset_at": "2027-01-01T00:00:00"}});
    for (status, message, told) in [
        (
            400,
            "Budget has been exceeded! Current cost: 0.05, Max budget: 0.04",
            "the budget of this key for 30 days is spent: $0.05 of $0.04; it starts anew on 2026-12-01 00:00 UTC",
        ),
        (
            422,
            "ExceededBudget: User=bob over budget. Spend=3.0, Budget=2.5",
            "the budget of user bob is spent: $3.00 of $2.50",
        ),
        (
            429,
            "Budget has been exceeded! Team=blue Current cost: 9, Max budget: 8",
            "the budget of team blue is spent: $9.00 of $8.00; it starts anew on 2027-01-01 00:00 UTC",
        ),
        (
            429,
            "Budget has been exceeded! Tag=t Current cost: 2, Max budget: 1",
            "the budget of tag t is spent: $2.00 of $1.00",
        ),
    ] {
        let (fake, mut server) = with_fake().await;
        tells(&fake, &key);
        fake.on("GET /v2/user/info").always(Answer::json(200, &user));
        fake.on("GET /team/info").always(Answer::json(200, &team));
        fake.on(CHAT).always(spent(status, message));
        let id = server.request("provider/complete", json!({"model": "gpt", "prompt": "hi"})).await;
        let error = server.response(id).await.expect_err("a spent budget");
        assert_eq!((&error["data"]["kind"], &error["message"]), (&json!("budgetExceeded"), &json!(told)));
        assert_eq!(
            fake.requests_on(CHAT).iter().filter(|request| request.route() == CHAT).count(),
            1,
            "{message}"
        );
        server.end().await;
    }
}

#[tokio::test]
async fn a_key_whose_budget_is_spent_is_not_ready() {
    let (fake, mut server) = with_fake().await;
    assert_eq!(status(&mut server).await, (State::Ready, Some(true), None), "nothing is known of budgets");
    tells(&fake, &json!({"spend": 0.4, "max_budget": 1.0}));
    let left = "$0.40 of $1.00 spent by this key".to_owned();
    assert_eq!(status(&mut server).await, (State::Ready, Some(true), Some((Outcome::Ok, left.clone()))));
    tells(&fake, &json!({"spend": 1.2, "max_budget": 1.0}));
    let gone = "the budget of this key is spent: $1.20 of $1.00".to_owned();
    assert_eq!(status(&mut server).await, (State::Degraded, Some(true), Some((Outcome::Failed, gone))));
    tells(&fake, &json!({"spend": 0.4, "max_budget": 1.0}));
    assert_eq!(status(&mut server).await.2, Some((Outcome::Ok, left)), "it was raised");
    server.abandon();
}

#[tokio::test]
async fn of_several_windows_the_one_that_is_spent_counts() {
    let (fake, mut server) = with_fake().await;
    tells(
        &fake,
        &json!({
            "spend": 0.3, "max_budget": null,
            "budget_limits": [
                {"budget_duration": "30d", "max_budget": 5.0, "reset_at": null},
                {"budget_duration": "1h", "max_budget": 0.2, "reset_at": "2026-11-25T20:00:00Z"}
            ],
            "budget_limits_usage": {"1h": {"current_spend": 0.2}, "30d": {"current_spend": 0.3}}
        }),
    );
    let told =
        "the budget of this key for 1 hour is spent: $0.20 of $0.20; it starts anew on 2026-11-25 20:00 UTC";
    assert_eq!(status(&mut server).await.2, Some((Outcome::Failed, told.into())));
    server.abandon();
}

#[tokio::test]
async fn what_a_list_or_a_chat_was_refused_for_is_remembered_where_nothing_else_is_told() {
    let message = "Budget has been exceeded! Key=key (sk-...jGGg) Current cost: 0.05, Max budget: 0.04";
    let told = Some((Outcome::Failed, "the budget of this key is spent: $0.05 of $0.04".to_owned()));
    // litellm 1.101.3 refuses the names, and describes the models.
    let (fake, mut server) = with_fake().await;
    fake.on("GET /v1/models").always(spent(429, message));
    assert_eq!(status(&mut server).await, (State::Degraded, Some(true), told.clone()));
    server.abandon();
    // Newer ones refuse the chat alone; an answer says that it is over.
    let (fake, mut server) = with_fake().await;
    fake.on(CHAT).answer(spent(422, message));
    let wish = json!({"model": "gpt", "prompt": "hi"});
    let data = server.fails("provider/complete", wish.clone(), ErrorKind::BudgetExceeded).await;
    let budget = Budget {
        scope: BudgetScope::Key,
        name: None,
        spend: Some(0.05),
        limit: Some(0.04),
        window: None,
        resets_at: None,
    };
    assert_eq!(data.budget, Some(budget));
    assert_eq!(status(&mut server).await, (State::Degraded, Some(true), told));
    server.ask("provider/complete", wish).await;
    assert_eq!(status(&mut server).await, (State::Ready, Some(true), None));
    server.abandon();
}

#[tokio::test]
async fn a_new_start_knows_what_the_proxy_tells_and_nothing_else() {
    let message = "Budget has been exceeded! Key=key (sk-...jGGg) Current cost: 0.05, Max budget: 0.04";
    let wish = json!({"model": "gpt", "prompt": "hi"});
    // A proxy that tells of budgets is believed, at once and when the budget was raised.
    let (fake, mut server) = with_fake().await;
    tells(&fake, &json!({"spend": 0.05, "max_budget": 0.04}));
    fake.on(CHAT).answer(spent(429, message));
    server.fails("provider/complete", wish.clone(), ErrorKind::BudgetExceeded).await;
    server.abandon();
    let mut server = with(&fake.url(), "sk-fake");
    assert_eq!(status(&mut server).await.0, State::Degraded, "the proxy tells");
    tells(&fake, &json!({"spend": 0.05, "max_budget": 1.0}));
    assert_eq!(status(&mut server).await.0, State::Ready, "it was raised");
    server.abandon();
    // One that tells nothing is not suspected, and says it again when it is asked.
    let (fake, mut server) = with_fake().await;
    fake.on(CHAT).answer(spent(429, message));
    server.fails("provider/complete", wish.clone(), ErrorKind::BudgetExceeded).await;
    assert_eq!(status(&mut server).await.0, State::Degraded);
    server.abandon();
    let mut server = with(&fake.url(), "sk-fake");
    assert_eq!(status(&mut server).await, (State::Ready, Some(true), None));
    fake.on(CHAT).answer(spent(429, message));
    server.fails("provider/complete", wish, ErrorKind::BudgetExceeded).await;
    assert_eq!(status(&mut server).await.0, State::Degraded);
    server.abandon();
}

#[tokio::test]
async fn a_budget_that_starts_anew_is_open_though_nobody_tells() {
    let message = "Budget has been exceeded! Key=key (sk-...jGGg) Current cost: 0.05, Max budget: 0.04";
    for (resets_at, state) in
        [("2026-01-01T00:00:00Z", State::Ready), ("2226-01-01T00:00:00Z", State::Degraded)]
    {
        let (fake, mut server) = with_fake().await;
        tells(&fake, &json!({"spend": 0.05, "max_budget": 0.04, "budget_reset_at": resets_at}));
        fake.on(CHAT).answer(spent(429, message));
        let wish = json!({"model": "gpt", "prompt": "hi"});
        server.fails("provider/complete", wish, ErrorKind::BudgetExceeded).await;
        fake.on("GET /key/info").always(Answer::json(404, &json!({})));
        assert_eq!(status(&mut server).await.0, state, "{resets_at}");
        server.abandon();
    }
}

#[tokio::test]
async fn a_budget_for_one_tag_or_model_says_nothing_of_the_key() {
    let (fake, mut server) = with_fake().await;
    fake.on(CHAT).answer(spent(429, "Budget has been exceeded! Tag=t Current cost: 2, Max budget: 1"));
    server
        .fails("provider/complete", json!({"model": "gpt", "prompt": "hi"}), ErrorKind::BudgetExceeded)
        .await;
    assert_eq!(status(&mut server).await, (State::Ready, Some(true), None));
    server.end().await;
}

#[tokio::test]
async fn a_list_says_why_it_failed_where_that_is_no_matter_of_lists() {
    let error =
        |kind: &str, message: &str| json!({"error": {"message": message, "type": kind, "code": "401"}});
    let expired = error("expired_key", "Authentication Error - Expired Key. Key Expiry time 2026-01-01");
    let page = "<html><title>502 Bad Gateway</title><center>nginx</center></html>";
    for (answer, kind, words) in [
        (Answer::json(401, &expired), ErrorKind::Unauthorized, "the key has expired"),
        (
            spent(429, "Budget has been exceeded! Current cost: 2, Max budget: 1"),
            ErrorKind::BudgetExceeded,
            "this key is spent",
        ),
        (Answer::whole(502, "text/html", page), ErrorKind::Upstream, "nginx answers in place of the proxy"),
    ] {
        let fake = FakeProxy::start().await;
        for route in ["GET /v1/model/info", "GET /v1/models", "GET /model_group/info"] {
            fake.on(route).always(answer.clone());
        }
        let mut server = with(&fake.url(), "sk-fake");
        let error = server.call("provider/listModels", json!({})).await.expect_err("no list");
        assert_eq!(error["data"]["kind"], json!(kind), "{error}");
        assert!(error["message"].as_str().is_some_and(|message| message.contains(words)), "{error}");
        server.abandon();
    }
}

#[tokio::test]
async fn at_a_proxy_on_this_machine_the_remedy_names_the_variable_and_the_restart() {
    let (fake, mut server) = with_fake().await;
    let refused = |text: &str| {
        let message = format!("litellm.AuthenticationError: AuthenticationError: OpenAIException - {text}");
        Answer::json(
            401,
            &json!({"error": {"message": message, "type": "authentication_error", "code": "401"}}),
        )
    };
    for (text, variable) in [
        ("Incorrect API key provided", "OPENAI_API_KEY"),
        ("the api_key must be set by the MY_VENDOR_API_KEY environment variable", "MY_VENDOR_API_KEY"),
    ] {
        fake.on(CHAT).answer(refused(text));
        let wish = json!({"model": "gpt", "prompt": "hi"});
        let data = server.fails("provider/complete", wish, ErrorKind::UpstreamUnauthorized).await;
        let remedy = data.remedy.unwrap_or_default();
        assert!(remedy.contains(variable) && remedy.contains("restart"), "{remedy}");
        assert!(remedy.contains("config.yaml"), "which may name another: {remedy}");
        // It may be the end of a tunnel.
        assert!(remedy.starts_with("ask whoever runs the proxy; where that is you, "), "{remedy}");
    }
    server.end().await;
}

#[tokio::test]
async fn an_override_says_that_a_model_takes_no_output_limit() {
    let (fake, mut server) = with_fake().await;
    let overrides = json!({"gpt": {"maxTokensParam": "none"}});
    server.ask("provider/configure", json!({"modelOverrides": overrides, "verify": false})).await;
    server.ask("provider/complete", json!({"model": "gpt", "prompt": "hi", "maxTokens": 50})).await;
    let sent = fake.requests_on(CHAT).last().expect("a request").json();
    assert!(sent.get("max_tokens").is_none() && sent.get("max_completion_tokens").is_none(), "{sent}");
    server.end().await;
}
