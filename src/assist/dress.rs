//! What models dress code in that is no code: tags around all of it, a word or a label above it, and prompts, numbers or
//! marks of a quotation before its lines. What is certain is taken off; for what is not there is a reason to doubt.

use std::{borrow::Cow, collections::BTreeMap};

use serde::de::IgnoredAny;

use super::{
    begins, comments, commit,
    language::{self, Kind, Layout},
    line_ends::with_lf,
    lines,
    place::Place,
};

/// Words that models set above their code, in small letters.
const LABELS: &[&str] = &[
    "answer",
    "assistant",
    "code",
    "corrected code",
    "final answer",
    "fixed code",
    "here",
    "improved version",
    "new code",
    "output",
    "response",
    "result",
    "revised",
    "revised version",
    "rewritten",
    "rewritten code",
    "rewritten text",
    "rewritten version",
    "solution",
    "updated code",
    "updated text",
    "updated version",
];
const IN_JSON: &str = "the answer is data for a program and not the code alone";
const IN_HTML: &str = "the answer is written as HTML";
const OF_SESSION: &str = "the answer shows a session and not the code alone";
const IN_ONE_LINE: &str = "the answer is one line that stands for several";
const LABELLED: &str = "the answer begins with a label that may be no code";
const TEXT_LABELLED: &str = "the answer begins with a label that may be none of the text";
const IN_QUOTES: &str = "the answer stands between quotation marks that are none of the language";

/// What HTML writes in the place of letters; the last is what the others begin with.
const ENTITIES: [(&str, &str); 7] = [
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&apos;", "'"),
    ("&amp;", "&"),
];

