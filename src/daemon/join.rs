//! What an editor starts: it finds the one process, or starts it, and carries bytes.

use std::{io, path::Path};

use tokio::io::{AsyncRead, AsyncWrite};

use super::{Place, carry::carry, way::Way};
use crate::{environment::Environment, server::Door, transport::Connection};

/// Why nothing is shared.
#[derive(Debug, thiserror::Error)]
#[error("no process can be shared, so this editor gets one of its own: {0}")]
pub struct Unshared(#[from] io::Error);

/// Serves the client at the other end of a connection by the one process, which is started where there is none, and returns
/// the exit code.
///
/// # Errors
/// Where there is none to be had; nothing has been read by then.
pub async fn join<R, W>(
    connection: Connection<R, W>,
    door: Door,
    environment: &Environment,
    log: Option<&Path>,
) -> Result<u8, (Unshared, Connection<R, W>)>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let place = match Place::of_process() {
        Ok(place) => place,
        Err(error) => return Err((error.into(), connection)),
    };
    let (parent, log) = (connection.parent, log.map(Path::to_owned));
    let way = Way { place, door, parent, told: environment.told(), log };
    match way.connect().await {
        Ok(connected) => Ok(carry(connection, door, connected, &way).await),
        Err(error) => Err((error.into(), connection)),
    }
}
