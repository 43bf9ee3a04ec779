//! Long lists, a page at a time, as git and man show them.

use std::{env, io, process::Stdio};

use tokio::{io::AsyncWriteExt, process::Command};

use super::{Screen, Text, say_bytes, warn, written};
use crate::cli::program;

/// What shows pages where nobody names another program.
const USUAL: &str = if cfg!(windows) { "" } else { "less" };
/// `less` ends at once where all fits, shows colours, and leaves what it showed on the screen.
const LESS: &str = "FRX";

/// Writes a result for people as [`say_text`](super::say_text) does, by way of `PAGER` where a terminal can't show all
/// of it at once.
///
/// # Errors
/// As for [`say`](super::say).
pub(in crate::cli) async fn say_pages(text: &Text) -> io::Result<()> {
    let screen = Screen::stdout();
    let drawn = written(text, screen);
    let fits = screen.height.is_none_or(|height| drawn.lines().count() < height);
    let pager = env::var("PAGER").unwrap_or_else(|_| USUAL.to_owned());
    match pager_of(&pager).filter(|_| screen.is_terminal && !fits) {
        Some(pager) => page(pager, &drawn).await,
        None => say_bytes(drawn.as_bytes()),
    }
}

/// The program, with its arguments. None where there is to be none, which `cat` says too.
fn pager_of(named: &str) -> Option<Command> {
    let mut pager = program::named(named, None).filter(|_| named.trim() != "cat")?;
    if env::var_os("LESS").is_none() {
        pager.env("LESS", LESS);
    }
    Some(pager)
}

async fn page(mut pager: Command, drawn: &str) -> io::Result<()> {
    // Where the pager can't be started, the list is what was asked for.
    let Ok(mut child) = pager.stdin(Stdio::piped()).spawn() else { return say_bytes(drawn.as_bytes()) };
    if let Some(mut input) = child.stdin.take() {
        // Whoever leaves the pager before the end has seen enough.
        let _ = input.write_all(drawn.as_bytes()).await;
    }
    let mut is_left = false;
    let status = loop {
        tokio::select! {
            ended = child.wait() => break ended?,
            // Ctrl-C is the pager's, which would be left behind with the terminal as it needs it.
            _ = tokio::signal::ctrl_c() => is_left = true,
        }
    };
    if status.success() || is_left {
        return Ok(());
    }
    // What it has shown, if anything, nobody can tell.
    say_bytes(drawn.as_bytes())?;
    warn(&format!("the pager failed ({status}): set PAGER to another, or to cat for none"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pager_is_named_or_there_is_none() {
        for (named, is_one) in [
            ("less -S", true),
            ("sh -c 'cat'", true),
            ("", false),
            (" ", false),
            ("cat", false),
            (" cat ", false),
        ] {
            assert_eq!(pager_of(named).is_some(), is_one, "{named}");
        }
    }
}
