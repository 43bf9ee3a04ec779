//! The ledger is private, survives whatever happens to its file, and adds up.

use std::{fs, path::PathBuf};

use proptest::prelude::*;
use rusqlite::Connection;

use super::{
    file::{MIGRATIONS, Open, migrate},
    prune::{Limits, prune},
    *,
};

/// 2026-11-27T10:00:00Z.
const NOW: i64 = 1_795_773_600_000;
/// However busy the machine is.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

fn row(at: i64, model: &str) -> LedgerRow {
    LedgerRow {
        at,
        kind: Kind { model: model.into(), outcome: "succeeded".into(), ..Kind::default() },
        input_tokens: Some(10),
        output_tokens: Some(2),
        cost: Some(0.000_000_123),
        duration_ms: 5,
        ..LedgerRow::default()
    }
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state/ledger.db");
    (folder, path)
}

fn write(path: &std::path::Path, rows: &[LedgerRow]) {
    rows::write(&mut Open::at(path).unwrap().connection, rows, || true).unwrap();
}

/// All that is summed of a time.
fn all(path: &std::path::Path, time: std::ops::Range<i64>) -> LedgerSum {
    let reader = LedgerReader::at(path).unwrap().expect("a ledger");
    reader.sums(&[time]).unwrap()[0].values().fold(LedgerSum::default(), |all, sum| all.plus(sum))
}

fn calls(path: &std::path::Path) -> i64 {
    let count = "SELECT count(*) FROM calls";
    Open::at(path).unwrap().connection.query_row(count, [], |row| row.get(0)).unwrap()
}

#[test]
fn what_is_queued_is_written_when_the_writer_goes_and_only_the_user_reads_it() {
    let (_folder, path) = folder();
    assert!(LedgerReader::at(&path).unwrap().is_none());
    let writer = LedgerWriter::of(&path).unwrap();
    (0..1_000).for_each(|number| writer.write(row(NOW, &format!("m{}", number % 7))));
    drop(writer);
    let sum = all(&path, 0..i64::MAX);
    assert_eq!((sum.calls, sum.input_tokens, sum.cost, calls(&path)), (1_000, 10_000, 123_000, 1_000));
    assert_eq!(LedgerReader::at(&path).unwrap().unwrap().kinds().unwrap().len(), 7);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let _open = Open::at(&path).unwrap();
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        let files: Vec<_> =
            fs::read_dir(path.parent().unwrap()).unwrap().map(|file| file.unwrap().path()).collect();
        assert!(files.len() >= 3, "{files:?}");
        for file in files {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
    }
}

#[test]
fn a_kill_loses_a_tenth_of_a_second_at_most() {
    assert!(writer::WINDOW.as_millis() <= 100);
    let (_folder, path) = folder();
    let writer = LedgerWriter::of(&path).unwrap();
    writer.write(row(NOW, "m"));
    // It is not asked to, and it is written all the same.
    let begun = std::time::Instant::now();
    while !path.exists()
        || LedgerReader::at(&path).unwrap().is_none_or(|reader| reader.first().unwrap().is_none())
    {
        assert!(begun.elapsed().as_secs() < 30, "it is not written");
        std::thread::yield_now();
    }
    std::mem::forget(writer);
}

#[test]
fn of_many_that_write_at_once_nothing_is_lost() {
    let (_folder, path) = folder();
    std::thread::scope(|scope| {
        for number in 0..6 {
            let writer = LedgerWriter::of(&path).unwrap();
            scope.spawn(move || (0..500).for_each(|_| writer.write(row(NOW, &format!("m{number}")))));
        }
    });
    assert_eq!((all(&path, 0..i64::MAX).calls, calls(&path)), (3_000, 3_000));
}

