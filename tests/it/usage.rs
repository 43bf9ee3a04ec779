//! `provider/usage`: every call is counted once, however it ends.

use litellm_ls::Door;
use litellm_ls_protocol::{CallOutcome, ErrorKind, KeyBudget, UsageReportResult};
use serde_json::{Value, json};

use crate::support::{
    fake_proxy::{Answer, FakeProxy},
    home::STATE,
    real_proxy::RealProxy,
    server::TestServer,
    session::{parsed, with, with_fake},
    transcript,
};

const ROUTE: &str = "POST /v1/chat/completions";

async fn usage(server: &mut TestServer) -> UsageReportResult {
    parsed(server.ask("provider/usage", json!({})).await)
}

fn question(model: &str) -> Value {
    json!({"model": model, "prompt": "hi"})
}

fn answer(usage: Value) -> Answer {
    Answer::stream()
        .header("x-litellm-key-spend", "1.5")
        .header("x-litellm-key-max-budget", "None")
        .text("a")
        .finish("stop")
        .usage(usage)
        .done()
}

#[tokio::test]
async fn calls_are_summed_by_model_and_outcome() {
    let (fake, mut server) = with_fake().await;
    let before = usage(&mut server).await;
    assert_eq!((before.rows.len(), before.total.calls, before.total.cost, before.key), (0, 0, None, None));

    let counted = json!({
        "prompt_tokens": 100, "completion_tokens": 20, "cost": 0.25,
        "prompt_tokens_details": {"cached_tokens": 60}, "completion_tokens_details": {"reasoning_tokens": 5},
    });
    fake.on(ROUTE).answer(answer(counted.clone())).answer(answer(counted));
    server.ask("provider/complete", question("gpt")).await;
    server.ask("provider/complete", question("gpt")).await;
    // No price is known of a model that is not listed.
    fake.on(ROUTE).answer(answer(json!({"prompt_tokens": 1, "completion_tokens": 1})));
    server.ask("provider/complete", question("unlisted")).await;
    let refused = json!({"error": {"message": "no", "type": "invalid_request_error", "code": "400"}});
    fake.on(ROUTE).answer(Answer::json(400, &refused));
    server.call("provider/complete", question("gpt")).await.expect_err("a refusal");
    fake.on(ROUTE).answer(Answer::stream().text("Half").reset());
    server.call("provider/complete", question("gpt")).await.expect_err("a broken answer");

    let told = usage(&mut server).await;
    let rows: Vec<_> = told.rows.iter().map(|row| (row.model.as_str(), row.outcome, row.sum.calls)).collect();
    let expected = [
        ("gpt", CallOutcome::Succeeded, 2),
        ("unlisted", CallOutcome::Succeeded, 1),
        ("gpt", CallOutcome::Failed, 2),
    ];
    assert_eq!(rows, expected);
    let sum = told.rows[0].sum;
    assert_eq!((sum.input_tokens, sum.output_tokens, sum.cost), (200, 40, Some(0.5)));
    assert_eq!((sum.cache_read_tokens, sum.reasoning_tokens, sum.unpriced_calls), (120, 10, 0));
    assert_eq!((told.rows[1].sum.cost, told.rows[1].sum.unpriced_calls), (None, 1));
    // The refused one reached no model; what the broken one cost, nobody knows.
    assert_eq!((told.rows[2].sum.cost, told.rows[2].sum.unpriced_calls), (None, 1));
    assert_eq!((told.total.calls, told.total.cost, told.total.unpriced_calls), (5, Some(0.5), 2));
    assert!(matches!(told.key, Some(KeyBudget { spend: Some(1.5), max_budget: None, .. })), "{:?}", told.key);
    server.end().await;
}

#[tokio::test]
async fn a_call_given_up_is_counted_as_cancelled() {
    let (fake, mut server) = with_fake().await;
    fake.on(ROUTE).answer(Answer::stream().text("One ").held());
    let mut params = question("gpt");
    params["partialResultToken"] = "t".into();
    let id = server.request("provider/complete", params).await;
    let request = fake.next_on(ROUTE).await;
    server.notification("$/progress").await;
    server.notify("$/cancelRequest", json!({"id": id})).await;
    let error = server.response(id).await.expect_err("a cancelled request");
    assert_eq!(error["code"], -32800);
    fake.closed(&request).await;
    let told = usage(&mut server).await;
    assert_eq!((told.rows.len(), told.rows[0].outcome), (1, CallOutcome::Cancelled));
    assert_eq!((told.total.calls, told.total.cost, told.total.unpriced_calls), (1, None, 1));
    server.end().await;
}

