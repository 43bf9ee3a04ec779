//! The reader of YAML.

use expect_test::{Expect, expect};
use serde_json::Value;

use super::*;

/// A tree as JSON would write it; what is no text in YAML 1.1 is said in brackets.
fn said(tree: &Tree, id: NodeId) -> Value {
    if let Some(items) = tree.items(id) {
        return items.iter().map(|item| said(tree, *item)).collect();
    }
    if tree.is_map(id) {
        let entry = |entry: Entry| Some((tree.scalar(entry.key)?.to_owned(), said(tree, entry.value)));
        return Value::Object(tree.entries(id).into_iter().filter_map(entry).collect());
    }
    match tree.resolved(id) {
        None | Some(Resolved::Null) => Value::Null,
        Some(Resolved::Text) => tree.scalar(id).unwrap_or_default().into(),
        Some(other) => format!("<{other:?}>").into(),
    }
}

/// What is read, then what is wrong, with its line from 1.
fn read(text: &str) -> String {
    let tree = parse(text);
    let mut shown = tree.root().map_or_else(|| "nothing".to_owned(), |root| said(&tree, root).to_string());
    for error in tree.errors() {
        let line = text[..error.span.start].matches('\n').count() + 1;
        shown += &format!("\n{line}: {}", error.message);
    }
    shown
}

fn check(text: &str, expected: &Expect) {
    expected.assert_eq(&read(text));
}