/// Takes off what an answer is dressed in. None where it is not.
type Step = fn(&str, Place<'_>) -> Option<String>;

/// An answer without what is certain to be no code around it.
pub(super) fn undressed<'a>(said: &'a str, place: Place<'_>) -> Cow<'a, str> {
    /// More wraps than a model puts around its code.
    const MOST: usize = 4;
    let selected = with_lf(place.selection);
    let mut code = Cow::Borrowed(said);
    while let Some(bare) = commit::bare(&code, place) {
        code = Cow::Owned(bare);
    }
    const OF_CODE: &[Step] = &[
        without_hard_blanks,
        without_rules,
        without_curly_quotes,
        without_path,
        without_tags,
        without_entities,
        without_math,
        without_word,
        without_prompts,
        without_numbers,
    ];
    const OF_TEXT: &[Step] = &[without_hard_blanks, without_rules, without_tags, without_numbers];
    let steps = match is_for(said, place) {
        true => OF_CODE,
        false if !selected.trim().is_empty() => OF_TEXT,
        false => return code,
    };
    for _ in 0..MOST {
        // What is selected has such itself.
        let has_same = |step: &Step| step(&selected, place).is_some();
        let bare = |step: &Step| Some(step).filter(|step| !has_same(step))?(&code, place);
        let Some(bare) = steps.iter().find_map(bare) else { break };
        code = Cow::Owned(bare);
    }
    code
}

/// Why an answer may hold what is no code. None where it seems to be all code.
pub(super) fn doubt(code: &str, place: Place<'_>) -> Option<&'static str> {
    if is_in_one_line(code, place) {
        return Some(IN_ONE_LINE);
    }
    if !is_for(code, place) {
        return match place.is_text() {
            true if is_wrapped_in_json(code, place) => Some(IN_JSON),
            true if is_labelled_text(code, place) => Some(TEXT_LABELLED),
            _ => None,
        };
    }
    let language = place.language();
    let is_markup = comments::is_markup(language);
    let first = first_line(code);
    let is_quoted =
        |before: &str| ['"', '\'', '`'].iter().any(|quote| before.matches(*quote).count() % 2 == 1);
    let has_entity = |line: &str| {
        ENTITIES.iter().any(|(entity, _)| line.find(entity).is_some_and(|begin| !is_quoted(&line[..begin])))
    };
    let tag = first.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).filter(|name| is_name(name));
    let is_tagged = || {
        let (name, rest) = first.strip_prefix('<')?.split_once('>')?;
        (is_name(name) && rest.ends_with(&format!("</{name}>"))).then_some(())
    };
    let calls_tool =
        ["<tool", "<function=", "[TOOL_CALLS]", "<|python_tag|>"].iter().any(|mark| first.starts_with(mark));
    let prompt = prompt(place);
    let is_prompt = |line: &str| line.starts_with(prompt) || line.starts_with("In [");
    match () {
        () if !is_markup
            && (tag.is_some()
                || is_tagged().is_some()
                || calls_tool
                || comments::without(code, language).lines().any(has_entity)) =>
        {
            Some(IN_HTML)
        }
        () if !prompt.is_empty() && code.lines().any(is_prompt) => Some(OF_SESSION),
        () if is_labelled(first, place) || is_labelled_data(code, place) => Some(LABELLED),
        () if !may_be_quotation(place) && is_in_curly_quotes(code) => Some(IN_QUOTES),
        () if calls_tool || is_call(code, place) || is_wrapped_in_json(code, place) => Some(IN_JSON),
        () => None,
    }
}

/// Whether what came of an answer so far may be dressed: how, only the rest will tell.
pub(super) fn may_be(said: &str, place: Place<'_>) -> bool {
    let begin = said.trim_start();
    let is_word = !begin.trim_end().contains('\n')
        && begin.trim_end().trim_end_matches(':').chars().all(char::is_alphabetic);
    is_for(said, place)
        && (begin.starts_with(['<', '[', '>', '\'']) && !comments::is_markup(place.language())
            || ["$", "&", "\\(", "\\[", "\\b", "“"].iter().any(|mark| begin.starts_with(mark))
            || ["---", "***"].iter().any(|rule| begin.starts_with(rule) || rule.starts_with(begin))
            || without_hard_blanks(said, place).is_some()
            || begin.starts_with(|letter: char| letter.is_ascii_digit())
            || begin.starts_with("...")
            || is_word
            || is_labelled(first_line(said), place)
            || without_word(said, place).is_some())
}

/// Whether only code belongs at a place, and the selection has no such dress itself.
fn is_for(said: &str, place: Place<'_>) -> bool {
    let selected = with_lf(place.selection);
    let begins = first_line(said).chars().next();
    let is_dress = |letter: &char| !letter.is_alphanumeric();
    let has_same = begins.filter(is_dress).is_some_and(|letter| selected.trim_start().starts_with(letter));
    let is_alone = !selected.trim().is_empty() || place.around().line_before().trim().is_empty();
    place.kind() == Kind::Code && is_alone && !has_same && !place.is_among_prose()
}

/// Lines whose indentation has no blanks that no line breaks at: a language has none of these there.
fn without_hard_blanks(said: &str, _: Place<'_>) -> Option<String> {
    const HARD: char = '\u{a0}';
    // Looked at with each piece that comes, and hardly ever there.
    if !said.contains(HARD) {
        return None;
    }
    let bare = |line: &str| {
        let depth = line.len() - line.trim_start_matches([' ', '\t', HARD]).len();
        format!("{}{}", line[..depth].replace(HARD, " "), &line[depth..])
    };
    let lines = |text: &str| text.split('\n').map(bare).collect::<Vec<_>>().join("\n");
    // Those before all of it indent nothing.
    let rest = said.trim_start_matches(HARD);
    let text = if lines(rest) == rest { rest.to_owned() } else { lines(said) };
    (text != said).then_some(text)
}

/// What stands between two rules, by which models part it from what they say of it.
fn without_rules(said: &str, place: Place<'_>) -> Option<String> {
    let is_rule = |line: &str| ["---", "***", "___"].contains(&line.trim_end());
    let (first, rest) = said.trim().split_once('\n')?;
    let (inside, last) = rest.rsplit_once('\n')?;
    // A document of Markdown may begin with its data.
    let is_data = |line: &str| line.contains(':') || line.starts_with([' ', '-', '#']);
    let may_be_head =
        place.kind() == Kind::Markdown && place.before.trim().is_empty() && inside.lines().all(is_data);
    let is_comment = place.kind() == Kind::Code && comments::is_one(first, place.language());
    let is_one =
        is_rule(first) && is_rule(last) && !is_rule(first_line(place.selection)) && !inside.trim().is_empty();
    (is_one && !may_be_head && !is_comment).then(|| inside.trim_matches('\n').to_owned())
}

/// Whole lines that stand between quotation marks as print has them.
fn without_curly_quotes(said: &str, place: Place<'_>) -> Option<String> {
    let are_lines = place.around().line_before().trim().is_empty() && place.below().is_some();
    let is_one = are_lines && !may_be_quotation(place) && is_in_curly_quotes(said);
    is_one.then(|| said.trim().trim_matches(['“', '”']).to_owned())
}

/// Whether a text may stand between such marks in the code of a place.
fn may_be_quotation(place: Place<'_>) -> bool {
    language::is_one_of(&["html", "xml", "svg", "vue", "svelte", "astro"], place.language())
}

fn is_in_curly_quotes(said: &str) -> bool {
    let inside = said.trim().strip_prefix('“').and_then(|rest| rest.strip_suffix('”'));
    inside.is_some_and(|inside| !inside.contains(['“', '”']))
}

/// What stands below a comment that says which file it is for, as some editors have models begin.
fn without_path(said: &str, place: Place<'_>) -> Option<String> {
    const LABELS: &[&str] = &["filepath:", "filename:", "file:", "path:"];
    let (first, rest) = said.trim_start_matches('\n').split_once('\n')?;
    let mark = |letter: char| !letter.is_alphanumeric();
    let comment = first.trim_start_matches(mark);
    let path = LABELS
        .iter()
        .find_map(|label| comment.to_lowercase().starts_with(label).then(|| comment[label.len()..].trim()));
    let path = path?.trim_end_matches(mark);
    let is_path = path.contains(['.', '/', '\\']) && !path.contains(char::is_whitespace);
    let is_new = !place.selection.trim().is_empty() && !with_lf(place.selection).contains(first.trim());
    (comment.len() < first.len() && is_path && is_new && !rest.trim().is_empty()).then(|| rest.to_owned())
}

/// What stands between two tags that belong to no language of the place: `<code>`, or `[PYTHON]`.
fn without_tags(said: &str, place: Place<'_>) -> Option<String> {
    let bare = said.trim();
    let (open, close) = match bare.chars().next()? {
        '<' => ('<', '>'),
        '[' if place.kind() == Kind::Code => ('[', ']'),
        _ => return None,
    };
    let (tag, rest) = bare[1..].split_once(close)?;
    let name = tag.split(' ').next().filter(|name| is_name(name) && !name.starts_with("tool"))?;
    let is_free = open == '[' || place.kind() == Kind::Code && !comments::is_markup(place.language());
    if !is_free && !is_of_answers(name, rest, place) {
        return None;
    }
    let inside = rest.strip_suffix(&format!("{open}/{name}{close}"))?;
    let is_html = open == '<' && !inside.contains(['<', '>']);
    let inside = inside.strip_prefix('\n').unwrap_or(inside);
    Some(match is_html && ["code", "pre"].contains(&name) {
        true => without_escapes(inside),
        false => inside.to_owned(),
    })
}

/// Whether a tag is one that models set around an answer, in a document that may have others.
fn is_of_answers(name: &str, rest: &str, place: Place<'_>) -> bool {
    /// These are in no HTML.
    const NAMES: &[&str] =
        &["answer", "replacement", "response", "result", "rewrite", "rewritten", "solution"];
    const OF_HTML: &[&str] = &["code", "output", "text"];
    /// There they may be meant.
    const OF_TAGS: &[&str] = &["html", "xml", "svg", "markdown", "md"];
    let name = name.to_ascii_lowercase();
    let is_one = |names: &[&str]| names.contains(&&*name);
    let is_named = is_one(NAMES) || ["_code", "_text"].iter().any(|end| name.ends_with(end));
    let selected = place.selection.trim();
    // A word may be what stands between tags there.
    let may_hold_tags =
        ["javascript", "vue", "svelte", "astro"].iter().any(|name| language::are_kin(name, place.language()))
            && !selected.ends_with([';', '}']);
    let is_block =
        || rest.starts_with('\n') && !may_hold_tags && !language::is_one_of(OF_TAGS, place.language());
    let is_free = place.is_within_comment() || is_block();
    !selected.starts_with('<') && (is_named || is_one(OF_HTML) && is_free)
}

/// Markup that came escaped as a whole, in the place of markup.
fn without_entities(said: &str, place: Place<'_>) -> Option<String> {
    let is_escaped = said.trim_start().starts_with("&lt;") && !said.contains(['<', '>']);
    let is_markup = comments::is_markup(place.language()) && place.selection.trim_start().starts_with('<');
    (is_escaped && is_markup).then(|| without_escapes(said))
}

fn without_escapes(text: &str) -> String {
    ENTITIES.iter().fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

/// What stands between marks of mathematics, in a language in which these begin nothing.
fn without_math(said: &str, place: Place<'_>) -> Option<String> {
    const MARKS: [(&str, &str); 5] =
        [("$$", "$$"), ("\\[", "\\]"), ("\\(", "\\)"), ("\\boxed{", "}"), ("$", "$")];
    const WITH_DOLLARS: [&str; 7] = ["sh", "sql", "perl", "powershell", "make", "makefile", "php"];
    let bare = said.trim();
    let between = |(open, close): &(&str, &str)| bare.strip_prefix(open)?.strip_suffix(close);
    let inside = MARKS.iter().find_map(between)?;
    let has_dollars = WITH_DOLLARS.iter().any(|name| language::are_kin(name, place.language()));
    let is_one = !inside.contains("\\]") && !inside.contains("\\)") && !inside.contains('$');
    (is_one && !has_dollars && !inside.trim().is_empty()).then(|| inside.trim_matches('\n').to_owned())
}

fn is_name(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter))
}