#[tokio::test]
async fn of_an_answer_that_nobody_counted_is_told_about_what_it_took() {
    let (fake, mut server) = with_fake().await;
    let overrides = json!({"gpt": {"inputPrice": 1000, "outputPrice": 2000}});
    server.ask("provider/configure", json!({"modelOverrides": overrides, "verify": false})).await;
    // `[{"role": "user", "content": "hi"}]` counts 17 bytes, and "One " has 4.
    let estimate = json!({"inputTokens": 5, "outputTokens": 1, "cost": 0.007, "costSource": "computed"});
    let estimate_of = |result: &Value| {
        let usage = &result["estimatedUsage"];
        json!({
            "inputTokens": usage["inputTokens"], "outputTokens": usage["outputTokens"],
            "cost": usage["cost"], "costSource": usage["costSource"],
        })
    };

    fake.on(ROUTE).answer(Answer::stream().text("One ").held());
    let mut params = question("gpt");
    params["partialResultToken"] = "t".into();
    let id = server.request("provider/complete", params).await;
    server.notification("$/progress").await;
    server.notify("$/cancelRequest", json!({"id": id})).await;
    let error = server.response(id).await.expect_err("a cancelled request");
    assert_eq!(estimate_of(&error["data"]["partial"]), estimate, "{error}");

    fake.on(ROUTE).answer(Answer::stream().text("One ").finish("stop").done());
    let result = server.call("provider/complete", question("gpt")).await.unwrap();
    assert_eq!(estimate_of(&result), estimate, "{result}");

    fake.on(ROUTE).answer(answer(json!({"prompt_tokens": 7, "completion_tokens": 2})));
    let result = server.call("provider/complete", question("gpt")).await.unwrap();
    assert_eq!((&result["usage"]["inputTokens"], &result["estimatedUsage"]), (&json!(7), &Value::Null));
    server.end().await;
}

#[tokio::test]
async fn another_key_has_another_account() {
    let (fake, mut server) = with_fake().await;
    server.ask("provider/complete", question("gpt")).await;
    server.ask("provider/configure", json!({"apiKey": "sk-another", "verify": false})).await;
    assert_eq!(usage(&mut server).await.total.calls, 0);
    server.ask("provider/complete", question("gpt")).await;
    assert_eq!(usage(&mut server).await.total.calls, 1);
    drop(fake);
    server.end().await;
}

