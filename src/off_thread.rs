//! Long work beside the one thread that serves everybody.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use tokio::sync::Notify;

/// Does long work on a thread of its own, so that other requests go on meanwhile. Its panic is the caller's.
pub(crate) async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime ends, and this task with it.
            Err(_) => std::future::pending().await,
        },
    }
}

tokio::task_local! {
    /// Whether the work that is done here has much to do.
    static IS_LONG: Arc<AtomicBool>;
}

/// The work that this belongs to has much to do from here on: it goes on beside the thread that serves everybody, where
/// it is a [`Work`].
pub(crate) async fn aside() {
    let is_new = IS_LONG.try_with(|is_long| !is_long.swap(true, Ordering::Relaxed)).unwrap_or(false);
    if is_new {
        tokio::task::yield_now().await;
    }
}

/// What one request asks for, or a command. It is done where everybody is served, and beside it from when there is much
/// to do: each turn of it on a thread of the pool, none of which it holds while it waits.
pub(crate) struct Work<T> {
    future: Pin<Box<dyn Future<Output = T> + Send>>,
    is_long: Arc<AtomicBool>,
    /// Told when it can go on, since it had its last turn beside.
    woken: Arc<Woken>,
    has_had_a_turn_beside: bool,
    done: Option<T>,
}

#[derive(Default)]
struct Woken(Notify);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.notify_one();
    }
}

impl<T: Send + 'static> Work<T> {
    /// Work of which nothing is done yet, and whether there is much to do from its beginning.
    pub(crate) fn new(work: impl Future<Output = T> + Send + 'static, is_long: bool) -> Self {
        let is_long = Arc::new(AtomicBool::new(is_long));
        Self {
            future: Box::pin(IS_LONG.scope(is_long.clone(), work)),
            is_long,
            woken: Arc::default(),
            has_had_a_turn_beside: false,
            done: None,
        }
    }

    /// Does what comes before its first await, and returns what is done then. Nobody is told when it can go on: it is to
    /// be [finished](Self::finish).
    pub(crate) fn begin(&mut self) -> Option<T> {
        self.turn(&mut Context::from_waker(Waker::noop()));
        self.done.take()
    }

    /// The same beside the thread that serves everybody.
    pub(crate) async fn begin_beside(self) -> Self {
        self.turn_beside().await
    }

    /// What it comes to.
    pub(crate) async fn finish(mut self) -> T {
        loop {
            if let Some(done) = self.done.take() {
                return done;
            }
            if self.is_long() {
                if self.has_had_a_turn_beside {
                    self.woken.0.notified().await;
                }
                self = self.turn_beside().await;
            } else {
                std::future::poll_fn(|context| {
                    self.turn(context);
                    match self.done.is_some() || self.is_long() {
                        true => Poll::Ready(()),
                        false => Poll::Pending,
                    }
                })
                .await;
            }
        }
    }

    fn is_long(&self) -> bool {
        self.is_long.load(Ordering::Relaxed)
    }

    fn turn(&mut self, context: &mut Context<'_>) {
        if let Poll::Ready(done) = self.future.as_mut().poll(context) {
            self.done = Some(done);
        }
    }

    async fn turn_beside(mut self) -> Self {
        off_thread(move || {
            let waker = Waker::from(self.woken.clone());
            self.turn(&mut Context::from_waker(&waker));
            self.has_had_a_turn_beside = true;
            self
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, time::Duration};

    use super::*;

    /// Work that can't end before somebody else has had a turn.
    async fn blocking(said: mpsc::Receiver<()>) -> bool {
        aside().await;
        let first = said.recv_timeout(Duration::from_secs(30)).is_ok();
        tokio::task::yield_now().await;
        first && said.recv_timeout(Duration::from_secs(30)).is_ok()
    }

    #[tokio::test]
    async fn long_work_holds_nobody_up() {
        for is_long in [false, true] {
            let (say, said) = mpsc::channel();
            let done = tokio::spawn(Work::new(blocking(said), is_long).finish());
            for _ in 0..2 {
                tokio::task::yield_now().await;
                say.send(()).unwrap();
            }
            assert!(done.await.unwrap(), "{is_long}");
        }
    }

    #[tokio::test]
    async fn short_work_stays_where_it_is() {
        let here = std::thread::current().id();
        let mut work = Work::new(
            async move {
                tokio::task::yield_now().await;
                std::thread::current().id() == here
            },
            false,
        );
        assert_eq!(work.begin(), None);
        assert!(work.finish().await);
    }

    #[tokio::test]
    async fn what_it_waits_for_wakes_it() {
        let (say, said) = tokio::sync::oneshot::channel();
        let work = Work::new(said, true).begin_beside().await;
        let done = tokio::spawn(work.finish());
        tokio::task::yield_now().await;
        say.send(7).unwrap();
        assert_eq!(done.await.unwrap(), Ok(7));
    }
}
