//! What an answer does to a text: it is written, or shown and kept; and what an editor says of its texts is taken.

use litellm_ls::Door;
use serde_json::{Value, json};

use super::support::{
    fake_proxy::{Answer, FakeProxy},
    read_page,
    server::TestServer,
    tells,
};

const CHAT: &str = "POST /v1/chat/completions";

/// An editor that makes the edits that it is asked for, and says so.
struct Editor {
    fake: FakeProxy,
    server: TestServer,
    uri: String,
    language: &'static str,
    text: String,
    version: i64,
    /// What it puts in the place of LF in edits.
    line_end: &'static str,
    /// What it answers to `window/showMessageRequest`. None: it does not know it.
    choice: Option<Value>,
}

/// What the server showed or did, as the test sees it.
#[derive(Debug, Clone, PartialEq)]
enum Seen {
    Edited(String),
    Page(String),
    Said(String),
    Asked(String),
    Marked(usize),
}

impl Editor {
    async fn open(uri: &str, language: &'static str, text: &str, features: Value) -> Self {
        Self::open_in("editor", uri, language, text, features).await
    }

    /// In an editor of a name.
    async fn open_in(name: &str, uri: &str, language: &'static str, text: &str, features: Value) -> Self {
        let fake = FakeProxy::start().await;
        let variables = [("LITELLM_BASE_URL", &*fake.url()), ("LITELLM_API_KEY", "sk-fake")];
        let mut server = TestServer::memory(Door::Lsp, &variables);
        let capabilities = json!({"workspace": {"workspaceEdit": {"documentChanges": true}}});
        let params = json!({"processId": null, "rootUri": null, "clientInfo": {"name": name}, "capabilities": capabilities,
            "initializationOptions": {"model": "gpt", "features": features}});
        server.call("initialize", params).await.expect("an answer");
        server.notify("initialized", json!({})).await;
        let mut editor = Self {
            fake,
            server,
            uri: uri.to_owned(),
            language,
            text: text.to_owned(),
            version: 1,
            line_end: "\n",
            choice: None,
        };
        editor.tell_open().await;
        editor
    }

    async fn tell_open(&mut self) {
        let document =
            json!({"uri": self.uri, "languageId": self.language, "version": self.version, "text": self.text});
        self.server.notify("textDocument/didOpen", json!({"textDocument": document})).await;
    }

    async fn change(&mut self, changes: Value) {
        self.version += 1;
        let params =
            json!({"textDocument": {"uri": self.uri, "version": self.version}, "contentChanges": changes});
        self.server.notify("textDocument/didChange", params).await;
    }

    /// Runs a command about a range.
    async fn run(&mut self, name: &str, range: Value) {
        let arguments = json!([{"uri": self.uri, "range": range}]);
        let command = json!({"command": format!("litellm-ls.{name}"), "arguments": arguments});
        assert_eq!(self.server.call("workspace/executeCommand", command).await, Ok(Value::Null));
    }

    /// The next thing that the server does. Edits are made, and pages are shown.
    async fn next(&mut self) -> Seen {
        loop {
            let message = self.server.next_message().await;
            let params = &message["params"];
            let (reply, seen) = match message["method"].as_str().unwrap_or_default() {
                "workspace/applyEdit" => {
                    let change = &params["edit"]["documentChanges"][0];
                    assert_eq!(change["textDocument"]["uri"], self.uri.as_str(), "the editor's own spelling");
                    let edit = change["edits"][0].clone();
                    let new = edit["newText"].as_str().expect("a text").to_owned();
                    let taken = new.replace("\r\n", "\n").replace('\r', "\n").replace('\n', self.line_end);
                    let (from, to) =
                        (self.offset(&edit["range"]["start"]), self.offset(&edit["range"]["end"]));
                    self.text.replace_range(from..to, &taken);
                    self.change(json!([{"range": edit["range"], "text": taken}])).await;
                    (Some(json!({"applied": true})), Seen::Edited(new))
                }
                "window/showDocument" => {
                    let page = read_page(params["uri"].as_str().expect("a URI"));
                    (Some(json!({"success": true})), Seen::Page(page))
                }
                "window/showMessageRequest" => {
                    let asked = Seen::Asked(params["message"].as_str().expect("a text").to_owned());
                    (self.choice.clone(), asked)
                }
                "window/showMessage" => {
                    (None, Seen::Said(params["message"].as_str().expect("a text").to_owned()))
                }
                "textDocument/publishDiagnostics" => {
                    (None, Seen::Marked(params["diagnostics"].as_array().expect("a list").len()))
                }
                _ => continue,
            };
            match (message.get("id"), reply) {
                (None, _) => {}
                (Some(id), Some(result)) => {
                    self.server.send(&json!({"jsonrpc": "2.0", "id": id, "result": result})).await;
                }
                (Some(id), None) => {
                    let error = json!({"code": -32601, "message": "Method not found"});
                    self.server.send(&json!({"jsonrpc": "2.0", "id": id, "error": error})).await;
                }
            }
            return seen;
        }
    }

