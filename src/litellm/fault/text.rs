//! Finds what people should read, and the numbers, in the text of an error.

use std::time::Duration;

use serde_json::Value;

use super::envelope::said;

/// Longest message for people, in bytes.
const MESSAGE_LIMIT: usize = 400;

/// Where the router begins to tell what else it tried; before the first of these stands what happened.
const ROUTER_TALK: &[&str] = &[
    "No fallback model group found",
    ". Received Model Group",
    "\nReceived Model Group",
    "\nAvailable Model Group",
    "\nDeployment Info:",
    "\nmodel=",
    " Passed model=",
    " LiteLLM Retried:",
    " Original exception:",
];

/// The text before the router's own remarks, which repeat it and leak settings.
pub(super) fn head(text: &str) -> &str {
    let end = ROUTER_TALK.iter().filter_map(|talk| text.find(talk)).min().unwrap_or(text.len());
    text[..end].trim()
}

/// What a person should read: without class names, without JSON, HTML or a Python dict around it, in one line.
/// `None` where nothing is left.
pub(super) fn for_people(head: &str) -> Option<String> {
    let mut text = without_classes(head).to_owned();
    // A vendor's JSON may hold another vendor's JSON.
    for _ in 0..3 {
        match unwrapped(&text) {
            Some(inner) => text = inner,
            None => break,
        }
    }
    let line = without_html(&text).split_whitespace().collect::<Vec<_>>().join(" ");
    line.contains(char::is_alphanumeric).then(|| cut(without_keys(&line), MESSAGE_LIMIT))
}

/// Takes off a route (`/chat/completions: `), class names (`litellm.BadRequestError: `) and the provider's name
/// (`OpenAIException - `).
fn without_classes(head: &str) -> &str {
    let mut text = head;
    while let Some((class, rest)) = text.split_once(": ") {
        let is_class = ["Error", "Exception", "litellm.Timeout"].iter().any(|end| class.ends_with(end));
        if !(is_class || class.starts_with('/')) || class.contains(char::is_whitespace) {
            break;
        }
        text = rest.trim_start();
    }
    match text.split_once(" - ") {
        Some((provider, rest)) if names_a_failure(provider) => rest.trim_start(),
        _ => text,
    }
}

/// Whether this is a short remark such as `VertexAIException BadRequestError` or `Authentication Error`.
fn names_a_failure(text: &str) -> bool {
    text.len() <= 60
        && ["Exception", "Error"].iter().any(|word| text.contains(word))
        && !text.contains(['{', '<'])
}

/// What JSON or a Python dict says, if the text is one; `None` for any other text.
fn unwrapped(text: &str) -> Option<String> {
    let text = text.trim();
    let text = match text.strip_prefix("Error code: ").and_then(|rest| rest.split_once(" - ")) {
        Some((_, rest)) => rest,
        None => text,
    };
    let bytes = text.strip_prefix("b'").or_else(|| text.strip_prefix("b\""));
    let text = bytes.map_or_else(|| text.to_owned(), |bytes| bytes.replace("\\n", "\n"));
    if !text.starts_with(['{', '[']) {
        return None;
    }
    // What follows the value is LiteLLM's.
    match serde_json::Deserializer::from_str(&text).into_iter::<Value>().next() {
        Some(Ok(value)) => said(&value).map(str::to_owned),
        _ => ["'message': ", "\"message\": ", "'error': ", "\"error\": "]
            .iter()
            .find_map(|key| python_string(&text[text.find(key)? + key.len()..])),
    }
}

/// The Python string that a text begins with.
fn python_string(text: &str) -> Option<String> {
    let mut characters = text.chars();
    let quote = characters.next().filter(|first| matches!(first, '\'' | '"'))?;
    let mut string = String::new();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next()? {
                'n' | 't' | 'r' => string.push(' '),
                escaped => string.push(escaped),
            },
            end if end == quote => return Some(string),
            other => string.push(other),
        }
    }
    None
}

