//! `.env` as python-dotenv reads it, and changes that leave all else as it was.

use super::*;

/// Lines and what they set, as python-dotenv 1.0 says.
const LINES: [(&str, &[(&str, &str)]); 38] = [
    ("", &[]),
    ("A=1", &[("A", "1")]),
    ("export A=1", &[("A", "1")]),
    ("export\tA = 1 ", &[("A", "1")]),
    ("exportA=1", &[("exportA", "1")]),
    ("  A  =  1 2  ", &[("A", "1 2")]),
    ("A=1 # c", &[("A", "1")]),
    ("A=1# c", &[("A", "1# c")]),
    ("A= # c", &[("A", "")]),
    ("A=#c", &[("A", "#c")]),
    ("A=", &[("A", "")]),
    ("A", &[]),
    ("'A'=1", &[("A", "1")]),
    ("'A B'=1", &[("A B", "1")]),
    ("# A=1", &[]),
    ("A=b=c", &[("A", "b=c")]),
    ("A=\"1\"", &[("A", "1")]),
    ("A='1'  # c \" '", &[("A", "1")]),
    ("A=\"\"", &[("A", "")]),
    ("A=\"x # y\"", &[("A", "x # y")]),
    ("A=\"x\\\"y\\n\"", &[("A", "x\"y\n")]),
    ("A='x\\'y\\n'", &[("A", "x'y\\n")]),
    ("A=\"1\nB=2\nC\" # d", &[("A", "1\nB=2\nC")]),
    ("A='1\n\n2'", &[("A", "1\n\n2")]),
    ("A=\"x\" y", &[]),
    ("A='x\nB=2", &[("B", "2")]),
    ("A=\"x\nB=\"2\"", &[]),
    ("=1\nB=2", &[("B", "2")]),
    ("A=1\nA=2", &[("A", "2")]),
    ("A: 1\nB=2", &[("B", "2")]),
    ("A=\u{e9}\u{1f980}", &[("A", "\u{e9}\u{1f980}")]),
    ("A=it's", &[("A", "it's")]),
    ("A=\\\"x", &[("A", "\\\"x")]),
    ("A='x\\'", &[]),
    ("A='x\\\\'", &[("A", "x\\")]),
    ("A B=1\nB=2", &[("B", "2")]),
    ("#'\nA=1", &[("A", "1")]),
    ("A=1\n\n\n# end", &[("A", "1")]),
];

fn values(text: &str) -> Vec<(String, String)> {
    DotEnv::read(text).into_values()
}

#[test]
fn it_is_read_as_python_dotenv_reads_it() {
    for (line, set) in LINES {
        for end in ["\n", "\r\n", "\r"] {
            let text = line.replace('\n', end);
            let wanted: Vec<_> = set
                .iter()
                .map(|(name, value)| {
                    (
                        (*name).to_owned(),
                        if text.contains('"') || text.contains('\'') {
                            // Within quotes line ends stay.
                            if value.ends_with('\n') { (*value).to_owned() } else { value.replace('\n', end) }
                        } else {
                            (*value).to_owned()
                        },
                    )
                })
                .collect();
            assert_eq!(values(&text), wanted, "{text:?}");
            let more = format!("{text}{end}Z=9");
            let is_open = ["A='x\nB=2", "A='x\\'"].contains(&line);
            assert!(is_open || DotEnv::read(&more).get("Z") == Some("9"), "{more:?}");
        }
    }
}

/// Whatever stands in the file, a name is set to its value, and all others stay.
#[test]
fn a_name_is_set_and_all_others_stay() {
    let ends = ["\n", "\r\n", "\r"];
    let words = ["sk-1234567890abcdef", "two words", "it's", "a#b", "x\"y", ""];
    let mut set = 0;
    for (first, _) in LINES {
        for (second, _) in LINES {
            for (place, end) in ends.into_iter().enumerate() {
                for around in [("", ""), ("", "\n"), ("\u{feff}", ""), ("OTHER='1'\n", "# c\n")] {
                    let text = format!("{}{first}\n{}{}", around.0, second.replace('A', "C"), around.1)
                        .replace('\n', end);
                    for name in ["A", "C", "NEW"] {
                        let assignment = Assignment::new(name, words[(set + place) % words.len()]).unwrap();
                        set += 1;
                        let Some((range, new)) = assignment.edit(&text) else {
                            // What is never closed would end at a quote of ours.
                            let is_open = [first, second].iter().any(|line| line.contains("='x"));
                            assert!(is_open && new_quote(&assignment), "{name} in {text:?}");
                            continue;
                        };
                        let mut after = text.clone();
                        after.replace_range(range, &new);
                        let mut wanted: BTreeMap<_, _> = values(&text).into_iter().collect();
                        wanted.insert(name.to_owned(), assignment.value.clone());
                        assert_eq!(
                            values(&after),
                            wanted.into_iter().collect::<Vec<_>>(),
                            "{text:?} {after:?}"
                        );
                        let strange = ends.iter().filter(|other| **other != end && !end.contains(**other));
                        for other in strange {
                            assert!(!after.contains(other), "{other:?} in {after:?}");
                        }
                    }
                }
            }
        }
    }
    assert!(set > 10_000);
}

fn new_quote(assignment: &Assignment) -> bool {
    assignment.written().unwrap().contains(['"', '\''])
}

#[test]
fn the_value_alone_is_replaced() {
    for (before, after) in [
        ("A=1", "A=2"),
        ("# top\nexport A = old  # why\nB=3", "# top\nexport A = 2  # why\nB=3"),
        ("A=\"x\ny=z\" # why\nB=3\n", "A=2 # why\nB=3\n"),
        ("A= # why\n", "A=2 # why\n"),
        ("A=\n", "A=2\n"),
        ("B=3", "B=3\nA=2\n"),
        ("B=3\r\n", "B=3\r\nA=2\r\n"),
        ("B=3\rC=4", "B=3\rC=4\rA=2\r"),
        ("", "A=2\n"),
        ("A=1\nA=3 # last\n", "A=1\nA=2 # last\n"),
    ] {
        let (range, new) = Assignment::new("A", "2").unwrap().edit(before).unwrap();
        let mut text = before.to_owned();
        text.replace_range(range, &new);
        assert_eq!(text, after, "{before:?}");
    }
    for value in ["a\nb", "${HOME}", "'\\", "'\"$"] {
        assert!(Assignment::new("A", value).is_none(), "{value:?}");
    }
}
