//! What a `config.yaml` asks of the proxy of this machine that serves it.

use std::path::{Path, PathBuf};

use crate::{
    config_yaml::{
        self, Code, Disk, Files, Finding, Lines, Project, Release, Severity, Surroundings, Variables,
    },
    environment::Environment,
    proxy::{
        self, Choice, Home, InstallProgress, Logged, Options, Record, Served, Source, StartProgress, Started,
    },
};

/// A proxy that is about to be started.
#[derive(Debug, Default)]
pub struct Plan {
    /// How.
    pub options: Options,
    /// How many deployments it will load. Absent where it has no configuration file of the user's.
    pub deployments: Option<usize>,
}

impl Plan {
    /// What a source asks for. A file that can't be read asks for nothing: the start says what is wrong with it.
    pub fn of(source: &Source, environment: &Environment) -> Self {
        let Some((path, project)) = source.config().and_then(|path| Some((path, project(path)?))) else {
            return Self::default();
        };
        let lookup = |name: &str| environment.variable_os(name)?.into_string().ok();
        let variables = Variables::beside(path, &Disk, environment.names(), &lookup);
        let variable = |name: &str| match name {
            // It is given one.
            proxy::KEY_VARIABLE => None,
            name => variables.get(name),
        };
        let options = Options {
            beside: config_yaml::beside(path),
            included: project.sources()[1..].iter().map(|source| source.path.clone()).collect(),
            key: config_yaml::master_key(&project, &variable),
            ..Options::default()
        };
        Self { options, deployments: Some(config_yaml::deployments(&project)) }
    }

    /// What starting one again asks for, that runs already: with its configuration as it is now, where it was.
    pub fn again(record: &Record, environment: &Environment) -> Self {
        let mut plan = Self::of(&record.source, environment);
        plan.options.port = Some(record.port);
        plan.options.litellm = record.environment.clone().map_or(Choice::Pinned, Choice::At);
        plan.options.anew = true;
        plan
    }

    /// How far its start is, for people.
    pub fn told(&self, step: &Step) -> String {
        let step = match step {
            Step::Install(step) => return step.to_string(),
            Step::Start(step) => step,
        };
        match step {
            StartProgress::Waiting { who } => format!("waiting: {who}"),
            StartProgress::Edited => {
                "ending the proxy that serves an older state of the configuration".to_owned()
            }
            StartProgress::Starting { elapsed, last_line } => {
                let (loading, seconds) = (self.loading(), elapsed.as_secs());
                match last_line {
                    Some(line) => format!("{loading}, {seconds} s: {}", line.trim()),
                    None => format!("{loading}, {seconds} s"),
                }
            }
        }
    }

    fn loading(&self) -> String {
        match self.deployments {
            None => "starting LiteLLM".to_owned(),
            Some(1) => "loading 1 model".to_owned(),
            Some(count) => format!("loading {count} models"),
        }
    }
}

/// How far it is.
#[derive(Debug, Clone)]
pub enum Step {
    /// LiteLLM is being installed.
    Install(InstallProgress),
    /// It is being started.
    Start(StartProgress),
}

/// Starts a proxy. Where LiteLLM is not installed it is, if it may be, and then started.
///
/// # Errors
/// What is in its way: [`proxy::Error::NotInstalled`] where it may not be installed.
pub async fn start(
    home: &Home,
    source: &Source,
    plan: &Plan,
    python: Option<&Path>,
    may_install: impl Future<Output = bool>,
    mut tell: impl FnMut(Step),
) -> proxy::Result<Started> {
    let begun = proxy::start(home, source.clone(), &plan.options, |step| tell(Step::Start(step))).await;
    if !matches!(begun, Err(proxy::Error::NotInstalled)) || !may_install.await {
        return begun;
    }
    proxy::install(home, python, |step| tell(Step::Install(step))).await?;
    proxy::start(home, source.clone(), &plan.options, |step| tell(Step::Start(step))).await
}

