//! `litellm-ls check`: what LiteLLM will really do with a `config.yaml`.

mod excerpt;
mod github;
mod json;
mod junit;
mod sarif;

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, anyhow, bail};
use clap::{Args, ValueEnum};

use super::output::{
    Screen, Text, Tone, note, note_drawn, note_text, say_bytes, say_drawn, say_json, say_text, shown,
};
use excerpt::Excerpts;

use crate::{
    config_yaml::{
        Code, Disk, Files, Finding, LONGEST, Lines, Project, Release, Severity, Source, Surroundings,
        Variables, check,
    },
    environment::Environment,
};

#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 no errors, 1 errors (with --strict: or warnings), 2 wrong arguments or unreadable files.
Variables are looked for in the environment and in `.env` beside the file; their values are never shown.")]
pub(super) struct CheckArgs {
    /// The files; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print the findings as JSON.
    #[arg(long, conflicts_with = "format")]
    pub(super) json: bool,
    /// How the findings are written.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Fail where there are warnings too.
    #[arg(long)]
    strict: bool,
    /// Say hints too.
    #[arg(long)]
    hints: bool,
    /// The release of LiteLLM that will read them, such as 1.104 [default: what the file says, else the newest known].
    #[arg(long, value_name = "RELEASE", value_parser = release)]
    litellm: Option<Release>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Excerpts of the files.
    Text,
    Json,
    /// Annotations of GitHub Actions.
    Github,
    Sarif,
    Junit,
}

fn release(text: &str) -> Result<Release, String> {
    Release::read(text).ok_or_else(|| "write it as 1.104 or 1.104.2".to_owned())
}

/// A file that was asked for, with all that was found in it and in what it includes.
struct Checked {
    project: Project,
    findings: Vec<Finding>,
}

/// The same to be printed: with the lines of its files, each counted once.
struct Printed<'a> {
    findings: &'a [Finding],
    files: Vec<File<'a>>,
}

struct File<'a> {
    path: String,
    lines: Lines<'a>,
}

impl<'a> Printed<'a> {
    fn of(checked: &'a Checked) -> Self {
        let file = |source: &'a Source| File {
            path: source.path.to_string_lossy().into_owned(),
            lines: Lines::of(source.text()),
        };
        Self { findings: &checked.findings, files: checked.project.sources().iter().map(file).collect() }
    }
}

/// Most findings that are shown before a start.
const MOST: usize = 5;

pub(super) fn run(args: &CheckArgs, environment: &Environment) -> anyhow::Result<ExitCode> {
    let mut checked = Vec::new();
    for path in &args.files {
        match check_file(path, args, environment) {
            Ok(one) => checked.push(one),
            Err(error) => {
                note_text(&Text::new(Tone::Bad, format!("{error:#}\n")));
                return Ok(ExitCode::from(2));
            }
        }
    }
    report(args, &without_included(checked))
}

/// Those that no other one includes, for what is included was looked at with it. Of files that include each other one
/// stays.
fn without_included(mut checked: Vec<Checked>) -> Vec<Checked> {
    let mut at = 0;
    while at < checked.len() {
        let root = &checked[at].project.sources()[0].path;
        let includes = |one: &Checked| one.project.sources()[1..].iter().any(|it| Disk::same(&it.path, root));
        if checked.iter().enumerate().any(|(other, one)| other != at && includes(one)) {
            checked.remove(at);
        } else {
            at += 1;
        }
    }
    checked
}

fn check_file(path: &Path, args: &CheckArgs, environment: &Environment) -> anyhow::Result<Checked> {
    let (path, text) = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin()
            .lock()
            .take(LONGEST + 1)
            .read_to_string(&mut text)
            .context("standard input is no text in UTF-8: save it as that")?;
        if text.len() as u64 > LONGEST {
            bail!("standard input is longer than {} MiB: split the file with `include:`", LONGEST >> 20);
        }
        (PathBuf::from("config.yaml"), text)
    } else {
        if !path.exists() {
            bail!("{} is not there", shown(&path.to_string_lossy()));
        }
        let text = Disk.read(path).ok_or_else(|| unread(path))?;
        (path.to_owned(), text)
    };
    let lookup = |name: &str| environment.variable_os(name)?.into_string().ok();
    let variables = Variables::beside(&path, &Disk, environment.names(), &lookup);
    let around = Surroundings {
        variable: &|name| variables.get(name),
        names: variables.names(),
        files: &Disk,
        today: today(),
        release: args.litellm,
    };
    let project = Project::read(&path, &text, &Disk);
    let mut findings = check(&project, &around);
    findings.retain(|finding| args.hints || finding.severity != Severity::Hint);
    Ok(Checked { project, findings })
}

