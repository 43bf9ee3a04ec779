//! The server under test, in memory or as a process, and the peer that speaks to it.

use std::{
    collections::{HashMap, VecDeque},
    path::Path,
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use futures_util::FutureExt;
use litellm_ls::{Connection, Door, Environment};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, duplex},
    process::{Child, Command},
    task::JoinHandle,
};

use super::{DEADLINE, home, within};

/// A server and its peer. Nothing is read before the test asks, as with an editor that is busy.
///
/// # Panics
///
/// When it is dropped with a message that the test did not look at.
pub(crate) struct TestServer {
    door: Door,
    input: Option<Box<dyn AsyncWrite + Send + Unpin>>,
    output: Option<BufReader<Box<dyn AsyncRead + Send + Unpin>>>,
    /// Read while looking for another message.
    aside: VecDeque<Value>,
    /// Everything read, for a failing test to show.
    seen: Vec<Value>,
    requests: i64,
    /// How long it may say nothing.
    patience: Duration,
    running: Running,
    home: Arc<TempDir>,
}

/// What runs at the other end.
enum Running {
    Memory(JoinHandle<u8>),
    Process { child: Child, log: Option<JoinHandle<String>> },
}

/// Environment variables of a server.
pub(crate) type Variables<'a> = &'a [(&'a str, &'a str)];

