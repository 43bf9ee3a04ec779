//! One process for all editors, held against a process for each.

use std::{
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{
    editor::Editor,
    figures::Bench,
    process::{own, share},
    table::{Bar, Row, median, microseconds, milliseconds, percentile},
    upstream::{LISTS, Plan},
};

/// How many editors a user with many windows has.
const EDITORS: usize = 50;
/// How many connect where the process is to serve many.
const SESSIONS: usize = 200;
const STREAMS: usize = 64;
const NO_PAUSE: Duration = Duration::ZERO;
const ONE: Plan = Plan { chunks: 1, each_write: 1, rate: Some(500) };

/// A user of the machine: editors share a process where they have the same.
struct User<'a> {
    home: TempDir,
    bench: &'a Bench,
}

impl<'a> User<'a> {
    fn new(bench: &'a Bench) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(home.path().join("run")).expect("a folder");
        Self { home, bench }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.bench.servers[0]);
        command.args(arguments).env("HOME", self.home.path());
        command.env("XDG_RUNTIME_DIR", self.home.path().join("run"));
        command
    }

    fn start(&self, arguments: &[&str]) -> Editor {
        Editor::start_by(&mut self.command(arguments), &self.bench.upstream.url(LISTS[0]), "null")
    }

    /// An editor with a server of its own.
    fn alone(&self) -> Editor {
        self.start(&[])
    }

    /// An editor that shares its server.
    fn shared(&self) -> Editor {
        self.start(&["--shared"])
    }

    /// The process that is shared.
    fn process(&self) -> u32 {
        let said = self.command(&["sessions", "--json"]).output().expect("a list of sessions");
        let said = serde_json::from_slice::<serde_json::Value>(&said.stdout).expect("JSON");
        said[0]["pid"].as_u64().and_then(|pid| pid.try_into().ok()).expect("a process")
    }

    fn stop(&self) {
        let stopped = self.command(&["stop"]).stdout(Stdio::null()).status();
        assert!(stopped.expect("a program that ends").success(), "the process ends");
    }
}

impl Drop for User<'_> {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The `direct` column of these rows is an editor with a server of its own, or the same without what disturbs.
pub(crate) fn shared(bench: &Bench) -> Vec<Row> {
    let mut rows = starts(bench);
    rows.extend(memory(bench));
    rows.extend(chunks(bench));
    rows.extend(many(bench));
    rows.extend(disturbed(bench));
    rows
}

fn row(bench: &Bench, what: &str, bar: Bar, direct: Option<f64>, shared: Option<f64>) -> Row {
    let mut servers = vec![None; bench.servers.len()];
    servers[0] = shared;
    Row { what: what.to_owned(), bar, direct, servers }
}

fn starts(bench: &Bench) -> Vec<Row> {
    let user = User::new(bench);
    let took = |start: &dyn Fn() -> Editor| {
        let spawned = Instant::now();
        let editor = start();
        (milliseconds(spawned.elapsed()), editor)
    };
    let (mut alone, mut first, mut further) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..bench.times(30) {
        alone.push(took(&|| user.alone()).0);
        let (begun, _first) = took(&|| user.shared());
        first.push(begun);
        further.push(took(&|| user.shared()).0);
        user.stop();
    }
    let alone = median(alone);
    vec![
        row(
            bench,
            "spawn → `initialize` answered, no process yet, ms",
            Bar::AtMost(20.0),
            alone,
            median(first),
        ),
        row(bench, "the same with a process, ms", Bar::AtMost(5.0), alone, median(further)),
    ]
}

fn memory(bench: &Bench) -> Vec<Row> {
    let user = User::new(bench);
    let sum = |editors: &[Editor]| editors.iter().map(|editor| share(editor.process())).sum::<Option<f64>>();
    let listed = |mut editor: Editor| {
        editor.list();
        editor
    };
    let alone: Vec<_> = (0..EDITORS).map(|_| listed(user.alone())).collect();
    let separate = sum(&alone);
    drop(alone);
    let mut shims: Vec<_> = (0..EDITORS).map(|_| listed(user.shared())).collect();
    let process = user.process();
    let together = sum(&shims).zip(share(process)).map(|(shims, process)| shims + process);
    let shim = (own(shims[0].process()), share(shims[0].process()));
    let before = own(process);
    shims.extend((0..EDITORS).map(|_| user.shared()));
    let each = own(process).zip(before).map(|(now, before)| (now - before) * 1024.0 / EDITORS as f64);
    let ratio = together.zip(separate).map(|(together, separate)| together / separate);
    vec![
        row(bench, "50 editors that have listed 300 models, memory, MiB", Bar::None, separate, together),
        row(bench, "the same, shared / separate", Bar::AtMost(0.125), None, ratio),
        row(bench, "memory of a shim, its own, MiB", Bar::AtMost(2.0), None, shim.0),
        row(bench, "the same with its share of the program, MiB", Bar::AtMost(2.0), None, shim.1),
        row(bench, "each further idle session in the process, KiB", Bar::AtMost(200.0), None, each),
    ]
}

