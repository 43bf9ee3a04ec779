//! One deployment, asked by itself through the proxy that runs.

use litellm_ls_protocol::{CompleteParams, ErrorKind};
use serde_json::{Value, json};

use super::{Peer, file, text_of};
use crate::{
    config_yaml::Disk,
    plain,
    provider::{Error, Result, catalog},
    proxy,
    server::{
        local_proxy::{failed, home},
        shown::told_usage,
    },
};

/// What it is asked.
const QUESTION: &str = "Answer with one word: ready";
/// How long its answer may be, in tokens: some models refuse less.
const ANSWER: u64 = 16;
/// Widest name of a deployment, in columns.
const WIDTH: usize = 100;

/// Sends one short request to the deployment that the argument names, and says how long it took, what it took and cost, or
/// why it failed: by `config`, the URI of the file; `name`, `model`, and `number`, how many of the same stand before it.
///
/// # Errors
/// Where no proxy serves the file, the proxy does not serve the deployment, or that fails.
pub(in crate::server) async fn test(peer: &Peer, said: Option<Value>) -> Result<()> {
    let (name, model) = (text_of(said.as_ref(), "name"), text_of(said.as_ref(), "model"));
    let number = said.as_ref().and_then(|said| said["number"].as_u64()).unwrap_or(0);
    let path = file(text_of(said.as_ref(), "config"));
    let home = home(peer)?;
    let serves = |record: &proxy::Record| {
        record.config().zip(path.as_deref()).is_some_and(|(config, path)| Disk::same(config, path))
    };
    let record = proxy::running(&home).filter(serves).ok_or_else(|| failed(&proxy::Error::NotRunning))?;
    let served = proxy::served(&home, &record).await.unwrap_or_default();
    let mut alike = served.deployments.into_iter().filter(|one| one.name == name && one.model == model);
    let told = plain::label(&format!("{name} ({model})"), WIDTH);
    let nth = usize::try_from(number).unwrap_or(usize::MAX);
    let profile = peer.settings().local_profile();
    let (Some(deployment), Some(profile)) = (alike.nth(nth), profile) else {
        let remedy = match record.is_edited() {
            true => "restart the proxy, for its file has changed",
            false => "mend what is shown at the deployment, or see the proxy's log, then restart the proxy",
        };
        return Err(Error::new(ErrorKind::LocalProxy, format!("the proxy does not serve {told}"), remedy));
    };
    let profile = peer.provider.ready(&profile).await?;
    let params = CompleteParams {
        model: Some(deployment.id.clone()),
        prompt: Some(QUESTION.to_owned()),
        max_tokens: Some(ANSWER),
        // Another one's answer would say nothing of this one.
        extra_body: [("disable_fallbacks", json!(true)), ("num_retries", json!(0))]
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect(),
        ..CompleteParams::default()
    };
    let answered = async {
        let mut answer = peer.provider.complete(&profile, &params).await?;
        // By its id no list knows it, and others of its name may have other prices.
        if let Some(record) = catalog::deployment(&deployment.entry) {
            answer = answer.of_known(record);
        }
        while answer.next().await?.is_some() {}
        Ok::<_, Error>(answer.finish())
    };
    let answer = answered.await.map_err(|mut error: Error| {
        error.message = format!("{told}: {}", error.message);
        error
    })?;
    let usage = told_usage(&told, &answer);
    let is_priced = answer.usage.or(answer.estimated_usage).is_some_and(|usage| usage.cost.is_some());
    let unknown = if is_priced { "" } else { ", at a cost that is not known" };
    peer.show_info(&format!("LiteLLM: {usage}{unknown}, after {} ms", answer.timing.total_ms));
    Ok(())
}
