//! Which edits do no harm: no others are given out.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{
    edits::{Edit, Edits},
    hung::{Hung, Role},
    project::{Project, Source},
    yaml::{Kind, NodeId, PerNode, Resolved, Span, Style, Tree, parse, resolve},
};

impl Edits {
    /// The edits. None where a file would have more faults with them than without, where a value that they do not touch
    /// would be another or elsewhere, where what they add would be added at other places too, by aliases, and where they
    /// would do nothing.
    pub fn safe_in(&self, project: &Project) -> Option<&[Edit]> {
        let files: BTreeSet<usize> = self.unchecked().iter().map(|edit| edit.file).collect();
        let is_safe = |file: &usize| {
            let of_file = self.unchecked().iter().filter(|edit| edit.file == *file);
            project.sources().get(*file).is_some_and(|source| {
                Change::of(source.text(), of_file).is_some_and(|change| change.is_safe(source))
            })
        };
        files.iter().all(is_safe).then_some(self.unchecked())
    }
}

/// The keys beside what a piece in place of a word would be read as. None where the text had more faults then, or anything
/// but that word were read otherwise.
pub(crate) fn beside(source: &Source, word: &Span, piece: &str) -> Option<HashSet<String>> {
    let tree = &source.tree;
    let edit = Edit { file: 0, range: word.clone(), text: piece.to_owned() };
    let change = Change::of(tree.text(), std::iter::once(&edit))?;
    let after = parse(&change.after);
    let old = Hanging { tree, hung: source.hung() };
    let new = Hanging { tree: &after, hung: &Hung::of(&after) };
    let put = word.start..word.start + piece.len();
    // Of a text that is none yet, an open quote may lie in the word in part.
    let is_amid = old.is_cut_by(word) && tree.errors().is_empty();
    let is_more = after.errors().len() > tree.errors().len();
    if is_amid || is_more || old.touched(word).count() > 1 || new.is_cut_by(&put) {
        return None;
    }
    // Half a word may make its line, and those around it, another text than they are without it, or no YAML at all.
    let mends = after.errors().len() < tree.errors().len();
    let keeps = mends || !old.is_cut_by(word) && change.keeps(old, new) || {
        let mut bare = tree.text().to_owned();
        bare.replace_range(word.clone(), "");
        let bare = parse(&bare);
        let (hanging, place) = (Hanging { tree: &bare, hung: &Hung::of(&bare) }, word.start..word.start);
        let edit = Edit { range: place.clone(), ..edit };
        let change = Change::of(bare.text(), std::iter::once(&edit));
        !hanging.is_cut_by(&place) && change.is_some_and(|change| change.keeps(hanging, new))
    };
    if !keeps {
        return None;
    }
    let read = new.hung.leaf_at(put.end - piece.trim_start().len());
    let place = read.and_then(|leaf| new.hung.places.get(leaf));
    let map = place.filter(|place| matches!(place.role, Role::Key)).and_then(|place| place.holder);
    let keys = map.into_iter().flat_map(|map| after.entries(map)).map(|entry| entry.key);
    let others = keys.filter(|key| Some(*key) != read);
    Some(others.filter_map(|key| after.scalar(key).map(str::to_owned)).collect())
}

/// A text once edits are made, and where its bytes are then.
struct Change<'e> {
    /// By place, none in another.
    edits: Vec<&'e Edit>,
    /// How far what stands behind so many edits has moved.
    moved: Vec<isize>,
    after: String,
}

impl<'e> Change<'e> {
    /// None where edits overlap.
    fn of(text: &str, edits: impl Iterator<Item = &'e Edit>) -> Option<Self> {
        let mut edits: Vec<&Edit> = edits.collect();
        edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        let (mut after, mut at, mut moved) = (String::new(), 0, vec![0]);
        for edit in &edits {
            after.push_str(text.get(at..edit.range.start)?);
            after.push_str(&edit.text);
            at = edit.range.end;
            moved.push(after.len() as isize - at as isize);
        }
        after.push_str(text.get(at..)?);
        Some(Self { edits, moved, after })
    }

    /// How many edits end at a place or before it.
    fn before(&self, at: usize) -> usize {
        self.edits.partition_point(|edit| edit.range.end <= at)
    }

