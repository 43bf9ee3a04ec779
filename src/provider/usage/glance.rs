//! What people look for first: what was spent lately, and what is left.

use std::sync::Arc;

use jiff::{ToSpan, ZonedDateTime};
use litellm_ls_protocol::{LedgerBy, LedgerParams, UsageLedger};

use super::budget::sentence;
use crate::provider::{Profile, Provider, Result};

/// The spans that are told, in days, today within.
const SPANS: [i64; 3] = [1, 7, 30];

/// What was spent, and what is left.
#[derive(Debug, Default)]
pub struct Glance {
    /// What was recorded on this machine today, in 7 and in 30 days, by model. None where it keeps no ledger.
    pub recorded: Option<[UsageLedger; 3]>,
    /// What is spent of each budget, the user's own and those that the proxy tells of, in a sentence.
    pub budgets: Vec<String>,
}

impl Provider {
    /// What was spent lately, and what is left of the budgets that a profile depends on.
    ///
    /// # Errors
    /// Where the ledger can't be read.
    pub async fn glance(&self, profile: Arc<Profile>) -> Result<Glance> {
        let today = ZonedDateTime::now().date();
        let mut spans = Vec::new();
        for days in SPANS {
            let since = Some(today.saturating_sub((days - 1).days()).to_string());
            let asked = LedgerParams { by: vec![LedgerBy::Model], since, ..LedgerParams::default() };
            spans.extend(self.ledger(&profile, &asked).await?);
        }
        let mut budgets = self.own_budgets(&profile).await;
        // Of a proxy that can't be asked nothing is known.
        if let Ok(profile) = self.unlocked(profile).await {
            budgets.extend(self.budgets(&profile).await.unwrap_or_default());
        }
        Ok(Glance {
            recorded: spans.try_into().ok(),
            budgets: budgets.iter().filter_map(sentence::rest).collect(),
        })
    }
}
