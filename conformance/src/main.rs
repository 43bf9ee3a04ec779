//! The `litellm-ls-conformance` program: which server in, what it keeps out.

use std::{
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use clap::{Parser, ValueEnum};
use litellm_ls_conformance::{Door, Format, Options, list, run};

/// Checks whether a server keeps the musts of the litellm-ls protocol.
///
/// The server is started for each check, with LITELLM_BASE_URL naming a proxy of the suite's own. Ends with 0 where no check
/// fails, and with 1 where one does.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Which door the command opens
    #[arg(long, value_enum, default_value = "lsp")]
    door: DoorWord,
    /// Only checks whose id or method contains this, or of this must (such as M4)
    #[arg(long, value_name = "PATTERN")]
    only: Option<String>,
    /// Print one object of JSON
    #[arg(long, conflicts_with = "junit")]
    json: bool,
    /// Print JUnit's XML
    #[arg(long)]
    junit: bool,
    /// Print the checks instead of making them
    #[arg(long)]
    list: bool,
    /// How many seconds a check waits for anything
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    timeout: u64,
    /// The server: a program and its arguments
    #[arg(last = true, value_name = "COMMAND", required_unless_present = "list")]
    command: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum DoorWord {
    /// LSP's base protocol
    Lsp,
    /// One message a line
    Lines,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let options = Options {
        command: arguments.command,
        door: match arguments.door {
            DoorWord::Lsp => Door::Lsp,
            DoorWord::Lines => Door::Lines,
        },
        only: arguments.only,
        patience: Duration::from_secs(arguments.timeout),
    };
    if arguments.list {
        return print(&list(&options), true);
    }
    if list(&options).is_empty() {
        let pattern = options.only.unwrap_or_default();
        eprintln!(
            "no check at {} is meant by `{pattern}`: `--list` has their musts and ids",
            options.door.name()
        );
        return ExitCode::FAILURE;
    }
    let format = match (arguments.json, arguments.junit) {
        (true, _) => Format::Json,
        (_, true) => Format::Junit,
        _ => Format::Text,
    };
    let report = run(&options);
    print(&report.written(format), report.failed().next().is_none() && !report.rows.is_empty())
}

fn print(text: &str, is_well: bool) -> ExitCode {
    let printed = io::stdout().write_all(text.as_bytes());
    if printed.is_ok() && is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
