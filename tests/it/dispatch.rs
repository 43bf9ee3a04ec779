//! The loop with a door of the test's own making: what a handler does wrong stays with its request, and a peer that
//! does not read costs little.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use bytes::BytesMut;
use futures_util::{FutureExt, future::BoxFuture};
use litellm_ls::{
    Connection,
    transport::{
        Answer, Decoder, Dispatch, ErrorObject, Frame, Framing, MAX_MESSAGE, RawAnswer, Refusal, serve,
    },
};
use serde_json::{Value, json, value::to_raw_value};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream, ReadBuf, duplex},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::support::within;

/// How many turns the others have had.
static TURNS: AtomicUsize = AtomicUsize::new(0);

/// A door whose methods are ways to behave.
struct Ways;

fn done() -> RawAnswer {
    to_raw_value("done").unwrap()
}

impl Dispatch for Ways {
    fn call(
        &mut self,
        method: &str,
        _: Option<Value>,
        _: u64,
        cancelled: CancellationToken,
    ) -> BoxFuture<'static, Answer> {
        let method = method.to_owned();
        async move {
            match method.as_str() {
                "panic at once" => panic!("a text that quotes sk-secret"),
                "panic later" => {
                    tokio::task::yield_now().await;
                    panic!("a text that quotes sk-secret")
                }
                "later" => tokio::task::yield_now().await,
                "slow" => {
                    std::thread::sleep(Duration::from_millis(1));
                    return Ok(to_raw_value(&TURNS.load(Ordering::Relaxed)).unwrap());
                }
                "long" => return Ok(to_raw_value(&"x".repeat(1 << 20)).unwrap()),
                "never" => {
                    cancelled.cancelled().await;
                    return Err(given_up());
                }
                _ => {}
            }
            Ok(done())
        }
        .boxed()
    }

    fn notify(&mut self, method: &str, _: Option<Value>) -> BoxFuture<'static, ()> {
        let ready = method == "panic at once";
        async move {
            if !ready {
                tokio::task::yield_now().await;
            }
            panic!("a text that quotes sk-secret")
        }
        .boxed()
    }

    fn refusal(why: Refusal) -> ErrorObject {
        match why {
            Refusal::Busy => ErrorObject { code: 1018, message: "busy".into(), data: None },
            Refusal::Cancelled => given_up(),
            Refusal::Defect => ErrorObject { code: -32603, message: "a defect".into(), data: None },
        }
    }
}

fn given_up() -> ErrorObject {
    ErrorObject { code: -32800, message: "cancelled".into(), data: None }
}

/// The other end of the loop.
struct Peer {
    input: DuplexStream,
    output: DuplexStream,
    loop_: JoinHandle<u8>,
    decoder: Decoder,
    buffer: BytesMut,
}

impl Peer {
    fn new() -> Self {
        let (input, loop_input) = duplex(4 << 10);
        let (loop_output, output) = duplex(4 << 10);
        let connection = Connection { input: loop_input, output: loop_output, parent: None, hangup: None };
        let loop_ = tokio::spawn(serve(connection, Framing::Lines, |_| Ways));
        let decoder = Decoder::new(Framing::Lines, MAX_MESSAGE);
        Self { input, output, loop_, decoder, buffer: BytesMut::new() }
    }

    /// Sends a message; false where the loop reads no more.
    async fn send(&mut self, message: Value) -> bool {
        let line = format!("{message}\n");
        within("room for a message", self.input.write_all(line.as_bytes())).await.is_ok()
    }

    async fn call(&mut self, id: i64, method: &str) -> bool {
        self.send(json!({"jsonrpc": "2.0", "id": id, "method": method})).await
    }

    async fn answer(&mut self) -> Value {
        loop {
            if let Some(Frame::Message(message)) = self.decoder.decode(&mut self.buffer) {
                return serde_json::from_slice(&message).unwrap();
            }
            let read = within("an answer", self.output.read_buf(&mut self.buffer)).await.unwrap();
            assert!(read > 0, "the output ended");
        }
    }
}

#[tokio::test]
async fn a_panic_stays_with_its_request() {
    let mut peer = Peer::new();
    for method in ["panic at once", "panic later"] {
        peer.call(1, "never").await;
        peer.call(2, method).await;
        let answer = peer.answer().await;
        assert_eq!((&answer["id"], &answer["error"]["code"]), (&json!(2), &json!(-32603)));
        assert!(!answer.to_string().contains("sk-secret"), "{answer}");
        peer.send(json!({"jsonrpc": "2.0", "method": method})).await;
        // The id is free again, and what ran beside it still runs.
        peer.call(2, "later").await;
        assert_eq!(peer.answer().await, json!({"jsonrpc": "2.0", "id": 2, "result": "done"}));
        peer.send(json!({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 1}})).await;
        let answer = peer.answer().await;
        assert_eq!((&answer["id"], &answer["error"]["code"]), (&json!(1), &json!(-32800)));
    }
    drop(peer.input);
    assert_eq!(within("the end", peer.loop_).await.unwrap(), 0);
}

