//! Params: what is taken, and how the rest is refused.

use serde_json::{Value, json};

use crate::{
    check::{COMPLETE, CONFIGURE, Check, DISCOVER, ECHO, HELLO, LIST_MODELS, STATUS, both},
    failure::{Checked, Failure, ensure, same, shown},
    peer::Peer,
    proxy::CHAT,
    session::Session,
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("params.positional", "M13", DISCOVER, "A list of values without names is refused with -32602.", positional),
    both("params.none", "M13", DISCOVER, "No params, `null` and `[]` are an empty object.", none),
    both("params.scalar", "M13", DISCOVER, "A text or a number as params is refused.", scalar),
    both("params.unknown-member", "M14", COMPLETE, "Unknown members are ignored.", unknown_member).model(HELLO),
    both("params.vendor-member", "M14", CONFIGURE, "Members that begin with `_` are refused nowhere.", vendor_member),
    both("params.unknown-setting", "M14", CONFIGURE, "An unknown setting is refused, with the nearest known one.", unknown_setting),
    both("params.null", "M16", COMPLETE, "A `null` member is as absent.", null_member).model(ECHO),
    both("params.empty-list", "M16", COMPLETE, "An empty list is as absent.", empty_list).model(HELLO),
    both("params.wrong-type", "M17", COMPLETE, "A member of a wrong type is refused, with its path.", wrong_type),
    both("params.path", "M17", COMPLETE, "The path of a problem leads through lists and objects.", path),
    both("params.missing", "M17", COMPLETE, "A question without words is refused.", missing),
    both("params.two-questions", "M17", COMPLETE, "A question that is asked twice over is refused.", two_questions),
    both("params.unknown-word", "M17", COMPLETE, "An unknown word is refused, with the nearest known one.", unknown_word),
    both("params.closed-word", "M17", CONFIGURE, "A word that is open in results is closed in params.", closed_word),
    both("params.out-of-range", "M17", LIST_MODELS, "A number below what is allowed is refused.", out_of_range).feature("paging"),
    both("params.all-problems", "M17", CONFIGURE, "All that is wrong is told, 20 things at most.", all_problems),
    both("params.remedies", "M17", COMPLETE, "Each problem has a reason and a remedy in one line.", remedies),
    both("params.no-effect", "M17", COMPLETE, "Of refused params nothing reaches the proxy.", no_effect).proxy(),
    both("methods.unknown", "M18", "", "An unknown method is refused with -32601 and `methodNotFound`.", unknown_method),
    both("methods.foreign", "M18", "", "A method of another protocol is refused in the same way.", foreign_method),
    both("methods.case", "M18", STATUS, "Names of methods are told apart by case.", case_of_method),
];

/// The problems of a refusal.
fn problems(server: &mut Peer, method: &str, params: Value) -> Checked<Vec<Value>> {
    let error = server.refused(method, params, -32602)?;
    same("`data.kind`", &error["data"]["kind"], "invalidParams")?;
    let problems = error["data"]["problems"].as_array().filter(|problems| !problems.is_empty());
    problems.cloned().ok_or_else(|| Failure::new(format!("`data.problems` is empty: {}", shown(&error))))
}

/// The problem at a path.
fn problem(server: &mut Peer, method: &str, params: Value, path: &str) -> Checked<Value> {
    let problems = problems(server, method, params)?;
    let found = problems.iter().find(|problem| problem["path"] == path).cloned();
    found
        .ok_or_else(|| Failure::new(format!("no problem has the path `{path}`: {}", shown(&json!(problems)))))
}

fn positional(session: &Session) -> Checked {
    let mut server = session.open()?;
    for params in [json!([1]), json!([{}]), json!([null])] {
        let error = server.refused(DISCOVER, params, -32602)?;
        same("`data.kind`", &error["data"]["kind"], "invalidParams")?;
    }
    Ok(())
}

fn none(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.ask(DISCOVER, Value::Null)?;
    server.ask(DISCOVER, json!([]))?;
    server.send(json!({"jsonrpc": "2.0", "id": "null", "method": DISCOVER, "params": null}));
    let answer = server.answer("null")?;
    ensure(answer.is_ok(), || "params of `null` are refused".to_owned())
}

/// JSON-RPC says that it is no request, and one may as well say that the params are wrong.
fn scalar(session: &Session) -> Checked {
    let mut server = session.open()?;
    for params in [json!(7), json!("text"), json!(true)] {
        server.send(json!({"jsonrpc": "2.0", "id": "s", "method": DISCOVER, "params": params}));
        let code = server.answer("s")?.err().unwrap_or_default()["code"].take();
        ensure(code == -32600 || code == -32602, || format!("params of {params} are answered by {code}"))?;
    }
    Ok(())
}

fn unknown_member(session: &Session) -> Checked {
    let mut server = session.open()?;
    let params = json!({"model": HELLO, "prompt": "x", "brandNew": {"a": [1]}, "_vendor": 7});
    server.ask(COMPLETE, params).map(drop)
}

fn vendor_member(session: &Session) -> Checked {
    let mut server = session.open()?;
    server.ask(CONFIGURE, json!({"_vendor": 7, "timeouts": {"_mine": {}}, "verify": false})).map(drop)
}

fn unknown_setting(session: &Session) -> Checked {
    let mut server = session.open()?;
    let found = problem(&mut server, CONFIGURE, json!({"modle": "x", "verify": false}), "modle")?;
    same("`nearest`", &found["nearest"], "model")
}

