//! What came out, as text, JSON or JUnit.

use std::{fmt::Write, time::Duration};

use serde_json::{Value, json};

use crate::{check::Check, session::Door};

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// As it must.
    Passed,
    /// Otherwise, and why.
    Failed(String),
    /// It was not made, for the server does not claim what it needs.
    PassedOver(String),
}

/// One check and its outcome.
#[derive(Debug, Clone)]
pub struct Row {
    /// `TOPIC.WHAT`.
    pub id: &'static str,
    /// The number of its must in PROTOCOL.md.
    pub must: &'static str,
    /// The method that it is about; empty where it is about the connection.
    pub method: &'static str,
    /// What must hold, in one sentence.
    pub says: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took.
    pub took: Duration,
}

impl Row {
    pub(crate) fn new(check: &Check, (outcome, took): (Outcome, Duration)) -> Self {
        let Check { id, must, method, says, .. } = *check;
        Self { id, must, method, says, outcome, took }
    }
}

/// All checks of a server at a door.
#[derive(Debug, Clone)]
pub struct Report {
    /// Its name and version, as far as it says them.
    pub server: String,
    /// The door.
    pub door: Door,
    /// The checks, in the order they were made.
    pub rows: Vec<Row>,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A line for each check, for people.
    Text,
    /// One object.
    Json,
    /// As most systems that run tests read it.
    Junit,
}

impl Report {
    /// The checks that failed.
    pub fn failed(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| matches!(row.outcome, Outcome::Failed(_)))
    }

    /// How many passed, failed and were passed over.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let passed = self.rows.iter().filter(|row| row.outcome == Outcome::Passed).count();
        let failed = self.failed().count();
        (passed, failed, self.rows.len() - passed - failed)
    }

    /// The report as a text of this format.
    #[must_use]
    pub fn written(&self, format: Format) -> String {
        match format {
            Format::Text => self.text(),
            Format::Json => format!("{:#}\n", self.json()),
            Format::Junit => self.junit(),
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{} at {}\n\n", self.server, self.door.name());
        let (passed, failed, over) = self.counts();
        // One reason for all, such as that no server answers, is said once.
        let mut reasons: Vec<_> = self.failed().map(|row| &row.outcome).collect();
        reasons.dedup();
        if let ([Outcome::Failed(why)], true) = (&*reasons, failed == self.rows.len() && failed > 1) {
            return format!("{text}FAIL {why}\n\n0 passed, {failed} failed, 0 passed over\n");
        }
        for Row { id, must, says, outcome, .. } in &self.rows {
            let (word, why) = match outcome {
                Outcome::Passed => ("ok  ", None),
                Outcome::Failed(why) => ("FAIL", Some(why)),
                Outcome::PassedOver(why) => ("over", Some(why)),
            };
            let _ = writeln!(text, "{word} {must:<4} {id:<34} {says}");
            if let Some(why) = why {
                let _ = writeln!(text, "          {why}");
            }
        }
        let _ = writeln!(text, "\n{passed} passed, {failed} failed, {over} passed over");
        text
    }

    fn json(&self) -> Value {
        let (passed, failed, over) = self.counts();
        let row = |row: &Row| {
            let (outcome, why) = match &row.outcome {
                Outcome::Passed => ("passed", None),
                Outcome::Failed(why) => ("failed", Some(why)),
                Outcome::PassedOver(why) => ("passedOver", Some(why)),
            };
            let mut written = json!({"id": row.id, "must": row.must, "says": row.says, "outcome": outcome});
            if !row.method.is_empty() {
                written["method"] = row.method.into();
            }
            if let Some(why) = why {
                written["why"] = why.as_str().into();
            }
            written["tookMs"] = json!(u64::try_from(row.took.as_millis()).unwrap_or(u64::MAX));
            written
        };
        json!({
            "server": self.server, "door": self.door.word(),
            "passed": passed, "failed": failed, "passedOver": over,
            "checks": self.rows.iter().map(row).collect::<Vec<_>>(),
        })
    }

    fn junit(&self) -> String {
        let (_, failed, over) = self.counts();
        let took: Duration = self.rows.iter().map(|row| row.took).sum();
        let (name, all) = (escaped(&format!("{} at {}", self.server, self.door.name())), self.rows.len());
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <testsuites>\n  <testsuite name=\"{name}\" tests=\"{all}\" failures=\"{failed}\" errors=\"0\" skipped=\"{over}\" time=\"{:.3}\">\n",
            took.as_secs_f64()
        );
        for row in &self.rows {
            let topic = row.id.split('.').next().unwrap_or_default();
            let name = escaped(&format!("{} {}: {}", row.must, row.id, row.says));
            let time = row.took.as_secs_f64();
            let _ = write!(xml, "    <testcase classname=\"{topic}\" name=\"{name}\" time=\"{time:.3}\"");
            let _ = match &row.outcome {
                Outcome::Passed => writeln!(xml, "/>"),
                Outcome::Failed(why) => {
                    writeln!(xml, "><failure message=\"{}\"/></testcase>", escaped(why))
                }
                Outcome::PassedOver(why) => {
                    writeln!(xml, "><skipped message=\"{}\"/></testcase>", escaped(why))
                }
            };
        }
        xml + "  </testsuite>\n</testsuites>\n"
    }
}

/// A text within an attribute of XML, which knows no control characters.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}
