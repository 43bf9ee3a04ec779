//! A key that a command prints, as `op read` and git's credential helpers do.

mod masked;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::{convert::Infallible, io, path::Path, process::Stdio, time::Duration};

use secrecy::{SecretString, zeroize::Zeroizing};
use tokio::{
    io::AsyncReadExt,
    process::{ChildStderr, ChildStdout, Command},
};

#[cfg(unix)]
use unix as platform;
#[cfg(windows)]
use windows as platform;

use super::{MAX_SIZE, NoKey, mended::mended};
use crate::{descriptors, plain, surroundings::Surroundings};

/// As much of what it says on its standard error as is kept, in bytes, and shown, in columns.
const SAID: usize = 4096;
const SHOWN: usize = 200;
/// A command may ask for a fingerprint, but must not hold a request back for ever.
const LIMIT: Duration = Duration::from_secs(10);

/// What has a meaning only to a shell, where it stands for itself.
const OF_SHELLS: [&str; 9] = ["|", "||", "&&", "&", ";", ">", ">>", "<", "2>"];

/// The program and its arguments, each path that begins with `~/` from the user's home.
///
/// # Errors
/// Where it is no command, or one for a shell.
pub(super) fn split(command: &str, home: Option<&str>) -> Result<(String, Vec<String>), NoKey> {
    let parts = parts(command).unwrap_or_default();
    if let Some((sign, _)) = parts.iter().find(|(word, quoted)| !quoted && OF_SHELLS.contains(&word.as_str()))
    {
        return Err(NoKey::new(
            format!("no shell runs the key command, and {sign} has no meaning without one"),
            "write cmd:sh -c 'COMMAND' where a shell should run it",
        ));
    }
    let from_home = |(word, quoted): (String, bool)| match word.strip_prefix("~/").zip(home) {
        Some((inside, home)) if !quoted => Path::new(home).join(inside).to_string_lossy().into_owned(),
        _ => word,
    };
    let mut words = parts.into_iter().map(from_home);
    let program = words.next().ok_or_else(|| {
        NoKey::new(
            "the key command can't be read",
            "write cmd:PROGRAM ARGUMENTS, and close every quotation mark",
        )
    })?;
    Ok((program, words.collect()))
}

/// Runs a command without a shell and returns what it prints. Where it fails, the last line of its standard error is
/// shown, without what it was given, what it printed, and what could be a key.
///
/// # Errors
/// Where it can't be started, fails, prints nothing, or takes longer than ten seconds.
pub(super) async fn output(
    program: &str,
    arguments: &[String],
    surroundings: &Surroundings,
) -> Result<SecretString, NoKey> {
    run(program, arguments, surroundings, LIMIT).await
}

async fn run(
    program: &str,
    arguments: &[String],
    surroundings: &Surroundings,
    limit: Duration,
) -> Result<SecretString, NoKey> {
    let fault = |what: &str| {
        NoKey::new(
            format!("the key command {program} {what}"),
            "run it in a terminal and mend what it says there",
        )
    };
    let mut command = Command::new(program);
    surroundings.surround(command.as_std_mut());
    command
        .args(arguments)
        // Standard input and output of this process are the editor's.
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    platform::lead(&mut command);
    let mut child = command.spawn().map_err(|error| match descriptors::are_spent(&error) {
        true => NoKey::too_many_files(),
        false => fault(&format!("can't be started ({})", error.kind())),
    })?;
    // Invariant: however this ends but well, nothing that the command has started goes on.
    let group = platform::Group::of(&child);
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let ended = tokio::time::timeout(limit, async {
        // What it leaves behind may hold its standard error open: all that counts has been said when it has ended.
        let mut said = String::new();
        let outcome = tokio::select! {
            // Its words before its end, as it had them.
            biased;
            never = listen(stderr, &mut said) => match never {},
            outcome = async { (read(stdout).await, child.wait().await) } => outcome,
        };
        (outcome, said)
    });
    let ((printed, status), said) = ended.await.map_err(|_| fault("did not end in time"))?;
    let (printed, status) =
        printed.and_then(|printed| Ok((printed, status?))).map_err(|_| fault("failed"))?;
    group.release();
    if !status.success() {
        // A word by itself explains nothing, and may be the key.
        let last = said.lines().rev().map(str::trim).find(|line| line.split_whitespace().nth(1).is_some());
        let printed = String::from_utf8_lossy(&printed);
        let last = last.map(|line| plain::label(&masked::without_keys(line, arguments, &printed), SHOWN));
        return Err(fault(&last.map_or_else(|| "failed".to_owned(), |last| format!("failed: {last}"))));
    }
    let key = mended(str::from_utf8(&printed).unwrap_or_default()).key;
    if key.is_empty() {
        return Err(fault("printed no key"));
    }
    // Which of several lines is the key is not to be guessed at.
    let lines = key.lines().count();
    if lines > 1 {
        return Err(NoKey::new(
            format!("the key command {program} printed {lines} lines, and a key is one"),
            "have it print the key alone: cmd:sh -c 'COMMAND | head -n 1' takes the first line",
        ));
    }
    Ok(key.as_str().into())
}

