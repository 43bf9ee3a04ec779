//! What models dress code in that is no code: tags around all of it, a word or a label above it, and prompts, numbers or
//! marks of a quotation before its lines. What is certain is taken off; for what is not there is a reason to doubt.

use std::borrow::Cow;

use super::{
    comments,
    language::{self, Kind, Layout},
    line_ends::with_lf,
    place::Place,
};

/// Words that models set above their code, in small letters.
const LABELS: &[&str] = &[
    "answer",
    "assistant",
    "code",
    "corrected code",
    "fixed code",
    "here",
    "new code",
    "output",
    "response",
    "result",
    "rewritten code",
    "solution",
    "updated code",
];
const IN_HTML: &str = "the answer is written as HTML";
const OF_SESSION: &str = "the answer shows a session and not the code alone";
const LABELLED: &str = "the answer begins with a label that may be no code";

/// An answer without what is certain to be no code around it.
pub(super) fn undressed<'a>(said: &'a str, place: Place<'_>) -> Cow<'a, str> {
    /// More wraps than a model puts around its code.
    const MOST: usize = 4;
    let mut code = Cow::Borrowed(said);
    if !is_for(said, place) {
        return code;
    }
    for _ in 0..MOST {
        let steps = [without_tags, without_word, without_prompts, without_numbers];
        let Some(bare) = steps.iter().find_map(|step| step(&code, place)) else { break };
        code = Cow::Owned(bare);
    }
    code
}

/// Why an answer may hold what is no code. None where it seems to be all code.
pub(super) fn doubt(code: &str, place: Place<'_>) -> Option<&'static str> {
    const ENTITIES: [&str; 4] = ["&lt;", "&gt;", "&amp;", "&quot;"];
    if !is_for(code, place) {
        return None;
    }
    let language = place.language();
    let is_markup = comments::is_markup(language);
    let first = first_line(code);
    let is_quoted =
        |before: &str| ['"', '\'', '`'].iter().any(|quote| before.matches(*quote).count() % 2 == 1);
    let has_entity = |line: &str| {
        ENTITIES.iter().any(|entity| line.find(entity).is_some_and(|begin| !is_quoted(&line[..begin])))
    };
    let tag = first.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).filter(|name| is_name(name));
    let calls_tool = first.starts_with("<tool");
    let is_prompt = |line: &str| line.starts_with(prompt(place)) || line.starts_with("In [");
    match () {
        () if !is_markup
            && (tag.is_some() || calls_tool || comments::without(code, language).lines().any(has_entity)) =>
        {
            Some(IN_HTML)
        }
        () if !prompt(place).is_empty() && code.lines().any(is_prompt) => Some(OF_SESSION),
        () if is_labelled(first, place) => Some(LABELLED),
        () => None,
    }
}

/// Whether what came of an answer so far may be dressed: how, only the rest will tell.
pub(super) fn may_be(said: &str, place: Place<'_>) -> bool {
    let begin = said.trim_start();
    let is_word = !begin.trim_end().contains('\n')
        && begin.trim_end().trim_end_matches(':').chars().all(char::is_alphabetic);
    is_for(said, place)
        && (begin.starts_with(['<', '[', '>', '$', '\'']) && !comments::is_markup(place.language())
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

/// What stands between two tags that belong to no language of the place: `<code>`, or `[PYTHON]`.
fn without_tags(said: &str, place: Place<'_>) -> Option<String> {
    let bare = said.trim();
    let (open, close) = match bare.chars().next()? {
        '<' if !comments::is_markup(place.language()) => ('<', '>'),
        '[' => ('[', ']'),
        _ => return None,
    };
    let (tag, rest) = bare[1..].split_once(close)?;
    let name = tag.split(' ').next().filter(|name| is_name(name) && !name.starts_with("tool"))?;
    let inside = rest.strip_suffix(&format!("{open}/{name}{close}"))?;
    let is_html = open == '<' && !inside.contains(['<', '>']);
    let inside = inside.strip_prefix('\n').unwrap_or(inside);
    Some(match is_html && ["code", "pre"].contains(&name) {
        true => {
            inside.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
        }
        false => inside.to_owned(),
    })
}

fn is_name(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter))
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
    let is_statement = said.trim().is_empty() || said.starts_with(' ') && said.contains(" = ");
    is_capital
        && is_label(label, place)
        && is_statement
        && matches!(place.layout(), Layout::Colon | Layout::Free)
        && !language::is_data(place.language())
}

