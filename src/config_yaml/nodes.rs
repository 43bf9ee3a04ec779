//! The nodes of a project's files: what stands where, and under which key.

use super::{
    place::{Pair, Place},
    project::{Project, Top},
    yaml::{Resolved, Span, Tree},
};

/// Reads the nodes of a project.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Nodes<'a> {
    project: &'a Project,
    top: &'a [Top],
}

impl<'a> Nodes<'a> {
    pub(crate) fn of(project: &'a Project) -> Self {
        Self { project, top: &project.top }
    }

    /// The same with other outermost keys.
    pub(crate) fn with_top(self, top: &'a [Top]) -> Self {
        Self { top, ..self }
    }

    pub(crate) fn span(&self, place: Place) -> Span {
        self.tree(place).span(place.node)
    }

    pub(crate) fn tree(&self, place: Place) -> &'a Tree {
        &self.project.sources()[place.file].tree
    }

    pub(crate) fn text(&self, place: Place) -> Option<&'a str> {
        self.tree(place).scalar(place.node)
    }

    pub(crate) fn resolved(&self, place: Place) -> Option<Resolved> {
        self.tree(place).resolved(place.node)
    }

    pub(crate) fn is_null(&self, place: Place) -> bool {
        self.tree(place).is_null(place.node)
    }

    pub(crate) fn is_map(&self, place: Place) -> bool {
        self.tree(place).is_map(place.node)
    }

    /// Whether LiteLLM takes a value for yes.
    pub(crate) fn is_on(&self, place: Place) -> bool {
        match self.resolved(place) {
            Some(Resolved::Bool(on)) => on,
            Some(Resolved::Null) => false,
            Some(Resolved::Int(number)) => number != 0,
            Some(_) => {
                self.text(place).is_some_and(|text| !text.is_empty() && !text.eq_ignore_ascii_case("false"))
            }
            None => match self.items(place) {
                Some(items) => !items.is_empty(),
                None => self.entries(place).next().is_some(),
            },
        }
    }

    pub(crate) fn items(&self, place: Place) -> Option<Vec<Place>> {
        let items = self.tree(place).items(place.node)?;
        Some(items.iter().map(|node| Place { file: place.file, node: *node }).collect())
    }

    pub(crate) fn entries(&self, place: Place) -> impl Iterator<Item = Pair<'a>> + use<'a> {
        let tree = self.tree(place);
        let at = move |node| Place { file: place.file, node };
        tree.entries(place.node).into_iter().filter_map(move |entry| {
            Some(Pair { name: tree.scalar(entry.key)?, key: at(entry.key), value: at(entry.value) })
        })
    }

    pub(crate) fn pair(&self, place: Place, name: &str) -> Option<Pair<'a>> {
        let tree = self.tree(place);
        let entry = tree.entry(place.node, name)?;
        let at = |node| Place { file: place.file, node };
        Some(Pair { name: tree.scalar(entry.key)?, key: at(entry.key), value: at(entry.value) })
    }

    pub(crate) fn get(&self, place: Place, name: &str) -> Option<Place> {
        self.pair(place, name).map(|pair| pair.value)
    }

    /// A value that is there and not null.
    pub(crate) fn given(&self, place: Place, name: &str) -> Option<Place> {
        self.get(place, name).filter(|value| !self.is_null(*value))
    }

    /// An outermost key with its first value.
    pub(crate) fn top(&self, name: &str) -> Option<Pair<'a>> {
        let top = self.top.iter().find(|top| top.name == name)?;
        Some(Pair { name: &top.name, key: top.key, value: top.values[0] })
    }

    pub(crate) fn tops(&self) -> impl Iterator<Item = Pair<'a>> + use<'a> {
        self.top.iter().map(|top| Pair { name: &top.name, key: top.key, value: top.values[0] })
    }

    /// An outermost section, where it is a map.
    pub(crate) fn section(&self, name: &str) -> Option<Place> {
        self.top(name).map(|pair| pair.value).filter(|place| self.is_map(*place))
    }

    /// The value of a key in a section.
    pub(crate) fn setting(&self, section: &str, name: &str) -> Option<Pair<'a>> {
        self.pair(self.section(section)?, name).filter(|pair| !self.is_null(pair.value))
    }

    /// The items of an outermost list, from all files.
    pub(crate) fn list(&self, name: &str) -> Vec<Place> {
        let Some(top) = self.top.iter().find(|top| top.name == name) else { return Vec::new() };
        top.values.iter().filter_map(|place| self.items(*place)).flatten().collect()
    }

    pub(crate) fn project(&self) -> &'a Project {
        self.project
    }
}
