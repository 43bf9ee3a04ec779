//! Why a check failed: one sentence that says what was expected and what came.

use std::fmt;

use serde_json::Value;

/// What a check comes to.
pub(crate) type Checked<T = ()> = Result<T, Failure>;

/// Why a check failed.
#[derive(Debug, Clone)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Fails with a sentence where something is not so.
pub(crate) fn ensure(holds: bool, why: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(Failure(why())) }
}

/// Fails where a value is another than expected.
pub(crate) fn same(what: &str, got: &Value, expected: impl Into<Value>) -> Checked {
    let expected = expected.into();
    ensure(*got == expected, || format!("{what} is {}, not {}", shown(got), shown(&expected)))
}

/// A value, shortened for a sentence.
pub(crate) fn shown(value: &Value) -> String {
    clipped(&value.to_string())
}

/// A text, shortened for a sentence.
pub(crate) fn clipped(text: &str) -> String {
    const MOST: usize = 300;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain(['…']).collect()
}
