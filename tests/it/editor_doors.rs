//! The doors for editors that have no custom methods: commands, code actions, proposals, progress and documents.

use std::time::Duration;

use litellm_ls::Door;
use litellm_ls_protocol::{METHODS, MethodKind};
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy, Request},
    home::CACHE,
    read_page,
    server::TestServer,
    tells, within,
};

const TEXT: &str = "fn one() -> u8 {\n    1\n}\n";
const URI: &str = "file:///home/ann/main.rs";

/// An editor with an open text, and the proxy behind its server.
struct Session {
    fake: FakeProxy,
    server: TestServer,
}

impl Session {
    /// An editor that offers everything.
    async fn open(features: Value) -> Self {
        let capabilities = json!({
            "general": {"positionEncodings": ["utf-16"]},
            "window": {"workDoneProgress": true},
            "workspace": {"workspaceEdit": {"documentChanges": true}},
        });
        Self::with(capabilities, features).await.0
    }

    /// An editor with these capabilities, and what the server announced to it.
    async fn with(capabilities: Value, features: Value) -> (Self, Value) {
        Self::named("editor", capabilities, features).await
    }

    /// The same, of a name.
    async fn named(name: &str, capabilities: Value, features: Value) -> (Self, Value) {
        let fake = FakeProxy::start().await;
        let mut server = TestServer::memory(
            Door::Lsp,
            &[("LITELLM_BASE_URL", &fake.url()), ("LITELLM_API_KEY", "sk-fake")],
        );
        let params = json!({"processId": null, "rootUri": null, "capabilities": capabilities,
            "clientInfo": {"name": name}, "initializationOptions": {"features": features}});
        let announced = server.call("initialize", params).await.expect("an answer");
        server.notify("initialized", json!({})).await;
        let text = json!({"uri": URI, "languageId": "rust", "version": 1, "text": TEXT});
        server.notify("textDocument/didOpen", json!({"textDocument": text})).await;
        (Self { fake, server }, announced["capabilities"].clone())
    }

    async fn change(&mut self, version: i32, range: Value, text: &str) {
        let params = json!({"textDocument": {"uri": URI, "version": version},
            "contentChanges": [{"range": range, "text": text}]});
        self.server.notify("textDocument/didChange", params).await;
    }

    /// The code actions at a range, by title.
    async fn actions(&mut self, range: Value, diagnostics: Value) -> Vec<(String, Value)> {
        let params =
            json!({"textDocument": {"uri": URI}, "range": range, "context": {"diagnostics": diagnostics}});
        let actions = self.server.call("textDocument/codeAction", params).await.expect("actions");
        let titled = |action: &Value| {
            (action["title"].as_str().expect("a title").to_owned(), action["command"].clone())
        };
        actions.as_array().expect("a list").iter().map(titled).collect()
    }

    /// Runs the code action whose title contains this.
    async fn run(&mut self, range: Value, title: &str) {
        let actions = self.actions(range, json!([])).await;
        let (_, command) = actions.iter().find(|(name, _)| name.contains(title)).expect("that action");
        let command = json!({"command": command["command"], "arguments": command["arguments"]});
        assert_eq!(self.server.call("workspace/executeCommand", command).await, Ok(Value::Null));
    }

    /// Has a piece of the text rewritten by a model that waits amid its answer.
    async fn rewrite_held(&mut self) -> Request {
        let answer = Answer::stream().text("2").held().finish("stop").done();
        self.fake.on("POST /v1/chat/completions").answer(answer);
        self.run(range((1, 4), (1, 5)), "rewrite").await;
        self.progress_begins().await;
        self.fake.next_on("POST /v1/chat/completions").await
    }

    async fn command(&mut self, name: &str, arguments: Value) -> Result<Value, Value> {
        let params = json!({"command": format!("litellm-ls.{name}"), "arguments": arguments});
        self.server.call("workspace/executeCommand", params).await
    }

    /// The next message of the server, which must ask for this.
    async fn asked(&mut self, method: &str) -> Value {
        let mut message = self.server.next_message().await;
        // How far another answer has come is told whenever it has.
        while message["params"]["value"]["kind"] == "report" && method != "$/progress" {
            message = self.server.next_message().await;
        }
        assert_eq!(message["method"], method, "{message}");
        message
    }

    async fn reply(&mut self, question: &Value, result: Value) {
        self.server.send(&json!({"jsonrpc": "2.0", "id": question["id"], "result": result})).await;
    }

    /// As an editor that does not know a request.
    async fn refuse(&mut self, question: &Value) {
        let error = json!({"code": -32601, "message": "Method not found"});
        self.server.send(&json!({"jsonrpc": "2.0", "id": question["id"], "error": error})).await;
    }

    /// The progress display that the server makes: its token, once it has begun.
    async fn progress_begins(&mut self) -> Value {
        let created = self.asked("window/workDoneProgress/create").await;
        self.reply(&created, Value::Null).await;
        let begin = self.asked("$/progress").await;
        assert_eq!(begin["params"]["value"]["kind"], "begin");
        begin["params"]["token"].clone()
    }

    /// Reads progress to its end, and returns the message after it.
    async fn after_progress(&mut self) -> Value {
        loop {
            let message = self.server.next_message().await;
            if message["method"] != "$/progress" {
                panic!("no end of the progress before {message}");
            }
            if message["params"]["value"]["kind"] == "end" {
                return self.server.next_message().await;
            }
        }
    }

    async fn shown(&mut self) -> String {
        self.asked("window/showMessage").await["params"]["message"].as_str().expect("a text").to_owned()
    }

    /// The text of the page that the server shows.
    async fn page(&mut self) -> String {
        let question = self.asked("window/showDocument").await;
        self.reply(&question, json!({"success": true})).await;
        page(&question)
    }
}

fn page(question: &Value) -> String {
    read_page(question["params"]["uri"].as_str().expect("an address"))
}

fn range(from: (u32, u32), to: (u32, u32)) -> Value {
    json!({"start": {"line": from.0, "character": from.1}, "end": {"line": to.0, "character": to.1}})
}

fn says(text: &str) -> Answer {
    Answer::stream()
        .text(text)
        .finish("stop")
        .usage(json!({"prompt_tokens": 5, "completion_tokens": 3}))
        .done()
}

