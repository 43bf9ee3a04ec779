//! A file with what it includes, read into trees.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    path::{Component, Path, PathBuf},
    sync::OnceLock,
};

use super::{
    codes::Code,
    edits::Edit,
    files::{Files, has_ending_of_yaml},
    finding::{Finding, Fix, Related, Severity},
    hung::Hung,
    lines::{line_start, next_line},
    place::{Place, reference},
    yaml,
};

/// How many files one may include, with all that those include.
const FILES: usize = 100;
/// How often files may be included, in all of them.
const INCLUDES: usize = 1000;
/// How long a file and all that it includes may be together, in bytes.
const ALL: usize = 4 << 20;

/// One file.
#[derive(Debug)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    pub(crate) tree: yaml::Tree,
    /// Looked up once, for all that is tried on it.
    hung: OnceLock<Hung>,
}

impl Source {
    /// Its text.
    pub fn text(&self) -> &str {
        self.tree.text()
    }

    /// How its tree hangs together.
    pub(super) fn hung(&self) -> &Hung {
        self.hung.get_or_init(|| Hung::of(&self.tree))
    }

    /// How many keys, values, maps and lists are read of it.
    pub fn nodes(&self) -> usize {
        self.tree.ids().count()
    }
}

/// A file with what it includes.
#[derive(Debug)]
pub struct Project {
    sources: Vec<Source>,
    /// Outermost keys as LiteLLM has them when all files are joined.
    pub(crate) top: Vec<Top>,
    /// Sections that others took the place of: those of one name lie in different lists.
    lost: Vec<Vec<Top>>,
    pub(crate) findings: Vec<Finding>,
    /// What is included where, with the file that was found.
    pub(crate) includes: Vec<(Place, PathBuf)>,
    /// Every file that was looked for beside the first, found or not.
    asked: Vec<PathBuf>,
}

/// An outermost key.
#[derive(Debug)]
pub(crate) struct Top {
    pub(crate) name: String,
    pub(crate) key: Place,
    /// One value, or a list from each file.
    pub(crate) values: Vec<Place>,
}

impl Project {
    /// Reads a file and what it includes, in LiteLLM's order: what an included file includes comes behind what stands in
    /// the first. Files that cannot be read are findings.
    pub fn read(path: &Path, text: &str, files: &dyn Files) -> Self {
        let mut project = Self {
            sources: Vec::new(),
            top: Vec::new(),
            lost: Vec::new(),
            findings: Vec::new(),
            includes: Vec::new(),
            asked: Vec::new(),
        };
        let mut numbers = HashMap::from([(plain(path), 0)]);
        let mut edges = Vec::new();
        project.top = project.add(path.to_owned(), text);
        let mut pending: VecDeque<Place> = project.included(0).into();
        let mut tried = 0;
        while let Some(place) = pending.pop_front() {
            tried += 1;
            if tried > INCLUDES {
                project.cut_off(place);
                break;
            }
            let Some(name) = project.sources[place.file].tree.scalar(place.node).map(str::to_owned) else {
                project.add_finding(place, "An included file is named by a text.".to_owned(), Vec::new());
                continue;
            };
            if reference(&name).is_some() || project.is_foreign(place.file, &name, files) {
                continue;
            }
            let Some((found, text)) = project.find(place.file, &name, &numbers, files) else {
                project.missing(place, &name, files);
                continue;
            };
            if text.as_ref().is_some_and(|text| !project.has_room_for(text)) {
                project.cut_off(place);
                break;
            }
            project.includes.push((place, found.clone()));
            // Included twice it would be read twice; that is fine, and says nothing new here.
            let number = *numbers.entry(plain(&found)).or_insert_with(|| {
                let number = project.sources.len();
                let included = project.add(found, &text.unwrap_or_default());
                pending.extend(project.included(number));
                project.join(included);
                number
            });
            edges.push((place, number));
        }
        project.circles(&edges);
        project
    }

    /// For how many findings fixes can be looked at: each is tried on the whole file, so that in a huge one fewer are
    /// offered.
    pub fn affordable_fixes(&self) -> usize {
        const NODES: usize = 400_000;
        const MOST: usize = 100;
        let nodes: usize = self.sources.iter().map(Source::nodes).sum();
        (NODES / nodes.max(1)).clamp(1, MOST)
    }

    /// The file itself first, then what it includes.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Every file that was looked for beside the first, found or not: when one changes, findings may.
    pub fn asked(&self) -> &[PathBuf] {
        &self.asked
    }

