//! `litellm-ls proxy`: a LiteLLM process on this machine, for people at a terminal.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{
    check,
    completions::profiles,
    output::{CANCELLED, note, say, say_json},
    progress::Progress,
};
use crate::config_yaml;
use crate::environment::Environment;
use crate::provider::Settings;
use crate::proxy::{self, Error, Home, InstallProgress, Source, StartProgress, Started, Status};

/// Looks after a LiteLLM proxy on this machine.
#[derive(Debug, Args)]
pub(super) struct ProxyArgs {
    #[command(subcommand)]
    command: ProxyCommand,
}

impl ProxyArgs {
    /// Whether a program reads the result.
    pub(super) fn json(&self) -> bool {
        matches!(self.command, ProxyCommand::Status { json: true, .. })
    }
}

#[derive(Debug, Subcommand)]
enum ProxyCommand {
    /// Install LiteLLM into a folder of its own (once; needs Python, downloads 150 MB, and takes 680 MB of disk).
    Install,
    /// Start a proxy in the background; installs LiteLLM first where that was not done.
    Start(StartArgs),
    /// Stop the proxy that runs.
    Stop,
    /// Tell whether LiteLLM is installed, running and well.
    Status {
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        user: User,
    },
}

#[derive(Debug, Args)]
struct StartArgs {
    /// Serve what this LiteLLM config.yaml says.
    #[arg(long, value_name = "FILE", group = "source")]
    config: Option<PathBuf>,
    /// Serve this one model, named as LiteLLM names it, for example anthropic/claude-sonnet-4-6.
    #[arg(long, value_name = "NAME", group = "source", value_parser = super::name)]
    model: Option<String>,
    /// The environment variable with the vendor's key, if it is not the vendor's usual one.
    #[arg(long, value_name = "NAME", requires = "model", value_parser = super::name)]
    api_key_env: Option<String>,
    /// Serve demo models that need no vendor and no key (the default).
    #[arg(long, group = "source")]
    demo: bool,
    #[command(flatten)]
    user: User,
}

/// Who is to use the proxy.
#[derive(Debug, Args)]
struct User {
    /// Tell how this profile of the settings file comes to use the proxy [default: the active one].
    #[arg(long, value_name = "NAME", value_parser = super::name, add = profiles())]
    profile: Option<String>,
}

impl User {
    /// The environment in which that profile holds.
    ///
    /// # Errors
    /// Where there is no such profile.
    fn environment(&self, environment: &Environment) -> anyhow::Result<Environment> {
        let environment = environment.clone().with_profile(self.profile.as_deref());
        Settings::new(environment.clone()).named(None)?;
        Ok(environment)
    }
}

impl StartArgs {
    fn source(self) -> Source {
        match (self.config, self.model) {
            (Some(path), _) => Source::Config(path),
            (None, Some(name)) => Source::Model { name, api_key_env: self.api_key_env },
            (None, None) => Source::Demo,
        }
    }
}

/// Runs one command.
///
/// # Errors
/// What the command could not do, in a sentence that says what to do about it.
pub(super) async fn run(args: ProxyArgs, environment: Environment) -> anyhow::Result<ExitCode> {
    let home = Home::open(Home::default_dir(|name| environment.variable_os(name))?);
    let python = environment.variable_os("LITELLM_PYTHON");
    let python = python.filter(|python| !python.is_empty()).map(PathBuf::from);
    let work = async {
        match args.command {
            ProxyCommand::Install => {
                let version = install(&home, python).await?;
                say(&format!("LiteLLM {version} is installed.\n"))?;
            }
            ProxyCommand::Start(start_args) => {
                let environment = start_args.user.environment(&environment)?;
                let source = start_args.source();
                let mut beside = Vec::new();
                if let Source::Config(path) = &source
                    && path.is_file()
                {
                    check::before_start(path, &environment)?;
                    beside = config_yaml::beside(path);
                }
                let started = start(&home, source, &beside, python).await?;
                for warning in &started.warnings {
                    note(&format!("warning: {warning}"));
                }
                say(&started_text(&started, &home, &environment))?;
            }
            ProxyCommand::Stop => match proxy::stop(&home).await? {
                Some(record) => say(&format!("Stopped the proxy at {}.\n", record.base_url))?,
                None => say("No proxy is running.\n")?,
            },
            ProxyCommand::Status { json: true, .. } => {
                say_json(&proxy::status(&home).await?)?;
            }
            ProxyCommand::Status { json: false, user } => {
                let environment = user.environment(&environment)?;
                say(&status_text(&proxy::status(&home).await?, &environment))?;
            }
        }
        anyhow::Ok(ExitCode::SUCCESS)
    };
    tokio::select! {
        outcome = work => outcome,
        // Dropping the work ends what it has begun: pip, or a proxy that does not answer yet.
        _ = tokio::signal::ctrl_c() => Ok(ExitCode::from(CANCELLED)),
    }
}

