//! The attributes of a model: the tables by which they are read, filled, overridden, filtered and shown.

use litellm_ls_protocol::{Ability, Model, ModelOverride};

use super::choice::is_documented;
use crate::litellm::model_rows::{Flag, Info};

/// A member of [`Model`] that may be absent.
pub(super) struct Attribute<T: 'static> {
    /// Its name on the wire, and in `assumed`.
    pub(super) field: &'static str,
    pub(super) of: fn(&Model) -> Option<T>,
    pub(super) slot: fn(&mut Model) -> &mut Option<T>,
}

macro_rules! attribute {
    ($field:literal, $member:ident) => {
        Attribute { field: $field, of: |model| model.$member.clone(), slot: |model| &mut model.$member }
    };
}

/// A limit in tokens. Of merged deployments the least holds.
pub(crate) struct Limit {
    pub(super) attribute: Attribute<i64>,
    /// What the proxy says of it.
    pub(super) said: fn(&Info<'_>) -> Option<i64>,
    /// What it is taken for where nobody says it (S38).
    pub(super) default: i64,
    user: fn(&mut ModelOverride) -> &mut Option<u64>,
}

pub(crate) const LIMITS: [Limit; 2] = [
    Limit {
        attribute: attribute!("maxTokens", max_tokens),
        said: |info| info.max_output_tokens.limit().or(info.max_tokens.limit()),
        default: 8192,
        user: |user| &mut user.max_tokens,
    },
    Limit {
        attribute: attribute!("contextWindow", context_window),
        said: |info| info.max_input_tokens.limit(),
        default: 200_000,
        user: |user| &mut user.context_window,
    },
];

impl Limit {
    /// Its name in the settings, and where it stands there.
    pub(crate) fn of_user<'a>(&self, user: &'a mut ModelOverride) -> (&'static str, &'a mut Option<u64>) {
        (self.attribute.field, (self.user)(user))
    }
}

/// Something that a model may be able to do.
pub(crate) struct Can {
    pub(super) ability: Ability,
    /// What people read where it is known, and where the public price list alone says so.
    pub(super) words: [&'static str; 2],
    pub(super) attribute: Attribute<bool>,
    /// The proxy's flag.
    pub(super) flag: Flag,
    /// What is taken for true where nobody says it; `documented` where the documented defaults hold (S38). None: nothing.
    pub(super) default: fn(id: &str, documented: bool) -> Option<bool>,
    user: Option<fn(&mut ModelOverride) -> &mut Option<bool>>,
}

/// All abilities, in the order in which they are shown.
pub(crate) const ABILITIES: [Can; 8] = [
    Can {
        ability: Ability::Tools,
        words: ["tools", "~tools"],
        attribute: attribute!("supportsTools", supports_tools),
        flag: Flag::FunctionCalling,
        default: |_, _| Some(true),
        user: Some(|user| &mut user.supports_tools),
    },
    Can {
        ability: Ability::Images,
        words: ["vision", "~vision"],
        attribute: attribute!("supportsImages", supports_images),
        flag: Flag::Vision,
        default: |_, documented| Some(documented),
        user: Some(|user| &mut user.supports_images),
    },
    Can {
        ability: Ability::Reasoning,
        words: ["reasoning", "~reasoning"],
        attribute: attribute!("supportsReasoning", supports_reasoning),
        flag: Flag::Reasoning,
        default: |_, _| Some(false),
        user: Some(|user| &mut user.supports_reasoning),
    },
    Can {
        ability: Ability::PromptCache,
        words: ["cache", "~cache"],
        attribute: attribute!("supportsPromptCache", supports_prompt_cache),
        flag: Flag::PromptCaching,
        default: |_, documented| Some(documented),
        user: Some(|user| &mut user.supports_prompt_cache),
    },
    Can {
        ability: Ability::ComputerUse,
        words: ["computer", "~computer"],
        attribute: attribute!("supportsComputerUse", supports_computer_use),
        flag: Flag::ComputerUse,
        default: |id, documented| Some(documented && is_documented(id)),
        user: Some(|user| &mut user.supports_computer_use),
    },
    Can {
        ability: Ability::Audio,
        words: ["audio", "~audio"],
        attribute: attribute!("supportsAudio", supports_audio),
        flag: Flag::AudioInput,
        default: |_, _| None,
        user: None,
    },
    Can {
        ability: Ability::Pdf,
        words: ["pdf", "~pdf"],
        attribute: attribute!("supportsPdf", supports_pdf),
        flag: Flag::PdfInput,
        default: |_, _| None,
        user: None,
    },
    Can {
        ability: Ability::ResponseSchema,
        words: ["schema", "~schema"],
        attribute: attribute!("supportsResponseSchema", supports_response_schema),
        flag: Flag::ResponseSchema,
        default: |_, _| None,
        user: None,
    },
];

/// How many of them, from the first on, people choose models by.
pub(super) const CHOSEN_BY: usize = 3;

impl Can {
    /// Its name in the settings, and where it stands there. None where the settings do not have it.
    pub(crate) fn of_user<'a>(
        &self,
        user: &'a mut ModelOverride,
    ) -> Option<(&'static str, &'a mut Option<bool>)> {
        self.user.map(|slot| (self.attribute.field, slot(user)))
    }
}

/// What people call the abilities, in the order in which they are shown.
pub fn ability_words() -> impl Iterator<Item = &'static str> {
    ABILITIES.iter().map(|can| can.words[0])
}

/// Whether a model has an ability, assumed or not.
pub fn has(model: &Model, ability: Ability) -> bool {
    ABILITIES.iter().any(|can| can.ability == ability && (can.attribute.of)(model) == Some(true))
}

/// What is a word, and is filled from the price list.
pub(super) const WORDS: [Attribute<String>; 3] =
    [attribute!("provider", provider), attribute!("mode", mode), attribute!("retiresOn", retires_on)];
