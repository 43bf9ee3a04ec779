//! Guarded files on Unix: by owner and mode, as OpenSSH's `StrictModes` looks at them.

use std::{
    fs::{self, Metadata, OpenOptions},
    io,
    os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt},
    path::Path,
};

use rustix::fs::OFlags;

use super::Reason;
use crate::descriptors;

const GROUP_WRITES: u32 = 0o020;
const OTHERS_WRITE: u32 = 0o002;
const STICKY: u32 = 0o1000;
/// Who is in macOS's group `admin` may become root, and owns what Homebrew installs.
const ADMINS: Option<u32> = if cfg!(target_os = "macos") { Some(80) } else { None };

/// Device and inode: which file it is, whatever name it goes by.
pub(in crate::store) type Identity = (u64, u64);

pub(super) fn identity(_: &Path, data: &Metadata) -> Option<Identity> {
    Some((data.dev(), data.ino()))
}

/// Device and inode, and when anything about the file last changed, its mode too.
pub(in crate::store) type FileId = (u64, u64, i64, i64);

pub(super) fn file_id(_: &Path, data: &Metadata) -> FileId {
    (data.dev(), data.ino(), data.ctime(), data.ctime_nsec())
}

/// Opening a pipe waits for who holds its other end, and opening a terminal may take it over.
pub(super) fn never_wait(options: &mut OpenOptions) {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
}

/// Why a file could not be opened. A pipe that nobody reads, a socket or a device refuses in words of its own.
pub(super) fn refused(error: io::Error, path: &Path) -> Reason {
    let is_special = |data: Metadata| {
        let kind = data.file_type();
        kind.is_fifo() || kind.is_socket() || kind.is_char_device() || kind.is_block_device()
    };
    if fs::metadata(path).is_ok_and(is_special) { Reason::NotRegular } else { error.into() }
}

/// Whether a file is the user's or root's, and no other user can write it or replace it: neither it nor a folder that it
/// is in, up to the user's home.
pub(super) fn check_owner(path: &Path, data: &Metadata) -> Result<(), Reason> {
    check_change(data, false)?;
    let home = std::env::home_dir();
    let real = fs::canonicalize(path)?;
    for folder in [path, &real].into_iter().flat_map(|path| folders(path, home.as_deref())) {
        // A folder that can't be looked at now was gone through to open the file.
        let Ok(data) = fs::metadata(folder) else { continue };
        check_change(&data, data.mode() & STICKY != 0).map_err(|_| Reason::Writable)?;
    }
    Ok(())
}

/// The folders that a file is in, from its own to the user's home, or else to the outermost.
fn folders<'a>(path: &'a Path, home: Option<&'a Path>) -> impl Iterator<Item = &'a Path> {
    let here = |folder: &'a Path| if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut is_above = false;
    let below = move |folder: &&Path| !std::mem::replace(&mut is_above, Some(*folder) == home);
    path.ancestors().skip(1).map(here).take_while(below)
}

/// Whether another user can write this, or owns it. In a sticky folder that others may write, only a file's owner can
/// replace it.
fn check_change(data: &Metadata, is_sticky: bool) -> Result<(), Reason> {
    if ![0, rustix::process::geteuid().as_raw()].contains(&data.uid()) {
        return Err(Reason::Foreign);
    }
    let mode = data.mode();
    let is_open = mode & OTHERS_WRITE != 0 || (mode & GROUP_WRITES != 0 && !is_private_group(data)?);
    if is_open && !is_sticky { Err(Reason::Writable) } else { Ok(()) }
}

/// Whether the file's group has its owner as its only member, as systems make one for each user (Ubuntu, Fedora), where
/// every new file is writable by its group. Root's own group is given to others too often to count.
fn is_private_group(data: &Metadata) -> io::Result<bool> {
    if Some(data.gid()) == ADMINS {
        return Ok(true);
    }
    let read = |path| match fs::read_to_string(path) {
        // The file is not to blame, and another look may find it to be well.
        Err(error) if descriptors::are_spent(&error) => Err(error),
        text => Ok(text.unwrap_or_default()),
    };
    let (groups, users) = (read("/etc/group")?, read("/etc/passwd")?);
    Ok(data.gid() != 0 && data.gid() == data.uid() && is_without_others(&groups, &users, data.gid()))
}

