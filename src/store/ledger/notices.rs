//! Which notices of budgets were given, so that of all processes one gives each.

use std::path::Path;

use rusqlite::{TransactionBehavior, params};

use super::{DAY, LedgerError, file::Open};

/// How long notices are remembered: longer than any period.
const KEPT: i64 = 62 * DAY;

/// Notes that notices of the period of a profile are given, at so many percent, and says whether nobody has given the first
/// of them before.
///
/// # Errors
/// Where that can't be written.
pub fn claim_notices(
    ledger: &Path,
    profile: &str,
    period: &str,
    start: i64,
    steps: &[u8],
) -> Result<bool, LedgerError> {
    let mut connection = Open::for_a_moment(ledger)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("DELETE FROM notices WHERE start < ?1", [start - KEPT])?;
    let mut is_new = Vec::with_capacity(steps.len());
    for step in steps {
        let claim = "INSERT OR IGNORE INTO notices VALUES (?1, ?2, ?3, ?4)";
        is_new.push(transaction.execute(claim, params![profile, period, start, step])? > 0);
    }
    transaction.commit()?;
    Ok(is_new.first() == Some(&true))
}
