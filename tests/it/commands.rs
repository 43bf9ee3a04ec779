//! Commands that ask a model: side by side in several texts, waited for by clients that show how far they are, and
//! cancelled by each of the ways.

use litellm_ls::Door;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy, Request},
    server::TestServer,
};

const CHAT: &str = "POST /v1/chat/completions";
const RUN: &str = "workspace/executeCommand";
const TEXT: &str = "one\ntwo\n";
const URIS: [&str; 2] = ["file:///w/a.rs", "file:///w/b.rs"];

/// An editor with two texts.
struct Editor {
    fake: FakeProxy,
    server: TestServer,
}

impl Editor {
    async fn open() -> Self {
        let fake = FakeProxy::start().await;
        let variables = [("LITELLM_BASE_URL", &*fake.url()), ("LITELLM_API_KEY", "sk-fake")];
        let mut server = TestServer::memory(Door::Lsp, &variables);
        let capabilities = json!({
            "window": {"workDoneProgress": true}, "workspace": {"workspaceEdit": {"documentChanges": true}},
        });
        let params = json!({"processId": null, "rootUri": null, "capabilities": capabilities,
            "initializationOptions": {"model": "gpt"}});
        let announced = server.call("initialize", params).await.expect("an answer");
        assert_eq!(announced["capabilities"]["executeCommandProvider"]["workDoneProgress"], true);
        server.notify("initialized", json!({})).await;
        for uri in URIS {
            let document = json!({"uri": uri, "languageId": "rust", "version": 1, "text": TEXT});
            server.notify("textDocument/didOpen", json!({"textDocument": document})).await;
        }
        Self { fake, server }
    }

    /// Asks for a command, with a token where there is one; returns the id of the request.
    async fn ask(&mut self, name: &str, argument: Value, token: Option<&str>) -> i64 {
        let mut params = json!({"command": format!("litellm-ls.{name}"), "arguments": [argument]});
        if let Some(token) = token {
            params["workDoneToken"] = token.into();
        }
        self.server.request(RUN, params).await
    }

    /// Begins to rewrite the first line of a text; its answer is held once a piece of it has come.
    async fn rewrite(&mut self, uri: &str, token: Option<&str>) -> (i64, Request) {
        self.fake.on(CHAT).answer(Answer::stream().text("1").held().finish("stop").done());
        let id = self.ask("rewrite", first_line(uri), token).await;
        let token = match token {
            Some(token) => token.into(),
            None => self.display().await,
        };
        let title = self.progress(&token, "begin").await["title"].clone();
        let file = uri.rsplit('/').next().expect("a name");
        assert!(
            title.as_str().is_some_and(|title| title.starts_with(&format!("LiteLLM: {file}, gpt"))),
            "{title}"
        );
        self.progress(&token, "report").await;
        (id, self.fake.next_on(CHAT).await)
    }

    /// The token of the display that the server makes.
    async fn display(&mut self) -> Value {
        let created = self.server.message("window/workDoneProgress/create").await;
        self.reply(&created, Value::Null).await;
        created["params"]["token"].clone()
    }

    /// The next change of this kind of a display; what comes before it is passed over.
    async fn progress(&mut self, token: &Value, kind: &str) -> Value {
        loop {
            let mut params = self.server.notification("$/progress").await;
            if params["token"] == *token && params["value"]["kind"] == kind {
                return params["value"].take();
            }
        }
    }

    async fn reply(&mut self, question: &Value, result: Value) {
        self.server.send(&json!({"jsonrpc": "2.0", "id": question["id"], "result": result})).await;
    }

    /// What stands in the menu of a text to cancel, with the command of each.
    async fn cancels(&mut self, uri: &str) -> Vec<(String, Value)> {
        let mut params = first_line(uri);
        params["textDocument"] = json!({"uri": uri});
        params["context"] = json!({"diagnostics": []});
        let actions = self.server.call("textDocument/codeAction", params).await.expect("actions");
        let title = |action: &Value| action["title"].as_str().expect("a title").to_owned();
        let actions = actions.as_array().expect("a list").iter();
        let actions = actions.map(|action| (title(action), action["command"].clone()));
        actions.filter(|(title, _)| title.contains("cancel what")).collect()
    }

    /// Has the editor write the next edit; returns the text that it is for, and what is written.
    async fn write(&mut self) -> (String, String) {
        let asked = self.server.message("workspace/applyEdit").await;
        let written = self.tell_change(&asked).await;
        self.reply(&asked, json!({"applied": true})).await;
        written
    }

