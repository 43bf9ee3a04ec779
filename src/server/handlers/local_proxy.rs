//! `proxy/*`: one proxy on this machine.

use std::{num::NonZeroU16, path::PathBuf};

use litellm_ls_protocol::{
    MissingModel, Problem, ProxyLogsParams, ProxyLogsResult, ProxyState, ProxyStatusParams,
    ProxyStatusResult, Request, RestartProxyParams, RestartProxyResult, StartProxy, StartProxyParams,
    StartProxyResult, StopProxyParams, StopProxyResult,
};

use tower_lsp::lsp_types::Url;

use crate::{
    off_thread::off_thread,
    plain,
    provider::{Error, Result, now},
    proxy::{self, Choice, Source},
    server::{
        Peer, documents,
        local_proxy::{failed, home, refresh, start, told},
        lock,
    },
    supervise::{self, Plan},
};

/// Most models that are told of those that a file does not have.
const UNLISTED: usize = 50;
/// Widest name or line, in columns.
const WIDTH: usize = 400;

/// Starts a proxy.
pub(in crate::server) async fn start_proxy(peer: Peer, params: StartProxyParams) -> Result<StartProxyResult> {
    let source = source(&params).map_err(|problem| Error::invalid(StartProxy::METHOD, vec![problem]))?;
    let begun = peer.editor.starts.begin().await;
    let (of, environment) = (source.clone(), peer.settings().environment().clone());
    let mut plan = off_thread(move || Plan::of(&of, &environment)).await;
    let usual = peer.settings().local_proxy();
    plan.options.port = params.port.map(NonZeroU16::get).or(usual.port);
    plan.options.stays = params.stay.or(usual.stay) == Some(true);
    plan.options.litellm = usual.litellm.unwrap_or_default();
    let started = start(&peer, &begun, source, plan, params.install, params.work_done_token.as_ref()).await?;
    Ok(StartProxyResult {
        proxy: told(&started.record).await,
        was_running: started.was_running,
        warnings: started.warnings.iter().map(|warning| plain::sentence(&warning.to_string())).collect(),
    })
}

/// What is to be served.
fn source(params: &StartProxyParams) -> std::result::Result<Source, Problem> {
    let wrong = |path: &str, reason: &str, remedy: &str| Err(Problem::new(path, reason, remedy));
    let variable = match params.key.as_deref().map(|key| key.strip_prefix("env:")) {
        None => None,
        Some(Some(name)) if !name.trim().is_empty() => Some(name.trim().to_owned()),
        Some(_) => return wrong("key", "this is no reference to a variable", "give env:NAME"),
    };
    match (&params.config, &params.model, params.demo) {
        (Some(config), None, None) => match file(config) {
            Some(path) => Ok(Source::Config(path)),
            None => wrong("config", "this is no file", "give the path of a file, or its URI"),
        },
        (None, Some(model), None) if !model.trim().is_empty() => {
            Ok(Source::Model { name: model.clone(), api_key_env: variable })
        }
        (None, None, Some(true)) => Ok(Source::Demo),
        _ => wrong("", "exactly one of config, model and demo must be given", "say what to serve"),
    }
}

/// A file of this machine by its path or its URI. None where it is another's, or nothing.
fn file(config: &str) -> Option<PathBuf> {
    let scheme = config.split_once(':').map_or("", |(scheme, _)| scheme);
    let is_scheme =
        scheme.len() > 1 && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    match is_scheme {
        true if scheme.eq_ignore_ascii_case("file") => Url::parse(config).ok()?.to_file_path().ok(),
        true => None,
        false => (!config.trim().is_empty()).then(|| PathBuf::from(config)),
    }
}

/// Stops the proxy that runs.
pub(in crate::server) async fn stop_proxy(peer: Peer, _: StopProxyParams) -> Result<StopProxyResult> {
    let home = home(&peer)?;
    let _whole = peer.call.hold();
    let was_starting = peer.editor.starts.stop().await;
    let stopped = proxy::stop(&home).await.map_err(|error| failed(&error))?;
    drop(lock(&peer.editor.hold).take());
    refresh(&peer);
    let base_url = stopped.map(|record| record.base_url);
    Ok(StopProxyResult { stopped: was_starting || base_url.is_some(), base_url })
}

