//! What an answer says again of the text around the selection.

use super::{
    comments,
    indent::blanks,
    language::{self, Kind, Layout},
    line_ends::with_lf,
    place::Place,
};

/// How many lines above and below are looked at.
const LINES: usize = 200;

/// Whether an answer says more than what takes the place of the selection: what stands before that, what stands behind it,
/// or what a file alone begins with.
pub(super) fn says_more(code: &str, selected: &str, place: Place<'_>) -> bool {
    is_begun_before(code, selected, place)
        || is_ended_behind(code, selected, place)
        || (place.kind() == Kind::Code && begins_a_file(code, selected, place))
}

/// Whether an answer begins with what stands before the selection: the line that it is in or the last word of that, or
/// the lines above it.
fn is_begun_before(code: &str, selected: &str, place: Place<'_>) -> bool {
    let line_before = place.around().line_before();
    let bare = line_before.trim();
    let word = bare.split_whitespace().next_back().unwrap_or_default();
    let is_led = line_before.ends_with([' ', '\t']) || bare.ends_with(['=', ':', '.', '"', '\'']);
    let says = |text: &str, begin: &str| {
        let rest = text.trim_start().strip_prefix(begin);
        rest.is_some_and(|rest| {
            !(begin.ends_with(char::is_alphanumeric) && rest.starts_with(char::is_alphanumeric))
        })
    };
    let is_said_again = |begin: &str| says(code, begin) && !says(selected, begin);
    if bare.contains(char::is_alphabetic) && is_said_again(bare)
        || is_led && has_word(word) && is_said_again(word)
    {
        return true;
    }
    let above = with_lf(&place.before[..place.before.len() - line_before.len()]);
    let mut above: Vec<&str> = said(&above).rev().take(LINES).collect();
    above.reverse();
    let answered: Vec<&str> = said(code).take(LINES + 1).collect();
    let Some(first) = answered.first().filter(|first| has_word(first)) else { return false };
    if said(selected).next() == Some(first) {
        return false;
    }
    // The header of what the selection stands in, short of a word.
    let is_header = first.ends_with(['{', ':']) && !selected.contains(*first);
    if is_header && above.iter().any(|line| line.strip_suffix(first).is_some_and(|rest| rest.ends_with(' ')))
    {
        return true;
    }
    // From that line to the selection it says what is there.
    let mut begins = (0..above.len()).rev().filter(|place| above[*place] == *first);
    begins.any(|begin| answered.len() > above.len() - begin && answered.starts_with(&above[begin..]))
}

/// Whether an answer ends with lines that stand behind the selection.
fn is_ended_behind(code: &str, selected: &str, place: Place<'_>) -> bool {
    /// So many letters of one line are no accident.
    const LETTERS: usize = 8;
    if selected.is_empty() || !place.around().line_after().trim().is_empty() {
        return false;
    }
    let below = with_lf(place.after);
    let below: Vec<&str> = said(&below).take(LINES).collect();
    let answered: Vec<&str> = said(code).collect();
    let selected: Vec<&str> = said(selected).collect();
    let letters = |lines: &[&str]| lines.concat().chars().filter(|letter| letter.is_alphanumeric()).count();
    let is_said_again = |count: usize| {
        let (end, repeated) = (&answered[answered.len() - count..], &below[..count]);
        let says_something = end[0].contains(char::is_alphabetic) && (count > 1 || letters(end) >= LETTERS);
        end == repeated && says_something && !selected.ends_with(end)
    };
    let most = below.len().min(answered.len().saturating_sub(1));
    (1..=most).any(is_said_again) || closes_more(&answered, &below)
}

/// Whether the last line of an answer is a tag's end that belongs to what stands below.
fn closes_more(answered: &[&str], below: &[&str]) -> bool {
    let Some(name) = answered.last().and_then(|line| line.strip_prefix("</")?.strip_suffix('>')) else {
        return false;
    };
    let count = |mark: &str| answered.iter().map(|line| line.matches(mark).count()).sum::<usize>();
    below.first() == answered.last() && count(&format!("<{name}")) < count(&format!("</{name}"))
}

