//! The server that an editor starts.

use std::process::ExitCode;

use super::ServeArgs;
use crate::{environment::Environment, transport::Connection};

pub(super) async fn run(args: &ServeArgs, environment: Environment) -> ExitCode {
    tracing::debug!(version = env!("CARGO_PKG_VERSION"), transport = ?args.transport, "serving");
    let connection = Connection { parent: args.client_process_id, ..Connection::stdio() };
    ExitCode::from(crate::serve(connection, args.transport.into(), environment).await)
}
