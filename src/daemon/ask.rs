//! What people ask of the one process.

use std::io;

use serde::Serialize;

use super::{
    Place, Session,
    hello::{Hello, Welcome, hear, say},
    socket,
};

/// A process that was told to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped {
    /// How many clients were connected.
    pub clients: usize,
}

/// One process and who is connected to it.
#[derive(Debug, Clone, Serialize)]
pub struct Running {
    /// The process.
    pub pid: u32,
    /// Bytes of memory that are its own. None where the system does not say.
    pub memory: Option<u64>,
    /// By when they came.
    pub sessions: Vec<Session>,
}

/// The processes of this user, each with who is connected to it.
///
/// # Errors
/// Where the folder of their sockets can't be read.
pub async fn sessions() -> io::Result<Vec<Running>> {
    let mut all = Vec::new();
    for place in Place::all()? {
        if let Ok(Welcome::Sessions { pid, memory, sessions }) = asked(&place, &Hello::Sessions).await {
            all.push(Running { pid, memory, sessions });
        }
    }
    Ok(all)
}

/// Has all processes of this user end.
///
/// # Errors
/// Where the folder of their sockets can't be read.
pub async fn stop() -> io::Result<Vec<Stopped>> {
    let mut all = Vec::new();
    for place in Place::all()? {
        if let Ok(Welcome::Stop { clients }) = asked(&place, &Hello::Stop).await {
            all.push(Stopped { clients });
        }
    }
    Ok(all)
}

async fn asked(place: &Place, hello: &Hello) -> io::Result<Welcome> {
    let (mut input, mut output) = socket::connect(place.socket()).await?;
    say(hello, &mut output).await?;
    let welcome = hear(&mut input).await?;
    if matches!(hello, Hello::Stop) {
        // It is over when the connection is.
        let _ = tokio::io::copy(&mut input, &mut tokio::io::sink()).await;
    }
    Ok(welcome)
}