/// Whether an answer is a call of a tool, written as JSON.
fn is_call(code: &str, place: Place<'_>) -> bool {
    const GIVEN: [&str; 3] = ["arguments", "parameters", "input"];
    let read = || serde_json::from_str::<BTreeMap<String, IgnoredAny>>(code.trim()).ok();
    let has = |name: &str| !place.selection.contains(name);
    code.trim_start().starts_with('{')
        && read().is_some_and(|members| {
            members.contains_key("name") && GIVEN.iter().any(|name| members.contains_key(*name) && has(name))
        })
}

/// Whether an answer is an object of JSON with the code as a text in it, where none is asked for.
fn is_wrapped_in_json(code: &str, place: Place<'_>) -> bool {
    const OF_OBJECTS: [&str; 4] = ["json", "javascript", "yaml", "python"];
    const NAMES: &[&str] =
        &["answer", "code", "content", "output", "replacement", "response", "result", "text"];
    let is_one = || {
        let read: Result<BTreeMap<String, String>, _> = serde_json::from_str(code.trim());
        read.is_ok_and(|members| {
            members.len() == 1 || members.keys().any(|name| NAMES.contains(&&*name.to_ascii_lowercase()))
        })
    };
    let is_code = !place.is_text();
    let may_be = is_code
        && OF_OBJECTS.iter().any(|name| language::are_kin(name, place.language()))
        && !is_whole_line(place);
    let selected = place.selection.trim_start();
    let has_one = if is_code { selected.contains('{') } else { selected.starts_with('{') };
    code.trim_start().starts_with('{') && !has_one && !may_be && is_one()
}

