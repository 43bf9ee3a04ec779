//! An editor that drives the server over its standard streams, with as little work of its own as can be.

use std::{
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use crate::upstream::{Plan, Upstream, ages, between};

/// A running server and the editor that started it.
pub(crate) struct Editor {
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    message: Vec<u8>,
    requests: usize,
}

/// What a message is.
enum Message<'a> {
    /// A piece of the answer to the request of this number.
    Partial { request: usize, text: &'a str },
    /// The answer to it.
    Response { request: usize },
    /// Something else.
    Other,
}

impl Editor {
    /// Starts a server for a proxy, and initializes it.
    pub(crate) fn start(binary: &Path, base_url: &str) -> Self {
        Self::start_with(binary, base_url, "null")
    }

    /// The same with initialization options.
    pub(crate) fn start_with(binary: &Path, base_url: &str, options: &str) -> Self {
        Self::start_by(&mut Command::new(binary), base_url, options)
    }

    /// The same by a command.
    pub(crate) fn start_by(command: &mut Command, base_url: &str, options: &str) -> Self {
        let mut server = command
            .env("LITELLM_BASE_URL", base_url)
            .env("LITELLM_API_KEY", "sk-1234")
            .env_remove("LITELLM_LS_LOG")
            .env_remove("LITELLM_MODEL")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a server that starts");
        let input = server.stdin.take().expect("a pipe");
        let output = BufReader::with_capacity(64 << 10, server.stdout.take().expect("a pipe"));
        let mut editor = Self { server, input, output, message: Vec::new(), requests: 0 };
        let id = std::process::id();
        let initialize = editor.request(
            "initialize",
            &format!(
                r#"{{"processId":{id},"rootUri":null,"capabilities":{{}},"initializationOptions":{options}}}"#
            ),
        );
        editor.await_response(initialize);
        editor.send(r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#);
        editor
    }

    /// The server's process.
    pub(crate) fn process(&self) -> u32 {
        self.server.id()
    }

    /// Asks a model `streams` times at once, and returns how old each chunk was when it came. `pause` is how long the
    /// editor takes for a notification.
    pub(crate) fn read(&mut self, plan: Plan, streams: usize, pause: Duration) -> Vec<Duration> {
        let mut chunks = Vec::with_capacity(plan.chunks * streams);
        for _ in 0..streams {
            self.ask(&plan.to_string());
        }
        let mut running = streams;
        while running > 0 {
            match self.next() {
                Message::Partial { text, .. } => {
                    chunks.extend(ages(text));
                    let came = Instant::now();
                    while came.elapsed() < pause {
                        std::hint::spin_loop();
                    }
                }
                Message::Response { .. } => running -= 1,
                Message::Other => {}
            }
        }
        assert_eq!(chunks.len(), plan.chunks * streams, "every chunk comes, and comes once");
        chunks
    }

    /// From a request to the first piece of its answer.
    pub(crate) fn first_chunk(&mut self, plan: Plan) -> Duration {
        let asked = Instant::now();
        let request = self.ask(&plan.to_string());
        self.await_partial(request);
        let took = asked.elapsed();
        self.await_response(request);
        took
    }

    /// Asks models and does not read their answers now.
    pub(crate) fn begin(&mut self, plan: Plan, streams: usize) {
        for _ in 0..streams {
            self.ask(&plan.to_string());
        }
    }

    /// From `$/cancelRequest` to the end of the connection at the proxy.
    pub(crate) fn cancel(&mut self, upstream: &Upstream, plan: Plan) -> Duration {
        let model = format!("{plan}/{}/{}", self.process(), self.requests);
        let request = self.ask(&model);
        self.await_partial(request);
        let cancelled = Instant::now();
        self.send(&format!(r#"{{"jsonrpc":"2.0","method":"$/cancelRequest","params":{{"id":{request}}}}}"#));
        self.await_response(request);
        upstream.closed(&model) - cancelled
    }

    /// Opens a text of 2,000 lines, in which [`Self::keystroke`] writes.
    pub(crate) fn open_text(&mut self) {
        let text = "let number = one + two;\\n".repeat(2_000);
        self.send(&format!(
            r#"{{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{{"textDocument":{{"uri":"file:///a.rs","languageId":"rust","version":1,"text":"{text}"}}}}}}"#
        ));
    }

    /// From the question for a proposal, behind a keystroke, to the proxy's answer to the question that it led to.
    pub(crate) fn keystroke(&mut self) -> Duration {
        let at = r#"{"line":1000,"character":0}"#;
        let version = self.requests + 2;
        self.send(&format!(
            r#"{{"jsonrpc":"2.0","method":"textDocument/didChange","params":{{"textDocument":{{"uri":"file:///a.rs","version":{version}}},"contentChanges":[{{"range":{{"start":{at},"end":{at}}},"text":"x"}}]}}}}"#
        ));
        let asked = Instant::now();
        let request = self.request(
            "textDocument/inlineCompletion",
            &format!(
                r#"{{"textDocument":{{"uri":"file:///a.rs"}},"position":{at},"context":{{"triggerKind":2}}}}"#
            ),
        );
        self.await_response(request);
        let message = str::from_utf8(&self.message).expect("UTF-8");
        let stamp = between(message, r#""insertText":""#, "\"").expect("a proposal");
        let age = ages(stamp).next().expect("a stamp");
        asked.elapsed().saturating_sub(age)
    }

    /// From the question for the list of models to the answer.
    pub(crate) fn list(&mut self) -> Duration {
        let asked = Instant::now();
        let request = self.request("provider/listModels", "{}");
        self.await_response(request);
        asked.elapsed()
    }

    /// The slowest first piece of the answers that are asked for, one after another, until the list of models is there.
    pub(crate) fn slowest_beside_list(&mut self, plan: Plan) -> Duration {
        let list = self.request("provider/listModels", "{}");
        let (mut slowest, mut listed) = (Duration::ZERO, false);
        while !listed {
            let asked = Instant::now();
            let chat = self.ask(&plan.to_string());
            loop {
                match self.next() {
                    Message::Partial { request, .. } if request == chat => {
                        slowest = slowest.max(asked.elapsed())
                    }
                    Message::Response { request } if request == chat => break,
                    Message::Response { request } if request == list => listed = true,
                    _ => {}
                }
            }
        }
        slowest
    }

    /// Asks for the list of models `times` times, and reads the answers as they come.
    pub(crate) fn flood(&mut self, times: usize) {
        for _ in 0..times {
            let request = self.request("provider/listModels", "{}");
            self.await_response(request);
        }
    }

    /// Sends bytes that are no messages, as many as the server takes.
    pub(crate) fn send_garbage(&mut self, length: usize) {
        let garbage = vec![b'{'; 64 << 10];
        for _ in 0..length / garbage.len() {
            if self.input.write_all(&garbage).is_err() {
                break;
            }
        }
    }

    fn ask(&mut self, model: &str) -> usize {
        let token = self.requests + 1;
        self.request(
            "provider/complete",
            &format!(r#"{{"model":"{model}","prompt":"Why is the sky blue?","partialResultToken":{token}}}"#),
        )
    }

    fn request(&mut self, method: &str, params: &str) -> usize {
        self.requests += 1;
        let id = self.requests;
        self.send(&format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{params}}}"#));
        id
    }

    fn send(&mut self, message: &str) {
        let message = format!("Content-Length: {}\r\n\r\n{message}", message.len());
        self.input.write_all(message.as_bytes()).expect("a server that reads");
    }

    fn await_partial(&mut self, awaited: usize) {
        while !matches!(self.next(), Message::Partial { request, .. } if request == awaited) {}
    }

    fn await_response(&mut self, awaited: usize) {
        while !matches!(self.next(), Message::Response { request } if request == awaited) {}
    }

    fn next(&mut self) -> Message<'_> {
        let mut header = String::new();
        let mut length = 0;
        while header != "\r\n" {
            header.clear();
            assert!(self.output.read_line(&mut header).expect("a header") > 0, "the server ended");
            length = header
                .trim()
                .strip_prefix("Content-Length: ")
                .map_or(length, |digits| digits.parse().expect("a length"));
        }
        self.message.resize(length, 0);
        self.output.read_exact(&mut self.message).expect("a whole message");
        let message = str::from_utf8(&self.message).expect("UTF-8");
        let request = |before, after| between(&message[..message.len().min(80)], before, after)?.parse().ok();
        if let Some(request) = request(r#""jsonrpc":"2.0","id":"#, ",") {
            assert!(!message.contains(r#""error":"#) || message.contains("-32800"), "{message}");
            return Message::Response { request };
        }
        match (request(r#""token":"#, ","), between(message, r#""text":""#, "\"")) {
            (Some(request), Some(text)) => Message::Partial { request, text },
            _ => Message::Other,
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