    /// Whether every file could be read without errors in its YAML.
    pub(crate) fn is_whole(&self) -> bool {
        self.sources.iter().all(|source| source.tree.errors().is_empty())
    }

    fn add(&mut self, path: PathBuf, text: &str) -> Vec<Top> {
        self.sources.push(Source { path, tree: yaml::parse(text), hung: OnceLock::new() });
        self.own_top(self.sources.len() - 1)
    }

    /// What a file includes; that it is no list is a finding.
    fn included(&mut self, file: usize) -> Vec<Place> {
        let tree = &self.sources[file].tree;
        let Some(entry) = tree.root().and_then(|root| tree.entry(root, "include")) else { return Vec::new() };
        let include = entry.value;
        if let Some(items) = tree.items(include) {
            return items.iter().map(|node| Place { file, node: *node }).collect();
        }
        if tree.is_null(include) {
            let message =
                "`include` is empty; LiteLLM does not start. Write a list of files, or take it out.";
            self.add_finding(Place { file, node: entry.key }, message.to_owned(), Vec::new());
        } else {
            let written = tree.scalar(include).unwrap_or_default().to_owned();
            let message = format!(
                "`include` must be a list of files; LiteLLM does not start with {}.",
                quoted(&written)
            );
            let edit = Edit { file, range: tree.span(include), text: format!("[{written}]") };
            let fix = Fix::new("Make it a list".to_owned(), vec![edit]);
            self.add_finding(Place { file, node: include }, message, vec![fix]);
        }
        Vec::new()
    }

    /// Says where files include each other in a circle. `edges` are what is included where, and which file that is.
    fn circles(&mut self, edges: &[(Place, usize)]) {
        let (mut done, mut path) = (HashSet::new(), vec![(0, 0)]);
        // How far each file on the way from the first one has been looked at.
        while let Some((file, next)) = path.pop() {
            let Some((place, to)) = edges.iter().filter(|(place, _)| place.file == file).nth(next) else {
                done.insert(file);
                continue;
            };
            path.push((file, next + 1));
            if path.iter().any(|(above, _)| above == to) {
                let name = self.sources[*to].path.file_name().unwrap_or_default().to_string_lossy();
                let message = if *to == file {
                    format!("`{name}` includes itself: LiteLLM reads it again and again, and does not start.")
                } else {
                    format!(
                        "`{name}` includes this file, and this file it: LiteLLM reads them in circles, and does not start."
                    )
                };
                let range = removed_item(&self.sources[file].tree, place.node);
                let fix = range.map(|range| {
                    let edit = Edit { file, range, text: String::new() };
                    Fix::new(format!("Remove `{name}` here"), vec![edit])
                });
                self.add_finding(*place, message, fix.into_iter().collect());
            } else if !done.contains(to) {
                path.push((*to, 0));
            }
        }
    }

    /// Where an included file may be: relative to the file that says it, else to the first file.
    fn candidates(&self, file: usize, name: &str) -> [PathBuf; 2] {
        [file, 0].map(|file| folder(&self.sources[file].path).join(name))
    }

    /// The included file of that name, and its text where it is not one of those that were read already.
    fn find(
        &mut self,
        file: usize,
        name: &str,
        known: &HashMap<PathBuf, usize>,
        files: &dyn Files,
    ) -> Option<(PathBuf, Option<String>)> {
        let candidates = self.candidates(file, name);
        for path in &candidates {
            if !self.asked.contains(path) {
                self.asked.push(path.clone());
            }
        }
        candidates.into_iter().find_map(|path| match known.contains_key(&plain(&path)) {
            true => Some((path, None)),
            false => files.read(&path).map(|text| (path, Some(text))),
        })
    }

    /// Says that what is included from here on is not read.
    fn cut_off(&mut self, place: Place) {
        let tree = &mut self.sources[place.file].tree;
        tree.cut_off(tree.span(place.node));
    }

    fn has_room_for(&self, text: &str) -> bool {
        let length: usize = self.sources.iter().map(|source| source.text().len()).sum();
        self.sources.len() < FILES && length + text.len() <= ALL
    }

    /// Whether an included file is there, but none of YAML by its name. Lines of such ones stand in no report: somebody
    /// else's configuration may name a `.env`, `/etc/shadow` or `/proc/self/environ`, or a link to one.
    fn is_foreign(&self, file: usize, name: &str, files: &dyn Files) -> bool {
        let is_foreign =
            |path: &PathBuf| !has_ending_of_yaml(path) || !has_ending_of_yaml(&files.target(path));
        self.candidates(file, name).iter().any(|path| files.is_file(path) && is_foreign(path))
    }

