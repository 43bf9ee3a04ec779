//! The command line: the server for editors, and the same provider for people and scripts.

mod chat;
mod check;
mod choice;
mod complete;
mod completions;
mod config;
mod consent;
mod conversation;
mod count;
mod doctor;
mod hidden;
mod init;
mod known_models;
mod markdown;
mod models;
mod output;
mod program;
mod progress;
mod proxy;
mod schema;
mod serve;
mod sessions;
mod shared_process;
mod status;
mod target;
mod try_out;
mod usage;

use std::{
    ffi::OsString,
    io::IsTerminal,
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering},
};

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::{environment::Environment, provider, server::Door, signals};
use output::Color;
use sessions::StopArgs;

/// What `--help` teaches below the commands.
const AFTER_HELP: &str = "\
Without a command this is the server that an editor starts: it speaks LSP on stdin and stdout.

First steps:
  litellm-ls try                              see it all work, with a demo proxy
  litellm-ls models                           what your proxy offers, and prices
  litellm-ls complete \"Why is the sky blue?\"  ask a model; the answer streams
  git diff | litellm-ls complete \"Review it\"  what is piped in goes along
  litellm-ls chat                             a conversation
  litellm-ls proxy start --model anthropic/claude-sonnet-4-6
                                              a LiteLLM proxy of your own, with
                                              the key in ANTHROPIC_API_KEY

Environment:
  LITELLM_BASE_URL          where the proxy is (default http://localhost:4000,
                            or the one of `litellm-ls proxy start`)
  LITELLM_API_KEY           its key, where it has one
  LITELLM_MODEL             the model for requests that name none
  LITELLM_PYTHON            the Python that LiteLLM is installed with
  LITELLM_LS_SETTINGS       the settings file (see `litellm-ls config path`)
  LITELLM_LS_DATA_DIR       the folder that LiteLLM is installed in
  LITELLM_LS_CONVERSATIONS  where conversations are kept, or off
  LITELLM_LS_LOG            what to log to stderr, such as debug or
                            litellm_ls=trace (default warn)
  NO_COLOR                  set it for no colours

Exit codes:
  0  done, or ready               3  usable with warnings (status, doctor)
  1  failed, nothing found, or    4  the proxy can't be reached
     an answer that is not whole
  2  wrong arguments              5  the proxy refuses the key
                                130  ended by Ctrl-C
                                141  whoever reads the output has closed it";

/// One server that connects any editor to a LiteLLM proxy.
#[derive(Debug, Parser)]
#[command(version, about, after_help = AFTER_HELP, args_conflicts_with_subcommands = true)]
struct Cli {
    /// When to use colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    color: Color,
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Debug, PartialEq, Args)]
struct ServeArgs {
    /// How messages look: `stdio` is LSP's base protocol, `lines` one JSON-RPC message a line (for scripts).
    #[arg(long, value_name = "FORM", default_value = "stdio")]
    transport: Transport,
    /// Accepted, for clients that add it; stdio is the default.
    #[arg(long, hide = true)]
    stdio: bool,
    /// End when this process ends.
    #[arg(long = "clientProcessId", value_name = "PID", hide = true)]
    client_process_id: Option<u32>,
    /// Serve all editors of this user by one process, which is started where there is none: one list of models, one pool of
    /// connections, one account of what was spent. Where it can't be, this editor gets a process of its own.
    #[arg(long)]
    shared: bool,
    /// The profile of the settings file that holds until the editor chooses another, by its own settings alone.
    #[arg(long, value_name = "NAME", value_parser = name, add = completions::profiles())]
    profile: Option<String>,
}

