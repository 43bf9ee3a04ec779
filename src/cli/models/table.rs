//! The list of models: a table for people, lines for programs.

use std::{fmt::Write, sync::Arc};

use litellm_ls_protocol::{HiddenReason, ListedModel, Model, ModelSummary};
use unicode_width::UnicodeWidthStr;

use crate::{
    cli::output::{Align, Column, Row, Text, Tone, language, shown, table, words},
    provider::has_come,
};

/// What stands where nothing is known.
pub(super) const UNKNOWN: &str = "unknown";
/// From this width on abilities are written out.
const WIDE: usize = 110;
/// Below this width there is no room for the longest answer.
const NARROW: usize = 70;
/// The abilities by which models are chosen, and their letters where there is no room for words.
const LETTERS: [(&str, &str); 4] = [("vision", "v"), ("tools", "t"), ("reasoning", "r"), ("cache", "c")];

/// A line a model, its values separated by tabs.
pub(super) fn for_programs(models: &[Arc<ListedModel>]) -> String {
    let mut lines = String::new();
    for model in models {
        let ModelSummary { context, output, price, abilities, vendor, notice, .. } = &model.summary;
        let hidden = model.hidden.map(|reason| format!("hidden: {}", crate::cli::word(reason)));
        let notes: Vec<String> = notice.iter().cloned().chain(hidden).collect();
        let fields = [&*model.id, vendor, context, output, price, &abilities.join(" "), &notes.join(", ")];
        let _ = writeln!(lines, "{}", fields.map(shown).join("\t"));
    }
    lines
}

/// The table, with a line about what its marks mean.
pub(in crate::cli) fn for_people(
    models: &[Arc<ListedModel>],
    default: Option<&str>,
    groups: bool,
    width: usize,
) -> Text {
    let is_wide = width >= WIDE;
    let facts = || models.iter().map(|model| &model.summary);
    let slash = facts().filter_map(|facts| Some(facts.price.split_once(" / ")?.0.width())).max();
    let mut rows = Vec::new();
    let mut vendor = None;
    for model in models {
        let own = &model.summary.vendor;
        let begins = groups && vendor.replace(own) != Some(own);
        let heading = begins.then(|| Text::new(Tone::Strong, words(&shown(own))));
        rows.push(Row { heading, cells: row(model, default, slash.unwrap_or_default(), width) });
    }
    let mut columns = vec![
        Column { title: "  MODEL", align: Align::Left },
        Column { title: "CONTEXT", align: Align::Right },
        Column { title: "OUT", align: Align::Right },
        Column { title: "$ IN / OUT per M", align: Align::Left },
        Column { title: "CAN", align: Align::Left },
        Column { title: "", align: Align::Left },
    ];
    if width < NARROW {
        columns.remove(2);
    }
    let mut text = table(&columns, &rows, width);
    text.push(Tone::Faint, words("● default"));
    if !is_wide {
        text.push(Tone::Faint, "   ");
        let letters: Vec<String> =
            LETTERS.iter().map(|(word, letter)| format!("{letter} {}", words(word))).collect();
        text.push(Tone::Faint, letters.join("  "));
    }
    let is_public = |facts: &ModelSummary| {
        [&facts.context, &facts.output, &facts.price]
            .into_iter()
            .map(String::as_str)
            .chain(facts.abilities.iter().map(AsRef::as_ref))
            .any(|text| text.starts_with('~'))
    };
    if facts().any(is_public) {
        text.push(Tone::Faint, "   ");
        text.push(Tone::Faint, words("~ from the public price list"));
    }
    text.end_line();
    text
}

fn row(model: &Model, default: Option<&str>, slash: usize, width: usize) -> Vec<Text> {
    let facts = &model.summary;
    let is_default = default == Some(&model.id);
    let name =
        Text::new(if is_default { Tone::Good } else { Tone::Usual }, if is_default { "● " } else { "  " })
            .and(if is_default { Tone::Strong } else { Tone::Usual }, shown(&model.id));
    let quiet = |text: &str| match text {
        UNKNOWN => Text::new(Tone::Faint, "–"),
        known => Text::new(Tone::Usual, words(&shown(known))),
    };
    let price = match facts.price.split_once(" / ") {
        Some((input, _)) => {
            let blanks = " ".repeat(slash - input.width());
            Text::new(Tone::Usual, format!("{blanks}{}", words(&shown(&facts.price))))
        }
        None if facts.price == UNKNOWN => {
            Text::new(Tone::Faint, format!("{}–", " ".repeat(slash.saturating_sub(1))))
        }
        None => {
            let price = shown(&facts.price);
            let price = words(&price);
            let blanks = " ".repeat(slash.saturating_sub(price.width()));
            Text::new(Tone::Usual, format!("{blanks}{price}"))
        }
    };
    let mut cells = vec![name, quiet(&facts.context)];
    if width >= NARROW {
        cells.push(quiet(&facts.output));
    }
    cells.extend([price, abilities(facts, width >= WIDE), notice(model)]);
    cells
}

fn abilities(facts: &ModelSummary, is_wide: bool) -> Text {
    if is_wide {
        return Text::new(Tone::Usual, words(&shown(&facts.abilities.join(" "))));
    }
    let letters = LETTERS.iter().map(|(word, letter)| {
        let has = |ability: &str| facts.abilities.iter().any(|known| known == ability);
        match (has(word), has(&format!("~{word}"))) {
            (true, _) => format!(" {letter}"),
            (_, true) => format!("~{letter}"),
            _ => "  ".to_owned(),
        }
    });
    Text::new(Tone::Usual, letters.collect::<String>().trim_end())
}

/// What one should know before choosing a model.
fn notice(model: &Model) -> Text {
    let mut text = Text::default();
    if let Some(notice) = &model.summary.notice {
        let has_retired = model.retires_on.as_deref().is_some_and(has_come);
        text.push(
            if has_retired { Tone::Bad } else { Tone::Warning },
            format!("⚠ {}", words(&shown(notice))),
        );
    }
    if let Some(reason) = model.hidden {
        let comma = if text.is_empty() { "" } else { language().comma() };
        text.push(Tone::Faint, format!("{comma}{}", words(why_hidden(reason))));
    }
    text
}

/// Why a model is not listed, for people.
pub(super) fn why_hidden(reason: HiddenReason) -> &'static str {
    match reason {
        HiddenReason::Wildcard => "stands for many names",
        HiddenReason::Blocked => "the proxy blocks it",
        HiddenReason::Mode => "does not chat",
        HiddenReason::NotOffered => "this key can't call it",
        HiddenReason::Unknown => "hidden",
    }
}

/// A number of things, one of them in the singular.
pub(in crate::cli) fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}
