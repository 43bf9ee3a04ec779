//! What can go wrong with a request.

use litellm_ls_protocol::{CompleteResult, ErrorData, ErrorKind, ResponseError};

/// `Result` with this crate's error.
pub type Result<T> = std::result::Result<T, Error>;

/// A request without a result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server's answer.
    #[error("{}", .0.message)]
    Refused(Box<ResponseError>),
    /// The server has ended.
    #[error("the server has ended")]
    Gone,
    /// The server can't be started or waited for.
    #[error("the server can't be run: {0}")]
    Process(#[from] std::io::Error),
    /// Params or a result are not of the protocol.
    #[error("not of this protocol: {0}")]
    Json(#[from] serde_json::Error),
}

impl Error {
    /// What the server says beside the message.
    pub fn data(&self) -> Option<&ErrorData> {
        match self {
            Self::Refused(error) => error.data.as_ref(),
            _ => None,
        }
    }

    /// What went wrong, for programs.
    pub fn kind(&self) -> Option<ErrorKind> {
        Some(self.data()?.kind)
    }

    /// What to do, in one sentence.
    pub fn remedy(&self) -> Option<&str> {
        self.data()?.remedy.as_deref()
    }

    /// What had come of an answer that broke off or was given up.
    pub fn partial(&self) -> Option<&CompleteResult> {
        self.data()?.partial.as_deref()
    }
}
