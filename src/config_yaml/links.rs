//! What a file leads to: files that it includes, variables in `.env`, modules beside it, pages of providers.

use std::path::{Path, PathBuf};

use super::{
    checks,
    config::{Config, reference},
    dotenv::{DOTENV, DotEnv},
    files::Surroundings,
    finding::MOST_SHOWN,
    project::{Project, folder},
    tables::tables,
    yaml::{Kind, Span},
};

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To a page of the web.
    Page(String),
    /// To a file.
    File(PathBuf),
}

/// A text that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The bytes of it.
    pub range: Span,
    /// Where it leads.
    pub target: Target,
    /// What is there, in a few words.
    pub what: String,
}

/// The links of a file. `dotenv` is what `.env` beside the first file sets.
pub fn links(project: &Project, around: &Surroundings<'_>, dotenv: &DotEnv, file: usize) -> Vec<Link> {
    let config = Config::new(project, around.variable);
    let Some(tree) = project.sources().get(file).map(|source| &source.tree) else { return Vec::new() };
    let root = folder(&project.sources()[0].path);
    let inner = |node| {
        let span = tree.span(node);
        let quoted = tree.text()[span.clone()].starts_with(['"', '\'']) && span.len() >= 2;
        if quoted { span.start + 1..span.end - 1 } else { span }
    };
    let mut found = Vec::new();
    for (place, path) in project.includes.iter().filter(|(place, _)| place.file == file) {
        let target = Target::File(path.clone());
        found.push(Link { range: inner(place.node), target, what: "the included file".to_owned() });
    }
    for node in tree.ids() {
        let name = match tree.node(node).kind {
            Kind::Scalar { .. } => tree.scalar(node).and_then(reference),
            _ => None,
        };
        if name.is_some_and(|name| dotenv.place(name).is_some()) {
            let target = Target::File(root.join(DOTENV));
            found.push(Link { range: inner(node), target, what: "where it is set".to_owned() });
        }
    }
    for place in checks::modules(&config).into_iter().filter(|place| place.file == file) {
        let path = config.text(place).and_then(|name| module_file(root, name));
        if let Some(path) = path.filter(|path| around.files.is_file(path)) {
            let target = Target::File(path);
            found.push(Link { range: inner(place.node), target, what: "its code".to_owned() });
        }
    }
    for (model, place) in config.deployments.iter().filter_map(|one| one.model) {
        let Some((prefix, _)) = model.split_once('/').filter(|_| place.file == file) else { continue };
        let page = tables().provider(prefix).filter(|provider| !provider.documentation.is_empty());
        let start = inner(tree.target(place.node)).start;
        let Some(provider) = page.filter(|_| tree.text()[start..].starts_with(prefix)) else { continue };
        let target = Target::Page(provider.documentation.to_owned());
        found.push(Link {
            range: start..start + prefix.len(),
            target,
            what: format!("LiteLLM's documentation of {}", provider.name),
        });
    }
    found.sort_by_key(|link| link.range.start);
    // What an anchor gives to several is one text.
    found.dedup();
    found.truncate(MOST_SHOWN);
    found
}

/// The file of a dotted name.
fn module_file(root: &Path, name: &str) -> Option<PathBuf> {
    let (module, _) = name.rsplit_once('.')?;
    let is_name = module
        .split('.')
        .all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_'));
    is_name.then(|| root.join(module.replace('.', "/")).with_extension("py"))
}