#[tokio::test]
async fn a_question_that_was_never_sent_is_not_counted() {
    let mut server = with("http://127.0.0.1:9", "sk-x");
    let wish = json!({"model": "gpt", "prompt": "a", "thinkingBudget": 1});
    server.fails("provider/complete", wish, ErrorKind::InvalidParams).await;
    assert_eq!(usage(&mut server).await.total.calls, 0);
    server.end().await;
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no LiteLLM")]
async fn the_real_proxy_tells_an_ordinary_key_what_it_has_spent() {
    let proxy = RealProxy::with_keys().await;
    let mut server = with(&proxy.url, "sk-limited");
    server.ask("provider/complete", question("plain")).await;
    let told = usage(&mut server).await;
    assert!(told.key.is_some_and(|key| key.spend.is_some()), "x-litellm-key-spend");
    assert!(told.total.cost.is_some_and(|cost| cost > 0.0), "{:?}", told.total);
    server.end().await;
}

#[tokio::test]
async fn the_transcript_holds_at_both_doors() {
    for door in [Door::Lsp, Door::Lines] {
        transcript::play("usage.txt", include_str!("../transcripts/usage.txt"), door).await;
    }
}

#[tokio::test]
async fn who_watches_is_told_after_each_call_however_it_ends() {
    let (fake, mut server) = with_fake().await;
    fake.on(ROUTE).answer(answer(json!({"prompt_tokens": 7, "completion_tokens": 2, "cost": 0.5})));
    server.ask("provider/complete", question("gpt")).await;
    server.ask("provider/usage", json!({"watch": true})).await;

    fake.on(ROUTE).answer(answer(json!({"prompt_tokens": 3, "completion_tokens": 1, "cost": 0.25})));
    server.ask("provider/complete", question("gpt")).await;
    let told = server.notification("provider/didChangeUsage").await;
    assert_eq!((&told["total"]["calls"], &told["total"]["cost"]), (&json!(2), &json!(0.75)));
    assert_eq!((&told["profile"], &told["key"]["spend"]), (&json!("default"), &json!(1.5)));

    fake.on(ROUTE).answer(Answer::stream().text("a").held());
    let id = server.request("provider/complete", question("gpt")).await;
    fake.next_on(ROUTE).await;
    server.notify("$/cancelRequest", json!({"id": id})).await;
    assert_eq!(server.notification("provider/didChangeUsage").await["total"]["unpricedCalls"], 1);
    server.response(id).await.unwrap_err();

    server.ask("provider/usage", json!({"watch": false})).await;
    fake.on(ROUTE).answer(answer(json!({"prompt_tokens": 3, "completion_tokens": 1, "cost": 0.25})));
    server.ask("provider/complete", question("gpt")).await;
}

#[tokio::test]
async fn days_begin_where_the_peer_is_and_its_client_goes_by_its_name() {
    let fake = FakeProxy::start().await;
    fake.on(ROUTE).always(priced());
    for (zone, told) in [("Asia/Tokyo", "Asia/Tokyo"), ("XYZ-5:45", "+05:45")] {
        let home = tempfile::tempdir().unwrap();
        let variables = [
            ("LITELLM_BASE_URL", &fake.url()[..]),
            ("LITELLM_API_KEY", "sk-fake"),
            ("HOME", home.path().to_str().unwrap()),
            ("TZ", zone),
        ];
        let mut server = TestServer::process(Door::Lines, &variables);
        server.ask("provider/discover", json!({"clientInfo": {"name": "my-script"}})).await;
        server.ask("provider/complete", question("gpt")).await;
        let asked = server.ask("provider/usage", json!({"ledger": {"by": ["day", "client"]}})).await;
        let ledger = parsed::<UsageReportResult>(asked).ledger.expect("a ledger");
        let [group] = &ledger.groups[..] else { panic!("{ledger:?}") };
        assert_eq!((&ledger.time_zone[..], group.client.as_deref()), (told, Some("my-script")));
        let now: jiff::Timestamp = ledger.until.parse().unwrap();
        let minutes = if zone == "Asia/Tokyo" { 9 * 60 } else { 5 * 60 + 45 };
        let there = now + jiff::Span::new().minutes(minutes);
        assert_eq!(group.time.as_deref(), Some(&there.to_string()[..10]));
        server.end().await;
    }
}

#[tokio::test]
async fn the_days_gone_by_are_told_by_model_where_the_proxy_tells_them() {
    let (fake, mut server) = with_fake().await;
    fake.on("GET /key/info").always(Answer::json(200, &json!({"key": "hash", "info": {"user_id": "ada"}})));
    let today = jiff::Timestamp::now().to_string()[..10].to_owned();
    let metrics = |spend: f64, failed: u64| {
        json!({"metrics": {
            "spend": spend, "prompt_tokens": 100, "completion_tokens": 20, "cache_read_input_tokens": 60,
            "successful_requests": 3, "failed_requests": failed, "api_requests": 3 + failed,
        }})
    };
    let day = |date: &str, groups: Value, models: Value| json!({"date": date, "metrics": {}, "breakdown": {"model_groups": groups, "models": models}});
    let results = [
        day(&today, json!({"gpt": metrics(0.1 + 0.2, 1)}), json!({"openai/gpt-4o": metrics(0.3, 1)})),
        day("2020-01-01", json!({"gpt": metrics(5.0, 0)}), json!({})),
    ];
    fake.on("GET /user/daily/activity/aggregated").always(Answer::json(200, &json!({"results": results})));
    assert_eq!(usage(&mut server).await.history, None, "nobody asked");
    let asked = server.ask("provider/usage", json!({"history": true})).await;
    let history = parsed::<UsageReportResult>(asked).history.expect("the days");
    assert_eq!((history.user.as_deref(), &history.last_day), (Some("ada"), &today));
    let [day] = &history.days[..] else { panic!("{history:?}") };
    let rows: Vec<_> = day.rows.iter().map(|row| (row.outcome, row.sum.calls, row.sum.cost)).collect();
    assert_eq!(rows, [(CallOutcome::Succeeded, 3, Some(0.3)), (CallOutcome::Failed, 1, None)]);
    assert!(day.rows.iter().all(|row| row.model == "gpt"), "by the proxy's own names: {day:?}");
    let asked =
        fake.requests().into_iter().find(|request| request.path.starts_with("/user/daily")).expect("asked");
    assert!(
        asked.path.contains(&format!("end_date={today}")) && asked.path.contains("user_id=ada"),
        "{}",
        asked.path
    );
    server.end().await;
}

#[tokio::test]
async fn a_key_that_is_told_nothing_of_the_days_has_none() {
    let (fake, mut server) = with_fake().await;
    let refused = json!({"detail": "Virtual key is not allowed to call this route"});
    fake.on("GET /user/daily/activity/aggregated").always(Answer::json(403, &refused));
    let asked = server.ask("provider/usage", json!({"history": true})).await;
    assert_eq!(parsed::<UsageReportResult>(asked).history, None);
    server.end().await;
}

/// Model, outcome, client, workspace, calls, tokens, USD.
type Recorded = (String, String, String, String, i64, i64, Option<f64>);

/// What the ledger in a folder says.
fn recorded(folder: &std::path::Path) -> Vec<Recorded> {
    use litellm_ls::store::ledger::LedgerReader;
    let (kinds, sums) = LedgerReader::look(&folder.join("ledger.db"), |reader| {
        let reader = reader.expect("a ledger");
        Ok((reader.kinds()?, reader.sums(std::slice::from_ref(&(0..i64::MAX)))?.remove(0)))
    })
    .unwrap();
    let mut rows: Vec<_> = sums
        .into_iter()
        .map(|(kind, sum)| {
            let kind = &kinds[&kind];
            let text = format!("{kind:?}");
            assert!(!text.contains("sk-") && !text.contains("hi"), "{text}");
            assert_eq!(
                (kind.key.len(), &kind.profile[..], &kind.route[..]),
                (16, "default", "chat"),
                "{text}"
            );
            let [model, outcome, client, workspace] =
                [&kind.model, &kind.outcome, &kind.client, &kind.workspace].map(String::clone);
            (model, outcome, client, workspace, sum.calls, sum.input_tokens, sum.usd())
        })
        .collect();
    rows.sort_by(|one, other| one.1.cmp(&other.1));
    rows
}

fn priced() -> Answer {
    answer(json!({"prompt_tokens": 100, "completion_tokens": 20, "cost": 0.25}))
}

#[tokio::test]
async fn every_end_of_a_call_is_recorded_with_who_asked_at_either_door() {
    for door in [Door::Lines, Door::Lsp] {
        let fake = FakeProxy::start().await;
        let mut server =
            TestServer::memory(door, &[("LITELLM_BASE_URL", &fake.url()), ("LITELLM_API_KEY", "sk-fake")]);
        let folder = tempfile::tempdir().unwrap();
        let workspace = folder.path().to_string_lossy().into_owned();
        if matches!(door, Door::Lsp) {
            let root = format!("file://{workspace}");
            let params = json!({"processId": null, "rootUri": root, "clientInfo": {"name": "Edit"}, "capabilities": {}});
            server.send(&json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params})).await;
            server.response(0).await.unwrap();
        }
        fake.on(ROUTE).answer(priced()).answer(priced());
        server.ask("provider/complete", question("gpt")).await;
        server.ask("provider/complete", question("gpt")).await;
        fake.on(ROUTE).answer(Answer::stream().text("Half").reset());
        server.call("provider/complete", question("gpt")).await.expect_err("a broken answer");
        fake.on(ROUTE).answer(Answer::stream().text("Half").held());
        let mut held = question("gpt");
        held["partialResultToken"] = json!("t");
        let id = server.request("provider/complete", held).await;
        server.notification("$/progress").await;
        server.notify("$/cancelRequest", json!({"id": id})).await;
        server.response(id).await.expect_err("a cancelled call");
        let home = server.home();
        // The end of its peer writes what is queued.
        server.end().await;
        let who = match door {
            Door::Lines => ["lines".to_owned(), String::new()],
            Door::Lsp => ["Edit".to_owned(), workspace],
        };
        let row = |outcome: &str, calls, tokens, cost| {
            let [client, workspace] = who.clone();
            ("gpt".to_owned(), outcome.to_owned(), client, workspace, calls, tokens, cost)
        };
        let expected =
            [row("cancelled", 1, 0, None), row("failed", 1, 0, None), row("succeeded", 2, 200, Some(0.5))];
        assert_eq!(recorded(home.path()), expected, "{door:?}");
    }
}

