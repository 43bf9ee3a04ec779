//! Code actions about a configuration.

use serde_json::{Value, json};
use tower_lsp::lsp_types::Range;

use super::{answers::asked, diagnostics::diagnostic};
use crate::{config_yaml::check, plain, server::Peer};

/// How many fixes a menu offers.
const MOST_FIXES: usize = 100;

/// What mends the findings in a range, as code actions.
pub(in crate::server) async fn fixes(peer: &Peer, uri: &str, range: Range) -> Vec<Value> {
    let fixes = asked(peer, uri, None, move |question| {
        let project = &question.read.project;
        let bytes = question.document.bytes(range);
        let findings = question.view.around(question.root(), |around| check(project, around));
        let documents = question.view.documents(project);
        let mut actions = Vec::new();
        for finding in findings {
            let touches = finding.range.start <= bytes.end && bytes.start <= finding.range.end;
            if finding.file != question.file || !touches {
                continue;
            }
            if actions.len() >= MOST_FIXES {
                break;
            }
            for (place, fix) in finding.fixes.iter().enumerate() {
                actions.push(json!({
                    "title": plain::label(&format!("LiteLLM: {}", fix.title), 120),
                    "kind": "quickfix",
                    "diagnostics": [diagnostic(&documents, &finding)],
                    "isPreferred": place == 0 && finding.fixes.len() == 1,
                    "edit": question.edit(&fix.edits),
                }));
            }
        }
        actions
    });
    fixes.await.unwrap_or_default()
}
