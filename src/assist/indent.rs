//! How deep the lines of an answer stand: indented as their place is, and in themselves as the model said.

use std::borrow::Cow;

use super::{
    blocks, closers, comments,
    language::{Kind, Layout, first_word},
    levels::{self, Levels},
    line_ends::with_lf,
    parts,
    place::Place,
    texts::Texts,
    words::{CONTROL, LABELS, OPENING, OPENING_BY_DEPTH},
};

pub(super) use super::begins::{blanks, is_key};
use super::open::has_open_bracket;

/// How many lines around a place are looked at for the indentation that a file uses.
const LINES: usize = 200;
/// The step of a file that indents with tabs.
const TAB: &str = "\t";

/// Lines as they are written at their place.
pub(super) struct Placed {
    pub(super) text: String,
    /// Whether they could be meant in another way, with another meaning.
    pub(super) is_doubtful: bool,
    /// Whether lines that are still to come could change what is known of them.
    pub(super) is_open: bool,
}

impl Placed {
    pub(super) fn map(self, change: impl FnOnce(&str) -> &str) -> Self {
        Self { text: change(&self.text).to_owned(), ..self }
    }
}

/// Where lines are put.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site<'a> {
    /// What stands before the first on its line, its indentation included.
    pub(super) lead: &'a str,
    /// Whether they stand below the cursor's line, and not in it.
    pub(super) is_below: bool,
}

/// Code that stands where it says itself.
pub(super) fn as_it_is(code: &str) -> Placed {
    Placed { text: code.to_owned(), is_doubtful: false, is_open: false }
}

