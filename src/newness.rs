//! How new a model is, as far as its name tells: a version and a date.

use std::ops::Range;

/// What a name tells.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Newness {
    /// A version in hundredths: 480 of `claude-opus-4-8`, 420 of `grok-4.20`. 0 where none is told.
    pub(crate) version: u32,
    /// A year, or 0 where it is not told, and month and day as one number.
    date: (u32, u32),
    /// The name without its date: `gpt-4o` of `gpt-4o-2024-08-06`. None where it has no date.
    pub(crate) undated: Option<String>,
}

impl Newness {
    pub(crate) fn of(id: &str) -> Self {
        let begin = id.rfind('/').map_or(0, |slash| slash + 1);
        let words = words(id, begin);
        let text = |place: usize| words.get(place).map_or("", |word| &id[word.clone()]);
        let mut age = Self::default();
        let mut place = 0;
        while place < words.len() {
            if let Some((length, date)) = date([text(place), text(place + 1), text(place + 2)]) {
                let (from, to) = (words[place].start, words[place + length - 1].end);
                let head = id[..from].trim_end_matches(|mark: char| !mark.is_alphanumeric());
                age.undated = (head.len() > begin).then(|| format!("{head}{}", &id[to..]));
                age.date = date;
                break;
            }
            if age.version == 0
                && let Some(major) = version_number(text(place))
            {
                let next = [text(place + 1), text(place + 2), text(place + 3)];
                let is_fraction = words.get(place + 1).is_some_and(|next| id[..next.start].ends_with('.'));
                let minor = match is_fraction {
                    true => fraction(next[0]),
                    false => digits(next[0], 1..=2).filter(|_| date(next).is_none()).map(|minor| minor * 10),
                };
                // `phi-3.8b` tells a size.
                if !(is_fraction && is_size(next[0])) {
                    age.version = major * 100 + minor.unwrap_or(0);
                }
                place += usize::from(minor.is_some());
            }
            place += 1;
        }
        age
    }

    /// What sorts the newest last.
    pub(crate) fn newness(&self) -> (u32, (u32, u32)) {
        (self.version, self.date)
    }
}

/// Where letters and digits stand together.
fn words(id: &str, begin: usize) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = begin;
    for part in id[begin..].split_inclusive(|letter: char| !letter.is_alphanumeric()) {
        let word = part.trim_end_matches(|letter: char| !letter.is_alphanumeric());
        if !word.is_empty() {
            words.push(start..start + word.len());
        }
        start += part.len();
    }
    words
}

/// A text that is nothing but so many digits.
fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let is_number = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// The whole number of a version that a word tells: `4`, `4o`, `o3`, `llama3`. Sizes such as `70b`, `8x7b` and `32k` are
/// none, and `gpt-35` is one of long ago.
fn version_number(word: &str) -> Option<u32> {
    let number = word.trim_start_matches(|letter: char| letter.is_alphabetic());
    let number = leading_digits(number).filter(|_| !is_size(number))?;
    digits(number, 1..=2).filter(|whole| (1..30).contains(whole) && !number.starts_with('0'))
}

/// The hundredths behind a point: 20 of `4.2` and of `4.20`, 50 of `2.5vl`.
fn fraction(word: &str) -> Option<u32> {
    let number = leading_digits(word)?;
    digits(number, 1..=2).map(|number_of| if number.len() == 1 { number_of * 10 } else { number_of })
}

fn leading_digits(text: &str) -> Option<&str> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    (end > 0).then(|| &text[..end])
}

/// Whether a word is a number of parameters or tokens.
fn is_size(word: &str) -> bool {
    leading_digits(word)
        .is_some_and(|number| word[number.len()..].starts_with(['b', 'B', 'k', 'K', 'm', 'M', 'x', 'X']))
}