    /// Where what stands at a place is afterwards.
    fn place(&self, at: usize) -> usize {
        at.saturating_add_signed(self.moved[self.before(at)])
    }

    fn touches(&self, span: &Span) -> bool {
        self.edits.get(self.before(span.start)).is_some_and(|edit| edit.range.start < span.end)
    }

    fn is_safe(&self, source: &Source) -> bool {
        let tree = &source.tree;
        if self.after == tree.text() {
            return false;
        }
        let after = parse(&self.after);
        let old = Hanging { tree, hung: source.hung() };
        let new = Hanging { tree: &after, hung: &Hung::of(&after) };
        after.errors().len() <= tree.errors().len()
            && self.is_read(new)
            && self.suits_tags(&after)
            && self.keeps(old, new)
            && !self.adds_for_aliases(new)
    }

    /// Whether a key or an item is added to what aliases stand for: each of their places would have it too.
    fn adds_for_aliases(&self, new: Hanging<'_>) -> bool {
        let targets: HashSet<NodeId> = new
            .tree
            .ids()
            .filter(|id| matches!(new.tree.node(*id).kind, Kind::Alias(Some(_))))
            .map(|id| new.tree.target(id))
            .collect();
        let is_shared = |leaf: NodeId| {
            let above = std::iter::successors(Some(leaf), |id| {
                new.hung.places.get(*id).and_then(|place| place.holder)
            });
            above.skip(1).any(|holder| targets.contains(&holder))
        };
        let adds = |(edit, added): (&&Edit, Span)| {
            edit.range.is_empty()
                && new.hung.leaves_in(&added).any(|leaf| {
                    let role = new.hung.places.get(leaf).map(|place| place.role);
                    matches!(role, Some(Role::Key | Role::Item)) && is_shared(leaf)
                })
        };
        !targets.is_empty() && self.put().any(adds)
    }

    /// Each edit, and where its text is afterwards.
    fn put(&self) -> impl Iterator<Item = (&&'e Edit, Span)> {
        self.edits.iter().zip(&self.moved[1..]).map(|(edit, moved)| {
            let end = edit.range.end.saturating_add_signed(*moved);
            (edit, end - edit.text.len()..end)
        })
    }

    /// Whether nothing but a text is put behind a tag, which must be that of texts: others are read otherwise than they are
    /// meant there, or stop LiteLLM.
    fn suits_tags(&self, after: &Tree) -> bool {
        let put: Vec<Span> = self.put().map(|(_, span)| span).collect();
        let suits = |id: NodeId, tag: Span| {
            let value = after.span(id);
            let at = put.get(put.partition_point(|span| span.end <= value.start));
            let amid = put.get(put.partition_point(|span| span.start <= value.start));
            let is_at = at.is_some_and(|span| span.contains(&value.start) && !span.contains(&tag.start));
            let is_amid = after.scalar(id).is_some() && amid.is_some_and(|span| span.start < value.end);
            !is_at && !is_amid
        };
        let mut tagged = after.ids().filter_map(|id| Some((id, after.tag_span(id)?)));
        tagged.all(|(id, tag)| is_text_behind_tag(after, id) || suits(id, tag))
    }

    /// Whether what is put in is a part of values or keys, not of a comment.
    fn is_read(&self, new: Hanging<'_>) -> bool {
        let span = |leaf: &(usize, NodeId)| new.tree.span(leaf.1);
        self.put().all(|(edit, Span { start, end })| {
            let next = new.hung.leaves.partition_point(|leaf| span(leaf).end <= start);
            let next = new.hung.leaves.get(next);
            !edit.text.contains(char::is_alphanumeric) || next.is_some_and(|leaf| span(leaf).start < end)
        })
    }