#[tokio::test]
async fn commands_and_processes_write_one_ledger_and_a_kill_takes_nothing_that_is_written() {
    let fake = FakeProxy::start().await;
    let user = crate::support::user::User::of(&fake.url(), "sk-fake");
    let home = user.home.path().to_string_lossy().into_owned();
    let variables = [("LITELLM_BASE_URL", &fake.url()[..]), ("LITELLM_API_KEY", "sk-fake"), ("HOME", &home)];
    let mut servers = [(); 2].map(|()| TestServer::process(Door::Lines, &variables));
    for _ in 0..9 {
        fake.on(ROUTE).answer(priced());
    }
    let ran = user.run(&["complete", "-m", "gpt", "hello"]).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    for _ in 0..4 {
        for server in &mut servers {
            server.ask("provider/complete", question("gpt")).await;
        }
    }
    let folder = user.home.path().join(STATE);
    let calls = || recorded(&folder).iter().map(|row| row.4).sum::<i64>();
    let begun = std::time::Instant::now();
    while calls() < 9 {
        assert!(begun.elapsed().as_secs() < 30, "{:?}", recorded(&folder));
        tokio::task::yield_now().await;
    }
    for server in &mut servers {
        server.kill().await;
    }
    let row = |client: &str, workspace: &str, calls, tokens, cost| {
        let [model, outcome, client, workspace] = ["gpt", "succeeded", client, workspace].map(str::to_owned);
        (model, outcome, client, workspace, calls, tokens, Some(cost))
    };
    let mut rows = recorded(&folder);
    rows.sort_by_key(|row| row.4);
    assert_eq!(rows, [row("litellm-ls", &home, 1, 100, 0.25), row("lines", "", 8, 800, 2.0)]);
}

