//! The three pipes of a server, each with a thread, so that no check waits for one of them.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{ChildStderr, ChildStdin, ChildStdout},
    sync::{
        Mutex,
        mpsc::{Receiver, Sender},
    },
};

use serde_json::Value;

use crate::{failure::clipped, session::Door};

/// What comes from a server.
pub(crate) enum Incoming {
    Message(Value),
    /// What is no message, in words.
    Garbage(String),
    End,
}

/// Writes what it is given, until nobody gives any more or nobody reads.
pub(super) fn write(mut stdin: ChildStdin, bytes: &Receiver<Vec<u8>>) {
    while let Ok(bytes) = bytes.recv() {
        if stdin.write_all(&bytes).and_then(|()| stdin.flush()).is_err() {
            return;
        }
    }
}

/// Reads messages until the end, or until what can't be one.
pub(super) fn read(stdout: ChildStdout, door: Door, told: &Sender<Incoming>) {
    let mut output = BufReader::new(stdout);
    loop {
        let incoming = match message(&mut output, door) {
            Ok(Some(bytes)) => match serde_json::from_slice(&bytes) {
                Ok(message) => Incoming::Message(message),
                Err(error) => Incoming::Garbage(format!(
                    "what is no JSON ({error}): {}",
                    clipped(&String::from_utf8_lossy(&bytes))
                )),
            },
            Ok(None) => Incoming::End,
            Err(why) => Incoming::Garbage(why),
        };
        let is_last = !matches!(incoming, Incoming::Message(_));
        if told.send(incoming).is_err() || is_last {
            return;
        }
    }
}

/// Keeps all that is written to standard error. `_open` is dropped at its end, which tells that there is no more.
pub(super) fn keep(mut stderr: ChildStderr, log: &Mutex<Vec<u8>>, _open: Sender<()>) {
    let mut piece = [0; 4096];
    while let Ok(length @ 1..) = stderr.read(&mut piece) {
        if let Ok(mut log) = log.lock() {
            log.extend_from_slice(&piece[..length]);
        }
    }
}

fn message(output: &mut impl BufRead, door: Door) -> Result<Option<Vec<u8>>, String> {
    if door == Door::Lines {
        return line(output);
    }
    let mut length = None;
    let mut began = false;
    while let Some(header) = line(output)? {
        let header = String::from_utf8_lossy(&header).into_owned();
        if header.trim_end().is_empty() {
            let length: usize = length.ok_or("a message without a Content-Length")?;
            let mut bytes = vec![0; length];
            output.read_exact(&mut bytes).map_err(|_| "a message that is shorter than its Content-Length")?;
            return Ok(Some(bytes));
        }
        began = true;
        let (name, value) = header
            .split_once(':')
            .filter(|(name, _)| !name.contains(['{', '"']))
            .ok_or_else(|| format!("what is no header: {}", clipped(header.trim_end())))?;
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(
                value
                    .trim()
                    .parse()
                    .map_err(|_| format!("a header that is no length: {}", clipped(&header)))?,
            );
        }
    }
    if began { Err("a header without its message".to_owned()) } else { Ok(None) }
}

/// A line; none at the end.
fn line(output: &mut impl BufRead) -> Result<Option<Vec<u8>>, String> {
    let mut line = Vec::new();
    output.read_until(b'\n', &mut line).map_err(|error| format!("nothing more: {error}"))?;
    Ok((!line.is_empty()).then_some(line))
}
