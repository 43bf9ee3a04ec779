//! What a proxy is to serve, and the configuration that says so to LiteLLM.

use std::fmt;
use std::path::{Path, PathBuf};

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::error::{Error, Result};
use super::home::Home;
use crate::store::{private, read_regular};

/// The most of a configuration file that is read, in bytes: LiteLLM would take minutes for as much.
pub(super) const LARGEST: u64 = 64 << 20;

/// What a proxy serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// A configuration file of the user's own, left as it is.
    Config(PathBuf),
    /// One model of a vendor's.
    #[serde(rename_all = "camelCase")]
    Model {
        /// As LiteLLM names it, like `anthropic/claude-sonnet-4-6`; peers use the same name.
        name: String,
        /// The environment variable that holds the vendor's key. Absent: the vendor's usual one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        api_key_env: Option<String>,
    },
    /// Models that need no vendor, for trying things out.
    Demo,
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Config(path) => write!(formatter, "{}", path.display()),
            Source::Model { name, .. } => write!(formatter, "the model {name}"),
            Source::Demo => formatter.write_str("the demo models"),
        }
    }
}

/// Something that did not stop a start, and will be missed later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The environment variable of this name should hold the vendor's key, and is unset.
    VendorKeyUnset(String),
    /// The configuration has a key of its own, so ours is refused.
    OwnMasterKey,
    /// It runs already, and on another port than the one that was asked for.
    OtherPort {
        /// Where it listens.
        runs: u16,
        /// Where it should.
        asked: u16,
    },
    /// It runs already, by another LiteLLM than the one that was asked for: this one.
    OtherLitellm(String),
    /// It runs already, and ends with the editor that has started it.
    EndsWithEditor,
    /// LiteLLM runs and lists nothing, for it leaves out what it does not understand.
    NoModels,
}

impl fmt::Display for Warning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::VendorKeyUnset(name) => write!(
                formatter,
                "{name} is not set, so the vendor will refuse every request: \
                 stop the proxy, set {name}, start it again (or name another variable with --api-key-env)"
            ),
            Warning::OtherPort { runs, asked } => write!(
                formatter,
                "it listens on port {runs}, and not on {asked} as asked: stop it, and start it again"
            ),
            Warning::OtherLitellm(which) => write!(
                formatter,
                "it is run by {which}, and not by the LiteLLM that was asked for: stop it, and start it again"
            ),
            Warning::EndsWithEditor => formatter.write_str(
                "it ends with the editor that has started it: stop it, and start it again to have one that stays",
            ),
            Warning::NoModels => formatter.write_str(
                "LiteLLM lists no model: check the names, and the vendors before their slashes, against its log",
            ),
            Warning::OwnMasterKey => formatter.write_str(
                "the configuration sets its own general_settings.master_key: set LITELLM_API_KEY to that key",
            ),
        }
    }
}

/// The models of [`Source::Demo`].
const DEMO: &str = include_str!("demo.yaml");

/// The usual variables for the keys of well-known vendors, the most usual first; any of them is enough.
/// From LiteLLM's own sources, 1.109.1.
const VENDOR_KEYS: &[(&str, &[&str])] = &[
    ("anthropic", &["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"]),
    ("azure", &["AZURE_API_KEY", "AZURE_OPENAI_API_KEY", "AZURE_AD_TOKEN"]),
    ("cerebras", &["CEREBRAS_API_KEY"]),
    ("codestral", &["CODESTRAL_API_KEY"]),
    ("cohere", &["COHERE_API_KEY", "CO_API_KEY"]),
    ("dashscope", &["DASHSCOPE_API_KEY"]),
    ("deepinfra", &["DEEPINFRA_API_KEY"]),
    ("deepseek", &["DEEPSEEK_API_KEY"]),
    (
        "fireworks_ai",
        &["FIREWORKS_AI_API_KEY", "FIREWORKS_API_KEY", "FIREWORKSAI_API_KEY", "FIREWORKS_AI_TOKEN"],
    ),
    ("gemini", &["GEMINI_API_KEY", "GOOGLE_API_KEY"]),
    ("github", &["GITHUB_API_KEY"]),
    ("groq", &["GROQ_API_KEY"]),
    ("huggingface", &["HUGGINGFACE_API_KEY"]),
    ("minimax", &["MINIMAX_API_KEY"]),
    ("mistral", &["MISTRAL_API_KEY"]),
    ("moonshot", &["MOONSHOT_API_KEY"]),
    ("nebius", &["NEBIUS_API_KEY"]),
    ("novita", &["NOVITA_API_KEY"]),
    ("nvidia_nim", &["NVIDIA_NIM_API_KEY"]),
    ("openai", &["OPENAI_API_KEY"]),
    ("openrouter", &["OPENROUTER_API_KEY", "OR_API_KEY"]),
    ("perplexity", &["PERPLEXITYAI_API_KEY", "PERPLEXITY_API_KEY"]),
    ("replicate", &["REPLICATE_API_KEY", "REPLICATE_API_TOKEN"]),
    ("sambanova", &["SAMBANOVA_API_KEY"]),
    ("together_ai", &["TOGETHERAI_API_KEY", "TOGETHER_API_KEY", "TOGETHER_AI_API_KEY", "TOGETHER_AI_TOKEN"]),
    ("vercel_ai_gateway", &["VERCEL_AI_GATEWAY_API_KEY", "VERCEL_OIDC_TOKEN"]),
    ("xai", &["XAI_API_KEY"]),
    ("zai", &["ZAI_API_KEY"]),
];

