//! Where a peer's bytes come from and go to.

use tokio::io::{Stdin, Stdout};

/// One peer: its bytes in, its bytes out, and its process.
#[derive(Debug)]
pub struct Connection<R, W> {
    /// What the peer sends.
    pub input: R,
    /// What the peer is sent.
    pub output: W,
    /// A process whose end is the end of the connection too. None: only the end of the input is.
    pub parent: Option<u32>,
}

impl Connection<Stdin, Stdout> {
    /// The process's own stdin and stdout.
    pub fn stdio() -> Self {
        Self { input: tokio::io::stdin(), output: tokio::io::stdout(), parent: None }
    }
}
