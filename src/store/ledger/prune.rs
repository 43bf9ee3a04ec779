//! What makes room in the ledger: calls that are old, and the oldest ones where it grows too large.
//!
//! No clock has a say in it: one that is ahead, if for a single call, would make everything old. Days with calls are
//! counted instead, so that a wrong clock costs no more than the place of the days that it made up.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{DAY, LedgerError, QUARTER};

/// How many days with calls are kept: 400, and a month for days that a wrong clock made up.
const DAYS: i64 = 430;
/// Most bytes of the file: a million calls take some 100 MB.
const MAX_SIZE: i64 = 256 << 20;
/// How much goes at once where it is too large: an eighth of the calls.
const SHARE: i64 = 8;
/// Most calls that are removed before others may write.
const STEP: i64 = 20_000;

/// How much is kept.
pub(super) struct Limits {
    pub(super) days: i64,
    pub(super) bytes: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { days: DAYS, bytes: MAX_SIZE }
    }
}

/// Removes whole days, the oldest first, until the rest is within the limits. At least the newest stays.
pub(super) fn prune(connection: &mut Connection, limits: &Limits) -> Result<(), LedgerError> {
    if let Some(first) = day(connection, limits.days - 1)? {
        before(connection, first)?;
    }
    while size(connection)? > limits.bytes {
        let share = "SELECT at FROM calls ORDER BY at LIMIT 1 OFFSET (SELECT count(*) / ?1 FROM calls)";
        let at = connection.query_row(share, [SHARE], |row| row.get::<_, i64>(0)).optional()?;
        let end = at.map(|at| (at.div_euclid(DAY) + 1) * DAY);
        let (Some(end), Some(newest)) = (end, day(connection, 0)?) else { return Ok(()) };
        if end > newest {
            return Ok(());
        }
        before(connection, end)?;
    }
    Ok(())
}

/// When a day with calls began, that so many newer ones follow. None where there are less.
fn day(connection: &Connection, newer: i64) -> Result<Option<i64>, LedgerError> {
    let day = "SELECT DISTINCT start FROM sums WHERE span = ?1 ORDER BY start DESC LIMIT 1 OFFSET ?2";
    Ok(connection.query_row(day, [DAY, newer], |row| row.get(0)).optional()?)
}

/// Bytes that hold something. What is freed is used again, and stays in the file.
fn size(connection: &Connection) -> Result<i64, LedgerError> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    Ok((number("page_count")? - number("freelist_count")?) * number("page_size")?)
}

/// Removes the days before an instant.
fn before(connection: &mut Connection, end: i64) -> Result<(), LedgerError> {
    // A kill may have left calls without their sums.
    let is_old = connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM calls WHERE at < ?1) OR EXISTS (SELECT 1 FROM sums WHERE span = ?2 AND start < ?1)",
        [end, DAY],
        |row| row.get::<_, bool>(0),
    )?;
    if !is_old {
        return Ok(());
    }
    // Sums first, and at once: they are what people are told, and are never told in part.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("DELETE FROM sums WHERE span IN (?1, ?2) AND start < ?3", [QUARTER, DAY, end])?;
    transaction.execute("DELETE FROM kinds WHERE id NOT IN (SELECT kind FROM sums)", [])?;
    transaction.commit()?;
    let step =
        "DELETE FROM calls WHERE rowid IN (SELECT rowid FROM calls WHERE at < ?1 ORDER BY at LIMIT ?2)";
    while connection.execute(step, [end, STEP])? > 0 {}
    Ok(())
}