/// A peer that never stops writing, and how much of that was read.
struct Endless {
    message: Vec<u8>,
    read: Arc<AtomicUsize>,
}

impl AsyncRead for Endless {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while buffer.remaining() >= self.message.len() {
            buffer.put_slice(&self.message);
            self.read.fetch_add(self.message.len(), Ordering::Relaxed);
        }
        Poll::Ready(Ok(()))
    }
}

/// It is read no further once much waits, costs no more memory, and its end is seen.
#[tokio::test]
async fn others_have_their_turn_between_messages_that_take_long() {
    let other = tokio::spawn(async {
        loop {
            TURNS.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
    });
    let mut peer = Peer::new();
    let calls: String =
        (0..30).map(|id| format!("{}\n", json!({"jsonrpc": "2.0", "id": id, "method": "slow"}))).collect();
    peer.input.write_all(calls.as_bytes()).await.unwrap();
    let mut turns = Vec::new();
    for _ in 0..30 {
        turns.push(peer.answer().await["result"].as_u64().unwrap());
    }
    other.abort();
    // Tokio wakes those who gave up their turn in either order.
    assert!(turns.windows(3).all(|turns| turns[0] < turns[2]), "{turns:?}");
}

#[tokio::test]
async fn a_peer_that_asks_and_never_reads_is_waited_for() {
    for message in [
        r#"{"jsonrpc":"2.0","id":null,"method":"at once","params":["some hundred bytes or so, as params usually are"]}"#,
        r#"{"jsonrpc":"2.0","id":null,"method":"later","params":["some hundred bytes or so, as params usually are"]}"#,
        r#"{"jsonrpc":"2.0","id":null,"method":"never","params":["some hundred bytes or so, as params usually are"]}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"never","params":["some hundred bytes or so, as params usually are"]}"#,
        r#"[{"jsonrpc":"2.0","id":null,"method":"at once"},{"jsonrpc":"2.0","id":null,"method":"later"}]"#,
        "no message",
    ] {
        for framing in [Framing::Lines, Framing::ContentLength] {
            let message = match framing {
                Framing::Lines => format!("{message}\n"),
                Framing::ContentLength => format!("Content-Length: {}\r\n\r\n{message}", message.len()),
            };
            let read = Arc::new(AtomicUsize::new(0));
            let input = Endless { message: message.clone().into_bytes(), read: read.clone() };
            let (output, _unread) = duplex(4 << 10);
            let (leave, left) = tokio::sync::oneshot::channel::<()>();
            let connection =
                Connection { input, output, parent: None, hangup: Some(left.map(|_| ()).boxed()) };
            let serving = tokio::spawn(serve(connection, framing, |_| Ways));
            let (mut before, mut still) = (0, 0);
            while still < 1000 {
                tokio::task::yield_now().await;
                let now = read.load(Ordering::Relaxed);
                still = if now == before && now > 0 { still + 1 } else { 0 };
                before = now;
            }
            assert!(before < 64 << 20, "{before} bytes of {message}");
            drop(leave);
            assert_eq!(within("the end", serving).await.unwrap(), 1);
        }
    }
}

/// Everything is bounded, the answers to one batch too; and each of its requests has one.
#[tokio::test]
async fn the_answers_to_a_batch_are_bounded() {
    let mut peer = Peer::new();
    let request = |id| json!({"jsonrpc": "2.0", "id": id, "method": "long"});
    peer.send((0..100).map(request).collect()).await;
    let answers = peer.answer().await;
    let answers = answers.as_array().unwrap();
    assert_eq!(answers.len(), 100);
    let results = answers.iter().filter(|answer| answer["result"].is_string()).count();
    let refused = answers.iter().filter(|answer| answer["error"]["code"] == -32600).count();
    assert_eq!((results, refused), (63, 37));
    drop(peer.input);
    assert_eq!(within("the end", peer.loop_).await.unwrap(), 0);
}

/// The line door finishes what it was asked, but not for a peer that is gone.
#[tokio::test]
async fn a_peer_that_leaves_behind_the_end_of_its_input_is_seen() {
    let input = br#"{"jsonrpc": "2.0", "id": 1, "method": "never"}"#;
    let (output, _unread) = duplex(4 << 10);
    let (leave, left) = tokio::sync::oneshot::channel::<()>();
    let hangup = Some(left.map(|_| ()).boxed());
    let connection = Connection { input: &input[..], output, parent: None, hangup };
    let mut serving = std::pin::pin!(serve(connection, Framing::Lines, |_| Ways));
    assert_eq!(serving.as_mut().now_or_never(), None, "all is read, and the request runs");
    drop(leave);
    assert_eq!(within("the end", serving).await, 1);
}
