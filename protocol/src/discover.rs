//! `provider/discover`: what a server can do, for clients that must know before they ask.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the client speaks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DiscoverParams {
    /// The newest version of this protocol that the client knows. Default: the server's newest. At the LSP door it stands
    /// in `capabilities.experimental.provider` of `initialize`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// What the client is called, for the ledger and for `litellm-ls sessions`. At the LSP door `clientInfo` of `initialize`
    /// says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_info: Option<ClientInfo>,
}

/// Which client this is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientInfo {
    /// Its name.
    pub name: String,
    /// Its version, for people and logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// What the server speaks. `capabilities.experimental.provider` in the answer to `initialize` is the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DiscoverResult {
    /// The version that this connection speaks: the newest that both sides know, or the server's oldest where the client
    /// knows none of them. A client that does not know it leaves.
    pub version: u32,
    /// Every version that the server knows, oldest first.
    pub versions: Vec<u32>,
    /// Which server this is.
    pub server_info: ServerInfo,
    /// The requests of this protocol that it answers.
    pub methods: Vec<String>,
    /// The notifications of this protocol that it may send.
    pub notifications: Vec<String>,
    /// The commands that `workspace/executeCommand` runs. Empty at the line door, which has no such request.
    pub commands: Vec<String>,
    /// What it can do beyond the methods of the first release. A client that relies on one looks for it here, not at the
    /// server's version.
    pub features: Vec<ProtocolFeature>,
    /// How much it takes.
    pub limits: Limits,
}

/// Which server this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServerInfo {
    /// Its name.
    pub name: String,
    /// Its version, for people and logs.
    pub version: String,
}

/// Something that a server can do beyond the methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "pass it over"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum ProtocolFeature {
    /// `_meta` of params comes back with the answer.
    Meta,
    /// `provider/listModels` takes `limit` and `cursor`, `fields` and `ifChangedSince`.
    Paging,
    /// A cancelled `provider/complete` or `provider/edit` says what had arrived.
    CancelPartial,
    /// `provider/complete` takes an `idempotencyKey`.
    Idempotency,
    /// `provider/usage` takes `ledger`: calls are recorded, and outlast the process.
    Ledger,
    /// Models and answers come from the proxy that the settings name. A server without it has models of its own.
    Proxy,
    /// A word of a newer version: pass it over.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}

impl ProtocolFeature {
    /// Every feature.
    pub const ALL: [Self; 6] =
        [Self::Meta, Self::Paging, Self::CancelPartial, Self::Idempotency, Self::Ledger, Self::Proxy];
}

/// How much a server takes. What is beyond is refused with an error, not cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Most bytes of one message.
    pub message_bytes: u64,
    /// Most values in one message: each text, number, list, object and so on is one; names of members are none.
    pub message_values: u64,
    /// Most levels of lists and objects within each other.
    pub message_levels: u64,
    /// Most messages in one batch. Absent at a door that takes none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_messages: Option<u64>,
    /// Most requests that run at once. At the LSP door one more is answered `busy`, at the line door it waits.
    pub requests: u64,
    /// Most bytes of text in one partial of an answer.
    pub partial_bytes: u64,
}
