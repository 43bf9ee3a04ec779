//! The suite's end of a connection: it starts a server, speaks to it, and waits for what it says, but not for ever.

use std::{
    cell::RefCell,
    collections::VecDeque,
    process::{Child, Command, ExitStatus, Stdio},
    rc::Rc,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    Options,
    failure::{Checked, Failure, same, shown},
    session::{Door, KEY},
    transcript::{Said, Transcript},
};

mod pipes;

use pipes::Incoming;

/// An answer: the result, or the error.
pub(crate) type Answer = Result<Value, Value>;

/// A server and its peer.
pub(crate) struct Peer {
    door: Door,
    patience: Duration,
    child: Child,
    /// None once the server's input is closed.
    input: Option<Sender<Vec<u8>>>,
    incoming: Receiver<Incoming>,
    /// Read while looking for something else.
    aside: VecDeque<Value>,
    transcript: Rc<RefCell<Transcript>>,
    /// Closed once the server's standard error is.
    log_end: Receiver<()>,
    requests: i64,
    _home: TempDir,
}

impl Peer {
    /// Starts the server with these variables, and folders of its own for what it keeps.
    pub(crate) fn start(options: &Options, variables: &[(&str, &str)]) -> Checked<Self> {
        let home = tempfile::tempdir().map_err(|error| Failure::new(format!("no folder: {error}")))?;
        let (program, arguments) =
            options.command.split_first().ok_or_else(|| Failure::new("there is no command"))?;
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("LITELLM_") {
                command.env_remove(name);
            }
        }
        for (name, folder) in [
            ("HOME", ""),
            ("USERPROFILE", ""),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CACHE_HOME", "cache"),
            ("APPDATA", "data"),
            ("LOCALAPPDATA", "cache"),
        ] {
            command.env(name, home.path().join(folder));
        }
        command.args(arguments).envs(variables.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .map_err(|error| Failure::new(format!("`{program}` could not be started: {error}")))?;
        let mut transcript = Transcript::default();
        transcript.secrets.push(KEY.to_owned());
        let (told, incoming) = channel();
        let (input, written) = channel();
        let (log_open, log_end) = channel();
        if let (Some(stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        {
            let door = options.door;
            let log = transcript.log.clone();
            thread::spawn(move || pipes::write(stdin, &written));
            thread::spawn(move || pipes::read(stdout, door, &told));
            thread::spawn(move || pipes::keep(stderr, &log, log_open));
        }
        Ok(Self {
            door: options.door,
            patience: options.patience,
            child,
            input: Some(input),
            incoming,
            aside: VecDeque::new(),
            transcript: Rc::new(RefCell::new(transcript)),
            log_end,
            requests: 0,
            _home: home,
        })
    }

    pub(crate) fn transcript(&self) -> Rc<RefCell<Transcript>> {
        Rc::clone(&self.transcript)
    }

    /// A text that the server must show nowhere from now on.
    pub(crate) fn keep_secret(&mut self, text: &str) {
        self.transcript.borrow_mut().secrets.push(text.to_owned());
    }

    /// Sends a request under the next number, which it returns.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> i64 {
        self.requests += 1;
        self.request_as(self.requests, method, params);
        self.requests
    }

    /// Sends a request under this id.
    pub(crate) fn request_as(&mut self, id: impl Into<Value>, method: &str, params: Value) {
        self.send(with_params(json!({"jsonrpc": "2.0", "id": id.into(), "method": method}), params));
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(with_params(json!({"jsonrpc": "2.0", "method": method}), params));
    }

    /// Sends a message as the door frames it.
    pub(crate) fn send(&mut self, message: Value) {
        let framed = framed(self.door, message.to_string().as_bytes());
        self.transcript.borrow_mut().said.push(Said::Sent(message));
        self.write(framed);
    }

    /// Sends what may be no message, as the door frames it.
    pub(crate) fn send_text(&mut self, text: impl AsRef<[u8]>) {
        let framed = framed(self.door, text.as_ref());
        self.send_bytes(framed);
    }

    /// Sends bytes as they are.
    pub(crate) fn send_bytes(&mut self, bytes: impl Into<Vec<u8>>) {
        self.transcript.borrow_mut().loose = true;
        self.write(bytes.into());
    }

    fn write(&mut self, bytes: Vec<u8>) {
        if let Some(input) = &self.input {
            // A server that is gone is noticed where its answer is waited for.
            let _ = input.send(bytes);
        }
    }

    pub(crate) fn close_input(&mut self) {
        self.input = None;
    }

    /// The next message of any kind.
    pub(crate) fn next(&mut self) -> Checked<Value> {
        match self.aside.pop_front() {
            Some(message) => Ok(message),
            None => self.receive("a message"),
        }
    }

    /// The answer to the request of this id; what comes before it is set aside.
    pub(crate) fn answer(&mut self, id: impl Into<Value>) -> Checked<Answer> {
        let id = id.into();
        let what = format!("the answer to the request {id}");
        let mut message = self.find(&what, |message| is_answer(message) && message["id"] == id)?;
        Ok(match message.get_mut("error") {
            Some(error) => Err(error.take()),
            None => Ok(message["result"].take()),
        })
    }

    /// The params of the next notification of this method; what comes before it is set aside.
    pub(crate) fn notification(&mut self, method: &str) -> Checked<Value> {
        Ok(self.find(&format!("`{method}`"), |message| message["method"] == method)?["params"].take())
    }

    /// Sends a request, and waits for its answer.
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Checked<Answer> {
        let id = self.request(method, params);
        self.answer(id)
    }

    /// Sends a request that must succeed.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Checked<Value> {
        let asked = shown(&params);
        self.call(method, params)?
            .map_err(|error| Failure::new(format!("{method} {asked} is refused: {}", shown(&error))))
    }