/// The date that words begin with, and how many of them it takes.
fn date(words: [&str; 3]) -> Option<(usize, (u32, u32))> {
    let month = |month: &u32| (1..=12).contains(month);
    let year = |text: &str| digits(text, 4..=4).filter(|year| (2020..2100).contains(year));
    let day = |month_day: &u32| month(&(month_day / 100)) && (1..=31).contains(&(month_day % 100));
    let [first, second, third] = words;
    if let Some(whole) = digits(first, 8..=8) {
        let (year, month_day) = (whole / 10_000, whole % 10_000);
        return ((2020..2100).contains(&year) && day(&month_day)).then_some((1, (year, month_day)));
    }
    let two = |text: &str| digits(text, 2..=2);
    let month_day = |first: &str, second: &str| Some(two(first)? * 100 + two(second)?).filter(day);
    if let (Some(year), Some(month_day)) = (year(first), month_day(second, third)) {
        return Some((3, (year, month_day)));
    }
    if let (Some(month), Some(year)) = (two(first).filter(month), year(second)) {
        return Some((2, (year, month * 100)));
    }
    if let Some(month_day) = month_day(first, second) {
        return Some((2, (0, month_day)));
    }
    let short = digits(first, 4..=4)?;
    // `2411` is a month of a year (Mistral), `1106` a day of one that is not told (OpenAI).
    match (short / 100, short % 100) {
        (year @ 23..=39, in_year) if month(&in_year) => Some((1, (2000 + year, in_year * 100))),
        _ => day(&short).then_some((1, (0, short))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_versions_and_dates() {
        for (id, version, date, undated) in [
            ("gpt-5", 500, (0, 0), None),
            ("gpt-5.2-codex", 520, (0, 0), None),
            ("gpt-4o-2024-08-06", 400, (2024, 806), Some("gpt-4o")),
            ("gpt-4-0613", 400, (0, 613), Some("gpt-4")),
            ("gpt-4-1106-preview", 400, (0, 1106), Some("gpt-4-preview")),
            ("gpt-4-32k", 400, (0, 0), None),
            ("openai/o3-mini-2025-01-31", 300, (2025, 131), Some("openai/o3-mini")),
            ("claude-opus-4-8", 480, (0, 0), None),
            ("claude-opus-4-20250514", 400, (2025, 514), Some("claude-opus-4")),
            ("claude-3-5-sonnet@20241022", 350, (2024, 1022), Some("claude-3-5-sonnet")),
            ("claude-sonnet-4-5-20250929", 450, (2025, 929), Some("claude-sonnet-4-5")),
            ("gemini-2.5-flash-preview-05-20", 250, (0, 520), Some("gemini-2.5-flash-preview")),
            ("gemini-2.5-flash-preview-09-2025", 250, (2025, 900), Some("gemini-2.5-flash-preview")),
            ("gemini-2.0-flash-001", 200, (0, 0), None),
            ("mistral-large-2411", 0, (2024, 1100), Some("mistral-large")),
            ("llama-3.1-8b", 310, (0, 0), None),
            ("phi-3.8b", 0, (0, 0), None),
            ("qwen2.5vl", 250, (0, 0), None),
            ("grok-4.20", 420, (0, 0), None),
            ("grok-4.3", 430, (0, 0), None),
            ("gpt-35-turbo", 0, (0, 0), None),
            ("v0-1.5-md", 150, (0, 0), None),
            ("claude-opus-4-5-20251101", 450, (2025, 1101), Some("claude-opus-4-5")),
            ("gpt-5-2025-08-07", 500, (2025, 807), Some("gpt-5")),
            ("mistral-large-2512", 0, (2025, 1200), Some("mistral-large")),
            ("o3", 300, (0, 0), None),
            ("gpt-oss-120b", 0, (0, 0), None),
            ("mixtral-8x7b", 0, (0, 0), None),
            ("qwen2.5-coder-32b", 250, (0, 0), None),
            ("amazon.nova-pro-v1:0", 100, (0, 0), None),
            ("deepseek-r1", 100, (0, 0), None),
            ("team-2024/model", 0, (0, 0), None),
            ("20240101", 0, (2024, 101), None),
            ("模型-7", 700, (0, 0), None),
            ("", 0, (0, 0), None),
        ] {
            let undated = undated.map(str::to_owned);
            assert_eq!(Newness::of(id), Newness { version, date, undated }, "{id}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_name_is_read(id in "([a-z0-9\u{e9}\u{6f22}/@:._ -]|20[0-9]{2}|-[01][0-9]){0,20}") {
            let _ = Newness::of(&id);
        }
    }
}
