//! Whole answers that say how it went, and are no text for any place: `Done.`, `N/A`, `OK`.

use super::{
    comments, ends,
    language::{self, Kind, is_of_word},
    line_ends::with_lf,
    lines::is_unended,
    place::Place,
    prose,
};

/// What such answers say, in small letters and without the marks around them.
const WORDS: &[&str] = &[
    "changed",
    "complete",
    "completed",
    "done",
    "empty",
    "fixed",
    "looks good",
    "lgtm",
    "n/a",
    "n.a",
    "na",
    "no",
    "no answer",
    "no change",
    "no change needed",
    "no changes",
    "no changes needed",
    "no code",
    "no content",
    "no issues",
    "no issues found",
    "no output",
    "no problems",
    "no problems found",
    "no response",
    "none",
    "not applicable",
    "nothing",
    "nothing to change",
    "nothing to do",
    "nothing to fix",
    "ok",
    "okay",
    "same",
    "sure",
    "unchanged",
    "understood",
    "yes",
    "erledigt",
    "fertig",
    "hecho",
    "listo",
    "terminé",
    "готово",
    "完成",
    "已完成",
    "好的",
    "无",
    "无需修改",
    "完了",
    "なし",
];
/// What such an answer to a text for people begins with, in small letters.
const SENTENCES: &[&str] = &[
    "no change",
    "no further change",
    "nothing needs",
    "there is nothing to",
    "the code is already",
    "the text is already",
    "the selection is already",
    "this is already",
    "already correct",
    "could you clarify",
    "could you please",
    "can you clarify",
    "please clarify",
    "please provide",
    "what would you like",
    "i need more",
    "error:",
    "done!",
    "✅",
    "无需修改",
    "代码已经",
];
/// Longest of them, in bytes.
const LONGEST: usize = 300;
/// Words of a selection for which one such word is no other wording.
const WORDS_OF_TEXT: usize = 6;

const IS_VERDICT: &str = "the answer only says how it went";

/// Why an answer may be none, though it is whole. None where it may be the text.
pub(super) fn doubt(code: &str, place: Place<'_>) -> Option<&'static str> {
    let said = code.trim();
    let is_verdict = is_one(said) && !may_be_text(said, place);
    (is_verdict || is_sentence(said, place)).then_some(IS_VERDICT)
}

/// Whether an answer says in a word, or by a sign, how it went.
pub(super) fn is_one(said: &str) -> bool {
    let bare = said.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
    WORDS.contains(&&*bare) || !said.trim().is_empty() && said.chars().all(is_nod)
}

/// Whether an answer for a text is a sentence to the one who asked, where the text speaks otherwise.
fn is_sentence(said: &str, place: Place<'_>) -> bool {
    let begins = |text: &str| {
        let text = text.trim_start().to_lowercase();
        SENTENCES.iter().any(|words| text.starts_with(words))
    };
    let is_text = place.kind() != Kind::Code && !place.selection.trim().is_empty();
    let is_error =
        !is_text && place.kind() == Kind::Code && prose::is_remarked(said) && said.starts_with("Error");
    (is_text && said.len() < LONGEST && !said.contains("\n\n") && begins(said) && !begins(place.selection))
        || is_error && !place.selection.trim_start().starts_with("Error")
}

/// Whether a sign says that something is done, or not.
fn is_nod(sign: char) -> bool {
    matches!(sign, '✅' | '✔' | '✓' | '☑' | '❌' | '\u{fe0f}' | '\u{1f300}'..='\u{1faff}')
        || sign.is_whitespace()
}

/// Whether such a word belongs to the text of a place.
fn may_be_text(said: &str, place: Place<'_>) -> bool {
    /// There it is a value, and a body may be one.
    const VALUED: &[&str] = &["rust", "scala", "ocaml", "fsharp", "sml"];
    let selected = with_lf(place.selection);
    let selected = selected.trim();
    if place.is_text() {
        let is_long = selected.contains('\n') || selected.split_whitespace().count() >= WORDS_OF_TEXT;
        return !is_long || selected.contains(said);
    }
    let around = place.around();
    let is_name = said.chars().all(|letter| is_of_word(letter) || ";,\"'`".contains(letter));
    if !is_name && !language::is_data(place.language()) {
        return false;
    }
    let is_valued = VALUED.iter().any(|name| language::are_kin(name, place.language()));
    let is_word = |text: &str| {
        !text.is_empty() && text.chars().all(|letter| is_of_word(letter) || ".-'\"$@:".contains(letter))
    };
    let is_amid = !around.line_before().trim().is_empty()
        || !around.line_after().trim_matches([';', ',', ' ', '\t']).is_empty();
    let above =
        with_lf(&place.before[..place.before.len() - around.line_before().len()]).trim_end().to_owned();
    let above = comments::cut(above.lines().next_back().unwrap_or_default(), place.language()).0.trim();
    is_amid
        || selected.is_empty() && ends::is_before_item(place)
        || is_word(selected)
        || said == "None" && is_valued
        || !above.is_empty() && !above.ends_with(['\'', '"', '`']) && is_unended(above)
}
