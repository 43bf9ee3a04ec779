//! Secrets in texts that people see: what looks like a key, what is said to be one, passwords in addresses.
//!
//! Logs of a proxy, excerpts and messages about a `config.yaml`, and what a key command says all go through here.

use std::ops::Range;

mod encoded;
mod spelled;

/// Stands for a secret.
const MASK: &str = "…";

/// The beginning of keys of OpenAI, Anthropic and LiteLLM; nobody calls a model so.
const KEY: &str = "sk-";
/// Beginnings of other vendors' keys. Names of models may begin so too; keys go on with letters and digits at random.
const VENDORS: [&str; 17] = [
    "AKIA",
    "ASIA",
    "AIza",
    "gsk_",
    "xai-",
    "hf_",
    "pplx-",
    "r8_",
    "nvapi-",
    "ghp_",
    "github_pat_",
    "glpat-",
    "tgp_",
    "csk-",
    "fw_",
    "eyJ",
    "AQ.",
];

/// Words in what only holds the place of a secret.
const STANDS_IN: [&str; 28] = [
    "none",
    "dummy",
    "fake",
    "local",
    "not-needed",
    "not_needed",
    "notneeded",
    "no-key",
    "noauth",
    "no-auth",
    "no_auth",
    "unused",
    "not-used",
    "not-required",
    "not_required",
    "ignored",
    "placeholder",
    "your-",
    "your_",
    "changeme",
    "change-me",
    "redacted",
    "xxxx",
    "empty",
    "lm-studio",
    "ollama",
    "<",
    "anything",
];

/// Masks what [`secrets`] finds: in a text from elsewhere.
pub(crate) fn masked(text: &str) -> String {
    without(text, secrets(text))
}

/// Masks secrets in a sentence of ours, which may quote one that stands in the wrong place. Only within quotation marks do a
/// name and a colon say that a value is secret: ``"`apiKey`: a key itself …"`` does not.
pub(crate) fn masked_sentence(sentence: &str) -> String {
    let ours = |text: &str| without(text, found(text, |_| Introduced::No));
    let mut shown = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some(start) = rest.find(['`', '"']) {
        let (mark, quoted) = (&rest[start..=start], &rest[start + 1..]);
        let end = quoted.find(mark).unwrap_or(quoted.len());
        shown += &ours(&rest[..start]);
        shown += mark;
        shown += &masked(&quoted[..end]);
        let after = (end + 1).min(quoted.len());
        shown += &quoted[end..after];
        rest = &quoted[after..];
    }
    shown + &ours(rest)
}

fn without(text: &str, secrets: Vec<Range<usize>>) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut end = 0;
    for secret in secrets {
        shown.push_str(&text[end..secret.start]);
        shown.push_str(MASK);
        end = secret.end;
    }
    shown + &text[end..]
}

/// The same, and the secrets that are known.
pub(crate) fn redact(text: &str, known: &[String]) -> String {
    masked(&without_known(text, known))
}

/// Masks the secrets that are known, whole or in pieces, in whatever spelling they stand there.
pub(crate) fn without_known(text: &str, known: &[String]) -> String {
    if known.is_empty() {
        return text.to_owned();
    }
    let whole = |text: &str| known.iter().fold(text.to_owned(), |text, secret| text.replace(secret, MASK));
    let pieces =
        |text: String| spelled::without(encoded::without_packed(without_pieces(text, known), known), known);
    // The beginning of one that is escaped further on must not leave the rest of it.
    pieces(encoded::without_escaped(whole(text), |text| pieces(whole(text))))
}

/// Bytes of the shortest secret of which a beginning is looked for, for vendors echo `sk-abcd…`; and of that beginning. What
/// is shorter tells whose key it is, and no more.
const SHORTEST_KEY: usize = 16;
const BEGINNING: usize = 8;
/// How much of a secret that was shortened to its ends tells it apart, in bytes.
const END: usize = 6;

/// Masks what a text shows of known secrets though none of them stands there whole: beginnings of keys, and beginning and
/// end with dots between, as Pydantic shortens what it quotes.
fn without_pieces(text: String, known: &[String]) -> String {
    let begun = known.iter().filter_map(|secret| Some((secret, beginning(secret)?)));
    without_shortened(&begun.fold(text, without_beginnings), known)
}

