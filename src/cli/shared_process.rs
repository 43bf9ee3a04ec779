//! The process that editors share.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use clap::Args;

use crate::{
    daemon::{self, Place},
    memory,
};

#[derive(Debug, Args)]
pub(super) struct SharedProcessArgs {
    /// Its socket.
    socket: PathBuf,
    /// The file of its log.
    #[arg(long)]
    log: Option<PathBuf>,
    /// How long it stays when nobody is connected, in seconds.
    #[arg(long, default_value_t = daemon::IDLE.as_secs())]
    idle: u64,
}

/// Serves all who connect.
///
/// # Errors
/// Where there is no socket to be had.
pub(super) async fn run(args: &SharedProcessArgs) -> anyhow::Result<ExitCode> {
    let listens = || {
        // Whoever has started it waits for a byte.
        let _ = io::stdout().write_all(b"\n").and_then(|()| io::stdout().flush());
    };
    tokio::spawn(memory::rest_when_quiet());
    daemon::serve(
        &Place::at(args.socket.clone()),
        args.log.as_deref(),
        Duration::from_secs(args.idle),
        listens,
    )
    .await?;
    Ok(ExitCode::SUCCESS)
}
