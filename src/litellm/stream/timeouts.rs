//! How long an answer may keep its reader waiting, and for what.

use std::time::Duration;

use tokio::time::Instant;

use crate::litellm::{AnswerTimeouts, GRACE, Phase};

/// How long an answer that is complete may leave its connection open, so that its usage and its end may still come.
pub(in crate::litellm) const TAIL: Duration = Duration::from_secs(2);
/// The time that [`AnswerTimeouts::least_a_minute`] speaks of.
const MINUTE: Duration = Duration::from_secs(60);

/// What it means when nothing more comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Silence {
    /// The answer has ended.
    End,
    /// A time limit has passed.
    Limit(Phase, Duration),
}

/// Measures the silence of a stream. What only shows that the connection lives is silence too.
#[derive(Debug)]
pub(super) struct Clock {
    timeouts: AnswerTimeouts,
    asked: Instant,
    /// When the answer got further. None before it began.
    last: Option<Instant>,
    /// How long the proxy was waited for since the answer had this weight. The reader's own delays are not the proxy's.
    waited: Duration,
    weight: usize,
}

impl Clock {
    pub(super) fn new(asked: Instant, timeouts: AnswerTimeouts) -> Self {
        Self { timeouts, asked, last: None, waited: Duration::ZERO, weight: 0 }
    }

    /// Until when to wait for the answer to get further, and what it means when it does not. `is_complete`: nothing more
    /// is needed.
    pub(super) fn limit(&self, now: Instant, is_complete: bool) -> (Instant, Silence) {
        let AnswerTimeouts { first_token, idle, least_a_minute } = self.timeouts;
        let Some(last) = self.last else {
            return (self.asked + first_token, Silence::Limit(Phase::FirstToken, first_token));
        };
        if is_complete {
            return (last + TAIL, Silence::End);
        }
        let silent = (last + idle, Silence::Limit(Phase::Idle, idle));
        let slow = (now + MINUTE.saturating_sub(self.waited), Silence::Limit(Phase::Slow, MINUTE));
        if least_a_minute > 0 && slow.0 < silent.0 { slow } else { silent }
    }

    /// Waits for a piece, until a deadline at most.
    pub(super) async fn wait<T>(
        &mut self,
        deadline: Instant,
        next: impl Future<Output = T> + Unpin,
    ) -> Option<T> {
        let began = Instant::now();
        let piece = within(deadline, next).await;
        self.waited += began.elapsed();
        piece
    }

    /// Notes whether the answer got further, and what it adds up to by now.
    pub(super) fn note(&mut self, is_further: bool, weight: usize) {
        if is_further {
            self.last = Some(Instant::now());
        }
        if self.waited >= MINUTE && weight - self.weight >= self.timeouts.least_a_minute || weight == 0 {
            (self.waited, self.weight) = (Duration::ZERO, weight);
        }
    }
}

/// What a future comes to until a deadline. What has come already wins over a timer that fired late, as it does in a
/// process that was stopped and continued: the timer is seen first, and what lies in the socket a moment later.
pub(in crate::litellm) async fn within<T>(
    deadline: Instant,
    mut next: impl Future<Output = T> + Unpin,
) -> Option<T> {
    match tokio::time::timeout_at(deadline, &mut next).await {
        Ok(value) => Some(value),
        Err(_) => tokio::time::timeout(GRACE, next).await.ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn clock(least_a_minute: usize) -> Clock {
        Clock::new(
            Instant::now(),
            AnswerTimeouts { first_token: 9 * SECOND, idle: 90 * SECOND, least_a_minute },
        )
    }

    #[tokio::test]
    async fn what_has_come_wins_over_a_timer_that_fired_late() {
        let late = Instant::now();
        let (sender, receiver) = tokio::sync::oneshot::channel();
        // What the socket has reaches its reader by another task, which runs after the timer was seen.
        tokio::spawn(async move {
            tokio::task::yield_now().await;
            sender.send("data")
        });
        assert_eq!(within(late, receiver).await, Some(Ok("data")));
        assert_eq!(within(late, std::future::pending::<()>()).await, None);
    }

    #[test]
    fn a_limit_is_that_of_how_far_the_answer_is() {
        let mut clock = clock(0);
        let now = clock.asked;
        let first = Silence::Limit(Phase::FirstToken, 9 * SECOND);
        assert_eq!(clock.limit(now, false), (now + 9 * SECOND, first));
        clock.note(false, 0);
        assert_eq!(clock.limit(now, false).1, first, "a sign of life is no progress");
        clock.note(true, 1);
        assert_eq!(clock.limit(now, false).1, Silence::Limit(Phase::Idle, 90 * SECOND));
        assert_eq!(clock.limit(now, true), (clock.last.unwrap() + TAIL, Silence::End));
    }

    #[test]
    fn a_minute_with_too_little_is_the_end_where_the_user_says_so() {
        let slow = Silence::Limit(Phase::Slow, MINUTE);
        let mut clock = clock(100);
        clock.note(true, 10);
        let now = Instant::now();
        assert_eq!(clock.limit(now, false), (now + MINUTE, slow));
        clock.waited = MINUTE;
        clock.note(true, 99);
        assert_eq!(clock.limit(now, false), (now, slow), "99 bytes in a minute are too few");
        clock.note(true, 100);
        assert_eq!(
            clock.limit(now, false),
            (now + MINUTE, slow),
            "100 are enough, and another minute begins"
        );
    }

    /// A proxy that is stopped amid an answer brings nothing, and one that goes on in time is no slower than it was.
    #[test]
    fn a_proxy_that_stops_has_its_minute_and_no_more() {
        for (stopped, weight, ends) in [(50, 120, false), (60, 10, true), (70, 10, true)] {
            let mut clock = clock(100);
            clock.note(true, 10);
            clock.waited = stopped * SECOND;
            clock.note(!ends, weight);
            let now = Instant::now();
            let (deadline, silence) = clock.limit(now, false);
            assert_eq!(
                (deadline <= now, silence),
                (ends, Silence::Limit(Phase::Slow, MINUTE)),
                "{stopped} s"
            );
        }
    }
}
