//! How code goes into a text: in the place of a selection, or at a cursor. What was a line stays one.

use super::{
    Around, closers, comments, ends,
    indent::{self, Site, blanks, indentation, placed},
    language::{Kind, Layout},
    levels::{self, BelowKey},
    line_ends::with_lf,
    lines, marked, new_part, overlap,
    place::{Place, Written},
    seam::{self, Seam},
    texts::Texts,
};

const OF_LINES: &str = "the answer may go on in the line of the cursor, or begin a line of its own";
const OF_DEPTH: &str = "the indentation of the answer may be meant in two ways";
const TWICE: &str = "the answer closes what is closed behind the cursor already";
const AMID_A_WORD: &str = "the answer is a line of its own, and the cursor stands within a word";

impl Place<'_> {
    /// A text as it is written here because its user wants it here, whatever place it was made for: more than one line stands
    /// on lines of its own, as deep as they must be.
    pub fn fitted(&self, text: &str) -> String {
        let text = with_lf(text);
        let said = text.trim_matches('\n');
        self.written(said, said.contains('\n')).text
    }

    /// An answer's code as it is written here: it takes the place of the selection, or stands at the cursor. A block is
    /// what stood in a fence, and so is made of whole lines. The code's line ends are LF.
    pub(super) fn written(&self, code: &str, is_block: bool) -> Written {
        self.written_unended(&ends::ended(marked::unquoted(code, *self), *self), is_block)
    }

    /// The same without a comma or semicolon that the text here has at its end: what was cut off has not come to its own.
    pub(super) fn written_unended(&self, code: &str, is_block: bool) -> Written {
        if !self.behind.is_empty() {
            return Written { text: self.with_line_ends(below(code, *self)), doubt: None };
        }
        if let Some(Written { text, doubt }) = marked::written(code, *self) {
            return Written { text: self.with_line_ends(text), doubt };
        }
        let item = marked::with_item_mark(code, &with_lf(self.selection), *self);
        let stepped = indent::in_steps(item.as_deref().unwrap_or(code), *self);
        let Written { text, doubt } = match self.selection {
            "" => insertion(&stepped, is_block, *self),
            selection => replacement(&stepped, &with_lf(selection), is_block, *self),
        };
        let splits = (!is_block && splits_a_word(code, *self)).then_some(AMID_A_WORD);
        Written {
            text: self.with_line_ends(text),
            doubt: doubt.or(splits).or_else(|| marked::doubt(code, *self)),
        }
    }
}

/// The code as it stands in the place of a selection: indented as the selection was, with the blanks in front of it that
/// belong to its line, and with the blank lines and blanks at its begin and end that the selection had.
fn replacement(code: &str, selection: &str, is_block: bool, place: Place<'_>) -> Written {
    let line_before = place.around().line_before();
    let (head, selected, tail) = cut(selection);
    let code = cut(code).1;
    let is_amid = head.is_empty() && !line_before.trim().is_empty();
    let column = indent::column(line_before, place.layout());
    // The mark of an item that the selection is held by, said again.
    let mark = line_before.trim_start();
    let is_mark = column.len() > blanks(line_before).len()
        || comments::mark(line_before, place.language()).is_some_and(|all| all == mark);
    let has_mark =
        is_amid && is_mark && code.trim_start().starts_with(mark) && !selected.trim_start().starts_with(mark);
    let is_apart = is_amid || head.is_empty() && !line_before.is_empty() && !blanks(selected).is_empty();
    if is_apart && !has_mark && are_as_deep(code, selected) {
        return Written { text: format!("{code}{tail}"), doubt: None };
    }
    let begins = match (head, is_amid) {
        ("", true) if has_mark => blanks(line_before).to_owned(),
        ("", true) => column.into_owned(),
        ("", false) => format!("{line_before}{}", blanks(selected)),
        _ => blanks(selected).to_owned(),
    };
    let texts = Texts::of(selected, place.language());
    let is_own = |(at, line): &(usize, &str)| *at > 0 && !line.trim().is_empty() && !texts.has(*at);
    let others = selected.split('\n').enumerate().filter(is_own).map(|(_, line)| line);
    let wanted = indentation(std::iter::once(&*begins).chain(others));
    let lead = if is_amid && !has_mark { line_before } else { &begins };
    let site = Site { lead, is_below: !head.is_empty() };
    let placed = placed(code, &begins, wanted, true, is_block, site, place);
    let indented = placed.text;
    let new = match head {
        "" if has_mark => indented.trim_start().strip_prefix(mark).unwrap_or(&indented).to_owned(),
        "" if is_amid => format!("{}{}", blanks(selected), indented.trim_start()),
        "" => indented.strip_prefix(line_before).unwrap_or(indented.trim_start()).to_owned(),
        _ => indented,
    };
    Written { text: format!("{head}{new}{tail}"), doubt: placed.is_doubtful.then_some(OF_DEPTH) }
}

