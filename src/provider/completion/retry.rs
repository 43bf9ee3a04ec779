//! Which failures are worth another attempt, and after what wait.
//!
//! Only before the first byte of an answer: what a model has begun to say would be paid for twice. Only for what can
//! help: a connection, an overload, a failure of the provider. Never for a wrong key, a spent budget or a wrong request.

use std::time::Duration;

use litellm_ls_protocol::ErrorKind;

use crate::provider::Error;

/// How often a request is sent at most.
const ATTEMPTS: u32 = 3;
/// The same where this process has no room: connections that have ended are closed within seconds.
const ATTEMPTS_FOR_ROOM: u32 = 5;
/// The wait before the second attempt; it doubles from there.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait worth the user's timeouts: what asks for more is reported at once.
const LONGEST_WAITED: Duration = Duration::from_secs(15);

/// How long to wait before the next attempt; none where there shall be none. `chance`, from 0 to 1, spreads the
/// attempts of many clients.
pub(super) fn wait(error: &Error, attempt: u32, chance: f64) -> Option<Duration> {
    let attempts = if error.kind() == ErrorKind::Busy { ATTEMPTS_FOR_ROOM } else { ATTEMPTS };
    if attempt >= attempts || !may_help(error) {
        return None;
    }
    if error.is_stale && attempt == 1 {
        return Some(Duration::ZERO);
    }
    let asked = error.data.retry_after_ms.map(Duration::from_millis);
    let doubled = FIRST_WAIT * 2_u32.pow(attempt - 1);
    let wait = asked.unwrap_or_else(|| doubled.mul_f64(0.75 + chance.clamp(0.0, 1.0) / 4.0));
    (wait <= LONGEST_WAITED).then_some(wait)
}

fn may_help(error: &Error) -> bool {
    let status = error.data.http_status;
    error.is_away()
        || match error.kind() {
            // Files and connections of this process are closed as other requests end.
            ErrorKind::RateLimited | ErrorKind::Busy => true,
            ErrorKind::Timeout => status == Some(408),
            // No other attempt finds another certificate.
            ErrorKind::Upstream => {
                status.is_some_and(|status| matches!(status, 424 | 500..) && !matches!(status, 525 | 526))
            }
            // A conflict is over by the next attempt.
            ErrorKind::InvalidRequest => status == Some(409),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_states_these_numbers() {
        let page = include_str!("../../../protocol/PROTOCOL.md");
        assert_eq!((ATTEMPTS, ATTEMPTS_FOR_ROOM, FIRST_WAIT), (3, 5, Duration::from_millis(500)));
        for stated in [
            "sent up to three times",
            "tried up to five times",
            "else half a second, doubled, less up to a quarter",
            &format!("up to {} s; what asks for more is reported", LONGEST_WAITED.as_secs()),
        ] {
            assert!(page.contains(stated), "{stated}");
        }
    }

    fn error(kind: ErrorKind, status: Option<u16>) -> Error {
        let mut error = Error::new(kind, "", "");
        error.data.http_status = status;
        error
    }

    #[test]
    fn only_what_can_help_is_tried_again() {
        for (kind, status, again) in [
            (ErrorKind::Unreachable, None, true),
            (ErrorKind::RateLimited, Some(429), true),
            (ErrorKind::Upstream, Some(500), true),
            (ErrorKind::Upstream, Some(529), true),
            (ErrorKind::Upstream, Some(502), true),
            (ErrorKind::Upstream, Some(522), true),
            (ErrorKind::Upstream, Some(424), true),
            (ErrorKind::Upstream, Some(404), false),
            (ErrorKind::Upstream, Some(524), true),
            (ErrorKind::Upstream, Some(526), false),
            (ErrorKind::Busy, None, true),
            (ErrorKind::Upstream, None, false),
            (ErrorKind::Timeout, Some(408), true),
            (ErrorKind::Timeout, None, false),
            (ErrorKind::BadResponse, Some(404), false),
            (ErrorKind::BudgetExceeded, Some(429), false),
            (ErrorKind::Unauthorized, Some(401), false),
            (ErrorKind::UpstreamUnauthorized, Some(401), false),
            (ErrorKind::InvalidRequest, Some(400), false),
            (ErrorKind::InvalidRequest, Some(409), true),
            (ErrorKind::Tls, None, false),
        ] {
            assert_eq!(wait(&error(kind, status), 1, 0.5).is_some(), again, "{kind:?} {status:?}");
        }
    }

    #[test]
    fn room_for_a_connection_is_waited_for_longer() {
        let busy = error(ErrorKind::Busy, None);
        let waits: Duration = (1..).map_while(|attempt| wait(&busy, attempt, 0.0)).sum();
        // Connections whose answer has ended are read to their end for two seconds at most.
        assert!(waits > Duration::from_secs(4), "{waits:?}");
    }

    #[test]
    fn waits_double_and_end() {
        let error = error(ErrorKind::Upstream, Some(503));
        assert_eq!(wait(&error, 1, 1.0), Some(Duration::from_millis(500)));
        assert_eq!(wait(&error, 1, 0.0), Some(Duration::from_millis(375)));
        assert_eq!(wait(&error, 2, 1.0), Some(Duration::from_secs(1)));
        assert_eq!(wait(&error, 3, 1.0), None);
    }

    #[test]
    fn a_connection_that_was_closed_meanwhile_is_made_again_at_once() {
        let stale = Error { is_stale: true, ..error(ErrorKind::Unreachable, None) };
        assert_eq!(wait(&stale, 1, 0.5), Some(Duration::ZERO));
        assert!(wait(&stale, 2, 0.5).is_some_and(|wait| wait > Duration::ZERO));
        assert_eq!(wait(&stale, 3, 0.5), None);
    }

    #[test]
    fn what_the_proxy_asks_for_is_honoured_where_it_is_bearable() {
        let mut error = error(ErrorKind::RateLimited, Some(429));
        error.data.retry_after_ms = Some(5000);
        assert_eq!(wait(&error, 1, 0.0), Some(Duration::from_secs(5)));
        error.data.retry_after_ms = Some(60_000);
        assert_eq!(wait(&error, 1, 0.0), None);
    }
}
