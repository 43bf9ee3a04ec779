//! The one place where a failure becomes a JSON-RPC error.

use litellm_ls_protocol::ErrorKind;

use crate::{
    provider,
    transport::{Closed, ErrorObject, MAX_REQUESTS},
};

impl From<provider::Error> for ErrorObject {
    fn from(error: provider::Error) -> Self {
        Self {
            code: error.kind().code(),
            message: error.message,
            data: serde_json::to_value(error.data).ok(),
        }
    }
}

impl From<Closed> for provider::Error {
    /// Nobody is left to read this.
    fn from(closed: Closed) -> Self {
        Self::new(ErrorKind::StreamInterrupted, closed.to_string(), "start the client again")
    }
}

/// The answer to one request too many.
pub(super) fn busy() -> ErrorObject {
    provider::Error::new(
        ErrorKind::Busy,
        format!("{MAX_REQUESTS} requests are running already"),
        "wait until some have ended, or cancel some",
    )
    .into()
}
