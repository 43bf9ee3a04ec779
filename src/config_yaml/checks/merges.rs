//! What `<<` merges: maps, and lists of maps.

use super::context::Check;
use crate::config_yaml::{
    codes::Code::YamlSyntax,
    config::Place,
    yaml::{Kind, NodeId, Style, Tree},
};

pub(super) fn check(check: &mut Check<'_>) {
    for (file, source) in check.config.project().sources().iter().enumerate() {
        let tree = &source.tree;
        for id in tree.ids() {
            let Kind::Map { entries, .. } = &tree.node(id).kind else { continue };
            for entry in entries {
                let is_merge = tree.scalar_styled(entry.key) == Some(("<<", Style::Plain));
                if !is_merge || is_mergeable(tree, entry.value) {
                    continue;
                }
                let place = Place { file, node: entry.value };
                let place = match check.config.span(place).is_empty() {
                    true => Place { file, node: entry.key },
                    false => place,
                };
                let message =
                    "`<<` merges a map or a list of maps, and this is neither; LiteLLM does not start.";
                check.error(YamlSyntax, place, message.to_owned());
            }
        }
    }
}

/// Aliases that lead nowhere are told of as such.
fn is_mergeable(tree: &Tree, id: NodeId) -> bool {
    let is_map = |id: NodeId| tree.is_map(id) || matches!(tree.node(tree.target(id)).kind, Kind::Alias(_));
    is_map(id) || tree.items(id).is_some_and(|items| items.iter().all(|item| is_map(*item)))
}