/// Whether the first line of code is as deep as that of a selection, and so are the others.
fn are_as_deep(code: &str, selected: &str) -> bool {
    let depths = |text: &str| {
        let (first, others) = text.split_once('\n')?;
        let others = others.split('\n').filter(|line| !line.trim().is_empty());
        Some((blanks(first).to_owned(), others.map(blanks).min_by_key(|blanks| blanks.len())?.to_owned()))
    };
    depths(code).is_some_and(|depths_of_code| depths(selected) == Some(depths_of_code))
}

/// An answer below whole lines, as deep as the first of them; in prose a paragraph has a blank line before it.
fn below(code: &str, place: Place<'_>) -> String {
    let (above, said) = (with_lf(place.behind), code.trim_matches('\n').trim_end());
    let is_paragraph = |line: &str| !line.trim().is_empty() && place.layout().item(line).is_none();
    let is_apart = place.kind() == Kind::Markdown
        && is_paragraph(above.trim_end().lines().next_back().unwrap_or_default())
        && is_paragraph(said.lines().next().unwrap_or_default());
    let texts = Texts::of(said, place.language());
    let own = said.lines().enumerate().filter(|(at, line)| !line.trim().is_empty() && !texts.has(*at));
    let given = indent::indentation(own.map(|(_, line)| line));
    let said = match place.kind() {
        Kind::Code => indent::shifted(said, given, blanks(&above), &texts),
        Kind::Markdown | Kind::Text => said.to_owned(),
    };
    let begin = if place.before.ends_with(['\n', '\r']) { "" } else { "\n" };
    let end = if place.after.is_empty() { "" } else { "\n" };
    [begin, if is_apart { "\n" } else { "" }, &said, end].concat()
}

/// The code as it stands at a cursor, without what stands there already.
fn insertion(code: &str, is_block: bool, place: Place<'_>) -> Written {
    let around = place.around();
    let (line_before, line_after) = (around.line_before(), around.line_after());
    let Beginning { text, is_whole_line, said, doubt, .. } = Beginning::of(code, is_block, place);
    let written = |text: String| Written { text, doubt };
    let (kept, is_joined) = overlap::without_overlap(&text, around);
    let (kept, is_joined) = match overlap::without_rest(kept, code, around) {
        Some(kept) if !is_joined => (kept, true),
        _ => (kept, is_joined),
    };
    if line_after.trim().is_empty() {
        // Ends of blocks that are there all the same are lacking.
        let kept = if closers::are_ends(&text[kept.len()..], place) { &text } else { kept };
        return written(kept.trim_end().to_owned());
    }
    let is_spaced = line_after.starts_with([' ', '\t']);
    let doubled = overlap::closes_twice(kept, around).then_some(TWICE);
    let written = |text: String| Written { text, doubt: doubt.or(doubled) };
    if is_joined {
        let bare = kept.trim_end_matches([' ', '\t']);
        return written(if is_spaced { bare } else { kept }.to_owned());
    }
    let has_lines = said.contains('\n');
    // The line end in front of a closing fence belongs to the fence.
    let trail = if is_block { "" } else { &code[code.trim_end().len()..] };
    let is_ended = match trail {
        "" => {
            let is_unended = place.kind() == Kind::Code && lines::is_unended(said);
            is_whole_line && !is_unended && (has_lines || parts(place))
        }
        trail => trail.contains('\n') && (is_whole_line || has_lines),
    };
    let trail = match (is_ended, trail.rsplit_once('\n')) {
        (true, Some((_, ""))) => format!("{trail}{}", blanks(line_before)),
        (true, Some(_)) => trail.to_owned(),
        (true, None) => format!("\n{}", blanks(line_before)),
        (false, None) if !is_spaced => trail.to_owned(),
        (false, _) => String::new(),
    };
    written(format!("{}{trail}", kept.trim_end()))
}

