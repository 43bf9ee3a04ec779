//! Parts of a list of models: pages, members, and nothing where nothing has changed.

use litellm_ls_protocol::ErrorKind;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy},
    session::with_fake,
};

fn lists(fake: &FakeProxy, names: impl IntoIterator<Item = String>) {
    let names: Vec<String> = names.into_iter().collect();
    let model = |name: &String| json!({"model_name": name, "litellm_params": {"model": "openai/gpt"}, "model_info": {"mode": "chat"}});
    let all = |data: Vec<Value>| Answer::json(200, &json!({ "data": data }));
    fake.on("GET /v1/model/info").always(all(names.iter().map(model).collect()));
    fake.on("GET /v1/models").always(all(names.iter().map(|name| json!({ "id": name })).collect()));
}

fn ids(list: &Value) -> Vec<String> {
    list["models"].as_array().unwrap().iter().map(|model| model["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn pages_joined_are_the_whole_list() {
    let (fake, mut server) = with_fake().await;
    lists(&fake, (0..25).map(|number| format!("model-{number:02}")));
    for order in ["proxy", "picker"] {
        let whole = ids(&server.ask("provider/listModels", json!({"order": order})).await);
        for (limit, pages) in [(1, 25), (10, 3), (24, 2), (25, 1), (1000, 1)] {
            let (mut joined, mut count, mut cursor) = (Vec::new(), 0, Value::Null);
            loop {
                let params = json!({"order": order, "limit": limit, "cursor": cursor});
                let page = server.ask("provider/listModels", params).await;
                joined.extend(ids(&page));
                count += 1;
                cursor = page["nextCursor"].clone();
                if cursor.is_null() {
                    break;
                }
            }
            assert_eq!((&joined, count), (&whole, pages), "{limit} {order}");
        }
    }
    let page = server.ask("provider/listModels", json!({"limit": 3})).await;
    for (member, wrong) in [
        ("limit", json!(0)),
        ("cursor", json!("x")),
        ("cursor", json!("3@2020-01-01T00:00:00.000Z")),
        ("ifChangedSince", json!("yesterday")),
    ] {
        let error =
            server.fails("provider/listModels", json!({ member: wrong }), ErrorKind::InvalidParams).await;
        assert_eq!(error.problems[0].path, member);
    }
    // A list that was fetched anew is another: its pages are not those of the old one.
    lists(&fake, (0..25).map(|number| format!("other-{number:02}")));
    server.ask("provider/listModels", json!({"refresh": true})).await;
    server.notification("provider/didChangeModels").await;
    let params = json!({"cursor": page["nextCursor"]});
    server.fails("provider/listModels", params, ErrorKind::InvalidParams).await;
    server.end().await;
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let (fake, mut server) = with_fake().await;
    lists(&fake, ["a".to_owned(), "b".to_owned()]);
    let first = server.ask("provider/listModels", json!({})).await;
    let since = first["fetchedAt"].clone();
    for refresh in [false, true, true] {
        let params = json!({"refresh": refresh, "ifChangedSince": since});
        let again = server.ask("provider/listModels", params).await;
        assert_eq!((&again["unchanged"], ids(&again)), (&json!(true), Vec::new()));
        assert_eq!(again["defaultModel"], first["defaultModel"]);
    }
    // One that is older than the list at hand is no news of it.
    let params = json!({"ifChangedSince": "2020-01-01T00:00:00.000Z"});
    assert_eq!(ids(&server.ask("provider/listModels", params).await), ["a", "b"]);
    lists(&fake, ["a".to_owned(), "c".to_owned()]);
    let params = json!({"refresh": true, "ifChangedSince": since});
    let changed = server.ask("provider/listModels", params).await;
    server.notification("provider/didChangeModels").await;
    assert_eq!((changed.get("unchanged"), ids(&changed)), (None, vec!["a".to_owned(), "c".to_owned()]));
    server.end().await;
}

#[tokio::test]
async fn members_that_nobody_asked_for_are_not_sent() {
    let (fake, mut server) = with_fake().await;
    lists(&fake, ["a".to_owned()]);
    let list = server.ask("provider/listModels", json!({"fields": ["mode", "backends", "brandNew"]})).await;
    let members: Vec<&String> = list["models"][0].as_object().unwrap().keys().collect();
    assert_eq!(members, ["id", "summary", "backends", "mode"]);
    let whole = server.ask("provider/listModels", json!({"fields": []})).await;
    assert!(whole["models"][0].as_object().unwrap().len() > 10);
    server.end().await;
}
