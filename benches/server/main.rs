//! How fast the server is, held against a client that asks the proxy itself and against fixed bars.
//!
//! `cargo bench` takes about a minute; `cargo bench -- --quick` takes seconds and only shows that it works.
//! `cargo bench -- --with PATH` measures another build of the server in the same run, `--only GROUP` one group of figures.
//! No figure fails the run.

mod direct;
mod editor;
mod figures;
mod process;
mod shared;
mod table;
mod upstream;

use std::{io::Write, path::PathBuf};

use figures::Bench;
use upstream::Upstream;

/// Measures what belongs together.
type Group = fn(&Bench) -> Vec<table::Row>;

/// The groups of figures, by the names that `--only` takes.
const GROUPS: [(&str, Group); 10] = [
    ("start", figures::start),
    ("first-chunk", figures::first_chunk),
    ("full-speed", figures::full_speed),
    ("paced", figures::paced),
    ("slow-editor", figures::slow_editor),
    ("stalled-editor", figures::stalled_editor),
    ("cancel", figures::cancel),
    ("inline", figures::inline),
    ("models", figures::models),
    ("shared", shared::shared),
];

fn main() {
    let mut bench = Bench {
        upstream: Upstream::start(),
        servers: vec![env!("CARGO_BIN_EXE_litellm-ls").into()],
        quick: false,
    };
    let mut only = None;
    let mut names = vec!["litellm-ls".to_owned()];
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => bench.quick = true,
            "--with" => {
                let path = arguments.next().expect("`--with` is followed by the path of a server");
                bench.servers.push(PathBuf::from(&path));
                names.push(path);
            }
            "--only" => only = Some(arguments.next().expect("`--only` is followed by the name of a group")),
            // What `cargo bench` adds.
            "--bench" => {}
            other => panic!("no such option: {other}"),
        }
    }
    bench.servers.iter().for_each(|server| process::read_anew(server));
    let mut rows = Vec::new();
    let chosen = |name: &str| only.as_deref().is_none_or(|only| only == name);
    for (_, measure) in GROUPS.into_iter().filter(|(name, _)| chosen(name)) {
        rows.extend(measure(&bench));
    }
    let _ = writeln!(std::io::stdout(), "{}", table::markdown(&names, &rows));
}
