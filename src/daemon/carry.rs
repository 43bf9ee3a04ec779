//! Carries messages between a client and the one process, and to another process where the first has crashed.

use std::{cell::RefCell, time::Duration};

use bytes::{Bytes, BytesMut};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    sync::Mutex,
};

use super::{
    journal::{Journal, Way},
    socket::{Reading, Writing},
    way,
};
use crate::{
    server::Door,
    transport::{Connection, Decoder, Frame, Framing, MAX_MESSAGE},
};

/// How much is read at once, in bytes.
const PIECE: usize = 16 << 10;
/// What the process says last, before the exit code.
const FAREWELL: &str = "bye ";
/// Most crashes in a row that a client is carried over; a process that lived longer than this in between counts anew.
const MAX_CRASHES: usize = 3;
const LONG: Duration = Duration::from_secs(60);
/// How long another process may take to begin.
const BEGINNING: Duration = Duration::from_secs(10);

/// The last line, behind all messages: the process has served the client to its end.
pub(super) fn farewell(code: u8) -> String {
    format!("{FAREWELL}{code}\n")
}

/// Carries messages both ways until either side is done, and returns the exit code.
pub(super) async fn carry<R, W>(
    connection: Connection<R, W>,
    door: Door,
    (from, to): (Reading, Writing),
    way: &way::Way,
) -> u8
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let Connection { input, output, hangup, .. } = connection;
    let framing = match door {
        Door::Lsp => Framing::ContentLength,
        Door::Lines => Framing::Lines,
    };
    let carrier =
        Carrier { framing, journal: RefCell::new(Some(Journal::default())), to: Mutex::new(Some(to)) };
    let hangup = async {
        match hangup {
            Some(hangup) => hangup.await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        code = carrier.down(from, output, way) => code,
        () = carrier.up(input) => 1,
        () = hangup => 1,
    }
}

struct Carrier {
    framing: Framing,
    /// None where the client has said what is no message: no other process could be told what follows.
    journal: RefCell<Option<Journal>>,
    /// Who holds it may tell the process something. None when the client has said all.
    to: Mutex<Option<Writing>>,
}

impl Carrier {
    /// Carries what the client says, for ever: only the process knows when all is answered.
    async fn up(&self, mut input: impl AsyncRead + Unpin) {
        let mut messages = Messages::new(self.framing);
        loop {
            let is_over = !messages.read(&mut input).await;
            let mut to = self.to.lock().await;
            while let Some((raw, message)) = messages.next() {
                let way = self.hear(message.as_ref());
                if let Some(to) = to.as_mut().filter(|_| way == Way::On) {
                    // Where the process has crashed, the other way tells it.
                    let _ = to.write_all(&raw).await;
                }
            }
            if is_over {
                if let Some(mut to) = to.take() {
                    let _ = to.write_all(&messages.left()).await;
                    let _ = to.shutdown().await;
                }
                break;
            }
        }
        std::future::pending().await
    }

    /// Notes what the client says; none is no message.
    fn hear(&self, message: Option<&Bytes>) -> Way {
        let mut journal = self.journal.borrow_mut();
        match (message, journal.as_mut()) {
            (Some(message), Some(journal)) => journal.hear(message),
            // The process says what is wrong with it.
            (None, _) => {
                *journal = None;
                Way::On
            }
            (_, None) => Way::On,
        }
    }

    /// Carries what the process says, to its end, and returns the exit code.
    async fn down(&self, mut from: Reading, mut output: impl AsyncWrite + Unpin, way: &way::Way) -> u8 {
        let mut crashes = 0;
        loop {
            let began = std::time::Instant::now();
            match self.down_to_end(&mut from, &mut output, None).await {
                Ended::Well(code) => return code,
                Ended::Unwritten => return 1,
                Ended::Crashed | Ended::Begun => {}
            }
            crashes = if began.elapsed() > LONG { 1 } else { crashes + 1 };
            if crashes > MAX_CRASHES {
                return 1;
            }
            let mut to = self.to.lock().await;
            match self.begin_again(&mut to, &mut output, way).await {
                Some(again) => from = again,
                None => return 1,
            }
        }
    }

