//! Signals as Unix has them.

use std::{
    future::poll_fn,
    io, ptr,
    sync::atomic::{AtomicI32, AtomicUsize, Ordering},
    task::Poll,
};

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The last signal that nobody has heard yet; 0 where there is none.
static ASKED: AtomicI32 = AtomicI32::new(0);
/// How many listen.
static LISTENERS: AtomicUsize = AtomicUsize::new(0);

/// What a process changes beyond itself, and has to leave as it was found.
pub(crate) trait PutBack {
    /// Leaves it as it was found, and returns whether the process stands still until a person answers: then nobody is
    /// there to end it in order. It does nothing that a signal handler may not do.
    fn put_back() -> bool;
}

/// Has it put back where a signal ends the process.
pub(crate) fn put_back_when_killed<P: PutBack>() {
    come_first::<P>(&[libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGTERM]);
}

/// Has these signals come here first.
fn come_first<P: PutBack>(signals: &[libc::c_int]) {
    extern "C" fn killed<P: PutBack>(signal: libc::c_int) {
        let is_asking = P::put_back();
        // Where another handler has come before this one, and calls it, that one knows what becomes of the signal. Whoever
        // sends a second one sees nothing of that.
        if ASKED.swap(signal, Ordering::SeqCst) != 0 || is_asking || action(signal) == Some(libc::SIG_DFL) {
            end_by(signal);
        }
    }
    for signal in signals.iter().copied() {
        // What the one who started us wants ignored stays ignored, as under `nohup`.
        if action(signal) == Some(libc::SIG_DFL) {
            // SAFETY: the struct is valid, and the handler does only what handlers may do.
            unsafe {
                let mut action: libc::sigaction = std::mem::zeroed();
                action.sa_sigaction = killed::<P> as extern "C" fn(libc::c_int) as usize;
                action.sa_flags = libc::SA_RESETHAND;
                libc::sigaction(signal, &raw const action, ptr::null_mut());
            }
        }
    }
}

/// Has a signal do what it does by itself; in its handler, when that is over.
pub(super) fn end_by(signal: libc::c_int) {
    // SAFETY: a signal handler may make both calls.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
        libc::raise(signal);
    }
}

/// Ends what waits where a signal has come meanwhile.
///
/// # Errors
/// Where somebody listens: they end it in order. Where nobody does the process ends by the signal.
pub(crate) fn give_way() -> io::Result<()> {
    match ASKED.load(Ordering::SeqCst) {
        0 => Ok(()),
        signal if LISTENERS.load(Ordering::SeqCst) == 0 => {
            end_by(signal);
            Ok(())
        }
        _ => Err(io::Error::other("a signal has ended it")),
    }
}

struct Nothing;

impl PutBack for Nothing {
    fn put_back() -> bool {
        false
    }
}

/// What a signal does now.
fn action(signal: libc::c_int) -> Option<libc::sighandler_t> {
    // SAFETY: a struct of numbers may be zero, the call fills it, and a signal handler may make it.
    unsafe {
        let mut found: libc::sigaction = std::mem::zeroed();
        (libc::sigaction(signal, ptr::null(), &raw mut found) == 0).then_some(found.sa_sigaction)
    }
}

/// The signals that ask a process to end: Ctrl-C, `kill`, and the end of its terminal. From the first of these that is made
/// on none of them ends the process by itself. What the one who started us wants ignored stays ignored.
pub(crate) struct Ends(Vec<(u8, Signal)>);

impl Ends {
    pub(crate) fn listen() -> Self {
        come_first::<Nothing>(&[libc::SIGHUP, libc::SIGINT, libc::SIGTERM]);
        LISTENERS.fetch_add(1, Ordering::SeqCst);
        let asks = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let heard = asks.into_iter().filter(|kind| action(kind.as_raw_value()) != Some(libc::SIG_IGN));
        // A shell says so of a program that a signal ended.
        let code = |kind: SignalKind| 128 + u8::try_from(kind.as_raw_value()).unwrap_or_default();
        Self(heard.filter_map(|kind| Some((code(kind), signal(kind).ok()?))).collect())
    }

    /// Waits for one, and returns the exit code of a process that ends by it.
    pub(crate) async fn next(&mut self) -> u8 {
        poll_fn(|context| {
            let mut ends = self.0.iter_mut();
            let ended = ends.find_map(|(code, signal)| signal.poll_recv(context).is_ready().then_some(*code));
            ended.map_or(Poll::Pending, |code| {
                ASKED.store(0, Ordering::SeqCst);
                Poll::Ready(code)
            })
        })
        .await
    }
}

impl Drop for Ends {
    fn drop(&mut self) {
        LISTENERS.fetch_sub(1, Ordering::SeqCst);
    }
}
