//! A key that is typed is not shown, and what is typed after it is, whatever ended the question.

use std::{
    fs::File,
    io::Read,
    os::{
        fd::{AsRawFd, FromRawFd, OwnedFd},
        unix::process::{CommandExt, ExitStatusExt},
    },
    process::{Command, Stdio},
    ptr,
};

use super::support::{blocking, fake_proxy::FakeProxy, signals::signals_end};

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
        let (mut user, programs) = terminal();
        let end = || Stdio::from(programs.try_clone().expect("the terminal"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_litellm-ls"));
        command.args(arguments).env_clear().env("HOME", home.path()).env("TERM", "xterm");
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
        let mut child = command.spawn().expect("the command");
        let mut said = Vec::new();
        while !String::from_utf8_lossy(&said).contains(question) {
            let mut bytes = [0; 256];
            let count = user.read(&mut bytes).expect("a question");
            said.extend_from_slice(&bytes[..count]);
        }
        // The question is there a moment before what is typed is hidden.
        while shows(&programs) {
            std::thread::yield_now();
        }
        match sent {
            // SAFETY: the child has not been waited for, so the number is its own.
            Some(signal) => unsafe { assert_eq!(libc::kill(child.id() as libc::pid_t, signal), 0) },
            None => std::io::Write::write_all(&mut user, b"\x03").expect("a key"),
        }
        let status = child.wait().expect("an end");
        assert_eq!(status.signal(), Some(ends_with), "{name}: {status}");
        assert!(shows(&programs), "{name}: what is typed next is not shown");
    }
}
