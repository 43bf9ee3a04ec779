//! Budgets of the user's own: told once at each step, by all programs together, and a stop where the user wants one.

use litellm_ls::Door;
use litellm_ls_protocol::{BudgetScope, CheckName, ErrorKind, Outcome, StatusResult, UsageReportResult};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    fake_proxy::{Answer, FakeProxy},
    home::STATE,
    server::TestServer,
    session::parsed,
    user::User,
};

const LIST: &str = "GET /v1/model/info";
const CHAT: &str = "POST /v1/chat/completions";

/// A proxy whose answers cost a quarter of a dollar each.
async fn proxy() -> FakeProxy {
    let proxy = FakeProxy::start().await;
    let usage = json!({"prompt_tokens": 10, "completion_tokens": 2, "cost": 0.25});
    proxy.on(CHAT).always(Answer::stream().text("a").finish("stop").usage(usage).done());
    proxy
}

fn server(proxy: &FakeProxy, home: &TempDir, door: Door) -> TestServer {
    let home = home.path().to_string_lossy().into_owned();
    let variables = [("HOME", &home[..]), ("LITELLM_BASE_URL", &proxy.url()), ("LITELLM_API_KEY", "sk-1")];
    TestServer::process(door, &variables)
}

/// How often it was asked for its models.
fn lists(proxy: &FakeProxy) -> usize {
    proxy.requests_on(LIST).len()
}

fn question(model: &str) -> Value {
    json!({"model": model, "prompt": "hi"})
}

async fn asks(server: &mut TestServer, times: usize) {
    for _ in 0..times {
        server.ask("provider/complete", question("gpt")).await;
    }
}

async fn is_told(server: &mut TestServer, begins: &str) {
    let told = server.notification("window/showMessage").await;
    let message = told["message"].as_str().unwrap();
    assert!(
        message.starts_with(begins)
            && (message.contains("; it starts anew on ") || message.contains(", resets on ")),
        "{message}"
    );
}

async fn check(server: &mut TestServer) -> Option<(Outcome, String)> {
    let status: StatusResult = parsed(server.ask("provider/status", json!({})).await);
    let check = status.checks.into_iter().find(|check| check.name == CheckName::Budget);
    check.map(|check| (check.outcome, check.message))
}

#[tokio::test]
async fn each_step_is_told_once_and_a_question_is_refused_where_the_user_wants_that_alone() {
    for door in [Door::Lsp, Door::Lines] {
        let (proxy, home) = (proxy().await, tempfile::tempdir().unwrap());
        proxy
            .on("GET /v1/models")
            .always(Answer::json(200, &json!({"data": [{"id": "gpt", "object": "model"}]})));
        let mut one = server(&proxy, &home, door);
        if matches!(door, Door::Lsp) {
            one.initialize(json!({})).await;
        }
        let budget = json!({"budget": {"day": 1.25, "month": 100}, "verify": false});
        let settings = one.ask("provider/configure", budget.clone()).await;
        assert_eq!(settings["settings"]["budget"]["value"], json!({"day": 1.25, "month": 100.0}));
        asks(&mut one, 3).await;
        asks(&mut one, 1).await;
        is_told(&mut one, "litellm-ls: $1.00 of $1.25 spent of your own budget for the day").await;
        assert!(check(&mut one).await.is_some_and(|(outcome, _)| outcome == Outcome::Ok));
        asks(&mut one, 1).await;
        is_told(&mut one, "litellm-ls: your own budget for the day is spent: $1.25 of $1.25").await;
        // It was told, and that is all.
        asks(&mut one, 1).await;
        let (outcome, message) = check(&mut one).await.unwrap();
        assert!(
            outcome == Outcome::Warning && message.starts_with("your own budget for the day is spent: $1.50")
        );
        assert_eq!(one.notification("provider/didChangeStatus").await["state"], "degraded");

        // What it has booked is written when somebody asks for it.
        one.ask("provider/usage", json!({"ledger": {}})).await;
        // Another program knows what the first has spent, and does not tell it once more.
        let mut other = server(&proxy, &home, door);
        if matches!(door, Door::Lsp) {
            other.initialize(json!({})).await;
        }
        other.ask("provider/configure", budget).await;
        let usage: UsageReportResult = parsed(other.ask("provider/usage", json!({})).await);
        let budgets: Vec<_> =
            usage.budgets.iter().map(|it| (it.scope, it.window.as_deref(), it.spend)).collect();
        let own = BudgetScope::Own;
        assert_eq!(budgets, [(own, Some("day"), Some(1.5)), (own, Some("month"), Some(1.5))]);
        asks(&mut other, 1).await;

        // A stop: nothing is sent, and what costs nothing is.
        let free = json!({"free": {"inputPrice": 0, "outputPrice": 0}});
        let stop = json!({"budget": {"stop": true}, "modelOverrides": free, "verify": false});
        other.ask("provider/configure", stop).await;
        let sent = proxy.requests().iter().filter(|request| CHAT.ends_with(&request.path)).count();
        let refused = other.call("provider/complete", question("gpt")).await.unwrap_err();
        assert_eq!(refused["data"]["kind"], json!(ErrorKind::BudgetExceeded));
        let message = refused["message"].as_str().unwrap();
        assert!(
            message.starts_with("your own budget for the day is spent: $1.75 of $1.25; it starts anew on "),
            "{message}"
        );
        assert!(refused["data"]["remedy"].as_str().unwrap().contains("raise `budget.day`"), "{refused}");
        assert_eq!(refused["data"]["budget"]["scope"], "own");
        assert_eq!(proxy.requests().iter().filter(|request| CHAT.ends_with(&request.path)).count(), sent);
        other.ask("provider/complete", question("free")).await;
        assert!(check(&mut other).await.is_some_and(|(outcome, _)| outcome == Outcome::Failed));
        assert_eq!(other.notification("provider/didChangeStatus").await["state"], "degraded");
        other.ask("provider/configure", json!({"budget": {"day": 100}, "verify": false})).await;
        asks(&mut other, 1).await;
        other.end().await;
        one.end().await;
    }
}