    fn missing(&mut self, place: Place, name: &str, files: &dyn Files) {
        let inner = Path::new(name).parent().unwrap_or(Path::new(""));
        let names = files.yaml_names(&folder(&self.sources[place.file].path).join(inner));
        let names: Vec<String> =
            names.iter().map(|name| inner.join(name).to_string_lossy().replace('\\', "/")).collect();
        let near = crate::near::nearest(name, names.iter().map(String::as_str));
        let hint = near.map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
        let message = format!("The included file `{name}` cannot be read; LiteLLM does not start.{hint}");
        let range = self.sources[place.file].tree.span(place.node);
        let fix = near.map(|near| {
            let edit = Edit { file: place.file, range, text: near.to_owned() };
            Fix::new(format!("Change to `{near}`"), vec![edit])
        });
        self.add_finding(place, message, fix.into_iter().collect());
    }

    /// LiteLLM's rule: lists are joined, anything else is replaced by what is included.
    fn join(&mut self, included: Vec<Top>) {
        let mut top = std::mem::take(&mut self.top);
        let places: HashMap<String, usize> =
            top.iter().enumerate().map(|(place, key)| (key.name.clone(), place)).collect();
        let mut all_lost = Vec::new();
        for theirs in included {
            if theirs.name == "include" {
                continue;
            }
            let Some(ours) = places.get(&theirs.name).map(|place| &mut top[*place]) else {
                top.push(theirs);
                continue;
            };
            let sources = &self.sources;
            let is_list = |place: &Place| sources[place.file].tree.items(place.node).is_some();
            if theirs.values.iter().all(is_list) && ours.values.iter().all(is_list) {
                ours.values.extend(theirs.values);
                continue;
            }
            let by = self.sources[theirs.key.file]
                .path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let lost = std::mem::replace(ours, theirs);
            let name = &lost.name;
            let message = format!(
                "This whole `{name}` is lost: an included file ({by}) has one too, and LiteLLM takes that one in its place; maps are not merged."
            );
            let mut finding =
                Finding { severity: Severity::Warning, ..self.finding(lost.key, message, Vec::new()) };
            finding.related.push(Related {
                file: ours.key.file,
                range: self.sources[ours.key.file].tree.span(ours.key.node),
                message: "The one that LiteLLM takes.".to_owned(),
            });
            self.push(finding);
            all_lost.push(lost);
        }
        self.top = top;
        self.lost.push(all_lost);
    }

    /// The outermost keys that LiteLLM takes, and behind them those that others took the place of.
    pub(crate) fn layers(&self) -> impl Iterator<Item = &[Top]> {
        std::iter::once(&*self.top).chain(self.lost.iter().map(Vec::as_slice))
    }

    fn own_top(&self, file: usize) -> Vec<Top> {
        let tree = &self.sources[file].tree;
        let entries = tree.root().map(|root| tree.entries(root)).unwrap_or_default();
        let top = |entry: yaml::Entry| {
            let name = tree.scalar(entry.key)?.to_owned();
            let place = |node| Place { file, node };
            Some(Top { name, key: place(entry.key), values: vec![place(entry.value)] })
        };
        entries.into_iter().filter_map(top).collect()
    }

    fn add_finding(&mut self, place: Place, message: String, fixes: Vec<Fix>) {
        let finding = self.finding(place, message, fixes);
        self.push(finding);
    }

    fn finding(&self, place: Place, message: String, fixes: Vec<Fix>) -> Finding {
        let range = self.sources[place.file].tree.span(place.node);
        let found = Finding::new(Code::IncludeProblem, Severity::Error, (place.file, range), message);
        Finding { fixes, ..found }
    }

    fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

fn quoted(text: &str) -> String {
    if text.is_empty() { "what stands here".to_owned() } else { format!("the text `{text}`") }
}

/// The line of an item of a block list with others.
fn removed_item(tree: &yaml::Tree, item: yaml::NodeId) -> Option<yaml::Span> {
    let (text, span) = (tree.text(), tree.span(item));
    let (start, end) = (line_start(text, span.start), next_line(text, span.end));
    let alone = text[start..span.start].trim() == "-";
    let others = tree.ids().any(|id| match &tree.node(id).kind {
        yaml::Kind::List { items } => items.len() > 1 && items.contains(&item),
        _ => false,
    });
    (alone && others).then_some(start..end)
}

/// The folder of a file.
pub(crate) fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

/// A path without `.` and `..`, to know the same file again.
pub(super) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests;