    /// The question for the next edit, which is left to the test.
    async fn edit_question(&mut self) -> Value {
        loop {
            let message = self.server.next_message().await;
            if message["method"] == "workspace/applyEdit" {
                return message;
            }
        }
    }

    fn offset(&self, position: &Value) -> usize {
        let number =
            |name: &str| usize::try_from(position[name].as_u64().expect("a number")).expect("it fits");
        let mut begins = vec![0];
        let bytes = self.text.as_bytes();
        for (place, byte) in bytes.iter().enumerate() {
            if *byte == b'\n' || (*byte == b'\r' && bytes.get(place + 1) != Some(&b'\n')) {
                begins.push(place + 1);
            }
        }
        begins[number("line")] + number("character")
    }
}

fn range(from: (u32, u32), to: (u32, u32)) -> Value {
    json!({"start": {"line": from.0, "character": from.1}, "end": {"line": to.0, "character": to.1}})
}

fn ends(text: &str, finish: &str) -> Answer {
    Answer::stream().text(text).finish(finish).done()
}

#[tokio::test]
async fn an_answer_that_is_not_fit_leaves_the_text_and_is_kept() {
    let several = "```\na()\n```\nor\n```\nb()\n```";
    for (answer, reason) in [
        (ends("2 +", "length"), "cut off at its length limit"),
        (ends("2 +", "content_filter"), "content filter"),
        (Answer::stream().text("2 +").close(), "was interrupted"),
        (ends(several, "stop"), "several blocks"),
    ] {
        let mut editor = Editor::open("file:///w/a.rs", "rust", "let a = 1;\n", json!({})).await;
        editor.fake.on(CHAT).always(answer);
        editor.run("rewrite", range((0, 8), (0, 9))).await;
        let page = loop {
            match editor.next().await {
                Seen::Page(page) => break page,
                Seen::Said(_) => {}
                other => panic!("{reason}: {other:?}"),
            }
        };
        assert!(tells(&page, reason) && page.contains("insertAnswer"), "{reason}: {page}");
        assert_eq!(editor.text, "let a = 1;\n");

        // It can be written all the same, where it was meant to go, and then it is kept no more.
        let actions =
            json!({"textDocument": {"uri": editor.uri}, "range": range((0, 0), (0, 0)), "context": {}});
        let actions = editor.server.call("textDocument/codeAction", actions).await.expect("actions");
        assert!(actions.to_string().contains("litellm-ls.insertAnswer"), "{actions}");
        editor.run("insertAnswer", range((0, 0), (0, 0))).await;
        let Seen::Edited(new) = editor.next().await else { panic!("an edit") };
        assert_eq!(editor.text, format!("let a = {new};\n"));
        editor.server.abandon();
    }
}

#[tokio::test]
async fn an_empty_answer_and_a_refusal_leave_the_text() {
    for (answer, said) in [
        (ends("", "stop"), "nothing"),
        (ends("```rust\n```", "stop"), "no text"),
        (ends("<think>hm</think>", "stop"), "thought"),
        (Answer::stream().delta(json!({"refusal": "I can't."})).finish("stop").done(), "refused"),
    ] {
        let mut editor = Editor::open("file:///w/a.rs", "rust", "let a = 1;\n", json!({})).await;
        editor.fake.on(CHAT).always(answer);
        editor.run("rewrite", range((0, 8), (0, 9))).await;
        match editor.next().await {
            Seen::Said(sentence) => assert!(sentence.contains(said), "{said}: {sentence}"),
            other => panic!("{said}: {other:?}"),
        }
        editor.server.abandon();
    }
}

#[tokio::test]
async fn a_stream_goes_into_a_text_with_any_line_ends() {
    for line_end in ["\n", "\r\n", "\r"] {
        let text = format!("def f():{line_end}    {line_end}x = 1{line_end}");
        let mut editor = Editor::open("file:///w/a.py", "python", &text, json!({"streamEdits": true})).await;
        editor.line_end = line_end;
        editor.fake.on(CHAT).answer(Answer::stream().text("one()\n    two()").held());
        editor.run("completeHere", range((1, 4), (1, 4))).await;
        let request = editor.fake.next_on(CHAT).await;
        // How deep the second line stands is known when it has ended.
        assert_eq!(editor.next().await, Seen::Edited("one()".to_owned()));
        request.resume(Answer::nothing().text("\n    three()\n").finish("stop").done());
        assert_eq!(editor.next().await, Seen::Edited(format!("{line_end}    two(){line_end}    three()")));
        assert!(matches!(editor.next().await, Seen::Said(_)), "what it took");
        let code = ["def f():", "    one()", "    two()", "    three()", "x = 1", ""].join(line_end);
        assert_eq!(editor.text, code);
        editor.server.abandon();
    }
}

