//! Which part of an answer is for the text.

use super::{
    beside_fence,
    fences::{self, Block, Fenced},
    language::{self, Kind},
    place::Place,
    prose, refusal, texts,
    thoughts::{self, without_thoughts},
    verdict,
};

/// Explanation around a block of code that is no reason to look twice, in bytes: about two sentences.
const CHATTER: usize = 160;

/// Which part of an answer is for the text, and why that may be doubted.
pub(super) struct Part<'a> {
    pub(super) code: &'a str,
    /// Whether it stood in a fence.
    pub(super) is_block: bool,
    pub(super) doubt: Option<&'static str>,
}

impl<'a> Part<'a> {
    fn sure(code: &'a str) -> Self {
        Self { code, is_block: false, doubt: None }
    }

    fn inside(block: Block<'a>) -> Self {
        Self { code: block.inside, is_block: true, doubt: None }
    }

    fn doubtful(code: &'a str, doubt: &'static str) -> Self {
        Self { code, is_block: false, doubt: Some(doubt) }
    }

    /// The part of an answer that is for a place.
    pub(super) fn of(said: &'a str, place: Place<'_>) -> Self {
        if refusal::is_told(said) && !refusal::is_told(place.selection) {
            return Self::doubtful(said, "the model seems to refuse");
        }
        // Below the end of its block an answer is Markdown.
        if place.is_ended_by(said) {
            return Self::sure(said);
        }
        if is_list_of_changes(said, place) || place.has_fences() && is_block_of_changes(said, place) {
            return Self::doubtful(said, CHANGES);
        }
        // Where fences belong to the text, only one that wraps all of the answer does not.
        if place.has_fences() {
            let wrapping = fences::unwrapped(said)
                .or_else(|| fences::unwrapped(without_talk(said)))
                .or_else(|| fences::begun(said))
                .filter(|block| place.is_wrapped_by(block.info) || block.inside.trim().is_empty());
            return match wrapping {
                Some(block) => Self::inside(block),
                None if fences::open(place.selection).is_none() => {
                    Self::of_text(fences::without_stray_end(said), place)
                }
                None => Self::of_text(said, place),
            };
        }
        if place.kind() == Kind::Code && texts::hold_fences(said, &[place.language()]) {
            return Self::bare(said, place);
        }
        match held(said, !place.is_text()) {
            Ok(None) => Self::bare(said, place),
            Ok(Some((block, outside))) => Self::block(said, block, &outside, place),
            Err(doubt) => Self::doubtful(said, doubt),
        }
    }

    /// An answer without a fence.
    fn bare(said: &'a str, place: Place<'_>) -> Self {
        let language = place.language();
        if place.kind() != Kind::Code {
            return Self::of_text(said, place);
        }
        if prose::are_alternatives(said) && !prose::are_alternatives(place.selection) {
            return Self::doubtful(said, ALTERNATIVES);
        }
        if place.is_among_prose() {
            return Self::of_text(said, place);
        }
        if prose::is_prose(said) && !prose::is_value(said, language) {
            return Self::doubtful(said, EXPLANATION);
        }
        if prose::is_around_code(said, language) {
            return Self::doubtful(said, MIXED);
        }
        let selected = place.selection.trim_start();
        let is_text = [language::JAVASCRIPT[0], "go"].iter().any(|name| language::are_kin(name, language))
            && (said.contains("${") || selected.starts_with(['"', '\'']));
        match between_backticks(said) {
            Some(_) if selected.starts_with('`') || is_text => Self::sure(said),
            Some(code) if language::has_backticks(language) => Self::doubtful(code, BACKTICKS),
            Some(code) => Self::sure(code),
            None => Self::sure(said),
        }
    }

    /// An answer for a document of sentences.
    fn of_text(said: &'a str, place: Place<'_>) -> Self {
        let selected = place.selection;
        match !selected.trim().is_empty() {
            true if prose::is_addressed(said, selected) => Self::doubtful(said, MIXED),
            true if fences::may_be_in(said)
                && prose::are_alternatives(said)
                && !prose::are_alternatives(selected) =>
            {
                Self::doubtful(said, ALTERNATIVES)
            }
            _ => Self::sure(said),
        }
    }

