//! The one process, from the first client to the last.

use std::{
    io,
    path::Path,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use super::{
    Place,
    hello::{Client, Hello, Welcome, farewell, hear, say},
    log, process,
    sessions::Sessions,
    socket::{Listener, Reading, Writing},
};
use crate::{
    environment::Environment,
    lock::lock,
    memory,
    server::{Presence, Server, Shim},
    transport::Connection,
};

/// How long it stays when nobody is connected.
pub const IDLE: Duration = Duration::from_secs(5 * 60);
/// How long somebody who connects may take to say who it is.
const HELLO_LIMIT: Duration = Duration::from_secs(10);
/// How long a client may take to hear that it has been served.
const FAREWELL_LIMIT: Duration = Duration::from_secs(1);
/// How long it waits before it takes a connection again where it could not, such as for want of open files.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves all who connect, until nobody has for `idle`, or it is told to end. `listens` is called when it takes connections.
///
/// # Errors
/// Where there is no socket to be had.
pub async fn serve(
    place: &Place,
    log: Option<&Path>,
    idle: Duration,
    listens: impl FnOnce(),
) -> io::Result<()> {
    process::leave_terminal();
    process::take_many_files();
    if let Some(log) = log {
        log::keep(log);
    }
    let listener = Listener::at(place.socket())?;
    process::release();
    listens();
    let process = Process::default();
    let mut clients = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = process.stop.cancelled() => break,
            // Those who left need no place any more.
            Some(_) = clients.join_next() => {}
            connected = listener.accept() => match connected {
                Ok((input, output)) => drop(clients.spawn(process.clone().greet(input, output))),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(PAUSE).await;
                }
            },
            () = process.sessions.idle(idle) => {
                // Who is about to connect holds the lock, or finds no socket and starts another process.
                match place.lock_if_free() {
                    Ok(Some(_lock)) => {
                        listener.hide();
                        return Ok(());
                    }
                    Ok(None) => tokio::time::sleep(PAUSE).await,
                    Err(error) => return Err(error),
                }
            }
        }
    }
    listener.hide();
    let all_gone = async { while clients.join_next().await.is_some() {} };
    drop(tokio::time::timeout(FAREWELL_LIMIT, all_gone).await);
    Ok(())
}

/// Answers one client by a server of its own.
pub(super) async fn answer<R, W>(hello: Hello, input: R, output: W)
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    Process::default().answer(hello, input, output).await;
}

/// What all clients share.
#[derive(Clone, Default)]
struct Process {
    server: Server,
    sessions: Arc<Sessions>,
    stop: CancellationToken,
}

impl Process {
    /// Hears who has connected, and answers.
    async fn greet(self, mut input: Reading, output: Writing) {
        let hello = match tokio::time::timeout(HELLO_LIMIT, hear(&mut input)).await {
            Ok(Ok(hello)) => hello,
            // Somebody who only looks whether there is a process says nothing.
            Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => return,
            Ok(Err(error)) => return tracing::warn!(%error, "what connected is none of ours"),
            Err(_) => return tracing::warn!("what connected says nothing"),
        };
        self.answer(hello, input, output).await;
    }

    async fn answer<R, W>(self, hello: Hello, input: R, mut output: W)
    where
        R: AsyncRead + Send + Unpin + 'static,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let told = match hello {
            Hello::Client(client) => return self.serve(*client, input, output).await,
            Hello::Sessions => {
                let (pid, sessions) = (std::process::id(), self.sessions.list());
                say(&Welcome::Sessions { pid, memory: memory::own(), sessions }, &mut output).await
            }
            Hello::Stop => {
                let told = say(&Welcome::Stop { clients: self.sessions.count() }, &mut output).await;
                self.stop.cancel();
                told
            }
        };
        if let Err(error) = told {
            tracing::debug!(%error, "who asked is gone");
        }
    }

    /// Serves a client until it leaves.
    async fn serve<R, W>(self, client: Client, input: R, mut output: W)
    where
        R: AsyncRead + Send + Unpin + 'static,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let presence = Presence::default();
        let _here = self.sessions.come(client.shim, presence.clone());
        if say(&Welcome::Client, &mut output).await.is_err() {
            return;
        }
        let output = Shared(Arc::new(Mutex::new(output)));
        let connection = Connection { input, output: output.clone(), parent: client.parent, hangup: None };
        let environment = Environment::of_peer(client.told);
        let shim = Shim { presence, chosen: client.chosen, turn: client.turn };
        let code = tokio::select! {
            code = self.server.serve_shim(connection, client.door, environment, shim) => code,
            () = self.stop.cancelled() => 0,
        };
        // It is behind all messages, and no message: by it the shim knows that this is the end, and no accident.
        let mut output = output;
        let farewell = farewell(code);
        drop(tokio::time::timeout(FAREWELL_LIMIT, output.write_all(farewell.as_bytes())).await);
    }
}

/// What is written to by the connection, and when that is over by us.
struct Shared<W>(Arc<Mutex<W>>);

impl<W> Clone for Shared<W> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<W: AsyncWrite + Unpin> AsyncWrite for Shared<W> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut *lock(&self.0)).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *lock(&self.0)).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // What the connection is done with is not done with here.
        Poll::Ready(Ok(()))
    }
}
