//! The list of models as a table.

use std::fmt::Write;

use litellm_ls_protocol::{Filler, ListModelsResult, Model};
use unicode_width::UnicodeWidthStr;

use super::output::shown;

const HEADER: [&str; 7] = ["MODEL", "PROVIDER", "CONTEXT", "OUTPUT", "IN $/M", "OUT $/M", "ABILITIES"];
/// Columns of numbers, which stand at the right.
const RIGHT: std::ops::RangeInclusive<usize> = 2..=5;
/// What stands for a value that the proxy does not report. What is assumed of it informs programs, not people's purses.
const UNKNOWN: &str = "-";

/// The table, with a line about what its marks mean.
pub(super) fn models(list: &ListModelsResult) -> String {
    let rows: Vec<[String; 7]> = list.models.iter().map(|model| row(model, list)).collect();
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
        "\n{} models{hidden}. $/M is USD per 1,000,000 tokens; {UNKNOWN} is not reported.",
        rows.len()
    );
    table
}

fn line(cells: &[String; 7], widths: &[usize; 7]) -> String {
    let mut line = String::new();
    for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let padding = " ".repeat(width - cell.width());
        let (before, after) = if RIGHT.contains(&column) { (&*padding, "") } else { ("", &*padding) };
        let _ = write!(line, "{before}{cell}{after}  ");
    }
    format!("{}\n", line.trim_end())
}

fn row(model: &Model, list: &ListModelsResult) -> [String; 7] {
    let said = |field: &str| model.assumed.get(field) != Some(&Filler::Default);
    let tokens = |field: &str, count: Option<i64>| {
        count.filter(|_| said(field)).map_or_else(|| UNKNOWN.to_owned(), short)
    };
    let price = |field: &str, price: Option<f64>| match price.filter(|_| said(field)) {
        Some(0.0) => "free".to_owned(),
        Some(price) => money(price),
        None => UNKNOWN.to_owned(),
    };
    let mark = if list.default_model.as_ref() == Some(&model.id) { " (default)" } else { "" };
    let hidden = model.hidden.map_or_else(String::new, |reason| format!(" (hidden: {})", word(reason)));
    [
        format!("{}{mark}{hidden}", shown(&model.id)),
        model.provider.as_deref().map_or_else(|| UNKNOWN.to_owned(), shown),
        tokens("contextWindow", model.context_window),
        tokens("maxTokens", model.max_tokens),
        price("inputPrice", model.input_price),
        price("outputPrice", model.output_price),
        abilities(model, said),
    ]
}

fn abilities(model: &Model, said: impl Fn(&str) -> bool) -> String {
    let flags = [
        ("images", "supportsImages", model.supports_images),
        ("tools", "supportsTools", model.supports_tools),
        ("reasoning", "supportsReasoning", model.supports_reasoning),
        ("cache", "supportsPromptCache", model.supports_prompt_cache),
        ("computer", "supportsComputerUse", model.supports_computer_use),
        ("audio", "supportsAudio", model.supports_audio),
        ("pdf", "supportsPdf", model.supports_pdf),
    ];
    let has = flags.into_iter().filter(|(_, field, flag)| *flag == Some(true) && said(field));
    has.map(|(name, ..)| name).collect::<Vec<_>>().join(" ")
}

/// A number of tokens, as people say it: `200k`, `1.05M`.
fn short(count: i64) -> String {
    let scaled = |unit: f64, letter: &str| {
        let number = format!("{:.2}", count as f64 / unit);
        format!("{}{letter}", number.trim_end_matches('0').trim_end_matches('.'))
    };
    match count {
        1_000_000.. => scaled(1e6, "M"),
        10_000.. => format!("{}k", count / 1000),
        1_000.. => scaled(1e3, "k"),
        _ => count.to_string(),
    }
}

/// A price with as many digits as it needs, at least two behind the point.
pub(super) fn money(price: f64) -> String {
    let text = format!("{price:.6}");
    let text = text.trim_end_matches('0');
    match text.split_once('.') {
        Some((whole, rest)) => format!("{whole}.{rest:0<2}"),
        None => text.to_owned(),
    }
}

/// The wire's word for a value of an enum.
pub(super) fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| Some(value.as_str()?.to_owned())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_say_them() {
        for (count, text) in [
            (900, "900"),
            (4096, "4.1k"),
            (8192, "8.19k"),
            (128_000, "128k"),
            (200_000, "200k"),
            (1_048_576, "1.05M"),
        ] {
            assert_eq!(short(count), text);
        }
        for (price, text) in
            [(3.0, "3.00"), (0.15, "0.15"), (0.075, "0.075"), (15.0, "15.00"), (0.000_5, "0.0005")]
        {
            assert_eq!(money(price), text);
        }
    }
}
