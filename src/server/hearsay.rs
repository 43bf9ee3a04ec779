//! A peer listens to what the others of its process tell.

use tokio::sync::broadcast::error::RecvError;
use tokio_util::task::AbortOnDropHandle;

use super::{
    Peer, lock,
    news::{Item, News},
};

/// Has a peer hear what others tell, until what this returns is dropped.
pub(super) fn listen(peer: &Peer) -> AbortOnDropHandle<()> {
    let (mut items, peer) = (peer.exchange.subscribe(), peer.clone());
    AbortOnDropHandle::new(tokio::spawn(async move {
        loop {
            match items.recv().await {
                Ok(item) if item.from.is(&peer.presence) => {}
                Ok(item) => hear(&peer, item).await,
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }))
}

/// Takes in what another peer tells: for a profile that this one has used, since no key is looked up for it.
async fn hear(peer: &Peer, item: Item) {
    let mut used = peer.usage_news.wanted();
    used.extend(lock(&peer.lists).keys().cloned());
    for name in used {
        let Ok(profile) = peer.profile(Some(&name)).await else { continue };
        if !item.of.is_of(&profile) {
            continue;
        }
        match &item.news {
            News::Models => peer.tell_models(&profile),
            News::Usage => peer.tell_usage(&profile),
            News::Answers => drop(peer.tell_success(&profile.name)),
            News::Fails(state, message, remedy) => {
                peer.tell_state(&profile.name, *state, message, Some(remedy));
            }
        }
    }
}
