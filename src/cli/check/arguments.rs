//! What `litellm-ls check` is asked for.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::deep::Deep;
use crate::{cli::choice, config_yaml::Release, environment::Environment, proxy::Choice};

#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 no errors, 1 errors (with --strict: or warnings), 2 wrong arguments or unreadable files.
Variables are looked for in the environment and in `.env` beside the file; their values are never shown.
With --deep LiteLLM itself loads each file too, in its own virtual environment: it takes some seconds, connects to nothing,
and runs no Python that the file names unless --allow-code says so.")]
pub(in crate::cli) struct CheckArgs {
    /// The files; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Print the findings as JSON.
    #[arg(long, conflicts_with = "format")]
    pub(in crate::cli) json: bool,
    /// How the findings are written.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: Format,
    /// Fail where there are warnings too.
    #[arg(long)]
    pub(super) strict: bool,
    /// Say hints too.
    #[arg(long)]
    pub(super) hints: bool,
    /// The release of LiteLLM that will read them, such as 1.104 [default: what the file says, else the newest known]; or,
    /// with --deep, which LiteLLM loads them, as for `proxy start`.
    #[arg(long, value_name = "RELEASE|WHICH", value_parser = which)]
    pub(super) litellm: Option<Which>,
    /// Have LiteLLM itself load each file too, and say what it says.
    #[arg(long)]
    pub(super) deep: bool,
    /// Let LiteLLM run the Python that a file names, such as callbacks: for files that you trust.
    #[arg(long, requires = "deep")]
    pub(super) allow_code: bool,
    /// Leave out files that are none of LiteLLM's by name and content.
    #[arg(long)]
    pub(super) skip_others: bool,
}

/// A release that is judged by, or a LiteLLM that is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Which {
    Release(Release),
    Installed(Choice),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Excerpts of the files.
    Text,
    Json,
    /// Annotations of GitHub Actions.
    Github,
    Sarif,
    Junit,
}

fn which(text: &str) -> Result<Which, String> {
    if let Some(release) = Release::read(text) {
        return Ok(Which::Release(release));
    }
    let is_path = text.contains(['/', '\\']) || Path::new(text).exists();
    match text {
        "pinned" | "own" => choice::litellm(text).map(Which::Installed),
        text if is_path => choice::litellm(text).map(Which::Installed),
        _ => Err("write a release as 1.104 or 1.104.2; for --deep pinned, own or a path".to_owned()),
    }
}

impl CheckArgs {
    /// The release that files are judged by, where it is said.
    pub(super) fn release(&self) -> Option<Release> {
        match self.litellm {
            Some(Which::Release(release)) => Some(release),
            _ => None,
        }
    }

    /// The LiteLLM that is asked too. None where none is.
    ///
    /// # Errors
    /// Where it is not there.
    pub(super) fn deep(&self, environment: &Environment) -> anyhow::Result<Option<Deep>> {
        let choice = match &self.litellm {
            Some(Which::Installed(_)) if !self.deep => {
                bail!(
                    "--litellm names a LiteLLM to be asked: say --deep too, or write a release such as 1.104"
                )
            }
            Some(Which::Installed(choice)) => choice.clone(),
            _ => Choice::Any,
        };
        match self.deep {
            true => Deep::find(&choice, self.allow_code, environment).map(Some),
            false => Ok(None),
        }
    }
}