/// Why a file that is there can't be read, and what to do.
fn unread(path: &Path) -> anyhow::Error {
    let name = shown(&path.to_string_lossy());
    match fs::metadata(path) {
        Ok(known) if !known.is_file() => anyhow!("{name} is no file: name a config.yaml"),
        Ok(known) if known.len() > LONGEST => {
            anyhow!("{name} is longer than {} MiB: split it with `include:`", LONGEST >> 20)
        }
        _ => match fs::read(path) {
            Err(error) => anyhow!("{name} can't be read: {error}"),
            Ok(_) => anyhow!("{name} is no text in UTF-8: save it as UTF-8"),
        },
    }
}

/// Says what will be wrong with a proxy that is started with a file, beside whatever is written.
///
/// # Errors
/// Where LiteLLM can't read the file, so that nothing is to be started.
pub(super) fn before_start(path: &Path, environment: &Environment) -> anyhow::Result<()> {
    let args = CheckArgs {
        files: Vec::new(),
        json: false,
        format: Format::Text,
        strict: false,
        hints: false,
        litellm: Release::read(crate::proxy::VERSION),
    };
    let checked = check_file(path, &args, environment)?;
    // A proxy that is started here gets a master key of its own.
    let matters =
        |finding: &&Finding| finding.severity <= Severity::Warning && finding.code != Code::MasterKeyMissing;
    let (shown_first, more) = {
        let all: Vec<_> = checked.findings.iter().filter(matters).collect();
        (all.iter().take(MOST).copied().collect::<Vec<_>>(), all.len().saturating_sub(MOST))
    };
    let printed = Printed::of(&checked);
    let mut excerpts = Excerpts::of(&printed);
    for finding in &shown_first {
        note_drawn(&excerpts.draw(finding, Screen::stderr().width));
    }
    if more > 0 {
        note(&format!("and {more} more: litellm-ls check {}", shown(&path.to_string_lossy())));
    }
    if checked.findings.iter().any(|finding| finding.code == Code::YamlSyntax) {
        bail!("LiteLLM can't read this file, so nothing was started: mend it");
    }
    Ok(())
}

/// The day in UTC.
fn today() -> String {
    jiff::Timestamp::now().to_string().chars().take(10).collect()
}

fn report(args: &CheckArgs, checked: &[Checked]) -> anyhow::Result<ExitCode> {
    let printed: Vec<Printed<'_>> = checked.iter().map(Printed::of).collect();
    let count =
        |severity| checked.iter().flat_map(|one| &one.findings).filter(|f| f.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match if args.json { Format::Json } else { args.format } {
        Format::Json => say_json(&json::report(&printed))?,
        Format::Sarif => say_json(&sarif::report(&printed))?,
        Format::Github => say_bytes(crate::plain::text(&github::report(&printed)).as_bytes())?,
        Format::Junit => say_bytes(crate::plain::text(&junit::report(&printed)).as_bytes())?,
        Format::Text => {
            let screen = Screen::stdout();
            for one in &printed {
                let mut excerpts = Excerpts::of(one);
                for finding in one.findings {
                    say_drawn(&excerpts.draw(finding, screen.width))?;
                }
            }
            say_text(&summary(checked, errors, warnings))?;
        }
    }
    let failed = errors > 0 || args.strict && warnings > 0;
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn summary(checked: &[Checked], errors: usize, warnings: usize) -> Text {
    let files: usize = checked.iter().map(|one| one.project.sources().len()).sum();
    let many = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let found = format!("{}, {}", many(errors, "error"), many(warnings, "warning"));
    let tone = match (errors, warnings) {
        (0, 0) => Tone::Good,
        (0, _) => Tone::Warning,
        _ => Tone::Bad,
    };
    Text::new(tone, found).and(Tone::Usual, format!(" in {}\n", many(files, "file")))
}
