//! Documents that are made to harm: whatever is opened as a `config.yaml`, the server answers, goes on with everything
//! else, and takes a bounded amount of memory.

use litellm_ls::Door;
use serde_json::json;

use crate::support::{memory, server::TestServer, within};

const HEAD: &str = "model_list:\n  - model_name: a\n    litellm_params: {model: openai/gpt-4o}\n";
/// How much memory one may cost, in KiB.
const MOST: usize = 64 << 10;

/// So many megabytes of a piece, and a little more: what is read of one ends at one.
fn megabytes(count: usize, piece: &str) -> String {
    piece.repeat(((count << 20) + (count << 16)) / piece.len())
}

fn numbered(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

fn bomb() -> String {
    let mut bomb = "a0: &a0 {model: openai/gpt-4o, api_key: x}\n".to_owned();
    for level in 1..60 {
        let before = level - 1;
        bomb += &format!(
            "a{level}: &a{level} {{<<: [*a{before}, *a{before}, *a{before}], k{level}: [*a{before}, *a{before}]}}\n"
        );
    }
    bomb + "model_list:\n" + &"  - {model_name: m, litellm_params: *a59, model_info: *a58}\n".repeat(20_000)
}

/// What is opened, by a name for it.
fn documents() -> Vec<(&'static str, String)> {
    vec![
        ("dashes", megabytes(1, "- ")),
        ("dashes in lines", megabytes(1, "- a\n")),
        ("braces", megabytes(10, "{")),
        ("brackets", megabytes(1, "[")),
        ("maps in lists", megabytes(1, "[{a: ")),
        ("keys on one line", megabytes(1, "a: ")),
        ("one line", format!("model_list:\n  - model_name: {}", megabytes(10, "x"))),
        ("one text in quotes", format!("model_list:\n  - model_name: \"{}", megabytes(1, "\\x41"))),
        ("quotes", megabytes(1, "'")),
        ("anchors", megabytes(1, "&a ")),
        ("aliases", megabytes(1, "*a ")),
        ("question marks", megabytes(1, "? ")),
        ("tags", megabytes(1, "!!str ")),
        ("tabs", megabytes(1, "\t")),
        ("line ends", megabytes(1, "\r")),
        ("comments", megabytes(1, "# a\n")),
        ("block texts", megabytes(1, "a: |\n  b\n")),
        ("nothing printable", megabytes(1, "\u{1}\u{85}\u{feff}é")),
        ("stairs", numbered(3000, |depth| format!("{}a:\n", " ".repeat(depth)))),
        ("a bomb", bomb()),
        ("a map in many", {
            let map = numbered(10_000, |n| format!("  k{n}: os.environ/A{n}\n"));
            let many = "  - {model_name: m, litellm_params: *p, model_info: *p}\n".repeat(10_000);
            format!("x-p: &p\n  model: openai/gpt-4o\n{map}model_list:\n{many}")
        }),
        ("a merge of many", {
            let maps = numbered(2_000, |n| format!("  - &m{n} {{k{n}: 1, <<: *m{}}}\n", n.saturating_sub(1)));
            let all = numbered(2_000, |n| format!("*m{n}, "));
            let many = format!("  - {{model_name: m, litellm_params: {{<<: [{all}]}}}}\n").repeat(20);
            format!("x-m:\n{maps}model_list:\n{many}")
        }),
        ("a bomb of lists", {
            let levels = numbered(60, |level| {
                let inner = format!("*l{}, ", level.saturating_sub(1)).repeat(9);
                if level == 0 {
                    "l0: &l0 [x]\n".to_owned()
                } else {
                    format!("l{level}: &l{level} [{inner}]\n")
                }
            });
            format!("{levels}router_settings: {{fallbacks: *l59}}\nlitellm_settings: {{callbacks: *l59}}\n")
        }),
        ("deployments", {
            let one = |n| {
                format!("  - model_name: m{n}\n    litellm_params: {{model: opena{n}/gpt-4o, modell: x}}\n")
            };
            format!("model_list:\n{}", numbered(20_000, one))
        }),
        (
            "one name",
            format!(
                "model_list:\n{}",
                "  - {model_name: a, litellm_params: {model: openai/gpt-4o}}\n".repeat(20_000)
            ),
        ),
        ("models of one vendor", {
            let one = |n| {
                format!(
                    "  - model_name: m{n}\n    litellm_params: {{model: bedrock/anthropic.claude-sonet-{n}}}\n"
                )
            };
            format!("model_list:\n{}", numbered(20_000, one))
        }),
        (
            "keys",
            format!("{HEAD}litellm_settings:\n{}", numbered(40_000, |n| format!("  drop_parm{n}: true\n"))),
        ),
        ("fallbacks", {
            let names = numbered(20_000, |n| {
                format!("  - {{model_name: model-{n}, litellm_params: {{model: openai/gpt-4o}}}}\n")
            });
            let rules = numbered(20_000, |n| format!("    - model-{n}: [modle-{n}, mdoel-{n}]\n"));
            format!("router_settings:\n  fallbacks:\n{rules}model_list:\n{names}")
        }),
        ("patterns", {
            let names = numbered(10_000, |n| {
                format!("  - {{model_name: \"a*{n}*b\", litellm_params: {{model: openai/*}}}}\n")
            });
            let rules = numbered(20_000, |n| format!("    - aa{n}: [ab{n}]\n"));
            format!("model_list:\n{names}router_settings:\n  fallbacks:\n{rules}")
        }),
        (
            "variables",
            format!(
                "{HEAD}environment_variables:\n{}",
                numbered(40_000, |n| format!("  A{n}: os.environ/OPENAI_API_KE{n}\n"))
            ),
        ),
        (
            "includes",
            format!("include:\n{}{HEAD}", numbered(20_000, |n| format!("  - part{}.yaml\n", n % 3000))),
        ),
        ("itself", format!("include:\n{}{HEAD}", "  - litellm.yaml\n".repeat(100_000))),
    ]
}

/// What an editor asks of a document as soon as it is open.
async fn ask_all(server: &mut TestServer, uri: &str) {
    let place = json!({"line": 1, "character": 18});
    let far = json!({"line": 4_000_000, "character": 0});
    let params = json!({"textDocument": {"uri": uri}, "position": place, "positions": [place],
        "range": {"start": place, "end": far}, "newName": "b", "query": "a",
        "context": {"includeDeclaration": true, "diagnostics": []}});
    let methods = [
        "textDocument/diagnostic",
        "textDocument/documentSymbol",
        "textDocument/inlayHint",
        "textDocument/foldingRange",
        "textDocument/documentLink",
        "textDocument/selectionRange",
        "textDocument/completion",
        "textDocument/hover",
        "textDocument/references",
        "textDocument/codeAction",
        "textDocument/prepareRename",
        "workspace/symbol",
        "textDocument/rename",
    ];
    let mut asked = Vec::new();
    for method in methods {
        asked.push((method, server.request(method, params.clone()).await));
    }
    for (method, id) in asked {
        let answer = server.response(id).await;
        // A name may be none that can be renamed.
        assert!(answer.is_ok() || method.ends_with("ename"), "{method}: {answer:?}");
    }
}

#[tokio::test]
async fn no_document_takes_the_memory_or_the_time() {
    let folder = tempfile::tempdir().unwrap();
    let uri = url::Url::from_file_path(folder.path().join("litellm.yaml")).unwrap().to_string();
    let mut wrong = Vec::new();
    for (name, text) in documents() {
        let mut server = TestServer::process(Door::Lsp, &[]).patient();
        server.initialize(json!({"textDocument": {"diagnostic": {}}})).await;
        let pid = server.pid().expect("a process");
        let idle = memory::peak(pid);
        let item = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
        server.notify("textDocument/didOpen", json!({"textDocument": item})).await;
        ask_all(&mut server, &uri).await;
        let taken = memory::peak(pid).zip(idle).map_or(0, |(peak, idle)| peak - idle);
        if taken >= MOST {
            wrong.push(format!("{name} took {taken} KiB"));
        }
        server.abandon();
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whoever asks for something else while a huge file is looked at again and again is answered before that is done.
#[tokio::test]
async fn a_huge_file_holds_up_nothing_else() {
    const LOOKS: usize = 20;
    let folder = tempfile::tempdir().unwrap();
    let uri = url::Url::from_file_path(folder.path().join("litellm.yaml")).unwrap().to_string();
    let one = |n| format!("  - model_name: m{n}\n    litellm_params: {{model: openai/gpt-4o, rpm: lots}}\n");
    let text = format!("model_list:\n{}", numbered(5_000, one));
    let mut server = TestServer::memory(Door::Lsp, &[]);
    server.initialize(json!({"textDocument": {"diagnostic": {}}})).await;
    let item = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
    server.notify("textDocument/didOpen", json!({"textDocument": item})).await;
    let mut looks = Vec::new();
    for _ in 0..LOOKS {
        looks.push(server.request("textDocument/diagnostic", json!({"textDocument": {"uri": uri}})).await);
    }
    let other = server.request("provider/listProfiles", json!({})).await;
    let mut answered = Vec::new();
    while answered.len() <= LOOKS {
        let message = within("an answer", server.next_message()).await;
        answered.extend(message["id"].as_i64().filter(|_| message.get("method").is_none()));
    }
    let place = answered.iter().position(|id| *id == other).expect("an answer");
    assert!(place < LOOKS / 2, "answered behind {place} of {LOOKS} looks at the file");
    assert_eq!(answered.iter().filter(|id| looks.contains(id)).count(), LOOKS);
    server.abandon();
}

/// What is written at once is looked at once, as it is at the end.
#[tokio::test]
async fn changes_in_a_row_are_looked_at_together() {
    const CHANGES: usize = 200;
    let folder = tempfile::tempdir().unwrap();
    let uri = url::Url::from_file_path(folder.path().join("litellm.yaml")).unwrap().to_string();
    let text = |n: usize| format!("{HEAD}litellm_settings:\n  drop_parms{n}: true\n");
    let mut server =
        TestServer::memory(Door::Lsp, &[("LITELLM_MASTER_KEY", "sk-x"), ("OPENAI_API_KEY", "x")]);
    server.initialize(json!({})).await;
    let item = json!({"uri": uri, "languageId": "yaml", "version": 0, "text": text(0)});
    server.notify("textDocument/didOpen", json!({"textDocument": item})).await;
    for version in 1..=CHANGES {
        let params = json!({"textDocument": {"uri": uri, "version": version},
            "contentChanges": [{"text": text(version)}]});
        server.notify("textDocument/didChange", params).await;
    }
    let last = format!("drop_parms{CHANGES}");
    let mut pushes = 0;
    loop {
        let params = within("findings", server.notification("textDocument/publishDiagnostics")).await;
        pushes += 1;
        if params["diagnostics"].to_string().contains(&last) {
            break;
        }
    }
    assert!(pushes < CHANGES / 2, "{pushes} pushes for {CHANGES} changes");
    server.abandon();
}