    /// An answer with one block of code.
    fn block(said: &'a str, block: Block<'a>, outside: &[&str], place: Place<'_>) -> Self {
        let around: usize = outside.iter().map(|text| text.trim().len()).sum();
        if is_list_of_changes(block.inside, place) || (is_diff(block.info) && !is_diff(place.language())) {
            return Self::doubtful(said, CHANGES);
        }
        if around > block.inside.len().max(CHATTER) {
            return Self::doubtful(said, "most of the answer is explanation");
        }
        // Within a comment blocks belong to what it says.
        let is_talk = !outside.is_empty() && outside.iter().all(|text| prose::is_talk(text));
        if place.is_within_comment() && !is_talk && outside.first().is_some_and(|before| !is_lead(before)) {
            return Self::sure(said);
        }
        if language::are_strangers(block.info, place.language()) {
            return Self::doubtful(
                block.inside,
                "the code of the answer is in another language than the document",
            );
        }
        if place.kind() == Kind::Text && !outside.is_empty() && !is_lead(outside[0]) {
            return Self::doubtful(said, "the answer is text with a block of code in it");
        }
        // Markdown around the one block that counts.
        let is_outer = block.info.is_empty() || fences::is_markdown(block.info);
        match fences::unwrapped(block.inside) {
            Some(inner) if is_outer && place.kind() == Kind::Code => Self::block(said, inner, &[], place),
            _ => Self::inside(block),
        }
    }
}