/// What a secret begins with that is random enough for a key.
fn beginning(secret: &str) -> Option<&str> {
    let is_key = secret.len() >= SHORTEST_KEY
        && secret.bytes().any(|byte| byte.is_ascii_digit())
        && secret.bytes().all(|byte| byte.is_ascii_graphic());
    is_key.then(|| &secret[..BEGINNING])
}

/// The text with a mask wherever it goes on as a secret does from its beginning on.
fn without_beginnings(text: String, (secret, beginning): (&String, &str)) -> String {
    let mut shown = String::new();
    let mut rest = text.as_str();
    while let Some(place) = rest.find(beginning) {
        let said = &rest[place..];
        let length = said.bytes().zip(secret.bytes()).take_while(|(said, secret)| said == secret).count();
        shown += &rest[..place];
        shown += MASK;
        rest = &said[length..];
    }
    shown + rest
}

fn without_shortened(text: &str, known: &[String]) -> String {
    const DOTS: &str = "...";
    if !text.contains(DOTS) {
        return text.to_owned();
    }
    let mut pieces: Vec<String> = text.split(DOTS).map(str::to_owned).collect();
    for secret in known.iter().filter(|secret| secret.len() > END) {
        let lengths = || (END..secret.len()).rev().filter(|length| secret.is_char_boundary(*length));
        let begin = |piece: &str| lengths().find(|length| piece.ends_with(&secret[..*length]));
        let ends = || (1..=secret.len() - END).filter(|start| secret.is_char_boundary(*start));
        let end = |piece: &str| ends().find(|start| piece.starts_with(&secret[*start..]));
        for place in 1..pieces.len() {
            if let Some(length) = begin(&pieces[place - 1]) {
                let kept = pieces[place - 1].len() - length;
                pieces[place - 1].truncate(kept);
            }
            if let Some(start) = end(&pieces[place]) {
                pieces[place].drain(..secret.len() - start);
            }
        }
    }
    pieces.join(DOTS)
}

/// Where secrets stand in a text, in order: words that look like keys, words that are said to be secret (`api_key: …`,
/// `Bearer …`), and passwords of addresses.
pub(crate) fn secrets(text: &str) -> Vec<Range<usize>> {
    found(text, Introduced::by)
}

fn found(text: &str, introduced_by: fn(&str) -> Introduced) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut introduced = Introduced::No;
    let (mut at, mut last) = (0, 0);
    while let Some(length) = text[at..].find(is_word) {
        let start = at + length;
        let end = text[start..].find(|c| !is_word(c)).map_or(text.len(), |length| start + length);
        let (between, word) = (&text[last..start], &text[start..end]);
        if between.ends_with(['&', '*']) {
            // YAML's name of a value, which stands before it (`&`) or for it.
            let is_before = between.ends_with('&') && introduced.covers(between);
            introduced = if is_before { Introduced::Any } else { Introduced::No };
        } else if introduced.covers(between) && !is_public(word) {
            found.push(start..end);
            introduced = introduced_by(word);
        } else {
            found.extend(keys(word).map(|key| start + key.start..start + key.end));
            introduced = introduced_by(word);
        }
        (at, last) = (end, end);
    }
    found.extend(passwords(text));
    found.sort_by_key(|secret| secret.start);
    // What is within another one is masked with it.
    let mut masked = 0;
    found.retain(|secret| {
        let is_new = secret.start >= masked;
        masked = masked.max(secret.end);
        is_new
    });
    found
}

/// Whether a value begins as the keys of a vendor do.
pub(crate) fn begins_as_key(value: &str) -> bool {
    value.starts_with(KEY) || VENDORS.iter().any(|beginning| value.starts_with(beginning))
}

/// Whether a value holds the place of a secret only.
pub(crate) fn stands_in(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    STANDS_IN.iter().any(|word| lower.contains(word))
}

/// Whether what goes by this name is a secret: `api_key`, `GITHUB_TOKEN`.
pub(crate) fn names_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["key", "token", "secret", "password", "authorization"].iter().any(|ending| name.ends_with(ending))
}

