//! The one place where a failure becomes a JSON-RPC error.

use litellm_ls_protocol::ErrorKind;

use crate::{
    plain, provider,
    transport::{Closed, ErrorObject, MAX_REQUESTS, Refusal},
};

/// Widest of the short words in an error's data, in columns.
const WIDTH: usize = 200;

impl From<provider::Error> for ErrorObject {
    fn from(mut error: provider::Error) -> Self {
        // These are a proxy's own words, for whoever looks into a failure.
        let data = &mut error.data;
        for word in [&mut data.litellm_type, &mut data.param, &mut data.call_id, &mut data.content_type] {
            *word = word.take().map(|word| plain::label(&word, WIDTH));
        }
        data.detail = data.detail.take().map(|text| plain::lines(&text));
        data.body = data.body.take().map(|text| plain::text(&text));
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

/// The answer to a request that has no other.
pub(super) fn refusal(why: Refusal) -> ErrorObject {
    match why {
        Refusal::Busy => provider::Error::new(
            ErrorKind::Busy,
            format!("{MAX_REQUESTS} requests are running already"),
            "wait until some have ended, or cancel some",
        ),
        Refusal::Cancelled => provider::Error::cancelled(),
        Refusal::Defect => provider::Error::new(
            ErrorKind::Internal,
            "this request met a defect of the server: see its log",
            "report it with what the log says",
        ),
    }
    .into()
}
