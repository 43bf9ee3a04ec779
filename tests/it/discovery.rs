//! Which models a peer is shown, whatever stands at the base URL and whatever it sends.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use litellm_ls::{
    Door,
    litellm::{cost_map::CostMap, model_rows},
    provider::catalog::{Catalog, Overrides, Policy},
};
use litellm_ls_protocol::{Compatibility, ErrorKind, Filler, ListModelsResult, Source};
use serde_json::{Value, json};

use crate::support::{
    fake_proxy::{Answer, Body, FakeProxy},
    home as users,
    server::TestServer,
    session::{parsed, with, with_fake},
};

const INFO: &str = "GET /v1/model/info";
const NAMES: &str = "GET /v1/models";
const GROUPS: &str = "GET /model_group/info";
const COST_MAP: &str = "GET /public/litellm_model_cost_map";
const CHAT: &str = "POST /v1/chat/completions";

fn names(ids: &[&str]) -> Value {
    json!({"data": ids.iter().map(|id| json!({"id": id})).collect::<Vec<_>>()})
}

fn infos(rows: &[(&str, &str, Value)]) -> Value {
    let row = |(name, backend, info): &(&str, &str, Value)| json!({"model_name": name, "litellm_params": {"model": backend}, "model_info": info});
    json!({"data": rows.iter().map(row).collect::<Vec<_>>()})
}

/// Makes the fake list these models, in both answers.
fn offers(fake: &FakeProxy, ids: &[&str]) {
    let rows: Vec<_> = ids.iter().map(|id| (*id, "own/model", json!({}))).collect();
    fake.on(INFO).always(Answer::json(200, &infos(&rows)));
    fake.on(NAMES).always(Answer::json(200, &names(ids)));
}

/// Makes the fake answer these routes in this way.
fn refuses(fake: &FakeProxy, routes: &[&str], status: u16) {
    for route in routes {
        fake.on(route).always(Answer::json(status, &json!({"detail": "no"})));
    }
}

fn count(fake: &FakeProxy, route: &str) -> usize {
    fake.requests().iter().filter(|request| request.route() == route).count()
}

async fn list(server: &mut TestServer, params: Value) -> ListModelsResult {
    parsed(server.ask("provider/listModels", params).await)
}

async fn refreshed(server: &mut TestServer) -> ListModelsResult {
    list(server, json!({"refresh": true})).await
}

async fn configure(server: &mut TestServer, mut settings: Value) {
    settings["verify"] = json!(false);
    server.ask("provider/configure", settings).await;
}

fn ids(list: &ListModelsResult) -> Vec<&str> {
    list.models.iter().map(|model| model.id.as_str()).collect()
}

#[tokio::test]
async fn an_older_list_is_served_while_the_proxy_sleeps() {
    let (fake, mut server) = with_fake().await;
    let first = list(&mut server, json!({})).await;
    assert!(!first.stale && first.warnings.is_empty());

    for asleep in [
        Answer::json(503, &json!({"error": "asleep"})),
        Answer::whole(200, "text/html", "<html>Sign in</html>"),
        Answer::json(200, &json!({"data": 7})),
        Answer::head(200, Body::Length(100)).piece("{").close(),
    ] {
        fake.on(INFO).answer(asleep);
        let stale = refreshed(&mut server).await;
        assert!(stale.stale);
        assert_eq!((&stale.models, &stale.fetched_at), (&first.models, &first.fetched_at));
        assert!(stale.warnings[0].contains("older"), "{:?}", stale.warnings);
    }
    // One state for all failures, and the list at hand says nothing about it.
    assert_eq!(server.told_state().await, "unreachable");
    assert!(!list(&mut server, json!({})).await.stale);
    let awake = refreshed(&mut server).await;
    assert!(!awake.stale && awake.warnings.is_empty());
    assert_eq!(server.told_state().await, "ready");
    server.end().await;
}

