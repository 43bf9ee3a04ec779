//! A `.env` that an editor has just made is for its owner only.

use std::{ffi::OsStr, path::PathBuf};

use serde_json::Value;
use tower_lsp::lsp_types::Url;

use super::{PROTECT, id, object};
use crate::{
    off_thread::off_thread,
    provider::{Error, Result},
    store,
};

/// Takes it from all others, by the `uri` of it.
///
/// # Errors
/// Where it is no `.env`.
pub(super) async fn run(argument: Option<Value>) -> Result<()> {
    let argument = object(argument)?;
    let uri = argument.get("uri").and_then(Value::as_str).and_then(|uri| Url::parse(uri).ok());
    let path = uri
        .and_then(|uri| uri.to_file_path().ok())
        .filter(|path| path.file_name() == Some(OsStr::new(".env")));
    let Some(path): Option<PathBuf> = path else {
        return Err(Error::invalid_params(
            format!("{} is about a `.env`", id(PROTECT)),
            "give the `uri` of a file that is called so",
        ));
    };
    // An editor that has not written it yet writes it as it likes.
    let _ = off_thread(move || {
        // A folder of this name is a virtual environment.
        if path.symlink_metadata().is_ok_and(|known| known.is_file()) {
            store::make_private(&path)
        } else {
            Ok(())
        }
    })
    .await;
    Ok(())
}
