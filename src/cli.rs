//! The command line: the server for editors, and the same provider for people and scripts.

mod complete;
mod config;
mod count;
mod doctor;
mod models;
mod output;
mod proxy;
mod serve;
mod status;
mod table;
mod target;
mod try_out;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{environment::Environment, provider, server::Door};

/// What `--help` teaches below the commands.
const AFTER_HELP: &str = "\
Without a command this is the server that an editor starts: it speaks LSP on stdin and stdout.

First steps:
  litellm-ls try                              see it all work, with a demo proxy where there is none
  litellm-ls models                           what your proxy offers, with limits and prices
  litellm-ls complete \"Why is the sky blue?\"  ask a model; the answer streams to the terminal
  git diff | litellm-ls complete -m MODEL     ask with a prompt from stdin
  litellm-ls proxy start --model anthropic/claude-sonnet-4-6
                                              a LiteLLM proxy of your own, with the key in ANTHROPIC_API_KEY

Environment:
  LITELLM_BASE_URL   where the proxy is (default http://localhost:4000, or the one of `litellm-ls proxy start`)
  LITELLM_API_KEY    its key, where it has one
  LITELLM_MODEL      the model for requests that name none
  LITELLM_LS_SETTINGS  the settings file (see `litellm-ls config path`)
  LITELLM_LS_LOG     what to log to stderr, such as debug or litellm_ls=trace (default warn)";

/// One server that connects any editor to a LiteLLM proxy.
#[derive(Debug, Parser)]
#[command(version, about, after_help = AFTER_HELP, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Debug, Args)]
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
    Complete(complete::CompleteArgs),
    /// Count the tokens of a prompt: by the proxy, or about where it can't.
    Count(count::CountArgs),
    /// Check the connection, step by step, with what to do where something fails.
    Status(status::StatusArgs),
    /// The same as `status`, and a report for an issue with `--report`.
    Doctor(doctor::DoctorArgs),
    /// Look at the settings file, and change it.
    Config(config::ConfigArgs),
    /// Install, start and stop a LiteLLM proxy on this machine.
    Proxy(proxy::ProxyArgs),
    /// See it all work: a proxy, its models and a streamed answer, driven as an editor would.
    Try,
}

/// Does what the arguments say.
pub async fn run() -> ExitCode {
    let cli = Cli::parse();
    let environment = Environment::of_process();
    let outcome = match cli.command {
        None => return serve::run(&cli.serve, environment).await,
        Some(Command::Models(args)) => models::run(&args, environment).await,
        Some(Command::Complete(args)) => complete::run(args, environment).await,
        Some(Command::Count(args)) => count::run(args, environment).await,
        Some(Command::Status(args)) => status::run(&args, environment).await,
        Some(Command::Doctor(args)) => doctor::run(&args, environment).await,
        Some(Command::Config(args)) => config::run(args, environment).await,
        Some(Command::Proxy(args)) => proxy::run(args, environment).await,
        Some(Command::Try) => try_out::run(environment).await,
    };
    outcome.unwrap_or_else(|error| output::failure(&error))
}

impl std::fmt::Display for provider::Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for provider::Error {}
