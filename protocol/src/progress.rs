//! `$/progress`: the pieces of an answer on their way.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Delta, ProgressToken};

/// What a `$/progress` of an answer carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProgressParams {
    /// The `partialResultToken` of the request.
    pub token: ProgressToken,
    /// The next piece.
    pub value: Delta,
}