    /// Whether each key and value that no edit touches is there afterwards, the same, and in the same map or list.
    fn keeps(&self, old: Hanging<'_>, new: Hanging<'_>) -> bool {
        // What has become of each node, and what each was.
        let (mut became, mut was) = (PerNode::of(old.tree), PerNode::of(new.tree));
        let mut pending = Vec::new();
        for (start, leaf) in &old.hung.leaves {
            if self.touches(&old.tree.span(*leaf)) {
                continue;
            }
            match new
                .hung
                .leaf_at(self.place(*start))
                .filter(|other| same((old.tree, *leaf), (new.tree, *other)))
            {
                Some(other) => pending.push((*leaf, other)),
                None => return false,
            }
        }
        for (leaf, other) in &pending {
            became.set(*leaf, *other);
            was.set(*other, *leaf);
        }
        while let Some((before, after)) = pending.pop() {
            let (Some(from), Some(to)) = (old.hung.places.get(before), new.hung.places.get(after)) else {
                return false;
            };
            let same_key = match (from.role, to.role) {
                (Role::Value(key), Role::Value(other)) => became.get(key).is_none_or(|image| image == other),
                (one, other) => std::mem::discriminant(&one) == std::mem::discriminant(&other),
            };
            let (from, to) = match (from.holder, to.holder) {
                (Some(from), Some(to)) if same_key => (from, to),
                (None, None) => continue,
                _ => return false,
            };
            match (became.get(from), was.get(to)) {
                (None, None) => {
                    became.set(from, to);
                    was.set(to, from);
                    pending.push((from, to));
                }
                (Some(known), Some(other)) if known == to && other == from => {}
                _ => return false,
            }
        }
        // Of equal keys the last counts: none comes beside one that stays.
        let added = new.hung.leaves.iter().filter(|(_, leaf)| was.get(*leaf).is_none());
        let places = added.filter_map(|(_, leaf)| new.hung.places.get(*leaf));
        let maps = places.filter_map(|place| place.holder.filter(|_| matches!(place.role, Role::Key)));
        maps.collect::<HashSet<NodeId>>().into_iter().all(|map| {
            let Some(before) = was.get(map) else { return true };
            let (had, has) = (names(old.tree, before), names(new.tree, map));
            let own = old.tree.own_entries(before).unwrap_or_default().iter();
            let stay = own.filter(|entry| became.get(entry.key).is_some());
            stay.filter_map(|entry| old.tree.scalar(entry.key)).all(|name| has.get(name) <= had.get(name))
        })
    }
}

/// Whether a scalar has the tag of texts, and would be one without it.
fn is_text_behind_tag(tree: &Tree, id: NodeId) -> bool {
    tree.tag(id) == Some("str")
        && tree
            .scalar_styled(id)
            .is_some_and(|(text, style)| style != Style::Plain || resolve(text) == Resolved::Text)
}

/// Whether two scalars, or two aliases, say the same.
fn same((tree, one): (&Tree, NodeId), (after, other): (&Tree, NodeId)) -> bool {
    match (&tree.node(one).kind, &after.node(other).kind) {
        (Kind::Alias(_), Kind::Alias(_)) => tree.text()[tree.span(one)] == after.text()[after.span(other)],
        (Kind::Scalar { style, .. }, Kind::Scalar { style: new, .. }) => {
            let is_plain = [style, new].map(|style| *style == Style::Plain);
            is_plain[0] == is_plain[1]
                && tree.scalar(one) == after.scalar(other)
                && tree.tag(one) == after.tag(other)
        }
        _ => false,
    }
}

/// How often a map has each key.
fn names(tree: &Tree, map: NodeId) -> HashMap<&str, usize> {
    let mut names = HashMap::new();
    let own = tree.own_entries(map).unwrap_or_default().iter();
    for name in own.filter_map(|entry| tree.scalar(entry.key)) {
        *names.entry(name).or_default() += 1;
    }
    names
}

/// A tree, and how it hangs together.
#[derive(Clone, Copy)]
struct Hanging<'t> {
    tree: &'t Tree,
    hung: &'t Hung,
}

impl<'t> Hanging<'t> {
    /// The scalars and aliases of which some bytes lie in a span, or around it.
    fn touched(&self, span: &Span) -> impl Iterator<Item = Span> {
        let spans = self.hung.leaves.iter().map(|(_, leaf)| self.tree.span(*leaf));
        spans.filter(|leaf| leaf.start < span.end && span.start < leaf.end)
    }

    /// Whether one lies in a span in part only.
    fn is_cut_by(&self, span: &Span) -> bool {
        self.touched(span).any(|leaf| leaf.start < span.start || span.end < leaf.end)
    }
}

#[cfg(test)]
mod tests;