/// Puts code where the first line has the indentation `begins`, and all lines share `wanted`.
///
/// Models indent an answer in one of three ways: as the place is; by itself, from the margin on; or as the place is but
/// for the first line, whose indentation stands before the cursor. The last two are told apart by what the second line
/// does below the first. What is bounded ends no block that was begun before it.
pub(super) fn placed(
    code: &str,
    begins: &str,
    wanted: &str,
    is_bounded: bool,
    is_block: bool,
    site: Site<'_>,
    place: Place<'_>,
) -> Placed {
    let texts = Texts::of(code, place.language());
    let (first, rest) = code.split_once('\n').unwrap_or((code, ""));
    let is_flush = blanks(first).is_empty();
    let lines = || rest.split('\n').enumerate().filter(|(at, _)| !texts.has(at + 1)).map(|(_, line)| line);
    let with_text = || lines().filter(|line| !line.trim().is_empty());
    let second = with_text().next();
    let sure = |text: String| as_it_is(&text);
    let begun = || format!("{begins}{}", first.trim_start());
    if blanks(first) == begins {
        return sure(code.to_owned());
    }
    // The text of a value of YAML is none.
    let layout = match place.layout() {
        Layout::Data if levels::is_within_text(place) => Layout::Prose,
        layout => layout,
    };
    let Some(second) = second else { return sure(begun() + &code[first.len()..]) };
    // Behind a blank line another block may begin.
    let is_within = || comments::open(first, place.language()).is_some();
    if !is_bounded && rest.starts_with('\n') && is_flush && !goes_on_below(wanted, place) && !is_within() {
        return sure(begun() + &code[first.len()..]);
    }
    let is_text = |(open, close)| open == close;
    let is_within_text = place.kind() == Kind::Code
        && site.lead.trim().is_empty()
        && comments::open(place.before, place.language()).is_some_and(is_text);
    // Within a line what stands before the cursor counts too.
    let whole = if site.is_below { first.to_owned() } else { [site.lead, first.trim_start()].concat() };
    // Such lines stand side by side.
    let are_continued = site.lead.trim().is_empty()
        && [place.above().unwrap_or_default(), first].iter().all(|line| line.trim_end().ends_with('\\'));
    let holds_none = are_continued || leads(&whole, second, layout) == Some(false);
    let is_deep = match is_bounded || is_within_text {
        true => with_text().all(|line| line.starts_with(wanted)),
        false => {
            (second.starts_with(wanted) || closes(second))
                && (holds_none || ends_well(code, wanted, &texts, place))
        }
    };
    let is_free = is_flush && layout == Layout::Free;
    let held = match is_free && closers::end_its_own(code, place) {
        true => Below::AsItIs,
        false if are_continued && second.starts_with(wanted) => Below::AsThePlace,
        false if place.selection.is_empty() && is_within_text => Below::in_text(first, second, wanted),
        false => Below::of(first, &whole, second, wanted, layout),
    };
    let given = indentation(std::iter::once(first).chain(with_text()));
    let tail = &code[first.len()..];
    // Where the lines around tell which of the two it is, they do.
    let fits = |text: &str| {
        let lines = format!("{}{}", site.lead, text.strip_prefix(begins).unwrap_or(text.trim_start()));
        levels::fits(&lines, site.is_below, place)
    };
    // No line to come changes that the second can't stand there.
    let is_settled = || {
        let end = rest.find(second).map_or(0, |begin| begin + second.len());
        let begin = format!("{}{}\n{}", site.lead, first.trim_start(), &rest[..end]);
        end < rest.len() && !levels::may_hold(&begin, site.is_below, place)
    };
    let known = match is_flush && !comments::is_one(first, place.language()) {
        true => fits(&(begun() + tail)).zip(fits(&shifted(code, given, wanted, &texts))),
        false => None,
    };
    let is_outside = || {
        let depth = blanks(second);
        (holds_none && layout == Layout::Free || layout == Layout::Prose && closes(second))
            && !depth.is_empty()
            && depth.len() < wanted.len()
            && Levels::near(place, site.is_below).has(depth)
    };
    match known {
        Some((true, false)) => return Placed { is_open: true, ..sure(begun() + tail) },
        Some((false, true)) => {
            return Placed { is_open: !is_settled(), ..sure(shifted(code, given, wanted, &texts)) };
        }
        None if is_flush && (!is_bounded || parts::goes_on(second)) && is_outside() => {
            return Placed { is_open: true, ..sure(begun() + tail) };
        }
        _ => {}
    }
    let is_half = rest.ends_with(second);
    let is_begun = is_flush && is_deep && matches!(held, Below::AsThePlace);
    if is_begun {
        return Placed {
            is_open: is_bounded || !holds_none || is_half || is_free && closers::may_end_its_own(code, place),
            ..sure(begun() + &code[first.len()..])
        };
    }
    let is_doubtful = match held {
        Below::Either => is_flush && is_deep && !is_block,
        // By itself such a line holds no others.
        Below::AsThePlace => is_flush && holds_none && !blanks(second).is_empty() && layout == Layout::Colon,
        Below::AsItIs => false,
    };
    Placed {
        is_doubtful,
        is_open: !is_flush
            || is_half
            || is_free && closers::may_end_its_own(code, place)
            || known.is_some() && !is_settled()
            || known.is_none() && is_outside(),
        ..sure(shifted(code, given, wanted, &texts))
    }
}

/// Whether the first line of code that is not as deep as its block begins another one behind a blank line, or closes what
/// the code has not opened.
fn ends_well(code: &str, wanted: &str, texts: &Texts, place: Place<'_>) -> bool {
    let mut is_behind_blank = false;
    let mut begin = 0;
    for (number, line) in code.split('\n').enumerate() {
        let is_blank = line.trim().is_empty();
        if number > 0 && !is_blank && !texts.has(number) && !line.starts_with(wanted) {
            let is_open =
                blocks::opener(line).is_some_and(|by| blocks::balance(&code[..begin], by, place) > 0);
            return is_behind_blank || closes(line) && !has_open_bracket(&code[..begin]) && !is_open;
        }
        is_behind_blank = is_blank;
        begin += line.len() + 1;
    }
    true
}

/// What the second line of an answer tells whose first begins at the margin: whether the indentation of the place is
/// part of its own.
enum Below {
    AsThePlace,
    AsItIs,
    Either,
}

impl Below {
    /// The same within a text of code: there nothing leads for certain but the name of a section, such as `Args:`.
    fn in_text(first: &str, second: &str, wanted: &str) -> Self {
        let name = first.trim().strip_suffix(':');
        let is_section = name.is_some_and(|name| {
            name.starts_with(char::is_uppercase) && name.split(' ').count() < 3 && !name.contains(',')
        });
        match second.strip_prefix(wanted).map(blanks) {
            Some("") if is_section => Self::AsItIs,
            Some("") if name.is_some() => Self::Either,
            Some(_) => Self::AsThePlace,
            None => Self::AsItIs,
        }
    }

