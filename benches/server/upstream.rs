//! The proxy of the measurements: on a thread of its own, with answers that are built before they are asked for.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    io::Read,
    net::SocketAddr,
    sync::{LazyLock, mpsc},
    time::{Duration, Instant},
};

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// One entry of `/v1/model/info`, 2.6 KiB, as LiteLLM writes it.
const ENTRY: &str = include_str!("entry.json");
/// How many models a list may have.
pub(crate) const LISTS: [usize; 4] = [300, 2_500, RECORDED, 10_000];
/// The length of the list that a real proxy sent.
pub(crate) const RECORDED: usize = 3_388;

/// What stamps count from.
static EPOCH: LazyLock<Instant> = LazyLock::new(Instant::now);

/// How a stream comes. It is written as the name of a model, which is how the proxy learns of it.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    /// How many chunks come.
    pub(crate) chunks: usize,
    /// How many come with each write.
    pub(crate) each_write: usize,
    /// Writes a second. None: as fast as they are taken.
    pub(crate) rate: Option<u32>,
}

impl Plan {
    /// The plan of a model's name, which may go on behind it.
    fn of(model: &str) -> Option<Self> {
        let mut numbers = model.split('/').map(str::parse);
        let mut next = || numbers.next()?.ok();
        let (chunks, each_write, rate) = (next()?, next()?, next()?);
        Some(Self { chunks, each_write, rate: u32::try_from(rate).ok().filter(|rate| *rate > 0) })
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.chunks, self.each_write, self.rate.unwrap_or(0))
    }
}

/// How long the chunks in a text have been on the way. The text of a chunk is the time when it was sent.
pub(crate) fn ages(text: &str) -> impl Iterator<Item = Duration> {
    let now = EPOCH.elapsed();
    text.split_ascii_whitespace()
        .map(move |stamp| now.saturating_sub(Duration::from_nanos(stamp.parse().expect("a stamp"))))
}

/// One chunk, as LiteLLM sends it through uvicorn: an event that is a piece of a chunked body.
fn chunk() -> String {
    let stamp = format!("{:013} ", EPOCH.elapsed().as_nanos());
    framed(&format!(
        r#"data: {{"id":"chatcmpl-8a1b1a0e-5ff6-4a5e-9b0b-3ea9b3a2d4c7","created":1760000000,"model":"gpt-4o-2024-08-06","object":"chat.completion.chunk","system_fingerprint":"fp_44709d6fcb","choices":[{{"index":0,"delta":{{"content":"{stamp}"}}}}]}}"#
    ))
}

fn framed(event: &str) -> String {
    let event = format!("{event}\n\n");
    format!("{:x}\r\n{event}\r\n", event.len())
}

fn last_chunk() -> String {
    let finish = r#"data: {"id":"chatcmpl-8a1b1a0e-5ff6-4a5e-9b0b-3ea9b3a2d4c7","created":1760000000,"model":"gpt-4o-2024-08-06","object":"chat.completion.chunk","choices":[{"finish_reason":"stop","index":0,"delta":{}}]}"#;
    format!("{}{}0\r\n\r\n", framed(finish), framed("data: [DONE]"))
}

const STREAM: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n\
    transfer-encoding: chunked\r\n\r\n";

/// The proxy. It lives as long as the process.
pub(crate) struct Upstream {
    pub(crate) address: SocketAddr,
    closed: mpsc::Receiver<(String, Instant)>,
}

impl Upstream {
    pub(crate) fn start() -> Self {
        let (report, closed) = mpsc::channel();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a listener for tokio");
        let address = listener.local_addr().expect("an address");
        std::thread::spawn(move || {
            // Looks for news of sockets often, or else a flood of one stream delays what is measured of another.
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().event_interval(4).build();
            runtime.expect("a runtime").block_on(accept(listener, report));
        });
        Self { address, closed }
    }

    /// The base URL of the proxy that lists so many models.
    pub(crate) fn url(&self, models: usize) -> String {
        format!("http://{}/{models}", self.address)
    }

    /// When the client closed the connection on which it asked this model.
    pub(crate) fn closed(&self, model: &str) -> Instant {
        self.closed.iter().find(|(closed, _)| closed == model).expect("a proxy that runs").1
    }
}