impl TestServer {
    /// A server in this process, over two pipes of 64 KiB each.
    pub(crate) fn memory(door: Door, variables: Variables) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let variables: HashMap<_, _> =
            variables.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let environment = Environment::new(variables, Some(home.path().to_owned()));
        let (input, server_input) = duplex(64 * 1024);
        let (server_output, output) = duplex(64 * 1024);
        let connection =
            Connection { input: server_input, output: server_output, parent: None, hangup: None };
        let running = Running::Memory(tokio::spawn(litellm_ls::serve(connection, door, environment)));
        Self::new(door, Box::new(input), Box::new(output), running, home)
    }

    /// The real binary over its standard streams, with an environment of its own.
    pub(crate) fn process(door: Door, variables: Variables) -> Self {
        Self::process_with(door, &[], variables)
    }

    /// The same with more arguments than the door needs.
    pub(crate) fn process_with(door: Door, arguments: &[&str], variables: Variables) -> Self {
        Self::program(env!("CARGO_BIN_EXE_litellm-ls").as_ref(), door, arguments, variables)
    }

    /// The same of a binary elsewhere.
    pub(crate) fn program(program: &Path, door: Door, arguments: &[&str], variables: Variables) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(program);
        if matches!(door, Door::Lines) {
            command.args(["--transport", "lines"]);
        }
        let given = variables.iter().find(|(name, _)| *name == "HOME");
        let users = home::variables(given.map_or(home.path(), |(_, home)| home.as_ref()));
        command.args(arguments).env_clear().envs(users);
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path))).envs(variables.iter().copied());
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.kill_on_drop(true).spawn().expect("the binary to start");
        let input = child.stdin.take().expect("a pipe");
        let output = child.stdout.take().expect("a pipe");
        let mut errors = child.stderr.take().expect("a pipe");
        let log = tokio::spawn(async move {
            let mut log = String::new();
            errors.read_to_string(&mut log).await.expect("a log of UTF-8");
            log
        });
        let running = Running::Process { child, log: Some(log) };
        Self::new(door, Box::new(input), Box::new(output), running, home)
    }

    fn new(
        door: Door,
        input: Box<dyn AsyncWrite + Send + Unpin>,
        output: Box<dyn AsyncRead + Send + Unpin>,
        running: Running,
        home: TempDir,
    ) -> Self {
        Self {
            door,
            input: Some(input),
            output: Some(BufReader::new(output)),
            aside: VecDeque::new(),
            seen: Vec::new(),
            requests: 0,
            patience: DEADLINE,
            running,
            home: Arc::new(home),
        }
    }

    /// Waits longer than other tests do: for a server that has much to do, in a build that is not optimised.
    pub(crate) fn patient(mut self) -> Self {
        self.patience = 10 * DEADLINE;
        self
    }

    /// The user's home, or the folder with all data of a server in memory; it stays as long as this value.
    pub(crate) fn home(&self) -> Arc<TempDir> {
        self.home.clone()
    }

    /// Opens an LSP session with these client capabilities, as request 0; returns the server's answer.
    pub(crate) async fn initialize(&mut self, capabilities: Value) -> Value {
        let params = json!({"processId": null, "rootUri": null, "capabilities": capabilities});
        self.send(&json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params})).await;
        let result = self.response(0).await.expect("an initialized server");
        self.notify("initialized", json!({})).await;
        result
    }

    /// The same for an editor that speaks a language.
    pub(crate) async fn initialize_in(&mut self, locale: Option<&str>) {
        let params = json!({"processId": null, "rootUri": null, "capabilities": {}, "locale": locale});
        self.send(&json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params})).await;
        self.response(0).await.expect("an initialized server");
        self.notify("initialized", json!({})).await;
    }

    /// Sends a request; its id is the number of requests so far.
    pub(crate) async fn request(&mut self, method: &str, params: Value) -> i64 {
        self.requests += 1;
        let id = self.requests;
        self.send(&with_params(json!({"jsonrpc": "2.0", "id": id, "method": method}), params)).await;
        id
    }

    /// The number of requests so far, and so the id of the last one.
    pub(crate) fn requests(&self) -> i64 {
        self.requests
    }

    /// Sends a notification.
    pub(crate) async fn notify(&mut self, method: &str, params: Value) {
        self.send(&with_params(json!({"jsonrpc": "2.0", "method": method}), params)).await;
    }

    /// Sends a message as the door frames it.
    pub(crate) async fn send(&mut self, message: &Value) {
        let message = message.to_string();
        let framed = match self.door {
            Door::Lsp => format!("Content-Length: {}\r\n\r\n{message}", message.len()),
            Door::Lines => message + "\n",
        };
        self.send_raw(framed).await;
    }

    /// Sends bytes as they are.
    pub(crate) async fn send_raw(&mut self, bytes: impl AsRef<[u8]>) {
        let input = self.input.as_mut().expect("an open input");
        let written = async {
            input.write_all(bytes.as_ref()).await?;
            input.flush().await
        };
        within("room for a message", written).await.expect("a server that reads");
    }

    /// The next message of any kind.
    pub(crate) async fn next_message(&mut self) -> Value {
        match self.aside.pop_front() {
            Some(message) => message,
            None => self.read().await.unwrap_or_else(|| panic!("the output ended after {}", self.seen())),
        }
    }

    /// The next message, where what it waits for takes longer than anything of ours.
    #[cfg(unix)]
    pub(crate) async fn next_message_within(&mut self, limit: std::time::Duration) -> Value {
        if let Some(message) = self.aside.pop_front() {
            return message;
        }
        let output = self.output.as_mut().expect("an open output");
        let message = tokio::time::timeout(limit, read(output, self.door)).await;
        let message = message.ok().flatten().unwrap_or_else(|| panic!("nothing came after {}", self.seen()));
        self.seen.push(message.clone());
        message
    }

    /// The next message at the line door, as it is written.
    pub(crate) async fn next_line(&mut self) -> String {
        let output = self.output.as_mut().expect("an open output");
        within("a line", line(output)).await.expect("an open output")
    }

    /// The response to a request, or of id null to what is none; what comes before it is set aside.
    pub(crate) async fn response(&mut self, id: impl Into<Value>) -> Result<Value, Value> {
        let id = id.into();
        let mut response = self.find(|message| message["id"] == id && message.get("method").is_none()).await;
        match response.get_mut("error") {
            Some(error) => Err(error.take()),
            None => Ok(response["result"].take()),
        }
    }

    /// The next notification or request of this method; what comes before it is set aside.
    pub(crate) async fn message(&mut self, method: &str) -> Value {
        self.find(|message| message["method"] == method).await
    }

    /// The params of the next notification of this method; what comes before it is set aside.
    pub(crate) async fn notification(&mut self, method: &str) -> Value {
        self.find(|message| message["method"] == method).await["params"].take()
    }

    /// Sends a request and waits for its response.
    pub(crate) async fn call(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.request(method, params).await;
        self.response(id).await
    }

    /// Closes the server's input.
    pub(crate) fn close_input(&mut self) {
        self.input = None;
    }

    /// Closes the server's output, as an editor does that crashed.
    pub(crate) fn close_output(&mut self) {
        self.output = None;
    }

    /// Closes the process's standard error, as an editor does that wants no log.
    pub(crate) async fn close_log(&mut self) {
        let Running::Process { log, .. } = &mut self.running else {
            panic!("only a process has a standard error");
        };
        let log = log.take().expect("a log that nobody took");
        log.abort();
        log.await.expect_err("a log that has not ended");
    }

    /// Ends the session as an editor does that crashed, whatever is left unread.
    pub(crate) fn abandon(mut self) {
        self.aside.clear();
        self.close_output();
    }

    /// The process's id; none in memory.
    pub(crate) fn pid(&self) -> Option<u32> {
        match &self.running {
            Running::Memory(_) => None,
            Running::Process { child, .. } => child.id(),
        }
    }

    /// Waits for the server's end, and returns its exit code.
    pub(crate) async fn exit_code(&mut self) -> i32 {
        let end = async {
            match &mut self.running {
                Running::Memory(task) => task.await.expect("a server that does not panic").into(),
                Running::Process { child, .. } => {
                    child.wait().await.expect("a process").code().expect("a process that ends by itself")
                }
            }
        };
        within("the server's end", end).await
    }

    /// Ends the process at once, as a system does that has no memory left.
    pub(crate) async fn kill(&mut self) {
        let Running::Process { child, .. } = &mut self.running else { panic!("only a process is killed") };
        within("the process's end", child.kill()).await.expect("a process");
    }

    /// Waits for the end of a process that a signal ends.
    #[cfg(unix)]
    pub(crate) async fn killed(&mut self) {
        let Running::Process { child, .. } = &mut self.running else { panic!("only a process gets signals") };
        within("the process's end", child.wait()).await.expect("a process");
    }

    /// What the process wrote to standard error, once it has ended.
    pub(crate) async fn log(&mut self) -> String {
        let Running::Process { log, .. } = &mut self.running else {
            panic!("only a process has a standard error");
        };
        let log = log.take().expect("the log is read once");
        within("the end of the log", log).await.expect("a log")
    }

    /// Ends the session as its door asks, and checks that nothing was left to say.
    pub(crate) async fn end(mut self) {
        if matches!(self.door, Door::Lsp) {
            assert_eq!(self.call("shutdown", Value::Null).await, Ok(Value::Null));
            self.notify("exit", Value::Null).await;
        }
        self.close_input();
        let unread = self.read().await;
        self.aside.extend(unread);
        assert_eq!(self.exit_code().await, 0);
    }

    /// Ends the session of a process as its door asks, and returns what was unread and what it logged.
    pub(crate) async fn end_and_log(mut self) -> (Vec<Value>, String) {
        if matches!(self.door, Door::Lsp) {
            assert_eq!(self.call("shutdown", Value::Null).await, Ok(Value::Null));
            self.notify("exit", Value::Null).await;
        }
        self.close_input();
        while let Some(message) = self.read().await {
            self.aside.push_back(message);
        }
        assert_eq!(self.exit_code().await, 0);
        let log = self.log().await;
        (self.aside.drain(..).collect(), log)
    }

    async fn find(&mut self, mut wanted: impl FnMut(&Value) -> bool) -> Value {
        if let Some(message) =
            self.aside.iter().position(&mut wanted).and_then(|place| self.aside.remove(place))
        {
            return message;
        }
        loop {
            let message =
                self.read().await.unwrap_or_else(|| panic!("the output ended after {}", self.seen()));
            if wanted(&message) {
                return message;
            }
            self.aside.push_back(message);
        }
    }

    /// Reads one message; none at the end of the output.
    async fn read(&mut self) -> Option<Value> {
        let output = self.output.as_mut().expect("an open output");
        let message = match tokio::time::timeout(self.patience, read(output, self.door)).await {
            Ok(message) => message?,
            Err(_) => panic!("nothing came after {}", self.seen()),
        };
        self.seen.push(message.clone());
        Some(message)
    }

    fn seen(&self) -> String {
        let seen: Vec<_> = self.seen.iter().map(|message| format!("\n  {message}")).collect();
        if seen.is_empty() { "nothing".to_owned() } else { seen.concat() }
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Running::Memory(task) = &self.running {
            task.abort();
        }
        if std::thread::panicking() {
            return;
        }
        if let Some(output) = &mut self.output {
            self.aside.extend(read(output, self.door).now_or_never().flatten());
        }
        assert!(self.aside.is_empty(), "the test left messages unread: {:?}", self.aside);
    }
}

/// Adds params where there are any: `shutdown` and `exit` have none, not even null.
fn with_params(mut message: Value, params: Value) -> Value {
    if !params.is_null() {
        message["params"] = params;
    }
    message
}

async fn read(output: &mut (impl AsyncBufReadExt + Unpin), door: Door) -> Option<Value> {
    let mut message = line(output).await?.into_bytes();
    if matches!(door, Door::Lsp) {
        let header = String::from_utf8(message).expect("a header of UTF-8");
        let length =
            header.strip_prefix("Content-Length: ").and_then(|length| length.trim_end().parse().ok());
        message = vec![0; length.unwrap_or_else(|| panic!("not a Content-Length: {header:?}"))];
        assert_eq!(line(output).await.as_deref(), Some("\r\n"), "only one header");
        output.read_exact(&mut message).await.expect("a whole message");
    }
    Some(serde_json::from_slice(&message).expect("a message of JSON"))
}

async fn line(output: &mut (impl AsyncBufReadExt + Unpin)) -> Option<String> {
    let mut line = String::new();
    let length = output.read_line(&mut line).await.expect("text");
    (length > 0).then_some(line)
}
