//! What has come of an answer, on the disk while more comes: it is paid for, and an editor or a server that is killed
//! amid it takes all along that is in memory alone.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use crate::{
    off_thread::off_thread,
    server::{Peer, documents::Document, lock, pages},
    store::{self, KeptPage},
};

/// How often it is written.
const EVERY: Duration = Duration::from_secs(1);
/// How its pages are called.
const NAME: &str = "unfinished";

/// The page of an answer that is under way. It stays unless it is removed.
pub(super) struct SoFar {
    folder: Option<Arc<Path>>,
    heading: String,
    /// Where it is. Whoever writes it holds it, though nobody waits for that any more.
    page: Arc<Mutex<Option<KeptPage>>>,
    about: Arc<str>,
    written: Instant,
}

impl SoFar {
    pub(super) fn of(peer: &Peer, document: &Document) -> Self {
        let file = document.file();
        let about = if file.is_empty() { String::new() } else { format!(" about `{file}`") };
        Self {
            folder: peer.pages.clone(),
            heading: format!("_An answer{about} that did not come to its end here. What had come of it:_"),
            page: Arc::default(),
            about: document.uri.clone(),
            written: Instant::now(),
        }
    }

    /// Keeps what was said so far, unless that was done just now.
    pub(super) async fn keep(&mut self, said: &Mutex<String>) {
        if self.written.elapsed() < EVERY {
            return;
        }
        self.written = Instant::now();
        let said = lock(said).clone();
        self.write(&said).await;
    }

    /// Does what becomes of a whole answer, and keeps that while it takes long: an editor may ask its user first.
    pub(super) async fn keep_until<T>(&self, answer: &str, done: impl Future<Output = T>) -> T {
        let mut done = std::pin::pin!(done);
        tokio::select! {
            biased;
            done = &mut done => return done,
            () = tokio::time::sleep(EVERY) => {}
        }
        tokio::join!(done, self.write(answer)).0
    }

    async fn write(&self, said: &str) {
        let Some(folder) = self.folder.clone() else { return };
        let text = format!("{}\n\n{said}\n", self.heading);
        let (page, about) = (self.page.clone(), self.about.clone());
        off_thread(move || {
            // Where it can't be kept, the answer itself is still to come.
            let _ = pages::keep(&folder, NAME, &about, &mut lock(&page), &text);
        })
        .await;
    }

    /// Removes it: the answer has found another place.
    pub(super) async fn remove(self) {
        let page = self.page;
        off_thread(move || {
            if let Some(page) = lock(&page).take() {
                // It goes with the pages of former days.
                let _ = store::remove_page(page.path());
            }
        })
        .await;
    }
}
