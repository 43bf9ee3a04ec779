//! How fast the server is, held against a client that asks the proxy itself and against fixed bars.
//!
//! `cargo bench` takes about a minute; `cargo bench -- --quick` takes seconds and only shows that it works.
//! `cargo bench -- --with PATH` measures another build of the server in the same run. No figure fails the run.

mod direct;
mod editor;
mod figures;
mod process;
mod table;
mod upstream;

use std::{io::Write, path::PathBuf};

use figures::Bench;
use upstream::Upstream;

fn main() {
    let mut bench = Bench {
        upstream: Upstream::start(),
        servers: vec![env!("CARGO_BIN_EXE_litellm-ls").into()],
        quick: false,
    };
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
            // What `cargo bench` adds.
            "--bench" => {}
            other => panic!("no such option: {other}"),
        }
    }
    let mut rows = Vec::new();
    for measure in [
        figures::start,
        figures::first_chunk,
        figures::full_speed,
        figures::paced,
        figures::slow_editor,
        figures::stalled_editor,
        figures::cancel,
        figures::models,
    ] {
        rows.extend(measure(&bench));
    }
    let _ = writeln!(std::io::stdout(), "{}", table::markdown(&names, &rows));
}
