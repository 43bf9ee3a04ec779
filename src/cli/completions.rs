//! `litellm-ls completions`: what a shell asks at each Tab, with the names of models and profiles.

use std::{
    ffi::{OsStr, OsString},
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use anyhow::Context;
use clap::{Args, ValueEnum};
use clap_complete::{
    engine::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate},
    env::{Bash, EnvCompleter, Fish, Powershell, Shells, Zsh},
};

use super::{known_models, output::say_bytes};
use crate::{config_yaml, environment::Environment, provider::Settings};

/// The variable by which a shell asks.
const ASKED: &str = "LITELLM_LS_COMPLETE";
/// Most names of models offered at once.
const MOST: usize = 500;

/// The shells that ask. Two of them put what they are offered into the line as it is.
const SHELLS: Shells<'static> = Shells(&[&PlainWords(&Bash), &PlainWords(&Powershell), &Fish, &Zsh]);

/// Add one of these to the start-up file of your shell:
///   bash         source <(litellm-ls completions bash)
///   zsh          source <(litellm-ls completions zsh)
///   fish         litellm-ls completions fish | source
///   powershell   litellm-ls completions powershell | Out-String | Invoke-Expression
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct CompletionsArgs {
    /// Which shell.
    shell: Shell,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

impl Shell {
    fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::Powershell => "powershell",
        }
    }
}

pub(super) fn run(args: &CompletionsArgs) -> anyhow::Result<ExitCode> {
    const PROGRAM: &str = env!("CARGO_PKG_NAME");
    let shell = SHELLS.completer(args.shell.name()).context("this shell is not known")?;
    let mut script = Vec::new();
    shell.write_registration(ASKED, PROGRAM, PROGRAM, PROGRAM, &mut script)?;
    say_bytes(&script)?;
    Ok(ExitCode::SUCCESS)
}

/// Answers a shell where it asks, and says whether it did.
pub(super) fn answer() -> bool {
    let asked = clap_complete::CompleteEnv::with_factory(super::command).var(ASKED).shells(SHELLS);
    // What can't be completed is no harm: the shell shows nothing.
    asked.try_complete(std::env::args_os(), std::env::current_dir().ok().as_deref()).unwrap_or(true)
}

/// A shell that obeys what stands in a name, such as `$(command)`. It is offered names that are one plain word to it: those
/// of models are a proxy's, and those of files may come with a repository. For files it has its own completion beside.
struct PlainWords(&'static dyn EnvCompleter);

impl PlainWords {
    fn is_plain(&self, name: &str) -> bool {
        // Folders of Windows, where no other shell of the two is at home.
        let fits = |letter: char| letter == '\\' && self.name() == "powershell";
        name.chars().all(|letter| letter.is_alphanumeric() || "._-/:@+=".contains(letter) || fits(letter))
    }
}

impl EnvCompleter for PlainWords {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn is(&self, name: &str) -> bool {
        self.0.is(name)
    }

    fn write_registration(
        &self,
        variable: &str,
        name: &str,
        program: &str,
        completer: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if self.name() != "bash" {
            return self.0.write_registration(variable, name, program, completer, out);
        }
        let script = include_str!("completions/bash.sh").replace("COMPLETER", completer);
        out.write_all(script.replace("PROGRAM", program).replace("VARIABLE", variable).as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut clap::Command,
        arguments: Vec<OsString>,
        folder: Option<&Path>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        const ENDS: [char; 2] = ['\n', '\u{b}'];
        let mut offered = Vec::new();
        self.0.write_complete(command, arguments, folder, &mut offered)?;
        // Each ends as the shell wants it, and may have its help behind a tab.
        for one in String::from_utf8_lossy(&offered).split_inclusive(ENDS) {
            let name = one.trim_end_matches(ENDS).split('\t').next().unwrap_or_default();
            if self.is_plain(name) {
                out.write_all(one.as_bytes())?;
            }
        }
        Ok(())
    }
}

/// The names of models that the last list had; the proxy is not asked.
pub(super) fn models() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let typed = typed.to_string_lossy().to_lowercase();
        let names = known_models::of(&Environment::of_process(), None);
        let (begins, holds): (Vec<String>, Vec<String>) = names
            .into_iter()
            .filter(|name| name.to_lowercase().contains(&typed))
            .partition(|name| name.to_lowercase().starts_with(&typed));
        // Some shells offer only what begins so; a name that holds it is better than none.
        let offered = if begins.is_empty() { holds } else { begins };
        offered.into_iter().take(MOST).map(CompletionCandidate::new).collect()
    })
}

/// The vendors that LiteLLM knows.
pub(super) fn vendors() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        config_yaml::vendors()
            .into_iter()
            .map(|vendor| CompletionCandidate::new(vendor.id).help(Some(vendor.name.into())))
            .collect()
    })
}

/// The names of the profiles.
pub(super) fn profiles() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let list = Settings::new(Environment::of_process()).list();
        list.profiles.into_iter().map(|profile| CompletionCandidate::new(profile.name)).collect()
    })
}
