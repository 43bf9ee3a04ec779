//! Which of a vendor's models are offered first, as far as their names tell.

use std::cmp::Reverse;

use crate::newness::Newness;

/// Words in the names of models that are for something else than a conversation, or for trying out.
const ASIDE: [&str; 19] = [
    "audio",
    "search",
    "realtime",
    "tts",
    "image",
    "embed",
    "robotics",
    "computer-use",
    "research",
    "guard",
    "ft:",
    "live",
    "customtools",
    "voxtral",
    "lyria",
    "transcribe",
    "exp",
    "beta",
    "gemma",
];

/// Whether a model is for something else than a conversation, or for trying out, by its name.
pub(super) fn is_aside(name: &str) -> bool {
    ASIDE.iter().any(|word| name.contains(word))
}

/// What sorts the newest first, and what is settled and short before the rest.
pub(super) fn rank(name: &str) -> impl Ord + use<> {
    (Reverse(Newness::of(name).version), name.contains("preview"), name.len(), name.to_owned())
}
