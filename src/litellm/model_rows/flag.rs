//! What a model may be able to do, by the flags of LiteLLM.

/// A flag of `model_info`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the proxy's own")]
pub enum Flag {
    Vision,
    PromptCaching,
    ComputerUse,
    FunctionCalling,
    Reasoning,
    AudioInput,
    PdfInput,
    ResponseSchema,
}

impl Flag {
    /// All of them in order, each with its key. `scripts/refresh_cost_map.py` keeps these of the price list.
    pub const ALL: [(Self, &str); 8] = [
        (Self::Vision, "supports_vision"),
        (Self::PromptCaching, "supports_prompt_caching"),
        (Self::ComputerUse, "supports_computer_use"),
        (Self::FunctionCalling, "supports_function_calling"),
        (Self::Reasoning, "supports_reasoning"),
        (Self::AudioInput, "supports_audio_input"),
        (Self::PdfInput, "supports_pdf_input"),
        (Self::ResponseSchema, "supports_response_schema"),
    ];

    /// The flag of a key.
    pub(super) fn of(key: &[u8]) -> Option<Self> {
        let key = key.starts_with(b"supports_").then_some(key)?;
        Self::ALL.into_iter().find(|(_, name)| name.as_bytes() == key).map(|(flag, _)| flag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_stand_in_their_order() {
        for (place, (flag, key)) in Flag::ALL.into_iter().enumerate() {
            assert_eq!((flag as usize, Flag::of(key.as_bytes())), (place, Some(flag)));
        }
    }
}
