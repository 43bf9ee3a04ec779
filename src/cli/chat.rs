//! `litellm-ls chat`: a conversation at a terminal.

mod commands;
mod line;

use std::{io::IsTerminal, process::ExitCode, sync::Arc};

use anyhow::{Context, bail};
use clap::Args;
use litellm_ls_protocol::{CompleteParams, Message, Role, UsageSum};

use super::{
    complete::{Attachments, Ended, Ending, Printer, answer, content, keep_beside, summary},
    completions,
    consent::Consent,
    conversation::{self, Conversation, Conversations, text},
    hidden, known_models,
    output::{self, CANCELLED, Text, Tone, note_text, said_lines, say, say_text, shown, told},
    target::Target,
};
use crate::{
    environment::Environment,
    provider::{Error, Freshness, Profile, Provider},
    signals::Ends,
};
use commands::Next;
use line::{Line, Lines};

/// A conversation at this terminal, with the arrow keys for what was asked before and Tab for names. It is kept for you
/// alone, and `-c` goes on with the last one.
#[derive(Debug, Args)]
pub(super) struct ChatArgs {
    /// The model [default: LITELLM_MODEL, else the proxy's default model].
    #[arg(short, long, value_parser = super::name, add = completions::models())]
    model: Option<String>,
    /// Instructions for the model.
    #[arg(short, long)]
    system: Option<String>,
    /// Send files too that may hold secrets, such as `.env`. What is typed goes out as it is.
    #[arg(long)]
    secret_files: bool,
    /// Go on with the last conversation, or with the one of this number in `--list`.
    #[arg(short = 'c', long = "continue", value_name = "NUMBER", num_args = 0..=1, default_missing_value = "1")]
    go_on: Option<usize>,
    /// List the conversations that are kept.
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    target: Target,
}

pub(super) async fn run(args: ChatArgs, environment: Environment) -> anyhow::Result<ExitCode> {
    let kept = Conversations::open(&environment);
    if args.list {
        return list(&kept);
    }
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        bail!("a chat needs a terminal; for scripts there is litellm-ls complete, and -c to go on");
    }
    let (provider, profile) = args.target.open(environment.clone()).await?;
    let mut conversation = match args.go_on {
        Some(number) => {
            let earlier = number.checked_sub(1).and_then(|place| kept.all().into_iter().nth(place));
            let mut earlier = earlier.context("there is no such conversation: see litellm-ls chat --list")?;
            earlier.go_on(&profile, args.target.is_named())?;
            earlier
        }
        None => Conversation::begin(&profile),
    };
    let consent = Consent::of(&profile, args.secret_files);
    if let Some(instructions) = &args.system {
        consent.to_words(instructions)?;
        conversation.instruct(instructions);
    }
    let listed = provider.models(&profile, Freshness::Now).await?.listing;
    known_models::keep(&environment, &profile, &listed);
    let default = listed.default_model(&profile);
    let earlier = conversation.model.clone().filter(|model| listed.may_have(model));
    let model = args.model.or(earlier).or(default).context("there is no model to ask: name one with -m")?;
    let models = listed.catalog.models.iter().map(|model| model.id.clone()).collect();
    let lines = Lines::open(models, conversation.asked())?;
    let mut chat = Chat {
        provider,
        profile,
        kept,
        conversation,
        model,
        lines,
        attachments: Attachments::default(),
        consent,
        unanswered: None,
        spent: UsageSum::default(),
        ends: None,
        ended_by: None,
    };
    chat.begin()?;
    chat.run().await
}

/// A chat under way.
struct Chat {
    provider: Provider,
    profile: Arc<Profile>,
    kept: Conversations,
    conversation: Conversation,
    model: String,
    lines: Lines,
    /// What goes along with the next question.
    attachments: Attachments,
    consent: Consent,
    /// The last question with what went along, where nothing came of it.
    unanswered: Option<Message>,
    /// What was spent in this sitting.
    spent: UsageSum,
    /// What would end the process. None before the first line was read: nothing is lost by then.
    ends: Option<Ends>,
    /// The exit code of the signal that has ended an answer.
    ended_by: Option<u8>,
}

impl Chat {
    fn begin(&self) -> std::io::Result<()> {
        for message in &self.conversation.messages {
            let said = shown_part(text(message).unwrap_or_default());
            say_text(&match message.role {
                Role::User => Text::new(Tone::Name, "› ").and(Tone::Faint, said),
                _ => Text::new(Tone::Faint, said),
            })?;
        }
        let mut text = Text::new(Tone::Strong, shown(&self.model));
        text.push(Tone::Faint, said_lines("   /help lists the commands, Ctrl-D ends the chat\n"));
        say_text(&text)
    }

