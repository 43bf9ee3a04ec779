//! How calls are written: a row each, and what they add to the sums.

use std::collections::HashMap;

use rusqlite::{Connection, TransactionBehavior, params_from_iter, types::Value};

use super::{DAY, Kind, LedgerError, LedgerRow, QUARTER, count};

const KIND: &str = "SELECT id FROM kinds WHERE origin = ?1 AND key = ?2 AND profile = ?3 AND model = ?4 AND served_by = ?5 \
                    AND route = ?6 AND outcome = ?7 AND cost_source = ?8 AND client = ?9 AND workspace = ?10";
const NEW_KIND: &str = "INSERT INTO kinds (origin, key, profile, model, served_by, route, outcome, cost_source, client, \
                        workspace) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
const CALL: &str = "INSERT INTO calls (at, kind, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, \
                    reasoning_tokens, cost, is_unpriced, duration_ms, first_token_ms) \
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
const SUM: &str = "INSERT INTO sums VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) \
                   ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, \
                   input_tokens = input_tokens + excluded.input_tokens, \
                   output_tokens = output_tokens + excluded.output_tokens, \
                   cache_read_tokens = cache_read_tokens + excluded.cache_read_tokens, \
                   cache_write_tokens = cache_write_tokens + excluded.cache_write_tokens, \
                   reasoning_tokens = reasoning_tokens + excluded.reasoning_tokens, cost = cost + excluded.cost, \
                   priced_calls = priced_calls + excluded.priced_calls, \
                   unpriced_calls = unpriced_calls + excluded.unpriced_calls";

/// Writes all of these calls or none: that is decided last, when nothing waits for others any more.
pub(super) fn write(
    connection: &mut Connection,
    rows: &[LedgerRow],
    is_wanted: impl FnOnce() -> bool,
) -> Result<(), LedgerError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut find = transaction.prepare(KIND)?;
        let mut make = transaction.prepare(NEW_KIND)?;
        let mut call = transaction.prepare(CALL)?;
        let mut sum = transaction.prepare(SUM)?;
        // Numbers of kinds hold as long as nobody else can write: others remove kinds that have no calls any more.
        let mut kinds: HashMap<&Kind, i64> = HashMap::new();
        for row in rows {
            let kind = match kinds.get(&row.kind) {
                Some(kind) => *kind,
                None => {
                    let texts = row.kind.texts();
                    let mut found = find.query(params_from_iter(texts))?;
                    let kind = match found.next()? {
                        Some(found) => found.get(0)?,
                        None => make.insert(params_from_iter(texts))?,
                    };
                    kinds.insert(&row.kind, kind);
                    kind
                }
            };
            let number = |number: Option<i64>| number.map_or(Value::Null, Value::Integer);
            call.execute(params_from_iter([
                Value::Integer(row.at),
                Value::Integer(kind),
                number(row.input_tokens.map(count)),
                number(row.output_tokens.map(count)),
                Value::Integer(count(row.cache_read_tokens)),
                Value::Integer(count(row.cache_write_tokens)),
                Value::Integer(count(row.reasoning_tokens)),
                number(row.units()),
                Value::Integer(i64::from(row.is_unpriced)),
                Value::Integer(count(row.duration_ms)),
                number(row.first_token_ms.map(count)),
            ]))?;
            for span in [QUARTER, DAY] {
                let place = [span, row.at.div_euclid(span) * span, kind];
                sum.execute(params_from_iter(place.into_iter().chain(row.sum().numbers())))?;
            }
        }
    }
    if !is_wanted() {
        return Err(LedgerError::GivenUp);
    }
    Ok(transaction.commit()?)
}
