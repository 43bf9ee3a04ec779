//! The first line each way, and the last one.

use std::io;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::sessions::Session;
use crate::{
    environment::Told,
    server::{Chosen, Door},
};

/// Most bytes of a first line: an environment has two megabytes at most on Linux, and each of its bytes may take four.
const MAX_LINE: usize = 16 << 20;
/// How much of a line is read at once.
const PIECE: usize = 16 << 10;

/// What is said to the one process. It has no `Debug`, for variables hold keys.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Hello {
    /// A client is here; what follows are its messages.
    Client(Box<Client>),
    /// Who is connected?
    Sessions,
    /// End, whoever is connected.
    Stop,
}

/// A client, and what its process was started with.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Client {
    pub(super) door: Door,
    /// The process of the shim.
    pub(super) shim: u32,
    /// A process whose end is the client's end. None: only the end of its input is.
    pub(super) parent: Option<u32>,
    pub(super) told: Told,
    /// What it had chosen where another process served it. None where it had chosen nothing.
    pub(super) chosen: Option<Chosen>,
    /// How many processes have served it before.
    pub(super) turn: u32,
}

/// What the one process says first.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Welcome {
    /// It serves the client from here on.
    Client,
    /// Who is connected, and nothing follows.
    Sessions {
        /// The process.
        pid: u32,
        /// Bytes of memory that are its own. None where the system does not say.
        memory: Option<u64>,
        sessions: Vec<Session>,
    },
    /// It ends, and this many clients with it.
    Stop { clients: usize },
}

/// What the process says last, before the exit code.
const FAREWELL: &str = "bye ";

/// The last line, behind all messages: the process has served the client to its end.
pub(super) fn farewell(code: u8) -> String {
    format!("{FAREWELL}{code}\n")
}

/// The exit code of a line that is the last one.
pub(super) fn said_farewell(line: &[u8]) -> Option<u8> {
    str::from_utf8(line).ok()?.strip_prefix(FAREWELL)?.trim_end().parse().ok()
}

/// Says a first line.
pub(super) async fn say<T: Serialize>(what: &T, output: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
    let mut line = serde_json::to_vec(what)?;
    line.push(b'\n');
    output.write_all(&line).await?;
    output.flush().await
}

/// Hears a first line. Nobody says more before the other has answered.
///
/// # Errors
/// Where it does not come whole, is too long, or is none of ours.
pub(super) async fn hear<T: DeserializeOwned>(input: &mut (impl AsyncRead + Unpin)) -> io::Result<T> {
    let mut line = Vec::new();
    while line.last() != Some(&b'\n') {
        line.reserve(PIECE);
        if line.len() > MAX_LINE {
            return Err(io::ErrorKind::InvalidData.into());
        }
        if input.take(PIECE as u64).read_buf(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(serde_json::from_slice(&line)?)
}
