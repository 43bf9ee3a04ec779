//! Helix: `languages.toml`.

use toml_edit::{DocumentMut, Item};

use super::{Setup, Way};
use crate::cli::doctor::{
    finding::path,
    places::{Places, text},
    programs::NAME,
    written::Said,
};

pub(super) fn look(places: &Places) -> Setup {
    let folder = places.config.join("helix");
    let file = folder.join("languages.toml");
    let Some(text) = text(&file) else {
        return if folder.is_dir() { Setup::Without } else { Setup::Absent };
    };
    let Ok(settings) = text.parse::<DocumentMut>() else {
        let message = format!("{} is no TOML, so Helix starts no server", path(&file));
        return Setup::Wrong(message, "run `hx --health`, and mend what it says".to_owned());
    };
    let servers = settings.get("language-server").and_then(Item::as_table_like);
    let mut servers = servers.into_iter().flat_map(|servers| servers.iter());
    let command = |server: &Item| server.get("command").and_then(Item::as_str).map(str::to_owned);
    let Some((name, command)) = servers.find_map(|(name, server)| {
        let command = command(server);
        let is_ours = name == "litellm" || command.as_deref().is_some_and(|command| command.contains(NAME));
        is_ours.then(|| (name.to_owned(), command))
    }) else {
        return Setup::Without;
    };
    let Some(command) = command else {
        let message = format!("`[language-server.{name}]` in {} has no `command`", path(&file));
        return Setup::Wrong(message, format!("add `command = \"{NAME}\"` there"));
    };
    let languages = settings.get("language").and_then(Item::as_array_of_tables);
    let mut lists = languages.into_iter().flatten().filter_map(|language| language.get("language-servers"));
    // A server is its name, or a table with what it is used for.
    let is_in = |list: &Item| {
        list.as_array().is_some_and(|list| {
            list.iter().any(|server| {
                let inside = server.as_inline_table().and_then(|server| server.get("name"));
                inside.unwrap_or(server).as_str() == Some(&name)
            })
        })
    };
    if !lists.any(is_in) {
        let message = format!("no language in {} has `{name}` among its `language-servers`", path(&file));
        return Setup::Wrong(message, format!("add \"{name}\" to the `language-servers` of your languages"));
    }
    Setup::Starts(Way::set("command", &file, Some(Said::Literal(command))).into_iter().collect(), None)
}
