//! An answer to its end, or until the user gives it up.

use std::{io, pin::pin, process::ExitCode, sync::Arc, time::Duration};

use anyhow::anyhow;
use litellm_ls_protocol::{CompleteParams, CompleteResult, CostSource, Delta};
use tokio::time::{Instant, sleep_until};

use super::{
    Ending, Form, Printer, Wanted, beside,
    ending::{GIVEN_UP, UNWRITTEN},
};
use crate::{
    cli::{
        markdown::Markdown,
        output::{
            Screen, Text, Tone, failed, note_text, say, say_answer, say_drawn, say_json, shown, warn, words,
        },
        progress::Progress,
    },
    figures::{about, price},
    provider::{Error, Freshness, Profile, Provider},
    signals::Ends,
};

/// How soon what has arrived is kept, whether or not more comes: whoever closes the terminal, or kills the process, has
/// paid for it all the same.
const KEPT_EVERY: Duration = Duration::from_secs(1);
/// How long nothing is told while a question waits to be sent.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long the line about an answer waits for the list with its price.
const LIST_LIMIT: Duration = Duration::from_secs(3);

/// An answer that has ended without an error.
pub(in crate::cli) struct Ended {
    pub(in crate::cli) result: CompleteResult,
    /// Why stdout took no more.
    unwritten: Option<io::Error>,
    /// The exit code of a process that ends by the signal which ended it. None where none did.
    pub(in crate::cli) ended_by: Option<u8>,
}