/// However the ledger can't be written: a command answers, and says so as it says all else.
#[tokio::test]
async fn a_ledger_that_is_locked_holds_up_no_end_and_is_told_of_only_where_calls_are_lost() {
    let fake = FakeProxy::start().await;
    let user = crate::support::user::User::of(&fake.url(), "sk-fake");
    let folder = user.home.path().join(STATE);
    let ledger = folder.join("ledger.db");
    (0..5).for_each(|_| _ = fake.on(ROUTE).answer(priced()));
    let complete = async || {
        let ran = user.run(&["complete", "-m", "gpt", "hello"]).await;
        assert_eq!((ran.code, &ran.out[..]), (0, "a\n"), "{ran:?}");
        // Beside what the answer took.
        ran.err.lines().filter(|line| !line.starts_with("[gpt · ")).map(str::to_owned).collect::<Vec<_>>()
    };
    let calls = || recorded(&folder).iter().map(|row| row.4).sum::<i64>();
    assert_eq!(complete().await, [""; 0]);
    // Another program holds it for as long as it takes.
    let other = rusqlite::Connection::open(&ledger).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_eq!(complete().await, [""; 0], "nothing is lost");
    let waiting = folder.join("ledger-pending.jsonl");
    std::fs::rename(&waiting, folder.join("kept")).unwrap();
    std::fs::create_dir(&waiting).unwrap();
    let told = complete().await;
    let expected = format!("warning: the last calls are not recorded, for the ledger {}", ledger.display());
    assert!(told.len() == 1 && told[0].starts_with(&expected), "{told:?}");
    std::fs::remove_dir(&waiting).unwrap();
    std::fs::rename(folder.join("kept"), &waiting).unwrap();
    drop(other);
    // The next one takes in what waits.
    assert_eq!(complete().await, [""; 0]);
    assert_eq!(calls(), 3);
    std::fs::remove_file(&ledger).unwrap();
    std::fs::write(&ledger, "no ledger ".repeat(500)).unwrap();
    let told = complete().await;
    let expected = "warning: the ledger of calls is broken (";
    assert!(told.len() == 1 && told[0].starts_with(expected), "{told:?}");
    assert_eq!(calls(), 1);
}

