//! What a proxy with a database tells an ordinary key of the budgets it depends on (litellm 1.83 to 1.110).

use std::time::Duration;

use reqwest::{Method, Url};
use serde_json::Value;

use super::{Client, Endpoint, MAX_ANSWER, Phase, fault::Scope, read_whole, within};
use crate::values::{self, MAX_VALUES};

/// How long all of it may take.
const LIMIT: Duration = Duration::from_secs(5);

/// A budget as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Whose it is.
    pub scope: Scope,
    /// The id of whoever that is. None for a key.
    pub name: Option<String>,
    /// USD that are spent. None where it is not told.
    pub spend: Option<f64>,
    /// USD that may be spent.
    pub limit: f64,
    /// How long a window of it lasts, such as `30d`. None where it never starts anew.
    pub window: Option<String>,
    /// When it starts anew, in RFC 3339. None where it does not.
    pub resets_at: Option<String>,
}

impl Known {
    /// Whether nothing is left of it.
    pub fn is_spent(&self) -> bool {
        self.spend.is_some_and(|spend| spend >= self.limit)
    }
}

impl Client {
    /// The budgets of a key, of its user and of its team, those without a limit left out. None where the proxy does not
    /// tell this key, which says nothing about the key.
    pub async fn budgets(&self, endpoint: &Endpoint) -> Option<Vec<Known>> {
        let told = within(LIMIT, Phase::Discovery, &endpoint.key_info, async {
            let Some(answer) = self.told(endpoint, endpoint.key_info.clone()).await else { return Ok(None) };
            let key = &answer["info"];
            let mut budgets = of(key, Scope::Key, None);
            if let Some(user) = key["user_id"].as_str()
                && let Some(info) = self.told(endpoint, endpoint.user_info.clone()).await
            {
                budgets.extend(of(&info, Scope::User, Some(user)));
            }
            if let Some(team) = key["team_id"].as_str() {
                let mut url = endpoint.team_info.clone();
                url.query_pairs_mut().append_pair("team_id", team);
                // It brings other keys along, of which nothing is kept.
                if let Some(info) = self.told(endpoint, url).await {
                    budgets.extend(of(&info["team_info"], Scope::Team, Some(team)));
                }
            }
            Ok(key.is_object().then_some(budgets))
        });
        told.await.ok().flatten()
    }

    /// What a route tells this key.
    pub(super) async fn told(&self, endpoint: &Endpoint, url: Url) -> Option<Value> {
        self.told_at_most(MAX_ANSWER, endpoint, url).await
    }

    /// The same, of so many bytes at most.
    pub(super) async fn told_at_most(&self, most: usize, endpoint: &Endpoint, url: Url) -> Option<Value> {
        let request = self.request(Method::GET, &url, &endpoint.list_headers);
        let secrets = endpoint.secrets();
        let answer = self.send(request, &url).await.ok()?;
        let (head, body) = read_whole(answer, &url, most, secrets).await.ok()?;
        let is_read = head.status.is_success() && !values::are_over(MAX_VALUES, &body);
        is_read.then(|| serde_json::from_slice(&body).ok()).flatten()
    }
}

/// An instant in RFC 3339. LiteLLM takes one without a zone for UTC (`get_budget_window_start` in 1.106).
fn instant(text: &str) -> Option<String> {
    let with_zone = text.parse::<jiff::Timestamp>();
    let in_utc = || jiff::tz::TimeZone::UTC.to_timestamp(text.parse::<jiff::civil::DateTime>().ok()?).ok();
    Some(with_zone.ok().or_else(in_utc)?.to_string())
}

/// The budgets in a row of the proxy's: one for ever or by window, and several windows at once.
fn of(row: &Value, scope: Scope, name: Option<&str>) -> Vec<Known> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let known = |spend: Option<f64>, limit: f64, window: &Value, resets_at: &Value| Known {
        scope,
        name: name.map(str::to_owned),
        spend,
        limit,
        window: text(window),
        resets_at: resets_at.as_str().and_then(instant),
    };
    let whole = row["max_budget"]
        .as_f64()
        .map(|limit| known(row["spend"].as_f64(), limit, &row["budget_duration"], &row["budget_reset_at"]));
    let windows = row["budget_limits"].as_array().into_iter().flatten().filter_map(|window| {
        let duration = window["budget_duration"].as_str()?;
        let spend = row["budget_limits_usage"][duration]["current_spend"].as_f64();
        Some(known(spend, window["max_budget"].as_f64()?, &window["budget_duration"], &window["reset_at"]))
    });
    whole.into_iter().chain(windows).collect()
}
