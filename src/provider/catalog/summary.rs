//! A model in words: the one place that decides how limits, prices, abilities and retirement are shown.

use std::borrow::Cow;

use jiff::civil::Date;
use litellm_ls_protocol::{Filler, Model, ModelSummary};

use super::{
    attributes::{ABILITIES, CHOSEN_BY},
    vendor,
};
use crate::figures::{price, tokens};

const UNKNOWN: &str = "unknown";
/// From how many days before its retirement on they are counted.
const NEAR: i32 = 90;

/// How a model is shown on a day.
pub fn summary(model: &Model, today: Date) -> ModelSummary {
    let limit = |field, limit: Option<i64>| match (limit, known(model, field)) {
        (Some(limit), Known::Said) => tokens(limit),
        (Some(limit), Known::Public) => format!("~{}", tokens(limit)),
        _ => UNKNOWN.to_owned(),
    };
    let mut summary = ModelSummary {
        context: limit("contextWindow", model.context_window),
        output: limit("maxTokens", model.max_tokens),
        price: prices(model),
        abilities: abilities(model).map(|(_, word)| word).collect(),
        vendor: vendor::of(model).into(),
        notice: model.retires_on.as_deref().map(|day| retirement(day, today)),
        line: String::new(),
    };
    summary.line = line(&summary, model);
    summary
}

/// How a value of a model is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// By the proxy or the user.
    Said,
    /// By the public price list.
    Public,
    /// Not at all: it is a default.
    Assumed,
}

fn known(model: &Model, field: &str) -> Known {
    match model.assumed.get(field) {
        None | Some(Filler::Override) => Known::Said,
        Some(Filler::CostMap) => Known::Public,
        Some(Filler::Default | Filler::Unknown) => Known::Assumed,
    }
}

fn prices(model: &Model) -> String {
    let sides = [("inputPrice", model.input_price), ("outputPrice", model.output_price)];
    if sides.iter().any(|(field, _)| model.mixed.iter().any(|mixed| mixed == field)) {
        return "varies".to_owned();
    }
    let sides = sides.map(|(field, price)| (known(model, field), price));
    let said = sides.map(|(known, price)| price.filter(|_| known != Known::Assumed));
    let is_public = sides.iter().any(|(known, _)| *known == Known::Public);
    match said {
        [None, None] => UNKNOWN.to_owned(),
        // The price list writes 0 where it knows no price, too.
        [Some(0.0), Some(0.0)] => if is_public { UNKNOWN } else { "free" }.to_owned(),
        [input, output] => {
            let side = |side: Option<f64>| side.map_or_else(|| UNKNOWN.to_owned(), price);
            format!("{}{} / {}", if is_public { "~" } else { "" }, side(input), side(output))
        }
    }
}

