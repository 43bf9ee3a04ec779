//! How a tree hangs together: what each of its nodes is in.

use super::yaml::{Kind, NodeId, PerNode, Span, Tree};

/// What a node is in what holds it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role {
    Outermost,
    Item,
    Key,
    /// Of this key.
    Value(NodeId),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) holder: Option<NodeId>,
    pub(super) role: Role,
}

/// How a tree hangs together.
#[derive(Debug)]
pub(super) struct Hung {
    pub(super) places: PerNode<Place>,
    /// Scalars and aliases in the order of the text, with where they begin.
    pub(super) leaves: Vec<(usize, NodeId)>,
}

impl Hung {
    pub(super) fn of(tree: &Tree) -> Self {
        let mut hung = Self { places: PerNode::of(tree), leaves: Vec::new() };
        let mut pending: Vec<_> = tree.root().map(|root| (root, None, Role::Outermost)).into_iter().collect();
        while let Some((id, holder, role)) = pending.pop() {
            hung.places.set(id, Place { holder, role });
            match &tree.node(id).kind {
                Kind::Absent => {}
                Kind::Scalar { .. } | Kind::Alias(_) => hung.leaves.push((tree.span(id).start, id)),
                Kind::List { items } => {
                    pending.extend(items.iter().map(|item| (*item, Some(id), Role::Item)));
                }
                Kind::Map { entries, .. } => pending.extend(entries.iter().flat_map(|entry| {
                    [(entry.key, Some(id), Role::Key), (entry.value, Some(id), Role::Value(entry.key))]
                })),
            }
        }
        hung.leaves.sort_by_key(|(start, _)| *start);
        hung.leaves.dedup_by_key(|(start, _)| *start);
        hung
    }

    /// Those that begin in a span.
    pub(super) fn leaves_in(&self, span: &Span) -> impl Iterator<Item = NodeId> {
        let at = |place: usize| self.leaves.partition_point(|(start, _)| *start < place);
        self.leaves[at(span.start)..at(span.end)].iter().map(|(_, leaf)| *leaf)
    }

    /// The scalar or alias that begins at a place.
    pub(super) fn leaf_at(&self, start: usize) -> Option<NodeId> {
        let found = self.leaves.binary_search_by_key(&start, |(start, _)| *start).ok()?;
        Some(self.leaves[found].1)
    }
}