#[tokio::test]
async fn an_answer_takes_the_line_ends_that_its_text_has_by_then() {
    const TEXT: &str = "b = 1\nb = 2\nc = 3\n";
    const CODE: &str = "x = 1\ny = 2";
    for (before, after) in
        [("\n", "\r\n"), ("\n", "\r"), ("\r\n", "\n"), ("\r\n", "\r"), ("\r", "\n"), ("\r", "\r\n")]
    {
        for way in ["rewrite", "complete", "stream", "insertAnswer", "provider/edit"] {
            let text = TEXT.replace('\n', before);
            let features = json!({"streamEdits": way == "stream"});
            let mut editor = Editor::open("file:///w/a.py", "python", &text, features).await;
            editor.line_end = after;
            let finish = if way == "insertAnswer" { "length" } else { "stop" };
            let answer = Answer::stream().text("x = 1").held().text("\ny = 2").finish(finish).done();
            editor.fake.on(CHAT).answer(answer);
            let place = if matches!(way, "complete" | "stream") {
                range((3, 0), (3, 0))
            } else {
                range((1, 0), (1, 5))
            };
            let asked = match way {
                "complete" | "stream" => {
                    editor.run("completeHere", place.clone()).await;
                    None
                }
                "provider/edit" => {
                    let params =
                        json!({"textDocument": {"uri": editor.uri}, "range": place, "task": "rewrite"});
                    Some(editor.server.request("provider/edit", params).await)
                }
                _ => {
                    editor.run("rewrite", place.clone()).await;
                    None
                }
            };
            let request = editor.fake.next_on(CHAT).await;
            if way == "stream" {
                assert!(matches!(editor.next().await, Seen::Edited(_)), "the beginning is written");
            }
            editor.text = editor.text.replace(before, after);
            editor.change(json!([{"text": editor.text}])).await;
            // When this is answered, the change has been taken.
            editor.server.call("provider/listProfiles", json!({})).await.expect("an answer");
            request.resume(Answer::nothing());
            let new = match asked {
                Some(asked) => {
                    let result = editor.server.response(asked).await.expect("an answer");
                    result["newText"].as_str().expect("a text").to_owned()
                }
                None => loop {
                    match editor.next().await {
                        Seen::Edited(new) => break new,
                        Seen::Page(_) if way == "insertAnswer" => editor.run(way, place.clone()).await,
                        Seen::Said(_) => {}
                        other => panic!("{way}: {other:?}"),
                    }
                },
            };
            let expected = if way == "stream" { "\ny = 2" } else { CODE };
            assert_eq!(new, expected.replace('\n', after), "{way} from {before:?} to {after:?}");
            editor.server.abandon();
        }
    }
}

/// The place of a mark in a text, and the text without it.
fn cursor(text: &str) -> (String, (u32, u32)) {
    let (before, after) = text.split_once('|').unwrap();
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().unwrap_or_default().len();
    (format!("{before}{after}"), (u32::try_from(line).unwrap(), u32::try_from(column).unwrap()))
}

