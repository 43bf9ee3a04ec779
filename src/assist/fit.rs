//! Decides whether an answer may be written into a file, and which part of it: the one place that does, for every
//! command, action, editor and streamed edit.

use std::panic::{self, UnwindSafe};

use litellm_ls_protocol::CompleteResult;

use super::{
    answer, beside, closers,
    code::{self, Part},
    commit, dress, extent, fences, json,
    language::{self, Kind},
    line_ends::with_lf,
    new_part,
    place::{Place, Written},
    prose, repeats, structure, tags, template,
    thoughts::{self, without_thoughts},
    verdict,
};

/// Longest refusal that is told in a sentence, in characters.
const LONGEST_REFUSAL: usize = 200;
/// Longer than every mark that an answer may begin with, in bytes.
const LONGEST_MARK: usize = 14;
const BOM: char = '\u{feff}';
const DEFECT: &str = "litellm-ls met a defect of its own and can't tell whether the answer fits";
/// How an answer ends that is whole.
const WHOLE: &str = "stop";

/// An answer as it came.
#[derive(Debug, Clone, Copy, Default)]
pub struct Answer<'a> {
    /// Its text.
    pub text: &'a str,
    /// The model's refusal, where it refused.
    pub refusal: Option<&'a str>,
    /// Why it ended, in the words of `provider/complete`. None where it was interrupted.
    pub finish_reason: Option<&'a str>,
}

impl<'a> Answer<'a> {
    /// The answer of a completion.
    pub fn of(result: &'a CompleteResult) -> Self {
        Self {
            text: &result.message.text,
            refusal: result.message.refusal.as_deref(),
            finish_reason: result.finish_reason.as_deref(),
        }
    }
}

/// What may become of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fit {
    /// This may be written in the place of the selection.
    Write(String),
    /// The text stays as it is, and the answer is shown with the reason.
    Show {
        /// Why, as a clause without a full stop.
        reason: String,
        /// What is written where the user wants it all the same.
        anyway: String,
    },
    /// The text stays as it is, and there is nothing to show.
    Nothing {
        /// Why, and what to do.
        reason: String,
    },
}

/// Whether an answer may be written at a place.
pub fn fit(answer: Answer<'_>, place: Place<'_>) -> Fit {
    kept(answer.text, || decided(answer, place))
}

/// What is decided of an answer, which is shown where a defect of ours keeps that from being known: it has been paid for.
fn kept(text: &str, decided: impl FnOnce() -> Fit + UnwindSafe) -> Fit {
    panic::catch_unwind(decided)
        .unwrap_or_else(|_| Fit::Show { reason: DEFECT.to_owned(), anyway: text.to_owned() })
}

fn decided(answer: Answer<'_>, place: Place<'_>) -> Fit {
    let nothing = |reason: &str| Fit::Nothing { reason: reason.to_owned() };
    if let Some(refusal) = answer.refusal.filter(|refusal| !refusal.trim().is_empty()) {
        let said: String = refusal.trim().chars().take(LONGEST_REFUSAL).collect();
        return Fit::Nothing { reason: format!("the model refused: {}", said.replace(['\n', '\r'], " ")) };
    }
    let text = with_lf(answer.text);
    let said = without_thoughts(&text, place.selection);
    let cut_off = why_cut_off(answer.finish_reason);
    if said.trim().is_empty() {
        return match (text.trim().is_empty(), cut_off) {
            (_, Some(reason)) => {
                Fit::Nothing { reason: format!("{reason} before it said anything: ask again") }
            }
            (true, None) => nothing("the model answered with nothing: ask again, or choose another model"),
            (false, None) => {
                nothing("the model thought, and answered with nothing: ask again, or choose another model")
            }
        };
    }
    let said = dress::undressed(tags::untagged(said, place), place);
    let said = place.unindented(&said);
    let mut part = Part::of(&said, place);
    let code = dress::undressed(template::without_end_marks(part.code, place.selection), place);
    let code = new_part::of(&code, place);
    part.code = closers::without(&code, place);
    if part.code.trim().is_empty() {
        // What a fence says of its code is not said to the user.
        let is_fence = |word: &str| word.is_empty() || language::is_known(word) || fences::is_markdown(word);
        if !said.split(|letter: char| !letter.is_alphanumeric()).all(is_fence) {
            let reason = cut_off.unwrap_or(code::OUTSIDE).to_owned();
            return Fit::Show { reason, anyway: place.written(&said, false).text };
        }
        return nothing("the answer holds no text to write: ask again, or choose another model");
    }
    let Written { text: written, doubt } = match cut_off {
        Some(_) => place.written_unended(part.code, part.is_block),
        None => place.written(part.code, part.is_block),
    };
    // The mark that a file begins with is no part of what a model says.
    let written = match place.selection.starts_with(BOM) && !written.starts_with(BOM) {
        true => format!("{BOM}{written}"),
        false => written,
    };
    let unsaid = if thoughts::are_amid(&said, place.selection) {
        Some("the answer holds the model's reasoning")
    } else if template::goes_on(part.code, place) {
        Some("the answer goes on with marks of the model's template")
    } else {
        tags::has_tags(part.code, place).then_some("the answer holds a part of the question")
    };
    let doubt = doubt
        .or_else(|| verdict::doubt(part.code, place))
        .or_else(|| extent::doubt(part.code, place))
        .or_else(|| dress::doubt(part.code, place))
        .or_else(|| beside::doubt(part.code, place))
        .or_else(|| repeats::neighbour(&written, place))
        .or_else(|| commit::doubt(part.code, place));
    match cut_off.or(part.doubt).or(unsaid).or(doubt).map(str::to_owned) {
        Some(reason) => Fit::Show { reason, anyway: written },
        None if written.trim().is_empty() => nothing("the answer says only what is in the text already"),
        None => match json::mended(&written, place) {
            Ok(mended) => whole(mended.unwrap_or(written), place),
            Err(reason) => Fit::Show { reason: reason.to_owned(), anyway: written },
        },
    }
}

