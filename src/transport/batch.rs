//! The answers to one batch of the line door, which go out together.

use futures_util::{FutureExt, future::BoxFuture, future::join_all};

use super::message::Response;

/// Gathers the answers to one batch.
#[derive(Default)]
pub(super) struct Batch {
    ready: Vec<Response>,
    pending: Vec<BoxFuture<'static, Response>>,
}

/// A batch whose every message has been started.
pub(super) enum Closed {
    /// It had only notifications: nothing is answered.
    Empty,
    /// Every answer is there.
    Ready(Vec<Response>),
    /// Some answers take time.
    Pending(BoxFuture<'static, Vec<Response>>),
}

impl Batch {
    pub(super) fn ready(&mut self, response: Response) {
        self.ready.push(response);
    }

    pub(super) fn pending(&mut self, response: BoxFuture<'static, Response>) {
        self.pending.push(response);
    }

    pub(super) fn close(self) -> Closed {
        let Self { mut ready, pending } = self;
        match (ready.is_empty(), pending.is_empty()) {
            (true, true) => Closed::Empty,
            (false, true) => Closed::Ready(ready),
            (_, false) => Closed::Pending(
                async move {
                    ready.extend(join_all(pending).await);
                    ready
                }
                .boxed(),
            ),
        }
    }
}
