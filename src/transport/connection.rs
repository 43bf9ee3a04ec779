//! Where a peer's bytes come from and go to.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite};

#[cfg(not(unix))]
use other as platform;
#[cfg(unix)]
use unix as platform;

/// One peer: its bytes in, its bytes out, and its process.
pub struct Connection<R, W> {
    /// What the peer sends.
    pub input: R,
    /// What the peer is sent.
    pub output: W,
    /// A process whose end is the end of the connection too. None: only the end of the input is.
    pub parent: Option<u32>,
    /// Ends when the peer takes no more output, though there may be none to write. None: writing tells.
    pub hangup: Option<BoxFuture<'static, ()>>,
}

/// Where bytes come from.
type Input = Box<dyn AsyncRead + Send + Unpin>;
/// Where bytes go to.
type Output = Box<dyn AsyncWrite + Send + Unpin>;

impl Connection<Input, Output> {
    /// The process's own stdin and stdout. Call it within a runtime.
    pub fn stdio() -> Self {
        Self {
            input: platform::stdin(),
            output: platform::stdout(),
            parent: None,
            hangup: platform::hangup(),
        }
    }
}

/// Waits until the peer takes no more output; for ever where only writing tells.
pub fn gone(hangup: Option<BoxFuture<'static, ()>>) -> BoxFuture<'static, ()> {
    hangup.unwrap_or_else(|| Box::pin(std::future::pending()))
}