/// What a command prints, to its end.
async fn read(stdout: Option<ChildStdout>) -> io::Result<Zeroizing<Vec<u8>>> {
    // Room for all of it, for what a buffer leaves behind where it grows is not cleared.
    let mut printed = Zeroizing::new(Vec::with_capacity(MAX_SIZE as usize));
    if let Some(stdout) = stdout {
        stdout.take(MAX_SIZE).read_to_end(&mut printed).await?;
    }
    Ok(printed)
}

/// Keeps the end of what a command says on its standard error, for as long as it is asked to.
async fn listen(stderr: Option<ChildStderr>, said: &mut String) -> Infallible {
    let mut piece = [0; 1024];
    if let Some(mut stderr) = stderr {
        while let Ok(length @ 1..) = stderr.read(&mut piece).await {
            said.push_str(&String::from_utf8_lossy(&piece[..length]));
            let surplus = said.len().saturating_sub(SAID);
            said.drain(..said.ceil_char_boundary(surplus));
        }
    }
    std::future::pending().await
}

/// The words of a command, quoted with `'` or `"` where they hold blanks. A backslash means itself, as in the paths of
/// Windows. None where a quotation mark is not closed.
pub fn words(command: &str) -> Option<Vec<String>> {
    Some(parts(command)?.into_iter().map(|(word, _)| word).collect())
}

