//! The manual pages say what `--help` says.

use std::{fs, path::Path};

use clap_mangen::Man;

/// Where they are.
const FOLDER: &str = "docs/man";

#[test]
fn the_manual_pages_are_those_of_the_commands() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    fs::create_dir_all(&folder).expect("a folder");
    let mut command = litellm_ls::cli::command().disable_help_subcommand(true);
    command.build();
    let mut stale = Vec::new();
    let mut names = vec!["litellm-ls".to_owned()];
    let mut pages = vec![("litellm-ls".to_owned(), command.clone())];
    for part in command.get_subcommands().filter(|part| !part.is_hide_set()) {
        let name = format!("litellm-ls-{}", part.get_name());
        pages.push((name.clone(), part.clone().name(name.clone().leak() as &str)));
        names.push(name);
    }
    for (name, command) in pages {
        let mut page = Vec::new();
        // No date and no version: a page changes only where the command does.
        let man = Man::new(command.version(None::<&str>)).date("").source("litellm-ls").manual("litellm-ls");
        man.render(&mut page).expect("a page");
        let page = String::from_utf8(page).expect("a text");
        let page: String = page.lines().map(|line| format!("{}\n", line.trim_end())).collect();
        let file = folder.join(format!("{name}.1"));
        if fs::read_to_string(&file).ok().as_deref() != Some(&page) {
            fs::write(&file, page).expect("to write");
            stale.push(name);
        }
    }
    for entry in fs::read_dir(&folder).expect("a folder") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name");
        if !names.contains(&name.trim_end_matches(".1").to_owned()) {
            fs::remove_file(folder.join(&name)).expect("to remove");
            stale.push(name);
        }
    }
    assert!(stale.is_empty(), "were stale, and are rewritten: {stale:?}");
}