#[tokio::test]
async fn a_failure_without_an_older_list_is_told_and_not_kept() {
    let (fake, mut server) = with_fake().await;
    fake.on(INFO).answer(Answer::json(503, &json!({"error": "asleep"})));
    server.fails("provider/listModels", json!({}), ErrorKind::BadResponse).await;
    assert_eq!(server.told_state().await, "unreachable");
    assert_eq!(ids(&list(&mut server, json!({})).await), ["gpt", "claude"]);
    assert_eq!(server.told_state().await, "ready");
    server.end().await;
}

#[tokio::test]
async fn who_asks_at_once_shares_one_answer() {
    let (fake, mut server) = with_fake().await;
    let answer = infos(&[("m", "own/model", json!({}))]);
    refuses(&fake, &[NAMES], 404);
    fake.on(INFO).answer(Answer::nothing().held());
    let one = server.request("provider/listModels", json!({})).await;
    let other = server.request("provider/listModels", json!({})).await;
    // This request comes after the two, so that all are under way when the proxy answers.
    server.ask("provider/listProfiles", json!({})).await;
    let held = fake.next_on(INFO).await;
    held.resume(Answer::json(200, &answer));
    for id in [one, other] {
        let list: ListModelsResult = parsed(server.response(id).await.unwrap());
        assert_eq!(ids(&list), ["m"]);
    }
    list(&mut server, json!({"query": "m"})).await;
    assert_eq!((count(&fake, INFO), count(&fake, NAMES)), (1, 1));
    server.end().await;
}

#[tokio::test]
async fn a_list_at_hand_does_not_wait_for_a_newer_one() {
    let (fake, mut server) = with_fake().await;
    list(&mut server, json!({})).await;
    fake.on(INFO).answer(Answer::nothing().held());
    let refresh = server.request("provider/listModels", json!({"refresh": true})).await;
    fake.next_on(INFO).await;
    let held = fake.next_on(INFO).await;
    assert_eq!(ids(&list(&mut server, json!({})).await), ["gpt", "claude"]);
    held.resume(Answer::json(200, &infos(&[("gpt", "own/model", json!({}))])));
    server.response(refresh).await.unwrap();
    server.notification("provider/didChangeModels").await;
    server.end().await;
}

#[tokio::test]
async fn an_empty_list_is_served_and_not_kept() {
    let (fake, mut server) = with_fake().await;
    let first = list(&mut server, json!({})).await;
    fake.on(INFO).answer(Answer::json(200, &json!({"data": []})));
    fake.on(NAMES).answer(Answer::json(200, &json!({"data": []})));
    let empty = refreshed(&mut server).await;
    assert!(empty.models.is_empty() && !empty.stale);
    assert!(empty.warnings[0].contains("no chat models"), "{:?}", empty.warnings);
    assert_eq!(list(&mut server, json!({})).await.models, first.models);
    server.end().await;
}

#[tokio::test]
async fn lists_of_two_keys_never_mix() {
    let (fake, mut server) = with_fake().await;
    fake.on(INFO).always_with(|request| {
        let name = if request.header("authorization") == Some("Bearer sk-other") { "theirs" } else { "mine" };
        Answer::json(200, &infos(&[(name, "own/model", json!({}))]))
    });
    refuses(&fake, &[NAMES], 404);
    assert_eq!(ids(&list(&mut server, json!({})).await), ["mine"]);
    configure(&mut server, json!({"apiKey": "sk-other"})).await;
    assert_eq!(ids(&list(&mut server, json!({})).await), ["theirs"]);
    // The news is that this profile shows other models now.
    assert_eq!(server.notification("provider/didChangeModels").await["added"], json!(["theirs"]));
    configure(&mut server, json!({"apiKey": null})).await;
    assert_eq!(ids(&list(&mut server, json!({})).await), ["mine"]);
    assert_eq!(server.notification("provider/didChangeModels").await["removed"], json!(["theirs"]));
    assert_eq!(count(&fake, INFO), 2);

    configure(&mut server, json!({"headers": {"x-team": "a"}})).await;
    assert_eq!(ids(&list(&mut server, json!({})).await), ["mine"]);
    assert_eq!(count(&fake, INFO), 3);
    server.end().await;
}

