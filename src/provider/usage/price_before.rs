//! What a question will cost, about, before it is asked.

use std::sync::Arc;

use litellm_ls_protocol::CompleteParams;

use crate::provider::{
    Profile, Provider, Result,
    completion::KnownModel,
    cost,
    request::{self, estimate},
};

/// An estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceBefore {
    /// The model that will be asked.
    pub model: String,
    /// Tokens of the question: bytes / 4.
    pub input_tokens: u64,
    /// USD for the question and an answer of the expected length. None where the proxy states no price.
    pub cost: Option<f64>,
}

impl Provider {
    /// Estimates what a question costs with an answer of some length. The proxy is not asked, but for its list of models
    /// where that decides which model it will be.
    ///
    /// # Errors
    /// Where there is no model to ask, or the question is wrong.
    pub async fn price_before(
        &self,
        profile: &Arc<Profile>,
        question: &CompleteParams,
        answer_tokens: u64,
    ) -> Result<PriceBefore> {
        let KnownModel { model, record, facts } = KnownModel::of(self, profile, question).await?;
        let fields = request::body(question, &model, &facts, profile.compatibility())?.fields;
        let input_tokens = estimate::tokens(&fields);
        Ok(PriceBefore { model, input_tokens, cost: cost::estimated(&record, input_tokens, answer_tokens) })
    }
}