#[tokio::test]
async fn commands_tell_of_a_budget_once_refuse_beyond_it_and_show_it() {
    let proxy = proxy().await;
    let user = User::of(&proxy.url(), "sk-1");
    for setting in [["budget.week", "1.0"], ["budget.stop", "true"]] {
        let ran = user.run(&["config", "set", setting[0], setting[1]]).await;
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let mut told = Vec::new();
    for _ in 0..4 {
        let ran = user.run(&["complete", "-m", "gpt", "hi"]).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        told.extend(ran.err.lines().filter(|line| line.starts_with("warning: ")).map(str::to_owned));
    }
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with(
            "warning: your own budget for the week is spent: $1.00 of $1.00; it starts anew on "
        ),
        "{told:?}"
    );
    let ran = user.run(&["complete", "-m", "gpt", "hi"]).await;
    assert!(ran.code == 1 && ran.err.contains("your own budget for the week is spent"), "{ran:?}");
    assert!(ran.err.contains("raise `budget.week`"), "{ran:?}");
    let sent = proxy.requests().iter().filter(|request| CHAT.ends_with(&request.path)).count();
    assert_eq!(sent, 4);
    proxy
        .on("GET /v1/models")
        .always(Answer::json(200, &json!({"data": [{"id": "gpt", "object": "model"}]})));
    let ran = user.run(&["usage"]).await;
    assert!(ran.out.starts_with("today\t1\t\t\n7 days\t1\t"), "{ran:?}");
    assert!(ran.out.contains("\nyour own for the week\t1\t1\t20"), "{ran:?}");
    let json = user.run(&["usage", "--json"]).await.json();
    assert_eq!(json["ownBudgets"][0]["window"], "week");
}

