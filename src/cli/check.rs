//! `litellm-ls check`: what LiteLLM will really do with a `config.yaml`.

mod arguments;
mod deep;
mod excerpt;
mod github;
mod json;
mod junit;
mod sarif;

use std::{
    cell::Cell,
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, anyhow, bail};

use super::models::counted;
use super::output::{
    Screen, Text, Tone, failed, language, note, note_drawn, note_text, say_bytes, say_drawn, say_json,
    say_text, shown, stdin, told, word, words,
};

pub(super) use arguments::CheckArgs;
use arguments::Format;
use deep::Deep;
use excerpt::Excerpts;

use crate::{
    assist::secret_pattern,
    config_yaml::{
        self, Code, Disk, Edit, Files, Finding, Fix, LONGEST, Lines, Project, Release, Severity, Source,
        Surroundings, Variables, check, has_ending_of_yaml, is_config,
    },
    environment::Environment,
    store,
};

/// A file that was asked for, with all that was found in it and in what it includes.
struct Checked {
    project: Project,
    findings: Vec<Finding>,
}

/// The same to be printed: with the lines of its files, each counted once.
struct Printed<'a> {
    project: &'a Project,
    findings: &'a [Finding],
    files: Vec<File<'a>>,
    /// For how many findings more fixes are looked at.
    affordable: Cell<usize>,
}

struct File<'a> {
    path: String,
    lines: Lines<'a>,
    /// Whether it holds secrets by its name, so that no line of it is shown.
    is_secret: bool,
}

impl<'a> Printed<'a> {
    fn of(checked: &'a Checked) -> Self {
        let file = |source: &'a Source| File {
            path: source.path.to_string_lossy().into_owned(),
            lines: Lines::of(source.text()),
            is_secret: store::names(&source.path).any(|name| secret_pattern(&name, &[]).is_some()),
        };
        Self {
            project: &checked.project,
            findings: &checked.findings,
            files: checked.project.sources().iter().map(file).collect(),
            affordable: Cell::new(checked.project.affordable_fixes()),
        }
    }

    /// What mends a finding, and its edits.
    fn fixes(&self, finding: &'a Finding) -> impl Iterator<Item = (&'a Fix, &'a [Edit])> {
        let left = self.affordable.get();
        self.affordable.set(left.saturating_sub(usize::from(!finding.fixes.is_empty())));
        let fixes = finding.fixes.iter().take(if left > 0 { usize::MAX } else { 0 });
        fixes.filter_map(|fix| Some((fix, fix.edits.safe_in(self.project)?)))
    }
}

/// Most findings that are shown before a start.
const MOST: usize = 5;

pub(super) async fn run(args: &CheckArgs, environment: &Environment) -> anyhow::Result<ExitCode> {
    match checked(args, environment).await {
        Ok((checked, deep, unread)) => {
            let code = if checked.is_empty() && !unread.is_empty() {
                ExitCode::SUCCESS
            } else {
                report(args, &checked, deep.as_ref())?
            };
            for error in &unread {
                note_text(&failed(&told(error), ""));
            }
            Ok(if unread.is_empty() { code } else { ExitCode::from(2) })
        }
        Err(error) => {
            note_text(&failed(&told(&error), ""));
            Ok(ExitCode::from(2))
        }
    }
}

