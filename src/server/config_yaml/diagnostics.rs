//! Findings as LSP has them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Read, View};
use crate::{
    config_yaml::{Finding, Mends, Severity, Tag, check_with},
    plain,
    server::{commands::SOURCE, documents::Document},
};

/// How many findings an editor is shown of one configuration, the worst first: more would hold it up.
const MOST: usize = 1000;

/// What is found, by document; a document that was looked at and is faultless has an empty list.
pub(super) type Found = BTreeMap<String, Vec<Value>>;

impl View {
    /// Everything found in the open configurations.
    pub(super) fn diagnostics(&self) -> Found {
        let mut found = Found::new();
        for read in &self.roots() {
            for (uri, diagnostics) in self.found_in(read) {
                let all = found.entry(uri).or_default();
                // Two that include the same file find the same there.
                let new = diagnostics.into_iter().filter(|one| !all.contains(one)).collect::<Vec<_>>();
                all.extend(new);
            }
        }
        found
    }

    /// Everything found in a configuration and in what it includes.
    pub(super) fn found_in(&self, read: &Read) -> Found {
        let mut found = Found::new();
        let documents = self.documents(&read.project);
        for document in &documents {
            found.entry(document.uri.to_string()).or_default();
        }
        let path = &read.project.sources()[0].path;
        let mut findings = self.around(path, |around| check_with(&read.project, around, Mends::None));
        findings.extend(self.blamed(&read.project, &findings));
        let more = findings.len().saturating_sub(MOST);
        if more > 0 {
            findings.sort_by_key(|finding| finding.severity);
            findings.truncate(MOST);
        }
        for finding in findings {
            let uri = documents[finding.file].uri.to_string();
            found.entry(uri).or_default().push(diagnostic(&documents, &finding));
        }
        if more > 0 {
            let message =
                format!("{more} more findings are not shown here: run `litellm-ls check` on the file.");
            found.entry(documents[0].uri.to_string()).or_default().push(json!({
                "range": documents[0].range(0..0), "severity": 3, "source": SOURCE, "message": message,
            }));
        }
        found
    }
}

/// A finding as LSP has it.
pub(super) fn diagnostic(documents: &[Document], finding: &Finding) -> Value {
    let severity = match finding.severity {
        Severity::Error => 1,
        Severity::Warning => 2,
        Severity::Information => 3,
        Severity::Hint => 4,
    };
    let related: Vec<Value> = finding
        .related
        .iter()
        .map(|related| {
            let document = &documents[related.file];
            let location = json!({"uri": &*document.uri, "range": document.range(related.range.clone())});
            json!({"location": location, "message": plain::text(&related.message)})
        })
        .collect();
    let mut diagnostic = json!({
        "range": documents[finding.file].range(finding.range.clone()),
        "severity": severity,
        "code": format!("litellm/{}", finding.code.slug()),
        "codeDescription": {"href": finding.code.documentation()},
        "source": SOURCE,
        "message": plain::text(&finding.message),
    });
    if !related.is_empty() {
        diagnostic["relatedInformation"] = related.into();
    }
    if let Some(tag) = finding.tag() {
        diagnostic["tags"] = json!([match tag {
            Tag::Unnecessary => 1,
            Tag::Deprecated => 2,
        }]);
    }
    diagnostic
}
