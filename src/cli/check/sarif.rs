//! Findings as SARIF 2.1.0.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{File, Printed};
use crate::config_yaml::{Code, Finding, Severity};

pub(super) fn report(checked: &[Printed<'_>]) -> Value {
    let all = || checked.iter().flat_map(|one| one.findings.iter().map(move |finding| (one, finding)));
    let codes: BTreeSet<Code> = all().map(|(_, finding)| finding.code).collect();
    let rules: Vec<Value> = codes
        .iter()
        .map(|code| json!({ "id": format!("litellm/{}", code.slug()), "helpUri": code.documentation() }))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "litellm-ls", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "utf16CodeUnits",
            "results": all().map(|(one, finding)| result(one, finding)).collect::<Vec<_>>(),
        }],
    })
}

fn result(checked: &Printed<'_>, finding: &Finding) -> Value {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information | Severity::Hint => "note",
    };
    let File { path, lines, .. } = &checked.files[finding.file];
    let (start, end) = (lines.utf16(finding.range.start), lines.utf16(finding.range.end));
    json!({
        "ruleId": format!("litellm/{}", finding.code.slug()),
        "level": level,
        "message": { "text": finding.message },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": path.replace('\\', "/") },
            "region": {
                "startLine": start.0 + 1, "startColumn": start.1 + 1,
                "endLine": end.0 + 1, "endColumn": end.1 + 1,
            },
        } }],
    })
}
