//! How hard a model shall think, and whether it can.

use litellm_ls_protocol::{Compatibility, Message, Role};
use serde_json::{Value, json};

use super::{InvalidRequest, ModelFacts, Target};

/// Makers whose models think without having seen their earlier reasoning.
const NOT_PARTICULAR: [&str; 9] =
    ["gemini", "deepseek", "kimi", "moonshot", "glm", "qwen", "grok", "mistral", "magistral"];

/// Whether thinking would be refused: Claude wants to read the reasoning that led to the calls of the last turn, and
/// there is none that it can.
pub(super) fn is_lost(history: &[Message], target: &Target) -> bool {
    let Some(last) = history.iter().rfind(|message| message.role == Role::Assistant) else { return false };
    let can_read = target.made(last) && last.reasoning_blocks.iter().any(is_readable);
    !last.tool_calls.is_empty() && !can_read && (is_claude(target) || !names_any(target, &NOT_PARTICULAR))
}

fn is_readable(block: &Value) -> bool {
    let given = |name: &str| block[name].as_str().is_some_and(|text| !text.is_empty());
    match block["type"].as_str() {
        Some("thinking") => given("signature"),
        Some("redacted_thinking") => given("data"),
        _ => false,
    }
}

/// Whether a model is known to be a Claude, for which an effort becomes a budget.
pub(super) fn is_claude(target: &Target) -> bool {
    names_any(target, &["claude", "anthropic"])
}

fn names_any(target: &Target, words: &[&str]) -> bool {
    let has_one = |name: &str| {
        let name = name.to_ascii_lowercase();
        words.iter().any(|word| name.contains(word))
    };
    target.facts.names(target.model).any(has_one)
}

/// Whether an effort is to think not at all.
pub(super) fn is_off(effort: &str) -> bool {
    ["none", "disable"].contains(&effort)
}

/// An effort that the model is known not to have is refused here, before it costs a round trip. To switch reasoning off
/// is always tried.
pub(super) fn effort<'a>(
    asked: Option<&'a str>,
    facts: &ModelFacts,
    compatibility: Compatibility,
) -> Result<Option<&'a str>, InvalidRequest> {
    let known = &facts.reasoning_efforts;
    match asked {
        Some(effort) if effort.trim().is_empty() => {
            Err(InvalidRequest::new("reasoningEffort", "leave it out, or give one such as `low`"))
        }
        Some(effort)
            if compatibility != Compatibility::Roo
                && !known.is_empty()
                && !known.iter().any(|known| known == effort)
                && !is_off(effort) =>
        {
            Err(InvalidRequest::new("reasoningEffort", format!("use one of: {}", known.join(", "))))
        }
        asked => Ok(asked),
    }
}

/// A24: providers refuse a budget under 1,024 or one that leaves nothing for the answer.
pub(super) fn thinking(budget: Option<u64>, limit: Option<u64>) -> Result<Option<Value>, InvalidRequest> {
    const LEAST: u64 = 1024;
    let Some(budget) = budget else { return Ok(None) };
    if budget < LEAST {
        return Err(InvalidRequest::new("thinkingBudget", format!("give at least {LEAST} tokens")));
    }
    if let Some(limit) = limit
        && budget >= limit
    {
        let reason = format!("give less than the {limit} output tokens that it is a part of");
        return Err(InvalidRequest::new("thinkingBudget", reason));
    }
    Ok(Some(json!({"type": "enabled", "budget_tokens": budget})))
}
