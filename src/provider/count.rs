//! Counts the tokens of a question: by the proxy where it can, else by an estimate that says so.

use std::sync::Arc;

use litellm_ls_protocol::{
    CompleteParams, CountSource, CountTokensParams, CountTokensResult, PromptCache, ProviderKind,
};
use serde_json::{Map, Value};

use super::{
    Profile, Provider, Result,
    completion::KnownModel,
    request::{self, estimate},
};
use crate::litellm::Counted;

impl Provider {
    /// Counts the tokens that a question takes.
    ///
    /// # Errors
    /// Where there is no model to count for, or the question is wrong. That the proxy does not count is none.
    pub async fn count_tokens(
        &self,
        profile: &Arc<Profile>,
        params: CountTokensParams,
    ) -> Result<CountTokensResult> {
        profile.hears()?;
        let question = CompleteParams {
            model: params.model,
            system: params.system,
            messages: params.messages,
            prompt: params.prompt,
            tools: params.tools,
            prompt_cache: PromptCache::Off,
            ..CompleteParams::default()
        };
        let KnownModel { model, facts, .. } = KnownModel::of(self, profile, &question).await?;
        let mut fields = request::body(&question, &model, &facts, profile.compatibility())?.fields;
        fields.retain(|name, _| ["model", "messages", "tools"].contains(&name.as_str()));
        let (counted, warning) = match self.ask_for_count(profile, &fields).await {
            Ok(counted) => (Some(counted), None),
            Err(reason) => {
                (None, Some(format!("this is an estimate, for the proxy did not count: {reason}")))
            }
        };
        Ok(CountTokensResult {
            model,
            tokens: counted.as_ref().map_or_else(|| estimate::tokens(&fields), |counted| counted.tokens),
            source: if counted.is_some() { CountSource::Proxy } else { CountSource::Estimate },
            tokenizer: counted.and_then(|counted| counted.tokenizer),
            context_window: facts.context_window,
            warning,
        })
    }

    /// What the proxy counts, or in one sentence why it does not.
    async fn ask_for_count(
        &self,
        profile: &Arc<Profile>,
        fields: &Map<String, Value>,
    ) -> std::result::Result<Counted, String> {
        if profile.kind() == ProviderKind::OpenaiCompatible {
            return Err("only LiteLLM has a route for it".to_owned());
        }
        let client = self.client(profile).await.map_err(|error| error.message)?;
        let body = Value::Object(fields.clone()).to_string().into_bytes();
        let count = async |profile: &Profile| {
            let counted =
                client.count_tokens(&profile.endpoint, body.clone(), profile.discovery_limit()).await;
            counted.map_err(super::Error::from)
        };
        let mut counted = count(profile).await;
        if let Err(error) = &counted
            && let Some(failover) = self.failover(profile, error).await
        {
            counted = count(&failover).await;
        }
        counted.map_err(|error| match error.data.http_status {
            Some(404 | 405) => "it has no route for it".to_owned(),
            _ => error.message,
        })
    }
}
