//! The depths at which lines may stand where indentation is structure: which of them are open at a place, and whether an
//! answer leaves each line around it where it belongs.

use super::{
    begins::{blanks, is_key},
    comments,
    language::Layout,
    place::Place,
};

/// Longer texts are not read for it, in bytes.
const MOST: usize = 1 << 20;

/// The blocks that are open behind some lines.
#[derive(Clone)]
pub(super) struct Levels<'a> {
    layout: Layout,
    blocks: Vec<Block<'a>>,
    /// Whether the last line opens a block.
    is_opening: bool,
    /// The column of the key in YAML whose value is a text of several lines.
    scalar: Option<usize>,
    /// The quote that is open at the end of a line.
    quote: Option<&'static str>,
    /// How many brackets are.
    brackets: usize,
    is_continued: bool,
    lines: usize,
}

#[derive(Clone, Copy)]
struct Block<'a> {
    column: usize,
    /// The blanks of its first line. Shorter than the column where it begins behind the mark of an item.
    indent: &'a str,
    /// Whether it is a list of YAML.
    is_list: bool,
    /// What its last statement begins with.
    word: &'a str,
    /// Which line that was.
    line: usize,
}

impl<'a> Levels<'a> {
    fn new(layout: Layout) -> Self {
        Self {
            layout,
            blocks: Vec::new(),
            is_opening: false,
            scalar: None,
            quote: None,
            brackets: 0,
            is_continued: false,
            lines: 0,
        }
    }

    /// Those above the line of a place, or below it where an answer begins another. None where the lines do not fit each
    /// other, so that nothing is known.
    fn of(place: Place<'a>, is_below: bool) -> Option<Self> {
        let line = if is_below { "" } else { place.around().line_before() };
        let text = &place.before[..place.before.len() - line.len()];
        let mut levels = Self::new(place.layout());
        (text.len() < MOST && levels.take_all(text)).then_some(levels)
    }

    /// The same, and where the lines do not fit each other what their indentation alone tells.
    pub(super) fn near(place: Place<'a>, is_below: bool) -> Self {
        Self::of(place, is_below).unwrap_or_else(|| {
            let line = if is_below { "" } else { place.around().line_before() };
            let text = &place.before[..place.before.len() - line.len()];
            let end = text.len().saturating_sub(MOST);
            let mut levels = Self::new(Layout::Free);
            levels.take_all(&text[text.ceil_char_boundary(end)..]);
            levels
        })
    }

    /// The indentations at which a line may stand, the deepest first.
    fn depths(&self) -> impl Iterator<Item = String> {
        let mut blocks: Vec<&Block<'_>> = self.blocks.iter().collect();
        blocks.dedup_by_key(|block| block.column);
        let depth =
            |block: &Block<'_>| format!("{}{}", block.indent, " ".repeat(block.column - block.indent.len()));
        blocks.into_iter().rev().map(depth).collect::<Vec<_>>().into_iter()
    }

    /// Whether lines of a depth are in a block that is open.
    pub(super) fn has(&self, depth: &str) -> bool {
        self.depths().any(|one| one == depth)
    }

    /// Whether the line that they end with leaves its block for good.
    fn is_left(&self) -> bool {
        const LEAVING: &[&str] = &["return", "raise", "break", "continue"];
        self.layout == Layout::Colon
            && self.is_between()
            && self.blocks.last().is_some_and(|block| LEAVING.contains(&block.word))
    }

    /// Whether a line may stand there, with the line below the place where that stands.
    fn may_begin(&self, line: &str, place: Place<'_>) -> bool {
        let mut levels: Levels<'_> = self.clone();
        let depth = blanks(line).len();
        let is_bounded = below(place).is_some_and(|below| {
            let other = blanks(below).len();
            other > depth
                || self.layout == Layout::Free && other == depth && below.trim_start().starts_with('}')
        });
        levels.take(line) && !is_bounded
    }

