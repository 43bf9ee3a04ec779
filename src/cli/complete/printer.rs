//! Prints an answer as it comes: its text on stdout, reasoning and tool calls beside it on stderr.

use litellm_ls_protocol::Delta;

use crate::cli::{
    markdown::Markdown,
    output::{Screen, Text, Tone, note_drawn, note_text, said, say, say_answer, say_drawn, shown},
};

/// Where the text of an answer goes.
enum Page {
    /// Nowhere: it is printed when it is whole.
    None,
    /// To a program, as it is. Whether its last line is not ended.
    Raw(bool),
    /// To a person.
    Drawn(Box<Markdown>),
}

/// Prints one answer.
pub(in crate::cli) struct Printer {
    page: Page,
    /// Reasoning was printed last, and its line is not ended.
    reasoning: bool,
}

impl Printer {
    /// For an answer that is shown as it comes, unless it is `silent`.
    pub(in crate::cli) fn new(silent: bool) -> Self {
        let screen = Screen::stdout();
        let page = match (silent, screen.is_terminal) {
            (true, _) => Page::None,
            (false, true) => Page::Drawn(Box::new(Markdown::new(screen.width))),
            (false, false) => Page::Raw(false),
        };
        Self { page, reasoning: false }
    }

    pub(in crate::cli) fn is_silent(&self) -> bool {
        matches!(self.page, Page::None)
    }

    pub(in crate::cli) fn print(&mut self, delta: &Delta) -> std::io::Result<()> {
        match delta {
            Delta::Text { text } => self.text(text)?,
            Delta::Reasoning { text } => {
                if !self.is_silent() {
                    self.reasoning = true;
                    note_drawn(&Text::new(Tone::Faint, text));
                }
            }
            Delta::ToolCall { name: Some(name), .. } => self.beside(&format!("[calls {}]", shown(name))),
            Delta::Retry { after_ms, message, .. } => {
                let wait = match after_ms {
                    0 => "now".to_owned(),
                    1..1000 => format!("in {after_ms} ms"),
                    _ => format!("in {} s", after_ms.div_ceil(1000)),
                };
                self.beside(&format!("[asking again {wait}: {}]", first_sentence(message)));
            }
            Delta::Warning { message } => self.beside(&format!("[{}]", shown(message))),
            Delta::ToolCall { .. } | Delta::SendBack { .. } | Delta::Usage { .. } | Delta::Unknown => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> std::io::Result<()> {
        self.end_reasoning();
        match &mut self.page {
            Page::None => Ok(()),
            Page::Raw(is_open) => {
                *is_open = !text.ends_with('\n');
                say_answer(text)
            }
            Page::Drawn(markdown) => say_drawn(&markdown.push(text)),
        }
    }

    fn beside(&mut self, line: &str) {
        self.end_reasoning();
        let mut text = Text::new(Tone::Faint, said(line));
        text.end_line();
        note_text(&text);
    }

    fn end_reasoning(&mut self) {
        if std::mem::take(&mut self.reasoning) {
            note_drawn(&Text::new(Tone::Usual, "\n"));
        }
    }

    /// Ends the line that the answer left open.
    pub(in crate::cli) fn end(&mut self) -> std::io::Result<()> {
        self.end_reasoning();
        match &mut self.page {
            Page::Raw(is_open) => {
                if std::mem::take(is_open) {
                    say("\n")
                } else {
                    Ok(())
                }
            }
            Page::Drawn(markdown) => say_drawn(&markdown.end()),
            Page::None => Ok(()),
        }
    }
}

/// The beginning of what a proxy says: some add paragraphs that help nobody who waits.
fn first_sentence(message: &str) -> String {
    const WIDTH: usize = 100;
    let end = message.find(". ").unwrap_or(message.len());
    crate::plain::label(&message[..end], WIDTH)
}