/// The known abilities in words, each with its place in the table.
fn abilities(model: &Model) -> impl Iterator<Item = (usize, Cow<'static, str>)> + '_ {
    let has = ABILITIES.iter().enumerate().filter(|(_, can)| (can.attribute.of)(model) == Some(true));
    has.filter_map(|(place, can)| match known(model, can.attribute.field) {
        Known::Said => Some((place, can.words[0].into())),
        Known::Public => Some((place, can.words[1].into())),
        Known::Assumed => None,
    })
}

fn retirement(day: &str, today: Date) -> String {
    let left = day.parse::<Date>().ok().and_then(|day| today.until(day).ok()).map(|span| span.get_days());
    match left {
        Some(..=0) => format!("retired {day}"),
        Some(left @ ..=NEAR) => format!("retires in {left} d"),
        _ => format!("retires {day}"),
    }
}

fn line(summary: &ModelSummary, model: &Model) -> String {
    let context = match summary.context.as_str() {
        UNKNOWN => "context unknown".to_owned(),
        context => format!("{context} context"),
    };
    let price = match summary.price.as_str() {
        UNKNOWN | "varies" => format!("price {}", summary.price),
        price => price.to_owned(),
    };
    let chosen_by: Vec<Cow<'static, str>> =
        abilities(model).filter(|(place, _)| *place < CHOSEN_BY).map(|(_, word)| word).collect();
    let parts = [Some(context), Some(price), summary.notice.clone(), Some(chosen_by.join(" "))];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        jiff::civil::date(2026, 11, 26)
    }

    fn lines(model: &Model) -> [String; 4] {
        let ModelSummary { context, output, price, line, .. } = summary(model, today());
        [context, output, price, line]
    }

    fn model(context: i64, prices: [Option<f64>; 2]) -> Model {
        let [input_price, output_price] = prices;
        Model { context_window: Some(context), input_price, output_price, ..Model::default() }
    }

    fn assumed(mut model: Model, filler: Filler, fields: &[&str]) -> Model {
        model.assumed.extend(fields.iter().map(|field| ((*field).to_owned(), filler)));
        model
    }

    #[test]
    fn limits_and_prices_say_what_is_known() {
        let priced = |input, output| model(200_000, [Some(input), Some(output)]);
        let both = ["inputPrice", "outputPrice"];
        let mixed = Model { mixed: vec!["outputPrice".into()], ..model(200_000, [Some(3.0), None]) };
        for (model, price, line) in [
            (priced(3.0, 15.0), "$3 / $15", "200k context · $3 / $15"),
            (priced(0.075, 0.3), "$0.075 / $0.30", "200k context · $0.075 / $0.30"),
            (priced(1.25, 10.0), "$1.25 / $10", "200k context · $1.25 / $10"),
            (priced(0.02, 0.0), "$0.02 / $0", "200k context · $0.02 / $0"),
            (priced(0.0, 0.0), "free", "200k context · free"),
            (mixed, "varies", "200k context · price varies"),
            (model(200_000, [None, None]), "unknown", "200k context · price unknown"),
            (model(200_000, [Some(3.0), None]), "$3 / unknown", "200k context · $3 / unknown"),
            (assumed(priced(3.0, 15.0), Filler::CostMap, &both), "~$3 / $15", "200k context · ~$3 / $15"),
            (assumed(priced(0.0, 0.0), Filler::CostMap, &both), "unknown", "200k context · price unknown"),
            (assumed(priced(3.0, 15.0), Filler::Default, &both), "unknown", "200k context · price unknown"),
            (assumed(priced(2.0, 4.0), Filler::Override, &both), "$2 / $4", "200k context · $2 / $4"),
            (
                assumed(priced(2.0, 4.0), Filler::CostMap, &["contextWindow"]),
                "$2 / $4",
                "~200k context · $2 / $4",
            ),
            (
                assumed(priced(2.0, 4.0), Filler::Default, &["contextWindow"]),
                "$2 / $4",
                "context unknown · $2 / $4",
            ),
        ] {
            let [_, output, found, said] = lines(&model);
            assert_eq!((found.as_str(), said.as_str(), output.as_str()), (price, line, "unknown"));
        }
        let nothing = lines(&Model::default());
        assert_eq!(
            nothing.each_ref().map(String::as_str),
            ["unknown", "unknown", "unknown", "context unknown · price unknown"]
        );
    }

    #[test]
    fn retirement_is_said_before_what_a_model_can_do() {
        for (day, notice) in [
            ("2026-02-19", "retired 2026-02-19"),
            ("2026-11-26", "retired 2026-11-26"),
            ("2026-11-27", "retires in 1 d"),
            ("2026-12-12", "retires in 16 d"),
            ("2027-02-24", "retires in 90 d"),
            ("2027-02-25", "retires 2027-02-25"),
            ("2027-99-99", "retires 2027-99-99"),
        ] {
            let model =
                Model { retires_on: Some(day.into()), supports_tools: Some(true), ..Model::default() };
            let summary = summary(&model, today());
            assert_eq!(summary.notice.as_deref(), Some(notice));
            assert_eq!(summary.line, format!("context unknown · price unknown · {notice} · tools"));
        }
    }

    #[test]
    fn every_ability_is_shown_where_it_is_known() {
        let able = Model {
            supports_tools: Some(true),
            supports_images: Some(true),
            supports_reasoning: Some(true),
            supports_prompt_cache: Some(true),
            supports_computer_use: Some(true),
            supports_audio: Some(true),
            supports_pdf: Some(true),
            supports_response_schema: Some(true),
            ..Model::default()
        };
        let words = ["tools", "vision", "reasoning", "cache", "computer", "audio", "pdf", "schema"];
        assert_eq!(*summary(&able, today()).abilities, words);
        for (can, word) in ABILITIES.iter().zip(words) {
            let public = summary(&assumed(able.clone(), Filler::CostMap, &[can.attribute.field]), today());
            assert!(public.abilities.contains(&format!("~{word}").into()) && public.abilities.len() == 8);
            let guessed = summary(&assumed(able.clone(), Filler::Default, &[can.attribute.field]), today());
            assert!(
                guessed.abilities.len() == 7 && !guessed.abilities.iter().any(|found| found.contains(word))
            );
        }
        assert!(summary(&able, today()).line.ends_with(" · tools vision reasoning"));
        assert!(summary(&Model::default(), today()).abilities.is_empty());
    }
}
