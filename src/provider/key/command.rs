//! A key that a command prints, as `op read` and git's credential helpers do.

use std::{
    io::Read,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use secrecy::SecretString;

use super::{MAX_FILE, NoKey};

/// A command may ask for a fingerprint, but must not hold the editor back for ever.
const LIMIT: Duration = Duration::from_secs(10);
/// How often a command that has said everything is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(5);

/// The program that a command runs. Its arguments are not shown: one could be a secret.
pub(super) fn program(command: &str) -> String {
    words(command).and_then(|words| words.into_iter().next()).unwrap_or_default()
}

/// Runs a command without a shell and returns what it prints. What it says on its standard error is not shown.
///
/// # Errors
/// Where it can't be started, fails, prints nothing, or takes longer than ten seconds.
pub(super) fn output(command: &str) -> Result<SecretString, NoKey> {
    run(command, LIMIT)
}

fn run(command: &str, limit: Duration) -> Result<SecretString, NoKey> {
    let program = program(command);
    let fault = |what: &str| {
        NoKey::new(
            format!("the key command {program} {what}"),
            "run it in a terminal and mend what it says there",
        )
    };
    let words = words(command).filter(|words| !words.is_empty());
    let words = words.ok_or_else(|| {
        NoKey::new(
            "the key command can't be read",
            "write cmd:PROGRAM ARGUMENTS, and close every quotation mark",
        )
    })?;
    let deadline = Instant::now() + limit;
    let mut child = Command::new(&words[0])
        .args(&words[1..])
        // Standard input and output of this process are the editor's.
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| fault(&format!("can't be started ({})", error.kind())))?;
    let printed = child.stdout.take().and_then(|stdout| {
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let mut text = String::new();
            let read = stdout.take(MAX_FILE).read_to_string(&mut text).is_ok();
            let _ = sender.send(read.then(|| SecretString::from(text.trim())));
        });
        receiver.recv_timeout(limit).ok()
    });
    let status = ended(&mut child, deadline);
    let (Some(printed), Some(status)) = (printed, status) else {
        return Err(fault("did not end in time"));
    };
    if !status.success() {
        return Err(fault("failed"));
    }
    printed
        .filter(|key| !secrecy::ExposeSecret::expose_secret(key).is_empty())
        .ok_or_else(|| fault("printed no key"))
}

/// How a command ended. One that has not by then is killed.
fn ended(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait().ok()? {
            return Some(status);
        }
        if Instant::now() >= deadline {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        std::thread::sleep(PAUSE);
    }
}

/// The words of a command, quoted with `'` or `"` where they hold blanks. A backslash means itself, as in the paths of
/// Windows. None where a quotation mark is not closed.
fn words(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in command.chars() {
        match (quote, character) {
            (Some(open), character) if character == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, blank) if blank.is_whitespace() => words.extend(word.take()),
            (_, character) => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[cfg(unix)]
    #[test]
    fn what_a_command_prints_is_the_key_and_no_shell_runs() {
        use secrecy::ExposeSecret;
        let key = output("printf '%s\\n' '$(id); sk-1'").unwrap();
        assert_eq!(key.expose_secret(), "$(id); sk-1");
    }

    #[cfg(unix)]
    #[test]
    fn a_command_without_a_key_says_why_and_shows_nothing_it_was_given_or_said() {
        for (command, limit, reason) in [
            ("sh -c 'echo sk-secret >&2; exit 3'", LIMIT, "failed"),
            ("sh -c 'echo sk-secret; exit 1'", LIMIT, "failed"),
            ("true sk-secret", LIMIT, "printed no key"),
            ("no-such-program-here sk-secret", LIMIT, "can't be started"),
            ("sleep 600", Duration::from_millis(20), "did not end in time"),
            ("'sk-secret", LIMIT, "can't be read"),
        ] {
            let refused = run(command, limit).unwrap_err();
            assert!(refused.reason.contains(reason), "{command}: {refused:?}");
            assert!(!format!("{refused:?}").contains("sk-secret"), "{refused:?}");
        }
    }
}