/// The beginning of such code while the rest of it still comes.
pub(super) fn begun(code: &str, is_block: bool, place: Place<'_>) -> String {
    if marked::may_be_quoted(code, place) || new_part::may_be_repeat(code, place) {
        return String::new();
    }
    let code = &*new_part::of(Texts::known(closers::known(code, place), place.language()), place);
    let item = marked::with_item_mark(code, "", place);
    let code = item.as_deref().unwrap_or(code);
    let line_before = place.around().line_before();
    let line = line_before.trim_start();
    // It may be about to say the line again.
    if line.starts_with(code.trim_start_matches([' ', '\t'])) && !line.is_empty() {
        return String::new();
    }
    let (head, said, _) = cut(code);
    if !line.is_empty()
        && head.is_empty()
        && !says_again(said, line_before)
        && Seam::waits_for_more(said, place)
    {
        return String::new();
    }
    let is_at_margin = line_before.is_empty() && blanks(said).is_empty();
    // What is to come may be the head of a block.
    let may_be_head = || {
        let mut lines = said.split('\n').filter(|line| !line.trim().is_empty()).peekable();
        while lines.next_if(|line| is_above_head(line, place)).is_some() {}
        lines.next().is_none_or(|line| lines::opens_body(line, place) || !said.contains(&format!("{line}\n")))
            && lines.next().is_none()
    };
    if is_at_margin && (!said.contains('\n') || may_be_head()) && levels::may_be_off_margin(place) {
        return String::new();
    }
    let Beginning { text, doubt, is_open, .. } = Beginning::of(code, is_block, place);
    if doubt == Some(OF_LINES) {
        return String::new();
    }
    // How deep the others stand shows in the second line, in YAML in all of it.
    let is_read = place.layout() != Layout::Data || seam::ended_lines(said) > 1;
    let stepped = indent::in_steps(code, place);
    let is_known = is_read && *stepped == *code;
    // How the first line is indented shows only in what is written.
    if blanks(&stepped).len() > blanks(code).len() {
        return String::new();
    }
    let is_open = is_open || doubt.is_some() || !is_known;
    let begin = text.len() - text.trim_start().len();
    let end = text[begin..].find('\n').filter(|_| is_open).map_or(text.len(), |end| begin + end);
    text[..end].trim_end().to_owned()
}

/// How code begins at a cursor.
struct Beginning<'a> {
    /// The code from there on, without blanks at its end.
    text: String,
    /// Whether it begins a line, its own or the blank one of the cursor.
    is_whole_line: bool,
    /// What the model said of it.
    said: &'a str,
    doubt: Option<&'static str>,
    /// Whether lines that are still to come could change it.
    is_open: bool,
}

impl<'a> Beginning<'a> {
    fn of(code: &'a str, is_block: bool, place: Place<'_>) -> Self {
        let line_before = place.around().line_before();
        let line = line_before.trim_start();
        let (head, said, _) = cut(code);
        let indent = blanks(line_before);
        let put = |wanted: &str, is_bounded: bool, is_below: bool| {
            placed(said, wanted, wanted, is_bounded, is_block, Site { lead: wanted, is_below }, place)
        };
        let at = |wanted: &str, is_bounded: bool| put(wanted, is_bounded, false);
        let below = |wanted: &str, is_bounded: bool| put(wanted, is_bounded, true);
        let is_deeper = blanks(said).len() > indent.len();
        let (lead, placed, is_whole_line, doubt) = if line.is_empty() {
            let (body, doubt) = body_above(said, place);
            let placed = match body.as_deref().unwrap_or(indent) {
                // At the margin an answer says itself how deep it stands.
                "" => match levels::off_margin(said, is_head(said, place), place) {
                    Some(wanted) => at(&wanted, is_block),
                    None => indent::as_it_is(said),
                },
                wanted => at(wanted, is_block),
            };
            (
                String::new(),
                placed.map(|text| text.strip_prefix(indent).unwrap_or(text.trim_start())),
                true,
                doubt,
            )
        } else if !head.is_empty() {
            let is_comment = comments::is_one(line, place.language());
            let is_body = place.layout() == Layout::Colon && lines::opens_body(line, place);
            let placed = match is_deeper {
                false if is_body => below(&indent::below_header(indent, said, place), false),
                false if is_comment && head == "\n" && indent::goes_on_below(indent, place) => {
                    below(indent, false)
                }
                _ => indent::as_it_is(said),
            };
            (head.to_owned(), placed, true, None)
        } else if says_again(said, line_before) {
            // Chat models like to do that.
            let placed = at(indent, is_block);
            (
                String::new(),
                placed.map(|text| text.trim_start().strip_prefix(line).unwrap_or(text)),
                false,
                None,
            )
        } else {
            match Seam::of(said, is_block, place) {
                joined @ (Seam::Joined | Seam::Spaced) => {
                    let column = indent::column(line_before, place.layout());
                    let bare = said.trim_start();
                    let placed = placed(
                        bare,
                        &column,
                        &column,
                        is_block,
                        is_block,
                        Site { lead: line_before, is_below: false },
                        place,
                    );
                    let gap = if joined == Seam::Spaced { " " } else { blanks(said) };
                    (
                        gap.to_owned(),
                        placed.map(|text| text.strip_prefix(&*column).unwrap_or(text)),
                        false,
                        None,
                    )
                }
                Seam::Body | Seam::Lines if is_deeper => {
                    ("\n".to_owned(), indent::as_it_is(said), true, None)
                }
                Seam::Body => {
                    ("\n".to_owned(), below(&indent::below_header(indent, said, place), true), true, None)
                }
                Seam::Lines => match levels::below_line(said, place) {
                    Some((depth, is_doubtful)) => {
                        let doubt = is_doubtful.then_some(OF_DEPTH);
                        ("\n".to_owned(), below(&depth, true), true, doubt)
                    }
                    None => ("\n".to_owned(), indent::as_it_is(said), true, None),
                },
                Seam::Open => ("\n".to_owned(), below(indent, true), true, Some(OF_LINES)),
            }
        };
        Self {
            text: format!("{lead}{}", placed.text),
            is_whole_line,
            said,
            doubt: doubt.or(placed.is_doubtful.then_some(OF_DEPTH)),
            is_open: placed.is_open,
        }
    }
}