    /// Whether lines may stand there, and leave the line below the place where it belongs without them.
    fn holds(&self, with: &'a str, without: &'a str, place: Place<'a>) -> bool {
        let behind = |text: &'a str| {
            let mut levels = self.clone();
            levels.take_all(text).then_some(levels)
        };
        let Some(mut with) = behind(with) else { return false };
        let Some(below) = below(place) else { return true };
        // It belongs to the same block, whatever that holds now.
        let belongs = |levels: &mut Self| {
            levels.take(below).then(|| {
                let outer = levels.blocks.len().saturating_sub(1);
                levels.blocks[..outer].iter().map(|block| block.line.min(self.lines + 1)).collect::<Vec<_>>()
            })
        };
        let without = behind(without).and_then(|mut levels| belongs(&mut levels));
        belongs(&mut with).is_some_and(|with| without.is_none_or(|without| with == without))
    }

    fn is_between(&self) -> bool {
        self.quote.is_none() && self.brackets == 0 && !self.is_continued
    }

    fn take_all(&mut self, text: &'a str) -> bool {
        text.split('\n').all(|line| self.take(line))
    }

    /// Takes a line in. False where none may stand at its depth.
    fn take(&mut self, line: &'a str) -> bool {
        if line.trim().is_empty() {
            return true;
        }
        self.lines += 1;
        match self.layout {
            Layout::Data => self.take_node(line),
            Layout::Colon => self.take_statement(line),
            Layout::Free | Layout::Offside | Layout::Prose => {
                let depth = blanks(line).len();
                self.leave(depth);
                if self.blocks.last().is_none_or(|block| block.column < depth) {
                    self.enter(depth, blanks(line), false);
                }
                true
            }
        }
    }

    /// Leaves the blocks that are deeper than a column. Whether there are any.
    fn leave(&mut self, column: usize) -> bool {
        let count = self.blocks.len();
        while self.blocks.last().is_some_and(|block| block.column > column) {
            self.blocks.pop();
        }
        self.blocks.len() < count
    }

    fn enter(&mut self, column: usize, indent: &'a str, is_list: bool) {
        self.blocks.push(Block { column, indent, is_list, word: "", line: self.lines });
    }

    fn take_node(&mut self, line: &'a str) -> bool {
        let depth = blanks(line).len();
        if self.scalar.is_some_and(|column| depth > column) {
            return true;
        }
        self.scalar = None;
        let bare = comments::cut(line, "yaml").0.trim();
        if let Some(quote) = self.quote {
            if bare.matches(quote).count() % 2 == 1 {
                self.quote = None;
            }
            return true;
        }
        if self.brackets > 0 {
            self.count_brackets(bare);
            return true;
        }
        if bare.starts_with("---") || bare.starts_with("...") {
            self.blocks.clear();
            self.is_opening = false;
            return true;
        }
        // What makes YAML of it is none of it.
        if bare.is_empty() || bare.starts_with("{{") || bare.starts_with("{%") {
            return true;
        }
        self.take_value(depth, blanks(line), bare)
    }

    /// Takes in what begins at a column of a line: an item, a key or another value.
    fn take_value(&mut self, column: usize, indent: &'a str, text: &'a str) -> bool {
        let has_left = self.leave(column);
        let is_held = self.is_opening && !has_left;
        let is_item = text == "-" || text.starts_with("- ");
        let is_node = is_item || is_key(text);
        if let Some(top) = self.blocks.last()
            && top.column == column
            && top.is_list
            && is_node
            && !is_item
        {
            // A list may stand as deep as the key that holds it.
            self.blocks.pop();
            if self.blocks.last().is_none_or(|block| block.column != column) {
                return false;
            }
        }
        let top = self.blocks.last().copied();
        let fits = match top {
            None => true,
            Some(_) if !is_node => top.is_none_or(|top| top.column < column),
            Some(top) if top.column == column => top.is_list == is_item || is_held,
            Some(_) => is_held,
        };
        if !fits {
            return false;
        }
        if is_node && top.is_none_or(|top| top.column < column || top.is_list != is_item) {
            self.enter(column, indent, is_item);
        }
        if let Some(block) = self.blocks.last_mut()
            && is_node
        {
            block.line = self.lines;
        }
        self.is_opening = false;
        let value = match is_item {
            true => text[1..].trim_start(),
            false if is_node => unnamed(value(text)),
            false => text,
        };
        let is_named = value.starts_with(['&', '!']) && !value.contains(' ');
        match value.chars().next() {
            None => self.is_opening = is_node,
            Some(_) if is_named => self.is_opening = true,
            Some('|' | '>') if is_node => self.scalar = Some(column),
            Some(_) if is_item => {
                self.is_opening = true;
                return self.take_value(column + (text.len() - value.len()), indent, value);
            }
            Some('"') if value.replace("\\\"", "").matches('"').count() % 2 == 1 => self.quote = Some("\""),
            Some('\'') if value.matches('\'').count() % 2 == 1 => self.quote = Some("'"),
            Some('[' | '{') => self.count_brackets(value),
            Some(_) => {}
        }
        true
    }

    fn count_brackets(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '[' | '{' => self.brackets += 1,
                ']' | '}' => self.brackets = self.brackets.saturating_sub(1),
                _ => {}
            }
        }
    }

    fn take_statement(&mut self, line: &'a str) -> bool {
        let begins = self.is_between();
        let was_opening = self.is_opening;
        let (depth, bare) = (blanks(line).len(), line.trim_start());
        if begins && bare.starts_with('#') {
            return true;
        }
        let end = self.read(bare);
        if self.is_between() {
            self.is_opening = end == ':';
        }
        if !begins {
            return true;
        }
        let has_left = self.leave(depth);
        let word =
            bare.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default();
        let outer = &self.blocks[..self.blocks.iter().take_while(|block| block.column < depth).count()];
        if !needs(word).is_none_or(|headers| outer.iter().any(|block| headers.contains(&block.word))) {
            return false;
        }
        match self.blocks.last() {
            Some(top) if top.column < depth => {
                if !was_opening || has_left {
                    return false;
                }
                self.enter(depth, blanks(line), false);
            }
            Some(top) => {
                if was_opening || !follows(word, top.word) {
                    return false;
                }
            }
            None => self.enter(depth, blanks(line), false),
        }
        if let Some(block) = self.blocks.last_mut() {
            (block.word, block.line) = (word, self.lines);
        }
        true
    }

    /// Reads a line of statements: what is open behind it, and the last letter of its code.
    fn read(&mut self, line: &str) -> char {
        let (mut rest, mut end) = (line, ' ');
        self.is_continued = false;
        while let Some(letter) = rest.chars().next() {
            if let Some(quote) = self.quote {
                let skipped = match letter {
                    '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
                    _ if rest.starts_with(quote) => {
                        self.quote = None;
                        quote.len()
                    }
                    _ => letter.len_utf8(),
                };
                rest = &rest[skipped..];
                end = letter;
                continue;
            }
            if letter == '#' {
                break;
            }
            let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| rest.starts_with(quote));
            self.quote = quote;
            match letter {
                '(' | '[' | '{' => self.brackets += 1,
                ')' | ']' | '}' => self.brackets = self.brackets.saturating_sub(1),
                _ => {}
            }
            if !letter.is_whitespace() {
                end = letter;
            }
            rest = &rest[quote.map_or(letter.len_utf8(), str::len)..];
        }
        self.is_continued = end == '\\';
        if self.quote.is_some_and(|quote| quote.len() == 1) && !self.is_continued {
            self.quote = None;
        }
        end
    }
}

