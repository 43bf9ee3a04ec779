//! A hundred thousand messages with something wrong in them: nothing falls over, and what comes behind is answered.

use std::collections::HashMap;

use litellm_ls::{Connection, Door, Environment};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

use super::support::within;

/// At each door.
const INPUTS: usize = 50_000;
/// After how many a good request comes.
const ROW: usize = 500;

/// What is spoiled: one of each thing that either door takes.
const SEEDS: &[&str] = &[
    r#"{"jsonrpc":"2.0","id":1,"method":"provider/listProfiles","params":{}}"#,
    r#"{"jsonrpc":"2.0","id":"a","method":"provider/complete","params":{"messages":[{"role":"user","content":"h\u00e9"}]}}"#,
    r#"{"jsonrpc":"2.0","id":-1.5,"method":"provider/countTokens","params":{"prompt":"\ud83e\udd80"}}"#,
    r#"{"jsonrpc":"2.0","id":null,"method":"textDocument/hover","params":[{"line":1}]}"#,
    r#"{"jsonrpc":"2.0","id":7,"method":"workspace/executeCommand","params":{"command":"litellm-ls.cancel","arguments":null}}"#,
    r#"{"jsonrpc":"2.0","id":8,"method":"textDocument/codeAction","params":{"textDocument":{"uri":"file:///a"},"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":0}},"context":{"diagnostics":[]}}}"#,
    r#"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///a","languageId":"x","version":1,"text":"a\nb"}}}"#,
    r#"{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///a","version":2},"contentChanges":[{"range":{"start":{"line":0,"character":0},"end":{"line":9,"character":1}},"text":"c"}]}}"#,
    r#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}"#,
    r#"{"jsonrpc":"2.0","id":"litellm-ls/0","result":[{"model":"m"}]}"#,
    r#"[{"jsonrpc":"2.0","id":1,"method":"provider/listProfiles"},{"jsonrpc":"2.0","method":"x"},7]"#,
    r#"{"jsonrpc":"2.0","id":9,"method":"initialize","params":{"processId":null,"capabilities":{"general":{"positionEncodings":["utf-8"]}}}}"#,
];
/// What is put in.
const PIECES: &[&[u8]] = &[
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"1e999",
    b"-",
    b"\xff",
    b"\xc3\x28",
    b"\0",
    b"\\ud83e",
    b"\xef\xbb\xbf",
    b"\"id\":5,",
    b"\"id\":{},",
    b"[[[[[[[[[[[[[[[[",
    b"\"method\":\"x\",",
    b"9999999999999999999999",
];

/// A seed with some changes: a piece put in, some bytes taken out, or one set.
fn spoiled() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), 0..3_u8, 0..PIECES.len(), 0usize..40, any::<u8>());
    (proptest::sample::select(SEEDS), proptest::collection::vec(change, 1..4)).prop_map(|(seed, changes)| {
        let mut bytes = seed.as_bytes().to_vec();
        for (place, kind, piece, length, byte) in changes {
            let place = place.index(bytes.len() + 1);
            let end = bytes.len().min(place + length);
            match kind {
                0 => drop(bytes.splice(place..place, PIECES[piece].iter().copied())),
                1 => drop(bytes.drain(place..end)),
                _ => bytes[place..end].fill(byte),
            }
        }
        bytes
    })
}

fn framed(door: Door, mut bytes: Vec<u8>) -> Vec<u8> {
    match door {
        Door::Lsp => [format!("Content-Length: {}\r\n\r\n", bytes.len()).as_bytes(), &bytes].concat(),
        Door::Lines => {
            bytes.retain(|byte| *byte != b'\n');
            bytes.push(b'\n');
            bytes
        }
    }
}

fn runner() -> TestRunner {
    let seed = [7; 32];
    TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

fn environment(home: &tempfile::TempDir) -> Environment {
    // Nobody listens there.
    let variables = HashMap::from([("LITELLM_BASE_URL".to_owned(), "http://127.0.0.1:9".to_owned())]);
    Environment::new(variables, Some(home.path().to_owned()))
}

#[tokio::test]
async fn what_comes_behind_a_bad_message_is_answered() {
    let mut runner = runner();
    let inputs = spoiled();
    for door in [Door::Lsp, Door::Lines] {
        let home = tempfile::tempdir().unwrap();
        let (mut input, server_input) = duplex(64 << 10);
        let (server_output, mut output) = duplex(64 << 10);
        let connection =
            Connection { input: server_input, output: server_output, parent: None, hangup: None };
        let serving = tokio::spawn(litellm_ls::serve(connection, door, environment(&home)));
        // Read all the time, and each good answer told.
        let (told, mut answers) = tokio::sync::mpsc::unbounded_channel();
        let reading = tokio::spawn(async move {
            let mut bytes = Vec::new();
            while output.read_buf(&mut bytes).await.unwrap() > 0 {
                while let Some(at) = find(&bytes, b"\"id\":\"good-") {
                    let Some(end) = find(&bytes[at + 6..], b"\"") else { break };
                    let id = String::from_utf8(bytes[at + 6..at + 6 + end].to_vec()).unwrap();
                    told.send(id).unwrap();
                    bytes.drain(..at + 6 + end);
                }
                let kept = bytes.len().saturating_sub(100);
                bytes.drain(..kept);
            }
        });
        if matches!(door, Door::Lsp) {
            let hello = r#"{"jsonrpc":"2.0","id":"good-0","method":"initialize","params":{}}"#;
            input.write_all(&framed(door, hello.into())).await.unwrap();
            assert_eq!(within("an answer", answers.recv()).await.unwrap(), "good-0");
        }
        for row in 1..=INPUTS / ROW {
            let mut sent = Vec::new();
            for _ in 0..ROW {
                sent.extend(framed(door, inputs.new_tree(&mut runner).unwrap().current()));
            }
            let good = format!(r#"{{"jsonrpc":"2.0","id":"good-{row}","method":"provider/listProfiles"}}"#);
            sent.extend(framed(door, good.into()));
            within("room for a row", input.write_all(&sent)).await.unwrap();
            assert_eq!(within("a good answer", answers.recv()).await.unwrap(), format!("good-{row}"));
        }
        drop(input);
        within("the end", serving).await.expect("no panic");
        within("the end of the output", reading).await.unwrap();
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|found| found == wanted)
}

/// Bytes in no frame at all: the connection ends with its input at the latest, and every answer is a message.
#[tokio::test]
async fn no_bytes_break_a_door() {
    const TORN: &[&str] =
        &["Content-Length: 5\r\n\r\n", "Content-Length: 99", "\r\n\r\n", "\n", "{\"id\":1,", "[1,", "}"];
    let mut runner = runner();
    let piece = prop_oneof![
        proptest::sample::select(TORN).prop_map(|text| text.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..30),
        spoiled(),
    ];
    let inputs = proptest::collection::vec(piece, 0..8);
    for _ in 0..1000 {
        let bytes = inputs.new_tree(&mut runner).unwrap().current().concat();
        for door in [Door::Lsp, Door::Lines] {
            let home = tempfile::tempdir().unwrap();
            let (server_output, mut output) = duplex(1 << 20);
            let input = std::io::Cursor::new(bytes.clone());
            let connection = Connection { input, output: server_output, parent: None, hangup: None };
            within("the end", litellm_ls::serve(connection, door, environment(&home))).await;
            let mut written = String::new();
            within("the output", output.read_to_string(&mut written)).await.unwrap();
            for line in written.lines().filter(|_| matches!(door, Door::Lines)) {
                serde_json::from_str::<Value>(line).expect("a message");
            }
        }
    }
}
