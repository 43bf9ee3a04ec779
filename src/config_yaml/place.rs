//! Places in the files of a project, and what a value there may stand for.

use super::yaml::NodeId;

/// A node of one of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) file: usize,
    pub(crate) node: NodeId,
}

/// A key and its value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub(crate) name: &'a str,
    pub(crate) key: Place,
    pub(crate) value: Place,
}

/// The variable that a value refers to.
pub(crate) fn reference(text: &str) -> Option<&str> {
    text.strip_prefix("os.environ/")
}

/// Whether what a value is becomes known when it is used only.
pub(crate) fn is_late(text: &str) -> bool {
    reference(text).is_some() || text.starts_with("oidc/") || text.starts_with("os.environ")
}
