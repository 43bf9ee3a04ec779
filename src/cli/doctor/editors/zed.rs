//! Zed: what its settings say of the server, else the `PATH`; an extension starts it.

use super::{Setup, Way};
use crate::cli::doctor::{
    places::{Places, text},
    written::{Said, json},
};

pub(super) fn look(places: &Places) -> Setup {
    let config = places.config.join(if cfg!(windows) { "Zed" } else { "zed" });
    let data = match (cfg!(windows), cfg!(target_os = "macos")) {
        (true, _) => places.data.join("Zed"),
        (_, true) => places.applications.join("Zed"),
        _ => places.data.join("zed"),
    };
    if !data.join("extensions/installed/litellm").exists() {
        return if config.is_dir() { Setup::Without } else { Setup::Absent };
    }
    let file = config.join("settings.json");
    let said = text(&file).and_then(|text| {
        Some(Said::Literal(json(&text)?.pointer("/lsp/litellm/binary/path")?.as_str()?.to_owned()))
    });
    Setup::Starts(vec![Way::set("lsp.litellm.binary.path", &file, said).unwrap_or(Way::Path)], None)
}