impl ServeArgs {
    /// Whether anything says that a program has started it, and no person at a terminal.
    fn is_for_a_program(&self) -> bool {
        let is_said = self.stdio
            || self.shared
            || self.client_process_id.is_some()
            || self.transport != Transport::Stdio;
        is_said || !std::io::stdin().is_terminal()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Transport {
    Stdio,
    Lines,
}

impl From<Transport> for Door {
    fn from(transport: Transport) -> Self {
        match transport {
            Transport::Stdio => Self::Lsp,
            Transport::Lines => Self::Lines,
        }
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the models of the proxy, with limits, prices and abilities.
    Models(models::ModelsArgs),
    /// Ask a model; the answer streams to the terminal.
    #[command(visible_alias = "ask")]
    Complete(complete::CompleteArgs),
    /// Talk with a model.
    Chat(chat::ChatArgs),
    /// Count the tokens of a prompt: by the proxy, or about where it can't.
    Count(count::CountArgs),
    /// Check the connection, step by step, with what to do where something fails.
    Status(status::StatusArgs),
    /// Check this machine: what `status` says, which program each editor starts, its version, settings file and keyring.
    ///
    /// It reads editors' settings and the PATH, and runs nothing but programs called litellm-ls, for their version. Sublime
    /// Text and JetBrains' IDEs are not looked at.
    ///
    /// Exit codes: 0 all fits; 1 an editor starts nothing that works, or the settings can't be used; 3 it works, with
    /// warnings; 4 the proxy can't be reached; 5 the proxy refuses the key.
    #[command(visible_alias = "self-check")]
    Doctor(doctor::DoctorArgs),
    /// What is spent of your budgets.
    Usage(usage::UsageArgs),
    /// Look at the settings file, and change it.
    Config(config::ConfigArgs),
    /// Install, start and stop a LiteLLM proxy on this machine.
    Proxy(proxy::ProxyArgs),
    /// Write a commented config.yaml for LiteLLM, with the vendors and models of your choice.
    Init(init::InitArgs),
    /// Check LiteLLM's config.yaml: what the proxy will really do with it, before it starts.
    Check(check::CheckArgs),
    /// Print the JSON Schema of LiteLLM's config.yaml, for editors' YAML servers.
    Schema(schema::SchemaArgs),
    /// See it all work: a proxy, its models and a streamed answer, driven as an editor would.
    Try(try_out::TryArgs),
    /// Show who is connected to the process that `--shared` has editors share.
    Sessions(sessions::SessionsArgs),
    /// End the process that `--shared` has editors share.
    Stop(sessions::StopArgs),
    /// The process that `--shared` has editors share.
    #[command(name = crate::daemon::COMMAND, hide = true)]
    SharedProcess(shared_process::SharedProcessArgs),
    /// Print what makes your shell complete commands, options, models and profiles at Tab.
    Completions(completions::CompletionsArgs),
}

impl Command {
    /// Whether a program reads the result.
    fn json(&self) -> bool {
        match self {
            Self::Models(args) => args.json,
            Self::Complete(args) => args.json,
            Self::Count(args) => args.json,
            Self::Status(args) => args.json,
            Self::Doctor(args) => args.json,
            Self::Usage(args) => args.json,
            Self::Proxy(args) => args.json(),
            Self::Check(args) => args.json,
            Self::Sessions(args) => args.json,
            Self::Schema(_) => true,
            Self::Init(_)
            | Self::Chat(_)
            | Self::Config(_)
            | Self::Try(_)
            | Self::Stop(_)
            | Self::SharedProcess(_)
            | Self::Completions(_) => false,
        }
    }
}

/// What is told to a person who starts the server by hand.
const BY_HAND: &str = "\
This is the server that an editor starts: it would wait here for the editor's messages.

  litellm-ls status       is there a proxy, and does it take your key?
  litellm-ls try          see it all work; a demo proxy needs no key
  litellm-ls chat         talk with a model
  litellm-ls --help       everything else

To run the server on this terminal all the same: litellm-ls --stdio
";

/// Below this width what an option does stands below it.
const NARROW: usize = 60;

/// The whole command line, for what is generated from it.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Whether a command runs, which tells a person what there is to say.
static IS_COMMAND: AtomicBool = AtomicBool::new(false);

/// Whether this process runs a command, and is no server.
pub fn is_command() -> bool {
    IS_COMMAND.load(Ordering::Relaxed)
}

/// Ends the process by the signal that asked for its end, where one did: when all else is done.
pub fn end() {
    signals::end();
}

/// Does what the arguments say.
pub async fn run() -> ExitCode {
    if completions::answer() {
        return ExitCode::SUCCESS;
    }
    let arguments = std::env::args_os().skip(1).map(OsString::into_string).collect::<Result<Vec<_>, _>>();
    if let Some(serve) = arguments.ok().and_then(ServeArgs::of_editor)
        && serve.is_for_a_program()
    {
        return serve::run(&serve, Environment::of_process()).await;
    }
    // In a box: a server has no room for what commands come to hold.
    Box::pin(by_hand()).await
}

/// The same by the parser of the command line: commands, help, and what is said to the server by hand.
async fn by_hand() -> ExitCode {
    // Beside long options there would be room for a word a line.
    let is_narrow = output::Screen::stdout().width < NARROW;
    let cli = command().next_line_help(is_narrow).try_get_matches();
    let cli = match cli.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return told_of_arguments(&error),
    };
    cli.color.choose();
    let environment = Environment::of_process();
    let Some(command) = cli.command else {
        if cli.serve.is_for_a_program() {
            return serve::run(&cli.serve, environment).await;
        }
        return told(output::say_text(&output::Text::new(output::Tone::Usual, BY_HAND)));
    };
    let json = command.json();
    if !json {
        output::speak(environment.language(None));
    }
    IS_COMMAND.store(!matches!(command, Command::SharedProcess(_)), Ordering::Relaxed);
    let outcome = match command {
        Command::Models(args) => models::run(&args, environment).await,
        Command::Complete(args) => complete::run(args, environment).await,
        Command::Chat(args) => chat::run(args, environment).await,
        Command::Count(args) => count::run(args, environment).await,
        Command::Status(args) => status::run(&args, environment).await,
        Command::Doctor(args) => doctor::run(&args, environment).await,
        Command::Usage(args) => usage::run(&args, environment).await,
        Command::Config(args) => config::run(args, environment).await,
        Command::Proxy(args) => proxy::run(args, environment).await,
        Command::Init(args) => init::run(&args, &environment),
        Command::Check(args) => check::run(&args, &environment).await,
        Command::Schema(args) => schema::run(&args),
        Command::Try(args) => try_out::run(&args, environment).await,
        Command::Sessions(args) => sessions::run(&args).await,
        Command::Stop(StopArgs {}) => sessions::stop().await,
        Command::SharedProcess(args) => shared_process::run(&args).await,
        Command::Completions(args) => completions::run(&args),
    };
    outcome.unwrap_or_else(|error| output::failure(&error, json))
}

/// What the parser of the arguments says: what is wrong, or what was asked for, such as the version.
fn told_of_arguments(said: &clap::Error) -> ExitCode {
    if said.use_stderr() {
        said.exit();
    }
    told(output::is_there().and_then(|()| said.print().map_err(output::unwritten)))
}

/// The exit code where all there is to do is to tell something.
fn told(written: std::io::Result<()>) -> ExitCode {
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => output::failure(&error.into(), false),
    }
}

/// Reads what must be named, such as a model: an empty name comes of a variable that is not set.
fn name(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        Err("give a name, or leave the option out".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

/// The wire's word for a value of an enum.
fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| Some(value.as_str()?.to_owned())).unwrap_or_default()
}

impl std::fmt::Display for provider::Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for provider::Error {}
