//! `litellm-ls complete`.

mod answer;
mod attach;
mod beside;
mod ending;
mod estimate;
mod kinds;
mod printer;
mod shape;
mod stdin;

use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, bail};
use clap::Args;
use litellm_ls_protocol::{CompleteParams, Message, Role};
use serde_json::{Value, json};

use super::{
    completions,
    consent::Consent,
    conversation::{self, Conversation, Conversations},
    output::{is_there, note, warn},
    target::Target,
};
use crate::{
    environment::Environment,
    provider::{Error, Profile, Provider},
    signals::Ends,
};
pub(super) use answer::{Ended, answer, summary};
pub(super) use attach::{Attachments, content};
pub(super) use beside::keep as keep_beside;
pub(super) use ending::Ending;
use ending::Wanted;
pub(super) use printer::Printer;

/// Asks a model. What is piped in goes along behind the prompt.
///
/// The answer goes to stdout, all else to stderr. Ctrl-C ends the answer, and what has arrived of it stays.
///
/// The exit code is 0 where the answer came to its end and says something. It is 1 where it did not: cut off at the length
/// limit or by a content filter, broken off, refused, tools called instead, or thoughts alone. What --code and --schema
/// would print then goes to stderr, so that no script runs half of it.
#[derive(Debug, Args)]
pub(super) struct CompleteArgs {
    /// What to ask; words need no quotes. `-`, or nothing, reads stdin.
    prompt: Vec<String>,
    /// The model [default: LITELLM_MODEL, else the proxy's default model].
    #[arg(short, long, value_parser = super::name, add = completions::models())]
    model: Option<String>,
    /// Instructions for the model.
    #[arg(short, long)]
    system: Option<String>,
    /// A text file that goes along, with its name and language; as often as needed.
    #[arg(short = 'f', long = "file", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// An image, a PDF or a sound that goes along; as often as needed.
    #[arg(short = 'a', long = "attach", value_name = "FILE")]
    attachments: Vec<PathBuf>,
    /// Send files and texts too that may hold secrets, such as `.env`, and diffs of it.
    #[arg(long)]
    secret_files: bool,
    /// Go on with the last conversation.
    #[arg(short = 'c', long = "continue")]
    go_on: bool,
    /// Print the code of the answer alone: what stands in its fences; nothing where the answer is not whole.
    #[arg(short = 'x', long, conflicts_with = "json")]
    code: bool,
    /// A file with the JSON schema that the answer must fit; nothing is printed where it does not, or is not whole.
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// Print the answer when it is whole.
    #[arg(long)]
    no_stream: bool,
    /// Ask nothing; tell what it would cost.
    #[arg(long)]
    dry_run: bool,
    /// Most tokens of the answer.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..1 << 53))]
    max_tokens: Option<u64>,
    /// How much chance there is in the answer.
    #[arg(long, value_name = "T", value_parser = finite)]
    temperature: Option<f64>,
    /// How hard to think, such as low, medium or high.
    #[arg(long, value_name = "EFFORT", value_parser = super::name)]
    reasoning_effort: Option<String>,
    /// Print the whole result as JSON, as `provider/complete` returns it.
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    target: Target,
}

pub(super) async fn run(args: CompleteArgs, environment: Environment) -> anyhow::Result<ExitCode> {
    let kept = Conversations::open(&environment);
    let mut earlier = match args.go_on {
        true => Some(kept.last()?.context("there is no conversation to go on with: leave -c out")?),
        false => None,
    };
    let prompt = prompt(&args.prompt, !args.files.is_empty() || !args.attachments.is_empty())?;
    let (provider, profile) = args.target.open(environment).await?;
    if let Some(earlier) = &mut earlier {
        earlier.go_on(&profile, args.target.is_named())?;
    }
    let consent = Consent::of(&profile, args.secret_files);
    for words in std::iter::once(&prompt).chain(&args.system) {
        consent.to_words(words)?;
    }
    let attachments = Attachments::read(&args.files, &args.attachments, &consent)?;
    let format = args.schema.as_ref().map(|file| response_format(file, &consent)).transpose()?;
    let (mut params, mut conversation) = question(&args, &profile, earlier, prompt, attachments);
    params.response_format = format;
    is_there()?;
    if args.dry_run {
        return estimate::tell(&provider, &profile, params, args.json).await;
    }
    let form = Form::of(&args);
    let printer = Printer::new(form != Form::Streamed);
    let mut keep_so_far = |text: &str| {
        // Whether it can be kept is told at the end.
        let _ = kept.keep_so_far(&mut conversation, text);
    };
    let mut ends = Ends::listen();
    let asked = ask(&provider, &profile, &params, (printer, form), &mut keep_so_far, &mut ends).await;
    let said = match &asked {
        Ok(ended) => Some(&ended.result),
        Err(error) => error.data.partial.as_deref(),
    };
    let is_kept = said.is_some_and(|result| {
        conversation.model =
            Some(result.model.clone()).filter(|model| !model.is_empty()).or(conversation.model);
        conversation.heard(&result.message);
        keep(&kept, &mut conversation)
    });
    let told = asked?.tell(form, Wanted::of(&args, &params), is_kept);
    match ends.seen().await {
        // What is printed at the end is cut off by a signal too, and the call is recorded all the same.
        Some(code) if told.is_err() => Ok(ExitCode::from(code)),
        _ => told,
    }
}

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As it comes.
    Streamed,
    /// When it is whole, or has ended otherwise.
    Whole,
    /// The part that is wanted alone, and only when it is whole.
    Part,
    /// The result, for a program that reads how it ended.
    Json,
}

