//! Settings: all or nothing, from the strongest layer, and told with where they came from.

use serde_json::{Value, json};

use crate::{
    check::{CONFIGURE, Check, HELLO, LIST_MODELS, LIST_PROFILES, REMOVE_PROFILE, both},
    failure::{Checked, ensure, same, shown},
    peer::Peer,
    session::Session,
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("configure.holds", "M25", CONFIGURE, "What is set is told, and holds.", holds),
    both("configure.part", "M25", CONFIGURE, "What is not named is left as it is.", part),
    both("configure.atomic", "M25", CONFIGURE, "One invalid field, and nothing changes.", atomic),
    both("configure.null", "M16", CONFIGURE, "`null` takes a setting back.", null),
    both("configure.empty", "M25", CONFIGURE, "`{}` as a value changes nothing.", empty),
    both("configure.no-verify", "M28", CONFIGURE, "With `verify: false` no status is told.", no_verify),
    both("configure.status", "M28", CONFIGURE, "Else the status is told.", status),
    both("configure.unreachable", "M28", CONFIGURE, "A proxy that is not there is no error: the settings hold.", unreachable).proxy(),
    both("configure.options", "M43", "initialize", "`initializationOptions` are settings.", options).at_lsp().proxy(),
    both("configure.pushed", "M43", "workspace/didChangeConfiguration", "Pushed settings hold, below those of `provider/configure`.", pushed).at_lsp().proxy().also(&[CONFIGURE]),
    both("profiles.made", "M25", LIST_PROFILES, "A profile that was configured is listed.", profile_made).also(&[CONFIGURE]),
    both("profiles.active", "M25", LIST_PROFILES, "One profile is active, and `activate: false` leaves it so.", profile_active).also(&[CONFIGURE]),
    both("profiles.removed", "M25", REMOVE_PROFILE, "A removed profile is listed no more.", profile_removed).also(&[CONFIGURE, LIST_PROFILES]),
    both("profiles.not-there", "M25", REMOVE_PROFILE, "Of a profile that is not there nothing is removed.", profile_not_there),
];

fn configure(server: &mut Peer, mut params: Value) -> Checked<Value> {
    params["verify"] = false.into();
    server.ask(CONFIGURE, params)
}

fn model(told: &Value) -> Value {
    told["settings"]["model"].clone()
}

fn holds(session: &Session) -> Checked {
    let mut server = session.open()?;
    for params in [json!({"model": "chosen"}), json!({})] {
        let told = configure(&mut server, params)?;
        same("`settings.model`", &model(&told), json!({"value": "chosen", "origin": "configure"}))?;
    }
    Ok(())
}

fn part(session: &Session) -> Checked {
    let mut server = session.open()?;
    configure(&mut server, json!({"model": "chosen", "timeouts": {"idleMs": 7}}))?;
    let told = configure(&mut server, json!({"timeouts": {"connectMs": 9}}))?;
    same("`model`", &model(&told)["value"], "chosen")?;
    let timeouts = &told["settings"]["timeouts"]["value"];
    same("`timeouts.idleMs`", &timeouts["idleMs"], 7)?;
    same("`timeouts.connectMs`", &timeouts["connectMs"], 9)
}

fn atomic(session: &Session) -> Checked {
    let mut server = session.open()?;
    let before = configure(&mut server, json!({"model": "first"}))?;
    for wrong in [json!({"connectMs": -1}), json!({"idleMs": "x"}), json!(7)] {
        server.refused(CONFIGURE, json!({"model": "second", "timeouts": wrong, "verify": false}), -32602)?;
    }
    let now = configure(&mut server, json!({}))?;
    same("`settings` behind refused ones", &now["settings"], before["settings"].clone())
}

fn null(session: &Session) -> Checked {
    let mut server = session.open()?;
    let before = configure(&mut server, json!({}))?;
    configure(&mut server, json!({"model": "chosen", "timeouts": {"idleMs": 7}}))?;
    let back = configure(&mut server, json!({"model": null, "timeouts": null}))?;
    same("`settings` behind `null`", &back["settings"], before["settings"].clone())
}

