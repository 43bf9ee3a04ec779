//! What models dress code in, and what is written of it.

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
    ("javascript", "«f(1);\n»", "Answer: f(2);", ""),
    ("javascript", "«f(1);\n»", "Rewritten:\nf(2);", ""),
    ("yaml", "«a: 1\n»", "Output:\n\na: 3", ""),
    ("yaml", "«a: 1\n»", "Output:\n- a", "Output:\n- a"),
    ("markdown", "Hi.\n\n«Some text.\n»", "Rewritten:\nSome words.", ""),
    ("plaintext", "«Some text.\n»", "Answer: Some words.", ""),
    ("plaintext", "Answer: No.\n«Some text.\n»", "Answer: Some words.", "Answer: Some words."),
    ("markdown", "«Some text.\n»", "Notes: Some words.", "Notes: Some words."),
    // Rules, quotation marks and blanks around it.
    ("python", "«a = 1\n»b = 2\n", "---\na = 3\n---", "a = 3"),
    ("yaml", "«a: 1\n»b: 2\n", "---\na: 3\n---", "a: 3"),
    ("markdown", "Hi.\n\n«Some text.\n»", "---\nSome words.\n---", "Some words."),
    ("markdown", "«---\na: 1\n---\n»", "---\na: 3\n---", "---\na: 3\n---"),
    ("markdown", "«a\n»", "---\ntitle: b\n---", "---\ntitle: b\n---"),
    ("lua", "«x»", "---\nlocal a\n---", "---\nlocal a\n---"),
    ("javascript", "«f(1);\n»g();\n", "“f(2);”", "f(2);"),
    ("javascript", "x = «y»;\n", "“z”", ""),
    ("html", "«x»", "“z”", "“z”"),
    ("python", "«a = 1\n»", "\u{a0}a = 3", "a = 3"),
    ("python", "«a = 1\n»", "if a:\n\u{a0}\u{a0}\u{a0}\u{a0}b()", "if a:\n    b()"),
    ("markdown", "«Some text.\n»", "\u{a0}Some words.", "Some words."),
    // Prompts.
    ("python", "«x»", ">>> x = 2", "x = 2"),
    ("python", "«x»", "```python\n>>> if x:\n...     y()\n...\n>>> z\n```", "if x:\n    y()\n\nz"),
    ("python", "«x»", ">>> x\n2", ""),
    ("python", "«x»", "In [1]: x = 2", ""),
    ("python", "«>>> x»", ">>> y", ">>> y"),
    ("markdown", "```console\n$ a\nb\n«»\n```\n", "$ d", "$ d"),
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
    ("python", "«a = 1\n»", "a = 3\n\n(Note: I kept the rest.)", ""),
    ("markdown", "«Some text.\n»", "Some words.\n\n(Note: I kept the rest.)", ""),
    ("markdown", "«Some text.\n»", "Some words.\n\n**Explanation:** It is shorter.", ""),
    ("plaintext", "«Some text.\n»", "Some words.\n\nChanges made:\n- a", ""),
    (
        "markdown",
        "«Some text.\n»",
        "Some words.\n\n**Note:** Restart the server now.",
        "Some words.\n\n**Note:** Restart the server now.",
    ),
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
