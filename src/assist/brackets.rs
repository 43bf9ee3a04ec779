//! Whether all brackets, quotes and comments of code are closed, in languages whose marks tell that for certain.

use super::language::{first_word, is_of_word, is_one_of};

/// How a language writes what its brackets do not count in.
struct Marks {
    /// Whether comments of a line begin with two slashes, and whether those of several lines stand within each other.
    has_line_comments: bool,
    nests_comments: bool,
    /// Whether a text in double quotes may go on in the next line.
    has_long_texts: bool,
    /// What an apostrophe begins.
    apostrophe: Apostrophe,
    backtick: Backtick,
    /// What stands nowhere in code that can be read so.
    unread: &'static [&'static str],
}

#[derive(PartialEq, Eq)]
enum Apostrophe {
    /// A text, as a double quote does.
    Text,
    /// A letter; of Rust a lifetime too, and of C++ what divides the digits of a number.
    Letter,
}

#[derive(PartialEq, Eq)]
enum Backtick {
    Nothing,
    /// A text without escapes.
    Raw,
    /// A text with code in it, behind `${`.
    Template,
}

const C: Marks = Marks {
    has_line_comments: true,
    nests_comments: false,
    has_long_texts: false,
    apostrophe: Apostrophe::Letter,
    backtick: Backtick::Nothing,
    unread: &["R\"", "\\\n", "??"],
};
const LANGUAGES: &[(&[&str], Marks)] = &[
    (&["rust", "rs"], Marks { nests_comments: true, has_long_texts: true, unread: &[], ..C }),
    (&["go", "golang"], Marks { backtick: Backtick::Raw, unread: &[], ..C }),
    (&["c", "cpp", "c++", "cc", "h", "hpp"], C),
    (&["java"], Marks { unread: &["\"\"\"", "\\u"], ..C }),
    (&["csharp", "cs", "c#"], Marks { unread: &["@\"", "\"\"\"", "$@", "@$", "#region"], ..C }),
    // Of tags and what stands between them brackets tell nothing.
    (
        &["javascript", "js", "mjs", "cjs", "typescript", "ts"],
        Marks {
            apostrophe: Apostrophe::Text,
            backtick: Backtick::Template,
            unread: &["</", "/>", "<!--"],
            ..C
        },
    ),
    (&["css"], Marks { has_line_comments: false, apostrophe: Apostrophe::Text, unread: &["url("], ..C }),
    (&["scss", "less"], Marks { apostrophe: Apostrophe::Text, unread: &["url("], ..C }),
];

/// What tells whether all that code of a language opens is closed; in code that is being written it may still be. What can't
/// be read for certain is taken for whole. None where brackets of the language can't be counted.
pub(super) fn reader(language: &str) -> Option<impl Fn(&str, bool) -> bool + use<>> {
    let (_, marks) = LANGUAGES.iter().find(|(names, _)| is_one_of(names, language))?;
    Some(move |code: &str, is_being_written: bool| {
        is_being_written
            || marks.unread.iter().any(|mark| code.contains(mark))
            || Reading { code, marks, at: 0, closing: Vec::new(), last: ' ', begin_of_word: 0 }
                .read()
                .is_some()
    })
}

struct Reading<'a> {
    code: &'a str,
    marks: &'static Marks,
    at: usize,
    /// What closes what is open; a backtick for code within a text.
    closing: Vec<char>,
    /// The last letter that is no blank, and where the word begins that it may end.
    last: char,
    begin_of_word: usize,
}

impl<'a> Reading<'a> {
    fn read(mut self) -> Option<()> {
        while let Some(letter) = self.rest().chars().next() {
            self.take(letter)?;
        }
        self.closing.is_empty().then_some(())
    }

