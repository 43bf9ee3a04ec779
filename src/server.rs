//! Answers peers: what a peer is, which methods it has, and the two doors they come through.

mod boot;
mod call;
mod commands;
mod config_yaml;
mod consent;
mod deep;
mod documents;
mod doors;
mod editor;
mod error;
mod features;
mod handlers;
mod hearsay;
mod inline_proposals;
mod kept;
mod lifecycle;
mod local_proxy;
mod marks;
mod news;
mod once;
mod pages;
mod peer;
mod presence;
mod progress;
mod pushed;
mod quirks;
mod routes;
mod rules;
mod runs;
mod saves;
mod sentence;
mod shim;
mod shown;
mod starts;
mod states;
mod tokens;
mod usage_news;
mod wire;

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::{
    environment::Environment,
    lock::lock,
    provider::Provider,
    transport::{self, Connection, Framing},
};
pub use documents::Mirror;
use news::Exchange;
use peer::Peer;
pub use presence::Presence;
pub use progress::CREATE_PROGRESS;
use sentence::{ALL_IS_WELL, failure, sentence};
pub use shim::{Chosen, Shim};

/// How long a user may think.
const CHOICE_LIMIT: Duration = Duration::from_secs(600);

/// What all peers of this process share.
#[derive(Clone, Default)]
pub struct Server {
    provider: Arc<Provider>,
    exchange: Exchange,
}

/// How a peer's messages look and are dispatched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Door {
    /// LSP's base protocol and lifecycle.
    Lsp,
    /// One JSON-RPC message or batch a line, and no lifecycle.
    Lines,
}

impl Server {
    /// Serves one peer until it leaves, and returns the exit code of a process that served only this one.
    pub async fn serve<R, W>(&self, connection: Connection<R, W>, door: Door, environment: Environment) -> u8
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        self.serve_by(connection, door, environment, None).await
    }

    /// The same for a client at the other end of a shim.
    pub async fn serve_shim<R, W>(
        &self,
        connection: Connection<R, W>,
        door: Door,
        environment: Environment,
        shim: Shim,
    ) -> u8
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        self.serve_by(connection, door, environment, Some(shim)).await
    }

    async fn serve_by<R, W>(
        &self,
        connection: Connection<R, W>,
        door: Door,
        environment: Environment,
        shim: Option<Shim>,
    ) -> u8
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let (provider, exchange) = (self.provider.clone(), self.exchange.clone());
        let peer = |outbox| {
            let presence = shim.as_ref().map(|shim| shim.presence.clone()).unwrap_or_default();
            let mut peer = Peer::new(door, outbox, provider, (presence, exchange), &environment);
            if let Some(shim) = shim {
                peer.resume(shim);
            }
            peer
        };
        match door {
            Door::Lsp => {
                transport::serve(connection, Framing::ContentLength, |outbox| {
                    doors::lsp::Door::new(peer(outbox))
                })
                .await
            }
            Door::Lines => {
                transport::serve(connection, Framing::Lines, |outbox| doors::lines::Door::new(peer(outbox)))
                    .await
            }
        }
    }
}
