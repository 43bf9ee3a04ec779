//! Sentences with their translations, some with places to fill in.

use std::collections::{BTreeMap, HashMap};

/// By the file that says them.
pub(super) type Said = BTreeMap<String, BTreeMap<String, String>>;

/// Sentences that can be looked up as they are told, with names and numbers in their places.
pub(super) struct Phrases {
    whole: HashMap<String, String>,
    /// Of two that fit, the one with more words of its own comes first.
    filled: Vec<Filled>,
}

/// A sentence with places to fill in.
struct Filled {
    /// What stands before, between and behind the places.
    parts: Vec<String>,
    translation: String,
}

impl Phrases {
    pub(super) fn of(said: Said) -> Self {
        let all = said.into_values().flatten();
        let (filled, whole): (Vec<_>, Vec<_>) = all.partition(|(phrase, _)| phrase.contains("{0}"));
        let mut filled: Vec<Filled> = filled
            .into_iter()
            .map(|(phrase, translation)| Filled { parts: split(&phrase).0, translation })
            .collect();
        filled.sort_by_key(|phrase| usize::MAX - phrase.parts.iter().map(String::len).sum::<usize>());
        Self { whole: whole.into_iter().collect(), filled }
    }

    /// The translation of a sentence without places.
    pub(super) fn whole(&self, text: &str) -> Option<&str> {
        self.whole.get(text).map(String::as_str)
    }

    /// A sentence in its translation, with what is filled in as `inside` has it. None where it is none of these.
    pub(super) fn said(&self, text: &str, inside: &dyn Fn(&str) -> String) -> Option<String> {
        if let Some(said) = self.whole(text) {
            return Some(said.to_owned());
        }
        self.filled.iter().find_map(|phrase| {
            let values = values(&phrase.parts, text)?;
            let (between, places) = split(&phrase.translation);
            let mut said = String::new();
            for (at, words) in between.iter().enumerate() {
                said.push_str(words);
                if let Some(place) = places.get(at) {
                    said.push_str(&values.get(*place).map(|value| inside(value)).unwrap_or_default());
                }
            }
            Some(said)
        })
    }
}

/// What stands around the places of a sentence, and their numbers.
fn split(phrase: &str) -> (Vec<String>, Vec<usize>) {
    let (mut parts, mut places) = (vec![String::new()], Vec::new());
    let mut rest = phrase;
    while let Some(open) = rest.find('{') {
        let place = match rest.as_bytes().get(open + 1..open + 3) {
            Some([digit, b'}']) if digit.is_ascii_digit() => usize::from(digit - b'0'),
            _ => {
                push(&mut parts, &rest[..=open]);
                rest = &rest[open + 1..];
                continue;
            }
        };
        push(&mut parts, &rest[..open]);
        parts.push(String::new());
        places.push(place);
        rest = &rest[open + 3..];
    }
    push(&mut parts, rest);
    (parts, places)
}

fn push(parts: &mut [String], text: &str) {
    if let Some(last) = parts.last_mut() {
        last.push_str(text);
    }
}

/// What a text has in the places between parts, each as short as it can be. None where the parts don't fit.
fn values<'a>(parts: &[String], text: &'a str) -> Option<Vec<&'a str>> {
    let (first, rest) = parts.split_first()?;
    let (last, between) = rest.split_last()?;
    let mut text = text.strip_prefix(first.as_str())?.strip_suffix(last.as_str())?;
    let mut values = Vec::with_capacity(rest.len());
    for part in between {
        let (value, behind) = text.split_once(part.as_str())?;
        values.push(value);
        text = behind;
    }
    values.push(text);
    Some(values)
}