/// Whether an answer says the line of the cursor again. What is deeper is another.
fn says_again(said: &str, line_before: &str) -> bool {
    said.trim_start().starts_with(line_before.trim_start()) && blanks(said).len() <= blanks(line_before).len()
}

/// How deep a body stands whose header is the line above the blank one of the cursor, where its language says that it has
/// to be deeper, and neither the cursor nor the answer is; and why that may be doubted.
fn body_above(said: &str, place: Place<'_>) -> (Option<String>, Option<&'static str>) {
    let around = place.around();
    let indent = blanks(around.line_before());
    let above = place.before[..place.before.len() - around.line_before().len()].trim_end();
    let is_structure = match place.layout() {
        Layout::Colon => true,
        Layout::Data => indent.is_empty(),
        Layout::Free | Layout::Offside | Layout::Prose => false,
    };
    let header = above.rsplit(['\n', '\r']).next().filter(|_| is_structure);
    let is_deeper =
        |header: &str| [indent, blanks(said)].iter().any(|depth| depth.len() > blanks(header).len());
    let Some(header) = header.filter(|header| !is_deeper(header) && lines::opens_body(header, place)) else {
        return (None, None);
    };
    let below = || Some(indent::below_header(blanks(header), said, place));
    match place.layout() {
        Layout::Data => match BelowKey::of(said, header, place) {
            BelowKey::AsItSays => (None, None),
            BelowKey::InKey => (below(), None),
            BelowKey::Either => (below(), Some(OF_DEPTH)),
        },
        _ => (below(), None),
    }
}

/// Whether an answer at the margin is the head of a block and nothing of what the block holds.
fn is_head(said: &str, place: Place<'_>) -> bool {
    let mut lines = said.lines().filter(|line| !line.trim().is_empty());
    let head = lines.next_back();
    head.is_some_and(|head| blanks(head).is_empty() && lines::opens_body(head, place))
        && lines.all(|line| is_above_head(line, place))
}

/// Whether a line at the margin may stand above the head of a block and belong to it.
fn is_above_head(line: &str, place: Place<'_>) -> bool {
    line.starts_with('@') || blanks(line).is_empty() && comments::is_one(line, place.language())
}

/// Whether what stands behind the cursor begins a line of code and cannot go on from another.
fn parts(place: Place<'_>) -> bool {
    let behind = place.around().line_after();
    let begins = |letter: char| letter.is_alphanumeric() || "_\"'@#$".contains(letter);
    place.kind() == Kind::Code && (behind.starts_with(begins) || behind.starts_with("//"))
}

/// Whether a whole line would begin amid a word: nobody can tell where it belongs.
fn splits_a_word(code: &str, place: Place<'_>) -> bool {
    let Around { before, after } = place.around();
    let is_in_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    place.selection.is_empty()
        && place.kind() == Kind::Code
        && before.ends_with(is_in_word)
        && !after.is_empty()
        && !place.around().line_after().trim().is_empty()
        && code.starts_with(is_in_word)
        && code.ends_with('\n')
        && code.trim_end().contains(' ')
        && !code.starts_with(place.around().line_before().trim_start())
}

/// A text cut into the blank lines that it begins with, what it says, and the blanks that it ends with.
fn cut(text: &str) -> (&str, &str, &str) {
    let end = text.trim_end().len();
    if end == 0 {
        let (said, tail) = text.split_at(text.find('\n').unwrap_or(text.len()));
        return ("", said, tail);
    }
    let begin = text.len() - text.trim_start().len();
    let begin = text[..begin].rfind('\n').map_or(0, |place| place + 1);
    (&text[..begin], &text[begin..end], &text[end..])
}

#[cfg(test)]
mod tests;
