//! How far one gets on the way to a proxy, where no answer of HTTP tells it.

use std::{net::SocketAddr, time::Duration};

use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use reqwest::Url;
use tokio::net::{TcpStream, lookup_host};

use super::ConnectionOptions;

/// How long a name may take to be looked up, and an address to take a connection.
const LIMIT: Duration = Duration::from_secs(5);

/// How far one gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// The host's name has no address.
    Nowhere,
    /// It has one, but nobody takes a connection there.
    Address,
    /// Somebody takes a connection.
    Connection,
}

/// The proxy on the way that takes connections to a URL.
pub(super) fn forwarder(url: &Url, transport: &ConnectionOptions) -> Option<Intercept> {
    if transport.loopback {
        return None;
    }
    match &transport.proxy {
        Some(proxy) => Matcher::builder().all(proxy.as_str()).build().intercept(&url.as_str().parse().ok()?),
        // The HTTP library decides by the same.
        None => transport.system_proxies.intercept(url),
    }
}

/// Looks the host of a URL up and connects to it. None where a proxy on the way does that.
pub async fn reach(url: &Url, transport: &ConnectionOptions) -> Option<Reach> {
    if forwarder(url, transport).is_some() {
        return None;
    }
    let host = url.host_str()?.trim_matches(['[', ']']);
    let looked_up = tokio::time::timeout(LIMIT, lookup_host((host, url.port_or_known_default()?))).await;
    let addresses: Vec<SocketAddr> = looked_up.ok().and_then(Result::ok).into_iter().flatten().collect();
    if addresses.is_empty() {
        return Some(Reach::Nowhere);
    }
    // A list of addresses is tried one by one until one takes the connection.
    let connected = tokio::time::timeout(LIMIT, TcpStream::connect(&addresses[..])).await;
    Some(if matches!(connected, Ok(Ok(_))) { Reach::Connection } else { Reach::Address })
}
