//! Which proxy a command talks to.

use std::sync::Arc;

use clap::Args;
use serde_json::{Map, Value};

use crate::{
    environment::Environment,
    provider::{Error, Profile, Provider, Settings, complaint},
};

use super::output::note;

/// The options that name a proxy; they win over the environment.
#[derive(Debug, Args)]
pub(super) struct Target {
    /// Where the proxy is [default: LITELLM_BASE_URL, else http://localhost:4000].
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Where its key is: `env:NAME` or `file:PATH`, never the key itself [default: env:LITELLM_API_KEY].
    #[arg(long, value_name = "REFERENCE", value_parser = reference)]
    api_key: Option<String>,
}

/// Arguments can be read by every user of the machine, so a key is none.
fn reference(text: &str) -> Result<String, &'static str> {
    if text.starts_with("env:") || text.starts_with("os.environ/") || text.starts_with("file:") {
        Ok(text.to_owned())
    } else {
        Err("give a reference, env:NAME or file:PATH: other users of this machine can read arguments")
    }
}

impl Target {
    /// The provider and the profile that the options and the environment lead to.
    ///
    /// # Errors
    /// Where they can't be used.
    pub(super) fn open(&self, environment: Environment) -> Result<(Provider, Arc<Profile>), Error> {
        let mut settings = Settings::new(environment);
        let given = [("baseUrl", &self.base_url), ("apiKey", &self.api_key)];
        let options: Map<String, Value> = given
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value.clone()?.into())))
            .collect();
        let problems = settings.initialize(&options);
        if !problems.is_empty() {
            return Err(Error::invalid_settings(problems));
        }
        let profile = settings.profile(None)?;
        for problem in settings.problems() {
            note(&format!("warning: {}", complaint(&problem)));
        }
        for warning in &profile.warnings {
            note(&format!("warning: {warning}"));
        }
        Ok((Provider::default(), profile))
    }
}
