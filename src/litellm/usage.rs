//! Reads the `usage` object of an answer, whatever the provider behind the proxy calls its fields.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// More tokens, or USD, than any answer takes: a proxy that says so says nothing, and all sums would be of no use any more.
const MOST_TOKENS: u64 = 1_000_000_000_000;
const MOST_COST: f64 = 1e6;

/// The counts as LiteLLM sends them, in tokens (D31).
///
/// Every field of the object may be absent, null or of a wrong type. A count that is not a whole number from 0 to 10^12
/// is absent; an absent count is `None` where that means something, else 0.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Usage {
    /// `prompt_tokens`, cached ones included.
    pub prompt_tokens: Option<u64>,
    /// `completion_tokens`, with most vendors reasoning included: [`Self::output_tokens`] tells.
    pub completion_tokens: Option<u64>,
    /// `total_tokens`.
    pub total_tokens: Option<u64>,
    /// `prompt_tokens_details.cached_tokens`, as OpenAI says it.
    pub cached_tokens: u64,
    /// `cache_read_input_tokens`, as Anthropic says it.
    pub cache_read_input_tokens: u64,
    /// `prompt_cache_hit_tokens`, as DeepSeek says it.
    pub prompt_cache_hit_tokens: u64,
    /// `prompt_cache_miss_tokens`, as DeepSeek says it: plain input, whatever the name suggests.
    pub prompt_cache_miss_tokens: u64,
    /// `cache_creation_input_tokens`, as Anthropic says it.
    pub cache_creation_input_tokens: u64,
    /// `prompt_tokens_details.cache_write_tokens`.
    pub cache_write_tokens: u64,
    /// `prompt_tokens_details.cache_creation_tokens`, which newer proxies repeat there.
    pub cache_creation_tokens: u64,
    /// `completion_tokens_details.reasoning_tokens`, mostly a part of `completion_tokens`.
    pub reasoning_tokens: u64,
    /// `audio_tokens` of the prompt and of the answer.
    pub audio_tokens: u64,
    /// `completion_tokens_details.image_tokens`: of images that were made.
    pub image_tokens: u64,
    /// `web_search_requests`, of `server_tool_use` or `prompt_tokens_details`.
    pub searches: u64,
    /// `ephemeral_1h_input_tokens`: of what was written to the cache, what stays there for an hour.
    pub hour_write_tokens: u64,
    /// Whether `service_tier` is `flex` or `priority`.
    pub is_of_other_tier: bool,
    /// USD: `cost`, or its `total_cost` where it is an object. Absent unless from 0 to 10^6.
    pub cost: Option<f64>,
}

impl Usage {
    /// Reads a `usage` value. `None` where it is not an object.
    pub fn read(usage: &Value) -> Option<Self> {
        usage.as_object()?;
        let (prompt, answer) = (&usage["prompt_tokens_details"], &usage["completion_tokens_details"]);
        let number = |value: &Value| count(value).unwrap_or_default();
        Some(Self {
            prompt_tokens: count(&usage["prompt_tokens"]),
            completion_tokens: count(&usage["completion_tokens"]),
            total_tokens: count(&usage["total_tokens"]),
            cached_tokens: number(&prompt["cached_tokens"]),
            cache_read_input_tokens: number(&usage["cache_read_input_tokens"]),
            prompt_cache_hit_tokens: number(&usage["prompt_cache_hit_tokens"]),
            prompt_cache_miss_tokens: number(&usage["prompt_cache_miss_tokens"]),
            cache_creation_input_tokens: number(&usage["cache_creation_input_tokens"]),
            cache_write_tokens: number(&prompt["cache_write_tokens"]),
            cache_creation_tokens: number(&prompt["cache_creation_tokens"]),
            reasoning_tokens: number(&answer["reasoning_tokens"]),
            audio_tokens: number(&prompt["audio_tokens"]).saturating_add(number(&answer["audio_tokens"])),
            image_tokens: number(&answer["image_tokens"]),
            searches: number(&usage["server_tool_use"]["web_search_requests"])
                .max(number(&prompt["web_search_requests"])),
            hour_write_tokens: number(&prompt["cache_creation_token_details"]["ephemeral_1h_input_tokens"])
                .max(number(&usage["cache_creation"]["ephemeral_1h_input_tokens"])),
            is_of_other_tier: usage["service_tier"].as_str().is_some_and(is_other_tier),
            cost: money(&usage["cost"]).or_else(|| money(&usage["cost"]["total_cost"])),
        })
    }

