//! A file with what it includes, read into trees.

use std::{
    collections::{HashMap, HashSet},
    path::{Component, Path, PathBuf},
};

use super::{
    codes::Code,
    files::Files,
    finding::{Edit, Finding, Fix, Severity},
    place::Place,
    yaml,
};

/// How many files one may include, with all that those include.
const FILES: usize = 100;

/// One file.
#[derive(Debug)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    pub(crate) tree: yaml::Tree,
}

impl Source {
    /// Its text.
    pub fn text(&self) -> &str {
        self.tree.text()
    }
}

/// A file with what it includes.
#[derive(Debug)]
pub struct Project {
    sources: Vec<Source>,
    /// Outermost keys as LiteLLM has them when all files are joined.
    pub(crate) top: Vec<Top>,
    pub(crate) findings: Vec<Finding>,
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
    /// Reads a file and what it includes. Files that cannot be read are findings.
    pub fn read(path: &Path, text: &str, files: &dyn Files) -> Self {
        let mut project = Self { sources: Vec::new(), top: Vec::new(), findings: Vec::new() };
        let mut seen = HashSet::from([plain(path)]);
        project.top = project.add(path.to_owned(), text, files, &mut seen);
        project
    }

    /// The file itself first, then what it includes.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Whether every file could be read without errors in its YAML.
    pub(crate) fn is_whole(&self) -> bool {
        self.sources.iter().all(|source| source.tree.errors().is_empty())
    }

    fn add(&mut self, path: PathBuf, text: &str, files: &dyn Files, seen: &mut HashSet<PathBuf>) -> Vec<Top> {
        let file = self.sources.len();
        self.sources.push(Source { path, tree: yaml::parse(text) });
        let mut top = self.own_top(file);
        let Some(include) = top.iter().find(|key| key.name == "include") else { return top };
        let include = include.values[0];
        let tree = &self.sources[file].tree;
        let Some(items) = tree.items(include.node).map(<[_]>::to_vec) else {
            if !tree.is_null(include.node) {
                let written = tree.scalar(include.node).unwrap_or_default().to_owned();
                let message = format!(
                    "`include` must be a list of files; LiteLLM does not start with {}.",
                    quoted(&written)
                );
                let fix = Fix {
                    title: "Make it a list".to_owned(),
                    edits: vec![Edit { file, range: tree.span(include.node), text: format!("[{written}]") }],
                };
                self.add_finding(include, message, vec![fix]);
            }
            return top;
        };
        for node in items {
            let place = Place { file, node };
            let Some(name) = self.sources[file].tree.scalar(node).map(str::to_owned) else {
                self.add_finding(place, "An included file is named by a text.".to_owned(), Vec::new());
                continue;
            };
            if name.starts_with("os.environ/") || self.sources.len() >= FILES {
                continue;
            }
            let Some((found, text)) = self.find(file, &name, files) else {
                self.missing(place, &name, files);
                continue;
            };
            // Included twice it would be read twice; that is fine, and says nothing new here.
            if seen.insert(plain(&found)) {
                let included = self.add(found, &text, files, seen);
                self.join(&mut top, included, file);
            }
        }
        top
    }

    /// Relative to the file that says it, else to the first file.
    fn find(&self, file: usize, name: &str, files: &dyn Files) -> Option<(PathBuf, String)> {
        let candidates = [file, 0].map(|file| folder(&self.sources[file].path).join(name));
        candidates.into_iter().find_map(|path| files.read(&path).map(|text| (path, text)))
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
        let fix = near.map(|near| Fix {
            title: format!("Change to `{near}`"),
            edits: vec![Edit { file: place.file, range, text: near.to_owned() }],
        });
        self.add_finding(place, message, fix.into_iter().collect());
    }

    /// LiteLLM's rule: lists are joined, anything else is replaced by what is included.
    fn join(&mut self, top: &mut Vec<Top>, included: Vec<Top>, file: usize) {
        let places: HashMap<String, usize> =
            top.iter().enumerate().map(|(place, key)| (key.name.clone(), place)).collect();
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
            let (lost, loses) = (ours.key, ours.key.file == file);
            let name = std::mem::replace(ours, theirs).name;
            let message = format!(
                "This whole `{name}` is lost: an included file ({by}) has one too, and LiteLLM takes that one in its place; maps are not merged."
            );
            if loses {
                self.push(Finding { severity: Severity::Warning, ..self.finding(lost, message, Vec::new()) });
            }
        }
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
        Finding {
            code: Code::IncludeProblem,
            severity: Severity::Error,
            file: place.file,
            range: self.sources[place.file].tree.span(place.node),
            message,
            related: Vec::new(),
            fixes,
        }
    }

    fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

fn quoted(text: &str) -> String {
    if text.is_empty() { "what stands here".to_owned() } else { format!("the text `{text}`") }
}

/// The folder of a file.
pub(crate) fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

/// A path without `.` and `..`, to know the same file again.
fn plain(path: &Path) -> PathBuf {
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