#[tokio::test]
async fn an_answer_finds_its_place_again_whose_user_types_elsewhere() {
    const TEXT: &str = "a = 1\nb = 2\nc = 3\n";
    for line_end in ["\n", "\r\n"] {
        for (way, typed, becomes) in [
            ("rewrite", "mine\na = 1\nb = 2\nc = 3\n", Some("mine\na = 1\nX\nc = 3\n")),
            ("rewrite", "a = 1\nb = 2\nc = 3\nmine\n", Some("a = 1\nX\nc = 3\nmine\n")),
            ("rewrite", "a = 10\nb = 2\nc = 30\n", Some("a = 10\nX\nc = 30\n")),
            ("rewrite", "b = 2\n", Some("X\n")),
            // What it was made for is another, or may be either of two.
            ("rewrite", "a = 1\nb = 22\nc = 3\n", None),
            ("rewrite", "a = 1\n b = 2\nc = 3\n", None),
            ("rewrite", "a = 1\nb = 3\nc = 3\n", None),
            ("rewrite", "a = 10\nb = 2\nb = 2\nc = 30\n", None),
            ("completeHere", "a = 1\nb = 23\nc = 3\n", None),
            ("completeHere", "mine\na = 1\nb = 2\nc = 3\n", None),
        ] {
            let lines = |text: &str| text.replace('\n', line_end);
            let mut editor = Editor::open("file:///w/a.txt", "plaintext", &lines(TEXT), json!({})).await;
            editor.line_end = line_end;
            editor.fake.on(CHAT).answer(Answer::stream().text("X").held().finish("stop").done());
            let begin = if way == "rewrite" { (1, 0) } else { (1, 5) };
            editor.run(way, range(begin, (1, 5))).await;
            let request = editor.fake.next_on(CHAT).await;
            editor.text = lines(typed);
            editor.change(json!([{"text": editor.text}])).await;
            // When this is answered, the change has been taken.
            editor.server.call("provider/listProfiles", json!({})).await.expect("an answer");
            request.resume(Answer::nothing());
            match (editor.next().await, becomes) {
                (Seen::Edited(_), Some(becomes)) => {
                    assert_eq!(editor.text, lines(becomes), "{way}: {typed:?}")
                }
                (Seen::Page(page), None) => {
                    assert!(page.contains("has changed meanwhile"), "{page}");
                    assert_eq!(editor.text, lines(typed));
                }
                (seen, _) => panic!("{way}: {typed:?}: {seen:?}"),
            }
            editor.server.abandon();
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_put_elsewhere_stands_as_lines_do_there() {
    let lines = "K1 = 1\nK2 = 2";
    for (answer, from, to, becomes) in [
        (lines, "|z = 3\n", "|z = 3\n", "K1 = 1\nK2 = 2\nz = 3\n"),
        (
            lines,
            "def f():\n    x = 1|\n",
            "def f():\n    x = 1|\n",
            "def f():\n    x = 1\n    K1 = 1\n    K2 = 2\n",
        ),
        (
            lines,
            "def f():\n    |x = 1\n",
            "def f():\n    |x = 1\n",
            "def f():\n    K1 = 1\n    K2 = 2\n    x = 1\n",
        ),
        (lines, "def f():\n    |x = 1\n", "def f():\n    x = 1|\n", "def f():\n    K1 = 1\n    K2 = 2\n"),
        (lines, "def f():\n|    x = 1\n", "def f():\n    x = 1\n|\n", "def f():\n    K1 = 1\n    K2 = 2\n"),
        ("2", "y = |1\n", "y = 1|\n", "y = 2\n"),
        ("2", "f(|)\n", "f(|)\n", "f(2)\n"),
    ] {
        let (text, begin) = cursor(from);
        let (_, end) = cursor(to);
        let mut editor = Editor::open("file:///w/a.py", "python", "s = 0\n", json!({})).await;
        editor.fake.on(CHAT).answer(Answer::stream().text(answer).finish("length").done());
        editor.run("rewrite", range((0, 0), (0, 5))).await;
        while !matches!(editor.next().await, Seen::Page(_)) {}
        editor.text = text;
        editor.change(json!([{"text": editor.text}])).await;
        editor.run("insertAnswer", range(begin, end)).await;
        assert!(matches!(editor.next().await, Seen::Edited(_)), "{from:?}");
        assert_eq!(editor.text, becomes, "{answer:?} at {from:?}");
        editor.server.abandon();
    }
}

#[tokio::test]
async fn a_stream_that_is_cut_off_stays_marked_and_one_undo_away() {
    for way in ["length", "cancel"] {
        let mut editor =
            Editor::open("file:///w/a.py", "python", "x = \n", json!({"streamEdits": true})).await;
        editor.fake.on(CHAT).answer(Answer::stream().text("one(").held());
        editor.run("completeHere", range((0, 4), (0, 4))).await;
        let request = editor.fake.next_on(CHAT).await;
        assert_eq!(editor.next().await, Seen::Edited("one(".into()));
        let mut last = "one(".to_owned();
        let whole = if way == "length" {
            request.resume(Answer::nothing().text("two").finish("length").done());
            "one(two"
        } else {
            let cancel = json!({"command": "litellm-ls.cancel", "arguments": []});
            editor.server.request("workspace/executeCommand", cancel).await;
            "one("
        };
        loop {
            match editor.next().await {
                Seen::Edited(new) => last = new,
                Seen::Marked(marks) => break assert_eq!(marks, 1),
                other => panic!("{way}: {other:?}"),
            }
        }
        assert_eq!((&*last, &*editor.text), (whole, &*format!("x = {whole}\n")), "one edit, and so one undo");
        let Seen::Said(said) = editor.next().await else { panic!("a sentence") };
        assert!(said.contains("undo"), "{said}");
        editor.change(json!([{"range": range((0, 0), (0, 0)), "text": "#"}])).await;
        loop {
            match editor.next().await {
                Seen::Marked(marks) => break assert_eq!(marks, 0, "a change takes the mark away"),
                Seen::Said(_) => {}
                other => panic!("{other:?}"),
            }
        }
        editor.server.abandon();
    }
}

/// A stream is gone on with where its user types before it or behind it; where they change it, the page says that a part of
/// it stands in the text.
#[tokio::test]
async fn a_stream_follows_its_place_wherever_its_user_types() {
    const TEXT: &str = "a = 0\nx = \nz = 2\n";
    let before = || (range((0, 0), (0, 0)), "mine = 1\n");
    let behind = || (range((2, 4), (2, 5)), "7");
    for (typed, goes_on) in [
        (vec![before()], true),
        (vec![(range((0, 4), (0, 5)), "7")], true),
        (vec![(range((0, 0), (1, 0)), "")], true),
        (vec![behind()], true),
        (vec![(range((1, 8), (1, 8)), "  # mine")], true),
        (vec![before(), behind()], true),
        (vec![before(), (range((1, 4), (1, 7)), "mine"), behind()], false),
    ] {
        for line_end in ["\n", "\r\n"] {
            let text = TEXT.replace('\n', line_end);
            let mut editor =
                Editor::open("file:///w/a.py", "python", &text, json!({"streamEdits": true})).await;
            editor.line_end = line_end;
            editor.fake.on(CHAT).answer(Answer::stream().text("one(").held());
            editor.run("completeHere", range((1, 4), (1, 4))).await;
            let request = editor.fake.next_on(CHAT).await;
            assert_eq!(editor.next().await, Seen::Edited("one(".into()));
            let mut changes = Vec::new();
            // From behind, so that each place is as it was.
            for (place, typed) in typed.iter().rev() {
                let typed = typed.replace('\n', line_end);
                let (from, to) = (editor.offset(&place["start"]), editor.offset(&place["end"]));
                editor.text.replace_range(from..to, &typed);
                changes.push(json!({"range": place, "text": typed}));
            }
            editor.change(json!(changes)).await;
            let typed_into = editor.text.clone();
            // When this is answered, the change has been taken.
            editor.server.call("provider/listProfiles", json!({})).await.expect("an answer");
            request.resume(Answer::nothing().text("two)").finish("stop").done());
            if goes_on {
                while !matches!(editor.next().await, Seen::Said(_)) {}
                assert_eq!(editor.text, typed_into.replacen("one(", "one(two)", 1), "{typed:?}");
            } else {
                let Seen::Page(page) = editor.next().await else { panic!("a page") };
                assert!(
                    tells(&page, "its beginning, which stands there") && page.contains("one(two)"),
                    "{page}"
                );
                assert_eq!(editor.text, typed_into);
            }
            editor.server.abandon();
        }
    }
}

#[tokio::test]
async fn a_stream_that_turns_out_to_be_no_code_is_taken_back() {
    let mut editor = Editor::open("file:///w/a.py", "python", "x = \n", json!({"streamEdits": true})).await;
    editor.fake.on(CHAT).answer(ends("You could write a function for it, and then call that here.", "stop"));
    editor.run("completeHere", range((0, 4), (0, 4))).await;
    loop {
        match editor.next().await {
            Seen::Edited(_) => {}
            Seen::Page(page) => break assert!(page.contains("explanation"), "{page}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(editor.text, "x = \n");
    editor.server.abandon();
}

#[tokio::test]
async fn an_answer_lands_only_in_the_opening_that_it_was_made_for() {
    for (way, lands) in [("typed and undone", true), ("same version", false), ("opened again", false)] {
        let mut editor = Editor::open("file:///w/a.py", "python", "x = 1\ny = 2\n", json!({})).await;
        editor.fake.on(CHAT).answer(Answer::stream().text("3").held().finish("stop").done());
        editor.run("rewrite", range((0, 4), (0, 5))).await;
        let request = editor.fake.next_on(CHAT).await;
        match way {
            "typed and undone" => {
                editor.change(json!([{"range": range((0, 0), (0, 0)), "text": "#"}])).await;
                editor.change(json!([{"range": range((0, 0), (0, 1)), "text": ""}])).await;
            }
            "same version" => {
                editor.version -= 1;
                editor.change(json!([{"range": range((0, 5), (0, 5)), "text": "#"}])).await;
            }
            _ => {
                editor
                    .server
                    .notify("textDocument/didClose", json!({"textDocument": {"uri": editor.uri}}))
                    .await;
                editor.tell_open().await;
            }
        }
        // When this is answered, the change has been taken.
        editor.server.call("provider/listProfiles", json!({})).await.expect("an answer");
        request.resume(Answer::nothing());
        match editor.next().await {
            Seen::Edited(_) => assert!(lands, "{way}"),
            Seen::Page(page) => {
                assert!(!lands && tells(&page, "again meanwhile") == (way == "opened again"), "{way}: {page}")
            }
            other => panic!("{way}: {other:?}"),
        }
        editor.server.abandon();
    }
}

#[tokio::test]
async fn edits_and_proposals_know_documents_by_every_spelling() {
    for (opened, asked) in [
        ("file:///w/%5Bfoo%5D.py", "file:///w/[foo].py"),
        ("file:///w/a b^c|d[1].py", "file:///w/a%20b%5Ec%7Cd%5B1%5D.py"),
        ("file:///c%3A/w/a.py", "file:///C:/w/a.py"),
        ("untitled:Untitled-1", "untitled:Untitled-1"),
        ("/w/plain/path.py", "/w/plain/path.py"),
        ("", ""),
    ] {
        let mut editor = Editor::open(opened, "python", "x = \n", json!({"inlineCompletion": true})).await;
        editor.fake.on(CHAT).always(ends("3", "stop"));
        let at = json!({"textDocument": {"uri": asked}, "position": {"line": 0, "character": 4}, "context": {"triggerKind": 1}});
        let proposed = editor.server.call("textDocument/inlineCompletion", at).await.expect("proposals");
        assert_eq!(proposed["items"][0]["insertText"], "3", "{asked}");
        let arguments = json!([{"uri": asked, "range": range((0, 4), (0, 4))}]);
        let command = json!({"command": "litellm-ls.completeHere", "arguments": arguments});
        editor.server.call("workspace/executeCommand", command).await.expect("an answer");
        assert_eq!(editor.next().await, Seen::Edited("3".into()), "{opened}");
        editor.server.abandon();
    }
}

#[tokio::test]
async fn an_edit_that_the_editor_passed_over_is_not_lost() {
    let mut editor = Editor::open("file:///w/a.py", "python", "x = 1\n", json!({})).await;
    editor.fake.on(CHAT).always(ends("3", "stop"));
    editor.run("rewrite", range((0, 4), (0, 5))).await;
    let asked = editor.edit_question().await;
    // As Neovim does where the user has typed: the edit is for an older version, and the reply says that it was made.
    editor.change(json!([{"range": range((0, 0), (0, 0)), "text": "#"}])).await;
    editor.server.send(&json!({"jsonrpc": "2.0", "id": asked["id"], "result": {"applied": true}})).await;
    assert!(matches!(editor.next().await, Seen::Page(page) if tells(&page, "changed meanwhile")));
    editor.server.abandon();
}

#[tokio::test]
async fn another_model_and_another_try_give_another_proposal() {
    let mut editor =
        Editor::open("file:///w/a.py", "python", "x = \n", json!({"inlineCompletion": true})).await;
    editor
        .fake
        .on(CHAT)
        .answer(ends("one", "stop"))
        .answer(ends("two", "stop"))
        .answer(ends("three", "stop"));
    let at = |kind: u8| json!({"textDocument": {"uri": "file:///w/a.py"}, "position": {"line": 0, "character": 4}, "context": {"triggerKind": kind}});
    for (kind, proposed) in [(1, "one"), (2, "one"), (1, "two"), (2, "two")] {
        let list = editor.server.call("textDocument/inlineCompletion", at(kind)).await.expect("proposals");
        assert_eq!(list["items"][0]["insertText"], proposed);
    }
    editor
        .server
        .call("provider/configure", json!({"model": "claude", "verify": false}))
        .await
        .expect("settings");
    let list = editor.server.call("textDocument/inlineCompletion", at(2)).await.expect("proposals");
    assert_eq!(list["items"][0]["insertText"], "three");
    editor.server.abandon();
}

/// Helix sends a change from a task of its own, and so a question and later changes may come before it.
#[tokio::test]
async fn a_proposal_is_for_the_text_that_its_question_was_asked_in() {
    for late in 0..4 {
        let uri = "file:///w/a.md";
        let mut editor =
            Editor::open_in("helix", uri, "markdown", "all is \nend\n", json!({"completion": true})).await;
        editor.fake.on(CHAT).always(ends("cribed", "stop"));
        let mut changes: Vec<_> = (0..)
            .zip("(des".chars())
            .map(|(place, typed)| {
                let at = 7 + place;
                json!({"textDocument": {"uri": uri, "version": 2 + place},
                    "contentChanges": [{"range": range((0, at), (0, at)), "text": typed}]})
            })
            .collect();
        let late = changes.remove(late);
        for change in changes {
            editor.server.notify("textDocument/didChange", change).await;
        }
        let at = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 11}, "context": {"triggerKind": 1}});
        let asked = editor.server.request("textDocument/completion", at).await;
        editor.server.notify("textDocument/didChange", late).await;
        let list = editor.server.response(asked).await.expect("proposals");
        let edit = json!({"range": range((0, 8), (0, 11)), "newText": "described"});
        assert_eq!(list["items"][0]["textEdit"], edit, "{list}");
        let [request] = &editor.fake.requests()[..] else { panic!("one question") };
        let asked = String::from_utf8_lossy(&request.body);
        assert!(asked.contains("all is (des<CURSOR>"), "{asked}");
        editor.server.abandon();
    }
}

#[tokio::test]
async fn nothing_of_a_file_with_secrets_goes_out_by_itself() {
    let features = json!({"inlineCompletion": true, "completion": true});
    for uri in ["file:///w/.env", "file:///home/ann/.ssh/id_rsa", "untitled:prod.tfvars", "/w/.ENV.local"] {
        let mut editor = Editor::open(uri, "plaintext", "KEY=\n", features.clone()).await;
        editor.fake.on(CHAT).always(ends("hunter2", "stop"));
        for method in ["textDocument/inlineCompletion", "textDocument/completion"] {
            let at = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 4}, "context": {"triggerKind": 1}});
            assert_eq!(
                editor.server.call(method, at).await.expect("none")["items"],
                json!([]),
                "{method} {uri}"
            );
        }
        // An editor that can't ask is told what to do.
        editor.run("completeHere", range((0, 4), (0, 4))).await;
        assert!(matches!(editor.next().await, Seen::Asked(_)));
        assert!(matches!(editor.next().await, Seen::Said(said) if said.contains("secretFiles")));
        // One that can asks, and takes no for an answer.
        for (choice, sent) in [
            (json!(null), false),
            (json!({"title": "Don't Send It"}), false),
            (json!({"title": "Send It"}), true),
        ] {
            editor.choice = Some(choice);
            editor.run("completeHere", range((0, 4), (0, 4))).await;
            assert!(matches!(editor.next().await, Seen::Asked(_)));
            if sent {
                assert_eq!(editor.next().await, Seen::Edited("hunter2".into()));
            }
        }
        let chats = editor.fake.requests().into_iter().filter(|request| request.route() == CHAT).count();
        assert_eq!(chats, 1, "{uri}: only what the user sent");
        editor.server.abandon();
    }
}

