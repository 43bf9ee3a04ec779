//! Lists of models: whole, in pages, thinned, and not at all where nothing has changed.

use serde_json::{Value, json};

use crate::{
    check::{Check, LIST_MODELS, MODELS, both},
    failure::{Checked, ensure, same, shown},
    peer::Peer,
    proxy::{Answer, MODEL_INFO, NAMES},
    session::{Session, names},
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("lists.unique", "M33", LIST_MODELS, "Each model is listed once.", unique),
    both("lists.stable", "M33", LIST_MODELS, "The same list is told twice.", stable),
    both("lists.proxy", "M33", LIST_MODELS, "The models are those of the proxy, in its order.", of_the_proxy).proxy(),
    both("lists.query", "M33", LIST_MODELS, "`query` narrows the list, whatever the case.", query),
    both("lists.order", "M33", LIST_MODELS, "Another order lists the same models.", order),
    both("lists.pages", "M33", LIST_MODELS, "Pages, joined, are the whole list.", pages).feature("paging"),
    both("lists.last-page", "M33", LIST_MODELS, "The last page leads nowhere.", last_page).feature("paging"),
    both("lists.wrong-cursor", "M33", LIST_MODELS, "A cursor that nobody gave is refused.", wrong_cursor).feature("paging"),
    both("lists.old-cursor", "M33", LIST_MODELS, "A cursor of a list that was fetched anew is refused.", old_cursor).feature("paging").proxy(),
    both("lists.fields", "M33", LIST_MODELS, "Only the members that were asked for are sent, beside `id` and `summary`.", fields).feature("paging"),
    both("lists.unchanged", "M33", LIST_MODELS, "What has not changed is not sent again.", unchanged).feature("paging"),
    both("lists.changed", "M33", LIST_MODELS, "What has changed since is sent.", changed).feature("paging").proxy(),
    both("lists.wrong-since", "M17", LIST_MODELS, "`ifChangedSince` that is no instant is refused.", wrong_since).feature("paging"),
    both("lists.from-memory", "M33", LIST_MODELS, "A list at hand is not asked for again, but for `refresh`.", from_memory).proxy(),
    both("lists.stale", "M33", LIST_MODELS, "Where asking fails, the older list is told with a warning.", stale).proxy(),
    both("lists.empty", "M33", LIST_MODELS, "A proxy without models has an empty list, and a warning.", empty).proxy(),
];

fn list(server: &mut Peer, params: Value) -> Checked<Value> {
    server.ask(LIST_MODELS, params)
}

fn unique(session: &Session) -> Checked {
    let mut ids = names(&list(&mut session.open()?, json!({}))?);
    let all = ids.len();
    ensure(all > 0, || "the list is empty".to_owned())?;
    ids.sort();
    ids.dedup();
    same("the number of different ids", &json!(ids.len()), all)
}

fn stable(session: &Session) -> Checked {
    let mut server = session.open()?;
    let first = list(&mut server, json!({}))?;
    let again = list(&mut server, json!({}))?;
    same("the second list", &json!(names(&again)), json!(names(&first)))
}

fn of_the_proxy(session: &Session) -> Checked {
    let told = list(&mut session.open()?, json!({}))?;
    same("the list", &json!(names(&told)), json!(MODELS))
}

fn query(session: &Session) -> Checked {
    let mut server = session.open()?;
    let whole = names(&list(&mut server, json!({}))?);
    let Some(first) = whole.first() else { return Ok(()) };
    let expected: Vec<&String> = whole.iter().filter(|id| id.contains(first.as_str())).collect();
    let narrowed = names(&list(&mut server, json!({"query": first.to_uppercase()}))?);
    same(&format!("the list of {}", first.to_uppercase()), &json!(narrowed), json!(expected))?;
    let none = names(&list(&mut server, json!({"query": "no model has this in its name"}))?);
    same("the list of what no model is named", &json!(none), json!([]))
}

fn order(session: &Session) -> Checked {
    let mut server = session.open()?;
    let mut whole = names(&list(&mut server, json!({"order": "proxy"}))?);
    let mut picker = names(&list(&mut server, json!({"order": "picker"}))?);
    whole.sort();
    picker.sort();
    same("the list in a picker's order, sorted", &json!(picker), json!(whole))
}

fn pages(session: &Session) -> Checked {
    let mut server = session.open()?;
    let whole = names(&list(&mut server, json!({}))?);
    for limit in [1, 2, 3, whole.len(), 1000] {
        let (mut joined, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let page = list(&mut server, json!({"limit": limit, "cursor": cursor}))?;
            let ids = names(&page);
            ensure(ids.len() <= limit, || format!("a page of {limit} has {} models", ids.len()))?;
            ensure(!ids.is_empty() || page["nextCursor"].is_null(), || "an empty page leads on".to_owned())?;
            joined.extend(ids);
            cursor = page["nextCursor"].clone();
            if cursor.is_null() {
                break;
            }
        }
        same(&format!("what pages of {limit} are, joined,"), &json!(joined), json!(whole))?;
    }
    Ok(())
}

