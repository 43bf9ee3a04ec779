//! Limits and prices of a model, as people read them.

use litellm_ls_protocol::{Filler, Model};

/// What stands for a value that the proxy does not report. What is assumed of it informs programs, not people's purses.
const UNKNOWN: &str = "-";

/// Texts of what the proxy reports of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Context window in tokens.
    pub context_window: String,
    /// Most output tokens.
    pub max_tokens: String,
    /// USD per 1,000,000 input tokens.
    pub input_price: String,
    /// USD per 1,000,000 output tokens.
    pub output_price: String,
}

impl Told {
    /// The texts of a model.
    pub fn of(model: &Model) -> Self {
        Self::written(model, |field, text| if model.states(field) { text } else { UNKNOWN.to_owned() })
    }

    /// The texts of a model, with what LiteLLM's public price list says behind a `~`.
    pub fn or_public(model: &Model) -> Self {
        Self::written(model, |field, text| match model.assumed.get(field) {
            None | Some(Filler::Override) => text,
            Some(Filler::CostMap) => format!("~{text}"),
            Some(Filler::Default) => UNKNOWN.to_owned(),
        })
    }

    fn written(model: &Model, shown: impl Fn(&str, String) -> String) -> Self {
        let text =
            |field: &str, text: Option<String>| text.map_or(UNKNOWN.to_owned(), |text| shown(field, text));
        let tokens = |field: &str, count: Option<i64>| text(field, count.map(tokens));
        let price = |field: &str, price: Option<f64>| {
            text(field, price.map(|price| if price == 0.0 { "free".to_owned() } else { money(price) }))
        };
        Self {
            context_window: tokens("contextWindow", model.context_window),
            max_tokens: tokens("maxTokens", model.max_tokens),
            input_price: price("inputPrice", model.input_price),
            output_price: price("outputPrice", model.output_price),
        }
    }

    /// A line of a picker: the model, its context window and its prices.
    pub fn in_one_line(&self, id: &str) -> String {
        let mut told = Vec::new();
        if self.context_window != UNKNOWN {
            told.push(format!("{} context", self.context_window));
        }
        match (self.input_price.as_str(), self.output_price.as_str()) {
            (UNKNOWN, _) | (_, UNKNOWN) => {}
            ("free", "free") => told.push("free".into()),
            (input, output) => told.push(format!("${input} in, ${output} out per M")),
        }
        if told.is_empty() { id.to_owned() } else { format!("{id} ({})", told.join(", ")) }
    }
}

/// A number of tokens, as people say it: `200k`, `1.05M`.
pub fn tokens(count: i64) -> String {
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
pub fn money(price: f64) -> String {
    let text = format!("{price:.6}");
    let text = text.trim_end_matches('0');
    match text.split_once('.') {
        Some((whole, rest)) => format!("{whole}.{rest:0<2}"),
        None => text.to_owned(),
    }
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
            assert_eq!(tokens(count), text);
        }
        for (price, text) in
            [(3.0, "3.00"), (0.15, "0.15"), (0.075, "0.075"), (15.0, "15.00"), (0.000_5, "0.0005")]
        {
            assert_eq!(money(price), text);
        }
    }

    #[test]
    fn a_line_of_a_picker_says_what_is_known() {
        let mut model = Model { context_window: Some(200_000), ..Model::default() };
        assert_eq!(Told::of(&model).in_one_line("m"), "m (200k context)");
        (model.input_price, model.output_price) = (Some(3.0), Some(15.0));
        assert_eq!(Told::of(&model).in_one_line("m"), "m (200k context, $3.00 in, $15.00 out per M)");
        model.assumed.insert("inputPrice".into(), Filler::Default);
        assert_eq!(Told::of(&model).in_one_line("m"), "m (200k context)");
        assert_eq!(Told::of(&Model::default()).in_one_line("m"), "m");
    }
}
