//! A budget: whose it is, how much of it is spent, and when it starts anew.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What may be spent, and what was. All amounts are USD.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Budget {
    /// Whose it is.
    pub scope: BudgetScope,
    /// The name or id of whoever that is. Absent where it is not told, and for a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What is spent of it. Absent where it is not told.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "crate::money::rounded")]
    pub spend: Option<f64>,
    /// What may be spent. Absent where it is not told.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "crate::money::rounded")]
    pub limit: Option<f64>,
    /// How long a window of it lasts, such as `1h`, `30d` or `1mo`. Absent where it never starts anew, or that is not
    /// told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<String>,
    /// When it starts anew, in RFC 3339. Proxies do it some minutes later. Absent where it does not, or that is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resets_at: Option<String>,
}

/// Whose budget it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-fallback" = "show the budget without saying whose it is"))]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
#[serde(rename_all = "camelCase")]
pub enum BudgetScope {
    /// The key's own.
    Key,
    /// That of the user to whom the key belongs.
    User,
    /// The team's.
    Team,
    /// The user's share of the team's.
    TeamMember,
    /// The organization's.
    Organization,
    /// The project's.
    Project,
    /// The one for this model.
    Model,
    /// The one for a group of models.
    ModelGroup,
    /// That of the end user whom the request names.
    EndUser,
    /// That of a tag which the request carries.
    Tag,
    /// The proxy's for a provider or a deployment, or its account there.
    Provider,
    /// The user's own on this machine, by the settings (`budget`): `window` is `day`, `week` or `month`.
    Own,
    /// A word of a newer version: show the budget without saying whose it is.
    #[serde(other)]
    #[schemars(skip)]
    Unknown,
}
