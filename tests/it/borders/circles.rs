//! Files that name each other in a circle: whoever reads one would have to read all.
//!
//! A file may name what the file above it says (`super`), for it is a part of that one. Names that a file only passes on
//! are taken for those of the file that has them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    files,
    names::{Import, Names},
};

type Path = Vec<String>;

/// The files of a crate, and what each names.
struct Sources(BTreeMap<Path, Names>);

impl Sources {
    fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let module = |name: &str| match name {
            "lib" => Path::new(),
            name => name.split('/').map(str::to_owned).collect(),
        };
        Self(files.into_iter().map(|(name, text)| (module(name), Names::of(text))).collect())
    }

    /// A path from the root of the crate. None where it leads out of it, or to what the file has itself.
    fn in_crate(&self, module: &[String], path: &[String]) -> Option<Path> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([module, rest].concat()),
            "super" => {
                let above = &module[..module.len().checked_sub(1)?];
                match rest.first().map(String::as_str) {
                    Some("super") => self.in_crate(above, rest),
                    _ => Some([above, rest].concat()),
                }
            }
            _ => {
                let child = [module, std::slice::from_ref(first)].concat();
                if self.0.contains_key(&child) {
                    return Some([child.as_slice(), rest].concat());
                }
                let import = self.import(module, first)?;
                // What is imported under its own name from nowhere is a crate.
                let leads_on = import.path.first() != Some(first);
                let place = leads_on.then(|| self.in_crate(module, &import.path)).flatten()?;
                Some([place.as_slice(), rest].concat())
            }
        }
    }

    fn import(&self, module: &[String], name: &str) -> Option<&Import> {
        self.0.get(module)?.imports.iter().find(|import| import.name == name)
    }

    /// The file that has what a path leads to. None where that is a whole file.
    fn home(&self, path: &[String], steps: usize) -> Option<Path> {
        let length = (0..=path.len()).rev().find(|&length| self.0.contains_key(&path[..length]))?;
        let (file, rest) = path.split_at(length);
        let Some((name, rest)) = rest.split_first() else { return self.namesake(file, steps) };
        match self.import(file, name).filter(|_| steps > 0) {
            Some(import) => match self.in_crate(file, &import.path) {
                Some(place) => self.home(&[place.as_slice(), rest].concat(), steps - 1),
                None => Some(file.to_vec()),
            },
            None => Some(file.to_vec()),
        }
    }

    /// The file that has what is called like a file, and is passed on by the one above that: `handlers::edit` is a function.
    fn namesake(&self, file: &[String], steps: usize) -> Option<Path> {
        let (name, above) = file.split_last()?;
        let import = self.import(above, name).filter(|_| steps > 0)?;
        self.home(&self.in_crate(above, &import.path)?, steps - 1)
    }

    /// Which files a file names, those above it aside.
    fn named(&self, module: &[String]) -> BTreeSet<Path> {
        /// Longer than any chain of files that pass a name on.
        const STEPS: usize = 8;
        let names = &self.0[module];
        let imports = names.imports.iter().filter(|import| !import.is_passed_on);
        let paths = imports.map(|import| &import.path).chain(&names.paths);
        let homes = paths.filter_map(|path| self.home(&self.in_crate(module, path)?, STEPS));
        homes.filter(|home| !module.starts_with(home)).collect()
    }

    /// Files that are in a circle, each with those of it that it names.
    fn circles(&self) -> Vec<String> {
        let mut left: BTreeMap<Path, BTreeSet<Path>> =
            self.0.keys().map(|module| (module.clone(), self.named(module))).collect();
        // What names nothing that is left is in no circle, and neither is what nobody names who is left.
        loop {
            let before = left.len();
            let files: BTreeSet<Path> = left.keys().cloned().collect();
            left.values_mut().for_each(|named| named.retain(|file| files.contains(file)));
            let named: BTreeSet<Path> = left.values().flatten().cloned().collect();
            left.retain(|file, names| !names.is_empty() && named.contains(file));
            if left.len() == before {
                break;
            }
        }
        let told = |(file, named): (&Path, &BTreeSet<Path>)| {
            let named: Vec<String> = named.iter().map(|file| file.join("/")).collect();
            format!("{} names {}", file.join("/"), named.join(", "))
        };
        left.iter().map(told).collect()
    }
}

#[test]
fn files_name_each_other_in_no_circle() {
    let files = files();
    let sources = Sources::of(files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let circles = sources.circles();
    assert!(circles.is_empty(), "move what they share into a file of its own: {circles:#?}");
    let named: usize = sources.0.keys().map(|module| sources.named(module).len()).sum();
    assert!(named > 600, "of so many files one names more others: {named}");
}

/// Circles in every way to write them: the test must see each.
#[test]
fn a_circle_of_files_is_seen() {
    for circle in [
        &[("a", "use crate::b::B;"), ("b", "fn f() { crate::a::g() }")][..],
        &[("r", "mod a;\nmod b;"), ("r/a", "use super::b::{self, B};"), ("r/b", "use super::{a::{A}};")],
        // By way of a module's name, and of another name for it.
        &[
            ("r", "mod a;\nmod b;"),
            ("r/a", "use super::b as other;\nfn f() { other::g() }"),
            ("r/b", "use super::a::A;"),
        ],
        // By way of a file that only passes names on.
        &[
            ("r", "mod a;\nmod b;\npub use a::A;\npub(crate) use b::B;"),
            ("r/a", "use super::B;"),
            ("r/b", "use crate::r::A;"),
        ],
        // By way of the file above.
        &[("r", "mod a;\nfn f() { a::g() }"), ("r/a", "use crate::s::S;"), ("s", "use crate::r::f;")],
        &[("a", "use crate::b::B;"), ("b", "use crate::c::C;"), ("c", "use crate::a::A;")],
        // By way of a function that is called like its file.
        &[
            ("r", "mod a;\npub use a::a;"),
            ("r/a", "use crate::s::S;"),
            ("s", "use crate::r;\nfn f() { r::a() }"),
        ],
    ] {
        let circles = Sources::of([("lib", "")].into_iter().chain(circle.iter().copied())).circles();
        assert!(!circles.is_empty(), "{circle:?}");
    }
    for tree in [
        &[
            ("a", "use crate::b::B;"),
            ("b", "// use crate::a::A;\n#[cfg(test)]\nmod tests { use crate::a::A; }"),
        ][..],
        &[("r", "mod a;\nuse a::A;\nfn f() {}"), ("r/a", "use super::f;")],
        &[
            ("r", "mod a;\nmod b;\npub use a::A;\npub use b::B;"),
            ("r/a", "use super::B;"),
            ("r/b", "use super::super::s;"),
        ],
        &[("a", "use serde::a;\nuse crate::b;"), ("b", "use crate::a;")],
    ] {
        let circles = Sources::of([("lib", "")].into_iter().chain(tree.iter().copied())).circles();
        assert!(circles.is_empty(), "{circles:?}");
    }
}