#[tokio::test]
async fn a_workspace_adds_secret_files_and_takes_none_away() {
    let mut editor = Editor::open("file:///w/a.py", "python", "x = \n", json!({})).await;
    let pushed = json!({"settings": {"litellm": {"secretFiles": ["*.plan", "!.env*"]}}});
    editor.server.notify("workspace/didChangeConfiguration", pushed).await;
    assert!(matches!(editor.next().await, Seen::Said(said) if said.contains("secretFiles")));
    for (uri, secret) in [("file:///w/a.plan", true), ("file:///w/.env", true), ("file:///w/a.py", false)] {
        let checked = editor.server.call("provider/checkFile", json!({"uri": uri})).await.expect("an answer");
        assert_eq!(checked["secret"], secret, "{uri}");
    }
    editor.server.abandon();
}

/// A link has a name of its own, and the content of what it leads to.
#[cfg(unix)]
#[tokio::test]
async fn a_link_to_a_file_of_secrets_is_one() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".ssh")).unwrap();
    std::fs::write(folder.path().join(".ssh/key"), "A").unwrap();
    std::fs::write(folder.path().join(".env"), "A=1\n").unwrap();
    std::fs::write(folder.path().join("notes.md"), "A\n").unwrap();
    for (link, target) in
        [("plain.txt", ".env"), ("keys", ".ssh"), ("twice.txt", "plain.txt"), ("a.md", "notes.md")]
    {
        std::os::unix::fs::symlink(target, folder.path().join(link)).unwrap();
    }
    let mut editor = Editor::open("file:///w/a.py", "python", "x = \n", json!({})).await;
    for (name, secret) in [("plain.txt", true), ("keys/key", true), ("twice.txt", true), ("a.md", false)] {
        let uri = url::Url::from_file_path(folder.path().join(name)).unwrap();
        let checked = editor.server.call("provider/checkFile", json!({"uri": uri})).await.expect("an answer");
        assert_eq!(checked["secret"], secret, "{uri}");
    }
    editor.server.abandon();
}

