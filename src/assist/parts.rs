//! Whether an answer is one part alone of what was selected: one function of several, or a method in the place of its class.

use std::collections::BTreeSet;

use super::{
    begins::{blanks, is_key},
    language::{self, CELLS, Kind, Layout, first_word, is_of_word},
    place::Place,
    words::{DIVIDING, LABELS, MODIFIERS, NAMING},
};

/// Whether lines of an answer are parts of those selected, and others like them are missing.
pub(super) fn is_one_of_several(said: &[String], given: &[String], place: Place<'_>) -> bool {
    let (said, given) = (heads(said, place), heads(given, place));
    let names = |heads: &[Head]| heads.iter().map(|head| head.name.clone()).collect::<BTreeSet<_>>();
    let (answered, all) = (names(&said), names(&given));
    let least = given.iter().map(|head| head.depth).min();
    let at = |depth: usize| {
        given.iter().filter(|head| head.depth == depth).map(|head| head.name.clone()).collect::<BTreeSet<_>>()
    };
    let has_outer = least.is_some_and(|least| !at(least).is_disjoint(&answered));
    let is_of = |depth: usize| {
        let missing = at(depth).difference(&answered).count();
        let present = at(depth).intersection(&answered).count();
        // A key or two may well be what is to go.
        let fewest = if given.iter().any(|head| head.is_key) { 2 } else { 1 };
        present > 0 && missing >= fewest && (Some(depth) == least || !has_outer)
    };
    !answered.is_empty() && answered.is_subset(&all) && given.iter().any(|head| is_of(head.depth))
}

/// Whether an answer begins as a line within the selection does and not as its first, where that names or heads all of it:
/// a function, a query, a table.
pub(super) fn is_from_within(said: &str, given: &str, place: Place<'_>) -> bool {
    let lines = |text: &'_ str| -> Vec<String> {
        text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    };
    let (said, given) = (lines(said), lines(given));
    let ([begin, ..], [head, inner @ ..]) = (&said[..], &given[..]) else { return false };
    if said.len() >= given.len() || inner.len() < FEWEST {
        return false;
    }
    if CELLS.contains(&place.language()) {
        let key = |line: &str| line.split([',', '\t', ';', '|']).next().map(str::to_owned);
        let keys: Vec<_> = inner.iter().map(|line| key(line)).collect();
        return key(begin) != key(head) && said.iter().all(|line| keys.contains(&key(line)));
    }
    let Some((name, words)) = heading(head, place) else { return false };
    let is_of_head = |line: &String| match name {
        "" => begin_of(line, words) == begin_of(head, words),
        name => line.split(|letter| !is_of_word(letter)).any(|word| word == name),
    };
    let own = begin_of(begin, words);
    !own.is_empty() && !said.iter().any(is_of_head) && inner.iter().any(|line| begin_of(line, words) == own)
}

/// Fewer lines below a head are no whole of which a part could be meant.
const FEWEST: usize = 2;

/// What a first line names, blank where it only heads what follows, and by how many words of theirs others are told apart.
/// None where it is the head of nothing.
pub(super) fn heading<'a>(line: &'a str, place: Place<'_>) -> Option<(&'a str, usize)> {
    const OF_QUERIES: &[&str] = &["select", "with", "insert", "update", "delete", "merge"];
    let language = place.language();
    let is_kin = |name| language::are_kin(name, language);
    let mut words = line.split(|letter| !is_of_word(letter)).filter(|word| !word.is_empty());
    let first = words.clone().next().unwrap_or_default().to_ascii_lowercase();
    if is_kin("sql") {
        return OF_QUERIES.contains(&&*first).then_some(("", 1));
    }
    if is_kin("dockerfile") {
        return (first == "from").then_some(("", 1));
    }
    if line.starts_with("\\section") || line.starts_with("\\begin") || line.starts_with("\\chapter") {
        return Some(("", 1));
    }
    let word = words.find(|word| !MODIFIERS.have(word))?;
    let is_one = place.kind() == Kind::Code && NAMING.have(word) && !language::is_data(language);
    words.next().filter(|_| is_one).map(|name| (name, 2))
}

/// The first words of a line, in small letters.
fn begin_of(line: &str, words: usize) -> String {
    line.split_whitespace().take(words).collect::<Vec<_>>().join(" ").to_ascii_lowercase()
}

/// Whether keys that an answer of YAML begins with stand in a selection below others alone; or whether it is the path to
/// one value, each of whose keys has others beside it there.
pub(super) fn is_inner_of_data(said: &str, given: &str, place: Place<'_>) -> bool {
    let keys = |text: &str| -> Vec<(usize, String)> {
        let key = |line: &str| is_key(line).then(|| (blanks(line).len(), name(line.trim()).to_owned()));
        text.lines().filter_map(key).collect()
    };
    let (said, given) = (keys(said), keys(given));
    let least = |keys: &[(usize, String)]| keys.iter().map(|(depth, _)| *depth).min();
    let (Some(own), Some(outer)) = (least(&said), least(&given)) else { return false };
    if place.layout() != Layout::Data || given.len() < said.len() + FEWEST {
        return false;
    }
    let stands = |name: &str, is_outer: bool| {
        given.iter().any(|(depth, one)| one == name && (*depth == outer) == is_outer)
    };
    let mut outermost = said.iter().filter(|(depth, _)| *depth == own);
    let is_below = outermost.all(|(_, name)| stands(name, false) && !stands(name, true));
    let is_path = said.len() > 1
        && said.windows(2).all(|pair| pair[1].0 > pair[0].0)
        && said.iter().all(|(_, name)| given.iter().any(|(_, one)| one == name));
    let lost = || {
        let depths: BTreeSet<usize> = given
            .iter()
            .filter(|(_, name)| !said.iter().any(|(_, one)| one == name))
            .map(|(depth, _)| *depth)
            .collect();
        depths.len() >= FEWEST
    };
    is_below || is_path && lost()
}