    fn of(first: &str, whole: &str, second: &str, wanted: &str, layout: Layout) -> Self {
        let Some(deeper) = blanks(second).strip_prefix(wanted) else {
            return match leads(whole, second, layout) {
                Some(false) => Self::AsThePlace,
                _ => Self::AsItIs,
            };
        };
        if let Some(held) = layout.item(first) {
            let belongs = |depth: &str| depth.len() == held && !depth.contains('\t');
            match () {
                // A key without a value holds what is below it.
                () if belongs(deeper) && leads_below(first, second, layout) => return Self::AsItIs,
                () if belongs(deeper) => return Self::AsThePlace,
                () if layout.item(second).is_none() && belongs(blanks(second)) => return Self::AsItIs,
                // The list may be the one in the item.
                () if first.starts_with("- - ") => return Self::Either,
                () => {}
            }
        }
        if !deeper.is_empty() {
            return Self::AsThePlace;
        }
        match leads(whole, second, layout) {
            // What closes what the first line opens stands as deep as that.
            _ if closes(second) => Self::AsThePlace,
            Some(true) => Self::AsItIs,
            Some(false) => Self::AsThePlace,
            // A paragraph goes on as deep as its item.
            None if layout == Layout::Prose => Self::AsThePlace,
            None => Self::Either,
        }
    }
}

/// Whether the first line of an item holds the deeper one below it, and is no list itself.
fn leads_below(first: &str, second: &str, layout: Layout) -> bool {
    layout == Layout::Data && layout.item(second).is_none() && first.trim_end().ends_with(':')
}

fn closes(line: &str) -> bool {
    line.trim_start().starts_with(['}', ')', ']']) || blocks::opener(line).is_some()
}

/// Whether a line holds the deeper one below it. None where its language does not tell.
fn leads(line: &str, below: &str, layout: Layout) -> Option<bool> {
    let code = match layout {
        Layout::Colon | Layout::Data => comments::cut(line, "python").0,
        _ => line,
    };
    let code = code.trim();
    let word = code.split_whitespace().next_back().unwrap_or_default();
    if code.is_empty() || comments::is_one(line, "") {
        return Some(false);
    }
    // Two end a line of LaTeX.
    let is_continued_below = code.ends_with('\\') && !code.ends_with("\\\\");
    if code.ends_with(['{', '(', '[']) || is_continued_below || has_open_bracket(code) {
        return Some(true);
    }
    match layout {
        Layout::Colon => Some(code.ends_with(':')),
        Layout::Data => {
            let is_scalar = word.starts_with(['|', '>']) && word.len() <= 3;
            let is_named = word.starts_with(['&', '!']) && code.contains(": ");
            let is_node = layout.item(below).is_some() || is_key(below);
            Some(code.ends_with(':') || is_scalar || is_named || !is_node)
        }
        // An element that ends on its line holds nothing below.
        Layout::Free if code.ends_with('>') && code.contains('<') => Some(blocks::has_open_tag(code)),
        // Labels of a `switch` stand side by side.
        Layout::Free if is_case(code) && is_case(below) => Some(false),
        Layout::Free => Some(
            code.ends_with([':', '>'])
                || OPENING.have(word)
                || ["=", "&&", "||", "->", "orelse"].contains(&word)
                || is_head_alone(code, below)
                || is_continued(code, below),
        ),
        Layout::Offside | Layout::Prose => {
            let opens = OPENING.have(word) || OPENING_BY_DEPTH.have(word) || word == "in";
            (code.ends_with([':', '=', '>', '|']) || opens).then_some(true)
        }
    }
}

fn is_case(line: &str) -> bool {
    let line = line.trim();
    line.ends_with(':') && LABELS.have(first_word(line))
}

/// Whether a line is the head of a statement that stands below it without braces.
fn is_head_alone(code: &str, below: &str) -> bool {
    let code = code.trim_start_matches(['}', ' ']);
    let word = first_word(code.strip_prefix("else ").unwrap_or(code));
    CONTROL.have(word) && code.ends_with(')') && !below.trim_start().starts_with(['{', ';'])
}

