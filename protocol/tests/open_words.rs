//! A word that a newer version brings breaks no client: every word that a server sends is open, with a fallback.

use litellm_ls_protocol::*;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

mod generate {
    pub(crate) mod schema;
}

/// Types that only a client sends: a word that the server does not know is refused, for a guess would answer another
/// question.
const CLOSED: &[&str] = &[
    "Ability",
    "EditTask",
    "LedgerBy",
    "ListOrder",
    "Part",
    "PromptCache",
    "Role",
    "ToolChoice",
    "ToolChoiceMode",
    "ProgressToken",
    "Content",
];

#[test]
fn every_word_of_a_server_is_open_in_the_schema_and_says_what_a_client_does_with_another() {
    let schema = generate::schema::document();
    let mut open = 0;
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        let is_union = definition.get("oneOf").is_some() || definition.get("anyOf").is_some();
        let fallback = definition["x-fallback"].as_str();
        assert_eq!(fallback.is_none(), !is_union || CLOSED.contains(&name.as_str()), "{name}");
        open += usize::from(fallback.is_some());
    }
    assert_eq!(open, 23);
}

#[test]
fn a_rust_client_reads_words_that_it_does_not_know() {
    fn reads<T: DeserializeOwned + Serialize>() {
        let read = serde_json::from_value::<T>(json!("brandNew")).map(|word| json!(word));
        assert_eq!(read.unwrap(), json!("unknown"), "{}", std::any::type_name::<T>());
    }
    reads::<BudgetScope>();
    reads::<CallOutcome>();
    reads::<CallState>();
    reads::<CheckName>();
    reads::<Compatibility>();
    reads::<CostSource>();
    reads::<CountSource>();
    reads::<EditPlace>();
    reads::<ErrorKind>();
    reads::<Filler>();
    reads::<HiddenReason>();
    reads::<Layer>();
    reads::<MaxTokensParam>();
    reads::<Outcome>();
    reads::<PromptOutput>();
    reads::<ProtocolFeature>();
    reads::<ProviderKind>();
    reads::<Source>();
    reads::<State>();
    reads::<TimeoutPhase>();
    let new = json!({ "type": "brandNew", "text": "x" });
    assert_eq!(serde_json::from_value::<Delta>(new.clone()).unwrap(), Delta::Unknown);
    assert_eq!(serde_json::from_value::<FitResult>(new).unwrap(), FitResult::Unknown);
}

#[test]
fn matches_of_rust_clients_leave_room_for_newer_words() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let mut open = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap().replace("\r\n", "\n");
        for rest in text.split("extend(\"x-fallback\"").skip(1) {
            let next = rest.lines().nth(1).unwrap_or_default();
            assert_eq!(next, "#[cfg_attr(not(feature = \"exhaustive\"), non_exhaustive)]");
            open += 1;
        }
    }
    assert!(open > 20, "{open}");
}

#[test]
fn a_word_that_a_client_gets_wrong_is_refused() {
    for (role, cache) in [("narrator", "auto"), ("user", "always")] {
        let params: Value = json!({ "messages": [{ "role": role, "content": "x" }], "promptCache": cache });
        assert!(serde_json::from_value::<CompleteParams>(params).is_err(), "{role} {cache}");
    }
}