impl Form {
    fn of(args: &CompleteArgs) -> Self {
        match args {
            CompleteArgs { json: true, .. } => Self::Json,
            CompleteArgs { code: true, .. } | CompleteArgs { schema: Some(_), .. } => Self::Part,
            CompleteArgs { no_stream: true, .. } => Self::Whole,
            _ => Self::Streamed,
        }
    }
}

/// A number that JSON has.
fn finite(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
        .ok_or_else(|| "give a number such as 0.7".to_owned())
}

/// Whether a conversation could be kept. Where not it is told, for `-c` would go on with an older one; who wants none kept
/// is told how.
fn keep(kept: &Conversations, conversation: &mut Conversation) -> bool {
    let is_kept = kept.keep(conversation);
    if let Err(error) = &is_kept {
        warn(&format!("the conversation is not kept: {error}: {}", conversation::REMEDY));
    }
    is_kept.is_ok()
}

/// Asks, and prints what failed with what had arrived.
async fn ask(
    provider: &Provider,
    profile: &Arc<Profile>,
    params: &CompleteParams,
    (printer, form): (Printer, Form),
    keep: &mut dyn FnMut(&str),
    ends: &mut Ends,
) -> Result<Ended, Error> {
    answer(provider, profile, params, printer, keep, ends).await.inspect_err(|error| {
        let Some(partial) = error.data.partial.as_ref().filter(|_| form != Form::Json) else { return };
        beside::keep(&partial.message);
        match form {
            Form::Part => answer::withhold(&partial.message.text),
            // Where stdout takes no more, the error is all that can be told.
            Form::Whole => _ = answer::print(&partial.message.text),
            Form::Streamed | Form::Json => {}
        }
    })
}

/// The question, and the conversation that it is a part of.
fn question(
    args: &CompleteArgs,
    profile: &Profile,
    earlier: Option<Conversation>,
    prompt: String,
    attachments: Attachments,
) -> (CompleteParams, Conversation) {
    let mut conversation = earlier.unwrap_or_else(|| Conversation::begin(profile));
    if let Some(instructions) = &args.system {
        conversation.instruct(instructions);
    }
    conversation.messages.push(Message::of(Role::User, content(prompt, attachments)));
    let params = CompleteParams {
        messages: Some(conversation.messages.clone()),
        model: args.model.clone().or_else(|| conversation.model.clone()),
        system: conversation.system.clone(),
        max_tokens: args.max_tokens,
        temperature: args.temperature,
        reasoning_effort: args.reasoning_effort.clone(),
        ..CompleteParams::default()
    };
    (params, conversation)
}

/// Most bytes of a JSON schema.
const MOST_SCHEMA: u64 = 1 << 20;

/// OpenAI's `response_format` for the JSON schema in a file, which may be such a format already.
fn response_format(file: &Path, consent: &Consent) -> anyhow::Result<Value> {
    consent.to_file(file)?;
    let text = attach::text(file, MOST_SCHEMA)?;
    consent.to_text(file, &text)?;
    let schema: Value =
        serde_json::from_str(&text).with_context(|| format!("{} holds no JSON", file.display()))?;
    let format = match &schema["type"] {
        name if name == "json_schema" => schema,
        // What that holds, alone.
        Value::Null if schema["schema"].is_object() && schema["name"].is_string() => {
            json!({"type": "json_schema", "json_schema": schema})
        }
        _ => json!({"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}),
    };
    if !shape::is_schema(schema_of(&format)) {
        bail!("{} holds no JSON schema: give an object, with a `type` such as \"object\"", file.display());
    }
    let unchecked = shape::unchecked(schema_of(&format));
    if !unchecked.is_empty() {
        warn(&format!(
            "the answer is not checked for {} of the schema: check that yourself",
            unchecked.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
        ));
    }
    Ok(format)
}

/// The schema in OpenAI's `response_format`.
fn schema_of(format: &Value) -> &Value {
    &format["json_schema"]["schema"]
}

/// The prompt that was given and what stdin has, joined.
///
/// # Errors
/// Where there is neither: a question that says nothing would be paid for all the same.
pub(super) fn prompt(words: &[String], has_files: bool) -> anyhow::Result<String> {
    let given = words.join(" ");
    let given = if given.trim() == "-" { String::new() } else { given };
    let stdin = std::io::stdin();
    let asks = given.trim().is_empty() && words.iter().all(|word| word == "-") && !has_files;
    let piped = match stdin.is_terminal() {
        true if asks => {
            note("Type what to ask, then end it with Ctrl-D on a line of its own.");
            stdin::read(false)?
        }
        true => String::new(),
        false => stdin::read(!given.trim().is_empty() || has_files)?,
    };
    let parts: Vec<&str> =
        [given.trim_end(), piped.as_str()].into_iter().filter(|part| !part.trim().is_empty()).collect();
    if parts.is_empty() && !has_files {
        bail!("there is nothing to ask: give a prompt as an argument or on stdin");
    }
    Ok(parts.join("\n\n"))
}