/// Whether an answer begins with what only a file begins with, deep in one.
fn begins_a_file(code: &str, selected: &str, place: Place<'_>) -> bool {
    const ANYWHERE: &[&str] = &["<!doctype", "<html", "<?xml", "<?php", "#!"];
    const AT_THE_MARGIN: &[&str] = &["package ", "import ", "#include", "export ", "namespace "];
    let begins = |text: &str, words: &[&str]| {
        let first = said(text).next().unwrap_or_default().to_lowercase();
        words.iter().any(|word| first.starts_with(word))
    };
    let line = format!("{}{selected}", place.around().line_before());
    let is_deep = !blanks(line.lines().find(|line| !line.trim().is_empty()).unwrap_or_default()).is_empty();
    // These import within functions, and indent all of a script.
    let is_free = place.layout() == Layout::Free
        && !["scala", "julia", "vue", "svelte", "astro", "html"].contains(&place.language());
    let begins_anew = |words| begins(code, words) && !begins(selected, words);
    begins_anew(ANYWHERE) && !place.before.trim().is_empty()
        || is_deep && is_free && !code.trim_start().starts_with("import(") && begins_anew(AT_THE_MARGIN)
}

/// Why an answer is not what belongs among the members of an object of JSON. None where it is.
pub(super) fn no_member(code: &str, place: Place<'_>) -> Option<&'static str> {
    let is_json = language::are_kin(place.language(), "json");
    let is_pair = |text: &str| {
        let key = text.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
        key.is_some_and(|(_, rest)| rest.trim_start().starts_with(':'))
    };
    let code = comments::without(code, "jsonc");
    let is_among_members = match place.selection.trim() {
        "" => place.before.trim_end().ends_with('{'),
        selected => is_pair(selected),
    };
    (is_json && is_among_members && !is_pair(&code))
        .then_some("the answer is no member of the object that it stands in")
}

fn has_word(line: &str) -> bool {
    line.chars().filter(|letter| letter.is_alphabetic()).count() > 1
}

/// The lines of a text that say something.
fn said(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The language, the text with its selection between `«` and `»`, an answer, and whether it says more.
    const CASES: &[(&str, &str, &str, bool)] = &[
        // What stands before.
        (
            "python",
            "class A:\n    def f(self, x):\n        «return x»\n",
            "def f(self, x):\n    return x + 1",
            true,
        ),
        (
            "python",
            "class A:\n    def f(self, x):\n        «return x»\n",
            "class A:\n    def f(self, x):\n        return 1",
            true,
        ),
        ("python", "x = «foo(a, b)»\n", "x = bar(a, b)", true),
        ("html", "<template>\n  «<p/>»\n</template>\n", "<template>\n  <p>a</p>\n</template>", true),
        ("php", "<?php\n«echo 1;»\n", "<?php\necho 2;", true),
        ("html", "<p class=\"«a»\">\n", "class=\"b\"", true),
        ("python", "if x: return «a»\n", "return b", true),
        ("markdown", "## Usage\n\n«Some text.»\n", "## Usage\n\nBetter text.", true),
        ("markdown", "It is the «cat».\n", "the dog", true),
        ("markdown", "| aa | b |\n|---|---|\n«| 1 | 2 |»\n", "| aa | b |\n|---|---|\n| 3 | 4 |", true),
        ("latex", "\\section{A}\n«Text a.»\n", "\\section{A}\nText b.", true),
        ("python", "class A:\n    def f(self, x):\n        «return x»\n", "return x + 1", false),
        (
            "python",
            "class A:\n    def f(self, x):\n        «return x»\n",
            "if x:\n    return x\nreturn 0",
            false,
        ),
        ("rust", "}\n«a()»\n", "}\nb()", false),
        ("python", "x = «foo(a, b)»\n", "x", false),
        ("python", "x = 1\nx = 1\n«x = 1»\n", "x = 1\nx = 2", false),
        ("python", "def f():\n    pass\n\n«def g():\n    pass»\n", "def g():\n    return 1", false),
        ("yaml", "- «one»\n", "- One", false),
        ("python", "if «foo»:\n", "iffy", false),
        ("python", "f(g(«x»))\n", "g(y)", false),
        ("python", "def f(xs):\n    «»\n    return y\n", "def f(xs):\n    y = x\n    return y", true),
        ("python", "import os\n«»\nprint(1)\n", "import os\nimport sys", true),
        ("html", "<ul>\n  «»\n</ul>\n", "<ul>\n  <li>a</li>\n</ul>", true),
        ("latex", "\\begin{a}\n  «»\n\\end{a}\n", "\\begin{a}\n  \\item b\n\\end{a}", true),
        ("python", "import os\n«»\n", "import sys", false),
        ("python", "def f():\n    a()\n\n«»\n", "def g():\n    a()", false),
        ("html", "<ul>\n  <li>a</li>\n  «»\n</ul>\n", "<li>b</li>", false),
        // What stands behind.
        ("python", "    «a()»\n    print(total)\n", "b()\nprint(total)", true),
        (
            "python",
            "class A:\n    «def f(self):\n        return 1»\n\n    def g(self):\n        pass\n",
            "def f(self):\n    return 2\n\ndef g(self):\n    pass",
            true,
        ),
        ("go", "\t«a()\n\tb()»\n\tc(first, second)\n", "a()\nb()\nc(first, second)", true),
        ("yaml", "  «image: a»\n  ports:\n    - 80\n", "image: c\nports:\n  - 80", true),
        ("markdown", "«Some text.»\n\n## Usage\n\nRun it.\n", "Better.\n\n## Usage\n\nRun it.", true),
        ("html", "<ul>\n  «<li>a</li>»\n</ul>\n", "<li>c</li>\n</ul>", true),
        ("html", "<ul>\n  «<li>a</li>»\n</ul>\n", "<li>\n<ul>\n<li>c</li>\n</ul>\n</li>", false),
        ("html", "<ul>\n  «<li>a</li>»\n</ul>\n", "<ul>\n</ul>", true),
        ("rust", "{\n    «a();»\n}\n", "if b {\n    a();\n}", false),
        ("python", "«a()»\ni += 1\n", "b()\ni += 1", false),
        ("python", "«a()\nprint(total)»\nprint(total)\n", "b()\nprint(total)", false),
        ("ruby", "if a\n  «b»\nend\n", "if c\n  b\nend", false),
        ("python", "«x»\nprint(total)\n", "print(total)", false),
        (
            "javascript",
            "class A {\n  «f() {\n    return x;\n  }»\n\n  g() {\n    return 1;\n  }\n}\n",
            "f() {\n  return 2;\n}\n\ng() {\n  return 1;\n}",
            true,
        ),
        ("javascript", "export class A {\n  «f() {}»\n}\n", "class A {\n  f() {}\n}", true),
        ("javascript", "if (a) {\n  «b()»\n}\n", "if (c) {\n  b()\n}", false),
        // What a file begins with.
        ("html", "<body>\n  «<p>a</p>»\n</body>\n", "<!DOCTYPE html>\n<html></html>", true),
        ("go", "func f() {\n\t«a()»\n}\n", "package main\n\nfunc f() {\n}", true),
        ("go", "func f() {\n\t«a()»\n}\n", "import \"fmt\"\n\nfmt.Println()", true),
        ("javascript", "function f() {\n  «a()»\n}\n", "import a from 'a';\n\na()", true),
        ("c", "void f() {\n    «a();»\n}\n", "#include <a.h>\nb();", true),
        ("javascript", "function f() {\n  «a()»\n}\n", "import('a').then(b)", false),
        ("python", "def f():\n    «a()»\n", "import os\n\nos.a()", false),
        ("go", "package main\n\n«import \"a\"»\n", "import \"b\"", false),
        ("javascript", "«a()»\n", "import a from 'a';\n\na()", false),
        ("vue", "<script>\n  «a()»\n</script>\n", "import a from 'a'\n\na()", false),
    ];

    #[test]
    fn what_stands_around_is_not_said_again() {
        let mut wrong = Vec::new();
        for (language, text, answer, more) in CASES {
            let (before, rest) = text.split_once('«').unwrap();
            let (selection, after) = rest.split_once('»').unwrap();
            let place = Place { language, selection, before, after, ..Place::default() };
            if says_more(answer, selection, place) != *more {
                wrong.push(format!("{language} {text:?} + {answer:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn among_members_of_json_stand_members() {
        for (before, selection, answer, is_one) in [
            ("{\n  ", "\"b\": 1", "\"b\": 2", true),
            ("{\n  ", "\"b\": 1", "// two\n\"b\": 2", true),
            ("{\n  ", "\"b\": 1", "{\n  \"b\": 2\n}", false),
            ("{\n  ", "\"b\": 1", "[2]", false),
            ("{\n  ", "", "{\"b\": 1}", false),
            ("{\"b\": ", "1", "{\"c\": 1}", true),
            ("[\n  ", "\"b\"", "{\"c\": 1}", true),
            ("", "{\"b\": 1}", "{\"c\": 1}", true),
        ] {
            let place = Place { language: "json", before, selection, after: "\n}", ..Place::default() };
            assert_eq!(no_member(answer, place).is_none(), is_one, "{answer:?} in {before:?}");
        }
    }
}
