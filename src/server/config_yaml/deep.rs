//! What LiteLLM itself says of a configuration: it loads it, and what it says is shown there.

use serde_json::Value;

use super::{Peer, did_change, file, text_of};
use crate::{
    config_yaml::{Disk, Files},
    off_thread::off_thread,
    provider::{Error, Result},
    proxy::{self, Source},
    server::{
        deep::Deep,
        local_proxy::{failed, home},
        lock,
        progress::{Progress, pressed},
    },
    supervise::Plan,
};

/// Has LiteLLM load the file that the argument names as `config`; nothing is connected to, and no Python of the file's runs.
///
/// # Errors
/// Where there is no LiteLLM, or it says nothing.
pub(in crate::server) async fn check(peer: &Peer, said: Option<Value>) -> Result<()> {
    let uri = text_of(said.as_ref(), "config").to_owned();
    let path = file(&uri).ok_or_else(|| {
        Error::invalid_params("no file is named", "give the URI of a config.yaml as `config`")
    })?;
    let (home, choice) = (home(peer)?, peer.settings().local_proxy().litellm.unwrap_or_default());
    let litellm = proxy::find(&home, &choice).map_err(|error| failed(&error))?;
    let (of, environment) = (path.clone(), peer.settings().environment().clone());
    let (text, plan) =
        off_thread(move || (Disk.read(&of), Plan::of(&Source::Config(of), &environment))).await;
    let is_saved = peer.editor.document(&uri).is_none_or(|open| text.as_deref() == Some(&**open.text()));
    let Some(text) = text.filter(|_| is_saved) else {
        return Err(Error::invalid_params(
            "LiteLLM reads the file from the disk, and there it is another",
            "save the file, then choose this again",
        ));
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let progress = Progress::create(peer, "LiteLLM").await;
    if let Some(progress) = &progress {
        progress.report(&format!("LiteLLM {} loads {name}", litellm.version));
    }
    let loaded = tokio::select! {
        loaded = proxy::load(&home, &litellm, &path, &plan.options, false) => loaded.map_err(|error| failed(&error))?,
        () = pressed(progress.as_ref()) => return Ok(()),
    };
    let version = &litellm.version;
    let told = match (&loaded.code[..], loaded.starts, loaded.served.len()) {
        ([], true, 1) => format!("LiteLLM {version} loads {name} and would serve 1 deployment"),
        ([], true, count) => format!("LiteLLM {version} loads {name} and would serve {count} deployments"),
        _ => format!("LiteLLM {version} does not load {name}: the file shows why"),
    };
    let is_well = loaded.code.is_empty() && loaded.starts;
    *lock(&peer.editor.deep) = Some(Deep { path, text, loaded });
    did_change(peer).await;
    if is_well {
        peer.show_info(&told)
    } else {
        peer.show_warning(&told)
    }
    Ok(())
}
