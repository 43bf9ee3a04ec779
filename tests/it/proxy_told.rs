//! What the command line says of a proxy and its file: the line at which a start fails, and models that are not served.
//! What stands for LiteLLM starts at once.
#![cfg(unix)]

use super::support::{stub_litellm, user::User};

const TEXT: &str = "model_list:\n  - model_name: one\n    litellm_params: {model: openai/gpt-4o, api_key: os.environ/A_KEY}\n  - model_name: two\n    litellm_params: {model: opena/gpt-4o, api_key: os.environ/A_KEY}\n";

fn user() -> User {
    let mut user = User::of("http://127.0.0.1:9", "sk");
    user.variables.push(("A_KEY", "value-of-a-key".to_owned()));
    user.variables.push(("PATH", std::env::var("PATH").unwrap()));
    stub_litellm::make(&user.home.path().join("venv"), "1.99.0");
    user
}

#[tokio::test]
async fn a_start_that_fails_shows_the_line_that_caused_it() {
    let user = user();
    let strategy = "router_settings:\n  routing_strategy: nonsense\n# die: ValueError: Invalid routing_strategy 'nonsense'\n";
    user.file("config.yaml", &format!("{TEXT}{strategy}"));
    let ran = user.run(&["proxy", "start", "--config", "config.yaml", "--litellm", "venv"]).await;
    assert_eq!(ran.code, 1, "{ran:?}");
    let said = ran.err.split("litellm/not-started").nth(1).unwrap_or_else(|| panic!("{ran:?}"));
    for told in
        ["LiteLLM did not start: ValueError", "config.yaml:7:21", "routing_strategy: nonsense", "^^^^^^^^"]
    {
        assert!(said.contains(told), "{told}: {}", ran.err);
    }
    assert!(ran.err.contains("mend what its log says"), "{ran:?}");
}

#[tokio::test]
async fn models_of_the_file_that_are_not_served_are_named_with_the_reason() {
    let user = user();
    user.file("config.yaml", &format!("{TEXT}# drop: two\n"));
    let ran = user.run(&["proxy", "start", "--config", "config.yaml", "--litellm", "venv"]).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    let text = user.run(&["proxy", "status"]).await;
    let json = user.run(&["proxy", "status", "--json"]).await.json();
    user.file("config.yaml", &TEXT.replace("one", "first"));
    let edited = user.run(&["proxy", "status"]).await;
    user.run(&["proxy", "stop"]).await;
    for told in ["serves     1 model, and not 1 of its file:", "two", "config.yaml:4", "opena"] {
        assert!(text.out.contains(told), "{told}: {}", text.out);
    }
    assert_eq!((&json["modelCount"], &json["missing"][0]["name"]), (&1.into(), &"two".into()), "{json}");
    assert_eq!(
        (&json["missing"][0]["line"], &json["unlisted"]),
        (&4.into(), &serde_json::json!([])),
        "{json}"
    );
    for told in ["has changed since", "first", "restart it", "one"] {
        assert!(edited.out.contains(told), "{told}: {}", edited.out);
    }
}