/// The title of a page, else its text; any other text as it is.
fn without_html(text: &str) -> String {
    if !text.trim_start().starts_with('<') {
        return text.to_owned();
    }
    let lower = text.to_ascii_lowercase();
    let title = lower.find("<title>").zip(lower.find("</title>"));
    let page = title.and_then(|(start, end)| text.get(start..end)).unwrap_or(text);
    page.split('<')
        .map(|piece| piece.split_once('>').map_or(piece, |(_, after)| after))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The text with an ellipsis in the place of everything that looks like a key or the hash of one.
pub(super) fn without_keys(text: &str) -> String {
    let in_word = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-');
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(in_word) {
        let length = rest[start..].find(|character| !in_word(character)).unwrap_or(rest.len() - start);
        let word = &rest[start..start + length];
        clean.push_str(&rest[..start]);
        clean.push_str(match word {
            key if key.starts_with("sk-") && key.len() >= 16 => "sk-…",
            token if token.starts_with("eyJ") && token.len() >= 16 => "…",
            hash if hash.len() >= 32 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => "…",
            other => other,
        });
        rest = &rest[start + length..];
    }
    clean.push_str(rest);
    clean
}

/// At most `limit` bytes of a text, of which the last are an ellipsis where something is cut off.
pub(super) fn cut(mut text: String, limit: usize) -> String {
    const ELLIPSIS: &str = "…";
    if text.len() > limit {
        text.truncate(text.floor_char_boundary(limit - ELLIPSIS.len()));
        text.push_str(ELLIPSIS);
    }
    text
}

/// The context window in tokens, in the words of the vendors.
pub(super) fn limit(text: &str) -> Option<u64> {
    let text = text.to_ascii_lowercase();
    [
        "maximum context length is ",
        "maximum context length of ",
        "maximum context limit of ",
        "maximum context limit is ",
        "model's context length (",
        "context length of ",
        "available context size (",
        "maximum number of tokens allowed (",
        "configured limit of ",
        "maximum input length is ",
        "while limit is ",
        " > ",
        "must be <= ",
    ]
    .iter()
    .find_map(|words| number(&text[text.find(words)? + words.len()..]))
}

/// The whole number that a text begins with; `200,000` is one too.
fn number(text: &str) -> Option<u64> {
    let end = text.find(|character: char| !(character.is_ascii_digit() || matches!(character, ',' | '_')));
    text[..end.unwrap_or(text.len())].replace([',', '_'], "").parse().ok()
}

/// How long a text asks to wait: `Try again in 5 seconds`, `try again in 1m30.5s`, `retry after 20s`.
pub(super) fn wait(text: &str) -> Option<Duration> {
    let text = text.to_ascii_lowercase();
    ["try again in ", "retry in ", "retry after "].iter().find_map(|words| {
        let mut rest = &text[text.find(words)? + words.len()..];
        let mut wait = None;
        while let Some((amount, unit)) = amount(rest) {
            let (seconds, after) = [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0)]
                .iter()
                .find_map(|(name, seconds)| Some((seconds * amount, unit.strip_prefix(name)?)))?;
            wait = Some(wait.unwrap_or_default() + seconds);
            rest = after;
        }
        Duration::try_from_secs_f64(wait?).ok()
    })
}

/// The number that a text begins with, and its unit with all that follows.
fn amount(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|character: char| !(character.is_ascii_digit() || character == '.'))?;
    Some((text[..end].parse().ok()?, text[end..].trim_start()))
}

/// The parameter that a vendor does not take.
pub(super) fn parameter(text: &str) -> Option<String> {
    let in_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.');
    let first_name = |text: &str| {
        let name = text.trim_start_matches(['[', '{', '(', '\'', '"', '`', ' ']);
        let end = name.find(|character| !in_name(character)).unwrap_or(name.len());
        Some(name[..end].trim_end_matches('.').to_owned()).filter(|name| !name.is_empty())
    };
    let lower = text.to_ascii_lowercase();
    let after = |words: &str| lower.find(words).and_then(|at| first_name(&text[at + words.len()..]));
    let named = ["parameters: ", "parameter: ", "parameter '", "value: ", "argument supplied: ", "setting "];
    // `tool_choice=required`, as in "Bedrock doesn't support tool_choice=required".
    let assigned = || {
        let (before, _) = text.split_once('=')?;
        before.rsplit(|character| !in_name(character)).next().and_then(first_name)
    };
    // `thinking.display: Extra inputs are not permitted`, as Anthropic says it.
    let extra = || {
        let before = &text[..lower.find(": extra inputs")?];
        before.rsplit(|character| !in_name(character)).next().and_then(first_name)
    };
    extra().or_else(|| named.iter().find_map(|words| after(words))).or_else(assigned)
}
