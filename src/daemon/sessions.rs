//! Who is connected.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::{lock::lock, server::Presence};

/// One client, as people are told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// What it calls itself. None where it has not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The folders it was opened on. Empty where it names none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub workspace: String,
    /// The process of its shim.
    pub shim: u32,
    /// For how long it has been connected, in seconds.
    pub seconds: u64,
    /// How many of its requests are under way, and how much goes on behind the answers of others.
    pub requests: usize,
}

/// The clients of this process.
#[derive(Default)]
pub(super) struct Sessions {
    table: Mutex<Table>,
    /// Told when somebody comes or goes.
    changed: Notify,
}

#[derive(Default)]
struct Table {
    next: u64,
    clients: BTreeMap<u64, Connected>,
}

struct Connected {
    shim: u32,
    since: std::time::Instant,
    presence: Presence,
}

impl Sessions {
    /// A client has come. It has gone when what this returns is dropped.
    pub(super) fn come(self: &Arc<Self>, shim: u32, presence: Presence) -> Here {
        let mut table = lock(&self.table);
        let number = table.next;
        table.next += 1;
        table.clients.insert(number, Connected { shim, since: std::time::Instant::now(), presence });
        self.changed.notify_waiters();
        Here { number, sessions: self.clone() }
    }

    /// How many are connected.
    pub(super) fn count(&self) -> usize {
        lock(&self.table).clients.len()
    }

    /// Who is connected, by when they came.
    pub(super) fn list(&self) -> Vec<Session> {
        let table = lock(&self.table);
        let shown = |connected: &Connected| Session {
            client: connected.presence.client(),
            workspace: connected.presence.workspace(),
            shim: connected.shim,
            seconds: connected.since.elapsed().as_secs(),
            requests: connected.presence.requests(),
        };
        table.clients.values().map(shown).collect()
    }

    /// Waits until nobody has been connected for this long.
    pub(super) async fn idle(&self, long: std::time::Duration) {
        loop {
            let changed = self.changed.notified();
            let is_empty = self.count() == 0;
            tokio::select! {
                biased;
                () = changed => {}
                () = tokio::time::sleep(long), if is_empty => return,
            }
        }
    }
}

/// That a client is connected.
pub(super) struct Here {
    number: u64,
    sessions: Arc<Sessions>,
}

impl Drop for Here {
    fn drop(&mut self) {
        lock(&self.sessions.table).clients.remove(&self.number);
        self.sessions.changed.notify_waiters();
    }
}