/// Whether an answer, in whole lines as it would be written, leaves each line around it where it belongs. None where that
/// is not known. It takes the place of the cursor's line up to there, or stands below it.
pub(super) fn fits(lines: &str, is_below: bool, place: Place<'_>) -> Option<bool> {
    let levels = of_structure(is_below, place)?;
    let around = place.around();
    let (head, tail) = if is_below { ("", "") } else { (around.line_before(), around.line_after()) };
    // A selection of whole lines has the end of its last.
    let end = if place.selection.ends_with('\n') { "\n" } else { "" };
    let (with, without) = (format!("{lines}{end}{tail}"), format!("{head}{}{tail}", place.selection));
    Some(levels.holds(&with, &without, place))
}

/// Whether the beginning of an answer can stand there, whatever follows it.
pub(super) fn may_hold(lines: &str, is_below: bool, place: Place<'_>) -> bool {
    of_structure(is_below, place).is_none_or(|levels| {
        let mut levels: Levels<'_> = levels;
        levels.take_all(lines)
    })
}

/// Whether a place of YAML stands in a text of several lines, which is the value of a key.
pub(super) fn is_within_text(place: Place<'_>) -> bool {
    let depth = blanks(place.around().line_before()).len();
    place.layout() == Layout::Data && Levels::near(place, false).scalar.is_some_and(|column| depth > column)
}