#[tokio::test]
async fn twenty_thousand_changes_at_once_hold_nobody_up() {
    const LINES: u32 = 20_000;
    let text = "value = compute(alpha, beta)  # line\n".repeat(LINES as usize);
    let mut editor = Editor::open("file:///w/a.py", "python", &text, json!({"inlineCompletion": true})).await;
    editor.fake.on(CHAT).answer(Answer::stream().text("on").held()).answer(ends("3", "stop"));
    let running = editor.server.request("provider/complete", json!({"prompt": "x"})).await;
    let request = editor.fake.next_on(CHAT).await;
    let changes: Vec<Value> = (0..LINES)
        .rev()
        .map(|line| json!({"range": range((line, 0), (line, 5)), "text": "an🦀other"}))
        .collect();
    editor.change(changes.into()).await;
    editor.server.notify("$/cancelRequest", json!({"id": running})).await;
    let cancelled = editor.server.response(running).await.expect_err("it is cancelled");
    assert_eq!(cancelled["code"], -32800);
    editor.fake.closed(&request).await;
    let at = json!({"textDocument": {"uri": editor.uri}, "position": {"line": LINES - 1, "character": 9}, "context": {"triggerKind": 1}});
    editor.server.call("textDocument/inlineCompletion", at).await.expect("proposals");
    let prompt = editor.fake.next_on(CHAT).await.json()["messages"][1]["content"].to_string();
    assert!(prompt.contains("\\nan🦀other<CURSOR> = compute"), "{}", &prompt[prompt.len() - 200..]);
    editor.server.abandon();
}