async fn accept(listener: std::net::TcpListener, report: mpsc::Sender<(String, Instant)>) {
    let lists: HashMap<String, Bytes> = LISTS.into_iter().flat_map(lists).collect();
    let lists: &HashMap<_, _> = Box::leak(Box::new(lists));
    let listener = TcpListener::from_std(listener).expect("a listener");
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, lists, report.clone()));
    }
}

/// The answers to the two questions for lists, by path.
fn lists(models: usize) -> [(String, Bytes); 2] {
    let (names, described) = if models == RECORDED { recorded() } else { repeated(models) };
    let offer =
        |name| format!(r#"{{"id":"{name}","object":"model","created":1677610602,"owned_by":"openai"}}"#);
    let offered: Vec<_> = names.into_iter().map(offer).collect();
    let answer = |body: &str| {
        let length = body.len();
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
        Bytes::from(head + body)
    };
    [
        (format!("/{models}/v1/model/info"), answer(&described)),
        (format!("/{models}/v1/models"), answer(&format!(r#"{{"data":[{}]}}"#, offered.join(",")))),
    ]
}

/// The names of models that are all alike, and what `/v1/model/info` says of them.
fn repeated(models: usize) -> (Vec<String>, String) {
    let names: Vec<_> = (0..models).map(|number| format!("vendor-{}/model-{number}", number % 40)).collect();
    let described: Vec<_> = names.iter().map(|name| ENTRY.replace("NAME", name)).collect();
    (names, format!(r#"{{"data":[{}]}}"#, described.join(",")))
}

/// The same of a real proxy: 18 MB.
fn recorded() -> (Vec<String>, String) {
    let packed = include_bytes!("../../tests/cases/litellm/model-info-big.json.gz");
    let mut body = String::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut body).expect("a whole recording");
    let read: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    let entries = read["data"].as_array().expect("entries");
    assert_eq!(entries.len(), RECORDED);
    let names: BTreeSet<_> = entries.iter().filter_map(|entry| entry["model_name"].as_str()).collect();
    (names.into_iter().map(str::to_owned).collect(), body)
}

/// Answers the requests of one connection, until it closes.
async fn serve(
    mut stream: TcpStream,
    lists: &HashMap<String, Bytes>,
    report: mpsc::Sender<(String, Instant)>,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    while let Some((path, model)) = read_request(&mut stream).await? {
        if let Some(list) = lists.get(&path) {
            stream.write_all(list).await?;
        } else if let Some(plan) = Plan::of(&model) {
            if answer(&mut stream, plan).await.is_err() {
                let _ = report.send((model, Instant::now()));
                break;
            }
        } else {
            stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await?;
        }
    }
    Ok(())
}

/// The path of the next request and the model that it names. None where the client has closed.
async fn read_request(stream: &mut TcpStream) -> std::io::Result<Option<(String, String)>> {
    let mut request = Vec::new();
    loop {
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head
            .lines()
            .filter_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok())
            .next();
        if body.len() < length.unwrap_or(0) {
            continue;
        }
        let path = head.split(' ').nth(1).unwrap_or_default();
        let model = between(body, r#""model":""#, "\"").unwrap_or_default();
        return Ok(Some((path.to_owned(), model.to_owned())));
    }
}

/// Streams an answer. An error where the client closes before its end.
async fn answer(stream: &mut TcpStream, plan: Plan) -> std::io::Result<()> {
    let (mut input, mut output) = stream.split();
    let send = async {
        output.write_all(STREAM.as_bytes()).await?;
        // The first write waits for no timer, which would round it up to a millisecond.
        let mut ticks = plan.rate.map(|rate| {
            let period = Duration::from_secs(1) / rate;
            tokio::time::interval_at(tokio::time::Instant::now() + period, period)
        });
        let ready = chunk().repeat(plan.each_write);
        let mut left = plan.chunks;
        while left > 0 {
            match &mut ticks {
                Some(ticks) => {
                    output.write_all(chunk().repeat(plan.each_write).as_bytes()).await?;
                    ticks.tick().await;
                }
                None => {
                    output.write_all(ready.as_bytes()).await?;
                    tokio::task::yield_now().await;
                }
            }
            left = left.saturating_sub(plan.each_write);
        }
        output.write_all(last_chunk().as_bytes()).await
    };
    let mut nothing = [0];
    tokio::select! {
        biased;
        _ = input.read(&mut nothing) => Err(std::io::ErrorKind::ConnectionReset.into()),
        sent = send => sent,
    }
}

/// What stands in `text` between two marks.
pub(crate) fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}
