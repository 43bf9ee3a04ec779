//! The corners of the rules of the model list that the vectors leave out.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use litellm_ls::{
    litellm::model_rows::{self, ModelsRoute, Refused},
    provider::catalog::{Catalog, Overrides, Policy, default_model, nearest, summary, unlisted},
};
use litellm_ls_protocol::{
    Compatibility, Filler, HiddenReason, ListedModel, Model, ModelOverride, PriceTier,
};
use serde_json::json;

const DEFAULT: Policy<'static> =
    Policy { compatibility: Compatibility::Default, overrides: &Overrides::NONE, cost_maps: &[] };
const STRICT: Policy<'static> = Policy { compatibility: Compatibility::Strict, ..DEFAULT };
const ROO: Policy<'static> = Policy { compatibility: Compatibility::Roo, ..DEFAULT };

fn read(body: &str, policy: &Policy<'_>) -> Catalog {
    Catalog::new(&model_rows::read(ModelsRoute::ModelInfo, 200, body).unwrap(), None, policy)
}

/// The list of deployments of `m` with this `model_info` each.
fn merged(infos: &[&str], policy: &Policy<'_>) -> Model {
    let row = |info: &&str| {
        format!(r#"{{"model_name":"m","litellm_params":{{"model":"p/m"}},"model_info":{info}}}"#)
    };
    let rows: Vec<String> = infos.iter().map(row).collect();
    let mut catalog = read(&format!(r#"{{"data":[{}]}}"#, rows.join(",")), policy);
    assert_eq!(catalog.models.len() + catalog.hidden.len(), 1);
    (**catalog.models.pop().or(catalog.hidden.pop()).unwrap()).clone()
}

fn named(names: &[&str]) -> Catalog {
    let data: Vec<_> = names.iter().map(|name| json!({ "id": name })).collect();
    let body = json!({ "data": data }).to_string();
    Catalog::new(&model_rows::read(ModelsRoute::Models, 200, &body).unwrap(), None, &DEFAULT)
}

#[test]
fn what_json_allows_spoils_nothing() {
    let model = merged(
        &[r#"{"max_tokens":1e999,"max_input_tokens":-1e999,"description":"\ud800","x\ud800":[1e999]}"#],
        &DEFAULT,
    );
    assert_eq!((model.max_tokens, model.context_window), (Some(8192), Some(200_000)));
    assert_eq!(model.description, None);

    // An escaped key is the same key, and the last of equal ones wins, null too.
    let model = merged(&[r#"{"max_\u0074okens":1,"max_tokens":64,"mode":"chat","mode":null}"#], &DEFAULT);
    assert_eq!((model.max_tokens, model.mode), (Some(64), None));
    let tier = r#""input_cost_per_token_above_200k_tokens""#;
    assert!(merged(&[&format!("{{{tier}:1e-6,{tier}:null}}")], &DEFAULT).price_tiers.is_empty());

    let catalog = read(
        r#" {"data":[{"model_name":"old"}],"data":[{"model_name":"a","model_info":[{}]},{"model_name":" \t"},3,null]} "#,
        &DEFAULT,
    );
    assert_eq!(catalog.models[0].id, "a");
    assert_eq!(catalog.skipped, 3);
}

/// Both lists of a proxy are of the same models.
#[test]
fn entries_without_a_name_are_counted_once() {
    for (described, offered, skipped) in [(2, 2, 2), (1, 2, 2), (2, 0, 2), (0, 1, 1), (0, 0, 0)] {
        let body = |name: &str, nameless: usize| {
            let mut rows = vec![json!({name: "a"})];
            rows.extend(vec![json!({name: " "}); nameless]);
            json!({"data": rows}).to_string()
        };
        let (info, models) = (body("model_name", described), body("id", offered));
        let info = model_rows::read(ModelsRoute::ModelInfo, 200, &info).unwrap();
        let models = model_rows::read(ModelsRoute::Models, 200, &models).unwrap();
        assert_eq!(Catalog::new(&info, Some(&models), &DEFAULT).skipped, skipped);
    }
}

#[test]
fn what_is_paid_by_other_units_is_not_free() {
    let tokens = r#""input_cost_per_token":0,"output_cost_per_token":0"#;
    for (more, price) in [
        (r#""output_cost_per_image":0.04"#, "unknown"),
        (r#""input_cost_per_second":0.0001,"output_cost_per_second":0"#, "unknown"),
        (r#""input_cost_per_query":"2e-3""#, "unknown"),
        (r#""output_cost_per_image":0,"input_cost_per_second":null"#, "free"),
        (r#""output_cost_per_reasoning_token":1e-6"#, "free"),
        (
            r#""input_cost_per_image":0.001,"input_cost_per_token":1e-6,"output_cost_per_token":2e-6"#,
            "$1 / $2",
        ),
    ] {
        for policy in [&DEFAULT, &STRICT] {
            let model = merged(&[&format!(r#"{{"mode":"chat",{tokens},{more}}}"#)], policy);
            let shown = summary(&model, jiff::civil::date(2026, 11, 26)).price;
            // By the default rules an unknown price has a default, which nobody is shown.
            assert_eq!(shown, price, "{more}");
        }
    }
}

#[test]
fn that_a_model_calls_tools_is_assumed_where_nobody_says_so() {
    let said = merged(&[r#"{"supports_function_calling":true}"#], &DEFAULT);
    let silent = merged(&["{}"], &DEFAULT);
    assert_eq!((said.supports_tools, silent.supports_tools), (Some(true), Some(true)));
    let assumed = |model: &Model| model.assumed.get("supportsTools").copied();
    assert_eq!((assumed(&said), assumed(&silent)), (None, Some(Filler::Default)));
    let today = jiff::civil::date(2026, 11, 26);
    assert_eq!(*summary(&said, today).abilities, ["tools"]);
    assert!(summary(&silent, today).abilities.is_empty());
}

#[test]
fn what_is_no_list_is_refused() {
    for body in
        [r#"{"data":[]} x"#, r#"{"data":[],}"#, r#"{"data":"[]"}"#, "null", "[]", r#"{"data":[],"data":0}"#]
    {
        let refused = model_rows::read(ModelsRoute::ModelInfo, 200, body).unwrap_err();
        assert_eq!((refused.cause, refused.may_go_on()), (Refused::Unusable, false), "{body}");
    }
    let wrong_key = r#"{"error":{"type":"no_db_connection","code":"400"}}"#;
    for (status, body, cause) in [
        (400, wrong_key, Refused::Unauthorized),
        (503, wrong_key, Refused::Unusable),
        (400, r#"{"error":{"type":null}}"#, Refused::Unusable),
        (400, r#"{"error":"no_db_connection"}"#, Refused::Unusable),
        (429, "", Refused::RateLimited),
        (307, "", Refused::Unusable),
        (204, "", Refused::Unusable),
    ] {
        assert_eq!(
            model_rows::read(ModelsRoute::Models, status, body).unwrap_err().cause,
            cause,
            "{status} {body}"
        );
    }
}

#[test]
fn tiers_are_sorted_and_plain() {
    let model = merged(
        &[r#"{
            "output_cost_per_token_above_272k_tokens": "4.5e-5",
            "input_cost_per_token_above_272k_tokens": 1e-5,
            "cache_read_input_token_cost_above_200k_tokens": 0,
            "cache_creation_input_token_cost_above_128000_tokens": 1e-7,
            "input_cost_per_token_above_1000k_tokens": -1,
            "input_cost_per_token_above_300k_tokens_priority": 1,
            "input_cost_per_token_above_k_tokens": 1,
            "input_cost_per_token_above_-5k_tokens": 1,
            "input_cost_per_token_above_99999999999999999999k_tokens": 1,
            "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 1,
            "input_cost_per_character_above_128k_tokens": 1
        }"#],
        &DEFAULT,
    );
    let tier = |above| PriceTier { above, ..PriceTier::default() };
    assert_eq!(
        model.price_tiers,
        [
            PriceTier { cache_writes_price: Some(0.1), ..tier(128_000) },
            PriceTier { cache_reads_price: Some(0.0), ..tier(200_000) },
            PriceTier { input_price: Some(10.0), output_price: Some(45.0), ..tier(272_000) },
        ]
    );
}

#[test]
fn a_placeholder_is_not_free() {
    let zero = r#""input_cost_per_token":0,"output_cost_per_token":"0.0""#;
    for (info, price) in [
        (format!(r#"{{{zero},"key":"x","cache_read_input_token_cost":0}}"#), None),
        (format!(r#"{{{zero},"litellm_provider":"openai","max_tokens":"lots"}}"#), None),
        (format!(r#"{{{zero},"key":7}}"#), Some(0.0)),
        (format!(r#"{{{zero},"key":"x","mode":"chat"}}"#), Some(0.0)),
        (format!(r#"{{{zero},"key":"x","max_tokens":1}}"#), Some(0.0)),
        (r#"{"key":"x","input_cost_per_token":0}"#.to_owned(), Some(0.0)),
    ] {
        let model = merged(&[&info], &STRICT);
        assert_eq!((model.input_price, model.cache_reads_price), (price, None), "{info}");
    }
    // One deployment is free, of the other nothing is known.
    let model = merged(&[&format!(r#"{{{zero},"key":"x"}}"#), &format!("{{{zero}}}")], &DEFAULT);
    assert_eq!(model.input_price, None);
    assert_eq!(model.mixed, ["inputPrice", "outputPrice"]);
}

#[test]
fn deployments_are_merged_with_care() {
    let model = merged(
        &[
            r#"{"mode":"chat","litellm_provider":"a","description":"x","deprecation_date":"2027-02-01",
                "supports_pdf_input":true,"supports_audio_input":true,"supports_response_schema":false,
                "supported_openai_params":["tools","stop","n"],"reasoning_effort_levels":["low","high"]}"#,
            r#"{"mode":"chat","litellm_provider":"b","description":"y","deprecation_date":"soon",
                "supports_pdf_input":true,"supports_response_schema":null,
                "supported_openai_params":["n",7,"tools"],"supports_xhigh_reasoning_effort":true}"#,
            r#"{"mode":"embedding","max_tokens":1}"#,
        ],
        &DEFAULT,
    );
    assert_eq!(model.deployments, Some(2));
    assert_eq!(model.backends, ["p/m"]);
    assert_eq!((model.mode.as_deref(), model.provider, model.description), (Some("chat"), None, None));
    assert_eq!(model.retires_on.as_deref(), Some("2027-02-01"));
    assert_eq!((model.supports_pdf, model.supports_audio), (Some(true), None));
    assert_eq!(model.supports_response_schema, Some(false));
    assert_eq!(*model.supported_params.unwrap(), ["tools", "n"]);
    assert_eq!(model.reasoning_efforts, ["low", "high"]);

    let hidden = merged(&[r#"{"mode":"embedding","blocked":"TRUE"}"#, r#"{"mode":"rerank"}"#], &DEFAULT);
    assert_eq!((hidden.hidden, hidden.deployments), (Some(HiddenReason::Blocked), Some(2)));
}

#[test]
fn efforts_are_read_as_the_proxy_does() {
    for (info, efforts) in [
        (r#"{"supports_reasoning":true}"#, &[][..]),
        (
            r#"{"supports_reasoning":true,"supports_max_reasoning_effort":true}"#,
            &["minimal", "low", "medium", "high", "max"],
        ),
        (
            r#"{"supports_minimal_reasoning_effort":false,"supports_none_reasoning_effort":true}"#,
            &["none", "low", "medium", "high"],
        ),
        (r#"{"supports_reasoning":false,"supports_max_reasoning_effort":true}"#, &[]),
        (r#"{"reasoning_effort_levels":[],"supports_max_reasoning_effort":true}"#, &[]),
        (r#"{"supports_odd_reasoning_effort":true}"#, &[]),
    ] {
        assert_eq!(merged(&[info], &DEFAULT).reasoning_efforts, efforts, "{info}");
    }
}

#[test]
fn the_user_knows_better() {
    let overrides: BTreeMap<String, ModelOverride> = serde_json::from_value(json!({
        "*": { "supportsTools": false },
        "m*": { "contextWindow": 1000, "inputPrice": 0, "supportsPromptCache": true },
        "mm": { "maxTokens": 7 },
    }))
    .unwrap();
    let overrides = Overrides::of(&overrides);

    let info = r#"{"max_tokens":4096,"input_cost_per_token":1,"input_cost_per_token_above_1k_tokens":2}"#;
    for compatibility in [Compatibility::Default, Compatibility::Strict] {
        let model = merged(&[info], &Policy { compatibility, overrides: &overrides, ..DEFAULT });
        assert_eq!((model.max_tokens, model.context_window), (Some(1000), Some(1000)));
        assert_eq!((model.input_price, model.supports_tools), (Some(0.0), Some(true)));
        assert!(model.price_tiers.is_empty());
        assert_eq!(model.assumed["contextWindow"], Filler::Override);
        assert!(
            model.states("contextWindow")
                && model.states("inputPrice")
                && model.states("supportsPromptCache")
        );
    }
    let roo = merged(&[info], &Policy { overrides: &overrides, ..ROO });
    assert_eq!((roo.max_tokens, roo.context_window), (Some(4096), Some(1000)));
}

#[test]
fn one_override_holds_for_a_model() {
    let overrides: BTreeMap<String, ModelOverride> = serde_json::from_value(json!({
        "gpt-5": { "maxTokens": 1 },
        "gpt-5*": { "maxTokens": 2 },
        "*": { "maxTokens": 3 },
        "/mini$/": { "maxTokens": 4 },
        "/^GPT/": { "maxTokens": 5 },
        "/(?i)qwen.*[0-9]+b/": { "maxTokens": 6 },
        "/": { "maxTokens": 7 },
    }))
    .unwrap();
    let found = |overrides: &BTreeMap<String, ModelOverride>, ids: &[&str]| {
        let overrides = Overrides::of(overrides);
        let limit = |id: &&str| overrides.find(id).and_then(|user| user.max_tokens);
        ids.iter().map(limit).collect::<Vec<_>>()
    };
    let ids = ["gpt-5", "gpt-5-mini", "o4-mini", "GPT-mini", "Qwen3-32B", "/", "é"];
    let of = |limits: [u64; 7]| limits.map(Some).to_vec();
    // A whole id goes before a beginning, the longest beginning before others, and any beginning before a pattern.
    assert_eq!(found(&overrides, &ids), of([1, 2, 3, 3, 3, 7, 3]));
    // Of patterns the first in the alphabet: `(` stands before `^`, and `^` before `m`.
    let mut without = overrides;
    without.remove("*");
    assert_eq!(found(&without, &ids), [Some(1), Some(2), Some(4), Some(5), Some(6), Some(7), None]);
}

#[test]
fn a_model_of_which_nothing_is_said_has_a_record() {
    let silent = unlisted("anything", &DEFAULT);
    for field in
        ["maxTokens", "contextWindow", "supportsImages", "supportsPromptCache", "inputPrice", "outputPrice"]
    {
        assert!(!silent.states(field), "{field}");
    }
    assert_eq!((silent.supports_tools, silent.supports_reasoning), (Some(true), Some(false)));
    assert_eq!(silent.id, "anything");

    let strict = unlisted("anything", &STRICT);
    assert_eq!((strict.supports_images, strict.input_price), (Some(false), None));
    let roo = unlisted("claude-3-7-sonnet-20250219", &ROO);
    assert_eq!((roo.max_tokens, roo.cache_writes_price), (Some(8192), Some(3.75)));
}

#[test]
fn the_documented_model_is_assumed_to_use_computers() {
    let model = |policy| unlisted("anthropic/claude-3-7-sonnet-20250219", policy);
    assert_eq!(model(&DEFAULT).assumed["supportsComputerUse"], Filler::Default);
    assert_eq!(model(&DEFAULT).supports_computer_use, Some(true));
    assert_eq!(model(&STRICT).supports_computer_use, Some(false));
}

#[test]
fn names_and_descriptions_are_joined() {
    let described = r#"{"data":[
        {"model_name":"a"},{"model_name":"gone"},{"model_name":"p/x"},{"model_name":"p/*"},{"model_name":"e","model_info":{"mode":"embedding"}}]}"#;
    let described = model_rows::read(ModelsRoute::ModelInfo, 200, described).unwrap();
    let join = |names: &str| {
        let names = model_rows::read(ModelsRoute::Models, 200, names).unwrap();
        let catalog = Catalog::new(&described, Some(&names), &DEFAULT);
        let models: Vec<String> = catalog.models.into_iter().map(|model| model.id.clone()).collect();
        let hidden: Vec<_> =
            catalog.hidden.into_iter().map(|model| (model.id.clone(), model.hidden.unwrap())).collect();
        (models.join(" "), hidden)
    };
    let (wildcard, mode) = (("p/*".to_owned(), HiddenReason::Wildcard), ("e".to_owned(), HiddenReason::Mode));
    let gone = ("gone".to_owned(), HiddenReason::NotOffered);
    let names =
        r#"{"data":[{"id":"new"},{"id":"a"},{"id":"p/*"},{"id":"a"},{"id":"i","mode":"image_edit"}]}"#;
    let image = ("i".to_owned(), HiddenReason::Mode);
    assert_eq!(join(names), ("a p/x new".to_owned(), vec![gone, wildcard.clone(), mode.clone(), image]));
    for nothing in [r#"{"data":[]}"#, r#"{"data":[{"id":""},7]}"#] {
        assert_eq!(join(nothing), ("a gone p/x".to_owned(), vec![wildcard.clone(), mode.clone()]));
    }
}

#[test]
fn a_default_is_always_a_model_of_the_proxy() {
    let pick = |configured, names: &[&str]| default_model(configured, &named(names), Compatibility::Default);
    assert_eq!(pick(Some("mine"), &["a"]).as_deref(), Some("mine"));
    assert_eq!(
        pick(Some(" "), &["a", "claude-3-7-sonnet-20250219"]).as_deref(),
        Some("claude-3-7-sonnet-20250219")
    );
    let both = ["claude-3-7-sonnet-20250219", "anthropic/claude-3-7-sonnet-20250219"];
    assert_eq!(pick(None, &both).as_deref(), Some(both[1]));
    assert_eq!(pick(None, &["*", "a", "b"]).as_deref(), Some("a"));
    assert_eq!(pick(None, &["*"]), None);
    assert_eq!(pick(None, &[]), None);
    let odd = read(r#"{"data":[{"model_name":"o","model_info":{"mode":"banana"}}]}"#, &DEFAULT);
    assert_eq!(default_model(None, &odd, Compatibility::Strict), None);
    let roo = default_model(None, &named(&["a"]), Compatibility::Roo);
    assert_eq!(roo.as_deref(), Some("claude-3-7-sonnet-20250219"));
}

#[test]
fn near_names_are_found() {
    let catalog = named(&[
        "anthropic/claude-sonnet-4",
        "openai/gpt-4o",
        "openai/gpt-4o-mini",
        "azure/gpt-4o",
        "mistral/large",
        "text-davinci",
        "Qwen/Qwen3-32B",
    ]);
    assert_eq!(nearest(&catalog, "gpt-4o"), ["openai/gpt-4o", "azure/gpt-4o", "openai/gpt-4o-mini"]);
    assert_eq!(nearest(&catalog, "openai/gpt-4o-2024-08-06")[0], "openai/gpt-4o");
    assert_eq!(nearest(&catalog, "claude-sonet-4"), ["anthropic/claude-sonnet-4"]);
    assert_eq!(nearest(&catalog, "qwen3-32b"), ["Qwen/Qwen3-32B"]);
    assert_eq!(nearest(&catalog, "OPENAI/GPT-4O")[0], "openai/gpt-4o");
    assert!(nearest(&catalog, "zebra").is_empty());
    assert!(nearest(&catalog, " ").is_empty());
}

#[test]
fn roo_takes_what_it_gets() {
    let body = r#"{"data":[
        {"model_name":"b","litellm_params":{"model":"x"},"model_info":{"max_tokens":-1,"supports_vision":"no"}},
        {"model_name":7,"litellm_params":{"model":"x"},"model_info":{"input_cost_per_token":"-1e-6"}},
        {"model_name":"b","litellm_params":{"model":"x"},"model_info":"text"},
        {"model_name":"__proto__","litellm_params":{"model":"x"},"model_info":{}},
        {"model_name":"c","litellm_params":{"model":""},"model_info":{}},
        {"model_name":"d","litellm_params":{"model":"x"},"model_info":0},
        {"model_name":" ","litellm_params":{"model":"x"},"model_info":[]},
        null]}"#;
    let catalog = read(body, &ROO);
    let ids: Vec<&str> = catalog.models.iter().map(|model| model.id.as_str()).collect();
    assert_eq!((ids.as_slice(), catalog.skipped), (&["b", "7", " "][..], 4));
    assert_eq!((catalog.models[0].max_tokens, catalog.models[0].supports_images), (Some(8192), Some(false)));
    assert_eq!(catalog.models[1].input_price, Some(-1.0));
    assert!(catalog.models.iter().all(|model| model.assumed.is_empty()));
}

/// What a proxy lists: models with their `model_info`, and the names of `/v1/models`.
fn offered(described: &[(&str, serde_json::Value)], names: &[&str]) -> Catalog {
    let row = |(name, info): &(&str, serde_json::Value)| json!({"model_name": name, "litellm_params": {"model": "p/m"}, "model_info": info});
    let described = json!({"data": described.iter().map(row).collect::<Vec<_>>()}).to_string();
    let names = json!({"data": names.iter().map(|name| json!({"id": name})).collect::<Vec<_>>()}).to_string();
    Catalog::new(
        &model_rows::read(ModelsRoute::ModelInfo, 200, &described).unwrap(),
        Some(&model_rows::read(ModelsRoute::Models, 200, &names).unwrap()),
        &DEFAULT,
    )
}

fn ids(models: &[std::sync::Arc<ListedModel>]) -> Vec<&str> {
    models.iter().map(|model| model.id.as_str()).collect()
}

#[test]
fn a_placeholder_is_no_model_and_says_what_may_be_called() {
    let models = [("a", json!({})), ("b", json!({}))];
    for (names, shown, hidden) in [
        (&["all-team-models"][..], &["a", "b"][..], &[][..]),
        (&["all-proxy-models"], &["a", "b"], &[]),
        (&["all-org-models", "c"], &["a", "b", "c"], &[]),
        (&["no-default-models"], &[], &["a", "b"]),
        (&["no-default-models", "a"], &["a"], &["b"]),
        (&["no-default-models", "all-team-models"], &["a", "b"], &[]),
        (&["all-minilm-l6-v2"], &["all-minilm-l6-v2"], &["a", "b"]),
    ] {
        let catalog = offered(&models, names);
        assert_eq!(
            (ids(&catalog.models), ids(&catalog.hidden)),
            (shown.to_vec(), hidden.to_vec()),
            "{names:?}"
        );
        let default = default_model(None, &catalog, Compatibility::Default);
        assert_eq!(default.as_deref(), shown.first().copied(), "{names:?}");
    }
    assert!(named(&["all-team-models"]).models.is_empty());
    assert!(read(r#"{"data":[{"model_name":"all-proxy-models"}]}"#, &DEFAULT).models.is_empty());
}

#[test]
fn a_team_model_is_one_model_under_its_public_name_with_its_limits() {
    let inner = "model_name_team-1_0a1b2c";
    let team = |public: &str| json!({"team_public_model_name": public, "max_input_tokens": 1000});
    for names in [&["pub"][..], &[inner], &[inner, "pub"], &[], &["all-team-models"]] {
        let catalog = offered(&[(inner, team("pub"))], names);
        assert_eq!(ids(&catalog.models), ["pub"], "{names:?}");
        assert_eq!(catalog.models[0].context_window, Some(1000), "{names:?}");
        assert!(catalog.hidden.is_empty(), "{names:?}");
    }
    // Two deployments of a team are two inner names.
    let two = [(inner, team("pub")), ("model_name_team-1_ffff", json!({"team_public_model_name": "pub"}))];
    let catalog = offered(&two, &["pub"]);
    assert_eq!((ids(&catalog.models), catalog.models[0].deployments), (vec!["pub"], Some(2)));
    // Without a public name the inner one is all there is, and any other name stays.
    assert_eq!(ids(&offered(&[(inner, team(" "))], &[inner]).models), [inner]);
    assert_eq!(ids(&offered(&[("mine", team("pub"))], &["mine"]).models), ["mine"]);
}

#[test]
fn a_default_that_nobody_chose_chats_and_is_not_retired() {
    let past = "2020-01-01";
    for (models, expected) in [
        (
            vec![("claude-3-7-sonnet-20250219", json!({"deprecation_date": past})), ("a", json!({}))],
            Some("a"),
        ),
        (
            vec![("a", json!({"deprecation_date": past})), ("b", json!({"deprecation_date": "2999-01-01"}))],
            Some("b"),
        ),
        (vec![("e", json!({"mode": "embedding"})), ("r", json!({"mode": "responses"}))], Some("r")),
        (vec![("text-embedding-x", json!({})), ("Whisper-1", json!({})), ("a", json!({}))], Some("a")),
        (vec![("a", json!({"blocked": true})), ("b*", json!({})), ("c", json!({}))], Some("c")),
        (vec![("a", json!({"deprecation_date": past}))], None),
        (vec![("claude-3-7-sonnet-20250219", json!({"mode": "batch"})), ("a", json!({}))], Some("a")),
    ] {
        let catalog = offered(&models, &[]);
        let default = default_model(None, &catalog, Compatibility::Default);
        assert_eq!(default.as_deref(), expected, "{models:?}");
        assert_eq!(default_model(Some("x"), &catalog, Compatibility::Default).as_deref(), Some("x"));
    }
}