#[test]
fn a_broken_file_is_set_aside_and_another_begun() {
    for broken in
        [&b"this is no database, and long enough to be looked at as one: ".repeat(200)[..], &[0; 5_000]]
    {
        let (_folder, path) = folder();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, broken).unwrap();
        let writer = LedgerWriter::of(&path).unwrap();
        writer.write(row(NOW, "m"));
        drop(writer);
        assert_eq!(all(&path, 0..i64::MAX).calls, 1);
        assert_eq!(fs::read(path.with_extension("broken")).unwrap(), broken);
    }
    // Broken only further in, while it is in use.
    let (_folder, path) = folder();
    let writer = LedgerWriter::of(&path).unwrap();
    (0..2_000).for_each(|number| writer.write(row(NOW - number * DAY / 8, &format!("m{number}"))));
    writer.flush();
    let [open, _] = [Open::at(&path).unwrap(), Open::at(&path).unwrap()];
    open.connection.pragma_update_and_check(None, "wal_checkpoint", "truncate", |_| Ok(())).unwrap();
    drop(open);
    let mut bytes = fs::read(&path).unwrap();
    bytes[4_096..].fill(0x55);
    fs::write(&path, &bytes).unwrap();
    drop(writer);
    let writer = LedgerWriter::of(&path).unwrap();
    writer.write(row(NOW, "m"));
    drop(writer);
    assert_eq!(all(&path, 0..i64::MAX).calls, 1);
    assert!(path.with_extension("broken").exists());
}

/// What SQLite keeps beside a file is gone with the last that has it open.
#[test]
fn who_has_ended_has_closed_the_file() {
    let (_folder, path) = folder();
    for _ in 0..20 {
        let writer = LedgerWriter::of(&path).unwrap();
        writer.write(row(NOW, "m"));
        writer.end(PATIENCE);
        let files = fs::read_dir(path.parent().unwrap()).unwrap().map(|file| file.unwrap().file_name());
        let open = files.filter(|name| name.to_string_lossy().contains(".db-")).collect::<Vec<_>>();
        assert!(open.is_empty(), "{open:?}");
    }
}

/// Whichever part of it is broken: it is set aside, or what it says is true.
#[test]
fn a_broken_page_takes_nothing_from_a_sum_unseen() {
    let (_folder, path) = folder();
    let rows: Vec<_> =
        (0..400).map(|number| row(NOW - number * QUARTER, &format!("m{}", number % 40))).collect();
    write(&path, &rows);
    let open = Open::at(&path).unwrap();
    open.connection.pragma_update_and_check(None, "wal_checkpoint", "truncate", |_| Ok(())).unwrap();
    drop(open);
    let spent = || {
        LedgerReader::look(&path, |reader| {
            reader.map(|reader| reader.spent("", std::slice::from_ref(&(0..i64::MAX)))).transpose()
        })
    };
    let whole = spent().unwrap().unwrap();
    assert!(whole[0] > 0.0);
    let bytes = fs::read(&path).unwrap();
    let mut aside = 0;
    for page in (4_096..bytes.len()).step_by(4_096) {
        let mut broken = bytes.clone();
        broken[page..page + 4_096].fill(0x55);
        fs::write(&path, &broken).unwrap();
        match spent().unwrap() {
            None => {
                assert_eq!(fs::read(path.with_extension("broken")).unwrap(), broken);
                assert!(LedgerReader::prove_whole(&path, 0).is_err());
                fs::remove_file(path.with_extension("broken")).unwrap();
                aside += 1;
            }
            Some(said) => assert_eq!(said, whole, "the page at {page}"),
        }
        for end in ["-wal", "-shm"] {
            let _ = fs::remove_file(path.with_file_name(format!("ledger.db{end}")));
        }
    }
    assert!(aside > 2, "{aside}");
}

