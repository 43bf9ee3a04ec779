//! What is measured: one function for each group of figures.

use std::{
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use crate::{
    direct::Direct,
    editor::Editor,
    process::{peak, processor_time, resident},
    table::{Bar, Row, median, microseconds, milliseconds, percentile},
    upstream::{LISTS, Plan, RECORDED, Upstream},
};

const NO_PAUSE: Duration = Duration::ZERO;
/// How long a slow editor takes for a notification.
const SLOW: Duration = Duration::from_micros(150);

/// How long a server is left alone before it counts as idle: longer than it waits itself before it gives memory back.
const IDLE: Duration = Duration::from_secs(5);

/// What the measurements share.
pub(crate) struct Bench {
    pub(crate) upstream: Upstream,
    pub(crate) servers: Vec<PathBuf>,
    /// Whether a look will do, at the price of figures that mean little.
    pub(crate) quick: bool,
}

/// The order of turns in one repetition: as good as by chance, and the same in each run.
fn order(repetition: usize, count: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by_key(|place| BuildHasherDefault::<DefaultHasher>::default().hash_one((repetition, place)));
    places
}

/// Figures of one repetition, or their medians.
type Figures<const N: usize> = [Option<f64>; N];

impl Bench {
    pub(crate) fn times(&self, thorough: usize) -> usize {
        if self.quick { (thorough / 10).max(1) } else { thorough }
    }

    /// Starts every server, and lets it make its connection.
    fn editors(&self) -> Vec<Editor> {
        let one = Plan { chunks: 1, each_write: 1, rate: Some(500) };
        let start = |server: &PathBuf| {
            let mut editor = Editor::start(server, &self.upstream.url(LISTS[0]));
            editor.first_chunk(one);
            editor
        };
        self.servers.iter().map(start).collect()
    }

    /// Measures the direct client and every server in turn, several times, so that what else the machine does falls on
    /// all alike, and makes a row of the medians of each figure. Each comes behind each other as often, for what one leaves
    /// behind (caches, work in the background) falls on the next.
    fn rows<const N: usize>(
        &self,
        names: [(&str, Bar); N],
        repetitions: usize,
        mut direct: impl FnMut() -> Figures<N>,
        mut server: impl FnMut(usize) -> Figures<N>,
    ) -> Vec<Row> {
        let mut measured = vec![Vec::new(); self.servers.len() + 1];
        for repetition in 0..repetitions {
            for place in order(repetition, measured.len()) {
                measured[place].push(if place == 0 { direct() } else { server(place - 1) });
            }
        }
        let medians = |place: usize| {
            let of =
                |figures: &Vec<Figures<N>>| median(figures.iter().filter_map(|all| all[place]).collect());
            measured.iter().map(of).collect::<Vec<_>>()
        };
        let row = |(place, (what, bar)): (usize, (&str, Bar))| {
            let mut medians = medians(place);
            Row { what: what.to_owned(), bar, direct: medians.remove(0), servers: medians }
        };
        names.into_iter().enumerate().map(row).collect()
    }
}

/// Turns figures of servers into what they add to that of the direct client.
fn added(mut rows: Vec<Row>) -> Vec<Row> {
    for row in &mut rows {
        let direct = row.direct.unwrap_or(0.0);
        row.servers.iter_mut().flatten().for_each(|figure| *figure -= direct);
    }
    rows
}

pub(crate) fn start(bench: &Bench) -> Vec<Row> {
    let mut rows = bench.rows(
        [
            ("spawn → `initialize` answered, ms", Bar::AtMost(5.0)),
            ("memory after `initialize`, MiB", Bar::None),
        ],
        bench.times(30),
        || [None; 2],
        |number| {
            let spawned = Instant::now();
            let editor = Editor::start(&bench.servers[number], &bench.upstream.url(LISTS[0]));
            [Some(milliseconds(spawned.elapsed())), resident(editor.process())]
        },
    );
    let one = Plan { chunks: 1, each_write: 1, rate: Some(500) };
    rows.extend(bench.rows(
        [
            ("idle memory, MiB", Bar::AtMost(9.0)),
            ("first chunk of a server that was idle, ms", Bar::None),
            ("idle memory after 300 models, MiB", Bar::None),
        ],
        bench.times(3),
        || [None; 3],
        |number| {
            let mut editor = Editor::start(&bench.servers[number], &bench.upstream.url(LISTS[0]));
            let process = editor.process();
            let idle = || {
                thread::sleep(IDLE);
                resident(process)
            };
            let at_first = idle();
            editor.list();
            let later = idle();
            [at_first, Some(milliseconds(editor.first_chunk(one))), later]
        },
    ));
    rows
}

pub(crate) fn first_chunk(bench: &Bench) -> Vec<Row> {
    let plan = Plan { chunks: 1, each_write: 1, rate: Some(500) };
    let mut editors = bench.editors();
    let mut direct = Direct::connect(bench.upstream.address);
    added(bench.rows(
        [("added time to the first chunk, p50, µs", Bar::AtMost(90.0))],
        bench.times(400),
        || [Some(microseconds(direct.first_chunk(plan)))],
        |number| [Some(microseconds(editors[number].first_chunk(plan)))],
    ))
}

pub(crate) fn full_speed(bench: &Bench) -> Vec<Row> {
    let one = Plan { chunks: bench.times(200_000), each_write: 16, rate: None };
    let many = Plan { chunks: bench.times(10_000), each_write: 1, rate: None };
    let per_second = |chunks: usize, began: Instant| Some(chunks as f64 / began.elapsed().as_secs_f64());
    let direct = |plan, streams| {
        let began = Instant::now();
        per_second(Direct::read(bench.upstream.address, plan, streams).len(), began)
    };
    let mut editors = bench.editors();
    let mut rows = bench.rows(
        [
            ("one stream at full speed, chunks/s", Bar::AtLeast(300_000.0)),
            ("processor time for 100,000 of its chunks, s", Bar::AtMost(0.35)),
        ],
        bench.times(5),
        || [direct(one, 1), None],
        |number| {
            let editor = &mut editors[number];
            let before = processor_time(editor.process());
            let began = Instant::now();
            let chunks = editor.read(one, 1, NO_PAUSE).len();
            let rate = per_second(chunks, began);
            let took = || Some(processor_time(editor.process())? - before?);
            [rate, took().map(|took| took * 100_000.0 / chunks as f64)]
        },
    );
    rows.extend(bench.rows(
        [("16 streams, a write for each chunk, chunks/s", Bar::None), ("memory after that, MiB", Bar::None)],
        bench.times(5),
        || [direct(many, 16), None],
        |number| {
            let began = Instant::now();
            let rate = per_second(editors[number].read(many, 16, NO_PAUSE).len(), began);
            [rate, resident(editors[number].process())]
        },
    ));
    rows
}

pub(crate) fn paced(bench: &Bench) -> Vec<Row> {
    let plan = Plan { chunks: bench.times(200), each_write: 1, rate: Some(100) };
    let percentiles = |chunks: Vec<Duration>| {
        let mut ages: Vec<_> = chunks.into_iter().map(microseconds).collect();
        [percentile(&mut ages, 0.5), percentile(&mut ages, 0.99)]
    };
    let mut editors = bench.editors();
    added(bench.rows(
        [
            ("added to each chunk, 8 streams of 100/s, p50, µs", Bar::AtMost(60.0)),
            ("the same, p99, µs", Bar::AtMost(250.0)),
        ],
        bench.times(5),
        || percentiles(Direct::read(bench.upstream.address, plan, 8)),
        |number| percentiles(editors[number].read(plan, 8, NO_PAUSE)),
    ))
}

pub(crate) fn slow_editor(bench: &Bench) -> Vec<Row> {
    let plan = Plan { chunks: bench.times(2_000), each_write: 1, rate: Some(1_000) };
    let mut editors = bench.editors();
    bench.rows(
        [
            ("slow editor, p50, ms", Bar::None),
            ("the same, p99, ms", Bar::AtMost(5.0)),
            ("memory that it costs, MiB", Bar::AtMost(1.0)),
        ],
        bench.times(3),
        || [None; 3],
        |number| {
            let editor = &mut editors[number];
            let before = resident(editor.process());
            let mut ages: Vec<_> = editor.read(plan, 8, SLOW).into_iter().map(milliseconds).collect();
            let growth = || Some(resident(editor.process())? - before?);
            [percentile(&mut ages, 0.5), percentile(&mut ages, 0.99), growth()]
        },
    )
}

pub(crate) fn stalled_editor(bench: &Bench) -> Vec<Row> {
    let plan = Plan { chunks: bench.times(200_000), each_write: 16, rate: None };
    let mut editors = bench.editors();
    bench.rows(
        [("200,000 chunks to an editor that reads nothing, memory that they cost, MiB", Bar::AtMost(4.0))],
        bench.times(3),
        || [None],
        |number| {
            let editor = &mut editors[number];
            let before = resident(editor.process());
            editor.begin(plan, 1);
            // Far longer than all of them take where somebody reads.
            std::thread::sleep(Duration::from_secs(1));
            let growth = resident(editor.process()).zip(before).map(|(now, before)| now - before);
            // What comes next begins with nothing under way.
            *editor = Editor::start(&bench.servers[number], &bench.upstream.url(LISTS[0]));
            editor.first_chunk(Plan { chunks: 1, each_write: 1, rate: Some(500) });
            [growth]
        },
    )
}

pub(crate) fn cancel(bench: &Bench) -> Vec<Row> {
    let endless = Plan { chunks: usize::MAX >> 1, each_write: 1, rate: Some(100) };
    let flood = Plan { each_write: 16, rate: None, ..endless };
    let mut rows = Vec::new();
    for (what, plan, streams) in [
        ("`$/cancelRequest` → connection closed, µs", endless, 0),
        ("the same, with 64 streams of 100/s running, µs", endless, 64),
        ("the same, with 8 streams at full speed, µs", flood, 8),
    ] {
        // One server at a time, for what runs beside the measurement is a part of it.
        let mut row = Row { what: what.into(), bar: Bar::AtMost(1_000.0), direct: None, servers: Vec::new() };
        for mut editor in bench.editors() {
            editor.begin(plan, streams);
            let cancelled = (0..bench.times(50)).map(|_| editor.cancel(&bench.upstream, endless));
            row.servers.push(median(cancelled.map(microseconds).collect()));
        }
        rows.push(row);
    }
    let direct = (0..bench.times(50)).map(|number| Direct::cancel(&bench.upstream, endless, number));
    rows[0].direct = median(direct.map(microseconds).collect());
    rows
}

pub(crate) fn inline(bench: &Bench) -> Vec<Row> {
    let options = r#"{"features":{"inlineCompletion":true,"inline":{"debounceMs":0,"model":"1/1/0"}}}"#;
    let start = |server: &PathBuf| {
        let mut editor = Editor::start_with(server, &bench.upstream.url(LISTS[0]), options);
        editor.open_text();
        editor.keystroke();
        editor
    };
    let mut editors: Vec<_> = bench.servers.iter().map(start).collect();
    bench.rows(
        [("keystroke → the proxy answers for inline completion, beyond the debounce, ms", Bar::AtMost(5.0))],
        bench.times(100),
        || [None],
        |number| [Some(milliseconds(editors[number].keystroke()))],
    )
}

pub(crate) fn models(bench: &Bench) -> Vec<Row> {
    let mut direct = Direct::connect(bench.upstream.address);
    let mut rows = Vec::new();
    for models in LISTS {
        let (first, cached, memory, most) = match models {
            300 => (Bar::AtMost(3.0), Bar::None, Bar::None, Bar::None),
            2_500 => (Bar::None, Bar::AtMost(3.0), Bar::None, Bar::None),
            RECORDED => (Bar::AtMost(250.0), Bar::None, Bar::None, Bar::AtMost(60.0)),
            _ => (Bar::AtMost(65.0), Bar::None, Bar::AtMost(80.0), Bar::None),
        };
        rows.extend(bench.rows(
            [
                (&format!("{models} models, the first time, ms"), first),
                (&format!("{models} models, again, ms"), cached),
                (&format!("memory after {models} models, MiB"), memory),
                ("the most on the way, MiB", most),
            ],
            bench.times(7),
            || [Some(milliseconds(direct.list(models))), None, None, None],
            |number| {
                let mut editor = Editor::start(&bench.servers[number], &bench.upstream.url(models));
                let first = milliseconds(editor.list());
                let again = median((0..5).map(|_| milliseconds(editor.list())).collect());
                [Some(first), again, resident(editor.process()), peak(editor.process())]
            },
        ));
    }
    let one = Plan { chunks: 1, each_write: 1, rate: Some(500) };
    rows.extend(bench.rows(
        [("slowest first chunk while the 3,388 models (18.6 MB) are read, ms", Bar::AtMost(5.0))],
        bench.times(7),
        || [None],
        |number| {
            let mut editor = Editor::start(&bench.servers[number], &bench.upstream.url(RECORDED));
            editor.first_chunk(one);
            [Some(milliseconds(editor.slowest_beside_list(one)))]
        },
    ));
    rows
}
