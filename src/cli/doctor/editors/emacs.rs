//! Emacs: `litellm-program`, a name on the `PATH` where nobody sets it. What is installed as a package needs no line in a file.

use super::{Setup, Way};
use crate::cli::doctor::{
    places::{Places, entries, text},
    written::{given, without_comments},
};

/// The files that Emacs reads at its start, or is told to.
const FILES: [&str; 3] = ["early-init.el", "init.el", "custom.el"];
const SETTING: &str = "litellm-program";

pub(super) fn look(places: &Places) -> Setup {
    let home = if cfg!(windows) { &places.config } else { &places.home };
    let folders = [home.join(".emacs.d"), places.config.join("emacs")];
    let files = [home.join(".emacs"), home.join(".emacs.el")];
    let files =
        files.into_iter().chain(folders.iter().flat_map(|folder| FILES.map(|name| folder.join(name))));
    let (mut is_there, mut is_named, mut set) = (folders.iter().any(|folder| folder.is_dir()), false, None);
    for file in files {
        let Some(text) = text(&file) else { continue };
        let text = without_comments(&text, ";");
        is_there = true;
        is_named |= text.contains("litellm");
        set = set.or_else(|| Way::set(SETTING, &file, given(&text, SETTING)));
    }
    let version = folders.iter().flat_map(|folder| entries(&folder.join("elpa"))).find_map(|package| {
        let version = package.file_name()?.to_str()?.strip_prefix("litellm-")?.to_owned();
        package.join("litellm-pkg.el").is_file().then_some(version)
    });
    match (is_there, is_named || version.is_some()) {
        (_, true) => Setup::Starts(vec![set.unwrap_or(Way::Path)], version),
        (true, false) => Setup::Without,
        (false, false) => Setup::Absent,
    }
}
