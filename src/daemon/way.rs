//! The way from a shim to the one process, which is started where there is none.

use std::{
    env,
    fs::File,
    io,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite},
    process::Command,
    task::JoinHandle,
    time::timeout,
};

use super::{
    COMMAND, Place,
    hello::{Client, Hello, Welcome, hear, say},
    life, log, place, process, socket,
};
use crate::{
    environment::{Environment, Told},
    language::Language,
    lock::lock,
    off_thread::off_thread,
    server::{Chosen, Door},
};

/// How often it is tried: a process may end just when somebody comes.
const TRIES: usize = 3;
/// How long a process may take to say that it is there, and another to begin.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// How long this process's own server may take to end behind its client.
const OWN_END: Duration = Duration::from_secs(1);
/// How many bytes wait between this process and its own server.
const OWN_ROOM: usize = 64 << 10;

/// What comes from who serves the client.
pub(super) type Reading = Box<dyn AsyncRead + Send + Unpin>;
/// What goes to who serves the client.
pub(super) type Writing = Box<dyn AsyncWrite + Send + Unpin>;

/// How this client comes to the process.
pub(super) struct Way {
    /// Why there is none, else.
    place: io::Result<Place>,
    door: Door,
    parent: Option<u32>,
    told: Told,
    log: Option<PathBuf>,
    turn: AtomicU32,
    /// The server in this process, where none can be shared.
    own: Mutex<Option<JoinHandle<()>>>,
}

impl Way {
    /// The language that the client is told things in, which names one or none.
    pub(super) fn language(&self, locale: Option<&str>) -> Language {
        Environment::of_peer(self.told.clone()).language(locale)
    }

    pub(super) fn new(door: Door, parent: Option<u32>, told: Told, log: Option<PathBuf>) -> Self {
        let (turn, own) = (AtomicU32::new(0), Mutex::new(None));
        Self { place: Place::of_process(), door, parent, told, log, turn, own }
    }

    /// A connection to the process, behind the first line each way; where none can be shared, to a server in this one.
    pub(super) async fn connect(&self, chosen: Option<Chosen>) -> (Reading, Writing) {
        let hello = Hello::Client(Box::new(Client {
            door: self.door,
            shim: std::process::id(),
            parent: self.parent,
            told: self.told.clone(),
            chosen,
            turn: self.turn.fetch_add(1, Ordering::Relaxed),
        }));
        let shared = match &self.place {
            Ok(place) => greeted(place, &hello, self.log.as_deref()).await,
            Err(error) => Err(io::Error::new(error.kind(), error.to_string())),
        };
        match shared {
            Ok((input, output)) => (Box::new(input), Box::new(output)),
            Err(error) => {
                tracing::warn!("no process can be shared, so this editor gets one of its own: {error}");
                self.own(hello).await
            }
        }
    }

    /// The same to a server in this process.
    async fn own(&self, hello: Hello) -> (Reading, Writing) {
        let (here, there) = tokio::io::duplex(OWN_ROOM);
        let (from, to) = tokio::io::split(there);
        *lock(&self.own) = Some(tokio::spawn(life::answer(hello, from, to)));
        let (mut input, output) = tokio::io::split(here);
        // It says so at once, or has ended, which is seen by who reads on.
        drop(hear::<Welcome>(&mut input).await);
        (Box::new(input), Box::new(output))
    }

    /// Waits for the end of the server in this process, which has things to write.
    pub(super) async fn end(self) {
        let own = lock(&self.own).take();
        if let Some(own) = own {
            drop(timeout(OWN_END, own).await);
        }
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
        let (mut input, mut output) = timely(connected(place, log)).await?;
        let welcome = async {
            say(hello, &mut output).await?;
            hear::<Welcome>(&mut input).await
        };
        match timely(welcome).await {
            Ok(_) => return Ok((input, output)),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => return Err(error),
            // It ended meanwhile.
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| io::ErrorKind::NotConnected.into()))
}

/// What a process takes no longer for than one that works.
pub(super) async fn timely<T>(doing: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    let late = |_| io::Error::new(io::ErrorKind::TimedOut, "the shared process does not answer");
    timeout(PATIENCE, doing).await.map_err(late)?
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
    let mut command = Command::new(process::program().map_or_else(env::current_exe, Ok)?);
    command.arg(COMMAND).arg(place.socket()).env_clear().envs(place::common());
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