/// The password of an address, such as `redis://user:password@host`.
pub(crate) fn passwords(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("://").filter_map(|(at, _)| {
        let start = at + 3;
        let rest = &text[start..];
        let authority = &rest[..rest.find(['/', ' ', '"', '\'', '\n']).unwrap_or(rest.len())];
        let end = authority.rfind('@')?;
        let password = authority[..end].find(':')? + 1;
        (password < end && !authority[password..].starts_with(['$', '<', '{']))
            .then_some(start + password..start + end)
    })
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || "-_./+".contains(character)
}

/// The parts of a word that look like keys. `os.environ/sk-…` has one.
fn keys(word: &str) -> impl Iterator<Item = Range<usize>> {
    let starts = std::iter::once(0).chain(word.match_indices(['/', '.', '+']).map(|(at, _)| at + 1));
    let begun = starts.filter(|start| is_key(&word[*start..])).map(|start| start..word.len()).take(1);
    begun.chain(random(word))
}

fn is_key(word: &str) -> bool {
    let is_vendors = |beginning: &&str| {
        word.strip_prefix(*beginning).is_some_and(|rest| runs(rest).any(|run| run.len() >= 16))
    };
    word.len() >= 8 && word.starts_with(KEY) || VENDORS.iter().any(is_vendors)
}

/// Long runs of letters and digits that no word or name has.
fn random(word: &str) -> impl Iterator<Item = Range<usize>> {
    let is_random = |run: &&str| {
        let has = |is: fn(&u8) -> bool| run.bytes().any(|byte| is(&byte));
        let is_mixed = run.len() >= 20 && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
        let is_hex = run.len() >= 32 && run.bytes().all(|byte| byte.is_ascii_hexdigit());
        has(u8::is_ascii_digit) && (is_mixed || is_hex && has(u8::is_ascii_alphabetic))
    };
    runs(word).filter(is_random).map(|run| {
        let start = run.as_ptr().addr() - word.as_ptr().addr();
        start..start + run.len()
    })
}

fn runs(word: &str) -> impl Iterator<Item = &str> {
    word.split(|c: char| !c.is_ascii_alphanumeric())
}

/// What stands behind the name of a secret and is none: a reference or its beginning, a switch, a number, LiteLLM's own
/// example.
fn is_public(word: &str) -> bool {
    let rest = word.strip_prefix("os.environ/").or_else(|| word.strip_prefix("oidc/"));
    rest.is_some_and(|name| keys(name).next().is_none())
        || ["true", "false", "null", "bearer", "env", "file", "cmd", "keyring"].iter().any(|public| word.eq_ignore_ascii_case(public))
        || word == "sk-1234"
        // `input_cost_per_token: 3e-06`
        || word.parse::<f64>().is_ok() && (word.len() < 8 || word.contains(['.', 'e']))
        || stands_in(word)
}

/// Whether the word before says that a secret follows.
enum Introduced {
    No,
    /// By a name, if a colon or an equals sign follows it: `api_key: `.
    Name,
    /// Whatever follows: `Bearer `.
    Any,
}

impl Introduced {
    fn by(word: &str) -> Self {
        if word.eq_ignore_ascii_case("bearer") {
            Self::Any
        } else if names_secret(word) {
            Self::Name
        } else {
            Self::No
        }
    }

