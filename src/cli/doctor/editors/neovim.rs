//! Neovim: `vim.g.litellm`, else the `PATH`, else what `:LiteLLM install` has brought, else what was built where the plugin
//! lies.

use std::path::{Path, PathBuf};

use super::{Setup, Way};
use crate::cli::doctor::{
    places::{Places, entries, files_below, text},
    programs::NAME,
    written::{Said, given, without_comments},
};

/// What is set of the server begins with one of these.
const SETTINGS: [&str; 4] =
    ["vim.g.litellm", "vim.lsp.config.litellm", "vim.lsp.config('litellm'", "vim.lsp.config(\"litellm\""];
/// As much of a file as may belong to it, in bytes.
const NEAR: usize = 2000;

pub(super) fn look(places: &Places) -> Setup {
    let data = match cfg!(windows) {
        true => places.data.join(format!("{}-data", places.nvim)),
        false => places.data.join(&places.nvim),
    };
    let root = if cfg!(windows) { &places.data } else { &places.config };
    let config = root.join(&places.nvim);
    let plugin = plugin(&data, &config);
    let mut is_named = plugin.is_some();
    let mut set = None;
    for file in files_below(&config, &["lua", "vim"]) {
        let Some(text) = text(&file) else { continue };
        let text = without_comments(&text, "--");
        is_named |= text.contains("litellm");
        set = set.or_else(|| Way::set("cmd", &file, command(&text)));
    }
    if !is_named {
        return if config.is_dir() { Setup::Without } else { Setup::Absent };
    }
    // Built in the clone of the repository that the plugin is a part of.
    let built = plugin.and_then(|plugin| {
        let built = plugin.canonicalize().ok()?.join("../../target/release").join(NAME);
        Some(Way::Beside(built.with_extension(std::env::consts::EXE_EXTENSION).canonicalize().ok()?))
    });
    Setup::Starts(set.into_iter().chain([Way::Path]).chain(installed(&data)).chain(built).collect(), None)
}

/// What the plugin has installed: from PyPI or crates.io, or from npm.
fn installed(data: &Path) -> Option<Way> {
    let folder = data.join("litellm/program");
    let of_npm = entries(&folder.join("node_modules")).into_iter().filter(|package| {
        package.file_name().is_some_and(|name| name.to_string_lossy().starts_with("litellm-ls-"))
    });
    let programs = [folder]
        .into_iter()
        .chain(of_npm)
        .map(|place| place.join("bin").join(format!("{NAME}{}", std::env::consts::EXE_SUFFIX)));
    programs.into_iter().find(|program| program.is_file()).map(Way::Beside)
}

/// Where the plugin lies.
fn plugin(data: &Path, config: &Path) -> Option<PathBuf> {
    let packs = [data.join("site/pack"), config.join("pack")];
    let packs = packs.iter().flat_map(|packs| entries(packs));
    let mut folders =
        packs.flat_map(|pack| [pack.join("start"), pack.join("opt")]).chain([data.join("lazy")]);
    folders.find_map(|folder| {
        entries(&folder).into_iter().find(|plugin| plugin.join("lua/litellm/binary.lua").is_file())
    })
}

/// The command that a file sets.
fn command(text: &str) -> Option<Said> {
    SETTINGS.iter().find_map(|begin| {
        let (_, set) = text.split_once(begin)?;
        given(&set[..set.floor_char_boundary(NEAR)], "cmd")
    })
}
