//! `provider/fit`.

use litellm_ls_protocol::{FitParams, FitResult};

use crate::{
    assist::{Answer, Fit, Place, fit as judged},
    off_thread::off_thread,
    provider::Result,
    server::{Peer, quirks::Cr},
};

/// From how many bytes on an answer is looked at beside the one thread that serves everybody.
const LONG: usize = 128 << 10;

/// Says whether an answer may be written into a file, by the rule that our own commands keep.
pub(in crate::server) async fn fit(peer: Peer, params: FitParams) -> Result<FitResult> {
    let texts = [&params.text, &params.selection, &params.before, &params.after];
    let is_long = texts.iter().map(|text| text.len()).sum::<usize>() > LONG;
    let cr = peer.editor.documents().quirks.cr;
    Ok(if is_long { off_thread(move || judge(&params, cr)).await } else { judge(&params, cr) })
}

fn judge(params: &FitParams, cr: Cr) -> FitResult {
    let FitParams { text, refusal, finish_reason, language, selection, before, after } = params;
    let answer = Answer { text, refusal: refusal.as_deref(), finish_reason: finish_reason.as_deref() };
    let is_cr_a_letter = cr.is_a_letter(|| [selection, before, after].iter().any(|text| text.contains('\n')));
    match judged(answer, Place { language, selection, before, after, is_cr_a_letter, ..Place::default() }) {
        Fit::Write(text) => FitResult::Write { text },
        Fit::Show { reason, anyway } => FitResult::Show { reason, text: anyway },
        Fit::Nothing { reason } => FitResult::Nothing { reason },
    }
}