    fn covers(&self, between: &str) -> bool {
        match self {
            Self::No => false,
            Self::Name => between.contains([':', '=']) && !between.contains('\n'),
            Self::Any => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_and_the_rest_is_kept() {
        let known = ["c4n/ary+=".to_owned()];
        for (line, shown) in [
            ("the key is c4n/ary+= here", "the key is … here"),
            ("Received=sk-1234567890abcdef.", "Received=…"),
            ("{'api_key': 'plain words', 'model': 'gpt'}", "{'api_key': '… words', 'model': 'gpt'}"),
            ("api_key=\"abc\", password : xyz", "api_key=\"…\", password : …"),
            ("Authorization: Bearer abc.def", "Authorization: Bearer …"),
            ("KeyError: 'model'", "KeyError: 'model'"),
            ("No api key passed in", "No api key passed in"),
            ("expected to start with 'sk-'", "expected to start with 'sk-'"),
            ("key, value", "key, value"),
            ("", ""),
            ("日本語 key: 値 終", "日本語 key: … 終"),
            // What a configuration holds.
            ("api_key: os.environ/OPENAI_API_KEY", "api_key: os.environ/OPENAI_API_KEY"),
            ("master_key: sk-1234", "master_key: sk-1234"),
            ("api_key: none", "api_key: none"),
            ("permit_weak_or_unset_master_key: true", "permit_weak_or_unset_master_key: true"),
            (
                "input_cost_per_token: 0.0000025, x_per_token: 3e-06",
                "input_cost_per_token: 0.0000025, x_per_token: 3e-06",
            ),
            ("password: 12345678", "password: …"),
            ("API_KEY: hunter2x, api-key: 'hunter3x'", "API_KEY: …, api-key: '…'"),
            ("x: &key sk-abcdefgh12", "x: &key …"),
            ("api_key: *shared", "api_key: *shared"),
            ("api_key: &shared hunter2", "api_key: &shared …"),
            ("os.environ/sk-abcdefgh12 is not set", "os.environ/… is not set"),
            ("profiles.default.sk-abcdefgh12", "profiles.default.…"),
            ("os.environ/OPENAI_API_KEY is not set", "os.environ/OPENAI_API_KEY is not set"),
            ("redis://:hunter2@host, https://u:$PASS@h", "redis://:…@host, https://u:$PASS@h"),
            ("# aB3dE6gH9jK2mN5pQ8sT", "# …"),
            ("id 0123456789abcdef0123456789abcdef", "id …"),
            (
                "xai-grok-4-fast, hf_models/Llama-3.1-8B-Instruct",
                "xai-grok-4-fast, hf_models/Llama-3.1-8B-Instruct",
            ),
            (
                "bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0",
                "bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0",
            ),
            ("gsk_abcdefghijklmnop1234", "…"),
        ] {
            assert_eq!(redact(line, &known), shown, "{line}");
        }
    }

    #[test]
    fn a_sentence_of_ours_loses_what_it_quotes_and_no_word_of_its_own() {
        for (sentence, shown) in [
            ("`apiKey`: a key itself is never written", "`apiKey`: a key itself is never written"),
            ("USD for a single token: this is 3", "USD for a single token: this is 3"),
            ("no profile \"sk-abcdefgh12\"; use sk-abcdefgh12", "no profile \"…\"; use …"),
            ("`api_key:hunter2` must be a map", "`api_key:…` must be a map"),
            ("`redis://:hunter2@host` and redis://u:pw@host", "`redis://:…@host` and redis://u:…@host"),
            ("an end `password: x", "an end `password: …"),
            ("a mark \"", "a mark \""),
        ] {
            assert_eq!(masked_sentence(sentence), shown);
        }
    }

    #[test]
    fn pieces_of_known_secrets_are_masked() {
        let known = ["longsecret-word-word-end".to_owned(), "key-0123456789abcdef".to_owned()];
        for (text, shown) in [
            ("input_value='longsecret-...rd-end', input", "input_value='...', input"),
            ("a... b, longs...d", "a... b, longs...d"),
            ("no dots", "no dots"),
            ("key-01234, key-0123, key-0", "…, …, key-0"),
            ("key-0123...abcdef!", "…...!"),
        ] {
            assert_eq!(without_pieces(text.to_owned(), &known), shown);
        }
    }

    /// All that the server says to people.
    #[test]
    fn every_sentence_of_ours_is_told_whole() {
        let table = concat!(env!("CARGO_MANIFEST_DIR"), "/src/language/zh-cn.json");
        let table: serde_json::Value = serde_json::from_slice(&std::fs::read(table).unwrap()).unwrap();
        let mut compared = 0;
        for files in [&table["sentences"], &table["words"], &table["shown"]] {
            for sentence in
                files.as_object().unwrap().values().flat_map(|said| said.as_object().unwrap().keys())
            {
                let sentence = sentence.replace(['{', '}'], "");
                for told in [sentence.clone(), format!("`profiles.a.apiKey`: {sentence}")] {
                    assert_eq!(masked_sentence(&told), told);
                    compared += 1;
                }
            }
        }
        assert!(compared > 500, "{compared}");
    }

    #[test]
    fn places_are_in_order_and_none_is_within_another() {
        let text = "password: redis://:sk-abcdefgh12@host api_key: sk-abcdefgh12";
        let found = secrets(text);
        assert!(found.windows(2).all(|two| two[0].end <= two[1].start), "{found:?}");
        assert!(!masked(text).contains("sk-a"), "{}", masked(text));
    }
}
