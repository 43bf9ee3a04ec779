//! Known secrets in a text that spells them letter by letter: in another case, in wide letters, with blanks between them,
//! or as the numbers of their bytes.

use std::ops::Range;

use super::beginning;

/// Letters of a secret by which it is known.
const TOLD: usize = 12;

/// The text with a mask in the place of every secret that it spells. Short secrets may be words, and are not looked for.
pub(super) fn without(text: String, known: &[String]) -> String {
    let mut secrets = known.iter().filter(|secret| beginning(secret).is_some()).peekable();
    if secrets.peek().is_none() {
        return text;
    }
    let spellings = [letters(&text), numbers(&text, 10), numbers(&text, 16)];
    let mut found: Vec<Range<usize>> = Vec::new();
    for secret in secrets {
        let folded = secret.to_ascii_lowercase();
        found.extend(places(&spellings[0], folded.as_bytes()));
        for numbers in &spellings[1..] {
            found.extend(places(numbers, secret.as_bytes()));
        }
    }
    found.sort_by_key(|place| place.start);
    let mut masked = 0;
    found.retain(|place| {
        let is_new = place.start >= masked;
        masked = masked.max(place.end);
        is_new
    });
    super::without(&text, found)
}

/// A letter that a text spells, and where it stands. None where a text has something that is no letter of a secret.
type Letter = (Option<u8>, Range<usize>);

/// The letters of a text without their case, their width and what stands between them.
fn letters(text: &str) -> Vec<Letter> {
    /// From `！` to `～` they are those of ASCII, this far away.
    const WIDE: u32 = 0xfee0;
    let is_between = |letter: char| {
        letter.is_whitespace()
            || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
    };
    let plain = |letter: char| match letter {
        '\u{ff01}'..='\u{ff5e}' => u8::try_from(u32::from(letter) - WIDE).ok(),
        letter => u8::try_from(letter).ok().filter(u8::is_ascii),
    };
    let letters = text.char_indices().filter(|(_, letter)| !is_between(*letter));
    letters
        .map(|(at, letter)| (plain(letter).map(|byte| byte.to_ascii_lowercase()), at..at + letter.len_utf8()))
        .collect()
}

/// The bytes whose numbers a text lists, as in `115, 107` or `73:6b`.
fn numbers(text: &str, radix: u32) -> Vec<Letter> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let start = word.as_ptr().addr() - text.as_ptr().addr();
            let digits = word.strip_prefix("0x").unwrap_or(word);
            (u8::from_str_radix(digits, radix).ok(), start..start + word.len())
        })
        .collect()
}

/// Where letters spell a secret, from its beginning on as far as they do.
fn places(letters: &[Letter], secret: &[u8]) -> Vec<Range<usize>> {
    let same = |from: usize| {
        letters[from..]
            .iter()
            .zip(secret)
            .take_while(|((letter, _), wanted)| *letter == Some(**wanted))
            .count()
    };
    let told = TOLD.min(secret.len());
    let begins = (0..letters.len()).filter(|at| letters[*at].0 == secret.first().copied());
    let begins = begins.map(|at| (at, same(at))).filter(|(_, count)| *count >= told);
    begins.map(|(at, count)| letters[at].1.start..letters[at + count - 1].1.end).collect()
}

#[cfg(test)]
mod tests {
    use crate::masking::without_known;

    const SECRET: &str = "sk-Ab/c+d=\"e&f'g<h>1234567890";

    fn joined(between: &str, spell: impl Fn(char) -> String) -> String {
        SECRET.chars().map(spell).collect::<Vec<_>>().join(between)
    }

    #[test]
    fn a_secret_is_taken_out_however_its_letters_are_spelled() {
        let letter = |letter: char| letter.to_string();
        let number = |letter: char| u32::from(letter).to_string();
        let hex = |letter: char| format!("{:02x}", u32::from(letter));
        let wide = |letter: char| char::from_u32(u32::from(letter) + 0xfee0).unwrap().to_string();
        let known = [SECRET.to_owned()];
        for spelling in [
            SECRET.to_uppercase(),
            SECRET.to_lowercase(),
            joined(" ", letter),
            joined("\n", letter),
            joined("\u{200b}", letter),
            joined("", wide),
            joined(", ", number),
            joined(" ", number),
            joined(":", hex),
            joined(" ", hex).to_uppercase(),
            joined(", ", |letter| format!("0x{}", hex(letter))),
            joined("", |letter| format!("\\{:03o}", u32::from(letter))),
            joined(" ", letter).to_uppercase()[..39].to_owned(),
        ] {
            let shown = without_known(&format!("no such key: [{spelling}]; 100 of 200"), &known);
            assert_eq!(shown, "no such key: […]; 100 of 200", "{spelling}");
        }
        for text in [
            "",
            "sk-ab",
            "SK-A B",
            "1, 2, 3",
            "s k - a b",
            "115, 107, 45",
            "the risk-able, 73:6b:2d",
            "ｓｋ－",
        ] {
            assert_eq!(without_known(text, &known), text);
        }
        // A short one may be a word.
        assert_eq!(without_known("Password, password", &["password".to_owned()]), "Password, …");
    }
}
