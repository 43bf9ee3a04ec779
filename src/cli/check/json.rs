//! Findings as JSON: places as LSP counts them, from 0 and in UTF-16.

use serde_json::{Value, json};

use super::Printed;
use crate::{
    config_yaml::{Edit, Finding, Severity},
    masking,
};

pub(super) fn report(checked: &[Printed<'_>]) -> Value {
    let findings: Vec<Value> =
        checked.iter().flat_map(|one| one.findings.iter().map(move |f| finding(one, f))).collect();
    let count =
        |severity| checked.iter().flat_map(|one| one.findings).filter(|f| f.severity == severity).count();
    json!({
        "findings": findings,
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "files": checked.iter().flat_map(|one| one.files.iter().map(|file| &file.path)).collect::<Vec<_>>(),
    })
}

fn finding<'a>(checked: &Printed<'a>, finding: &'a Finding) -> Value {
    let related = finding.related.iter().map(|related| {
        json!({
            "file": checked.files[related.file].path,
            "range": range(checked, related.file, &related.range),
            "message": related.message,
        })
    });
    // A fix that carries a key on is for editors, not for the log of a build.
    let is_public = |edits: &[Edit]| edits.iter().all(|edit| masking::secrets(&edit.text).is_empty());
    let fixes = checked.fixes(finding).filter(|(_, edits)| is_public(edits)).map(|(fix, edits)| {
        let edits = edits.iter().map(|edit| {
            json!({
                "file": checked.files[edit.file].path,
                "range": range(checked, edit.file, &edit.range),
                "newText": edit.text,
            })
        });
        json!({ "title": fix.title, "edits": edits.collect::<Vec<_>>() })
    });
    json!({
        "file": checked.files[finding.file].path,
        "range": range(checked, finding.file, &finding.range),
        "severity": finding.severity.word(),
        "code": format!("litellm/{}", finding.code.slug()),
        "message": finding.message,
        "documentation": finding.code.documentation(),
        "related": related.collect::<Vec<_>>(),
        "fixes": fixes.collect::<Vec<_>>(),
    })
}

fn range(checked: &Printed<'_>, file: usize, range: &std::ops::Range<usize>) -> Value {
    let lines = &checked.files[file].lines;
    let place = |at| {
        let (line, character) = lines.utf16(at);
        json!({ "line": line, "character": character })
    };
    json!({ "start": place(range.start), "end": place(range.end) })
}
