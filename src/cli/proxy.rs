//! `litellm-ls proxy`: a LiteLLM process on this machine, for people at a terminal.

mod logs;
mod served;
mod start;
mod status;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};

use super::{
    completions::profiles,
    init::ask,
    output::{say, say_json, say_text},
    progress::Progress,
};
use crate::environment::Environment;
use crate::provider::Settings;
use crate::proxy::{self, Choice, Error, Home, InstallProgress, Source};
use crate::signals::Ends;
use crate::supervise::Plan;
use served::Served;
pub(super) use start::start;
pub(super) use status::started_text;

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
    /// Stop the proxy that runs and start it again, with its configuration as it is now, on the same port.
    Restart(User),
    /// Print what the proxy has said, without what looks like a key.
    Logs {
        /// Go on as it says more, until Ctrl-C.
        #[arg(long, short)]
        follow: bool,
    },
    /// Remove the LiteLLM that was installed here, with its logs; your settings and configurations stay.
    Uninstall,
    /// Tell whether LiteLLM is installed, running and well.
    Status {
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        user: User,
    },
}

/// Stands for a model that is asked for.
const ASK: &str = "?";

#[derive(Debug, Args)]
struct StartArgs {
    /// Serve what this LiteLLM config.yaml says.
    #[arg(long, value_name = "FILE", group = "source")]
    config: Option<PathBuf>,
    /// Serve this one model, named as LiteLLM names it, for example anthropic/claude-sonnet-4-6; without a name, vendor,
    /// model and the variable of its key are asked for.
    #[arg(long, value_name = "NAME", group = "source", num_args = 0..=1, default_missing_value = ASK, value_parser = super::name)]
    model: Option<String>,
    /// The environment variable with the vendor's key, if it is not the vendor's usual one.
    #[arg(long, alias = "key-env", value_name = "NAME", requires = "model", value_parser = super::name)]
    api_key_env: Option<String>,
    /// The same as a reference, such as env:OPENAI_API_KEY.
    #[arg(long, value_name = "env:NAME", requires = "model", conflicts_with = "api_key_env", value_parser = start::key)]
    key: Option<String>,
    /// Serve demo models that need no vendor and no key (the default).
    #[arg(long, group = "source")]
    demo: bool,
    /// Listen on this port of 127.0.0.1 [default: a free one].
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    /// Which LiteLLM runs: `pinned` (installed by this program), `own` (of the active virtual environment or PATH), or a
    /// virtual environment or a program in it [default: the pinned one if it is installed, else your own, else the pinned
    /// one is installed].
    #[arg(long, value_name = "WHICH", value_parser = super::choice::litellm)]
    litellm: Option<Choice>,
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
    /// Asks for what is to be served, where the option stands alone.
    ///
    /// # Errors
    /// Where nobody is there to be asked.
    fn ask(&mut self, environment: &Environment) -> anyhow::Result<()> {
        if self.model.as_deref() != Some(ASK) {
            return Ok(());
        }
        if !ask::can() {
            bail!("--model needs a name where nobody can be asked: give one such as --model openai/gpt-5");
        }
        let (model, variable) = ask::one_model(environment)?;
        self.model = Some(model);
        if self.key.is_none() && self.api_key_env.is_none() {
            self.api_key_env = variable;
        }
        Ok(())
    }

    fn source(&self) -> Source {
        match (&self.config, &self.model) {
            (Some(path), _) => Source::Config(path.clone()),
            (None, Some(name)) => {
                let api_key_env = self.api_key_env.as_ref().or(self.key.as_ref()).cloned();
                Source::Model { name: name.clone(), api_key_env }
            }
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
    let python = environment.python();
    let work = async {
        match args.command {
            ProxyCommand::Install => {
                let version = install(&home, python).await?;
                say(&format!("LiteLLM {version} is installed.\n"))?;
            }
            ProxyCommand::Start(mut args) => {
                let environment = args.user.environment(&environment)?;
                args.ask(&environment)?;
                let source = args.source();
                let mut plan = Plan::of(&source, &environment);
                let usual = Settings::new(environment.clone()).local_proxy();
                plan.options.port = args.port.or(usual.port);
                plan.options.litellm = args.litellm.or(usual.litellm).unwrap_or_default();
                start::checked(&home, source, &plan, python, &environment).await?;
            }
            ProxyCommand::Restart(user) => {
                let environment = user.environment(&environment)?;
                let record = proxy::running(&home).ok_or(Error::NotRunning)?;
                let plan = Plan::again(&record, &environment);
                start::checked(&home, record.source, &plan, python, &environment).await?;
            }
            ProxyCommand::Stop => match proxy::stop(&home).await? {
                Some(record) => say(&format!("Stopped the proxy at {}.\n", record.base_url))?,
                None => say("No proxy is running.\n")?,
            },
            ProxyCommand::Logs { follow } => logs::print(&home, follow).await?,
            ProxyCommand::Uninstall => {
                let mut progress = Progress::default();
                let freed = proxy::uninstall(&home, |step| show(&mut progress, &step)).await?;
                progress.wipe();
                match freed {
                    Some(bytes) => say(&format!("Removed LiteLLM: {} MB.\n", bytes / 1_000_000))?,
                    None => say("LiteLLM is not installed here.\n")?,
                }
            }
            ProxyCommand::Status { json: true, .. } => {
                let status = proxy::status(&home).await?;
                let served = Served::by(&status, &home, &environment).await;
                say_json(&served.json(&status)?)?;
            }
            ProxyCommand::Status { json: false, user } => {
                let environment = user.environment(&environment)?;
                let status = proxy::status(&home).await?;
                say_text(&status::text(&status, &environment))?;
                let served = Served::by(&status, &home, &environment).await;
                say_text(&served.text())?;
            }
        }
        anyhow::Ok(ExitCode::SUCCESS)
    };
    let mut ends = Ends::listen();
    tokio::select! {
        outcome = work => outcome,
        // Dropping the work ends what it has begun: pip, or a proxy that does not answer yet.
        code = ends.next() => Ok(ExitCode::from(code)),
    }
}

async fn install(home: &Home, python: Option<PathBuf>) -> Result<&'static str, Error> {
    let mut progress = Progress::default();
    proxy::install(home, python.as_deref(), |step| show(&mut progress, &step)).await
}

fn show(progress: &mut Progress, step: &InstallProgress) {
    if let InstallProgress::Package { done, total, .. } = step {
        progress.at(*done, *total);
    }
    if let InstallProgress::Unpacking { total } = step {
        progress.at(*total, *total);
    }
    progress.show(&step.to_string());
}