/// A proxy need not say what a call cost, and its list of prices may come behind the answer: what the command line tells is what
/// is recorded, and what nobody knows is no zero.
#[tokio::test]
async fn what_a_call_cost_by_a_list_that_comes_behind_it_is_recorded() {
    let fake = FakeProxy::start().await;
    let user = crate::support::user::User::of(&fake.url(), "sk-fake");
    let models = json!({"data": [{
        "model_name": "=gpt",
        "litellm_params": {"model": "openai/gpt-4o"},
        "model_info": {"input_cost_per_token": 0.001, "output_cost_per_token": 0.001},
    }]});
    for model in ["=gpt", "unlisted"] {
        fake.on("GET /v1/model/info").answer(Answer::json(200, &models));
        let counted = json!({"prompt_tokens": 90, "completion_tokens": 10, "total_tokens": 100});
        fake.on(ROUTE).answer(Answer::stream().text("on").finish("stop").usage(counted).done());
        let ran = user.run(&["complete", "-m", model, "hello"]).await;
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let ran = user.run(&["usage", "--line"]).await;
    assert_eq!(ran.out, "$0.10+ today, $0.10+ in 7 days, $0.10+ in 30 days\n", "{ran:?}");
    let ran = user.run(&["usage", "--csv", "--by", "model"]).await;
    assert!(ran.out.contains("\n'=gpt,0.1,1,0,90,10,"), "no formula: {ran:?}");
}

#[tokio::test]
async fn what_was_recorded_is_shown_as_bars_as_a_table_and_in_one_line_without_the_proxy() {
    let fake = FakeProxy::start().await;
    let mut user = crate::support::user::User::of(&fake.url(), "sk-fake");
    user.variables.extend([("TZ", "UTC0".to_owned()), ("NO_COLOR", "1".to_owned())]);
    let ran = user.run(&["usage", "--line"]).await;
    assert_eq!(ran.out, "$0.00 today, $0.00 in 7 days, $0.00 in 30 days\n", "{ran:?}");
    for model in ["gpt", "gpt", "a, \"b\""] {
        fake.on(ROUTE).answer(priced());
        let ran = user.run(&["complete", "-m", model, "hello"]).await;
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    // Nobody is there any more.
    drop(fake);
    let day = jiff::ZonedDateTime::now().with_time_zone(jiff::tz::TimeZone::UTC).date();
    for (arguments, out) in [
        (&["--line"][..], "$0.75 today, $0.75 in 7 days, $0.75 in 30 days\n".to_owned()),
        (&["--by", "model"], "gpt\t0.5\t2\t200\t40\na, \"b\"\t0.25\t1\t100\t20\n".to_owned()),
        (&["--by", "client,outcome"], "litellm-ls\tsucceeded\t0.75\t3\t300\t60\n".to_owned()),
        (&["--by", "model", "--until", "2026-01-01"], String::new()),
        (
            &["--csv"],
            format!(
                "time,model,cost_usd,calls,unpriced_calls,input_tokens,output_tokens,cache_read_tokens,\
                 cache_write_tokens,reasoning_tokens\n\
                 {day},gpt,0.5,2,0,200,40,0,0,0\n{day},\"a, \"\"b\"\"\",0.25,1,0,100,20,0,0,0\n"
            ),
        ),
    ] {
        let ran = user.run(&[&["usage"], arguments].concat()).await;
        assert_eq!((ran.code, &ran.out), (0, &out), "{arguments:?}: {ran:?}");
    }
    let ran = user.run(&["usage", "--by", "month", "--json"]).await;
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["total"]["cost"], 0.75, "{told}");
    for refused in
        [&["usage", "--line", "--json"][..], &["usage", "--by", "colour"], &["usage", "--since", "today"]]
    {
        assert_ne!(user.run(refused).await.code, 0, "{refused:?}");
    }
    #[cfg(unix)]
    for columns in [80, 40] {
        let ran = user.at_terminal(columns, &["usage", "--by", "model"], &[]).await;
        assert!(ran.out.contains("gpt") && ran.out.contains("$0.50") && ran.out.contains("██"), "{ran:?}");
        assert!(ran.out.lines().all(|line| line.chars().count() <= usize::from(columns)), "{ran:?}");
        let ran = user.at_terminal(columns, &["usage"], &[]).await;
        assert!(ran.out.contains("today     $0.75  3 calls"), "{ran:?}");
    }
}

/// Where nothing can be kept at all, calls are answered as everywhere, and nobody is told each time that none is recorded.
#[cfg(unix)]
#[tokio::test]
async fn a_home_that_keeps_nothing_costs_no_call_and_no_word() {
    for home in ["/dev/null", "/proc"] {
        let fake = FakeProxy::start().await;
        fake.on(ROUTE).answer(answer(json!({"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2})));
        let url = fake.url();
        let mut server = TestServer::process(Door::Lines, &[("HOME", home), ("LITELLM_BASE_URL", &url)]);
        assert_eq!(server.ask("provider/complete", question("gpt")).await["message"]["text"], "a");
        let (_, log) = server.end_and_log().await;
        assert_eq!(log, "", "{home}");
    }
}