fn last_page(session: &Session) -> Checked {
    let mut server = session.open()?;
    let whole = list(&mut server, json!({}))?;
    same("`nextCursor` of a whole list", &whole["nextCursor"], Value::Null)?;
    let all = list(&mut server, json!({"limit": names(&whole).len()}))?;
    same("`nextCursor` of a page of all", &all["nextCursor"], Value::Null)
}

fn wrong_cursor(session: &Session) -> Checked {
    let mut server = session.open()?;
    for cursor in ["x", "", "999999"] {
        let error = server.refused(LIST_MODELS, json!({"cursor": cursor, "limit": 1}), -32602)?;
        same("the path of the problem", &error["data"]["problems"][0]["path"], "cursor")?;
    }
    Ok(())
}

/// A list of other models.
fn relist(session: &Session, ids: &[&str]) {
    let info = |id: &&str| json!({"model_name": id, "litellm_params": {"model": "openai/x"}, "model_info": {"mode": "chat"}});
    let data: Vec<Value> = ids.iter().map(info).collect();
    session.proxy.always(MODEL_INFO, Answer::json(200, &json!({ "data": data })));
    let data: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
    session.proxy.always(NAMES, Answer::json(200, &json!({ "data": data })));
}

fn old_cursor(session: &Session) -> Checked {
    let mut server = session.open()?;
    let page = list(&mut server, json!({"limit": 1}))?;
    relist(session, &["a", "b", "c"]);
    list(&mut server, json!({"refresh": true}))?;
    server.refused(LIST_MODELS, json!({"cursor": page["nextCursor"]}), -32602).map(drop)
}

fn fields(session: &Session) -> Checked {
    let mut server = session.open()?;
    let thin = list(&mut server, json!({"fields": ["mode", "brandNew"]}))?;
    for model in thin["models"].as_array().into_iter().flatten() {
        let extra = model
            .as_object()
            .into_iter()
            .flatten()
            .find(|(name, _)| !["id", "summary", "mode"].contains(&name.as_str()));
        ensure(extra.is_none(), || format!("a member that nobody asked for is sent: {}", shown(model)))?;
        ensure(model["summary"].is_object(), || format!("a model has no `summary`: {}", shown(model)))?;
    }
    let whole = list(&mut server, json!({}))?;
    same(
        "the list of no fields",
        &list(&mut server, json!({"fields": []}))?["models"],
        whole["models"].clone(),
    )
}

fn unchanged(session: &Session) -> Checked {
    let mut server = session.open()?;
    let first = list(&mut server, json!({}))?;
    for refresh in [false, true] {
        let again = list(&mut server, json!({"refresh": refresh, "ifChangedSince": first["fetchedAt"]}))?;
        same("`unchanged`", &again["unchanged"], true)?;
        same("`models`", &again["models"], json!([]))?;
    }
    let older = list(&mut server, json!({"ifChangedSince": "2020-01-01T00:00:00.000Z"}))?;
    same("the list since long ago", &json!(names(&older)), json!(names(&first)))
}

fn changed(session: &Session) -> Checked {
    let mut server = session.open()?;
    let first = list(&mut server, json!({}))?;
    relist(session, &["a", "b"]);
    let again = list(&mut server, json!({"refresh": true, "ifChangedSince": first["fetchedAt"]}))?;
    same("`unchanged`", &again["unchanged"], Value::Null)?;
    same("the list", &json!(names(&again)), json!(["a", "b"]))
}

fn wrong_since(session: &Session) -> Checked {
    let error = session.open()?.refused(LIST_MODELS, json!({"ifChangedSince": "yesterday"}), -32602)?;
    same("the path of the problem", &error["data"]["problems"][0]["path"], "ifChangedSince")
}

fn from_memory(session: &Session) -> Checked {
    let mut server = session.open()?;
    for _ in 0..3 {
        list(&mut server, json!({}))?;
    }
    let asked = session.proxy.requests(MODEL_INFO).len();
    same("the number of requests for three lists", &json!(asked), 1)?;
    list(&mut server, json!({"refresh": true}))?;
    same("their number behind a `refresh`", &json!(session.proxy.requests(MODEL_INFO).len()), 2)
}

fn stale(session: &Session) -> Checked {
    let mut server = session.open()?;
    let first = list(&mut server, json!({}))?;
    for route in [NAMES, MODEL_INFO] {
        session.proxy.always(route, Answer::error(401, "auth_error", "Authentication Error"));
    }
    let again = list(&mut server, json!({"refresh": true}))?;
    same("`stale`", &again["stale"], true)?;
    same("the list", &json!(names(&again)), json!(names(&first)))?;
    ensure(again["warnings"].as_array().is_some_and(|warnings| !warnings.is_empty()), || {
        "there is no warning".to_owned()
    })
}

fn empty(session: &Session) -> Checked {
    relist(session, &[]);
    let told = list(&mut session.open()?, json!({}))?;
    same("the list", &json!(names(&told)), json!([]))?;
    ensure(told["warnings"].as_array().is_some_and(|warnings| !warnings.is_empty()), || {
        "there is no warning".to_owned()
    })
}