#[tokio::test]
async fn only_a_change_is_news() {
    let (fake, mut server) = with_fake().await;
    offers(&fake, &["a", "b"]);
    for _ in 0..2 {
        refreshed(&mut server).await;
    }
    refuses(&fake, &[INFO], 500);
    assert!(refreshed(&mut server).await.stale);
    assert_eq!(server.told_state().await, "unreachable");
    offers(&fake, &["b", "c"]);
    refreshed(&mut server).await;
    assert_eq!(server.told_state().await, "ready");
    let news = server.notification("provider/didChangeModels").await;
    assert_eq!(news, json!({"profile": "default", "modelCount": 2, "added": ["c"], "removed": ["a"]}));
    // The session ends without anything unread, so that there was no other news.
    server.end().await;
}

#[tokio::test]
async fn a_key_that_may_not_read_details_lists_names() {
    let (fake, mut server) = with_fake().await;
    refuses(&fake, &[INFO], 403);
    let groups =
        json!({"data": [{"model_group": "gpt", "providers": ["openai"], "max_input_tokens": 5000.0}]});
    fake.on(GROUPS).always(Answer::json(200, &groups));
    let described = list(&mut server, json!({})).await;
    assert_eq!((described.source, described.models[0].context_window), (Source::ModelGroupInfo, Some(5000)));
    refuses(&fake, &[GROUPS], 404);
    let named = refreshed(&mut server).await;
    assert_eq!((named.source, ids(&named)), (Source::Models, vec!["gpt", "claude"]));
    server.notification("provider/didChangeModels").await;
    server.end().await;
}

#[tokio::test]
async fn settings_name_the_models_of_a_server_that_cannot_list() {
    for kind in ["litellm", "openaiCompatible"] {
        let (fake, mut server) = with_fake().await;
        refuses(&fake, &[INFO, GROUPS, NAMES], 404);
        server.fails("provider/listModels", json!({}), ErrorKind::BadResponse).await;
        assert_eq!(server.told_state().await, "unreachable");
        let overrides = json!({"b": {"contextWindow": 1000}, "a": {}, "beg*": {}, "/x/": {}});
        configure(&mut server, json!({"kind": kind, "model": "gpt-4o", "modelOverrides": overrides})).await;
        let declared = list(&mut server, json!({})).await;
        assert_eq!((declared.source, ids(&declared)), (Source::Declared, vec!["gpt-4o", "a", "b"]));
        assert_eq!(server.told_state().await, "ready");
        assert!(declared.warnings[0].contains("can't list"), "{:?}", declared.warnings);
        assert_eq!(declared.default_model.as_deref(), Some("gpt-4o"));
        let [public, silent, own] = &declared.models[..] else { panic!("{declared:?}") };
        assert_eq!(public.assumed["contextWindow"], Filler::CostMap);
        assert_eq!(silent.assumed["contextWindow"], Filler::Default);
        assert_eq!((own.context_window, own.assumed["contextWindow"]), (Some(1000), Filler::Override));

        // A key that is refused is a matter of the key, not of the list.
        refuses(&fake, &[INFO, GROUPS, NAMES], 401);
        let stale = refreshed(&mut server).await;
        assert!(stale.stale && stale.warnings[0].contains("rejected the key"), "{:?}", stale.warnings);
        assert_eq!(server.told_state().await, "unauthorized");
        server.end().await;
    }
}

