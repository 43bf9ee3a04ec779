//! An answer on its way.

use litellm_ls_protocol::{Complete, CompleteParams, CompleteResult, Delta, ProgressToken, Request};

use crate::{
    Result,
    connection::{Connection, Pending},
};

/// An answer on its way: its pieces by [`Stream::next`], then the whole by [`Stream::result`], which is the truth.
#[derive(Debug)]
pub struct Stream(Result<Pending>);

impl Stream {
    pub(crate) fn begin(connection: &Connection, mut params: CompleteParams) -> Self {
        Self(connection.begin(Complete::METHOD, |id| {
            params.partial_result_token = Some(ProgressToken::Number(id));
            Ok(serde_json::to_value(&params)?)
        }))
    }

    /// The next piece; none behind the last.
    pub async fn next(&mut self) -> Option<Delta> {
        self.0.as_mut().ok()?.pieces.recv().await
    }

    /// Gives the answer up: the result is an error then, with what had come in `partial`.
    pub fn cancel(&self) {
        if let Ok(pending) = &self.0 {
            pending.cancel();
        }
    }

    /// The whole answer.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn result(self) -> Result<CompleteResult> {
        self.0?.result().await
    }
}
