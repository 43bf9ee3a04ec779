//! Finds what people should read in the text of an error.

use super::value::{in_text, said};
use crate::plain;

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

/// The text that is innermost, without class names: a vendor's JSON may hold another vendor's JSON.
fn inner(head: &str) -> String {
    let mut text = without_classes(head).to_owned();
    for _ in 0..4 {
        match unwrapped(&text) {
            Some(inner) => text = without_classes(&inner).to_owned(),
            None => break,
        }
    }
    text
}

/// The text and, where it is quoted there, what it says in the end: sentences are looked for in both.
pub(super) fn with_inner(head: &str) -> String {
    let inner = inner(head);
    if head.contains(&inner) { head.to_owned() } else { format!("{head}\n{inner}") }
}

/// What a person should read: without class names, without JSON, HTML or a Python dict around it, in one line.
/// `None` where nothing is left, or what is left can't be read.
pub(super) fn for_people(head: &str) -> Option<String> {
    let text = inner(head);
    // Of Python's account of a failure the last line says which it was.
    let last = text.trim_end().lines().next_back().filter(|_| text.starts_with("Traceback (most recent"));
    let line = line(&without_html(last.map_or(&*text, without_classes)));
    // What is not in UTF-8, nor in the encoding it is said to be in, helps nobody.
    let is_text = line.contains(char::is_alphanumeric) && !line.contains(char::REPLACEMENT_CHARACTER);
    is_text.then(|| cut(without_keys(&line), MESSAGE_LIMIT))
}

/// The text in one line, with nothing that moves or hides other text.
pub(super) fn line(text: &str) -> String {
    plain::text(text).split_whitespace().collect::<Vec<_>>().join(" ")
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

/// What the first error in JSON or a Python dict says that a text holds; `None` for any other text.
fn unwrapped(text: &str) -> Option<String> {
    said(&in_text(text)?)
}

/// The title of a page, else its text; any other text as it is.
fn without_html(text: &str) -> String {
    if !text.trim_start().starts_with('<') {
        return text.to_owned();
    }
    let page = element(text, "title").map_or(text, |(_, title, _)| title);
    let page = without_elements(page, "script");
    let page = without_elements(&page, "style");
    let words: Vec<&str> =
        page.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, after)| after)).collect();
    plain::without_entities(&words.join(" "))
}

/// The first element of a name: what stands before it, in it, and behind it.
fn element<'a>(page: &'a str, name: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let lower = page.to_ascii_lowercase();
    let start = lower.find(&format!("<{name}"))?;
    let inner = start + lower[start..].find('>')? + 1;
    let end = inner + lower[inner..].find(&format!("</{name}"))?;
    Some((&page[..start], &page[inner..end], &page[end..]))
}

fn without_elements(page: &str, name: &str) -> String {
    /// Pages of a size that people see have no more.
    const MOST: usize = 64;
    let mut page = page.to_owned();
    for _ in 0..MOST {
        let Some((before, _, after)) = element(&page, name) else { break };
        page = format!("{before} {after}");
    }
    page
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
