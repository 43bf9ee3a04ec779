//! Ids of tool calls that every provider takes.

use litellm_ls_protocol::Compatibility;
use md5::{Digest, Md5};

use super::family::Family;

/// What the proxy puts between a call's id and a thought signature (litellm 1.101.3).
const SIGNATURE: &str = "__thought__";
/// The longest id that Bedrock and OpenAI take.
const LONGEST: usize = 64;

/// The id to send for a call or its result: each UTF-16 unit outside `[A-Za-z0-9_-]` becomes `_`, and a long id ends
/// in a hash of itself (D28, A28).
///
/// A thought signature that the proxy appended stays for Gemini, so that the proxy can read it back, and is cut off
/// for others. Mistral takes nine letters and digits only. Roo takes a signature for a part of the id (R28).
pub fn sent(id: &str, family: Family, compatibility: Compatibility) -> String {
    match id.split_once(SIGNATURE) {
        call if family == Family::Mistral => nine(call.map_or(id, |(call, _)| call)),
        Some(_) if family == Family::Gemini && compatibility != Compatibility::Roo => id.to_owned(),
        Some((call, _)) if compatibility != Compatibility::Roo => clean(call),
        _ => clean(id),
    }
}

/// Whether the proxy appended a thought signature to an id.
pub fn is_signed(id: &str) -> bool {
    id.split_once(SIGNATURE).is_some_and(|(_, signature)| !signature.is_empty())
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

/// The id where it is one for Mistral, else nine digits that are always the same for it.
fn nine(id: &str) -> String {
    if id.len() == 9 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return id.to_owned();
    }
    let mut digits = format!("{:032x}", u128::from_be_bytes(Md5::digest(id).into()));
    digits.truncate(9);
    digits
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

    #[test]
    fn mistral_gets_nine_letters_and_digits() {
        let id = |id| sent(id, Family::Mistral, Compatibility::Default);
        assert_eq!(id("AbC123xyz"), "AbC123xyz");
        assert_eq!(id("AbC123xyz__thought__sig"), "AbC123xyz");
        for long in ["call_0123456789", "", "語", "abc_123_x"] {
            let short = id(long);
            assert!(short.len() == 9 && short.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{short}");
            assert_eq!(short, id(long));
        }
        assert_ne!(id("call_1"), id("call_2"));
    }
}
