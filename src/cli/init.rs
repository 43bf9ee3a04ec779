//! `litellm-ls init`: a commented `config.yaml` for chosen vendors.

pub(super) mod ask;
mod files;
mod git;

use std::{
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{anyhow, bail};
use clap::Args;
use serde_json::{Value, json};

use super::{
    completions,
    output::{
        Text, Tone, note_text, said, said_lines, say_bytes, say_json, say_text, shown, stdin, word, words,
    },
};
use crate::{
    config_yaml::{
        self, Assignment, DOTENV, Disk, DotEnv, NewModel, Vendor, is_variable, reference, routed, vendor,
        vendors,
    },
    environment::Environment,
    proxy,
};
use files::Written;

/// The variable that holds the key for clients.
const MASTER_KEY: &str = proxy::KEY_VARIABLE;

/// Without vendors and models named it asks for them at a terminal. Keys are named by their variables and stand in no
/// file but `.env`, which is for its owner only and kept out of git.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  litellm-ls init
  litellm-ls init --vendor openai --vendor anthropic
  litellm-ls init --model gemini/gemini-3-flash-preview --key-env WORK_KEY litellm/config.yaml
  litellm-ls init --model ollama_chat/llama3.1
  litellm-ls init --model openai_compatible/qwen3 --api-base http://gpu:8080/v1 -")]
pub(super) struct InitArgs {
    /// Where it is written; `-` is standard output.
    #[arg(value_name = "PATH", default_value = "config.yaml")]
    path: PathBuf,
    /// A vendor as LiteLLM names it, such as openai; may be given again. Its newest model is taken if none is named.
    #[arg(long, value_name = "VENDOR", value_parser = super::name, add = completions::vendors())]
    vendor: Vec<String>,
    /// A model with its vendor, such as openai/gpt-5; may be given again.
    #[arg(long, value_name = "VENDOR/MODEL", value_parser = super::name)]
    model: Vec<String>,
    /// The variable that holds a vendor's key, if it is not the usual one.
    #[arg(long, value_name = "[VENDOR=]NAME", value_parser = super::name)]
    key_env: Vec<String>,
    /// Where a vendor answers, if that is not the usual place.
    #[arg(long, value_name = "[VENDOR=]URL", value_parser = super::name)]
    api_base: Vec<String>,
    /// Make a master key for clients, and keep it in `.env` beside the file; so it is done where none is set anyway.
    #[arg(long)]
    master_key: bool,
    /// Make no master key: LiteLLM from 1.104 on starts by itself only once LITELLM_MASTER_KEY is set.
    #[arg(long, conflicts_with = "master_key")]
    no_master_key: bool,
    /// Keep in `.env` what stdin says, a line NAME=KEY for each key.
    #[arg(long)]
    keys_from_stdin: bool,
    /// List the vendors as JSON, with the variable of each one's key and whether it is set, and write nothing.
    #[arg(long)]
    list_vendors: bool,
    /// Ask nothing: take the vendors whose keys are set, and their newest models.
    #[arg(long, short)]
    yes: bool,
    /// Write over a file that is there; it is kept beside with `.bak` at its end.
    #[arg(long)]
    force: bool,
}

/// What is to be written.
pub(super) struct Plan {
    pub(super) models: Vec<NewModel>,
    /// What `.env` is to set.
    pub(super) variables: Vec<Assignment>,
}

pub(super) fn run(args: &InitArgs, environment: &Environment) -> anyhow::Result<ExitCode> {
    let to_stdout = args.path == Path::new("-");
    if to_stdout && (args.master_key || args.keys_from_stdin) {
        bail!("keys are kept in `.env` beside the file: name a file instead of `-`");
    }
    let around = Around::of(&args.path, environment);
    if args.list_vendors {
        say_json(&vendors().iter().map(|vendor| around.listed(vendor)).collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    if !to_stdout {
        files::refuse_path(&args.path)?;
    }
    let asks = args.vendor.is_empty() && args.model.is_empty() && !args.yes && ask::can();
    if !to_stdout && !asks && !args.force {
        files::refuse_existing(&args.path)?;
    }
    let replaces = args.force || asks && files::may_replace(&args.path)?;
    let mut plan = if asks {
        ask::plan(&around, !to_stdout)?
    } else {
        Plan { models: named(args, &around)?, variables: Vec::new() }
    };
    if args.keys_from_stdin {
        plan.variables.extend(given_keys()?);
    }
    if !args.no_master_key && !to_stdout && !around.is_set(MASTER_KEY) && !asks {
        plan.variables.extend(master_key()?);
    }
    let text = config_yaml::begin(&args.path, &plan.models);
    if to_stdout {
        say_bytes(text.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let written =
        files::write(&args.path, &text, replaces, &plan.variables, environment.beginnings().as_deref())?;
    say_text(&told(args, &plan, &written, &around))?;
    Ok(ExitCode::SUCCESS)
}

/// The keys that stdin has, by their variables. What a line holds is not told, for it may be a key alone.
fn given_keys() -> anyhow::Result<Vec<Assignment>> {
    /// Keys have some hundred letters.
    const LONGEST: u64 = 64 * 1024;
    let mut text = String::new();
    stdin().take(LONGEST).read_to_string(&mut text)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let key = |(at, line): (usize, &str)| {
        let named = line.split_once('=').filter(|(name, _)| is_variable(name.trim()));
        named.and_then(|(name, key)| Assignment::new(name.trim(), key.trim())).ok_or_else(|| {
            anyhow!("line {} of stdin names no key: write NAME=KEY, such as OPENAI_API_KEY=…", at + 1)
        })
    };
    lines.map(key).collect()
}

/// A new master key as a line of `.env`.
pub(super) fn master_key() -> anyhow::Result<Option<Assignment>> {
    Ok(Assignment::new(MASTER_KEY, &proxy::new_key()?))
}

/// The variables that the file will find.
pub(super) struct Around<'a> {
    environment: &'a Environment,
    dotenv: DotEnv,
}

impl<'a> Around<'a> {
    pub(super) fn of(path: &Path, environment: &'a Environment) -> Self {
        Self { environment, dotenv: DotEnv::beside(path, &Disk) }
    }

    /// What a proxy without a file finds: no `.env`.
    pub(super) fn alone(environment: &'a Environment) -> Self {
        Self { environment, dotenv: DotEnv::default() }
    }

    pub(super) fn is_set(&self, name: &str) -> bool {
        let is_filled = |value: &str| !value.trim().is_empty();
        self.environment.variable(name).is_some_and(|value| is_filled(&value))
            || self.dotenv.get(name).is_some_and(is_filled)
    }

    /// The variable of a vendor's key that is set, else the usual one.
    pub(super) fn key_variable(&self, vendor: &Vendor) -> Option<&'static str> {
        let mut names = vendor.key_variables.iter().copied();
        names.clone().find(|name| self.is_set(name)).or_else(|| names.next())
    }

    /// A vendor for programs that ask which are wanted.
    fn listed(&self, vendor: &Vendor) -> Value {
        json!({
            "id": vendor.id,
            "name": vendor.name,
            "keyVariable": self.key_variable(vendor),
            "isSet": self.has_key(vendor),
            "apiBase": vendor.api_base,
            "newest": offers(vendor).into_iter().next().map(|offer| offer.model),
        })
    }

    fn has_key(&self, vendor: &Vendor) -> bool {
        vendor.key_variables.iter().any(|name| self.is_set(name))
    }
}

/// The models that the arguments name or mean.
fn named(args: &InitArgs, around: &Around<'_>) -> anyhow::Result<Vec<NewModel>> {
    let mut wanted: Vec<Vendor> = Vec::new();
    for id in &args.vendor {
        wanted.push(vendor(id).map_err(|error| anyhow!(error))?);
    }
    let mut models = Vec::new();
    for model in &args.model {
        if model.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
            bail!(
                "{}: the name of a model has no blanks; write VENDOR/MODEL, such as openai/gpt-5",
                shown(model)
            );
        }
        models.push(routed(model).map_err(|error| anyhow!(error))?);
    }
    if wanted.is_empty() && models.is_empty() {
        wanted = vendors().into_iter().filter(|vendor| around.has_key(vendor)).collect();
        if wanted.is_empty() {
            bail!("no vendor's key is set: name a vendor with --vendor, such as --vendor openai");
        }
    }
    for vendor in &wanted {
        if models.iter().all(|(_, of)| of.id != vendor.id) {
            let newest = offers(vendor).into_iter().next().ok_or_else(|| {
                anyhow!("no model of {} is known here: name one with --model {}/NAME", vendor.name, vendor.id)
            })?;
            models.push((newest.model, vendor.clone()));
        }
    }
    // In the order in which the vendors were named.
    models.sort_by_key(|(_, of)| wanted.iter().position(|vendor| vendor.id == of.id));
    let vendors: Vec<&Vendor> = models.iter().map(|(_, vendor)| vendor).collect();
    let takes_key = |vendor: &Vendor| !vendor.key_variables.is_empty();
    let keys = by_vendor("--key-env", &args.key_env, &vendors, takes_key, check_variable)?;
    let bases = by_vendor("--api-base", &args.api_base, &vendors, |_| true, check_address)?;
    let new = |(model, vendor): &(String, Vendor)| {
        let given = |list: &[(&str, String)]| {
            list.iter().find(|(id, _)| *id == vendor.id).map(|(_, value)| value.clone())
        };
        let usual = || around.key_variable(vendor).map(str::to_owned);
        let base = given(&bases).or_else(|| vendor.api_base.map(str::to_owned));
        NewModel { model: model.clone(), key_variable: given(&keys).or_else(usual), api_base: base }
    };
    Ok(models.iter().map(new).collect())
}

/// Values for vendors: `VENDOR=VALUE`, or a value alone where only one vendor can be meant.
fn by_vendor<'v>(
    option: &str,
    given: &[String],
    vendors: &[&'v Vendor],
    takes: impl Fn(&Vendor) -> bool,
    check: impl Fn(&str, &str) -> anyhow::Result<()>,
) -> anyhow::Result<Vec<(&'v str, String)>> {
    let mut found = Vec::new();
    for value in given {
        let named = value.split_once('=').and_then(|(id, value)| {
            vendors.iter().find(|vendor| vendor.id == id).map(|vendor| (vendor.id, value))
        });
        let mut all: Vec<&str> =
            vendors.iter().filter(|vendor| takes(vendor)).map(|vendor| vendor.id).collect();
        all.dedup();
        let (id, value) = match (named, all.as_slice()) {
            (Some(named), _) => named,
            (None, [only]) => (*only, value.as_str()),
            (None, []) => bail!("{option}: no vendor that is named takes one; leave the option out"),
            // What was given may be a key, and is not shown.
            (None, [first, ..]) => bail!("{option}: say for which vendor, as {option} {first}=…"),
        };
        check(id, value)?;
        if found.iter().any(|(other, _)| *other == id) {
            bail!("{option} is given twice for {id}: leave one out");
        }
        found.push((id, value.to_owned()));
    }
    Ok(found)
}

fn check_variable(vendor: &str, name: &str) -> anyhow::Result<()> {
    if is_variable(name) {
        return Ok(());
    }
    let vendor = vendor.to_ascii_uppercase();
    bail!(
        "--key-env takes the name of a variable, such as {vendor}_KEY: the key itself would be seen by others"
    )
}

/// An address as LiteLLM takes it: of HTTP, or by reference to a variable.
pub(super) fn check_address(vendor: &str, address: &str) -> anyhow::Result<()> {
    if reference(address).is_some_and(is_variable) {
        return Ok(());
    }
    let url = url::Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let is_whole = !address.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    match url {
        Some(url) if !url.username().is_empty() || url.password().is_some() => bail!(
            "--api-base of {vendor} holds a password, which would stand in the file: name a variable, as os.environ/NAME"
        ),
        Some(_) if is_whole => Ok(()),
        _ => bail!(
            "--api-base of {vendor} is no address: write it as http://HOST:PORT/v1, or as os.environ/NAME"
        ),
    }
}

/// The models of a vendor that do not retire within two months.
pub(super) fn offers(vendor: &Vendor) -> Vec<config_yaml::Offer> {
    const DAYS: i64 = 61;
    let until = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * DAYS);
    config_yaml::offers(vendor.id, &until.to_string().chars().take(10).collect::<String>())
}

/// What was done, and what to do next.
fn told(args: &InitArgs, plan: &Plan, written: &Written, around: &Around<'_>) -> Text {
    let path = shown(&args.path.to_string_lossy());
    let models = match plan.models.len() {
        1 => "1 model".to_owned(),
        count => format!("{count} models"),
    };
    let mut text = Text::new(Tone::Good, "✓ ").and(Tone::Usual, format!("{path}: {}\n", words(&models)));
    if let Some(kept) = &written.kept {
        let kept = format!("what was there is kept in {}", shown(&kept.to_string_lossy()));
        text = text.and(Tone::Faint, format!("  {}\n", said(&kept)));
    }
    let beside = args.path.with_file_name(DOTENV);
    let place = shown(&beside.to_string_lossy());
    if !written.stayed.is_empty() {
        let names = written.stayed.join(", ");
        let stays = format!("{place} keeps its own {names}: change it there where the new one is to hold");
        text = text.and(Tone::Bad, format!("  {}\n", said(&stays)));
    }
    let set: Vec<&str> = written.set.iter().map(String::as_str).collect();
    if !set.is_empty() {
        let names = set.join(", ");
        let sets = match written.is_tracked {
            false => format!("{place}, for you alone, sets {names}, and git leaves it out"),
            true => format!("{place}, for you alone, sets {names}"),
        };
        text = text.and(Tone::Usual, format!("  {}\n", said(&sets)));
        if written.is_tracked {
            let held = format!(
                "git holds {place} already, and would pass the key on: run git rm --cached {}",
                word(&beside)
            );
            text = text.and(Tone::Bad, format!("  {}\n", said(&held)));
        }
    }
    let mut unset: Vec<&str> = plan.models.iter().filter_map(|model| model.key_variable.as_deref()).collect();
    for model in &plan.models {
        let id = model.model.split_once('/').map_or(model.model.as_str(), |(id, _)| id);
        if let Ok(vendor) = vendor(id) {
            let base = model.api_base.is_some();
            unset.extend(vendor.variables.iter().filter(|name| !(base && name.ends_with("_API_BASE"))));
        }
    }
    unset.retain(|name| !around.is_set(name) && !set.contains(name));
    unset.dedup();
    let mut steps: Vec<(String, &str)> = Vec::new();
    for name in unset {
        steps.push((format!("export {name}=…"), "or a line in .env beside the file"));
    }
    let file = word(&args.path);
    steps.push((format!("litellm-ls check {file}"), "what LiteLLM will do with it"));
    steps.push((
        format!("litellm-ls proxy start --config {file}"),
        "a proxy, with a key of its own where none is set",
    ));
    let width = steps.iter().map(|(command, _)| command.chars().count()).max().unwrap_or_default();
    text = text.and(Tone::Usual, said_lines("next:\n"));
    for (command, what) in steps {
        text = text
            .and(Tone::Name, format!("  {command:width$}"))
            .and(Tone::Faint, format!("  {}\n", said(what)));
    }
    if !around.is_set(MASTER_KEY) && !set.contains(&MASTER_KEY) {
        let unset = format!("{MASTER_KEY} is not set: LiteLLM from 1.104 on starts by itself only with it\n");
        note_text(&Text::new(Tone::Faint, said_lines(&unset)));
    }
    text
}