/// Whether an answer in one line stands for several: it writes their ends, and what was selected has none written so.
fn is_in_one_line(code: &str, place: Place<'_>) -> bool {
    let (said, selected) = (code.trim(), with_lf(place.selection));
    let selected = selected.trim();
    if said.contains('\n') || !said.contains("\\n") || !selected.contains('\n') || selected.contains("\\n") {
        return false;
    }
    let lines = match serde_json::from_str::<String>(said) {
        Ok(_) if selected.starts_with('"') => return false,
        Ok(lines) => lines,
        Err(_) => said.replace("\\n", "\n").replace("\\t", "\t"),
    };
    lines.lines().any(|line| is_line_of(line, selected))
}

/// Whether a line that says something is one of a selection.
fn is_line_of(line: &str, selected: &str) -> bool {
    line.contains(char::is_alphanumeric) && selected.lines().any(|one| one.trim() == line.trim())
}

/// Whether a selection is a statement in lines of its own.
fn is_whole_line(place: Place<'_>) -> bool {
    let around = place.around();
    place.selection.contains(" = ")
        && around.line_before().trim().is_empty()
        && around.line_after().trim().is_empty()
}

/// What stands below the word of a lost fence, or, where no line can be one, below a label.
fn without_word(said: &str, place: Place<'_>) -> Option<String> {
    let (first, rest) = said.trim_start_matches('\n').split_once('\n')?;
    let language = place.language();
    let (word, rest) = match first.strip_prefix("'''") {
        Some(word) => (word.trim(), rest.trim_end().strip_suffix("'''")?),
        None => (first.trim(), rest),
    };
    let is_fence = language::are_kin(word, language) || word == "code";
    // There it runs a program.
    let is_command = language::are_kin(language, "sh") || language::are_kin(language, "powershell");
    let is_label = place.layout() == Layout::Colon && is_label(word, place);
    (!rest.trim().is_empty() && (is_fence && !is_command || is_label)).then(|| rest.to_owned())
}

