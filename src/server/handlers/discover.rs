//! `provider/discover`, which `initialize` answers too.

use litellm_ls_protocol::{
    DiscoverParams, DiscoverResult, Limits, METHODS, MethodKind, PROTOCOL_VERSIONS, ProtocolFeature,
    ServerInfo,
};

use crate::{
    provider::{MAX_PARTIAL, Result},
    server::{Door, Peer, commands},
    transport::{MAX_BATCH, MAX_LEVELS, MAX_MESSAGE, MAX_REQUESTS, MAX_VALUES},
};

/// Says what this server can do.
pub(in crate::server) async fn discover(peer: Peer, params: DiscoverParams) -> Result<DiscoverResult> {
    if let (Door::Lines, Some(client)) = (peer.door, &params.client_info) {
        peer.settings().introduce(&client.name, "");
        peer.presence.introduce(&client.name, "");
    }
    Ok(discovered(peer.door, params.version))
}

/// What this server can do at a door, for a client that knows this version and those before it.
pub(in crate::server) fn discovered(door: Door, version: Option<u32>) -> DiscoverResult {
    let named = |kind: MethodKind| -> Vec<String> {
        METHODS.iter().filter(|row| row.kind == kind).map(|row| row.method.to_owned()).collect()
    };
    let (commands, batch) = match door {
        Door::Lsp => (commands::ids(), None),
        Door::Lines => (Vec::new(), Some(MAX_BATCH as u64)),
    };
    DiscoverResult {
        version: agreed(PROTOCOL_VERSIONS, version),
        versions: PROTOCOL_VERSIONS.to_vec(),
        server_info: ServerInfo {
            name: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
        },
        methods: named(MethodKind::Request),
        notifications: named(MethodKind::Notification),
        commands,
        features: ProtocolFeature::ALL.to_vec(),
        limits: Limits {
            message_bytes: MAX_MESSAGE as u64,
            message_values: MAX_VALUES as u64,
            message_levels: MAX_LEVELS as u64,
            batch_messages: batch,
            requests: MAX_REQUESTS as u64,
            partial_bytes: MAX_PARTIAL as u64,
        },
    }
}

/// The version that a connection speaks. `known` is sorted.
fn agreed(known: &[u32], asked: Option<u32>) -> u32 {
    let fits = |version: &&u32| asked.is_none_or(|asked| **version <= asked);
    known.iter().rfind(fits).or(known.first()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::agreed;

    #[test]
    fn the_newest_version_that_both_know_is_spoken() {
        for (asked, spoken) in
            [(None, 5), (Some(9), 5), (Some(5), 5), (Some(4), 3), (Some(3), 3), (Some(2), 2), (Some(0), 2)]
        {
            assert_eq!(agreed(&[2, 3, 5], asked), spoken, "{asked:?}");
        }
    }
}
