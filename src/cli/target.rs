//! Which proxy a command talks to.

use std::{ffi::OsStr, sync::Arc};

use clap::{Args, builder::TypedValueParser, error::ErrorKind};
use litellm_ls_protocol::{EffectiveSettings, StatusResult};
use serde_json::{Map, Value};

use crate::{
    environment::Environment,
    provider::{Error, KEY_SCHEMES, Profile, Provider, Settings, unusable_status},
};

use super::{
    completions::profiles,
    output::{shown, warn},
};

/// The options that name a proxy; they win over the environment.
#[derive(Debug, Args)]
pub(super) struct Target {
    /// Where the proxy is [default: LITELLM_BASE_URL, else http://localhost:4000].
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Where its key is: `env:NAME`, `file:PATH`, `cmd:COMMAND` or `keyring:NAME`, never the key itself [default: env:LITELLM_API_KEY].
    #[arg(long, value_name = "REFERENCE", value_parser = Reference)]
    api_key: Option<String>,
    /// A profile of the settings file, by its own settings alone [default: the active one].
    #[arg(long, value_name = "NAME", value_parser = super::name, conflicts_with_all = ["base_url", "api_key"], add = profiles())]
    profile: Option<String>,
}

/// Takes references to a key only: arguments can be read by every user of the machine.
#[derive(Clone)]
struct Reference;

impl TypedValueParser for Reference {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        _: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        let text = value.to_str().filter(|text| KEY_SCHEMES.iter().any(|scheme| text.starts_with(scheme)));
        // clap's own message would quote the key.
        let refused = "--api-key takes a reference, env:NAME, file:PATH, cmd:COMMAND or keyring:NAME: other users of this machine \
                       can read arguments";
        let error = || clap::Error::raw(ErrorKind::ValueValidation, refused).with_cmd(command);
        text.map(str::to_owned).ok_or_else(error)
    }
}

impl Target {
    /// Whether the options name a proxy, so that none is taken by chance.
    pub(super) fn is_named(&self) -> bool {
        self.profile.is_some() || self.base_url.is_some()
    }

    /// The provider and the profile, ready to be used, that the options and the environment lead to.
    ///
    /// # Errors
    /// Where they can't be used.
    pub(super) async fn open(&self, environment: Environment) -> Result<(Provider, Arc<Profile>), Error> {
        let (provider, profile) = self.named(environment)?;
        let profile = provider.ready(&profile).await?;
        Ok((provider, profile))
    }

    /// The same before any of that was tried. What is not as the user may think is noted.
    ///
    /// # Errors
    /// Where they can't be used.
    pub(super) fn named(&self, environment: Environment) -> Result<(Provider, Arc<Profile>), Error> {
        let settings = self.settings(environment)?;
        let profile = settings.profile(None)?;
        let warnings = profile.warnings.iter().map(ToString::to_string);
        for warning in profile.complaints().into_iter().chain(warnings) {
            warn(&shown(&warning));
        }
        Ok((Provider::default(), profile))
    }

    /// The status of what the options and the environment lead to, and the settings, also where it can't be used.
    ///
    /// # Errors
    /// Where the options are wrong, or name no profile that there is.
    pub(super) async fn status(
        &self,
        environment: Environment,
    ) -> Result<(StatusResult, Option<EffectiveSettings>), Error> {
        let settings = self.settings(environment)?;
        let name = settings.named(None)?;
        Ok(match settings.profile(Some(&name)) {
            Ok(profile) => {
                let status = Provider::default().status(&profile).await;
                (status, Some(profile.settings.clone()))
            }
            Err(error) => (unusable_status(&name, &error), None),
        })
    }

    fn settings(&self, environment: Environment) -> Result<Settings, Error> {
        let mut settings = Settings::new(environment.with_profile(self.profile.as_deref()));
        let given = [("baseUrl", &self.base_url), ("apiKey", &self.api_key)];
        let options: Map<String, Value> = given
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value.clone()?.into())))
            .collect();
        let here = std::env::current_dir().map(|here| here.to_string_lossy().into_owned());
        settings.introduce(env!("CARGO_PKG_NAME"), &here.unwrap_or_default());
        let problems = settings.initialize(&options);
        if problems.is_empty() { Ok(settings) } else { Err(Error::invalid_settings(problems)) }
    }
}
