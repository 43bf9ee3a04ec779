//! What begins with a slash in a chat.

use std::path::{Path, PathBuf};

use anyhow::bail;

use super::Chat;
use crate::{
    cli::{
        conversation::Conversation,
        output::{Screen, Text, Tone, said, said_lines, say, say_text, shown, words},
    },
    figures::price,
    provider::{Freshness, catalog},
    store,
};

/// The commands: names, what stands behind them, and what they do.
const COMMANDS: [(&str, &str, &str); 11] = [
    ("model", "[NAME]", "asks another model from now on"),
    ("file", "PATH", "takes a text file along with the next question"),
    ("attach", "PATH", "takes an image, a PDF or a sound along"),
    ("system", "[TEXT]", "gives the model instructions, or takes them back"),
    ("retry", "", "asks the last question again"),
    ("undo", "", "takes back the last question and its answer"),
    ("new", "", "begins a new conversation"),
    ("cost", "", "tells what this sitting has cost"),
    ("save", "[FILE]", "writes the conversation as Markdown"),
    ("help", "", "lists the commands"),
    ("exit", "", "ends the chat, as Ctrl-D does"),
];

/// What comes behind a command.
pub(super) enum Next {
    /// The next line.
    Read,
    /// An answer to this.
    Ask(String),
    End,
}

/// The names of the commands.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|(name, ..)| *name)
}

impl Chat {
    /// Does what a command says.
    pub(super) async fn command(&mut self, line: &str) -> anyhow::Result<Next> {
        let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        match name {
            "model" => self.use_model(rest).await?,
            "file" => {
                self.attachments.text(&path(rest)?, &self.consent)?;
                say(&format!("{} goes along with the next question.\n", shown(rest)))?;
            }
            "attach" => {
                self.attachments.part(&path(rest)?, &self.consent)?;
                say(&format!("{} goes along with the next question.\n", shown(rest)))?;
            }
            "system" => {
                self.conversation.instruct(rest);
                say(if rest.is_empty() {
                    "No instructions.\n"
                } else {
                    "These instructions hold from now on.\n"
                })?;
            }
            "retry" => self.ask_again().await?,
            "undo" => {
                if self.unanswered.take().is_none() {
                    self.conversation.take_back()?;
                }
                say(&match self.conversation.asked().count() {
                    1 => "Taken back; 1 question is left.\n".to_owned(),
                    left => format!("Taken back; {left} questions are left.\n"),
                })?;
            }
            "new" => {
                let system = self.conversation.system.take();
                self.conversation = Conversation::begin(&self.profile);
                (self.conversation.system, self.unanswered) = (system, None);
                say("A new conversation; the last one is kept.\n")?;
            }
            "cost" => self.tell_cost()?,
            "save" => self.save(rest)?,
            "help" | "?" => help()?,
            "exit" | "quit" | "q" => return Ok(Next::End),
            other => bail!("there is no /{}: /help lists the commands", shown(other)),
        }
        Ok(Next::Read)
    }

    async fn use_model(&mut self, name: &str) -> anyhow::Result<()> {
        if name.is_empty() {
            say_text(
                &Text::new(Tone::Strong, shown(&self.model))
                    .and(Tone::Faint, said_lines("   /model NAME takes another; Tab completes names\n")),
            )?;
            return Ok(());
        }
        let listed = self.provider.models(&self.profile, Freshness::Cached).await?.listing;
        if !listed.may_have(name) {
            let nearest = catalog::nearest(&listed.catalog, name);
            match nearest.first() {
                Some(nearest) => {
                    bail!("the proxy lists no {}; the nearest is {}", shown(name), shown(nearest))
                }
                None => bail!("the proxy lists no {}", shown(name)),
            }
        }
        name.clone_into(&mut self.model);
        let line = listed.model(name).map(|model| model.summary.line.clone()).unwrap_or_default();
        say_text(
            &Text::new(Tone::Strong, shown(name)).and(Tone::Faint, format!("   {}\n", words(&shown(&line)))),
        )?;
        Ok(())
    }

    fn tell_cost(&self) -> std::io::Result<()> {
        let spent = &self.spent;
        let mut parts = vec![
            match spent.calls {
                1 => "1 call".to_owned(),
                count => format!("{count} calls"),
            },
            format!("{} tokens in, {} out", spent.input_tokens, spent.output_tokens),
            spent.cost.map_or_else(|| "cost unknown".to_owned(), price),
        ];
        match spent.unpriced_calls {
            0 => {}
            1 => parts.push("1 call of unknown cost".to_owned()),
            count => parts.push(format!("{count} calls of unknown cost")),
        }
        let parts: Vec<_> = parts.iter().map(|part| words(part)).collect();
        say_text(&Text::new(Tone::Usual, format!("{}\n", parts.join(" · "))))
    }

    fn save(&self, name: &str) -> anyhow::Result<()> {
        let name = if name.is_empty() {
            format!("chat-{}.md", self.conversation.began.replace([':', '.'], "-"))
        } else {
            name.to_owned()
        };
        let file = from_home(&name);
        if file.exists() {
            bail!("{} is there already: name another file", shown(&name));
        }
        let absolute = std::path::absolute(&file)?;
        // In a folder that is there: a slip of the keys makes none.
        store::write_new_file([absolute], self.conversation.page().as_bytes())?;
        say(&format!("Written to {}; only you can read it.\n", shown(&name)))?;
        Ok(())
    }
}

/// A path as it is typed: no shell stands before it that knows `~`.
fn from_home(typed: &str) -> PathBuf {
    let typed = Path::new(typed);
    match typed.strip_prefix("~").ok().zip(std::env::home_dir()) {
        Some((inside, home)) => home.join(inside),
        None => typed.to_owned(),
    }
}

fn path(rest: &str) -> anyhow::Result<PathBuf> {
    let rest = rest.trim_matches(['"', '\'']);
    if rest.is_empty() {
        bail!("name a file behind the command");
    }
    let path = from_home(rest);
    // A pipe would be waited for, and nothing is shown meanwhile.
    if path.exists() && !path.is_file() {
        bail!("{} is no regular file: name another", shown(rest));
    }
    Ok(path)
}

/// Below this width what a command does stands below it.
const NARROW: usize = 50;

fn help() -> std::io::Result<()> {
    let is_narrow = Screen::stdout().width < NARROW;
    let mut text = Text::default();
    for (name, argument, what) in COMMANDS {
        text.push(Tone::Name, format!("  {:<16}", format!("/{name} {argument}")));
        if is_narrow {
            text.end_line();
            text.push(Tone::Usual, "    ");
        }
        text.push(Tone::Faint, format!("{}\n", said(what)));
    }
    let more = "  A line that ends with a backslash goes on in the next; Ctrl-C ends an answer.\n";
    text.push(Tone::Faint, said_lines(more));
    say_text(&text)
}
