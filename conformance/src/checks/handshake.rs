//! The beginning: `initialize`, and what the server says that it can do.

use litellm_ls_protocol::{METHODS, MethodKind};
use serde_json::{Value, json};

use crate::{
    check::{CHECK_FILE, CONFIGURE, Check, DISCOVER, LIST_MODELS, both},
    failure::{Checked, Failure, ensure, same, shown},
    proxy::{MODEL_INFO, NAMES},
    schema,
    session::{Door, Session, initialize_params},
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("handshake.same-as-discover", "M29", "initialize", "`initialize` says what `provider/discover` says.", same_as_discover).at_lsp(),
    both("handshake.version", "M29", "initialize", "`initialize` agrees on a version, as `provider/discover` does.", version_of_client).at_lsp(),
    both("handshake.too-early", "M42", "initialize", "A request before `initialize` is refused with -32002.", too_early).at_lsp(),
    both("handshake.twice", "M42", "initialize", "A second `initialize` is refused with -32600.", twice).at_lsp(),
    both("handshake.without", "M42", "", "The line door needs no `initialize`.", without_initialize).at_lines(),
    both("handshake.wrong-options", "M43", "initialize", "Settings that can't be used do not stop the server.", wrong_options).at_lsp(),
    both("handshake.commands", "M29", "workspace/executeCommand", "The commands are those that `initialize` announces.", commands).at_lsp(),
    both("discover.shape", "M29", DISCOVER, "The answer has all that a client must know.", shape),
    both("discover.older", "M29", DISCOVER, "A client that knows no version of the server is told its oldest.", older_client),
    both("discover.newer", "M29", DISCOVER, "A client of a newer version is told the server's newest.", newer_client),
    both("discover.methods", "M29", DISCOVER, "Each method that is named is answered.", methods_are_answered),
    both("discover.unnamed", "M29", DISCOVER, "A method that is not named is refused as unknown.", unnamed_methods),
    both("discover.limits", "M29", DISCOVER, "Limits are at least 1, and only the line door takes batches.", limits),
    both("discover.alone", "M29", DISCOVER, "It is answered while no proxy answers.", without_proxy).proxy(),
];

fn told_by_initialize(result: &Value) -> &Value {
    &result["capabilities"]["experimental"]["provider"]
}

fn same_as_discover(session: &Session) -> Checked {
    let mut server = session.start()?;
    let initialized = server.ask("initialize", initialize_params())?;
    let discovered = server.ask(DISCOVER, json!({}))?;
    let told = told_by_initialize(&initialized);
    schema::fits("DiscoverResult", told)?;
    same("`capabilities.experimental.provider` of `initialize`", told, discovered)
}

fn version_of_client(session: &Session) -> Checked {
    let mut server = session.start()?;
    let mut params = initialize_params();
    params["capabilities"] = json!({"experimental": {"provider": {"version": 0}}});
    let initialized = server.ask("initialize", params)?;
    let told = told_by_initialize(&initialized);
    same("the version that is told to a client of version 0", &told["version"], told["versions"][0].clone())
}

fn too_early(session: &Session) -> Checked {
    let mut server = session.start()?;
    server.refused(DISCOVER, json!({}), -32002)?;
    server.ask("initialize", initialize_params()).map(drop)
}

fn twice(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.refused("initialize", initialize_params(), -32600)?;
    server.is_well()
}

fn without_initialize(session: &Session) -> Checked {
    session.start()?.is_well()
}

fn wrong_options(session: &Session) -> Checked {
    for options in [json!({"baseUrl": "ftp://example.com"}), json!({"baseURL": 7, "timeouts": []}), json!(7)]
    {
        session.open_with_options(&options)?.is_well()?;
    }
    Ok(())
}

fn commands(session: &Session) -> Checked {
    let mut server = session.start()?;
    let initialized = server.ask("initialize", initialize_params())?;
    let announced = &initialized["capabilities"]["executeCommandProvider"]["commands"];
    let told = &told_by_initialize(&initialized)["commands"];
    let none = json!([]);
    let announced = if announced.is_null() { &none } else { announced };
    same("`executeCommandProvider.commands`", announced, told.clone())
}

fn shape(session: &Session) -> Checked {
    let told = session.open()?.ask(DISCOVER, json!({}))?;
    let versions: Vec<u64> =
        told["versions"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
    ensure(!versions.is_empty() && versions.is_sorted_by(|one, next| one < next), || {
        format!("`versions` are not in order, each once: {}", told["versions"])
    })?;
    ensure(told["version"] == versions[versions.len() - 1], || {
        "`version` is not the newest of `versions`".to_owned()
    })?;
    ensure(session.claims.has("methods", DISCOVER), || format!("`methods` does not name {DISCOVER}"))?;
    for name in ["name", "version"] {
        let word = told["serverInfo"][name].as_str().unwrap_or_default();
        ensure(!word.is_empty(), || format!("`serverInfo.{name}` is empty"))?;
    }
    Ok(())
}

fn older_client(session: &Session) -> Checked {
    let told = session.open()?.ask(DISCOVER, json!({"version": 0}))?;
    same("`version`", &told["version"], told["versions"][0].clone())
}

fn newer_client(session: &Session) -> Checked {
    let told = session.open()?.ask(DISCOVER, json!({"version": 999_999}))?;
    let newest = told["versions"].as_array().and_then(|versions| versions.last()).cloned();
    same("`version`", &told["version"], newest.unwrap_or_default())
}

/// With params that fit few of them: what is answered by `invalidParams` is answered.
fn methods_are_answered(session: &Session) -> Checked {
    let mut server = session.open()?;
    let methods = server.ask(DISCOVER, json!({}))?["methods"].take();
    // What starts and stops processes is not tried on whoever's machine this is.
    let harmless = |method: &&str| method.starts_with("provider/");
    for method in methods.as_array().into_iter().flatten().filter_map(Value::as_str).filter(harmless) {
        let params = if method == CONFIGURE { json!({"verify": false}) } else { json!({}) };
        if let Err(error) = server.call(method, params)? {
            ensure(error["code"] != -32601, || {
                format!("`methods` names {method}, which is refused: {}", shown(&error))
            })?;
        }
    }
    Ok(())
}

fn unnamed_methods(session: &Session) -> Checked {
    let mut server = session.open()?;
    for row in METHODS
        .iter()
        .filter(|row| row.kind == MethodKind::Request && !session.claims.has("methods", row.method))
    {
        server.refused(row.method, json!({}), -32601)?;
    }
    server.refused("provider/noSuchMethod", json!({}), -32601).map(drop)
}

fn limits(session: &Session) -> Checked {
    for name in ["messageBytes", "messageValues", "messageLevels", "requests", "partialBytes"] {
        ensure(session.claims.limit(name)? > 0, || format!("`limits.{name}` is 0"))?;
    }
    let takes_batches = session.claims.limit("batchMessages").is_ok();
    ensure(takes_batches == (session.door() == Door::Lines), || {
        format!("`limits.batchMessages` is {}", if takes_batches { "there" } else { "absent" })
    })
}

fn without_proxy(session: &Session) -> Checked {
    for route in [NAMES, MODEL_INFO, "GET /health/liveliness"] {
        session.proxy.hold(route);
    }
    let mut server = session.open()?;
    server.request(LIST_MODELS, json!({}));
    server.is_well().map_err(|failure| Failure::new(format!("while a list is waited for, {failure}")))?;
    if session.claims.has("methods", CHECK_FILE) {
        server.ask(CHECK_FILE, json!({"uri": "a.rs"}))?;
    }
    Ok(())
}
