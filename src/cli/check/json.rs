//! Findings as JSON: places as LSP counts them, from 0 and in UTF-16.

use serde_json::{Value, json};

use super::Checked;
use crate::config_yaml::{Lines, Severity};

pub(super) fn report(checked: &[Checked]) -> Value {
    let findings: Vec<Value> =
        checked.iter().flat_map(|one| one.findings.iter().map(move |f| finding(one, f))).collect();
    let count =
        |severity| checked.iter().flat_map(|one| &one.findings).filter(|f| f.severity == severity).count();
    json!({
        "findings": findings,
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "files": checked.iter().flat_map(|one| (0..one.project.sources().len()).map(|file| one.path(file))).collect::<Vec<_>>(),
    })
}

fn finding(checked: &Checked, finding: &crate::config_yaml::Finding) -> Value {
    let related = finding.related.iter().map(|related| {
        json!({
            "file": checked.path(related.file),
            "range": range(checked, related.file, &related.range),
            "message": related.message,
        })
    });
    let fixes = finding.fixes.iter().map(|fix| {
        let edits = fix.edits.iter().map(|edit| {
            json!({
                "file": checked.path(edit.file),
                "range": range(checked, edit.file, &edit.range),
                "newText": edit.text,
            })
        });
        json!({ "title": fix.title, "edits": edits.collect::<Vec<_>>() })
    });
    json!({
        "file": checked.path(finding.file),
        "range": range(checked, finding.file, &finding.range),
        "severity": finding.severity.word(),
        "code": format!("litellm/{}", finding.code.slug()),
        "message": finding.message,
        "documentation": finding.code.documentation(),
        "related": related.collect::<Vec<_>>(),
        "fixes": fixes.collect::<Vec<_>>(),
    })
}

fn range(checked: &Checked, file: usize, range: &std::ops::Range<usize>) -> Value {
    let lines = Lines::of(checked.project.sources()[file].text());
    let place = |at| {
        let (line, character) = lines.utf16(at);
        json!({ "line": line, "character": character })
    };
    json!({ "start": place(range.start), "end": place(range.end) })
}