/// The block of code that an answer holds, and what stands around it. None where it has no fence.
///
/// # Errors
/// Why it is not certain which part of the answer is the code.
fn held(said: &str, is_code: bool) -> Result<Option<(Block<'_>, Vec<&str>)>, &'static str> {
    let Fenced { blocks, outside, has_stray_end } = fences::cut(said);
    let has_letters = |text: &&str| text.contains(char::is_alphanumeric);
    let block = match blocks[..] {
        [] if has_stray_end => return ended(outside.first().copied().unwrap_or_default(), is_code),
        // One behind code, with a sentence behind it.
        [] if is_code
            && said.matches("```").count() == 1
            && !(said.contains("\"```") || said.contains("'```")) =>
        {
            return Err(OUTSIDE);
        }
        [] => return Ok(None),
        [block] if !has_stray_end || outside.iter().all(|text| text.trim().is_empty()) => block,
        _ => {
            return match fences::unwrapped(said) {
                Some(block) if !fences::is_markdown(block.info) => Ok(Some((block, Vec::new()))),
                _ => Err(SEVERAL),
            };
        }
    };
    let has_code_beside = block.info.contains([';', '(']) || block.info.contains(" = ");
    if has_code_beside {
        return Err(OUTSIDE);
    }
    let begin = block.inside.as_ptr().addr() - said.as_ptr().addr();
    let before = said[..begin].trim_end_matches('\n').rsplit_once('\n').map_or("", |(before, _)| before);
    let behind = said[begin + block.inside.len()..].split_once('\n').map_or("", |(_, behind)| behind);
    if beside_fence::is_amid_thoughts(before, behind) {
        return Err(THOUGHTS);
    }
    if is_code && block.closed && beside_fence::is_disowned(before, behind) {
        return Err(DISOWNED);
    }
    if is_code && before.lines().next_back().is_some_and(|line| line.matches('`').count() % 2 == 1) {
        return Err(OUTSIDE);
    }
    if !block.closed {
        let before = outside.first().copied().unwrap_or_default();
        let is_led = !has_letters(&before) || is_lead(before) || prose::is_prose(before);
        let remark = block.inside.trim_end().lines().next_back().unwrap_or_default();
        match is_led {
            // The fence ends what stands before it.
            false
                if is_code
                    && fences::is_bare(block.info)
                    && block.inside.lines().filter(has_letters).all(prose::is_remark) =>
            {
                return ended(before, is_code);
            }
            false => return Err(OUTSIDE),
            true if fences::may_be_in(block.inside) => return Err(OUTSIDE),
            true if is_code && (prose::is_around_code(block.inside, "") || prose::is_remark(remark)) => {
                return Err(MIXED);
            }
            true => {}
        }
    }
    Ok(Some((block, outside)))
}

/// The code before a fence that only ends it.
fn ended(code: &str, is_code: bool) -> Result<Option<(Block<'_>, Vec<&str>)>, &'static str> {
    if is_code && prose::is_prose(code) {
        return Err(EXPLANATION);
    }
    if is_code && prose::is_around_code(code, "") {
        return Err(MIXED);
    }
    Ok(Some((Block { info: "", inside: code, closed: true }, Vec::new())))
}

/// The code of an answer that is for no document but for a script: what stands in its one fence, or all of an answer that
/// has none, its thoughts aside.
///
/// # Errors
/// Why no part of it is to be taken for the code.
pub fn code_alone(said: &str) -> Result<String, &'static str> {
    /// Whose texts a block may stand in.
    const LANGUAGES: &[&str] = &["sh", "python"];
    let said = without_thoughts(said, "");
    let is_whole = texts::hold_fences(said, LANGUAGES);
    let said = if is_whole { said.into() } else { fences::plain(said.into()) };
    if thoughts::are_amid(&said, "") {
        return Err(THOUGHTS);
    }
    let code = match if is_whole { None } else { held(&said, true)? } {
        Some((block, _)) => block.inside,
        None if refusal::is_told(&said) => return Err("the model seems to refuse"),
        None if prose::is_prose(&said) || verdict::is_one(&said) => return Err(EXPLANATION),
        None if prose::is_around_code(&said, "") => return Err(MIXED),
        None => said.trim_start_matches('\n'),
    };
    let is_of_session = |line: &str| line.starts_with("$ ") || line.starts_with("> ```");
    match between_backticks(code).unwrap_or(code) {
        code if code.trim().is_empty() => Err("the answer holds no code"),
        code if code.lines().any(is_of_session) => Err(SESSION),
        code => Ok(code.to_owned()),
    }
}

/// What stands between two backticks in one line, as code in Markdown's form.
fn between_backticks(said: &str) -> Option<&str> {
    let code = said.trim().strip_prefix('`')?.strip_suffix('`')?;
    (!code.contains(['`', '\n']) && !code.is_empty()).then_some(code)
}

const THOUGHTS: &str = "the code of the answer stands in the model's reasoning";
const DISOWNED: &str = "the answer may show code that it does not mean";
pub(super) const OUTSIDE: &str = "the fences of the answer do not tell what the code is";
const MIXED: &str = "the answer mixes explanation with code";
const SEVERAL: &str = "the answer holds several blocks of code";
const ALTERNATIVES: &str = "the answer offers several versions to choose from";
const BACKTICKS: &str = "the answer stands between backticks, which may be Markdown or code";
const SESSION: &str = "the answer shows a session and not the code alone";
const EXPLANATION: &str = "the answer is an explanation and no code";
const CHANGES: &str = "the answer is a list of changes and not the changed text";

/// Whether what stands before a block only says what the block is.
fn is_lead(before: &str) -> bool {
    let lead = before.trim();
    lead.ends_with([':', '：']) && !lead.contains("\n\n")
}

fn is_diff(language: &str) -> bool {
    ["diff", "patch"].iter().any(|name| language.eq_ignore_ascii_case(name))
}

/// Whether a text says what to change, in one of the forms that models know, in a document that holds no such lists.
fn is_list_of_changes(text: &str, place: Place<'_>) -> bool {
    const BEGINNINGS: &[&str] = &["diff --git ", "@@ -", "*** Begin Patch", "<<<<<<< "];
    let begins = |text: &str| {
        let text = text.trim_start();
        BEGINNINGS.iter().any(|beginning| text.starts_with(beginning))
            || (text.starts_with("--- ") && text.lines().nth(1).is_some_and(|line| line.starts_with("+++ ")))
    };
    !is_diff(place.language())
        && (begins(text) && !begins(place.selection)
            || place.kind() == Kind::Code && is_bare_diff(text, place.selection))
}

/// A block without what a model says before it and behind it.
fn without_talk<'a>(said: &'a str) -> &'a str {
    let said = said.trim_start_matches('\n');
    let fence = |text: &'a str| text.split('\n').next().and_then(fences::Fence::of);
    let block = said.split_once("\n```").filter(|(lead, _)| is_lead(lead));
    let block = block.map(|(lead, _)| &said[lead.len() + 1..]).filter(|block| {
        // Below other words a block may belong to the text.
        fence(block).is_some_and(|fence| fences::is_markdown(fence.info)) || prose::is_addressed(said, "")
    });
    let said = block.unwrap_or(said);
    let begins = fence(said);
    let mut end = 0;
    let ends = said.split_inclusive('\n').filter_map(|line| {
        end += line.len();
        let fence = fences::Fence::of(line.trim_end_matches('\n'))?;
        begins.is_some_and(|begin| fence.closes(begin)).then_some(end)
    });
    match ends.last() {
        Some(end) if prose::is_talk(&said[end..]) => &said[..end],
        _ => said,
    }
}

