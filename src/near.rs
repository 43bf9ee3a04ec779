//! What somebody may have meant by a mistyped word.

/// The candidate that differs from a word by a slip or two. None where nothing is near.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = match word.len() {
        0..=2 => 0,
        3..=4 => 1,
        5..=11 => 2,
        _ => 3,
    };
    best(word, candidates, most)
}

/// The same, for words that are probably meant as they are: one slip, or two in a long word, and never in digits.
pub(crate) fn slip<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = match word.len() {
        0..=5 => 0,
        6..=11 => 1,
        _ => 2,
    };
    best(word, candidates, most).filter(|found| digits(found) == digits(word))
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn best<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>, most: usize) -> Option<&'a str> {
    // Keys are not that long; what is would take its time.
    if word.len() > 200 {
        return None;
    }
    let (plain, known) = (plain(word), letters_of(word));
    let near = |candidate: &'a str| {
        let others = (known ^ letters_of(candidate)).count_ones() as usize;
        if candidate.len().abs_diff(word.len()) > most.max(2) || others > 2 * most {
            return None;
        }
        let distance =
            if self::plain(candidate) == plain { 0 } else { strsim::osa_distance(word, candidate) };
        (candidate != word && distance <= most).then_some((distance, candidate))
    };
    candidates
        .into_iter()
        .filter_map(near)
        // Of equally near ones the first by name: candidates may come in any order.
        .min()
        .map(|(_, candidate)| candidate)
}

/// Which letters and digits a word has, a bit for each: a slip changes two at most.
fn letters_of(word: &str) -> u64 {
    let bit = |byte: u8| match byte {
        b'0'..=b'9' => 1 << (byte - b'0'),
        b'a'..=b'z' | b'A'..=b'Z' => 1 << (10 + (byte.to_ascii_lowercase() - b'a')),
        _ => 0,
    };
    word.bytes().map(bit).fold(0, |all, bit| all | bit)
}

/// Without what tells `litellm-params` from `litellm_params`.
fn plain(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_' | '.')).flat_map(char::to_lowercase).collect()
}

/// The name of a short list that a mistyped one resembles, such as `base_url` and `url` for `baseUrl`. It takes more for a
/// slip than [`nearest`] does, for nobody invents names of settings.
pub(crate) fn resembling<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let name = letters(name);
    known
        .iter()
        .map(|known| (strsim::jaro_winkler(&name, &letters(known)), *known))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, known)| known)
}

/// A name without what differs from one way of writing to another.
pub(crate) fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}
