//! What the ledger on the disk is told of each call.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use litellm_ls_protocol::{CallOutcome, CostSource};

use crate::{
    provider::{Profile, instant::milliseconds, lock, request::Route, usage::ledger::Entry},
    store::ledger::{Kind, LedgerRow, LedgerWriter},
};

/// Most ledgers of one process: each user has one.
const MOST: usize = 16;

/// The writers of this process, one for each ledger.
#[derive(Default)]
pub(in crate::provider) struct Records(Mutex<Vec<Arc<LedgerWriter>>>);

impl Records {
    /// Has a call recorded. It waits for nothing.
    pub(in crate::provider) fn record(&self, profile: &Profile, entry: &Entry<'_>) {
        let asker = &profile.asker;
        let Some(writer) = asker.ledger.as_deref().and_then(|file| self.writer(file)) else { return };
        let usage = entry.usage.unwrap_or_default();
        writer.write(LedgerRow {
            at: jiff::Timestamp::now().as_millisecond(),
            kind: Kind {
                origin: profile.endpoint.origin().to_owned(),
                key: profile.endpoint.fingerprint().to_owned(),
                profile: profile.name.clone(),
                model: entry.model.to_owned(),
                served_by: entry.served_by.clone().unwrap_or_default(),
                route: route(entry.route).to_owned(),
                outcome: outcome(entry.outcome).to_owned(),
                cost_source: usage.cost_source.map(cost_source).unwrap_or_default().to_owned(),
                client: asker.client.clone(),
                workspace: asker.workspace.clone(),
            },
            input_tokens: usage.input_tokens,
            output_tokens: usage.output_tokens,
            cache_read_tokens: usage.cache_read_tokens,
            cache_write_tokens: usage.cache_write_tokens,
            reasoning_tokens: usage.reasoning_tokens,
            cost: usage.cost,
            is_unpriced: entry.is_unpriced(),
            duration_ms: milliseconds(entry.duration),
            first_token_ms: entry.first_token.map(milliseconds),
        });
    }

    /// What writes a ledger here, and has begun to.
    pub(in crate::provider) fn begun(&self, file: &Path) -> Option<Arc<LedgerWriter>> {
        lock(&self.0).iter().find(|writer| writer.path() == file).cloned()
    }

    fn writer(&self, file: &Path) -> Option<Arc<LedgerWriter>> {
        let mut writers = lock(&self.0);
        if let Some(writer) = writers.iter().find(|writer| writer.path() == file) {
            return Some(writer.clone());
        }
        if writers.len() == MOST {
            return None;
        }
        match LedgerWriter::of(file) {
            Ok(writer) => {
                let writer = Arc::new(writer);
                writers.push(writer.clone());
                Some(writer)
            }
            Err(error) => {
                tracing::warn!(%error, "calls are not recorded: the system gives no thread");
                None
            }
        }
    }
}

fn route(route: Route) -> &'static str {
    match route {
        Route::Chat => "chat",
        Route::Text => "text",
    }
}

pub(super) fn outcome(outcome: CallOutcome) -> &'static str {
    match outcome {
        CallOutcome::Succeeded => "succeeded",
        CallOutcome::Cancelled => "cancelled",
        CallOutcome::Failed | CallOutcome::Unknown => "failed",
    }
}

fn cost_source(source: CostSource) -> &'static str {
    match source {
        CostSource::Proxy => "proxy",
        CostSource::Computed => "computed",
        CostSource::Unknown => "",
    }
}
