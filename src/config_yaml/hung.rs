//! How a tree hangs together: what each of its nodes is in.

use std::collections::HashMap;

use super::yaml::{Kind, NodeId, Tree};

/// What a node is in what holds it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role {
    Outermost,
    Item,
    Key,
    /// Of this key.
    Value(NodeId),
}

#[derive(Debug)]
pub(super) struct Place {
    pub(super) holder: Option<NodeId>,
    pub(super) role: Role,
}

/// How a tree hangs together.
#[derive(Debug)]
pub(super) struct Hung {
    pub(super) places: HashMap<NodeId, Place>,
    /// Scalars and aliases by where they begin.
    pub(super) leaves: HashMap<usize, NodeId>,
}

impl Hung {
    pub(super) fn of(tree: &Tree) -> Self {
        let mut hung = Self { places: HashMap::new(), leaves: HashMap::new() };
        let mut pending: Vec<_> = tree.root().map(|root| (root, None, Role::Outermost)).into_iter().collect();
        while let Some((id, holder, role)) = pending.pop() {
            hung.places.insert(id, Place { holder, role });
            match &tree.node(id).kind {
                Kind::Absent => {}
                Kind::Scalar { .. } | Kind::Alias(_) => {
                    hung.leaves.insert(tree.span(id).start, id);
                }
                Kind::List { items } => {
                    pending.extend(items.iter().map(|item| (*item, Some(id), Role::Item)));
                }
                Kind::Map { entries, .. } => pending.extend(entries.iter().flat_map(|entry| {
                    [(entry.key, Some(id), Role::Key), (entry.value, Some(id), Role::Value(entry.key))]
                })),
            }
        }
        hung
    }
}
