//! Names in a list that are no models: placeholders for what a key may call, and inner names of a team's models.

use std::{borrow::Cow, collections::HashMap};

use crate::litellm::model_rows::{Row, Rows};

/// What LiteLLM puts before the team's id and a number of its own (`model_name_<team>_<uuid>`).
const INNER: &str = "model_name_";

/// What a placeholder such as `all-team-models` or `no-default-models` stands for. None for a model's name.
pub(super) fn placeholder(name: &str) -> Option<Placeholder> {
    let (which, rest) = name.trim().split_once('-')?;
    let whose = rest.strip_suffix("-models")?;
    let is_word = !whose.is_empty() && whose.bytes().all(|byte| byte.is_ascii_lowercase());
    match which {
        "all" if is_word => Some(Placeholder::All),
        "no" if is_word => Some(Placeholder::None),
        _ => None,
    }
}

/// What a placeholder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placeholder {
    /// All models of somebody, which the proxy does not name here.
    All,
    /// No model.
    None,
}

/// The public names of a team's models, by their inner names.
#[derive(Default)]
pub(super) struct TeamNames<'a>(HashMap<Cow<'a, str>, String>);

impl<'a> TeamNames<'a> {
    /// Those that descriptions tell.
    pub(super) fn of(described: &Rows<'a>) -> Self {
        let pair = |row: &Row<'a>| {
            let inner = row.name.text().filter(|name| name.starts_with(INNER))?;
            let public = row.info.team_public_model_name.word()?;
            (!public.trim().is_empty()).then_some((inner, public))
        };
        Self(described.rows.iter().filter_map(pair).collect())
    }

    /// What a model is called by who uses it.
    pub(super) fn public(&self, name: Cow<'a, str>) -> Cow<'a, str> {
        match self.0.get(&name) {
            Some(public) => Cow::Owned(public.clone()),
            None => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_models() {
        for (name, stands_for) in [
            ("all-team-models", Some(Placeholder::All)),
            ("all-proxy-models", Some(Placeholder::All)),
            ("all-org-models", Some(Placeholder::All)),
            (" all-user-models ", Some(Placeholder::All)),
            ("no-default-models", Some(Placeholder::None)),
            ("all-models", None),
            ("all--models", None),
            ("all-minilm-l6-v2", None),
            ("all-mpnet-base-models", None),
            ("small-team-models", None),
            ("gpt-4o", None),
        ] {
            assert_eq!(placeholder(name), stands_for, "{name}");
        }
    }
}