fn of_structure(is_below: bool, place: Place<'_>) -> Option<Levels<'_>> {
    let is_structure = matches!(place.layout(), Layout::Data | Layout::Colon);
    is_structure.then(|| Levels::of(place, is_below)).flatten()
}

/// How deep an answer stands that begins a line below the cursor's, and whether that may be meant otherwise. None where it
/// says that itself.
pub(super) fn below_line(said: &str, place: Place<'_>) -> Option<(String, bool)> {
    let indent = blanks(place.around().line_before());
    let line = said.split('\n').next().unwrap_or_default();
    let as_the_line = Some((indent.to_owned(), false));
    let levels = Levels::near(place, true);
    if !levels.is_between() || blanks(line) == indent {
        return as_the_line;
    }
    if !blanks(line).is_empty() {
        let is_open = levels.has(blanks(line)) && levels.may_begin(line, place);
        return if is_open { None } else { as_the_line };
    }
    let is_text = levels.scalar.is_some_and(|column| indent.len() > column);
    let is_node = is_key(line) || levels.layout.item(line).is_some();
    if !matches!(levels.layout, Layout::Data | Layout::Colon) || is_text && !is_node {
        return as_the_line;
    }
    let mut depths =
        levels.depths().filter(|depth| levels.may_begin(&format!("{depth}{line}"), place)).peekable();
    if levels.is_left() && depths.peek().is_some_and(|depth| depth == indent) {
        depths.next();
        let nearest = depths.next();
        // What is called by an object belongs to its class.
        let is_sure = depths.next().is_none() || line.contains("(self");
        return nearest.map(|depth| (depth, !is_sure)).or(as_the_line);
    }
    depths.next().map(|depth| (depth, false)).or(as_the_line)
}

/// Whether an answer to a blank line below a key of YAML without a value stands where it says, and not below the key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BelowKey {
    AsItSays,
    InKey,
    Either,
}

impl BelowKey {
    /// What the lines around tell of an answer below that key.
    pub(super) fn of(said: &str, key: &str, place: Place<'_>) -> Self {
        let levels = Levels::near(place, false);
        let line = said.split('\n').next().unwrap_or_default();
        let may_stand = levels.has(blanks(line)) && levels.may_begin(line, place);
        let above = &place.before[..place.before.len() - place.around().line_before().len()];
        // A key before that holds nothing either.
        let is_alone = || {
            let mut lines = above.lines().rev().filter(|line| !line.trim().is_empty()).skip(1);
            lines.next().is_some_and(|line| {
                blanks(line) == blanks(key)
                    && is_key(line)
                    && value(comments::cut(line, "yaml").0.trim()).is_empty()
            })
        };
        match () {
            () if !may_stand => Self::InKey,
            () if !blanks(line).is_empty() => Self::AsItSays,
            () if !is_key(line) => Self::InKey,
            () if blanks(key).is_empty() && !is_alone() => Self::InKey,
            () if blanks(key).is_empty() || above.trim_end_matches([' ', '\t']).ends_with("\n\n") => {
                Self::AsItSays
            }
            () => Self::Either,
        }
    }
}

