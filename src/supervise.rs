//! What a `config.yaml` asks of the proxy of this machine that serves it.

use std::path::Path;

use crate::{
    config_yaml::{self, Disk, Files, Project, Variables},
    environment::Environment,
    proxy::{Choice, Options, Record, Source, StartProgress},
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
        let Source::Config(path) = source else { return Self::default() };
        let Some(project) = project(path) else { return Self::default() };
        let lookup = |name: &str| environment.variable_os(name)?.into_string().ok();
        let variables = Variables::beside(path, &Disk, environment.names(), &lookup);
        let variable = |name: &str| match name {
            // It is given one.
            "LITELLM_MASTER_KEY" => None,
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
    pub fn told(&self, step: &StartProgress) -> String {
        match step {
            StartProgress::Waiting { who } => format!("waiting: {who}"),
            StartProgress::Edited => {
                "ending the proxy that serves an older state of the configuration".to_owned()
            }
            StartProgress::Starting { elapsed, last_line } => {
                let line = last_line.as_ref().map(|line| format!(": {}", line.trim())).unwrap_or_default();
                format!("{}, {} s{line}", self.loading(), elapsed.as_secs())
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

/// A configuration as it is on the disk. None where it can't be read.
fn project(path: &Path) -> Option<Project> {
    let text = Disk.read(path)?;
    Some(Project::read(path, &text, &Disk))
}
