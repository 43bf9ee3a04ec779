//! Where a peer's bytes come from and go to.

use tokio::{
    io::{AsyncRead, AsyncWrite, DuplexStream},
    task::JoinHandle,
};

use super::{Framing, Outbox};

/// One peer's input, and the writer of its output.
pub struct Connection<R> {
    pub(super) input: R,
    pub(super) writer: JoinHandle<std::io::Result<()>>,
    pub(super) framing: Framing,
    pub(super) parent: Option<u32>,
}

impl<R: AsyncRead + Unpin> Connection<R> {
    /// A connection over any bytes, and the outbox to its peer.
    pub fn new(framing: Framing, input: R, output: impl AsyncWrite + Send + Unpin + 'static) -> (Self, Outbox) {
        let (outbox, writer) = Outbox::new(framing, output);
        (Self { input, writer, framing, parent: None }, outbox)
    }

    /// How messages are told apart on it.
    pub fn framing(&self) -> Framing {
        self.framing
    }

    /// Ends the connection when this process ends too.
    pub fn until_gone(mut self, parent: Option<u32>) -> Self {
        self.parent = parent;
        self
    }
}

/// The process's own stdin and stdout.
pub fn stdio(framing: Framing) -> (Connection<tokio::io::Stdin>, Outbox) {
    Connection::new(framing, tokio::io::stdin(), tokio::io::stdout())
}

/// A connection in memory, with the peer's end of it.
pub fn memory(framing: Framing) -> (Connection<DuplexStream>, Outbox, (DuplexStream, DuplexStream)) {
    const SIZE: usize = 64 << 10;
    let (peer_output, input) = tokio::io::duplex(SIZE);
    let (output, peer_input) = tokio::io::duplex(SIZE);
    let (connection, outbox) = Connection::new(framing, input, output);
    (connection, outbox, (peer_input, peer_output))
}