/// Starts the proxy that runs anew.
pub(in crate::server) async fn restart_proxy(
    peer: Peer,
    params: RestartProxyParams,
) -> Result<RestartProxyResult> {
    let begun = peer.editor.starts.begin().await;
    let record = proxy::running(&home(&peer)?).ok_or_else(|| failed(&proxy::Error::NotRunning))?;
    let (of, environment) = (record.clone(), peer.settings().environment().clone());
    let mut plan = off_thread(move || Plan::again(&of, &environment)).await;
    plan.options.stays = record.stays;
    let started = start(&peer, &begun, record.source, plan, None, params.work_done_token.as_ref()).await?;
    Ok(RestartProxyResult {
        proxy: told(&started.record).await,
        warnings: started.warnings.iter().map(|warning| plain::sentence(&warning.to_string())).collect(),
    })
}

/// Says how the proxy is.
pub(in crate::server) async fn proxy_status(peer: Peer, _: ProxyStatusParams) -> Result<ProxyStatusResult> {
    let home = home(&peer)?;
    let status = proxy::status(&home).await.map_err(|error| failed(&error))?;
    let state = match &status.running {
        Some(_) if status.healthy => ProxyState::Running,
        Some(_) => ProxyState::Unhealthy,
        None if status.starting => ProxyState::Starting,
        None => ProxyState::Stopped,
    };
    let proxy = match &status.running {
        Some(record) => Some(told(record).await),
        None => None,
    };
    let mut result = ProxyStatusResult {
        state,
        installed: proxy::find(&home, &Choice::Any).ok().map(|found| found.version),
        proxy,
        model_count: None,
        missing: Vec::new(),
        unlisted: Vec::new(),
        log: status.log.display().to_string(),
    };
    let Some(record) = status.running.filter(|_| status.healthy) else { return Ok(result) };
    let Some(served) = proxy::served(&home, &record).await else { return Ok(result) };
    result.model_count = Some(served.names.len() as u64);
    let environment = peer.settings().environment().clone();
    let (missing, unlisted) = off_thread(move || {
        let log = supervise::log(&record.source, &home);
        let today = now().chars().take(10).collect();
        supervise::drift(&record, &served, &log, &environment, today)
    })
    .await;
    result.missing = missing
        .into_iter()
        .map(|missing| MissingModel {
            name: plain::label(&missing.name, WIDTH),
            reason: plain::sentence(&missing.reason),
            uri: documents::uri(&missing.path),
            line: u32::try_from(missing.line).unwrap_or(u32::MAX),
        })
        .collect();
    result.unlisted = unlisted.iter().take(UNLISTED).map(|name| plain::label(name, WIDTH)).collect();
    Ok(result)
}

/// Returns what the proxy has printed.
pub(in crate::server) async fn proxy_logs(peer: Peer, params: ProxyLogsParams) -> Result<ProxyLogsResult> {
    let home = home(&peer)?;
    let log = home.log().display().to_string();
    let logged = off_thread(move || supervise::logged(&home, params.after)).await;
    let lines = logged.lines.iter().map(|line| plain::label(line, WIDTH * 10)).collect();
    Ok(ProxyLogsResult { lines, next: logged.next, log })
}

// Of Unix are the paths.
#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_is_a_file_of_this_machine() {
        for (config, path) in [
            ("/w/c.yaml", Some("/w/c.yaml")),
            ("/w/a#b%20?.yaml", Some("/w/a#b%20?.yaml")),
            ("c.yaml", Some("c.yaml")),
            ("file:///w/a%20b.yaml", Some("/w/a b.yaml")),
            ("FILE:///w/c.yaml", Some("/w/c.yaml")),
            ("file://localhost/w/c.yaml", Some("/w/c.yaml")),
            ("file://elsewhere/w/c.yaml", None),
            ("http://x/c.yaml", None),
            ("https:x/c.yaml", None),
            ("untitled:Untitled-1", None),
            ("vscode-remote://wsl/w/c.yaml", None),
            ("git:/w/c.yaml", None),
            ("", None),
            (" ", None),
        ] {
            assert_eq!(file(config), path.map(PathBuf::from), "{config}");
            let source =
                source(&StartProxyParams { config: Some(config.to_owned()), ..StartProxyParams::default() });
            assert_eq!(source.is_ok(), path.is_some(), "{config}");
        }
    }
}
