//! Whole numbers within the limits that the schema states.

use serde::{Deserialize, Deserializer, de::Error};

/// The largest whole number that every JSON reader keeps as it is (RFC 8259, section 6): 2^53 - 1.
pub const LARGEST_WHOLE: u64 = (1 << 53) - 1;

/// Longest duration, in milliseconds: a day.
pub const LONGEST_MS: u64 = 24 * 60 * 60 * 1000;

/// Reads a number of tokens, of 1 at least.
pub(crate) fn tokens<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    within(1, LARGEST_WHOLE, u64::deserialize(deserializer)?)
}

/// The same where it may be absent.
pub(crate) fn some_tokens<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Option::deserialize(deserializer)?.map(|given| within(1, LARGEST_WHOLE, given)).transpose()
}

/// Reads a number of tokens, of which there may be none.
pub(crate) fn tokens_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    within(0, LARGEST_WHOLE, u64::deserialize(deserializer)?)
}

/// Reads a duration.
pub(crate) fn milliseconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    within(0, LONGEST_MS, u64::deserialize(deserializer)?)
}

fn within<E: Error>(least: u64, most: u64, given: u64) -> Result<u64, E> {
    match given {
        _ if given < least => Err(E::custom(format_args!("the number is below {least}"))),
        _ if given > most => Err(E::custom(format_args!("the number is above {most}"))),
        _ => Ok(given),
    }
}
