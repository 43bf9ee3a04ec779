//! A key that is typed is not shown, and what is typed after it is, whatever ended the question.

use std::{
    fs::File,
    io::{Read, Write},
    os::{
        fd::{AsRawFd, FromRawFd, OwnedFd},
        unix::process::{CommandExt, ExitStatusExt},
    },
    path::Path,
    process::{Child, Command, Stdio},
    ptr,
};

use super::support::{
    blocking,
    fake_proxy::{Answer, FakeProxy},
    signals::signals_end,
};

/// A terminal: the end of who sits there, and the end of programs.
fn terminal() -> (File, OwnedFd) {
    let (mut master, mut slave) = (-1, -1);
    // SAFETY: both numbers are there to be filled, and the rest may be left out.
    unsafe {
        let made =
            libc::openpty(&raw mut master, &raw mut slave, ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        assert_eq!(made, 0, "no terminal");
        (File::from_raw_fd(master), OwnedFd::from_raw_fd(slave))
    }
}

fn shows(terminal: &OwnedFd) -> bool {
    // SAFETY: a struct of numbers may be zero, and the call fills it.
    let modes = unsafe {
        let mut modes: libc::termios = std::mem::zeroed();
        assert_eq!(libc::tcgetattr(terminal.as_raw_fd(), &raw mut modes), 0);
        modes
    };
    modes.c_lflag & (libc::ECHO | libc::ICANON | libc::ISIG) == libc::ECHO | libc::ICANON | libc::ISIG
}

#[tokio::test]
async fn a_signal_leaves_the_terminal_as_it_was() {
    let fake = FakeProxy::start().await;
    let url = fake.url();
    blocking(move || leave_by_signals(&url)).await;
}

/// A command at a terminal: it, the end of who sits there, and the end of programs.
fn at_terminal(base_url: &str, home: &Path, arguments: &[&str]) -> (Child, File, OwnedFd) {
    let (user, programs) = terminal();
    let end = || Stdio::from(programs.try_clone().expect("the terminal"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_litellm-ls"));
    command.args(arguments).env_clear().env("HOME", home).env("TERM", "xterm");
    command.env("LITELLM_BASE_URL", base_url).env("LITELLM_API_KEY", "sk-1");
    command.stdin(end()).stdout(end()).stderr(end());
    signals_end(&mut command);
    // SAFETY: both calls may be made between `fork` and `exec`.
    unsafe {
        command.pre_exec(|| {
            libc::setsid();
            libc::ioctl(0, libc::TIOCSCTTY as _, 0);
            Ok(())
        });
    }
    (command.spawn().expect("the command"), user, programs)
}

/// Waits until this is shown.
fn see(user: &mut File, what: &str) {
    let mut said = Vec::new();
    while !String::from_utf8_lossy(&said).contains(what) {
        let mut bytes = [0; 256];
        let count = user.read(&mut bytes).expect("more to see");
        said.extend_from_slice(&bytes[..count]);
    }
}

fn send(child: &Child, signal: libc::c_int) {
    // SAFETY: the child has not been waited for, so the number is its own.
    unsafe { assert_eq!(libc::kill(child.id() as libc::pid_t, signal), 0) }
}

/// Ctrl-C ends an answer, and the chat goes on. Every other signal ends both, and nothing that was paid for is lost.
#[tokio::test]
async fn a_signal_amid_an_answer_ends_it_in_order() {
    let fake = FakeProxy::start().await;
    fake.on("POST /v1/chat/completions").always(Answer::stream().text("so far\n").held());
    let url = fake.url();
    blocking(move || {
        for (signal, code) in [(libc::SIGTERM, Some(143)), (libc::SIGHUP, Some(129)), (libc::SIGINT, None)] {
            let home = tempfile::tempdir().expect("a home");
            let told = |arguments: &[&str]| {
                let mut command = Command::new(env!("CARGO_BIN_EXE_litellm-ls"));
                command.args(arguments).env_clear().env("HOME", home.path());
                String::from_utf8(command.output().expect("a command").stdout).expect("a text")
            };
            let (mut child, mut user, programs) = at_terminal(&url, home.path(), &["chat", "-m", "gpt"]);
            let ask = |user: &mut File| {
                see(user, "› ");
                user.write_all(b"hello\r").expect("a question");
                see(user, "so far");
            };
            ask(&mut user);
            user.write_all(b"\x03").expect("a key");
            ask(&mut user);
            send(&child, signal);
            // At a question nothing is under way, and the signal does what it does by itself.
            if code.is_none() {
                see(&mut user, "› ");
                while shows(&programs)
                    || !told(&["usage", "--by", "outcome", "--csv"]).contains("cancelled,,2,")
                {
                    std::thread::yield_now();
                }
                send(&child, libc::SIGTERM);
            }
            let status = child.wait().expect("an end");
            let by_itself = code.is_none().then_some(libc::SIGTERM);
            assert_eq!((status.code(), status.signal()), (code, by_itself), "{signal}");
            assert!(shows(&programs), "{signal}: what is typed next is not shown");
            let calls = told(&["usage", "--by", "outcome", "--csv"]);
            assert!(calls.contains("cancelled,,2,"), "{signal}: {calls}");
            let kept = std::fs::read_dir(home.path().join(".local/state/litellm-ls/conversations"))
                .expect("conversations")
                .map(|file| std::fs::read_to_string(file.expect("a file").path()).expect("a text"))
                .collect::<String>();
            assert_eq!(kept.matches("so far").count(), 2, "{signal}: {kept}");
        }
    })
    .await;
}

fn leave_by_signals(base_url: &str) {
    let signals = [
        ("Ctrl-C", None, libc::SIGINT),
        ("SIGINT", Some(libc::SIGINT), libc::SIGINT),
        ("SIGTERM", Some(libc::SIGTERM), libc::SIGTERM),
        ("SIGHUP", Some(libc::SIGHUP), libc::SIGHUP),
    ];
    let questions: [(&[&str], &str); 2] =
        [(&["config", "store-key", "x"], "The key: "), (&["chat", "-m", "gpt"], "› ")];
    for ((arguments, question), (name, sent, ends_with)) in
        questions.into_iter().flat_map(|question| signals.map(|signal| (question, signal)))
    {
        // A chat goes on behind Ctrl-C.
        if question == "› " && ends_with == libc::SIGINT {
            continue;
        }
        let home = tempfile::tempdir().expect("a home");
        let (mut child, mut user, programs) = at_terminal(base_url, home.path(), arguments);
        see(&mut user, question);
        // The question is there a moment before what is typed is hidden.
        while shows(&programs) {
            std::thread::yield_now();
        }
        match sent {
            Some(signal) => send(&child, signal),
            None => user.write_all(b"\x03").expect("a key"),
        }
        let status = child.wait().expect("an end");
        assert_eq!(status.signal(), Some(ends_with), "{name}: {status}");
        assert!(shows(&programs), "{name}: what is typed next is not shown");
    }
}
