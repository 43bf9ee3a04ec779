//! What a model can be asked to do with a text: the one table of tasks, and where their answers go.

use std::ops::Range;

use litellm_ls_protocol::{EditPlace, EditTask, Prompt, PromptOutput};

use super::{Answer, Around, Fit, Place, fit};

/// How much of a whole text stands for a selection where nothing is selected, in bytes of UTF-8.
pub(super) const WHOLE: usize = 100_000;

/// One task.
#[derive(Debug)]
pub struct TaskRow {
    /// The command that begins it. None where there is none.
    pub command: Option<&'static str>,
    /// What menus show.
    pub title: &'static str,
    /// Whether it is about a selection; else about the place of the cursor.
    pub of_selection: bool,
    /// Whether its answer is for the text; else it is for reading.
    pub edits: bool,
    /// What is asked.
    pub(super) instruction: &'static str,
    /// The same where the user says more, in the place of `{}`.
    pub(super) with_more: &'static str,
    /// The same where tools complain of the place and the user says nothing. None where the complaints only go along.
    pub(super) of_problems: Option<&'static str>,
}

/// All tasks, in the order of a menu.
pub const TASKS: [EditTask; 7] = [
    EditTask::Complete,
    EditTask::Rewrite,
    EditTask::Explain,
    EditTask::Fix,
    EditTask::Document,
    EditTask::Test,
    EditTask::Ask,
];

/// What a task is: all that differs between tasks.
pub const fn task_row(task: EditTask) -> TaskRow {
    match task {
        EditTask::Complete => TaskRow {
            command: Some("completeHere"),
            title: "complete here",
            of_selection: false,
            edits: true,
            instruction: "Write what belongs at the empty selection, between before and after.",
            with_more: "Write what belongs at the empty selection, between before and after. {}",
            of_problems: None,
        },
        EditTask::Explain => TaskRow {
            command: Some("explain"),
            title: "explain the selection",
            of_selection: true,
            edits: false,
            instruction: "Explain what the selection does, and anything about it that may surprise.",
            with_more: "Explain what the selection does, and anything about it that may surprise. {}",
            of_problems: None,
        },
        EditTask::Rewrite => TaskRow {
            command: Some("rewrite"),
            title: "rewrite the selection",
            of_selection: true,
            edits: true,
            instruction: "Rewrite the selection: clearer and simpler, with the same behaviour.",
            with_more: "Rewrite the selection: {}",
            of_problems: None,
        },
        EditTask::Fix => TaskRow {
            command: Some("fix"),
            title: "fix the selection",
            of_selection: true,
            edits: true,
            instruction: "Fix what is wrong in the selection.",
            with_more: "Fix what is wrong in the selection. {}",
            of_problems: Some("Fix these problems in the selection:"),
        },
        EditTask::Document => TaskRow {
            command: Some("document"),
            title: "document the selection",
            of_selection: true,
            edits: true,
            instruction: "Add documentation to the selection, as is usual in this language, and change nothing else.",
            with_more: "Add documentation to the selection, as is usual in this language, and change nothing else. {}",
            of_problems: None,
        },
        EditTask::Test => TaskRow {
            command: Some("writeTests"),
            title: "write tests of the selection",
            of_selection: true,
            edits: false,
            instruction: "Write tests of the selection, with the test library that is usual in this language.",
            with_more: "Write tests of the selection, with the test library that is usual in this language. {}",
            of_problems: None,
        },
        EditTask::Ask => TaskRow {
            command: None,
            title: "ask about the selection",
            of_selection: true,
            edits: false,
            instruction: "Say what is most important about this text.",
            with_more: "{}",
            of_problems: None,
        },
    }
}

/// What a model is asked to do with one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// A task or a prompt.
    pub kind: JobKind,
    /// What the user adds in their own words.
    pub instruction: Option<String>,
    /// What tools complain of at the place.
    pub diagnostics: Vec<String>,
}

/// A task or a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobKind {
    /// One of the table.
    Task(EditTask),
    /// One of the user's own.
    Prompt(Prompt),
}

/// The text that a job is about.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// LSP's identifier, such as `rust`.
    pub language: &'a str,
    /// The file's name, without its folders: they are nobody's business.
    pub file: &'a str,
    /// The whole text.
    pub text: &'a str,
    /// The selection, or the empty range at the cursor.
    pub range: (usize, usize),
    /// Whether CR alone is a letter in it, and ends no line.
    pub is_cr_a_letter: bool,
}

impl Subject<'_> {
    /// What is selected.
    pub fn selection(&self) -> &str {
        &self.text[self.range.0..self.range.1]
    }
}

