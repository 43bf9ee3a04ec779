//! What people read: results on stdout, everything else on stderr.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use crate::provider;

/// Writes a result.
///
/// # Errors
/// Where stdout takes no more; [`failure`] knows a closed pipe.
pub(super) fn say(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// Writes a line beside the result.
pub(super) fn note(line: &str) {
    // With stderr closed there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Says what failed and what to do, and returns the exit code for it.
pub(super) fn failure(error: &anyhow::Error) -> ExitCode {
    let closed = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    if error.downcast_ref::<io::Error>().is_some_and(closed) {
        // `litellm-ls models | head` has what it wanted.
        return ExitCode::SUCCESS;
    }
    note(&format!("error: {}", shown(&error.to_string())));
    if let Some(error) = error.downcast_ref::<provider::Error>() {
        note(&format!("  what to do: {}", shown(error.remedy())));
    }
    ExitCode::FAILURE
}

/// A text from elsewhere as a terminal may have it: without control characters, which could draw or type, and without
/// those that turn the direction of what follows.
pub(super) fn shown(text: &str) -> String {
    let turns = |character| matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let may_stay =
        |character: &char| matches!(character, '\n' | '\t') || !(character.is_control() || turns(*character));
    text.chars().filter(may_stay).collect()
}
