//! An answer to its end, or until the user gives it up.

use std::{process::ExitCode, sync::Arc};

use litellm_ls_protocol::{AssistantMessage, CompleteParams, CompleteResult, CostSource};

use super::Printer;
use crate::{
    assist::code_blocks,
    cli::{
        markdown::Markdown,
        models::counted,
        output::{
            CANCELLED, Screen, Text, Tone, note, note_text, say, say_answer, say_drawn, say_json, shown,
        },
    },
    provider::{Error, Profile, Provider, catalog::figures::price},
};

/// What ended an answer that the user gave up.
const GIVEN_UP: &str = "cancelled";

/// An answer that has ended without an error.
pub(in crate::cli) struct Ended {
    pub(in crate::cli) result: CompleteResult,
    /// The user gave it up.
    pub(in crate::cli) is_cancelled: bool,
}

/// Asks, prints the answer as it comes, and the line about it behind; Ctrl-C ends it.
///
/// # Errors
/// Where it fails; what had arrived is in the error, and printed unless the printer is silent.
pub(in crate::cli) async fn answer(
    provider: &Provider,
    profile: &Arc<Profile>,
    params: &CompleteParams,
    mut printer: Printer,
) -> Result<Ended, Error> {
    let mut answer = tokio::select! {
        answer = provider.complete(profile, params) => answer?,
        _ = tokio::signal::ctrl_c() => {
            let model = params.model.clone().unwrap_or_default();
            let result = CompleteResult { model, finish_reason: Some(GIVEN_UP.into()), ..CompleteResult::default() };
            return Ok(Ended { result, is_cancelled: true });
        }
    };
    let mut is_cancelled = false;
    let outcome = loop {
        let next = tokio::select! {
            next = answer.next() => next,
            _ = tokio::signal::ctrl_c() => {
                is_cancelled = true;
                break Ok(());
            }
        };
        match next {
            // Where stdout takes no more, nobody reads on: the rest need not be paid for.
            Ok(Some(delta)) => is_cancelled = printer.print(&delta).is_err(),
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
        if is_cancelled {
            break Ok(());
        }
    };
    let _ = printer.end();
    outcome?;
    let mut result = answer.finish();
    if is_cancelled {
        result.finish_reason = Some(GIVEN_UP.into());
    }
    Ok(Ended { result, is_cancelled })
}

impl Ended {
    /// Prints what was not printed as it came, and the line about it, and returns the exit code.
    pub(super) fn tell(&self, json: bool, no_stream: bool, code: bool) -> anyhow::Result<ExitCode> {
        let Self { result, is_cancelled } = self;
        if json {
            say_json(result)?;
        } else if code {
            print_code(&result.message.text)?;
        } else if no_stream {
            print(&result.message.text)?;
        }
        if !json {
            note_text(&summary(result));
        }
        Ok(match is_cancelled {
            true => ExitCode::from(CANCELLED),
            // A script must not take an empty page for an answer.
            false if says_something(&result.message) => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        })
    }
}

/// Prints a whole text as it would have been printed piece by piece.
pub(super) fn print(text: &str) -> std::io::Result<()> {
    let screen = Screen::stdout();
    if screen.is_terminal {
        let mut markdown = Markdown::new(screen.width);
        say_drawn(&markdown.push(text))?;
        return say_drawn(&markdown.end());
    }
    say_answer(text)?;
    if text.is_empty() || text.ends_with('\n') { Ok(()) } else { say("\n") }
}

/// Prints what stands in fences; where there are none, the whole answer is the code.
fn print_code(text: &str) -> std::io::Result<()> {
    let blocks = code_blocks(text);
    if blocks.len() > 1 {
        note(&format!(
            "The answer holds {}, one after the other here.",
            counted(blocks.len(), "block", "blocks")
        ));
    }
    let code = if blocks.is_empty() { text.trim_matches('\n').to_owned() } else { blocks.join("\n") };
    say_answer(&code)?;
    if code.is_empty() || code.ends_with('\n') { Ok(()) } else { say("\n") }
}

/// Whether a model said more than its thoughts.
fn says_something(message: &AssistantMessage) -> bool {
    !message.text.trim().is_empty()
        || !message.tool_calls.is_empty()
        || !message.images.is_empty()
        || message.refusal.is_some()
        || message.audio.is_some()
}

/// What an answer took, in one line.
pub(in crate::cli) fn summary(result: &CompleteResult) -> Text {
    let mut parts = Vec::new();
    if !result.model.is_empty() {
        parts.push(shown(&result.model));
    }
    match &result.usage {
        Some(usage) => {
            let count = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), |count| count.to_string());
            parts.push(format!(
                "{} tokens in, {} out",
                count(usage.input_tokens),
                count(usage.output_tokens)
            ));
            if usage.cache_read_tokens > 0 {
                parts.push(format!("{} from the cache", usage.cache_read_tokens));
            }
            parts.push(match usage.cost {
                Some(0.0) => "free".to_owned(),
                Some(cost) => {
                    let source = match usage.cost_source {
                        Some(CostSource::Computed) => " (from listed prices)",
                        _ => "",
                    };
                    format!("{}{source}", price(cost))
                }
                None => "cost unknown".to_owned(),
            });
        }
        None => parts.push("tokens and cost unknown".to_owned()),
    }
    parts.push(seconds(result.timing.total_ms));
    if let Some(reason) = result.finish_reason.as_deref().filter(|reason| *reason != "stop") {
        parts.push(format!("ended by {}", shown(if reason == GIVEN_UP { "you" } else { reason })));
    }
    let mut text = Text::new(Tone::Faint, format!("[{}]", parts.join(" · ")));
    text.end_line();
    text
}

fn seconds(ms: u64) -> String {
    match ms {
        0..1000 => format!("{ms} ms"),
        _ => format!("{:.1} s", ms as f64 / 1000.0),
    }
}
