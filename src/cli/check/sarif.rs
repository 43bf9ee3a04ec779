//! Findings as SARIF 2.1.0.

use std::{collections::BTreeSet, fmt::Write};

use serde_json::{Value, json};
use url::Url;

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
            "artifactLocation": { "uri": uri(path) },
            "region": {
                "startLine": start.0 + 1, "startColumn": start.1 + 1,
                "endLine": end.0 + 1, "endColumn": end.1 + 1,
            },
        } }],
    })
}

/// A path as a URI, or as a reference to one where it is relative (SARIF 2.1.0, 3.4.3).
fn uri(path: &str) -> String {
    if let Ok(whole) = Url::from_file_path(path) {
        return whole.into();
    }
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

// Of Unix are the paths.
#[cfg(all(test, unix))]
mod tests {
    use super::uri;

    #[test]
    fn each_name_is_a_uri_that_leads_to_its_file() {
        for (path, wanted) in [
            ("config.yaml", "config.yaml"),
            ("a b/c.yaml", "a%20b/c.yaml"),
            ("a#b%20?.yaml", "a%23b%2520%3F.yaml"),
            ("a:b.yaml", "a%3Ab.yaml"),
            ("a\\b\n.yaml", "a%5Cb%0A.yaml"),
            ("ünï.yaml", "%C3%BCn%C3%AF.yaml"),
            ("../x/config.yaml", "../x/config.yaml"),
            ("/w/a b.yaml", "file:///w/a%20b.yaml"),
        ] {
            assert_eq!(uri(path), wanted, "{path}");
            let base = url::Url::parse("file:///folder/").unwrap();
            let led = base.join(wanted).unwrap().to_file_path().unwrap();
            let meant = std::path::Path::new("/folder").join(path);
            assert_eq!(led.to_str().unwrap(), meant.to_str().unwrap().replace("/folder/../", "/"), "{path}");
        }
    }
}
