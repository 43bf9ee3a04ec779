//! The order of a picker: by vendor, newest first; dated twins and retired models last.

use std::{cmp::Reverse, collections::HashSet, sync::Arc};

use jiff::civil::Date;
use litellm_ls_protocol::ListedModel;

use super::vendor;
use crate::newness::Newness;

/// The places of summarised models in that order, on a day.
pub fn picker_order(models: &[Arc<ListedModel>], today: Date) -> Vec<usize> {
    let today = today.to_string();
    let ids: HashSet<&str> = models.iter().map(|model| model.id.as_str()).collect();
    let is_listed = |undated: &String| {
        ids.contains(undated.as_str()) || ids.contains(format!("{undated}-latest").as_str())
    };
    let mut order: Vec<usize> = (0..models.len()).collect();
    order.sort_by_cached_key(|place| {
        let model = &models[*place];
        let age = Newness::of(&model.id);
        let standing = if model.retires_on.as_ref().is_some_and(|day| *day <= today) {
            Standing::Retired
        } else if age.undated.as_ref().is_some_and(is_listed) {
            Standing::DatedTwin
        } else {
            Standing::Current
        };
        // A name such as `claude-sonnet` leaves the version to what stands behind it.
        let newest = match model.backends.first() {
            Some(backend) if age.newness() == Newness::default().newness() => Newness::of(backend).newness(),
            _ => age.newness(),
        };
        let vendor = vendor::rank(&model.summary.vendor);
        (standing, vendor, Reverse(newest), model.id.len(), model.id.clone())
    });
    order
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Current,
    /// The same model is listed without its date.
    DatedTwin,
    Retired,
}

#[cfg(test)]
mod tests {
    use litellm_ls_protocol::Model;

    use super::*;
    use crate::provider::catalog::summary;

    fn today() -> Date {
        jiff::civil::date(2026, 11, 26)
    }

    fn ordered(models: Vec<Model>) -> Vec<String> {
        let models: Vec<Arc<ListedModel>> = models
            .into_iter()
            .map(|model| Model { summary: summary(&model, today()), ..model }.into())
            .collect();
        picker_order(&models, today()).into_iter().map(|place| models[place].id.clone()).collect()
    }

    fn named(id: &str) -> Model {
        Model { id: id.into(), ..Model::default() }
    }

    #[test]
    fn vendors_then_the_newest_then_dated_twins_then_the_retired() {
        let wanted = [
            "claude-opus-4-8",
            "claude-haiku-4-5",
            "claude-sonnet-4-20250514",
            "claude-3-7-sonnet",
            "gpt-5.2",
            "gpt-5",
            "gpt-5-mini",
            "gpt-4o",
            "o4-mini",
            "gpt-4-32k",
            "gpt-3.5-turbo",
            "gemini-2.5-pro",
            "gemini-2.0-flash",
            "mistral-large-latest",
            "llama-3.3-70b",
            "llama3.1-405b",
            "local",
            "gpt-4o-2024-08-06",
            "gpt-4o-2024-05-13",
            "gpt-3.5-turbo-0125",
            "mistral-large-2411",
            "claude-3-opus",
        ];
        let mut models: Vec<Model> = wanted.iter().map(|id| named(id)).collect();
        models.last_mut().unwrap().retires_on = Some("2026-01-05".into());
        models[0].retires_on = Some("2026-12-01".into());
        models.reverse();
        assert_eq!(ordered(models.clone()), wanted);
        models.rotate_left(9);
        assert_eq!(ordered(models), wanted, "the proxy's order is no matter");
    }

    #[test]
    fn an_alias_is_as_new_as_what_stands_behind_it() {
        let alias = |id: &str, backend: &str| Model { backends: vec![backend.into()], ..named(id) };
        let models = vec![
            alias("sonnet", "anthropic/claude-sonnet-4-6"),
            named("claude-opus-4-8"),
            named("claude-opus-4-5"),
        ];
        assert_eq!(ordered(models), ["claude-opus-4-8", "sonnet", "claude-opus-4-5"]);
    }
}
