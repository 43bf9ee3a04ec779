//! What LiteLLM writes into the header of an answer.

use super::context::Check;
use crate::config_yaml::{codes::Code::BeyondLatin1, config::Place};

/// Names, ids and addresses stand in a header of each answer, which holds Latin-1 alone (litellm 1.101.3, 1.106.6).
pub(super) fn check(check: &mut Check<'_>) {
    let config = check.config;
    for deployment in &config.deployments {
        let param = |name| Some((name, config.get(deployment.params?, name)?));
        let places = [
            deployment.name.map(|(_, place)| ("model_name", place)),
            param("model"),
            param("api_base"),
            deployment.info.and_then(|info| Some(("id", config.get(info, "id")?))),
        ];
        places.into_iter().flatten().for_each(|(what, place)| fits(check, &format!("`{what}`"), place));
    }
    let aliases = config.setting("router_settings", "model_group_alias");
    for alias in aliases.into_iter().flat_map(|aliases| config.entries(aliases.value)) {
        fits(check, "the alias", alias.key);
    }
}

fn fits(check: &mut Check<'_>, what: &str, place: Place) {
    let text = check.config.text(place).unwrap_or_default();
    if let Some(letter) = text.chars().find(|letter| u32::from(*letter) > 0xff) {
        let message = format!(
            "LiteLLM writes {what} into a header of each answer, where `{letter}` can't stand: every request ends with a 500 once the model has answered. Use letters up to `ÿ`."
        );
        check.error(BeyondLatin1, place, message);
    }
}
