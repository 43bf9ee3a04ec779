//! Who asks.

use std::path::PathBuf;

use crate::environment::Environment;

/// What the ledger's file is called.
const FILE: &str = "ledger.db";

/// Who asks: for the record, beside which it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asker {
    /// Where calls are recorded. None where the machine has no place for it.
    pub ledger: Option<PathBuf>,
    /// The program. Empty where it does not say.
    pub client: String,
    /// The folder that it has open. Empty where there is none.
    pub workspace: String,
}

impl Asker {
    /// One that has not said who it is.
    pub fn unknown(environment: &Environment) -> Self {
        let ledger = environment.calls().map(|calls| calls.with_file_name(FILE));
        Self { ledger, ..Self::default() }
    }
}
