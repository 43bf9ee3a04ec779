//! A program that a variable of the user's names, such as `PAGER` or `EDITOR`: understood as git and man understand it.

use std::{path::Path, process::ExitStatus};

use tokio::process::Command;

use crate::provider::command_words;

/// What a shell ends with where there is no such program, or it is none.
const MISSING: [i32; 2] = [126, 127];

/// The program with its arguments, and a file behind them. None where the line names none.
pub(super) fn named(line: &str, file: Option<&Path>) -> Option<Command> {
    let line = line.trim();
    let mut command = if cfg!(windows) { in_words(line) } else { by_shell(line, file.is_some()) }?;
    command.args(file);
    Some(command)
}

/// A shell reads the line, with all that it knows of quotation marks and variables.
fn by_shell(line: &str, has_file: bool) -> Option<Command> {
    if line.is_empty() {
        return None;
    }
    let mut command = Command::new("/bin/sh");
    let script = if has_file { format!("{line} \"$@\"") } else { line.to_owned() };
    // The line is what the shell calls itself in what it complains of.
    command.args(["-c", &script, line]);
    Some(command)
}

/// Where no shell is sure to be there: words, with quotation marks around those that hold blanks.
fn in_words(line: &str) -> Option<Command> {
    let mut words = command_words(line)?.into_iter();
    let mut command = Command::new(words.next()?);
    command.args(words);
    Some(command)
}

/// Whether there was no such program.
pub(super) fn is_missing(status: ExitStatus) -> bool {
    status.code().is_some_and(|code| MISSING.contains(&code))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_line_is_read_as_a_shell_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let spaced = folder.path().join("my printf");
        std::os::unix::fs::symlink("/usr/bin/printf", &spaced).unwrap();
        let spaced = spaced.display();
        for (line, printed) in [
            ("printf %s,".to_owned(), "a file,"),
            ("printf '%s %s,' 'a  b'".to_owned(), "a  b a file,"),
            ("sh -c 'printf %s, \"$1\"' x".to_owned(), "a file,"),
            (format!("'{spaced}' %s,"), "a file,"),
            (format!("{} %s,", spaced.to_string().replace(' ', "\\ ")), "a file,"),
        ] {
            let mut command = named(&line, Some(Path::new("a file"))).unwrap();
            let output = command.output().await.unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), printed, "{line}");
        }
        let status = named("no-such-program-here", None).unwrap().output().await.unwrap().status;
        assert!(is_missing(status), "{status}");
        assert!(named("  ", None).is_none());
    }
}
