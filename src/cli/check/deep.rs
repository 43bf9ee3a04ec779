//! `check --deep`: what LiteLLM itself makes of a file, in its virtual environment.

use std::time::Duration;

use anyhow::{Context, bail};

use super::Checked;
use crate::{
    cli::{output::shown, progress::Progress},
    config_yaml::{self, Code, Said},
    environment::Environment,
    proxy::{self, Choice, Error, Home, Installation, Source},
    supervise::Plan,
};

/// How often is said that it goes on.
const TICK: Duration = Duration::from_millis(250);

/// The LiteLLM that looks at files.
pub(super) struct Deep {
    home: Home,
    pub(super) litellm: Installation,
    may_run_code: bool,
}

impl Deep {
    /// Finds it.
    ///
    /// # Errors
    /// Where there is none, with what to do.
    pub(super) fn find(
        choice: &Choice,
        may_run_code: bool,
        environment: &Environment,
    ) -> anyhow::Result<Self> {
        let home = Home::open(Home::default_dir(|name| environment.variable_os(name))?);
        let litellm = match proxy::find(&home, choice) {
            Err(Error::NotInstalled) => bail!(
                "--deep asks LiteLLM itself, and none is installed: run `litellm-ls proxy install`, or name yours with --litellm"
            ),
            found => found?,
        };
        Ok(Self { home, litellm, may_run_code })
    }

    /// Adds what LiteLLM says of a file to what was found in it.
    ///
    /// # Errors
    /// Where LiteLLM can't be run or says nothing.
    pub(super) async fn look(&self, checked: &mut Checked, environment: &Environment) -> anyhow::Result<()> {
        // It could not read it, and that is told already.
        if checked.findings.iter().any(|finding| finding.code == Code::YamlSyntax) {
            return Ok(());
        }
        let path = checked.project.sources()[0].path.clone();
        let name = shown(&path.to_string_lossy());
        let plan = Plan::of(&Source::Config(path.clone()), environment);
        let mut progress = Progress::default();
        let mut work =
            Box::pin(proxy::load(&self.home, &self.litellm, &path, &plan.options, self.may_run_code));
        let loaded = loop {
            tokio::select! {
                loaded = &mut work => break loaded,
                () = tokio::time::sleep(TICK) => {
                    progress.show(&format!("LiteLLM {} loads {name}", self.litellm.version));
                }
            }
        };
        progress.wipe();
        let loaded = loaded.with_context(|| format!("LiteLLM could not be asked about {name}"))?;
        let said = Said {
            starts: loaded.starts,
            served: &loaded.served,
            lines: &loaded.lines,
            code: &loaded.code,
            outside: &[loaded.connections, loaded.programs].concat(),
        };
        let more = config_yaml::loaded(&checked.project, &said, &checked.findings);
        checked.findings.extend(more);
        Ok(())
    }
}