    /// Tells that what an edit asks for stands in its text.
    async fn tell_change(&mut self, asked: &Value) -> (String, String) {
        let change = &asked["params"]["edit"]["documentChanges"][0];
        let (uri, edit) = (&change["textDocument"]["uri"], &change["edits"][0]);
        let changes = json!([{"range": edit["range"], "text": edit["newText"]}]);
        let params = json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": changes});
        self.server.notify("textDocument/didChange", params).await;
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        (text(uri), text(&edit["newText"]))
    }

    async fn said(&mut self) -> String {
        let message = self.server.message("window/showMessage").await;
        message["params"]["message"].as_str().expect("a text").to_owned()
    }

    fn asked(&self) -> usize {
        self.fake.requests().iter().filter(|request| request.route() == CHAT).count()
    }
}

fn first_line(uri: &str) -> Value {
    json!({"uri": uri, "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 3}}})
}

fn titles(cancels: &[(String, Value)]) -> Vec<&str> {
    cancels.iter().map(|(title, _)| title.as_str()).collect()
}

#[tokio::test]
async fn actions_in_two_texts_run_side_by_side() {
    let mut editor = Editor::open().await;
    let [one, two] = URIS;
    let (_, first) = editor.rewrite(one, None).await;
    assert_eq!(titles(&editor.cancels(two).await), ["LiteLLM: cancel what is running"]);
    assert_eq!(titles(&editor.cancels(one).await), ["LiteLLM: cancel what is running"]);
    let (_, second) = editor.rewrite(two, None).await;
    for uri in URIS {
        let id = editor.ask("explain", first_line(uri), None).await;
        assert_eq!(editor.server.response(id).await, Ok(Value::Null));
        assert!(editor.said().await.contains("wait for the answer that is coming here"));
    }
    assert_eq!(editor.asked(), 2, "what is refused is not paid for");

    let cancels = editor.cancels(one).await;
    assert_eq!(titles(&cancels), ["LiteLLM: cancel what is running here", "LiteLLM: cancel what is running"]);
    let here = cancels[0].1.clone();
    let id = editor.server.request(RUN, here).await;
    editor.fake.closed(&first).await;
    let page = editor.server.message("window/showDocument").await;
    editor.reply(&page, json!({"success": true})).await;
    assert_eq!(editor.server.response(id).await, Ok(Value::Null));
    assert_eq!(editor.said().await, "LiteLLM: cancelled");
    assert_eq!(titles(&editor.cancels(one).await), ["LiteLLM: cancel what is running"]);
    second.resume(Answer::nothing());
    assert_eq!(editor.write().await, (two.to_owned(), "1".to_owned()));
    assert!(editor.said().await.contains("gpt"));
    assert!(editor.cancels(two).await.is_empty());

    // Each text has its own answer that was not written.
    let id = editor.ask("insertAnswer", first_line(one), None).await;
    assert_eq!(editor.server.response(id).await, Ok(Value::Null));
    assert_eq!(editor.write().await, (one.to_owned(), "1".to_owned()));
    editor.server.abandon();
}

#[tokio::test]
async fn all_that_runs_is_cancelled_at_once() {
    let mut editor = Editor::open().await;
    for about in [Value::Null, json!({"uri": URIS[0]}), json!({"uri": "file:///w/none"}), json!({"uri": 7})] {
        let id = editor.ask("cancel", about.clone(), None).await;
        assert_eq!(editor.server.response(id).await, Ok(Value::Null));
        assert_eq!(editor.said().await, "LiteLLM: nothing is running", "{about}");
    }
    let (_, first) = editor.rewrite(URIS[0], None).await;
    let (_, second) = editor.rewrite(URIS[1], None).await;
    let id = editor.ask("cancel", Value::Null, None).await;
    for request in [&first, &second] {
        editor.fake.closed(request).await;
        let page = editor.server.message("window/showDocument").await;
        editor.reply(&page, json!({"success": true})).await;
    }
    assert_eq!(editor.server.response(id).await, Ok(Value::Null));
    assert_eq!(editor.said().await, "LiteLLM: cancelled");
    for uri in URIS {
        let id = editor.ask("insertAnswer", first_line(uri), None).await;
        assert_eq!(editor.server.response(id).await, Ok(Value::Null));
        assert_eq!(editor.write().await, (uri.to_owned(), "1".to_owned()), "what came is not lost");
    }
    editor.server.abandon();
}

/// An editor may say that it has written an answer before it tells of the change.
#[tokio::test]
async fn an_action_behind_an_edit_is_about_the_text_with_that_edit() {
    let mut editor = Editor::open().await;
    editor.fake.on(CHAT).answer(Answer::stream().text("1").finish("stop").done());
    editor.ask("rewrite", first_line(URIS[0]), None).await;
    editor.display().await;
    let asked = editor.server.message("workspace/applyEdit").await;
    editor.reply(&asked, json!({"applied": true})).await;
    editor.fake.on(CHAT).answer(Answer::stream().text("2").finish("stop").done());
    let id = editor.ask("rewrite", first_line(URIS[0]), None).await;
    assert_eq!(editor.server.response(id).await, Ok(Value::Null));
    editor.tell_change(&asked).await;
    editor.display().await;
    assert_eq!(editor.write().await, (URIS[0].to_owned(), "2".to_owned()));
    let prompts = editor.fake.requests();
    let last = prompts.last().expect("a question").json().to_string();
    assert!(last.contains("<selection>\\n1</selection>"), "{last}");
    editor.server.abandon();
}

/// The answer that a message is to the request of this id.
fn answer_in(message: &Value, id: i64) -> Option<Result<Value, Value>> {
    let is_answer = message.get("method").is_none() && message["id"] == id;
    is_answer.then(|| message.get("error").map_or(Ok(message["result"].clone()), |error| Err(error.clone())))
}

/// What comes of a request that names a token, in order, up to its answer.
async fn told(editor: &mut Editor, id: i64, token: &str) -> (Vec<String>, Result<Value, Value>) {
    let mut told = Vec::new();
    loop {
        let message = editor.server.next_message().await;
        if let Some(answer) = answer_in(&message, id) {
            return (told, answer);
        }
        match message["method"].as_str().unwrap_or_default() {
            "$/progress" if message["params"]["token"] == token => {
                told.push(message["params"]["value"]["kind"].as_str().expect("a kind").to_owned());
            }
            "workspace/applyEdit" => {
                told.push("edit".to_owned());
                editor.reply(&message, json!({"applied": true})).await;
                editor.tell_change(&message).await;
            }
            "window/showDocument" => editor.reply(&message, json!({"success": true})).await,
            "window/showMessage" => {}
            other => panic!("{other}: {message}"),
        }
    }
}

#[tokio::test]
async fn a_command_with_a_token_is_answered_when_its_work_has_ended() {
    for (name, argument) in [
        ("rewrite", first_line(URIS[0])),
        ("explain", first_line(URIS[0])),
        ("complete", json!({"prompt": "x"})),
        ("edit", json!({"textDocument": {"uri": URIS[0]}, "range": first_line(URIS[0])["range"]})),
        ("listModels", json!({})),
    ] {
        let mut editor = Editor::open().await;
        let held = Answer::stream().text("1").held().finish("stop").done();
        let route = if name == "listModels" { "GET /v1/model/info" } else { CHAT };
        editor.fake.on(route).answer(if name == "listModels" { Answer::nothing().held() } else { held });
        let id = editor.ask(name, argument, Some("mine")).await;
        let request = editor.fake.next_on(route).await;
        request.resume(match name {
            "listModels" => Answer::json(200, &json!({"data": []})),
            _ => Answer::nothing(),
        });
        let (mut told, answer) = told(&mut editor, id, "mine").await;
        told.dedup();
        let edits: &[&str] = if name == "rewrite" { &["edit"] } else { &[] };
        let reports = if ["rewrite", "explain"].contains(&name) { &["report"][..] } else { &[] };
        assert_eq!(told, [&["begin"], reports, &["end"], edits].concat(), "{name}");
        let answer = answer.unwrap_or_else(|error| panic!("{name}: {error}"));
        let is_twin = ["complete", "edit", "listModels"].contains(&name);
        assert_eq!(answer.is_object(), is_twin, "{name}: {answer}");
        // Its token is free again.
        let id = editor.ask("listProfiles", json!({}), Some("mine")).await;
        assert!(editor.server.response(id).await.is_ok(), "{name}");
        editor.server.abandon();
    }
}

#[tokio::test]
async fn a_command_with_a_token_is_cancelled_by_request_by_button_and_by_command() {
    for name in ["rewrite", "explain", "complete"] {
        for way in ["request", "button", "command"] {
            let mut editor = Editor::open().await;
            editor.fake.on(CHAT).answer(Answer::stream().text("half").held());
            let argument = if name == "complete" { json!({"prompt": "x"}) } else { first_line(URIS[0]) };
            let id = editor.ask(name, argument, Some("mine")).await;
            let request = editor.fake.next_on(CHAT).await;
            if name != "complete" {
                editor.progress(&json!("mine"), "report").await;
            }
            match way {
                "request" => editor.server.notify("$/cancelRequest", json!({"id": id})).await,
                "button" => {
                    editor.server.notify("window/workDoneProgress/cancel", json!({"token": "mine"})).await;
                }
                _ => drop(editor.ask("cancel", Value::Null, None).await),
            }
            editor.fake.closed(&request).await;
            let (told, answer) = told_of_cancel(&mut editor, id).await;
            assert_eq!(told.last().map(String::as_str), Some("end"), "{name} {way}");
            let error = answer.expect_err("it is cancelled");
            assert_eq!(
                (&error["code"], &error["data"]["kind"]),
                (&json!(-32800), &json!("requestCancelled"))
            );
            if name == "rewrite" {
                // What came is paid for: it stands on a page by now, or is about to.
                let insert = editor.ask("insertAnswer", first_line(URIS[0]), None).await;
                editor.server.response(insert).await.expect("an answer");
                assert_eq!(editor.write().await.1, "half", "{way}");
            }
            editor.server.abandon();
        }
    }
}

/// The same of one that is cancelled: an answer to the command that cancels may come between.
async fn told_of_cancel(editor: &mut Editor, id: i64) -> (Vec<String>, Result<Value, Value>) {
    let mut told = Vec::new();
    loop {
        let message = editor.server.next_message().await;
        if let Some(answer) = answer_in(&message, id) {
            return (told, answer);
        }
        match message["method"].as_str() {
            Some("$/progress") => told.extend(message["params"]["value"]["kind"].as_str().map(str::to_owned)),
            Some("window/showDocument") => editor.reply(&message, json!({"success": true})).await,
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_token_that_is_in_use_is_refused_until_it_is_free() {
    let mut editor = Editor::open().await;
    let (running, request) = editor.rewrite(URIS[0], Some("mine")).await;
    let complete = |name: &str, token: Value| json!({"prompt": "x", name: token});
    for (method, params, path) in [
        ("provider/complete", complete("partialResultToken", json!("mine")), "partialResultToken"),
        ("provider/complete", complete("workDoneToken", json!("mine")), "workDoneToken"),
        (
            "provider/edit",
            json!({"textDocument": {"uri": URIS[1]}, "range": first_line("")["range"], "workDoneToken": "mine"}),
            "workDoneToken",
        ),
        ("proxy/restart", json!({"workDoneToken": "mine"}), "workDoneToken"),
        (
            RUN,
            json!({"command": "litellm-ls.explain", "arguments": [first_line(URIS[1])], "workDoneToken": "mine"}),
            "workDoneToken",
        ),
        (RUN, json!({"command": "litellm-ls.useModel", "workDoneToken": "mine"}), "workDoneToken"),
        (RUN, json!({"command": "litellm-ls.status", "workDoneToken": "mine"}), "workDoneToken"),
        (
            RUN,
            json!({"command": "litellm-ls.complete", "arguments": [{"prompt": "x"}], "workDoneToken": "mine"}),
            "workDoneToken",
        ),
        (
            RUN,
            json!({"command": "litellm-ls.complete", "arguments": [complete("partialResultToken", json!("mine"))]}),
            "partialResultToken",
        ),
        (
            "provider/complete",
            json!({"prompt": "x", "workDoneToken": "two", "partialResultToken": "two"}),
            "workDoneToken",
        ),
    ] {
        let error = editor.server.call(method, params.clone()).await.expect_err("it is in use");
        assert_eq!(
            (&error["code"], &error["data"]["problems"][0]["path"]),
            (&json!(-32602), &json!(path)),
            "{params}"
        );
    }
    assert_eq!(editor.asked(), 1);
    request.resume(Answer::nothing());
    let (_, answer) = told(&mut editor, running, "mine").await;
    assert_eq!(answer, Ok(Value::Null));
    editor.fake.on(CHAT).answer(Answer::stream().text("2").finish("stop").done());
    let done = editor.server.call("provider/complete", complete("partialResultToken", json!("mine"))).await;
    assert_eq!(done.expect("a result")["message"]["text"], "2");
    editor.server.abandon();
}

/// A newer question is another question: what has come of the one before it is paid for.
#[tokio::test]
async fn questions_by_command_run_side_by_side() {
    let mut editor = Editor::open().await;
    let mut asked = Vec::new();
    for text in ["one", "two"] {
        editor.fake.on(CHAT).answer(Answer::stream().text(text).held().finish("stop").done());
        let id = editor.ask("complete", json!({"prompt": text}), Some(text)).await;
        asked.push((text, id, editor.fake.next_on(CHAT).await));
    }
    for (text, id, request) in asked {
        request.resume(Answer::nothing());
        assert_eq!(editor.server.response(id).await.expect("a result")["message"]["text"], text);
    }
    editor.server.abandon();
}