/// Whether the line below begins with a sign that no statement begins with, and so goes on from this one, which does not.
fn is_continued(code: &str, below: &str) -> bool {
    const SIGNS: &[&str] = &["? ", ": ", "&& ", "|| ", "+ ", "?.", "->"];
    let begins = |line: &str| {
        let line = line.trim_start();
        let is_member = line.strip_prefix('.').is_some_and(|name| name.starts_with(char::is_alphabetic));
        is_member || SIGNS.iter().any(|sign| line.starts_with(sign))
    };
    begins(below) && !begins(code) && !code.ends_with([';', '}', ',', '{'])
}

/// Where what is selected or written at a place begins: the indentation of its line, or, behind the mark of an item, the
/// column of what the item holds.
pub(super) fn column(line_before: &str, layout: Layout) -> Cow<'_, str> {
    match layout.item(line_before) {
        Some(held) if line_before[blanks(line_before).len()..].len() == held => {
            Cow::Owned(format!("{}{}", blanks(line_before), " ".repeat(held)))
        }
        _ => Cow::Borrowed(blanks(line_before)),
    }
}

/// How deep the lines below a header stand at a place: as deep as those that it has, else by one step more.
pub(super) fn below_header(indent: &str, code: &str, place: Place<'_>) -> String {
    let after = place.after.split_once(['\n', '\r']).map_or("", |(_, rest)| rest);
    let next = after.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let layout = place.layout();
    if blanks(next).len() > indent.len() && next.starts_with(indent) {
        return blanks(next).to_owned();
    }
    let is_list = |line: &str| layout == Layout::Data && layout.item(line).is_some();
    if blanks(next) == indent && is_list(next) && is_list(code) {
        return indent.to_owned();
    }
    let step = step(place).unwrap_or_else(|| {
        let own = code.lines().map(|line| blanks(line).len()).filter(|depth| *depth > 0).min();
        " ".repeat(own.unwrap_or(if layout == Layout::Colon { 4 } else { 2 }).min(8))
    });
    format!("{indent}{step}")
}

/// Whether a block of that depth goes on below a place.
pub(super) fn goes_on_below(indent: &str, place: Place<'_>) -> bool {
    let mut below = place.after.split(['\n', '\r']).skip(1).filter(|line| !line.trim().is_empty());
    !indent.is_empty() && below.next().is_some_and(|line| line.starts_with(indent))
}

/// Code whose lines are indented by the tabs or the blanks that the file uses, where its own step is evident.
pub(super) fn in_steps<'a>(code: &'a str, place: Place<'_>) -> Cow<'a, str> {
    const STEPS: &[usize] = &[4, 2, 3];
    if place.kind() != Kind::Code || !code.contains(['\n', '\t', ' ', '@']) {
        return Cow::Borrowed(code);
    }
    let texts = Texts::of(code, place.language());
    let own = || code.lines().enumerate().filter(|(at, line)| !line.trim().is_empty() && !texts.has(*at));
    let depths = || own().map(|(_, line)| blanks(line)).filter(|depth| !depth.is_empty());
    let are_of = |blank: char| {
        depths().next().is_some() && depths().all(|depth| depth.chars().all(|one| one == blank))
    };
    if let Some(recipes) = with_tabs(code, place) {
        return Cow::Owned(recipes);
    }
    let known = if are_of(' ') {
        let width = STEPS.iter().copied().find(|width| depths().all(|depth| depth.len() % width == 0));
        width.filter(|_| has_tabs(place) == Some(true)).map(|width| (width, TAB.to_owned()))
    } else if are_of('\t') {
        step(place).filter(|step| step != TAB).map(|step| (1, step))
    } else {
        None
    };
    let Some((width, step)) = known else { return Cow::Borrowed(code) };
    let lines = code.split('\n').enumerate().map(|(at, line)| {
        let depth = if texts.has(at) { 0 } else { blanks(line).len() };
        format!("{}{}", step.repeat(depth / width), &line[depth..])
    });
    Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
}