    async fn run(&mut self) -> anyhow::Result<ExitCode> {
        loop {
            if let Some(code) = self.ended_by().await {
                return Ok(ExitCode::from(code));
            }
            let line = match self.lines.next()? {
                Line::Text(line) => line,
                Line::GivenUp => continue,
                Line::Unreadable => {
                    failed("that line has bytes that are no UTF-8, and was not asked", "type it again");
                    continue;
                }
                Line::End => break,
            };
            // From here on there may be something to keep. While a line is read, signals end the process as before.
            self.ends.get_or_insert_with(Ends::listen);
            let line = line.trim();
            let next = match line.strip_prefix('/') {
                Some(command) => self.command(command).await,
                None if line.is_empty() && self.attachments.is_empty() => Ok(Next::Read),
                None => Ok(Next::Ask(line.to_owned())),
            };
            match next {
                Ok(Next::Read) => {}
                Ok(Next::End) => break,
                Ok(Next::Ask(question)) => {
                    let content = content(question, std::mem::take(&mut self.attachments));
                    self.ask(Message::of(Role::User, content)).await;
                }
                Err(error) => failed(&told(&error), ""),
            }
        }
        if !self.conversation.messages.is_empty() {
            say("To go on with it: litellm-ls chat -c\n")?;
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Asks the last question again. The earlier answer stays in its own file, and in this chat until there is another.
    ///
    /// # Errors
    /// Where nothing was asked yet.
    async fn ask_again(&mut self) -> anyhow::Result<()> {
        if let Some(question) = self.unanswered.take() {
            self.ask(question).await;
            return Ok(());
        }
        let earlier = self.conversation.clone();
        let question = self.conversation.take_back()?;
        self.conversation.file = None;
        if !self.ask(question).await {
            let which = said_lines("The chat goes on with the earlier answer.\n");
            note_text(&Text::new(Tone::Faint, which));
            (self.conversation, self.unanswered) = (earlier, None);
            // Written behind what came instead, so that it is the last conversation again.
            self.keep();
        }
        Ok(())
    }

    /// Asks, keeps what was said, and returns whether it is a whole answer. What fails is told, and the chat goes on.
    async fn ask(&mut self, question: Message) -> bool {
        let before = self.conversation.messages.len();
        self.conversation.messages.push(question.clone());
        let params = CompleteParams {
            model: Some(self.model.clone()),
            system: self.conversation.system.clone(),
            messages: Some(self.conversation.messages.clone()),
            ..CompleteParams::default()
        };
        self.conversation.model = Some(self.model.clone());
        let Self { provider, profile, kept, conversation, ends, ended_by, .. } = self;
        let ends = ends.get_or_insert_with(Ends::listen);
        let mut keep = |text: &str| {
            // Whether it can be kept is told at the end.
            let _ = kept.keep_so_far(conversation, text);
        };
        // It is no part of the answer.
        let typed = hidden::unseen();
        let (message, is_whole) =
            match answer(provider, profile, &params, Printer::new(false), &mut keep, ends).await {
                Ok(Ended { result, ended_by: by, .. }) => {
                    *ended_by = by;
                    keep_beside(&result.message);
                    note_text(&summary(&result));
                    let ending = Ending::of(&result);
                    if let Ending::Silent(why, remedy) = ending {
                        failed(why, remedy);
                    }
                    (result.message, matches!(ending, Ending::Whole))
                }
                Err(error) => {
                    failed(&error.message, error.remedy());
                    let Error { data, .. } = error;
                    // What had arrived is on the screen, and a part of the conversation.
                    let partial = data.partial.map(|partial| *partial).unwrap_or_default();
                    keep_beside(&partial.message);
                    (partial.message, false)
                }
            };
        drop(typed);
        self.spent = self.provider.usage(&self.profile).total;
        self.conversation.heard(&message);
        self.unanswered = (self.conversation.messages.len() == before).then_some(question);
        self.keep();
        is_whole
    }

    /// The exit code of a signal that asks the chat to end. Ctrl-C ends an answer alone.
    async fn ended_by(&mut self) -> Option<u8> {
        let mut ended_by = self.ended_by.take();
        while ended_by.is_none_or(|code| code == CANCELLED)
            && let Some(code) = self.ends.as_mut()?.seen().await
        {
            ended_by = Some(code);
        }
        ended_by.filter(|code| *code != CANCELLED)
    }

    fn keep(&mut self) {
        if let Err(error) = self.kept.keep(&mut self.conversation) {
            failed(&told(&error), conversation::REMEDY);
        }
    }
}

/// An earlier message at the beginning of a chat, as much of it as reminds one.
fn shown_part(text: &str) -> String {
    const LINES: usize = 6;
    let mut lines: Vec<&str> = text.trim_end().lines().take(LINES).collect();
    if text.trim_end().lines().count() > LINES {
        lines.push("…");
    }
    lines.join("\n") + "\n"
}

fn failed(message: &str, remedy: &str) {
    note_text(&output::failed(message, remedy));
}

fn list(kept: &Conversations) -> anyhow::Result<ExitCode> {
    const TITLE: usize = 60;
    let all = kept.all();
    if all.is_empty() {
        say("No conversation is kept.\n")?;
    }
    for (place, conversation) in all.iter().enumerate() {
        let day: String = conversation.began.chars().take("2026-11-26T10:00".len()).collect();
        let mut line = Text::new(Tone::Name, format!("{:>3}", place + 1));
        line.push(Tone::Faint, format!("  {}  ", day.replace('T', " ")));
        line.push(Tone::Usual, crate::plain::label(conversation.title(), TITLE));
        line.push(Tone::Faint, format!("  {}", shown(conversation.model.as_deref().unwrap_or_default())));
        line.end_line();
        say_text(&line)?;
    }
    Ok(ExitCode::SUCCESS)
}
