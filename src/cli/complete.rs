//! `litellm-ls complete`.

use std::{
    io::{IsTerminal, Read},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::Args;
use litellm_ls_protocol::{AssistantMessage, CompleteParams, CompleteResult, CostSource, Delta};

use super::{
    output::{note, say, say_answer, say_json, shown},
    target::Target,
};
use crate::{environment::Environment, plain, provider::catalog::figures::money};

#[derive(Debug, Args)]
pub(super) struct CompleteArgs {
    /// What to ask; read from stdin where it is left out or `-`.
    prompt: Option<String>,
    /// The model [default: LITELLM_MODEL, else the proxy's default model].
    #[arg(short, long)]
    model: Option<String>,
    /// Instructions for the model.
    #[arg(short, long)]
    system: Option<String>,
    /// Most tokens of the answer.
    #[arg(long, value_name = "N")]
    max_tokens: Option<u64>,
    /// How much chance there is in the answer.
    #[arg(long, value_name = "T")]
    temperature: Option<f64>,
    /// How hard to think, such as low, medium or high.
    #[arg(long, value_name = "EFFORT")]
    reasoning_effort: Option<String>,
    /// Print the whole result as JSON, as `provider/complete` returns it.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    target: Target,
}

pub(super) async fn run(args: CompleteArgs, environment: Environment) -> anyhow::Result<ExitCode> {
    let (provider, profile) = args.target.open(environment).await?;
    let params = CompleteParams {
        prompt: Some(prompt(args.prompt)?),
        model: args.model,
        system: args.system,
        max_tokens: args.max_tokens,
        temperature: args.temperature,
        reasoning_effort: args.reasoning_effort,
        ..CompleteParams::default()
    };
    let mut answer = provider.complete(&profile, &params).await?;
    let mut printer = Printer::default();
    loop {
        match answer.next().await {
            Ok(Some(delta)) if !args.json => printer.print(&delta)?,
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(error) => {
                // What had arrived is on the terminal already, or goes there now.
                printer.end()?;
                if args.json {
                    say_json(&error.data)?;
                }
                return Err(error.into());
            }
        }
    }
    let result = answer.finish();
    if args.json {
        say_json(&result)?;
    } else {
        printer.end()?;
        note(&summary(&result));
    }
    // A script must not take an empty page for an answer.
    Ok(if says_something(&result.message) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether a model said more than its thoughts.
fn says_something(message: &AssistantMessage) -> bool {
    !message.text.trim().is_empty()
        || !message.tool_calls.is_empty()
        || !message.images.is_empty()
        || message.refusal.is_some()
        || message.audio.is_some()
}

/// The prompt that was given, or what stdin has.
pub(super) fn prompt(given: Option<String>) -> anyhow::Result<String> {
    if let Some(prompt) = given.filter(|prompt| prompt != "-") {
        return Ok(prompt);
    }
    let mut stdin = std::io::stdin();
    if stdin.is_terminal() {
        note("Type what to ask, then end it with Ctrl-D on a line of its own.");
    }
    let mut prompt = String::new();
    stdin.read_to_string(&mut prompt).context("stdin is not text in UTF-8")?;
    if prompt.trim().is_empty() {
        bail!("there is nothing to read: give a prompt as an argument or on stdin");
    }
    Ok(prompt)
}

/// Prints an answer as it comes: its text on stdout, reasoning and tool calls beside it on stderr.
#[derive(Default)]
pub(super) struct Printer {
    /// The last thing printed on stdout was not a newline.
    open_line: bool,
    reasoning: bool,
}

impl Printer {
    pub(super) fn print(&mut self, delta: &Delta) -> std::io::Result<()> {
        match delta {
            Delta::Text { text } => {
                if std::mem::take(&mut self.reasoning) {
                    note("");
                }
                self.open_line = !text.ends_with('\n');
                say_answer(text)?;
            }
            Delta::Reasoning { text } => {
                self.reasoning = true;
                eprint_dim(&plain::text(text));
            }
            Delta::ToolCall { name: Some(name), .. } => note(&format!("[calls {}]", shown(name))),
            Delta::Retry { after_ms, message, .. } => {
                note(&format!("[{}: asking again in {} ms]", shown(message), after_ms));
            }
            Delta::Warning { message } => note(&format!("[{}]", shown(message))),
            Delta::ToolCall { .. } | Delta::SendBack { .. } | Delta::Usage { .. } => {}
        }
        Ok(())
    }

    /// Ends the line that the answer left open.
    pub(super) fn end(&mut self) -> std::io::Result<()> {
        if std::mem::take(&mut self.open_line) { say("\n") } else { Ok(()) }
    }
}

fn eprint_dim(text: &str) {
    use std::io::Write;
    let mut stderr = std::io::stderr().lock();
    let dim = stderr.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let _ = if dim { write!(stderr, "\u{1b}[2m{text}\u{1b}[0m") } else { write!(stderr, "{text}") };
}

/// What an answer took, in one line.
pub(super) fn summary(result: &CompleteResult) -> String {
    let mut parts = vec![shown(&result.model)];
    if let Some(usage) = &result.usage {
        let count = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), |count| count.to_string());
        parts.push(format!("{} tokens in, {} out", count(usage.input_tokens), count(usage.output_tokens)));
        if usage.cache_read_tokens > 0 {
            parts.push(format!("{} from the cache", usage.cache_read_tokens));
        }
        parts.push(match usage.cost {
            Some(cost) => {
                let source = match usage.cost_source {
                    Some(CostSource::Computed) => " (from listed prices)",
                    _ => "",
                };
                format!("${}{source}", money(cost))
            }
            None => "cost unknown".to_owned(),
        });
    }
    if let Some(first) = result.timing.first_token_ms {
        parts.push(format!("first text after {first} ms"));
    }
    parts.push(format!("{} ms in all", result.timing.total_ms));
    if let Some(reason) = result.finish_reason.as_deref().filter(|reason| *reason != "stop") {
        parts.push(format!("ended by {}", shown(reason)));
    }
    format!("[{}]", parts.join(" · "))
}
