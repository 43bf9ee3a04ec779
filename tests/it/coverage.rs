//! Every method of the table is whole: a route at both doors, an example, a transcript and a section. Every kind of
//! error has a transcript.

use std::{fs, path::Path};

use litellm_ls::Door;
use litellm_ls_protocol::{ErrorKind, METHODS, MethodKind};
use serde_json::{Value, json};

use super::{
    support::{fake_proxy::FakeProxy, server::TestServer},
    transcripts,
};

fn protocol(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("protocol").join(file);
    fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is missing", path.display()))
}

#[tokio::test]
async fn every_method_has_a_route_at_both_doors() {
    for door in [Door::Lsp, Door::Lines] {
        let fake = FakeProxy::start().await;
        let mut server = TestServer::memory(door, &[("LITELLM_BASE_URL", &fake.url())]);
        if matches!(door, Door::Lsp) {
            server.initialize(json!({})).await;
        }
        for method in METHODS.iter().filter(|method| method.kind == MethodKind::Request) {
            let outcome = server.call(method.method, json!({})).await;
            let code = outcome.as_ref().err().map(|error| &error["code"]);
            assert_ne!(code, Some(&json!(-32601)), "{} at {door:?}", method.method);
        }
        server.abandon();
    }
}

#[test]
fn every_method_has_an_example_a_transcript_and_a_section() {
    let transcripts: String = transcripts::all().into_values().collect();
    let page = protocol("PROTOCOL.md");
    for method in METHODS {
        let name = method.word();
        let kind = if method.kind == MethodKind::Request { "request" } else { "notification" };
        let example: Value = serde_json::from_str(&protocol(&format!("examples/{name}.{kind}.json")))
            .expect("an example of JSON");
        assert_eq!(example["method"], method.method);
        let arrow = if method.kind == MethodKind::Request { "-->" } else { "<--" };
        assert!(
            transcripts.contains(&format!("{arrow} {} ", method.method)),
            "no transcript of {}",
            method.method
        );
        assert!(page.contains(&format!("### `{}`", method.method)), "no section on {}", method.method);
    }
}

#[test]
fn every_kind_of_error_has_a_transcript() {
    let transcripts: String = transcripts::all().into_values().collect();
    // The first two take more requests at once, or a longer answer, than a transcript should have lines; the last a defect.
    let others = [ErrorKind::Busy, ErrorKind::TooLarge, ErrorKind::Internal];
    for kind in ErrorKind::ALL.into_iter().filter(|kind| !others.contains(kind)) {
        let error = format!("<-- error {{\"code\":{},", kind.code());
        assert!(transcripts.contains(&error), "no transcript of {kind:?}");
    }
}
