//! What a proxy with a database tells of the days gone by (litellm 1.101 to 1.110).

use std::time::Duration;

use serde_json::Value;

use super::{Client, Endpoint, Phase, within};

/// Most bytes: a day takes 3 kB for each key that was used (litellm 1.101.3).
const MOST: usize = 16 << 20;
/// How long all of it may take.
const LIMIT: Duration = Duration::from_secs(5);

/// The calls of some days.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// The user whose calls they are. None: all calls of the proxy, which an administrator's key is told.
    pub user: Option<String>,
    /// The days with calls, as the proxy puts them.
    pub days: Vec<Day>,
}

/// The calls of one day, by UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct Day {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// By model.
    pub models: Vec<ModelDay>,
}

/// The calls of one model on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelDay {
    /// Its name at the proxy.
    pub model: String,
    /// USD.
    pub spend: f64,
    /// Calls that were answered.
    pub succeeded: u64,
    /// Calls that were not.
    pub failed: u64,
    /// Tokens of the prompts.
    pub input_tokens: u64,
    /// Tokens of the answers.
    pub output_tokens: u64,
    /// Prompt tokens read from the cache.
    pub cache_read_tokens: u64,
    /// Prompt tokens written to it.
    pub cache_write_tokens: u64,
}

impl Client {
    /// The calls of the key's user from one day to another. None where the proxy does not tell this key, which says
    /// nothing about the key.
    pub async fn history(&self, endpoint: &Endpoint, from: &str, to: &str) -> Option<History> {
        let told = within(LIMIT, Phase::Discovery, &endpoint.activity, async {
            let key = self.told(endpoint, endpoint.key_info.clone()).await.unwrap_or_default();
            let user = key["info"]["user_id"].as_str().map(str::to_owned);
            let mut url = endpoint.activity.clone();
            url.query_pairs_mut().append_pair("start_date", from).append_pair("end_date", to);
            if let Some(user) = &user {
                url.query_pairs_mut().append_pair("user_id", user);
            }
            let Some(answer) = self.told_at_most(MOST, endpoint, url).await else { return Ok(None) };
            Ok(answer["results"]
                .as_array()
                .map(|days| History { user, days: days.iter().filter_map(day).collect() }))
        });
        told.await.ok().flatten()
    }
}

fn day(row: &Value) -> Option<Day> {
    let date = row["date"].as_str()?.to_owned();
    // By the proxy's names; older versions know the vendor's alone.
    let by = |name: &str| row["breakdown"][name].as_object().filter(|models| !models.is_empty());
    let models = by("model_groups").or_else(|| by("models"));
    let models = models.into_iter().flatten().map(|(model, row)| of_model(model, &row["metrics"]));
    Some(Day { date, models: models.collect() })
}

fn of_model(model: &str, metrics: &Value) -> ModelDay {
    let count = |name: &str| metrics[name].as_u64().unwrap_or_default();
    ModelDay {
        model: model.to_owned(),
        spend: metrics["spend"].as_f64().unwrap_or_default(),
        succeeded: count("successful_requests"),
        failed: count("failed_requests"),
        input_tokens: count("prompt_tokens"),
        output_tokens: count("completion_tokens"),
        cache_read_tokens: count("cache_read_input_tokens"),
        cache_write_tokens: count("cache_creation_input_tokens"),
    }
}