/// Whether a line is a label of a model's, such as `Output:` or `Python:`.
fn is_label(line: &str, place: Place<'_>) -> bool {
    let word = line.trim().trim_matches('*').trim_end_matches(':');
    line.contains(':')
        && (LABELS.contains(&&*word.to_lowercase()) || language::are_kin(word, place.language()))
}

/// Whether a line begins with such a label where it may be code too: a key, a name with its type, a mark to jump to.
fn is_labelled(line: &str, place: Place<'_>) -> bool {
    let is_capital = line.starts_with(char::is_uppercase) || line.starts_with("assistant:");
    let (label, said) = line.split_at(line.find(':').map_or(0, |end| end + 1));
    let is_call = said.ends_with(';') && said.contains('(') && !said.contains("=>");
    let is_statement = said.trim().is_empty() || said.starts_with(' ') && (said.contains(" = ") || is_call);
    is_capital
        && is_label(label, place)
        && is_statement
        && matches!(place.layout(), Layout::Colon | Layout::Free)
        && !language::is_data(place.language())
}

/// Whether data begins with such a label, which is a key without a value there.
fn is_labelled_data(code: &str, place: Place<'_>) -> bool {
    let Some((first, rest)) = code.trim_start_matches('\n').split_once('\n') else { return false };
    place.layout() == Layout::Data
        && first.starts_with(char::is_uppercase)
        && first.trim_end().ends_with(':')
        && is_label(first, place)
        && rest
            .lines()
            .find(|line| !line.trim().is_empty())
            .is_some_and(|next| begins::blanks(next).is_empty() && begins::is_key(next))
}

/// Whether a text takes the place of one without such a label, where the text around has none either.
fn is_labelled_text(said: &str, place: Place<'_>) -> bool {
    let (label, rest) = said.trim_start().split_at(said.trim_start().find(':').map_or(0, |end| end + 1));
    let bare = label.trim_matches(['*', '_', '#', ' ']);
    let is_there = || [place.selection, place.before, place.after].iter().any(|text| text.contains(bare));
    !place.selection.trim().is_empty()
        && bare.starts_with(char::is_uppercase)
        && LABELS.contains(&&*bare.trim_end_matches(':').to_lowercase())
        && !rest.trim_matches(['*', '_']).trim().is_empty()
        && !is_there()
}

