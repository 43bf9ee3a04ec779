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
    /// All of them in order, each with its key and its letter in the price list that is in the program.
    /// `scripts/refresh_cost_map.py` reads this table.
    pub const ALL: [(Self, &str, u8); 8] = [
        (Self::Vision, "supports_vision", b'v'),
        (Self::PromptCaching, "supports_prompt_caching", b'c'),
        (Self::ComputerUse, "supports_computer_use", b'u'),
        (Self::FunctionCalling, "supports_function_calling", b'f'),
        (Self::Reasoning, "supports_reasoning", b'r'),
        (Self::AudioInput, "supports_audio_input", b'a'),
        (Self::PdfInput, "supports_pdf_input", b'p'),
        (Self::ResponseSchema, "supports_response_schema", b's'),
    ];

    /// The flag of a key.
    pub(super) fn of(key: &[u8]) -> Option<Self> {
        let key = key.starts_with(b"supports_").then_some(key)?;
        Self::ALL.into_iter().find(|(_, name, _)| name.as_bytes() == key).map(|(flag, ..)| flag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_stand_in_their_order() {
        for (place, (flag, key, _)) in Flag::ALL.into_iter().enumerate() {
            assert_eq!((flag as usize, Flag::of(key.as_bytes())), (place, Some(flag)));
        }
    }
}
