//! What can be seen of a peer by others of its user.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicUsize, Ordering},
};

/// A peer as it is seen from outside. Cloning it is cheap and leads to the same peer.
#[derive(Clone, Default)]
pub struct Presence(Arc<Seen>);

#[derive(Default)]
struct Seen {
    client: OnceLock<String>,
    workspace: OnceLock<String>,
    requests: AtomicUsize,
}

impl Presence {
    /// Whether it is that of the same peer.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// What the client calls itself. None where it has not said.
    pub fn client(&self) -> Option<String> {
        self.0.client.get().cloned()
    }

    /// The folders it was opened on. Empty where it names none.
    pub fn workspace(&self) -> String {
        self.0.workspace.get().cloned().unwrap_or_default()
    }

    /// How many of its requests are under way, and how much goes on behind the answers of others.
    pub fn requests(&self) -> usize {
        self.0.requests.load(Ordering::Relaxed)
    }

    /// The client has told of itself.
    pub(super) fn introduce(&self, client: &str, workspace: &str) {
        if !client.is_empty() {
            let _ = self.0.client.set(client.to_owned());
        }
        let _ = self.0.workspace.set(workspace.to_owned());
    }

    /// A request, or work behind its answer, is under way until what this returns is dropped.
    pub(super) fn request(&self) -> impl Drop + use<> {
        struct Request(Presence);
        impl Drop for Request {
            fn drop(&mut self) {
                self.0.0.requests.fetch_sub(1, Ordering::Relaxed);
            }
        }
        self.0.requests.fetch_add(1, Ordering::Relaxed);
        Request(self.clone())
    }
}