/// What a line of a session begins with in the language of a place. Blank where there is none.
fn prompt(place: Place<'_>) -> &'static str {
    match place.language() {
        language if language::are_kin(language, "python") => ">>> ",
        language if language::are_kin(language, "sh") => "$ ",
        _ => "",
    }
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
    let is_quotation = !said.contains(">>>") && lines().all(|line| begins(line, "> "));
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
    let count = lines.iter().enumerate().all(|(at, (number, one, _))| *number == first + at && *one == mark);
    // These are keys of a table.
    let are_keys = mark == ':'
        && (language::is_data(place.language())
            || lines[..lines.len() - 1].iter().all(|(.., line)| line.trim_end().ends_with(',')));
    if lines.len() < 2 || !count || are_keys {
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
mod tests {
    use crate::assist::fit::{Answer, Fit, fit, so_far};

    use super::*;

    /// The language, the text with its selection or cursor between `«` and `»`, the answer, and what is written of it;
    /// blank where it is shown.
    const DRESSED: &[(&str, &str, &str, &str)] = &[
        // Tags.
        ("python", "«x»", "<code>\nx = 2\n</code>", "x = 2"),
        ("python", "«x»", "<pre><code class=\"python\">x = 2\ny = 3</code></pre>", "x = 2\ny = 3"),
        ("python", "«x»", "<code>if x &lt; 2:\n    y()</code>", "if x < 2:\n    y()"),
        ("python", "«x»", "<answer>\nx = 2\n</answer>", "x = 2"),
        ("python", "«x»", "<answer>\n```python\nx = 2\n```\n</answer>", "x = 2"),
        ("rust", "«x»", "```rust\n<rewritten>\nlet a = 1;\n</rewritten>\n```", "let a = 1;"),
        ("go", "«»", "<output>x()</output>", "x()"),
        ("python", "«x»", "[PYTHON]\nx = 2\n[/PYTHON]", "x = 2"),
        ("python", "«x»", "<answer>\nx = 2", ""),
        ("python", "«x»", "<tool_call>\n{\"name\": \"edit\"}\n</tool_call>\nx", ""),
        ("python", "«x»", "<tool_call>{\"name\": \"edit\"}</tool_call>", ""),
        ("python", "«x»", "if x &lt; 2:\n    y()", ""),
        ("html", "«x»", "<code>x</code>", "<code>x</code>"),
        ("javascript", "«x»", "<output>\n  {a}\n</output>", "<output>\n  {a}\n</output>"),
        ("html", "«x»", "a &lt; b", "a &lt; b"),
        ("python", "«x»", "a = html.replace(\"<\", \"&lt;\")", "a = html.replace(\"<\", \"&lt;\")"),
        ("java", "«x»", "/** A {@code List&lt;T&gt;}. */\nint a;", "/** A {@code List&lt;T&gt;}. */\nint a;"),
        ("rust", "«x»", "<T as A>::b(c)", "<T as A>::b(c)"),
        ("toml", "«x»", "[a]\nb = 1", "[a]\nb = 1"),
        ("python", "x = «[1]»", "[PAD] + [2]", "[PAD] + [2]"),
        // Words and labels.
        ("python", "«x»", "python\nx = 2", "x = 2"),
        ("python", "«x»", "py\nx = 2\ny = 3", "x = 2\ny = 3"),
        ("yaml", "«x»", "yaml\na: 2", "a: 2"),
        ("rust", "«x»", "rust\nlet a = 1;", "let a = 1;"),
        ("python", "«x»", "'''python\nx = 2\n'''", "x = 2"),
        ("python", "«x»", "Output:\nx = 2", "x = 2"),
        ("python", "«x»", "Python:\nx = 2", "x = 2"),
        ("python", "«x»", "Updated code:\n\nx = 2", "x = 2"),
        ("c", "«x»", "Output:\nx = 2;", ""),
        ("python", "«x»", "Answer: x = 2", ""),
        ("python", "«x»", "assistant: x = 2", ""),
        ("shellscript", "«x»", "bash\nls", "bash\nls"),
        ("python", "«x»", "python", "python"),
        ("python", "«x»", "else:\n    y()", "else:\n    y()"),
        ("python", "«x»", "result: int = 2", "result: int = 2"),
        ("go", "«x»", "Output: a,\nCode: b,", "Output: a,\nCode: b,"),
        ("yaml", "«x»", "Output:\n  a: 1", "Output:\n  a: 1"),
        ("yaml", "«x»", "code: 1", "code: 1"),
        ("typescript", "«x»", "Result: string;", "Result: string;"),
        ("makefile", "«x»", "output:\n\tcc", "output:\n\tcc"),
        // Prompts.
        ("python", "«x»", ">>> x = 2", "x = 2"),
        ("python", "«x»", "```python\n>>> if x:\n...     y()\n...\n>>> z\n```", "if x:\n    y()\n\nz"),
        ("python", "«x»", ">>> x\n2", ""),
        ("python", "«x»", "In [1]: x = 2", ""),
        ("python", "«>>> x»", ">>> y", ">>> y"),
        ("shellscript", "«x»", "$ ls -l\n$ cd a", "ls -l\ncd a"),
        ("shellscript", "«x»", "$ ls\na  b", ""),
        ("shellscript", "«x»", "$CC a.c", "$CC a.c"),
        ("python", "«x»", "> x = 2\n>\n> y = 3", "x = 2\n\ny = 3"),
        ("python", "a «»", "> b", "> b"),
        ("markdown", "«x»", "> x = 2", "> x = 2"),
        // Numbers.
        ("python", "«x»", "1: x = 2\n2: y = 3", "x = 2\ny = 3"),
        ("python", "«x»", " 9 | if x:\n10 |     y()\n11 |", "if x:\n    y()\n"),
        ("go", "«x»", "    1\tx()\n    2\ty()", "x()\ny()"),
        ("python", "x = {\n    «1: 2»\n}", "1: \"a\",\n2: \"b\",", "1: \"a\",\n    2: \"b\","),
        ("yaml", "«x»", "1: a\n2: b", "1: a\n2: b"),
        ("javascript", "a = {\n«1: 2»\n}", "1: a,\n2: b", "1: a,\n2: b"),
        ("python", "«x»", "1 + 2", "1 + 2"),
        // Behind the code.
        ("python", "«x»", "x = 2\n\n- changed x\n- nothing else", ""),
        ("rust", "«x»", "let a = 1;\n\n* Renamed it to `a`\n* Removed the rest", ""),
        ("python", "«x»", "x = (\n    a\n\n    - b\n    - c\n)", "x = (\n    a\n\n    - b\n    - c\n)"),
        ("yaml", "«x»", "a:\n\n- one word\n- or more", "a:\n\n- one word\n- or more"),
        ("pug", "«x»", "p a\n\n- one two\n- three four", "p a\n\n- one two\n- three four"),
        // Marks of templates.
        ("python", "«x»", "x = 2[/INST]", "x = 2"),
        ("python", "«x»", "<s>x = 2</s>", "x = 2"),
        ("python", "«x»", "<|assistant|>\nx = 2", "x = 2"),
        ("python", "«x»", "<|start|>assistant<|message|>x = 2", "x = 2"),
    ];

    #[test]
    fn code_is_written_as_it_stands_in_its_dress() {
        let mut wrong = Vec::new();
        for (language, text, answer, right) in DRESSED {
            let (before, rest) = text.split_once('«').unwrap();
            let (selection, after) = rest.split_once('»').unwrap();
            let place = Place { language, selection, before, after, ..Place::default() };
            let found = fit(Answer { text: answer, finish_reason: Some("stop"), refusal: None }, place);
            let is_right = match &found {
                Fit::Write(new) => new.trim_end() == right.trim_end() && !right.is_empty(),
                Fit::Show { .. } => right.is_empty(),
                Fit::Nothing { .. } => false,
            };
            if !is_right {
                wrong.push(format!("{language} {text:?} + {answer:?}: {found:?}"));
            }
            // While it comes nothing is shown that is not written in the end.
            let at_cursor = Place { selection: "", before: "", after: "", ..place };
            let end = fit(Answer { text: answer, finish_reason: Some("stop"), refusal: None }, at_cursor);
            for (end_of, _) in answer.char_indices() {
                let known = so_far(&answer[..end_of], at_cursor);
                if let Fit::Write(new) = &end
                    && !new.starts_with(&known)
                {
                    wrong.push(format!("{language} {answer:?}: {known:?} of {new:?}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    }
}