    fn rest(&self) -> &'a str {
        &self.code[self.at..]
    }

    /// Takes what begins here. None where it has no end, or ends what is not open.
    fn take(&mut self, letter: char) -> Option<()> {
        let rest = self.rest();
        let begin = self.at;
        self.at += match letter {
            '/' if rest.starts_with("/*") => return self.comment(),
            '/' if rest.starts_with("//") && self.marks.has_line_comments => {
                self.at += rest.find('\n').unwrap_or(rest.len());
                return Some(());
            }
            '/' if self.marks.backtick == Backtick::Template && self.begins_value() => {
                pattern(rest).unwrap_or(1)
            }
            '"' => self.text(rest)?,
            '\'' if self.marks.apostrophe == Apostrophe::Text => text(rest, '\'', false)?,
            '\'' => self.letter(rest),
            '`' if self.marks.backtick == Backtick::Raw => rest[1..].find('`')? + 2,
            '`' if self.marks.backtick == Backtick::Template => return self.template(1),
            '(' | '[' | '{' => {
                self.closing.push(match letter {
                    '(' => ')',
                    '[' => ']',
                    _ => '}',
                });
                1
            }
            '}' if self.closing.last() == Some(&'`') => {
                self.closing.pop();
                return self.template(1);
            }
            ')' | ']' | '}' if self.closing.pop() != Some(letter) => return None,
            _ => letter.len_utf8(),
        };
        if !letter.is_whitespace() {
            let goes_on =
                is_of_word(letter) && is_of_word(self.last) && self.code[..begin].ends_with(is_of_word);
            self.begin_of_word = if goes_on { self.begin_of_word } else { begin };
            self.last = letter;
        }
        Some(())
    }

    fn comment(&mut self) -> Option<()> {
        let mut depth = 0;
        loop {
            let rest = self.rest();
            let end = rest.find("*/")?;
            match rest.find("/*").filter(|begin| *begin < end && (depth == 0 || self.marks.nests_comments)) {
                Some(begin) => {
                    depth += 1;
                    self.at += begin + 2;
                }
                None => {
                    depth -= 1;
                    self.at += end + 2;
                }
            }
            if depth == 0 {
                return Some(());
            }
        }
    }

    /// Bytes of a text in double quotes; of Rust it may be a raw one.
    fn text(&self, rest: &str) -> Option<usize> {
        let before = &self.code[..self.at];
        let hashes = before.len() - before.trim_end_matches('#').len();
        let word = &before[..before.len() - hashes];
        let is_raw = self.marks.nests_comments
            && ["r", "br", "cr"]
                .iter()
                .any(|mark| word.strip_suffix(mark).is_some_and(|before| !before.ends_with(is_of_word)));
        match is_raw {
            true => {
                let end = format!("\"{}", "#".repeat(hashes));
                Some(rest[1..].find(&end)? + 1 + end.len())
            }
            false => text(rest, '"', self.marks.has_long_texts),
        }
    }

    /// Bytes of a letter in apostrophes, or of an apostrophe alone.
    fn letter(&self, rest: &str) -> usize {
        let mut letters = rest[1..].chars();
        let divides =
            self.code[..self.at].ends_with(is_of_word) && letters.clone().next().is_some_and(is_of_word);
        match letters.next() {
            Some('\\') => text(rest, '\'', false).unwrap_or(1),
            Some(letter)
                if letters.next() == Some('\'')
                    && !(divides && !self.marks.nests_comments && letter.is_ascii_digit()) =>
            {
                2 + letter.len_utf8()
            }
            _ => 1,
        }
    }

    /// Goes on in a text with code in it, up to its end or to the next code.
    fn template(&mut self, skipped: usize) -> Option<()> {
        self.at += skipped;
        loop {
            let rest = self.rest();
            let end = rest.find(['`', '\\', '$'])?;
            self.at += end + 1;
            let behind = self.rest().chars().next();
            match &rest[end..=end] {
                "`" => {
                    self.last = '`';
                    return Some(());
                }
                "\\" => self.at += behind.map_or(0, char::len_utf8),
                _ if behind == Some('{') => {
                    self.closing.push('`');
                    (self.at, self.last) = (self.at + 1, '{');
                    return Some(());
                }
                _ => {}
            }
        }
    }

    /// Whether a value may begin here, so that a slash begins a pattern.
    fn begins_value(&self) -> bool {
        const WORDS: &[&str] = &[
            "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "yield",
            "await",
        ];
        let word = first_word(&self.code[self.begin_of_word..]);
        match self.last {
            last if is_of_word(last) => WORDS.contains(&word),
            last => !")]}\"'`$".contains(last),
        }
    }
}

/// Bytes of a text between two quotes. None where it has no end.
fn text(code: &str, quote: char, is_long: bool) -> Option<usize> {
    let mut letters = code.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '\n' if !is_long => return None,
            letter if letter == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Bytes of a pattern between slashes. None where the line has none.
fn pattern(code: &str) -> Option<usize> {
    let (mut is_class, mut letters) = (false, code.char_indices().skip(1));
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '\n' => return None,
            '[' => is_class = true,
            ']' => is_class = false,
            '/' if !is_class => return Some(at + 1),
            _ => {}
        }
    }
    None
}
