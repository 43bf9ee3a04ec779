//! Codes of errors: each its own, and the same for ever.

use std::{collections::HashSet, fmt::Write};

use expect_test::expect;
use litellm_ls_protocol::ErrorKind;
use schemars::SchemaGenerator;
use serde_json::{Value, json};

#[test]
fn codes_are_stable() {
    let mut table = String::new();
    for kind in ErrorKind::ALL {
        writeln!(table, "{} {}", kind.code(), word(kind)).unwrap();
    }
    expect![[r#"
        1001 notConfigured
        1002 unreachable
        1003 tls
        1004 timeout
        1005 unauthorized
        1006 upstreamUnauthorized
        1007 forbidden
        1008 modelNotFound
        1009 rateLimited
        1010 budgetExceeded
        1011 contextWindowExceeded
        1012 contentFiltered
        1013 unsupportedParam
        1014 invalidRequest
        1015 upstream
        1016 streamInterrupted
        1017 badResponse
        1018 busy
        -32602 invalidParams
        -32800 requestCancelled
        1021 tooLarge
        -32603 internal
        -32601 methodNotFound
        1024 alreadyCalled
        1025 localProxy
    "#]]
    .assert_eq(&table);
}

#[test]
fn codes_are_unique_and_positive_beside_json_rpcs_own() {
    let codes: HashSet<i64> = ErrorKind::ALL.iter().map(|kind| kind.code()).collect();
    assert_eq!(codes.len(), ErrorKind::ALL.len());
    let beside = [
        ErrorKind::InvalidParams,
        ErrorKind::RequestCancelled,
        ErrorKind::Internal,
        ErrorKind::MethodNotFound,
    ];
    for kind in ErrorKind::ALL {
        assert!(kind.code() > 0 || beside.contains(&kind), "{kind:?} has a code LSP reserves");
    }
}

#[test]
fn no_kind_is_missing_in_all() {
    let schema = SchemaGenerator::default().into_root_schema_for::<ErrorKind>();
    let declared: Vec<&Value> =
        schema.get("oneOf").and_then(Value::as_array).unwrap().iter().map(|kind| &kind["const"]).collect();
    assert_eq!(declared, ErrorKind::ALL.map(|kind| json!(word(kind))).iter().collect::<Vec<_>>());
}

fn word(kind: ErrorKind) -> String {
    json!(kind).as_str().expect("a kind is a word").to_owned()
}