/// A line that begins a part: others stand below it, deeper; or it is a heading, or a key of data.
struct Head {
    depth: usize,
    name: String,
    is_key: bool,
}

fn heads(lines: &[String], place: Place<'_>) -> Vec<Head> {
    let lines: Vec<&String> = lines.iter().filter(|line| line.contains(char::is_alphanumeric)).collect();
    let depth = |line: &str| blanks(line).len();
    let least = lines.iter().map(|line| depth(line)).min().unwrap_or_default();
    let is_code = place.kind() == Kind::Code;
    let is_of_keys = language::are_kin("json", place.language())
        || language::is_data(place.language()) && !CELLS.contains(&place.language());
    let heads = lines.iter().enumerate().filter_map(|(at, line)| {
        let bare = line.trim();
        let is_table = is_code && bare.starts_with('[') && bare.ends_with(']');
        let is_heading = !is_code
            && (bare.starts_with('#') || bare.starts_with("\\section") || bare.starts_with("\\chapter"));
        let holds = is_code && lines.get(at + 1).is_some_and(|next| depth(next) > depth(line));
        let is_key = is_of_keys && !holds && !is_table && depth(line) == least;
        let name = if is_heading || is_table { bare.to_owned() } else { name(bare).to_owned() };
        ((holds || is_key || is_heading || is_table) && !goes_on(bare)).then(|| Head {
            depth: if is_heading { 0 } else { depth(line) },
            name,
            is_key,
        })
    });
    heads.collect()
}

/// Whether a line goes on from the block above it, as `else` does.
pub(super) fn goes_on(line: &str) -> bool {
    let word = first_word(line.trim_start_matches(['}', ' ', '\t']));
    DIVIDING.have(word) || LABELS.have(word)
}

/// What a line that begins a part is called by: the last word before what it is given.
fn name(line: &str) -> &str {
    let bare = line.trim_start_matches(['(', '"', '\'']);
    let before = bare.split(['(', '{', ':', '=', '<', '"']).next().unwrap_or_default();
    before.split_whitespace().next_back().unwrap_or(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_alone_takes_the_place_of_no_others() {
        for (language, selection, answer, is_part) in [
            (
                "python",
                "def f():\n    a()\n\ndef g(x):\n    b()\n\ndef h():\n    c()",
                "def g(x, y):\n    b(y)",
                true,
            ),
            (
                "python",
                "class A:\n    def f(self):\n        a()\n\n    def g(self):\n        b()",
                "def g(self):\n    b(1)",
                true,
            ),
            (
                "javascript",
                "function f() {\n  a();\n}\nfunction g() {\n  b();\n}",
                "function g() {\n  b(1);\n}",
                true,
            ),
            (
                "c",
                "int f(void)\n{\n  a();\n}\n\nint g(void)\n{\n  b();\n}",
                "int g(void)\n{\n  b(1);\n}",
                true,
            ),
            (
                "rust",
                "impl A {\n    fn f() {\n        a()\n    }\n\n    fn g() {\n        b()\n    }\n}",
                "fn f() {\n    a(1)\n}",
                true,
            ),
            ("css", ".a {\n  b: c;\n}\n.d {\n  e: f;\n}", ".d {\n  e: g;\n}", true),
            ("toml", "[a]\nb = 1\n\n[c]\nd = 2", "[c]\nd = 3", true),
            ("yaml", "a: 1\nb: 2\nc: 3", "b: 4", true),
            ("yaml", "a:\n  b: 1\nc:\n  d: 2", "c:\n  d: 3", true),
            ("markdown", "# A\n\none\n\n# B\n\ntwo", "# B\n\nthree", true),
            ("elisp", "(defun f ()\n  (a))\n\n(defun g ()\n  (b))", "(defun g ()\n  (c))", true),
            // All of them, others, or what is no part.
            (
                "python",
                "def f():\n    a()\n\ndef g():\n    b()",
                "def g():\n    b()\n\ndef f():\n    a()",
                false,
            ),
            ("python", "def f():\n    a()\n\ndef g():\n    b()", "def h():\n    a()\n    b()", false),
            ("python", "def f():\n    a()", "def f():\n    b()", false),
            ("python", "class A:\n    def f(self):\n        a()", "def f():\n    a()", false),
            (
                "python",
                "if a:\n    x = 1\nelif b:\n    x = 2\nelse:\n    x = 3",
                "if a:\n    x = 1\nelse:\n    x = 3",
                false,
            ),
            (
                "python",
                "for i in x:\n    a(i)\nfor j in y:\n    b(j)",
                "for i, j in zip(x, y):\n    a(i)\n    b(j)",
                false,
            ),
            ("python", "for i in x:\n    if i:\n        a(i)", "for i in x:\n    a(i)", false),
            ("yaml", "a: 1\nb: 2", "a: 1", false),
            ("javascript", "if (a) {\n  b();\n} else {\n  c();\n}", "if (a) {\n  b();\n}", false),
        ] {
            let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
            let place = Place { language, selection, ..Place::default() };
            assert_eq!(
                is_one_of_several(&lines(answer), &lines(selection), place),
                is_part,
                "{language}: {answer:?}"
            );
        }
    }
}
