//! What LiteLLM's public price list says of models: limits, prices, abilities, and when they retire.

use std::{cmp::Ordering, collections::BTreeMap};

use serde_json::value::RawValue;

use super::{
    mend,
    model_rows::{self, Cost, Flag, Info, Loose},
};
use crate::values::{self, MAX_VALUES};

/// Models by their id in LiteLLM's list, such as `gpt-4o` or `vertex_ai/claude-opus-4-1@20250805`.
///
/// The fields of a model are those of `model_info`, and are read when someone asks for it.
#[derive(Debug)]
pub struct CostMap {
    /// A model a line, in the order of the ids. Each is looked up in the text as it is: to take all in before would take
    /// as much memory as the text, and most of the time of a short list.
    lines: &'static str,
    /// Ids and their objects, in the order of the ids.
    models: Vec<(String, String)>,
}

impl CostMap {
    /// The list of this binary: LiteLLM 1.109.1's, and what older ones knew of models that it has no more.
    /// `scripts/refresh_cost_map.py` renews it.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: CostMap = CostMap { lines: LINES, models: Vec::new() };
        &EMBEDDED
    }

    /// The models of that list, each with its id.
    pub fn embedded_models() -> impl Iterator<Item = (&'static str, Info<'static>)> {
        rows(LINES).map(|(id, columns)| (id, info(columns)))
    }

    /// Reads such a list as LiteLLM writes it: an object of models. None where it is none, or has too many values.
    pub fn read(body: &[u8]) -> Option<Self> {
        if values::are_over(MAX_VALUES, body) {
            return None;
        }
        let read = |json: &str| serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(json).ok();
        let models = read(&model_rows::text(body)).or_else(|| read(&mend::text(body)))?;
        let models = models.into_iter().map(|(id, model)| (id, String::from(Box::<str>::from(model))));
        Some(Self { lines: "", models: models.collect() })
    }

    /// What the list says of a model. None where it does not know it.
    pub fn get(&self, id: &str) -> Option<Info<'_>> {
        let read = || self.models.binary_search_by(|(known, _)| known.as_str().cmp(id)).ok();
        behind(id, self.lines).map(info).or_else(|| Info::read(&self.models[read()?].1))
    }

    /// The ids that it knows, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        rows(self.lines).map(|(id, _)| id).chain(self.models.iter().map(|(id, _)| id.as_str()))
    }
}

const LINES: &str = include_str!("cost_map/models.tsv");

fn rows(lines: &str) -> impl Iterator<Item = (&str, &str)> {
    lines.lines().filter_map(|line| line.split_once('\t'))
}

/// The model of a line, by its columns behind the id. `scripts/refresh_cost_map.py` writes them, in this order.
fn info(columns: &str) -> Info<'_> {
    let mut columns = columns.split('\t');
    let mut next = || columns.next().unwrap_or_default();
    let mut info = Info {
        providers: Loose::written(next()),
        mode: Loose::written(next()),
        max_input_tokens: Loose::written(next()),
        max_output_tokens: Loose::written(next()),
        ..Info::default()
    };
    info.costs[Cost::Input as usize] = Loose::written(next());
    info.costs[Cost::Output as usize] = Loose::written(next());
    let can = next().as_bytes();
    info.costs[Cost::CacheRead as usize] = Loose::written(next());
    info.deprecation_date = Loose::written(next());
    info.costs[Cost::CacheWrite as usize] = Loose::written(next());
    info.max_tokens = Loose::written(next());
    for (flag, _, letter) in Flag::ALL {
        if can.contains(&letter) {
            info.flags[flag as usize] = Loose::written("true");
        }
    }
    info
}

/// What stands behind an id in lines that are in the order of their ids.
fn behind<'l>(id: &str, lines: &'l str) -> Option<&'l str> {
    let bytes = lines.as_bytes();
    let (mut from, mut to) = (0, lines.len());
    while from < to {
        let middle = from.midpoint(to);
        let start = memchr::memrchr(b'\n', &bytes[from..middle]).map_or(from, |at| from + at + 1);
        let end = memchr::memchr(b'\n', &bytes[middle..to]).map_or(to, |at| middle + at);
        let (known, model) = lines[start..end].split_once('\t')?;
        match known.cmp(id) {
            Ordering::Less => from = end + 1,
            Ordering::Equal => return Some(model),
            Ordering::Greater => to = start,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_model_of_the_list_is_found_by_its_id_and_no_other() {
        let mut found = 0;
        for (id, columns) in rows(LINES) {
            assert_eq!(behind(id, LINES), Some(columns), "{id}");
            for other in [format!("{id} "), id[1..].to_uppercase(), format!("\u{1}{id}")] {
                assert_eq!(behind(&other, LINES), None, "{other}");
            }
            found += 1;
        }
        assert!(found > 1_000, "{found} models");
        assert_eq!((behind("", LINES), behind("\u{10ffff}", LINES), behind("a", "")), (None, None, None));
        assert_eq!(behind("b", "a\t1\nb\t2\nc\t3"), Some("2"), "the last line may have no end");
    }

    #[test]
    fn a_line_says_what_the_object_of_a_model_says() {
        let object = r#"{"litellm_provider":"a","mode":"chat","max_input_tokens":1,"max_output_tokens":2,
            "input_cost_per_token":3e-06,"output_cost_per_token":4,"cache_read_input_token_cost":5,
            "deprecation_date":"2027-01-01","cache_creation_input_token_cost":6,"max_tokens":7,
            "supports_vision":true,"supports_reasoning":true}"#;
        let line = "\"a\"\t\"chat\"\t1\t2\t3e-06\t4\tvr\t5\t\"2027-01-01\"\t6\t7";
        assert_eq!(format!("{:?}", info(line)), format!("{:?}", Info::read(object).unwrap()));
        assert_eq!(
            format!("{:?}", info("\"a\"")),
            format!("{:?}", Info::read(r#"{"litellm_provider":"a"}"#).unwrap())
        );
    }
}