fn null_member(session: &Session) -> Checked {
    let mut server = session.open()?;
    let params =
        json!({"model": ECHO, "prompt": "said", "messages": null, "temperature": null, "stop": null});
    let answer = server.ask(COMPLETE, params)?;
    same("the text", &answer["message"]["text"], "said")
}

fn empty_list(session: &Session) -> Checked {
    let mut server = session.open()?;
    server
        .ask(COMPLETE, json!({"model": HELLO, "prompt": "x", "messages": [], "stop": [], "tools": []}))
        .map(drop)
}

fn wrong_type(session: &Session) -> Checked {
    let mut server = session.open()?;
    for (member, wrong) in [
        ("prompt", json!(7)),
        ("messages", json!("text")),
        ("maxTokens", json!("many")),
        ("temperature", json!("warm")),
        ("stop", json!({"a": 1})),
        ("model", json!(["x"])),
    ] {
        let mut params = json!({"prompt": "x"});
        params[member] = wrong;
        problem(&mut server, COMPLETE, params, member)?;
    }
    Ok(())
}

fn path(session: &Session) -> Checked {
    let mut server = session.open()?;
    let messages = |message: Value| json!({"messages": [{"role": "user", "content": "x"}, message]});
    for (message, path) in [
        (json!({"role": 7, "content": "x"}), "messages[1].role"),
        (json!({"role": "user", "content": [{"type": "text", "text": 7}]}), "messages[1].content[0].text"),
        (
            json!({"role": "assistant", "toolCalls": [{"id": "a", "name": 1, "arguments": "{}"}]}),
            "messages[1].toolCalls[0].name",
        ),
    ] {
        problem(&mut server, COMPLETE, messages(message), path)?;
    }
    Ok(())
}

fn missing(session: &Session) -> Checked {
    problems(&mut session.open()?, COMPLETE, json!({})).map(drop)
}

fn two_questions(session: &Session) -> Checked {
    let params = json!({"prompt": "x", "messages": [{"role": "user", "content": "x"}]});
    problems(&mut session.open()?, COMPLETE, params).map(drop)
}

fn unknown_word(session: &Session) -> Checked {
    let mut server = session.open()?;
    let params = json!({"messages": [{"role": "usr", "content": "x"}]});
    let found = problem(&mut server, COMPLETE, params, "messages[0].role")?;
    same("`nearest`", &found["nearest"], "user")
}

fn closed_word(session: &Session) -> Checked {
    let mut server = session.open()?;
    for (setting, wrong, meant) in [("kind", "litelm", "litellm"), ("compatibility", "strct", "strict")] {
        let found = problem(&mut server, CONFIGURE, json!({setting: wrong, "verify": false}), setting)?;
        same("`nearest`", &found["nearest"], meant)?;
    }
    Ok(())
}

fn out_of_range(session: &Session) -> Checked {
    let mut server = session.open()?;
    problem(&mut server, LIST_MODELS, json!({"limit": 0}), "limit")?;
    problem(&mut server, LIST_MODELS, json!({"limit": -1}), "limit").map(drop)
}

fn all_problems(session: &Session) -> Checked {
    let mut server = session.open()?;
    let params =
        json!({"model": 7, "noSuchSetting": 1, "timeouts": {"connectMs": 0, "idleMs": "x"}, "verify": false});
    let told = problems(&mut server, CONFIGURE, params)?;
    for path in ["model", "noSuchSetting", "timeouts.connectMs", "timeouts.idleMs"] {
        ensure(told.iter().any(|problem| problem["path"] == path), || {
            format!("`{path}` is not among the problems: {}", shown(&json!(told)))
        })?;
    }
    let many: Value = (0..50).map(|number| (format!("unknown{number}"), json!(1))).collect();
    let told = problems(&mut server, CONFIGURE, many)?.len();
    ensure(told <= 20, || format!("{told} problems are told"))
}

fn remedies(session: &Session) -> Checked {
    let mut server = session.open()?;
    for problem in problems(&mut server, COMPLETE, json!({"prompt": 7, "maxTokens": "x"}))? {
        for part in ["reason", "remedy"] {
            let text = problem[part].as_str().unwrap_or_default();
            ensure(!text.is_empty() && !text.contains('\n'), || {
                format!("the {part} is no line: {}", shown(&problem))
            })?;
        }
    }
    Ok(())
}

fn no_effect(session: &Session) -> Checked {
    let mut server = session.open()?;
    problems(&mut server, COMPLETE, json!({"model": HELLO, "prompt": "x", "maxTokens": "many"}))?;
    server.ask(COMPLETE, json!({"model": HELLO, "prompt": "y"}))?;
    same("the number of chats at the proxy", &json!(session.proxy.requests(CHAT).len()), 1)
}

fn unknown_method(session: &Session) -> Checked {
    let mut server = session.open()?;
    for method in ["provider/noSuchMethod", "no/such", "$/unknown", "", "ü"] {
        let error = server.refused(method, json!({}), -32601)?;
        same("`data.kind`", &error["data"]["kind"], "methodNotFound")?;
    }
    Ok(())
}

fn foreign_method(session: &Session) -> Checked {
    let mut server = session.open()?;
    let error = server.refused("tools/list", json!({}), -32601)?;
    same("`data.kind`", &error["data"]["kind"], "methodNotFound")
}

fn case_of_method(session: &Session) -> Checked {
    session.open()?.refused("provider/Status", json!({}), -32601).map(drop)
}
