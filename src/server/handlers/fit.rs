//! `provider/fit`.

use litellm_ls_protocol::{FitParams, FitResult};

use crate::{
    assist::{Answer, Fit, Place, fit as judged},
    provider::Result,
    server::Peer,
};

/// Says whether an answer may be written into a file, by the rule that our own commands keep.
pub(in crate::server) async fn fit(_: Peer, params: FitParams) -> Result<FitResult> {
    let FitParams { text, refusal, finish_reason, language, selection, before, after } = &params;
    let answer = Answer { text, refusal: refusal.as_deref(), finish_reason: finish_reason.as_deref() };
    Ok(match judged(answer, Place { language, selection, before, after }) {
        Fit::Write(text) => FitResult::Write { text },
        Fit::Show { reason, anyway } => FitResult::Show { reason, text: anyway },
        Fit::Nothing { reason } => FitResult::Nothing { reason },
    })
}