async fn install(home: &Home, python: Option<PathBuf>) -> Result<&'static str, Error> {
    let mut progress = Progress::default();
    proxy::install(home, python.as_deref(), |step| match step {
        InstallProgress::Waiting { who } => progress.show(&format!("waiting: {who}")),
        InstallProgress::Environment => progress.show("making a virtual environment"),
        InstallProgress::Package { name, done, total } => {
            progress.at(done, total);
            progress.show(&format!("package {done} of {total}: {name}"));
        }
        InstallProgress::Unpacking { total } => {
            progress.at(total, total);
            progress.show("unpacking, takes a minute");
        }
    })
    .await
}

pub(super) async fn start(
    home: &Home,
    source: Source,
    beside: &[(String, String)],
    python: Option<PathBuf>,
) -> Result<Started, Error> {
    match try_start(home, source.clone(), beside).await {
        Err(Error::NotInstalled) => {
            install(home, python).await?;
            try_start(home, source, beside).await
        }
        outcome => outcome,
    }
}

async fn try_start(home: &Home, source: Source, beside: &[(String, String)]) -> Result<Started, Error> {
    let mut progress = Progress::default();
    proxy::start(home, source, beside, |step| match step {
        StartProgress::Waiting { who } => progress.show(&format!("waiting: {who}")),
        StartProgress::Edited => {
            progress.wipe();
            note("The configuration has changed since this proxy started: it is ended, and started anew.");
        }
        StartProgress::Starting { elapsed, last_line } => {
            let line = last_line.map(|line| format!(": {}", line.trim())).unwrap_or_default();
            progress.show(&format!("starting LiteLLM, {} s{line}", elapsed.as_secs()));
        }
    })
    .await
}

pub(super) fn started_text(started: &Started, home: &Home, environment: &Environment) -> String {
    let record = &started.record;
    let state = if started.was_running { "was already running" } else { "is ready" };
    format!(
        "LiteLLM {} {state} at {}, serving {}.\n  use it   {}\n  stop it  litellm-ls proxy stop\n  its log  {}\n",
        record.version,
        record.base_url,
        record.source,
        use_it(environment),
        home.log().display()
    )
}

/// How to use the proxy of this machine, where the settings may name another.
fn use_it(environment: &Environment) -> String {
    let models = match environment.profile() {
        Some(profile) => format!("litellm-ls models --profile {profile}"),
        None => "litellm-ls models".to_owned(),
    };
    let profile = Settings::new(environment.clone()).profile(None).ok();
    let otherwise = profile.as_ref().and_then(|profile| {
        let (_, instead) = profile.passed_over()?;
        Some((&profile.settings.base_url.value, instead))
    });
    match otherwise {
        None => models,
        Some((other, instead)) => format!("{models}; but {other} is set, so first {instead}"),
    }
}

fn status_text(status: &Status, environment: &Environment) -> String {
    let installed = match status.installed {
        Some(version) => format!("LiteLLM {version}"),
        None => "no (run `litellm-ls proxy install`)".to_owned(),
    };
    let running = match &status.running {
        Some(record) => {
            let health = if status.healthy { "" } else { " (does not answer: see the log)" };
            let edited = match record.is_edited() {
                true => ", which has changed since (start it again to serve that)",
                false => "",
            };
            format!(
                "{}{health}, serving {}{edited}, process {} since {}",
                record.base_url,
                record.source,
                record.pid(),
                record.started_at
            )
        }
        None => "no (run `litellm-ls proxy start`)".to_owned(),
    };
    let use_it = match status.running {
        Some(_) => format!("use it     {}\n", use_it(environment)),
        None => String::new(),
    };
    format!("installed  {installed}\nrunning    {running}\n{use_it}log        {}\n", status.log.display())
}