/// What is written, where the file stays whole with it.
fn whole(written: String, place: Place<'_>) -> Fit {
    match structure::doubt(&written, place) {
        Some(reason) => Fit::Show { reason: reason.to_owned(), anyway: written },
        None => Fit::Write(written),
    }
}

/// What is known to be written of an answer while it still comes: what may yet turn out to be reasoning, a fence or a
/// repetition is held back. Line ends are LF.
pub fn so_far(text: &str, place: Place<'_>) -> String {
    panic::catch_unwind(|| known(text, place)).unwrap_or_default()
}

fn known(text: &str, place: Place<'_>) -> String {
    // It may be half a line end.
    let text = with_lf(text.strip_suffix('\r').unwrap_or(text)).into_owned();
    let said = &*place.unindented(without_thoughts(&text, place.selection));
    let begin = said.trim_start();
    // Half a fence that comes escaped.
    if begin == "\\" || begin.starts_with("\\`") {
        return String::new();
    }
    let may_be_mark = said.len() < LONGEST_MARK || said.starts_with("<|") || tags::has_tags(said, place);
    if begin.starts_with(['<', '◁']) && may_be_mark || thoughts::may_be_bare(said) {
        return String::new();
    }
    let (first, rest) = said.trim_start_matches('\n').split_once('\n').unwrap_or((said, ""));
    let open = fences::Fence::of(first);
    if place.kind() == Kind::Code && open.is_none() && may_explain(said, place) {
        return String::new();
    }
    let code = match open {
        Some(_) if place.kind() == Kind::Markdown => return String::new(),
        Some(_) => rest,
        // One that stands behind a word.
        None if fences::may_be_in(first) => return String::new(),
        None => said,
    };
    if dress::may_be(code, place) {
        return String::new();
    }
    // The last line may become a fence or a mark, or end with one.
    let (whole, last) = code.rsplit_once('\n').unwrap_or(("", code));
    let may_end = last.rfind('[').is_some_and(|begin| template::INST_END.starts_with(&last[begin..]));
    let held = last.trim_start().is_empty() || last.contains(['`', '~', '<', '◁']) || may_end;
    let code = if held { whole } else { code };
    let end = (open.is_some() || !place.has_fences())
        .then(|| {
            let is_end = |line: &&str| {
                fences::Fence::of(line).is_some_and(|fence| open.is_none_or(|open| fence.closes(open)))
            };
            code.split_inclusive('\n')
                .scan(0, |end, line| {
                    let begin = *end;
                    *end += line.len();
                    Some((begin, line.trim_end_matches('\n')))
                })
                .find(|(_, line)| is_end(line))
                .map(|(begin, _)| begin)
        })
        .flatten();
    answer::begun(&code[..end.unwrap_or(code.len())], open.is_some(), place)
}

/// Whether what came so far may be the beginning of an explanation.
fn may_explain(said: &str, place: Place<'_>) -> bool {
    let begins = said.starts_with(|letter: char| letter.is_uppercase());
    let is_first_line = !said.contains('\n');
    begins && !place.is_among_prose() && (is_first_line || prose::is_around_code(said, place.language()))
}

/// Why an answer is not whole, by what it says of its end. None where it is.
pub fn why_cut_off(finish_reason: Option<&str>) -> Option<&'static str> {
    Some(match finish_reason {
        Some(WHOLE) => return None,
        Some("length") => "the answer was cut off at its length limit",
        Some("contentFilter") => "a content filter cut the answer off",
        Some("toolCalls") => "the model called a tool and did not finish its answer",
        Some("cancelled") => "the answer was cancelled",
        Some("error") => "the provider failed amid the answer",
        Some(_) => "the answer did not come to its end",
        None => "the response was interrupted",
    })
}

#[cfg(test)]
mod tests;
