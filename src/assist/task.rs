//! What a model is asked about a text.

use litellm_ls_protocol::CompleteParams;

use super::{Around, Place};

/// How much of the text around a selection goes along, in tokens.
const CONTEXT: u64 = 4_000;

/// What to do with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Write on at a place.
    Complete,
    /// Say what it does.
    Explain,
    /// Write it better, or as the instruction says.
    Rewrite(Option<String>),
    /// Mend what these messages complain of, or whatever is wrong.
    Fix(Vec<String>),
    /// Add documentation.
    Document,
    /// Write tests of it.
    Test,
}

/// The text that a task is about.
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
}

impl Subject<'_> {
    /// What is selected.
    pub fn selection(&self) -> &str {
        &self.text[self.range.0..self.range.1]
    }

    /// Where an answer would go.
    pub fn place(&self) -> Place<'_> {
        Place {
            language: self.language,
            selection: self.selection(),
            before: &self.text[..self.range.0],
            after: &self.text[self.range.1..],
        }
    }
}

impl Task {
    /// Whether the answer takes the place of the selection; else it is for reading.
    pub fn edits(&self) -> bool {
        !matches!(self, Self::Explain | Self::Test)
    }

    /// The question to a model.
    pub fn question(&self, subject: &Subject<'_>) -> CompleteParams {
        let around = Around::of(subject.text, subject.range.0..subject.range.1, CONTEXT);
        let Subject { language, file, .. } = subject;
        let Around { before, after } = around;
        let selection = subject.selection();
        let of = match (file.is_empty(), language.is_empty()) {
            (false, false) => format!("The file is `{file}` ({language}).\n\n"),
            (false, true) => format!("The file is `{file}`.\n\n"),
            (true, false) => format!("The text is in {language}.\n\n"),
            (true, true) => String::new(),
        };
        let prompt = format!(
            "{of}\
            <before>\n{before}</before>\n\n<selection>\n{selection}</selection>\n\n<after>\n{after}</after>\n\n{}",
            self.instruction(),
        );
        CompleteParams {
            system: Some(self.role().to_owned()),
            prompt: Some(prompt),
            ..CompleteParams::default()
        }
    }

    fn role(&self) -> &'static str {
        if self.edits() {
            "You edit text inside an editor. Answer with the text that takes the place of the selection, and with \
            nothing else: no explanation and no code fence. Keep the indentation and the style of the file."
        } else {
            "You help a programmer inside an editor. Answer in short, plain Markdown."
        }
    }

    fn instruction(&self) -> String {
        match self {
            Self::Complete => "Write what belongs at the empty selection, between before and after.".into(),
            Self::Explain => {
                "Explain what the selection does, and anything about it that may surprise.".into()
            }
            Self::Rewrite(None) => {
                "Rewrite the selection: clearer and simpler, with the same behaviour.".into()
            }
            Self::Rewrite(Some(instruction)) => format!("Rewrite the selection: {instruction}"),
            Self::Fix(problems) if problems.is_empty() => "Fix what is wrong in the selection.".into(),
            Self::Fix(problems) => {
                let list: String = problems.iter().map(|problem| format!("\n- {problem}")).collect();
                format!("Fix these problems in the selection:{list}")
            }
            Self::Document => {
                "Add documentation to the selection, as is usual in this language, and change nothing else."
                    .into()
            }
            Self::Test => {
                "Write tests of the selection, with the test library that is usual in this language.".into()
            }
        }
    }
}
