//! `litellm-ls config`: the settings file, for people at a terminal.

use std::{
    io::{self, BufRead, IsTerminal, Read},
    process::ExitCode,
};

use anyhow::{Context, anyhow, bail};
use clap::{Args, Subcommand};
use litellm_ls_protocol::Layer;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::{
    output::{said, say, say_json, say_whole, shown, shown_profile, stdin, warn},
    program,
};
use crate::{
    environment::Environment,
    provider::{LocalProxy, Settings, complaint, shape},
    proxy::Choice,
    store::{self, SettingsFile},
};

#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
    /// The profile to speak of [default: the active one].
    #[arg(long, global = true, value_name = "NAME", value_parser = super::name)]
    profile: Option<String>,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print where the settings file is.
    Path,
    /// Print the settings in effect, and where each comes from; secrets are not shown.
    Show,
    /// Set a setting, such as `baseUrl https://llm.example.com`, `timeouts.idleMs 60000`,
    /// `fallbackUrls '["https://other.example.com"]'` or, for the proxy of this machine, `proxy.restartOnSave true`.
    Set {
        /// Its name, as in `provider/configure`; a member as in `timeouts.idleMs` or `modelOverrides.MODEL.contextWindow`.
        name: String,
        /// Its value: a text, or JSON for all that is none; `null` takes the setting back. A key is given as a reference
        /// such as env:NAME.
        #[arg(allow_negative_numbers = true)]
        value: String,
    },
    /// Take a setting out of the file.
    Unset {
        /// Its name.
        name: String,
    },
    /// Make a profile the active one.
    Use {
        /// Its name.
        profile: String,
    },
    /// Open the file in `$VISUAL` or `$EDITOR`.
    Edit,
    /// Keep a key in the keyring of this machine, for `apiKey = "keyring:NAME"`. It is asked for, or read from stdin.
    StoreKey {
        /// What to call it, such as `work`.
        #[arg(value_parser = super::name)]
        name: String,
    },
}

pub(super) async fn run(args: ConfigArgs, environment: Environment) -> anyhow::Result<ExitCode> {
    let file = environment.settings_file().cloned();
    let file = file.context("this machine has no place for a settings file: set LITELLM_LS_SETTINGS")?;
    let mut settings = Settings::new(environment.clone());
    let profile = args.profile.as_deref();
    match args.command {
        ConfigCommand::Path => say_whole(&format!("{}\n", file.path().display()))?,
        ConfigCommand::Show => show(&settings, profile)?,
        ConfigCommand::Set { name, value } => {
            save(&mut settings, profile, &name, &parsed(&name, &value))?;
        }
        ConfigCommand::Unset { name } => save(&mut settings, profile, &name, &Value::Null)?,
        ConfigCommand::Use { profile } => {
            settings.profile(Some(&profile))?;
            file.activate(&profile)?;
        }
        ConfigCommand::Edit => edit(&file, &environment).await?,
        ConfigCommand::StoreKey { name } => {
            store_key(&name)?;
            say(&format!("Kept. To use it: litellm-ls config set apiKey keyring:{}\n", shown(&name)))?;
        }
    }
    settings.refresh();
    for problem in settings.problems() {
        warn(&shown(&complaint(&problem)));
    }
    Ok(ExitCode::SUCCESS)
}

fn show(settings: &Settings, profile: Option<&str>) -> anyhow::Result<()> {
    let list = settings.list();
    for profile in &list.profiles {
        let mark = if profile.active { "*" } else { " " };
        let place = profile.base_url.as_deref().unwrap_or("can't be used");
        say_whole(&format!("{mark} {}  {}\n", shown_profile(&profile.name), said(&shown(place))))?;
    }
    let profile = settings.profile(profile)?;
    say("\n")?;
    say_json(&profile.settings)?;
    let proxy = settings.local_proxy();
    if proxy != LocalProxy::default() {
        say(&format!("\nproxy of this machine: {}\n", proxy_line(&proxy)))?;
    }
    Ok(())
}