    /// Has another process go on where the first has crashed.
    async fn begin_again(
        &self,
        to: &mut Option<Writing>,
        output: &mut (impl AsyncWrite + Unpin),
        way: &way::Way,
    ) -> Option<Reading> {
        tracing::warn!("the shared process has ended, and another one goes on");
        let failures = {
            let mut journal = self.journal.borrow_mut();
            let journal = journal.as_mut().filter(|journal| journal.goes_on())?;
            journal.failures()
        };
        for failure in failures {
            output.write_all(&self.framed(&failure)).await.ok()?;
        }
        output.flush().await.ok()?;
        // What it still waited for has failed, and there is nothing that it may yet say.
        to.as_ref()?;
        let (mut from, mut anew) = way.connect().await.ok()?;
        let beginning = self.journal.borrow_mut().as_mut()?.beginning();
        if let Some((message, id)) = beginning {
            anew.write_all(&self.frame(&message)).await.ok()?;
            let begun = self.down_to_end(&mut from, output, Some(&id));
            if !matches!(tokio::time::timeout(BEGINNING, begun).await, Ok(Ended::Begun)) {
                return None;
            }
        }
        let rest = self.journal.borrow_mut().as_mut()?.rest();
        for message in rest {
            anew.write_all(&self.frame(&message)).await.ok()?;
        }
        *to = Some(anew);
        Some(from)
    }

    /// Carries what the process says: to its end, or to an answer.
    async fn down_to_end(
        &self,
        from: &mut Reading,
        output: &mut (impl AsyncWrite + Unpin),
        until: Option<&str>,
    ) -> Ended {
        let mut messages = Messages::new(self.framing);
        loop {
            let is_over = !messages.read(from).await;
            let mut ready = Vec::new();
            while let Some((raw, message)) = messages.next() {
                let Some(message) = message else { break };
                if let Some(code) = said_farewell(&message) {
                    return if output.write_all(&ready).await.is_ok() {
                        Ended::Well(code)
                    } else {
                        Ended::Unwritten
                    };
                }
                let mut journal = self.journal.borrow_mut();
                if journal.as_mut().is_none_or(|journal| journal.say(&message) == Way::On) {
                    ready.extend_from_slice(&raw);
                }
            }
            if !ready.is_empty() && (output.write_all(&ready).await.is_err() || output.flush().await.is_err())
            {
                return Ended::Unwritten;
            }
            if is_over {
                let left = messages.left();
                return said_farewell(&left).map_or(Ended::Crashed, Ended::Well);
            }
            let journal = self.journal.borrow();
            if let (Some(id), Some(journal)) = (until, journal.as_ref())
                && !journal.awaits(id)
            {
                return Ended::Begun;
            }
        }
    }

    fn framed(&self, message: &Value) -> Vec<u8> {
        self.frame(message.to_string().as_bytes())
    }

    fn frame(&self, message: &[u8]) -> Vec<u8> {
        match self.framing {
            Framing::ContentLength => {
                [format!("Content-Length: {}\r\n\r\n", message.len()).as_bytes(), message].concat()
            }
            Framing::Lines => [message, b"\n"].concat(),
        }
    }
}

/// How a process was done.
enum Ended {
    /// It has served the client to its end, with this exit code.
    Well(u8),
    Crashed,
    /// It has given the answer that was waited for.
    Begun,
    /// The client takes no more.
    Unwritten,
}

fn said_farewell(line: &[u8]) -> Option<u8> {
    str::from_utf8(line).ok()?.strip_prefix(FAREWELL)?.trim_end().parse().ok()
}

/// Messages as they come, each with all of its bytes.
struct Messages {
    decoder: Decoder,
    buffer: BytesMut,
    /// What was read and is not given out, as it came.
    raw: BytesMut,
    /// Whether no message can be told from the next any more.
    is_lost: bool,
}

impl Messages {
    fn new(framing: Framing) -> Self {
        let decoder = Decoder::new(framing, MAX_MESSAGE);
        Self { decoder, buffer: BytesMut::new(), raw: BytesMut::new(), is_lost: false }
    }

    /// Reads on. False at the end.
    async fn read(&mut self, input: &mut (impl AsyncRead + Unpin)) -> bool {
        self.raw.reserve(PIECE);
        let before = self.raw.len();
        let read = input.read_buf(&mut self.raw).await;
        if !self.is_lost {
            self.buffer.extend_from_slice(&self.raw[before..]);
        }
        matches!(read, Ok(1..))
    }

    /// The next message that is there, and its bytes with all that is around it; without a message, bytes that are none.
    fn next(&mut self) -> Option<(Bytes, Option<Bytes>)> {
        if self.is_lost {
            return (!self.raw.is_empty()).then(|| (self.raw.split().freeze(), None));
        }
        let frame = self.decoder.decode(&mut self.buffer)?;
        let raw = self.raw.split_to(self.raw.len() - self.buffer.len()).freeze();
        match frame {
            Frame::Message(message) => Some((raw, Some(message))),
            Frame::TooLong(_) | Frame::Lost(_) => {
                self.is_lost = true;
                self.buffer = BytesMut::new();
                let left = self.raw.split();
                Some(([raw, left.freeze()].concat().into(), None))
            }
        }
    }

    /// What is left when there is no more.
    fn left(&mut self) -> Bytes {
        self.raw.split().freeze()
    }
}
