//! One fast, careful process that connects any editor to a LiteLLM proxy.
//!
//! A request, there and back: [`transport`] cuts the bytes of a peer into messages and starts a task for each request;
//! [`server`] routes it through one of two doors to its handler; [`provider`] knows profiles, models, answers and
//! costs; [`litellm`] speaks HTTP with the proxy. The answer goes back the same way, and everything that a peer is sent
//! leaves through its one outbox. [`assist`] makes questions of texts, and texts of answers; [`config_yaml`] knows
//! LiteLLM's own file; [`proxy`] looks after a LiteLLM process on this machine, [`supervise`] knows what a file asks of it, and [`disclosure`] what no model is sent unasked; and [`cli`] is all of it for people and scripts.

pub mod assist;
pub mod cli;
pub mod config_yaml;
pub mod daemon;
pub mod descriptors;
pub mod disclosure;
pub mod environment;
mod figures;
mod language;
pub mod litellm;
mod lock;
mod masking;
pub mod memory;
mod near;
mod newness;
mod numbers;
mod off_thread;
mod plain;
pub mod provider;
pub mod proxy;
pub mod server;
mod signals;
pub mod store;
pub mod supervise;
mod surroundings;
pub mod transport;
mod values;

use tokio::io::{AsyncRead, AsyncWrite};

pub use environment::Environment;
pub use server::{Door, Server};
pub use surroundings::Surroundings;
pub use transport::Connection;

/// Serves one peer that has a process to itself, and returns the exit code of that process.
pub async fn serve<R, W>(connection: Connection<R, W>, door: Door, environment: Environment) -> u8
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Send + Unpin + 'static,
{
    Server::default().serve(connection, door, environment).await
}
