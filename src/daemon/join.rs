//! What an editor starts: it finds the one process, or starts it, and carries bytes.

use std::path::Path;

use tokio::io::{AsyncRead, AsyncWrite};

use super::{carry::carry, way::Way};
use crate::{environment::Environment, server::Door, transport::Connection};

/// Serves the client at the other end of a connection by the one process, which is started where there is none, and returns
/// the exit code. Where none is to be had, this process serves it, and the log says why.
pub async fn join<R, W>(
    connection: Connection<R, W>,
    door: Door,
    environment: &Environment,
    log: Option<&Path>,
) -> u8
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let way = Way::new(door, connection.parent, environment.told(), log.map(Path::to_owned));
    let connected = way.connect(None).await;
    let code = carry(connection, door, connected, &way).await;
    way.end().await;
    code
}
