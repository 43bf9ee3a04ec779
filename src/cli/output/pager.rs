//! Long lists, a page at a time, as git and man show them.

use std::{env, io, process::Stdio};

use tokio::{io::AsyncWriteExt, process::Command};

use super::{Screen, Text, say_bytes, written};

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
    let mut words = named.split_whitespace();
    let program = words.next().filter(|program| *program != "cat")?;
    let mut pager = Command::new(program);
    pager.args(words);
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
    loop {
        tokio::select! {
            ended = child.wait() => return ended.map(|_| ()),
            // Ctrl-C is the pager's, which would be left behind with the terminal as it needs it.
            _ = tokio::signal::ctrl_c() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pager_is_named_with_its_arguments_or_not_at_all() {
        for (named, program) in [("less -S", Some("less")), ("", None), (" ", None), ("cat", None)] {
            let pager = pager_of(named);
            let found = pager.as_ref().map(|pager| pager.as_std().get_program().to_str().unwrap_or_default());
            assert_eq!(found, program, "{named}");
        }
    }
}