#[test]
fn blocks() {
    check(
        "a:\n- b\n- c: d\n  e:\n    f\n- - g\n  - h\ni: {j: [k, l: m], \"n\":o, p}\n",
        &expect![[r#"{"a":["b",{"c":"d","e":"f"},["g","h"]],"i":{"j":["k",{"l":"m"}],"n":"o","p":null}}"#]],
    );
    check(
        "a: plain\n  goes on\nb: |\n  one\n   two\nc: >-\n  x\n  y\n",
        &expect![[r#"{"a":"plain goes on","b":"one\n two\n","c":"x y"}"#]],
    );
    check(
        "a: \"x\\n\\u00e9\"\nb: 'it''s'\nc: \"one\n  two\"\n",
        &expect![[r#"{"a":"x\né","b":"it's","c":"one two"}"#]],
    );
}

#[test]
fn anchors_and_merges() {
    check(
        "x-base: &base {a: 1, b: 2}\nc:\n  <<: *base\n  b: own\nd: *base\n",
        &expect![[
            r#"{"x-base":{"a":"<Int(1)>","b":"<Int(2)>"},"c":{"b":"own","a":"<Int(1)>"},"d":{"a":"<Int(1)>","b":"<Int(2)>"}}"#
        ]],
    );
    check(
        "a: *none\n",
        &expect![[r#"
        {"a":null}
        1: `*none` is a YAML alias, and nothing above has the anchor `&none`."#]],
    );
}

#[test]
fn values_of_yaml_1_1() {
    check(
        "a: [yes, off, 2024-10-21, 2024-10-21-preview, 18:30, 09:30, 1e3, 1.5e-6, 1e-6, 1_000, 0x1F, 017, .5, ~, Null, y]\n",
        &expect![[
            r#"{"a":["<Bool(true)>","<Bool(false)>","<Date>","2024-10-21-preview","<Sexagesimal(1110)>","09:30","1e3","<Float(1.5e-6)>","1e-6","<Int(1000)>","<Int(31)>","<Int(15)>","<Float(0.5)>",null,null,"y"]}"#
        ]],
    );
}

#[test]
fn reading_goes_on_behind_what_is_broken() {
    check(
        "a: [b\nc: d\n",
        &expect![[r#"
            {"a":["b"],"c":"d"}
            1: This bracket is not closed."#]],
    );
    check(
        "a: \"b\nc: d\n",
        &expect![[r#"
        {"a":"b","c":"d"}
        1: The quote at the beginning of this value is not closed."#]],
    );
    check(
        "a: b\n  c: d\ne: f\n",
        &expect![[r#"
        {"a":"b","c":"d","e":"f"}
        2: This line is indented deeper than the keys it stands among."#]],
    );
    check(
        "a:\n\t- b\nc: d\n",
        &expect![[r#"
        {"a":["b"],"c":"d"}
        2: A tab stands where LiteLLM's YAML parser takes spaces only."#]],
    );
    check(
        "a: *\nb: c\n",
        &expect![[r#"
        {"a":"*","b":"c"}
        1: A bare `*` begins a YAML alias; put the value in quotes."#]],
    );
    check(
        "a: b: c\nd\ne: f\n",
        &expect![[r#"
        {"a":"b: c","e":"f"}
        1: A mapping is not allowed here; put the value in quotes if the `:` is part of it.
        2: A key and a `:` are expected here."#]],
    );
}

/// Texts that are worst for readers of YAML.
#[test]
fn time_and_memory_are_bounded() {
    let line = 2 * 1024 * 1024;
    let worst = [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        "a: [\n".repeat(20_000),
        "a: \"x\nb: 'y\n".repeat(20_000),
        "&a ".repeat(50_000),
        "a: ".to_owned() + &"x".repeat(line),
        "a: ".to_owned() + &"x: ".repeat(line / 3),
        "a:\n".to_owned() + &" a:\n".repeat(50_000),
        (0..5_000).map(|depth| format!("{}a:\n", " ".repeat(depth % 300))).collect(),
        "a: &x [*x, *x]\n".repeat(10_000),
        "k: v\n".repeat(200_000),
    ];
    for text in worst {
        let tree = parse(&text);
        assert!(tree.ids().count() <= 200_100);
        assert!(tree.errors().len() <= 21);
    }
}

/// Wherever a bound on what is read is met: within brackets, quotes, lines and words.
#[test]
fn what_is_cut_off_is_told_as_nothing_else() {
    let word = "x".repeat(3_000);
    for one in [
        "- a: 1\n  b: [c, d: e, {f: g}]\n".to_owned(),
        "- {a: [b, c], d: {e: f, g: [h]}, i}\n".to_owned(),
        "- [a,\n  b,\n  {c: d,\n  e: [f,\n  g]}]\n".to_owned(),
        "- [\n\"a\",\nb: 'c',\nd\n]\n".to_owned(),
        "- \"a\\\n  b\"\n- 'c'\n".to_owned(),
        "- a: [b]\n- !!str c\n- ? d\n  : e\n- |\n  f\n".to_owned(),
        format!("- [\n{word},\n\"{word}\",\n{{{word}: é}}]\n"),
        format!("- a: [{word}, {word}]\n"),
    ] {
        for shift in 0..6 {
            let text =
                format!("- [{}]\n{}", "p, ".repeat(shift), one.repeat(20_000.min(2 + MOST / one.len())));
            let tree = parse(&text);
            let told: Vec<&str> = tree.errors().iter().map(|error| error.message.as_str()).collect();
            assert_eq!(told, [TOO_LARGE], "{shift}: {one:.80}");
            let cut = tree.errors()[0].span.start;
            let last = tree.ids().map(|id| tree.span(id).end).max().unwrap();
            assert!(last.abs_diff(cut) < 2 * one.len(), "{last} of {cut}: {one:.80}");
            // What is wrong before is told.
            let tree = parse(&format!("- [a, @b]\n{text}"));
            assert_eq!((tree.errors().len(), tree.errors()[0].span.start), (2, 6), "{one:.80}");
        }
    }
}

/// Checked against PyYAML 6.0.
#[test]
fn what_pyyaml_refuses_is_refused_and_what_it_reads_is_read() {
    for (text, is_read) in [
        ("a: b\0\n", false),
        ("a: b # \u{7}\n", false),
        ("a: '\u{1b}'\n", false),
        ("a: \u{7f}\n", false),
        ("a: \u{9f}\n", false),
        ("a: \u{fffe}\n", false),
        ("a: \u{e000}\u{10ffff}\u{a0}é\n", true),
        ("\u{feff}a: b\n", true),
        ("a: b\u{2028}-4o\n", false),
        ("router\u{85}_settings: 1\n", false),
        ("a: [b]\n\u{85}", true),
        ("a: b\u{85}c: d\u{2029}", true),
        ("# comment\u{2028}a: b\n", true),
        (r#"a: "\U00110000""#, false),
        (r#"a: "\UDE00""#, false),
        (r#"a: "\xg0""#, false),
        (r#"a: "\uD83D\U0010FFFF\x41""#, true),
        ("a: &日本 x\n", false),
        ("a: &n! x\n", false),
        ("a: &n-1_B x\nb: *n-1_B\n", true),
        ("a: &x 1\nb: &x 2\n", false),
        ("&x a: 1\nb: &x 2\n", false),
        ("a: &x &y 1\n", false),
        ("a: !!str !!str 1\n", false),
        ("a: &x !!str 1\nb: !!str &y 1\n", true),
        ("a: !<tag:yaml.org,2002:str> 1\n", true),
        ("[!<tag:yaml.org,2002:int> 1, !!int 2, ! 3]", true),
        ("a: !<tag:yaml.org,2002:str>x\n", false),
        ("a: !<tag:yaml.org,2002:nope> 1\n", false),
        ("[!<tag:yaml.org,2002:str>, b]", false),
        ("a: !<!foo> 1\n", false),
        ("a: !<> 1\n", false),
        ("a: !int 1\n", false),
        ("a: !!!str 1\n", false),
        ("a: b\n...\n", true),
        ("a: b\n...\n# end\n", true),
        ("a: b\n...\nc: d\n", false),
        ("a: b\n---\nc: d\n", false),
    ] {
        assert_eq!(parse(text).errors().is_empty(), is_read, "{text:?}: {:?}", parse(text).errors());
        assert_eq!(parse(text).text(), text);
    }
    let tree = parse("a: b\u{2028}c: d\n");
    let keys = tree.entries(tree.root().unwrap());
    assert_eq!(keys.iter().map(|entry| tree.scalar(entry.key).unwrap()).collect::<Vec<_>>(), ["a", "c"]);
}

/// What aliases repeat counts as if it were written there again, so that no few lines become millions.
#[test]
fn aliases_that_repeat_too_much_stand_for_nothing() {
    let levels = |count: usize| {
        let level = |n: usize| format!("a{n}: &a{n} [*a{}, *a{0}, *a{0}, *a{0}]\n", n - 1);
        "a0: &a0 [x, y]\n".to_owned() + &(1..count).map(level).collect::<String>()
    };
    let written =
        |tree: &Tree| tree.ids().filter(|id| matches!(tree.node(*id).kind, Kind::Alias(Some(_)))).count();
    let few = parse(&levels(6));
    assert_eq!((few.errors(), written(&few)), (&[][..], 20));
    let many = parse(&levels(60));
    assert_eq!(many.errors().iter().filter(|error| error.message == TOO_LARGE).count(), 1);
    assert!(written(&many) < 50, "{}", written(&many));
    // The same map many times over is what a usual file has.
    let usual = format!("x: &x {{a: 1, b: 2}}\nl:\n{}", "- *x\n".repeat(3_000));
    assert_eq!(parse(&usual).errors(), []);
}

/// Each map is looked at once, however many ways lead to it, and the nearest still wins.
#[test]
fn merges_of_merges_are_walked_once() {
    let mut text = "m0: &m0 {k: 0, only: first}\n".to_owned();
    for level in 1..8 {
        text += &format!("m{level}: &m{level} {{<<: [*m{0}, *m{0}, *m{0}], k{level}: {level}}}\n", level - 1);
    }
    text += "end: {<<: *m7, k: own}\n";
    let tree = parse(&text);
    let end = tree.get(tree.root().unwrap(), "end").unwrap();
    let names: Vec<_> = tree.entries(end).iter().map(|entry| tree.scalar(entry.key).unwrap()).collect();
    assert_eq!(names, ["k", "k7", "k6", "k5", "k4", "k3", "k2", "k1"]);
    assert_eq!(tree.scalar(tree.get(end, "k").unwrap()), Some("own"));
}