#[test]
fn all_that_is_broken_is_kept_with_what_is_beside_it_up_to_a_bound() {
    let (_folder, path) = folder();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let beside = |name: &str| path.with_file_name(name);
    for number in 0..12 {
        // A file that is whole up to then is broken, with and without a log of its own.
        let _ = fs::remove_file(beside("ledger.db-shm"));
        let _ = fs::remove_file(beside("ledger.db-wal"));
        fs::write(&path, format!("BROKEN {number} ").repeat(200)).unwrap();
        if number % 2 == 0 {
            fs::write(beside("ledger.db-wal"), format!("LOG {number} ").repeat(200)).unwrap();
        }
        let writer = LedgerWriter::of(&path).unwrap();
        writer.write(row(NOW, "m"));
        writer.end(PATIENCE);
        assert_eq!(all(&path, 0..i64::MAX).calls, 1, "{number}");
    }
    let begins =
        |name: &str| fs::read_to_string(beside(name)).ok().map(|text| text[..text.len() / 200].to_owned());
    for (number, name) in (0..8).zip(["", "2.", "3.", "4.", "5.", "6.", "7.", "8."]) {
        let name = format!("ledger.{name}broken");
        assert_eq!(begins(&name), Some(format!("BROKEN {number} ")));
        let log = (number % 2 == 0).then(|| format!("LOG {number} "));
        assert_eq!(begins(&format!("{name}-wal")), log, "{name}");
    }
    assert_eq!(begins("ledger.9.broken"), Some("BROKEN 11 ".to_owned()), "the last gives way");
    assert_eq!(begins("ledger.9.broken-wal"), None, "and what was beside it");
    let kept = fs::read_dir(path.parent().unwrap()).unwrap().filter(|file| {
        let name = file.as_ref().unwrap().file_name();
        name.to_string_lossy().ends_with(".broken")
    });
    assert_eq!(kept.count(), 9);
}

// Windows keeps what is open where it is.
#[cfg(unix)]
#[test]
fn a_file_that_is_moved_away_is_begun_anew() {
    let (_folder, path) = folder();
    let writer = LedgerWriter::of(&path).unwrap();
    writer.write(row(NOW, "m"));
    writer.flush();
    fs::remove_dir_all(path.parent().unwrap()).unwrap();
    writer.write(row(NOW, "m"));
    writer.flush();
    assert_eq!(all(&path, 0..i64::MAX).calls, 1);
}

#[test]
fn where_it_can_not_be_written_the_record_is_lost_and_later_ones_are_not() {
    let (folder, path) = folder();
    // Below a file there is no folder, whoever asks.
    fs::write(folder.path().join("state"), "").unwrap();
    let writer = LedgerWriter::of(&path).unwrap();
    writer.write(row(NOW, "m"));
    writer.flush();
    fs::remove_file(folder.path().join("state")).unwrap();
    writer.write(row(NOW, "m"));
    writer.flush();
    assert_eq!(all(&path, 0..i64::MAX).calls, 1);
    // A disk that is full.
    let mut full = Open::at(&path).unwrap();
    full.connection.pragma_update_and_check(None, "max_page_count", 1, |_| Ok(())).unwrap();
    let rows: Vec<_> = (0..500).map(|number| row(NOW, &format!("m{number}"))).collect();
    let refused = rows::write(&mut full.connection, &rows, || true).unwrap_err();
    assert!(!refused.is_corrupt() && refused.remedy().contains("room"), "{refused}");
    assert_eq!((all(&path, 0..i64::MAX).calls, calls(&path)), (1, 1), "all of a batch or nothing");
}