/// Where LiteLLM finds its configuration, and what is to be said about it.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) config: PathBuf,
    pub(super) warnings: Vec<Warning>,
}

impl Source {
    /// The configuration file. None where it has none of the user's.
    pub fn config(&self) -> Option<&Path> {
        match self {
            Source::Config(path) => Some(path),
            _ => None,
        }
    }

    /// The same source whatever the working directory, so that two can be compared.
    ///
    /// # Errors
    /// [`Error::NoConfig`] where the configuration file is missing.
    pub(super) fn resolved(self) -> Result<Source> {
        let Source::Config(path) = self else { return Ok(self) };
        let path = std::path::absolute(&path).map_err(Error::io("find", &path))?;
        if path.is_file() { Ok(Source::Config(path)) } else { Err(Error::NoConfig(path)) }
    }

    /// Tells states of the user's configuration file, and of those that it includes, apart. None for other sources, and
    /// where the file is not there any more.
    ///
    /// # Errors
    /// Where one can't be read.
    pub(super) fn digest(&self, included: &[PathBuf]) -> Result<Option<String>> {
        let Some(path) = self.config() else { return Ok(None) };
        let mut digest = Md5::new();
        for (place, path) in std::iter::once(path).chain(included.iter().map(PathBuf::as_path)).enumerate() {
            match read_regular(path, LARGEST) {
                Ok(text) => {
                    digest.update(text.len().to_le_bytes());
                    digest.update(&*text);
                }
                Err(error) if error.is_absent() && place == 0 => return Ok(None),
                // LiteLLM does not start without it, so that is another state.
                Err(error) if error.is_absent() => digest.update([0]),
                Err(error) => return Err(Error::Config(error)),
            }
        }
        Ok(Some(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// Writes the configuration into the home, where it is not the user's own. `is_set` tells whether LiteLLM's
    /// environment will have a variable.
    pub(super) fn prepare(&self, home: &Home, is_set: impl Fn(&str) -> bool) -> Result<Prepared> {
        let config = home.generated_config();
        match self {
            Source::Config(path) => Ok(Prepared { config: path.clone(), warnings: Vec::new() }),
            Source::Demo => {
                private::write_private(&config, DEMO)?;
                Ok(Prepared { config, warnings: Vec::new() })
            }
            Source::Model { name, api_key_env } => {
                let variables = match api_key_env {
                    Some(variable) => &[variable.as_str()],
                    None => usual_variables(name),
                };
                let variable = variables.first().copied();
                private::write_private(&config, &one_model(name, variable))?;
                // Where only a less usual one is set, LiteLLM finds it by itself.
                let unset = variable.filter(|_| !variables.iter().any(|variable| is_set(variable)));
                let warnings = unset.map(|variable| Warning::VendorKeyUnset(variable.to_owned()));
                Ok(Prepared { config, warnings: warnings.into_iter().collect() })
            }
        }
    }
}

/// A configuration of one model. JSON, for that is YAML as well and quotes whatever a name may hold.
fn one_model(name: &str, key_variable: Option<&str>) -> String {
    let mut parameters = json!({ "model": name });
    if let Some(variable) = key_variable {
        parameters["api_key"] = json!(format!("os.environ/{variable}"));
    }
    format!("{:#}\n", json!({ "model_list": [{ "model_name": name, "litellm_params": parameters }] }))
}

/// The variables for the key of a model's vendor. Empty for vendors not in the table: LiteLLM looks by itself.
pub fn usual_variables(model: &str) -> &'static [&'static str] {
    let vendor = match model.split_once('/') {
        Some((vendor, _)) => vendor,
        None if model.starts_with("claude-") => "anthropic",
        None if ["gpt-", "chatgpt-", "o1", "o3", "o4"].iter().any(|start| model.starts_with(start)) => {
            "openai"
        }
        None => return &[],
    };
    VENDOR_KEYS.iter().find(|(name, _)| *name == vendor).map_or(&[], |(_, variables)| variables)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::Value;

    use super::*;

    /// The one deployment's parameters, and the warnings.
    fn prepared(name: &str, api_key_env: Option<&str>, set: &[&str]) -> (Value, Vec<Warning>) {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().to_owned());
        private::make_private_folder(home.folder()).unwrap();
        let source = Source::Model { name: name.to_owned(), api_key_env: api_key_env.map(str::to_owned) };
        let prepared = source.prepare(&home, |variable| set.contains(&variable)).unwrap();
        let config: Value = serde_json::from_slice(&fs::read(prepared.config).unwrap()).unwrap();
        assert_eq!(config["model_list"][0]["model_name"], name);
        (config["model_list"][0]["litellm_params"].clone(), prepared.warnings)
    }

    #[test]
    fn the_vendors_key_is_taken_from_its_usual_variable() {
        for (name, api_key_env, set, variable, unset) in [
            ("anthropic/claude-x", None, &["ANTHROPIC_API_KEY"][..], Some("ANTHROPIC_API_KEY"), None),
            ("anthropic/claude-x", None, &[], Some("ANTHROPIC_API_KEY"), Some("ANTHROPIC_API_KEY")),
            ("gemini/g", None, &["GOOGLE_API_KEY"], Some("GEMINI_API_KEY"), None),
            ("claude-x", None, &[], Some("ANTHROPIC_API_KEY"), Some("ANTHROPIC_API_KEY")),
            ("gpt-x", None, &["OPENAI_API_KEY"], Some("OPENAI_API_KEY"), None),
            ("openai/x", Some("WORK_KEY"), &["OPENAI_API_KEY"], Some("WORK_KEY"), Some("WORK_KEY")),
            ("openai/x", Some("WORK_KEY"), &["WORK_KEY"], Some("WORK_KEY"), None),
            ("ollama/llama3", None, &[], None, None),
            ("my \"odd\": name\\", None, &[], None, None),
        ] {
            let (parameters, warnings) = prepared(name, api_key_env, set);
            assert_eq!(parameters["model"], name);
            let expected = variable.map(|variable| format!("os.environ/{variable}"));
            assert_eq!(parameters.get("api_key").and_then(Value::as_str), expected.as_deref(), "{name}");
            let expected: Vec<_> =
                unset.map(|name| Warning::VendorKeyUnset(name.to_owned())).into_iter().collect();
            assert_eq!(warnings, expected, "{name}");
        }
    }

    #[test]
    fn vendors_are_in_order_and_once() {
        assert!(VENDOR_KEYS.is_sorted_by(|(a, _), (b, _)| a < b));
    }

    #[test]
    fn a_config_file_is_used_where_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path().to_owned());
        let path = folder.path().join("mine.yaml");
        let missing = Source::Config(path.clone()).resolved();
        assert!(matches!(missing, Err(Error::NoConfig(_))), "{missing:?}");
        fs::write(&path, "model_list: []").unwrap();
        let source = Source::Config(path.clone()).resolved().unwrap();
        assert_eq!(source.prepare(&home, |_| true).unwrap().config, path);
        assert_eq!(fs::read_to_string(path).unwrap(), "model_list: []");
        assert!(!home.generated_config().exists());
    }

    #[test]
    fn a_config_file_that_can_not_be_read_is_not_one_that_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Source::Config(folder.path().to_owned()).digest(&[]).is_err());
        assert_eq!(Source::Config(folder.path().join("gone.yaml")).digest(&[]).unwrap(), None);
        assert_eq!(Source::Demo.digest(&[]).unwrap(), None);
    }
}