/// What an answer does at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What to do with the text.
    pub place: EditPlace,
    /// What to write or to show.
    pub new_text: String,
    /// Why it is not written, or not whole.
    pub reason: Option<String>,
}

impl Job {
    /// What to do where only a place and an instruction are given.
    pub fn task(task: Option<EditTask>, is_cursor: bool, instruction: Option<String>) -> Self {
        let by_place = if is_cursor { EditTask::Complete } else { EditTask::Rewrite };
        Self { kind: JobKind::Task(task.unwrap_or(by_place)), instruction, diagnostics: Vec::new() }
    }

    /// Whether the answer is for the text; else it is for reading.
    pub fn edits(&self) -> bool {
        match &self.kind {
            JobKind::Task(task) => task_row(*task).edits,
            JobKind::Prompt(prompt) => prompt.output != PromptOutput::Page,
        }
    }

    /// Whether the user is to see the change first. None where that is left to the editor.
    pub fn preview(&self) -> Option<bool> {
        match &self.kind {
            JobKind::Prompt(prompt) if self.edits() => Some(prompt.output == PromptOutput::Diff),
            _ => None,
        }
    }

    /// The bytes of a text that a job is about where some are chosen, or none at a cursor: what is asked about is what the
    /// answer takes the place of.
    pub fn about(&self, text: &str, chosen: Range<usize>) -> Range<usize> {
        let is_cursor = chosen.is_empty();
        match &self.kind {
            JobKind::Task(EditTask::Complete) => chosen.end..chosen.end,
            JobKind::Task(task) if is_cursor && task_row(*task).edits => line_at(text, chosen.start),
            JobKind::Prompt(Prompt {
                output: PromptOutput::Replace | PromptOutput::Diff, template, ..
            }) if is_cursor && template.contains("{selection}") => 0..first_part(text).len(),
            JobKind::Task(_) | JobKind::Prompt(_) => chosen,
        }
    }

    /// The bytes that the answer takes the place of.
    pub fn target(&self, subject: &Subject<'_>) -> Range<usize> {
        let (start, end) = subject.range;
        match &self.kind {
            JobKind::Prompt(Prompt { output: PromptOutput::Insert, .. }) => {
                let begin = lines_of(subject).map_or(end, |(_, begin)| begin);
                begin..begin
            }
            _ => start..end,
        }
    }

    /// The place that the answer is for.
    pub fn place<'a>(&self, subject: &Subject<'a>) -> Place<'a> {
        let Range { start, end } = self.target(subject);
        let text = subject.text;
        Place {
            language: subject.language,
            selection: &text[start..end],
            before: &text[..start],
            after: &text[end..],
            behind: match &self.kind {
                JobKind::Prompt(Prompt { output: PromptOutput::Insert, .. }) => {
                    lines_of(subject).map_or("", |(lines, _)| &text[lines])
                }
                _ => "",
            },
            keeps_code: self.kind == JobKind::Task(EditTask::Document) && self.instruction.is_none(),
            is_cr_a_letter: subject.is_cr_a_letter,
        }
    }

    /// Where an answer goes that fits the text, which nobody knows before it is there.
    pub fn wanted(&self, subject: &Subject<'_>) -> EditPlace {
        match self.target(subject) {
            _ if !self.edits() => EditPlace::Page,
            target if target.is_empty() => EditPlace::Insert,
            _ => EditPlace::Replace,
        }
    }

    /// What becomes of an answer.
    pub fn outcome(&self, answer: Answer<'_>, subject: &Subject<'_>) -> Outcome {
        let reading = Place { language: "markdown", ..Place::default() };
        match fit(answer, if self.edits() { self.place(subject) } else { reading }) {
            Fit::Write(new_text) => Outcome { place: self.wanted(subject), new_text, reason: None },
            Fit::Show { reason, anyway } => {
                Outcome { place: EditPlace::Page, new_text: anyway, reason: Some(reason) }
            }
            Fit::Nothing { reason } => {
                Outcome { place: EditPlace::None, new_text: String::new(), reason: Some(reason) }
            }
        }
    }
}

/// What the line of a cursor says, without the blanks around it; the cursor where it says nothing.
fn line_at(text: &str, cursor: usize) -> Range<usize> {
    let around = Around { before: &text[..cursor], after: &text[cursor..] };
    let (before, after) = (around.line_before(), around.line_after());
    let line = &text[cursor - before.len()..cursor + after.len()];
    let begin = cursor - before.len() + (line.len() - line.trim_start().len());
    if line.trim().is_empty() { cursor..cursor } else { begin..begin + line.trim().len() }
}

