//! Which models the user of a peer likes and used last.

use std::sync::Arc;

use litellm_ls_protocol::MarkModelResult;

use super::Peer;
use crate::{
    off_thread::off_thread,
    provider::{Error, Profile, Result, now},
    store::{Mark, Use},
};

impl Peer {
    /// Makes a model a favourite, or takes that away.
    ///
    /// # Errors
    /// Where it can't be written down; it holds for this process all the same.
    pub(super) async fn mark_favourite(
        &self,
        profile: &str,
        model: String,
        favourite: bool,
    ) -> Result<MarkModelResult> {
        let mark = Mark::Favourite(model.clone(), favourite);
        self.marks.mark(profile, &mark);
        // The first poll takes a place in the queue, so that the order is that of the messages.
        let turn = self.saving.clone().lock_owned().await;
        let (marks, profile) = (self.marks.clone(), profile.to_owned());
        let written = off_thread(move || {
            let _turn = turn;
            marks.write(&profile, &mark)
        });
        written.await.map_err(|error| {
            let message = format!("the mark holds in this session alone: {error}");
            Error::invalid_params(message, error.remedy()).at("favourite")
        })?;
        Ok(MarkModelResult { model, favourite })
    }

    /// Notes that a model has answered. Nobody waits for the disk, and a mark that can't be written is no matter.
    pub(super) fn note_use(&self, profile: &Arc<Profile>, model: &str) {
        const MINUTE: usize = "2026-11-26T10:00".len();
        let mark = Use { model: model.to_owned(), at: now() };
        let marks = self.marks.of(&profile.name);
        let is_news = marks
            .recent
            .first()
            .is_none_or(|last| last.model != mark.model || last.at.get(..MINUTE) != mark.at.get(..MINUTE));
        if is_news {
            let mark = Mark::Used(mark);
            self.marks.mark(&profile.name, &mark);
            let (marks, profile) = (self.marks.clone(), profile.clone());
            drop(tokio::task::spawn_blocking(move || {
                if let Err(error) = marks.write(&profile.name, &mark) {
                    tracing::debug!("the model is not among the recent ones of others: {error}");
                }
            }));
        }
    }
}
