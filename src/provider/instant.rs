//! Instants, days and durations, as they stand on the wire.

use std::time::Duration;

/// Whether a day such as `2026-12-31` is past, or today (UTC).
pub fn has_come(day: &str) -> bool {
    *day <= now()[..10]
}

/// This instant, as it stands on the wire.
pub fn now() -> String {
    instant(jiff::Timestamp::now())
}

/// Day and minute of an instant in RFC 3339, for people; another text stands as it is.
pub fn minute(instant: &str) -> String {
    match instant.parse::<jiff::Timestamp>() {
        Ok(instant) => instant.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => instant.to_owned(),
    }
}

/// An instant in RFC 3339, in UTC, always with milliseconds.
pub(super) fn instant(instant: jiff::Timestamp) -> String {
    format!("{instant:.3}")
}

/// A duration in milliseconds, as it stands on the wire.
pub(super) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::instant;

    #[test]
    fn an_instant_has_milliseconds_always() {
        for (millisecond, written) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (120, "1970-01-01T00:00:00.120Z"),
            (1007, "1970-01-01T00:00:01.007Z"),
        ] {
            assert_eq!(instant(jiff::Timestamp::from_millisecond(millisecond).unwrap()), written);
        }
    }
}