    /// Sends a request that must be refused in this way; returns the error.
    pub(crate) fn refused(&mut self, method: &str, params: Value, code: i64) -> Checked<Value> {
        let asked = shown(&params);
        match self.call(method, params)? {
            Ok(result) => Err(Failure::new(format!(
                "{method} {asked} is not refused, but answered: {}",
                shown(&result)
            ))),
            Err(error) => {
                same(&format!("the code of the answer to {method} {asked}"), &error["code"], code)?;
                Ok(error)
            }
        }
    }

    /// Sends a request that must fail with this kind; returns the error's `data`.
    pub(crate) fn fails(&mut self, method: &str, params: Value, kind: &str) -> Checked<Value> {
        match self.call(method, params)? {
            Ok(result) => Err(Failure::new(format!("{method} does not fail, but says {}", shown(&result)))),
            Err(mut error) => {
                same("the error's `data.kind`", &error["data"]["kind"], kind)?;
                Ok(error["data"].take())
            }
        }
    }

    /// The server still answers.
    pub(crate) fn is_well(&mut self) -> Checked {
        self.ask(crate::check::DISCOVER, json!({})).map(drop)
    }

    /// Ends the session as its door asks, and returns all that was not read and the exit code.
    pub(crate) fn end(&mut self) -> Checked<(Vec<Value>, i32)> {
        if self.door == Door::Lsp {
            let answer = self.ask("shutdown", Value::Null)?;
            same("the answer to `shutdown`", &answer, Value::Null)?;
            self.notify("exit", Value::Null);
        }
        self.close_input();
        let rest = self.rest()?;
        Ok((rest, self.exit_code()?))
    }

    /// All that comes until the server's output ends.
    pub(crate) fn rest(&mut self) -> Checked<Vec<Value>> {
        while let Some(message) = self.read("the end of its output")? {
            self.aside.push_back(message);
        }
        Ok(self.aside.drain(..).collect())
    }

    /// Waits for the end of the process.
    pub(crate) fn exit_code(&mut self) -> Checked<i32> {
        let status = self.exited()?;
        status.code().ok_or_else(|| Failure::new(format!("the server was killed: {status}")))
    }

    fn exited(&mut self) -> Checked<ExitStatus> {
        let until = Instant::now() + self.patience;
        // The standard library can't wait for a process with a limit.
        while Instant::now() < until {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Ok(status);
            }
            thread::park_timeout(Duration::from_millis(2));
        }
        Err(Failure::new(format!("the server did not end within {:?}", self.patience)))
    }

    fn find(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Checked<Value> {
        let place = self.aside.iter().position(&wanted);
        if let Some(message) = place.and_then(|place| self.aside.remove(place)) {
            return Ok(message);
        }
        loop {
            let message = self.receive(what)?;
            if wanted(&message) {
                return Ok(message);
            }
            self.aside.push_back(message);
        }
    }

    fn receive(&mut self, what: &str) -> Checked<Value> {
        let message = self.read(what)?;
        message.ok_or_else(|| {
            // Why it ended is mostly said there, and may come later.
            let _ = self.log_end.recv_timeout(self.patience);
            Failure::new(format!("the server's output ended before {what} came{}", self.last()))
        })
    }

    /// One message; none at the end of the output.
    fn read(&mut self, what: &str) -> Checked<Option<Value>> {
        let message = match self.incoming.recv_timeout(self.patience) {
            Ok(Incoming::Message(message)) => message,
            Ok(Incoming::Garbage(why)) => return Err(Failure::new(format!("the server wrote {why}"))),
            Ok(Incoming::End) | Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) => {
                let patience = self.patience;
                return Err(Failure::new(format!("{what} did not come within {patience:?}{}", self.last())));
            }
        };
        self.heard(&message);
        self.acknowledge(&message);
        Ok(Some(message))
    }

    fn heard(&self, message: &Value) {
        self.transcript.borrow_mut().said.push(Said::Received(message.clone()));
    }

    /// Requests of the server are answered with nothing, as a client without abilities does.
    fn acknowledge(&mut self, message: &Value) {
        if message.get("method").is_some() && message.get("id").is_some() {
            self.send(json!({"jsonrpc": "2.0", "id": message["id"], "result": null}));
        }
    }

    /// What was heard last, as an answer and on standard error, for a sentence.
    fn last(&self) -> String {
        let transcript = self.transcript.borrow();
        let heard = transcript.said.iter().rev().find_map(|said| match said {
            Said::Received(message) => Some(message),
            Said::Sent(_) => None,
        });
        let heard =
            heard.map_or(String::new(), |message| format!("; the last that came was {}", shown(message)));
        let logged = transcript.last_logged();
        heard + &logged.map_or(String::new(), |line| format!("; its standard error says: {line}"))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        while let Ok(Incoming::Message(message)) = self.incoming.try_recv() {
            self.heard(&message);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a message is the answer to a request.
pub(crate) fn is_answer(message: &Value) -> bool {
    message.is_object() && message.get("method").is_none()
}

fn framed(door: Door, message: &[u8]) -> Vec<u8> {
    match door {
        Door::Lsp => [format!("Content-Length: {}\r\n\r\n", message.len()).as_bytes(), message].concat(),
        Door::Lines => [message, b"\n"].concat(),
    }
}

/// Adds params where there are any.
fn with_params(mut message: Value, params: Value) -> Value {
    if !params.is_null() {
        message["params"] = params;
    }
    message
}
