//! Marks that the lines of a comment or of a quotation have, and marks that a text stands between. An answer may say them
//! again, or leave them out: written it has them once, as what it takes the place of had.

use super::{
    comments,
    indent::blanks,
    language::Kind,
    line_ends::with_lf,
    place::{Place, Written},
    prose,
};

const OF_CODE: &str = "the answer may be meant as a comment or as code";
const ENDS_TEXT: &str = "the answer would end the comment or the text that it stands in";

/// An answer without the quotes or marks that stand around the selection already, or behind it.
pub(super) fn unenclosed<'a>(code: &'a str, place: Place<'_>) -> &'a str {
    /// What ends an item or a sentence once.
    const ENDS: [char; 4] = [',', ';', '.', ':'];
    let code = unquoted(code, place);
    let behind = place.around().line_after().trim_start().chars().next();
    let Some(end) = behind.filter(|end| ENDS.contains(end)) else { return code };
    match code.trim_end().strip_suffix(end) {
        Some(bare) if !bare.ends_with(end) && !place.selection.trim_end().ends_with(end) => bare,
        _ => code,
    }
}

fn unquoted<'a>(code: &'a str, place: Place<'_>) -> &'a str {
    const QUOTES: [&str; 9] = ["\"\"\"", "'''", "```", "**", "\"", "'", "`", "*", "_"];
    let Place { before, after, selection, .. } = place;
    let bare = code.trim();
    let between = |(open, close): (&str, &str)| {
        let inside = bare.strip_prefix(open)?.strip_suffix(close)?;
        (!inside.contains(close) && !selection.contains(close)).then_some(inside)
    };
    if selection.is_empty() {
        let quote = enclosing(place);
        return quote.and_then(|quote| between((quote, quote))).unwrap_or(code);
    }
    // A cell of a table.
    if before.trim_end().ends_with('|')
        && after.trim_start().starts_with('|')
        && let Some(inside) = between(("|", "|"))
    {
        return inside.trim();
    }
    let quote = QUOTES.into_iter().find(|quote| before.ends_with(quote) && after.starts_with(quote));
    let block = comments::open(before, place.language()).filter(|_| place.kind() == Kind::Code);
    match quote.and_then(|quote| between((quote, quote))) {
        Some(inside) => inside,
        None => match block.and_then(between) {
            // `/**`
            Some(inside) => inside.trim_start_matches('*').trim_matches(' ').trim_matches('\n'),
            None => code,
        },
    }
}