#[tokio::test]
async fn servers_that_only_resemble_openai_are_listed() {
    let (fake, mut server) = with_fake().await;
    configure(&mut server, json!({"kind": "openaiCompatible"})).await;
    for (body, id, window, price) in [
        // Ollama
        (
            json!({"object": "list", "data": [{"id": "qwen:7b", "object": "model", "owned_by": "library"}]}),
            "qwen:7b",
            None,
            None,
        ),
        // vLLM
        (
            json!({"data": [{"id": "Own/Model", "max_model_len": 40960, "root": "/models", "permission": [{}]}]}),
            "Own/Model",
            Some(40960),
            None,
        ),
        // LM Studio
        (json!({"data": [{"id": "own-model@q4"}], "object": "list"}), "own-model@q4", None, None),
        // OpenRouter
        (
            json!({"data": [{"id": "own/x", "context_length": 1000,
                "pricing": {"prompt": "0.000003", "completion": "-1", "image": "0"}}]}),
            "own/x",
            Some(1000),
            Some(3.0),
        ),
        // Together
        (
            json!([{"id": "own/y", "context_length": 2000, "pricing": {"hourly": 0, "input": 1}}, null]),
            "own/y",
            Some(2000),
            None,
        ),
        // Groq
        (
            json!({"data": [{"id": "own-z", "context_window": 3000, "active": true}]}),
            "own-z",
            Some(3000),
            None,
        ),
        // Mistral
        (
            json!({"data": [{"id": "own-m", "max_context_length": 4000, "capabilities": {"vision": false}}]}),
            "own-m",
            Some(4000),
            None,
        ),
        // llama.cpp
        (
            json!({"models": [{"name": "x"}], "data": [{"id": "own.gguf", "meta": {"n_ctx_train": 1}}]}),
            "own.gguf",
            None,
            None,
        ),
    ] {
        fake.on(NAMES).answer(Answer::json(200, &body));
        let list = refreshed(&mut server).await;
        assert_eq!((list.source, ids(&list)), (Source::Models, vec![id]));
        let model = &list.models[0];
        assert_eq!(model.context_window.filter(|_| model.states("contextWindow")), window, "{id}");
        assert_eq!(model.input_price.filter(|_| model.states("inputPrice")), price, "{id}");
        if id != "qwen:7b" {
            server.notification("provider/didChangeModels").await;
        }
    }
    // Ollama without a model.
    fake.on(NAMES).answer(Answer::json(200, &json!({"object": "list", "data": null})));
    assert!(refreshed(&mut server).await.models.is_empty());
    for shape in [json!({"models": []}), json!({"data": {}}), json!("x"), json!(null), json!({})] {
        fake.on(NAMES).answer(Answer::json(200, &shape));
        assert!(refreshed(&mut server).await.stale, "{shape}");
    }
    assert_eq!(server.told_state().await, "unreachable");
    assert_eq!((count(&fake, INFO), count(&fake, COST_MAP)), (0, 0));
    server.end().await;
}

#[tokio::test]
async fn gaps_are_filled_from_the_public_price_list_and_say_so() {
    let (fake, mut server) = with_fake().await;
    let rows = infos(&[
        ("silent", "openai/gpt-4o", json!({})),
        ("own-price", "openai/gpt-4o", json!({"input_cost_per_token": 1e-6, "max_input_tokens": 10})),
        ("denied", "openai/gpt-4o", json!({"supports_vision": false})),
        (
            "unpriced",
            "openai/gpt-4o",
            json!({"key": "gpt-4o", "input_cost_per_token": 0, "output_cost_per_token": 0}),
        ),
        ("by-base", "azure/my-deployment", json!({"base_model": "azure/gpt-4o"})),
        ("other-provider", "acme/gpt-4o", json!({})),
        ("vectors", "openai/text-embedding-3-small", json!({})),
    ]);
    fake.on(INFO).always(Answer::json(200, &rows));
    refuses(&fake, &[NAMES], 404);
    let list = list(&mut server, json!({"includeHidden": true})).await;
    let model = |id: &str| list.models.iter().find(|model| model.id == id).unwrap();

    let silent = model("silent");
    assert_eq!((silent.context_window, silent.max_tokens), (Some(128_000), Some(16_384)));
    assert_eq!((silent.input_price, silent.output_price), (Some(2.5), Some(10.0)));
    assert_eq!((silent.cache_reads_price, silent.supports_pdf), (Some(1.25), Some(true)));
    assert_eq!(silent.mode.as_deref(), Some("chat"));
    for field in ["contextWindow", "maxTokens", "inputPrice", "cacheReadsPrice", "supportsImages", "mode"] {
        assert_eq!(silent.assumed.get(field), Some(&Filler::CostMap), "{field}");
    }
    // The provider is told by the backend.
    assert!(silent.states("provider"));

    // What the proxy says stands, and its prices are not mixed with public ones.
    let own = model("own-price");
    assert_eq!((own.context_window, own.max_tokens), (Some(10), Some(10)));
    assert_eq!((own.input_price, own.cache_reads_price), (Some(1.0), None));
    assert_eq!((own.output_price, own.assumed["outputPrice"]), (Some(15.0), Filler::Default));
    assert_eq!(model("denied").supports_images, Some(false));
    assert!(model("denied").states("supportsImages"));
    assert_eq!(model("unpriced").assumed["inputPrice"], Filler::CostMap);
    assert_eq!(model("by-base").assumed["contextWindow"], Filler::CostMap);
    assert_eq!(model("other-provider").assumed["contextWindow"], Filler::Default);
    let vectors = json!(model("vectors"));
    assert_eq!((&vectors["hidden"], &vectors["mode"]), (&json!("mode"), &json!("embedding")));
    assert_eq!(count(&fake, COST_MAP), 0);

    // What is assumed does not act: no limit is sent, and nothing is called a cost.
    let answer = server.ask("provider/complete", json!({"model": "silent", "prompt": "hi"})).await;
    assert_eq!(answer["usage"].get("cost"), None);
    assert_eq!(fake.next_on(CHAT).await.json().get("max_tokens"), None);

    for compatibility in ["strict", "roo"] {
        configure(&mut server, json!({"compatibility": compatibility})).await;
        let list = self::list(&mut server, json!({})).await;
        assert!(list.models.iter().all(|model| !model.assumed.values().any(|by| *by == Filler::CostMap)));
        server.notification("provider/didChangeModels").await;
    }
    server.end().await;
}

