//! JSON-RPC messages: what comes in, and what a response looks like.

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Value, value::RawValue};
use tokio::sync::OwnedSemaphorePermit;

use super::envelope::is_id;
use super::{
    Framing,
    frame::{Encoded, encode, encode_result},
};
use crate::numbers::AsWritten;

/// From this many bytes on a result is not copied into its frame.
const LONG: usize = 64 << 10;

/// The error of a response.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ErrorObject {
    /// JSON-RPC's, LSP's or the application's code.
    pub code: i64,
    /// One sentence for a person.
    pub message: String,
    /// More, for programs.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_written")]
    pub data: Option<Value>,
}

fn as_written<S: Serializer>(data: &Option<Value>, serializer: S) -> Result<S::Ok, S::Error> {
    data.as_ref().map(AsWritten::of).serialize(serializer)
}

impl ErrorObject {
    fn new(code: i64, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), data: None }
    }

    /// The bytes are no message (-32700).
    pub fn parse_error(reason: String) -> Self {
        Self::new(-32700, reason)
    }

    /// The JSON is not a request (-32600).
    pub fn invalid_request(message: String) -> Self {
        Self::new(-32600, message)
    }
}

/// A result that is already JSON, so that a long one is written once.
pub type RawAnswer = Box<RawValue>;
/// What a request is answered.
pub type Answer = Result<RawAnswer, ErrorObject>;

/// A response, ready to be written.
pub(super) struct Response {
    id: Value,
    answer: Answer,
    place: Option<OwnedSemaphorePermit>,
}

impl Response {
    pub(super) fn new(id: Value, answer: Answer) -> Self {
        Self { id, answer, place: None }
    }

    /// Keeps the place of its request until it has gone: answers that wait for the peer to read are bounded too.
    pub(super) fn in_place(self, place: OwnedSemaphorePermit) -> Self {
        Self { place: Some(place), ..self }
    }

    /// The response as it goes out, and the place of its request.
    pub(super) fn encode(self, framing: Framing) -> (Encoded, Option<OwnedSemaphorePermit>) {
        let Self { id, answer, place } = self;
        let encoded = match answer {
            Ok(result) if result.get().len() >= LONG => {
                let result: Box<str> = result.into();
                encode_result(framing, &AsWritten::of(&id), result.into_string().into())
            }
            answer => encode(framing, &Self::new(id, answer)),
        };
        (encoded, place)
    }

    /// How long its result is.
    pub(super) fn bytes(&self) -> usize {
        self.answer.as_ref().map_or(0, |result| result.get().len())
    }

    /// An error in the place of its result.
    pub(super) fn refused(self, error: ErrorObject) -> Self {
        Self { answer: Err(error), ..self }
    }

    /// Gives the place of its request away.
    pub(super) fn out_of_place(self) -> Self {
        Self { place: None, ..self }
    }

    /// An error about a message whose id is not known.
    pub(super) fn to_nobody(error: ErrorObject) -> Self {
        Self::new(Value::Null, Err(error))
    }
}

impl Serialize for Response {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("jsonrpc", "2.0")?;
        map.serialize_entry("id", &AsWritten::of(&self.id))?;
        match &self.answer {
            Ok(result) => map.serialize_entry("result", result)?,
            Err(error) => map.serialize_entry("error", error)?,
        }
        map.end()
    }
}

/// A message of the peer.
pub enum Incoming {
    /// To be answered.
    Request {
        /// It goes back as it came.
        id: Value,
        /// What is asked for.
        method: String,
        /// An object or an array.
        params: Option<Value>,
    },
    /// Not to be answered.
    Notification {
        /// What has happened.
        method: String,
        /// An object or an array.
        params: Option<Value>,
    },
    /// The answer to a request of ours.
    Reply {
        /// That of the request.
        id: Value,
        /// Its `result`. None where it failed.
        reply: Option<Value>,
    },
    /// None: to be answered with an error.
    Refused {
        /// Its id, or null.
        id: Value,
        /// What is wrong.
        error: ErrorObject,
    },
    /// None, and it may have been a notification.
    Lost {
        /// Its method, where that can be made out.
        method: Option<String>,
        /// Its params as far as they can be made out.
        params: Option<Value>,
        /// What is wrong.
        error: ErrorObject,
    },
}

impl Incoming {
    /// Sorts a message.
    pub(super) fn sort(message: Value) -> Self {
        let invalid =
            |id, reason: &str| Self::Refused { id, error: ErrorObject::invalid_request(reason.into()) };
        let Value::Object(mut members) = message else {
            return invalid(Value::Null, "a message must be an object");
        };
        let id = members.remove("id");
        if !members.contains_key("method")
            && (members.contains_key("result") || members.contains_key("error"))
        {
            return Self::Reply { id: id.unwrap_or_default(), reply: members.remove("result") };
        }
        if !id.as_ref().is_none_or(is_id) {
            return invalid(Value::Null, "an id must be a text or a number");
        }
        let id_or_null = || id.clone().unwrap_or_default();
        if members.get("jsonrpc").is_none_or(|version| version != "2.0") {
            return invalid(id_or_null(), "a message must have \"jsonrpc\": \"2.0\"");
        }
        let Some(Value::String(method)) = members.remove("method") else {
            return invalid(id_or_null(), "a request must have a \"method\", which is a text");
        };
        let params = members.remove("params").filter(|params| !params.is_null());
        if params.as_ref().is_some_and(|params| !params.is_object() && !params.is_array()) {
            return invalid(id_or_null(), "\"params\" must be an object or an array");
        }
        match id {
            Some(id) => Self::Request { id, method, params },
            None => Self::Notification { method, params },
        }
    }
}