/// How deep an answer stands at the margin of a blank line, where it can't stand there. None where it can. A head alone
/// stands one level above the body that follows.
pub(super) fn off_margin(said: &str, is_head: bool, place: Place<'_>) -> Option<String> {
    let line = said.split('\n').next().unwrap_or_default();
    let is_structure = matches!(place.layout(), Layout::Data | Layout::Colon);
    if !is_structure || !blanks(line).is_empty() {
        return None;
    }
    let levels = Levels::near(place, false);
    if let Some(body) = below(place).map(blanks).filter(|body| is_head && !body.is_empty()) {
        return levels.depths().find(|depth| depth.len() < body.len()).filter(|depth| !depth.is_empty());
    }
    if !levels.is_between() || levels.may_begin(line, place) {
        return None;
    }
    let begins = |line: &str| line.split_whitespace().next().map(str::to_owned);
    let is_alike = |below: &&str| begins(below) == begins(line);
    let alike = below(place).filter(is_alike).map(blanks);
    let mut depths = levels.depths().filter(|depth| levels.may_begin(&format!("{depth}{line}"), place));
    let deepest = depths.next()?;
    let is_left = levels.is_left() && levels.depths().next().as_ref() == Some(&deepest);
    let mut others = depths.collect::<Vec<_>>().into_iter();
    match others.clone().find(|depth| alike == Some(depth.as_str())) {
        Some(depth) => Some(depth),
        None if is_left => others.next().or(Some(deepest)),
        None => Some(deepest),
    }
}

/// Whether where an answer stands at a margin may depend on all of its first line.
pub(super) fn may_be_off_margin(place: Place<'_>) -> bool {
    matches!(place.layout(), Layout::Data | Layout::Colon)
        && Levels::near(place, false).depths().next().is_some_and(|depth| !depth.is_empty())
}

/// The next line below a place. Comments are none.
fn below(place: Place<'_>) -> Option<&str> {
    let rest = place.after.split_once('\n')?.1;
    rest.lines().find(|line| !line.trim().is_empty() && !comments::is_one(line, place.language()))
}

/// Whether a statement may follow another in its block, by their first words.
pub(super) fn follows(word: &str, other: &str) -> bool {
    match word {
        "elif" => ["if", "elif"].contains(&other),
        "else" => {
            ["if", "elif", "for", "while", "except", "async", "try", "of", "when", "case"].contains(&other)
        }
        "except" => ["try", "except"].contains(&other),
        "finally" => ["try", "except", "else"].contains(&other),
        _ => other != "try",
    }
}

/// What a statement stands in, by the first word of either. None where it may stand anywhere.
fn needs(word: &str) -> Option<&'static [&'static str]> {
    match word {
        "return" => Some(&["def", "async", "func", "proc", "method", "cdef", "cpdef", "static", "template"]),
        "break" | "continue" => Some(&["for", "while", "async", "else", "block"]),
        _ => None,
    }
}

/// A value of YAML behind its tags and anchors.
fn unnamed(value: &str) -> &str {
    match value.split_once(' ') {
        Some((name, rest)) if name.starts_with(['&', '!']) => unnamed(rest.trim_start()),
        _ => value,
    }
}

/// The value behind a key of YAML.
fn value(line: &str) -> &str {
    let end = match line.strip_prefix(['"', '\'']) {
        Some(rest) => rest.find(['"', '\'']).map(|end| end + 2),
        None => line.find(": ").or_else(|| line.ends_with(':').then(|| line.len() - 1)),
    };
    end.and_then(|end| line.get(end + 1..)).unwrap_or_default().trim()
}

#[cfg(test)]
mod tests;
