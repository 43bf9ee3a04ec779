//! Answers that go into files: what may be written, and what of a file may go out.

use serde_json::{Value, json};

use crate::{
    check::{CHECK_FILE, Check, EDIT, FIT, HELLO, LIST_PROMPTS, both},
    failure::{Checked, ensure, same, shown},
    proxy::CHAT,
    session::Session,
};

#[rustfmt::skip]
pub(super) const CHECKS: &[Check] = &[
    both("fit.writes", "M39", FIT, "An answer that ended is written, without what stands around its code.", writes),
    both("fit.cut-off", "M39", FIT, "What was cut off is shown, with the reason.", fit_cut_off),
    both("fit.broke-off", "M39", FIT, "What broke off is never written.", broke_off),
    both("fit.empty", "M39", FIT, "What is empty leaves the document as it is.", fit_empty),
    both("files.secret", "M40", CHECK_FILE, "A file that may hold secrets is told by its name.", secret),
    both("files.ordinary", "M40", CHECK_FILE, "Any other is not.", ordinary),
    both("edit.dry-run", "M38", EDIT, "A dry run says what would be asked, and asks nothing.", dry_run).proxy(),
    both("edit.place", "M39", EDIT, "An answer says where it goes.", place).model(HELLO),
    both("edit.two-wishes", "M17", EDIT, "A task and a prompt at once are refused.", two_wishes),
    both("edit.outside", "M17", EDIT, "A text that is not there is refused.", outside),
    both("edit.secret", "M40", EDIT, "Of a file that may hold secrets nothing goes out where nobody can be asked.", edit_secret).at_lines().proxy(),
    both("prompts.list", "M30", LIST_PROMPTS, "The prompts are listed, each name once.", prompts),
];

fn fit(session: &Session, params: Value, kind: &str) -> Checked<Value> {
    let told = session.open()?.ask(FIT, params)?;
    same("`type`", &told["type"], kind)?;
    Ok(told)
}

fn writes(session: &Session) -> Checked {
    let text = "Here it is:\n\n```rust\nlet a = 1;\n```\n";
    let params =
        json!({"text": text, "finishReason": "stop", "language": "rust", "selection": "    let a = 0;\n"});
    same("`text`", &fit(session, params, "write")?["text"], "    let a = 1;\n")
}

fn fit_cut_off(session: &Session) -> Checked {
    let told = fit(
        session,
        json!({"text": "let a = 1;", "finishReason": "length", "selection": "let a = 0;"}),
        "show",
    )?;
    ensure(told["reason"].as_str().is_some_and(|reason| !reason.is_empty()), || {
        format!("there is no reason: {}", shown(&told))
    })
}

fn broke_off(session: &Session) -> Checked {
    let mut server = session.open()?;
    for params in [
        json!({"text": "let a"}),
        json!({"text": "let a", "finishReason": "cancelled"}),
        json!({"text": "let a", "finishReason": "contentFilter"}),
    ] {
        let told = server.ask(FIT, params)?;
        ensure(told["type"] != "write", || format!("what broke off is written: {}", shown(&told)))?;
    }
    Ok(())
}

fn fit_empty(session: &Session) -> Checked {
    fit(session, json!({"text": "", "finishReason": "stop", "selection": "let a = 0;"}), "nothing").map(drop)
}

fn check_files(session: &Session, files: &[&str], secret: bool) -> Checked {
    let mut server = session.open()?;
    for file in files {
        let told = server.ask(CHECK_FILE, json!({"uri": file}))?;
        same(&format!("`secret` of {file}"), &told["secret"], secret)?;
        ensure(told["pattern"].is_string() == secret, || {
            format!("`pattern` of {file} is {}", told["pattern"])
        })?;
    }
    Ok(())
}

fn secret(session: &Session) -> Checked {
    check_files(
        session,
        &["file:///a/.env", "file:///a/.env.local", "/a/server.pem", "file:///home/a/.ssh/id_rsa"],
        true,
    )
}

fn ordinary(session: &Session) -> Checked {
    check_files(session, &["file:///a/main.rs", "file:///a/README.md", "untitled:1"], false)
}

/// A question about the first word of a text.
fn question(uri: &str) -> Value {
    let place = |character: u32| json!({"line": 0, "character": character});
    json!({
        "textDocument": {"uri": uri, "languageId": "rust", "text": "let a = 0;\n"},
        "range": {"start": place(0), "end": place(3)}, "model": HELLO,
    })
}

fn dry_run(session: &Session) -> Checked {
    let mut params = question("file:///a.rs");
    params["dryRun"] = true.into();
    let told = session.open()?.ask(EDIT, params)?;
    ensure(told["messages"].as_array().is_some_and(|messages| !messages.is_empty()), || {
        format!("there are no messages: {}", shown(&told))
    })?;
    ensure(told["estimatedInputTokens"].as_u64().is_some_and(|tokens| tokens > 0), || {
        "no tokens are told".to_owned()
    })?;
    same("the number of chats at the proxy", &json!(session.proxy.requests(CHAT).len()), 0)
}

fn place(session: &Session) -> Checked {
    let params = question("file:///a.rs");
    let told = session.open()?.ask(EDIT, params.clone())?;
    same("`range`", &told["range"], params["range"].clone())?;
    same("`newText`", &told["newText"], "Hello.")?;
    // Whether that is code is for the server to say.
    let is_written = told["place"] == "replace";
    ensure(is_written || told["place"] == "page" && told["reason"].is_string(), || {
        format!("it is neither written nor shown with a reason: {}", shown(&told))
    })
}

fn two_wishes(session: &Session) -> Checked {
    let mut params = question("file:///a.rs");
    params["task"] = "fix".into();
    params["prompt"] = "commit".into();
    session.open()?.refused(EDIT, params, -32602).map(drop)
}

fn outside(session: &Session) -> Checked {
    let mut params = question("file:///not-open.rs");
    params["textDocument"] = json!({"uri": "file:///not-open.rs"});
    session.open()?.refused(EDIT, params, -32602).map(drop)
}

fn edit_secret(session: &Session) -> Checked {
    let answer = session.open()?.call(EDIT, question("file:///a/.env"))?;
    ensure(answer.is_err(), || "a file that may hold secrets is asked about".to_owned())?;
    same("the number of chats at the proxy", &json!(session.proxy.requests(CHAT).len()), 0)
}

fn prompts(session: &Session) -> Checked {
    let told = session.open()?.ask(LIST_PROMPTS, json!({}))?;
    let mut names: Vec<&str> = told["prompts"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|prompt| prompt["name"].as_str())
        .collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    same("the number of different names", &json!(names.len()), all)
}