/// What is wrong with a file so that LiteLLM can't read it, with its line. None where it can.
pub fn unreadable(path: &Path) -> Option<String> {
    let project = project(path)?;
    let finding = found(&project, path, &|_| None, Vec::new(), String::new());
    let finding = finding.into_iter().find(|finding| finding.code == Code::YamlSyntax)?;
    let place = place(&project, &finding);
    Some(format!("{}:{}: {}", place.0.display(), place.1 + 1, finding.message))
}

/// A model of a file that is not served, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Its name.
    pub name: String,
    /// One sentence.
    pub reason: String,
    /// The file that says it.
    pub path: PathBuf,
    /// Its line there, from 0.
    pub line: usize,
}

/// The models of a proxy's file that it does not serve, and those that it serves and its file does not have. `log` is what
/// it has printed, `today` the date.
pub fn drift(
    record: &Record,
    served: &Served,
    log: &[String],
    environment: &Environment,
    today: String,
) -> (Vec<Missing>, Vec<String>) {
    let Some((path, project)) = record.config().and_then(|path| Some((path, project(path)?))) else {
        return Default::default();
    };
    let deployments: Vec<(String, String)> =
        served.deployments.iter().map(|one| (one.name.clone(), one.model.clone())).collect();
    let drift = config_yaml::drift(&project, &served.names, &deployments);
    let edited = record.is_edited();
    let lookup = |name: &str| environment.variable_os(name)?.into_string().ok();
    let mut findings = found(&project, path, &lookup, environment.names(), today);
    findings.retain(|finding| finding.severity <= Severity::Warning);
    findings.splice(0..0, config_yaml::blamed(&project, log, false));
    let missing = drift.left.into_iter().map(|left| {
        let why = findings.iter().find(|finding| left.is_explained_by(finding));
        let reason = match why {
            _ if edited => "the file has changed since the proxy started: restart it".to_owned(),
            Some(finding) => finding.message.clone(),
            None => "LiteLLM left it out: its log may say why".to_owned(),
        };
        let source = &project.sources()[left.file];
        let line = Lines::of(source.text()).line(left.range.start).0;
        Missing { name: left.name, reason, path: source.path.clone(), line }
    });
    (missing.collect(), drift.unlisted)
}

/// Most pieces of a log that are looked at.
const PIECES: usize = 16;

/// What the proxy that runs, or the last one, has printed from a place on; without one, the last lines.
pub fn logged(home: &Home, from: Option<u64>) -> Logged {
    proxy::logged(home, from, &beside(proxy::running(home).as_ref().and_then(Record::config)))
}

/// Variables of a `.env` are secrets in its proxy's log, as those of the environment are.
fn beside(config: Option<&Path>) -> Vec<(String, String)> {
    config.map(config_yaml::beside).unwrap_or_default()
}

/// What the proxy, or the last one, has printed, from its start.
pub fn log(source: &Source, home: &Home) -> Vec<String> {
    let beside = beside(source.config());
    let (mut lines, mut from) = (Vec::new(), 0);
    for _ in 0..PIECES {
        let piece = proxy::logged(home, Some(from), &beside);
        lines.extend(piece.lines);
        if piece.next == from {
            break;
        }
        from = piece.next;
    }
    lines
}

fn place<'a>(project: &'a Project, finding: &Finding) -> (&'a Path, usize) {
    let source = &project.sources()[finding.file];
    (&source.path, Lines::of(source.text()).line(finding.range.start).0)
}

fn found(
    project: &Project,
    path: &Path,
    lookup: &dyn Fn(&str) -> Option<String>,
    names: Vec<String>,
    today: String,
) -> Vec<Finding> {
    let variables = Variables::beside(path, &Disk, names, lookup);
    let around = Surroundings {
        variable: &|name| variables.get(name),
        names: variables.names(),
        files: &Disk,
        today,
        release: Release::read(proxy::VERSION),
    };
    config_yaml::check(project, &around)
}

/// A configuration as it is on the disk. None where it can't be read.
fn project(path: &Path) -> Option<Project> {
    let text = Disk.read(path)?;
    Some(Project::read(path, &text, &Disk))
}
