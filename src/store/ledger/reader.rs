//! What the ledger says.

use std::{collections::HashMap, ops::Range, path::Path};

use rusqlite::{Connection, Row, TransactionBehavior, params};

use super::{
    DAY, Kind, LedgerError, LedgerSum, QUARTER, UNITS,
    file::{MIGRATIONS, Open, broken_since, set_aside},
    pending,
};

/// A look at the ledger, at one state of it.
pub struct LedgerReader(Connection);

impl LedgerReader {
    /// Looks at a ledger as it is now, which is none where nothing was recorded yet. One that turns out to be broken is set
    /// aside, and nothing has been recorded since.
    ///
    /// # Errors
    /// Where it can't be read.
    pub fn look<T>(
        path: &Path,
        at: impl Fn(Option<&Self>) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let reader = Self::at(path)?;
        match at(reader.as_ref()) {
            Err(error) if error.is_corrupt() => {
                drop(reader);
                set_aside(path, &error)?;
                at(None)
            }
            seen => seen,
        }
    }

    pub(super) fn at(path: &Path) -> Result<Option<Self>, LedgerError> {
        if !path.exists() {
            return Ok(None);
        }
        let connection = Open::at(path)?.connection;
        connection.execute_batch("PRAGMA query_only = 1; BEGIN")?;
        Ok(Some(Self(connection)))
    }

    /// Proves that every call since a time, in milliseconds since 1970, is counted: what waits is taken in, more can be
    /// written, and no ledger that had calls of that time is broken. Says nothing where another program has it locked.
    ///
    /// # Errors
    /// Where it can't be read or written, or a broken one is kept that was written to since.
    pub fn prove_whole(path: &Path, since: i64) -> Result<(), LedgerError> {
        let proven = Open::for_a_moment(path).and_then(|mut connection| {
            pending::take(path, &mut connection)?;
            let written = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            // Of a file that can't be written such a transaction is one that reads, and says nothing of it.
            written.pragma_update(None, "user_version", MIGRATIONS.len() as u32)?;
            written.rollback()?;
            match broken_since(path, since) {
                Some(broken) => Err(LedgerError::Broken(broken)),
                None => Ok(()),
            }
        });
        match proven {
            Err(error) if error.is_locked() => Ok(()),
            proven => proven,
        }
    }

    /// The start of the quarter of an hour with the first call, in milliseconds since 1970. None where there is no call.
    ///
    /// # Errors
    /// Where it can't be read.
    pub fn first(&self) -> Result<Option<i64>, LedgerError> {
        let first = "SELECT min(start) FROM sums WHERE span = ?1";
        Ok(self.0.query_row(first, [QUARTER], |row| row.get(0))?)
    }

    /// The days with calls that lie in a time or reach into it, by UTC, in milliseconds since 1970, the earliest first.
    ///
    /// # Errors
    /// Where it can't be read.
    pub fn days(&self, time: &Range<i64>) -> Result<Vec<i64>, LedgerError> {
        let mut days = self.0.prepare(
            "SELECT DISTINCT start FROM sums WHERE span = ?1 AND start > ?2 AND start < ?3 ORDER BY start",
        )?;
        let days = days.query_map([DAY, time.start.saturating_sub(DAY), time.end], |row| row.get(0))?;
        Ok(days.collect::<Result<_, _>>()?)
    }

    /// What the calls of each of these times took, by the number of their kind: of all the quarters of an hour that begin in
    /// it, in milliseconds since 1970.
    ///
    /// # Errors
    /// Where it can't be read.
    pub fn sums(&self, times: &[Range<i64>]) -> Result<Vec<HashMap<i64, LedgerSum>>, LedgerError> {
        let mut rows = self.0.prepare("SELECT * FROM sums WHERE span = ?1 AND start >= ?2 AND start < ?3")?;
        let mut all = Vec::with_capacity(times.len());
        for time in times {
            let mut sums: HashMap<i64, LedgerSum> = HashMap::new();
            for (span, Range { start, end }) in parts(time) {
                let mut rows = rows.query([span, start, end])?;
                while let Some(row) = rows.next()? {
                    let sum = sums.entry(row.get(2)?).or_default();
                    *sum = sum.plus(&sum_of(row)?);
                }
            }
            all.push(sums);
        }
        Ok(all)
    }

    /// USD that the calls of a profile took in each of these times, as for [`Self::sums`].
    ///
    /// # Errors
    /// Where it can't be read.
    pub fn spent(&self, profile: &str, times: &[Range<i64>]) -> Result<Vec<f64>, LedgerError> {
        let mut sum = self.0.prepare(
            "SELECT total(cost) FROM sums WHERE span = ?1 AND start >= ?2 AND start < ?3 \
             AND kind IN (SELECT id FROM kinds WHERE profile = ?4)",
        )?;
        let mut all = Vec::with_capacity(times.len());
        for time in times {
            let mut spent = 0.0;
            for (span, Range { start, end }) in parts(time) {
                spent += sum.query_row(params![span, start, end, profile], |row| row.get::<_, f64>(0))?;
            }
            all.push(spent / UNITS);
        }
        Ok(all)
    }

    /// The kinds of calls, by their numbers.
    ///
    /// # Errors
    /// Where they can't be read.
    pub fn kinds(&self) -> Result<HashMap<i64, Kind>, LedgerError> {
        let mut statement = self.0.prepare(
            "SELECT id, origin, key, profile, model, served_by, route, outcome, cost_source, client, workspace FROM kinds",
        )?;
        let kinds = statement.query_map([], |row| {
            let kind = Kind {
                origin: row.get(1)?,
                key: row.get(2)?,
                profile: row.get(3)?,
                model: row.get(4)?,
                served_by: row.get(5)?,
                route: row.get(6)?,
                outcome: row.get(7)?,
                cost_source: row.get(8)?,
                client: row.get(9)?,
                workspace: row.get(10)?,
            };
            Ok((row.get(0)?, kind))
        })?;
        Ok(kinds.collect::<Result<_, _>>()?)
    }
}

/// The spans that a time is made of: whole days, and quarters of an hour before and after them.
fn parts(time: &Range<i64>) -> [(i64, Range<i64>); 3] {
    let up = |at: i64| at.saturating_add(DAY - 1).div_euclid(DAY) * DAY;
    let first = up(time.start).min(time.end);
    let last = (time.end.div_euclid(DAY) * DAY).max(first);
    [(QUARTER, time.start..first), (DAY, first..last), (QUARTER, last..time.end)]
}

fn sum_of(row: &Row<'_>) -> Result<LedgerSum, rusqlite::Error> {
    let mut numbers = [0; 9];
    for (place, number) in numbers.iter_mut().enumerate() {
        *number = row.get(3 + place)?;
    }
    let mut numbers = numbers.into_iter();
    Ok(LedgerSum::of(|| numbers.next().unwrap_or_default()))
}