    /// With what was counted before: vendors count on the way, in several places, or say nothing more at the end. No count
    /// is ever taken back.
    #[must_use]
    pub fn with(self, before: Self) -> Self {
        Self {
            prompt_tokens: self.prompt_tokens.max(before.prompt_tokens),
            completion_tokens: self.completion_tokens.max(before.completion_tokens),
            total_tokens: self.total_tokens.max(before.total_tokens),
            cached_tokens: self.cached_tokens.max(before.cached_tokens),
            cache_read_input_tokens: self.cache_read_input_tokens.max(before.cache_read_input_tokens),
            prompt_cache_hit_tokens: self.prompt_cache_hit_tokens.max(before.prompt_cache_hit_tokens),
            prompt_cache_miss_tokens: self.prompt_cache_miss_tokens.max(before.prompt_cache_miss_tokens),
            cache_creation_input_tokens: self
                .cache_creation_input_tokens
                .max(before.cache_creation_input_tokens),
            cache_write_tokens: self.cache_write_tokens.max(before.cache_write_tokens),
            cache_creation_tokens: self.cache_creation_tokens.max(before.cache_creation_tokens),
            reasoning_tokens: self.reasoning_tokens.max(before.reasoning_tokens),
            audio_tokens: self.audio_tokens.max(before.audio_tokens),
            image_tokens: self.image_tokens.max(before.image_tokens),
            searches: self.searches.max(before.searches),
            hour_write_tokens: self.hour_write_tokens.max(before.hour_write_tokens),
            is_of_other_tier: self.is_of_other_tier || before.is_of_other_tier,
            cost: match (self.cost, before.cost) {
                (Some(one), Some(other)) => Some(one.max(other)),
                (one, other) => one.or(other),
            },
        }
    }

    /// The tokens of the answer, reasoning included. xAI counts reasoning beside the rest, which its total shows; and what
    /// is more than the whole can't be a part of it.
    pub fn output_tokens(&self) -> Option<u64> {
        let completion = self.completion_tokens?;
        let apart = completion.checked_add(self.reasoning_tokens)?;
        let total = |answer: u64| self.prompt_tokens.and_then(|prompt| prompt.checked_add(answer));
        let is_part = self.total_tokens.is_some() && self.total_tokens == total(completion);
        let is_apart = self.reasoning_tokens > completion
            || self.total_tokens.is_some() && self.total_tokens == total(apart);
        Some(if is_apart && !is_part { apart } else { completion })
    }
}

/// Reads the `usage` field of an answer or chunk; for `#[serde(default, deserialize_with = …)]`. Never fails on JSON.
pub fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Usage>, D::Error> {
    Value::deserialize(deserializer).map(|usage| Usage::read(&usage))
}

/// A whole number of 0 or more that can be one of tokens, also one written as `16.0` or `1e3`.
fn count(value: &Value) -> Option<u64> {
    let whole = |number: &f64| *number >= 0.0 && number.fract() == 0.0;
    let count = value.as_u64().or_else(|| value.as_f64().filter(whole).map(|number| number as u64));
    count.filter(|count| *count <= MOST_TOKENS)
}

/// Whether a number can be what an answer cost, in USD.
pub fn is_cost(cost: f64) -> bool {
    (0.0..=MOST_COST).contains(&cost)
}

/// Whether a service tier has prices of its own: what is not asked for is `default` or `standard`.
pub fn is_other_tier(tier: &str) -> bool {
    matches!(tier, "flex" | "priority")
}