/// LiteLLM says the cost of a streamed answer nowhere: it is that of the listed prices, whether a list was asked for or not.
#[tokio::test]
async fn what_a_session_spends_that_asks_for_no_list_is_counted() {
    for stop in [false, true] {
        let (proxy, home) = (FakeProxy::start().await, tempfile::tempdir().unwrap());
        let usage = json!({"prompt_tokens": 400_000, "completion_tokens": 0});
        proxy.on(CHAT).always(Answer::stream().text("a").finish("stop").usage(usage).done());
        let info = json!({"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6});
        let row = json!({"model_name": "gpt", "litellm_params": {"model": "gpt"}, "model_info": info});
        proxy.on(LIST).always(Answer::json(200, &json!({"data": [row]})));
        let mut server = server(&proxy, &home, Door::Lines);
        let budget = json!({"budget": {"day": 1, "stop": stop}, "verify": false});
        server.ask("provider/configure", budget).await;
        for _ in 0..3 {
            let answer = server.ask("provider/complete", question("gpt")).await;
            assert_eq!(answer["usage"]["cost"], json!(0.4), "{answer}");
        }
        let fourth = server.call("provider/complete", question("gpt")).await;
        assert_eq!(fourth.is_err(), stop, "{fourth:?}");
        assert_eq!(lists(&proxy), 1, "it is asked for once");
        server.abandon();
    }
}

/// A cost is that of the model that answered, at the price of its range; one that nobody lists has none.
#[tokio::test]
async fn what_an_answer_cost_is_the_price_of_the_model_that_gave_it() {
    let (proxy, home) = (FakeProxy::start().await, tempfile::tempdir().unwrap());
    let row = |name: &str, cost: Value| {
        let mut info = json!({"mode": "chat", "max_input_tokens": 1_000_000});
        info.as_object_mut().unwrap().extend(cost.as_object().unwrap().clone());
        json!({"model_name": name, "litellm_params": {"model": format!("openai/{name}")}, "model_info": info})
    };
    let flat = |cost: f64| json!({"input_cost_per_token": cost, "output_cost_per_token": cost});
    let steps = json!({"tiered_pricing": [
        {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6, "range": [0, 1000.0]},
        {"input_cost_per_token": 2e-6, "output_cost_per_token": 4e-6, "range": [1000.0, 1e6]},
    ]});
    let rows = json!([
        row("free", flat(0.0)),
        row("cheap", flat(1e-6)),
        row("dear", flat(1e-3)),
        row("steps", steps)
    ]);
    proxy.on(LIST).always(Answer::json(200, &json!({"data": rows})));
    let mut server = server(&proxy, &home, Door::Lines);
    for (asked, group, fallbacks, tokens, cost) in [
        ("cheap", "cheap", "0", 1_000, Some(0.002)),
        ("cheap", "dear", "1", 1_000, Some(2.0)),
        ("free", "dear", "1", 1_000, Some(2.0)),
        ("cheap", "unlisted", "1", 1_000, None),
        ("cheap", "alias", "0", 1_000, Some(0.002)),
        ("steps", "steps", "0", 1_000, Some(0.002)),
        ("steps", "steps", "0", 1_001, Some(0.006_006)),
    ] {
        let usage = json!({"prompt_tokens": tokens, "completion_tokens": tokens});
        proxy.on(CHAT).answer(
            Answer::stream()
                .header("x-litellm-model-group", group)
                .header("x-litellm-attempted-fallbacks", fallbacks)
                .text("a")
                .finish("stop")
                .usage(usage)
                .done(),
        );
        let answer = server.ask("provider/complete", question(asked)).await;
        assert_eq!(answer["usage"]["cost"].as_f64(), cost, "{asked} {group}: {answer}");
    }
    server.end().await;
}

/// A proxy that lists nothing is asked for a list once, and answers all the same.
#[tokio::test]
async fn a_proxy_without_a_list_is_asked_for_it_once() {
    let (proxy, home) = (FakeProxy::start().await, tempfile::tempdir().unwrap());
    let usage = json!({"prompt_tokens": 400_000, "completion_tokens": 0});
    proxy.on(CHAT).always(Answer::stream().text("a").finish("stop").usage(usage).done());
    for route in [LIST, "GET /v1/models", "GET /models", "GET /model_group/info"] {
        proxy.on(route).always(Answer::json(403, &json!({"detail": "not for this key"})));
    }
    let mut server = server(&proxy, &home, Door::Lines);
    for _ in 0..3 {
        let answer = server.ask("provider/complete", question("gpt")).await;
        assert_eq!(answer["usage"]["cost"], Value::Null);
        assert_eq!(lists(&proxy), 1);
    }
    server.end().await;
}

/// One that broke may have counted a budget's worth: it counts as spent until its user says otherwise.
#[tokio::test]
async fn a_ledger_that_broke_is_not_counted_as_an_empty_one() {
    let proxy = proxy().await;
    let user = User::of(&proxy.url(), "sk-1");
    for setting in [["budget.day", "100"], ["budget.stop", "true"]] {
        let ran = user.run(&["config", "set", setting[0], setting[1]]).await;
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let ask = || user.run(&["complete", "-m", "gpt", "hi"]);
    assert_eq!(ask().await.code, 0);
    let ledger = user.home.path().join(STATE).join("ledger.db");
    std::fs::write(&ledger, "spoiled ".repeat(1_000)).unwrap();
    for _ in 0..2 {
        let ran = ask().await;
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.err.contains("move that file away to count anew"), "{ran:?}");
    }
    let part = |end: &str| ledger.with_file_name(format!("ledger.broken{end}"));
    // Where what was written to it last is of no day that is counted, it holds none of its calls.
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(40 * 24 * 60 * 60);
    for end in ["", "-wal"].into_iter().filter(|end| part(end).exists()) {
        std::fs::File::options().write(true).open(part(end)).unwrap().set_modified(long_ago).unwrap();
    }
    assert_eq!(ask().await.code, 0);
    std::fs::write(part(""), "spoiled again").unwrap();
    assert_eq!(ask().await.code, 1);
    std::fs::rename(part(""), part(".mine")).unwrap();
    assert_eq!(ask().await.code, 0, "as it was told to do");
}

/// Who wants to be stopped is not let through where nobody can count. Windows has no variable for the folder of the ledger
/// alone.
#[cfg(unix)]
#[tokio::test]
async fn a_budget_that_can_not_be_counted_stops_who_wants_to_be_stopped() {
    let proxy = proxy().await;
    for (name, stops) in [("a file", true), ("/dev/null/x", true), ("a folder", false)] {
        let mut user = User::of(&proxy.url(), "sk-1");
        for setting in [["budget.day", "100"], ["budget.stop", "true"]] {
            let ran = user.run(&["config", "set", setting[0], setting[1]]).await;
            assert_eq!(ran.code, 0, "{ran:?}");
        }
        user.file("a file", "");
        std::fs::create_dir(user.home.path().join("a folder")).unwrap();
        let state = user.home.path().join(name);
        user.variables.push(("XDG_STATE_HOME", state.to_str().unwrap().to_owned()));
        let ran = user.run(&["complete", "-m", "gpt", "hi"]).await;
        assert_eq!(ran.code, i32::from(stops), "{name}: {ran:?}");
        assert_eq!(ran.err.contains("your own budget can't be counted: the ledger can't be used"), stops);
        assert_eq!(ran.err.contains("or set `budget.stop` to false"), stops, "{name}: {ran:?}");
        user.run(&["config", "set", "budget.stop", "false"]).await;
        let ran = user.run(&["complete", "-m", "gpt", "hi"]).await;
        assert_eq!(ran.code, 0, "{name}: {ran:?}");
    }
}

#[tokio::test]
async fn a_budget_that_can_not_be_read_stops_who_may_want_to_be_stopped() {
    for (budget, stops) in [
        ("day = \"1\"\nstop = true", true),
        ("day = \"1 USD\"\nstop = true", true),
        ("daily = 1\nstop = true", true),
        ("day = 1\nstop = \"true\"", true),
        ("day = 1\nstop = 1", true),
        ("day = \"1\"", false),
        ("daily = 1\nstop = false", false),
        ("day = 1\nstop = true", false),
    ] {
        let (proxy, home) = (proxy().await, tempfile::tempdir().unwrap());
        let url = proxy.url();
        let settings = format!(
            "active = \"w\"\n[profiles.w]\nbaseUrl = \"{url}\"\nmodel = \"gpt\"\n[profiles.w.budget]\n{budget}\n"
        );
        let file = home.path().join("settings.toml");
        std::fs::write(&file, settings).unwrap();
        let file = file.to_str().unwrap();
        let mut server = TestServer::process(Door::Lines, &[("LITELLM_LS_SETTINGS", file)]);
        let asked = server.call("provider/complete", json!({"prompt": "hi"})).await;
        let refused = asked.is_err_and(|error| {
            assert_eq!(error["data"]["kind"], "budgetExceeded", "{error}");
            true
        });
        let sent = proxy.requests().iter().filter(|request| request.route() == CHAT).count();
        assert_eq!((refused, sent), (stops, usize::from(!stops)), "{budget}");
        let is_failed = check(&mut server).await.is_some_and(|(outcome, _)| outcome == Outcome::Failed);
        assert_eq!(is_failed, stops, "{budget}");
        server.abandon();
    }
}
