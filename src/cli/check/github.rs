//! Findings as GitHub Actions takes them: commands on standard output.

use std::fmt::Write as _;

use super::{File, Printed};
use crate::config_yaml::Severity;

pub(super) fn report(checked: &[Printed<'_>]) -> String {
    let mut report = String::new();
    for one in checked {
        for finding in one.findings {
            let File { path, lines, .. } = &one.files[finding.file];
            let (line, column) = lines.line(finding.range.start);
            let (last, end) = lines.line(finding.range.end);
            let kind = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Information | Severity::Hint => "notice",
            };
            let columns = if last == line {
                format!(",col={},endColumn={}", column + 1, end + 1)
            } else {
                String::new()
            };
            let _ = writeln!(
                report,
                "::{kind} file={},line={},endLine={}{columns},title=litellm/{}::{}",
                property(path),
                line + 1,
                last + 1,
                finding.code.slug(),
                data(&finding.message)
            );
        }
    }
    report
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