/// What is set of this machine's proxy.
fn proxy_line(proxy: &LocalProxy) -> String {
    let litellm = proxy.litellm.as_ref().map(|litellm| match litellm {
        Choice::Any => "any".to_owned(),
        Choice::Pinned => "pinned".to_owned(),
        Choice::Own => "own".to_owned(),
        Choice::At(path) => shown(&path.to_string_lossy()),
    });
    let all = [
        litellm.map(|litellm| format!("litellm = {litellm}")),
        proxy.port.map(|port| format!("port = {port}")),
        proxy.stay.map(|stay| format!("stay = {stay}")),
        proxy.restart_on_save.then(|| "restartOnSave = true".to_owned()),
    ];
    all.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Most bytes of a key that is piped in.
const LONGEST_KEY: u64 = 64 << 10;

/// Asks for a key without showing it, and keeps it in the keyring.
fn store_key(name: &str) -> anyhow::Result<()> {
    let key = if io::stdin().is_terminal() {
        super::hidden::ask(&format!("{} ", said("The key:")))?
    } else {
        let mut line = String::new();
        io::BufReader::new(stdin().take(LONGEST_KEY)).read_line(&mut line)?;
        line
    };
    let key = SecretString::from(key.trim());
    if key.expose_secret().is_empty() {
        bail!("no key was given: type it, or pass it on stdin");
    }
    store::write_key(name, &key).with_context(
        || "the key was not kept: use env:NAME, file:PATH or cmd:COMMAND on a machine without a keyring",
    )
}

/// Sets one setting in the file, and says where another place has the last word.
fn save(settings: &mut Settings, profile: Option<&str>, name: &str, value: &Value) -> anyhow::Result<()> {
    let path = shape::path(name);
    settings.save(profile, &path, value)?;
    let Ok(profile) = settings.profile(profile) else { return Ok(()) };
    let effective = serde_json::to_value(&profile.settings)?;
    let environment = serde_json::to_value(Layer::Environment)?;
    for (setting, origin, variable) in [
        ("baseUrl", "origin", "LITELLM_BASE_URL"),
        ("apiKey", "layer", "LITELLM_API_KEY"),
        ("model", "origin", "LITELLM_MODEL"),
    ] {
        if name == setting && effective[setting][origin] == environment {
            warn(&format!("{variable} has the last word on {setting}: unset it to use what the file says"));
        }
    }
    Ok(())
}

/// A value as JSON, or as the text it is where that is no JSON. `null` is no text: it takes a setting back.
fn parsed(name: &str, value: &str) -> Value {
    const TEXTS: [&str; 8] =
        ["kind", "baseUrl", "apiKey", "auth", "model", "proxyUrl", "compatibility", "proxy.litellm"];
    match serde_json::from_str(value) {
        Ok(parsed @ (Value::Null | Value::String(_))) => parsed,
        // The name of a model may look like a number.
        Ok(parsed) if !TEXTS.contains(&name) => parsed,
        _ => value.into(),
    }
}

async fn edit(file: &SettingsFile, environment: &Environment) -> anyhow::Result<()> {
    let named = |name| environment.variable(name).filter(|line| !line.trim().is_empty());
    let editor = named("VISUAL").or_else(|| named("EDITOR"));
    let editor = editor.ok_or_else(|| anyhow!("no editor is named: set VISUAL or EDITOR"))?;
    file.create()?;
    let unusable = || format!("{} can't be started: set VISUAL or EDITOR", shown(&editor));
    let mut command = program::named(&editor, Some(file.path())).with_context(unusable)?;
    let status = command.status().await.with_context(unusable)?;
    if program::is_missing(status) {
        bail!(unusable());
    }
    if !status.success() {
        bail!("the editor {} ended with {status}", shown(&editor));
    }
    // What was read before is no matter: the next program that starts reads what stands there now.
    let read = Settings::new(environment.clone());
    if let Some(problem) = read.unread() {
        bail!("{}; `litellm-ls config edit` opens it again", shown(&complaint(problem)));
    }
    Ok(())
}