/// Whether an answer is a block of changes alone, in a document that may hold blocks.
fn is_block_of_changes(said: &str, place: Place<'_>) -> bool {
    let block = fences::unwrapped(without_talk(said)).filter(|_| !place.selection.trim().is_empty());
    block.is_some_and(|block| {
        is_list_of_changes(block.inside, place)
            || is_diff(block.info) && is_bare_diff(block.inside, place.selection)
    })
}

/// Whether lines are marked as taken out and put in, those taken out being lines of the selection; or all as put in.
fn is_bare_diff(text: &str, selected: &str) -> bool {
    let marked = |text: &str, mark| text.lines().any(|line| line.starts_with(mark));
    let mut taken_out = text.lines().filter_map(|line| line.strip_prefix('-')).map(str::trim);
    let is_selected = |line: &str| !line.is_empty() && selected.lines().any(|one| one.trim() == line);
    let is_of_additions =
        text.lines().filter(|line| !line.trim().is_empty()).all(|line| line.starts_with('+'));
    let is_pair = text.lines().count() > 1
        && text.starts_with('-')
        && text.lines().all(|line| line.starts_with(['-', '+']) && line.len() > 1);
    !marked(selected, '+') && marked(text, '+') && (taken_out.any(is_selected) || is_of_additions || is_pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn for_a_script_there_is_code_or_nothing() {
        for (said, code) in [
            ("ls -la", Some("ls -la")),
            ("```sh\nls\n```", Some("ls")),
            ("`ls -la`", Some("ls -la")),
            ("echo `date`", Some("echo `date`")),
            (
                "cat <<'EOF' > x.md\nRun this:\n```\nrm -rf x\n```\nEOF",
                Some("cat <<'EOF' > x.md\nRun this:\n```\nrm -rf x\n```\nEOF"),
            ),
            ("P = \"\"\"\n```\nrm\n```\n\"\"\"", Some("P = \"\"\"\n```\nrm\n```\n\"\"\"")),
            ("Here's it:\n```sh\nls\n```\nIt's short.", Some("ls")),
            ("#!/bin/sh\n# Lists all.\nls", Some("#!/bin/sh\n# Lists all.\nls")),
            ("$ ls\nfile", None),
            ("```console\n$ ls\nfile\n```", None),
            ("> ```sh\n> ls\n> ```", None),
            ("No code.", None),
            ("OK", None),
            ("Use `ls`.", None),
            ("Use `ls -la`.", None),
            ("Run this:\n\n    ls -la", None),
            ("Run it with `ls -la` in the folder.", None),
            ("ls\n\nThis lists all the files.", None),
        ] {
            assert_eq!(code_alone(said).ok().as_deref().map(str::trim_end), code, "{said:?}");
        }
    }
}