/// Whatever is in the way when the process ends: nothing of it is lost, and nothing counts twice.
#[test]
fn what_can_not_be_written_waits_beside_and_is_taken_in_once() {
    type Obstacle = Box<dyn FnOnce()>;
    type Make<'a> = &'a dyn Fn(&std::path::Path) -> Obstacle;
    let lock = |path: &std::path::Path| -> Obstacle {
        let connection = Connection::open(path).unwrap();
        connection.execute_batch("BEGIN EXCLUSIVE").unwrap();
        Box::new(move || connection.execute_batch("COMMIT").unwrap())
    };
    let beside = |path: &std::path::Path, end: &str| path.with_file_name(format!("ledger.db{end}"));
    let folder_beside = |path: &std::path::Path, end: &str| -> Obstacle {
        let path = beside(path, end);
        let _ = fs::remove_file(&path);
        fs::create_dir(&path).unwrap();
        Box::new(move || fs::remove_dir(&path).unwrap())
    };
    let pipe_beside = |path: &std::path::Path, end: &str| -> Obstacle {
        let path = beside(path, end);
        let _ = fs::remove_file(&path);
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        Box::new(move || fs::remove_file(&path).unwrap())
    };
    let newer = |path: &std::path::Path| -> Obstacle {
        let connection = Connection::open(path).unwrap();
        connection.pragma_update(None, "user_version", 1_000).unwrap();
        Box::new(move || connection.pragma_update(None, "user_version", MIGRATIONS.len() as u32).unwrap())
    };
    let mut obstacles: Vec<(&str, Make<'_>)> = vec![("locked", &lock), ("newer", &newer)];
    let folders =
        ["-wal", "-shm", "-journal"].map(|end| move |path: &std::path::Path| folder_beside(path, end));
    let pipes = ["-wal", "-shm", "-journal"].map(|end| move |path: &std::path::Path| pipe_beside(path, end));
    obstacles.extend(folders.iter().map(|folder| ("folder", folder as Make<'_>)));
    if cfg!(unix) {
        obstacles.extend(pipes.iter().map(|pipe| ("pipe", pipe as Make<'_>)));
    }
    for (name, obstacle) in obstacles {
        let (_folder, path) = folder();
        write(&path, &[row(NOW, "m")]);
        let remove = obstacle(&path);
        for _ in 0..2 {
            let writer = LedgerWriter::of(&path).unwrap();
            (0..3).for_each(|_| writer.write(row(NOW, "m")));
            drop(writer);
        }
        let waiting = pending::beside(&path);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&waiting).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
        }
        assert!(waiting.exists(), "{name}");
        remove();
        for _ in 0..2 {
            assert_eq!((all(&path, 0..i64::MAX).calls, calls(&path)), (7, 7), "{name}");
        }
        assert!(!waiting.exists(), "{name}");
    }
}

#[test]
fn an_end_amid_the_writing_writes_each_call_once() {
    let (_folder, path) = folder();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for number in 0..25 {
                    let writer = LedgerWriter::of(&path).unwrap();
                    writer.write(row(NOW, "m"));
                    writer.end(std::time::Duration::from_micros(number * 100));
                }
            });
        }
    });
    let begun = std::time::Instant::now();
    // A thread that has settled it may be behind its process.
    while all(&path, 0..i64::MAX).calls < 100 {
        assert!(begun.elapsed().as_secs() < 30, "{}", calls(&path));
        std::thread::yield_now();
    }
    assert_eq!((all(&path, 0..i64::MAX).calls, calls(&path)), (100, 100));
}

#[test]
fn what_waits_is_bounded_and_a_line_that_was_cut_off_costs_itself() {
    let (_folder, path) = folder();
    write(&path, &[row(NOW, "m")]);
    pending::keep(&path, &[row(NOW, "m")]).unwrap();
    let waiting = pending::beside(&path);
    let mut text = fs::read(&waiting).unwrap();
    // One that was cut off, and one that is no text.
    text.extend(&text.clone()[..text.len() - 9]);
    text.extend(b"\n\xff\xfe\n");
    fs::write(&waiting, &text).unwrap();
    pending::keep(&path, &[row(NOW, "m"), row(NOW, "m")]).unwrap();
    assert_eq!(all(&path, 0..i64::MAX).calls, 4);
    let large = row(NOW, &"m".repeat(1 << 20));
    let kept = (0..9).filter(|_| pending::keep(&path, std::slice::from_ref(&large)).is_ok()).count();
    assert_eq!(kept, 3, "of four MiB");
    assert_eq!(all(&path, 0..i64::MAX).calls, 7);
}

/// Of a file that can't be written a transaction that is to write is one that reads, and SQLite says nothing of it.
#[test]
fn a_ledger_that_can_only_be_read_is_proven_not_to_be_whole() {
    let (_folder, path) = folder();
    write(&path, &[row(NOW, "m")]);
    LedgerReader::prove_whole(&path, 0).unwrap();
    // The version that may write it: one that is not known makes it read-only, for root too.
    let mut bytes = fs::read(&path).unwrap();
    bytes[18] = 3;
    fs::write(&path, bytes).unwrap();
    let refused = LedgerReader::prove_whole(&path, 0).unwrap_err();
    assert_eq!(refused.remedy(), "let this user write the file and its folder");
    assert_eq!(all(&path, 0..i64::MAX).calls, 1, "it can be read");
}

#[cfg(unix)]
#[test]
fn a_link_and_a_file_of_others_are_not_followed() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = folder();
    write(&path, &[row(NOW, "m")]);
    let link = folder.path().join("state/link.db");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(matches!(LedgerReader::at(&link), Err(LedgerError::File(_))));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    assert!(matches!(LedgerReader::at(&path), Err(LedgerError::File(_))));
}