fn chunks(bench: &Bench) -> Vec<Row> {
    let user = User::new(bench);
    let mut editors = [user.alone(), user.shared()];
    let mut firsts = [Vec::new(), Vec::new()];
    for _ in 0..bench.times(400) {
        for (editor, firsts) in editors.iter_mut().zip(&mut firsts) {
            firsts.push(microseconds(editor.first_chunk(ONE)));
        }
    }
    let full = Plan { chunks: bench.times(200_000), each_write: 16, rate: None };
    let mut rates = [Vec::new(), Vec::new()];
    for _ in 0..bench.times(7) {
        for (editor, rates) in editors.iter_mut().zip(&mut rates) {
            let began = Instant::now();
            rates.push(editor.read(full, 1, NO_PAUSE).len() as f64 / began.elapsed().as_secs_f64());
        }
    }
    let ([alone, shared], [slow, fast]) = (firsts.map(median), rates.map(median));
    let minus = |(shared, alone): (f64, f64)| shared - alone;
    let ratio = fast.zip(slow).map(|(shared, alone)| shared / alone);
    vec![
        row(bench, "first chunk, p50, µs", Bar::None, alone, shared),
        row(bench, "what the shim adds to it, µs", Bar::AtMost(25.0), None, shared.zip(alone).map(minus)),
        row(bench, "one stream at full speed, chunks/s", Bar::None, slow, fast),
        row(bench, "the same, shared / separate", Bar::AtLeast(0.9), None, ratio),
    ]
}

/// 64 streams in one session, and in as many of 200.
fn many(bench: &Bench) -> Vec<Row> {
    let user = User::new(bench);
    let plan = Plan { chunks: bench.times(500), each_write: 1, rate: Some(20) };
    let late =
        |ages: Vec<Duration>| percentile(&mut ages.into_iter().map(microseconds).collect::<Vec<_>>(), 0.99);
    let mut editors: Vec<_> = (0..SESSIONS).map(|_| user.shared()).collect();
    let one = late(editors[0].read(plan, STREAMS, NO_PAUSE));
    let ages = thread::scope(|scope| {
        let readers: Vec<_> = editors[..STREAMS]
            .iter_mut()
            .map(|editor| scope.spawn(move || editor.read(plan, 1, NO_PAUSE)))
            .collect();
        readers.into_iter().map(|reader| late(reader.join().expect("a reader"))).collect::<Vec<_>>()
    });
    let worst = ages.into_iter().flatten().max_by(f64::total_cmp);
    vec![
        row(bench, "64 streams of 20/s in one session, p99, µs", Bar::None, None, one),
        row(
            bench,
            "in 64 sessions of 200, worst p99 of a session, µs",
            Bar::AtMost(one.unwrap_or(0.0) * 2.0),
            None,
            worst,
        ),
    ]
}

/// What an editor has to wait for where another one does its worst.
fn disturbed(bench: &Bench) -> Vec<Row> {
    /// What the other does.
    type Worst = fn(&mut Editor);
    let cases: [(&str, Worst); 3] = [
        ("another asks 20,000 times", |editor| editor.flood(20_000)),
        ("another reads nothing of 8 streams at full speed", |editor| {
            editor.begin(Plan { chunks: 100_000, each_write: 16, rate: None }, 8);
            thread::sleep(Duration::from_secs(3));
        }),
        ("another sends 64 MiB of garbage", |editor| editor.send_garbage(64 << 20)),
    ];
    let user = User::new(bench);
    let plan = Plan { chunks: bench.times(200), each_write: 1, rate: Some(100) };
    let mut editor = user.shared();
    let mut p99 = || {
        let mut ages: Vec<_> = editor.read(plan, 8, NO_PAUSE).into_iter().map(microseconds).collect();
        percentile(&mut ages, 0.99)
    };
    let mut rows = Vec::new();
    for (what, worst) in cases {
        let quiet = p99();
        let mut other = user.shared();
        let loud = thread::scope(|scope| {
            scope.spawn(move || worst(&mut other));
            p99()
        });
        let bar = Bar::AtMost(quiet.unwrap_or(0.0) * 2.0);
        rows.push(row(bench, &format!("8 streams of 100/s, p99, µs, while {what}"), bar, quiet, loud));
    }
    rows
}