fn empty(session: &Session) -> Checked {
    let mut server = session.open()?;
    let before = configure(&mut server, json!({"timeouts": {"idleMs": 7}}))?;
    let now = configure(&mut server, json!({"timeouts": {}}))?;
    same("`settings.timeouts`", &now["settings"]["timeouts"], before["settings"]["timeouts"].clone())
}

fn no_verify(session: &Session) -> Checked {
    let told = configure(&mut session.open()?, json!({}))?;
    same("`status`", &told["status"], Value::Null)
}

fn status(session: &Session) -> Checked {
    let told = session.open()?.ask(CONFIGURE, json!({}))?;
    ensure(told["status"]["state"].is_string(), || format!("there is no `status.state`: {}", shown(&told)))
}

fn unreachable(session: &Session) -> Checked {
    let told = session.open()?.ask(CONFIGURE, json!({"baseUrl": "http://127.0.0.1:9", "model": "kept"}))?;
    same("`status.state`", &told["status"]["state"], "unreachable")?;
    same("`settings.model.value`", &model(&told)["value"], "kept")
}

fn options(session: &Session) -> Checked {
    let mut server = session.open_with_options(&json!({"baseUrl": session.proxy.url(), "model": HELLO}))?;
    let told = server.ask(LIST_MODELS, json!({}))?;
    same("`defaultModel`", &told["defaultModel"], HELLO)
}

fn pushed(session: &Session) -> Checked {
    let mut server = session.open()?;
    for settings in [
        json!({"litellm": {"model": "pushed-1"}}),
        json!({"model": "pushed-2"}),
        json!({"litellm.model": "pushed-3"}),
    ] {
        let expected =
            settings.as_object().and_then(|members| members.values().next()).cloned().unwrap_or_default();
        let expected = if expected.is_object() { expected["model"].clone() } else { expected };
        server.notify("workspace/didChangeConfiguration", json!({ "settings": settings }));
        let told = configure(&mut server, json!({}))?;
        same(
            "`settings.model`",
            &model(&told),
            json!({"value": expected, "origin": "didChangeConfiguration"}),
        )?;
    }
    let told = configure(&mut server, json!({"model": "stronger"}))?;
    same("`settings.model`", &model(&told), json!({"value": "stronger", "origin": "configure"}))
}

/// The profiles by name, and which are active.
fn profiles(server: &mut Peer) -> Checked<Vec<(String, bool)>> {
    let told = server.ask(LIST_PROFILES, json!({}))?;
    let profiles = told["profiles"].as_array().into_iter().flatten();
    Ok(profiles
        .map(|profile| (profile["name"].as_str().unwrap_or_default().to_owned(), profile["active"] == true))
        .collect())
}

fn profile_made(session: &Session) -> Checked {
    let mut server = session.open()?;
    configure(&mut server, json!({"profile": "made", "model": "x"}))?;
    let told = profiles(&mut server)?;
    ensure(told.contains(&("made".to_owned(), true)), || format!("the profiles are {told:?}"))
}

fn profile_active(session: &Session) -> Checked {
    let mut server = session.open()?;
    let before: Vec<_> = profiles(&mut server)?.into_iter().filter(|(_, active)| *active).collect();
    configure(&mut server, json!({"profile": "other", "model": "x", "activate": false}))?;
    let now: Vec<_> = profiles(&mut server)?.into_iter().filter(|(_, active)| *active).collect();
    ensure(now.len() == 1 && (before.is_empty() || before == now), || {
        format!("active were {before:?} before, and {now:?} now")
    })
}

fn profile_removed(session: &Session) -> Checked {
    let mut server = session.open()?;
    configure(&mut server, json!({"profile": "gone", "model": "x", "activate": false}))?;
    let removed = server.ask(REMOVE_PROFILE, json!({"profile": "gone"}))?;
    same("`removed`", &removed["removed"], true)?;
    let told = profiles(&mut server)?;
    ensure(!told.iter().any(|(name, _)| name == "gone"), || format!("the profiles are {told:?}"))
}

fn profile_not_there(session: &Session) -> Checked {
    let removed = session.open()?.ask(REMOVE_PROFILE, json!({"profile": "no-such-profile"}))?;
    same("`removed`", &removed["removed"], false)
}
