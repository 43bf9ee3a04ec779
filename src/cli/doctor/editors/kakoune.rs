//! Kakoune: what its `kakrc` tells kakoune-lsp, whose servers are started by their names unless it says a command.

use super::{Setup, Way};
use crate::cli::doctor::{
    places::{Places, text},
    written::{given, without_comments},
};

const SERVER: &str = "[litellm-ls]";

pub(super) fn look(places: &Places) -> Setup {
    let folder = places.config.join("kak");
    let file = folder.join("kakrc");
    let text = text(&file).map(|text| without_comments(&text, "#"));
    let Some(text) = text else {
        return if folder.is_dir() { Setup::Without } else { Setup::Absent };
    };
    let Some((_, server)) = text.split_once(SERVER) else { return Setup::Without };
    // To the next server, or the end of the block.
    let end = server.find("\n}").into_iter().chain(server.find("\n[")).min().unwrap_or(server.len());
    Setup::Starts(
        vec![Way::set("command", &file, given(&server[..end], "command")).unwrap_or(Way::Path)],
        None,
    )
}
