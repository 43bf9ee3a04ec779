//! Any number of messages get their answers, however they come: each of them one, and none lost.

use std::collections::HashMap;

use litellm_ls::{Connection, Door, Environment};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

use super::support::within;

/// Enough for every queue on the way to fill more than once.
const MANY: usize = 100_000;

/// What a message asks for.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// Answered at once.
    Known,
    /// Waits for a proxy that is not there.
    Slow,
    Unknown,
    BadParams,
    NoMessage,
    NoJson,
    Notification,
    /// In lines only: three of the others.
    Batch,
}

const KINDS: [Kind; 8] = [
    Kind::Known,
    Kind::Slow,
    Kind::Unknown,
    Kind::BadParams,
    Kind::NoMessage,
    Kind::NoJson,
    Kind::Notification,
    Kind::Batch,
];

/// A kind for each of very many messages: few that take long.
fn cheap(id: usize) -> Kind {
    match id % 100 {
        0 => Kind::Known,
        1 => Kind::BadParams,
        2..50 => Kind::Unknown,
        _ => Kind::NoMessage,
    }
}

/// The text of a message, and the ids of what answers it.
fn message(kind: Kind, id: usize) -> (String, Vec<Value>) {
    let request = |method: &str, params: Value| {
        json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).to_string()
    };
    match kind {
        Kind::Known => (request("provider/listProfiles", json!({})), vec![json!(id)]),
        Kind::Slow => (request("provider/listModels", json!({})), vec![json!(id)]),
        Kind::Unknown => (request("no/such", json!([1])), vec![json!(id)]),
        Kind::BadParams => (request("provider/complete", json!({"messages": 7})), vec![json!(id)]),
        Kind::NoMessage => (format!(r#"{{"id":{id}}}"#), vec![json!(id)]),
        Kind::NoJson => (format!(r#"{{"id":{id},"method":"x","params":"#), vec![json!(id)]),
        Kind::Notification => (r#"{"jsonrpc":"2.0","method":"$/any"}"#.into(), vec![]),
        Kind::Batch => {
            let parts = [Kind::Known, Kind::Unknown, Kind::Notification].map(|kind| message(kind, id));
            let texts: Vec<_> = parts.iter().map(|(text, _)| text.clone()).collect();
            (format!("[{}]", texts.join(",")), parts.into_iter().flat_map(|(_, ids)| ids).collect())
        }
    }
}

fn framed(door: Door, text: &str) -> String {
    match door {
        Door::Lsp => format!("Content-Length: {}\r\n\r\n{text}", text.len()),
        Door::Lines => format!("{text}\n"),
    }
}

/// The messages in what a server wrote.
fn messages(door: Door, mut bytes: &[u8]) -> Vec<Value> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let end = memchr(bytes, b'\n') + 1;
        let mut text = &bytes[..end];
        if matches!(door, Door::Lsp) {
            let header = str::from_utf8(text).unwrap().trim_end();
            let length: usize = header.strip_prefix("Content-Length: ").unwrap().parse().unwrap();
            bytes = &bytes[end + 2..];
            text = &bytes[..length];
        }
        bytes = &bytes[text.len()..];
        match serde_json::from_slice(text).unwrap() {
            Value::Array(batch) => found.extend(batch),
            message => found.push(message),
        }
    }
    found
}

fn memchr(bytes: &[u8], byte: u8) -> usize {
    bytes.iter().position(|found| *found == byte).unwrap()
}

/// When the peer reads what it is answered.
#[derive(Debug, Clone, Copy)]
enum Reads {
    Meanwhile,
    /// Once it has written all.
    Afterwards,
}

/// Sends these messages in one write, and checks that each is answered once.
async fn all_are_answered(door: Door, kinds: impl Iterator<Item = Kind>, reads: Reads) {
    let home = tempfile::tempdir().unwrap();
    // Nobody listens there.
    let variables = HashMap::from([("LITELLM_BASE_URL".to_owned(), "http://127.0.0.1:9".to_owned())]);
    let environment = Environment::new(variables, Some(home.path().to_owned()));
    let (mut input, server_input) = duplex(64 << 10);
    let (server_output, mut output) = duplex(4 << 10);
    let connection = Connection { input: server_input, output: server_output, parent: None, hangup: None };
    let serving = tokio::spawn(litellm_ls::serve(connection, door, environment));

    let mut sent = String::new();
    let mut expected = HashMap::<String, usize>::new();
    if matches!(door, Door::Lsp) {
        sent +=
            &framed(door, r#"{"jsonrpc":"2.0","id":"i","method":"initialize","params":{"capabilities":{}}}"#);
        *expected.entry(json!("i").to_string()).or_default() += 1;
    }
    for (id, kind) in kinds.enumerate() {
        let (text, ids) = message(kind, id);
        sent += &framed(door, &text);
        for id in ids {
            *expected.entry(id.to_string()).or_default() += 1;
        }
    }
    let wanted: usize = expected.values().sum();
    let write = async move {
        input.write_all(sent.as_bytes()).await.unwrap();
        input
    };
    let input = match reads {
        Reads::Meanwhile => tokio::spawn(write),
        Reads::Afterwards => {
            let input = within("room for all messages", write).await;
            tokio::spawn(async move { input })
        }
    };
    let mut bytes = Vec::new();
    let mut answers = Vec::new();
    let mut whole = 0;
    while answers.len() < wanted {
        let read = within("an answer", output.read_buf(&mut bytes)).await.unwrap();
        assert!(read > 0, "{} of {wanted} answers", answers.len());
        // Now and then, for to look for the end of a message takes time too.
        let end = match door {
            Door::Lines => bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1),
            Door::Lsp => whole_frames(&bytes, whole),
        };
        answers.extend(
            messages(door, &bytes[whole..end]).into_iter().filter(|message| message.get("method").is_none()),
        );
        whole = end;
        if whole > 1 << 20 {
            bytes.drain(..whole);
            whole = 0;
        }
    }
    for answer in answers {
        assert_ne!(answer.get("result").is_some(), answer.get("error").is_some(), "{answer}");
        let left = expected.get_mut(&answer["id"].to_string()).expect("an answer to what was asked");
        assert!(*left > 0, "answered twice: {answer}");
        *left -= 1;
    }
    drop(within("the end of the input", input).await.unwrap());
    let mut rest = Vec::new();
    within("the end", output.read_to_end(&mut rest)).await.unwrap();
    assert!(
        messages(door, &rest).iter().all(|message| message.get("id").is_none()),
        "nothing is left to say"
    );
    within("the end", serving).await.unwrap();
}

/// Where the last whole message ends, from a place where one begins.
fn whole_frames(bytes: &[u8], mut from: usize) -> usize {
    while let Some(header) = bytes[from..].windows(4).position(|end| end == b"\r\n\r\n") {
        let text = str::from_utf8(&bytes[from..from + header]).unwrap();
        let length: usize = text.strip_prefix("Content-Length: ").unwrap().parse().unwrap();
        if bytes.len() < from + header + 4 + length {
            break;
        }
        from += header + 4 + length;
    }
    from
}

#[tokio::test]
async fn a_hundred_thousand() {
    for door in [Door::Lsp, Door::Lines] {
        all_are_answered(door, (0..MANY).map(cheap), Reads::Meanwhile).await;
    }
}

/// As a script does that knows nothing of pipes.
#[tokio::test]
async fn a_hundred_thousand_written_before_one_is_read() {
    all_are_answered(Door::Lines, std::iter::repeat_n(Kind::Unknown, MANY), Reads::Afterwards).await;
}

/// One line, and one answer.
#[tokio::test]
async fn a_batch_of_a_hundred_thousand() {
    let home = tempfile::tempdir().unwrap();
    let environment = Environment::new(HashMap::new(), Some(home.path().to_owned()));
    let texts: Vec<_> = (0..MANY).map(|id| message(cheap(id), id).0).collect();
    let batch = format!("[{}]", texts.join(","));
    let (server_output, mut output) = duplex(64 << 10);
    let input = std::io::Cursor::new(batch.into_bytes());
    let connection = Connection { input, output: server_output, parent: None, hangup: None };
    let serving = tokio::spawn(litellm_ls::serve(connection, Door::Lines, environment));
    let mut bytes = Vec::new();
    within("the answers", output.read_to_end(&mut bytes)).await.unwrap();
    let answers: Vec<Value> = serde_json::from_slice(&bytes).unwrap();
    let ids: std::collections::HashSet<_> =
        answers.iter().map(|answer| answer["id"].as_u64().unwrap()).collect();
    assert_eq!((answers.len(), ids.len()), (texts.len(), texts.len()));
    assert_eq!(within("the end", serving).await.unwrap(), 0);
}

/// Of any mixture of messages, at both doors.
#[test]
fn any_messages() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    let mixture = (proptest::collection::vec(0..KINDS.len(), 1..12), 1usize..2500, any::<bool>());
    runner
        .run(&mixture, |(kinds, count, meanwhile)| {
            let reads = if meanwhile { Reads::Meanwhile } else { Reads::Afterwards };
            for door in [Door::Lsp, Door::Lines] {
                // LSP knows no batch.
                let kinds = kinds.iter().map(|kind| KINDS[*kind]);
                let kinds = kinds.map(|kind| match (door, kind) {
                    (Door::Lsp, Kind::Batch) => Kind::Known,
                    (_, kind) => kind,
                });
                runtime.block_on(all_are_answered(door, kinds.cycle().take(count), reads));
            }
            Ok(())
        })
        .unwrap();
}