#[tokio::test]
async fn what_an_editor_refuses_is_told_as_that() {
    let mut editor = Editor::open("file:///w/a.py", "python", "x = 1\n", json!({})).await;
    editor.fake.on(CHAT).always(ends("3", "stop"));
    editor.run("rewrite", range((0, 4), (0, 5))).await;
    let asked = editor.edit_question().await;
    editor.server.send(&json!({"jsonrpc": "2.0", "id": asked["id"], "result": {"applied": false}})).await;
    assert!(matches!(editor.next().await, Seen::Page(page) if tells(&page, "the editor did not write it")));
    editor.server.abandon();
}

/// A message in Latin-1, as editors write it that know no other encoding.
fn latin_1(method: &str, params: &Value) -> Vec<u8> {
    let message = json!({"jsonrpc": "2.0", "method": method, "params": params}).to_string();
    let bytes: Vec<u8> =
        message.chars().map(|letter| u8::try_from(u32::from(letter)).expect("Latin-1")).collect();
    [format!("Content-Length: {}\r\n\r\n", bytes.len()).as_bytes(), &bytes].concat()
}

#[tokio::test]
async fn nothing_is_written_into_a_text_of_which_a_message_could_not_be_read() {
    let (uri, text) = ("file:///w/a.py", "x = 1\ny = 2\n");
    let document = json!({"uri": uri, "languageId": "python", "version": 9, "text": "x = \"caf\u{e9}\"\n"});
    let opened = latin_1("textDocument/didOpen", &json!({"textDocument": document}));
    let change = json!([{"range": range((0, 0), (0, 0)), "text": "# caf\u{e9}\n"}]);
    let changed = json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": change});
    let changed = latin_1("textDocument/didChange", &changed);
    let without_name = changed.iter().map(|&byte| if byte == b'w' { 0xff } else { byte }).collect();
    let cut_off = r#"{"jsonrpc":"2.0","method":"textDocument/did"#;
    let cut_off = format!("Content-Length: {}\r\n\r\n{cut_off}", cut_off.len()).into_bytes();
    for unreadable in [opened, changed, without_name, cut_off] {
        let mut editor = Editor::open(uri, "python", text, json!({})).await;
        editor.fake.on(CHAT).answer(Answer::stream().text("3").held().finish("stop").done());
        editor.run("rewrite", range((0, 4), (0, 5))).await;
        let request = editor.fake.next_on(CHAT).await;
        let shown = String::from_utf8_lossy(&unreadable).into_owned();
        editor.server.send_raw(unreadable).await;
        let answer = editor.server.next_message().await;
        assert_eq!((&answer["id"], &answer["error"]["code"]), (&Value::Null, &json!(-32700)), "{shown}");
        request.resume(Answer::nothing());
        assert!(matches!(editor.next().await, Seen::Page(_)), "{shown}: the answer is kept");
        // Nothing is asked about it either, until it is opened again.
        editor.run("rewrite", range((0, 4), (0, 5))).await;
        match editor.next().await {
            Seen::Said(said) => assert!(said.contains("close it and open it again"), "{said}"),
            other => panic!("{shown}: {other:?}"),
        }
        editor.tell_open().await;
        editor.fake.on(CHAT).answer(ends("3", "stop"));
        editor.run("rewrite", range((0, 4), (0, 5))).await;
        assert_eq!(editor.next().await, Seen::Edited("3".into()), "{shown}");
        editor.server.abandon();
    }
}
