//! What PROTOCOL.md states in prose, limits and lists above all, is what the server does.

use std::fs;

use litellm_ls::Door;
use litellm_ls_protocol::{ErrorKind, METHODS, MethodKind};
use serde_json::{Value, json};

use super::support::{
    fake_proxy::Answer,
    session::{peer, with_fake},
};

const CHAT: &str = "POST /v1/chat/completions";

fn file(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("protocol").join(name);
    fs::read_to_string(path).expect(name).replace("\r\n", "\n")
}

/// What stands under a heading.
fn section(page: &str, heading: &str) -> String {
    let (_, rest) = page.split_once(&format!("\n## {heading}\n")).expect(heading);
    rest.split("\n## ").next().expect("a section").to_owned()
}

/// A number as prose has it, such as `1,024`.
fn grouped(number: &Value) -> String {
    let digits = number.as_u64().expect("a number").to_string();
    let (head, tail) = digits.split_at(digits.len() % 3);
    let groups = tail.as_bytes().chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
    let groups: Vec<String> =
        Some(head.to_owned()).filter(|head| !head.is_empty()).into_iter().chain(groups).collect();
    groups.join(",")
}

#[tokio::test]
async fn limits_are_those_that_the_server_tells() {
    let (_fake, mut server) = peer(Door::Lines).await;
    let limits = server.ask("provider/discover", json!({})).await["limits"].take();
    let mebibytes = limits["messageBytes"].as_u64().expect("bytes") >> 20;
    let kibibytes = limits["partialBytes"].as_u64().expect("bytes") >> 10;
    let page = file("PROTOCOL.md");
    for stated in [
        format!(
            "a message has at most {mebibytes} MiB, {} values and {} levels, and a batch {} messages.",
            grouped(&limits["messageValues"]),
            grouped(&limits["messageLevels"]),
            grouped(&limits["batchMessages"])
        ),
        format!("Of more than {} requests at once", grouped(&limits["requests"])),
        format!("At most {kibibytes} KiB of text."),
    ] {
        assert!(page.contains(&stated), "PROTOCOL.md does not say: {stated}");
    }
    server.end().await;
}

#[tokio::test]
async fn an_error_lists_as_many_problems_as_the_page_says() {
    let (_fake, mut server) = with_fake().await;
    let messages = vec![json!({"role": "narrator"}); 30];
    let error =
        server.fails("provider/complete", json!({"messages": messages}), ErrorKind::InvalidParams).await;
    let stated =
        format!("`problems` has an entry for each thing that is wrong, {} at most.", error.problems.len());
    assert!(file("PROTOCOL.md").contains(&stated), "{stated}");
    server.end().await;
}

#[tokio::test]
async fn a_request_is_sent_as_often_as_the_page_says() {
    let (fake, mut server) = with_fake().await;
    let error =
        json!({"error": {"message": "no", "type": "internal_server_error", "param": null, "code": "500"}});
    fake.on(CHAT).always(Answer::json(500, &error).header("retry-after-ms", "1"));
    server.fails("provider/complete", json!({"model": "gpt", "prompt": "Hi"}), ErrorKind::Upstream).await;
    let sent = fake.requests().iter().filter(|request| request.route() == CHAT).count();
    assert_eq!(sent, 3);
    assert!(
        file("PROTOCOL.md").contains("A request is sent up to three times, and only before the first byte")
    );
    server.end().await;
}

/// Each command that is no twin of a method is in the table, and none is there that is no command.
#[tokio::test]
async fn commands_are_those_that_are_announced() {
    let (_fake, mut server) = peer(Door::Lsp).await;
    let discovered = server.ask("provider/discover", json!({})).await;
    let twins: Vec<String> = METHODS
        .iter()
        .filter(|method| method.kind == MethodKind::Request)
        .map(|method| method.method.trim_start_matches("provider/").replace('/', "."))
        .collect();
    let mut announced: Vec<String> = serde_json::from_value(discovered["commands"].clone()).expect("names");
    announced.iter_mut().for_each(|name| *name = name.trim_start_matches("litellm-ls.").to_owned());
    assert!(twins.iter().all(|twin| announced.iter().any(|name| name == twin)));
    announced.retain(|name| !twins.contains(name));

    let page = section(&file("PROTOCOL.md"), "Standard LSP");
    let rows = page.lines().filter(|line| line.starts_with("| |"));
    // What is code and no place of an argument.
    let told: Vec<String> = rows
        .flat_map(|row| row.split('`').skip(1).step_by(2))
        .filter(|code| !code.starts_with('{'))
        .map(|code| code.trim_start_matches("litellm-ls.").to_owned())
        .collect();
    for name in &announced {
        assert!(told.contains(name), "PROTOCOL.md does not tell of {name}");
    }
    for name in &told {
        assert!(announced.contains(name), "PROTOCOL.md tells of {name}, which is no command");
    }
    server.end().await;
}

#[test]
fn lists_are_those_of_the_schema() {
    let (page, schema): (_, Value) =
        (file("PROTOCOL.md"), serde_json::from_str(&file("schema.json")).expect("JSON"));
    let words = |name: &str| {
        let variants = schema["$defs"][name]["anyOf"].as_array().expect(name);
        variants.iter().filter(|variant| variant["const"].is_string()).count()
    };
    let layers = section(&page, "Settings");
    let numbered = layers
        .lines()
        .filter(|line| line.split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok()));
    assert_eq!(numbered.count(), words("Layer"), "layers of settings");

    let methods: Value = serde_json::from_str(&file("methods.json")).expect("JSON");
    let errors = section(&page, "Errors");
    let (_, list) = errors.split_once("Four of them are kinds: ").expect("a list of codes");
    let list = list.lines().next().expect("a line");
    let mut negative = 0;
    for entry in methods["errorCodes"].as_array().expect("codes") {
        let (kind, code) = (entry["kind"].as_str().expect("a kind"), entry["code"].as_i64().expect("a code"));
        let named = list.contains(&format!("{code} `{kind}`"));
        assert_eq!(named, code < 0, "{kind}");
        negative += usize::from(code < 0);
    }
    assert_eq!(negative, 4);
}
