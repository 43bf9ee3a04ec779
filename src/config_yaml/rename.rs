//! Names that become others, wherever they stand.

use super::{
    config::{Config, Place},
    files::Surroundings,
    finding::Edit,
    project::Project,
    symbols::{Kind, Occurrence, at, occurrences},
    yaml::{Resolved, Span, Style, resolve},
};

/// A name as it is written in the place of another, in quotes where it needs them or had them.
pub(crate) fn written(config: &Config<'_>, place: Place, name: &str) -> String {
    let style = config.tree(place).scalar_styled(place.node).map(|(_, style)| style);
    match style {
        Some(Style::Double) => format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")),
        Some(Style::Single) => format!("'{}'", name.replace('\'', "''")),
        _ => plain_or_quoted(name),
    }
}

/// A name as it is written where nothing stood: in quotes where it needs them.
pub(crate) fn plain_or_quoted(name: &str) -> String {
    if is_plain(name) {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

fn is_plain(name: &str) -> bool {
    let first = name.chars().next().unwrap_or('#');
    let odd = name.contains(": ")
        || name.contains(" #")
        || name.contains([',', '[', ']', '{', '}', '\n'])
        || name.ends_with([':', ' ']);
    !odd && !"&*!|>'\"%@`#?-: ".contains(first) && resolve(name) == Resolved::Text
}

/// Why a name cannot become another. None where it can.
fn refused(all: &[Occurrence<'_>], one: &Occurrence<'_>, name: &str) -> Option<String> {
    if one.kind == Kind::Variable {
        return Some("A variable is set outside of this file; rename it where it is set.".to_owned());
    }
    if one.name.contains('*') {
        return Some("A name with `*` stands for many; change it by hand.".to_owned());
    }
    if name.trim().is_empty() || name.contains(['*', '\n']) {
        return Some("A name must be a text without `*`.".to_owned());
    }
    if !all.iter().any(|other| other.kind == one.kind && other.name == one.name && other.is_definition) {
        let near = crate::near::nearest(
            one.name,
            all.iter().filter(|o| o.is_definition && o.kind == one.kind).map(|o| o.name),
        );
        let hint = near.map_or_else(String::new, |near| format!(" Is `{near}` meant?"));
        return Some(format!(
            "Nothing here is called `{}`: it is found by a pattern or not at all.{hint}",
            one.name
        ));
    }
    // Models, aliases and access groups are granted by their names alone.
    let is_credential = |kind: Kind| kind == Kind::Credential;
    let same = |kind: Kind| kind != Kind::Variable && is_credential(kind) == is_credential(one.kind);
    let taken = all.iter().any(|other| same(other.kind) && other.is_definition && other.name == name);
    taken.then(|| format!("`{name}` is taken already."))
}

/// The bytes of the name at a place that can be renamed. An error says why not.
///
/// # Errors
/// Where it is a name that this file does not give.
pub fn rename(
    project: &Project,
    around: &Surroundings<'_>,
    file: usize,
    offset: usize,
    name: Option<&str>,
) -> Option<Result<(Span, Vec<Edit>), String>> {
    let config = Config::new(project, around.variable);
    let all = occurrences(&config);
    let one = at(&config, &all, file, offset)?;
    let new = name.unwrap_or("a name of its own");
    if let Some(why) = refused(&all, one, new) {
        return Some(Err(why));
    }
    let same = all.iter().filter(|other| other.kind == one.kind && other.name == one.name);
    let edit = |other: &Occurrence<'_>| Edit {
        file: other.place.file,
        range: config.span(other.place),
        text: written(&config, other.place, new),
    };
    let mut edits: Vec<Edit> = same.map(edit).collect();
    edits.sort_by_key(|edit| (edit.file, edit.range.start));
    // What an anchor gives to several is written once.
    edits.dedup();
    Some(Ok((config.span(one.place), edits)))
}
