//! The way from a shim to the one process, which is started where there is none.

use std::{
    env,
    fs::File,
    io,
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::{io::AsyncReadExt, process::Command};

use super::{
    Place,
    hello::{Client, Hello, Welcome, hear, say},
    log, place, process, socket,
};
use crate::{environment::Told, off_thread::off_thread, server::Door};

/// How often it is tried: a process may end just when somebody comes.
const TRIES: usize = 3;

/// How this client comes to the process.
pub(super) struct Way {
    pub(super) place: Place,
    pub(super) door: Door,
    pub(super) parent: Option<u32>,
    pub(super) told: Told,
    pub(super) log: Option<PathBuf>,
}

impl Way {
    /// A connection to the process, behind the first line each way.
    pub(super) async fn connect(&self) -> io::Result<(socket::Reading, socket::Writing)> {
        let client = Client {
            door: self.door,
            shim: std::process::id(),
            parent: self.parent,
            told: self.told.clone(),
        };
        greeted(&self.place, &Hello::Client(Box::new(client)), self.log.as_deref()).await
    }
}

/// A connection to the process, behind the first line each way.
async fn greeted(
    place: &Place,
    hello: &Hello,
    log: Option<&Path>,
) -> io::Result<(socket::Reading, socket::Writing)> {
    let mut last = None;
    for _ in 0..TRIES {
        let (mut input, mut output) = connected(place, log).await?;
        let welcome = async {
            say(hello, &mut output).await?;
            hear::<Welcome>(&mut input).await
        };
        match welcome.await {
            Ok(_) => return Ok((input, output)),
            // It ended meanwhile.
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| io::ErrorKind::NotConnected.into()))
}

/// A connection to the process, which is started where there is none.
async fn connected(place: &Place, log: Option<&Path>) -> io::Result<(socket::Reading, socket::Writing)> {
    if let Ok(connected) = socket::connect(place.socket()).await {
        return Ok(connected);
    }
    let of = place.clone();
    let lock = off_thread(move || of.lock()).await?;
    let connected = match socket::connect(place.socket()).await {
        Ok(connected) => connected,
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Err(error),
        // Nobody else starts one meanwhile.
        Err(_) => {
            start(place, &lock, log).await?;
            socket::connect(place.socket()).await?
        }
    };
    drop(lock);
    Ok(connected)
}

/// Starts the process, and waits until it takes connections.
async fn start(place: &Place, lock: &File, log: Option<&Path>) -> io::Result<()> {
    let mut command = Command::new(env::current_exe()?);
    command.arg("shared-process").arg(place.socket()).env_clear().envs(place::common());
    // It has the lock until it takes connections, though we may be killed meanwhile.
    command.stdin(process::held(lock)?).stdout(Stdio::piped()).stderr(Stdio::null());
    // Without a log it serves all the same.
    if let Some(log) = log
        && let Ok(file) = log::open(log)
    {
        command.arg("--log").arg(log).stderr(file);
    }
    process::detach(command.as_std_mut());
    // It goes on when it is dropped, and Tokio buries it when it has ended.
    let mut child = command.spawn()?;
    // One byte when it takes connections; none where it has ended.
    let listens = match &mut child.stdout {
        Some(stdout) => stdout.read(&mut [0]).await? == 1,
        None => false,
    };
    if listens { Ok(()) } else { Err(io::Error::other("the process ended at once; its log says why")) }
}
