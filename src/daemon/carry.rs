//! Carries messages between a client and the one process, and to another process where the first has crashed.

use std::{cell::RefCell, time::Duration};

use bytes::{Bytes, BytesMut};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    sync::Mutex,
};

use super::{
    hello::said_farewell,
    journal::{For, Journal},
    way::{self, Reading, Writing},
};
use crate::{
    memory,
    server::Door,
    transport::{ASIDE, Connection, Decoder, Frame, Framing, MAX_MESSAGE, gone},
};

/// How much is read at once, in bytes.
const PIECE: usize = 16 << 10;
/// How much room stays for messages, in bytes.
const KEPT: usize = 4 * PIECE;
/// Most crashes in a row that a client is carried over; a process that lived longer than this in between counts anew.
const MAX_CRASHES: usize = 3;
const LONG: Duration = Duration::from_secs(60);
/// How long another process may take to begin.
const BEGINNING: Duration = Duration::from_secs(10);

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
    tokio::select! {
        code = carrier.down(from, output, way) => code,
        () = carrier.up(input) => 1,
        () = gone(hangup) => 1,
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
            while let Some((raw, piece)) = messages.next() {
                self.hear(&piece);
                if let Some(to) = to.as_mut() {
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

    /// Notes what the client says.
    fn hear(&self, piece: &Piece) {
        let mut journal = self.journal.borrow_mut();
        match piece {
            Piece::Message(message) => {
                journal.iter_mut().for_each(|journal| journal.hear(self.framing, message));
            }
            // The process says what is wrong with it.
            Piece::Skipped => {}
            Piece::Lost => *journal = None,
        }
    }

    /// Carries what the process says, to its end, and returns the exit code.
    async fn down(&self, mut from: Reading, mut output: impl AsyncWrite + Unpin, way: &way::Way) -> u8 {
        let mut crashes = 0;
        loop {
            let began = std::time::Instant::now();
            match self.down_to_end(&mut from, &mut output, None).await {
                Ended::Well(code) => {
                    // Not by the client: it was told to end amid what it did.
                    if self.goes_on() {
                        let _ = self.tell_failures("the shared process was stopped", &mut output, way).await;
                    }
                    return code;
                }
                Ended::Unwritten => return 1,
                Ended::Crashed | Ended::Begun => {}
            }
            crashes = if began.elapsed() > LONG { 0 } else { crashes };
            let mut to = self.to.lock().await;
            from = loop {
                crashes += 1;
                if crashes > MAX_CRASHES {
                    return 1;
                }
                tracing::warn!("the shared process has ended, and another one goes on");
                match self.begin_again(&mut to, &mut output, way).await {
                    Ok(again) => break again,
                    // It has crashed in its turn.
                    Err(Over::Process) => {}
                    Err(Over::Client) => return 1,
                }
            };
        }
    }

    /// Whether the client goes on where the process does not.
    fn goes_on(&self) -> bool {
        self.journal.borrow().as_ref().is_some_and(Journal::goes_on)
    }

    /// Tells the client what does not go on.
    async fn tell_failures(
        &self,
        why: &str,
        output: &mut (impl AsyncWrite + Unpin),
        way: &way::Way,
    ) -> Result<(), Over> {
        let failures = self.journal.borrow_mut().as_mut().map(|journal| {
            let language = way.language(journal.locale());
            journal.failures(why, language)
        });
        for failure in failures.unwrap_or_default() {
            output.write_all(&self.frame(&failure)).await.map_err(|_| Over::Client)?;
        }
        output.flush().await.map_err(|_| Over::Client)
    }

    /// Has another process go on where the first has crashed.
    async fn begin_again(
        &self,
        to: &mut Option<Writing>,
        output: &mut (impl AsyncWrite + Unpin),
        way: &way::Way,
    ) -> Result<Reading, Over> {
        if !self.goes_on() {
            return Err(Over::Client);
        }
        self.tell_failures("the shared process has ended, and another one goes on", output, way).await?;
        // What it still waited for has failed, and there is nothing that it may yet say.
        if to.is_none() {
            return Err(Over::Client);
        }
        let chosen = self.journal.borrow().as_ref().and_then(Journal::chosen);
        let (mut from, mut anew) = way.connect(chosen).await;
        let beginning = self.journal.borrow_mut().as_mut().and_then(Journal::beginning);
        if let Some((message, id)) = beginning {
            anew.write_all(&self.frame(&message)).await.map_err(|_| Over::Process)?;
            let begun = self.down_to_end(&mut from, output, Some(&id));
            match tokio::time::timeout(BEGINNING, begun).await {
                Ok(Ended::Begun) => {}
                Ok(Ended::Unwritten) => return Err(Over::Client),
                Ok(Ended::Well(_) | Ended::Crashed) | Err(_) => return Err(Over::Process),
            }
        }
        let rest = self.journal.borrow().as_ref().map(Journal::rest);
        for message in rest.unwrap_or_default() {
            anew.write_all(&self.frame(&message)).await.map_err(|_| Over::Process)?;
        }
        *to = Some(anew);
        Ok(from)
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
            while let Some((raw, piece)) = messages.next() {
                let Piece::Message(message) = piece else { break };
                if let Some(code) = said_farewell(&message) {
                    return if output.write_all(&ready).await.is_ok() {
                        Ended::Well(code)
                    } else {
                        Ended::Unwritten
                    };
                }
                let mut journal = self.journal.borrow_mut();
                let whom = match journal.as_mut() {
                    Some(journal) => journal.say(&message),
                    None if message.first() == Some(&ASIDE) => For::Shim,
                    None => For::Client,
                };
                if whom == For::Client {
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

    fn frame(&self, message: &str) -> Vec<u8> {
        match self.framing {
            Framing::ContentLength => format!("Content-Length: {}\r\n\r\n{message}", message.len()),
            Framing::Lines => format!("{message}\n"),
        }
        .into_bytes()
    }
}

/// Who does not go on.
enum Over {
    Process,
    Client,
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

/// A piece of what is said.
enum Piece {
    Message(Bytes),
    /// A line that is too long, or a part of one.
    Skipped,
    /// No message can be told from the next any more.
    Lost,
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
        // A long message leaves room that the next ones don't need.
        for room in [&mut self.raw, &mut self.buffer] {
            if room.is_empty() && room.capacity() > KEPT {
                *room = BytesMut::new();
            }
        }
        self.raw.reserve(PIECE);
        let before = self.raw.len();
        let read = input.read_buf(&mut self.raw).await;
        memory::stir();
        if !self.is_lost {
            self.buffer.extend_from_slice(&self.raw[before..]);
        }
        matches!(read, Ok(1..))
    }

    /// The next piece that is there, and its bytes with all that is around it.
    fn next(&mut self) -> Option<(Bytes, Piece)> {
        if self.is_lost {
            return (!self.raw.is_empty()).then(|| (self.raw.split().freeze(), Piece::Lost));
        }
        let Some(frame) = self.decoder.decode(&mut self.buffer) else {
            // What is skipped may be longer than there is room.
            let is_skipped = self.raw.len() > MAX_MESSAGE && self.buffer.is_empty();
            return is_skipped.then(|| (self.raw.split().freeze(), Piece::Skipped));
        };
        let raw = self.raw.split_to(self.raw.len() - self.buffer.len()).freeze();
        match frame {
            Frame::Message(message) => Some((raw, Piece::Message(message))),
            Frame::TooLong(..) => Some((raw, Piece::Skipped)),
            Frame::Lost(_) => {
                self.is_lost = true;
                self.buffer = BytesMut::new();
                let left = self.raw.split();
                Some(([raw, left.freeze()].concat().into(), Piece::Lost))
            }
        }
    }

    /// What is left when there is no more.
    fn left(&mut self) -> Bytes {
        self.raw.split().freeze()
    }
}
