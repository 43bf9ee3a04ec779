//! Files with the stamp of a clock that ran ahead: they would be the newest for ever, and never old.

use std::{
    fs::{self, File},
    path::Path,
    time::{Duration, SystemTime},
};

/// How far ahead a file is let be: file systems count coarsely, and servers of files have clocks of their own.
const SLACK: Duration = Duration::from_secs(2);

/// Stamps files of the future anew, in their order, as just before now: what is written from now on is newer than they are.
/// It is called before a file is written beside them. A file that can't be stamped stays as it is.
pub fn end_future<'a>(files: impl IntoIterator<Item = &'a Path>) {
    let now = SystemTime::now();
    let written = |path: &'a Path| {
        let known = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        known.modified().ok().filter(|written| *written > now + SLACK).map(|written| (written, path))
    };
    let mut ahead: Vec<_> = files.into_iter().filter_map(written).collect();
    ahead.sort_unstable();
    let stamps = (1_u64..).map(|place| now - SLACK - Duration::from_millis(10 * place));
    for ((_, path), stamp) in ahead.into_iter().rev().zip(stamps) {
        let _ = File::options().write(true).open(path).and_then(|file| file.set_modified(stamp));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_future_are_stamped_as_now_in_their_order() {
        const DAY: u64 = 24 * 60 * 60;
        let folder = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        let soon = |seconds| now + Duration::from_secs(seconds);
        // By name, in the order of time.
        let stamps = [
            ("a", now - Duration::from_secs(DAY)),
            ("b", now - Duration::from_secs(60)),
            ("c", soon(60)),
            ("d", soon(2 * DAY)),
            ("e", soon(70 * 365 * DAY)),
        ];
        let path = |name: &str| folder.path().join(name);
        for (name, stamp) in stamps {
            fs::write(path(name), name).unwrap();
            File::options().write(true).open(path(name)).unwrap().set_modified(stamp).unwrap();
        }
        let written = |name: &str| fs::metadata(path(name)).unwrap().modified().unwrap();
        let before = ["a", "b"].map(written);
        let all = ["e", "c", "a", "d", "b", "none"].map(path);
        end_future(all.iter().map(std::path::PathBuf::as_path));
        assert_eq!(["a", "b"].map(written), before, "what is past stays");
        fs::write(path("f"), "new").unwrap();
        let order = ["a", "b", "c", "d", "e", "f"].map(written);
        assert!(order.is_sorted_by(|one, next| one < next), "{order:?}");
        end_future(all.iter().map(std::path::PathBuf::as_path));
        assert_eq!(["a", "b", "c", "d", "e", "f"].map(written), order, "once is enough");
    }
}
