//! The page of models. In editors that have nothing but code actions it is the picker: each row tells its model.

use std::fmt::Write;

use litellm_ls_protocol::{ListModelsResult, Model, ModelSummary};

use super::columns::Table;
use crate::plain::{self, cell};

/// What stands before the model in use, before a favourite, and before any other.
const MARKS: [&str; 3] = ["● ", "★ ", "  "];

/// The page, with aligned columns.
pub(super) fn page(list: &ListModelsResult) -> String {
    let mut table = Table::new(["  model", "context", "$ in / out", "output", "can", "note"]);
    for model in &list.models {
        let mark = match (list.default_model.as_ref() == Some(&model.id), model.favourite) {
            (true, _) => MARKS[0],
            (false, true) => MARKS[1],
            (false, false) => MARKS[2],
        };
        let ModelSummary { context, output, price, abilities, notice, .. } = &model.summary;
        table.row([
            format!("{mark}{}", cell(&model.id)),
            context.clone(),
            price.clone(),
            output.clone(),
            abilities.join(" "),
            notice.clone().unwrap_or_default(),
        ]);
    }
    let mut page = format!(
        // Lines that are short, for Helix cuts off what is longer than its window.
        "# Models\n\n{table}\n{}. ● is in use, ★ a favourite.\n\
         $ is USD per 1,000,000 tokens; ~ is LiteLLM's public price list.\n\
         To use a model, go to its row and take “LiteLLM: use …”\nfrom the code actions.\n",
        sum(list)
    );
    for warning in &list.warnings {
        let _ = writeln!(page, "\n{}", plain::sentence(warning));
    }
    page
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
    list.models.iter().map(|model| &***model).find(|model| cell(&model.id) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_tells_its_model() {
        let ids = ["gpt", "● gpt", "a |b", "x\\| y", "模型", "deepseek/*", "model", "---"];
        let models = ids.iter().map(|id| Model { id: (*id).into(), ..Model::default() });
        let mut models: Vec<Model> = models.collect();
        models[2].favourite = true;
        let list = ListModelsResult {
            models: models.into_iter().map(Into::into).collect(),
            default_model: Some("gpt".into()),
            source: litellm_ls_protocol::Source::Models,
            fetched_at: String::new(),
            stale: false,
            hidden_count: 0,
            warnings: Vec::new(),
            unchanged: false,
            next_cursor: None,
        };
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
