//! The server that an editor starts.

use std::process::ExitCode;

use super::{ServeArgs, Transport, output};
use crate::{
    daemon,
    environment::Environment,
    memory,
    signals::{self, Ends},
    transport::{Connection, gone},
};

impl ServeArgs {
    /// What editors say when they start the server. None: the parser of the command line is to read it, which makes every
    /// command and option first, and so takes half a megabyte that an idle server would keep.
    pub(super) fn of_editor(arguments: impl IntoIterator<Item = String>) -> Option<Self> {
        let mut args = Self {
            transport: Transport::Stdio,
            stdio: false,
            shared: false,
            client_process_id: None,
            profile: None,
        };
        for argument in arguments {
            match argument.split_once('=') {
                None if argument == "--stdio" && !args.stdio => args.stdio = true,
                None if argument == "--shared" && !args.shared => args.shared = true,
                Some(("--clientProcessId", process)) if args.client_process_id.is_none() => {
                    args.client_process_id = Some(process.parse().ok()?);
                }
                _ => return None,
            }
        }
        Some(args)
    }
}

pub(super) async fn run(args: &ServeArgs, environment: Environment) -> ExitCode {
    if let Err(error) = output::is_there() {
        return output::failure(&error.into(), false);
    }
    tracing::debug!(version = env!("CARGO_PKG_VERSION"), transport = ?args.transport, "serving");
    let stdio = Connection::stdio();
    // As where its peer leaves, the calls under way are recorded.
    let (hangup, mut ends) = (gone(stdio.hangup), Ends::listen());
    let hangup = async move {
        tokio::select! {
            () = hangup => {}
            code = ends.next() => signals::ended_by(code),
        }
    };
    let connection = Connection { parent: args.client_process_id, hangup: Some(Box::pin(hangup)), ..stdio };
    let environment = environment.with_profile(args.profile.as_deref());
    let door = args.transport.into();
    tokio::spawn(memory::rest_when_quiet());
    let code = match args.shared {
        true => daemon::join(connection, door, &environment, environment.shared_log().as_deref()).await,
        false => crate::serve(connection, door, environment).await,
    };
    ExitCode::from(code)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;

    /// As the parser of the command line reads it; none where it is refused, or a command.
    fn parsed(arguments: &[&str]) -> Option<ServeArgs> {
        let cli = Cli::try_parse_from(["litellm-ls"].iter().chain(arguments)).ok()?;
        cli.command.is_none().then_some(cli.serve)
    }

    #[test]
    fn what_editors_say_means_what_the_parser_says() {
        let known = ["--stdio", "--clientProcessId=7", "--clientProcessId=+7", "--clientProcessId=07"];
        let others = [
            "",
            "-",
            "--",
            "=",
            "try",
            "--stdio=",
            "--stdio=true",
            "--clientProcessId",
            "--clientProcessId=",
            "--clientProcessId=-1",
            "--clientProcessId=4294967296",
            "--clientProcessId= 7",
            "--transport=lines",
            "--transport",
            "--profile",
            "--profile=work",
            "--help",
            "--version",
            "7",
        ];
        let words = || known.iter().chain(&others).copied();
        let mut lists = vec![vec![]];
        lists.extend(words().map(|one| vec![one]));
        lists.extend(words().flat_map(|one| words().map(move |other| vec![one, other])));
        let mut read = 0;
        for list in lists {
            if let Some(args) = ServeArgs::of_editor(list.iter().map(ToString::to_string)) {
                assert_eq!(Some(args), parsed(&list), "{list:?}");
                read += 1;
            }
        }
        assert_eq!(
            read,
            1 + known.len() + 2 * (known.len() - 1),
            "each alone, and `--stdio` beside a process"
        );
    }
}