#[tokio::test]
async fn what_is_switched_on_is_announced() {
    let (_, announced) = Session::with(json!({}), json!({})).await;
    assert_eq!(announced["positionEncoding"], "utf-16");
    assert_eq!(announced["textDocumentSync"], json!({"openClose": true, "change": 2}));
    let ids: Vec<&str> = announced["executeCommandProvider"]["commands"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    for method in METHODS.iter().filter(|method| method.kind == MethodKind::Request) {
        let twin = format!("litellm-ls.{}", method.method.trim_start_matches("provider/").replace('/', "."));
        assert!(ids.contains(&twin.as_str()), "{twin} in {ids:?}");
    }
    assert!(announced.get("codeActionProvider").is_some());
    assert!(announced.get("inlineCompletionProvider").is_none());
    // Of LiteLLM's own file, whatever is switched on.
    for provider in
        ["completion", "hover", "definition", "references", "rename", "documentSymbol", "inlayHint"]
    {
        assert!(announced.get(format!("{provider}Provider")).is_some(), "{provider}");
    }

    let features =
        json!({"codeActions": false, "modelActions": false, "completion": true, "inlineCompletion": true});
    let encodings = json!({"general": {"positionEncodings": ["utf-7", "utf-8", "utf-16"]}});
    let (_, announced) = Session::with(encodings, features).await;
    assert_eq!(announced["positionEncoding"], "utf-8");
    assert!(announced.get("codeActionProvider").is_none());
    assert_eq!(announced["inlineCompletionProvider"], true);
    assert!(announced.get("completionProvider").is_some());
}

#[tokio::test]
async fn a_selection_is_rewritten_in_place() {
    let mut session = Session::open(json!({})).await;
    session.fake.on("POST /v1/chat/completions").answer(says("```rust\n2\n```"));
    session.run(range((1, 0), (2, 0)), "rewrite").await;
    session.progress_begins().await;
    let asked = session.fake.next_on("POST /v1/chat/completions").await.json();
    let prompt = asked["messages"][1]["content"].as_str().unwrap();
    assert!(prompt.contains("<selection>\n    1\n</selection>") && prompt.contains("main.rs"), "{prompt}");
    assert!(!prompt.contains("/home"), "folders are nobody's business: {prompt}");
    let edit = session.after_progress().await;
    assert_eq!(edit["method"], "workspace/applyEdit");
    let change = &edit["params"]["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({"uri": URI, "version": 1}));
    assert_eq!(change["edits"], json!([{"range": range((1, 0), (2, 0)), "newText": "    2\n"}]));
    session.reply(&edit, json!({"applied": true})).await;
    assert!(session.shown().await.contains("5 tokens in, 3 out"));
    session.server.end().await;
}

#[tokio::test]
async fn of_an_answer_that_nobody_counted_is_told_about_what_it_took() {
    let mut session = Session::open(json!({})).await;
    let uncounted = Answer::stream().text("Two numbers are added.").finish("stop").done();
    session.fake.on("POST /v1/chat/completions").answer(uncounted);
    session.run(range((1, 0), (2, 0)), "explain").await;
    session.progress_begins().await;
    let question = session.after_progress().await;
    session.reply(&question, json!({"success": true})).await;
    let page = page(&question);
    let (_, footer) = page.split_once("\n---\n\n").unwrap();
    assert!(footer.contains(": about ") && footer.contains(" tokens in, 6 out"), "{page}");
    session.server.end().await;
}

#[tokio::test]
async fn an_answer_for_a_text_that_changed_meanwhile_is_shown_and_not_put_in() {
    let mut session = Session::open(json!({})).await;
    let request = session.rewrite_held().await;
    session.change(2, range((1, 5), (1, 5)), "0").await;
    // A request behind the change: when it is answered, the change has been taken.
    let _ = session.actions(range((0, 0), (0, 0)), json!([])).await;
    request.resume(Answer::nothing());
    let question = session.after_progress().await;
    session.reply(&question, json!({"success": true})).await;
    assert!(page(&question).contains("changed meanwhile") && page(&question).contains('2'));
    session.server.end().await;
}

/// What is typed while a page takes the focus goes into that page.
#[tokio::test]
async fn a_page_that_nobody_asked_for_just_now_takes_no_focus() {
    for name in ["editor", "helix"] {
        for (action, is_typing, why) in [
            ("rewrite", true, "not written into `main.rs`: the text has changed meanwhile"),
            ("explain", true, "the answer has come"),
            ("explain", false, ""),
        ] {
            let (mut session, _) = Session::named(name, json!({}), json!({})).await;
            let answer = Answer::stream().text("2 + 0").held().finish("stop").done();
            session.fake.on("POST /v1/chat/completions").answer(answer);
            session.run(range((1, 4), (1, 5)), action).await;
            let request = session.fake.next_on("POST /v1/chat/completions").await;
            if is_typing {
                session.change(2, range((1, 5), (1, 5)), "0").await;
            }
            // A request behind the change: when it is answered, the change has been taken.
            let _ = session.actions(range((0, 0), (0, 0)), json!([])).await;
            request.resume(Answer::nothing());
            if name == "helix" && is_typing {
                let told = session.shown().await;
                let expected = format!("LiteLLM: choose “show the last answer” from the code actions: {why}");
                assert_eq!(told, expected);
                session.run(range((0, 0), (0, 0)), "show the last answer").await;
            }
            let question = session.asked("window/showDocument").await;
            let focus = name == "helix" || !is_typing;
            assert_eq!(question["params"]["takeFocus"], focus, "{name}: {action}, typing: {is_typing}");
            assert!(page(&question).contains("2 + 0"), "{question}");
            session.reply(&question, json!({"success": true})).await;
            session.server.abandon();
        }
    }
}

#[tokio::test]
async fn an_action_that_is_refused_leaves_alone_what_runs() {
    let mut session = Session::open(json!({})).await;
    let request = session.rewrite_held().await;
    let stale = json!([{"uri": URI, "range": range((1, 4), (1, 5)), "madeFor": "another text"}]);
    assert_eq!(session.command("rewrite", stale).await, Ok(Value::Null));
    assert!(session.shown().await.contains("choose the action again"));
    request.resume(Answer::nothing());
    let edit = session.after_progress().await;
    assert_eq!(edit["method"], "workspace/applyEdit", "{edit}");
    // While the editor takes its time, the answer can be had all the same.
    let actions = session.actions(range((0, 0), (0, 0)), json!([])).await;
    assert!(actions.iter().any(|(title, _)| title.contains("insert the last answer")), "{actions:?}");
    session.reply(&edit, json!({"applied": false})).await;
    assert!(tells(&session.page().await, "the editor did not write it"));
    session.server.end().await;
}

/// Plain Neovim finds no buffer by `file://`; whoever saves it gets the answer in all the same.
#[tokio::test]
async fn an_answer_for_a_text_without_a_file_is_inserted_once_it_has_one() {
    let mut session = Session::open(json!({})).await;
    let text = json!({"uri": "file://", "languageId": "", "version": 0, "text": "a = \n"});
    session.server.notify("textDocument/didOpen", json!({"textDocument": text})).await;
    session.fake.on("POST /v1/chat/completions").answer(says("HERE"));
    let place = json!([{"uri": "file://", "range": range((0, 4), (0, 4))}]);
    assert_eq!(session.command("completeHere", place).await, Ok(Value::Null));
    session.progress_begins().await;
    let edit = session.after_progress().await;
    session.reply(&edit, json!({"applied": false})).await;
    let page = session.page().await;
    assert!(tells(&page, "has no file: save it, and open that file") && page.contains("HERE"), "{page}");
    session.run(range((1, 4), (1, 5)), "insert the last answer").await;
    let edit = session.asked("workspace/applyEdit").await;
    assert!(edit["params"]["edit"].to_string().contains("HERE"), "{edit}");
    session.server.abandon();
}

#[tokio::test]
async fn an_answer_without_a_place_for_its_page_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let cache = home.path().join(CACHE);
    std::fs::create_dir_all(cache.parent().unwrap()).unwrap();
    std::fs::write(cache, "no folder").unwrap();
    let fake = FakeProxy::start().await;
    let (url, home) = (fake.url(), home.path().to_str().unwrap());
    let variables = [("LITELLM_BASE_URL", &*url), ("LITELLM_API_KEY", "sk-fake"), ("HOME", home)];
    let mut server = TestServer::process(Door::Lsp, &variables);
    server.initialize(json!({})).await;
    let text = json!({"uri": URI, "languageId": "rust", "version": 1, "text": TEXT});
    server.notify("textDocument/didOpen", json!({"textDocument": text})).await;
    let mut session = Session { fake, server };
    session.fake.on("POST /v1/chat/completions").answer(says("It is one."));
    session.run(range((1, 4), (1, 5)), "explain").await;
    assert!(session.shown().await.contains("litellm-ls: cannot"));
    assert!(session.shown().await.contains("insert the last answer"));
    assert_eq!(session.command("insertAnswer", json!([])).await, Ok(Value::Null));
    let edit = session.asked("workspace/applyEdit").await;
    assert!(edit["params"]["edit"].to_string().contains("It is one."), "{edit}");
    session.reply(&edit, json!({"applied": false})).await;
    assert!(session.shown().await.contains("try it once more"));
    session.server.end().await;
}

/// An answer under way is paid for, and nobody gave it up.
#[tokio::test]
async fn a_second_action_ends_no_answer_that_is_coming() {
    let mut session = Session::open(json!({})).await;
    let request = session.rewrite_held().await;
    for action in ["rewrite", "explain"] {
        session.run(range((1, 4), (1, 5)), action).await;
        let told = session.server.message("window/showMessage").await;
        assert!(told.to_string().contains("wait for the answer that is coming"), "{told}");
    }
    request.resume(Answer::nothing());
    let edit = session.server.message("workspace/applyEdit").await;
    assert!(edit.to_string().contains("\"newText\":\"2\""), "{edit}");
    session.reply(&edit, json!({"applied": true})).await;
    let asked =
        session.fake.requests().iter().filter(|request| request.route().ends_with("completions")).count();
    assert_eq!(asked, 1, "what is refused is not paid for");
    session.server.abandon();
}

/// As the menu of completions of Helix does, which puts the text back to where it was opened.
#[tokio::test]
async fn an_answer_that_an_editor_takes_out_again_is_kept() {
    let mut session = Session::open(json!({})).await;
    session.fake.on("POST /v1/chat/completions").answer(says("```rust\nlet two = 2;\n```"));
    session.run(range((1, 0), (2, 0)), "rewrite").await;
    let edit = session.server.message("workspace/applyEdit").await;
    let new =
        edit["params"]["edit"]["documentChanges"][0]["edits"][0]["newText"].as_str().unwrap().to_owned();
    session.change(2, range((1, 0), (2, 0)), &new).await;
    session.reply(&edit, json!({"applied": true})).await;
    session.server.message("window/showMessage").await;
    let offered =
        |actions: &[(String, Value)]| actions.iter().any(|(title, _)| title.contains("last answer"));
    assert!(!offered(&session.actions(range((0, 0), (0, 0)), json!([])).await), "it stands in the text");
    session.change(3, range((1, 0), (2, 0)), "    1\n").await;
    assert!(offered(&session.actions(range((0, 0), (0, 0)), json!([])).await), "it is in no text any more");
    let inserting = session
        .server
        .request("workspace/executeCommand", json!({"command": "litellm-ls.insertAnswer"}))
        .await;
    let edit = session.server.message("workspace/applyEdit").await;
    assert!(edit.to_string().contains("let two = 2;"), "{edit}");
    session.reply(&edit, json!({"applied": true})).await;
    assert_eq!(session.server.response(inserting).await, Ok(Value::Null));
    session.server.abandon();
}

/// Editors that share a folder of pages, and their proxy.
struct Desk {
    fake: FakeProxy,
    home: tempfile::TempDir,
}

impl Desk {
    async fn new() -> Self {
        Self { fake: FakeProxy::start().await, home: tempfile::tempdir().unwrap() }
    }

    /// An editor with the text open.
    async fn editor(&self) -> TestServer {
        let variables = [
            ("LITELLM_BASE_URL", &*self.fake.url()),
            ("LITELLM_API_KEY", "sk-fake"),
            ("HOME", self.home.path().to_str().unwrap()),
        ];
        let mut server = TestServer::process(Door::Lsp, &variables);
        server.initialize(json!({})).await;
        let text = json!({"uri": URI, "languageId": "rust", "version": 1, "text": TEXT});
        server.notify("textDocument/didOpen", json!({"textDocument": text})).await;
        server
    }

    /// Has a piece of the text rewritten.
    async fn rewrite(&self, server: &mut TestServer, answer: Answer) {
        self.fake.on("POST /v1/chat/completions").answer(answer);
        let arguments = json!([{"uri": URI, "range": range((1, 4), (1, 5))}]);
        let command = json!({"command": "litellm-ls.rewrite", "arguments": arguments});
        assert_eq!(server.call("workspace/executeCommand", command).await, Ok(Value::Null));
    }

    /// Begins an answer that has no end, and waits until it is kept on the disk in so many pages.
    async fn begin(&self, server: &mut TestServer, first: &str, pages: usize) {
        let more = json!({"choices": [{"index": 0, "delta": {"content": " two"}}]});
        let more = format!("data: {more}\n\n");
        let answer = Answer::stream().text(first).forever(more, Duration::from_millis(20));
        self.rewrite(server, answer).await;
        self.pages_are("what came", |kept| kept.len() == pages).await;
    }

    /// Waits until the pages that are kept are as wanted.
    async fn pages_are(&self, what: &str, wanted: impl Fn(&[String]) -> bool) {
        let folder = self.home.path().join(CACHE).join("pages");
        let pages = || {
            let files = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|file| file.path());
            let kept = files.filter(|file| file.extension().is_some_and(|end| end == "kept"));
            kept.map(|mark| std::fs::read_to_string(mark.with_extension("md")).unwrap_or_default())
                .collect::<Vec<_>>()
        };
        within(what, async {
            while !wanted(&pages()) {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    /// What the command shows that inserts the last answer: a page, or why there is none.
    async fn insert(&self, server: &mut TestServer) -> String {
        let command = json!({"command": "litellm-ls.insertAnswer", "arguments": []});
        assert_eq!(server.call("workspace/executeCommand", command).await, Ok(Value::Null));
        shown_next(server).await
    }
}

/// What a server shows next, a page or a message.
async fn shown_next(server: &mut TestServer) -> String {
    let message = server.next_message().await;
    match message["method"].as_str() {
        Some("window/showDocument") => {
            let shown = json!({"jsonrpc": "2.0", "id": message["id"], "result": {"success": true}});
            server.send(&shown).await;
            page(&message)
        }
        _ => message["params"]["message"].as_str().unwrap_or_else(|| panic!("{message}")).to_owned(),
    }
}

/// Answers the edit that a server asks for, as an editor that makes it or does not.
async fn edit(server: &mut TestServer, applied: bool, version: i32) {
    let asked = server.message("workspace/applyEdit").await;
    if applied {
        let change = json!({"range": range((1, 4), (1, 5)), "text": "2"});
        let params = json!({"textDocument": {"uri": URI, "version": version}, "contentChanges": [change]});
        server.notify("textDocument/didChange", params).await;
    }
    server.send(&json!({"jsonrpc": "2.0", "id": asked["id"], "result": {"applied": applied}})).await;
}

/// An editor that is killed takes its server along, and what was paid for is in no memory any more.
#[tokio::test]
async fn what_came_before_an_editor_and_its_server_were_killed_is_shown_by_the_next() {
    let desk = Desk::new().await;
    let mut first = desk.editor().await;
    desk.begin(&mut first, "one", 1).await;
    // What another window still writes is its own.
    let mut second = desk.editor().await;
    assert!(desk.insert(&mut second).await.contains("no answer is kept"));
    first.kill().await;
    first.abandon();
    for _ in 0..2 {
        let page = desk.insert(&mut second).await;
        assert!(page.contains("did not come to its end") && page.contains("one two"), "{page}");
    }
    // A newer one that was not written takes its place, also after a restart.
    desk.rewrite(&mut second, says("2")).await;
    edit(&mut second, false, 2).await;
    assert!(tells(&shown_next(&mut second).await, "the editor did not write it"));
    second.kill().await;
    second.abandon();
    let mut third = desk.editor().await;
    assert!(tells(&desk.insert(&mut third).await, "the editor did not write it"));
    // An editor that is killed amid the question whether it writes one.
    desk.rewrite(&mut third, says("3")).await;
    third.message("workspace/applyEdit").await;
    desk.pages_are("the whole answer", |pages| pages.iter().any(|page| page.ends_with("\n3\n"))).await;
    third.kill().await;
    third.abandon();
    let mut fourth = desk.editor().await;
    assert!(desk.insert(&mut fourth).await.ends_with("\n3\n"));
    // One about the same text that is written is the last: nothing older is offered then.
    desk.rewrite(&mut fourth, says("2")).await;
    edit(&mut fourth, true, 2).await;
    fourth.message("window/showMessage").await;
    assert!(desk.insert(&mut fourth).await.contains("no answer is kept"));
    // One that was written later, at the user's word.
    desk.rewrite(&mut fourth, says("4")).await;
    edit(&mut fourth, false, 3).await;
    assert!(tells(&shown_next(&mut fourth).await, "the editor did not write it"));
    let command = json!({"command": "litellm-ls.insertAnswer", "arguments": []});
    assert_eq!(fourth.call("workspace/executeCommand", command).await, Ok(Value::Null));
    edit(&mut fourth, true, 3).await;
    desk.pages_are("none", |pages| pages.is_empty()).await;
    fourth.kill().await;
    fourth.abandon();
    let mut fifth = desk.editor().await;
    assert!(desk.insert(&mut fifth).await.contains("no answer is kept"));
    fifth.end().await;
}

/// Reads edits and makes them, as an editor does, until one is made that the test waits for or the server tells what was
/// used. Returns the text then.
async fn edited(session: &mut Session, mut text: String, until: &str) -> String {
    let mut version = 1 + i32::try_from(text.matches("let").count()).unwrap();
    while until.is_empty() || !text.contains(until) {
        let message = session.server.next_message().await;
        match message["method"].as_str() {
            Some("$/progress") => {}
            Some("window/showMessage") if until.is_empty() => break,
            Some("workspace/applyEdit") => {
                let change = &message["params"]["edit"]["documentChanges"][0];
                assert_eq!(change["textDocument"]["version"], version, "{message}");
                let edit = &change["edits"][0];
                let new = edit["newText"].as_str().unwrap();
                let offset = |end: &str| {
                    let position = &edit["range"][end];
                    let line: usize = text
                        .split_inclusive('\n')
                        .take(position["line"].as_u64().unwrap() as usize)
                        .map(str::len)
                        .sum();
                    line + position["character"].as_u64().unwrap() as usize
                };
                let bytes = offset("start")..offset("end");
                text.replace_range(bytes, new);
                version += 1;
                session.change(version, edit["range"].clone(), new).await;
                session.reply(&message, json!({"applied": true})).await;
            }
            _ => panic!("{message}"),
        }
    }
    text
}

#[tokio::test]
async fn an_answer_is_written_as_it_comes_where_that_is_switched_on() {
    let route = "POST /v1/chat/completions";
    let mut session = Session::open(json!({"streamEdits": true})).await;
    session.fake.on(route).answer(Answer::stream().text("let a").held());
    session.run(range((1, 4), (1, 4)), "complete here").await;
    session.progress_begins().await;
    let request = session.fake.next_on(route).await;
    let text = edited(&mut session, TEXT.to_owned(), "let a").await;
    assert_eq!(text, "fn one() -> u8 {\n    let a1\n}\n");
    request.resume(Answer::nothing().text(" =").text(" 1;").finish("stop").done());
    let text = edited(&mut session, text, "").await;
    // A whole statement stands on a line of its own.
    assert_eq!(text, "fn one() -> u8 {\n    let a = 1;\n    1\n}\n");
    session.server.end().await;

    // Who types into it meanwhile keeps that, and gets the answer beside.
    let mut session = Session::open(json!({"streamEdits": true})).await;
    session.fake.on(route).answer(Answer::stream().text("let a").held());
    session.run(range((1, 4), (1, 4)), "complete here").await;
    session.progress_begins().await;
    let request = session.fake.next_on(route).await;
    edited(&mut session, TEXT.to_owned(), "let a").await;
    session.change(3, range((1, 4), (1, 9)), "mine").await;
    let _ = session.actions(range((0, 0), (0, 0)), json!([])).await;
    request.resume(Answer::nothing().text(" = 1;").finish("stop").done());
    let question = session.after_progress().await;
    session.reply(&question, json!({"success": true})).await;
    assert!(page(&question).contains("let a = 1;"));
    session.server.end().await;
}

#[tokio::test]
async fn an_editor_without_versions_gets_plain_changes_and_one_without_documents_a_path() {
    let (mut session, _) = Session::with(json!({}), json!({})).await;
    session.fake.on("POST /v1/chat/completions").answer(says("1 + 0")).answer(says("It is *one*."));
    session.run(range((1, 4), (1, 5)), "rewrite").await;
    let edit = session.asked("workspace/applyEdit").await;
    assert_eq!(edit["params"]["edit"]["changes"][URI][0]["newText"], "1 + 0");
    session.reply(&edit, json!({"applied": true})).await;
    session.shown().await;

    session.run(range((1, 4), (1, 5)), "explain").await;
    let question = session.asked("window/showDocument").await;
    session.refuse(&question).await;
    let told = session.shown().await;
    let path = told.strip_prefix("LiteLLM: see ").expect("a path");
    assert!(std::fs::read_to_string(path).unwrap().contains("It is *one*."));
    session.server.end().await;
}

#[tokio::test]
async fn a_cursor_that_is_a_selection_of_one_character_can_be_completed_at() {
    let mut session = Session::open(json!({})).await;
    for (from, to, here) in [((1, 4), (1, 5), true), ((0, 16), (1, 0), true), ((1, 3), (1, 5), false)] {
        let actions = session.actions(range(from, to), json!([])).await;
        let complete = actions.iter().find(|(title, _)| title == "LiteLLM: complete here");
        let at = complete.map(|(_, command)| command["arguments"][0]["range"].clone());
        assert_eq!(at, here.then(|| range(from, from)));
    }
    session.server.end().await;
}

#[tokio::test]
async fn diagnostics_are_fixed_on_whole_lines() {
    let mut session = Session::open(json!({})).await;
    let diagnostics = json!([{"range": range((1, 4), (1, 5)), "message": "mismatched types: this is longer than a menu likes it"}]);
    let actions = session.actions(range((1, 4), (1, 4)), diagnostics).await;
    let (title, command) = &actions[0];
    assert_eq!(title, "LiteLLM: fix “mismatched types: this is longer than a menu likes…”");
    let argument = &command["arguments"][0];
    assert_eq!(argument["range"], range((1, 0), (1, 5)));
    assert_eq!(argument["problems"], json!(["mismatched types: this is longer than a menu likes it"]));
    session.server.end().await;
}

/// However many there are, no action has more of them than a question says.
#[tokio::test]
async fn actions_have_as_many_diagnostics_as_a_question_says() {
    let mut session = Session::open(json!({})).await;
    let message = |at: usize| format!("{at}: {}", "x".repeat(2_000));
    let many: Vec<Value> =
        (0..200).map(|at| json!({"range": range((1, 4), (1, 5)), "message": message(at)})).collect();
    let actions = session.actions(range((1, 3), (1, 5)), json!(many)).await;
    assert!(actions[0].0.ends_with("and 199 more"), "{}", actions[0].0);
    let told: Vec<Vec<String>> = actions
        .iter()
        .filter_map(|(_, command)| serde_json::from_value(command["arguments"][0]["problems"].clone()).ok())
        .collect();
    assert!(told.len() > 3);
    for told in told {
        assert_eq!(told.len(), 20);
        assert!(told.iter().enumerate().all(|(at, one)| one.len() == 500 && message(at).starts_with(one)));
    }
    session.server.end().await;
}

#[tokio::test]
async fn a_model_is_chosen_from_the_menu_and_lasts() {
    let mut session = Session::open(json!({})).await;
    let titles = |actions: &[(String, Value)]| -> Vec<String> {
        actions.iter().map(|(title, _)| title.clone()).filter(|title| title.contains("use ")).collect()
    };
    let before = session.actions(range((0, 0), (0, 0)), json!([])).await;
    assert_eq!(
        titles(&before),
        [
            "LiteLLM: ✓ use gpt · 128k context · $0.15 / $0.60 · tools vision",
            "LiteLLM: use claude · 200k context · $3 / $15 · retires 2099-12-31 · tools vision reasoning"
        ]
    );
    session.run(range((0, 0), (0, 0)), "use claude").await;
    assert_eq!(session.shown().await, "LiteLLM: using claude");
    let after = session.actions(range((0, 0), (0, 0)), json!([])).await;
    assert!(titles(&after)[0].contains("✓ use claude"), "{after:?}");
    let profiles = session.server.call("provider/listProfiles", json!({})).await.unwrap();
    assert_eq!(profiles["profiles"][0]["persisted"], true);
    session.server.end().await;
}

#[tokio::test]
async fn a_model_is_chosen_from_buttons_or_else_read_from_a_table() {
    let mut session = Session::open(json!({})).await;
    assert_eq!(session.command("useModel", json!([])).await, Ok(Value::Null));
    let question = session.asked("window/showMessageRequest").await;
    let titles: Vec<_> =
        question["params"]["actions"].as_array().unwrap().iter().map(|action| &action["title"]).collect();
    assert_eq!(titles.len(), 2, "{question}");
    session.reply(&question, json!({"title": titles[1]})).await;
    assert_eq!(session.shown().await, "LiteLLM: using claude");

    session.command("useModel", json!([])).await.unwrap();
    let question = session.asked("window/showMessageRequest").await;
    session.refuse(&question).await;
    let page = session.page().await;
    assert!(
        page.contains("| ● claude | 200k    | $3 / $15      | 64k    | retires 2099-12-31 | tools vision reasoning cache ~"),
        "{page}"
    );

    session.command("useModel", json!([{"model": "gpt"}])).await.unwrap();
    assert_eq!(session.shown().await, "LiteLLM: using gpt");
    // A name that is not listed is asked about before it is saved, with the nearest that is.
    for (answer, said) in [
        (json!({"title": "Use claud"}), "LiteLLM: using claud"),
        (json!({"title": "Use claude"}), "LiteLLM: using claude"),
        (Value::Null, "LiteLLM: claud is not used, for the proxy does not list it: choose a listed model"),
    ] {
        session.command("useModel", json!(["claud"])).await.unwrap();
        let question = session.asked("window/showMessageRequest").await;
        assert_eq!(question["params"]["actions"], json!([{"title": "Use claude"}, {"title": "Use claud"}]));
        session.reply(&question, answer).await;
        assert_eq!(session.shown().await, said);
    }
    let refused = session.command("useModel", json!([7])).await.unwrap_err();
    assert_eq!(refused["code"], -32602);
    assert!(session.shown().await.starts_with("LiteLLM: give the model's id"));
    session.server.end().await;
}

#[tokio::test]
async fn the_twins_answer_and_show() {
    let mut session = Session::open(json!({})).await;
    let listed =
        session.server.request("workspace/executeCommand", json!({"command": "litellm-ls.listModels"})).await;
    let table = session.page().await;
    assert!(table.contains("| ● gpt    | 128k    | $0.15 / $0.60 | 16k    |"), "{table}");
    // By vendor, as in every menu.
    assert_eq!(session.server.response(listed).await.unwrap()["models"][0]["id"], "claude");

    assert_eq!(session.command("status", json!([{}])).await.unwrap()["state"], "ready");
    assert_eq!(session.shown().await, "LiteLLM: the proxy answers");

    let refused = session.command("configure", json!([{"baseURL": "x"}])).await.unwrap_err();
    assert_eq!(refused["data"]["problems"][0]["nearest"], "baseUrl");
    assert!(session.shown().await.contains("baseURL"));

    let unknown = session.command("nothing", json!([])).await.unwrap_err();
    assert!(unknown["data"]["remedy"].as_str().unwrap().contains("litellm-ls.listModels"));
    assert!(session.shown().await.contains("litellm-ls.listModels"));
    session.server.end().await;
}

#[tokio::test]
async fn a_command_without_its_arguments_says_what_to_do_first() {
    let mut session = Session::open(json!({})).await;
    let tasks = ["completeHere", "explain", "rewrite", "fix", "document", "writeTests"];
    for task in tasks {
        for arguments in [Value::Null, json!([]), json!([{}]), json!([{"uri": URI}])] {
            let refused = session.command(task, arguments).await.unwrap_err();
            let remedy = refused["data"]["remedy"].as_str().unwrap().to_owned();
            let shown = session.shown().await;
            assert!(shown.starts_with(&format!("LiteLLM: {remedy}")), "{shown}");
            assert!(remedy.len() < 80 - "LiteLLM: ".len(), "{remedy}");
        }
    }
    session.server.end().await;
}

#[tokio::test]
async fn the_menu_says_why_it_has_no_models_and_what_to_do() {
    let nothing = json!({"data": []});
    for (what, answer, said) in [
        (
            "a wrong key",
            Answer::json(401, &json!({"error": {"message": "Invalid key", "code": 401}})),
            "apiKey",
        ),
        ("a broken proxy", Answer::json(404, &json!({"detail": "Not Found"})), "baseUrl"),
        ("no models", Answer::json(200, &nothing), "for models"),
    ] {
        let mut session = Session::open(json!({})).await;
        for route in ["GET /v1/model/info", "GET /model/info", "GET /v1/models", "GET /models"] {
            session.fake.on(route).always(answer.clone());
        }
        let actions = session.actions(range((0, 0), (0, 0)), json!([])).await;
        let (title, command) = actions.last().expect("an action");
        assert!(title.find(said).is_some_and(|at| at < 80), "{what}: {actions:?}");
        assert_eq!(command["command"], "litellm-ls.status", "{what}");
        session.server.abandon();
    }
    let mut session = Session::open(json!({})).await;
    session.fake.on("GET /v1/model/info").always(Answer::nothing().held());
    session.fake.on("GET /v1/models").always(Answer::nothing().held());
    let actions = session.actions(range((0, 0), (0, 0)), json!([])).await;
    let (title, command) = actions.last().expect("an action");
    assert!(title.contains("not there yet") && command["command"] == "litellm-ls.useModel", "{title}");
    session.server.abandon();
}

#[tokio::test]
async fn what_changes_a_text_comes_behind_what_reads_it() {
    let mut session = Session::open(json!({})).await;
    let actions = session.actions(range((0, 0), (2, 0)), json!([])).await;
    let titles: Vec<&str> = actions.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(titles[0], "LiteLLM: explain the selection", "{titles:?}");
    session.server.end().await;
}

#[tokio::test]
async fn a_row_of_the_page_of_models_chooses_its_model() {
    let mut session = Session::open(json!({})).await;
    let listed =
        session.server.request("workspace/executeCommand", json!({"command": "litellm-ls.listModels"})).await;
    let question = session.asked("window/showDocument").await;
    session.reply(&question, json!({"success": true})).await;
    session.server.response(listed).await.unwrap();
    let (uri, text) = (&question["params"]["uri"], page(&question));
    let opened = json!({"uri": uri, "languageId": "markdown", "version": 0, "text": text});
    session.server.notify("textDocument/didOpen", json!({"textDocument": opened})).await;
    let row = text.lines().position(|line| line.contains(" claude ")).expect("a row") as u32;
    for (line, titles) in [
        (row, vec!["LiteLLM: use claude", "LiteLLM: make it a favourite"]),
        (0, vec!["LiteLLM: ✓ use gpt", "LiteLLM: use claude"]),
    ] {
        let params =
            json!({"textDocument": {"uri": uri}, "range": range((line, 2), (line, 3)), "context": {}});
        let actions = session.server.call("textDocument/codeAction", params).await.unwrap();
        // The command that opened the page may be about to end.
        let is_cancel = |action: &&Value| action["command"]["command"] == "litellm-ls.cancel";
        let actions: Vec<&Value> =
            actions.as_array().unwrap().iter().filter(|action| !is_cancel(action)).collect();
        let found: Vec<&str> = actions.iter().filter_map(|action| action["title"].as_str()).collect();
        assert_eq!(found.len(), titles.len(), "{found:?}");
        assert!(found.iter().zip(&titles).all(|(found, title)| found.starts_with(title)), "{found:?}");
        if line == row {
            for (place, said) in [(0, "LiteLLM: using claude"), (1, "LiteLLM: claude is a favourite")] {
                let command = actions[place]["command"].clone();
                session.server.call("workspace/executeCommand", command).await.unwrap();
                assert_eq!(session.shown().await, said);
            }
            session.command("useModel", json!(["gpt"])).await.unwrap();
            session.shown().await;
        }
    }
    session.server.end().await;
}

#[tokio::test]
async fn a_long_completion_is_cancelled_by_button_by_command_and_by_request() {
    for way in ["button", "command", "request"] {
        let mut session = Session::open(json!({})).await;
        let endless = Answer::stream().text("on").held();
        session.fake.on("POST /v1/chat/completions").always(endless);
        let ask = json!({"command": "litellm-ls.complete", "arguments": [{"prompt": "go on"}]});
        let id = session.server.request("workspace/executeCommand", ask).await;
        let token = session.progress_begins().await;
        let request = session.fake.next_on("POST /v1/chat/completions").await;
        match way {
            "button" => {
                session.server.notify("window/workDoneProgress/cancel", json!({"token": token})).await
            }
            "request" => session.server.notify("$/cancelRequest", json!({"id": id})).await,
            _ => drop(session.command("cancel", json!([])).await.unwrap()),
        }
        session.fake.closed(&request).await;
        let error = session.server.response(id).await.unwrap_err();
        assert_eq!(
            (&error["code"], &error["data"]["partial"]["message"]["text"]),
            (&json!(-32800), &json!("on"))
        );
        session.server.abandon();
    }
}

#[tokio::test]
async fn the_button_cancels_a_completion_of_the_editors_own_progress() {
    let mut session = Session::open(json!({})).await;
    session.fake.on("POST /v1/chat/completions").always(Answer::stream().text("on").held());
    let id = session.server.request("provider/complete", json!({"prompt": "x", "workDoneToken": 7})).await;
    session.asked("$/progress").await;
    let request = session.fake.next_on("POST /v1/chat/completions").await;
    session.server.notify("window/workDoneProgress/cancel", json!({"token": 7})).await;
    let error = session.server.response(id).await.unwrap_err();
    assert_eq!((&error["code"], &error["data"]["kind"]), (&json!(-32800), &json!("requestCancelled")));
    session.fake.closed(&request).await;
    assert_eq!(session.asked("$/progress").await["params"]["value"]["kind"], "end");
    session.server.end().await;
}

#[tokio::test]
async fn a_burst_of_typing_asks_a_model_once_and_every_request_is_answered() {
    let features = json!({"inlineCompletion": true, "inline": {"debounceMs": 1000}});
    let mut session = Session::open(features).await;
    session.fake.on("POST /v1/chat/completions").always(says("2;"));
    let mut ids = Vec::new();
    for keystroke in 0..200_u32 {
        let at = (1, 5 + keystroke);
        session.change(2 + keystroke as i32, range(at, at), "x").await;
        let params = json!({"textDocument": {"uri": URI}, "position": {"line": 1, "character": 6 + keystroke},
            "context": {"triggerKind": 2}});
        ids.push(session.server.request("textDocument/inlineCompletion", params).await);
    }
    let (last, superseded) = ids.split_last().unwrap();
    for id in superseded {
        assert_eq!(session.server.response(*id).await, Ok(json!({"items": []})));
    }
    let proposed = session.server.response(*last).await.unwrap();
    let end = json!({"line": 1, "character": 205});
    assert_eq!(proposed, json!({"items": [{"insertText": "2;", "range": {"start": end, "end": end}}]}));
    let asked =
        |request: &super::support::fake_proxy::Request| request.route() == "POST /v1/chat/completions";
    assert_eq!(session.fake.requests().into_iter().filter(asked).count(), 1);

    // Typing on along the proposal asks nobody.
    session.change(300, range((1, 205), (1, 205)), "2").await;
    let params = json!({"textDocument": {"uri": URI}, "position": {"line": 1, "character": 206}});
    let rest = session.server.call("textDocument/inlineCompletion", params).await.unwrap();
    assert_eq!(rest["items"][0]["insertText"], ";");
    assert_eq!(session.fake.requests().into_iter().filter(asked).count(), 1);
    session.server.end().await;
}

#[tokio::test]
async fn a_newer_keystroke_cancels_the_question_upstream() {
    let features = json!({"inlineCompletion": true, "inline": {"debounceMs": 0}});
    let mut session = Session::open(features).await;
    session.fake.on("POST /v1/chat/completions").answer(Answer::stream().held()).answer(says("new"));
    let params = json!({"textDocument": {"uri": URI}, "position": {"line": 1, "character": 5}, "context": {"triggerKind": 2}});
    let first = session.server.request("textDocument/inlineCompletion", params.clone()).await;
    let request = session.fake.next_on("POST /v1/chat/completions").await;
    let second = session.server.request("textDocument/inlineCompletion", params).await;
    assert_eq!(session.server.response(first).await, Ok(json!({"items": []})));
    session.fake.closed(&request).await;
    assert_eq!(session.server.response(second).await.unwrap()["items"][0]["insertText"], "new");
    session.server.end().await;
}

#[tokio::test]
async fn languages_and_switches_are_respected() {
    let proposals =
        json!({"completion": true, "inlineCompletion": true, "inline": {"blockedLanguages": ["rust"]}});
    let mut session = Session::open(proposals).await;
    let at = json!({"textDocument": {"uri": URI}, "position": {"line": 1, "character": 5}, "context": {"triggerKind": 1}});
    let none = session.server.call("textDocument/inlineCompletion", at.clone()).await.unwrap();
    assert_eq!(none, json!({"items": []}));
    let none = session.server.call("textDocument/completion", at.clone()).await.unwrap();
    assert_eq!(none, json!({"isIncomplete": true, "items": []}));

    // Switched on by pushed settings, and asked for: the menu has the proposal.
    session.fake.on("POST /v1/chat/completions").answer(says("+ 1\n    + 2"));
    let pushed = json!({"settings": {"litellm": {"features": {"completion": true}}}});
    session.server.notify("workspace/didChangeConfiguration", pushed).await;
    let asked = session.server.message("window/showMessageRequest").await;
    session.server.send(&json!({"jsonrpc": "2.0", "id": asked["id"], "result": {"title": "Allow"}})).await;
    let list = loop {
        let list = session.server.call("textDocument/completion", at.clone()).await.unwrap();
        if list["items"] != json!([]) {
            break list;
        }
    };
    // Behind a word it has that word too, for editors show what begins with it.
    let item = &list["items"][0];
    assert_eq!((&item["label"], &item["filterText"]), (&json!("1+ 1…"), &json!("1+ 1…")));
    assert_eq!(item["textEdit"], json!({"newText": "1+ 1\n        + 2", "range": range((1, 4), (1, 5))}));

    // And off again; a wrong switch is shown.
    let pushed = json!({"settings": {"litellm": {"features": {"completion": false}}}});
    session.server.notify("workspace/didChangeConfiguration", pushed).await;
    assert_eq!(session.server.call("textDocument/completion", at).await.unwrap()["items"], json!([]));
    let pushed = json!({"settings": {"litellm": {"features": {"completions": true}}}});
    session.server.notify("workspace/didChangeConfiguration", pushed).await;
    assert!(session.shown().await.contains("completions"));
    session.server.end().await;
}

#[tokio::test]
async fn texts_are_followed_while_a_model_answers() {
    let mut session = Session::open(json!({"inlineCompletion": true})).await;
    session
        .fake
        .on("POST /v1/chat/completions")
        .answer(Answer::stream().text("on").held())
        .answer(says("new"));
    let running = session.server.request("provider/complete", json!({"prompt": "x"})).await;
    let request = session.fake.next_on("POST /v1/chat/completions").await;
    session.change(2, range((0, 3), (0, 6)), "größe_🦀").await;
    // Behind the crab, which is two units in UTF-16.
    let at = json!({"textDocument": {"uri": URI}, "position": {"line": 0, "character": 11}, "context": {"triggerKind": 1}});
    session.server.call("textDocument/inlineCompletion", at).await.unwrap();
    let prompt = session.fake.next_on("POST /v1/chat/completions").await.json();
    let prompt = prompt["messages"][1]["content"].as_str().unwrap().to_owned();
    assert!(prompt.starts_with("fn größe_🦀<CURSOR>() -> u8"), "{prompt}");
    request.resume(Answer::nothing().finish("stop").done());
    session.server.response(running).await.unwrap();
    session.server.end().await;
}

/// Whatever comes as a command, what is told is in words of JSON, with what to do.
#[tokio::test]
async fn commands_that_can_not_be_read_are_refused_in_words() {
    let mut server = TestServer::memory(Door::Lsp, &[]);
    server.initialize(json!({})).await;
    let place = json!({"uri": 7, "range": null});
    for params in [
        json!({}),
        json!([]),
        json!({"command": 7}),
        json!({"command": "litellm-ls.nothing"}),
        json!({"command": "litellm-ls.completeHere"}),
        json!({"command": "litellm-ls.completeHere", "arguments": {}}),
        json!({"command": "litellm-ls.completeHere", "arguments": 7}),
        json!({"command": "litellm-ls.completeHere", "arguments": [null]}),
        json!({"command": "litellm-ls.completeHere", "arguments": [[]]}),
        json!({"command": "litellm-ls.completeHere", "arguments": [place]}),
        json!({"command": "litellm-ls.complete", "arguments": "x", "workDoneToken": {}}),
    ] {
        let error = server.call("workspace/executeCommand", params.clone()).await.expect_err("refused");
        let told = error["message"].as_str().unwrap();
        let is_raw = ["struct", "invalid type", "invalid length", "missing field", "expected a sequence"];
        assert!(!is_raw.iter().any(|word| told.contains(word)), "{params}: {told}");
        assert!(error["data"]["remedy"].is_string(), "{params}: {error}");
    }
    server.abandon();
}
