//! A file as data, as LiteLLM's parser reads it, for whatever takes JSON, such as a schema.

use serde_json::{Map, Value};

use super::{
    project::Source,
    yaml::{Kind, NodeId, Resolved, Tree},
};

/// How many values are made of one file: aliases of aliases would make too many.
const MOST: usize = 100_000;

impl Source {
    /// The file as JSON: dates are texts, aliases and merges are unfolded up to a limit, and of equal keys the last counts.
    pub fn value(&self) -> Value {
        let mut room = MOST;
        self.tree.root().map_or(Value::Null, |root| value(&self.tree, root, &mut room))
    }
}

fn value(tree: &Tree, id: NodeId, room: &mut usize) -> Value {
    let Some(rest) = room.checked_sub(1) else { return Value::Null };
    *room = rest;
    let id = tree.target(id);
    match &tree.node(id).kind {
        Kind::Map { .. } => {
            let mut map = Map::new();
            for entry in tree.entries(id) {
                let Some(name) = tree.scalar(entry.key) else { continue };
                map.insert(name.to_owned(), value(tree, entry.value, room));
            }
            map.into()
        }
        Kind::List { items } => items.iter().map(|item| value(tree, *item, room)).collect(),
        _ => scalar(tree, id),
    }
}

fn scalar(tree: &Tree, id: NodeId) -> Value {
    match tree.resolved(id) {
        None | Some(Resolved::Null) => Value::Null,
        Some(Resolved::Bool(said)) => said.into(),
        Some(Resolved::Int(number) | Resolved::Sexagesimal(number)) => number.into(),
        Some(Resolved::Float(number)) => number.into(),
        Some(Resolved::Date | Resolved::Text) => tree.scalar(id).unwrap_or_default().into(),
    }
}
