//! The list of models as a table.

use std::fmt::Write;

use litellm_ls_protocol::{Filler, ListModelsResult, Model};
use unicode_width::UnicodeWidthStr;

use crate::{
    plain,
    provider::{catalog::figures::Told, has_come},
};

/// Widest name of a model and of a provider, in columns: one endless name must not push the figures off the screen.
const NAME: usize = 80;
const PROVIDER: usize = 30;

type Row = [String; 8];

const HEADER: [&str; 8] =
    ["MODEL", "PROVIDER", "CONTEXT", "OUTPUT", "IN $/M", "OUT $/M", "ABILITIES", "NOTES"];
/// Columns of numbers, which stand at the right.
const RIGHT: std::ops::RangeInclusive<usize> = 2..=5;
/// What stands for a value that the proxy does not report. What is assumed of it informs programs, not people's purses.
const UNKNOWN: &str = "-";

/// The table, with a line about what its marks mean.
pub(super) fn models(list: &ListModelsResult) -> String {
    let rows: Vec<Row> = list.models.iter().map(|model| row(model, list)).collect();
    let mut widths = HEADER.map(str::len);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().max(*width);
        }
    }
    let mut table = line(&HEADER.map(str::to_owned), &widths);
    for row in &rows {
        table += &line(row, &widths);
    }
    let hidden = match list.hidden_count {
        0 => String::new(),
        count => format!(", {count} hidden"),
    };
    let _ = writeln!(
        table,
        "\n{} models{hidden}. $/M is USD per 1,000,000 tokens; {UNKNOWN} is not reported, ~ is LiteLLM's public price list.",
        rows.len()
    );
    table
}

fn line(cells: &Row, widths: &[usize; 8]) -> String {
    let mut line = String::new();
    for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let padding = " ".repeat(width - cell.width());
        let (before, after) = if RIGHT.contains(&column) { (&*padding, "") } else { ("", &*padding) };
        let _ = write!(line, "{before}{cell}{after}  ");
    }
    format!("{}\n", line.trim_end())
}

fn row(model: &Model, list: &ListModelsResult) -> Row {
    let told = Told::or_public(model);
    let mark = if list.default_model.as_ref() == Some(&model.id) { " (default)" } else { "" };
    [
        format!("{}{mark}", plain::label(&model.id, NAME)),
        model
            .provider
            .as_deref()
            .map_or_else(|| UNKNOWN.to_owned(), |provider| plain::label(provider, PROVIDER)),
        told.context_window,
        told.max_tokens,
        told.input_price,
        told.output_price,
        abilities(model),
        notes(model),
    ]
}

fn abilities(model: &Model) -> String {
    let flags = [
        ("images", "supportsImages", model.supports_images),
        ("tools", "supportsTools", model.supports_tools),
        ("reasoning", "supportsReasoning", model.supports_reasoning),
        ("cache", "supportsPromptCache", model.supports_prompt_cache),
        ("computer", "supportsComputerUse", model.supports_computer_use),
        ("audio", "supportsAudio", model.supports_audio),
        ("pdf", "supportsPdf", model.supports_pdf),
    ];
    let has = flags.into_iter().filter(|(.., flag)| *flag == Some(true));
    let marked = has.filter_map(|(name, field, _)| match model.assumed.get(field) {
        None | Some(Filler::Override) => Some(name.to_owned()),
        Some(Filler::CostMap) => Some(format!("~{name}")),
        Some(Filler::Default) => None,
    });
    marked.collect::<Vec<_>>().join(" ")
}

/// What one should know before choosing a model.
fn notes(model: &Model) -> String {
    let mut notes = Vec::new();
    if let Some(reason) = model.hidden {
        notes.push(format!("hidden: {}", word(reason)));
    }
    if let Some(day) = &model.retires_on {
        notes.push(format!("{} {day}", if has_come(day) { "retired" } else { "retires" }));
    }
    notes.join(", ")
}

/// The wire's word for a value of an enum.
pub(super) fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| Some(value.as_str()?.to_owned())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use litellm_ls_protocol::{HiddenReason, Source};

    use super::*;

    #[test]
    fn a_table_says_what_matters() {
        let mut known = Model { id: "gpt".into(), ..Model::default() };
        known.provider = Some("openai".into());
        (known.context_window, known.max_tokens) = (Some(128_000), Some(16_384));
        (known.input_price, known.output_price) = (Some(0.15), Some(0.0));
        (known.supports_images, known.supports_tools) = (Some(true), Some(true));
        known.assumed = [("contextWindow", Filler::CostMap), ("inputPrice", Filler::CostMap)]
            .into_iter()
            .chain([("supportsImages", Filler::CostMap), ("maxTokens", Filler::Default)])
            .map(|(field, filler)| (field.to_owned(), filler))
            .collect();
        known.retires_on = Some("2020-01-31".into());
        let mut wide = Model { id: "模型-👩‍💻\u{202e}\u{7}".into(), ..Model::default() };
        (wide.hidden, wide.retires_on) = (Some(HiddenReason::Mode), Some("9999-12-31".into()));
        let list = ListModelsResult {
            models: vec![known.into(), wide.into()],
            default_model: Some("gpt".into()),
            source: Source::ModelInfo,
            fetched_at: String::new(),
            stale: false,
            hidden_count: 1,
            warnings: Vec::new(),
        };
        let expected = "\
MODEL          PROVIDER  CONTEXT  OUTPUT  IN $/M  OUT $/M  ABILITIES      NOTES
gpt (default)  openai      ~128k       -   ~0.15     free  ~images tools  retired 2020-01-31
模型-👩‍💻        -               -       -       -        -                 hidden: mode, retires 9999-12-31

2 models, 1 hidden. $/M is USD per 1,000,000 tokens; - is not reported, ~ is LiteLLM's public price list.
";
        assert_eq!(models(&list), expected);
    }
}