/// As much of a whole text as may be sent unasked, in whole lines.
pub(super) fn first_part(text: &str) -> &str {
    if text.len() <= WHOLE {
        return text;
    }
    let part = &text[..text.floor_char_boundary(WHOLE)];
    part.rfind('\n').map_or(part, |end| &part[..=end])
}

/// The whole lines that a selection is made of, and where what goes below them begins. None where it is made of others.
fn lines_of(subject: &Subject<'_>) -> Option<(Range<usize>, usize)> {
    let (start, end) = subject.range;
    let around = Around { before: &subject.text[..start], after: &subject.text[end..] };
    let indent = around.line_before();
    if start == end || !indent.trim().is_empty() {
        return None;
    }
    let lines = start - indent.len()..end;
    if subject.text[..end].ends_with(['\n', '\r']) {
        return Some((lines, end));
    }
    let behind = ["\r\n", "\n", "\r"].iter().find_map(|line_end| around.after.strip_prefix(line_end));
    let begin = behind.map_or(end, |behind| subject.text.len() - behind.len());
    around.line_after().is_empty().then_some((lines, begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "fn a() {\n    b\n}\n";

    #[test]
    fn what_is_asked_about_is_what_an_answer_takes_the_place_of() {
        let text = "def f(x):\n    y = x + 1  \n\n";
        let prompt = |template: &str, output| Job {
            kind: JobKind::Prompt(Prompt { template: template.into(), output, ..Prompt::default() }),
            instruction: None,
            diagnostics: Vec::new(),
        };
        let task = |task| Job::task(Some(task), true, None);
        let (line, cursor, blank) = ("y = x + 1", "", "");
        for (job, chosen, about) in [
            (task(EditTask::Rewrite), 18..18, line),
            (task(EditTask::Fix), 10..10, line),
            (task(EditTask::Document), text.len() - 1..text.len() - 1, blank),
            (task(EditTask::Rewrite), 14..15, "y"),
            (task(EditTask::Explain), 18..18, cursor),
            (task(EditTask::Complete), 14..15, cursor),
            (prompt("German: {selection}", PromptOutput::Replace), 18..18, text),
            (prompt("German: {selection}", PromptOutput::Diff), 18..18, text),
            (prompt("German: {selection}", PromptOutput::Diff), 14..15, "y"),
            (prompt("German: {selection}", PromptOutput::Insert), 18..18, cursor),
            (prompt("{before}|{after}", PromptOutput::Replace), 18..18, cursor),
        ] {
            assert_eq!(&text[job.about(text, chosen.clone())], about, "{job:?} {chosen:?}");
        }
        assert_eq!(task(EditTask::Complete).about(text, 14..19), 19..19);
        // No more is replaced than was asked about.
        let long = "line é\n".repeat(20_000);
        let job = prompt("{selection}", PromptOutput::Replace);
        let about = job.about(&long, 5..5);
        assert!(about.len() < long.len() && long[about].ends_with('\n'));
    }

    fn subject(range: (usize, usize)) -> Subject<'static> {
        Subject { language: "rust", file: "a.rs", text: TEXT, range, is_cr_a_letter: false }
    }

    fn prompt(output: PromptOutput) -> Job {
        let prompt = Prompt { template: "Do it.".into(), output, ..Prompt::default() };
        Job { kind: JobKind::Prompt(prompt), instruction: None, diagnostics: Vec::new() }
    }

    fn stopped(text: &str) -> Answer<'_> {
        Answer { text, finish_reason: Some("stop"), refusal: None }
    }

    #[test]
    fn every_task_is_in_the_menu_once() {
        let schema = schemars::schema_for!(EditTask).to_value();
        let words = schema["oneOf"].as_array().unwrap().iter().map(|word| &word["const"]);
        let tasks: Vec<EditTask> = words.map(|word| serde_json::from_value(word.clone()).unwrap()).collect();
        assert_eq!(tasks.len(), TASKS.len());
        for task in tasks {
            assert_eq!(TASKS.iter().filter(|listed| **listed == task).count(), 1, "{task:?}");
            let TaskRow { instruction, with_more, title, .. } = task_row(task);
            assert!(!instruction.is_empty() && !title.is_empty(), "{task:?}");
            assert_eq!(with_more.matches("{}").count(), 1, "{task:?}");
        }
    }

    #[test]
    fn an_answer_goes_where_its_job_says() {
        let (at, selected, amid) = (subject((14, 14)), subject((13, 14)), subject((3, 4)));
        let task = |task, subject: &Subject<'_>| Job::task(task, subject.range.0 == subject.range.1, None);
        for (job, subject, place, range) in [
            (task(None, &at), &at, EditPlace::Insert, 14..14),
            (task(None, &selected), &selected, EditPlace::Replace, 13..14),
            (task(Some(EditTask::Explain), &selected), &selected, EditPlace::Page, 13..14),
            (prompt(PromptOutput::Diff), &selected, EditPlace::Replace, 13..14),
            (prompt(PromptOutput::Replace), &selected, EditPlace::Replace, 13..14),
            (prompt(PromptOutput::Replace), &at, EditPlace::Insert, 14..14),
            (prompt(PromptOutput::Insert), &selected, EditPlace::Insert, 15..15),
            (prompt(PromptOutput::Insert), &amid, EditPlace::Insert, 4..4),
            (prompt(PromptOutput::Page), &selected, EditPlace::Page, 13..14),
        ] {
            let outcome = job.outcome(stopped("c + 1"), subject);
            assert_eq!((outcome.place, outcome.reason, job.target(subject)), (place, None, range), "{job:?}");
            assert_eq!(job.wanted(subject), place, "{job:?}");
            assert_eq!(outcome.new_text.trim(), "c + 1");
            let cut = job.outcome(Answer { finish_reason: Some("length"), ..stopped("c + 1") }, subject);
            assert!(cut.place == EditPlace::Page && cut.reason.unwrap().contains("cut off"));
            let nothing = job.outcome(stopped(" "), subject);
            assert_eq!((nothing.place, nothing.new_text.as_str()), (EditPlace::None, ""));
        }
    }

    #[test]
    fn that_an_answer_does_not_fit_is_known_once_it_is_there() {
        let head = subject((0, 8));
        let job = Job::task(Some(EditTask::Rewrite), false, None);
        assert_eq!(job.wanted(&head), EditPlace::Replace);
        assert_eq!(job.outcome(stopped("x"), &head).place, EditPlace::Page);
    }

    #[test]
    fn what_goes_behind_whole_lines_stands_below_them_as_deep_as_they() {
        for (language, text, answer, becomes) in [
            (
                "python",
                "«def f():\n    a()»\n\nx\n",
                "def g():\n    b()",
                "def f():\n    a()\ndef g():\n    b()\n\nx\n",
            ),
            (
                "python",
                "«def f():\n    a()\n»\nx\n",
                "def g():\n    b()",
                "def f():\n    a()\ndef g():\n    b()\n\nx\n",
            ),
            (
                "python",
                "class A:\n    «def f():\n        a()»\nx\n",
                "```\ndef g():\n    b()\n```",
                "class A:\n    def f():\n        a()\n    def g():\n        b()\nx\n",
            ),
            (
                "python",
                "class A:\n    «def f(): a()»",
                "    def g():\n        b()",
                "class A:\n    def f(): a()\n    def g():\n        b()",
            ),
            ("python", "x = «foo»(1)\n", "bar", "x = foobar(1)\n"),
            ("markdown", "«One.»\n\nNext.\n", "Two.", "One.\n\nTwo.\n\nNext.\n"),
            ("markdown", "«- a»\n- c\n", "- b", "- a\n- b\n- c\n"),
            ("plaintext", "«Dear all»\r\nNext.\r\n", "Bye", "Dear all\r\nBye\r\nNext.\r\n"),
            ("gitcommit", "«subject»\n# c\n", "Body", "subject\nBody\n# c\n"),
        ] {
            let (before, rest) = text.split_once('«').unwrap();
            let (selected, after) = rest.split_once('»').unwrap();
            let whole = [before, selected, after].concat();
            let range = (before.len(), before.len() + selected.len());
            let subject = Subject { language, file: "a", text: &whole, range, is_cr_a_letter: false };
            let job = prompt(PromptOutput::Insert);
            let outcome = job.outcome(stopped(answer), &subject);
            let mut edited = whole.clone();
            edited.replace_range(job.target(&subject), &outcome.new_text);
            assert_eq!((outcome.reason, edited.as_str()), (None, becomes), "{text:?} + {answer:?}");
        }
    }

    #[test]
    fn a_fence_around_a_whole_answer_is_no_part_of_it() {
        let page = prompt(PromptOutput::Page);
        let outcome = page.outcome(stopped("```\nMake it faster\n```"), &subject((0, 0)));
        assert_eq!(outcome.new_text, "Make it faster");
    }
}
