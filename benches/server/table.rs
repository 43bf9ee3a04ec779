//! Figures and the table that shows them.

use std::{
    fmt::{self, Write},
    time::Duration,
};

/// What a figure is held against.
#[derive(Clone, Copy)]
pub(crate) enum Bar {
    AtMost(f64),
    AtLeast(f64),
    /// Nothing: the figure informs.
    None,
}

/// One line of the table: the figure of the direct client, where there is one, and then those of each server.
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) bar: Bar,
    pub(crate) direct: Option<f64>,
    pub(crate) servers: Vec<Option<f64>>,
}

/// The middle one of several repetitions. None where there is none.
pub(crate) fn median(mut figures: Vec<f64>) -> Option<f64> {
    percentile(&mut figures, 0.5)
}

/// The figure that this part of all is below.
pub(crate) fn percentile(figures: &mut [f64], part: f64) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    figures.get((figures.len() as f64 * part) as usize).copied()
}

pub(crate) fn microseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// The table as Markdown. What misses its bar is bold.
pub(crate) fn markdown(servers: &[String], rows: &[Row]) -> String {
    let mut table = format!("| what | bar | direct | {} | of the bar |\n|---|---|---|", servers.join(" | "));
    table.push_str(&"---|".repeat(servers.len() + 1));
    for row in rows {
        let (bar, ratio) = (row.bar, row.servers[0].and_then(|figure| row.bar.ratio(figure)));
        let _ = write!(table, "\n| {} | {bar} | {} |", row.what, shown(row.direct));
        for figure in &row.servers {
            let mark = if figure.is_some_and(|figure| bar.is_missed(figure)) { "**" } else { "" };
            let _ = write!(table, " {mark}{}{mark} |", shown(*figure));
        }
        let _ = write!(table, " {} |", shown(ratio));
    }
    table
}

impl Bar {
    fn ratio(self, figure: f64) -> Option<f64> {
        match self {
            Self::AtMost(bar) | Self::AtLeast(bar) => Some(figure / bar),
            Self::None => None,
        }
    }

    fn is_missed(self, figure: f64) -> bool {
        match self {
            Self::AtMost(bar) => figure > bar,
            Self::AtLeast(bar) => figure < bar,
            Self::None => false,
        }
    }
}

impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(bar) => write!(f, "≤ {}", number(*bar)),
            Self::AtLeast(bar) => write!(f, "≥ {}", number(*bar)),
            Self::None => f.write_str("–"),
        }
    }
}

fn shown(figure: Option<f64>) -> String {
    figure.map_or_else(|| "–".to_owned(), number)
}

/// Three digits or more.
fn number(figure: f64) -> String {
    match figure.abs() {
        100.0.. => format!("{figure:.0}"),
        10.0.. => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}
