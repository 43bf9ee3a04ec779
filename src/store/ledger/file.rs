//! The file of the ledger: how it is opened, which version it has, and what becomes of a broken one.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Mutex,
    time::{Duration, SystemTime},
};

use rusqlite::{Connection, OpenFlags, TransactionBehavior, config::DbConfig};

use super::{LedgerError, pending};
use crate::{
    lock::lock,
    store::{FileError, Identity, NotRead, Reason, Unreadable, file_lock, guarded, private},
};

/// How long a process waits while others write; each takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it does for what can be done another time, such as to take in calls that were kept earlier.
const MOMENT: Duration = Duration::from_millis(250);
/// Memory for pages, in KiB.
const CACHE: i64 = 1_024;
/// What a broken file is called from then on: `ledger.broken`, `ledger.2.broken` and so on.
const BROKEN: &str = "broken";
/// Most of them that are kept; one more takes the place of the last.
const MOST_BROKEN: usize = 9;

/// What leads from each version to the next. What has been released stays as it is.
pub(super) const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE kinds (
        id INTEGER PRIMARY KEY,
        origin TEXT NOT NULL,
        key TEXT NOT NULL,
        profile TEXT NOT NULL,
        model TEXT NOT NULL,
        served_by TEXT NOT NULL,
        route TEXT NOT NULL,
        outcome TEXT NOT NULL,
        cost_source TEXT NOT NULL,
        client TEXT NOT NULL,
        workspace TEXT NOT NULL,
        UNIQUE (origin, key, profile, model, served_by, route, outcome, cost_source, client, workspace)
    ) STRICT;
    -- Times are milliseconds since 1970, costs billionths of a USD.
    CREATE TABLE calls (
        at INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        input_tokens INTEGER,
        output_tokens INTEGER,
        cache_read_tokens INTEGER NOT NULL,
        cache_write_tokens INTEGER NOT NULL,
        reasoning_tokens INTEGER NOT NULL,
        cost INTEGER,
        is_unpriced INTEGER NOT NULL,
        duration_ms INTEGER NOT NULL,
        first_token_ms INTEGER
    ) STRICT;
    CREATE INDEX calls_at ON calls (at);
    CREATE TABLE sums (
        span INTEGER NOT NULL,
        start INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        calls INTEGER NOT NULL,
        input_tokens INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        cache_read_tokens INTEGER NOT NULL,
        cache_write_tokens INTEGER NOT NULL,
        reasoning_tokens INTEGER NOT NULL,
        cost INTEGER NOT NULL,
        priced_calls INTEGER NOT NULL,
        unpriced_calls INTEGER NOT NULL,
        PRIMARY KEY (span, start, kind)
    ) WITHOUT ROWID, STRICT;
",
    "
    -- What was told of budgets: of which profile and period, when that began, at how many percent.
    CREATE TABLE notices (
        profile TEXT NOT NULL,
        period TEXT NOT NULL,
        start INTEGER NOT NULL,
        step INTEGER NOT NULL,
        PRIMARY KEY (profile, period, start, step)
    ) WITHOUT ROWID, STRICT;
",
];

/// The ledger, open.
pub(super) struct Open {
    pub(super) connection: Connection,
    path: PathBuf,
    /// Which file that is. None where the system does not tell.
    identity: Option<Identity>,
}

impl Open {
    /// Opens the ledger, and makes it where there is none. One that is broken is set aside, and another begun. Calls that
    /// could not be written earlier are taken in.
    ///
    /// # Errors
    /// Where it can't be used.
    pub(super) fn at(path: &Path) -> Result<Self, LedgerError> {
        let mut opened = match open(path) {
            Err(error) if error.is_corrupt() => {
                set_aside(path, &error)?;
                open(path)
            }
            opened => opened,
        }?;
        opened.connection.busy_timeout(MOMENT)?;
        if let Err(error) = pending::take(path, &mut opened.connection) {
            tracing::debug!(%error, "calls that wait for the ledger still do");
        }
        opened.connection.busy_timeout(PATIENCE)?;
        Ok(opened)
    }

    /// The same for what can be done another time: it waits no longer than a moment while others write.
    ///
    /// # Errors
    /// Where it can't be used.
    pub(super) fn for_a_moment(path: &Path) -> Result<Connection, LedgerError> {
        let opened = Self::at(path)?;
        opened.connection.busy_timeout(MOMENT)?;
        Ok(opened.connection)
    }

    /// Whether it is still the file at its path: another process may have set it aside, or its user moved it away.
    pub(super) fn is_current(&self) -> bool {
        self.identity == Identity::of(&self.path)
    }
}

fn open(path: &Path) -> Result<Open, LedgerError> {
    let path = made(path)?;
    // That nobody leads us elsewhere; no part of the path is a link.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | if cfg!(unix) { OpenFlags::SQLITE_OPEN_NOFOLLOW } else { OpenFlags::empty() };
    let mut connection = Connection::open_with_flags(&path, flags)?;
    // The log of changes beside a file that turns out to be broken is kept with it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "cache_size", -CACHE)?;
    // What is there may be anybody's words.
    connection.pragma_update(None, "trusted_schema", false)?;
    // A file system that has no place for it keeps its own way. After a power cut the last calls may be missing.
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "normal")?;
    migrate(&mut connection, MIGRATIONS)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    let identity = Identity::of(&path);
    Ok(Open { connection, path, identity })
}

