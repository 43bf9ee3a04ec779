//! Where the one process of a user is found.

use std::{
    env,
    fs::{self, File, OpenOptions},
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
};

use super::{process, socket};
use crate::store::private::only_mine;

/// What libraries read from the environment of the process itself: a process serves those with whom it has these in common,
/// and has no other variables.
const COMMON: [&str; 18] = [
    "APPDATA",
    "DBUS_SESSION_BUS_ADDRESS",
    "HOME",
    "LITELLM_LS_LOG",
    "LOCALAPPDATA",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "SystemRoot",
    "TEMP",
    "TMP",
    "TMPDIR",
    "TZ",
    "USERNAME",
    "USERPROFILE",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "XDG_STATE_HOME",
];
/// What the name of a socket ends with.
const SOCKET: &str = "sock";

/// The place of one process: of this build of the program, and of the variables that its clients have in common.
#[derive(Debug, Clone)]
pub struct Place {
    socket: PathBuf,
}

impl Place {
    /// The place of the process that serves this one's client. Its folder is made where it is missing.
    ///
    /// # Errors
    /// Where there is no folder that nobody else can enter.
    pub fn of_process() -> io::Result<Self> {
        let folder = folder()?;
        let mut hash = DefaultHasher::new();
        build().hash(&mut hash);
        common().for_each(|variable| variable.hash(&mut hash));
        Ok(Self { socket: folder.join(socket_name(hash.finish())) })
    }

    /// The one at this socket.
    pub fn at(socket: PathBuf) -> Self {
        Self { socket }
    }

    /// The places of all builds.
    ///
    /// # Errors
    /// Where the folder can't be read.
    pub fn all() -> io::Result<Vec<Self>> {
        let files = fs::read_dir(folder()?)?.filter_map(Result::ok).map(|file| file.path());
        let mut places: Vec<_> =
            files.filter(|path| path.extension().is_some_and(|end| end == SOCKET)).collect();
        places.sort();
        Ok(places.into_iter().map(Self::at).collect())
    }

    /// The socket.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// The one who holds it decides who becomes the process, and when it ends. Waits for whoever has it.
    pub(super) fn lock(&self) -> io::Result<File> {
        let lock = self.open_lock()?;
        lock.lock()?;
        Ok(lock)
    }

    /// The same, and none where somebody has it.
    pub(super) fn lock_if_free(&self) -> io::Result<Option<File>> {
        let lock = self.open_lock()?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(lock)),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    fn open_lock(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        only_mine(&mut options).open(self.socket.with_extension("lock"))
    }
}

/// The variables that a process and its clients have in common.
pub(super) fn common() -> impl Iterator<Item = (&'static str, std::ffi::OsString)> {
    COMMON.into_iter().filter_map(|name| Some((name, env::var_os(name)?)))
}

/// What tells one build from another of the same version: copies of one binary are the same.
fn build() -> (u64, Option<std::time::SystemTime>) {
    let data = env::current_exe().and_then(fs::metadata).ok();
    let changed = data.as_ref().and_then(|data| data.modified().ok()).filter(|_| cfg!(debug_assertions));
    (data.map_or(0, |data| data.len()), changed)
}

fn socket_name(number: u64) -> String {
    format!("{}-{number:016x}.{SOCKET}", env!("CARGO_PKG_VERSION"))
}

/// The folder of the sockets: below that of the session, which is gone with it, or else below that of temporary files.
fn folder() -> io::Result<PathBuf> {
    let session = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let session = session.filter(|folder| folder.is_absolute() && folder.is_dir());
    let folder = match session {
        Some(folder) => folder.join("litellm-ls"),
        None => env::temp_dir().join(format!("litellm-ls-{}", process::user())),
    };
    // As long as the names of sockets are.
    if !socket::can_be_at(&folder.join(socket_name(0))) {
        let message = format!(
            "the name of {} is too long for a socket: set XDG_RUNTIME_DIR to a folder with a shorter one",
            folder.display()
        );
        return Err(io::Error::new(io::ErrorKind::InvalidFilename, message));
    }
    process::make_own_folder(&folder)?;
    Ok(folder)
}
