//! What models can do: the one table of it, in the order in which it is shown.

use litellm_ls_protocol::{Ability, Model};

/// One thing that a model may be able to do.
pub(super) struct Row {
    pub(super) ability: Ability,
    /// What people read.
    pub(super) word: &'static str,
    /// Its field of [`Model`], as named on the wire.
    pub(super) field: &'static str,
    pub(super) flag: fn(&Model) -> Option<bool>,
}

/// All of them.
pub(super) const ABILITIES: [Row; 8] = [
    row(Ability::Tools, "tools", "supportsTools", |model| model.supports_tools),
    row(Ability::Images, "vision", "supportsImages", |model| model.supports_images),
    row(Ability::Reasoning, "reasoning", "supportsReasoning", |model| model.supports_reasoning),
    row(Ability::PromptCache, "cache", "supportsPromptCache", |model| model.supports_prompt_cache),
    row(Ability::ComputerUse, "computer", "supportsComputerUse", |model| model.supports_computer_use),
    row(Ability::Audio, "audio", "supportsAudio", |model| model.supports_audio),
    row(Ability::Pdf, "pdf", "supportsPdf", |model| model.supports_pdf),
    row(Ability::ResponseSchema, "schema", "supportsResponseSchema", |model| model.supports_response_schema),
];

/// How many of them, from the first on, people choose models by.
pub(super) const CHOSEN_BY: usize = 3;

const fn row(
    ability: Ability,
    word: &'static str,
    field: &'static str,
    flag: fn(&Model) -> Option<bool>,
) -> Row {
    Row { ability, word, field, flag }
}

/// Whether a model has an ability, assumed or not.
pub fn has(model: &Model, ability: Ability) -> bool {
    ABILITIES.iter().any(|row| row.ability == ability && (row.flag)(model) == Some(true))
}
