//! Which of a vendor's models are new, as far as their names tell.

use std::cmp::Reverse;

/// Words in the names of models that are for something else than a conversation, or for trying out.
const ASIDE: [&str; 19] = [
    "audio",
    "search",
    "realtime",
    "tts",
    "image",
    "embed",
    "robotics",
    "computer-use",
    "research",
    "guard",
    "ft:",
    "live",
    "customtools",
    "voxtral",
    "lyria",
    "transcribe",
    "exp",
    "beta",
    "gemma",
];

/// Whether a model is for something else than a conversation, or for trying out, by its name.
pub(super) fn is_aside(name: &str) -> bool {
    ASIDE.iter().any(|word| name.contains(word))
}

/// What sorts the newest first, and what is settled and short before the rest.
pub(super) fn rank(name: &str) -> impl Ord + use<> {
    (Reverse(version(name)), name.contains("preview"), name.len(), name.to_owned())
}

/// A name without the day at its end, such as `-20260205`, `-2025-08-07` or `-2512`. None where it has none.
pub(super) fn undated(name: &str) -> Option<&str> {
    let start = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
    let day = name[start.len()..].trim_start_matches('-');
    let digits = day.bytes().filter(u8::is_ascii_digit).count();
    let last = day.rsplit('-').next().unwrap_or_default();
    match (digits, last.len()) {
        // `4-5-20251101`: what stands before the day is the version.
        (8.., 8) | (4.., 4) => Some(name[..name.len() - last.len()].trim_end_matches('-')),
        (8.., 2) => name.len().checked_sub("-2025-08-07".len()).and_then(|length| name.get(..length)),
        _ => None,
    }
}

/// The version in a model's name, in hundredths: of `claude-opus-4-8` 480, of `grok-4.20` 420, of `o3` 300.
pub(super) fn version(name: &str) -> u32 {
    let parts: Vec<&str> = name.split(['-', ':', '@', '/', '_']).collect();
    for (place, part) in parts.iter().enumerate() {
        let number = part.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let end = number.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(number.len());
        let (digits, behind) = number.split_at(end);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        // Sizes, such as `70b`, and days.
        if whole.is_empty() || whole.len() > 2 || whole.starts_with('0') || behind.starts_with('b') {
            continue;
        }
        let Ok(whole) = whole.parse::<u32>() else { continue };
        // `gpt-35` is one of long ago.
        if whole > 29 {
            continue;
        }
        let hundredths = match (fraction.len(), parts.get(place + 1)) {
            (0, Some(next)) if behind.is_empty() && matches!(next.len(), 1 | 2) => {
                next.parse::<u32>().map_or(0, |minor| minor * 10)
            }
            (0, _) => 0,
            (1, _) => fraction.parse::<u32>().map_or(0, |tenths| tenths * 10),
            _ => fraction.get(..2).and_then(|two| two.parse().ok()).unwrap_or(0),
        };
        return whole * 100 + hundredths;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_versions_come_first() {
        for (newer, older) in [
            ("claude-opus-4-8", "claude-opus-4-6"),
            ("claude-opus-5", "claude-3-5-haiku"),
            ("gpt-5.2", "gpt-4o"),
            ("grok-4.3", "grok-4.20"),
            ("gpt-4", "gpt-35-turbo"),
            ("gemini-3-flash", "gemini-2.5-pro"),
            ("o3", "gpt-oss-120b"),
            ("qwen3.8-27b", "llama-3.1-70b"),
            ("mistral-large-4", "mistral-large-2512"),
        ] {
            assert!(version(newer) > version(older), "{newer} {} {older} {}", version(newer), version(older));
        }
    }

    #[test]
    fn a_day_at_the_end_is_no_other_model() {
        for (name, bare) in [
            ("claude-opus-4-5-20251101", Some("claude-opus-4-5")),
            ("gpt-5-2025-08-07", Some("gpt-5")),
            ("mistral-large-2512", Some("mistral-large")),
            ("claude-opus-4-5", None),
            ("gpt-5", None),
            ("o3", None),
        ] {
            assert_eq!(undated(name), bare, "{name}");
        }
    }
}