/// What a line of a session begins with in the language of a place. Blank where there is none, and where the text is one.
fn prompt(place: Place<'_>) -> &'static str {
    /// How much of the text on either side is looked at, in bytes.
    const NEAR: usize = 2 << 10;
    let prompt = match place.language() {
        language if language::are_kin(language, "python") => ">>> ",
        language if language::are_kin(language, "sh") => "$ ",
        _ => return "",
    };
    let Place { before, after, .. } = place;
    let before = &before[before.ceil_char_boundary(before.len().saturating_sub(NEAR))..];
    let after = &after[..after.floor_char_boundary(NEAR)];
    let is_session =
        [before, after].iter().any(|text| text.split(['\n', '\r']).any(|line| line.starts_with(prompt)));
    if is_session { "" } else { prompt }
}

/// Lines without the prompt that all of them have, or without the mark of a quotation.
fn without_prompts(said: &str, place: Place<'_>) -> Option<String> {
    let lines = || said.lines().filter(|line| !line.trim().is_empty());
    let prompt = prompt(place);
    let begins = |line: &str, mark: &str| line.starts_with(mark) || line == mark.trim_end();
    let marks: &[&str] = match prompt {
        ">>> " => &[">>> ", "... "],
        _ => &["$ "],
    };
    let is_session = !prompt.is_empty()
        && lines().next()?.starts_with(prompt)
        && lines().all(|line| marks.iter().any(|mark| begins(line, mark)));
    let above = place.before.trim_end().rsplit(['\n', '\r']).next().unwrap_or_default();
    // Behind the mark that a line goes on below it is a redirection.
    let is_quotation =
        !said.contains(">>>") && !above.ends_with('\\') && lines().all(|line| begins(line, "> "));
    let marks = match () {
        () if is_session => marks,
        () if is_quotation => &["> "],
        () => return None,
    };
    let bare = |line: &str| {
        let mark = marks.iter().find(|mark| begins(line, mark));
        line[mark.map_or(0, |mark| mark.len()).min(line.len())..].to_owned()
    };
    Some(said.lines().map(bare).collect::<Vec<_>>().join("\n"))
}

/// Lines without their numbers, where these count them.
fn without_numbers(said: &str, place: Place<'_>) -> Option<String> {
    let numbered = |line: &str| -> Option<(usize, char, String)> {
        let bare = line.trim_start_matches(' ');
        let digits = bare.len() - bare.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let rest = bare[digits..].trim_start_matches(' ');
        let mark = rest.chars().next().filter(|mark| ":|│\t→".contains(*mark))?;
        Some((bare[..digits].parse().ok()?, mark, rest[mark.len_utf8()..].to_owned()))
    };
    let lines: Vec<_> = said.trim_matches('\n').split('\n').map(numbered).collect::<Option<_>>()?;
    let (first, mark) = lines.first().map(|(number, mark, _)| (*number, *mark))?;
    // Where those that are selected have some, they are data.
    if with_lf(place.selection).lines().filter_map(numbered).any(|(_, one, _)| one == mark) {
        return None;
    }
    let count = lines.iter().enumerate().all(|(at, (number, one, _))| *number == first + at && *one == mark);
    // Such lines are those that were sent.
    let are_known = || {
        let selected = with_lf(place.selection);
        lines.iter().any(|(.., line)| is_line_of(line, &selected))
    };
    if place.is_text() && !are_known() {
        return None;
    }
    // These are keys of a table.
    let are_keys = mark == ':'
        && (language::is_data(place.language()) && !are_known()
            || lines.len() > 1
                && lines[..lines.len() - 1].iter().all(|(.., line)| line.trim_end().ends_with(',')));
    // One alone may be a value.
    let is_one = lines.len() == 1 && lines.iter().all(|(.., line)| lines::is_statement(line));
    if lines.len() < 2 && !is_one || !count || are_keys {
        return None;
    }
    let is_apart = lines.iter().all(|(.., line)| line.is_empty() || line.starts_with(' '));
    let bare =
        |(.., line): &(usize, char, String)| line[usize::from(is_apart && !line.is_empty())..].to_owned();
    Some(lines.iter().map(bare).collect::<Vec<_>>().join("\n"))
}

fn first_line(said: &str) -> &str {
    said.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
