//! What whoever starts a proxy must know of its file.

use super::{config::Config, place::reference, project::Project};

/// The variable that LiteLLM takes its master key from where a file sets none.
pub(super) const MASTER_KEY: &str = "LITELLM_MASTER_KEY";

/// The master key that a file sets, by its own words or by a variable. None where it sets none, or the variable is unset.
pub fn master_key(project: &Project, variable: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let config = Config::new(project, variable);
    let written = config.text(config.setting("general_settings", "master_key")?.value)?;
    let key = match reference(written) {
        Some(name) => variable(name)?,
        None => written.to_owned(),
    };
    // It is sent in a header.
    let is_key = !key.is_empty() && key.chars().all(|letter| letter.is_ascii_graphic());
    is_key.then_some(key)
}

/// How many deployments a file lists, with what it includes.
pub fn deployments(project: &Project) -> usize {
    Config::new(project, &|_| None).deployments.len()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config_yaml::Disk;

    #[test]
    fn a_master_key_is_what_litellm_takes_for_one() {
        for (written, key) in [
            ("general_settings: {master_key: sk-own}", Some("sk-own")),
            ("general_settings: {master_key: os.environ/SET}", Some("sk-set")),
            ("general_settings: {master_key: os.environ/UNSET}", None),
            ("general_settings: {master_key: \"a b\\nHost: x\"}", None),
            ("general_settings: {}", None),
            ("litellm_settings: {master_key: sk-own}", None),
            ("", None),
        ] {
            let text = format!("model_list:\n  - model_name: a\n{written}\n");
            let project = Project::read(Path::new("/nowhere/config.yaml"), &text, &Disk);
            let variable = |name: &str| (name == "SET").then(|| "sk-set".to_owned());
            assert_eq!(master_key(&project, &variable).as_deref(), key, "{written}");
            assert_eq!(deployments(&project), 1);
        }
    }
}
