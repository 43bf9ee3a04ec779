//! Which models the proxy of this machine serves, and which of its file it does not, and why.

use anyhow::Context;
use serde_json::{Value, json};

use super::status::NAME;
use crate::{
    cli::{
        check::today,
        output::{Text, Tone, padded, said, shown, words},
    },
    environment::Environment,
    proxy::{self, Home, Status},
    supervise::{self, Missing},
};

/// Most models that are named of those that a file does not have.
const UNLISTED: usize = 20;

/// What a proxy says of its models. Empty where it says nothing.
#[derive(Default)]
pub(super) struct Served {
    /// How many it serves.
    count: Option<usize>,
    missing: Vec<Missing>,
    unlisted: Vec<String>,
}

impl Served {
    /// Asks the proxy that runs.
    pub(super) async fn by(status: &Status, home: &Home, environment: &Environment) -> Self {
        let Some(record) = status.running.as_ref().filter(|_| status.healthy) else { return Self::default() };
        let Some(served) = proxy::served(home, record).await else { return Self::default() };
        let log = supervise::log(&record.source, home);
        let (missing, unlisted) = supervise::drift(record, &served, &log, environment, today());
        Self { count: Some(served.names.len()), missing, unlisted }
    }

    /// The status with what is known of its models.
    ///
    /// # Errors
    /// Never, for a status is an object.
    pub(super) fn json(&self, status: &Status) -> anyhow::Result<Value> {
        let mut json = serde_json::to_value(status)?;
        let object = json.as_object_mut().context("the status is no object")?;
        if let Some(count) = self.count {
            object.insert("modelCount".into(), count.into());
            let missing = |one: &Missing| json!({"name": one.name, "reason": one.reason, "file": one.path, "line": one.line + 1});
            object.insert("missing".into(), self.missing.iter().map(missing).collect());
            object.insert("unlisted".into(), self.unlisted.clone().into());
        }
        Ok(json)
    }

    /// The same for people, below the status. Blank where nothing is known.
    pub(super) fn text(&self) -> Text {
        let Some(count) = self.count else { return Text::default() };
        let many = |count: usize| if count == 1 { "1 model".to_owned() } else { format!("{count} models") };
        let name = padded(&words("serves"), NAME);
        let mut text = Text::new(Tone::Usual, format!("{name}{}", words(&many(count))));
        if self.missing.is_empty() && self.unlisted.is_empty() {
            return text.and(Tone::Usual, "\n");
        }
        if !self.missing.is_empty() {
            let left = format!("and not {} of its file:", self.missing.len());
            text = text.and(Tone::Warning, format!(", {}", said(&left)));
        }
        text = text.and(Tone::Usual, "\n");
        for one in &self.missing {
            let place = format!("{}:{}", one.path.display(), one.line + 1);
            text = text.and(Tone::Usual, "  ").and(Tone::Name, shown(&one.name));
            text = text.and(Tone::Faint, format!("  {}\n", shown(&place)));
            text = text.and(Tone::Usual, format!("    {}\n", said(&shown(&one.reason))));
        }
        if !self.unlisted.is_empty() {
            let names: Vec<String> = self.unlisted.iter().take(UNLISTED).map(|name| shown(name)).collect();
            let more = self.unlisted.len().saturating_sub(UNLISTED);
            let names = names.join(", ");
            let listed = match more {
                0 => format!("and some that its file has not: {names}"),
                _ => format!("and some that its file has not: {names} and {more} more"),
            };
            text = text.and(Tone::Usual, format!("  {}\n", said(&listed)));
        }
        text
    }
}
