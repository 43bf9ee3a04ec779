//! What the tests stand on: a peer that speaks to the server, and proxies, scripted and real, behind it.

pub(crate) mod cached;
#[cfg(unix)]
pub(crate) mod editors;
pub(crate) mod fake_proxy;
pub(crate) mod forwarder;
pub(crate) mod home;
pub(crate) mod memory;
pub(crate) mod real_proxy;
#[cfg(unix)]
pub(crate) mod script;
pub(crate) mod server;
pub(crate) mod session;
#[cfg(unix)]
pub(crate) mod signals;
#[cfg(unix)]
pub(crate) mod stub_litellm;
pub(crate) mod tls;
pub(crate) mod transcript;
pub(crate) mod user;

use std::{future::Future, time::Duration};

/// How long a test waits for anything. Generous, for it only ever passes in a test that fails.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// Awaits something that must happen.
pub(crate) async fn within<T>(what: &str, happens: impl Future<Output = T>) -> T {
    match tokio::time::timeout(DEADLINE, happens).await {
        Ok(value) => value,
        Err(_) => panic!("{what} did not come within {DEADLINE:?}"),
    }
}

/// The text of a page that an editor is asked to show, by its URI.
pub(crate) fn read_page(uri: &str) -> String {
    let path = url::Url::parse(uri).ok().and_then(|uri| uri.to_file_path().ok()).expect("the URI of a file");
    std::fs::read_to_string(path).expect("a page")
}

/// Awaits work that would hold up the test's own thread; its panic becomes the test's.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(value) => value,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Whether a page says something, wherever its lines are broken and whether or not a sentence begins with it.
pub(crate) fn tells(page: &str, words: &str) -> bool {
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    page.to_lowercase().contains(&words.to_lowercase())
}
