//! Results as they go out.

use litellm_ls_protocol::ErrorKind;
use serde::Serialize;
use serde_json::{Value, value::RawValue};

use crate::{
    numbers::AsWritten,
    provider::{Error, Result},
    transport::RawAnswer,
};

/// A member of params that comes back with the answer, whatever it holds.
pub(super) const META: &str = "_meta";

/// A result with `_meta` before its members.
pub(super) fn with_meta(result: &RawValue, meta: &Value) -> Result<RawAnswer> {
    let members = result.get().trim_start_matches('{');
    let comma = if members == "}" { "" } else { "," };
    let meta = serialized(&AsWritten::of(meta))?;
    RawValue::from_string(format!("{{\"{META}\":{meta}{comma}{members}")).map_err(|error| unwritable(&error))
}

/// A result as it goes out.
pub(super) fn serialized(result: &impl Serialize) -> Result<RawAnswer> {
    serde_json::value::to_raw_value(result).map_err(|error| unwritable(&error))
}

/// Why a result does not go out.
pub(super) fn unwritable(error: &serde_json::Error) -> Error {
    Error::new(ErrorKind::Internal, format!("the result can't be written: {error}"), "report this defect")
}
