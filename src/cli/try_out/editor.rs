//! The smallest editor there is: it starts the server and speaks LSP with it.

use std::{io, process::Stdio};

use anyhow::{Context, anyhow, bail};
use bytes::BytesMut;
use litellm_ls_protocol::{Delta, Request, ResponseError};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::transport::{Decoder, Frame, Framing, MAX_MESSAGE};

/// A server that was started, and the connection to it. The server ends with it.
pub(super) struct Editor {
    server: Child,
    input: ChildStdin,
    output: ChildStdout,
    decoder: Decoder,
    buffer: BytesMut,
    requests: u64,
}

impl Editor {
    /// Starts this very program as a server, with a profile if one is named.
    pub(super) async fn start(profile: Option<&str>) -> anyhow::Result<Self> {
        let program =
            std::env::current_exe().context("this program can't find itself: start it by its full path")?;
        let mut server = Command::new(program)
            .args(profile.map(|profile| format!("--profile={profile}")))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("the server can't be started")?;
        let (Some(input), Some(output)) = (server.stdin.take(), server.stdout.take()) else {
            bail!("the server has no stdin and stdout");
        };
        let decoder = Decoder::new(Framing::ContentLength, MAX_MESSAGE);
        Ok(Self { server, input, output, decoder, buffer: BytesMut::new(), requests: 0 })
    }

    /// Begins the session, and returns the server's version.
    pub(super) async fn initialize(&mut self) -> anyhow::Result<String> {
        let params = json!({"processId": std::process::id(), "rootUri": null, "capabilities": {}});
        let result: Value = self.call("initialize", &params, |_| Ok(())).await?;
        self.notify("initialized", &json!({})).await?;
        Ok(result["serverInfo"]["version"].as_str().unwrap_or("?").to_owned())
    }

    /// Sends a request, and returns its result.
    pub(super) async fn request<R: Request>(&mut self, params: &Value) -> anyhow::Result<R::Result>
    where
        R::Result: DeserializeOwned,
    {
        self.call(R::METHOD, params, |_| Ok(())).await
    }

    /// Sends a request, hands on what is streamed, and returns its result.
    pub(super) async fn stream<R: Request>(
        &mut self,
        params: &Value,
        take: impl FnMut(Delta) -> io::Result<()>,
    ) -> anyhow::Result<R::Result>
    where
        R::Result: DeserializeOwned,
    {
        self.call(R::METHOD, params, take).await
    }

    /// Ends the session.
    pub(super) async fn exit(mut self) -> anyhow::Result<()> {
        let _: Value = self.call("shutdown", &Value::Null, |_| Ok(())).await?;
        self.notify("exit", &Value::Null).await?;
        let status = self.server.wait().await?;
        if status.success() { Ok(()) } else { Err(anyhow!("the server ended with {status}")) }
    }

    async fn call<T: DeserializeOwned>(
        &mut self,
        method: &str,
        params: &Value,
        mut take: impl FnMut(Delta) -> io::Result<()>,
    ) -> anyhow::Result<T> {
        self.requests += 1;
        let id = self.requests;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})).await?;
        loop {
            let mut message = self.receive().await?;
            if message["method"] == "$/progress" {
                take(serde_json::from_value(message["params"]["value"].take())?)?;
            } else if message["id"] == id {
                if let Ok(error) = serde_json::from_value::<ResponseError>(message["error"].take()) {
                    let remedy = error.data.and_then(|data| data.remedy);
                    let remedy = remedy.map(|remedy| format!("\n  → {remedy}")).unwrap_or_default();
                    bail!("{}{remedy}", error.message);
                }
                return Ok(serde_json::from_value(message["result"].take())?);
            }
        }
    }

    async fn notify(&mut self, method: &str, params: &Value) -> anyhow::Result<()> {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params})).await
    }

    async fn send(&mut self, message: &Value) -> anyhow::Result<()> {
        let body = message.to_string();
        let frame = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.input.write_all(frame.as_bytes()).await.context("the server has ended")
    }

    async fn receive(&mut self) -> anyhow::Result<Value> {
        loop {
            match self.decoder.decode(&mut self.buffer) {
                Some(Frame::Message(bytes)) => return Ok(serde_json::from_slice(&bytes)?),
                Some(frame) => bail!("the server sent {frame:?}"),
                None if self.output.read_buf(&mut self.buffer).await? == 0 => bail!("the server has ended"),
                None => {}
            }
        }
    }
}
