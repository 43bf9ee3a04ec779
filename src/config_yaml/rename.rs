//! Names that become others, wherever they stand.

use super::{
    config::{Config, Place},
    edits::{Edit, Edits},
    files::Surroundings,
    project::Project,
    quotes::{plain_or_quoted, quoted},
    symbols::{Kind, Occurrence, at, everywhere},
    yaml::{Span, Style},
};

/// A name as it is written in the place of another, in quotes where it needs them or had them.
pub(crate) fn written(config: &Config<'_>, place: Place, name: &str) -> String {
    let style = config.tree(place).scalar_styled(place.node).map(|(_, style)| style);
    match style {
        Some(Style::Double) => quoted(name),
        Some(Style::Single) => format!("'{}'", name.replace('\'', "''")),
        _ => plain_or_quoted(name),
    }
}

/// Why a name cannot become another. None where it can.
fn refused(all: &[Occurrence<'_>], one: &Occurrence<'_>, name: &str) -> Option<String> {
    if one.kind == Kind::Variable {
        return Some("A variable is set outside of this file; rename it where it is set.".to_owned());
    }
    if one.name.contains('*') {
        return Some("A name with `*` stands for many; change it by hand.".to_owned());
    }
    let ends_line = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if name.trim().is_empty() || name.contains('*') || name.contains(ends_line) {
        return Some("A name must be a text on one line without `*`.".to_owned());
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
) -> Option<Result<(Span, Edits), String>> {
    let config = Config::new(project, around.variable);
    let all = everywhere(project, around);
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
    let edits = Edits::new(edits);
    if name.is_some() && edits.safe_in(project).is_none() {
        return Some(Err("Other values of this file would change with it; change it by hand.".to_owned()));
    }
    Some(Ok((config.span(one.place), edits)))
}