#[tokio::test]
async fn the_proxy_knows_newer_models_than_we_do() {
    let (fake, mut server) = with_fake().await;
    fake.on(INFO).always(Answer::json(200, &infos(&[("openai/*", "openai/*", json!({}))])));
    fake.on(NAMES).always(Answer::json(200, &names(&["openai/gpt-99", "openai/gpt-4o"])));
    let public = json!({"gpt-99": {"litellm_provider": "openai", "mode": "chat", "max_input_tokens": 9_000_000,
        "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}, "sample_spec": {}, "odd": 7});
    fake.on(COST_MAP).always(Answer::json(200, &public));
    for _ in 0..2 {
        let list = refreshed(&mut server).await;
        assert_eq!(ids(&list), ["openai/gpt-99", "openai/gpt-4o"]);
        let newer = &list.models[0];
        assert_eq!((newer.context_window, newer.input_price), (Some(9_000_000), Some(1.0)));
        assert_eq!((newer.provider.as_deref(), newer.mode.as_deref()), (Some("openai"), Some("chat")));
        assert_eq!(newer.assumed["contextWindow"], Filler::CostMap);
        assert_eq!(list.models[1].context_window, Some(128_000));
    }
    assert_eq!(count(&fake, COST_MAP), 1);
    server.end().await;

    // A proxy that shows no price list is asked once, too.
    for refusal in [Answer::json(401, &json!({})), Answer::whole(200, "text/html", "<html>")] {
        let mut server = with(&fake.url(), "sk-fake");
        fake.on(COST_MAP).always(refusal);
        let before = count(&fake, COST_MAP);
        for _ in 0..2 {
            assert_eq!(refreshed(&mut server).await.models[0].assumed["contextWindow"], Filler::Default);
        }
        assert_eq!(count(&fake, COST_MAP), before + 1);
        server.end().await;
    }
}

#[tokio::test]
async fn retirement_is_told_and_hides_nothing() {
    let (fake, mut server) = with_fake().await;
    let own = json!({"deprecation_date": "9999-12-31"});
    let mut rows = infos(&[
        ("old", "anthropic/claude-3-7-sonnet-20250219", json!({})),
        ("stated", "anthropic/claude-3-7-sonnet-20250219", own),
        ("here", "anthropic/claude-3-7-sonnet-20250219", json!({})),
    ]);
    rows["data"][2]["litellm_params"]["api_base"] = json!("http://localhost:8000");
    fake.on(INFO).always(Answer::json(200, &rows));
    refuses(&fake, &[NAMES], 404);
    let listed = list(&mut server, json!({})).await;
    let [old, stated, here] = &listed.models[..] else { panic!("{listed:?}") };
    assert_eq!((old.retires_on.as_deref(), old.hidden), (Some("2026-02-19"), None));
    assert_eq!(old.assumed["retiresOn"], Filler::CostMap);
    assert_eq!(stated.retires_on.as_deref(), Some("9999-12-31"));
    assert!(stated.states("retiresOn"));
    assert_eq!(here.retires_on, None);
    assert_eq!(listed.default_model.as_deref(), Some("stated"));

    server.ask("provider/configure", json!({"model": "old", "verify": false})).await;
    let chosen = list(&mut server, json!({})).await;
    assert_eq!(chosen.default_model.as_deref(), Some("old"));
    assert!(chosen.warnings[0].contains("old was retired on 2026-02-19"), "{:?}", chosen.warnings);

    let status = server.ask("provider/status", json!({})).await;
    let checks = status["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["name"] == "defaultModel").unwrap();
    assert_eq!(check["outcome"], "warning");
    assert_eq!(server.told_state().await, "degraded");
    server.end().await;
}

#[tokio::test]
async fn hidden_models_have_their_reason_and_can_be_called() {
    let (fake, mut server) = with_fake().await;
    let rows = infos(&[
        ("chat", "own/model", json!({})),
        ("openai/*", "openai/*", json!({})),
        ("closed", "own/model", json!({"blocked": true})),
        ("draw", "own/model", json!({"mode": "image_generation"})),
        ("theirs", "own/model", json!({})),
    ]);
    fake.on(INFO).always(Answer::json(200, &rows));
    fake.on(NAMES).always(Answer::json(200, &names(&["chat", "closed", "draw", "alias"])));
    let shown = list(&mut server, json!({})).await;
    assert_eq!((ids(&shown), shown.hidden_count), (vec!["chat", "alias"], 4));
    let all = server.ask("provider/listModels", json!({"includeHidden": true})).await;
    let reasons: Vec<_> =
        all["models"].as_array().unwrap().iter().map(|model| model["hidden"].as_str()).collect();
    assert_eq!(reasons, [None, None, Some("wildcard"), Some("blocked"), Some("mode"), Some("notOffered")]);

    for model in ["draw", "theirs", "openai/gpt-5", " odd name ", "模型"] {
        server.ask("provider/complete", json!({"model": model, "prompt": "hi"})).await;
        assert_eq!(fake.next_on(CHAT).await.json()["model"], model);
    }
    server.end().await;
}

#[tokio::test]
async fn a_refused_name_brings_the_nearest_listed_ones() {
    let (fake, mut server) = with_fake().await;
    offers(&fake, &["claude-sonnet-4-5", "gpt-5", "claude-haiku-4-5"]);
    let refusal = json!({"error": {"message": "/chat/completions: Invalid model name passed in model=claude-sonet-4-5. Call `/v1/models` to view available models for your key.",
        "type": "None", "param": "None", "code": "400"}});
    fake.on(CHAT).always(Answer::json(400, &refusal));
    let asked = json!({"model": "claude-sonet-4-5", "prompt": "hi"});
    let error = server.fails("provider/complete", asked, ErrorKind::ModelNotFound).await;
    assert_eq!(error.nearest[0], "claude-sonnet-4-5");
    assert_eq!(fake.next_on(CHAT).await.json()["model"], "claude-sonet-4-5");
    server.end().await;
}

#[tokio::test]
async fn a_wrong_pattern_is_refused_with_its_place() {
    let (_fake, mut server) = with_fake().await;
    let overrides = json!({"modelOverrides": {"/gpt(/": {}, "/fine/": {"maxTokens": 5}}, "verify": false});
    let error = server.call("provider/configure", overrides).await.unwrap_err();
    assert_eq!(error["data"]["problems"][0]["path"], "modelOverrides./gpt(/");
    server.end().await;
}

#[tokio::test]
async fn overrides_change_what_is_listed() {
    let (fake, mut server) = with_fake().await;
    offers(&fake, &["own-mini", "own-max", "x"]);
    let overrides = json!({"/mini$/": {"contextWindow": 1}, "own-*": {"contextWindow": 2}, "x": {"contextWindow": 3},
        "/^x/": {"contextWindow": 4}});
    configure(&mut server, json!({"modelOverrides": overrides})).await;
    let list = list(&mut server, json!({})).await;
    let windows: Vec<_> = list.models.iter().map(|model| model.context_window.unwrap()).collect();
    assert_eq!(windows, [2, 2, 3]);
    server.end().await;
}

#[tokio::test]
async fn an_lsp_client_is_told_of_changes_too() {
    let fake = FakeProxy::start().await;
    let mut server = TestServer::memory(Door::Lsp, &[("LITELLM_BASE_URL", &fake.url())]);
    server.initialize(json!({})).await;
    list(&mut server, json!({})).await;
    offers(&fake, &["gpt", "new"]);
    refreshed(&mut server).await;
    let news = server.notification("provider/didChangeModels").await;
    assert_eq!((&news["added"], &news["removed"]), (&json!(["new"]), &json!(["claude"])));
    server.end().await;
}

#[tokio::test]
async fn a_large_list_comes_whole() {
    let (fake, mut server) = with_fake().await;
    let body = crate::recorded_models::body("model-info-big.json.gz");
    let pieces = body.chunks(1 << 16).fold(Answer::head(200, Body::Chunked), Answer::piece);
    fake.on(INFO).always(pieces);
    refuses(&fake, &[NAMES], 404);
    let list = list(&mut server, json!({})).await;
    assert_eq!((list.models.len() as u64 + list.hidden_count, list.stale), (3388, false));
    server.end().await;
}

#[tokio::test]
async fn the_command_line_shows_what_matters() {
    let fake = FakeProxy::start().await;
    let rows = infos(&[
        ("old", "anthropic/claude-3-7-sonnet-20250219", json!({"max_output_tokens": 4096})),
        (
            "模型",
            "openai/gpt-4o",
            json!({"input_cost_per_token": 0, "output_cost_per_token": 0, "mode": "chat"}),
        ),
        ("draw", "openai/dall-e-3", json!({"mode": "image_generation"})),
    ]);
    fake.on(INFO).always(Answer::json(200, &rows));
    refuses(&fake, &[NAMES], 404);
    let url = fake.url();
    let models = |arguments: &'static [&'static str]| {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_litellm-ls"));
        let home = tempfile::tempdir().unwrap();
        command
            .args(["models", "--base-url", &url])
            .args(arguments)
            .env_clear()
            .envs(users::variables(home.path()));
        command.env("LITELLM_MODEL", "old");
        async move {
            let output = command.output().await.unwrap();
            drop(home);
            assert!(output.status.success(), "{output:?}");
            let table = String::from_utf8(output.stdout).unwrap();
            (table, String::from_utf8(output.stderr).unwrap())
        }
    };
    let row = |table: &str, name: &str| {
        let row = table.lines().find(|line| line.starts_with(name));
        row.map(|row| row.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let (table, warnings) = models(&["--all"]).await;
    assert_eq!(row(&table, "old").unwrap(), "old anthropic ~200k 4k unknown computer retired 2026-02-19");
    assert_eq!(
        row(&table, "模型").unwrap(),
        "模型 openai ~128k ~16k free ~tools ~vision ~cache ~pdf ~schema"
    );
    assert!(row(&table, "draw").unwrap().contains("hidden: mode"), "{table}");
    assert!(warnings.contains("old was retired"), "{warnings}");

    let listed = |table: &str| ["old", "模型", "draw"].map(|name| row(table, name).is_some());
    assert_eq!(listed(&models(&[]).await.0), [true, true, false]);
    assert_eq!(listed(&models(&["--provider", "OpenAI"]).await.0), [false, true, false]);
    assert_eq!(listed(&models(&["--all", "--provider", "openai"]).await.0), [false, true, true]);
    assert_eq!(listed(&models(&["--search", "claude"]).await.0), [true, false, false]);
    assert_eq!(listed(&models(&["gpt-4"]).await.0), [false, true, false]);
}

#[test]
fn the_price_list_in_the_binary_is_whole() {
    let list = CostMap::embedded();
    let ids: Vec<&str> = list.ids().collect();
    assert!(ids.len() > 5000, "{}", ids.len());
    assert!(ids.is_sorted(), "else looking them up misses some");
    let mut dated = 0;
    for id in &ids {
        let info = list.get(id).unwrap();
        assert!(info.providers.text().is_some(), "{id} has no provider");
        for limit in [info.max_tokens, info.max_input_tokens, info.max_output_tokens] {
            assert!(
                !limit.is_stated() || limit.limit().is_some() || limit.number() == Some(0.0),
                "a limit of {id}"
            );
        }
        for cost in info.costs {
            assert!(!cost.is_stated() || cost.number().is_some_and(|cost| cost >= 0.0), "a cost of {id}");
        }
        dated += usize::from(info.deprecation_date.is_stated());
    }
    assert!(dated > 1000, "{dated}");
    for id in ["gpt-4o", "claude-sonnet-4-5", "gemini/gemini-2.5-pro", "claude-3-7-sonnet-20250219"] {
        assert!(list.get(id).is_some(), "{id}");
    }
    assert!(list.get("").is_none() && list.get("sample_spec").is_none());
}

#[test]
fn no_value_of_a_field_spoils_another() {
    let odd = [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1",
        "-1",
        "1e999",
        "-1e999",
        "0.5",
        "1e15",
        "9007199254740993",
        "\"\"",
        "\" \"",
        "\"12\"",
        "\"-12\"",
        "\"NaN\"",
        "\"Infinity\"",
        "\"lots\"",
        "\"\\ud800\"",
        "\"1_000\"",
        "[]",
        "[1]",
        "{}",
        "{\"model\":1}",
        "[[[[]]]]",
    ];
    let fields = [
        "max_tokens",
        "max_input_tokens",
        "max_output_tokens",
        "input_cost_per_token",
        "output_cost_per_token",
        "cache_read_input_token_cost",
        "supports_vision",
        "supports_reasoning",
        "mode",
        "key",
        "base_model",
        "litellm_provider",
        "providers",
        "deprecation_date",
        "description",
        "blocked",
        "supported_openai_params",
        "reasoning_effort_levels",
        "input_cost_per_token_above_200k_tokens",
        "supports_low_reasoning_effort",
    ];
    let policy = Policy {
        compatibility: Compatibility::Default,
        overrides: &Overrides::NONE,
        cost_maps: &[CostMap::embedded()],
    };
    for field in fields {
        for value in odd {
            let row = |name: &str, info: &str| {
                format!(
                    r#"{{"model_name":"{name}","litellm_params":{{"model":"own/m"}},"model_info":{{{info}}}}}"#
                )
            };
            let odd = row("odd", &format!(r#""{field}":{value},"description":"said""#));
            let fine = row("fine", r#""max_input_tokens":7"#);
            let body = format!(r#"{{"data":[{odd},{fine}]}}"#);
            let rows = model_rows::read(model_rows::ModelsRoute::ModelInfo, 200, &body).unwrap();
            let catalog = Catalog::new(&rows, None, &policy);
            let models: Vec<_> = catalog.models.iter().chain(&catalog.hidden).collect();
            let find = |id: &str| models.iter().find(|model| model.id == id).unwrap();
            assert_eq!(find("fine").context_window, Some(7), "{field}: {value}");
            let odd = find("odd");
            assert_eq!(odd.description.as_deref(), Some("said"), "{field}: {value}");
            assert!(odd.max_tokens.unwrap() >= 1 && odd.context_window.unwrap() >= 1, "{field}: {value}");
            let prices = [odd.input_price, odd.output_price, odd.cache_reads_price, odd.cache_writes_price];
            let is_price = |price: f64| price.is_finite() && price >= 0.0;
            assert!(prices.into_iter().flatten().all(is_price), "{field}: {value}");
            assert_eq!(serde_json::from_value::<litellm_ls_protocol::Model>(json!(odd)).unwrap(), ****odd);
        }
    }
}