/// The files that could be read, and why the others could not.
async fn checked(
    args: &CheckArgs,
    environment: &Environment,
) -> anyhow::Result<(Vec<Checked>, Option<Deep>, Vec<anyhow::Error>)> {
    if args.deep && args.files.iter().any(|path| path == Path::new("-")) {
        bail!("--deep has LiteLLM read the file itself: name a file instead of `-`");
    }
    let deep = args.deep(environment)?;
    let release = args.release().or_else(|| Release::read(&deep.as_ref()?.litellm.version));
    let (mut checked, mut unread) = (Vec::new(), Vec::new());
    for path in &args.files {
        let (path, text) = match read(path) {
            Ok(file) => file,
            // The others are checked all the same.
            Err(error) => {
                unread.push(error);
                continue;
            }
        };
        if !args.skip_others || is_config(&path, &text) {
            checked.push(check_text(path, &text, release, args.hints, environment));
        }
    }
    let mut checked = without_included(checked);
    if let Some(deep) = &deep {
        for one in &mut checked {
            deep.look(one, environment).await?;
        }
    }
    Ok((checked, deep, unread))
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

/// The text of a file, and the path that it goes by.
///
/// # Errors
/// Why it can't be read.
fn read(path: &Path) -> anyhow::Result<(PathBuf, String)> {
    Ok(if path == Path::new("-") {
        let mut text = String::new();
        stdin()
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
        // A folder that somebody else filled may hold links to files whose lines belong in no report.
        let target = Disk.target(path);
        if path.is_symlink() && !has_ending_of_yaml(&target) {
            bail!(
                "{} is a link to {}, which is no YAML by its name: name that file itself",
                shown(&path.to_string_lossy()),
                shown(&target.to_string_lossy())
            );
        }
        let text = Disk.read(path).ok_or_else(|| unread(path))?;
        (path.to_owned(), text)
    })
}

fn check_text(
    path: PathBuf,
    text: &str,
    release: Option<Release>,
    hints: bool,
    environment: &Environment,
) -> Checked {
    let lookup = |name: &str| environment.variable_os(name)?.into_string().ok();
    let variables = Variables::beside(&path, &Disk, environment.names(), &lookup);
    let around = Surroundings {
        variable: &|name| variables.get(name),
        names: variables.names(),
        files: &Disk,
        today: today(),
        release,
    };
    let project = Project::read(&path, text, &Disk);
    let mut findings = check(&project, &around);
    findings.retain(|finding| hints || finding.severity != Severity::Hint);
    Checked { project, findings }
}

/// Why a file that is there can't be read, and what to do.
fn unread(path: &Path) -> anyhow::Error {
    let name = shown(&path.to_string_lossy());
    match fs::metadata(path) {
        Ok(known) if !known.is_file() => anyhow!("{name} is no file: name a config.yaml"),
        Ok(known) if known.len() > LONGEST => {
            anyhow!("{name} is longer than {} MiB: split it with `include:`", LONGEST >> 20)
        }
        _ => match fs::File::open(path) {
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
    let (own, text) = read(path)?;
    let checked = check_text(own, &text, Release::read(crate::proxy::VERSION), false, environment);
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
        note(&format!("and {more} more: litellm-ls check {}", word(path)));
    }
    if checked.findings.iter().any(|finding| finding.code == Code::YamlSyntax) {
        bail!("LiteLLM can't read this file, so nothing was started: mend it");
    }
    Ok(())
}

/// Shows the lines of a file at which LiteLLM stumbled while it started, by what it printed.
pub(super) fn after_failure(path: &Path, printed: &[String]) {
    let Ok((own, text)) = read(path) else { return };
    let project = Project::read(&own, &text, &Disk);
    let findings = config_yaml::blamed(&project, printed, true);
    let checked = Checked { project, findings };
    let printed = Printed::of(&checked);
    let mut excerpts = Excerpts::of(&printed);
    for finding in checked.findings.iter().take(MOST) {
        note_drawn(&excerpts.draw(finding, Screen::stderr().width));
    }
}

/// The day in UTC.
pub(super) fn today() -> String {
    jiff::Timestamp::now().to_string().chars().take(10).collect()
}

fn report(args: &CheckArgs, checked: &[Checked], deep: Option<&Deep>) -> anyhow::Result<ExitCode> {
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
            say_text(&summary(checked, errors, warnings, deep))?;
        }
    }
    let failed = errors > 0 || args.strict && warnings > 0;
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn summary(checked: &[Checked], errors: usize, warnings: usize, deep: Option<&Deep>) -> Text {
    let files: usize = checked.iter().map(|one| one.project.sources().len()).sum();
    let many = |count: usize, one: &str, more: &str| words(&counted(count, one, more)).into_owned();
    let found = [many(errors, "error", "errors"), many(warnings, "warning", "warnings")];
    let found = found.join(language().comma());
    let tone = match (errors, warnings) {
        (0, 0) => Tone::Good,
        (0, _) => Tone::Warning,
        _ => Tone::Bad,
    };
    let asked = deep.map(|deep| format!(", by LiteLLM {} too", deep.litellm.version)).unwrap_or_default();
    let files = format!(" in {}", many(files, "file", "files"));
    Text::new(tone, found).and(Tone::Usual, format!("{}{}\n", words(&files), words(&asked)))
}
