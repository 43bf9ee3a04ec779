//! A client of litellm-ls: a server of its own, one JSON-RPC message a line, any number of requests at once.
//!
//! A request that is dropped before its answer is cancelled at the server.

mod connection;
mod error;
mod stream;

use std::process::Stdio;

use litellm_ls_protocol::{
    Complete, CompleteParams, CompleteResult, Configure, ConfigureParams, ConfigureResult, CountTokens,
    CountTokensParams, CountTokensResult, DidChangeModelsParams, DidChangeStatusParams, DidChangeUsageParams,
    Discover, DiscoverParams, DiscoverResult, ListModels, ListModelsParams, ListModelsResult,
    PROTOCOL_VERSION, Request, Status, StatusParams, StatusResult, UsageReport, UsageReportParams,
    UsageReportResult,
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    process::{Child, Command},
    sync::broadcast,
};

use connection::Connection;
pub use error::{Error, Result};
pub use litellm_ls_protocol as protocol;
pub use stream::Stream;

/// What a server tells without being asked.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The provider's state changed.
    Status(DidChangeStatusParams),
    /// The list of models changed.
    Models(DidChangeModelsParams),
    /// A call has ended; told to those who asked for it by `watch` of `usage`.
    Usage(DidChangeUsageParams),
}

/// A connection to a server, which ends with it.
#[derive(Debug)]
pub struct Client {
    connection: Connection,
    discovered: DiscoverResult,
    server: Child,
}

impl Client {
    /// Starts a server, and says what this client speaks. The command names the program, its environment and folder.
    ///
    /// # Errors
    /// Where it can't be started, or does not speak this protocol.
    pub async fn connect(mut command: Command) -> Result<Self> {
        command.args(["--transport", "lines"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = command.kill_on_drop(true).spawn()?;
        let (Some(input), Some(output)) = (server.stdin.take(), server.stdout.take()) else {
            return Err(Error::Gone);
        };
        let connection = Connection::new(input, output);
        let params = DiscoverParams { version: Some(PROTOCOL_VERSION), ..DiscoverParams::default() };
        let discovered = connection.request(Discover::METHOD, &params).await?;
        Ok(Self { connection, discovered, server })
    }

    /// What the server can do.
    pub fn discovered(&self) -> &DiscoverResult {
        &self.discovered
    }

    /// Whether the server has a method, such as `provider/edit`, or a feature, such as `paging`.
    pub fn supports(&self, name: &str) -> bool {
        let is_feature = |feature| serde_json::to_value(feature).is_ok_and(|word| word == name);
        self.discovered.methods.iter().any(|method| method == name)
            || self.discovered.features.iter().any(is_feature)
    }

    /// Sets the provider up: where the proxy is, with which key. [`Client::request`] takes `null` too, which puts a
    /// setting back.
    ///
    /// # Errors
    /// Where a setting can't be used; `problems` of the error lists each.
    pub async fn configure(&self, params: &ConfigureParams) -> Result<ConfigureResult> {
        self.request(Configure::METHOD, params).await
    }

    /// Says whether the provider can be used, check by check.
    ///
    /// # Errors
    /// Where there is no such profile.
    pub async fn status(&self, params: &StatusParams) -> Result<StatusResult> {
        self.request(Status::METHOD, params).await
    }

    /// Lists the models.
    ///
    /// # Errors
    /// Where the proxy can't be asked.
    pub async fn models(&self, params: &ListModelsParams) -> Result<ListModelsResult> {
        self.request(ListModels::METHOD, params).await
    }

    /// Asks a model, and waits for the whole answer.
    ///
    /// # Errors
    /// Where there is none; `partial` of the error has what had come.
    pub async fn complete(&self, params: &CompleteParams) -> Result<CompleteResult> {
        self.request(Complete::METHOD, params).await
    }

    /// Asks a model, and takes the answer as it comes. Dropping the stream gives it up.
    pub fn stream(&self, params: CompleteParams) -> Stream {
        Stream::begin(&self.connection, params)
    }

    /// Counts the tokens of a question.
    ///
    /// # Errors
    /// Where the question is wrong.
    pub async fn count(&self, params: &CountTokensParams) -> Result<CountTokensResult> {
        self.request(CountTokens::METHOD, params).await
    }

    /// Says what was spent.
    ///
    /// # Errors
    /// Where there is no such profile.
    pub async fn usage(&self, params: &UsageReportParams) -> Result<UsageReportResult> {
        self.request(UsageReport::METHOD, params).await
    }

    /// What the server tells from now on. Who reads too slowly loses the oldest of 256.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.connection.events()
    }

    /// Sends a request of any method.
    ///
    /// # Errors
    /// What the server answers, or that it has ended.
    pub async fn request<T: DeserializeOwned>(&self, method: &str, params: &impl Serialize) -> Result<T> {
        self.connection.request(method, params).await
    }

    /// Ends the server; it answers first what it was asked.
    ///
    /// # Errors
    /// Where the process can't be waited for.
    pub async fn close(mut self) -> Result<()> {
        self.connection.close();
        self.server.wait().await?;
        Ok(())
    }
}