/// The same words, each with whether it begins with a quotation mark.
fn parts(command: &str) -> Option<Vec<(String, bool)>> {
    let mut words = Vec::new();
    let mut word: Option<(String, bool)> = None;
    let mut quote = None;
    for character in command.chars() {
        match (quote, character) {
            (Some(open), character) if character == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_with(|| (String::new(), true));
            }
            (None, blank) if blank.is_whitespace() => words.extend(word.take()),
            (_, character) => word.get_or_insert_default().0.push(character),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    use secrecy::ExposeSecret;

    use super::*;

    #[cfg(unix)]
    async fn run(command: &str, limit: Duration) -> Result<SecretString, NoKey> {
        let (program, arguments) = split(command, None)?;
        super::run(&program, &arguments, &Surroundings::default(), limit).await
    }

    #[test]
    fn the_page_states_the_limit() {
        let page = include_str!("../../../protocol/PROTOCOL.md");
        assert_eq!(LIMIT, Duration::from_secs(10));
        assert!(page.contains("`cmd:COMMAND` runs without a shell, for ten seconds at most"));
    }

    /// Waits until a process has ended.
    #[cfg(target_os = "linux")]
    async fn ended(pid: &std::path::Path) {
        let pid = std::fs::read_to_string(pid).unwrap();
        // An orphan is buried by process 1, or by nobody in a container that has none.
        let stat = || std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
        while stat().is_ok_and(|stat| !stat.contains(") Z ")) {
            tokio::task::yield_now().await;
        }
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn what_a_command_started_ends_when_its_time_is_over() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("pid");
        for end in ["wait", "exit 0", "exec sleep 600"] {
            let command = format!("sh -c 'sh -c \"sleep 600; :\" & echo $! > {}; {end}'", note.display());
            let refused = run(&command, Duration::from_millis(300)).await.unwrap_err();
            assert!(refused.reason.contains("did not end in time"), "{end}: {refused:?}");
            ended(&note).await;
        }
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn what_a_command_started_ends_with_it_where_it_does_not_end_by_itself() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("pid");
        let command = format!("sh -c 'sleep 600 & echo $! > {0}.new; mv {0}.new {0}; wait'", note.display());
        let mut running = Box::pin(run(&command, LIMIT));
        loop {
            tokio::select! {
                outcome = &mut running => panic!("{outcome:?}"),
                () = tokio::task::yield_now() => {}
            }
            if note.exists() {
                break;
            }
        }
        drop(running);
        ended(&note).await;
    }

    #[test]
    fn a_command_is_split_into_words() {
        for (command, expected) in [
            ("op read 'op://a b/c'", Some(vec!["op", "read", "op://a b/c"])),
            (r#" "C:\My Tools\key.exe"  '' x"y z" "#, Some(vec![r"C:\My Tools\key.exe", "", "xy z"])),
            ("a 'b", None),
            (" ", Some(vec![])),
        ] {
            assert_eq!(words(command), expected.map(|words| words.into_iter().map(str::to_owned).collect()));
        }
    }

    #[test]
    fn a_command_is_one_for_no_shell_and_knows_the_users_home() {
        let split = |command: &str| split(command, Some("/home/a b"));
        for (command, expected) in [
            ("~/key.sh ~/k -f~/k '~/k' ~", vec!["/home/a b/key.sh", "/home/a b/k", "-f~/k", "~/k", "~"]),
            ("cut -d '|' -f 1", vec!["cut", "-d", "|", "-f", "1"]),
            ("sh -c 'a | b' x y", vec!["sh", "-c", "a | b", "x", "y"]),
        ] {
            let (program, arguments) = split(command).unwrap();
            let words = [vec![program], arguments].concat();
            // Windows joins a path in its own way.
            assert_eq!(
                words.iter().map(|word| word.replace('\\', "/")).collect::<Vec<_>>(),
                expected,
                "{command}"
            );
        }
        for sign in OF_SHELLS {
            let refused = split(&format!("op read x {sign} y")).unwrap_err();
            assert!(refused.reason.contains(sign) && refused.remedy.contains("sh -c"), "{refused:?}");
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_a_command_prints_is_the_key_and_no_shell_runs() {
        let key = run("printf '%s\\n' '$(id); sk-1'", LIMIT).await.unwrap();
        assert_eq!(key.expose_secret(), "$(id); sk-1");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_command_without_a_key_says_why_and_shows_nothing_it_was_given_or_said() {
        for (command, limit, reason) in [
            ("sh -c 'echo sk-secret >&2; exit 3'", LIMIT, "failed"),
            ("sh -c 'echo sk-secret; exit 1'", LIMIT, "failed"),
            ("sh -c 'echo not signed in with sk-secret >&2; exit 1'", LIMIT, "failed: not signed in with …"),
            ("sh -c 'echo \"$0 is wrong\" >&2; exit 1' hunter2", LIMIT, "failed: … is wrong"),
            (
                "sh -c 'echo can not be read >&2; echo sk-\"\"secret >&2; exit 1'",
                LIMIT,
                "failed: can not be read",
            ),
            ("true sk-secret", LIMIT, "printed no key"),
            ("no-such-program-here sk-secret", LIMIT, "can't be started"),
            ("sleep 600", Duration::from_millis(20), "did not end in time"),
            // What a command leaves behind may hold its output open.
            ("sh -c 'sleep 2 & echo sk-secret'", Duration::from_millis(200), "did not end in time"),
            ("'sk-secret", LIMIT, "can't be read"),
            ("echo sk-secret | tr a b", LIMIT, "| has no meaning without one"),
            ("printf 'sk-secret\\nuser: me\\n'", LIMIT, "the key command printf printed 2 lines"),
        ] {
            let refused = run(command, limit).await.unwrap_err();
            assert!(refused.reason.contains(reason), "{command}: {refused:?}");
            assert!(!format!("{refused:?}").contains("sk-secret"), "{refused:?}");
        }
    }
}