/// The quotes that a place of code stands directly between.
fn enclosing(place: Place<'_>) -> Option<&'static str> {
    let is_between = |quote: &&str| place.before.ends_with(*quote) && place.after.starts_with(*quote);
    ["\"", "'"].into_iter().find(|quote| place.kind() == Kind::Code && is_between(quote))
}

/// Whether what still comes may say the quotes again that the cursor stands between.
pub(super) fn may_be_quoted(code: &str, place: Place<'_>) -> bool {
    enclosing(place).is_some_and(|quote| code.trim_start().starts_with(quote))
}

/// An answer whose first line lacks the mark of the item that the selection is held by, and whose others have it, with that
/// mark. None where that is not so.
pub(super) fn with_item_mark(code: &str, selected: &str, place: Place<'_>) -> Option<String> {
    let layout = place.layout();
    let mark = place.around().line_before().trim_start();
    let is_mark = !mark.is_empty() && layout.item(mark) == Some(mark.len());
    let (first, others) = code.split_once('\n')?;
    let has_items =
        |text: &str| text.lines().any(|line| blanks(line).is_empty() && layout.item(line).is_some());
    (is_mark && !has_items(first) && has_items(others) && !has_items(selected))
        .then(|| format!("{mark}{code}"))
}

/// Why an answer would spoil the comment or the text that it stands in. None where it would not.
pub(super) fn doubt(code: &str, place: Place<'_>) -> Option<&'static str> {
    let Place { before, after, selection, .. } = place;
    if place.kind() != Kind::Code || selection.is_empty() {
        return None;
    }
    let block = || comments::open(before, place.language()).map(|(_, close)| close);
    let close = enclosing(place).or_else(block).filter(|close| after.contains(close))?;
    let ends = |text: &str| text.replace(&format!("\\{close}"), "").contains(close);
    (ends(code) && !ends(selection)).then_some(ENDS_TEXT)
}

/// An answer in the place of lines that have such a mark, with it in front of each. None where they have none.
pub(super) fn written(code: &str, place: Place<'_>) -> Option<Written> {
    let selected = with_lf(place.selection);
    let line_before = place.around().line_before();
    let (first, others) = selected.split_once('\n').unwrap_or((&selected, ""));
    let whole = format!("{line_before}{first}");
    let is_in_block = comments::open(place.before, place.language()).is_some();
    let mark_of = |line: &'_ str| match place.kind() {
        Kind::Code if is_in_block => comments::mark_within(line).map(str::to_owned),
        Kind::Code => comments::mark(line, place.language()).map(str::to_owned),
        Kind::Text if comments::is_known(place.language()) => {
            comments::mark(line, place.language()).map(str::to_owned)
        }
        Kind::Markdown | Kind::Text => quotation(line).map(str::to_owned),
    };
    let mark = mark_of(&whole)?;
    let bare = mark.trim_end();
    let is_marked = |line: &str| mark_of(line).is_some_and(|mark| mark.trim_end() == bare);
    let is_behind = line_before.trim_start().len() >= bare.len();
    let mut others = others.split('\n').filter(|line| !line.trim().is_empty()).peekable();
    let has_others = others.peek().is_some();
    if first.trim().is_empty() || !(is_behind || line_before.trim().is_empty()) || !others.all(is_marked) {
        return None;
    }
    let lines: Vec<&str> = code.trim().split('\n').collect();
    let are_words = lines.iter().all(|line| prose::is_of_words(line) || prose::is_evident(line));
    let is_doc = bare.len() > 2 || bare.ends_with(['!', '*', '|', '>']);
    let is_sure = has_others || is_doc || are_words || lines[1..].iter().all(|line| is_marked(line));
    if !is_behind && (!are_words || place.kind() != Kind::Code || lines.iter().any(|line| is_marked(line))) {
        // Marks and all, or code that is no comment any more.
        return None;
    }
    let indent = blanks(&whole);
    let said = |line: &str| match line.trim_start().strip_prefix(bare) {
        Some(said) if is_marked(line) => said.strip_prefix(&mark[bare.len()..]).unwrap_or(said).to_owned(),
        _ => line.strip_prefix(indent).unwrap_or(line).to_owned(),
    };
    let begin = match is_behind {
        true => blanks(first).to_owned(),
        false => format!("{}{mark}", blanks(first)),
    };
    let mut text = format!("{begin}{}", said(lines[0]).trim_start());
    for line in &lines[1..] {
        text.push_str(format!("\n{indent}{mark}{}", said(line)).trim_end());
    }
    text.push_str(&selected[selected.trim_end().len()..]);
    Some(Written { text, doubt: (!is_sure).then_some(OF_CODE) })
}

/// The mark of a quotation that a line begins with, and the blank behind it.
fn quotation(line: &str) -> Option<&str> {
    let bare = line.trim_start();
    let end = bare.len() - bare.trim_start_matches(['>', ' ']).len();
    bare.starts_with('>').then(|| &bare[..end])
}

#[cfg(test)]
mod tests {
    use crate::assist::fit::{Answer, Fit, fit};

    use super::*;

    /// The language, a text with its selection between `«` and `»`, answers, and what the text is then; empty where they
    /// are shown.
    const MARKED: &[(&str, &str, &[&str], &str)] = &[
        // Of several lines, from behind the first mark.
        (
            "python",
            "    # «one\n    # two»\nx = 1\n",
            &[
                "One.\nTwo.",
                "# One.\n# Two.",
                "One.\n# Two.",
                "One.\n    # Two.",
                "    # One.\n    # Two.",
                "```python\n# One.\n# Two.\n```",
                "#One.\n#Two.\n",
            ],
            "    # One.\n    # Two.\nx = 1\n",
        ),
        (
            "python",
            "#« one\n# two»\n",
            &["One.\nTwo.", "# One.\n# Two.", " One.\n# Two."],
            "# One.\n# Two.\n",
        ),
        (
            "python",
            "# «one\n# two\n»x = 1\n",
            &["One.\n\nTwo.", "# One.\n#\n# Two."],
            "# One.\n#\n# Two.\nx = 1\n",
        ),
        (
            "rust",
            "/// «one\n/// two»\nfn f() {}\n",
            &["One.\n`two`.", "/// One.\n/// `two`."],
            "/// One.\n/// `two`.\nfn f() {}\n",
        ),
        (
            "rust",
            "//! «one»\n",
            &["One.\n\n# Two\n\nThree.", "//! One.\n//!\n//! # Two\n//!\n//! Three."],
            "//! One.\n//!\n//! # Two\n//!\n//! Three.\n",
        ),
        ("sql", "-- «one\n-- two»\n", &["One.\nTwo.", "-- One.\n-- Two."], "-- One.\n-- Two.\n"),
        ("elisp", ";; «one\n;; two»\n", &["One.\nTwo.", ";; One.\n;; Two."], ";; One.\n;; Two.\n"),
        (
            "rust",
            "/// «adds»\nfn f() {}\n",
            &[
                "Adds.\n\n# Examples\n\n```\nf();\n```",
                "Here it is:\n```rust\n/// Adds.\n///\n/// # Examples\n///\n/// ```\n/// f();\n/// ```\n```",
            ],
            "/// Adds.\n///\n/// # Examples\n///\n/// ```\n/// f();\n/// ```\nfn f() {}\n",
        ),
        // In a block.
        (
            "javascript",
            "  /**\n   * «one\n   * two»\n   */\nf();\n",
            &[
                "One.\n@return {x}",
                "* One.\n* @return {x}",
                " * One.\n * @return {x}",
                "One.\n * @return {x}",
                "One.\n   * @return {x}",
                "/**\n * One.\n * @return {x}\n */",
            ],
            "  /**\n   * One.\n   * @return {x}\n   */\nf();\n",
        ),
        ("java", "/** «one» */\n", &["One.", "/** One. */"], "/** One. */\n"),
        ("c", "/* «one» */\n", &["a */ b /* c"], ""),
        (
            "python",
            "\"\"\"\n«One.»\n\"\"\"\n",
            &["Two.", "\"\"\"Two.\"\"\"", "\"\"\"\nTwo.\n\"\"\""],
            "\"\"\"\nTwo.\n\"\"\"\n",
        ),
        ("python", "\"\"\"\n«One.»\n\"\"\"\n", &["Two.\n\"\"\"\nx = 1"], ""),
        // One line.
        ("python", "x = 1\n# «one»\n", &["One.", "# One."], "x = 1\n# One.\n"),
        (
            "python",
            "# «one»\n",
            &["One of the two.\nTwo of them.", "# One of the two.\n# Two of them."],
            "# One of the two.\n# Two of them.\n",
        ),
        ("python", "# «sum x»\n", &["sum x\ny = sum(x)"], ""),
        // With what follows it.
        ("python", "# «one\nx = 1»\n", &["One.\nx = 2", "# One.\nx = 2"], "# One.\nx = 2\n"),
        // Marks and all.
        (
            "python",
            "  «# one\n  # two»\n",
            &["One.\nTwo.", "# One.\n# Two.", "  # One.\n  # Two."],
            "  # One.\n  # Two.\n",
        ),
        ("python", "«# x = 1\n# y = 2»\n", &["x = 1\ny = 2"], "x = 1\ny = 2\n"),
        ("python", "«# x = 1»\n", &["x = 1"], "x = 1\n"),
        ("rust", "«// This adds.»\n", &["This adds the numbers."], "// This adds the numbers.\n"),
        // Items.
        (
            "markdown",
            "- «one»\n- two\n",
            &["One\n- Another", "- One\n- Another"],
            "- One\n- Another\n- two\n",
        ),
        ("markdown", "  - «one»\n", &["One\n- Another", "- One\n- Another"], "  - One\n  - Another\n"),
        ("yaml", "a:\n  - «x»\n", &["x\n- y"], "a:\n  - x\n  - y\n"),
        ("markdown", "1. «one»\n", &["One\n2. Two"], "1. One\n2. Two\n"),
        // Quotations.
        ("markdown", "> «a\n> b»\n", &["A.\nB.", "> A.\n> B."], "> A.\n> B.\n"),
        ("mail", "> > «a\n> > b»\n", &["A.\nB."], "> > A.\n> > B.\n"),
        ("markdown", "«> a\n> b»\n", &["A.\nB."], "A.\nB.\n"),
        // Quotes.
        ("python", "x = \"«a b»\"\n", &["c", "\"c\""], "x = \"c\"\n"),
        ("python", "x = \"\"\"«a b»\"\"\"\n", &["c", "\"\"\"c\"\"\""], "x = \"\"\"c\"\"\"\n"),
        ("markdown", "Some **«a b»** more.\n", &["c", "**c**"], "Some **c** more.\n"),
        ("markdown", "Run `«a b»`.\n", &["c", "`c`"], "Run `c`.\n"),
        ("python", "f(«\"a\"»)\n", &["\"c\""], "f(\"c\")\n"),
        ("python", "x = \"«a»\" + \"b\"\n", &["\"a\" + \"c\"", "with \"quotes\""], ""),
        ("python", "x = '«a»'\n", &["don't"], ""),
        ("python", "x = '«a»'\n", &["don\\'t"], "x = 'don\\'t'\n"),
        ("python", "x = \"«a»\"\n", &["don't"], "x = \"don't\"\n"),
        // At a cursor.
        ("python", "x = \"«»\"\n", &["abc", "\"abc\""], "x = \"abc\"\n"),
        ("python", "f('«»')\n", &["a", "'a'"], "f('a')\n"),
        ("python", "\"\"\"«»\"\"\"\n", &["Doc.", "\"\"\"Doc.\"\"\""], "\"\"\"Doc.\"\"\"\n"),
        ("markdown", "- a\n- «»\n", &["b\n- c", "- b\n- c"], "- a\n- b\n- c\n"),
        // No marks.
        ("c", "«#define A\n#define B»\n", &["#define C\nint d;"], "#define C\nint d;\n"),
        ("rust", "«#[a]\n#[b]»\n", &["#[c]\n#[d]"], "#[c]\n#[d]\n"),
        ("css", "«#a {}»\n", &["#b {}"], "#b {}\n"),
        ("markdown", "# «one»\n", &["One"], "# One\n"),
    ];

    #[test]
    fn each_line_has_its_mark_once() {
        let mut wrong = Vec::new();
        for (language, text, answers, right) in MARKED {
            let (before, rest) = text.split_once('«').unwrap();
            let (selection, after) = rest.split_once('»').unwrap();
            for answer in *answers {
                let place = Place { language, selection, before, after, ..Place::default() };
                let found = fit(Answer { text: answer, finish_reason: Some("stop"), refusal: None }, place);
                let is_right = match &found {
                    Fit::Write(new) => format!("{before}{new}{after}") == *right,
                    Fit::Show { .. } => right.is_empty(),
                    Fit::Nothing { .. } => false,
                };
                if !is_right {
                    wrong.push(format!("{language} {text:?} + {answer:?}: {found:?}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    }
}
