//! Findings as JUnit's XML: a file is a test, and fails where it has errors or warnings.

use std::fmt::Write as _;

use super::{File, Printed};
use crate::config_yaml::Severity;

pub(super) fn report(checked: &[Printed<'_>]) -> String {
    let files: Vec<(usize, usize)> = checked
        .iter()
        .enumerate()
        .flat_map(|(one, checked)| (0..checked.files.len()).map(move |file| (one, file)))
        .collect();
    let (mut cases, mut failed) = (String::new(), 0);
    for (one, file) in &files {
        let checked = &checked[*one];
        let File { path, lines, .. } = &checked.files[*file];
        let name = attribute(path);
        let found: Vec<_> =
            checked.findings.iter().filter(|f| f.file == *file && f.severity <= Severity::Warning).collect();
        if found.is_empty() {
            let _ = writeln!(cases, "    <testcase classname=\"litellm-ls check\" name=\"{name}\"/>");
            continue;
        }
        failed += 1;
        let _ = writeln!(cases, "    <testcase classname=\"litellm-ls check\" name=\"{name}\">");
        for finding in found {
            let line = lines.line(finding.range.start).0 + 1;
            let message = attribute(&finding.message);
            let kind = format!("litellm/{}", finding.code.slug());
            let _ = writeln!(
                cases,
                "      <failure type=\"{kind}\" message=\"{message}\">{name}:{line}: {}: {message}</failure>",
                finding.severity.word()
            );
        }
        cases.push_str("    </testcase>\n");
    }
    let tests = files.len();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"litellm-ls check\" tests=\"{tests}\" failures=\"{failed}\" errors=\"0\">\n{cases}  </testsuite>\n</testsuites>\n"
    )
}

/// A text as XML takes it, which has no place for some characters.
fn attribute(text: &str) -> String {
    let text = text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