/// Code of a makefile whose recipes begin with a tab each, where they come with blanks: make knows no others. None where
/// nothing changes.
fn with_tabs(code: &str, place: Place<'_>) -> Option<String> {
    if !["makefile", "make"].contains(&place.language()) {
        return None;
    }
    let mut is_recipe = false;
    // At the margin no line but one of a recipe begins so, and the next go on from it.
    let is_at_margin = place.selection.is_empty() && place.around().line_before().is_empty();
    let (mut is_begun, mut is_continued) = (false, false);
    let lines = code.split('\n').map(|line| {
        let bare = line.trim_start_matches(' ');
        let goes_on = is_continued || !line.contains([':', '=']) && bare.len() == line.len();
        is_begun = is_at_margin && (line.starts_with('@') || is_begun && goes_on && !bare.is_empty());
        is_continued = line.ends_with('\\');
        if is_begun && !line.starts_with('\t') {
            return format!("\t{line}");
        }
        if bare.len() == line.len() && !line.trim().is_empty() && !line.starts_with('\t') {
            is_recipe = comments::cut(line, "makefile")
                .0
                .split_once(':')
                .is_some_and(|(_, rest)| !rest.starts_with(['=', ':']));
        }
        if is_recipe && bare.len() < line.len() && !bare.is_empty() {
            format!("\t{bare}")
        } else {
            line.to_owned()
        }
    });
    let changed = lines.collect::<Vec<_>>().join("\n");
    (changed != code).then_some(changed)
}

/// What a file indents by one step with: a tab, or so many blanks. None where it has no line that tells.
fn step(place: Place<'_>) -> Option<String> {
    if has_tabs(place)? {
        return Some(TAB.to_owned());
    }
    let least = |depths: &mut dyn Iterator<Item = &str>| {
        depths.filter(|depth| !depth.contains('\t')).map(str::len).min()
    };
    of_depths(place, least).map(|least| " ".repeat(least.min(8)))
}

/// Whether a file indents with tabs, as the nearest line tells. None where none does.
fn has_tabs(place: Place<'_>) -> Option<bool> {
    of_depths(place, |depths| depths.next().map(|depth| depth.starts_with('\t')))
}

/// What the indentations of the lines around a place tell, the nearest first. They are read as they are asked for: which
/// lines stand within texts is known from all that is above.
fn of_depths<T>(place: Place<'_>, told: impl FnOnce(&mut dyn Iterator<Item = &str>) -> T) -> T {
    let is_own = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('*');
    let (before, selection, after) = (with_lf(place.before), with_lf(place.selection), with_lf(place.after));
    let lines = |code| std::iter::once_with(move || own_lines(code, place)).flatten();
    let above = std::iter::once_with(|| own_lines(&before, place).into_iter().rev().skip(1)).flatten();
    let others = lines(&*selection).take(LINES).chain(above.take(LINES)).chain(lines(&*after).take(LINES));
    let all = std::iter::once(place.around().line_before()).chain(others.filter(is_own)).map(blanks);
    told(&mut all.filter(|depth| !matches!(*depth, "" | " ")))
}

/// The lines of some code that begin within none of its texts, whose blanks tell nothing of its indentation.
fn own_lines<'a>(code: &'a str, place: Place<'_>) -> Vec<&'a str> {
    let texts = Texts::of(code, place.language());
    code.split('\n').enumerate().filter(|(at, _)| !texts.is_within(*at)).map(|(_, line)| line).collect()
}

/// Code with another indentation in front of every line with text, but for those that begin within one of its texts.
pub(super) fn shifted(code: &str, given: &str, wanted: &str, texts: &Texts) -> String {
    let lines = code.split('\n').enumerate().map(|(at, line)| {
        if texts.has(at) {
            return line.to_owned();
        }
        let bare = line.strip_prefix(given).unwrap_or(line);
        if bare.trim().is_empty() { bare.to_owned() } else { format!("{wanted}{bare}") }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The blanks that all of some lines begin with.
pub(super) fn indentation<'a>(mut lines: impl Iterator<Item = &'a str>) -> &'a str {
    let first = lines.next().map(blanks).unwrap_or_default();
    lines.fold(first, |common, line| {
        let shared = common.bytes().zip(line.bytes()).take_while(|(one, other)| one == other).count();
        &common[..shared]
    })
}