/// Leads a file to the newest version.
pub(super) fn migrate(connection: &mut Connection, migrations: &[&str]) -> Result<(), LedgerError> {
    let version = |connection: &Connection| {
        let version = connection.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0))?;
        Ok::<_, rusqlite::Error>(version as usize)
    };
    if version(connection)? == migrations.len() {
        return Ok(());
    }
    // Others may do the same just now.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let before = version(&transaction)?;
    for migration in migrations.get(before..).ok_or(LedgerError::Newer)? {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", migrations.len() as u32)?;
    Ok(transaction.commit()?)
}

/// The place of the file behind all links, with a file there that only the user can read, and no other user change.
///
/// One that is there already is never opened beside SQLite: closing it would give up the locks that SQLite has on it.
fn made(path: &Path) -> Result<PathBuf, LedgerError> {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = lock(&TURN);
    let not_read = |reason| Unreadable::from(NotRead { path: path.to_owned(), reason });
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(not_read(Reason::NotRegular).into());
    };
    private::make_private_folder(folder).map_err(Unreadable::from)?;
    let folder = if cfg!(unix) { fs::canonicalize(folder) } else { Ok(folder.to_owned()) };
    let path = folder.map_err(|error| not_read(error.into()))?.join(name);
    let mut options = fs::OpenOptions::new();
    match private::only_mine(options.write(true).create_new(true)).open(&path) {
        Ok(file) => private::keep_mine(&file),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(not_read(error.into()).into()),
    }
    match fs::symlink_metadata(&path) {
        Ok(data) if data.is_file() => {}
        Ok(_) => return Err(not_read(Reason::NotRegular).into()),
        Err(error) => return Err(not_read(error.into()).into()),
    }
    // SQLite would wait in a pipe for ever.
    for end in ["-wal", "-shm", "-journal"] {
        let path = with_end(&path, end);
        match fs::symlink_metadata(&path) {
            Ok(data) if !data.is_file() => {
                return Err(Unreadable::from(NotRead { path, reason: Reason::NotRegular }).into());
            }
            _ => {}
        }
    }
    guarded::check_folder(&path).map_err(Unreadable::from)?;
    Ok(path)
}

/// The name of a file of SQLite's beside another.
fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(end);
    path.with_file_name(name)
}

/// Gives a broken file another name, unless another process has done so.
pub(super) fn set_aside(path: &Path, why: &LedgerError) -> Result<(), LedgerError> {
    let _lock = file_lock::lock(path)?;
    match open(path) {
        Err(error) if error.is_corrupt() => {}
        // It is good again; a defect that is seen only further in is believed.
        Ok(opened) if is_sound(&opened.connection) => return Ok(()),
        Ok(_) => {}
        Err(error) => return Err(error),
    }
    let aside = free_name(path);
    // The file last: a kill before that leaves it to the next who opens it.
    for end in ["-wal", "-shm", ""] {
        let (from, to) = (with_end(path, end), with_end(&aside, end));
        let moved = match from.exists() {
            true => fs::rename(&from, &to).map_err(FileError::of("rename", &from)),
            false => private::remove(&to),
        };
        moved.map_err(Unreadable::from)?;
    }
    tracing::warn!(
        "the ledger of calls is broken ({why}): it is kept as {}, and another is begun",
        aside.display()
    );
    Ok(())
}

/// The names that broken files of a ledger have, the first one first.
fn broken_names(path: &Path) -> impl Iterator<Item = PathBuf> {
    let others = (2..=MOST_BROKEN).map(|number| path.with_extension(format!("{number}.{BROKEN}")));
    std::iter::once(path.with_extension(BROKEN)).chain(others)
}

/// A broken file that is kept, and was written to since a time in milliseconds since 1970. None where there is none.
pub(super) fn broken_since(path: &Path, since: i64) -> Option<PathBuf> {
    let written = |file: PathBuf| {
        let written = fs::symlink_metadata(file).and_then(|data| data.modified()).ok()?;
        let since_1970 = written.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since_1970.as_millis()).ok()
    };
    let is_of_then = |name: &PathBuf| {
        ["", "-wal"].iter().any(|end| written(with_end(name, end)).is_some_and(|at| at >= since))
    };
    broken_names(path).find(|name| name.exists() && is_of_then(name))
}

/// What a broken file is to be called: nothing that is kept already has that name, nor has a part of it.
fn free_name(path: &Path) -> PathBuf {
    let is_free = |name: &PathBuf| {
        ["-wal", "-shm", ""].iter().all(|end| fs::symlink_metadata(with_end(name, end)).is_err())
    };
    let mut last = PathBuf::new();
    for name in broken_names(path) {
        if is_free(&name) {
            return name;
        }
        last = name;
    }
    last
}

fn is_sound(connection: &Connection) -> bool {
    let said = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    said.is_ok_and(|said| said == "ok")
}
