//! Sentences with their translations, some with places to fill in.

use std::collections::{BTreeMap, HashMap};

/// Places of a text that are tried for the border of two values; ours are shorter, and another's text may be long.
const LONGEST_VALUE: usize = 200;

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
    /// Whether it is a place and one word behind it, as `{0} models`: what is counted or measured, and no name.
    is_count: bool,
    translation: String,
}

impl Phrases {
    pub(super) fn of(said: Said) -> Self {
        let all = said.into_values().flatten();
        let (filled, whole): (Vec<_>, Vec<_>) = all.partition(|(phrase, _)| phrase.contains("{0}"));
        let mut filled: Vec<Filled> = filled
            .into_iter()
            .map(|(phrase, translation)| Filled {
                is_count: phrase
                    .strip_prefix("{0} ")
                    .is_some_and(|word| word.chars().all(|letter| letter.is_ascii_alphabetic())),
                parts: split(&phrase).0,
                translation,
            })
            .collect();
        filled.sort_by_key(|phrase| usize::MAX - phrase.parts.iter().map(String::len).sum::<usize>());
        Self { whole: whole.into_iter().collect(), filled }
    }

    /// The translation of a sentence without places.
    pub(super) fn whole(&self, text: &str) -> Option<&str> {
        self.whole.get(text).map(String::as_str)
    }

    /// A sentence in its translation, with what is filled in as `inside` has it. None where it is none of these. Of several
    /// that fit, one in which nothing is left in English.
    pub(super) fn said(&self, text: &str, inside: &dyn Fn(&str) -> String, words: &Self) -> Option<String> {
        if let Some(said) = self.whole(text) {
            return Some(said.to_owned());
        }
        let is_known = |value: &str| words.holds(value);
        let mut first = None;
        for phrase in &self.filled {
            let Some(values) = values(&phrase.parts, text, &is_known) else { continue };
            if phrase.is_count && !values[0].contains(|letter: char| letter.is_ascii_digit()) {
                continue;
            }
            let told: Vec<String> = values.iter().map(|value| inside(value)).collect();
            let is_whole = values.iter().zip(&told).all(|(value, told)| value != told || !is_prose(value));
            if is_whole || first.is_none() {
                let said = phrase.with(&told);
                if is_whole {
                    return Some(said);
                }
                first = Some(said);
            }
        }
        first
    }

    /// Whether a text is one of these.
    fn holds(&self, text: &str) -> bool {
        self.whole.contains_key(text)
            || self.filled.iter().any(|phrase| values(&phrase.parts, text, &|_| false).is_some())
    }
}

impl Filled {
    /// The translation with these values.
    fn with(&self, values: &[String]) -> String {
        let (between, places) = split(&self.translation);
        let mut said = String::new();
        for (at, words) in between.iter().enumerate() {
            said.push_str(words);
            said.push_str(places.get(at).and_then(|place| values.get(*place)).map_or("", String::as_str));
        }
        said
    }
}

/// Whether words of a language stand beside each other in a text, and no names.
fn is_prose(text: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let words: Vec<&str> = text.split(' ').map(|word| word.trim_end_matches([',', ';'])).collect();
    words.windows(2).any(|pair| pair.iter().all(|word| is_word(word)))
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

/// What a text has in the places between parts, each as short as it can be. Of two places with nothing between, the one has
/// what `is_known`. None where the parts don't fit.
fn values<'a>(parts: &[String], text: &'a str, is_known: &dyn Fn(&str) -> bool) -> Option<Vec<&'a str>> {
    let (first, rest) = parts.split_first()?;
    let (last, between) = rest.split_last()?;
    let mut text = text.strip_prefix(first.as_str())?.strip_suffix(last.as_str())?;
    let mut values = Vec::with_capacity(rest.len());
    for (at, part) in between.iter().enumerate() {
        let (value, behind) = match part.as_str() {
            "" => {
                let next = between.get(at + 1).map_or("", String::as_str);
                let end = if next.is_empty() { text.len() } else { text.find(next)? };
                text.split_at(beside(&text[..end], is_known))
            }
            part => text.split_once(part)?,
        };
        values.push(value);
        text = behind;
    }
    values.push(text);
    Some(values)
}

/// Where the first of two values ends that stand beside each other: before the longest end that is known, else behind the
/// longest beginning.
fn beside(text: &str, is_known: &dyn Fn(&str) -> bool) -> usize {
    let places = || text.char_indices().map(|(at, _)| at).take(LONGEST_VALUE);
    let end = places().find(|at| is_known(&text[*at..]));
    end.or_else(|| places().filter(|at| is_known(&text[..*at])).last()).unwrap_or(0)
}