/// Whether a group has no members beside the user of the same number: neither those that are listed with it, nor users
/// whose own group it is, which are listed with them alone.
fn is_without_others(groups: &str, users: &str, number: u32) -> bool {
    let number = number.to_string();
    let rows = |text| str::lines(text).map(|line| line.split(':').collect::<Vec<_>>());
    let owner = rows(users).find(|user| user.get(2) == Some(&number.as_str()));
    let Some([name, ..]) = owner.as_deref() else { return false };
    let mut same = rows(groups).filter(|group| group.get(2) == Some(&number.as_str())).peekable();
    same.peek().is_some()
        && same.all(|group| group.get(3).is_some_and(|members| members.is_empty() || members == name))
        && !rows(users).any(|user| user.get(3) == Some(&number.as_str()) && user[2] != number)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::store::{guarded::Stamp, read_guarded};

    fn file() -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "text").unwrap();
        (folder, path)
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn only_what_no_other_user_can_change_is_read() {
        let (folder, path) = file();
        for (of_folder, of_file, is_read) in [
            (0o700, 0o600, true),
            (0o755, 0o644, true),
            (0o755, 0o400, true),
            (0o1777, 0o644, true),
            (0o1775, 0o644, true),
            (0o700, 0o646, false),
            (0o700, 0o666, false),
            (0o777, 0o644, false),
        ] {
            set_mode(folder.path(), of_folder);
            set_mode(&path, of_file);
            let read = read_guarded(&path, 99);
            assert_eq!(read.is_ok(), is_read, "{of_folder:o} {of_file:o}: {read:?}");
        }
    }

    #[test]
    fn what_belongs_to_another_user_is_not_read() {
        let (_folder, path) = file();
        let own = fs::metadata(&path).unwrap();
        // Only root can give a file away.
        let nobody = 65534;
        if std::os::unix::fs::chown(&path, Some(nobody), None).is_ok() {
            assert!(matches!(read_guarded(&path, 99).unwrap_err().reason, Reason::Foreign));
        } else {
            assert_eq!(own.uid(), rustix::process::geteuid().as_raw());
        }
    }

    #[test]
    fn a_folder_that_another_user_or_group_can_change_is_not_trusted() {
        let (folder, path) = file();
        let below = folder.path().join("below");
        fs::create_dir(&below).unwrap();
        let deep = below.join("file");
        fs::write(&deep, "text").unwrap();
        let (someone, team) = (54321, 54322);
        // Only root can give a folder away; for other users the rows with modes above hold.
        for (owner, group, mode, is_read) in [
            (None, Some(team), 0o755, true),
            (None, Some(team), 0o775, false),
            (None, Some(team), 0o1775, true),
            (Some(someone), None, 0o700, false),
            (Some(someone), None, 0o1777, false),
        ] {
            if std::os::unix::fs::chown(folder.path(), owner, group).is_err() {
                assert_ne!(rustix::process::geteuid().as_raw(), 0);
                return;
            }
            set_mode(folder.path(), mode);
            for path in [&path, &deep] {
                let read = read_guarded(path, 99);
                assert_eq!(read.is_ok(), is_read, "{owner:?} {group:?} {mode:o}: {read:?}");
            }
            std::os::unix::fs::chown(folder.path(), Some(0), Some(0)).unwrap();
        }
    }

    #[test]
    fn folders_above_the_users_home_do_not_count() {
        let all = |path: &str, home: Option<&str>| {
            let home = home.map(Path::new);
            folders(Path::new(path), home).map(|path| path.display().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(all("/home/ann/.config/f", Some("/home/ann")), ["/home/ann/.config", "/home/ann"]);
        assert_eq!(all("/etc/ssl/f", Some("/home/ann")), ["/etc/ssl", "/etc", "/"]);
        assert_eq!(all("f", None), ["."]);
    }

    #[test]
    fn a_group_counts_as_others_unless_it_is_the_users_own() {
        let groups = "root:x:0:\nann:x:1000:\nbob:x:1001:bob\nteam:x:1002:ann,bob\ncid:x:1003:\n\
            dan:x:1004:\nshared:x:1004:ann\neve:x:1005:\nfay:x:1006:\nfax:x:1007:fax\nbroken";
        let users = "root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:\nbob:x:1001:1001\ntim:x:1002:1002\n\
            cid:x:1003:1003\nbot:x:997:1003::/var/www:\ndan:x:1004:1004\neve:x:1005:100\nguy:x:1007:1007\nbroken";
        for (gid, alone, what) in [
            (1000, true, "listed without members"),
            (1001, true, "listed with its owner"),
            (1002, false, "listed with others"),
            (1003, false, "another user's own group"),
            (1004, false, "listed a second time with others"),
            (1005, true, "not its owner's first group"),
            (1006, false, "of a user that is not known here"),
            (1007, false, "listed with another user of the group's name"),
            (1008, false, "not listed"),
        ] {
            assert_eq!(is_without_others(groups, users, gid), alone, "{what}");
        }
        assert!(!is_without_others(groups, "", 1000), "nothing is known of the users");
    }

    #[test]
    fn a_pipe_a_device_and_a_socket_are_refused_at_once() {
        let (folder, _) = file();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for path in [pipe.as_path(), &socket, Path::new("/dev/zero"), Path::new("/dev/tty")] {
            let refused = read_guarded(path, 99).unwrap_err();
            assert!(matches!(refused.reason, Reason::NotRegular | Reason::System(_)), "{refused}");
            let refused = super::super::open(OpenOptions::new().write(true), path);
            assert!(refused.is_err(), "{}", path.display());
        }
    }

    #[test]
    fn a_link_in_a_circle_and_a_changed_mode_are_seen() {
        let (folder, path) = file();
        let circle = folder.path().join("circle");
        std::os::unix::fs::symlink(&circle, &circle).unwrap();
        assert!(matches!(Stamp::of(&circle), Stamp::Unreachable(_)));
        assert!(!read_guarded(&circle, 9).unwrap_err().is_absent());
        let before = Stamp::of(&path);
        set_mode(&path, 0o666);
        set_mode(&path, 0o600);
        assert_ne!(before, Stamp::of(&path));
    }
}
