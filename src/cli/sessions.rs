//! The process that editors share, as people see it.

use std::process::ExitCode;

use clap::Args;

use super::output::{
    Align, Column, Row, Screen, Text, Tone, language, say, say_json, say_text, table, words,
};
use crate::daemon::{self, Session};

const COLUMNS: [Column; 4] = [
    Column { title: "client", align: Align::Left },
    Column { title: "for", align: Align::Right },
    Column { title: "requests", align: Align::Right },
    Column { title: "folder", align: Align::Left },
];

#[derive(Debug, Args)]
pub(super) struct SessionsArgs {
    /// Print JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct StopArgs {}

/// Shows who is connected.
///
/// # Errors
/// Where the folder of the sockets can't be read, or nothing can be printed.
pub(super) async fn run(args: &SessionsArgs) -> anyhow::Result<ExitCode> {
    let all = daemon::sessions().await?;
    if args.json {
        say_json(&all)?;
        return Ok(ExitCode::SUCCESS);
    }
    let width = Screen::stdout().width;
    for running in &all {
        let memory = running.memory.map(|bytes| format!("{} MiB of memory", bytes >> 20));
        let what = match &running.sessions {
            Some(sessions) => clients(sessions.len()),
            None => "which does not answer: end it with `litellm-ls stop`".to_owned(),
        };
        let process = format!("process {}", running.pid);
        let told: Vec<_> = [Some(process), memory, Some(what)]
            .into_iter()
            .flatten()
            .map(|part| words(&part).into_owned())
            .collect();
        let mut text = Text::new(Tone::Strong, told.join(language().comma()));
        text.end_line();
        let rows: Vec<Row> = running.sessions.iter().flatten().map(row).collect();
        if !rows.is_empty() {
            text.append(table(&COLUMNS, &rows, width));
        }
        say_text(&text)?;
    }
    if all.is_empty() {
        say("No process is shared: start an editor with `litellm-ls --shared`.\n")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Ends the processes.
///
/// # Errors
/// Where the folder of the sockets can't be read, or nothing can be printed.
pub(super) async fn stop() -> anyhow::Result<ExitCode> {
    let all = daemon::stop().await?;
    let lines = all.iter().map(|stopped| match stopped.clients {
        Some(count) => format!("Stopped a process that served {}.\n", clients(count)),
        None => "Ended a process that did not answer.\n".to_owned(),
    });
    let told: String = lines.collect();
    say(if told.is_empty() { "No process is shared.\n" } else { &told })?;
    Ok(ExitCode::SUCCESS)
}

fn row(session: &Session) -> Row {
    let client = session.client.as_deref().map(Into::into).unwrap_or_else(|| words("(no name)"));
    let requests = session.requests.to_string();
    let cells =
        [&*client, &time(session.seconds), &requests, session.workspace.trim_start_matches("file://")];
    Row { cells: cells.map(|cell| Text::new(Tone::Usual, cell)).into(), ..Row::default() }
}

/// A span of time in its largest unit.
fn time(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

fn clients(count: usize) -> String {
    match count {
        1 => "1 client".to_owned(),
        count => format!("{count} clients"),
    }
}
