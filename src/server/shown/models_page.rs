//! The page of models. In editors that have nothing but code actions it is the picker: each row tells its model.

use std::{collections::HashMap, fmt::Write};

use litellm_ls_protocol::{ListModelsResult, Model, ModelSummary};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::columns::Table;
use crate::plain::{self, cell};

/// What stands before the model in use, before a favourite, before one that retires, and before any other.
const MARKS: [&str; 4] = ["● ", "★ ", "⚠ ", "  "];
/// Columns of a name where a longer one is among them: then limits and prices stay in a window of 80.
const NAME: usize = 24;
/// Columns of a name of which more is nothing but noise.
const LONGEST: usize = 1_000;
/// Columns up to which all names are whole.
const WHOLE: usize = 32;

/// The page, with aligned columns.
pub(super) fn page(list: &ListModelsResult) -> String {
    let mut table = Table::new(["  model", "context", "$ in / out", "output", "note", "can"]);
    for (model, name) in list.models.iter().zip(names(list)) {
        let ModelSummary { context, output, price, abilities, notice, .. } = &model.summary;
        let mark = match (list.default_model.as_ref() == Some(&model.id), model.favourite, notice) {
            (true, ..) => MARKS[0],
            (false, true, _) => MARKS[1],
            (false, false, Some(_)) => MARKS[2],
            (false, false, None) => MARKS[3],
        };
        table.row([
            format!("{mark}{name}"),
            context.clone(),
            price.clone(),
            output.clone(),
            notice.clone().unwrap_or_default(),
            abilities.join(" "),
        ]);
    }
    let mut page = format!(
        // Lines that are short, for Helix cuts off what is longer than its window.
        "# Models\n\n{table}\n{}. ● is in use, ★ a favourite, ⚠ retires.\n\
         $ is USD per 1,000,000 tokens; ~ is LiteLLM's public price list.\n\
         To use a model, go to its row and take “LiteLLM: use …”\nfrom the code actions.\n",
        sum(list)
    );
    for warning in &list.warnings {
        let _ = writeln!(page, "\n{}", plain::sentence(warning));
    }
    page
}

/// The names as the page shows them. Where one is long, each that is longer than others can be loses its middle, unless it
/// would be taken for another then.
fn names(list: &ListModelsResult) -> Vec<String> {
    let whole: Vec<String> = list.models.iter().map(|model| cell(&model.id)).collect();
    if whole.iter().all(|name| name.width() <= WHOLE) {
        return whole;
    }
    let short = |model: &Model| cell(&without_middle(&plain::label(&model.id, LONGEST)));
    let short: Vec<String> = list.models.iter().map(|model| short(model)).collect();
    let mut count = HashMap::new();
    short.iter().for_each(|name| *count.entry(name.as_str()).or_insert(0) += 1);
    let is_alone = |name: &String| count.get(name.as_str()) == Some(&1);
    short
        .iter()
        .zip(whole)
        .map(|(short, whole)| if is_alone(short) { short.clone() } else { whole })
        .collect()
}

/// The beginning and the end of a name that is too long.
fn without_middle(name: &str) -> String {
    if name.width() <= NAME {
        return name.to_owned();
    }
    let room = |letters: &mut dyn Iterator<Item = char>, room: usize| {
        let mut used = 0;
        letters
            .take_while(|letter| {
                used += letter.width().unwrap_or_default();
                used <= room
            })
            .collect::<String>()
    };
    let begin = room(&mut name.chars(), NAME / 2);
    let end: String = room(&mut name.chars().rev(), NAME - NAME / 2 - 1).chars().rev().collect();
    format!("{begin}…{end}")
}

fn sum(list: &ListModelsResult) -> String {
    let models = match list.models.len() {
        1 => "1 model".to_owned(),
        count => format!("{count} models"),
    };
    match list.hidden_count {
        0 => models,
        hidden => format!("{models}, and {hidden} hidden"),
    }
}

/// The model that a row of the page shows.
pub(in crate::server) fn model_in_row<'a>(row: &str, list: &'a ListModelsResult) -> Option<&'a Model> {
    // No cell has a bar without a backslash before it.
    let name = row.strip_prefix("| ")?.split(" |").next()?;
    let name = MARKS.iter().find_map(|mark| name.strip_prefix(mark)).unwrap_or(name).trim();
    let at = names(list).iter().position(|shown| shown == name)?;
    list.models.get(at).map(|model| &***model)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(models: Vec<Model>, default_model: Option<&str>) -> ListModelsResult {
        ListModelsResult {
            models: models.into_iter().map(Into::into).collect(),
            default_model: default_model.map(str::to_owned),
            source: litellm_ls_protocol::Source::Models,
            fetched_at: String::new(),
            stale: false,
            hidden_count: 0,
            warnings: Vec::new(),
            unchanged: false,
            next_cursor: None,
        }
    }

    #[test]
    fn one_long_name_takes_no_column_from_a_window_of_eighty() {
        let model = |id: &str, notice: Option<&str>| Model {
            id: id.to_owned(),
            summary: ModelSummary {
                context: "128k".into(),
                output: "16k".into(),
                price: "$2.50 / $10".into(),
                notice: notice.map(str::to_owned),
                ..ModelSummary::default()
            },
            ..Model::default()
        };
        let long = format!("openai/{}-v1", "many-parts-".repeat(13));
        let models = vec![model("gpt", None), model("old", Some("retired 2025-01-01")), model(&long, None)];
        let list = list(models, None);
        let page = page(&list);
        let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
        for row in &rows {
            let output = row.find("16k").expect("its output");
            assert!(row.contains("128k") && row[..output].width() < 70, "{page}");
        }
        assert!(rows[1].starts_with("| ⚠ old ") && rows[2].contains("openai/many-…y-parts--v1"), "{page}");
        assert_eq!(model_in_row(rows[2], &list).expect("a model").id, long);
    }

    #[test]
    fn every_row_tells_its_model() {
        let long = ["a", "b"].map(|middle| format!("openai/{}{middle}{}", "x".repeat(40), "y".repeat(40)));
        let bars = ["|".repeat(60), "模型".repeat(30), format!("one-{}-end", "z".repeat(40))];
        let ids = ["gpt", "● gpt", "a |b", "x\\| y", "模型", "deepseek/*", "model", "---"];
        let ids: Vec<&str> = ids.into_iter().chain(long.iter().chain(&bars).map(String::as_str)).collect();
        let models = ids.iter().map(|id| Model { id: (*id).to_owned(), ..Model::default() });
        let mut models: Vec<Model> = models.collect();
        models[2].favourite = true;
        let list = list(models, Some("gpt"));
        let page = page(&list);
        let told: Vec<&str> = page
            .lines()
            .filter(|line| line.starts_with("| "))
            .skip(2)
            .map(|row| model_in_row(row, &list).expect("a model").id.as_str())
            .collect();
        assert_eq!(told, ids);
        assert!(model_in_row("8 models.", &list).is_none() && model_in_row("", &list).is_none());
        let one = ListModelsResult { models: list.models[..1].to_vec(), hidden_count: 2, ..list };
        assert_eq!(sum(&one), "1 model, and 2 hidden");
    }
}
