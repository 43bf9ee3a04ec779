//! Whether an answer is a refusal that is told in a sentence, where the provider does not say that it is one.

use std::sync::LazyLock;

use regex_lite::Regex;

/// Longest text that can be one, in bytes: what is longer says something beside it.
const LONGEST: usize = 400;

/// The beginnings of refusals, in lower case and with straight apostrophes. A model speaks of itself, and of what it was
/// asked; letters and stories speak of other things in the same words.
static REFUSALS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let sorry =
        r"(?:(?:i'm|i am) (?:very |so |really )?sorry|sorry|i apologi[sz]e|my apologies|unfortunately)";
    let machine = r"as an? (?:ai|language|large language)[^,]*,";
    let unable = r"i(?:'m| am)? (?:can't|cannot|can not|won't|will not|unable to|not able to|must decline to|have to decline to|not comfortable)";
    let serve = r"(?:help|assist|comply|fulfill?|do|provide|generate|create|continue|write|produce|answer|support|discuss|process)";
    let request = r"(?:(?:you )?(?:with|to|on) )?(?:doing |creating |writing |generating )?(?:that|this|it|your request|the request|such|these|those|any of)\b";
    Regex::new(&format!(
        r"^(?:{sorry}[,.:;!]? ?(?:but )?)?(?:{machine} ?)?{unable} {serve}(?:ing)? {request}|^{sorry},? (?:but )?(?:{machine} ?)?{unable} (?:help|assist|comply)\b|^(?:{sorry},? (?:but )?)?{machine} {unable}"
    ))
    .ok()
});

/// The same in other languages.
const OTHERS: &[&str] = &[
    "es tut mir leid, aber ich kann dabei nicht",
    "es tut mir leid, aber dabei kann ich",
    "dabei kann ich nicht helfen",
    "dabei kann ich ihnen nicht",
    "je suis désolé, mais je ne peux pas vous aider",
    "désolé, je ne peux pas vous aider",
    "lo siento, pero no puedo ayudar",
    "mi dispiace, ma non posso aiutar",
    "desculpe, mas não posso ajudar",
    "抱歉，我无法",
    "很抱歉，我无法",
    "对不起，我无法",
    "抱歉，我不能",
    "申し訳ありませんが、",
    "申し訳ございませんが、",
    "죄송하지만",
];

/// Whether a text is a refusal and nothing else.
pub(super) fn is_told(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST || text.contains("\n\n") {
        return false;
    }
    let text = text.to_lowercase().replace('’', "'");
    REFUSALS.as_ref().is_some_and(|refusals| refusals.is_match(&text))
        || OTHERS.iter().any(|refusal| text.starts_with(refusal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_from_ordinary_prose() {
        for text in [
            "I'm sorry, but I can't help with that.",
            "I’m sorry, but I can’t assist with that request.",
            "Sorry, I can't help with that.",
            "I cannot assist with this request.",
            "I'm unable to help with that.",
            "I am not able to provide that information.",
            "I can't comply with that request, as it goes against my guidelines.",
            "I'm sorry, but I can't assist with writing malware.",
            "As an AI language model, I cannot write this.",
            "I'm sorry, but as an AI, I can't do that.",
            "Unfortunately, I can't help you with that. Is there anything else?",
            "I won't create this content.",
            "Es tut mir leid, aber dabei kann ich nicht helfen.",
            "抱歉，我无法协助完成此请求。",
            "申し訳ありませんが、お手伝いできません。",
        ] {
            assert!(is_told(text), "{text}");
        }
        for text in [
            "",
            "I'm sorry, but I can't come on Friday.",
            "I can't believe how fast this server is.",
            "Sorry for the delay. The release is out.",
            "Unfortunately, the old parser can't read such files.",
            "I cannot recommend this book enough.",
            "The proxy can't help with that: it does not know the model.",
            "As an AI company, we care about safety.",
            "> I'm sorry, but I can't help with that.",
            "You can't do that with a mutable borrow.",
            "I won't repeat the introduction here.",
            "I'm sorry, but I can't help with that.\n\nThis was all that the model said, and so we looked at its prompt.",
        ] {
            assert!(!is_told(text), "{text}");
        }
    }
}
