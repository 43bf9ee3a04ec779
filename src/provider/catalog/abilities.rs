//! What models can do: the one table of it, in the order in which it is shown.

use litellm_ls_protocol::{Ability, Model};

/// One thing that a model may be able to do.
pub(super) struct Row {
    pub(super) ability: Ability,
    /// What people read where it is known, and where the public price list alone says so.
    pub(super) words: [&'static str; 2],
    /// Its field of [`Model`], as named on the wire.
    pub(super) field: &'static str,
    pub(super) flag: fn(&Model) -> Option<bool>,
}

/// All of them.
pub(super) const ABILITIES: [Row; 8] = [
    row(Ability::Tools, ["tools", "~tools"], "supportsTools", |model| model.supports_tools),
    row(Ability::Images, ["vision", "~vision"], "supportsImages", |model| model.supports_images),
    row(Ability::Reasoning, ["reasoning", "~reasoning"], "supportsReasoning", |model| {
        model.supports_reasoning
    }),
    row(Ability::PromptCache, ["cache", "~cache"], "supportsPromptCache", |model| {
        model.supports_prompt_cache
    }),
    row(Ability::ComputerUse, ["computer", "~computer"], "supportsComputerUse", |model| {
        model.supports_computer_use
    }),
    row(Ability::Audio, ["audio", "~audio"], "supportsAudio", |model| model.supports_audio),
    row(Ability::Pdf, ["pdf", "~pdf"], "supportsPdf", |model| model.supports_pdf),
    row(Ability::ResponseSchema, ["schema", "~schema"], "supportsResponseSchema", |model| {
        model.supports_response_schema
    }),
];

/// How many of them, from the first on, people choose models by.
pub(super) const CHOSEN_BY: usize = 3;

const fn row(
    ability: Ability,
    words: [&'static str; 2],
    field: &'static str,
    flag: fn(&Model) -> Option<bool>,
) -> Row {
    Row { ability, words, field, flag }
}

/// Whether a model has an ability, assumed or not.
pub fn has(model: &Model, ability: Ability) -> bool {
    ABILITIES.iter().any(|row| row.ability == ability && (row.flag)(model) == Some(true))
}
