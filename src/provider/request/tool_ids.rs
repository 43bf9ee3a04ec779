//! Ids of tool calls that every provider takes.

use litellm_ls_protocol::Compatibility;
use md5::{Digest, Md5};

use super::gemini::Family;

/// What the proxy puts between a call's id and a thought signature (litellm 1.101.3).
const SIGNATURE: &str = "__thought__";
/// The longest id that Bedrock and OpenAI take.
const LONGEST: usize = 64;

/// The id to send for a call or its result: each UTF-16 unit outside `[A-Za-z0-9_-]` becomes `_`, and a long id ends
/// in a hash of itself (D28, A28).
///
/// A thought signature that the proxy appended stays for Gemini, so that the proxy can read it back, and is cut off
/// for others. Roo takes it for a part of the id (R28).
pub fn sent(id: &str, family: Family, compatibility: Compatibility) -> String {
    match id.split_once(SIGNATURE) {
        Some(_) if family == Family::Gemini && compatibility != Compatibility::Roo => id.to_owned(),
        Some((call, _)) if compatibility != Compatibility::Roo => clean(call),
        _ => clean(id),
    }
}

/// The thought signature in an id, if the proxy appended one.
pub(super) fn signature(id: &str) -> Option<&str> {
    id.split_once(SIGNATURE).map(|(_, signature)| signature).filter(|signature| !signature.is_empty())
}

fn clean(id: &str) -> String {
    let mut clean = String::with_capacity(id.len());
    for character in id.chars() {
        match character {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '_' | '-' => clean.push(character),
            other => clean.extend(std::iter::repeat_n('_', other.len_utf16())),
        }
    }
    if clean.len() > LONGEST {
        let hash = Md5::digest(&clean);
        clean.truncate(LONGEST - 9);
        clean.push('_');
        clean.extend(hash.iter().take(4).map(|byte| format!("{byte:02x}")));
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_id_is_cut_after_its_signature() {
        let id = format!("{}__thought__abc", "x".repeat(70));
        let call = sent(&id, Family::Other, Compatibility::Default);
        assert_eq!(call, sent(&"x".repeat(70), Family::Other, Compatibility::Default));
        assert_eq!(call.len(), 64);
        assert_eq!(sent(&id, Family::Gemini, Compatibility::Default), id);
    }

    #[test]
    fn different_long_ids_stay_different() {
        let id =
            |last: char| sent(&format!("{}{last}", "x".repeat(80)), Family::Other, Compatibility::Default);
        assert_ne!(id('a'), id('b'));
    }
}