/// Asks, and prints the answer as it comes; Ctrl-C and other signals end it. Its text so far goes to `keep` now and then.
///
/// # Errors
/// Where it fails; what had arrived is in the error, and printed unless the printer is silent.
pub(in crate::cli) async fn answer(
    provider: &Provider,
    profile: &Arc<Profile>,
    params: &CompleteParams,
    mut printer: Printer,
    keep: &mut dyn FnMut(&str),
    ends: &mut Ends,
) -> Result<Ended, Error> {
    let mut waiting = Progress::default();
    let mut asked = pin!(provider.complete(profile, params));
    let mut answer = loop {
        tokio::select! {
            answer = &mut asked => break answer?,
            code = ends.next() => {
                let model = params.model.clone().unwrap_or_default();
                let result = CompleteResult { model, finish_reason: Some(GIVEN_UP.into()), ..CompleteResult::default() };
                return Ok(Ended { result, unwritten: None, ended_by: Some(code) });
            }
            () = tokio::time::sleep(PATIENCE), if Screen::stderr().is_terminal => waiting.show("waiting for the proxy …"),
        }
    };
    drop(waiting);
    // A question that names its model needs no list. What it costs may stand in one.
    let mut list = pin!(provider.models(profile, Freshness::Cached));
    let mut is_listed = false;
    let mut ended_by = None;
    let mut unwritten = None;
    let mut text = String::new();
    let mut is_kept = true;
    let mut kept_at = Instant::now();
    let outcome = loop {
        // What waits for the next piece is never dropped but at the end.
        let mut next = pin!(answer.next());
        let next = loop {
            tokio::select! {
                next = &mut next => break Some(next),
                _ = &mut list, if !is_listed => is_listed = true,
                () = sleep_until(kept_at + KEPT_EVERY), if !is_kept => {
                    keep(&text);
                    (is_kept, kept_at) = (true, Instant::now());
                }
                code = ends.next() => {
                    ended_by = Some(code);
                    break None;
                }
            }
        };
        let Some(next) = next else { break Ok(()) };
        match next {
            Ok(Some(delta)) => {
                if let Delta::Text { text: piece } = &delta {
                    text.push_str(piece);
                    is_kept &= piece.is_empty();
                }
                for part in parts(delta) {
                    // Where stdout takes no more, nobody reads on: the rest need not be paid for.
                    unwritten = printer.print(&part).err();
                    ended_by = ends.seen().await;
                    if unwritten.is_some() || ended_by.is_some() {
                        break;
                    }
                }
            }
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
        if unwritten.is_some() || ended_by.is_some() {
            break Ok(());
        }
    };
    let is_cancelled = unwritten.is_some() || ended_by.is_some();
    let unwritten = unwritten.or_else(|| printer.end().err());
    outcome?;
    if !is_listed && ended_by.is_none() && answer.lacks_cost() {
        let _ = tokio::time::timeout(LIST_LIMIT, list).await;
    }
    let mut result = answer.finish();
    for notice in provider.budget_notices(profile).await {
        warn(&shown(&notice));
    }
    if is_cancelled {
        let by = if ended_by.is_some() { GIVEN_UP } else { UNWRITTEN };
        result.finish_reason = Some(by.into());
    }
    Ok(Ended { result, unwritten, ended_by })
}

/// A delta in parts that take no time to draw. Some proxies send a whole answer as one.
fn parts(delta: Delta) -> Vec<Delta> {
    const MOST: usize = 16 << 10;
    match delta {
        Delta::Text { text } if text.len() > MOST => {
            let mut parts = Vec::new();
            let mut rest = text.as_str();
            while !rest.is_empty() {
                let (part, more) = rest.split_at(rest.floor_char_boundary(MOST));
                parts.push(Delta::Text { text: part.to_owned() });
                rest = more;
            }
            parts
        }
        delta => vec![delta],
    }
}

impl Ended {
    /// Prints what was not printed as it came, and the line about it, and returns the exit code. `can_go_on` is whether the
    /// conversation is kept.
    ///
    /// # Errors
    /// Where stdout took less than the whole answer.
    pub(super) fn tell(self, form: Form, wanted: Wanted<'_>, can_go_on: bool) -> anyhow::Result<ExitCode> {
        let Self { result, unwritten, ended_by } = self;
        // Whoever does not read the answer reads nothing about it either.
        if let Some(code) = ended_by.filter(|_| unwritten.is_some()) {
            return Ok(ExitCode::from(code));
        }
        let text = &result.message.text;
        let (part, ending) = match (wanted.part(text), Ending::of(&result)) {
            (Err(why), Ending::Whole) => (text.into(), Ending::Unfit(why)),
            (part, ending) => (part.unwrap_or(text.into()), ending),
        };
        let printed = match form {
            Form::Json => say_json(&result),
            Form::Part if ending == Ending::Whole => print_part(&part),
            Form::Part => {
                withhold(text);
                Ok(())
            }
            Form::Whole => print(text),
            Form::Streamed => Ok(()),
        };
        // Whatever stdout takes: it was paid for.
        let is_kept = form != Form::Json && beside::keep(&result.message);
        if form != Form::Json {
            note_text(&summary(&result));
        }
        if let Some(error) = printed.err().or(unwritten) {
            return Err(match error.kind() {
                // A reader who has enough is told nothing.
                io::ErrorKind::BrokenPipe => error.into(),
                _ if !can_go_on => error.into(),
                _ => anyhow!("{error}; `litellm-ls complete -c` goes on with the answer"),
            });
        }
        if form == Form::Json {
            return Ok(ExitCode::from(ended_by.unwrap_or(ending.exit_code())));
        }
        if let Some((why, remedy)) = ending.told() {
            note_text(&failed(why, remedy));
        }
        Ok(match ending {
            // A script must not take an empty page for an answer.
            Ending::Whole if text.trim().is_empty() && !is_kept => ExitCode::FAILURE,
            ending => ExitCode::from(ended_by.unwrap_or(ending.exit_code())),
        })
    }
}

/// Shows what is no result for a script, beside where results go.
pub(super) fn withhold(text: &str) {
    if !text.trim().is_empty() {
        note_text(&Text::new(Tone::Usual, format!("{}\n", text.trim_end())));
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

/// Prints what a script takes for its result.
fn print_part(part: &str) -> std::io::Result<()> {
    let part = part.trim_matches('\n');
    say_answer(part)?;
    if part.is_empty() { Ok(()) } else { say("\n") }
}

/// What an answer took, in one line.
pub(in crate::cli) fn summary(result: &CompleteResult) -> Text {
    let mut parts = Vec::new();
    let count = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), |count| count.to_string());
    match (&result.usage, &result.estimated_usage) {
        (Some(usage), _) => {
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
                Some(cost) if usage.cost_source == Some(CostSource::Computed) => {
                    format!("{} (from listed prices)", price(cost))
                }
                Some(cost) => price(cost),
                None => "cost unknown".to_owned(),
            });
        }
        // It was given up before it was asked.
        _ if was_not_asked(result) => parts.push("nothing was sent".to_owned()),
        (None, Some(usage)) => {
            parts.push(format!(
                "about {} tokens in, {} out",
                count(usage.input_tokens),
                count(usage.output_tokens)
            ));
            parts.push(
                usage.cost.map_or_else(|| "cost unknown".to_owned(), |cost| format!("about {}", about(cost))),
            );
        }
        (None, None) => parts.push("tokens and cost unknown".to_owned()),
    }
    if !was_not_asked(result) {
        parts.push(seconds(result.timing.total_ms));
    }
    if let Some(reason) = result.finish_reason.as_deref().filter(|reason| *reason != "stop") {
        parts.push(match reason {
            GIVEN_UP => "ended by you".to_owned(),
            reason => format!("ended by {}", shown(reason)),
        });
    }
    // The name of a model is no word of ours.
    let model = Some(shown(&result.model)).filter(|model| !model.is_empty());
    let parts: Vec<String> =
        model.into_iter().chain(parts.iter().map(|part| words(part).into_owned())).collect();
    let mut text = Text::new(Tone::Faint, format!("[{}]", parts.join(" · ")));
    text.end_line();
    text
}

/// Whether the user gave a question up before it was sent, so that it took no time.
fn was_not_asked(result: &CompleteResult) -> bool {
    result.timing.total_ms == 0 && result.finish_reason.as_deref() == Some(GIVEN_UP)
}

fn seconds(ms: u64) -> String {
    match ms {
        0..1000 => format!("{ms} ms"),
        _ => format!("{:.1} s", ms as f64 / 1000.0),
    }
}