#[test]
fn each_version_becomes_the_newest_and_a_newer_one_is_left_alone() {
    for version in 0..=MIGRATIONS.len() {
        let (_folder, path) = folder();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut connection = Connection::open(&path).unwrap();
        migrate(&mut connection, &MIGRATIONS[..version]).unwrap();
        if version > 0 {
            // As the first version wrote it.
            connection
                .execute_batch(&format!(
                    "INSERT INTO kinds VALUES (1, 'o', 'k', 'p', 'm', '', '/v1', 'failed', '', 'c', 'w');
                     INSERT INTO calls VALUES ({NOW}, 1, 1, 2, 0, 0, 0, 5, 0, 9, NULL);
                     INSERT INTO sums VALUES ({QUARTER}, {NOW}, 1, 1, 1, 2, 0, 0, 0, 5, 1, 0);
                     INSERT INTO sums VALUES ({DAY}, {}, 1, 1, 1, 2, 0, 0, 0, 5, 1, 0);",
                    NOW.div_euclid(DAY) * DAY
                ))
                .unwrap();
        }
        drop(connection);
        write(&path, &[row(NOW, "m")]);
        let sum = all(&path, 0..i64::MAX);
        assert_eq!((sum.calls, calls(&path)), if version > 0 { (2, 2) } else { (1, 1) }, "{version}");
        Open::at(&path).unwrap().connection.pragma_update(None, "user_version", 1_000).unwrap();
        assert!(matches!(LedgerReader::at(&path), Err(LedgerError::Newer)));
        assert!(!path.with_extension("broken").exists());
    }
}

#[test]
fn what_is_old_goes_and_the_oldest_where_it_is_too_large() {
    let (_folder, path) = folder();
    let rows: Vec<_> = (0..40).flat_map(|day| vec![row(NOW - day * DAY, &format!("m{day}")); 50]).collect();
    write(&path, &rows);
    let mut open = Open::at(&path).unwrap();
    let prune = |open: &mut Open, days, bytes| prune(&mut open.connection, &Limits { days, bytes }).unwrap();
    prune(&mut open, 40, i64::MAX);
    assert_eq!(calls(&path), 2_000);
    prune(&mut open, 30, i64::MAX);
    assert_eq!((calls(&path), all(&path, 0..i64::MAX).calls), (1_500, 1_500));
    let kinds = LedgerReader::at(&path).unwrap().unwrap().kinds().unwrap();
    assert_eq!(kinds.len(), 30, "kinds without calls go too");
    prune(&mut open, 30, 1);
    assert_eq!((calls(&path), all(&path, 0..i64::MAX).calls), (50, 50), "the newest day stays");
}

#[test]
fn of_all_that_come_to_a_step_one_tells_it_and_again_in_the_next_period() {
    let (_folder, path) = folder();
    let claim =
        |profile: &str, start, steps: &[u8]| claim_notices(&path, profile, "day", start, steps).unwrap();
    let told = std::thread::scope(|scope| {
        let claims: Vec<_> = (0..8).map(|_| scope.spawn(|| claim("p", NOW, &[80]))).collect();
        claims.into_iter().filter_map(|claim| claim.join().unwrap().then_some(())).count()
    });
    assert_eq!(told, 1);
    assert!(claim("p", NOW, &[95, 80]) && !claim("p", NOW, &[95, 80]) && !claim("p", NOW, &[80]));
    assert!(claim("other", NOW, &[80]) && claim("p", NOW + DAY, &[80]));
    assert!(!claim("p", NOW, &[80]), "a clock that goes back tells nothing twice");
}

