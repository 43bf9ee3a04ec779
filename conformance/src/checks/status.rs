//! The state of the provider, and news of it.

use serde_json::{Value, json};

use crate::{
    check::{CONFIGURE, Check, LIST_MODELS, STATUS, both},
    failure::{Checked, ensure, same, shown},
    peer::Peer,
    proxy::{Answer, MODEL_INFO, NAMES},
    session::Session,
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("status.ready", "M28", STATUS, "Where all is well the state is `ready`, and models are counted.", ready),
    both("status.remedies", "M28", STATUS, "Each check that fails or warns has a remedy, and no other.", remedies),
    both("status.unauthorized", "M28", STATUS, "A key that is rejected fails its own check.", unauthorized).proxy(),
    both("status.unreachable", "M28", STATUS, "A proxy that is not there skips what depends on it.", unreachable).proxy(),
    both("status.profile", "M28", STATUS, "The profile that was checked is named.", profile),
    both("news.status-once", "M35", STATUS, "A change of state is told once.", status_once).proxy(),
    both("news.models-once", "M35", LIST_MODELS, "A change of the list is told once, with what came and went.", models_once).proxy(),
    both("news.nothing", "M35", LIST_MODELS, "Where nothing changes nothing is told.", nothing),
];

const STATUS_NEWS: &str = "provider/didChangeStatus";
const MODELS_NEWS: &str = "provider/didChangeModels";

fn status(server: &mut Peer) -> Checked<Value> {
    let told = server.ask(STATUS, json!({}))?;
    for check in told["checks"].as_array().into_iter().flatten() {
        let asks = check["outcome"] == "failed" || check["outcome"] == "warning";
        ensure(check["remedy"].is_string() == asks, || {
            format!("a check has a remedy where it fails or warns: {}", shown(check))
        })?;
    }
    Ok(told)
}

fn outcome(told: &Value, name: &str) -> Value {
    let checks = told["checks"].as_array().into_iter().flatten();
    checks
        .filter(|check| check["name"] == name)
        .map(|check| check["outcome"].clone())
        .next()
        .unwrap_or_default()
}

fn ready(session: &Session) -> Checked {
    let mut server = session.open()?;
    let told = status(&mut server)?;
    same("`state`", &told["state"], "ready")?;
    same("`reachable`", &told["reachable"], true)?;
    let listed = server.ask(LIST_MODELS, json!({}))?["models"].as_array().map_or(0, Vec::len);
    same("`modelCount`", &told["modelCount"], listed)
}

fn remedies(session: &Session) -> Checked {
    let told = status(&mut session.open()?)?;
    ensure(told["checks"].as_array().is_some_and(|checks| !checks.is_empty()), || {
        "nothing was checked".to_owned()
    })
}

fn refuse_key(session: &Session) {
    for route in [NAMES, MODEL_INFO] {
        session.proxy.always(
            route,
            Answer::error(401, "auth_error", "Authentication Error, Invalid proxy server token passed."),
        );
    }
}

fn unauthorized(session: &Session) -> Checked {
    refuse_key(session);
    let told = status(&mut session.open()?)?;
    same("`state`", &told["state"], "unauthorized")?;
    same("`authenticated`", &told["authenticated"], false)?;
    same("the outcome of the check `key`", &outcome(&told, "key"), "failed")
}

fn unreachable(session: &Session) -> Checked {
    let mut server = session.start_with(&[("LITELLM_BASE_URL", "http://127.0.0.1:9")])?;
    session.initialize(&mut server)?;
    let told = status(&mut server)?;
    same("`state`", &told["state"], "unreachable")?;
    same("`reachable`", &told["reachable"], false)?;
    same("`authenticated`", &told["authenticated"], Value::Null)?;
    same("the outcome of the check `models`", &outcome(&told, "models"), "skipped")
}

fn profile(session: &Session) -> Checked {
    let mut server = session.open()?;
    let told = status(&mut server)?;
    let again = server.ask(STATUS, json!({"profile": told["profile"]}))?;
    same("`profile`", &again["profile"], told["profile"].clone())
}

/// How many of these news are among what was not read until the end.
fn count(server: &mut Peer, method: &str) -> Checked<usize> {
    Ok(server.end()?.0.iter().filter(|message| message["method"] == method).count())
}

fn status_once(session: &Session) -> Checked {
    refuse_key(session);
    let mut server = session.open()?;
    for _ in 0..3 {
        status(&mut server)?;
    }
    let news = server.notification(STATUS_NEWS)?;
    same("the state of the news", &news["state"], "unauthorized")?;
    same("the number of further news", &json!(count(&mut server, STATUS_NEWS)?), 0)
}

fn models_once(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.ask(LIST_MODELS, json!({}))?;
    session.proxy.always(
        MODEL_INFO,
        Answer::json(
            200,
            &json!({"data": [
                {"model_name": "new", "litellm_params": {"model": "openai/x"}, "model_info": {"mode": "chat"}}
            ]}),
        ),
    );
    session.proxy.always(NAMES, Answer::json(200, &json!({"data": [{"id": "new"}]})));
    for _ in 0..3 {
        server.ask(LIST_MODELS, json!({"refresh": true}))?;
    }
    let news = server.notification(MODELS_NEWS)?;
    same("`added`", &news["added"], json!(["new"]))?;
    same("the number of `removed`", &json!(news["removed"].as_array().map(Vec::len)), 9)?;
    same("`modelCount`", &news["modelCount"], 1)?;
    same("the number of further news", &json!(count(&mut server, MODELS_NEWS)?), 0)
}

fn nothing(session: &Session) -> Checked {
    let mut server = session.open()?;
    for _ in 0..3 {
        server.ask(LIST_MODELS, json!({"refresh": true}))?;
        if session.claims.has("methods", CONFIGURE) {
            server.ask(CONFIGURE, json!({"verify": false}))?;
        }
    }
    same("the number of news", &json!(count(&mut server, MODELS_NEWS)?), 0)
}
