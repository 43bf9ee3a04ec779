//! The conformance suite finds nothing to complain of in this server, nor in the reference server, and sees what is wrong
//! where something is.

use std::time::Duration;

use litellm_ls_conformance::{Door, Format, Options, Report, run};

use super::support::blocking;

/// Our own binary.
fn ours(door: Door) -> Vec<String> {
    let arguments: &[&str] = if door == Door::Lines { &["--transport", "lines"] } else { &[] };
    command(env!("CARGO_BIN_EXE_litellm-ls"), arguments)
}

fn command(program: &str, arguments: &[&str]) -> Vec<String> {
    [program].iter().chain(arguments).map(|&word| word.to_owned()).collect()
}

async fn checked(command: Vec<String>, door: Door, only: Option<&str>) -> Report {
    let only = only.map(str::to_owned);
    let options = Options { command, door, only, patience: Duration::from_secs(30) };
    blocking(move || run(&options)).await
}

#[tokio::test]
async fn our_server_keeps_every_must_at_both_doors() {
    for door in [Door::Lsp, Door::Lines] {
        let report = checked(ours(door), door, None).await;
        let (passed, failed, over) = report.counts();
        // For whoever looks at the runs: the hosted workflow keeps them.
        let name = if door == Door::Lsp { "lsp" } else { "lines" };
        let place = format!("{}/conformance-{name}.xml", env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(place, report.written(Format::Junit)).unwrap();
        assert!(failed == 0 && over == 0 && passed > 100, "{}", report.written(Format::Text));
    }
}

/// What answers nothing fails each check at once, and people read once why.
#[tokio::test]
async fn a_server_that_does_not_answer_is_waited_for_once() {
    let patience = Duration::from_secs(2);
    let missing = command("a-program-that-is-not-there", &[]);
    let dying = command(PYTHON, &["-c", "import sys; sys.exit('no such option')"]);
    for (command, door, says) in [
        (missing, Door::Lsp, "could not be started"),
        (dying, Door::Lsp, "its standard error says: no such option; give `--door lines`"),
        (reference(Door::Lines, None), Door::Lsp, "where the command opens the line door"),
        (reference(Door::Lsp, None), Door::Lines, "where the command opens the LSP door"),
    ] {
        let options = Options { command, door, only: Some("ids.".to_owned()), patience };
        let report = blocking(move || run(&options)).await;
        assert_eq!(report.counts(), (0, 5, 0));
        let text = report.written(Format::Text);
        assert!(text.starts_with("no server at ") && text.contains(says), "{text}");
        assert_eq!(text.matches("FAIL").count(), 1, "{text}");
        assert!(report.written(Format::Junit).contains("failures=\"5\""));
    }
}

/// A server that knows no method yet is checked all the same, as IMPLEMENTING.md promises for its first step.
#[tokio::test]
async fn what_does_not_discover_is_checked() {
    const FIRST_STEP: &str = r#"
import json, sys
for line in sys.stdin.buffer:
    try:
        id, code = json.loads(line)["id"], -32601
    except ValueError:
        id, code = None, -32700
    print(json.dumps({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": "no"}}), flush=True)
"#;
    let first_step = command(PYTHON, &["-c", FIRST_STEP]);
    for (only, counts) in [("framing.no-json", (1, 0, 0)), ("discover.shape", (0, 1, 0))] {
        let report = checked(first_step.clone(), Door::Lines, Some(only)).await;
        assert_eq!(report.counts(), counts, "{}", report.written(Format::Text));
    }
}

/// A failure says what was asked, for nobody should have to read the suite.
#[tokio::test]
async fn a_failure_says_what_was_sent() {
    let forgetful = reference(Door::Lines, Some("meta-dropped"));
    let text = checked(forgetful, Door::Lines, Some("meta.result")).await.written(Format::Text);
    assert!(text.contains("; sent last: {") && text.contains("provider/discover"), "{text}");
}

#[tokio::test]
async fn a_report_is_text_json_or_junit() {
    let report = checked(ours(Door::Lines), Door::Lines, Some("ids.")).await;
    let text = report.written(Format::Text);
    assert!(
        text.contains("ok   M4   ids.in-use") && text.ends_with("5 passed, 0 failed, 0 passed over\n"),
        "{text}"
    );
    let json: serde_json::Value = serde_json::from_str(&report.written(Format::Json)).unwrap();
    assert_eq!((&json["passed"], &json["door"]), (&5.into(), &"lines".into()));
    assert_eq!(json["checks"][0]["outcome"], "passed");
    let junit = report.written(Format::Junit);
    assert!(junit.contains("tests=\"5\" failures=\"0\"") && junit.contains("classname=\"ids\""), "{junit}");
    assert!(junit.contains("&quot;1&quot;"), "{junit}");
}

const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };
const REFERENCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/protocol/reference-server");

/// The reference server as it is, or with one thing wrong.
fn reference(door: Door, fault: Option<&str>) -> Vec<String> {
    let file = if fault.is_some() { "faults.py" } else { "server.py" };
    let file = format!("{REFERENCE}/{file}");
    let arguments: Vec<&str> =
        ["-B", &file].into_iter().chain(fault).chain((door == Door::Lines).then_some("--lines")).collect();
    command(PYTHON, &arguments)
}

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no Python")]
async fn the_reference_server_keeps_all_that_it_claims() {
    for door in [Door::Lsp, Door::Lines] {
        let report = checked(reference(door, None), door, None).await;
        let (passed, failed, _) = report.counts();
        assert!(failed == 0 && passed > 100, "{}", report.written(Format::Text));
    }
}

/// Each fault that faults.py can plant, a door that has it, and the check that must catch it.
const FAULTS: &[(&str, Door, &str)] = &[
    ("answers-twice", Door::Lines, "ids.many"),
    ("answers-notifications", Door::Lsp, "notifications.unknown"),
    ("ids-as-texts", Door::Lines, "ids.number-or-text"),
    ("ids-unguarded", Door::Lsp, "ids.in-use"),
    ("batch-one-by-one", Door::Lines, "batches.one-array"),
    ("one-at-a-time", Door::Lsp, "order.overtakes"),
    ("settings-late", Door::Lines, "order.settings-behind"),
    ("piece-lost", Door::Lsp, "streaming.text"),
    ("piece-late", Door::Lines, "streaming.text"),
    ("piece-too-long", Door::Lsp, "streaming.size"),
    ("positional-taken", Door::Lines, "params.positional"),
    ("configure-half", Door::Lsp, "configure.atomic"),
    ("meta-dropped", Door::Lines, "meta.result"),
    ("unknown-without-kind", Door::Lsp, "methods.unknown"),
    ("cancel-ignored", Door::Lines, "cancel.answer"),
    ("button-ignored", Door::Lsp, "cancel.button"),
    ("cancel-empty", Door::Lines, "cancel.partial"),
    ("key-told", Door::Lsp, "secrets.hint"),
    ("cost-unrounded", Door::Lines, "answers.usage"),
    ("instant-short", Door::Lsp, "status.ready"),
    ("page-lost", Door::Lines, "lists.pages"),
    ("usage-blind", Door::Lsp, "usage.outcomes"),
    ("wrong-code", Door::Lines, "errors.rate-limited"),
    ("length-in-letters", Door::Lsp, "framing.unicode"),
    ("hangs", Door::Lines, "status.ready"),
    ("dies", Door::Lsp, "status.ready"),
    ("stays", Door::Lines, "shutdown.nothing-asked"),
];

#[tokio::test]
#[cfg_attr(wine, ignore = "Wine has no Python")]
async fn what_is_planted_is_caught() {
    for &(fault, door, check) in FAULTS {
        let only = Some(check.to_owned());
        // Some faults are that nothing comes: then it is waited for in vain.
        let patience = Duration::from_secs(5);
        let options = Options { command: reference(door, Some(fault)), door, only, patience };
        let report = blocking(move || run(&options)).await;
        let is_caught = report.failed().any(|row| row.id == check);
        assert!(is_caught, "{fault}: {}", report.written(Format::Text));
    }
}
