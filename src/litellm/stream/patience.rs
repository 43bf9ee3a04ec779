//! How long an answer may keep its reader waiting, and for what.

use std::time::Duration;

use tokio::time::Instant;

use crate::litellm::{GRACE, Patience, Phase};

/// How long an answer that is complete may leave its connection open, so that its usage and its end may still come.
pub(super) const TAIL: Duration = Duration::from_secs(2);
/// The time that [`Patience::least_a_minute`] speaks of.
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
    patience: Patience,
    asked: Instant,
    /// When the answer got further. None before it began.
    last: Option<Instant>,
    /// How long the proxy was waited for since the answer had this weight. The reader's own delays are not the proxy's.
    waited: Duration,
    weight: usize,
}

impl Clock {
    pub(super) fn new(asked: Instant, patience: Patience) -> Self {
        Self { patience, asked, last: None, waited: Duration::ZERO, weight: 0 }
    }

    /// Until when to wait for the answer to get further, and what it means when it does not. `is_complete`: nothing more
    /// is needed.
    pub(super) fn limit(&self, now: Instant, is_complete: bool) -> (Instant, Silence) {
        let Patience { first_token, idle, least_a_minute } = self.patience;
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
        if self.waited >= MINUTE && weight - self.weight >= self.patience.least_a_minute || weight == 0 {
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