#[test]
fn what_is_spent_is_of_one_profile_and_of_each_time_by_itself() {
    let (_folder, path) = folder();
    let row = |at, profile: &str, cost| LedgerRow {
        kind: Kind { profile: profile.into(), ..Kind::default() },
        cost,
        ..row(at, "m")
    };
    write(
        &path,
        &[
            row(NOW, "p", Some(1.5)),
            row(NOW, "p", None),
            row(NOW, "other", Some(9.0)),
            row(NOW - DAY, "p", Some(0.25)),
            // Of a clock that was ahead.
            row(NOW + 900 * DAY, "p", Some(100.0)),
        ],
    );
    let today = NOW.div_euclid(DAY) * DAY;
    let reader = LedgerReader::at(&path).unwrap().unwrap();
    let times = [today..today + DAY, today - DAY..today + DAY, today + QUARTER..today + 2 * QUARTER];
    assert_eq!(reader.spent("p", &times).unwrap(), [1.5, 1.75, 0.0]);
    assert_eq!(reader.spent("none", &times).unwrap(), [0.0; 3]);
}

#[test]
fn what_a_proxy_counts_without_end_still_has_a_sum() {
    let (_folder, path) = folder();
    let most = LedgerRow {
        input_tokens: Some(u64::MAX),
        cost: Some(f64::MAX),
        duration_ms: u64::MAX,
        kind: Kind { model: "é".repeat(NAME), ..Kind::default() },
        ..row(NOW, "")
    };
    write(&path, &vec![most; 100]);
    let sum = all(&path, 0..i64::MAX);
    assert_eq!((sum.input_tokens, sum.usd()), (100 * MOST as i64, Some(100.0 * MOST_COST)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Calls that were made while the clock was wrong, one after the other, each in a process of its own.
    #[test]
    fn a_clock_that_jumps_costs_no_call_and_adds_to_no_other_day(
        clocks in proptest::collection::vec(0_i64..253_402_300_799_000, 1..30),
    ) {
        let (_folder, path) = folder();
        let days: Vec<_> = (0..400).map(|day| row(NOW - day * DAY, "m")).collect();
        write(&path, &days);
        for (made, clock) in clocks.iter().enumerate() {
            write(&path, &[row(*clock, "m")]);
            prune(&mut Open::at(&path).unwrap().connection, &Limits::default()).unwrap();
            prop_assert_eq!(calls(&path), 401 + made as i64);
        }
        let today = NOW.div_euclid(DAY) * DAY;
        let today = today..today + DAY;
        let made = 1 + clocks.iter().filter(|clock| today.contains(clock)).count() as i64;
        prop_assert_eq!(all(&path, today).calls, made);
        prop_assert_eq!(all(&path, 0..i64::MAX).calls, 400 + clocks.len() as i64);
    }

    /// However a time is divided, and whatever calls are put together by: it is the sum of the rows.
    #[test]
    fn the_sums_of_all_parts_are_the_sum_of_all_calls(
        made in proptest::collection::vec((0_i64..4 * 96, 0_usize..3, 0_u64..1_000, proptest::option::of(0.0_f64..2.0)), 1..60),
        cuts in proptest::collection::vec(0_i64..4 * 96, 0..5),
    ) {
        let (_folder, path) = folder();
        let start = NOW.div_euclid(DAY) * DAY;
        let rows: Vec<LedgerRow> = made.iter().map(|(quarter, model, tokens, cost)| LedgerRow {
            input_tokens: Some(*tokens),
            cost: *cost,
            is_unpriced: cost.is_none(),
            ..row(start + quarter * QUARTER + 7, &format!("m{model}"))
        }).collect();
        write(&path, &rows);
        let expected = rows.iter().fold(LedgerSum::default(), |sum, row| sum.plus(&row.sum()));
        prop_assert_eq!(all(&path, 0..i64::MAX), expected);
        let mut cuts: Vec<i64> = cuts.iter().map(|cut| start + cut * QUARTER).collect();
        cuts.extend([start, start + 4 * DAY]);
        cuts.sort_unstable();
        let parts: Vec<LedgerSum> = cuts.windows(2).map(|cut| all(&path, cut[0]..cut[1])).collect();
        prop_assert_eq!(parts.iter().fold(LedgerSum::default(), |all, sum| all.plus(sum)), expected);
        for (cut, part) in cuts.windows(2).zip(&parts) {
            let within = rows.iter().filter(|row| (cut[0]..cut[1]).contains(&row.at));
            prop_assert_eq!(*part, within.fold(LedgerSum::default(), |sum, row| sum.plus(&row.sum())));
        }
    }
}