fn money(value: &Value) -> Option<f64> {
    value.as_f64().filter(|cost| is_cost(*cost))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn wrong_types_are_absent() {
        let usage = Usage::read(&json!({
            "prompt_tokens": "10",
            "completion_tokens": -1,
            "prompt_tokens_details": [1],
            "completion_tokens_details": {"reasoning_tokens": true},
            "cache_read_input_tokens": {},
            "cost": "free",
        }));
        assert_eq!(usage, Some(Usage::default()));
    }

    #[test]
    fn reasoning_that_is_counted_beside_the_answer_is_part_of_the_output() {
        for (completion, reasoning, total, output) in [
            (1499, 2809, Some(14428), 4308),
            (1499, 2809, None, 4308),
            (1499, 100, Some(10120 + 1599), 1599),
            (1499, 100, Some(10120 + 1499), 1499),
            (1499, 2809, Some(10120 + 1499), 1499),
            (1499, 100, None, 1499),
            (1499, 0, Some(7), 1499),
            (MOST_TOKENS, MOST_TOKENS, None, MOST_TOKENS),
        ] {
            let details = json!({"reasoning_tokens": reasoning});
            let usage = json!({
                "prompt_tokens": 10120, "completion_tokens": completion, "total_tokens": total,
                "completion_tokens_details": details,
            });
            assert_eq!(Usage::read(&usage).unwrap().output_tokens(), Some(output), "{usage}");
        }
    }

    #[test]
    fn no_count_is_taken_back() {
        const FIELDS: [&str; 8] = [
            "prompt_tokens",
            "completion_tokens",
            "total_tokens",
            "cache_read_input_tokens",
            "prompt_cache_hit_tokens",
            "prompt_cache_miss_tokens",
            "cache_creation_input_tokens",
            "cost",
        ];
        let all = |number: u64| {
            let mut usage: serde_json::Map<_, _> =
                FIELDS.iter().map(|name| ((*name).to_owned(), json!(number))).collect();
            let prompt = [
                "cached_tokens",
                "cache_write_tokens",
                "cache_creation_tokens",
                "audio_tokens",
                "web_search_requests",
            ];
            usage.insert(
                "prompt_tokens_details".into(),
                prompt.iter().map(|name| ((*name).to_owned(), json!(number))).collect(),
            );
            usage.insert(
                "completion_tokens_details".into(),
                json!({"reasoning_tokens": number, "audio_tokens": number, "image_tokens": number}),
            );
            usage.insert("cache_creation".into(), json!({"ephemeral_1h_input_tokens": number}));
            usage.insert("service_tier".into(), if number == 7 { json!("flex") } else { Value::Null });
            Value::Object(usage)
        };
        let read = |usage: &Value| Usage::read(usage).unwrap();
        for later in [json!({}), all(0), all(6), json!({"cost": null})] {
            assert_eq!(read(&later).with(read(&all(7))), read(&all(7)), "{later}");
            assert_eq!(read(&all(7)).with(read(&later)), read(&all(7)), "{later}");
        }
        let parts = read(&json!({"completion_tokens": 7})).with(read(&json!({"prompt_tokens": 3})));
        assert_eq!((parts.prompt_tokens, parts.completion_tokens), (Some(3), Some(7)));
    }

    #[test]
    fn what_no_answer_takes_is_not_believed() {
        for (tokens, cost, read) in [
            (json!(MOST_TOKENS), json!(MOST_COST), (Some(MOST_TOKENS), Some(MOST_COST))),
            (json!(1e12), json!(0), (Some(MOST_TOKENS), Some(0.0))),
            (json!(MOST_TOKENS + 1), json!(MOST_COST + 0.1), (None, None)),
            (json!(u64::MAX), json!(1e300), (None, None)),
            (json!(1e25), json!({"total_cost": 1e7}), (None, None)),
        ] {
            let usage = Usage::read(&json!({"prompt_tokens": tokens, "cost": cost})).unwrap();
            assert_eq!((usage.prompt_tokens, usage.cost), read, "{tokens} {cost}");
        }
    }

    #[test]
    fn whole_floats_count() {
        let usage = Usage::read(&json!({"prompt_tokens": 10.0, "completion_tokens": 2.5})).unwrap();
        assert_eq!((usage.prompt_tokens, usage.completion_tokens), (Some(10), None));
    }

    #[test]
    fn cost_is_a_number_or_an_object_with_a_total() {
        let cost = |cost: Value| Usage::read(&json!({"cost": cost})).unwrap().cost;
        assert_eq!(cost(json!(0)), Some(0.0));
        assert_eq!(cost(json!({"total_cost": 0.25, "input_cost": 0.1})), Some(0.25));
        assert_eq!(cost(json!({"input_cost": 0.1})), None);
        assert_eq!(cost(json!(-1)), None);
    }

    #[test]
    fn only_an_object_is_a_usage() {
        #[derive(serde::Deserialize)]
        struct Chunk {
            #[serde(default, deserialize_with = "lenient")]
            usage: Option<Usage>,
        }
        for text in ["{}", r#"{"usage":null}"#, r#"{"usage":[]}"#, r#"{"usage":"none"}"#] {
            assert_eq!(serde_json::from_str::<Chunk>(text).unwrap().usage, None, "{text}");
        }
        assert!(serde_json::from_str::<Chunk>(r#"{"usage":{}}"#).unwrap().usage.is_some());
    }
}
